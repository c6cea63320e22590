"""A smaller linear programme of the same optimum: columns that an equality defines leave it.

A row   a_j x_j + sum_k a_k x_k = 0   with one entry of its sign gives x_j = sum_k (-a_k / a_j) x_k, which is never negative where no x_k is: the
bound of x_j holds by itself, and x_j may be put in wherever it stands (aggregation: Andersen and Andersen 1995, section 3.5). Loops, racks
and fuel are full of such rows. Nothing here knows a technology.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from .highs import Arrays

MOST_FILL = 16
NOTHING = 1e-13


@dataclass(frozen=True)
class Reduced:
    """What is left: arrays; x of all columns = `recover` @ x of those left; `rows` are the numbers of the rows left."""

    arrays: Arrays
    recover: Any
    rows: np.ndarray


def eliminate(arrays: Arrays, held_columns: np.ndarray, held_rows: np.ndarray) -> Reduced:
    """Take defined columns out, round by round; columns and rows that are marked as held stay, and no row with a held column is used."""
    by_row: Any = sparse.csr_matrix(arrays.matrix)
    size = by_row.shape[1]
    found = Reduced(replace(arrays, matrix=by_row, columns=[], rows=[]), sparse.identity(size, format="csr"), np.arange(by_row.shape[0]))
    free = (arrays.lower == 0) & np.isposinf(arrays.upper) & ~arrays.integer & ~held_columns
    left = np.arange(size)
    while True:
        rows, columns = _pivots(found.arrays, free[left], held_columns[left], held_rows[found.rows])
        if not len(rows):
            return replace(found, arrays=replace(found.arrays, matrix=found.arrays.matrix.tocsc()))
        found = _substituted(found, rows, columns)
        left = np.delete(left, columns)


def _pivots(arrays: Arrays, free: np.ndarray, held: np.ndarray, held_rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and the column that each defines, none of which stands in another of these rows. The matrix is row by row."""
    matrix = arrays.matrix
    entries = np.diff(matrix.indptr)
    row, column, value = np.repeat(np.arange(len(entries)), entries), matrix.indices, matrix.data
    above, below = (np.bincount(row, sign * value > 0, len(entries)) for sign in (1, -1))
    signed = np.bincount(row, held[column] | (arrays.lower[column] < 0), len(entries)) == 0
    defines = (arrays.row_lower == 0) & (arrays.row_upper == 0) & (entries > 1) & signed & ~held_rows
    alone = np.where(value > 0, above[row], below[row]) == 1
    fill = (np.bincount(column, minlength=matrix.shape[1])[column] - 1) * (entries[row] - 1)
    able = np.flatnonzero(defines[row] & alone & free[column] & (fill <= MOST_FILL))
    able = able[np.lexsort((fill[able], row[able]))]
    able = able[np.unique(row[able], return_index=True)[1]]
    able = able[np.unique(column[able], return_index=True)[1]]
    apart = np.diff(matrix[row[able]][:, column[able]].indptr) == 1
    return row[able][apart], column[able][apart]


def _substituted(found: Reduced, rows: np.ndarray, columns: np.ndarray) -> Reduced:
    arrays, size = found.arrays, found.arrays.matrix.shape[1]
    matrix = arrays.matrix
    kept, others = np.delete(np.arange(size), columns), np.delete(np.arange(matrix.shape[0]), rows)
    defined = sparse.diags(-1 / np.asarray(matrix[rows, columns]).ravel()) @ matrix[rows][:, kept]
    number = np.empty(size, dtype=int)
    number[kept], number[columns] = np.arange(len(kept)), len(kept) + np.arange(len(columns))
    put: Any = sparse.csr_matrix(sparse.vstack([sparse.identity(len(kept)), defined]))[number]
    smaller = matrix[others] @ put
    smaller.data[np.abs(smaller.data) < NOTHING] = 0.0
    smaller.eliminate_zeros()
    return Reduced(replace(arrays, matrix=smaller, row_lower=arrays.row_lower[others], row_upper=arrays.row_upper[others],
                           lower=arrays.lower[kept], upper=arrays.upper[kept], cost=put.T @ arrays.cost, integer=arrays.integer[kept]),
                   found.recover @ put, found.rows[others])
