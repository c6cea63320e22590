"""Calendar years of operation: the months of each, what they pay, and the budgets that couple them."""

from collections.abc import Mapping, Sequence
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
    """A calendar year's months in operation, and its budgets: `fixed` + `per_state` @ states, summed over the months' phases, in each unit."""

    year: int
    phases: tuple[Phase, ...]
    months: tuple[Month, ...]
    budgets: tuple[Budget, ...]
    fixed: np.ndarray
    per_state: dict[int, np.ndarray]

    def bounds(self, states: np.ndarray) -> np.ndarray:
        """Amount of each budget within `states` (phase x state)."""
        return self.fixed + sum(self.per_state[phase.index] @ states[phase.index] for phase in self.phases)

    @property
    def scales(self) -> np.ndarray:
        """Scale of each budget."""
        return np.array([budget.scale for budget in self.budgets])


@dataclass(frozen=True)
class Operated:
    """A year operated: how budgets were rationed, and the months' replies at the final prices of the budgets, which made their tasks."""

    year: Year
    ration: Ration
    tasks: list[Task]
    replies: list[Reply]

    @property
    def cost(self) -> float:
        """Present worth, USD."""
        return self.ration.cost


def operating_years(case: Case, blocks: Mapping[int, Block]) -> tuple[Year, ...]:
    """The years in which there is operation."""
    return tuple(_year(case, year, tuple(phases), blocks) for year, phases in by_year(case.operating))


def _year(case: Case, year: int, phases: tuple[Phase, ...], blocks: Mapping[int, Block]) -> Year:
    held = budgets(case.site)
    months = tuple(_month(case, phase, blocks[number], held) for phase in phases for number in phase.months)
    fixed = np.array([budget.fixed(phases) for budget in held])
    per_state = {phase.index: np.array([budget.allowance((phase,), lambda tranche, _: case.density[tranche]) + np.zeros(len(case.states))
                                        for budget in held]) for phase in phases}
    return Year(year, phases, months, held, fixed, per_state)


def _month(case: Case, phase: Phase, block: Block, held: tuple[Budget, ...]) -> Month:
    draws = np.array([[budget.counts(line.effect.ledger, line.effect.item) for line in block.lines] for budget in held], dtype=float)
    return Month(phase, block.month, operating_prices(case, block, phase), case.discount(phase.middle), draws)


def operate(sweep: Sweep, years: Sequence[Year], states: np.ndarray, solutions: bool = False) -> list[Operated]:
    """The cheapest operation of years within `states` (phase x state), their budgets kept where they can be.

    Costs are present worth. All months are asked at once; where a year's budgets bind, its months are asked again at prices on them until
    the mix is optimal.
    """
    free = [_tasks(year, states, np.zeros(len(year.budgets))) for year in years]
    replies = iter(sweep([task for tasks in free for task in tasks], solutions))
    return [_operated(sweep, year, states, tasks, [next(replies) for _ in tasks], solutions) for year, tasks in zip(years, free, strict=True)]


def _tasks(year: Year, states: np.ndarray, price: np.ndarray) -> list[Task]:
    return [Task(month.number, states[month.phase.index], month.prices + (price / month.discount) @ month.draws) for month in year.months]


def _operated(sweep: Sweep, year: Year, states: np.ndarray, tasks: list[Task], replies: list[Reply], solutions: bool) -> Operated:
    asked = {"tasks": tasks, "replies": replies}

    def answers() -> list[Answer]:
        return [Answer(month.discount * float(month.prices @ reply.amounts), month.draws @ reply.amounts, reply.solution)
                for month, reply in zip(year.months, asked["replies"], strict=True)]

    def ask(price: np.ndarray) -> list[Answer]:
        asked["tasks"] = _tasks(year, states, price)
        asked["replies"] = sweep(asked["tasks"], solutions)
        return answers()

    return Operated(year, ration(answers(), ask, year.bounds(states), year.scales), asked["tasks"], asked["replies"])
