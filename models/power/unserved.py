"""Station power that is not met, and heat of the electrical chain that finds no cooling, so that operation has an answer for every plan.

Shedding compute (models/fleet/accelerators.py) cannot release the no-load losses of transformers and UPS, nor the heat that they leave in the
halls. Those may go unserved, at twice the dearest value of compute that could have been shed, so that shedding always comes first. There is none in
design hours.
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
from ..terms import Effect, Flow, Term, flow, variable

ABOVE_LOST_LOAD = 2.0


@dataclass(frozen=True)
class Unserved:
    """`value_of_lost_load` in USD per MWh of IT; `halls`: whether there are halls that are cooled, not a measured load alone."""

    value_of_lost_load: float
    halls: bool = True

    @property
    def name(self) -> str:
        return "unserved"

    @property
    def assets(self) -> tuple[Asset, ...]:
        return ()

    @property
    def states(self) -> tuple[State, ...]:
        return ()

    def prepare(self, conditions: Conditions) -> Hourly:
        """Hours in which it is allowed: all but the design hours."""
        return {"allowed": 1.0 - conditions.reserve}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add the power unserved, and the heat."""
        for name in self._kinds():
            variable(block, name, period.positions, "MW", upper=np.where(hourly["allowed"] > 0, np.inf, 0.0))

    def _kinds(self) -> tuple[str, ...]:
        return ("power", "heat") if self.halls else ("power",)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """It stands in for supply, and for cooling of the halls' air."""
        return (flow("electricity", +1, "power"), *((flow("air_heat", -1, "heat"),) if self.halls else ()))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Its price, and its energy in a ledger of its own."""
        price = ABOVE_LOST_LOAD * self.value_of_lost_load
        return (Effect("money", "unserved", tuple(Term(name, price, "USD/MWh") for name in self._kinds())),
                Effect("unserved", "station", tuple(map(Term, self._kinds()))))

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        return ()
