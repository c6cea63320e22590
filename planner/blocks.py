"""Operation of one month of one weather year as a linear programme whose bounds follow the plan's states.

A block is built by the same function as the operation inside the programme (planner/system.py), on a sheet instead of in Pyomo
(models/sheet.py), compiled once, and then lives as arrays and a HiGHS object: another plan moves the bounds of the state columns, another year
moves the costs, and the simplex starts again from where it ended on a question like it. Nothing here knows a technology. A month holds its own
demand peaks; storage starts and ends each of its four parts at the level of the phase, so months are independent given the states.
"""

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from ..models.component import at, spread
from ..models.horizon import Period, Phase, Slice, build_period, month_period, scenario_and_month
from ..models.sheet import Sheet
from ..models.terms import Effect, variable
from . import highs, system
from .affine import Affine, bounds_at, gradient, make_affine
from .case import Case
from .eliminate import eliminate
from .errors import Failed

# A month from the basis of another plan, as it is written, without perturbed costs to be mended at the end: two thirds of the time with HiGHS's defaults.
RESTARTS = {"simplex_scale_strategy": 0, "simplex_dual_edge_weight_strategy": 1, "dual_simplex_cost_perturbation_multiplier": 0.0}
KEPT, NEAR = 32, 1e-6
FRUGAL = 1e-3  # USD per MWh taken from the main bus, a tie-break far below any price: nothing is wasted where it costs nothing
MANY = 20  # times as many iterations as rows: a simplex that goes round in circles is begun again
DEFAULTS = {"presolve": "choose", "simplex_iteration_limit": 2**31 - 1, "simplex_scale_strategy": 2, "simplex_dual_edge_weight_strategy": -1,
            "dual_simplex_cost_perturbation_multiplier": 1.0}


@dataclass(frozen=True)
class Line:
    """One effect of one component, whose amounts are a row of the block's, in the ledger's unit."""

    component: str
    effect: Effect


@dataclass(frozen=True)
class Block:
    """A month compiled, with the number of its weather year and month (models/horizon.py), its bounds affine in the plan's states (in the order
    of `case.states`), and columns that others define taken out: all columns = `recover` @ those of the solver. `columns[component, variable]` are
    numbers among all columns by hour (or month), -1 where there is none; `units` their unit. Amounts by line = `amounts` @ the solver's columns. `priced`
    are the solver's rows of the electricity balance by hour, `taken` what a unit of each column takes from it (MWh)."""

    number: int
    period: Period
    affine: Affine
    states: int
    columns: dict[tuple[str, str], np.ndarray]
    units: dict[tuple[str, str], str]
    lines: tuple[Line, ...]
    amounts: Any
    recover: Any
    priced: np.ndarray
    taken: np.ndarray

    def values(self, x: np.ndarray) -> dict[tuple[str, str], np.ndarray]:
        """The components' variables in a solution."""
        full = self.recover @ x
        return {name: np.where(columns >= 0, full[columns], 0.0) for name, columns in self.columns.items()}


def build_block(case: Case, number: int, slices: tuple[Slice, ...] | None = None) -> Block:
    """Build and compile a month's operation, by its number: every hour of it, or the slices that stand for it."""
    scenario, month = scenario_and_month(number)
    hourly = case.hourly_by_year[scenario]
    period = month_period(month) if slices is None else build_period((month,), slices)
    sheet = Sheet()
    given = Sheet(sheet.paper)
    state = {name: variable(given, name, [0], unit)[0] for name, unit in case.states.items()}
    system.operate(sheet, case.components, period, hourly, case.obeyed(state, scenario))
    arrays, columns_at, rows_at = highs.compile_sheet(sheet)
    columns, units = _columns(sheet, columns_at)
    states = np.array([columns_at[given.variables[name].columns[0]] for name in case.states])
    priced = rows_at[sheet.constraints["electricity_balance"]]
    affine, recover, kept = _smaller(arrays, states, priced)
    assert np.isin(priced, kept).all(), "the electricity balance is a row with more than one column"
    lines = tuple(Line(component.name, effect) for component in case.components for effect in component.effects(at(hourly[component.name], period)))
    amounts = sparse.csr_matrix(_amounts(lines, period, sheet, columns, recover.shape[0]) @ recover)
    return Block(number, period, affine, len(case.states), columns, units, lines, amounts, recover, np.searchsorted(kept, priced),
                 recover.T @ _taken(arrays, priced, period))


def _taken(arrays: highs.Arrays, priced: np.ndarray, period: Period) -> np.ndarray:
    """MWh that a unit of each column takes from the main bus, whatever it gives."""
    balance: Any = sparse.csr_matrix(arrays.matrix)[priced]
    return -(balance.minimum(0).T @ period.weight)


def _smaller(arrays: highs.Arrays, states: np.ndarray, priced: np.ndarray) -> tuple[Affine, Any, np.ndarray]:
    """Without defined columns and without the columns of states: arrays, what gives all columns back, and the numbers of the rows left."""
    held = np.isin(np.arange(arrays.cost.size), states)
    reduced = eliminate(arrays, held, np.isin(np.arange(len(arrays.row_lower)), priced))
    number = np.full(arrays.cost.size, -1)
    left = reduced.recover[states[states >= 0]]
    number[states[states >= 0]] = left.indices
    affine, columns, rows = make_affine(reduced.arrays, np.where(states >= 0, number[states], -1))
    return affine, reduced.recover[:, columns], reduced.rows[rows]


def _columns(sheet: Sheet, place: np.ndarray):
    held = {"loops": sheet, **sheet.parts}
    named = {(owner, name): vector for owner, part in held.items() for name, vector in part.variables.items()}
    return {name: place[vector.columns] for name, vector in named.items()}, {name: vector.doc for name, vector in named.items()}


