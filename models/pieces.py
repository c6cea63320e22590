"""Convex part load as pieces of the load, each with a slope of its own.

The largest of the tangents (models/tangents.py) is a line with bends. A load is the sum of its pieces; each but the last is at most as wide as the
bends are apart, and what the load draws, or loses, is the sum of slope times piece, with what it draws at no load:

    load = sum_k piece[k],   0 <= piece[k] <= width[k] * capacity,   value = scale * (idle * capacity + sum_k slope[k] * piece[k])

Slopes rise, so the cheapest way fills the pieces in order, and value is the largest tangent; another order gives more, at most as if all were the
steepest piece. The widths are bounds, not rows, and the simplex moves past a bend without a pivot: months have half the rows that they have with
the tangents written below one another.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from .tangents import Tangent
from .terms import constant, data, part, rows, variable


@dataclass(frozen=True)
class Piece:
    """A stretch of the load, `width` per unit of capacity (the last one is as wide as need be), on which a unit more takes `slope` more."""

    width: float
    slope: float


@dataclass(frozen=True)
class Bends:
    """The largest of some tangents, and of nothing: its value at no load, and its pieces from there on, slopes rising."""

    idle: float
    pieces: tuple[Piece, ...]


def bends(tangents: tuple[Tangent, ...]) -> Bends:
    """The largest of tangents of one convex function, given in the order of where they touch, and of nothing: powers and losses are not negative."""
    lines = tangents if tangents[0].capacity_weight >= 0 else (Tangent(0.0, 0.0), *tangents)
    lines = list({line.load_weight: line for line in reversed(lines)}.values())[::-1]  # of parallels the first, which is the highest
    ends = [(left.capacity_weight - right.capacity_weight) / (right.load_weight - left.load_weight) for left, right in pairwise(lines)]
    widths = np.diff([0.0, *ends, np.inf]).tolist()
    return Bends(lines[0].capacity_weight, tuple(Piece(width, line.load_weight) for width, line in zip(widths, lines, strict=True)))


def drawn(block: Any, name: str, value: Any, load, capacity, tangents: tuple[Tangent, ...], scale: np.ndarray) -> None:
    """value[t] = scale[t] * (the largest of the tangents at load(t) and capacity, or, where wasting pays, more)."""
    shape, inner = bends(tangents), part(block, name)
    factor = data(inner, "scale", scale, "1")
    split = [variable(inner, f"piece_{number}", list(value), "MW") for number in range(len(shape.pieces))]
    slopes = [constant(inner, f"slope_{number}", piece.slope, "1") for number, piece in enumerate(shape.pieces)]
    _narrow(inner, split, shape.pieces, capacity)
    idle = _idle(inner, list(value), shape.idle, capacity)
    rows(inner, "load", list(value), lambda t: load(t) == sum(piece[t] for piece in split))
    rows(inner, "drawn", list(value), lambda t:
         value[t] == factor[t] * (sum(slope * piece[t] for slope, piece in zip(slopes, split, strict=True)) + idle(t)))


def _narrow(inner: Any, split: list, pieces: tuple[Piece, ...], capacity: Any) -> None:
    for number, (piece, made) in enumerate(zip(pieces[:-1], split, strict=False)):
        width = constant(inner, f"width_{number}", piece.width, "1")
        rows(inner, f"within_{number}", list(made), lambda t, made=made, width=width: made[t] <= width * capacity)


def _idle(inner: Any, index: list[int], share: float, capacity: Any):
    """What is drawn at no load, as a function of the hour."""
    if share == 0:
        return lambda t: constant(inner, "nothing", 0.0, "MW")
    idle, weight = variable(inner, "idle", index, "MW"), constant(inner, "idle_share", share, "1")
    rows(inner, "at_no_load", index, lambda t: idle[t] == weight * capacity)
    return lambda t: idle[t]
