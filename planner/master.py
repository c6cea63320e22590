"""The master of the decomposition: the programme without operation, and cuts that bound what operation costs.

A cut is `sum_m weight_m * theta_m >= intercept + slope . states`: the cost of months is convex in the states, so its tangent at any trial
bounds it everywhere. A cut of one month holds in every phase that has the month at the same prices: those functions are one. Cuts of a
year whose budgets bind couple its months, with the budgets at their prices (Lagrange); they hold for that year alone.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import highspy
import numpy as np
from scipy import sparse

from . import highs
from .blocks import Block
from .highs import Arrays
from .programme import MILLION, Programme
from .sweep import Reply, Task
from .years import Operated, Year

VIOLATED = 1e-6
LEAST_MONTH = -1e4


@dataclass(frozen=True)
class Row:
    """`values . x[columns] >= lower` over the master's columns, million USD."""

    columns: np.ndarray
    values: np.ndarray
    lower: float


@dataclass(frozen=True)
class Cut:
    """`theta >= intercept + slope . states` (USD) for a month at prices of its lines."""

    month: int
    prices: np.ndarray
    intercept: float
    slope: np.ndarray

    @property
    def function(self) -> tuple:
        """Months with equal number and prices are one function of the states."""
        return (self.month, self.prices.tobytes())


@dataclass
class Master:
    """The master's arrays, where its states and theta are among the columns, and the cuts found so far."""

    arrays: Arrays
    states: np.ndarray
    constants: np.ndarray
    theta: dict[tuple[int, int], int]
    twins: dict[tuple, list[tuple[int, int]]]
    rows: list[Row] = field(default_factory=list)
    pool: list[Cut] = field(default_factory=list)

    def states_of(self, x: np.ndarray) -> np.ndarray:
        """States (phase x state) of a solution."""
        return np.where(self.states >= 0, x[self.states], self.constants)

    def investment_cost(self, x: np.ndarray) -> float:
        """USD of a solution without operation."""
        cost = self.arrays.cost.copy()
        cost[list(self.theta.values())] = 0.0
        return (float(cost @ x) + self.arrays.offset) * MILLION

    def learn(self, operated: Sequence[Operated], states: np.ndarray) -> None:
        """Keep the cuts of years operated within states; equal months give one."""
        fresh: dict[tuple, Cut] = {}
        for year in operated:
            if year.ration.price.any():
                self.rows.append(self._year_cut(year, states))
            else:
                fresh |= {task.key: _month_cut(task, reply) for task, reply in zip(year.tasks, year.replies, strict=True)}
        self.pool += list(fresh.values())

    def _year_cut(self, operated: Operated, states: np.ndarray) -> Row:
        """Sum of discounted months, less the budgets at their prices."""
        year, price = operated.year, operated.ration.price
        slopes: dict[int, np.ndarray] = defaultdict(lambda: np.zeros(states.shape[1]))
        lower, columns, values = -float(price @ year.fixed), [], []
        for month, task, reply in zip(year.months, operated.tasks, operated.replies, strict=True):
            p = month.phase.index
            slope = month.discount * reply.gradient
            lower += month.discount * float(task.prices @ reply.amounts) - float(slope @ states[p])
            slopes[p] += slope
            columns.append(self.theta[p, month.number])
            values.append(month.discount)
        for p, per_state in year.per_state.items():
            slopes[p] -= price @ per_state
        return self._row(columns, values, lower / MILLION, slopes)

    def _row(self, columns: list[int], values: list[float], lower: float, slopes: dict[int, np.ndarray]) -> Row:
        for p, slope in slopes.items():
            seen = np.flatnonzero((slope != 0) & (self.states[p] >= 0))
            columns = [*columns, *self.states[p][seen].tolist()]
            values = [*values, *(-slope[seen] / MILLION).tolist()]
            unseen = np.flatnonzero((slope != 0) & (self.states[p] < 0))
            lower += float(slope[unseen] @ self.constants[p][unseen]) / MILLION
        return Row(np.array(columns, dtype=np.int32), np.array(values), lower)

    def violated(self, x: np.ndarray, but: set) -> Iterator[tuple[tuple, Row]]:
        """(name, row) of cuts that x violates, other than those named: a month's in each phase that shares its function, and those of years."""
        for number, row in enumerate(self.rows):
            if (number,) not in but and row.lower - float(row.values @ x[row.columns]) > VIOLATED * max(1.0, abs(row.lower)):
                yield (number,), row
        states = self.states_of(x)
        for number, cut in enumerate(self.pool):
            for p, month in self.twins[cut.function]:
                need = (cut.intercept + float(cut.slope @ states[p])) / MILLION
                if need - x[self.theta[p, month]] > VIOLATED * max(1.0, abs(need)) and (number, p) not in but:
                    yield (number, p), self._row([self.theta[p, month]], [1.0], cut.intercept / MILLION, {p: cut.slope})


