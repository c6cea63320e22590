"""Calendar years of operation: the months of each, what they pay, and the budgets that couple them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..models.horizon import Phase, block_number, by_year
from .blocks import Block, operating_prices
from .budgets import Budget, budgets
from .case import Case
from .ration import CLOSE, ROUNDS, Answer, Ration, begin
from .repricing import Prices, mixtures
from .sweep import Reply, Sweep, Task

VISIBLE = 1e-6
DEAR = 2.0  # how far years with prices twice as high are apart, where 1 is a fleet and none
Asked = tuple[list[Task], list[Reply]]


@dataclass(frozen=True)
class Month:
    """A month of a phase in a weather year, by its block number: prices of its lines (USD, real, not discounted), present worth of 1 USD over that
    of its year, what each line draws on each budget, and signs of the lines' amounts."""

    phase: Phase
    number: int
    prices: np.ndarray
    weight: float
    draws: np.ndarray
    signs: np.ndarray


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

    def within(self, states: np.ndarray) -> np.ndarray:
        """The states of its phases."""
        return states[[phase.index for phase in self.phases]]

    def bounds(self, states: np.ndarray) -> np.ndarray:
        """Amount of each budget within `states` (phase x state)."""
        return self.fixed + sum(self.per_state[phase.index] @ states[phase.index] for phase in self.phases)

    @property
    def scales(self) -> np.ndarray:
        """Scale of each budget."""
        return np.array([budget.scale for budget in self.budgets])

    @cached_property
    def family(self) -> str:
        """Years with equal names are one function of their phases' states and of prices."""
        named = hashlib.sha256(self.fixed.tobytes())
        for month in self.months:
            named.update(f"{month.number} {self.phases.index(month.phase)} {month.weight!r}".encode())
        for phase in self.phases:
            named.update(self.per_state[phase.index].tobytes())
        return named.hexdigest()

    @cached_property
    def function(self) -> str:
        """Years with equal names are one function of their phases' states."""
        return hashlib.sha256(self.family.encode() + self.prices.values.tobytes()).hexdigest()

    @cached_property
    def prices(self) -> Prices:
        """Those of its lines, month after month."""
        return Prices(*(np.concatenate(part) for part in zip(*((month.prices, month.signs) for month in self.months), strict=True)))


@dataclass(frozen=True)
class Overdrawn:
    """A budget that the operation of a year cannot keep with what is built: by how much, in its unit."""

    budget: Budget
    year: int
    scenario: int
    amount: float


@dataclass
class Operated:
    """A year operated within states: how its budgets were rationed; the months' replies without prices of the budgets, and those at the
    ration's prices, which prove the most (where solutions are asked for: at what the budgets are worth), each with the tasks that made them.
    `moved` is what the year costs more than the like one that was operated for it, by its tangent (USD); `own` is it where that has its prices."""

    year: Year
    ration: Ration
    free: Asked
    tasks: list[Task]
    replies: list[Reply]
    moved: float = 0.0
    own: bool = True

    @property
    def cost(self) -> float:
        """Present worth, USD."""
        return self.year.discount * (self.ration.cost + self.moved)

    @property
    def least(self) -> float:
        """Present worth that no operation within the budgets goes below, USD."""
        return self.year.discount * (self.ration.least + self.moved)

    @property
    def slopes(self) -> np.ndarray:
        """Change of the least cost per unit of each state (phase x state), USD: the months' tangents less the budgets at the ration's prices."""
        year, price = self.year, self.ration.price
        found = np.array([-(price @ year.per_state[phase.index]) for phase in year.phases])
        for month, reply in zip(year.months, self.replies, strict=True):
            found[year.phases.index(month.phase)] += month.weight * reply.gradient
        return found

    def of(self, year: Year, states: np.ndarray, family: "Sequence[Operated]") -> "Operated":
        """The same for another year of its family, at its own states: by the tangent; at other prices by those of the family's."""
        if self.year.function == year.function:
            return replace(self, year=year, moved=self._tangent(year, states) - self.ration.least)
        shares = mixtures(year.prices, [one.year.prices.values for one in family])
        least = float((shares @ [one._tangent(year, states) for one in family]).max())
        return replace(self, year=year, moved=least - self.ration.least, own=False)

    def _tangent(self, year: Year, states: np.ndarray) -> float:
        """The least cost (USD, not discounted) at the states of another year, by the tangent."""
        return self.ration.least + float((self.slopes * (year.within(states) - self.year.within(states))).sum())

    @property
    def overdrawn(self) -> list[Overdrawn]:
        """Budgets that are not kept."""
        year = self.year
        return [Overdrawn(budget, year.year, year.scenario, float(amount)) for budget, amount in zip(year.budgets, self.ration.excess, strict=True)
                if amount > VISIBLE * budget.scale]

    def learn(self, price: np.ndarray, tasks: list[Task], replies: list[Reply]) -> None:
        """Take the months' replies at a price of the budgets."""
        if self.ration.learn(price, _answers(self.year, replies)):
            self.tasks, self.replies = tasks, replies


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
    return Month(phase, block.number, operating_prices(case, block, phase), weight, draws.reshape(len(held), len(block.lines)), block.signs)


