"""Bounds affine in states: linear programmes drawn at random, solved with their state columns and without."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dcplan.planner import highs
from dcplan.planner.affine import bounds_at, gradient, make_affine
from dcplan.planner.highs import Arrays
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import sparse

INFINITE = np.inf
SMALL = st.integers(-3, 3).map(float)
FACTOR = st.sampled_from([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0])
LEVEL = st.integers(0, 5).map(float)


@st.composite
def programmes(draw):
    """(arrays, state columns with one that is not there, levels of the states at which the programme has an answer, other levels).

    Every row has slack at costs above all else, so that there is an answer at any states: what the months of the planner have, too.
    """
    columns, states, pairs = draw(st.integers(1, 4)), draw(st.integers(1, 3)), draw(st.integers(0, 3))
    singles = draw(st.lists(st.tuples(st.integers(0, columns - 1), FACTOR, st.sampled_from("<>"), LEVEL), max_size=6))
    general = [draw(st.lists(FACTOR | st.just(0.0), min_size=columns, max_size=columns)) for _ in range(pairs)]
    kinds = draw(st.lists(st.sampled_from("<>="), min_size=pairs, max_size=pairs))
    cost = draw(st.lists(SMALL, min_size=columns, max_size=columns))
    on_states = draw(st.lists(st.lists(SMALL, min_size=states, max_size=states), min_size=len(singles) + pairs, max_size=len(singles) + pairs))
    rhs = draw(st.lists(SMALL, min_size=pairs, max_size=pairs))
    levels = [np.array(draw(st.lists(LEVEL, min_size=states + 1, max_size=states + 1))) for _ in range(3)]
    arrays, places = _arrays(columns, singles, general, kinds, rhs, cost, np.array(on_states).reshape(-1, states))
    return arrays, places, levels


def _arrays(columns, singles, general, kinds, rhs, cost, on_states) -> tuple[Arrays, np.ndarray]:
    """Columns: two slacks a general row, states, the programme's own. Rows: general ones and those of one column, in turns."""
    pairs, states = len(general), on_states.shape[1]
    place = 2 * pairs + states + np.arange(columns)
    rows, low, high = [], [], []
    for number, (factors, kind, level) in enumerate(zip(general, kinds, rhs, strict=True)):
        row = np.zeros(2 * pairs + states + columns)
        row[place], row[[2 * number, 2 * number + 1]] = factors, (1.0, -1.0)
        rows.append(row)
        low.append(-INFINITE if kind == "<" else level)
        high.append(INFINITE if kind == ">" else level)
    for column, factor, kind, level in singles:
        row = np.zeros(2 * pairs + states + columns)
        row[place[column]] = factor
        rows.append(row)
        low.append(-INFINITE if kind == "<" else -level)
        high.append(INFINITE if kind == ">" else level)
    matrix = np.array(rows).reshape(-1, 2 * pairs + states + columns)
    matrix[:, 2 * pairs: 2 * pairs + states] = on_states[: len(rows)] if pairs == 0 else np.roll(on_states, 1, axis=0)
    turned = np.argsort(np.arange(len(rows)) % 3, kind="stable")
    whole = np.concatenate([np.full(2 * pairs, 50.0), np.zeros(states), cost])
    lower = np.concatenate([np.zeros(2 * pairs), np.zeros(states), np.full(columns, -20.0)])
    upper = np.concatenate([np.full(2 * pairs, INFINITE), np.full(states, INFINITE), np.full(columns, 20.0)])
    arrays = Arrays(sparse.csc_matrix(matrix[turned]), np.array(low)[turned], np.array(high)[turned], lower, upper, whole, 0.0,
                    np.zeros(len(whole), dtype=bool), [], [])
    return arrays, np.array([*range(2 * pairs, 2 * pairs + states), -1])


def with_states(arrays, places, levels) -> Any:
    """Least cost of the programme with its state columns held; None where there is no answer."""
    solver = highs.load(arrays)
    for column, level in zip(places[places >= 0], levels[places >= 0], strict=True):
        solver.changeColBounds(int(column), level, level)
    return solver.getInfo().objective_function_value if highs.is_optimal(highs.run(solver)) else None


def without_states(arrays, places, levels) -> Any:
    """Least cost, gradient and solution by the affine programme; None where there is no answer."""
    affine, kept, rows = make_affine(arrays, places)
    assert (np.diff(arrays.matrix[:, kept].tocsr()[rows].indptr) != 1).all()
    number = np.full(len(arrays.cost), -1)
    number[kept] = np.arange(len(kept))
    bounds = bounds_at(affine, levels)
    moved = {name: getattr(bounds, name) for name in ("lower", "upper", "row_lower", "row_upper")}
    solver = highs.load(replace(affine.arrays, **moved), presolve="off", solver="simplex")
    if not highs.is_optimal(highs.run(solver)):
        return None
    found = solver.getSolution()
    slope = gradient(affine, bounds, np.array(found.row_dual), np.array(found.col_dual))
    return SimpleNamespace(cost=solver.getInfo().objective_function_value, slope=slope, x=np.array(found.col_value), number=number)


few_or_many = pytest.mark.parametrize("examples", [150, pytest.param(3000, marks=pytest.mark.slow)])


def for_all(examples, check):
    settings(max_examples=examples, deadline=None, derandomize=True, database=None)(given(programmes())(check))()


def near(value):
    return pytest.approx(value, rel=1e-7, abs=1e-7)


