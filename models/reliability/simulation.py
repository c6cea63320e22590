"""Years of failures and repairs in their order, machine by machine, against the load of every hour.

Each machine is up and down in turn for exponential times, from a start in its long-run state; a common cause is one more such process of its
plant. Between two events the number of machines at work is constant: only stretches in which it can be too little are looked at hour by hour.
Agrees with models/reliability/endurance.py: exactly where nothing is stored; fuel and batteries are followed through each shortage here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from .adequacy import TOLERANCE, Plant, ever_short, shared
from .markov import HOURS_PER_YEAR, Machines, unavailability
from .reservoir import Shortages, serve

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Outages:
    """Outages of `years` simulated years: start (hours from the first), duration (hours), energy not served (MWh); `longest` is the longest mean repair
    time (hours), for what is not seen."""

    years: int
    start: np.ndarray
    duration: np.ndarray
    energy: np.ndarray
    longest: float = 0.0

    @property
    def hours(self) -> float:
        """Hours a year without full supply."""
        return float(self.duration.sum()) / self.years

    @property
    def interval(self) -> tuple[float, float]:
        """95 % confidence interval of `hours`, from the number of outages (a Poisson process) weighted by their durations.

        Gamma interval of M. P. Fay and E. J. Feuer, Statistics in Medicine 16 (1997): with total y, sum of squares v and longest duration k, from v / y
        times the gamma quantile of shape y^2 / v to (v + k^2) / (y + k) times that of shape (y + k)^2 / (v + k^2). Where no outage is seen, fewer than
        3.7 of the longest mean repair time: 0 to 3.7 k.
        """
        total, squares = float(self.duration.sum()), float((self.duration**2).sum())
        longest = float(self.duration.max(initial=0.0)) or self.longest
        tail = (1 - CONFIDENCE) / 2
        return _gamma(total, squares, tail) / self.years, _gamma(total + longest, squares + longest**2, 1 - tail) / self.years

    @property
    def error(self) -> float:
        """Hours from `hours` to the farther end of the interval."""
        return max(self.hours - self.interval[0], self.interval[1] - self.hours)

    @property
    def availability(self) -> float:
        """Share of time with full supply."""
        return 1 - self.hours / HOURS_PER_YEAR


def _gamma(mean: float, variance: float, probability: float) -> float:
    """Quantile of a gamma distribution, zero where its mean is."""
    return float(variance / mean * gammaincinv(mean**2 / variance, probability)) if mean > 0 else 0.0


def simulate(plants: Sequence[Plant], need: np.ndarray, years: int, seed: int, fuel: float = np.inf, battery: tuple[float, float] = (0.0, 0.0)) -> Outages:
    """Outages over `years` years (two or more) of the load `need` (MW by hour of the year, 8760 of them or any period that repeats).

    fuel: MWh that plants marked `stored` can give in a shortage of the others; battery: MW and MWh that bridge what is then missing.
    """
    random = np.random.default_rng(seed)
    times, counts = _history(plants, years * HOURS_PER_YEAR, random)
    lasting = [number for number, one in enumerate(plants) if not one.stored]
    kept = [number for number, one in enumerate(plants) if one.stored]
    found = _shortages(plants, lasting, kept, times, counts, need)
    found = serve(found, found.fuelled, fuel) if kept else found
    found = serve(found, *battery) if min(battery) > 0 else found
    return _outages(found, years, max((one.machines.repair for one in plants if one.machines.count and one.machines.rate), default=0.0))


def _history(plants: Sequence[Plant], end: float, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Times at which anything changes, from 0 to `end`, and machines at work from each, event x plant."""
    times, columns, steps = [np.zeros(1)], [np.zeros(1, dtype=int)], [np.zeros(1, dtype=int)]

    def add(places: Sequence[int], moments: tuple[np.ndarray, np.ndarray]) -> None:
        for place in places:
            for found, step in zip(moments, (1, -1), strict=True):
                times.append(found)
                columns.append(np.full(len(found), place))
                steps.append(np.full(len(found), step))

    for number, one in enumerate(plants):
        add([2 * number], _own(one.machines, end, random))
        add([2 * number + 1], _common(one.machines, end, random))
    for members, cause in shared(plants):
        if cause is not None:
            add([2 * number + 1 for number in members], _down(1, cause.rate, cause.repair, end, random))
    moments = np.concatenate(times)
    order = np.argsort(moments, kind="stable")
    change = np.zeros((len(order), 2 * len(plants)), dtype=np.int32)
    change[np.arange(len(order)), np.concatenate(columns)[order]] = np.concatenate(steps)[order]
    down = np.cumsum(change, axis=0)
    working = np.array([one.machines.count for one in plants]) - down[:, ::2]
    return np.append(moments[order], end), np.where(down[:, 1::2] > 0, 0, working)


