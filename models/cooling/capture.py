"""Heat capture at the rack: cold plates, baths, rear doors, room air handlers. One formulation; a technology is its catalogue rows and a line.

    cold_plate, two_phase_cold_plate            liquid heat -> warm loop
    immersion                                   liquid heat and air heat -> warm loop: a bath catches all of the racks in it,
                                                air heat <= most_air x liquid heat
    air_handler, contained_air_handler, rear_door   air heat -> chilled loop
    power of fans, and of the pumps of the loop: MW per MW of heat at rating, by the affinity laws, and heat of the loop like the rest

Heat that the liquid does not catch is the rack's air heat, and goes to air, with that of network and support racks and of the electrical chain.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..catalog import Catalog
from ..component import Hourly, Loading, State, sum_of
from ..conditions import Conditions, Setting
from ..horizon import Period
from ..pieces import drawn
from ..tangents import Tangent, power_tangents
from ..terms import Effect, Flow, Term, constant, flow, rows, variable


@dataclass(frozen=True)
class Capture:
    """Units that move IT heat into a water loop. `power`: MW per MW of heat at full load; `most_air`: air heat per liquid heat of racks in a bath."""

    asset: Asset
    sources: tuple[str, ...]
    level: str
    power: float
    exponent: float
    most_air: float = math.inf

    @property
    def name(self) -> str:
        return self.asset.name

    @property
    def assets(self) -> tuple[Asset, ...]:
        return (self.asset,)

    @property
    def states(self) -> tuple[State, ...]:
        return ()

    @property
    def tangents(self) -> tuple[Tangent, ...]:
        """Of part load by the affinity laws."""
        return power_tangents(self.exponent)

    @property
    def heats(self) -> dict[str, str]:
        """Variable of each source: heat, or where there are several liquid_heat and air_heat."""
        return {source: "heat" if len(self.sources) == 1 else source for source in self.sources}

    def prepare(self, conditions: Conditions) -> Hourly:
        """Full-load power per MW of heat."""
        return {"power": np.full(len(conditions), self.power)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add heat moved and power used."""
        for heat in self.heats.values():
            variable(block, heat, period.positions, "MW")
        if math.isfinite(self.most_air):
            most = constant(block, "most_air", self.most_air, "1")
            rows(block, "in_the_bath", period.positions, lambda t: block.air_heat[t] <= most * block.liquid_heat[t])  # type: ignore[attr-defined]
        power = variable(block, "power", period.positions, "MW")
        moved = sum_of(block, "moved", self._moved(), len(period))
        drawn(block, "affinity", power, moved, state[self.asset.name], self.tangents, hourly["power"])

    def _moved(self) -> tuple[Term, ...]:
        return tuple(Term(heat) for heat in self.heats.values())

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Heat from the rack into the loop, with the heat of fans or pumps."""
        taken = tuple(flow(source, -1, heat) for source, heat in self.heats.items())
        return (*taken, flow(self.level, +1, *self.heats.values(), "power"), flow("low_voltage", -1, "power"))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        return ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Heat moved."""
        return (Loading(self.asset.name, self._moved()),)


TAKES = {
    "cold_plate": ("liquid_heat",), "two_phase_cold_plate": ("liquid_heat",), "immersion": ("liquid_heat", "air_heat"),
    "air_handler": ("air_heat",), "contained_air_handler": ("air_heat",), "rear_door": ("air_heat",),
}
USUAL = {"liquid_heat": "cold_plate", "air_heat": "air_handler"}


def chosen(catalog: Catalog, allowed: Iterable[str], liquid_racks: bool) -> tuple[str, ...]:
    """Captures that a site may buy: those that it allows; the usual one for a kind of heat that none of them takes, and for air that no bath holds."""
    named = {name: TAKES[catalog.origin(name)] for name in allowed if catalog.origin(name) in TAKES}
    taken = {source for sources in named.values() for source in sources if source == "liquid_heat" or sources == ("air_heat",)}
    kinds = ("liquid_heat", "air_heat") if liquid_racks else ("air_heat",)
    return (*(USUAL[kind] for kind in kinds if kind not in taken), *named)


def liquid(setting: Setting, technology: str) -> Capture:
    """Cold plates, single-phase (pumped water) or two-phase (a refrigerant boils, a tenth of the flow), and their distribution units."""
    return _capture(setting, technology, ("liquid_heat",), "warm", ("pump_power",))


def bath(setting: Setting, technology: str) -> Capture:
    """Servers immersed in a dielectric that a heat exchanger in the tank cools."""
    return replace(_capture(setting, technology, ("liquid_heat", "air_heat"), "warm", ("pump_power",)), most_air=setting.bath_air)


def air(setting: Setting, technology: str) -> Capture:
    """Air handlers on chilled water, with or without containment of the hot aisle, and doors that cool the air as it leaves the rack."""
    return _capture(setting, technology, ("air_heat",), "chilled", ("fan_power", "pump_power"))


def _capture(setting: Setting, technology: str, sources: tuple[str, ...], level: str, powers: tuple[str, ...]) -> Capture:
    number = setting.catalog.number
    return Capture(from_catalog(setting.catalog, technology, group="cooling"), sources, level,
                   sum(number(technology, power, "1") for power in powers), number(technology, "part_load_exponent", "1"))
