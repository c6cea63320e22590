"""A month written on a sheet is the month that Pyomo makes of the same rules, row by row, for every technology."""

import numpy as np
import pyomo.environ as pyo
import pytest
from dcplan.models.horizon import Slice, build_period
from dcplan.models.sheet import Sheet
from dcplan.models.terms import rows, variable
from dcplan.planner import highs, system
from test_consistency import case as case


def by_pyomo(case, period):
    """Rows as {name: (lower, upper, {column name: coefficient})} and bounds of columns, from Pyomo's compiler."""
    model = pyo.ConcreteModel()
    model.state = pyo.Block()
    state = {name: variable(model.state, name, [0], unit)[0] for name, unit in case.states.items()}
    system.operate(model, case.components, period, case.hourly, state)
    model.objective = pyo.Objective(expr=0.0)
    arrays = highs.compile_model(model)
    columns = [named(column) for column in arrays.columns]
    made = {}
    for name, line, low, high in zip(map(named, arrays.rows), arrays.matrix.tocsr(), arrays.row_lower, arrays.row_upper, strict=True):
        made[name] = signed(low, high, {columns[place]: value for place, value in zip(line.indices, line.data, strict=True) if value})
    return made, dict(zip(columns, zip(arrays.lower, arrays.upper, strict=True), strict=True))


def named(part):
    """(block, component, index)"""
    return part.parent_block().name, part.parent_component().local_name, part.index()


def by_sheet(case, period):
    """The same from a sheet."""
    sheet = Sheet()
    given = sheet.part("state")
    state = {name: variable(given, name, [0], unit)[0] for name, unit in case.states.items()}
    system.operate(sheet, case.components, period, case.hourly, state)
    arrays, columns_at, rows_at = highs.compile_sheet(sheet)
    held = {".".join(within) or "unknown": part for within, part in sheet.walk()}
    columns = {place: (owner, name, index) for owner, part in held.items() for name, vector in part.variables.items()
               for index, place in zip(vector.index.tolist(), columns_at[vector.columns].tolist(), strict=True) if place >= 0}
    numbered = {place: (owner, name) for owner, part in held.items() for name, numbers in part.constraints.items()
                for place in rows_at[numbers].tolist() if place >= 0}
    made = {}
    for number, line in enumerate(arrays.matrix.tocsr()):
        entries = {columns[place]: value for place, value in zip(line.indices, line.data, strict=True)}
        made.setdefault(numbered[number], []).append(signed(arrays.row_lower[number], arrays.row_upper[number], entries))
    return made, {columns[place]: (arrays.lower[place], arrays.upper[place]) for place in columns}


def signed(low, high, entries):
    """A row with its sign such that the first of its columns, by name, counts positive."""
    sign = np.sign(entries[min(entries, key=str)])
    low, high = sorted((sign * low, sign * high))
    return low + 0.0, high + 0.0, {name: sign * value for name, value in entries.items()}


def test_same_rows_as_pyomo(case):
    period = build_period((1, 7), (Slice(30, 5, 1), Slice(35, 4, 1, 2.0), Slice(4400, 6, 7)))
    theirs, their_bounds = by_pyomo(case, period)
    ours, our_bounds = by_sheet(case, period)
    owner = {("unknown" if block == "unknown" else block, name) for block, name, _ in theirs}
    assert owner == set(ours)
    for block, name in owner:
        expected = [theirs[key] for key in sorted((key for key in theirs if key[:2] == (block, name)), key=lambda key: key[2])]
        for (low, high, entries), found in zip(expected, ours[block, name], strict=True):
            assert found[:2] == pytest.approx((low, high), abs=1e-9), (block, name)
            assert found[2] == pytest.approx(entries, rel=1e-9), (block, name)
    assert their_bounds == our_bounds


def test_one_call_makes_all_rows():
    """2 x[t] - y <= 5 t over t = 1, 2, and x[1] >= 1 - y / 4: by hand."""
    sheet = Sheet()
    x, y = variable(sheet, "x", [1, 2], "MW", upper=np.array([7.0, 8.0])), variable(sheet, "y", [0], "MW", lower=None)[0]
    rows(sheet, "first", [1, 2], lambda t: 2 * x[t] - y <= 5 * t)
    rows(sheet, "second", [1], lambda t: x[t] >= 1 - y / 4)
    rows(sheet, "none", [], lambda t: x[t] == 0)
    arrays, columns, numbers = highs.compile_sheet(sheet)
    assert arrays.matrix.toarray().tolist() == [[2, 0, -1], [0, 2, -1], [1, 0, 0.25]]
    assert (arrays.row_lower.tolist(), arrays.row_upper.tolist()) == ([-np.inf, -np.inf, 1], [5, 10, np.inf])
    assert (arrays.lower.tolist(), arrays.upper.tolist()) == ([0, 0, -np.inf], [7, 8, np.inf])
    assert (columns.tolist(), numbers.tolist()) == ([0, 1, 2], [0, 1, 2])


def test_what_has_no_entries_is_left_out():
    sheet = Sheet()
    x = variable(sheet, "x", [0, 1], "MW")
    rows(sheet, "kept", [0, 1], lambda t: np.array([0.0, 3.0])[t] * x[t] <= 6)
    arrays, columns, numbers = highs.compile_sheet(sheet)
    assert (columns.tolist(), numbers.tolist(), arrays.matrix.toarray().tolist()) == ([-1, 0], [-1, 0], [[3]])


def test_a_row_of_no_column_must_hold():
    sheet = Sheet()
    x = variable(sheet, "x", [0, 1], "MW")
    rows(sheet, "wrong", [0, 1], lambda t: np.array([0.0, 3.0])[t] * x[t] >= 6)
    with pytest.raises(ValueError, match="a row of wrong has no variables and does not hold"):
        highs.compile_sheet(sheet)


def test_an_index_that_is_not_there_is_refused():
    x = variable(Sheet(), "x", [1, 2], "MW")
    with pytest.raises(KeyError):
        x[np.array([1, 3])]
