"""Power bought off site under a contract, brought by the grid: as a wind or solar field produces it, or the same in every hour.

    delivered[t] + spilled[t] = yield[t] * capacity          all that is produced is paid (take or pay); what the site cannot use is lost
    cost = price * (delivered + spilled) + delivery * delivered

What is delivered passes the connection and the meter: it stands in for energy bought under the tariff, whose demand charges it does not
lower (grid.py). It counts as free of carbon in the hour in which it is used, and for nothing in design hours.
"""

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
class PurchaseAgreement:
    """One contract, by the MW. price and delivery in USD per MWh; `series` is its production as a share of its size."""

    asset: Asset
    series: str
    price: float
    delivery: float

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
        """Production by hour; none in design hours."""
        return {"yield": given_yield(conditions, self.series)}

    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None:
        """Add what is delivered and what is spilled."""
        delivered = variable(block, "delivered", period.positions, "MW")
        spilled = variable(block, "spilled", period.positions, "MW")
        share = data(block, "yield_share", hourly["yield"], "1")
        capacity = state[self.asset.name]
        rows(block, "produced", period.positions, lambda t: delivered[t] + spilled[t] == share[t] * capacity)

    def flows(self, hourly: Hourly) -> tuple[Flow, ...]:
        """To the meter."""
        return (flow("contract", +1, "delivered"),)

    def effects(self, hourly: Hourly) -> tuple[Effect, ...]:
        """All that is produced, at the price of the contract; delivery of what is used."""
        bought = (Term("delivered", self.price + self.delivery, "USD/MWh"), Term("spilled", self.price, "USD/MWh"))
        return (Effect("money", "contract", bought),)

    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]:
        """None: production is fixed by the contract's size."""
        return ()


def from_setting(setting: Setting, technology: str, **changes) -> PurchaseAgreement:
    """A contract of the catalogue."""
    number = setting.catalog.number
    return PurchaseAgreement(from_catalog(setting.catalog, technology, **changes), yield_series(setting.catalog, technology),
                             number(technology, "price", "USD/MWh"), number(technology, "delivery_cost", "USD/MWh"))
