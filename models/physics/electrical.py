"""Losses of the electrical chain, as shares of a stage's rating against its load u (output over rating).

    a stage           f(u) = a + b u + c u^2, a, b, c >= 0: no-load loss, loss in proportion, loss by the square of the current
    stages in series  F(u) = sum_k f_k(u + losses of the stages between k and the load)       each rated alike, the load's end first
    idle reserve      F(u) = s f(u / s) + (1 - s) f(0)                                        a share s of the rating carries, the rest idles

Sums and compositions of polynomials without a negative coefficient have none either, so every F is convex and rises on u >= 0: one curve
stands for a whole chain, exactly, and its tangents bound it from below.
"""

import numpy as np
from numpy.polynomial import Polynomial

LOAD = Polynomial([0.0, 1.0])


def loss_coefficients_from_points(loads, efficiencies) -> tuple[float, float, float]:
    """a, b, c >= 0 of loss / rating = a + b u + c u^2, fitted by non-negative least squares to efficiency points.

    At load u (share of rating, 0 < u <= 1) with efficiency e the loss is u (1 / e - 1) of the rating. Convex by construction.
    """
    from scipy.optimize import nnls

    u = np.asarray(loads, dtype=float)
    loss = u * (1 / np.asarray(efficiencies, dtype=float) - 1)
    found, _ = nnls(np.column_stack([np.ones_like(u), u, u**2]), loss)
    return float(found[0]), float(found[1]), float(found[2])


def in_series(*stages: tuple[float, float, float]) -> Polynomial:
    """Loss of stages (a, b, c) one behind the other, the one at the load first, against what the last gives; shares of the common rating."""
    total = Polynomial([0.0])
    for stage in stages:
        total = total + Polynomial(stage)(LOAD + total)
    return total


def idle_reserve(loss: Polynomial, carrying: float) -> Polynomial:
    """Loss of a plant of which a share `carrying` (0 < carrying <= 1) takes the load evenly and the rest stands energised without load."""
    return carrying * loss(LOAD / carrying) + (1 - carrying) * float(loss(0.0))


def efficiency(loss: Polynomial, load):
    """Output over input at a load u > 0 (share of rating; float or array)."""
    return load / (load + loss(load))


def largest_output(loss: Polynomial) -> float:
    """The output u at which u + loss(u) = 1: what stages behind a unit pass on when the unit gives its rating."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if middle + float(loss(middle)) < 1 else (low, middle)
    return high
