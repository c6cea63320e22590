"""Budgets over independent parts, rationed by price (Dantzig and Wolfe 1960): exact for linear parts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

ROUNDS = 60
CLOSE = 1e-7
PENALTY = 1e6
HINTED = (1.0, 8.0)  # times the prices of a like ration, until the answers leave room: penalties make hard linear programmes


@dataclass(frozen=True)
class Answer:
    """What a part does at some prices: its own cost (without those prices), what it draws of each budget, its solution."""

    cost: float
    draw: np.ndarray
    solution: np.ndarray | None


@dataclass(frozen=True)
class Ration:
    """For each part its answers and their shares; prices of the budgets (USD per unit), what remains over each (zeros where all is kept),
    and the parts' answers at those prices."""

    answers: list[list[Answer]]
    shares: list[np.ndarray]
    price: np.ndarray
    excess: np.ndarray

    @property
    def cost(self) -> float:
        """USD of all parts together."""
        return float(sum(share @ [one.cost for one in found] for share, found in zip(self.shares, self.answers, strict=True)))

    def solutions(self) -> list[np.ndarray]:
        """Each part's mix of solutions."""
        return [sum(share * one.solution for share, one in zip(shares, found, strict=True))  # type: ignore[misc]
                for shares, found in zip(self.shares, self.answers, strict=True)]


def ration(free: list[Answer], ask: Callable[[np.ndarray], list[Answer]], bounds: np.ndarray, scales: np.ndarray, rounds: int = ROUNDS,
           close: float = CLOSE, hint: np.ndarray | None = None) -> Ration:
    """The cheapest mix of answers whose draws together stay within the bounds.

    `free` are the parts' answers without prices; `ask` gives them at prices (USD per unit of each budget). Overdraw costs
    PENALTY USD per 1/1000 of a budget's scale: far above any saving, so it remains only where no answer avoids it, or where the rounds ran out.
    `close`: share of the cost that another round may save at the end. `hint` are prices to ask at first, as those of a like ration.
    """
    answers = [[one] for one in free]
    drawn = sum((found[0].draw for found in answers), np.zeros(len(bounds)))
    over = np.maximum(0.0, drawn - bounds) * (drawn - bounds > CLOSE * scales)
    if rounds == 0 or not over.any():
        return Ration(answers, [np.ones(1) for _ in answers], np.zeros(len(bounds)), over)
    for price in [] if hint is None else [factor * hint for factor in HINTED]:
        if np.any(_least_draws(answers) > bounds + CLOSE * scales):
            _add(answers, ask(price))
    for _ in range(rounds):
        shares, excess, price, worth = _master(answers, bounds, scales)
        fresh = ask(price)
        gains = [limit - (new.cost + float(price @ new.draw)) for limit, new in zip(worth, fresh, strict=True)]
        if sum(gains) <= close * max(1.0, sum(abs(new.cost) for new in fresh)):
            break
        _add(answers, fresh)
    return Ration([found[:len(share)] for found, share in zip(answers, shares, strict=True)], shares, price, excess)


def _add(answers: list[list[Answer]], fresh: list[Answer]) -> None:
    for found, new in zip(answers, fresh, strict=True):
        found.append(new)


def _least_draws(answers: list[list[Answer]]) -> np.ndarray:
    """The least that the answers known draw of each budget by itself."""
    return sum((np.min([one.draw for one in found], axis=0) for found in answers), np.zeros_like(answers[0][0].draw))


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
