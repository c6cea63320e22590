"""Whether a site without grid carries its load through an outage, by the outage's length: machines fail and come back, tanks run empty.

An outage begins in a random hour of the year with every machine in its long-run state; hour by hour machines fail and are repaired with the
chances of their two-state process, stored fuel and battery go down by what they give. Survival is the share of trials without a shortage yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .adequacy import TOLERANCE, Plant
from .markov import HOURS_PER_YEAR


@dataclass
class _Fleet:
    """Machines of one plant at work by trial, and whether a common cause holds them all."""

    plant: Plant
    working: np.ndarray
    held: np.ndarray

    def output(self, hours: np.ndarray) -> np.ndarray:
        """MW by trial in hours of the year."""
        return self.plant.output(np.where(self.held, 0, self.working), hours)

    def step(self, random: np.random.Generator) -> None:
        """An hour passes."""
        made = self.plant.machines
        common = made.common_hours
        failed = random.binomial(self.working, _chance((1 - made.beta) * made.rate / HOURS_PER_YEAR))
        back = random.binomial(made.count - self.working, _chance(1 / made.repair if made.repair else np.inf))
        self.working = self.working - failed + back
        drawn = random.random(len(self.held))
        self.held = np.where(self.held, drawn >= _chance(1 / common if common else np.inf), drawn < _chance(made.beta * made.rate / HOURS_PER_YEAR))


def _chance(rate: float) -> float:
    """Probability of an event within an hour, from its rate per hour."""
    return float(-np.expm1(-rate))


def survival(plants: Sequence[Plant], need: np.ndarray, lengths: Sequence[int], trials: int, seed: int, fuel: float = 0.0,
             battery: tuple[float, float] = (0.0, 0.0), called: Mapping[str, float] | None = None) -> np.ndarray:
    """Share of outages of each length (whole hours) in which no load (MW by hour of the year) is lost.

    plants: those that need no grid; fuel (MWh) is what plants marked `stored` can give, battery its MW and MWh; `called` is the share of a plant's
    machines that do not come when they are called, where that is not their long-run state.
    """
    random = np.random.default_rng(seed)
    fleets = [_started(one, (called or {}).get(one.name, one.machines.own), trials, random) for one in plants]
    hour = random.integers(0, len(need), trials)
    tank, charge, alive, share = np.full(trials, fuel), np.full(trials, battery[1]), np.ones(trials, dtype=bool), [1.0]
    for _ in range(max(lengths)):
        missing = need[hour] - _given(fleets, hour, stored=False, trials=trials)
        given = np.clip(np.minimum(missing, _given(fleets, hour, stored=True, trials=trials)), 0.0, tank)
        bridged = np.clip(np.minimum(missing - given, battery[0]), 0.0, charge)
        tank, charge = tank - given, charge - bridged
        alive &= missing - given - bridged <= TOLERANCE * need[hour]
        share.append(float(alive.mean()))
        hour = (hour + 1) % len(need)
        for fleet in fleets:
            fleet.step(random)
    return np.array(share)[list(lengths)]


def _started(one: Plant, down: float, trials: int, random: np.random.Generator) -> _Fleet:
    made = one.machines
    return _Fleet(one, random.binomial(made.count, 1 - down, trials), random.random(trials) < made.common)


def _given(fleets: Sequence[_Fleet], hour: np.ndarray, stored: bool, trials: int) -> np.ndarray:
    return sum((fleet.output(hour) for fleet in fleets if fleet.plant.stored == stored), np.zeros(trials))
