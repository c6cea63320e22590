"""The bridge to HiGHS: a Pyomo model as arrays, and HiGHS runs on them."""

import contextlib
import ctypes
import gc
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
from pyomo.repn import generate_standard_repn
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy import sparse

from ..models.sheet import Sheet
from .errors import Failed

POLL = 0.1
TELLING: dict[str, Any] = {"log_to_console": False, "output_flag": True}  # branch and bound calls back only where it would write a line


@dataclass
class Arrays:
    """A model as `row_lower <= A x <= row_upper`, `lower <= x <= upper`, minimise cost x + offset. `columns` are Pyomo variables, `rows`
    Pyomo constraints, in the order of the arrays (none where a sheet was compiled)."""

    matrix: Any
    row_lower: np.ndarray
    row_upper: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    cost: np.ndarray
    offset: float
    integer: np.ndarray
    columns: list
    rows: list


def compile_model(model: pyo.ConcreteModel) -> Arrays:
    """Pyomo's standard-form compiler, mixed form: equalities stay equalities, fixed variables go to the right-hand side."""
    form = LinearStandardFormCompiler().write(model, mixed_form=True)
    rhs, kind = np.array(form.rhs, dtype=float), np.array([row.bound_type for row in form.rows])
    bounds = [(column.lb, column.ub) for column in form.columns]
    return Arrays(
        matrix=form.A, row_lower=np.where(kind == 1, -np.inf, rhs), row_upper=np.where(kind == -1, np.inf, rhs),
        lower=np.array([-np.inf if low is None else low for low, _ in bounds], dtype=float),
        upper=np.array([np.inf if high is None else high for _, high in bounds], dtype=float),
        cost=np.asarray(form.c.todense()).ravel() if form.c.shape[0] else np.zeros(len(bounds)), offset=float(sum(form.c_offset)),
        integer=np.array([column.is_integer() for column in form.columns], dtype=bool), columns=list(form.columns),
        rows=[row.constraint for row in form.rows])


def compile_sheet(sheet: Sheet) -> tuple[Arrays, np.ndarray, np.ndarray]:
    """A sheet as arrays without cost, and the place of each of its columns and rows there; -1 for a column in no row and a row of no column,
    which are left out. Raises ValueError for a row of no column that does not hold."""
    matrix, paper = sheet.matrix(), sheet.paper
    lower, upper = (np.concatenate(side) for side in zip(*paper.bounds, strict=True))
    used, filled = np.diff(matrix.tocsc().indptr) > 0, np.diff(matrix.indptr) > 0
    broken = np.flatnonzero(~filled & ((lower > 0) | (upper < 0)))
    if broken.size:
        raise ValueError(f"a row of {sheet.name_of(broken[0])} has no variables and does not hold")
    kept: Any = matrix[filled][:, used].tocsc()
    arrays = Arrays(kept, lower[filled], upper[filled], np.concatenate(paper.lower)[used], np.concatenate(paper.upper)[used],
                    np.zeros(used.sum()), 0.0, np.zeros(used.sum(), dtype=bool), [], [])
    return arrays, np.where(used, np.cumsum(used) - 1, -1), np.where(filled, np.cumsum(filled) - 1, -1)


def compile_cost(arrays: Arrays, expression) -> np.ndarray:
    """The coefficients of a linear Pyomo expression over the columns."""
    place = {id(column): number for number, column in enumerate(arrays.columns)}
    form: Any = generate_standard_repn(expression)
    cost = np.zeros(len(arrays.columns))
    for var, factor in zip(form.linear_vars, form.linear_coefs, strict=True):
        cost[place[id(var)]] += factor
    return cost


def with_row(arrays: Arrays, coefficients: np.ndarray, most: float) -> Arrays:
    """The model with one row more: coefficients x <= most."""
    matrix = sparse.vstack([arrays.matrix, sparse.csr_matrix(coefficients)], format="csc")
    return replace(arrays, matrix=matrix, row_lower=np.append(arrays.row_lower, -np.inf), row_upper=np.append(arrays.row_upper, most),
                   rows=[*arrays.rows, None])