def operate(sweep: Sweep, years: Sequence[Year], states: np.ndarray, solutions: bool = False, rounds: int = ROUNDS,
            close: float = CLOSE, hints: list[np.ndarray] | None = None, most: float = np.inf, few: int | None = None) -> list[Operated]:
    """The cheapest operation of years within `states` (phase x state), their budgets kept where they can be.

    All months are asked at once; those of years whose budgets bind are asked again, all at once, at prices on them until the mix is optimal,
    or the rounds are over, or no more than a share `close` of the cost can be saved, or all years together are proven to cost `most` (USD) or
    more. `hints` holds the prices of budgets that were known last, to ask at first; it is kept up. Years that are one function are operated
    once where their states are equal; where only `few` of each family may be operated, the others cost what the tangents at these say.
    """
    names = _heads(years, states, few)
    distinct = {name: years[name] for name in dict.fromkeys(names)}
    free = _ask(sweep, {name: (year, states, np.zeros(len(year.budgets))) for name, year in distinct.items()}, solutions)
    known = {name: _begun(distinct[name], states, asked) for name, asked in free.items()}
    hint = hints[-1] if hints else None
    asking = {name: one.ration.prices(rounds, close, hint) for name, one in known.items()}
    while sum(one.least for one in _all(years, names, known, states)) < most:
        prices = {name: price for name, wanted in asking.items() if (price := next(wanted, None)) is not None}
        if not prices:
            break
        for name, asked in _ask(sweep, {name: (distinct[name], states, price) for name, price in prices.items()}, solutions).items():
            known[name].learn(prices[name], *asked)
    if solutions:
        rationed = {name: (distinct[name], states, one.ration.worth) for name, one in known.items() if one.ration.worth.any()}
        for name, asked in _ask(sweep, rationed, solutions).items():
            known[name].tasks, known[name].replies = asked
    if hints is not None:
        hints[:] = [one.ration.price for one in known.values() if one.ration.tells][-1:] or hints
    return _all(years, names, known, states)


def _all(years: Sequence[Year], names: list[int], known: Mapping[int, Operated], states: np.ndarray) -> list[Operated]:
    """All years, those that were operated for others among them."""
    families: dict[str, list[Operated]] = defaultdict(list)
    for one in known.values():
        families[one.year.family].append(one)
    return [known[name].of(year, states, families[year.family]) for name, year in zip(names, years, strict=True)]


def _heads(years: Sequence[Year], states: np.ndarray, few: int | None) -> list[int]:
    """For each year the number of the one that is operated for it: of the same function at the same states, or, of `few` of its family that are as far
    from each other as can be, one more where prices differ, the nearest. A year whose prices tell nothing of theirs is operated itself."""
    like: dict[str, list[int]] = defaultdict(list)
    for number, year in enumerate(years):
        like[year.function if few is None else year.family].append(number)
    scale, found = np.maximum(states.max(axis=0), VISIBLE), list(range(len(years)))
    for numbers in like.values():
        dear = _dear([years[number] for number in numbers])
        points = np.column_stack([DEAR * dear, [(years[number].within(states) / scale).ravel() for number in numbers]])
        near = _nearest(points, len(points) if few is None else few + bool(dear.any()))
        heads = {numbers[head]: years[numbers[head]] for head in near.tolist()}
        for number, head in zip(numbers, near.tolist(), strict=True):
            if _told(years[number], heads.values()):
                found[number] = numbers[head]
            else:
                heads[number] = years[number]
    return found


def _told(year: Year, heads: Iterable[Year]) -> bool:
    """Whether years that are operated bound this one of their family."""
    return any(head.function == year.function for head in heads) or len(mixtures(year.prices, [head.prices.values for head in heads])) > 0


def _dear(family: list[Year]) -> np.ndarray:
    """How much dearer than the first each year is, by the price that differs most."""
    prices = np.array([year.prices.values for year in family])
    return np.abs(prices / np.where(prices[0] == 0, 1.0, prices[0]) - (prices[0] != 0)).max(axis=1, initial=0.0)


def _nearest(points: np.ndarray, few: int) -> np.ndarray:
    """For each point the nearest of `few` points: the first one, and one after another the farthest from those before (Gonzalez 1985)."""
    heads = np.zeros(len(points), dtype=int)
    far = np.abs(points - points[0]).max(axis=1)
    for _ in range(few - 1):
        head = int(far.argmax())
        if far[head] == 0:
            break
        apart = np.abs(points - points[head]).max(axis=1)
        heads[apart < far] = head
        far = np.minimum(far, apart)
    return heads


def _ask(sweep: Sweep, asked: Mapping[int, tuple[Year, np.ndarray, np.ndarray]], solutions: bool) -> dict[int, Asked]:
    """Tasks and replies of years within states at prices of their budgets, by number, in one sweep."""
    tasks = {name: [Task(month.number, states[month.phase.index], month.prices + (price / month.weight) @ month.draws) for month in year.months]
             for name, (year, states, price) in asked.items()}
    replies = iter(sweep([task for found in tasks.values() for task in found], solutions))
    return {name: (found, [next(replies) for _ in found]) for name, found in tasks.items()}


def _begun(year: Year, states: np.ndarray, free: Asked) -> Operated:
    return Operated(year, begin(_answers(year, free[1]), year.bounds(states), year.scales), free, *free)


def _answers(year: Year, replies: list[Reply]) -> list[Answer]:
    return [Answer(month.weight * float(month.prices @ reply.amounts), month.draws @ reply.amounts, reply.solution)
            for month, reply in zip(year.months, replies, strict=True)]
