"""Convex part load as tangent cuts, linear in load and capacity.

For power or loss `p = capacity * f(load / capacity)` with f convex, every tangent of f at utilisation u gives a valid lower bound
`p >= (f(u) - u f'(u)) capacity + f'(u) load`, homogeneous in (load, capacity). Minimised p lies on the largest of them. Of fans and pumps
one line is no tangent: the chord at low load.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Polynomial

UTILISATIONS = (0.45, 0.7, 0.95)
LOWEST = 0.25  # utilisation below which power by the affinity laws is in proportion
STAGED_UTILISATIONS = (0.85, 1.0)


@dataclass(frozen=True)
class Tangent:
    """`value >= capacity_weight * capacity + load_weight * load`, per unit of full-load value."""

    capacity_weight: float
    load_weight: float


def quadratic_tangents(a: float, b: float, c: float, utilisations: tuple[float, ...] = UTILISATIONS) -> tuple[Tangent, ...]:
    """Tangents of f(u) = a + b u + c u^2. One suffices where c = 0."""
    points = utilisations if c > 0 else utilisations[:1]
    return tuple(Tangent(a - c * u * u, b + 2 * c * u) for u in points)


def curve_tangents(curve: Polynomial, utilisations: tuple[float, ...] = UTILISATIONS) -> tuple[Tangent, ...]:
    """Tangents of a polynomial without negative coefficients. One suffices where it is a straight line."""
    slope = curve.deriv()
    points = utilisations if np.any(np.asarray(curve.coef[2:], dtype=float) > 0) else utilisations[:1]
    return tuple(Tangent(float(curve(u) - u * slope(u)), float(slope(u))) for u in points)


def power_tangents(exponent: float, utilisations: tuple[float, ...] = UTILISATIONS) -> tuple[Tangent, ...]:
    """Tangents of f(u) = u^n, n >= 1: fans and pumps by the affinity laws, all units sharing the flow (n = 3 without static head).

    The tangents cross zero at a load where fans draw something. There the chord from nothing to f(LOWEST) lies above them: below LOWEST it is above f, by
    0.019 at most, and nothing runs for nothing.
    """
    if exponent <= 1:
        return (Tangent(0.0, 1.0),)
    return (Tangent(0.0, LOWEST ** (exponent - 1)), *(Tangent((1 - exponent) * u**exponent, exponent * u ** (exponent - 1)) for u in utilisations))


def staged_tangents(a: float, b: float, c: float) -> tuple[Tangent, ...]:
    """Tangents of f(u) = a + b u + c u^2 for machines that are switched off one by one.

    With the running share free, the best utilisation is u* = sqrt(a / c) and below it the specific power is constant: the tangent at u*
    passes through the origin. Where u* >= 1 all run flat out: f = (a + b + c) u.
    """
    best = math.sqrt(a / c) if c > 0 else 1.0
    if best >= 1.0:
        return (Tangent(0.0, a + b + c),)
    others = tuple(u for u in STAGED_UTILISATIONS if u > best)
    return (Tangent(0.0, b + 2 * math.sqrt(a * c)), *quadratic_tangents(a, b, c, others))
