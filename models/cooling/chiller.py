"""Chillers: take the heat of a loop and lift it, with their work, to other loops or to outside air.

    power = ratio[t] * rating / COP[t] * (a + b u + c u^2),   u = q / (ratio[t] * rating), machines staged, by tangents (models/tangents.py)
    q = ratio[t] * sum_k piece[k],   power = ratio[t] / COP[t] * sum_k slope[k] * piece[k],   heat to the target loop = q + power
    sum over targets of piece[k] <= width[k] * rating                                                           (models/pieces.py)

COP at the hour's condenser water or outdoor air: the published curves inside their range, the Carnot-fraction law outside
(models/physics/chillers.py). Thin air takes less heat from a condenser: ratio * (1 - capacity_per_pressure * (1 - p / 101325 Pa)).

    water_cooled_chiller   chilled loop -> cool, near or warm loop (towers, coolers take it from there)
    air_cooled_chiller     chilled loop -> outside air
    trim_chiller           warm loop -> outside air, for the hours in which dry coolers do not hold it
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State
from ..conditions import Conditions, Loops, Setting
from ..horizon import Period
from ..physics.chillers import ChillerCurves, chiller_curves, cop, full_load_capacity_ratio, part_load_coefficients
from ..physics.fluids import altitude_share
from ..pieces import Bends, bends
from ..tangents import Tangent, staged_tangents
from ..terms import Effect, Flow, Term, constant, data, flow, part, rows, variable

OUTSIDE = "outside"


@dataclass(frozen=True)
class Chiller:
    """A plant of chillers that takes heat of `source` and may reject to the loops in `targets`, or to outside air."""

    asset: Asset
    loops: Loops
    targets: tuple[str, ...]
    curves: ChillerCurves
    part_load: tuple[float, float, float]
    source: str = "chilled"
    per_pressure: float = 0.0

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
        """Of part load, machines staged."""
        return staged_tangents(*self.part_load)

    def prepare(self, conditions: Conditions) -> Hourly:
        """1/COP and capacity ratio by hour and target."""
        cold, hourly = self.loops.supply(self.source, conditions), {}
        thin = 1 - self.per_pressure * (1 - altitude_share(conditions.pressure))
        for target in self.targets:
            condenser = conditions.dry_bulb if target == OUTSIDE else self.loops.supply(target, conditions)
            hourly[f"specific_{target}"] = 1 / cop(self.curves, cold, condenser)
            hourly[f"ratio_{target}"] = full_load_capacity_ratio(self.curves, cold, condenser) * (thin if target == OUTSIDE else np.ones(len(conditions)))
        return hourly

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add heat lifted to each target and the power that takes."""
        shape = bends(self.tangents)
        split = {target: self._lifted(block, period, hourly, target, shape) for target in self.targets}
        for number, share in enumerate(shape.widths(1.0)):
            together = [pieces[number] for pieces in split.values()]
            width = constant(block, f"width_{number}", float(share), "1")
            rows(block, f"within_{number}", period.positions, lambda t, together=together, width=width:
                 sum(made[t] for made in together) <= width * state[self.asset.name])

    def _lifted(self, block: Any, period: Period, hourly: Hourly, target: str, shape: Bends) -> list:
        """Heat to a target and its power, both as pieces of the load: their variables."""
        heat, power = (variable(block, f"{what}_{target}", period.positions, "MW") for what in ("heat", "power"))
        inner = part(block, f"to_{target}")
        split = [variable(inner, f"piece_{number}", period.positions, "MW") for number in range(len(shape.pieces))]
        able = data(inner, "ratio", hourly[f"ratio_{target}"], "1")
        taking = [data(inner, f"taking_{number}", piece.slope * hourly[f"specific_{target}"] * hourly[f"ratio_{target}"], "1")
                  for number, piece in enumerate(shape.pieces)]
        rows(inner, "load", period.positions, lambda t: heat[t] == able[t] * sum(piece[t] for piece in split))
        rows(inner, "drawn", period.positions, lambda t: power[t] == sum(factor[t] * piece[t] for factor, piece in zip(taking, split, strict=True)))
        return split

    def _used(self, hourly: Hourly) -> tuple[Term, ...]:
        return tuple(Term(f"heat_{target}", 1 / hourly[f"ratio_{target}"]) for target in self.targets)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Heat out of the source, heat and work into the targets that are loops, power from the low-voltage bus."""
        heats = tuple(f"heat_{target}" for target in self.targets)
        powers = tuple(f"power_{target}" for target in self.targets)
        lifted = tuple(flow(target, +1, f"heat_{target}", f"power_{target}") for target in self.targets if target != OUTSIDE)
        return (flow(self.source, -1, *heats), flow("low_voltage", -1, *powers), *lifted)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        return ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """Heat taken, over what the temperatures leave of the rating."""
        return (Loading(self.asset.name, self._used(hourly)),)


def water_cooled_chiller(setting: Setting, technology: str = "water_cooled_chiller") -> Chiller:
    """Chillers of the catalogue; they may reject to the cool loop and, where there are such, to the near and the warm loop."""
    return _chiller(setting, technology, technology, tuple(level for level in ("cool", "near", "warm") if level in setting.levels))


def air_cooled_chiller(setting: Setting, technology: str = "air_cooled_chiller") -> Chiller:
    """Chillers with their condensers in outside air."""
    return _chiller(setting, technology, technology, (OUTSIDE,), per_pressure=setting.catalog.number(technology, "capacity_per_pressure", "1"))


def trim_chiller(setting: Setting, technology: str = "trim_chiller") -> Chiller:
    """The air-cooled machine of the catalogue on the warm loop: its curves, and the Carnot-fraction law far outside them."""
    return _chiller(setting, technology, "air_cooled_chiller", (OUTSIDE,), source="warm",
                    per_pressure=setting.catalog.number("air_cooled_chiller", "capacity_per_pressure", "1"))


def _chiller(setting: Setting, technology: str, machine: str, targets: tuple[str, ...], **fields) -> Chiller:
    return Chiller(from_catalog(setting.catalog, technology, group="cooling"), setting.loops, targets, chiller_curves(setting.catalog, machine),
                   part_load_coefficients(setting.catalog, machine), **fields)
