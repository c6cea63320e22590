"""Which real days stand for a phase when it is sampled: typical days of every month, and the extremes.

A day is the unit because no level is carried over a slice's end and a week would make one model of all phases too big for a first look;
the days are real, so peaks, prices and tariffs of a day keep their meaning. Nothing is clustered or averaged.
"""

import numpy as np

from ..models.conditions import Conditions
from ..models.horizon import MONTH_DAYS, Slice, month_first_hour

DAY = 24


def sampled_days(year: Conditions, days_per_month: int) -> tuple[Slice, ...]:
    """Typical days of every month, weighted, and each extreme day with the weight of one."""
    features = _features(year)
    extreme, weekday = _extreme_days(year), year.weekday[::DAY]
    slices = []
    for month, count in enumerate(MONTH_DAYS, start=1):
        first = month_first_hour(month) // DAY
        days = np.arange(first, first + count)
        rare = [day for day in days.tolist() if day in extreme]
        common = np.array([day for day in days.tolist() if day not in extreme])
        slices += [_day(day, month, 1.0) for day in rare]
        slices += [_day(day, month, weight) for day, weight in _typical(common, features, weekday, days_per_month)]
    return tuple(sorted(slices, key=lambda piece: piece.first))


def _day(day: int, month: int, weight: float) -> Slice:
    return Slice(int(day) * DAY, DAY, month, weight)


def _daily(values: np.ndarray) -> np.ndarray:
    return values.reshape(-1, DAY)


def _features(year: Conditions) -> np.ndarray:
    """Daily means of what moves cost, each in units of its own spread over the year."""
    columns = [year.dry_bulb, year.wet_bulb, year.energy_price, *year.series.values()]
    daily = np.column_stack([_daily(column).mean(axis=1) for column in columns])
    spread = daily.std(axis=0)
    return daily / np.where(spread > 0, spread, 1.0)


def _extreme_days(year: Conditions) -> set[int]:
    """Hottest, most humid, dearest day, and the days on which connections, sun and wind give least."""
    days = {int(_daily(values).max(axis=1).argmax()) for values in (year.dry_bulb, year.wet_bulb, year.energy_price)}
    given = [values for name, values in year.series.items() if name.startswith(("availability_", "yield_"))]
    return days | {int(_daily(values).sum(axis=1).argmin()) for values in given}


def _typical(days: np.ndarray, features: np.ndarray, weekday: np.ndarray, count: int) -> list[tuple[int, float]]:
    """`count` days and their weights: the days are put in order of heat, prices and load, cut into equal runs, and each run gives its medoid."""
    order = days[np.argsort(features[days] @ np.ones(features.shape[1]), kind="stable")]
    return [(_medoid(part, features, weekday), float(len(part))) for part in np.array_split(order, count) if len(part)]


def _medoid(days: np.ndarray, features: np.ndarray, weekday: np.ndarray) -> int:
    """The day nearest the mean of its group, a weekday where there is one: tariffs ask more of weekdays."""
    mean = features[days].mean(axis=0)
    days = days[weekday[days] > 0] if (weekday[days] > 0).any() else days
    distance = np.linalg.norm(features[days] - mean, axis=1)
    return int(days[distance.argmin()])
