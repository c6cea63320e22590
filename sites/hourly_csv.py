"""Tables by hour as people have them: separated by commas, semicolons or tabs, with or without times; what cannot be meant is refused.

Rows are local standard time from 1 January 00:00. Where a column of times stands beside the values it has to say so: an hour that summer time leaves out
or doubles, a year that begins in July, a file in another zone are told, with the line.
"""

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from ..models.horizon import MONTH_DAYS

HOURS, LEAP_HOURS = 8760, 8784
LEAP_DAY = slice(59 * 24, 60 * 24)
SEPARATORS = (";", "\t")
QUOTED = re.compile(r'"[^"]*"')
DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")
THOUSANDS = re.compile(r"\s*[-+]?[1-9]\d{0,2},\d{3}\s*")
PARTS = {4: "quarter hours: average each four rows", 2: "half hours: average each two rows", 12: "five minutes: average each twelve rows"}
TIMES = ("%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%Y/%m/%d %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M:%S", "%d.%m.%Y %H:%M:%S")
ORDER = "write rows of local standard time all year, from 1 January 00:00, without summer time and without 29 February"

Key = tuple[str | int, ...]


class Row(dict[str, str]):
    """Cells by the names of their columns, with the line of the file."""

    def __init__(self, cells: dict, line: int):
        super().__init__(cells)
        self.line = line


@dataclass(frozen=True)
class Sense:
    """What the numbers of a column may be; what is said of one that is not, and what to do; the unit, where the site file gives none."""

    least: float = -math.inf
    most: float = math.inf
    wrong: str = ""
    mend: str = ""
    unit: str | None = None


class SeriesProblem(ValueError):
    """Why a series cannot be used: key of the site file, what was found, what was expected."""

    def __init__(self, key: tuple, found: str, mend: str):
        super().__init__(found)
        self.key, self.found, self.mend = key, found, mend


