"""A battery: power and energy bought apart.

    level[t] = level[t-1] + efficiency * charge[t] - discharge[t] / efficiency,  efficiency = sqrt(round trip)
    minimum_level * energy <= level <= energy ;  levels at the rims of runs of hours are states of the plan (models/storage.py)
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State
from ..conditions import Conditions, Setting
from ..horizon import Period
from ..storage import Horizon, level_missed, level_states, stock
from ..terms import Effect, Flow, Term, constant, flow, rows, variable


@dataclass(frozen=True)
class Battery:
    """Power (MW) and energy (MWh) of one storage plant; wear_cost in USD per MWh discharged, value_of_lost_load per MWh of IT."""

    power: Asset
    energy: Asset
    round_trip_efficiency: float
    minimum_level: float
    wear_cost: float
    horizon: Horizon = "week"
    value_of_lost_load: float = 0.0

    @property
    def name(self) -> str:
        return self.power.name.removesuffix("_power")

    @property
    def assets(self) -> tuple[Asset, ...]:
        return (self.power, self.energy)

    @property
    def states(self) -> tuple[State, ...]:
        return level_states(self.name, self.energy.name, self.minimum_level, self.horizon)

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
        hour = constant(block, "hour", 1.0, "hour")
        one_way = constant(block, "one_way_efficiency", math.sqrt(self.round_trip_efficiency), "1")
        least = constant(block, "minimum_level", self.minimum_level, "1")
        energy = state[self.energy.name]
        stock(block, self.name, level, period, self.horizon, state, lambda t, before:
              level[t] == before + hour * (one_way * charge[t] - discharge[t] / one_way))
        rows(block, "level_within", period.positions, lambda t: level[t] <= energy)
        rows(block, "level_above", period.positions, lambda t: level[t] >= least * energy)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Discharge less charge."""
        if not hourly["usable"].any():
            return ()
        return (flow("electricity", +1, "discharge"), flow("electricity", -1, "charge", used=False))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Wear by energy discharged; levels missed."""
        wear = Effect("money", "wear", (Term("discharge", self.wear_cost, "USD/MWh"),))
        return (wear, level_missed(self.value_of_lost_load)) if hourly["usable"].any() else ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Charge and discharge share the inverter."""
        return (Loading(self.power.name, (Term("charge"), Term("discharge"))),) if hourly["usable"].any() else ()


def from_setting(setting: Setting, technology: str = "battery", **changes) -> Battery:
    """A battery of the catalogue, its yearly cost carried by the power part."""
    number = setting.catalog.number
    power = from_catalog(setting.catalog, technology, name=f"{technology}_power",
                         capital=number(technology, "capital_cost_power", "USD/MW"), **changes)
    energy = from_catalog(setting.catalog, technology, name=f"{technology}_energy", unit="MWh", fixed=0.0, land=0.0,
                          capital=number(technology, "capital_cost_energy", "USD/MWh"), **changes)
    return Battery(power, energy, number(technology, "round_trip_efficiency", "1"), number(technology, "minimum_level", "1"),
                   number(technology, "wear_cost", "USD/MWh"), setting.storage_horizon, setting.value_of_lost_load)
