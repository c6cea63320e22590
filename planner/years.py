"""Calendar years of operation: the months of each, what they pay, and the budgets that couple them."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..models.horizon import Phase, block_number, by_year
from .blocks import Block, operating_prices
from .budgets import Budget, budgets
from .case import Case
from .ration import CLOSE, ROUNDS, Answer, Ration, ration
from .sweep import Reply, Sweep, Task

VISIBLE = 1e-6


@dataclass(frozen=True)
class Month:
    """A month of a phase in a weather year, by its block number: prices of its lines (USD, real, not discounted), present worth of 1 USD over that
    of its year, and what each line draws on each budget."""

    phase: Phase
    number: int
    prices: np.ndarray
    weight: float
    draws: np.ndarray


@dataclass(frozen=True)
class Year:
    """A calendar year's months in operation in a weather year, the present worth of 1 USD in it at the probability of that weather year, and its
    budgets: `fixed` + `per_state` @ states, summed over the months' phases, in each unit."""

    year: int
    scenario: int
    phases: tuple[Phase, ...]
    months: tuple[Month, ...]
    discount: float
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

    @property
    def function(self) -> str:
        """Years with equal names are one function of their phases' states."""
        named = hashlib.sha256(self.fixed.tobytes())
        for month in self.months:
            named.update(f"{month.number} {self.phases.index(month.phase)} {month.weight!r}".encode() + month.prices.tobytes())
        for phase in self.phases:
            named.update(self.per_state[phase.index].tobytes())
        return named.hexdigest()


@dataclass(frozen=True)
class Overdrawn:
    """A budget that the operation of a year cannot keep with what is built: by how much, in its unit."""

    budget: Budget
    year: int
    scenario: int
    amount: float


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
        return self.year.discount * self.ration.cost

    @property
    def kept(self) -> bool:
        """Whether every budget is kept."""
        return not self.overdrawn

    @property
    def overdrawn(self) -> list[Overdrawn]:
        """Budgets that are not kept."""
        year = self.year
        return [Overdrawn(budget, year.year, year.scenario, float(amount)) for budget, amount in zip(year.budgets, self.ration.excess, strict=True)
                if amount > VISIBLE * budget.scale]


def operating_years(case: Case, blocks: Mapping[int, Block]) -> tuple[Year, ...]:
    """The years in which there is operation, once for every weather year: budgets hold in each by itself."""
    return tuple(_year(case, year, scenario, tuple(phases), blocks) for year, phases in by_year(case.operating) for scenario in case.scenarios)


def _year(case: Case, year: int, scenario: int, phases: tuple[Phase, ...], blocks: Mapping[int, Block]) -> Year:
    held = budgets(case.site)
    worth = {phase.index: case.discount(phase.middle) for phase in phases}
    mean = sum(worth[phase.index] * len(phase.months) for phase in phases) / sum(len(phase.months) for phase in phases)
    months = tuple(_month(case, phase, blocks[block_number(scenario, month)], held, round(worth[phase.index] / mean, 12))
                   for phase in phases for month in phase.months)
    fixed = np.array([budget.fixed(phases) for budget in held])
    per_state = {phase.index: np.array([budget.allowance((phase,), lambda tranche, _: case.density[tranche]) + np.zeros(len(case.states))
                                        for budget in held]).reshape(len(held), len(case.states)) for phase in phases}
    return Year(year, scenario, phases, months, case.site.weights[scenario] * mean, held, fixed, per_state)


def _month(case: Case, phase: Phase, block: Block, held: tuple[Budget, ...], weight: float) -> Month:
    draws = np.array([[budget.counts(line.effect.ledger, line.effect.item) for line in block.lines] for budget in held], dtype=float)
    return Month(phase, block.number, operating_prices(case, block, phase), weight, draws.reshape(len(held), len(block.lines)))


def operate(sweep: Sweep, years: Sequence[Year], states: np.ndarray, solutions: bool = False, rounds: int = ROUNDS,
            close: float = CLOSE, hints: list[np.ndarray] | None = None) -> list[Operated]:
    """The cheapest operation of years within `states` (phase x state), their budgets kept where they can be.

    All months are asked at once; where a year's budgets bind, its months are asked again at prices on them until the mix is optimal, or the
    rounds are over or no more than a share `close` of the cost can be saved. `hints` holds the prices that budgets had last, to ask at first; it
    is kept up. Years that are one function and have equal states are operated once.
    """
    first = {_name(year, states): year for year in years}
    free = [_tasks(year, states, np.zeros(len(year.budgets))) for year in first.values()]
    replies = iter(sweep([task for tasks in free for task in tasks], solutions))
    known = {name: _operated(sweep, year, states, tasks, [next(replies) for _ in tasks], solutions, (rounds, close, hints))
             for (name, year), tasks in zip(first.items(), free, strict=True)}
    return [replace(known[_name(year, states)], year=year) for year in years]


def _name(year: Year, states: np.ndarray) -> tuple:
    return (year.function, *(states[phase.index].tobytes() for phase in year.phases))


def _tasks(year: Year, states: np.ndarray, price: np.ndarray) -> list[Task]:
    return [Task(month.number, states[month.phase.index], month.prices + (price / month.weight) @ month.draws) for month in year.months]


def _operated(sweep: Sweep, year: Year, states: np.ndarray, tasks: list[Task], replies: list[Reply], solutions: bool,
              options: tuple[int, float, list[np.ndarray] | None]) -> Operated:
    asked = {"tasks": tasks, "replies": replies}

    def answers() -> list[Answer]:
        return [Answer(month.weight * float(month.prices @ reply.amounts), month.draws @ reply.amounts, reply.solution)
                for month, reply in zip(year.months, asked["replies"], strict=True)]

    def ask(price: np.ndarray) -> list[Answer]:
        asked["tasks"] = _tasks(year, states, price)
        asked["replies"] = sweep(asked["tasks"], solutions)
        return answers()

    rounds, close, hints = options
    rationed = ration(answers(), ask, year.bounds(states), year.scales, rounds, close, hints[-1] if hints else None)
    if hints is not None and rationed.price.any():
        hints[:] = [rationed.price]
    return Operated(year, rationed, asked["tasks"], asked["replies"])
