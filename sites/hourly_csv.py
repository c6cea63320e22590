"""Tables by hour as people have them: separated by commas, semicolons or tabs, with or without times; what cannot be meant is refused.

Rows are local standard time from 1 January 00:00. Where a column of times stands beside the values it has to say so: an hour that summer time leaves out
or doubles, a year that begins in July, a file in another zone are told, with the line.
"""

import codecs
import csv
import functools
import io
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from .decimal_marks import is_in_doubt, is_untold, point_before_three_digits, shown_marks, with_points
from .row_times import HOURS, breaks, on_clock, other_offset, out_of_order, times_of, told

LEAP_HOURS = 8784
LEAP_DAY = slice(59 * 24, 60 * 24)
SEPARATORS = (";", "\t")
DAY_FIRST = re.compile(r"\s*(?:\d{1,2}\.\d{1,2}\.|(?:1[3-9]|2\d|3[01])([/-])\d{1,2}\1)\d{4}\b")  # by a day beyond 12, where points do not say so
QUOTED = re.compile(r'"[^"]*"')
PARTS = {4: "quarter hours: average each four rows", 2: "half hours: average each two rows", 12: "five minutes: average each twelve rows"}
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


@dataclass(frozen=True)
class Table:
    """A file's name, its rows under a line of column names, what separates its cells, and by columns notes on how they were read."""

    name: str
    rows: list[Row]
    separator: str
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        """Names of its columns."""
        return [name for name in (self.rows[0] if self.rows else ()) if name is not None]

    @functools.cached_property
    def times(self) -> list[datetime]:
        """The times of its rows; none where no column holds them."""
        return times_of([row[name] for row in self.rows] for name in self.columns if name)

    @functools.cached_property
    def day_first(self) -> bool:
        """Whether its cells hold dates as those write them who may write points between thousands: 31.12.2030, 31/12/2030, 31-12-2030."""
        return any(DAY_FIRST.match(str(cell)) for row in self.rows for cell in row.values())

    @functools.cached_property
    def marks(self) -> frozenset[str]:
        """The decimal marks that its columns show."""
        return shown_marks(self._cells(name) for name in self.columns)

    def _cells(self, column: str) -> list[str]:
        return [row[column] or "" for row in self.rows]

    def numbers(self, column: str, key: Key, number: Callable[[str, int], float]) -> np.ndarray:
        """A column as numbers, each cell and its line through `number`, once decimal commas are points. Raises SeriesProblem where there is no such
        column, or where points may stand between thousands as well as be decimal ones."""
        if column not in self.columns:
            raise SeriesProblem(key, f'"{self.name}" has no column "{column}"', f"columns are: {', '.join(self.columns)}")
        cells = self._cells(column)
        self._check_points(column, cells, key)
        plain = with_points(cells)
        try:
            return np.array([number(cell, row.line) for cell, row in zip(plain, self.rows)])
        except SeriesProblem as problem:
            problem.mend += "; decimal commas, as other cells of the column have them, are read" if plain != cells else ""
            raise

    def _check_points(self, column: str, cells: list[str], key: Key) -> None:
        """Refuse points that may stand between thousands as well as be decimal ones; note those that are read as decimal ones with nothing that shows it.
        Raises SeriesProblem."""
        first = point_before_three_digits(cells)
        if first is None:
            return
        cell, where = cells[first].strip(), f'"{self.name}" line {self.rows[first].line}'
        whole, decimal = f'"{cell.replace(".", "")}"', f'"{cell}0"'
        if is_in_doubt(cells, self.separator, self.marks, self.day_first):
            raise SeriesProblem(key, f'{where}: the point of "{cell}" may be a thousands or a decimal point',
                                f"write decimal points, and none between thousands: {whole}, or if it is a decimal point {decimal}")
        if is_untold(cells, self.separator, self.marks):
            self.notes[column] = (f'{where}: "{cell}" is read as {float(cell):g}: nothing in the file shows whether the points of {column} are decimal '
                                  f"ones or stand between thousands; write {whole} if they do, else {decimal}")


