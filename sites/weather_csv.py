"""Plain CSV weather: 8760 rows in order, whose columns and units the site file declares."""

import math

import numpy as np

from ..models.units import UnitProblem, kind, parse
from .hourly_csv import Row, SeriesProblem, as_numbers, check_hours, check_zone, decoded, read_table, without_leap_day
from .schema import SiteFile
from .weather_keys import WeatherColumn

UNITS = {"dry_bulb": "degC", "dew_point": "degC", "relative_humidity": "1", "pressure": "Pa", "ghi": "W/m2", "dni": "W/m2", "dhi": "W/m2",
         "wind_speed": "m/s"}
EMPTY = ("", "nan", "na", "n/a", "null")
MISSING_TO = -999.0


def read_plain(site: SiteFile, name: str, text: str) -> tuple[dict[str, np.ndarray], list[str]]:
    """The declared columns in canonical units on the site's clock, NaN where a cell is empty or -999 and below; notes. Raises SeriesProblem."""
    rows = _rows(site, name, text)
    given = site.weather.columns.given()
    columns = {name: _column(rows, name, column) for name, column in given.items()}
    moved, notes = _moved(site)
    return {name: np.roll(values, moved) for name, values in columns.items()}, notes


def _rows(site: SiteFile, name: str, text: str) -> list[Row]:
    """8760 rows, or 8784 with 29 February. The text of a weather file is read byte by byte (latin-1), as most of its forms are written."""
    key, clock = ("weather", "file"), site.weather.utc_offset
    rows = read_table(name, decoded(text.encode("latin-1")), key)
    check_hours(rows, name, key)
    check_zone(rows, site.location.utc_offset if clock is None else clock, name, key, 'write utc_offset = "{} hour" in [weather]')
    return rows


def _column(rows: list[Row], name: str, column: WeatherColumn) -> np.ndarray:
    key = ("weather", "columns", name)
    if column.column not in rows[0]:
        raise SeriesProblem((*key, "column"), f'the weather file has no column "{column.column}"', f"columns are: {', '.join(map(str, rows[0]))}")
    slope, start = _scale(column.unit, UNITS[name], key)
    values = np.array([_cell(row[column.column], row.line, column.column, key) for row in rows])
    return without_leap_day(values) * slope + start


def _scale(written: str, unit: str, key: tuple) -> tuple[float, float]:
    """Canonical value = slope x + start: degrees Fahrenheit have both."""
    try:
        start, one = (parse(f"{number} {'' if written == '1' else written}".strip(), unit) for number in (0, 1))
    except UnitProblem as problem:
        measured = "ratio" if unit == "1" else kind(unit)
        raise SeriesProblem((*key, "unit"), f'"{written}" is no unit of a {measured}', f'write for example "{"%" if unit == "1" else unit}"') from problem
    return one - start, start


def _cell(text: str | None, line: int, column: str, key: tuple) -> float:
    written = (text or "").strip()
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