def _own(machines: Machines, end: float, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Failures of machines on their own."""
    return _down(machines.count, (1 - machines.beta) * machines.rate, machines.repair, end, random)


def _common(machines: Machines, end: float, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Failures of all machines at once."""
    return _down(1, machines.beta * machines.rate, machines.common_hours, end, random)


def _down(count: int, rate: float, repair: float, end: float, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Moments before `end` at which machines go down, and come back."""
    if count == 0 or rate == 0 or repair == 0:
        return np.zeros(0), np.zeros(0)
    up = HOURS_PER_YEAR / rate
    cycles = end / (up + repair)
    size = int(cycles + 8 * cycles**0.5 + 12)
    ups, downs = random.exponential(up, (count, size)), random.exponential(repair, (count, size))
    ups[:, 0] *= random.random(count) >= unavailability(rate, repair)  # some are down at the start
    back = np.cumsum(ups + downs, axis=1)
    gone = back - downs
    inside = gone < end
    return gone[inside], np.minimum(back[inside], end)


def _shortages(plants: Sequence[Plant], lasting: list[int], kept: list[int], times: np.ndarray, counts: np.ndarray, need: np.ndarray) -> Shortages:
    """Stretches in which plants that store nothing carry too little, cut at every hour."""
    length = np.diff(times)
    at_risk = np.flatnonzero(_too_little([plants[number] for number in lasting], counts[:, lasting], need) & (length > 0))
    begin, end = times[at_risk], times[at_risk + 1]
    first = np.floor(begin).astype(int)
    pieces = np.ceil(end).astype(int) - first
    place = np.repeat(at_risk, pieces)
    hour = np.repeat(first, pieces) + np.arange(pieces.sum()) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    start, stop = np.maximum(np.repeat(begin, pieces), hour), np.minimum(np.repeat(end, pieces), hour + 1)
    of_year = hour % len(need)
    given, fuelled = (_pairwise([plants[number] for number in group], counts[place][:, group], of_year) for group in (lasting, kept))
    missing = need[of_year] - given
    short = np.flatnonzero(missing > TOLERANCE * need[of_year])
    start, stop = start[short], stop[short]
    joined = np.cumsum(np.abs(start - np.append(-1.0, stop[:-1])) > 1e-9) if len(start) else np.zeros(0, dtype=int)
    return Shortages(start, stop - start, missing[short], fuelled[short], joined)


def _too_little(plants: Sequence[Plant], counts: np.ndarray, need: np.ndarray) -> np.ndarray:
    """Whether a state falls short in any hour of the year."""
    states, place = np.unique(counts, axis=0, return_inverse=True)
    return ever_short(plants, states, need)[place.ravel()]


def _pairwise(plants: Sequence[Plant], counts: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """MW of one state in one hour each."""
    return sum((one.output(counts[:, number], hours) for number, one in enumerate(plants)), np.zeros(len(hours)))


def _outages(found: Shortages, years: int, longest: float) -> Outages:
    """Stretches that touch, as one outage."""
    if not len(found.start):
        return Outages(years, np.zeros(0), np.zeros(0), np.zeros(0), longest)
    stop = found.start + found.length
    number = np.cumsum(np.abs(found.start - np.append(-1.0, stop[:-1])) > 1e-9) - 1
    first = np.flatnonzero(np.diff(number, prepend=-1))
    return Outages(years, found.start[first], np.bincount(number, found.length), np.bincount(number, found.length * found.missing), longest)
