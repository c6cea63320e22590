"""The electrical chain from the campus bus to the inlet of the racks, in components of one convex loss curve each.

    source = through + loss ;  target = through
    loss >= F'(u) through + (F(u) - u F'(u)) rating at some u: tangents of the curve of all that a component's stages lose in series

    component       from                to               stages, source first
    transformer     campus bus (MV)     low voltage      medium-voltage switchgear and cables, unit transformer
    ups             low voltage         rack inlet, AC   uninterruptible supply, static transfer switch (block redundant), PDU and busway
    rectifier_800v  campus bus (MV)     rack inlet, DC   medium voltage, rectifier transformer, rectifier with its battery, 800 V busway

Before them come the high-voltage transformers of the grid stages (grid.py). Behind them lies the rack: what a rack draws at its inlet holds the
loss of its power shelf, so the shelf is no part of the chain. Fed with 800 V a rack has a converter in place of the shelf and draws less:
`inlet_ratio`. The inlet is the boundary of PUE either way, so direct current moves the loss of rectification from the IT side to the facility.

Redundant units stay energised and share the load (an idle reserve: models/physics/electrical.py), so a plant at low load pays its no-load
loss. Stages behind the unit that is rated lose of what it gives: `through` reaches the rating of a UPS at 1 / `rating_per_output`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from numpy.polynomial import Polynomial

from ..asset import Asset, from_catalog
from ..catalog import Catalog
from ..component import Hourly, Loading, State, bounded_below
from ..conditions import Conditions, Setting
from ..horizon import Period
from ..physics.electrical import efficiency, idle_reserve, in_series, largest_output, loss_coefficients_from_points
from ..tangents import UTILISATIONS, Tangent, curve_tangents
from ..terms import Effect, Flow, Term, flow, variable
from .topology import AC, DC, ECO, Electrical, Topology

EFFICIENCY_LOADS = (10, 25, 50, 75, 100)
CHAINS = {AC: ("transformer", "ups"), DC: ("transformer", "rectifier_800v")}
TO_THE_RACK = {AC: ("transformer", "ups"), DC: ("rectifier_800v",)}

Stage = tuple[float, float, float]


@dataclass(frozen=True)
class Conversion:
    """Power from one carrier to another. `rating_per_output`: rating that is taken up by what comes out; `loss_curve` as shares of the rating."""

    asset: Asset
    source: str
    target: str
    loss_curve: Polynomial
    tangents: tuple[Tangent, ...]
    rating_per_output: float

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
        """Add what passes and what is lost."""
        through = variable(block, "through", period.positions, "MW")
        loss = variable(block, "loss", period.positions, "MW")
        full_load = float(self.loss_curve(1 / self.rating_per_output))
        bounded_below(block, "conversion", loss, lambda t: through[t], state[self.asset.name], self.tangents, hourly["one"], full_load)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Taken from the source with the loss, given to the target."""
        return (flow(self.source, -1, "through", "loss"), flow(self.target, +1, "through"))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        return ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """What passes loads the units, with what is lost behind them."""
        return (Loading(self.asset.name, (Term("through", self.rating_per_output),)),)


def conversion(asset: Asset, source: str, target: str, shape: Topology, behind: tuple[Stage, ...], rest: tuple[Stage, ...]) -> Conversion:
    """A component of stages, the load's end first: those behind the unit that is rated, and the unit with what lies before it."""
    series = in_series(*behind, *rest)
    curve = idle_reserve(series, shape.share) if shape.idle else series
    tangents = curve_tangents(curve, tuple(shape.share * u for u in UTILISATIONS))
    return Conversion(asset, source, target, curve, tangents, 1 / largest_output(in_series(*behind)))


def transformer(setting: Setting, technology: str = "transformer") -> Conversion:
    """Unit transformers, medium to low voltage, and the medium voltage before them: P0 + Pk u^2."""
    return _made(setting.catalog, setting.electrical, technology)


def ups(setting: Setting, technology: str = "ups") -> Conversion:
    """Uninterruptible supply, its loss fitted to the catalogue's efficiency points, and what lies behind it."""
    return _made(setting.catalog, setting.electrical, technology)


