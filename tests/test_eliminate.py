"""Columns that others define: programmes drawn at random, solved with them and without."""

from types import SimpleNamespace

import numpy as np
import pytest
from dcplan.planner import highs
from dcplan.planner.eliminate import eliminate
from dcplan.planner.highs import Arrays
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

FACTOR = st.sampled_from([0.5, 1.0, 2.0, 3.0])
SIGNED = st.sampled_from([-2.0, -1.0, 0.0, 0.0, 1.0, 2.0])


@st.composite
def programmes(draw):
    """Columns 0..n-1 are free to choose up to 10; each of the next ones is a sum of some before it; rows and costs are over all of them."""
    chosen, defined, others = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 4))
    size = chosen + defined
    matrix, low, high = [], [], []
    for number in range(chosen, size):
        row = np.zeros(size)
        for before in draw(st.sets(st.integers(0, number - 1), min_size=1, max_size=3)):
            row[before] = draw(FACTOR)
        row[number] = -draw(FACTOR)
        matrix.append(row * draw(st.sampled_from([1.0, -1.0])))
        low.append(0.0)
        high.append(0.0)
    for _ in range(others):
        matrix.append(np.array([draw(SIGNED) for _ in range(size)]))
        low.append(-np.inf)
        high.append(draw(st.integers(0, 9).map(float)))
    cost = np.array([draw(SIGNED) for _ in range(size)])
    upper = np.concatenate([np.full(chosen, 10.0), np.full(defined, np.inf)])
    return Arrays(sparse.csc_matrix(np.array(matrix)), np.array(low), np.array(high), np.zeros(size), upper, cost, 0.0, np.zeros(size, dtype=bool), [], [])


def solved(arrays):
    solver = highs.load(arrays)
    assert highs.is_optimal(highs.run(solver))
    return SimpleNamespace(cost=solver.getInfo().objective_function_value, x=highs.values(solver))


def nobody(size):
    return np.zeros(size, dtype=bool)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(programmes())
def test_the_optimum_and_the_rows_are_those_of_the_whole(arrays):
    reduced = eliminate(arrays, nobody(len(arrays.cost)), nobody(len(arrays.row_lower)))
    found = solved(reduced.arrays)
    assert found.cost == pytest.approx(solved(arrays).cost, abs=1e-6)
    x = reduced.recover @ found.x
    assert (x >= -1e-7).all()
    assert (arrays.matrix @ x <= arrays.row_upper + 1e-6).all()
    assert (arrays.matrix @ x >= arrays.row_lower - 1e-6).all()
    assert arrays.cost @ x == pytest.approx(found.cost, abs=1e-6)


def of_rows(*rows):
    """No cost; a row is (low, factors, high)."""
    matrix = sparse.csc_matrix(np.array([factors for _, factors, _ in rows], dtype=float))
    size = len(rows[0][1])
    return Arrays(matrix, np.array([row[0] for row in rows], dtype=float), np.array([row[2] for row in rows], dtype=float), np.zeros(size),
                  np.full(size, np.inf), np.zeros(size), 0.0, nobody(size), [], [])


def test_a_chain_is_followed_to_its_end():
    # y = 2 x, z = 3 y, so z <= 12 is 6 x <= 12
    reduced = eliminate(of_rows((0, [2, -1, 0], 0), (0, [0, 3, -1], 0), (-np.inf, [0, 0, 1], 12)), nobody(3), nobody(3))
    assert reduced.arrays.matrix.shape == (1, 1)
    most = reduced.arrays.row_upper / reduced.arrays.matrix[0, 0]
    assert reduced.recover @ most == pytest.approx([2, 4, 12])
    assert reduced.rows.tolist() == [2]


def test_what_is_held_stays():
    rows = of_rows((0, [2, -1, 0], 0), (0, [0, 3, -1], 0), (-np.inf, [1, 1, 1], 12))
    by_column = eliminate(rows, np.array([True, False, False]), nobody(3))
    assert by_column.rows.tolist() == [0, 2]
    by_row = eliminate(rows, nobody(3), np.array([False, True, False]))
    assert by_row.rows.tolist() == [1, 2]


def test_a_difference_defines_nothing():
    # z = x - y may be negative, so the bound z >= 0 says something of its own
    rows = of_rows((0, [1, -1, -1, -1], 0), (0, [1, 1, -1, -1], 0))
    kept = eliminate(rows, nobody(4), nobody(2))
    assert kept.rows.tolist() == [1]
    assert (kept.recover @ np.ones(3)).tolist() == [3, 1, 1, 1]
