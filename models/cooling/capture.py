"""Heat capture at the rack: cold plate with coolant distribution unit (liquid), room air handler (air).

    liquid heat -> warm loop by the cold plate, pump_power MW of pumping per MW of heat at rating, by the affinity laws
    air heat    -> chilled loop by the air handler, whose fan power is heat too
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State, bounded_below
from ..conditions import Conditions, Setting
from ..horizon import Period
from ..tangents import Tangent, power_tangents
from ..terms import Effect, Flow, Term, flow, variable


@dataclass(frozen=True)
class Capture:
    """Units that move IT heat into a water loop. `power`: MW per MW of heat at full load; `heats` says whether it joins the loop's heat."""

    asset: Asset
    source: str
    level: str
    power: float
    tangents: tuple[Tangent, ...]

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
        """Full-load power per MW of heat."""
        return {"power": np.full(len(conditions), self.power)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add heat moved and power used."""
        heat = variable(block, "heat", period.positions, "MW")
        power = variable(block, "power", period.positions, "MW")
        bounded_below(block, "affinity", power, lambda t: heat[t], state[self.asset.name], self.tangents, hourly["power"])

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Heat from the rack into the loop, with the heat of fans or pumps."""
        return (flow(self.source, -1, "heat"), flow(self.level, +1, "heat", "power"), flow("low_voltage", -1, "power"))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        return ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Heat moved."""
        return (Loading(self.asset.name, (Term("heat"),)),)


def cold_plate(setting: Setting, technology: str = "cold_plate") -> Capture:
    """Cold plates and coolant distribution units."""
    number = setting.catalog.number
    tangents = power_tangents(number(technology, "part_load_exponent", "1"))
    return Capture(from_catalog(setting.catalog, technology, group="cooling"), "liquid_heat", "warm",
                   number(technology, "pump_power", "1"), tangents)


def air_handler(setting: Setting, technology: str = "air_handler") -> Capture:
    """Room air handlers on chilled water."""
    number = setting.catalog.number
    tangents = power_tangents(number(technology, "part_load_exponent", "1"))
    return Capture(from_catalog(setting.catalog, technology, group="cooling"), "air_heat", "chilled",
                   number(technology, "fan_power", "1"), tangents)
