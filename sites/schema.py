"""site.toml, stated as types: every quantity is text with a unit in the file and a canonical float here, its unit in the annotation."""

from pathlib import Path
from typing import Annotated, Literal

from .costs import Costs
from .energy import Gas, Grid
from .fleet import Asset, HallKind, Tranche
from .future import Climate
from .heat import HeatNetwork
from .measured import Load, Size
from .quantity import MW, Date, Hours, Latitude, Longitude, Rate, Share, Strict, Temperature, Unit, Whole, told
from .weather_keys import Weather
from .wind import HubWind


class Point(Strict):
    """A place, in degrees north and east."""

    latitude: Latitude = told("Degrees north.", "Length of the line from the site, in `sites/geography.py`.")
    longitude: Longitude = told("Degrees east of Greenwich.", "Length of the line from the site, in `sites/geography.py`.")


class Points(Strict):
    """Places that lines are built to."""

    substation: Point | None = None
    gas_pipeline: Point | None = None
    water_main: Point | None = None
    fibre: Point | None = None


class Location(Strict):
    """Where the site is. utc_offset is that of local standard time."""

    latitude: Latitude = told("Degrees north.", "Sun on PV, distances, the check of the boundary.")
    longitude: Longitude = told("Degrees east of Greenwich.", "Sun on PV, distances, the check of the boundary.")
    elevation: Annotated[float, Unit("m", -430, 6000)] = told("Height above the sea.",
        "Air pressure where the weather file has none: wet bulb and derating.")
    utc_offset: Annotated[float, Unit("hour", -12, 14)] = told("Offset of local standard time, all year.",
        "The clock that weather, tariffs and profiles are put on.")
    boundary: Path | None = told("GeoJSON polygon of the site; without it the coordinates are a point.", "Area, and where lines start.", default=None)
    area: Annotated[float, Unit("m2", 1.0)] | None = told("Area of the site; else that of the boundary. With a boundary they have to agree within 5 %.",
        "The limit `land`, with buildable_share.", default=None)
    buildable_share: Share = told("Share of the area that may be built on.", "The limit `land`, where limits.land does not say.", default=1.0)
    points: Points = Points()


class Step(Strict):
    """Phases of this length up to a date."""

    until: Date = told("Last day of phases of this length.", "The calendar of phases.")
    step: Literal["month", "quarter", "year"] = told("Length of the phases.", "The calendar of phases: units are built at the start of one.")


class PlanPeriod(Strict):
    """What span is planned, in which steps, how finely."""

    start: Date = told("First day of the plan, the first of a month; orders can be placed from then on.", "Phases; present worth is taken at this day.")
    end: Date = told("Day up to which the plan runs, the first of a month.", "Phases; what is left of assets then counts as salvage.")
    steps: tuple[Step, ...] = ()
    resolution: Literal["full", "sampled"] = told("Whether every hour of every year is sized on, with a proven bound, or sampled days.",
        "The hours of the programme; dispatch is always over every hour, and a sampled plan that is over a yearly budget there is sized on it after all.",
        default="full")
    days_per_month: Whole = told("Days sampled of each month.", "Hours of the sampled programme.", default=1, ge=1, le=10)
    objective: Literal["cost", "speed"] = told("Least cost, or least lateness first and then least cost.", "What is minimised.", default="cost")
    mip_gap: Share | None = told("Gap at which the search ends; else 0.1 % at full resolution, 0.3 % at sampled.", "When the search ends.", default=None)
    time_limit: Annotated[float, Unit("second")] = told("Time for the search; dispatch of every hour, writing and verification come on top, unlimited.",
        "When the search ends; the best plan so far is given with its gap, as it is where Ctrl-C or SIGTERM comes first.", default=600.0)
    calendar_year: Whole = told("Year whose weekdays the model year has.",
        "Hours of tariffs and demand charges on weekdays only.", default=2025, ge=1990, le=2100)


