"""Plants against the load of every hour: the probability that what works is too little, in closed form.

Each plant is alike machines that give `size` MW each in an hour, all together at most `limit`. The states of all plants (how many machines
work in each) are enumerated with their probabilities, those beyond `NEGLIGIBLE` left out; in each hour a state either carries the load or not:

    probability[t] = sum of the probabilities of states whose output in t is below the load
    short[t]       = sum of probability x (load - output)
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .markov import Machines, alone

NEGLIGIBLE = 1e-9
TOLERANCE = 1e-6
CELLS = 4_000_000


@dataclass(frozen=True)
class Plant:
    """Alike machines: MW that each gives by hour, MW that all can give at most, whether they burn what is stored on site.

    Plants that name the same `cause` share the common cause of the first of them: it takes all at once. Else each plant has its own.
    """

    name: str
    machines: Machines
    size: np.ndarray
    limit: np.ndarray
    stored: bool = False
    cause: str | None = None

    def output(self, count: np.ndarray, hours: np.ndarray | slice) -> np.ndarray:
        """MW of so many machines in hours of the year; arrays broadcast."""
        return np.minimum(count * self.size[hours], self.limit[hours])

    def more(self, count: int) -> "Plant":
        """The same with so many machines more."""
        return replace(self, machines=self.machines.more(count))


def plant(name: str, machines: Machines, size: float | np.ndarray, limit: float | np.ndarray = np.inf, hours: int = 1, **marks) -> Plant:
    """A plant whose size and limit (MW) are the same in every hour, or arrays over hours; `marks` are stored and cause."""
    shape = np.broadcast_shapes(np.shape(size), np.shape(limit), (hours,))
    wide, most = (np.broadcast_to(np.asarray(value, dtype=float), shape) for value in (size, limit))
    return Plant(name, machines, wide, most, **marks)


def causes(plants: Sequence[Plant]) -> Iterator[list[int]]:
    """Numbers of the plants that a common cause takes together."""
    names = [one.cause or f"of {number}" for number, one in enumerate(plants)]
    for name in dict.fromkeys(names):
        yield [number for number, other in enumerate(names) if other == name]


def joint_states(plants: Sequence[Plant]) -> tuple[np.ndarray, np.ndarray]:
    """Machines working, state x plant, and the probability of each state; states that together are next to nothing are left out."""
    counts, probability = np.zeros((1, 0), dtype=int), np.ones(1)
    order: list[int] = []
    for members in causes(plants):
        order += members
        counts, probability = _product(counts, probability, *_together([plants[number] for number in members]))
    return counts[:, np.argsort(order)], probability


def _together(plants: Sequence[Plant]) -> tuple[np.ndarray, np.ndarray]:
    """States of plants with one common cause: each as it is on its own, or all down."""
    counts, probability = np.zeros((1, 0), dtype=int), np.ones(1)
    for one in plants:
        counts, probability = _product(counts, probability, np.arange(one.machines.count + 1)[:, None], alone(one.machines))
    if not counts.any():
        return counts, probability
    down = plants[0].machines.common
    return np.vstack([counts, np.zeros((1, len(plants)), dtype=int)]), np.append((1 - down) * probability, down)


def _product(counts: np.ndarray, probability: np.ndarray, more: np.ndarray, table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of two sets of states, with the product of their probabilities."""
    together = np.outer(probability, table).ravel()
    likely = np.flatnonzero(together > NEGLIGIBLE / len(together))
    return np.hstack([counts[likely // len(table)], more[likely % len(table)]]), together[likely]


def total_output(plants: Sequence[Plant], counts: np.ndarray, hours: np.ndarray | slice) -> np.ndarray:
    """MW of states (state x plant) in hours, state x hour."""
    return np.sum([one.output(counts[:, [number]], hours) for number, one in enumerate(plants)], axis=0)


def full_output(plants: Sequence[Plant]) -> np.ndarray:
    """MW by hour where every machine works."""
    counts = np.array([[one.machines.count for one in plants]])
    return total_output(plants, counts, slice(None))[0]


def shortage(plants: Sequence[Plant], need: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probability that the load of an hour is not carried, and the MW expected to be short, by hour. need: MW by hour."""
    counts, probability = joint_states(plants)
    risk, short = np.zeros(len(need)), np.zeros(len(need))
    step = max(1, CELLS // max(1, len(counts)))
    for first in range(0, len(need), step):
        hours = slice(first, first + step)
        missing = np.maximum(0.0, need[hours] - total_output(plants, counts, hours))
        missing[missing <= TOLERANCE * need[hours]] = 0.0
        risk[hours], short[hours] = probability @ (missing > 0), probability @ missing
    return risk, short


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
