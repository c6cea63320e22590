"""Convex part load as pieces: what is drawn is the largest of the tangents, at any load and capacity."""

import highspy
import numpy as np
import pytest
from dcplan.models.pieces import Piece, bends, drawn
from dcplan.models.sheet import Sheet
from dcplan.models.tangents import Tangent, power_tangents, quadratic_tangents, staged_tangents
from dcplan.models.terms import rows, variable
from dcplan.planner import highs
from hypothesis import given, settings
from hypothesis import strategies as st

SHARES = st.floats(0.0, 1.0)


def least_drawn(tangents, load, capacity, scale=1.0, cost=1.0):
    """The least (or at a cost below zero the most) that an hour draws at a load and capacity, solved."""
    sheet = Sheet()
    value, carried, rated = (variable(sheet, name, [0], "MW") for name in ("value", "carried", "rated"))
    rows(sheet, "given", [0], lambda t: carried[t] == load)
    rows(sheet, "bought", [0], lambda t: rated[t] == capacity)
    drawn(sheet, "fans", value, lambda t: carried[t], rated[0], tangents, np.array([scale]))
    arrays, columns, _ = highs.compile_sheet(sheet)
    arrays.cost[columns[value.columns[0]]] = cost
    solver = highs.load(arrays, threads=1)
    assert highs.run_small(solver) == highspy.HighsModelStatus.kOptimal
    return highs.values(solver)[columns[value.columns[0]]]


def test_bends_by_hand():
    """u^2 touched at 1/2 and 1: u - 1/4 and 2 u - 1, and nothing below. u - 1/4 = 0 at 1/4; u - 1/4 = 2 u - 1 at 3/4."""
    found = bends(quadratic_tangents(0.0, 0.0, 1.0, (0.5, 1.0)))
    assert found.idle == 0
    assert found.pieces == (Piece(0.0, 0.0), Piece(0.25, 1.0), Piece(0.75, 2.0))
    assert found.widths(0.8) == [pytest.approx(0.25), pytest.approx(0.5), pytest.approx(0.05)]
    assert found.widths(0.5) == [0.25, 0.25, 0.0]


def test_what_idles_draws_at_no_load():
    """0.1 + u^2 touched at 1/5 and 1: 0.06 + 0.4 u and 2 u - 0.9, which meet at 0.96 / 1.6 = 0.6. At 10 MW of rating, idle: 0.6; at 8 MW of load
    0.6 + 0.4 * 6 + 2 * 2 = 7 of full-load value, a fifth of that: 1.4."""
    tangents = quadratic_tangents(0.1, 0.0, 1.0, (0.2, 1.0))
    found = bends(tangents)
    assert found.idle == pytest.approx(0.06)
    assert [(piece.start, piece.slope) for piece in found.pieces] == [(0.0, pytest.approx(0.4)), (pytest.approx(0.6), pytest.approx(2.0))]
    assert least_drawn(tangents, 8.0, 10.0, 0.2) == pytest.approx(1.4)
    assert least_drawn(tangents, 0.0, 10.0, 0.2) == pytest.approx(0.12)


def test_one_tangent_is_one_piece():
    assert bends((Tangent(0.0, 0.3),)).pieces == (Piece(0.0, 0.3),)


@settings(max_examples=40, deadline=None)
@given(load=SHARES, capacity=st.floats(0.0, 50.0), scale=st.floats(0.01, 2.0), kind=st.sampled_from(("fans", "losses", "machines")), a=st.floats(0.01, 0.5),
       c=st.floats(0.0, 1.0))
def test_draws_the_largest_tangent(load, capacity, scale, kind, a, c):
    tangents = {"fans": power_tangents(1 + 2 * c), "losses": quadratic_tangents(a, 0.0, c), "machines": staged_tangents(a, 0.2, c)}[kind]
    expected = scale * max(0.0, *(line.capacity_weight * capacity + line.load_weight * load * capacity for line in tangents))
    assert least_drawn(tangents, load * capacity, capacity, scale) == pytest.approx(expected, abs=1e-6)


@given(load=SHARES)
@settings(max_examples=20, deadline=None)
def test_wasting_stays_within_the_steepest_piece_and_full_load(load):
    """Where power earns, an hour draws more than it needs, but no more than the steepest tangent's slope times the load, nor than at full load."""
    tangents = power_tangents(3.0)
    most = least_drawn(tangents, 10 * load, 10.0, cost=-1.0)
    full = max(line.capacity_weight + line.load_weight for line in tangents)
    assert most <= min(tangents[-1].load_weight * 10 * load, 10 * full) + 1e-6
