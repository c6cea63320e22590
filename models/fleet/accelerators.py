"""Accelerators in racks: one component for each variant in which a tranche may be bought.

    load[t] + shed[t] = utilisation[t] * it_capacity             it_capacity = racks * peak rack power with its network and support share
    liquid heat = liquid_share * load,  air heat = the rest
    shed <= (1 - critical_share) * utilisation * it_capacity     in design hours; elsewhere shedding costs value_of_lost_load

Shedding lowers power and heat together and is always possible, so operation has an answer for every plan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset
from ..component import Hourly, Loading, State
from ..conditions import Conditions
from ..horizon import Period
from ..terms import Effect, Flow, Term, data, flow, rows, variable
from .racks import Rack


@dataclass(frozen=True)
class Accelerators:
    """One variant of one tranche. Values of compute in USD per accelerator-hour."""

    asset: Asset
    rack: Rack
    tranche: str
    series: str
    critical_share: float
    value_of_lost_load: float

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
        """Share of peak power wanted by hour; all of it in design hours. `may_shed` is the share of it that may be dropped."""
        design = conditions.reserve > 0
        return {"wanted": np.where(design, 1.0, conditions.series[self.series]),
                "may_shed": np.where(design, 1.0 - self.critical_share, 1.0)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add load and shed."""
        load = variable(block, "load", period.positions, "MW")
        shed = variable(block, "shed", period.positions, "MW")
        wanted = data(block, "wanted", hourly["wanted"], "1")
        limit = data(block, "shed_limit", hourly["wanted"] * hourly["may_shed"], "1")
        capacity = state[self.asset.name]
        held = np.flatnonzero(hourly["may_shed"] < 1).tolist()
        rows(block, "demand", period.positions, lambda t: load[t] + shed[t] == wanted[t] * capacity)
        rows(block, "critical", held, lambda t: shed[t] <= limit[t] * capacity)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Critical power in; heat out, part by liquid and part by air."""
        liquid, air = Term("load", self.rack.liquid_share), Term("load", 1 - self.rack.liquid_share)
        heat = (flow("liquid_heat", +1, liquid),) if self.rack.liquid_share > 0 else ()
        return (flow("critical_power", -1, "load"), *heat, flow("air_heat", +1, air))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Compute that is shed, in accelerator-hours and in money."""
        per_megawatt = 1 / self.rack.power_per_accelerator
        lost = Effect("shed", self.tranche, (Term("shed", per_megawatt, "accelerator/MW"),))
        price = per_megawatt * self.value_of_lost_load
        return (lost, Effect("money", "lost_load", (Term("shed", price, "USD/MWh"),)))

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        return ()
