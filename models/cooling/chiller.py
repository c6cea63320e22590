"""Water-cooled chiller: takes the heat of the chilled loop and lifts it, with its work, to the cool or the warm loop.

    power >= ratio[t] * rating / COP[t] * (a + b u + c u^2),   u = q / (ratio[t] * rating), machines staged, by tangents (models/tangents.py)
    heat to the target loop = q + power

COP at the hour's condenser water: the published curves inside their range, the Carnot-fraction law outside (models/physics/chillers.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State, sum_of
from ..conditions import Conditions, Loops, Setting
from ..horizon import Period
from ..physics.chillers import ChillerCurves, chiller_curves, cop, full_load_capacity_ratio
from ..tangents import Tangent, staged_tangents
from ..terms import Effect, Flow, Term, constant, data, flow, rows, variable


@dataclass(frozen=True)
class Chiller:
    """A plant of chillers that may reject to the loops in `targets`."""

    asset: Asset
    loops: Loops
    targets: tuple[str, ...]
    curves: ChillerCurves
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
        """1/COP and capacity ratio by hour and target."""
        chilled = self.loops.supply("chilled", conditions)
        hourly = {}
        for target in self.targets:
            condenser = self.loops.supply(target, conditions)
            hourly[f"specific_{target}"] = 1 / cop(self.curves, chilled, condenser)
            hourly[f"ratio_{target}"] = full_load_capacity_ratio(self.curves, chilled, condenser)
        return hourly

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add heat lifted to each target and the power that takes."""
        for target in self.targets:
            variable(block, f"heat_{target}", period.positions, "MW")
            variable(block, f"power_{target}", period.positions, "MW")
        for number, tangent in enumerate(self.tangents):
            self._part_load(block, period, hourly, number, tangent, state[self.asset.name])
        capacity, drawn = state[self.asset.name], self._reference(block, period, hourly, "full")
        rows(block, "full_load", period.positions, lambda t: drawn(t) <= capacity)

    def _part_load(self, block: pyo.Block, period: Period, hourly: Hourly, number: int, tangent: Tangent, capacity) -> None:
        """Reference power (power x COP / ratio, summed over targets) above one tangent of the part-load curve."""
        if tangent.capacity_weight == 0:
            for target in self.targets:
                least = data(block, f"least_{target}", tangent.load_weight * hourly[f"specific_{target}"], "1")
                power, heat = getattr(block, f"power_{target}"), getattr(block, f"heat_{target}")
                rows(block, f"staged_{target}", period.positions,
                     lambda t, power=power, heat=heat, least=least: power[t] >= least[t] * heat[t])
            return
        reference = self._reference(block, period, hourly, str(number))
        used = sum_of(block, f"used_{number}", self._used(hourly), len(period))
        fixed = constant(block, f"fixed_{number}", tangent.capacity_weight, "1")
        slope = constant(block, f"slope_{number}", tangent.load_weight, "1")
        rows(block, f"part_load_{number}", period.positions, lambda t: reference(t) >= fixed * capacity + slope * used(t))

    def _reference(self, block: pyo.Block, period: Period, hourly: Hourly, name: str):
        """Power over what the rating draws at full load at the hour's temperatures, times the rating."""
        return sum_of(block, f"reference_{name}", tuple(
            Term(f"power_{target}", 1 / (hourly[f"specific_{target}"] * hourly[f"ratio_{target}"])) for target in self.targets), len(period))

    def _used(self, hourly: Hourly) -> tuple[Term, ...]:
        return tuple(Term(f"heat_{target}", 1 / hourly[f"ratio_{target}"]) for target in self.targets)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Heat out of the chilled loop, heat and work into the target, power from the low-voltage bus."""
        heats = tuple(f"heat_{target}" for target in self.targets)
        powers = tuple(f"power_{target}" for target in self.targets)
        lifted = tuple(flow(target, +1, f"heat_{target}", f"power_{target}") for target in self.targets)
        return (flow("chilled", -1, *heats), flow("low_voltage", -1, *powers), *lifted)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        return ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Heat taken, over what the temperatures leave of the rating."""
        return (Loading(self.asset.name, self._used(hourly)),)


def water_cooled_chiller(setting: Setting, technology: str = "water_cooled_chiller") -> Chiller:
    """Chillers of the catalogue; they may reject to the cool loop and, where there is one, to the warm loop."""
    number = setting.catalog.number
    part_load = (number(technology, f"eirfplr_c{term}", "1") for term in (1, 2, 3))
    return Chiller(from_catalog(setting.catalog, technology, group="cooling"), setting.loops,
                   tuple(level for level in ("cool", "warm") if level in setting.levels),
                   chiller_curves(setting.catalog, technology), staged_tangents(*part_load))
