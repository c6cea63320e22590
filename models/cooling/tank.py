"""A chilled-water tank: cold made when power is cheap or the air is cold, used when it is not.

    level[t] = (1 - loss) level[t-1] + charge[t] - discharge[t]          MWh of cold; loss: standing loss of an hour
    level <= energy ;  charge, discharge <= energy / charge_hours ;  level at the end of every slice = one level of the phase, a state of the plan

Charging puts its heat on the chilled loop, as another load on the chillers; discharging takes heat off it. Water is stored at the loop's supply and
return (a stratified tank), so it needs no colder machine, and its volume is energy over density x heat capacity x range. A tank is not relied on in
design hours: chillers are sized as if it were not there. Losses and costs: models/data/cooling.csv.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset, spend_curve
from ..component import Hourly, Loading, State
from ..conditions import Conditions, Setting
from ..horizon import Period
from ..storage import Horizon, level_missed, level_states, stock
from ..terms import Effect, Flow, Term, constant, flow, rows, variable


@dataclass(frozen=True)
class Tank:
    """Storage by MWh thermal; `hours` to charge it at its rate, `loss` of what it holds in an hour; value_of_lost_load in USD per MWh of IT."""

    asset: Asset
    hours: float
    loss: float
    horizon: Horizon = "week"
    value_of_lost_load: float = 0.0

    @property
    def name(self) -> str:
        return self.asset.name

    @property
    def assets(self) -> tuple[Asset, ...]:
        return (self.asset,)

    @property
    def states(self) -> tuple[State, ...]:
        return level_states(self.name, self.asset.name, 0.0, self.horizon)

    def prepare(self, conditions: Conditions) -> Hourly:
        """Design hours have no storage: it does not count as firm."""
        return {"usable": np.where(conditions.reserve > 0, 0.0, 1.0)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add charge, discharge and level."""
        if not hourly["usable"].any():
            return
        charge = variable(block, "charge", period.positions, "MW")
        discharge = variable(block, "discharge", period.positions, "MW")
        level = variable(block, "level", period.positions, "MWh")
        hour, kept = constant(block, "hour", 1.0, "hour"), constant(block, "kept", 1 - self.loss, "1")
        energy = state[self.asset.name]
        stock(block, self.name, level, period, self.horizon, state, lambda t, before:
              level[t] == kept * before + hour * (charge[t] - discharge[t]))
        rows(block, "level_within", period.positions, lambda t: level[t] <= energy)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Heat onto the chilled loop, and off it."""
        return (flow("chilled", +1, "charge"), flow("chilled", -1, "discharge")) if hourly["usable"].any() else ()

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Levels missed."""
        return (level_missed(self.value_of_lost_load),) if hourly["usable"].any() else ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Charge and discharge share the pipes, rated at the energy over the hours it takes."""
        return (Loading(self.asset.name, (Term("charge", self.hours, "hour"), Term("discharge", self.hours, "hour"))),) if hourly["usable"].any() else ()


def chilled_water_tank(setting: Setting, technology: str = "chilled_water_tank") -> Tank:
    """A tank of the catalogue."""
    number = setting.catalog.number
    asset = Asset(
        name=technology, technology=technology, unit_size=number(technology, "unit_size", "MWh"), unit="MWh",
        integer=number(technology, "modular", "1") > 0, capital=number(technology, "capital_cost", "USD/MWh"),
        fixed=number(technology, "fixed_cost", "USD/MWh/year"), lead_time=number(technology, "lead_time", "day"),
        life=number(technology, "life", "year"), land=number(technology, "land", "m2/MWh"), spend=spend_curve(setting.catalog, technology))
    return Tank(asset, number(technology, "charge_hours", "hour"), number(technology, "standing_loss", "1/hour"),
                setting.storage_horizon, setting.value_of_lost_load)
