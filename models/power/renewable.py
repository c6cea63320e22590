"""A field that the weather drives, solar PV or wind, per MW of rating: `generation <= yield[t] * capacity`, the rest is curtailed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from ..asset import Asset, from_catalog
from ..component import Hourly, Loading, State
from ..conditions import Conditions, Setting
from ..horizon import Period
from ..terms import Effect, Flow, Term, data, flow, rows, variable
from .yields import given_yield, yield_series


@dataclass(frozen=True)
class Renewable:
    """A field; its hourly yield is the series `yield_` of its technology in the conditions (models/physics/generation.py)."""

    asset: Asset
    series: str
    variable_cost: float

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
        """Yield by hour; none in design hours, where only firm supply counts."""
        return {"yield": given_yield(conditions, self.series)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add generation, at most what the weather gives."""
        generation = variable(block, "generation", period.positions, "MW")
        share = data(block, "yield_share", hourly["yield"], "1")
        capacity = state[self.asset.name]
        rows(block, "weather", period.positions, lambda t: generation[t] <= share[t] * capacity)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Electricity."""
        return (flow("electricity", +1, "generation"),)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Variable operation."""
        return (Effect("money", "variable_operation", (Term("generation", self.variable_cost, "USD/MWh"),)),)

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """None: the weather's row is the capacity row."""
        return ()


def from_setting(setting: Setting, technology: str, **changes) -> Renewable:
    """A field of the catalogue."""
    return Renewable(from_catalog(setting.catalog, technology, **changes), yield_series(setting.catalog, technology),
                     setting.catalog.number(technology, "variable_cost", "USD/MWh"))
