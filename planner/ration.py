"""Budgets over independent parts, rationed by price (Dantzig and Wolfe 1960): exact for linear parts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

ROUNDS = 60
CLOSE = 1e-6
PENALTY = 1e6


@dataclass(frozen=True)
class Answer:
    """What a part does at some prices: its own cost (without those prices), what it draws of each budget, its solution."""

    cost: float
    draw: np.ndarray
    solution: np.ndarray


def ration(parts: list[Callable[[np.ndarray], Answer]], bounds: np.ndarray, scales: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
    """The cheapest mix of answers whose draws together stay within the bounds, and what remains over them (zeros where all is kept).

    Each part is a function of prices (USD per unit of each budget). Overdraw costs PENALTY USD per 1/1000 of a budget's scale: far above
    any saving, so it remains only where no answer avoids it.
    """
    answers = [[part(np.zeros(len(bounds)))] for part in parts]
    mix = [np.ones(1) for _ in parts]
    excess = np.maximum(0.0, sum(found[0].draw for found in answers) - bounds)
    if not (excess > CLOSE * scales).any():
        return [found[0].solution for found in answers], excess * 0.0
    for _ in range(ROUNDS):
        mix, excess, price, worth = _master(answers, bounds, scales)
        fresh = [part(price) for part in parts]
        gains = [limit - (new.cost + float(price @ new.draw)) for limit, new in zip(worth, fresh, strict=True)]
        if sum(gains) <= CLOSE * max(1.0, sum(abs(new.cost) for new in fresh)):
            break
        for found, new in zip(answers, fresh, strict=True):
            found.append(new)
    return [sum(share * one.solution for share, one in zip(shares, found)) for shares, found in zip(mix, answers, strict=True)], excess


def _master(answers: list[list[Answer]], bounds: np.ndarray, scales: np.ndarray):
    """Shares of each part's answers, overdraw, prices of the budgets (USD per unit), and each part's worth at those prices."""
    flat = [one for found in answers for one in found]
    owner = np.repeat(np.arange(len(answers)), [len(found) for found in answers])
    whole = np.hstack([owner == np.arange(len(answers))[:, None], np.zeros((len(answers), len(bounds)))])
    draws = np.array([one.draw for one in flat]).T / scales[:, None]
    cost = np.array([*(one.cost for one in flat), *(PENALTY * 1000 for _ in bounds)]) / PENALTY
    solved = linprog(cost, A_ub=np.hstack([draws, -np.eye(len(bounds))]), b_ub=bounds / scales, A_eq=whole, b_eq=np.ones(len(answers)), method="highs")
    shares = np.split(solved.x[: len(flat)], np.cumsum([len(found) for found in answers])[:-1])
    price = -solved.ineqlin.marginals * PENALTY / scales
    return shares, solved.x[len(flat):] * scales, price, solved.eqlin.marginals * PENALTY