def rectifier_800v(setting: Setting, technology: str = "rectifier_800v") -> Conversion:
    """Rectifier to 800 V with battery on its bus, the transformer and medium voltage before it, the busway behind it."""
    return _made(setting.catalog, setting.electrical, technology)


def _made(catalog: Catalog, electrical: Electrical, technology: str) -> Conversion:
    """A component of the chain, by the topology of its group."""
    group = "transformer" if technology == "transformer" else "ups"
    shape, medium = electrical.topology(group), _distribution(catalog, "medium_voltage")
    switches = shape.share * catalog.number("static_transfer_switch", "capital_cost", "USD/MW") if shape.idle and group == "ups" else 0.0
    asset = from_catalog(catalog, technology, group=group, capital=catalog.number(technology, "capital_cost", "USD/MW") + switches)
    match technology:
        case "transformer":
            return conversion(asset, "electricity", "low_voltage", shape, (), (_transformer(catalog), medium))
        case "ups":
            share = catalog.number("ups", "eco_loss_share", "1") if electrical.ups_mode == ECO else 1.0
            a, b, c = points(catalog, "ups")
            return conversion(asset, "low_voltage", "critical_power", shape, _behind(catalog, "distribution", shape), ((share * a, share * b, share * c),))
        case _:
            stages = (points(catalog, technology), _transformer(catalog), medium)
            return conversion(asset, "electricity", "critical_power", shape, _behind(catalog, "dc_distribution", shape), stages)


def inlet_ratio(catalog: Catalog) -> float:
    """What a rack draws at its inlet from 800 V over what it draws from alternating current: shelf efficiency over converter efficiency."""
    shelf, converter = (float(efficiency(in_series(points(catalog, name)), catalog.number(name, "load_at_peak", "1")))
                        for name in ("power_shelf", "dc_converter"))
    return shelf / converter


def marginal_input(catalog: Catalog, electrical: Electrical) -> float:
    """MW that the campus bus gives more for a MW more at the rack inlet, at full load: product of 1 + F'(u) along the chain."""
    path = [_made(catalog, electrical, name) for name in TO_THE_RACK[electrical.chain]]
    return float(np.prod([1 + part.loss_curve.deriv()(1 / part.rating_per_output) for part in path]))


def chain_efficiency(catalog: Catalog, electrical: Electrical, loading: float) -> float:
    """MW at the rack inlet over MW from the campus bus, every component at `loading` (above 0, to 1) of what its topology lets a unit carry."""
    passed = 1.0
    for name in TO_THE_RACK[electrical.chain]:
        part, group = _made(catalog, electrical, name), "transformer" if name == "transformer" else "ups"
        passed *= float(efficiency(part.loss_curve, loading * electrical.topology(group).share / part.rating_per_output))
    return passed


def points(catalog: Catalog, technology: str) -> Stage:
    """Loss of a stage that the catalogue gives efficiency points of."""
    efficiencies = [catalog.number(technology, f"efficiency_{load}", "1") for load in EFFICIENCY_LOADS]
    return loss_coefficients_from_points(np.array(EFFICIENCY_LOADS) / 100, efficiencies)


def _behind(catalog: Catalog, distribution: str, shape: Topology) -> tuple[Stage, ...]:
    """What lies between the unit and the rack inlet, the load's end first."""
    switch = ((0.0, catalog.number("static_transfer_switch", "loss", "1"), 0.0),) if shape.idle else ()
    return (_distribution(catalog, distribution), *switch)


def _transformer(catalog: Catalog) -> Stage:
    return catalog.number("transformer", "no_load_loss", "1"), 0.0, catalog.number("transformer", "load_loss", "1")


def _distribution(catalog: Catalog, technology: str) -> Stage:
    """Loss at full load, a part of it without load, the rest by the square of the load."""
    loss, idle = catalog.number(technology, "loss", "1"), catalog.number(technology, "no_load_part", "1")
    return idle * loss, 0.0, (1 - idle) * loss
