"""A plan in whole units out of the relaxed master, where operation is known only by cuts: round a part, learn what that does to the rest, go on.

Racks first (down: power binds), then halls and connections, whether a plant is in use at all, and then plant, one kind after another as in
planner/solve.py. After the lumps of the first steps the rest is operated with what is held by then, so that its cuts are true where the next
step rounds; units of plant are small beside that.
"""

import numpy as np

from .benders import Search
from .progress import relative_gap
from .solve import cumulative, first_assets, others, rack_assets
from .trials import Trials

SETTLED = 5e-4
ROUNDS = 6


def dive(found: Search, x: np.ndarray) -> np.ndarray | None:
    """A point of the master in whole units, from the relaxed point x; None where rounding leads where the rows do not allow."""
    programme, arrays = found.programme, found.master.arrays
    place = {id(column): number for number, column in enumerate(arrays.columns)}
    racks, first = rack_assets(programme), first_assets(programme)
    later = [asset for asset in programme.case.assets if asset not in racks and asset not in first]
    held: dict[int, float] = {}
    lumps = ((racks, np.floor, ROUNDS), (first, np.ceil, ROUNDS), (None, np.ceil, ROUNDS))
    for assets, whole, rounds in (*lumps, *(([asset], np.ceil, 0) for asset in later), (None, np.ceil, 0)):
        fresh = others(programme, arrays, place, x) if assets is None else cumulative(programme, place, assets, x, whole)
        if all(held.get(column) == value for column, value in fresh.items()):
            continue
        held |= fresh
        settled = _settled(found, held, rounds)
        if settled is None:
            return None
        x = settled
    return _settled(found, held, ROUNDS)


def _settled(found: Search, held: dict[int, float], rounds: int) -> np.ndarray | None:
    """The cheapest point with these columns held, its operation known to SETTLED or as far as the rounds go; None where there is none."""
    least, best, trials = np.inf, None, Trials(found.live)
    with found.live.held(np.array(list(held), dtype=int), np.array(list(held.values()))):
        for done in range(rounds + 1):
            proposed = found.propose()
            if proposed is None:
                return None
            left = relative_gap(proposed[1], least)
            if done == rounds or (left is not None and left <= SETTLED):
                return proposed[0]
            trial = trials.next(*proposed, best, least)
            cost = found.operate(trial, least)
            least, best = (cost, trial) if cost < least else (least, best)
