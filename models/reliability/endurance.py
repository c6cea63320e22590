"""Shortage by hour where fuel and batteries last for a time: how much of the time without enough lies beyond them, in closed form.

States of the plants that nothing is stored for (feeds, engines on a pipeline) make a Markov chain. A shortage is a stay in the states that carry too
little; the energy e that is missing until it is over, on average from each of them, solves

    (leaving rate of a state) x e - sum over short states (rate to that state x its e) = MW missing in the state

The chain is reversible: what was missing since a shortage began is distributed as what is yet missing until it ends, taken as exponential. What is
stored, E, is used up in the part exp(-E / e) of the state's time, and in none where the load has been too much for the state for less hours than E
lasts: tanks and batteries are full again after a break, as in the simulation.

Exact for one feed or machine under a constant load. Else it takes the machines of an hour to have been down, and the load to have been as in the last
day or less, since the shortage began, and what is missing in a shortage to be exponential; the simulation follows all as they change.
Source: G. Rubino and B. Sericola, Markov Chains and Dependability Theory (2014), ch. 5 (sojourn times in sets of states).
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import splu

from .adequacy import CELLS, HELD, HELD_TOGETHER, TOLERANCE, Plant, ever_short, joint_states, shared, total_output
from .markov import HOURS_PER_YEAR, Machines

DAY = 24
RARE = 1e-8  # probability, 9e-5 h a year
Move = tuple[np.ndarray, np.ndarray, np.ndarray, bool]  # from which states, machines at work after, rate per hour, whether it mends


def shortage(plants: Sequence[Plant], need: np.ndarray, fuel: float = np.inf, battery: tuple[float, float] = (0.0, 0.0)) -> tuple[np.ndarray, np.ndarray]:
    """Probability that the load of an hour is not carried, and the MW expected to be short, by hour. need: MW by hour.

    fuel: MWh that plants marked `stored` can give in a shortage of the others; battery: MW and MWh that bridge what is then missing.
    """
    lasting, kept = ([number for number, one in enumerate(plants) if one.stored == stored] for stored in (False, True))
    counts, probability = joint_states(plants)
    at_risk = ever_short([plants[number] for number in lasting], counts[:, lasting], need)
    bounded = min(battery) > 0 or (np.isfinite(fuel) and bool(kept))
    counts, probability = _likely(counts[at_risk], probability[at_risk]) if bounded else (counts[at_risk], probability[at_risk])
    stay = Stay([plants[number] for number in lasting], counts[:, lasting], need) if bounded else None
    risk, short = np.zeros(len(need)), np.zeros(len(need))
    step = max(1, CELLS // len(need))
    for first in range(0, len(counts), step):
        states = slice(first, first + step)
        missing, unaided = (beyond(need, total_output([plants[number] for number in group], counts[states][:, group], slice(None)))
                            for group in (lasting, [*lasting, *kept]))
        lost, megawatts = (unaided > 0, unaided) if stay is None else _outlasted(missing, unaided, *stay.of(states), fuel, battery)
        risk, short = risk + probability[states] @ lost, short + probability[states] @ megawatts
    return risk, short


def _likely(counts: np.ndarray, probability: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """States but the least likely, which together are RARE at most."""
    order = np.argsort(probability)
    kept = np.sort(order[np.cumsum(probability[order]) > RARE])
    return counts[kept], probability[kept]


def beyond(need: np.ndarray, given: np.ndarray) -> np.ndarray:
    """MW missing, none where it is within the tolerance."""
    missing = need - given
    return np.where(missing > TOLERANCE * need, missing, 0.0)


def _outlasted(missing: np.ndarray, unaided: np.ndarray, left: np.ndarray, run: np.ndarray, fuel: float,
               battery: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Part of the time in which load is lost, and MW lost on average: `missing` MW without what is stored, `unaided` MW beyond what stored fuel gives
    while it lasts, hours that are left of the shortage, and hours for which the load has been too much."""
    power, energy = battery
    drawn, over = (_recent(megawatts, np.minimum(run, _hours(store, megawatts))) for megawatts, store in ((missing - unaided, fuel), (unaided, energy)))
    tank = _hours(fuel, drawn)
    bridged = np.select([unaided > power, unaided > 0], [0.0, _hours(energy, over)], np.inf)
    charge = np.maximum(0.0, energy - over * np.where(np.isfinite(tank), tank, 0.0))
    both = tank + np.where(missing > power, 0.0, _hours(charge, drawn + over))
    first = bridged <= tank
    lost, empty = _part_beyond(np.where(first, bridged, both), left, run), _part_beyond(tank, left, run)
    return lost, np.where(first, unaided * lost + (missing - unaided) * empty, missing * lost)


def _recent(megawatts: np.ndarray, last: np.ndarray) -> np.ndarray:
    """MW on average in so many last hours, one at least and a day at most; hours repeat."""
    hours = megawatts.shape[1]
    upto = np.cumsum(np.pad(megawatts, ((0, 0), (DAY, 0)), mode="wrap"), axis=1)
    back = np.clip(last, 1, min(DAY, hours)).astype(int)
    now = np.arange(hours) + DAY
    return (upto[:, now] - np.take_along_axis(upto, now - back, axis=1)) / back


def _hours(energy: np.ndarray | float, power: np.ndarray) -> np.ndarray:
    """Hours that energy lasts at a power, without end at none."""
    return np.divide(energy, power, out=np.full(power.shape, np.inf), where=power > 0)


