"""Levels of stores: what is in, less what is out, from one rim to the next, by how far the site lets stores carry energy.

week: four blocks a month, each from and to one level of the phase; month: a month from and to that level; year: a month from its own level to
that of the next month; what it holds above its floor (minimum level x energy) is what the next phase begins with.
"""

import math
from itertools import pairwise

import numpy as np

from .finding import Finding, hourly, worst
from .operation import block_edges
from .reading import DAYS_OF_MONTH, Reading
from .things import fitted


def storage(reading: Reading) -> list[Finding]:
    """Battery: level[t] = level[t-1] + e charge - discharge / e, e = sqrt(round trip). Tank: level[t] = (1 - loss) level[t-1] + charge - discharge."""
    number, found = reading.site.catalog.number, []
    for name, kind in fitted(reading.site, "battery").items():
        one_way = math.sqrt(number(kind, "round_trip_efficiency", "1"))
        floor = number(kind, "minimum_level", "1") * reading.by_phase("capacity", f"{name}_energy")
        found.append(_level(reading, name, 1.0, one_way * reading.hourly(name, "charge") - reading.hourly(name, "discharge") / one_way, floor))
    for name, kind in fitted(reading.site, "chilled_water_tank").items():
        kept = 1 - number(kind, "standing_loss", "1/hour")
        found.append(_level(reading, name, kept, reading.hourly(name, "charge") - reading.hourly(name, "discharge"), reading.no_phases))
    return worst(found)


def _level(reading: Reading, name: str, kept: float, change: np.ndarray, floor: np.ndarray) -> Finding:
    first, last, start, end = _rims(reading, name)
    level = reading.hourly(name, "level")
    before = np.roll(level, 1, axis=1)
    before[:, first] = start
    drift = np.abs(level - kept * before - change)
    drift[:, last] = np.maximum(drift[:, last], np.abs(level[:, last] - end)) + _jump(reading, name, floor)[:, np.newaxis]
    return hourly(reading, "storage level", name, drift, float(level.max(initial=0.0)), unit="MWh")


def _rims(reading: Reading, name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """First and last hours of what is operated at one go, and the levels before and after, phase x run."""
    if reading.site.storage.horizon == "week":
        first, last = block_edges()
        months = np.zeros(len(first), dtype=int)
    else:
        first = 24 * np.cumsum([0, *DAYS_OF_MONTH])[:-1]
        last, months = np.append(first[1:], 8760) - 1, np.arange(12)
    if reading.site.storage.horizon != "year":
        level = reading.state(f"{name}_level")[:, np.newaxis] + np.zeros(len(first))
        return first, last, level, level
    levels = _monthly(reading, name)
    return first, last, levels, levels[:, (months + 1) % 12]


def _jump(reading: Reading, name: str, floor: np.ndarray) -> np.ndarray:
    """MWh above the floor by which a phase ends elsewhere than the next one starts, and the plan below where it began, with a horizon of a year."""
    jumps = np.zeros(len(reading.steps))
    if reading.site.storage.horizon == "year":
        levels, operated = _monthly(reading, name) - floor[:, np.newaxis], reading.operated.any(axis=1)
        phases = np.flatnonzero(operated)
        for early, late in pairwise(phases):
            month = reading.steps[late].months[0] - 1
            jumps[early] = abs(levels[early, month] - levels[late, month])
        if phases.size:
            first, last = reading.steps[phases[0]], reading.steps[phases[-1]]
            jumps[phases[-1]] = max(0.0, levels[phases[0], first.months[0] - 1] - levels[phases[-1], last.months[-1] % 12])
    return jumps


def _monthly(reading: Reading, name: str) -> np.ndarray:
    return np.array([reading.state(f"{name}_level_{month:02d}") for month in range(1, 13)]).T