def _amounts(lines: tuple[Line, ...], period: Period, sheet: Sheet, columns: dict[tuple[str, str], np.ndarray], size: int) -> sparse.csr_matrix:
    """Lines by all columns."""
    entries = [(np.zeros(0), np.zeros(0, dtype=int), np.zeros(0, dtype=int))]
    for number, line in enumerate(lines):
        for term in line.effect.terms:
            found = columns[line.component, term.variable]
            weights = _weights(line.effect, term, period, sheet.parts[line.component].variables[term.variable].index)
            entries.append((weights[found >= 0], np.full((found >= 0).sum(), number), found[found >= 0]))
    value, row, column = (np.concatenate(piece) for piece in zip(*entries, strict=True))
    return sparse.csr_matrix((value, (row, column)), shape=(len(lines), size))


def _weights(effect: Effect, term, period: Period, index: np.ndarray) -> np.ndarray:
    if effect.span == "run":
        return term.coefficient * period.weight[index]
    if effect.span == "month":
        return np.array([period.counts[month] * term.coefficient for month in period.months], dtype=float)
    return spread(term, len(period)) * period.weight


def operating_prices(case: Case, block: Block, phase: Phase) -> np.ndarray:
    """USD by line for a phase: 1 for money with its escalation, the carbon price for carbon, nothing for other ledgers. Not discounted."""
    price = {"money": 1.0, "carbon": case.site.carbon_price}
    return np.array([price.get(line.effect.ledger, 0.0) * case.escalation(line.effect.escalation, phase) for line in block.lines])


@dataclass(frozen=True)
class Stood:
    """Where a month's simplex ended: the states and prices it was asked at, and the basis."""

    states: np.ndarray
    prices: np.ndarray
    basis: Any


class LiveBlock:
    """A block with its HiGHS object, kept through a run. It starts each time from the basis of the nearest of the last `KEPT` questions: a phase before
    the fleet comes and one after it have little in common, and every sweep asks both."""

    def __init__(self, block: Block):
        self.block = block
        self._prices = sparse.csr_matrix(block.amounts.T)
        self._solver = highs.load(block.affine.arrays, solver="simplex", presolve="off", threads=1,
                                   simplex_iteration_limit=MANY * len(block.affine.arrays.row_lower), **RESTARTS)
        self._columns = np.arange(block.affine.arrays.cost.size, dtype=np.int32)
        self._rows = block.affine.moved.astype(np.int32)
        self._bounds = bounds_at(block.affine, np.zeros(block.states))
        self._stood: deque[Stood] = deque(maxlen=KEPT)

    def solve(self, states: np.ndarray, prices: np.ndarray, frugal: bool = False) -> np.ndarray:
        """The cheapest operation within these states at these prices of the lines; where it is to be `frugal`, of those that cost the same (within
        `FRUGAL`, which the gradient then holds, too) one that takes the least electricity. Raises Failed where HiGHS finds none, which recourse
        rules out for states that a plan may have."""
        self._bounds = bounds_at(self.block.affine, np.maximum(states, 0.0))
        cost = self._prices @ prices + (FRUGAL * self.block.taken if frugal else 0.0)
        self._solver.changeColsBounds(len(self._columns), self._columns, self._bounds.lower, self._bounds.upper)
        self._solver.changeRowsBounds(len(self._rows), self._rows, self._bounds.row_lower, self._bounds.row_upper)
        self._solver.changeColsCost(len(cost), self._columns, cost)
        self._start(states, prices)
        self._solver.run()
        if not highs.is_optimal(self._solver.getModelStatus()):
            self._again()
        self._stood.append(Stood(states, prices, self._solver.getBasis()))
        return highs.values(self._solver)

    def _start(self, states: np.ndarray, prices: np.ndarray) -> None:
        """Take the basis of the nearest question, by the sum of what states differ by, as shares, and by what the price that differs most does."""
        if not self._stood:
            return
        asked = np.array([one.states for one in self._stood])
        apart = (np.abs(asked - states) / np.maximum(np.maximum(asked.max(axis=0), states), NEAR)).sum(axis=1)
        dearer = np.abs(np.array([one.prices for one in self._stood]) - prices) / np.maximum(np.abs(prices), NEAR)
        nearest = len(apart) - 1 - int(np.argmin((apart + dearer.max(axis=1))[::-1]))
        if nearest < len(apart) - 1:
            self._solver.setBasis(self._stood[nearest].basis)

    def _again(self) -> None:
        """From scratch, with presolve, as HiGHS does it by default: the way out where the restarted simplex lost its footing."""
        self._solver.clearSolver()
        held = {name: self._solver.getOptionValue(name)[1] for name in DEFAULTS}
        for name, value in DEFAULTS.items():
            self._solver.setOptionValue(name, value)
        self._solver.run()
        status = self._solver.getModelStatus()
        for name, value in held.items():
            self._solver.setOptionValue(name, value)
        if not highs.is_optimal(status):
            raise Failed(f"operation of month {self.block.number} has no answer: HiGHS says {status.name}")

    @property
    def electricity_price(self) -> np.ndarray:
        """What a MWh more at the main bus would cost, USD/MWh by hour, at the last optimum: duals of the electricity balance."""
        return np.array(self._solver.getSolution().row_dual)[self.block.priced] / self.block.period.weight

    @property
    def gradient(self) -> np.ndarray:
        """Change of the last optimal cost per unit of each state."""
        solution = self._solver.getSolution()
        return gradient(self.block.affine, self._bounds, np.array(solution.row_dual), np.array(solution.col_dual))
