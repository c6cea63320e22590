"""What the weather gives to fields of PV and wind, by hour of the model year, as shares of their rating."""

from collections.abc import Callable

import numpy as np

from ..models.catalog import Catalog
from ..models.physics.generation import pv_yield, wind_yield
from ..models.power.yields import yield_of, yield_series
from ..sites import Site

Weather = dict[str, np.ndarray]


def yields(site: Site, weather: Weather) -> dict[str, np.ndarray]:
    """The series of every technology of the site that has a yield, by name of the series."""
    fields = {yield_of(site.catalog, technology): yield_series(site.catalog, technology)
              for technology in (*site.power.allow, *(item.technology for item in site.assets))
              if site.catalog.has(yield_of(site.catalog, technology), "profile")}
    return {series: PROFILES[site.catalog.text(field, "profile")](site, field, weather) for field, series in fields.items()}


def _pv(site: Site, technology: str, weather: Weather) -> np.ndarray:
    number, place = site.catalog.number, site.location
    return pv_yield(
        latitude=place.latitude, longitude=place.longitude, elevation=place.elevation, utc_offset=place.utc_offset, ghi=weather["ghi"],
        dni=weather["dni"], dhi=weather["dhi"], dry_bulb=weather["dry_bulb"], wind_speed=weather["wind_speed"],
        dc_ac_ratio=number(technology, "dc_ac_ratio", "1"), system_loss=number(technology, "system_loss", "1"),
        temperature_coefficient=number(technology, "temperature_coefficient", "1/delta_degC"),
    ) * number(technology, "availability", "1")


def _wind(site: Site, technology: str, weather: Weather) -> np.ndarray:
    number = site.catalog.number
    speeds, powers = power_curve(site.catalog, technology)
    speed, height = ("wind_speed", number(technology, "measured_height", "m")) if site.wind is None else ("hub_wind_speed", site.wind.height)
    made = wind_yield(
        wind_speed=weather[speed], dry_bulb=weather["dry_bulb"], pressure=weather["pressure"], measured_height=height,
        hub_height=number(technology, "hub_height", "m"), shear_exponent=number(technology, "shear_exponent", "1"), speeds=speeds, powers=powers)
    return made * (1 - number(technology, "system_loss", "1")) * number(technology, "availability", "1")


def _flat(site: Site, technology: str, weather: Weather) -> np.ndarray:
    return np.ones_like(weather["dry_bulb"])


def power_curve(catalog: Catalog, technology: str) -> tuple[np.ndarray, np.ndarray]:
    """Speeds (m/s) and shares of the rating of a turbine, from the catalogue's "3:0/4:225/.../25:0" in m/s and kW."""
    points = np.array([point.split(":") for point in catalog.text(technology, "power_curve").split("/")], dtype=float)
    return points[:, 0], points[:, 1] / points[:, 1].max()


PROFILES: dict[str, Callable[[Site, str, Weather], np.ndarray]] = {"sun": _pv, "wind": _wind, "flat": _flat}
