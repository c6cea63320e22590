"""Tables of the site file for energy that is bought: grid stages, prices, demand charges, export, gas."""

from pathlib import Path
from typing import Annotated

from .quantity import EVERY_HOUR, EVERY_MONTH, MW, USD, Capacity, Date, Days, EnergyMoney, HoursOfDay, Months, Name, Rate, Share, Status, Strict, Unit, told


class Window(Strict):
    """A price that holds in some months and hours (0 to 23, local standard time)."""

    price: EnergyMoney = told("Price of energy within the window.", "The money ledger: every MWh bought in these hours.")
    months: Months = told("Months of the window, 1 to 12.", "Hours in which the price holds.", default=EVERY_MONTH)
    hours: HoursOfDay = told("Hours of the window, 0 to 23, local standard time.", "Hours in which the price holds.", default=EVERY_HOUR)
    weekdays_only: bool = told("Whether the window is closed on Saturday and Sunday.",
        "Hours in which the price holds; public holidays count as weekdays.", default=False)


class EnergyPrice(Strict):
    """Price of energy: exactly one of flat, time_of_use (later windows win), table (CSV month, hour, column), hourly (CSV, 8760 rows)."""

    flat: EnergyMoney | None = told("One price for all hours.", "The money ledger: every MWh bought from the grid.", default=None)
    time_of_use: tuple[Window, ...] | None = told("Prices by month and hour; later windows win, together they cover every hour.",
        "The money ledger: every MWh bought from the grid.", default=None)
    table: Path | None = told("CSV of 288 rows by month and hour of the day.", "The money ledger: every MWh bought from the grid.", default=None)
    hourly: Path | None = told("CSV of 8760 rows, local standard time.",
        "The money ledger: every MWh bought from the grid; dearest hours are those in which a stage is not available.", default=None)
    column: str | None = told("Column of the CSV; the last one where none is named.", "Which series of the file is the price.", default=None)
    unit: str = told("Unit of the column.", "Conversion of the file's numbers to USD/MWh.", default="USD/MWh")
    adder: EnergyMoney = told("Added to the price in every hour: losses, ancillary services, margin.", "The money ledger, with the price.", default=0.0)


class CarbonIntensity(Strict):
    """Carbon of grid energy: flat, or a table or hourly CSV column."""

    flat: Annotated[float, Unit("tonne_CO2e/MWh")] | None = told("One intensity for all hours.",
        "The carbon ledger: every MWh bought from the grid.", default=None)
    table: Path | None = told("CSV of 288 rows by month and hour of the day.", "The carbon ledger: every MWh bought from the grid.", default=None)
    hourly: Path | None = told("CSV of 8760 rows, local standard time.", "The carbon ledger: every MWh bought from the grid.", default=None)
    column: str | None = told("Column of the CSV; the last one where none is named.", "Which series of the file is the intensity.", default=None)
    unit: str = told("Unit of the column.", "Conversion of the file's numbers to tonne_CO2e/MWh.", default="kg_CO2e/MWh")


class Stage(Strict):
    """A stage of the grid connection. Non-firm stages give an availability CSV or the number of dearest hours in which they give nothing."""

    name: Name = told("Name of the stage, given once.", "The plan's tables: grid_NAME.")
    capacity: Capacity = told("Active power that the stage carries.",
        "Upper bound of import plus export over the stage in every hour once it is in service.")
    firm: bool = told("Whether the utility stands by it at all times.",
        "A stage that is not firm counts for nothing in design hours and follows its availability in all others.", default=True)
    available_from: Date = told("First day on which the stage can carry power.",
        "An option cannot be in service before it; a committed or existing stage is from then on.")
    status: Status = told("Whether the plan may buy it (option), has ordered it (committed) or has it (existing).",
        "Options are whole-number decisions; the cost of what exists is sunk.", default="option")
    cost: USD | None = told("Cost of the stage as a whole; else by catalogue, substation by MW and line by km.",
        "Capital, spent over the lead time.", default=None)
    lead_time: Days | None = told("Time from order to service; else by catalogue.",
        "The first phase in which an option can be in service, and the order date.", default=None)
    one_of: Name | None = told("Group of stages of which only one may be built.", "The limit `one of NAME`.", default=None)
    unavailable_hours: Annotated[float, Unit("hour", 0.0, 8760.0)] | None = told(
        "Dearest hours of a year, in which a stage that is not firm gives nothing.",
        "Upper bound of import in those hours: zero.", default=None)
    availability: Path | None = told("CSV of 8760 shares, 0 to 1, of the capacity of a stage that is not firm.",
        "Upper bound of import by hour: share times capacity.", default=None)


