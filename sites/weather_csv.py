"""Plain CSV weather: 8760 rows in order, whose columns and units the site file declares."""

import math

import numpy as np

from ..models.units import UnitProblem, kind, parse
from .decimal_marks import as_numbers
from .headings import check_heading
from .hourly_csv import SeriesProblem, Table, check_hours, check_zone, read_table, without_leap_day
from .schema import SiteFile
from .weather_keys import WeatherColumn

UNITS = {"dry_bulb": "degC", "dew_point": "degC", "relative_humidity": "1", "pressure": "Pa", "ghi": "W/m2", "dni": "W/m2", "dhi": "W/m2",
         "wind_speed": "m/s"}
EMPTY = ("", "nan", "na", "n/a", "null")
MISSING_TO = -999.0


def read_plain(site: SiteFile, name: str, raw: bytes) -> tuple[dict[str, np.ndarray], list[str]]:
    """The declared columns in canonical units on the site's clock, NaN where a cell is empty or -999 and below; notes. Raises SeriesProblem."""
    table = _table(site, name, raw)
    columns = {name: _column(table, name, column) for name, column in site.weather.columns.given().items()}
    moved, notes = _moved(site)
    return {name: np.roll(values, moved) for name, values in columns.items()}, [*notes, *table.notes.values()]


def _table(site: SiteFile, name: str, raw: bytes) -> Table:
    """8760 rows, or 8784 with 29 February, on the clock that the site says."""
    key, clock = ("weather", "file"), site.location.utc_offset if site.weather.utc_offset is None else site.weather.utc_offset
    table = read_table(name, raw, key)
    check_hours(table, key, clock)
    check_zone(table, clock, key, 'write utc_offset = "{} hour" in [weather]')
    return table


def _column(table: Table, name: str, column: WeatherColumn) -> np.ndarray:
    key = ("weather", "columns", name)
    slope, start = _scale(column.unit, UNITS[name], key)
    values = table.numbers(column.column, (*key, "column"), lambda cell, line: _cell(cell, line, column.column, key))
    check_heading(column.column, table.name, column.unit, UNITS[name], (*key, "unit"))
    return without_leap_day(values) * slope + start


def _scale(written: str, unit: str, key: tuple) -> tuple[float, float]:
    """Canonical value = slope x + start: degrees Fahrenheit have both."""
    try:
        start, one = (parse(f"{number} {'' if written == '1' else written}".strip(), unit) for number in (0, 1))
    except UnitProblem as problem:
        measured = "ratio" if unit == "1" else kind(unit)
        raise SeriesProblem((*key, "unit"), f'"{written}" is no unit of a {measured}', f'write for example "{"%" if unit == "1" else unit}"') from problem
    return one - start, start


def _cell(text: str, line: int, column: str, key: tuple) -> float:
    written = text.strip()
    if written.lower() in EMPTY:
        return math.nan
    try:
        value = float(written)
    except ValueError as reason:
        raise SeriesProblem((*key, "column"), f'line {line} of the weather file: {column} is "{written}"',
                            f"every row needs a number, {as_numbers(text)}; leave what is missing empty") from reason
    return math.nan if value <= MISSING_TO or not math.isfinite(value) else value


def _moved(site: SiteFile) -> tuple[int, list[str]]:
    clock, here = site.weather.utc_offset, site.location.utc_offset
    moved = 0 if clock is None else math.floor(here - clock + 0.5)
    return moved, [f"the weather file is in UTC{clock:+g}, the site in UTC{here:+g}: rows moved by {moved:+d} h"] if moved else []
