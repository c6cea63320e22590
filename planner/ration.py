"""Budgets over independent parts, rationed by price (Dantzig and Wolfe 1960): exact for linear parts."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

ROUNDS = 60
CLOSE = 1e-7
PENALTY = 1e6
HINTED = (1.0, 2.0, 8.0)  # times the prices of a like ration, until the answers leave room: penalties make hard linear programmes


@dataclass(frozen=True)
class Answer:
    """What a part does at some prices: its own cost (without those prices), what it draws of each budget, its solution."""

    cost: float
    draw: np.ndarray
    solution: np.ndarray | None


@dataclass
class Ration:
    """The search for the cheapest mix of the parts' answers whose draws together stay within the bounds.

    `prices` says at which prices (USD per unit of each budget) to ask all parts next, `learn` takes their answers. So far: for each part its
    answers and their shares; what remains over each budget (zeros where all is kept); `least`, a cost that no mix goes below, proven by
    the answers at `price`; `worth`, what a unit more of each budget would save in the mix. Overdraw costs PENALTY USD per 1/1000 of a
    budget's scale: far above any saving, so it remains only where no answer avoids it, or where the rounds ran out.
    """

    bounds: np.ndarray
    scales: np.ndarray
    answers: list[list[Answer]]
    shares: list[np.ndarray]
    price: np.ndarray
    excess: np.ndarray
    least: float
    worth: np.ndarray

    @property
    def cost(self) -> float:
        """USD of all parts together."""
        return float(sum(share @ [one.cost for one in found[:len(share)]] for share, found in zip(self.shares, self.answers, strict=True)))

    def solutions(self) -> list[np.ndarray]:
        """Each part's mix of solutions."""
        return [sum(share * one.solution for share, one in zip(shares, found[:len(shares)], strict=True))  # type: ignore[misc]
                for shares, found in zip(self.shares, self.answers, strict=True)]

    def prices(self, rounds: int = ROUNDS, close: float = CLOSE, hint: np.ndarray | None = None) -> Iterator[np.ndarray]:
        """Prices to ask at, one after another, the answers to be given to `learn` before the next is taken; until no more than a share `close` of the
        cost can be saved (next to nothing while a budget is overdrawn) or the rounds are over, but not before a price proves more than none does.

        `hint` are prices to ask at first, as those of a like ration.
        """
        if not self.excess.any():
            return
        scale = max(1.0, sum(abs(found[0].cost) for found in self.answers))
        for price in [] if hint is None else [factor * hint for factor in HINTED]:
            if np.any(self._least_draws() > self.bounds + CLOSE * self.scales):
                yield price
        for done in range(ROUNDS):
            price, mixed = self._mix()
            allowed = (CLOSE if np.any(self.excess > CLOSE * self.scales) else close) * scale
            if self.price.any() and (done >= rounds or mixed - self.least <= allowed):
                return
            yield price
        self._mix()

    def learn(self, price: np.ndarray, fresh: list[Answer]) -> bool:
        """Take the parts' answers at a price; whether they prove more than those before."""
        for found, new in zip(self.answers, fresh, strict=True):
            found.append(new)
        least = sum(new.cost + float(price @ new.draw) for new in fresh) - float(price @ self.bounds)
        better = least > self.least
        if better:
            self.price, self.least = price, least
        return better

    @property
    def tells(self) -> bool:
        """Whether prices are known, and are those of ways to keep the budgets rather than of overdraw."""
        return bool(self.price.any() and np.all(self.price * self.scales < PENALTY * 1000 / 2))

    def _least_draws(self) -> np.ndarray:
        """The least that the answers known draw of each budget by itself."""
        return sum((np.min([one.draw for one in found], axis=0) for found in self.answers), np.zeros(len(self.bounds)))

    def _mix(self) -> tuple[np.ndarray, float]:
        """Mix all answers known; the prices of the budgets (USD per unit), and what the mix costs with its overdraw (USD)."""
        counts = [len(found) for found in self.answers]
        flat = [one for found in self.answers for one in found]
        owner = np.repeat(np.arange(len(counts)), counts)
        whole = np.hstack([owner == np.arange(len(counts))[:, None], np.zeros((len(counts), len(self.bounds)))])
        draws = np.array([one.draw for one in flat]).T / self.scales[:, None]
        cost = np.array([*(one.cost for one in flat), *(PENALTY * 1000 for _ in self.bounds)]) / PENALTY
        solved = linprog(cost, A_ub=np.hstack([draws, -np.eye(len(self.bounds))]), b_ub=self.bounds / self.scales, A_eq=whole,
                         b_eq=np.ones(len(counts)), method="highs")
        self.shares = np.split(solved.x[: len(flat)], np.cumsum(counts)[:-1])
        self.excess = solved.x[len(flat):] * self.scales
        self.worth = np.maximum(0.0, -solved.ineqlin.marginals) * PENALTY / self.scales
        return self.worth, solved.fun * PENALTY


def begin(free: list[Answer], bounds: np.ndarray, scales: np.ndarray) -> Ration:
    """A ration whose parts answered without prices."""
    drawn = sum((one.draw for one in free), np.zeros(len(bounds)))
    over = np.maximum(0.0, drawn - bounds) * (drawn - bounds > CLOSE * scales)
    nothing = np.zeros(len(bounds))
    return Ration(bounds, scales, [[one] for one in free], [np.ones(1) for _ in free], nothing, over, sum(one.cost for one in free), nothing)
