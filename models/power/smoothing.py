"""Storage that keeps the swing of a training load within what the utility allows: capacitors or batteries on the campus bus.

    loss = (1 - round-trip efficiency) x min(D, 1 - D) x capacity            D: share of a training step at full power

What goes in comes out within seconds (models/physics/pulsing.py), so by the hour only its loss is seen: that of cycling at its rating in every
step, as long as it stands. How much must be there is a limit of the site (planner/pulsing.py). Energy is bought with the power, in the ratio
that the steps and a stop of the largest load ask for, and at least what comes with the converter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..catalog import Catalog
from ..component import Hourly, Loading, State
from ..conditions import Conditions
from ..horizon import Period
from ..physics.pulsing import Pulse, cycled_share
from ..terms import Effect, Flow, constant, flow, rows, variable

TECHNOLOGIES = ("smoothing_capacitor", "smoothing_battery")
SECONDS_PER_HOUR = 3600.0


@dataclass(frozen=True)
class Smoothing:
    """Storage by MW; `loss_share` is lost of its capacity in every hour."""

    asset: Asset
    loss_share: float

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
        """Nothing depends on the hour but its number."""
        return {"one": np.ones(len(conditions))}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add what cycling loses."""
        loss = variable(block, "loss", period.positions, "MW")
        share = constant(block, "loss_share", self.loss_share, "1")
        rows(block, "cycling", period.positions, lambda t: loss[t] == share * state[self.asset.name])

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Its loss, from the campus bus."""
        return (flow("electricity", -1, "loss"),)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        return ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """None: its power is spoken for in every hour."""
        return ()


def smoothing(catalog: Catalog, technology: str, pulse: Pulse, seconds: float) -> Smoothing:
    """Storage of the catalogue with energy for so many seconds at its power."""
    hours = max(seconds, catalog.number(technology, "least_energy", "second")) / SECONDS_PER_HOUR
    capital = catalog.number(technology, "capital_cost", "USD/MW") + hours * catalog.number(technology, "capital_cost_energy", "USD/MWh")
    lost = 1 - catalog.number(technology, "round_trip_efficiency", "1")
    return Smoothing(from_catalog(catalog, technology, capital=capital), lost * cycled_share(pulse))