class Finance(Strict):
    """Discounting; a nominal rate is made real with the stated inflation."""

    discount_rate: Rate = told("Yearly rate at which money is discounted.", "Present worth of everything, at the plan's start.")
    rate_basis: Literal["real", "nominal"] = told("Whether the rate is real or holds inflation.",
        "A nominal rate is made real: (1 + rate) / (1 + inflation) - 1.", default="real")
    inflation: Rate = told("Yearly inflation, for a nominal rate.", "The real discount rate.", default=0.0)
    base_year: Whole = told("Year of the prices in this file.",
        "Escalated prices are those of the file in the middle of this year.", default=2025, ge=2000, le=2100)


class Water(Strict):
    """Water: price with sewerage, and the right to draw it, a year."""

    price: Annotated[float, Unit("USD/m3")] = told("Price of water with sewerage.", "The money ledger: every m3 drawn.", default=0.0)
    right: Annotated[float, Unit("m3/year")] | None = told("Most that may be drawn a year; else no limit.",
        "The yearly budget `water right`.", default=None)


class Allowed(Strict):
    """Technologies that may be bought."""

    allow: tuple[str, ...] = told("Technologies that may be bought, by their ids in `dcplan catalog`. Not set: none, so power comes from the grid and "
        "from what is there.", "Which components the programme has.", default=())


class Cooling(Allowed):
    """Rejection technologies, and loop temperatures where the site sets them."""

    allow: tuple[str, ...] = told("Technologies that may be bought, by their ids in `dcplan catalog`. Not set: none that rejects heat, so only what is "
        "there cools.", "Which components the programme has.", default=())
    warm_supply: Temperature | None = told("Supply temperature of the warm loop; else the tightest coolant limit of the racks, less approach and float.",
        "What dry and adiabatic coolers can do by hour.", default=None)
    chilled_supply: Temperature | None = told("Supply temperature of the chilled loop; else by catalogue, colder where racks ask for colder air.",
        "Lift and COP of chillers by hour.", default=None)


Rule = Literal["N", "N+1", "N+2", "2N"]
ChainRule = Literal["N", "N+1", "N+2", "2N", "block 3 to make 2", "block 4 to make 3", "distributed 3 to make 2", "distributed 4 to make 3"]


class Redundancy(Strict):
    """The rule of each group of units that stand in for one another."""

    ups: ChainRule = told(
        "Rule of the uninterruptible supply (of the rectifiers to 800 V): spare units for each hall (shared by all), or sets of which a part carries all.",
        "The chain in design hours, units, losses and cost; block: one of a set idles behind static transfer switches.", default="N")
    transformer: ChainRule = told("Rule of the unit transformers: spare units for each hall (shared by all), or sets of which a part carries all.",
        "The chain in design hours, units and losses.", default="N")
    cooling: Rule = told("Rule of each cooling technology.", "Cooling in design hours: largest units lost, or half the capacity for 2N.", default="N")
    generators: Rule = told("Rule of engines, turbines and standby together.",
        "Supply in design hours: largest units lost, or half the capacity for 2N.", default="N")
    plants: Literal["N", "N+1"] = told("Rule of whole plants of generators (N+1: the rest carry the load though all units of one plant trip at once).",
        "Supply in design hours with the grid: other plants, and standby where `outage.duration` gives it fuel.", default="N")


class Electrical(Strict):
    """The chain from the campus bus to the racks, and what the utility allows a training load to swing there."""

    chain: Literal["ac", "800 V dc"] = told("Conversion between the campus bus and the racks: transformers and UPS, or rectifiers to 800 V direct current.",
        "Which components the programme has, and their losses.", default="ac")
    ups_mode: Literal["double conversion", "eco"] = told("Whether the UPS converts twice at all times or lets the mains through.",
        "Losses of the UPS by load.", default="double conversion")
    utility_ramp: Annotated[float, Unit("MW/second", 1e-6)] | None = told("Fastest change of load on the campus bus that the utility allows.",
        "Storage that smooths the load of training.", default=None)
    utility_swing: MW | None = told("Largest swing of load on the campus bus, peak to peak, that the utility allows within a training step; else no limit.",
        "Storage that smooths the load of training.", default=None)


class Outage(Strict):
    """The loss of grid to ride through with fuel on site; zero for none."""

    duration: Hours = told("Loss of the grid to ride through, with fuel on site; zero for none.",
        "A design hour without the grid; tanks of standby, energy of batteries.", default=0.0)


