"""A plan in whole units out of the relaxed master, where operation is known only by cuts: round a part, learn what that does to the rest, go on.

Racks first (down: power binds), then halls and connections, whether a plant is in use at all, and then plant, one kind after another as in
planner/solve.py. After the lumps of the first steps the rest is operated with what is held by then, so that its cuts are true where the next
step rounds; units of plant are small beside that.
"""

from collections.abc import Callable

import numpy as np

from ..models.asset import Asset
from .benders import Search
from .progress import relative_gap
from .solve import cumulative, first_assets, others, rack_assets
from .trials import FEW, TRIAL_ROUNDS, Trials
from .whole import is_whole

SETTLED = 5e-4
ROUNDS = 6
Step = tuple[list[Asset] | None, Callable, int]  # assets to round (none: what else is whole), how, and how often to operate after that


def dive(found: Search, x: np.ndarray) -> np.ndarray | None:
    """A point of the master in whole units, from the relaxed point x; None where neither rounding up nor down keeps to the rows.

    Which plants are in use decides what is lost when a unit of one fails. They are chosen once racks and halls are known; where that finds no plan, as
    where the racks are left too little firm power, before.
    """
    whole = _dived(found, x, ())
    return whole if whole is not None or not found.on else _dived(found, x, ((None, np.ceil, ROUNDS),))


def _dived(found: Search, x: np.ndarray, before: tuple[Step, ...]) -> np.ndarray | None:
    programme = found.programme
    racks, first = rack_assets(programme), first_assets(programme)
    later = [asset for asset in programme.case.assets if asset not in racks and asset not in first]
    held: dict[int, float] = {}
    lumps = (*before, (racks, np.floor, ROUNDS), (first, np.ceil, ROUNDS), (None, np.ceil, ROUNDS))
    for assets, whole, rounds in (*lumps, *(([asset], np.ceil, 0) for asset in later), (None, np.ceil, 0)):
        for rounding in (whole,) if assets is None else (whole, np.floor if whole is np.ceil else np.ceil):
            tried = held | _rounded(found, assets, x, rounding)
            settled = _settled(found, tried, rounds) if tried != held or assets is None else x
            if settled is not None:
                break
        else:
            return None
        held, x = tried, settled
    return x if is_whole(x, found.master.arrays.integer) else None


def _rounded(found: Search, assets: list[Asset] | None, x: np.ndarray, whole: Callable) -> dict[int, float]:
    """Columns and whole numbers: of builds of the assets, or of what else is whole."""
    place = {id(column): number for number, column in enumerate(found.master.arrays.columns)}
    if assets is None:
        return others(found.programme, found.master.arrays, place, x)
    return cumulative(found.programme, place, assets, x, whole)


def _settled(found: Search, held: dict[int, float], rounds: int) -> np.ndarray | None:
    """The cheapest point with these columns held, its operation known to SETTLED or as far as the rounds go; None where there is none."""
    least, best, trials = np.inf, None, Trials(found.live)
    with found.live.held(np.array(list(held), dtype=int), np.array(list(held.values()))):
        for done in range(rounds + 1):
            proposed = found.propose()
            if proposed is None:
                return None
            left = relative_gap(proposed[1], least)
            if done == rounds or not found.on or (left is not None and left <= SETTLED):
                return proposed[0]
            trial = trials.next(*proposed, best, least)
            cost = found.operate(trial, least, TRIAL_ROUNDS, FEW)
            least, best = (cost, trial) if cost < least else (least, best)