def _month_cut(task: Task, reply: Reply) -> Cut:
    """The tangent of a month's cost at a task's states."""
    return Cut(task.month, task.prices, float(task.prices @ reply.amounts) - float(reply.gradient @ task.states), reply.gradient)


def make_master(programme: Programme, years: Sequence[Year], blocks: Mapping[int, Block]) -> Master:
    """Compile the programme without operation. Where no line of a month earns, its cost is at least nothing."""
    with highs.building():
        arrays = highs.compile_model(programme.model)
    place = {id(column): number for number, column in enumerate(arrays.columns)}
    vars_ = [[programme.state(phase)[name] for name in programme.case.states] for phase in programme.case.phases]
    states = np.array([[place.get(id(var), -1) for var in row] for row in vars_])
    constants = np.array([[float(var.value or 0.0) for var in row] for row in vars_])
    twins: dict[tuple, list[tuple[int, int]]] = defaultdict(list)
    for year in years:
        for month in year.months:
            twins[month.number, month.prices.tobytes()].append((month.phase.index, month.number))
    theta = {key: place[id(var)] for key, var in programme.theta.items()}
    for (_, month), column in theta.items():
        earns = any(line.vector.min(initial=0.0) < 0 for line in blocks[month].lines)
        arrays.lower[column] = LEAST_MONTH if earns else 0.0
    return Master(arrays, states, constants, theta, dict(twins))


class LiveMaster:
    """The master's linear relaxation in HiGHS; cuts are added where they are violated."""

    def __init__(self, master: Master):
        self.master = master
        self.rows: dict[tuple, Row] = {}
        self._solver = highs.load(master.arrays, relaxed=True, solver="simplex", presolve="off")

    def solve(self) -> tuple[np.ndarray, float] | None:
        """Solution and bound (USD); None where columns are held at what the rows do not allow."""
        if not highs.is_optimal(highs.run(self._solver)):
            self._solver.clearSolver()
            if not highs.is_optimal(highs.run(self._solver)):
                return None
        return highs.values(self._solver), self._solver.getInfo().objective_function_value * MILLION

    @property
    def duals(self) -> np.ndarray:
        """Duals of the master's own rows at the last solution."""
        return np.array(self._solver.getSolution().row_dual)[: len(self.master.arrays.rows)]

    @contextlib.contextmanager
    def held(self, columns: np.ndarray, values: np.ndarray) -> Iterator[None]:
        """While open, these columns stand still."""
        numbers = columns.astype(np.int32)
        self._solver.changeColsBounds(len(numbers), numbers, values, values)
        try:
            yield
        finally:
            self._solver.changeColsBounds(len(numbers), numbers, self.master.arrays.lower[columns], self.master.arrays.upper[columns])

    def tighten(self, x: np.ndarray) -> int:
        """Add the cuts that x violates; how many."""
        found = dict(self.master.violated(x, set(self.rows)))
        for row in found.values():
            self._solver.addRow(row.lower, highspy.kHighsInf, len(row.columns), row.columns, row.values)
        self.rows |= found
        return len(found)


def with_cuts(arrays: Arrays, rows: Sequence[Row]) -> Arrays:
    """The master with cuts as rows."""
    matrix = sparse.lil_matrix((len(rows), arrays.matrix.shape[1]))
    for number, row in enumerate(rows):
        matrix[number, row.columns] = row.values
    return replace(arrays, matrix=sparse.vstack([arrays.matrix, matrix.tocsr()], format="csc"),
                   row_lower=np.append(arrays.row_lower, [row.lower for row in rows]), row_upper=np.append(arrays.row_upper, np.full(len(rows), np.inf)),
                   rows=[*arrays.rows, *([None] * len(rows))])
