"""What is known at some prices, told at others.

The least cost of a month (or a year) is concave in the prices of its lines and grows with them in proportion, so at a sum of prices it costs at least
the sum of what it costs at each: `Q(sum_k share_k price_k) >= sum_k share_k Q(price_k)` for shares of at least nothing. What a price is above that sum adds
at least nothing, where the line's amount is never negative. So tangents at the prices of two years bound the years between them, whose escalated
prices lie nearly on the line from one to the other; what that misses is of second order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

DECIMALS, CLOSE = 13, 1e-10
KNOWN = 4096


@dataclass(frozen=True)
class Prices:
    """Prices of lines, one month after another; `signs` of the lines' amounts: 1 never below nothing, -1 never above, 0 either."""

    values: np.ndarray
    signs: np.ndarray


def mixtures(target: Prices, sources: Sequence[np.ndarray]) -> np.ndarray:
    """Shares (mixture x source) of the prices of each two sources whose sum the target's prices are not below, as large as can be: of any values at
    two sources one of them has the largest sum. No rows where there are none."""
    prices = np.column_stack([*sources, np.zeros_like(target.values), target.values])  # nothing stands in for a second source where there is one
    scale = np.abs(prices).max(axis=1, keepdims=True)
    lines = np.unique(np.round(np.column_stack([prices / np.where(scale > 0, scale, 1.0), target.signs]), DECIMALS), axis=0)
    return _mixtures(lines.tobytes(), lines.shape[1])[:, : len(sources)]


@lru_cache(KNOWN)
def _mixtures(held: bytes, width: int) -> np.ndarray:
    """The same for lines (sources, nothing, target, sign), as bytes: most months have the same ones."""
    lines = np.frombuffer(held).reshape(-1, width)
    found = [np.zeros((0, width - 2))]
    for pair in combinations(range(max(2, width - 3)), 2):
        corners = _corners(lines[:, pair], lines[:, -2], lines[:, -1])
        found.append(np.zeros((len(corners), width - 2)))
        found[-1][:, pair] = corners
    shares = np.unique(np.round(np.concatenate(found), DECIMALS), axis=0)
    return shares[shares.any(axis=1)]


def _corners(sources: np.ndarray, target: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """Corners of the shares (two columns) for which no line costs more than the target's price."""
    crossing = _crossings(np.vstack([np.column_stack([sources, target]), [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]]))
    over = crossing @ sources.T - target
    held = np.where(signs == 0, np.abs(over), over * signs) <= CLOSE
    return np.maximum(crossing[held.all(axis=1) & (crossing >= -CLOSE).all(axis=1)], 0.0)


def _crossings(lines: np.ndarray) -> np.ndarray:
    """Where each two lines `a x + b y = c` cross."""
    i, j = np.triu_indices(len(lines), 1)
    one, other = lines[i].T, lines[j].T
    area = one[0] * other[1] - one[1] * other[0]
    apart = np.abs(area) > CLOSE
    found = np.array([one[2] * other[1] - one[1] * other[2], one[0] * other[2] - one[2] * other[0]])
    return (found[:, apart] / area[apart]).T
