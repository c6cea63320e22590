"""The master of the decomposition: the programme without operation, and cuts that bound what operation costs.
"""

import contextlib
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from scipy import sparse

from . import highs
from .blocks import Block
from .cuts import Cut, Place, Row, Stack, mixed, month_cut, month_function, stack, year_cut
from .highs import Arrays, with_row
from .programme import MILLION, Programme
from .repricing import Prices, mixtures
from .years import Operated, Year

VIOLATED = 1e-6
# Steepest edge begins with weights anew after each cut, which takes as long as a hundred iterations: with Devex half the time.
RESTARTS = {"presolve": "off", "simplex_dual_edge_weight_strategy": 1}
LEAST_MONTH = -1e4


@dataclass
class Master:
    """The master's arrays, where its states (phase x state) are among the columns, places of each function, and the cuts found so far."""

    arrays: Arrays
    states: np.ndarray
    constants: np.ndarray
    theta: dict[tuple[int, int], int]
    places: dict[str, list[Place]]
    families: list[dict[str, Prices]]
    pool: list[Cut] = field(default_factory=list)
    _stacks: dict[str, Stack] = field(default_factory=dict)
    _learnt: set[tuple] = field(default_factory=set)
    _mixtures: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict)

    def states_of(self, x: np.ndarray) -> np.ndarray:
        """States (phase x state) of a solution."""
        return np.where(self.states >= 0, x[self.states], self.constants)

    def investment_cost(self, x: np.ndarray) -> float:
        """USD of a solution without operation."""
        cost = self.arrays.cost.copy()
        cost[list(self.theta.values())] = 0.0
        return (float(cost @ x) + self.arrays.offset) * MILLION

    def learn(self, operated: Sequence[Operated]) -> None:
        """Keep the cuts of years operated, without prices of budgets and at those that prove the most; equal ones once."""
        fresh: dict[tuple, Cut] = {}
        for year in (one for one in operated if one.own):
            fresh |= {task.key: month_cut(task, reply) for task, reply in zip(*year.free, strict=True)}
            if year.ration.price.any():
                fresh[year.year.function, *(task.key for task in year.tasks)] = year_cut(year)
        self.pool += [cut for key, cut in fresh.items() if key not in self._learnt]
        self._learnt |= fresh.keys()

    def row(self, cut: Cut, place: Place) -> Row:
        """A cut as a row at one of its places."""
        columns, slopes = self.states[place.phases], cut.slopes
        seen = (slopes != 0) & (columns >= 0)
        fixed = float((slopes * self.constants[place.phases])[columns < 0].sum())
        return Row(np.concatenate([place.theta, columns[seen]]).astype(np.int32), np.concatenate([cut.weights, -slopes[seen] / MILLION]),
                   (cut.intercept + fixed) / MILLION)

    def violated(self, x: np.ndarray, but: Container) -> Iterator[tuple[tuple[int, int], Row]]:
        """(name, row) of cuts that x violates, other than those named."""
        states = self.states_of(x)
        for function, numbers in self._numbers().items():
            held = self._stacks[function]
            for which, place in enumerate(self.places[function]):
                need = held.values(states[place.phases]) / MILLION
                short = need - held.weights @ x[place.theta] > VIOLATED * np.maximum(1.0, np.abs(need))
                fresh = [(numbers[found], which) for found in np.flatnonzero(short).tolist() if (numbers[found], which) not in but]
                yield from ((name, self.row(self.pool[name[0]], place)) for name in fresh)

    def mix(self, x: np.ndarray) -> int:
        """Add to the pool, for each place, that mixture of cuts at other prices which asks most of the months at x, where it asks more than x gives and
        than the cuts at its own prices do; how many."""
        states = self.states_of(x)
        found = [cut for family in self.families for function in family for place in self.places[function]
                      if (cut := self._mixed(family, function, states[place.phases], x[place.theta])) is not None]
        self.pool += found
        return len(found)

    def _mixed(self, family: Mapping[str, Prices], function: str, within: np.ndarray, theta: np.ndarray) -> Cut | None:
        others = [name for name in family if name != function and name in self._stacks and self._stacks[name].own.size]
        if not others:
            return None
        key = (function, *others)
        if key not in self._mixtures:
            self._mixtures[key] = mixtures(family[function], [family[name].values for name in others])
        stacks = [self._stacks[name] for name in others]
        values = [held.values(within)[held.own] for held in stacks]
        needs = self._mixtures[key] @ [value.max() for value in values]
        known = float(stacks[0].weights[0] @ theta) * MILLION
        if function in self._stacks:
            known = max(known, self._stacks[function].values(within).max())
        need = needs.max(initial=-np.inf)
        if need - known <= VIOLATED * max(MILLION, abs(need)):
            return None
        cuts = [held.cuts[held.own[value.argmax()]] for held, value in zip(stacks, values, strict=True)]
        return mixed(function, cuts, self._mixtures[key][needs.argmax()])

    def _numbers(self) -> dict[str, list[int]]:
        """Numbers of the cuts of each function; their stacks are brought up to date."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, cut in enumerate(self.pool):
            found[cut.function].append(number)
        for function, numbers in found.items():
            if function not in self._stacks or len(self._stacks[function].intercepts) != len(numbers):
                self._stacks[function] = stack([self.pool[number] for number in numbers])
        return found


def _families(years: Sequence[Year]) -> list[dict[str, Prices]]:
    """Functions of the same months at various prices, with these; of those that stand alone none."""
    found: dict[str | int, dict[str, Prices]] = defaultdict(dict)
    for year in years:
        found[year.family][year.function] = year.prices
        for month in year.months:
            found[month.number][month_function(month.number, month.prices)] = Prices(month.prices, month.signs)
    return [family for family in found.values() if len(family) > 1]


def _places(theta: Mapping[tuple[int, int], int], years: Sequence[Year]) -> dict[str, list[Place]]:
    found: dict[str, list[Place]] = defaultdict(list)
    for year in years:
        columns = [theta[month.phase.index, month.number] for month in year.months]
        found[year.function].append(Place(np.array(columns), np.array([phase.index for phase in year.phases])))
        for month, column in zip(year.months, columns, strict=True):
            found[month_function(month.number, month.prices)].append(Place(np.array([column]), np.array([month.phase.index])))
    return dict(found)


def make_master(programme: Programme, years: Sequence[Year], blocks: Mapping[int, Block]) -> Master:
    """Compile the programme without operation. Where no line of a month earns, its cost is at least nothing. A state in no row of it (the highest
    load of a window in which no design hour is) is a column all the same: operation depends on it."""
    with highs.building():
        arrays = highs.compile_model(programme.model)
    vars_ = [[programme.state(phase)[name] for name in programme.case.states] for phase in programme.case.phases]
    known = set(map(id, arrays.columns))
    arrays = highs.with_columns(arrays, [var for row in vars_ for var in row if id(var) not in known and not var.is_fixed()])
    place = {id(column): number for number, column in enumerate(arrays.columns)}
    states = np.array([[place.get(id(var), -1) for var in row] for row in vars_])
    constants = np.array([[float(var.value or 0.0) for var in row] for row in vars_])
    theta = {key: place[id(var)] for key, var in programme.theta.items()}
    for (_, month), column in theta.items():
        arrays.lower[column] = LEAST_MONTH if (blocks[month].amounts.data < 0).any() else 0.0
    return Master(arrays, states, constants, theta, _places(theta, years), _families(years))


class LiveMaster:
    """The master's linear relaxation in HiGHS; cuts are added where they are violated."""

    def __init__(self, master: Master):
        self.master = master
        self.rows: dict[tuple[int, int], Row] = {}
        self._solver = highs.load(master.arrays, relaxed=True, solver="simplex", threads=1, **RESTARTS)
        self._lower, self._upper = master.arrays.lower.copy(), master.arrays.upper.copy()

    def solve(self) -> tuple[np.ndarray, float] | None:
        """Solution and bound (USD); None where columns are held at what the rows do not allow."""
        if not highs.is_optimal(highs.run_small(self._solver)):
            self._solver.clearSolver()
            if not highs.is_optimal(highs.run_small(self._solver)):
                return None
        return highs.values(self._solver), self._solver.getInfo().objective_function_value * MILLION

    @property
    def duals(self) -> np.ndarray:
        """Duals of the master's own rows at the last solution."""
        return np.array(self._solver.getSolution().row_dual)[: len(self.master.arrays.rows)]

    @property
    def cut_duals(self) -> dict[tuple[int, int], float]:
        """Duals of the cuts at the last solution, by name."""
        found = np.array(self._solver.getSolution().row_dual)[len(self.master.arrays.rows):]
        return dict(zip(self.rows, found.tolist(), strict=True))

    @contextlib.contextmanager
    def held(self, columns: np.ndarray, values: np.ndarray) -> Iterator[None]:
        """While open, these columns stand still."""
        self._bound(columns, values, values)
        try:
            yield
        finally:
            self._bound(columns, self.master.arrays.lower[columns], self.master.arrays.upper[columns])

    def _bound(self, columns: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> None:
        self._lower[columns], self._upper[columns] = lower, upper
        self._solver.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def centre(self, level: float) -> np.ndarray | None:
        """A point in the middle of all whose cost by the cuts is at most `level` (USD), columns held where they are; None where there is none.

        Cuts that the middle violates are added, until it violates none.
        """
        found = self._centre(level)
        while found is not None and self.tighten(found):
            found = self._centre(level)
        return found

    def _centre(self, level: float) -> np.ndarray | None:
        arrays = with_cuts(self.master.arrays, list(self.rows.values()))
        within = with_row(arrays, arrays.cost, level / MILLION - arrays.offset)
        free = replace(within, cost=np.zeros_like(arrays.cost), lower=self._lower, upper=self._upper)
        solver = highs.load(free, relaxed=True, solver="ipm", run_crossover="off", threads=1)
        return np.clip(highs.values(solver), self._lower, self._upper) if highs.is_optimal(highs.run_small(solver)) else None

    def tighten(self, x: np.ndarray) -> int:
        """Add the cuts that x violates, mixtures where no other is; how many."""
        found = dict(self.master.violated(x, self.rows))
        if not found and self.master.mix(x):
            found = dict(self.master.violated(x, self.rows))
        for row in found.values():
            self._solver.addRow(row.lower, highspy.kHighsInf, len(row.columns), row.columns, row.values)
        self.rows |= found
        return len(found)


def with_cuts(arrays: Arrays, rows: Sequence[Row]) -> Arrays:
    """The master with cuts as rows."""
    if not rows:
        return arrays
    columns, values = np.concatenate([row.columns for row in rows]), np.concatenate([row.values for row in rows])
    starts = np.append(0, np.cumsum([len(row.columns) for row in rows]))
    matrix = sparse.csr_matrix((values, columns, starts), shape=(len(rows), arrays.matrix.shape[1]))
    return replace(arrays, matrix=sparse.vstack([arrays.matrix, matrix], format="csc"),
                   row_lower=np.append(arrays.row_lower, [row.lower for row in rows]), row_upper=np.append(arrays.row_upper, np.full(len(rows), np.inf)),
                   rows=[*arrays.rows, *([None] * len(rows))])
