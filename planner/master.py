"""The master of the decomposition: the programme without operation, and cuts that bound what operation costs.

A cut is `sum_m weight_m * theta_m >= intercept + slope . states`: the cost of months is convex in the states, so its tangent at any trial
bounds it everywhere. A cut of one month holds in every phase that has the month at the same prices: those functions are one. Cuts of a
year whose budgets bind couple its months, with the budgets at their prices (Lagrange); they hold for that year alone.
"""

import contextlib
import hashlib
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from scipy import sparse

from . import highs
from .blocks import Block
from .highs import Arrays, with_row
from .programme import MILLION, Programme
from .sweep import Reply, Task
from .years import Operated, Year

VIOLATED = 1e-6
# Steepest edge begins with weights anew after each cut, which takes as long as a hundred iterations: with Devex half the time.
RESTARTS = {"presolve": "off", "simplex_dual_edge_weight_strategy": 1}
LEAST_MONTH = -1e4


@dataclass(frozen=True)
class Row:
    """`values . x[columns] >= lower` over the master's columns, million USD."""

    columns: np.ndarray
    values: np.ndarray
    lower: float


@dataclass(frozen=True)
class Cut:
    """`weights . theta >= intercept + slopes . states` (USD), for the months of a function, its states by phase; `price` (USD per unit) is that of
    the year's budgets in it, nothing where none binds, or for a cut out of a checkpoint."""

    function: str
    weights: np.ndarray
    intercept: float
    slopes: np.ndarray
    price: np.ndarray | None = None


@dataclass(frozen=True)
class Place:
    """Where a function stands in the master: columns of theta by month, and its phases."""

    theta: np.ndarray
    phases: np.ndarray


@dataclass(frozen=True)
class Stack:
    """The cuts of one function, one below the other; slopes flat over (phase, state)."""

    intercepts: np.ndarray
    slopes: np.ndarray
    weights: np.ndarray


@dataclass
class Master:
    """The master's arrays, where its states (phase x state) are among the columns, places of each function, and the cuts found so far."""

    arrays: Arrays
    states: np.ndarray
    constants: np.ndarray
    theta: dict[tuple[int, int], int]
    places: dict[str, list[Place]]
    pool: list[Cut] = field(default_factory=list)
    _stacks: dict[str, Stack] = field(default_factory=dict)
    _learnt: set[tuple] = field(default_factory=set)

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
        for year in operated:
            fresh |= {task.key: _month_cut(task, reply) for task, reply in zip(*year.free, strict=True)}
            if year.ration.price.any():
                fresh[year.year.function, *(task.key for task in year.tasks)] = _year_cut(year)
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
            stack = self._stacks[function]
            for which, place in enumerate(self.places[function]):
                need = (stack.intercepts + stack.slopes @ states[place.phases].ravel()) / MILLION
                short = need - stack.weights @ x[place.theta] > VIOLATED * np.maximum(1.0, np.abs(need))
                fresh = [(numbers[found], which) for found in np.flatnonzero(short).tolist() if (numbers[found], which) not in but]
                yield from ((name, self.row(self.pool[name[0]], place)) for name in fresh)

    def _numbers(self) -> dict[str, list[int]]:
        """Numbers of the cuts of each function; their stacks are brought up to date."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, cut in enumerate(self.pool):
            found[cut.function].append(number)
        for function, numbers in found.items():
            if function not in self._stacks or len(self._stacks[function].intercepts) != len(numbers):
                self._stacks[function] = _stack([self.pool[number] for number in numbers])
        return found


def _stack(cuts: list[Cut]) -> Stack:
    return Stack(np.array([cut.intercept for cut in cuts]), np.array([cut.slopes.ravel() for cut in cuts]), np.array([cut.weights for cut in cuts]))


def _month_cut(task: Task, reply: Reply) -> Cut:
    """The tangent of a month's cost at a task's states."""
    intercept = float(task.prices @ reply.amounts) - float(reply.gradient @ task.states)
    return Cut(month_function(task.month, task.prices), np.ones(1), intercept, reply.gradient[None, :])


def _year_cut(operated: Operated) -> Cut:
    """The tangent of a year's months at prices of its budgets, less the budgets at those prices."""
    year, price = operated.year, operated.ration.price
    intercept = -float(price @ year.fixed)
    for month, task, reply in zip(year.months, operated.tasks, operated.replies, strict=True):
        intercept += month.weight * (float(task.prices @ reply.amounts) - float(reply.gradient @ task.states))
    return Cut(year.function, np.array([month.weight for month in year.months]), intercept, operated.slopes, price)


def month_function(number: int, prices: np.ndarray) -> str:
    """Months with equal names are one function of the states."""
    return hashlib.sha256(f"{number} ".encode() + prices.tobytes()).hexdigest()


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
    return Master(arrays, states, constants, theta, _places(theta, years))


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
        """Add the cuts that x violates; how many."""
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
