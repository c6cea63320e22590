"""Convex part load as pieces of the load, each with a slope of its own.

The largest of the tangents (models/tangents.py) is a line with bends. A load is the sum of its pieces, each at most as wide as the bends are apart, the
last one up to full load; what the load draws, or loses, is the sum of slope times piece, with what it draws at no load:

    load = sum_k piece[k],   0 <= piece[k] <= width[k] * capacity,   value = scale * (idle * capacity + sum_k slope[k] * piece[k])

Slopes rise, so the cheapest way fills the pieces in order, and value is the largest tangent. Where wasting pays another order gives more, at full load
no more than the tangents say (sites/price_notes.py tells of hours in which it does). The widths are bounds, not rows, and the simplex moves past a bend
without a pivot: months have 0.6 of the rows that they have with the tangents written below one another, and 1.6 of the columns. What is drawn at no load
is a column, held by a bound, too, so that no row but a bound holds a capacity, and `value` can be put in wherever it stands (planner/eliminate.py).
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .tangents import Tangent
from .terms import constant, data, part, rows, variable


@dataclass(frozen=True)
class Piece:
    """The load from `start` per unit of capacity on, up to the next piece: a unit more takes `slope` more."""

    start: float
    slope: float


@dataclass(frozen=True)
class Bends:
    """The largest of some tangents, and of nothing: its value at no load, and its pieces from there on, slopes rising."""

    idle: float
    pieces: tuple[Piece, ...]

    def widths(self, most: float | np.ndarray) -> list[np.ndarray]:
        """How wide each piece is, per unit of capacity, where the load ends at `most`."""
        ends = [np.minimum(end, most) for end in (*(piece.start for piece in self.pieces), np.inf)]
        return [end - start for start, end in pairwise(ends)]


def bends(tangents: tuple[Tangent, ...]) -> Bends:
    """The largest of tangents of one convex function, given in the order of where they touch, and of nothing: powers and losses are not negative."""
    lines = tangents if tangents[0].capacity_weight >= 0 else (Tangent(0.0, 0.0), *tangents)
    lines = list({line.load_weight: line for line in reversed(lines)}.values())[::-1]  # of parallels the first, which is the highest
    starts = [(left.capacity_weight - right.capacity_weight) / (right.load_weight - left.load_weight) for left, right in pairwise(lines)]
    return Bends(lines[0].capacity_weight, tuple(Piece(start, line.load_weight) for start, line in zip([0.0, *starts], lines, strict=True)))


def drawn(block: Any, name: str, value: Any, load, capacity, tangents: tuple[Tangent, ...], scale: np.ndarray, most: float | np.ndarray = 1.0) -> None:
    """value[t] = scale[t] * (the largest of the tangents at load(t) and capacity, or, where wasting pays, more); load(t) <= most[t] * capacity."""
    shape, inner = bends(tangents), part(block, name)
    factor = data(inner, "scale", scale, "1")
    split = [variable(inner, f"piece_{number}", list(value), "MW") for number in range(len(shape.pieces))]
    slopes = [constant(inner, f"slope_{number}", piece.slope, "1") for number, piece in enumerate(shape.pieces)]
    for number, (made, share) in enumerate(zip(split, shape.widths(most), strict=True)):
        width = data(inner, f"width_{number}", np.broadcast_to(share, scale.shape), "1")
        rows(inner, f"within_{number}", list(value), lambda t, made=made, width=width: made[t] <= width[t] * capacity)
    idle = _idle(inner, list(value), shape.idle, capacity)
    rows(inner, "load", list(value), lambda t: load(t) == sum(piece[t] for piece in split))
    rows(inner, "drawn", list(value), lambda t:
         value[t] == factor[t] * (sum(slope * piece[t] for slope, piece in zip(slopes, split, strict=True)) + idle(t)))


def _idle(inner: Any, index: list[int], share: float, capacity: Any):
    """What is drawn at no load, as a function of the hour."""
    if share == 0:
        nothing = constant(inner, "nothing", 0.0, "MW")
        return lambda t: nothing
    idle, weight = variable(inner, "idle", index, "MW"), constant(inner, "idle_share", share, "1")
    rows(inner, "at_no_load", index, lambda t: idle[t] == weight * capacity)
    return lambda t: idle[t]
