"""site.toml, stated as types: every quantity is text with a unit in the file and a canonical float here, its unit in the annotation."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from ..models.units import UnitProblem, example, kind, parse


def quantity(unit: str, least: float | None = 0.0, most: float | None = None) -> Any:
    """An annotation: text with a unit, read as a float in canonical `unit`, at least `least` and at most `most`."""

    def read(text: Any) -> float:
        try:
            value = parse(text, unit)
        except UnitProblem as problem:
            raise PydanticCustomError("unit", "{found}", _context(problem.code, problem.found, problem.expected, problem.help)) from problem
        if (least is not None and value < least) or (most is not None and value > most):
            limits = f"at least {least:g}" if most is None else f"between {least:g} and {most:g}"
            found = f'"{text}" is out of range'
            raise PydanticCustomError("unit", "{found}", _context("range", found, f"{kind(unit)} {limits} {unit}", f'write for example "{example(unit)}"'))
        return value

    return Annotated[float, BeforeValidator(read), Field(json_schema_extra={"unit": unit})]


def _context(code: str, found: str, expected: str, mend: str) -> dict[str, Any]:
    return {"code": code, "found": found, "expected": expected, "help": mend}


MW, USD, Days, Hours, Years = quantity("MW"), quantity("USD"), quantity("day"), quantity("hour"), quantity("year")
Share, Rate, Count = quantity("1", 0.0, 1.0), quantity("1/year", -0.5, 1.0), quantity("accelerator")
EnergyMoney, Temperature = quantity("USD/MWh", None), quantity("degC", None)
ComputeValue = quantity("USD/accelerator/hour")
Status = Literal["option", "committed", "existing"]


class Strict(BaseModel):
    """A table of the file: unknown keys are errors, nothing changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Point(Strict):
    """A place, in degrees north and east."""

    latitude: quantity("degree", -90, 90)
    longitude: quantity("degree", -180, 180)


class Points(Strict):
    """Places that lines are built to."""

    substation: Point | None = None
    gas_pipeline: Point | None = None
    water_main: Point | None = None
    fibre: Point | None = None


class Location(Strict):
    """Where the site is. utc_offset is that of local standard time."""

    latitude: quantity("degree", -90, 90)
    longitude: quantity("degree", -180, 180)
    elevation: quantity("m", -430, 6000)
    utc_offset: quantity("hour", -12, 14)
    boundary: Path | None = None
    area: quantity("m2") | None = None
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
    resolution: Literal["sampled"] = "sampled"
    days_per_month: int = Field(1, ge=1, le=10)
    objective: Literal["cost"] = "cost"
    mip_gap: Share = 0.01
    time_limit: quantity("second") = 45.0
    calendar_year: int = Field(2025, ge=1990, le=2100)


class Finance(Strict):
    """Discounting; a nominal rate is made real with the stated inflation."""

    discount_rate: Rate
    rate_basis: Literal["real", "nominal"] = "real"
    inflation: Rate = 0.0
    base_year: int = Field(2025, ge=2000, le=2100)


class Weather(Strict):
    """An hourly file and the percentile that design conditions are taken at."""

    file: Path
    format: Literal["epw", "tmy3", "nsrdb"]
    design_percentile: Share = 0.004


class Window(Strict):
    """A price that holds in some months and hours (0 to 23, local standard time)."""

    price: EnergyMoney
    months: tuple[int, ...] = tuple(range(1, 13))
    hours: tuple[int, ...] = tuple(range(24))
    weekdays_only: bool = False


class EnergyPrice(Strict):
    """Price of energy: exactly one of flat, time_of_use (later windows win), table (CSV month, hour, column), hourly (CSV, 8760 rows)."""

    flat: EnergyMoney | None = None
    time_of_use: tuple[Window, ...] | None = None
    table: Path | None = None
    hourly: Path | None = None
    column: str | None = None
    unit: str = "USD/MWh"
    adder: EnergyMoney = 0.0


class CarbonIntensity(Strict):
    """Carbon of grid energy: flat, or a table or hourly CSV column."""

    flat: quantity("tonne_CO2e/MWh") | None = None
    table: Path | None = None
    hourly: Path | None = None
    column: str | None = None
    unit: str = "kg_CO2e/MWh"


class Stage(Strict):
    """A stage of the grid connection. Non-firm stages give an availability CSV or the number of dearest hours in which they give nothing."""

    name: str
    capacity: quantity("MW", 1e-6)
    firm: bool = True
    available_from: date
    status: Status = "option"
    cost: USD | None = None
    lead_time: Days | None = None
    one_of: str | None = None
    unavailable_hours: Hours | None = None
    availability: Path | None = None


