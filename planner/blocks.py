"""Operation of one month of one weather year as a linear programme whose bounds follow the plan's states.

A block is built by the same function as the operation inside the programme (planner/system.py), on a sheet instead of in Pyomo
(models/sheet.py), and compiled once to arrays (planner/living.py solves them): another plan moves the bounds of the state columns, another year
moves the costs. Nothing here knows a technology. A month holds its own demand peaks; storage starts and ends each of its
four parts at the level of the phase, so months are independent given the states.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from ..models.component import at, spread
from ..models.horizon import Period, Phase, Slice, build_period, month_period, scenario_and_month
from ..models.sheet import Sheet
from ..models.terms import Effect, variable
from . import highs, system
from .affine import Affine, make_affine
from .case import Case
from .eliminate import eliminate


@dataclass(frozen=True)
class Line:
    """One effect of one component, whose amounts are a row of the block's, in the ledger's unit."""

    component: str
    effect: Effect


@dataclass(frozen=True)
class Block:
    """What is known of a month compiled, without its arrays, which stay with the process that solves them: the number of its weather year and month
    (models/horizon.py); columns that others define are taken out: all columns = `recover` @ those of the solver. `columns[component, variable]` are
    numbers among all columns by hour (or month), -1 where there is none; `units` their unit. Amounts by line = `amounts` @ the solver's columns. `priced`
    are the solver's rows of the electricity balance by hour, `taken` what a unit of each column takes from it (MWh). `signs`: 1 for a line whose amount
    is never below nothing, -1 for one that is never above, 0 for one that may be either."""

    number: int
    period: Period
    columns: dict[tuple[str, str], np.ndarray]
    units: dict[tuple[str, str], str]
    lines: tuple[Line, ...]
    amounts: Any
    recover: Any
    priced: np.ndarray
    taken: np.ndarray
    signs: np.ndarray

    def values(self, x: np.ndarray) -> dict[tuple[str, str], np.ndarray]:
        """The components' variables in a solution."""
        full = self.recover @ x
        return {name: np.where(columns >= 0, full[columns], 0.0) for name, columns in self.columns.items()}


def build_block(case: Case, number: int, slices: tuple[Slice, ...] | None = None) -> tuple[Block, Affine]:
    """Build and compile a month's operation, by its number: every hour of it, or the slices that stand for it. Also gives its arrays, bounds affine in
    the plan's states (in the order of `case.states`)."""
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
    amounts = _amounts(lines, period, sheet, columns, recover.shape[0])
    block = Block(number, period, columns, units, lines, sparse.csr_matrix(amounts @ recover), recover, np.searchsorted(kept, priced),
                  recover.T @ _taken(arrays, priced, period), _signs(amounts, arrays))
    return block, affine


def _signs(amounts: sparse.csr_matrix, arrays: highs.Arrays) -> np.ndarray:
    """1 where no column lets a line's amount fall below nothing, -1 where none lets it rise above, else 0."""
    rises, falls = np.array(arrays.upper > 0, dtype=float), np.array(arrays.lower < 0, dtype=float)
    up, down = amounts.maximum(0), amounts.minimum(0)
    above, below = up @ rises - down @ falls > 0, up @ falls - down @ rises > 0
    return np.where(~below, 1, np.where(~above, -1, 0))


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