@few_or_many
def test_the_optimum_is_that_of_held_state_columns(examples):
    solved = []

    def check(drawn):
        arrays, places, levels = drawn
        costs = [with_states(arrays, places, level) for level in levels]
        found = [without_states(arrays, places, level) for level in levels]
        for cost, one in zip(costs, found, strict=True):
            if cost is not None:
                assert one is not None
                assert one.cost == near(cost)
                solved.append(cost)

    for_all(examples, check)
    assert len(solved) > examples


@few_or_many
def test_the_tangent_never_passes_the_cost(examples):
    def check(drawn):
        arrays, places, levels = drawn
        assume(with_states(arrays, places, levels[0]) is not None)
        one = without_states(arrays, places, levels[0])
        for level in levels[1:]:
            cost = with_states(arrays, places, level)
            if cost is not None:
                assert one.cost + one.slope @ (level - levels[0]) <= cost + 1e-6 * max(1.0, abs(cost))
        assert one.slope[places < 0].tolist() == [0.0]

    for_all(examples, check)


@few_or_many
def test_columns_keep_their_order(examples):
    def check(drawn):
        arrays, places, levels = drawn
        one = without_states(arrays, places, levels[0])
        assume(one is not None)
        there = places[places >= 0]
        assert (one.number[there] == -1).all()
        rest = np.setdiff1d(np.arange(len(arrays.cost)), there)
        assert one.number[rest].tolist() == list(range(len(rest)))
        x = np.zeros(len(arrays.cost))
        x[rest], x[there] = one.x, levels[0][places >= 0]
        if with_states(arrays, places, levels[0]) is not None:
            assert arrays.cost @ x == near(one.cost)
            assert (arrays.matrix @ x <= arrays.row_upper + 1e-6).all()
            assert (arrays.matrix @ x >= arrays.row_lower - 1e-6).all()

    for_all(examples, check)


# By hand: x in 0..10, states a and b --------------------------------------------------------------------------------------------------------------

def of_x(cost, *rows):
    """`minimise cost x`, rows (low, factor of x, of a, of b, high) of one column; columns a, x, b."""
    matrix = sparse.csc_matrix(np.array([[row[2], row[1], row[3]] for row in rows]))
    low, high = (np.array([row[place] for row in rows], dtype=float) for place in (0, 4))
    return Arrays(matrix, low, high, np.zeros(3), np.array([INFINITE, 10.0, INFINITE]), np.array([0.0, cost, 0.0]), 0.0, np.zeros(3, dtype=bool), [], [])


@pytest.mark.parametrize(("cost", "rows", "levels", "least", "slope"), [
    (-1, [(-INFINITE, 1, -1, 0, 0)], (4, 0), -4, (-1, 0)),  # x <= a
    (-1, [(-INFINITE, 2, -1, 0, 3)], (5, 0), -4, (-0.5, 0)),  # 2 x <= a + 3
    (1, [(-INFINITE, -2, 1, 0, 0)], (4, 0), 2, (0.5, 0)),  # -2 x + a <= 0: x >= a / 2
    (-1, [(-INFINITE, 1, -1, 0, 0)], (12, 0), -10, (0, 0)),  # x <= a, where its own 10 is less
    (-1, [(-INFINITE, 1, -1, 0, 0), (-INFINITE, 1, 0, -1, 0)], (4, 7), -4, (-1, 0)),  # x <= a, x <= b: the first binds
    (-1, [(-INFINITE, 1, -1, 0, 0), (-INFINITE, 1, 0, -1, 0)], (7, 4), -4, (0, -1)),  # the second
    (-1, [(-INFINITE, 1, -1, 0, 0), (-INFINITE, 1, 0, -1, 0), (-INFINITE, 1, -0.5, -0.5, 0)], (4, 2), -2, (0, -1)),  # the second of three
    (1, [(0, 1, -1, 0, INFINITE), (1, 1, 0, -1, INFINITE)], (2, 3), 4, (0, 1)),  # x >= a, x >= b + 1
    (-1, [(0, 1, -1, 0, 0)], (4, 0), -4, (-1, 0)),  # x = a
    (1, [(0, 1, -1, 0, 0)], (4, 0), 4, (1, 0)),
    (-1, [(0, -1, 1, 0, 0), (-INFINITE, 1, 0, -1, 5)], (4, 3), -4, (-1, 0)),  # x = a, x <= b + 5
    (-1, [(2, 1, 1, 0, 6)], (1, 0), -5, (1, 0)),  # 2 <= x + a <= 6
    (1, [(2, 1, 1, 0, 6)], (1, 0), 1, (-1, 0))])
def test_rows_of_one_column(cost, rows, levels, least, slope):
    found = without_states(of_x(cost, *rows), np.array([0, 2]), np.array(levels, dtype=float))
    assert (found.cost, found.slope.tolist()) == (least, list(slope))
    assert with_states(of_x(cost, *rows), np.array([0, 2]), np.array(levels, dtype=float)) == near(least)


def test_no_state_is_there():
    arrays, states = of_x(-1, (-INFINITE, 1, 0, 0, 6)), np.array([-1, -1])
    arrays.cost[:], arrays.upper[[0, 2]] = (0.0, -1.0, 0.0), 1.0
    found = without_states(arrays, states, np.ones(2))
    assert (found.cost, found.slope.tolist(), found.number.tolist()) == (-6, [0, 0], [0, 1, 2])
