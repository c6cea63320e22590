"""A month's linear programme, solved time and again.

The simplex starts from where it ended on a question like it. The months of a process share one HiGHS object, which is passed a month with its bounds
and costs each time: 36 MB less a month than an object for each, and passing all arrays at once takes 2 ms where changing bounds and costs of an object
that holds them took 9 (46,000 columns; the simplex itself 43). What it costs, a factorisation for the basis each time, is 2 ms.
"""

from collections import deque
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from scipy import sparse

from . import highs
from .affine import Affine, Bounds, bounds_at, gradient
from .blocks import Block
from .errors import Failed

# A month from the basis of another plan, as it is written, without perturbed costs to be mended at the end: two thirds of the time with HiGHS's defaults.
# Without a basis presolve would take a third of the time with all technologies, but what it finds for plant that is not there made poor cuts: Abilene took
# seven rounds in place of four.
RESTARTS = {"presolve": "off", "simplex_scale_strategy": 0, "simplex_dual_edge_weight_strategy": 1, "dual_simplex_cost_perturbation_multiplier": 0.0}
KEPT, NEAR = 32, 1e-6
FRUGAL = 1e-3  # USD per MWh taken from the main bus, a tie-break far below any price: nothing is wasted where it costs nothing
MANY = 20  # times as many iterations as rows: a simplex that goes round in circles is begun again
DEFAULTS = {"presolve": "choose", "simplex_iteration_limit": 2**31 - 1, "simplex_scale_strategy": 2, "simplex_dual_edge_weight_strategy": -1,
            "dual_simplex_cost_perturbation_multiplier": 1.0}


@dataclass(frozen=True)
class Stood:
    """Where a month's simplex ended: the states and prices it was asked at, and the basis."""

    states: np.ndarray
    prices: np.ndarray
    basis: Any


@dataclass(frozen=True)
class Solved:
    """A month's optimum: the solver's columns, the change of the cost per unit of each state, and what a MWh more at the main bus would cost by hour
    (USD/MWh; the dual of the electricity balance)."""

    x: np.ndarray
    gradient: np.ndarray
    electricity_price: np.ndarray


def months_solver() -> highspy.Highs:
    """A HiGHS object for months, one after another."""
    return highs.made(solver="simplex", threads=1, **RESTARTS)


class LiveBlock:
    """A block with its arrays and the last questions. It starts each time from the basis of the nearest of the last `KEPT` of them: a phase before
    the fleet comes and one after it have little in common, and every sweep asks both."""

    def __init__(self, block: Block, affine: Affine, solver: highspy.Highs | None = None):
        self.block, self.affine = block, affine
        self._solver = solver or months_solver()
        self._prices = sparse.csr_matrix(block.amounts.T)
        self._most = MANY * len(affine.arrays.row_lower)
        self._stood: deque[Stood] = deque(maxlen=KEPT)

    def solve(self, states: np.ndarray, prices: np.ndarray, frugal: bool = False) -> Solved:
        """The cheapest operation within these states at these prices of the lines; where it is to be `frugal`, of those that cost the same (within
        `FRUGAL`, which the gradient then holds, too) one that takes the least electricity. Raises Failed where HiGHS finds none, which recourse
        rules out for states that a plan may have."""
        bounds = bounds_at(self.affine, np.maximum(states, 0.0))
        self._pass(bounds, self._prices @ prices + (FRUGAL * self.block.taken if frugal else 0.0))
        if self._stood:
            self._solver.setBasis(self._nearest(states, prices).basis)
        if not highs.is_optimal(highs.run_small(self._solver)):
            self._again()
        self._stood.append(Stood(states, prices, self._solver.getBasis()))
        return self._solved(bounds)

    def _pass(self, bounds: Bounds, cost: np.ndarray) -> None:
        arrays = replace(self.affine.arrays, cost=cost, lower=bounds.lower, upper=bounds.upper, row_lower=bounds.row_lower, row_upper=bounds.row_upper)
        self._solver.setOptionValue("simplex_iteration_limit", self._most)
        highs.pass_arrays(self._solver, arrays, relaxed=True)

    def _nearest(self, states: np.ndarray, prices: np.ndarray) -> Stood:
        """The nearest question, by the sum of what states differ by, as shares, and by what the price that differs most does; of equals the last."""
        asked = np.array([one.states for one in self._stood])
        apart = (np.abs(asked - states) / np.maximum(np.maximum(asked.max(axis=0), states), NEAR)).sum(axis=1)
        dearer = np.abs(np.array([one.prices for one in self._stood]) - prices) / np.maximum(np.abs(prices), NEAR)
        return self._stood[len(apart) - 1 - int(np.argmin((apart + dearer.max(axis=1))[::-1]))]

    def _again(self) -> None:
        """From scratch, with presolve, as HiGHS does it by default: the way out where the restarted simplex lost its footing."""
        self._solver.clearSolver()
        held = {name: self._solver.getOptionValue(name)[1] for name in DEFAULTS}
        for name, value in DEFAULTS.items():
            self._solver.setOptionValue(name, value)
        status = highs.run_small(self._solver)
        for name, value in held.items():
            self._solver.setOptionValue(name, value)
        if not highs.is_optimal(status):
            raise Failed(f"operation of month {self.block.number} has no answer: HiGHS says {status.name}")

    def _solved(self, bounds: Bounds) -> Solved:
        solution = self._solver.getSolution()
        x, column_dual, row_dual = (np.fromiter(part, float) for part in (solution.col_value, solution.col_dual, solution.row_dual))
        return Solved(x, gradient(self.affine, bounds, row_dual, column_dual),
                      row_dual[self.block.priced] / self.block.period.weight)