def _part_beyond(hours: np.ndarray, stay: np.ndarray, run: np.ndarray) -> np.ndarray:
    """Part of an hour that lies later than so many hours in a shortage that has lasted `run` hours at its end, at most."""
    later = np.clip(run - np.where(np.isfinite(hours), hours, 0.0), 0.0, 1.0)
    return later * np.exp(-np.divide(hours, stay, out=np.full(hours.shape, np.inf), where=stay > 0))


class Stay:
    """How long states of the plants (state x plant) are short of the load: mean hours until machines end it, and hours that the load has been too much."""

    def __init__(self, plants: Sequence[Plant], counts: np.ndarray, need: np.ndarray) -> None:
        states, place = np.unique(counts, axis=0, return_inverse=True)
        missing = beyond(need, total_output(plants, states, slice(None)))
        self._place, self._run, self._left = place.ravel(), _run(missing > 0), _left(missing, *_chain(plants, states))

    def of(self, states: slice) -> tuple[np.ndarray, np.ndarray]:
        """Of some states, by hour: what is left, and for how long it has been so."""
        return self._left[self._place[states]], self._run[self._place[states]]


def _run(short: np.ndarray) -> np.ndarray:
    """Hours, up to the end of each, for which a state has been short without a break, of hours that repeat."""
    hours = short.shape[1]
    number = np.arange(2 * hours, dtype=np.int32)
    last = np.maximum.accumulate(np.where(np.tile(short, 2), -1, number), axis=1)[:, hours:]
    return np.where(last < 0, np.inf, number[hours:] - last).astype(np.float32)


def _left(missing: np.ndarray, rates: sparse.csr_matrix, leaving: np.ndarray) -> np.ndarray:
    """Hours for which what a state misses (MW, state x hour) would be missing in the rest of a shortage on average; zero where it misses nothing."""
    found = np.zeros(missing.shape)
    kinds, kind = np.unique(missing > 0, axis=1, return_inverse=True)
    for number in range(kinds.shape[1]):
        inside, hours = np.flatnonzero(kinds[:, number]), np.flatnonzero(kind.ravel() == number)
        if len(inside):
            stay, megawatts = sparse.diags(leaving[inside]) - rates[inside][:, inside], missing[np.ix_(inside, hours)]
            found[np.ix_(inside, hours)] = splu(sparse.csc_matrix(stay)).solve(megawatts) / megawatts
    return found


def _chain(plants: Sequence[Plant], states: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Rates per hour between states, and from each to any other; failures into states that are not among them are left out."""
    place, leaving = _places(plants, states), np.zeros(len(states))
    sources, targets, rates = ([np.zeros(0)] for _ in range(3))
    for source, after, rate, mends in _moves(plants, states):
        target = place(after)
        known = target >= 0
        np.add.at(leaving, source[known | mends], rate[known | mends])
        for found, values in ((sources, source), (targets, target), (rates, rate)):
            found.append(values[known])
    places = np.concatenate(sources).astype(int), np.concatenate(targets).astype(int)
    return sparse.csr_matrix((np.concatenate(rates), places), (len(states), len(states))), leaving


def _places(plants: Sequence[Plant], states: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Where states stand among those given, -1 where they do not."""
    radix = np.cumprod([1, *(one.machines.count + 1 - HELD_TOGETHER for one in plants)])[:-1]
    keys = (states - HELD_TOGETHER) @ radix
    order = np.argsort(keys)

    def place(wanted: np.ndarray) -> np.ndarray:
        key = (wanted - HELD_TOGETHER) @ radix
        found = order[np.minimum(np.searchsorted(keys[order], key), len(keys) - 1)]
        return np.where(keys[found] == key, found, -1)
    return place


def _moves(plants: Sequence[Plant], states: np.ndarray) -> Iterator[Move]:
    """Every change of a state: from which, the machines at work after it, its rate, and whether it mends."""
    for number, one in enumerate(plants):
        made = one.machines
        yield from _alone(states, number, made)
        yield from _held(states, [number], HELD, states[:, number] >= 0, [made.count], made.beta * made.rate, made.common_hours)
    for members, cause in shared(plants):
        if cause is not None:
            whole = [plants[number].machines.count for number in members]
            yield from _held(states, members, HELD_TOGETHER, states[:, members[0]] > HELD_TOGETHER, whole, cause.rate, cause.repair)


def _alone(states: np.ndarray, number: int, made: Machines) -> Iterator[Move]:
    """A machine of a plant fails on its own, or is mended."""
    working = states[:, number]
    failing, down = np.flatnonzero(working > 0), np.flatnonzero((working >= 0) & (working < made.count))
    yield failing, _changed(states[failing], [number], working[failing, None] - 1), working[failing] * (1 - made.beta) * made.rate / HOURS_PER_YEAR, False
    if made.repair > 0:
        yield down, _changed(states[down], [number], working[down, None] + 1), (made.count - working[down]) / made.repair, True


def _held(states: np.ndarray, members: list[int], code: int, free: np.ndarray, whole: list[int], rate: float,
          repair: float) -> Iterator[Move]:
    """A common cause takes plants, or lets them go, all machines at work."""
    taken, held = np.flatnonzero(free), np.flatnonzero((states[:, members] == code).all(axis=1))
    yield taken, _changed(states[taken], members, code), np.full(len(taken), rate / HOURS_PER_YEAR), False
    if repair > 0:
        yield held, _changed(states[held], members, whole), np.full(len(held), 1 / repair), True


def _changed(states: np.ndarray, members: list[int], count: np.ndarray | list[int] | int) -> np.ndarray:
    """States with other machines at work in some plants."""
    after = states.copy()
    after[:, members] = count
    return after