def decoded(raw: bytes) -> str:
    """Text in UTF-8, with or without its mark, in UTF-16 with its mark, or as older Windows programmes write it."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_table(name: str, raw: bytes, key: Key) -> Table:
    """The rows under a line of column names. Raises SeriesProblem."""
    text = decoded(raw)
    if "\0" in text:
        raise SeriesProblem(key, f'"{name}" is no plain text', "save it as CSV in UTF-8")
    separator = _separator(text)
    reader = csv.DictReader(io.StringIO(text, newline=None), delimiter=separator)
    try:
        reader.fieldnames = [column.strip() for column in reader.fieldnames or ()]
        return Table(name, [Row(cells, reader.line_num) for cells in reader], separator)
    except csv.Error as reason:
        raise SeriesProblem(key, f'"{name}" line {reader.line_num} does not read as CSV: {reason}',
                            "save it as CSV, one line a row, and close what is quoted") from reason


def _separator(text: str) -> str:
    """What stands between the names of columns, outside of quotes."""
    names = QUOTED.sub("", re.split(r"[\r\n]", text, maxsplit=1)[0])
    return next((one for one in SEPARATORS if one in names), ",")


def check_cells(table: Table, key: Key) -> None:
    """Refuse rows with more cells than there are names: what is beyond would be lost. Raises SeriesProblem."""
    for row in table.rows:
        beyond = row.get(None) or ()  # type: ignore[call-overload]
        if any(cell.strip() for cell in beyond):
            raise SeriesProblem(key, f'"{table.name}" line {row.line} has {len(row) - 1 + len(beyond)} cells under {len(row) - 1} column names',
                                "give each cell a name; where a comma is a decimal comma, separate cells by semicolons")


def check_hours(table: Table, key: Key, utc_offset: float | None) -> None:
    """Refuse rows that are no hours of a year (8760, or 8784 with 29 February), by their count and by their own times, on the clock that they are taken
    to be of (hours from UTC, where it is known). Raises SeriesProblem."""
    _check_offsets(table, key)
    count = len(table.rows)
    if count in (HOURS, LEAP_HOURS):
        check_cells(table, key)
        _check_order(table, key, utc_offset)
        return
    part = next((words for parts, words in PARTS.items() if count in (HOURS * parts, LEAP_HOURS * parts)), "")
    mend = f"expected {HOURS:,} from 1 January 00:00 ({LEAP_HOURS:,} in a leap year), under one line of column names"
    mend += f"; these look like {part}" if part else ""
    break_ = next(breaks(table.times), None) if not part else None
    raise SeriesProblem(key, f'"{table.name}" has {count:,} rows' + (f"; {break_}" if break_ else ""), f"{mend}; {ORDER}" if break_ else mend)


def _check_offsets(table: Table, key: Key) -> None:
    """Refuse times of which some have an offset from UTC and others none. Raises SeriesProblem."""
    differs = other_offset(table.times)
    if differs is None:
        return
    before, time = table.times[differs - 1], table.times[differs]
    has, had = ("no", "one") if time.utcoffset() is None else ("an", "none")
    found = f"{told(time)} has {has} offset from UTC, and {told(before)} before it has {had}"
    raise SeriesProblem(key, f'"{table.name}" line {table.rows[differs].line}: {found}',
                        "write the same offset from UTC in every time, or write it in none")


def _check_order(table: Table, key: Key, utc_offset: float | None) -> None:
    times = on_clock(table.times, utc_offset)
    found = out_of_order(times) if times else None
    if found is not None:
        elsewhere = found.startswith("begins") and times[0].utcoffset() is not None
        zone = f"; its times are in {times[0].tzinfo}, and have to be on the site's own clock" if elsewhere else ""
        raise SeriesProblem(key, f'"{table.name}" {found}', ORDER + zone)


def check_zone(table: Table, utc_offset: float, key: Key, mend: str = "write local standard time of the site, from 1 January 00:00") -> None:
    """Refuse times of another zone than the clock that rows are taken to be of (hours); in `mend` {} stands for theirs. Raises SeriesProblem."""
    times = on_clock(table.times, utc_offset)
    apart = times[0].utcoffset() if times else None
    if apart is not None and apart.total_seconds() / 3600 != utc_offset:
        theirs = f"{apart.total_seconds() / 3600:g}"
        raise SeriesProblem(key, f'"{table.name}" is in UTC{float(theirs):+g} by its own times, and is read in UTC{utc_offset:+g}', mend.format(theirs))


def without_leap_day(values: np.ndarray) -> np.ndarray:
    """8760 hours, those of 29 February left out."""
    return values if len(values) == HOURS else np.delete(values, LEAP_DAY)