class DemandCharge(Strict):
    """A charge on the month's highest hour within a window."""

    name: str
    rate: quantity("USD/MW/month")
    months: tuple[int, ...] = tuple(range(1, 13))
    hours: tuple[int, ...] = tuple(range(24))
    weekdays_only: bool = False


class Export(Strict):
    """Whether power may flow back, at which price."""

    allowed: bool = False
    price: EnergyMoney = 0.0
    limit: MW | None = None


class Grid(Strict):
    """The connection and its tariff."""

    power_factor: Share = 0.97
    stages: tuple[Stage, ...] = ()
    price: EnergyPrice = EnergyPrice(flat="0 USD/MWh")  # type: ignore[arg-type]
    escalation: Rate = 0.0
    demand_charges: tuple[DemandCharge, ...] = ()
    carbon: CarbonIntensity = CarbonIntensity()
    export: Export = Export()


class Pipeline(Strict):
    """A gas pipeline or lateral; capacity as fuel power (MMBtu/hour or MW, higher heating value)."""

    name: str
    capacity: quantity("MW", 1e-6)
    available_from: date
    status: Status = "option"
    cost: USD | None = None
    lead_time: Days | None = None


class Gas(Strict):
    """Gas: price per unit of fuel energy (higher heating value)."""

    price: quantity("USD/MWh")
    escalation: Rate = 0.0
    pipelines: tuple[Pipeline, ...]


class Water(Strict):
    """Water: price with sewerage, and the right to draw it, a year."""

    price: quantity("USD/m3") = 0.0
    right: quantity("m3/year") | None = None


class Wanted(Strict):
    """Accelerators of a tranche in service from a date on (cumulative)."""

    by: date
    count: Count


class Delivery(Strict):
    """Racks that can be had a month, from a date on."""

    from_date: date
    racks_per_month: quantity("rack/month")


class Utilisation(Strict):
    """Power over peak power by hour: one share, or 24 shares of the day."""

    flat: Share | None = None
    daily: tuple[Share, ...] | None = Field(None, min_length=24, max_length=24)


class Tranche(Strict):
    """A part of the fleet that is bought and run alike."""

    name: str
    workload: Literal["training", "inference"]
    variants: tuple[str, ...] = Field(min_length=1)
    wanted: tuple[Wanted, ...] = Field(min_length=1)
    latest: tuple[Wanted, ...] = ()
    value_of_compute: ComputeValue
    value_of_lost_load: ComputeValue
    utilisation: Utilisation | None = None
    critical_share: Share = 1.0
    shed_allowance: Share = 0.0
    racks_per_pod: int = Field(8, ge=1)
    deliveries: tuple[Delivery, ...] = ()
    life: Years | None = None


class HallKind(Strict):
    """A kind of hall: what racks it takes, how much IT power and how many there can be."""

    name: str
    cooling: Literal["air", "liquid", "mixed"]
    it_capacity: quantity("MW", 1e-6)
    racks: int | None = Field(None, ge=1)
    most: int | None = Field(None, ge=0)
    per_phase: int | None = Field(None, ge=1)
    cost: USD | None = None
    lead_time: Days | None = None


class Asset(Strict):
    """Units that exist or are on order."""

    technology: str
    name: str
    units: int = Field(ge=1)
    status: Literal["existing", "committed"]
    in_service: date
    unit_size: MW | None = None
    capital: USD | None = None


class Allowed(Strict):
    """Technologies that may be bought."""

    allow: tuple[str, ...] = ()


class Cooling(Allowed):
    """Rejection technologies, and loop temperatures where the site sets them."""

    warm_supply: Temperature | None = None
    chilled_supply: Temperature | None = None


Rule = Literal["N", "N+1", "N+2", "2N"]


class Redundancy(Strict):
    """The rule of each group of units that stand in for one another."""

    ups: Rule = "N"
    transformer: Rule = "N"
    cooling: Rule = "N"
    generators: Rule = "N"


class Outage(Strict):
    """The loss of grid to ride through with fuel on site; zero for none."""

    duration: Hours = 0.0


class Limits(Strict):
    """Limits of the site as a whole."""

    capital_per_year: quantity("USD/year") | None = None
    land: quantity("m2") | None = None
    emissions: quantity("tonne_CO2e/year") | None = None


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
    carbon_price: quantity("USD/tonne_CO2e") = 0.0
    fleet: tuple[Tranche, ...] = Field(min_length=1)
    halls: tuple[HallKind, ...] = Field(min_length=1)
    assets: tuple[Asset, ...] = ()
    power: Allowed = Allowed()
    cooling: Cooling = Cooling()
    redundancy: Redundancy = Redundancy()
    outage: Outage = Outage()
    limits: Limits = Limits()
    catalog: dict[str, dict[str, str]] = {}
