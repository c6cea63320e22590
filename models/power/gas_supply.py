"""Pipeline gas: `purchase <= capacity` in MW of fuel (higher heating value), paid by MWh, with its carbon."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from ..asset import Asset
from ..component import Hourly, Loading, State
from ..conditions import Conditions
from ..horizon import Period
from ..terms import Effect, Flow, Term, flow, variable


@dataclass(frozen=True)
class GasSupply:
    """One pipeline or lateral. price in USD per MWh of fuel, carbon in tonne_CO2e per MWh of fuel."""

    asset: Asset
    price: float
    escalation: float
    carbon: float

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
        """Nothing depends on the hour."""
        return {}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add the purchase."""
        variable(block, "purchase", period.positions, "MW")

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """Fuel to the site."""
        return (flow("gas", +1, "purchase"),)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """Fuel cost and carbon."""
        return (Effect("money", "fuel", (Term("purchase", self.price, "USD/MWh"),), escalation=self.escalation),
                Effect("carbon", "fuel", (Term("purchase", self.carbon, "tonne_CO2e/MWh"),)))

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """The pipeline's capacity."""
        return (Loading(self.asset.name, (Term("purchase"),)),)
