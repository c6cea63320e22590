"""Table of the site file for heat that is sold to a network."""

from pathlib import Path
from typing import Annotated

from pydantic import Field

from .quantity import MW, USD, Capacity, Date, Days, EnergyMoney, Rate, Strict, Temperature, told

Twelve = Field(min_length=12, max_length=12)


class HeatNetwork(Strict):
    """A network that buys heat of the warm loop, directly where it is warm enough, else lifted by heat pumps (models/cooling/heat_network.py).

    What it takes at most: `most`, in each month `by_month`, in each hour `hourly`; the least of those that are given.
    """

    supply_temperature: Temperature = told("Temperature at which the network wants its heat.", "Whether heat needs a lift, and the COP of heat pumps.")
    return_temperature: Temperature = told("Temperature at which the network's water comes back.", "Share of the warm loop's heat that needs no lift.")
    price: EnergyMoney = told("Price of the heat.", "The money ledger: revenue for every MWh sold.")
    price_by_month: Annotated[tuple[EnergyMoney, ...], Twelve] | None = told("Twelve prices, January to December, in place of one.",
        "The money ledger: revenue by hour.", default=None)
    escalation: Rate = told("Yearly rise of the price beyond inflation.", "The price of each phase.", default=0.0)
    most: Capacity = told("Size of the connection.", "Capacity of the asset heat_network: all heat sold passes it.")
    by_month: Annotated[tuple[MW, ...], Twelve] | None = told("Most that the network takes, January to December.", "Heat sold by hour.", default=None)
    hourly: Path | None = told("CSV of 8760 rows: most that the network takes, in MW.", "Heat sold by hour.", default=None)
    column: str | None = told("Column of that file; else its last.", "Heat sold by hour.", default=None)
    connection_cost: USD | None = told("Cost of the connection as a whole; else by catalogue and size.", "Capital of the asset heat_network.", default=None)
    available_from: Date = told("First day on which heat can be sold.", "When the asset heat_network may be commissioned.")
    lead_time: Days | None = told("Lead time of the connection; else by catalogue.", "When the asset heat_network may be commissioned.", default=None)
