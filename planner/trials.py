"""Where the search operates next: not at the master's proposal, a vertex that swings from side to side, but inside.

Between the proposal and the best point so far (in-out separation, Ben-Ameur and Neto 2007): equal years stay equal there, and are operated
once. Where that closes little of the gap, in the middle of the level set, all points that the cuts think cheaper than a level between
bound and best cost (Lemarechal, Nemirovskii and Nesterov 1995; analytic centres: Gondzio and others 1996), found by the interior-point
method without crossover. Where that closes nothing time and again, at the proposal: the middle is known no better than the interior-point
method's tolerance.
"""

from dataclasses import dataclass

import numpy as np

from .master import LiveMaster

FIRST_STEP, STEP = 0.3, 0.5
LEVEL = 0.2
SLOW, NOTHING, PATIENCE = 0.7, 0.99, 1
FEW, TRIAL_ROUNDS = 4, 0
# At a trial: years of each function that are operated (costs some 0.02 % too low), rounds in which budgets are rationed after the first price
# (some per cent too high where they bind: the bound is served by the first price, and the plan's cost is exact in the end).


@dataclass
class Trials:
    """Chooses one trial point after another, by how much of the gap the last one closed. `centres`: whether the middle of the level set is worth finding;
    where a point is operated on sampled days it is not, that takes less than the interior-point method."""

    live: LiveMaster
    centres: bool = True
    central: bool = False
    before: float = np.inf
    stuck: int = 0

    def next(self, x: np.ndarray, bound: float, best: np.ndarray | None, least: float) -> np.ndarray:
        """A point to operate: x is the master's proposal of cost `bound`, `best` the best point operated, if any, `least` (USD) a cost to beat."""
        left, first = least - bound, np.isinf(self.before)
        self.central = self.centres and (self.central or left > SLOW * self.before)
        self.stuck = self.stuck + 1 if left > NOTHING * self.before else 0
        self.before = left
        if self.stuck > PATIENCE:
            return x
        middle = self.live.centre(bound + LEVEL * left) if self.central and np.isfinite(left) else None
        if middle is not None or best is None:
            return x if middle is None else middle
        step = FIRST_STEP if first else STEP
        return step * x + (1 - step) * best
