"""A linear programme whose bounds are affine in states: the state columns leave the matrix.

From   row_lower <= A x + S z <= row_upper   with z held: rows with one column of x become bounds on it, `bound(z) = constant - slope z`; in
the rest S z moves to the other side. What is left is smaller, and only bounds move from one z to the next. Nothing here knows a technology.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from .highs import Arrays


@dataclass(frozen=True)
class Layer:
    """Bounds from rows of one column, no column twice: lower and upper of `columns` where z is nothing."""

    columns: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


@dataclass(frozen=True)
class Affine:
    """Arrays without state columns, numbers of the rows that states move, layers of bounds, and what the states take from the bounds of all
    these: `slopes` is (rows moved, then one layer after another) x states, `turned` its transpose."""

    arrays: Arrays
    moved: np.ndarray
    layers: tuple[Layer, ...]
    slopes: sparse.csr_matrix
    turned: sparse.csr_matrix

    @property
    def ends(self) -> np.ndarray:
        """Where among the rows of `slopes` the rows moved end, and each layer but the last."""
        return np.cumsum([len(self.moved), *(len(layer.columns) for layer in self.layers)])[:-1]


@dataclass(frozen=True)
class Bounds:
    """Bounds at some z, and for each layer where it sets the lower or the upper bound."""

    lower: np.ndarray
    upper: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    sets_lower: tuple[np.ndarray, ...]
    sets_upper: tuple[np.ndarray, ...]


def make_affine(arrays: Arrays, states: np.ndarray) -> tuple[Affine, np.ndarray, np.ndarray]:
    """Take the columns `states` (-1: not there) out of the arrays; also gives the numbers of the columns and of the rows that are left."""
    there = states >= 0
    kept = np.delete(np.arange(arrays.matrix.shape[1]), states[there])
    matrix = arrays.matrix.tocsr()
    own = matrix[:, kept]
    slope = sparse.csr_matrix((matrix.shape[0], len(states)))
    if there.any():
        pick = sparse.csr_matrix((np.ones(there.sum()), (states[there], np.flatnonzero(there))), shape=(matrix.shape[1], len(states)))
        slope = matrix @ pick
    single = np.diff(own.indptr) == 1
    rest = np.flatnonzero(~single)
    moved = np.flatnonzero(np.diff(slope[rest].indptr) > 0)
    left = replace(arrays, matrix=own[rest].tocsc(), row_lower=arrays.row_lower[rest], row_upper=arrays.row_upper[rest],
                   lower=arrays.lower[kept], upper=arrays.upper[kept], cost=arrays.cost[kept], integer=arrays.integer[kept], columns=[], rows=[])
    layers, scaled = zip(*_layers(own, slope, arrays, np.flatnonzero(single))) if single.any() else ((), ())
    slopes = sparse.csr_matrix(sparse.vstack([slope[rest][moved], *scaled]))
    return Affine(left, moved, layers, slopes, sparse.csr_matrix(slopes.T)), kept, rest


def _layers(own: sparse.csr_matrix, slope: sparse.csr_matrix, arrays: Arrays, single: np.ndarray):
    """Rows of one column as bounds, each column once a layer, and what the states take from them."""
    column, factor = own[single].indices, own[single].data
    low, high = arrays.row_lower[single] / factor, arrays.row_upper[single] / factor
    lower, upper = np.where(factor > 0, low, high), np.where(factor > 0, high, low)
    scaled = sparse.diags(1 / factor) @ slope[single]
    left = np.arange(len(single))
    while left.size:
        _, first = np.unique(column[left], return_index=True)
        chosen = left[first]
        yield Layer(column[chosen], lower[chosen], upper[chosen]), scaled[chosen]
        left = np.delete(left, first)


def bounds_at(affine: Affine, states: np.ndarray) -> Bounds:
    """All bounds at some states."""
    arrays = affine.arrays
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    sets_lower, sets_upper = [], []
    moved, *shifts = np.split(affine.slopes @ states, affine.ends)
    for layer, shift in zip(affine.layers, shifts, strict=True):
        low, high = layer.lower - shift, layer.upper - shift
        sets_lower.append(low >= lower[layer.columns])
        sets_upper.append(high < upper[layer.columns])
        lower[layer.columns] = np.maximum(lower[layer.columns], low)
        upper[layer.columns] = np.minimum(upper[layer.columns], high)
    row_lower, row_upper = arrays.row_lower.copy(), arrays.row_upper.copy()
    row_lower[affine.moved] -= moved
    row_upper[affine.moved] -= moved
    return Bounds(lower, np.maximum(upper, lower), row_lower, row_upper, tuple(sets_lower), tuple(sets_upper))


def gradient(affine: Affine, bounds: Bounds, row_dual: np.ndarray, column_dual: np.ndarray) -> np.ndarray:
    """Change of the optimal cost per unit of each state, from the duals at these bounds.

    A row's dual prices its bound, a column's reduced cost the bound that it sits at; where several rows set that bound, the last in force has it.
    """
    prices = [row_dual[affine.moved]]
    below, above = np.maximum(column_dual, 0.0), np.minimum(column_dual, 0.0)
    for layer, low, high in reversed(list(zip(affine.layers, bounds.sets_lower, bounds.sets_upper, strict=True))):
        price = np.where(low, below[layer.columns], 0.0) + np.where(high, above[layer.columns], 0.0)
        below[layer.columns[low]], above[layer.columns[high]] = 0.0, 0.0
        prices.insert(1, price)
    return -(affine.turned @ np.concatenate(prices))
