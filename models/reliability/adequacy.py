"""Plants against the load of every hour: the probability that what works is too little, in closed form.

Each plant is alike machines that give `size` MW each in an hour, all together at most `limit`. The states of all plants (how many machines
work in each) are enumerated with their probabilities, those beyond `NEGLIGIBLE` left out; in each hour a state either carries the load or not:

    probability[t] = sum of the probabilities of states whose output in t is below the load
    short[t]       = sum of probability x (load - output)

Stored fuel and batteries do not last: see models/reliability/endurance.py for how much of such a state's time lies beyond them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .markov import Machines, alone, unavailability

NEGLIGIBLE = 1e-9
TOLERANCE = 1e-6
CELLS = 2_000_000
HELD, HELD_TOGETHER = -1, -2  # machines at work of a plant that its own common cause holds, or one that it shares with others


@dataclass(frozen=True)
class Cause:
    """What takes all plants that name it at once: failures per year in service, and hours until they work again."""

    name: str
    rate: float
    repair: float

    @property
    def share(self) -> float:
        """Share of time that it holds."""
        return unavailability(self.rate, self.repair)


@dataclass(frozen=True)
class Plant:
    """Alike machines: MW that each gives by hour, MW that all can give at most, whether they burn what is stored on site.

    The common cause of its machines takes this plant alone; `cause` takes all plants that name it.
    """

    name: str
    machines: Machines
    size: np.ndarray
    limit: np.ndarray
    stored: bool = False
    cause: Cause | None = None

    def output(self, count: np.ndarray, hours: np.ndarray | slice) -> np.ndarray:
        """MW of so many machines in hours of the year; arrays broadcast; a plant that is held gives nothing."""
        return np.minimum(np.maximum(count, 0) * self.size[hours], self.limit[hours])

    def more(self, count: int) -> "Plant":
        """The same with so many machines more."""
        return replace(self, machines=self.machines.more(count))

    def sharing(self, name: str, share: float) -> "Plant":
        """The same where this share of its machines' failures (part of their common cause, if it is so large) takes all plants of a cause, too."""
        made = self.machines
        left = max(0.0, made.beta - share) / (1 - share) if share < 1 else 0.0
        return replace(self, machines=replace(made, rate=(1 - share) * made.rate, beta=left), cause=Cause(name, share * made.rate, made.common_hours))


def plant(name: str, machines: Machines, size: float | np.ndarray, limit: float | np.ndarray = np.inf, hours: int = 1, stored: bool = False,
          cause: str | None = None) -> Plant:
    """A plant whose size and limit (MW) are the same in every hour, or arrays over hours. Plants that name the same `cause` share the whole common
    cause of their machines: it takes all at once."""
    shape = np.broadcast_shapes(np.shape(size), np.shape(limit), (hours,))
    wide, most = (np.broadcast_to(np.asarray(value, dtype=float), shape) for value in (size, limit))
    made = Plant(name, machines, wide, most, stored)
    return made.sharing(cause, machines.beta) if cause else made


def shared(plants: Sequence[Plant]) -> Iterator[tuple[list[int], Cause | None]]:
    """Plants (their numbers) that a cause takes together, with it; each of the others by itself, with none."""
    names = [one.cause.name if one.cause else f"of {number}" for number, one in enumerate(plants)]
    for name in dict.fromkeys(names):
        members = [number for number, other in enumerate(names) if other == name]
        yield members, plants[members[0]].cause


def joint_states(plants: Sequence[Plant]) -> tuple[np.ndarray, np.ndarray]:
    """Machines working, state x plant (HELD and HELD_TOGETHER where a common cause holds them), and the probability of each state; states that
    together are next to nothing are left out."""
    counts, probability = np.zeros((1, 0), dtype=int), np.ones(1)
    order: list[int] = []
    for members, cause in shared(plants):
        order += members
        counts, probability = _product(counts, probability, *_together([plants[number] for number in members], cause))
    return counts[:, np.argsort(order)], probability


def _together(plants: Sequence[Plant], cause: Cause | None) -> tuple[np.ndarray, np.ndarray]:
    """States of plants: each as it is by itself, or all held by their cause."""
    counts, probability = np.zeros((1, 0), dtype=int), np.ones(1)
    for one in plants:
        counts, probability = _product(counts, probability, *_apart(one.machines))
    if cause is None:
        return counts, probability
    return np.vstack([counts, np.full((1, len(plants)), HELD_TOGETHER)]), np.append((1 - cause.share) * probability, cause.share)


def _apart(machines: Machines) -> tuple[np.ndarray, np.ndarray]:
    """States of one plant: so many machines work, or its common cause holds them."""
    return np.append(np.arange(machines.count + 1), HELD)[:, None], np.append((1 - machines.common) * alone(machines), machines.common)


def _product(counts: np.ndarray, probability: np.ndarray, more: np.ndarray, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of two sets of states, with the product of their probabilities."""
    together = np.outer(probability, table).ravel()
    likely = np.flatnonzero(together > NEGLIGIBLE / len(together))
    return np.hstack([counts[likely // len(table)], more[likely % len(table)]]), together[likely]


def total_output(plants: Sequence[Plant], counts: np.ndarray, hours: np.ndarray | slice) -> np.ndarray:
    """MW of states (state x plant) in hours, state x hour."""
    given = [one.output(counts[:, [number]], hours) for number, one in enumerate(plants)]
    return np.sum(given, axis=0) if given else np.zeros((len(counts), 1))


def full_output(plants: Sequence[Plant]) -> np.ndarray:
    """MW by hour where every machine works."""
    counts = np.array([[one.machines.count for one in plants]])
    return total_output(plants, counts, slice(None))[0]


def ever_short(plants: Sequence[Plant], counts: np.ndarray, need: np.ndarray) -> np.ndarray:
    """Whether each state falls short of the load (MW by hour) in any hour of the year."""
    short = np.zeros(len(counts), dtype=bool)
    step = max(1, CELLS // len(need))
    for first in range(0, len(counts), step):
        chunk = slice(first, first + step)
        short[chunk] = (total_output(plants, counts[chunk], slice(None)) < need * (1 - TOLERANCE)).any(axis=1)
    return short


def spare(sizes: Sequence[np.ndarray], counts: Sequence[float], need: np.ndarray, limits: Sequence[np.ndarray]) -> int:
    """Units, the largest first, that can be lost in any hour with the load still carried: sizes and limits by plant and hour, units by plant."""
    whole = [int(count) for count in counts]
    lost, left = 0, whole.copy()
    while sum(left):
        order = max((number for number, count in enumerate(left) if count), key=lambda number: sizes[number].max())
        left[order] -= 1
        if (sum(np.minimum(count * size, limit) for count, size, limit in zip(left, sizes, limits, strict=True)) < need * (1 - TOLERANCE)).any():
            return lost
        lost += 1
    return lost