class DemandCharge(Strict):
    """A charge on the month's highest hour within a window."""

    name: Name = told("Name of the charge, given once.", "The item of the money ledger.")
    rate: Annotated[float, Unit("USD/MW/month")] = told(
        "Price of a month's highest import within the window; one that is told by the year is billed as twelfths, a month each.",
        "The money ledger: rate times the month's peak, a variable of each month.")
    months: Months = told("Months of the window, 1 to 12.", "Hours whose import counts for the peak.", default=EVERY_MONTH)
    hours: HoursOfDay = told("Hours of the window, 0 to 23, local standard time.", "Hours whose import counts for the peak.", default=EVERY_HOUR)
    weekdays_only: bool = told("Whether Saturday and Sunday are left out.",
        "Hours whose import counts for the peak; public holidays count as weekdays.", default=False)
    ratchet: Share = told("Least share of the highest peak of the calendar year that is billed in every month of the charge.",
        "Each month's billed peak, from below: a year is taken as if it came again and again, so a peak counts in the months before it too.", default=0.0)
    ratchet_months: Months = told("Months whose peaks the ratchet looks at, 1 to 12, among those of the charge.", "The highest peak of the ratchet.",
        default=EVERY_MONTH)


class Export(Strict):
    """Whether power may flow back, at which price."""

    allowed: bool = told("Whether power may flow back to the grid.", "Without it there is no export variable.", default=False)
    price: EnergyMoney = told("What a MWh sent back earns.", "The money ledger, as income.", default=0.0)
    limit: MW | None = told("Most that may flow back; else the capacity of all stages.", "Upper bound of export in every hour.", default=None)


class Grid(Strict):
    """The connection and its tariff."""

    power_factor: Share = told("Power factor at the meter.", "MVA of the substation per MW: its losses.", default=0.97)
    stages: tuple[Stage, ...] = told("Stages of the connection; none for an island.", "Supply to the campus bus.", default=())
    price: EnergyPrice = EnergyPrice.model_validate({"flat": "0 USD/MWh"})
    escalation: Rate = told("Real yearly growth of energy prices and demand charges from finance.base_year on.",
        "Prices of each year's operation.", default=0.0)
    demand_charges: tuple[DemandCharge, ...] = told("Charges on monthly peaks.", "The money ledger, month by month.", default=())
    carbon: CarbonIntensity = CarbonIntensity()
    export: Export = Export()


class Pipeline(Strict):
    """A gas pipeline or lateral; capacity as fuel power (MMBtu/hour, GWh/day or MW, higher heating value)."""

    name: Name = told("Name of the pipeline, given once.", "The plan's tables: gas_NAME.")
    capacity: Annotated[float, Unit("MW", 1e-6, fuel=True)] = told("Fuel power, higher heating value.",
        "Upper bound of gas bought over it in every hour.")
    available_from: Date = told("First day on which it can carry gas.",
        "An option cannot be in service before it; a committed or existing one is from then on.")
    status: Status = told("Whether the plan may buy it (option), has ordered it (committed) or has it (existing).",
        "Options are whole-number decisions; the cost of what exists is sunk.", default="option")
    cost: USD | None = told("Cost as a whole; else by catalogue and km.", "Capital, spent over the lead time.", default=None)
    lead_time: Days | None = told("Time from order to service; else by catalogue.",
        "The first phase in which an option can be in service, and the order date.", default=None)


class Gas(Strict):
    """Gas: price per unit of fuel energy (higher heating value)."""

    price: Annotated[float, Unit("USD/MWh")] = told("Price per unit of fuel energy, higher heating value.", "The money ledger: every MWh of gas burnt.")
    escalation: Rate = told("Real yearly growth of the price from finance.base_year on.", "Prices of each year's operation.", default=0.0)
    pipelines: tuple[Pipeline, ...] = told("Pipelines that bring gas; without any there are no gas engines or turbines.", "Supply of fuel.")
