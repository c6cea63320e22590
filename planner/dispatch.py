"""The dispatch of all 8760 h of every year, with the sizes held.

Month by month each block is solved on its own. What couples the months of a calendar year, its budgets (planner/budgets.py), is rationed by
price: where the months together overdraw a budget, a small linear programme over the months' answers so far sets prices on the budgets, the
months answer again at those prices, and the mix of answers is the year's dispatch (Dantzig and Wolfe 1960). A mix of dispatches is a
dispatch, since operation is linear. Years with the same states, prices and budgets are solved once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from ..models.horizon import HOURS_PER_YEAR, Phase, by_year
from .blocks import Block, LiveBlock, build_block, operating_prices
from .budgets import Budget, budgets
from .case import Case
from .investment import Investment
from .progress import Reporter
from .ration import Answer, ration


@dataclass(frozen=True)
class Month:
    """A month of a phase to be dispatched: its block, the states it has, its prices by line."""

    phase: Phase
    live: LiveBlock
    states: dict[str, float]
    prices: np.ndarray

    @property
    def key(self) -> tuple:
        """Months with equal keys have equal dispatch."""
        return (self.live.block.month, tuple(self.states.items()), self.prices.tobytes())


@dataclass
class Operation:
    """A phase's dispatch: hourly values by (component, variable), NaN in months outside the phase; amounts by (component, ledger, item),
    in real USD of the year for money, with price escalation, not discounted."""

    hourly: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)
    amounts: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def add(self, block: Block, prices: np.ndarray, x: np.ndarray) -> None:
        """Put a month in its place."""
        for name in block.columns:
            if block.columns[name].size == len(block.period):
                self.hourly.setdefault(name, np.full(HOURS_PER_YEAR, np.nan))[block.period.hour] = block.values(name, x)
        for line, price in zip(block.lines, prices, strict=True):
            self._count(line.component, line.effect.ledger, line.effect.item, float(line.vector @ x) * (price if line.effect.ledger == "money" else 1.0))

    def _count(self, component: str, ledger: str, item: str, amount: float) -> None:
        key = (component, ledger, item)
        self.amounts[key] = self.amounts.get(key, 0.0) + amount

    def total(self, ledger: str, item: str | None = None) -> float:
        """Sum of a ledger, or of one item of it."""
        return sum(amount for (_, booked, name), amount in self.amounts.items() if booked == ledger and item in (None, name))


@dataclass(frozen=True)
class Overdrawn:
    """A budget that the dispatch of a year cannot keep with these sizes: by how much, in its unit."""

    budget: Budget
    year: int
    amount: float


@dataclass(frozen=True)
class Dispatch:
    """Operation by phase index, the units of its variables, and budgets that could not be kept."""

    operations: dict[int, Operation]
    units: dict[tuple[str, str], str]
    overdrawn: tuple[Overdrawn, ...]


def dispatch(case: Case, investment: Investment, report: Reporter) -> Dispatch:
    """Dispatch every operating phase with the capacities of the investment."""
    report("building the months")
    live = {month: LiveBlock(build_block(case, month)) for month in sorted({month for phase in case.operating for month in phase.months})}
    operations: dict[int, Operation] = {}
    overdrawn, known = [], {}
    for year, phases in by_year(case.operating):
        report(f"dispatch of {year}")
        months = [_month(case, investment, phase, live[month]) for phase in phases for month in phase.months]
        limits = tuple((budget, budget.fixed(phases) + float(budget.allowance(phases, investment.accelerators))) for budget in budgets(case.site))
        key = (tuple(month.key for month in months), tuple(bound for _, bound in limits))
        if key not in known:
            known[key] = _year(months, limits)
        answers, excess = known[key]
        _book(operations, months, answers)
        overdrawn += [Overdrawn(budget, year, amount) for (budget, _), amount in zip(limits, excess, strict=True) if amount > 1e-6 * budget.scale]
    units = {name: unit for part in live.values() for name, unit in part.block.units.items()}
    return Dispatch(operations, units, tuple(overdrawn))


def _month(case: Case, investment: Investment, phase: Phase, live: LiveBlock) -> Month:
    return Month(phase, live, investment.states(phase), operating_prices(case, live.block, phase))


def _year(months: list[Month], limits: tuple[tuple[Budget, float], ...]) -> tuple[list[np.ndarray], np.ndarray]:
    """Solutions of the months, and by how much they overdraw each budget."""
    bounds = np.array([bound for _, bound in limits])
    scales = np.array([budget.scale for budget, _ in limits])
    return ration([_answer(month, limits) for month in months], bounds, scales)


def _answer(month: Month, limits: tuple[tuple[Budget, float], ...]) -> Callable[[np.ndarray], Answer]:
    """The month's answer to prices on the budgets."""
    lines = month.live.block.lines
    draws = np.array([[budget.counts(line.effect.ledger, line.effect.item) for line in lines] for budget, _ in limits], dtype=float)

    def answer(price: np.ndarray) -> Answer:
        weights = month.prices + price @ draws
        x = month.live.solve(month.states, weights @ month.live.matrix)
        amounts = month.live.matrix @ x
        return Answer(float(month.prices @ amounts), draws @ amounts, x)

    return answer


def _book(operations: dict[int, Operation], months: list[Month], answers: list[np.ndarray]) -> None:
    for month, x in zip(months, answers, strict=True):
        operations.setdefault(month.phase.index, Operation()).add(month.live.block, month.prices, x)
