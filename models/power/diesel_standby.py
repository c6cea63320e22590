"""Diesel standby: capacity for an outage of stated length, with the fuel for it in the tank. It runs in outage hours and in tests only.

    generation <= rating                                      in outage hours
    tank: fuel_use * outage hours, bought with the machine; test fuel is part of the yearly cost
    tested[month] = rating                                    the carbon of tests: fuel_use * test hours a month, in phases that are operated
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State
from ..conditions import Conditions, Setting
from ..horizon import Period
from ..terms import Effect, Flow, Term, flow, rows, variable


@dataclass(frozen=True)
class DieselStandby:
    """Standby sets behind the campus bus; `test_carbon` in tonne_CO2e per MW and month."""

    asset: Asset
    test_carbon: float

    @property
    def name(self) -> str:
        return self.asset.name

    @property
    def assets(self) -> tuple[Asset, ...]:
        return (self.asset,)

    @property
    def states(self) -> tuple[State, ...]:
        return ()

    def prepare(self, conditions: Conditions) -> Hourly:
        """Where the sets may run, hours without grid; and hours that are not those of design, in whose months they are tested."""
        return {"outage": conditions.outage.astype(float), "ordinary": 1.0 - conditions.reserve}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add generation in design periods; ordinary hours have none, and a rating that is tested each month."""
        if self.test_carbon and hourly["ordinary"].any():
            tested = variable(block, "tested", period.months, "MW")
            rows(block, "tests", period.months, lambda month: tested[month] == state[self.asset.name])
        if not hourly["outage"].any():
            return
        generation = variable(block, "generation", period.positions, "MW")
        idle = [t for t in period.positions if hourly["outage"][t] == 0]
        rows(block, "standby_only", idle, lambda t: generation[t] == 0)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Electricity, where there is an outage to ride through."""
        return (flow("electricity", +1, "generation"),) if hourly["outage"].any() else ()

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Carbon of tests; their fuel is part of the yearly cost."""
        tested = Term("tested", self.test_carbon, "tonne_CO2e/MW/month")
        return (Effect("carbon", "tests", (tested,), "month"),) if self.test_carbon else ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Rating in use."""
        return (Loading(self.asset.name, (Term("generation"),), hourly["outage"]),) if hourly["outage"].any() else ()


def from_setting(setting: Setting, technology: str = "diesel_standby", **changes) -> DieselStandby:
    """Standby sets with a tank for the outage: capital + fuel_use x hours x (tank + first fill); yearly cost + test fuel.

    Carbon of tests: fuel_use x test hours x heat of a gallon x carbon of that heat.
    """
    number = setting.catalog.number
    asset = from_catalog(setting.catalog, technology, **{"group": "generators", **changes})
    per_gallon = number(technology, "tank_cost", "USD/gallon") + number(technology, "fuel_price", "USD/gallon")
    gallons = number(technology, "fuel_use", "gallon/MWh")
    filled = replace(asset, capital=asset.capital + gallons * setting.outage_hours * per_gallon,
                     fixed=asset.fixed + gallons * number(technology, "test_hours", "hour/year") * number(technology, "fuel_price", "USD/gallon"))
    carbon = number("fuel", "diesel_heat", "MMBtu/gallon") * number("fuel", "diesel_carbon", "tonne_CO2e/MMBtu")
    return DieselStandby(filled, gallons * number(technology, "test_hours", "hour/month") * carbon)