def decoded(raw: bytes) -> str:
    """Text in UTF-8, with or without its mark, or as older Windows programmes write it."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_table(name: str, text: str, key: Key) -> list[Row]:
    """The rows under a line of column names, decimal commas of a file with other separators as points. Raises SeriesProblem."""
    if "\0" in text:
        raise SeriesProblem(key, f'"{name}" is no plain text', "save it as CSV in UTF-8")
    separator = _separator(text)
    reader = csv.DictReader(io.StringIO(text, newline=None), delimiter=separator)
    try:
        reader.fieldnames = [column.strip() for column in reader.fieldnames or ()]
        rows = [Row(cells, reader.line_num) for cells in reader]
    except csv.Error as reason:
        raise SeriesProblem(key, f'"{name}" line {reader.line_num} does not read as CSV: {reason}',
                            "save it as CSV, one line a row, and close what is quoted") from reason
    return rows if separator == "," else _with_points(rows)


def _separator(text: str) -> str:
    """What stands between the names of columns, outside of quotes."""
    names = QUOTED.sub("", re.split(r"[\r\n]", text, maxsplit=1)[0])
    return next((one for one in SEPARATORS if one in names), ",")


def _with_points(rows: list[Row]) -> list[Row]:
    """Decimal commas as points, in columns whose commas cannot be those of thousands; others stay, and are refused where they are read."""
    for column in rows[0] if rows else ():
        commas = [row for row in rows if column and DECIMAL_COMMA.fullmatch(row[column] or "")]
        if not all(THOUSANDS.fullmatch(row[column]) for row in commas):
            for row in commas:
                row[column] = row[column].replace(",", ".")
    return rows


def as_numbers(text: str | None) -> str:
    """How a cell that is no number is to be written."""
    doubt = f'; "{text}" may be a thousands or a decimal comma' if text and THOUSANDS.fullmatch(text) else ""
    return f"without unit and thousands commas, with a decimal point{doubt}"


def check_cells(rows: list[Row], name: str, key: Key) -> None:
    """Refuse rows with more cells than there are names: what is beyond would be lost. Raises SeriesProblem."""
    for row in rows:
        beyond = row.get(None) or ()  # type: ignore[call-overload]
        if any(cell.strip() for cell in beyond):
            raise SeriesProblem(key, f'"{name}" line {row.line} has {len(row) - 1 + len(beyond)} cells under {len(row) - 1} column names',
                                "give each cell a name; where a comma is a decimal comma, separate cells by semicolons")


def check_hours(rows: list[Row], name: str, key: Key) -> None:
    """Refuse rows that are no hours of a year (8760, or 8784 with 29 February), by their count and by their own times. Raises SeriesProblem."""
    times = times_of(rows)
    if len(rows) in (HOURS, LEAP_HOURS):
        check_cells(rows, name, key)
        _check_order(times, name, key)
        return
    part = next((words for count, words in PARTS.items() if len(rows) in (HOURS * count, LEAP_HOURS * count)), "")
    mend = f"expected {HOURS:,} from 1 January 00:00 ({LEAP_HOURS:,} in a leap year), under one line of column names"
    mend += f"; these look like {part}" if part else ""
    break_ = next(_breaks(times), None) if not part else None
    raise SeriesProblem(key, f'"{name}" has {len(rows):,} rows' + (f"; {break_}" if break_ else ""), f"{mend}; {ORDER}" if break_ else mend)


def _check_order(times: list[datetime], name: str, key: Key) -> None:
    if not times:
        return
    ends = timedelta(hours=_place(times[0]) == 1 and times[0].minute == 0)  # each row is told by the end of its hour
    if _place(times[0] - ends) not in (0, None):
        zone = "" if times[0].utcoffset() is None else f"; its times are in {times[0].tzinfo}, and have to be on the site's own clock"
        raise SeriesProblem(key, f'"{name}" begins at {_told(times[0])}', ORDER + zone)
    for found in _breaks(times):
        raise SeriesProblem(key, f'"{name}" {found}', ORDER)
    leap = sum(_place(time - ends) is None for time in times)
    if leap != len(times) - HOURS:
        raise SeriesProblem(key, f'"{name}" has {leap} of its {len(times):,} rows on 29 February', ORDER)


def _breaks(times: list[datetime]) -> Iterator[str]:
    """Places whose time is not an hour after that before, as lines of a file without empty ones; years do not count, a typical year is of several."""
    for line, (before, after) in enumerate(zip(times, times[1:]), start=3):
        if _follows(before, after):
            continue
        if before.utcoffset() != after.utcoffset():
            yield f"line {line}: the clock changes from {_told(before)} to {_told(after)}"
        else:
            yield f"line {line}: {_told(after)} comes after {_told(before)}"


def _follows(before: datetime, after: datetime) -> bool:
    """Whether a time is an hour after another: by the time that passes, or by the model year, in which 1 March comes after 28 February. Ends of hours of a
    year without 29 February reach its first midnight."""
    if after - before == timedelta(hours=1):
        return True
    if before.minute != after.minute or before.utcoffset() != after.utcoffset():
        return False
    if (before.month, before.day, before.hour, before.minute) == (2, 29, 0, 0):
        before = before.replace(month=3, day=1)
    places = _place(before), _place(after)
    return None not in places and (places[1] - places[0]) % HOURS == 1  # type: ignore[operator]


def _place(time: datetime) -> int | None:
    """Hour of the model year, none on 29 February."""
    if (time.month, time.day) == (2, 29):
        return None
    return (sum(MONTH_DAYS[: time.month - 1]) + time.day - 1) * 24 + time.hour


def _told(time: datetime) -> str:
    return time.isoformat(sep=" ", timespec="minutes")


def times_of(rows: list[Row]) -> list[datetime]:
    """The times, to the minute, of the first column that holds one in every row, hour by hour; else of the first that holds them; none without one."""
    every = list(_columns_of_times(rows))
    return next((times for times in every if next(_breaks(times), None) is None), every[0] if every else [])


def _columns_of_times(rows: list[Row]) -> Iterator[list[datetime]]:
    for column in rows[0] if rows else ():
        for form in (None, *TIMES):
            if column and _read(rows[0][column], form) is not None:
                times = [_read(row[column], form) for row in rows]
                if None not in times:
                    yield [_to_the_minute(time) for time in times if time is not None]


def _to_the_minute(time: datetime) -> datetime:
    return (time + timedelta(seconds=30)).replace(second=0, microsecond=0)


def _read(text: str | None, form: str | None) -> datetime | None:
    """A date with an hour: by ISO 8601, or in another form."""
    if not text or ":" not in text:
        return None
    try:
        return datetime.fromisoformat(text.strip()) if form is None else datetime.strptime(text.strip(), form)
    except ValueError:
        return None


def check_zone(rows: list[Row], utc_offset: float, name: str, key: Key, mend: str = "write local standard time of the site, from 1 January 00:00") -> None:
    """Refuse times of another zone than the clock that rows are taken to be of (hours); in `mend` {} stands for theirs. Raises SeriesProblem."""
    times = times_of(rows)
    apart = times[0].utcoffset() if times else None
    if apart is not None and apart.total_seconds() / 3600 != utc_offset:
        theirs = f"{apart.total_seconds() / 3600:g}"
        raise SeriesProblem(key, f'"{name}" is in UTC{float(theirs):+g} by its own times, and is read in UTC{utc_offset:+g}', mend.format(theirs))


def without_leap_day(values: np.ndarray) -> np.ndarray:
    """8760 hours, those of 29 February left out."""
    return values if len(values) == HOURS else np.delete(values, LEAP_DAY)
