"""The dispatch of all 8760 h of every year, with the sizes held: month by month (planner/blocks.py), budgets of a year rationed by price
(planner/ration.py). Years with the same states, prices and budgets are solved once."""

from dataclasses import dataclass, field

import numpy as np

from ..models.horizon import HOURS_PER_YEAR
from .blocks import Block
from .case import Case
from .investment import Investment
from .progress import Reporter
from .sweep import Sweep
from .years import Operated, Overdrawn, operate, operating_years


@dataclass
class Operation:
    """A phase's dispatch in a weather year: hourly values by (component, variable), NaN in months outside the phase; amounts by (component, ledger, item),
    in real USD of the year for money, with price escalation, not discounted; what a MWh more at the main bus would cost by hour, USD/MWh."""

    hourly: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    amounts: dict[tuple[str, str, str], float] = field(default_factory=dict)
    electricity_price: np.ndarray = field(default_factory=lambda: np.full(HOURS_PER_YEAR, np.nan))

    def add(self, block: Block, prices: np.ndarray, x: np.ndarray, electricity_price: np.ndarray) -> None:
        """Put a month in its place."""
        self.electricity_price[block.period.hour] = electricity_price
        for name, values in block.values(x).items():
            if values.size == len(block.period):
                self.hourly.setdefault(name, np.full(HOURS_PER_YEAR, np.nan))[block.period.hour] = values
        for line, price, amount in zip(block.lines, prices, block.amounts @ x, strict=True):
            factor = price if line.effect.ledger == "money" else 1.0
            key = (line.component, line.effect.ledger, line.effect.item)
            self.amounts[key] = self.amounts.get(key, 0.0) + factor * float(amount)

    def total(self, ledger: str, item: str | None = None) -> float:
        """Sum of a ledger, or of one item of it."""
        return sum(amount for (_, booked, name), amount in self.amounts.items() if booked == ledger and item in (None, name))


@dataclass(frozen=True)
class Dispatch:
    """Operation by phase index in every weather year, the units of its variables, budgets that could not be kept, and by (name, unit) and phase
    index what a unit more of a year's budget would save in net present USD, expected (at the year's first phase)."""

    operations: dict[int, dict[int, Operation]]
    units: dict[tuple[str, str], str]
    overdrawn: tuple[Overdrawn, ...]
    budget_prices: dict[tuple[str, str], dict[int, float]] = field(default_factory=dict)


def dispatch(case: Case, investment: Investment, sweep: Sweep, report: Reporter, hints: list[np.ndarray]) -> Dispatch:
    """Dispatch every operating phase with the capacities of the investment; `hints` are the prices that its budgets had last."""
    report("dispatch of every hour")
    operations: dict[int, dict[int, Operation]] = {}
    overdrawn: list[Overdrawn] = []
    prices: dict[tuple[str, str], dict[int, float]] = {}
    for operated in operate(sweep, operating_years(case, sweep.blocks), investment.states, solutions=True, hints=hints):
        _book(operations, operated, sweep)
        overdrawn += operated.overdrawn
        for budget, price in zip(operated.year.budgets, operated.ration.worth, strict=True):
            by_phase, first = prices.setdefault((budget.name, budget.unit), {}), operated.year.phases[0].index
            by_phase[first] = by_phase.get(first, 0.0) + operated.year.discount * float(price)
    units = {name: unit for block in sweep.blocks.values() for name, unit in block.units.items()}
    return Dispatch(operations, units, tuple(overdrawn), prices)


def _book(operations: dict[int, dict[int, Operation]], operated: Operated, sweep: Sweep) -> None:
    for month, x, reply in zip(operated.year.months, operated.ration.solutions(), operated.replies, strict=True):
        by_year = operations.setdefault(month.phase.index, {})
        by_year.setdefault(operated.year.scenario, Operation()).add(sweep.blocks[month.number], month.prices, x, reply.electricity_price)
