"""Times that stand beside the values of an hourly file: read in the forms people write them in, and held against the hours of a year."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone

from ..models.horizon import MONTH_DAYS

HOURS = 8760
TIMES = ("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%Y/%m/%d %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S")


def times_of(columns: Iterable[Sequence[str]]) -> list[datetime]:
    """The times, to the minute, of the first column that holds one in every row, hour by hour; else of the first that holds them; none without one."""
    first: list[datetime] = []
    for times in _columns_of_times(columns):
        if next(breaks(times), None) is None:
            return times
        first = first or times
    return first


def _columns_of_times(columns: Iterable[Sequence[str]]) -> Iterator[list[datetime]]:
    for cells in columns:
        for form in (None, *TIMES):
            if _read(cells[0], form) is not None:
                times = [_read(cell, form) for cell in cells]
                if None not in times:
                    yield [time for time in times if time is not None]


def _read(text: str | None, form: str | None) -> datetime | None:
    """A date with an hour, to the minute: by ISO 8601, or in another form."""
    if not text or ":" not in text:
        return None
    try:
        return _to_the_minute(datetime.fromisoformat(text.strip()) if form is None else datetime.strptime(text.strip(), form))
    except (ValueError, OverflowError):  # the last half minute of 9999 has no minute after it
        return None


def _to_the_minute(time: datetime) -> datetime:
    return (time + timedelta(seconds=30)).replace(second=0, microsecond=0)


def on_clock(times: list[datetime], utc_offset: float | None) -> list[datetime]:
    """Times told in another zone on the clock that rows are taken to be of (hours from UTC), where rows then run hour by hour from 1 January 00:00 of it;
    else, or where the clock would go out of the calendar (year 1), as they stand."""
    if utc_offset is None or not times or any(time.utcoffset() is None for time in times):
        return times
    try:
        moved = [time.astimezone(timezone(timedelta(hours=utc_offset))) for time in times]
    except OverflowError:
        return times
    same_part = moved[0].minute in (0, times[0].minute)  # a full hour elsewhere is none here where clocks are half an hour apart
    return moved if same_part and place(moved[0]) == 0 and out_of_order(moved) is None else times


def out_of_order(times: list[datetime]) -> str | None:
    """Why times are not those of a year's rows in order, from 1 January 00:00 or, by the ends of hours, 01:00; none where they are."""
    ends = timedelta(hours=place(times[0]) == 1 and times[0].minute == 0)
    if place(times[0] - ends) not in (0, None):
        return f"begins at {told(times[0])}"
    for found in breaks(times):
        return found
    leap = sum(place(time - ends) is None for time in times)
    return None if leap == len(times) - HOURS else f"has {leap} of its {len(times):,} rows on 29 February"


def breaks(times: list[datetime]) -> Iterator[str]:
    """Places whose time is not an hour after that before, as lines of a file without empty ones; years do not count, a typical year is of several."""
    for line, (before, after) in enumerate(zip(times, times[1:]), start=3):
        if _follows(before, after):
            continue
        if before.utcoffset() != after.utcoffset():
            yield f"line {line}: the clock changes from {told(before)} to {told(after)}"
        else:
            yield f"line {line}: {told(after)} comes after {told(before)}"


def _follows(before: datetime, after: datetime) -> bool:
    """Whether a time is an hour after another: by the time that passes, or by the model year, in which 1 March comes after 28 February. Ends of hours of a
    year without 29 February reach its first midnight."""
    if not _differ_in_offset(before, after) and after - before == timedelta(hours=1):
        return True
    if before.minute != after.minute or before.utcoffset() != after.utcoffset():
        return False
    if (before.month, before.day, before.hour, before.minute) == (2, 29, 0, 0):
        before = before.replace(month=3, day=1)
    places = place(before), place(after)
    return None not in places and (places[1] - places[0]) % HOURS == 1  # type: ignore[operator]


def other_offset(times: list[datetime]) -> int | None:
    """Where a time stands first that has an offset from UTC after ones without, or none after ones with it; none where all are alike."""
    return next((number for number, time in enumerate(times) if _differ_in_offset(times[0], time)), None)


def _differ_in_offset(one: datetime, other: datetime) -> bool:
    """Whether one of them has an offset from UTC and the other has none: no time passes between such two."""
    return (one.utcoffset() is None) != (other.utcoffset() is None)


def place(time: datetime) -> int | None:
    """Hour of the model year, none on 29 February."""
    if (time.month, time.day) == (2, 29):
        return None
    return (sum(MONTH_DAYS[: time.month - 1]) + time.day - 1) * 24 + time.hour


def told(time: datetime) -> str:
    """A time as messages have it."""
    return time.isoformat(sep=" ", timespec="minutes")
