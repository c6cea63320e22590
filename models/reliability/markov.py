"""Machines that fail and are repaired, each a two-state Markov process, and how many of them work at one time.

    unavailability = rate x repair / (hours of a year + rate x repair)            rate in failures per year in service, repair in hours

Common cause by the beta factor: a share `beta` of a machine's failures takes all machines of its group at once, the rest are its own:

    working = none                         with the unavailability of the common cause, rate beta x rate
            = binomial(count, 1 - own)     else, own from the rate (1 - beta) x rate

Sources: R. Billinton and R. N. Allan, Reliability Evaluation of Power Systems, 2nd ed. (1996), ch. 2 (tables by convolution) and ch. 8
(repairable systems); K. N. Fleming (1975) for the beta factor.
"""

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True)
class Machines:
    """`count` alike machines. rate: failures of each per year in service; repair: hours; beta: share of failures that takes all at once;
    common_repair: hours until they work again after such a failure (default: repair)."""

    count: int
    rate: float
    repair: float
    beta: float = 0.0
    common_repair: float | None = None

    def __post_init__(self) -> None:
        if self.count < 0 or self.rate < 0 or self.repair < 0 or not 0 <= self.beta <= 1:
            raise ValueError(f"machines need count, rate and repair of at least 0 and beta between 0 and 1; found {self}")

    @property
    def own(self) -> float:
        """Share of time that a machine is down for a failure of its own."""
        return unavailability((1 - self.beta) * self.rate, self.repair)

    @property
    def common(self) -> float:
        """Share of time that all are down for a common cause."""
        return unavailability(self.beta * self.rate, self.common_hours)

    @property
    def common_hours(self) -> float:
        """Hours until all work again after a common cause."""
        return self.repair if self.common_repair is None else self.common_repair

    def more(self, count: int) -> "Machines":
        """The same with so many machines more."""
        return replace(self, count=self.count + count)


def unavailability(rate: float, repair: float) -> float:
    """Share of time down of a two-state process: rate (failures per year in service), repair (hours)."""
    return rate * repair / (HOURS_PER_YEAR + rate * repair)


def failure_rate(down: float, repair: float) -> float:
    """Failures per year in service of a process that is down for the share `down` of time, repaired within `repair` hours on average."""
    if not 0 <= down < 1 or repair <= 0:
        raise ValueError(f"the share of time down lies from 0 to below 1, the repair time above 0 hours; found {down} and {repair}")
    return down / (1 - down) / repair * HOURS_PER_YEAR


def alone(machines: Machines) -> np.ndarray:
    """Probability that 0, 1, ..., count machines have no failure of their own, by convolution of one machine after another."""
    one = np.array([machines.own, 1 - machines.own])
    return functools.reduce(np.convolve, [one] * machines.count, np.ones(1))


def working(machines: Machines) -> np.ndarray:
    """Probability that 0, 1, ..., count machines work."""
    found = (1 - machines.common) * alone(machines)
    found[0] += machines.common
    return found


def at_least(machines: Machines, needed: int) -> float:
    """Availability of k-of-n: probability that at least `needed` of the machines work."""
    return 1.0 if needed <= 0 else float(1 - working(machines)[:needed].sum())


def system_failures(machines: Machines, needed: int) -> float:
    """Failures per year of k-of-n: from `needed` working one fails, or all fail together.

    P(needed work) x needed x own rate + P(at least needed work) x common rate, rates per hour of service; 0 < needed <= count.
    """
    if not 0 < needed <= machines.count:
        raise ValueError(f"of {machines.count} machines between 1 and {machines.count} can be needed; found {needed}")
    table = working(machines)
    return float(table[needed] * needed * (1 - machines.beta) * machines.rate + table[needed:].sum() * machines.beta * machines.rate)


def mean_time_between_failures(machines: Machines, needed: int) -> float:
    """Hours from one failure of k-of-n to the next."""
    return HOURS_PER_YEAR / system_failures(machines, needed)


def outage_table(sizes: Sequence[float], down: Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Capacity outage probability table: MW lost, ascending, and the probability that just so much is lost.

    `sizes` (MW) and `down` (share of time) of units that fail on their own; units are added one by one, equal losses merged.
    """
    lost, probability = np.zeros(1), np.ones(1)
    for size, share in zip(sizes, down, strict=True):
        lost, place = np.unique(np.round(np.concatenate([lost, lost + size]), 9), return_inverse=True)
        probability = np.bincount(place, np.concatenate([(1 - share) * probability, share * probability]))
    return lost, probability


def loss_of_load(table: tuple[np.ndarray, np.ndarray], installed: float, load: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probability that the load (MW, any shape) is not met, and the MW expected to be short, from an outage table of `installed` MW."""
    short = np.maximum(0.0, np.asarray(load, dtype=float)[..., None] - (installed - table[0]))
    return (short > 1e-9) @ table[1], short @ table[1]


def series(availabilities: Iterable[float]) -> float:
    """Availability of subsystems that are all needed."""
    return float(np.prod(list(availabilities)))


def parallel(availabilities: Iterable[float]) -> float:
    """Availability of subsystems of which any one will do."""
    return float(1 - np.prod([1 - one for one in availabilities]))


def feed(interruptions: float, duration: float) -> tuple[float, float]:
    """Failures a year and mean repair time (hours) of a utility's feed, from its SAIFI (interruptions a year) and SAIDI (hours a year).

    A customer is without power for SAIDI of the year's hours, so in service for the rest: rate = SAIFI / (1 - SAIDI / 8760) (IEEE 1366).
    """
    if interruptions <= 0 or not 0 < duration < HOURS_PER_YEAR:
        raise ValueError(f"SAIFI is above 0 and SAIDI between 0 and {HOURS_PER_YEAR:g} hours a year; found {interruptions} and {duration}")
    return interruptions / (1 - duration / HOURS_PER_YEAR), duration / interruptions
