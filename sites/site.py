"""A validated site, as the planner sees it."""

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..models.catalog import Catalog
from .costs import Costs
from .energy import Gas, Grid
from .fleet import Asset, HallKind, Tranche
from .future import Climate
from .heat import HeatNetwork
from .measured import Load, Size
from .schema import Allowed, Cooling, Electrical, Finance, Limits, Location, Outage, PlanPeriod, Redundancy, Reliability, Storage, Water, Weather
from .weather_keys import given_years
from .wind import HubWind

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class DesignPoint:
    """Dry and wet bulb (degC) that belong together in a design hour."""

    name: str
    dry_bulb: float
    wet_bulb: float


@dataclass(frozen=True)
class DesignConditions:
    """Temperatures (degC) exceeded in `percentile` of the hours, each with the mean of the other at that point; `further` design hours."""

    dry_bulb: float
    coincident_wet_bulb: float
    wet_bulb: float
    coincident_dry_bulb: float
    percentile: float
    further: tuple[DesignPoint, ...] = ()

    def is_beyond(self, dry_bulb, wet_bulb):
        """Whether it is hotter or more humid than the percentiles, so that loops may float. Floats or arrays."""
        return (dry_bulb > self.dry_bulb) | (wet_bulb > self.wet_bulb)


@dataclass(frozen=True)
class Site:
    """A validated site: canonical floats, hourly columns over weather year and hour by name, design conditions, notes on what was filled or assumed."""

    path: Path
    name: str
    description: str
    location: Location
    plan: PlanPeriod
    finance: Finance
    weather: Weather
    climate: Climate
    grid: Grid
    gas: Gas | None
    water: Water
    carbon_price: float
    fleet: tuple[Tranche, ...]
    halls: tuple[HallKind, ...]
    load: Load | None
    sizes: tuple[Size, ...]
    assets: tuple[Asset, ...]
    power: Allowed
    cooling: Cooling
    heat_network: HeatNetwork | None
    redundancy: Redundancy
    electrical: Electrical
    outage: Outage
    reliability: Reliability
    storage: Storage
    limits: Limits
    costs: Costs
    wind: HubWind | None
    catalog: Catalog
    distances: dict[str, float]
    area: float | None
    columns: dict[str, np.ndarray]
    design: DesignConditions
    notes: tuple[str, ...]
    inputs: dict[str, str] = field(default_factory=dict)
    overrides: tuple[str, ...] = ()
    scenario: str | None = None

    @functools.cached_property
    def hours(self) -> "xarray.Dataset":
        """The hourly columns over scenario and hour, with units; made when first asked for, since xarray takes long to load."""
        from .hours import dataset

        return dataset(self.columns, given_years(self.weather), self.plan.calendar_year)

    @property
    def weather_from(self) -> str:
        """What the hourly weather is: the file with its form, or, plainly, that it is synthetic."""
        if self.weather_years:
            given = given_years(self.weather)
            years = ", ".join(f"{year.name} ({year.weight:.4g})" for year in given)
            return f"weather years with their probabilities: {years} ({' and '.join(dict.fromkeys(str(year.format) for year in given))})"
        if self.weather.climate is not None:
            return f"synthetic, from monthly normals of {self.weather.climate}"
        given = given_years(self.weather)[0]
        return f"{given.file} ({given.format})"

    @property
    def weights(self) -> tuple[float, ...]:
        """Probability of every weather year, in the order of `hours.scenario`."""
        return tuple(year.weight for year in given_years(self.weather))

    @property
    def weather_years(self) -> tuple[str, ...]:
        """Names of the weather years; none where the site gives one year of weather."""
        return tuple(year.name for year in given_years(self.weather) if len(self.weather.years) > 1)

    def in_weather(self, scenario: int) -> str:
        """" in weather year NAME", nothing where there is one."""
        return f" in weather year {self.weather_years[scenario]}" if self.weather_years else ""

    @property
    def load_peak(self) -> float:
        """MW of the measured load in its highest hour; 0 where there is a fleet."""
        return float(self.columns["facility_load"].max()) if self.load is not None else 0.0
