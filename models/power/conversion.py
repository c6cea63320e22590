"""A stage of the electrical chain with convex loss: unit transformer, uninterruptible supply.

    input = through + loss + series_loss * through
    loss >= a * rating + b * through + c * through^2 / rating                   by tangents, homogeneous in (through, rating)

Redundant units stay energised, so a plant at low load pays its no-load loss.
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
from ..physics.electrical import loss_coefficients_from_points
from ..tangents import Tangent, quadratic_tangents
from ..terms import Effect, Flow, Term, flow, variable

UPS_LOADS = (10, 25, 50, 75, 100)


@dataclass(frozen=True)
class Conversion:
    """Power from one carrier to another. `series_loss` is lost of what comes out, on the way on (distribution)."""

    asset: Asset
    source: str
    target: str
    tangents: tuple[Tangent, ...]
    full_load_loss: float
    series_loss: float

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
        bounded_below(block, "conversion", loss, lambda t: through[t], state[self.asset.name], self.tangents, hourly["one"], self.full_load_loss)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Taken from the source with the loss, given to the target less what distribution loses."""
        return (flow(self.source, -1, "through", "loss"), flow(self.target, +1, Term("through", 1.0 - self.series_loss)))

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        return ()

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """What passes loads the units."""
        return (Loading(self.asset.name, (Term("through"),)),)


def transformer(setting: Setting, technology: str = "transformer") -> Conversion:
    """Unit transformers, medium to low voltage: P0 + Pk u^2."""
    number = setting.catalog.number
    no_load, load = number(technology, "no_load_loss", "1"), number(technology, "load_loss", "1")
    asset = from_catalog(setting.catalog, technology, group="transformer")
    return Conversion(asset, "electricity", "low_voltage", quadratic_tangents(no_load, 0.0, load), no_load + load, 0.0)


def ups(setting: Setting, technology: str = "ups") -> Conversion:
    """Uninterruptible supply, its loss fitted to the catalogue's efficiency points, and the distribution behind it."""
    number = setting.catalog.number
    loads = np.array(UPS_LOADS) / 100
    efficiency = np.array([number(technology, f"efficiency_{load}", "1") for load in UPS_LOADS])
    a, b, c = loss_coefficients_from_points(loads, efficiency)
    asset = from_catalog(setting.catalog, technology, group="ups")
    return Conversion(asset, "low_voltage", "critical_power", quadratic_tangents(a, b, c), a + b + c, number("distribution", "loss", "1"))
