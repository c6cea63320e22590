"""Losses of the electrical chain."""

import numpy as np


def loss_coefficients_from_points(loads, efficiencies) -> tuple[float, float, float]:
    """a, b, c >= 0 of loss / rating = a + b u + c u^2, fitted by non-negative least squares to efficiency points.

    At load u (share of rating, 0 < u <= 1) with efficiency e the loss is u (1 / e - 1) of the rating. Convex by construction.
    """
    from scipy.optimize import nnls

    u = np.asarray(loads, dtype=float)
    loss = u * (1 / np.asarray(efficiencies, dtype=float) - 1)
    found, _ = nnls(np.column_stack([np.ones_like(u), u, u**2]), loss)
    return float(found[0]), float(found[1]), float(found[2])
