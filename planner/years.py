"""Calendar years of operation: the months of each, what they pay, and the budgets that couple them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ..models.horizon import Phase, by_year
from .blocks import Block, operating_prices
from .budgets import Budget, budgets
from .case import Case
from .ration import Answer, Ration, ration
from .sweep import Reply, Sweep, Task


@dataclass(frozen=True)
class Month:
    """A month of a phase: prices of its lines (USD, real, not discounted), present worth of 1 USD, and what each line draws on each budget."""

    phase: Phase
    number: int
    prices: np.ndarray
    discount: float
    draws: np.ndarray


@dataclass(frozen=True)
class Year:
    """A calendar year's months in operation and its budgets."""

    year: int
    phases: tuple[Phase, ...]
    months: tuple[Month, ...]
    budgets: tuple[Budget, ...]

    def bounds(self, accelerators: Callable) -> np.ndarray:
        """Amount of each budget, given accelerators by tranche and phase."""
        return np.array([budget.fixed(self.phases) + float(budget.allowance(self.phases, accelerators)) for budget in self.budgets])

    @property
    def scales(self) -> np.ndarray:
        """Scale of each budget."""
        return np.array([budget.scale for budget in self.budgets])


@dataclass(frozen=True)
class Operated:
    """A year operated: how budgets were rationed, and the months' replies at the final prices of the budgets."""

    year: Year
    ration: Ration
    replies: list[Reply]


def operating_years(case: Case, blocks: Mapping[int, Block]) -> tuple[Year, ...]:
    """The years in which there is operation."""
    held = budgets(case.site)
    return tuple(Year(year, tuple(phases), tuple(_month(case, phase, blocks[number], held) for phase in phases for number in phase.months), held)
                 for year, phases in by_year(case.operating))


def _month(case: Case, phase: Phase, block: Block, held: tuple[Budget, ...]) -> Month:
    draws = np.array([[budget.counts(line.effect.ledger, line.effect.item) for line in block.lines] for budget in held], dtype=float)
    return Month(phase, block.month, operating_prices(case, block, phase), case.discount(phase.middle), draws)


def operate_year(sweep: Sweep, year: Year, states: np.ndarray, bounds: np.ndarray, solutions: bool = False) -> Operated:
    """The cheapest operation of a year within `states` (phase x state), its budgets kept where they can be.

    Costs are present worth. Where budgets bind, months are asked again at their prices until the mix is optimal.
    """
    latest: list[Reply] = []

    def ask(price: np.ndarray) -> list[Answer]:
        tasks = [Task(month.number, states[month.phase.index], month.prices + (price / month.discount) @ month.draws) for month in year.months]
        latest[:] = sweep(tasks, solutions)
        return [Answer(month.discount * float(month.prices @ reply.amounts), month.draws @ reply.amounts, reply.solution)
                for month, reply in zip(year.months, latest, strict=True)]

    return Operated(year, ration(ask, bounds, year.scales), latest)
