"""Tables of the site file for energy that is bought: grid stages, prices, demand charges, export, gas."""

from datetime import date
from pathlib import Path
from typing import Annotated

from .quantity import EVERY_HOUR, EVERY_MONTH, MW, USD, Capacity, Days, EnergyMoney, HoursOfDay, Months, Name, Rate, Share, Status, Strict, Unit


class Window(Strict):
    """A price that holds in some months and hours (0 to 23, local standard time)."""

    price: EnergyMoney
    months: Months = EVERY_MONTH
    hours: HoursOfDay = EVERY_HOUR
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

    flat: Annotated[float, Unit("tonne_CO2e/MWh")] | None = None
    table: Path | None = None
    hourly: Path | None = None
    column: str | None = None
    unit: str = "kg_CO2e/MWh"


class Stage(Strict):
    """A stage of the grid connection. Non-firm stages give an availability CSV or the number of dearest hours in which they give nothing."""

    name: Name
    capacity: Capacity
    firm: bool = True
    available_from: date
    status: Status = "option"
    cost: USD | None = None
    lead_time: Days | None = None
    one_of: Name | None = None
    unavailable_hours: Annotated[float, Unit("hour", 0.0, 8760.0)] | None = None
    availability: Path | None = None


class DemandCharge(Strict):
    """A charge on the month's highest hour within a window."""

    name: Name
    rate: Annotated[float, Unit("USD/MW/month")]
    months: Months = EVERY_MONTH
    hours: HoursOfDay = EVERY_HOUR
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
    price: EnergyPrice = EnergyPrice.model_validate({"flat": "0 USD/MWh"})
    escalation: Rate = 0.0
    demand_charges: tuple[DemandCharge, ...] = ()
    carbon: CarbonIntensity = CarbonIntensity()
    export: Export = Export()


class Pipeline(Strict):
    """A gas pipeline or lateral; capacity as fuel power (MMBtu/hour or MW, higher heating value)."""

    name: Name
    capacity: Capacity
    available_from: date
    status: Status = "option"
    cost: USD | None = None
    lead_time: Days | None = None


class Gas(Strict):
    """Gas: price per unit of fuel energy (higher heating value)."""

    price: Annotated[float, Unit("USD/MWh")]
    escalation: Rate = 0.0
    pipelines: tuple[Pipeline, ...]
