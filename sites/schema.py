"""site.toml, stated as types: every quantity is text with a unit in the file and a canonical float here, its unit in the annotation."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from .energy import Gas, Grid
from .fleet import Asset, HallKind, Tranche
from .quantity import MW, Hours, Latitude, Longitude, Rate, Share, Strict, Temperature, Unit


class Point(Strict):
    """A place, in degrees north and east."""

    latitude: Latitude
    longitude: Longitude


class Points(Strict):
    """Places that lines are built to."""

    substation: Point | None = None
    gas_pipeline: Point | None = None
    water_main: Point | None = None
    fibre: Point | None = None


class Location(Strict):
    """Where the site is. utc_offset is that of local standard time."""

    latitude: Latitude
    longitude: Longitude
    elevation: Annotated[float, Unit("m", -430, 6000)]
    utc_offset: Annotated[float, Unit("hour", -12, 14)]
    boundary: Path | None = None
    area: Annotated[float, Unit("m2", 1.0)] | None = None
    buildable_share: Share = 1.0
    points: Points = Points()


class Step(Strict):
    """Phases of this length up to a date."""

    until: date
    step: Literal["month", "quarter", "year"]


class PlanPeriod(Strict):
    """What span is planned, in which steps, how finely."""

    start: date
    end: date
    steps: tuple[Step, ...] = ()
    resolution: Literal["full", "sampled"] = "full"
    days_per_month: int = Field(default=1, ge=1, le=10)
    objective: Literal["cost", "speed"] = "cost"
    mip_gap: Share | None = None
    time_limit: Annotated[float, Unit("second")] = 600.0
    calendar_year: int = Field(default=2025, ge=1990, le=2100)


class Finance(Strict):
    """Discounting; a nominal rate is made real with the stated inflation."""

    discount_rate: Rate
    rate_basis: Literal["real", "nominal"] = "real"
    inflation: Rate = 0.0
    base_year: int = Field(default=2025, ge=2000, le=2100)


class Weather(Strict):
    """An hourly file and the percentile that design conditions are taken at."""

    file: Path
    format: Literal["epw", "tmy3", "nsrdb"]
    design_percentile: Annotated[float, Unit("1", 1e-4, 0.5)] = 0.004


class Water(Strict):
    """Water: price with sewerage, and the right to draw it, a year."""

    price: Annotated[float, Unit("USD/m3")] = 0.0
    right: Annotated[float, Unit("m3/year")] | None = None


class Allowed(Strict):
    """Technologies that may be bought."""

    allow: tuple[str, ...] = ()


class Cooling(Allowed):
    """Rejection technologies, and loop temperatures where the site sets them."""

    warm_supply: Temperature | None = None
    chilled_supply: Temperature | None = None


Rule = Literal["N", "N+1", "N+2", "2N"]
ChainRule = Literal["N", "N+1", "N+2", "2N", "block 3 to make 2", "block 4 to make 3", "distributed 3 to make 2", "distributed 4 to make 3"]


class Redundancy(Strict):
    """The rule of each group of units that stand in for one another."""

    ups: ChainRule = "N"
    transformer: ChainRule = "N"
    cooling: Rule = "N"
    generators: Rule = "N"


class Electrical(Strict):
    """The chain from the campus bus to the racks, and what the utility allows a training load to swing there."""

    chain: Literal["ac", "800 V dc"] = "ac"
    ups_mode: Literal["double conversion", "eco"] = "double conversion"
    utility_ramp: Annotated[float, Unit("MW/second", 1e-6)] | None = None
    utility_swing: MW | None = None


class Outage(Strict):
    """The loss of grid to ride through with fuel on site; zero for none."""

    duration: Hours = 0.0


class Limits(Strict):
    """Limits of the site as a whole."""

    capital_per_year: Annotated[float, Unit("USD/year")] | None = None
    land: Annotated[float, Unit("m2")] | None = None
    emissions: Annotated[float, Unit("tonne_CO2e/year")] | None = None


class SiteFile(Strict):
    """site.toml as a whole."""

    name: str = Field(min_length=1)
    description: str = ""
    location: Location
    plan: PlanPeriod
    finance: Finance
    weather: Weather
    grid: Grid = Grid()
    gas: Gas | None = None
    water: Water = Water()
    carbon_price: Annotated[float, Unit("USD/tonne_CO2e")] = 0.0
    fleet: tuple[Tranche, ...] = Field(min_length=1)
    halls: tuple[HallKind, ...] = Field(min_length=1)
    assets: tuple[Asset, ...] = ()
    power: Allowed = Allowed()
    cooling: Cooling = Cooling()
    redundancy: Redundancy = Redundancy()
    electrical: Electrical = Electrical()
    outage: Outage = Outage()
    limits: Limits = Limits()
    catalog: dict[str, dict[str, str]] = Field(default_factory=dict)