Target = Annotated[float, Unit("1", 0.5, 0.999999)]


class Reliability(Strict):
    """The availability that is asked of power and cooling at a hall, and how it is shown."""

    target: Target | None = told("Share of the year in which the critical load has power and cooling; else none is asked.",
        "Spare units by group and fuel for an outage, added until simulation and tables say that it is reached.", default=None)
    training: Target | None = told("Target of training where it differs; load that asks for less is shed first.",
        "As target, for the load of training.", default=None)
    inference: Target | None = told("Target of inference where it differs; load that asks for less is shed first.",
        "As target, for the load of inference.", default=None)
    utility_saifi: Annotated[float, Unit("1/year", 1e-6)] | None = told("Interruptions of a feed a year, as the utility reports them; else by catalogue.",
        "Failures a year of each grid stage.", default=None)
    utility_saidi: Annotated[float, Unit("hour/year", 1e-6, 8000.0)] | None = told(
        "Hours a year without a feed, as the utility reports them; else by catalogue.", "Repair time of each grid stage, with utility_saifi.", default=None)
    years: Whole = told("Years that the simulation runs through.", "Width of its confidence interval.", default=2000, ge=10, le=1_000_000)
    seed: Whole = told("Seed of the simulation.", "Which years are drawn.", default=1, ge=0)


class Storage(Strict):
    """How stores are operated."""

    horizon: Literal["week", "month", "year"] = told("How far stores carry energy: within a quarter of a month, a month, or from month to month.",
        "Levels of batteries, long storage and tanks that the plan sets (models/storage.py).", default="week")


class Limits(Strict):
    """Limits of the site as a whole."""

    capital_per_year: Annotated[float, Unit("USD/year")] | None = told(
        "Most capital of what the plan buys that may come into service in a calendar year; what is committed or there does not count. Else no limit.",
        "The limit `capital in a year`: the whole cost of what is bought, in the calendar year of the phase from which on it serves, whenever it is "
        "paid. Each calendar year has the whole amount, one of which the plan covers a part, too.", default=None)
    land: Annotated[float, Unit("m2")] | None = told("Land for halls, plant and PV; else area times buildable_share.", "The limit `land`.", default=None)
    emissions: Annotated[float, Unit("tonne_CO2e/year")] | None = told("Most carbon that may be emitted a year; else no limit.",
        "The yearly budget `emissions`.", default=None)


class SiteFile(Strict):
    """site.toml as a whole."""

    name: str = told("Name of the site.", "Titles, and the default folder of the plan.", min_length=1)
    description: str = told("What the site is, for readers.", "Nothing but the reader.", default="")
    location: Location
    plan: PlanPeriod
    finance: Finance
    weather: Weather
    climate: Climate = Climate()
    grid: Grid = Grid()
    gas: Gas | None = None
    water: Water = Water()
    carbon_price: Annotated[float, Unit("USD/tonne_CO2e")] = told("Price of a tonne emitted.",
        "The objective: the carbon ledger times this price.", default=0.0)
    fleet: tuple[Tranche, ...] = told("Tranches of accelerators: what is wanted when.", "IT load, and lateness.", default=())
    halls: tuple[HallKind, ...] = told("Kinds of halls that racks stand in.", "Whole-number decisions; limits of power and positions.", default=())
    load: Load | None = None
    sizes: tuple[Size, ...] = ()
    assets: tuple[Asset, ...] = told("Units that exist or are on order.", "Capacity that comes whether or not the plan wants it.", default=())
    power: Allowed = Allowed()
    cooling: Cooling = Cooling()
    heat_network: HeatNetwork | None = None
    redundancy: Redundancy = Redundancy()
    electrical: Electrical = Electrical()
    outage: Outage = Outage()
    reliability: Reliability = Reliability()
    storage: Storage = Storage()
    limits: Limits = Limits()
    costs: Costs = Costs()
    wind: HubWind | None = None
    catalog: dict[str, dict[str, str]] = told('Own values of the catalogue: [catalog.TECHNOLOGY], then PARAMETER = "VALUE UNIT"; `like` makes a new one.',
        "Wherever the catalogue's value would.", default_factory=dict)
