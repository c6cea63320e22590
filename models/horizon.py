"""Time: phases of the buildout, the model calendar of 48 blocks, and the operating hours that stand for a phase."""

import calendar
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

HOURS_PER_YEAR = 8760
DAYS_PER_YEAR = 365
DAYS_PER_MONTH = DAYS_PER_YEAR / 12
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS_PER_STEP = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Phase:
    """One step of the buildout: [start, end), whole calendar months."""

    index: int
    name: str
    start: date
    end: date
    months: tuple[int, ...]
    plan_start: date

    @property
    def years(self) -> float:
        """Length in model years (months / 12)."""
        return len(self.months) / 12

    @property
    def hours(self) -> float:
        """Length in model hours (months of a year without leap day)."""
        return sum(MONTH_DAYS[month - 1] for month in self.months) * 24.0

    @property
    def begins(self) -> float:
        """Years from the plan's start to this phase's start."""
        return model_years(self.plan_start, self.start)

    @property
    def middle(self) -> float:
        """Years from the plan's start to the middle of this phase."""
        return (self.begins + model_years(self.plan_start, self.end)) / 2


@dataclass(frozen=True)
class Slice:
    """Consecutive hours of the model year, all in one month, that stand for `weight` times themselves each time the month comes."""

    first: int
    size: int
    month: int
    weight: float = 1.0

    @property
    def hours(self) -> np.ndarray:
        """Hours of the model year, 0 to 8759."""
        return np.arange(self.first, self.first + self.size)


def model_years(since: date, day: date) -> float:
    """Years from one day to another on the model calendar, on which operation is counted: every year has 365 days, 29 February is none.

    So a calendar year is one year of service, of discount and of 8760 hours.
    """
    return _model_year(day) - _model_year(since)


def _model_year(day: date) -> float:
    before = sum(MONTH_DAYS[: day.month - 1])
    return day.year + (before + min(day.day, MONTH_DAYS[day.month - 1]) - 1) / DAYS_PER_YEAR


def service_years(since: date, day: date) -> float:
    """Years from one day to another, to a hundredth: a life of a quarter ends with any three months."""
    return round(model_years(since, day), 2)


def block_number(scenario: int, month: int) -> int:
    """The number of a month (1 to 12) of a weather year (0, 1, ...): months of the first are 1 to 12, of the second 13 to 24, and so on."""
    return 12 * scenario + month


def scenario_and_month(number: int) -> tuple[int, int]:
    """The weather year and the month of such a number."""
    return (number - 1) // 12, (number - 1) % 12 + 1


def month_first_hour(month: int) -> int:
    """First hour of the model year that lies in the month (1 to 12)."""
    return 24 * sum(MONTH_DAYS[: month - 1])


def calendar_blocks() -> tuple[Slice, ...]:
    """The 48 blocks: each month cut into four nearly equal runs of whole days."""
    blocks = []
    for month, days in enumerate(MONTH_DAYS, start=1):
        cuts = [round(days * part / 4) for part in range(5)]
        blocks += [Slice(month_first_hour(month) + 24 * low, 24 * (high - low), month)
                   for low, high in zip(cuts[:-1], cuts[1:], strict=True)]
    return tuple(blocks)


def add_months(day: date, months: int) -> date:
    """The date so many months later, held to the month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def build_phases(start: date, end: date, steps: Iterable[tuple[date, str]]) -> tuple[Phase, ...]:
    """Phases from `start` to `end` (both first days of months; `end` exclusive).

    `steps` are (until, step): step is month, quarter or year and holds up to `until`. A year begins on 1 January: the first may be shorter.
    """
    phases: list[Phase] = []
    begin = start
    for until, step in steps:
        while begin < min(until, end):
            finish = min(_next_boundary(begin, MONTHS_PER_STEP[step]), min(_month_after(until), end))
            phases.append(_phase(len(phases), begin, finish, start))
            begin = finish
    return tuple(phases)


def _next_boundary(day: date, months: int) -> date:
    position = (day.month - 1) % months
    return add_months(day.replace(day=1), months - position)


def _month_after(day: date) -> date:
    return day if day.day == 1 else add_months(day.replace(day=1), 1)


def _phase(index: int, start: date, end: date, plan_start: date) -> Phase:
    count = (end.year - start.year) * 12 + end.month - start.month
    months = tuple((start.month - 1 + step) % 12 + 1 for step in range(count))
    return Phase(index, _phase_name(start, count), start, end, months, plan_start)


def _phase_name(start: date, months: int) -> str:
    if months == 12 and start.month == 1:
        return f"{start.year}"
    if months == 3 and start.month % 3 == 1:
        return f"{start.year}Q{(start.month + 2) // 3}"
    return f"{start.year}-{start.month:02d}" if months == 1 else f"{start.year}-{start.month:02d}+{months}m"


def last_day(phase: Phase) -> date:
    """The last day that lies in a phase."""
    return phase.end - timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """Operating hours laid end to end: the slices of a phase, a month, or hours of design.

    Arrays over position 0..size-1: `hour` (of the conditions they are looked up in), `previous` (position of the hour before, cyclic
    within a slice), `weight` (how many hours of a model year one stands for), `month`. `counts` says how often a month comes.
    """

    hour: np.ndarray
    previous: np.ndarray
    weight: np.ndarray
    month: np.ndarray
    counts: Mapping[int, int]

    def __len__(self) -> int:
        return len(self.hour)

    @property
    def positions(self) -> range:
        """0..size-1"""
        return range(len(self.hour))

    @property
    def months(self) -> tuple[int, ...]:
        """The calendar months that occur, in order."""
        return tuple(sorted(self.counts))


def build_period(months: Iterable[int], slices: Iterable[Slice]) -> Period:
    """Lay the slices of these months end to end; weights become hours (slice weight times how often its month comes)."""
    counts = Counter(months)
    chosen = [piece for piece in slices if piece.month in counts]
    starts = np.cumsum([0, *(piece.size for piece in chosen)])
    previous = [np.roll(np.arange(first, first + piece.size), 1) for first, piece in zip(starts, chosen, strict=False)]
    return Period(
        hour=_joined(piece.hours for piece in chosen),
        previous=_joined(previous),
        weight=_joined(np.full(piece.size, piece.weight * counts[piece.month]) for piece in chosen),
        month=_joined(np.full(piece.size, piece.month) for piece in chosen),
        counts=counts,
    )


def month_period(month: int) -> Period:
    """A whole month, hour by hour, as its four calendar blocks; how stores carry energy between them is their horizon's (models/storage.py)."""
    return build_period((month,), calendar_blocks())


def _joined(parts: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate(list(parts))


def design_period(count: int) -> Period:
    """`count` single hours of design conditions, without weight: each its own predecessor."""
    alone = np.arange(count)
    return Period(alone, alone, np.zeros(count), np.ones(count, dtype=int), {1: 0})


def by_year(phases: Iterable[Phase]) -> Iterator[tuple[int, list[Phase]]]:
    """Phases grouped by the calendar year they start in: the span of yearly budgets."""
    found: dict[int, list[Phase]] = {}
    for phase in phases:
        found.setdefault(phase.start.year, []).append(phase)
    yield from found.items()