def with_columns(arrays: Arrays, columns: Sequence[Any]) -> Arrays:
    """The model with columns more (Pyomo variables, continuous, without cost), which are in none of its rows."""
    bounds = [(-np.inf if column.lb is None else column.lb, np.inf if column.ub is None else column.ub) for column in columns]
    lower, upper = np.array(bounds, dtype=float).reshape(-1, 2).T
    matrix = sparse.hstack([arrays.matrix, sparse.csc_matrix((arrays.matrix.shape[0], len(columns)))], format="csc")
    return replace(arrays, matrix=matrix, lower=np.append(arrays.lower, lower), upper=np.append(arrays.upper, upper),
                   cost=np.append(arrays.cost, np.zeros(len(columns))), integer=np.append(arrays.integer, np.zeros(len(columns), dtype=bool)),
                   columns=[*arrays.columns, *columns])


@contextlib.contextmanager
def building() -> Iterator[None]:
    """While open, Python's cyclic garbage collector waits: a model under construction is millions of objects, none of them garbage."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def give_back() -> None:
    """Return the memory of models that are done with to the system, where the C library can."""
    gc.collect()
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def load(arrays: Arrays, relaxed: bool = False, **options) -> highspy.Highs:
    """A HiGHS object that holds the model; `relaxed` drops integrality."""
    highs = made(**options)
    pass_arrays(highs, arrays, relaxed)
    return highs


def made(**options) -> highspy.Highs:
    """A HiGHS object with these options, that says nothing."""
    highs = _quietly_made()
    highs.setOptionValue("output_flag", False)
    for name, value in options.items():
        highs.setOptionValue(name, value)
    return highs


def pass_arrays(highs: highspy.Highs, arrays: Arrays, relaxed: bool = False) -> None:
    """Give a model to a HiGHS object in place of what it held; `relaxed` drops integrality. All arrays go at once, a tenth of the time of a HighsLp filled
    one by one."""
    matrix, (rows, columns) = arrays.matrix, arrays.matrix.shape
    by_column, least = int(highspy.MatrixFormat.kColwise), int(highspy.ObjSense.kMinimize)
    integer = np.zeros(columns, dtype=np.int32) if relaxed else arrays.integer.astype(np.int32)
    status = highs.passModel(columns, rows, matrix.nnz, by_column, least, arrays.offset, arrays.cost, arrays.lower, arrays.upper,
                             arrays.row_lower, arrays.row_upper,
                             matrix.indptr, matrix.indices, matrix.data, integer)
    if status == highspy.HighsStatus.kError:
        raise Failed("HiGHS does not take the model that it is given")


def _quietly_made() -> highspy.Highs:
    """A HiGHS object without the banner that its constructor writes to standard output, where results go."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        return highspy.Highs()
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def run(highs: highspy.Highs) -> highspy.HighsModelStatus:
    """Solve; Ctrl-C stops HiGHS, which keeps what it has, and raises KeyboardInterrupt. (`highs.solve` would print on standard output then.)

    The thread that this takes costs some milliseconds, as much as many a linear programme: `run_small` does without.
    """
    highs.HandleKeyboardInterrupt = True
    highs.startSolve()
    ended = pressed = False
    while not ended:
        try:
            ended, _ = highs.wait(POLL)
        except KeyboardInterrupt:
            pressed = True
            highs.cancelSolve()
    if pressed:
        raise KeyboardInterrupt
    return highs.getModelStatus()


def run_small(highs: highspy.Highs) -> highspy.HighsModelStatus:
    """Solve what takes seconds at most; Ctrl-C waits for it. For objects loaded with `threads=1`: HiGHS keeps one number of threads in a thread."""
    highs.run()
    return highs.getModelStatus()


def values(highs: highspy.Highs) -> np.ndarray:
    """The solution's column values."""
    return np.array(highs.getSolution().col_value)


def is_optimal(status: highspy.HighsModelStatus) -> bool:
    """Whether HiGHS proved the solution."""
    return status == highspy.HighsModelStatus.kOptimal
