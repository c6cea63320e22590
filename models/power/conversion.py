"""The electrical chain from the campus bus to the inlet of the racks, in components of one convex loss curve each (chain.py says of which stages).

    source = through + loss ;  target = through ;  heat of the halls' air = hall_heat x loss
    loss is the largest of F'(u) through + (F(u) - u F'(u)) rating at some u: tangents of the curve of all that a component's stages lose in series

Redundant units stay energised and share the load (an idle reserve: models/physics/electrical.py), so a plant at low load pays its no-load
loss. Stages behind the unit that is rated lose of what it gives: `through` reaches the rating of a UPS at 1 / `rating_per_output`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.polynomial import Polynomial

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State
from ..conditions import Conditions, Setting
from ..horizon import Period
from ..pieces import drawn
from ..tangents import UTILISATIONS, Tangent, curve_tangents
from ..terms import Effect, Flow, Term, flow, variable
from .chain import Stage, group_of, hall_heat, part, stages
from .topology import Topology

CARRIERS = {"transformer": ("electricity", "low_voltage"), "ups": ("low_voltage", "critical_power"), "rectifier_800v": ("electricity", "critical_power")}


@dataclass(frozen=True)
class Conversion:
    """Power from one carrier to another. `rating_per_output`: rating that is taken up by what comes out; `loss_curve` as shares of the rating,
    its tangents at the loads `touched`; `hall_heat`: share of the loss that warms the halls' air."""

    asset: Asset
    source: str
    target: str
    loss_curve: Polynomial
    touched: tuple[float, ...]
    rating_per_output: float
    hall_heat: float = 0.0

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
        """Of what is lost."""
        return curve_tangents(self.loss_curve, self.touched)

    def prepare(self, conditions: Conditions) -> Hourly:
        """Nothing depends on the hour but its number."""
        return {"one": np.ones(len(conditions))}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add what passes and what is lost."""
        through = variable(block, "through", period.positions, "MW")
        loss = variable(block, "loss", period.positions, "MW")
        drawn(block, "conversion", loss, lambda t: through[t], state[self.asset.name], self.tangents, hourly["one"],
              1 / self.rating_per_output)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Taken from the source with the loss, given to the target; heat of the halls' air."""
        heat = (flow("air_heat", +1, Term("loss", self.hall_heat)),) if self.hall_heat > 0 else ()
        return (flow(self.source, -1, "through", "loss"), flow(self.target, +1, "through"), *heat)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        return ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """What passes loads the units, with what is lost behind them."""
        return (Loading(self.asset.name, (Term("through", self.rating_per_output),)),)


def conversion(asset: Asset, source: str, target: str, shape: Topology, behind: tuple[Stage, ...], rest: tuple[Stage, ...]) -> Conversion:
    """A component of stages, the load's end first: those behind the unit that is rated, and the unit with what lies before it."""
    lost = part(shape, behind, rest)
    return Conversion(asset, source, target, lost.curve, tuple(shape.share * u for u in UTILISATIONS), lost.rating_per_output)


def from_setting(setting: Setting, technology: str) -> Conversion:
    """A component of the chain, by the topology of its group: transformer, ups or rectifier_800v with the stages of chain.py."""
    catalog, electrical = setting.catalog, setting.electrical
    group, shape = group_of(technology), electrical.topology(group_of(technology))
    switches = shape.share * catalog.number("static_transfer_switch", "capital_cost", "USD/MW") if shape.idle and group == "ups" else 0.0
    asset = from_catalog(catalog, technology, group=group, capital=catalog.number(technology, "capital_cost", "USD/MW") + switches)
    made = conversion(asset, *CARRIERS[technology], shape, *stages(catalog, electrical, technology))
    return replace(made, hall_heat=hall_heat(catalog, electrical, technology))
