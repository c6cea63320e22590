"""Named climates: a synthetic year from the monthly normals in models/data/climates.csv, for sites without a weather file."""

import csv
import functools
import io
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import numpy as np

from ..models.catalog import nearest
from ..models.physics.psychrometrics import relative_humidity, standard_pressure, wet_bulb
from ..models.synthetic import Normals, extraterrestrial, synthetic_year
from .schema import Location, SiteFile

EARTH_RADIUS = 6371.0  # km
FAR = 100.0  # km
HIGH = 200.0  # m


@dataclass(frozen=True)
class NamedClimate:
    """Monthly normals of a place: which, how high (m), from which period and source, how far to trust them."""

    city: str
    elevation: float
    normals: Normals
    period: str
    source: str
    confidence: str
    note: str


@functools.cache
def climates() -> dict[str, NamedClimate]:
    """All named climates by name."""
    table = resources.files("dcplan.models.data").joinpath("climates.csv")
    return {row["climate"]: _climate(row) for row in csv.DictReader(io.StringIO(table.read_text(encoding="utf-8")))}


def _climate(row: dict[str, str]) -> NamedClimate:
    def months(name: str, unit: str) -> tuple[float, ...]:
        return tuple(float(row[f"{name}_{month:02d}_{unit}"]) for month in range(1, 13))

    latitude = float(row["latitude_degree"])
    sun = months("ghi", "kWh/m2/day") if row["ghi_01_kWh/m2/day"] else _spread(float(row["ghi_year_kWh/m2/day"]), latitude)
    normals = Normals(latitude, float(row["longitude_degree"]), months("dry_bulb", "degC"), months("dew_point", "degC"), sun,
                      float(row["cold_degC"]), float(row["hot_degC"]), float(row["humid_degC"]))
    return NamedClimate(f"{row['city']}, {row['country']}", float(row["elevation_m"]), normals, row["period"], row["source"], row["confidence"],
                        row["note"])


def _spread(year: float, latitude: float) -> tuple[float, ...]:
    """A year's mean sun by month, where months are not known: the same share of what comes in above the air."""
    above = extraterrestrial(latitude)
    middles = np.linspace(15, 349, 12).round().astype(int)
    return tuple(year * above[middles] / above.mean())


def named_year(site: SiteFile) -> tuple[dict[str, np.ndarray], list[str]]:
    """Arrays over the model year as read_weather gives them, and notes that say what they are."""
    name, place = str(site.weather.climate), climates()[str(site.weather.climate)]
    pressure = standard_pressure(site.location.elevation)
    columns = synthetic_year(place.normals, pressure, site.location.utc_offset)
    humidity = relative_humidity(columns["dry_bulb"], columns.pop("dew_point"))
    columns |= {"pressure": np.full(len(humidity), pressure), "relative_humidity": humidity,
                "wet_bulb": wet_bulb(columns["dry_bulb"], humidity, pressure)}
    return columns, [described(site), *_away(site.location, name, place)]


def described(site: SiteFile) -> str:
    """What the weather of a site with a named climate is, in a sentence."""
    place = climates()[str(site.weather.climate)]
    doubt = f"; {place.note}" if place.note else ""
    return (f"the weather is synthetic: a year made from monthly normals of {place.city} ({place.period}; {place.confidence}{doubt}), no measurement of "
            "any year; wind is 2.7 m/s at all times; plan with a weather file before you decide")


def _away(location: Location, name: str, place: NamedClimate) -> Iterator[str]:
    apart, higher = distance(location, place.normals.latitude, place.normals.longitude), location.elevation - place.elevation
    if apart > FAR or abs(higher) > HIGH:
        yield f"climate {name} is {apart:,.0f} km from the site, which lies {higher:+,.0f} m above it: temperatures are those of {place.city}"


def distance(location: Location, latitude: float, longitude: float) -> float:
    """km from a site to a place in degrees, along the great circle (haversine)."""
    phi, other = np.radians(location.latitude), np.radians(latitude)
    half = np.sin((other - phi) / 2) ** 2 + np.cos(phi) * np.cos(other) * np.sin(np.radians(longitude - location.longitude) / 2) ** 2
    return float(2 * EARTH_RADIUS * np.arcsin(np.sqrt(half)))


def nearest_climate(name: str) -> str:
    """'; did you mean X?' where a name is near enough to one there is."""
    return nearest(name, climates())
