"""Fields of PV and wind, and contracts that deliver as one: what the weather gives by hour, and where the contracted energy goes."""

import numpy as np

from ...models.catalog import Catalog
from ...models.physics.generation import pv_yield, wind_yield
from .balances import total
from .finding import Finding, hourly, worst
from .reading import Reading
from .things import fitted


def field_yield(reading: Reading, kind: str) -> np.ndarray:
    """Share of the rating by hour, with availability; of the field that a contract names; 1 where it is the same in every hour."""
    catalog = reading.site.catalog
    field = catalog.text(kind, "yield_as") if catalog.has(kind, "yield_as") else kind
    profile = catalog.text(field, "profile")
    if profile == "flat":
        return np.ones(reading.of_site("dry_bulb").shape)
    return (_sun if profile == "sun" else _wind)(reading, field) * catalog.number(field, "availability", "1")


def _sun(reading: Reading, kind: str) -> np.ndarray:
    """AC output of a PV field per MW of inverter."""
    place, number = reading.site.location, reading.site.catalog.number
    seen = {name: reading.of_site(name) for name in ("ghi", "dni", "dhi", "dry_bulb", "wind_speed")}
    return pv_yield(latitude=place.latitude, longitude=place.longitude, elevation=place.elevation, utc_offset=place.utc_offset, **seen,
                    dc_ac_ratio=number(kind, "dc_ac_ratio", "1"), system_loss=number(kind, "system_loss", "1"),
                    temperature_coefficient=number(kind, "temperature_coefficient", "1/delta_degC"))


def _wind(reading: Reading, kind: str) -> np.ndarray:
    """Output of a wind field per MW of rating, less its losses."""
    number = reading.site.catalog.number
    wind = reading.site.wind
    seen = {"wind_speed": reading.of_site("wind_speed" if wind is None else "hub_wind_speed"),
            **{name: reading.of_site(name) for name in ("dry_bulb", "pressure")}}
    speeds, powers = _curve(reading.site.catalog, kind)
    return (1 - number(kind, "system_loss", "1")) * wind_yield(
        **seen, measured_height=number(kind, "measured_height", "m") if wind is None else wind.height, hub_height=number(kind, "hub_height", "m"),
        shear_exponent=number(kind, "shear_exponent", "1"), speeds=speeds, powers=powers)


def _curve(catalog: Catalog, kind: str) -> tuple[list[float], list[float]]:
    """Points of "m/s:kW/m/s:kW", power over the largest."""
    pairs = [tuple(map(float, point.split(":"))) for point in catalog.text(kind, "power_curve").split("/")]
    return [speed for speed, _ in pairs], [power / max(made for _, made in pairs) for _, power in pairs]


def contracts(reading: Reading) -> list[Finding]:
    """Delivered and spilled are what is produced; what is delivered is what the tariff counts as contracted."""
    kinds = fitted(reading.site, "purchase_agreement")
    made = {name: (total(reading, [name], "delivered", "spilled"), field_yield(reading, kind) * reading.capacity(name)) for name, kind in kinds.items()}
    sides = made | {"meter": (reading.hourly("tariff", "contracted"), total(reading, kinds, "delivered"))}
    return worst([hourly(reading, "contracts", name, np.abs(one - other), float(other.max(initial=0.0))) for name, (one, other) in sides.items()])
