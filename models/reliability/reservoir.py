"""What is stored on site against a shortage: fuel in tanks, energy in batteries, full at the start of each shortage and drawn down in it."""

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True)
class Shortages:
    """Stretches of time in which load is not carried, in order: start and length (hours), MW missing, MW that stored fuel could give,
    and the number of the shortage that each belongs to."""

    start: np.ndarray
    length: np.ndarray
    missing: np.ndarray
    fuelled: np.ndarray
    episode: np.ndarray

    def take(self, places: np.ndarray) -> "Shortages":
        """The stretches at some places."""
        return Shortages(*(getattr(self, name)[places] for name in ("start", "length", "missing", "fuelled", "episode")))


def serve(found: Shortages, power: np.ndarray | float, energy: float) -> Shortages:
    """What is still missing after a store of `energy` (MWh) gave up to `power` (MW) from the start of each shortage until it was empty.

    A stretch in which it runs empty is cut in two. Stretches that are carried in full are left out.
    """
    given = np.minimum(found.missing, power)
    asked = given * found.length
    before = _before(asked, found.episode)
    share = np.clip(np.divide(energy - before, asked, out=np.ones(len(asked)), where=asked > 0), 0.0, 1.0)
    first = replace(found, length=found.length * share, missing=found.missing - given)
    last = replace(found, start=found.start + found.length * share, length=found.length * (1 - share))
    both = Shortages(*(np.stack([getattr(first, name), getattr(last, name)], axis=1).ravel()
                       for name in ("start", "length", "missing", "fuelled", "episode")))
    return both.take(np.flatnonzero((both.length > 1e-12) & (both.missing > 1e-9)))


def _before(amount: np.ndarray, episode: np.ndarray) -> np.ndarray:
    """Amounts of the same episode that came before, for each."""
    total = np.cumsum(amount) - amount
    first = np.flatnonzero(np.diff(episode, prepend=-1))
    return total - np.repeat(total[first], np.diff(np.append(first, len(amount))))
