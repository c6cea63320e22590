"""Weather files on one calendar: 8760 hours of local standard time, gaps filled or refused, wet bulb computed."""

import gzip
import io
import math
import re
import tempfile
import warnings
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from ..models.horizon import MONTH_DAYS
from ..models.physics.psychrometrics import relative_humidity, standard_pressure, wet_bulb
from .hourly_csv import SeriesProblem
from .power import needs_sky
from .schema import SiteFile
from .weather_csv import read_plain

HOURS = 8760
LONGEST_GAP = 6
SUNLIGHT = ("ghi", "dni", "dhi")
SKY = (*SUNLIGHT, "wind_speed")

# By form: the column of each quantity as pvlib names it, and how much of the canonical unit one of it is.
SUN = {"ghi": ("ghi", 1.0), "dni": ("dni", 1.0), "dhi": ("dhi", 1.0), "wind_speed": ("wind_speed", 1.0)}
DEW = {"dry_bulb": ("temp_air", 1.0), "dew_point": ("temp_dew", 1.0), **SUN}
FORMS = {
    "epw": {**DEW, "pressure": ("atmospheric_pressure", 1.0)}, "tmy3": {**DEW, "pressure": ("pressure", 100.0)},
    "nsrdb": {**DEW, "pressure": ("pressure", 100.0)},
    "pvgis": {"dry_bulb": ("temp_air", 1.0), "relative_humidity": ("relative_humidity", 0.01), **SUN, "pressure": ("pressure", 1.0)},
    "tmy2": {"dry_bulb": ("DryBulb", 0.1), "dew_point": ("DewPoint", 0.1), "ghi": ("GHI", 1.0), "dni": ("DNI", 1.0), "dhi": ("DHI", 1.0),
             "wind_speed": ("Wspd", 0.1), "pressure": ("Pressure", 100.0)},
}

# By form: how the first line of a file starts.
STARTS = {"epw": r"LOCATION,", "nsrdb": r"Source,", "pvgis": r"\{|Latitude \(decimal", "tmy3": r'\d{6},"',
          "tmy2": r"\s*\d{5} .*\b[NS]\s+\d+\s+\d+\s+[EW]\s"}
FIRST_LINE = 60  # characters of a first line that are shown

# What counts as missing: in EPW these values and above (EnergyPlus Auxiliary Programs, "EPW CSV format"); in TMY2 9999 and,
# of wind, 999 as written (Marion and Urban 1995, table 3-2); elsewhere -9900, -9999 and the like.
EPW_MISSING_FROM = {"dry_bulb": 99.9, "dew_point": 99.9, "pressure": 999999.0, "ghi": 9999.0, "dni": 9999.0, "dhi": 9999.0, "wind_speed": 999.0}
MISSING_TO = -999.0
TMY2_MISSING_FROM, TMY2_NO_WIND_FROM = 9999.0, 999.0

# Least and most that weather on Earth's surface can be; the records lie well within.
PLAUSIBLE = {"dry_bulb": (-90.0, 60.0, "degC"), "dew_point": (-100.0, 50.0, "degC"),
             "relative_humidity": (0.0, 1.1, "of 1"), "pressure": (30e3, 110e3, "Pa"), "ghi": (0.0, 2000.0, "W/m2"),
             "dni": (0.0, 2000.0, "W/m2"), "dhi": (0.0, 2000.0, "W/m2"), "wind_speed": (0.0, 120.0, "m/s")}


class WeatherProblem(ValueError):
    """Why a weather file cannot be used: what was found, what was expected."""


def read_weather(site: SiteFile, path: Path, given: str | None = None) -> tuple[dict[str, np.ndarray], list[str]]:
    """Arrays by canonical name over the model year, and notes on what was filled or moved. The form is that given, else that of [weather].

    Raises WeatherProblem, FileNotFoundError, and for a plain CSV SeriesProblem, which says which key of the site file is wrong.
    """
    form = given or str(site.weather.format)
    columns, notes = read_plain(site, path.name, _file_bytes(path)) if form == "csv" else _framed(site, path, form)
    if "pressure" not in columns or np.isnan(columns["pressure"]).all():
        columns["pressure"] = np.full(HOURS, standard_pressure(site.location.elevation))
        notes.append("air pressure is not in the weather file: taken from the elevation")
    for name, values in columns.items():
        _check_column(site, form, values, name)
        columns[name], note = fill_gaps(values, name)
        notes += note
    columns["relative_humidity"] = _humidity(columns)
    columns["wet_bulb"] = wet_bulb(columns["dry_bulb"], columns["relative_humidity"], columns["pressure"])
    return columns, notes


def _check_column(site: SiteFile, form: str, values: np.ndarray, name: str) -> None:
    """Of a plain CSV the unit that is declared may be what is wrong: it is told at its place."""
    try:
        check_plausible(values, name)
    except WeatherProblem as problem:
        if form != "csv" or name not in site.weather.columns.given():
            raise
        raise SeriesProblem(("weather", "columns", name, "unit"), str(problem), "write the unit that the column is in, or repair the file") from problem


def _humidity(columns: dict[str, np.ndarray]) -> np.ndarray:
    """From the dew point where it is given, which goes; else as measured, between 1 and 100 %."""
    if "dew_point" in columns:
        return relative_humidity(columns["dry_bulb"], columns.pop("dew_point"))
    return np.clip(columns["relative_humidity"], 0.01, 1.0)


def _framed(site: SiteFile, path: Path, form: str) -> tuple[dict[str, np.ndarray], list[str]]:
    frame = _frame(path, form)
    hours, notes = _calendar_hours(frame, form, site.location.utc_offset)
    return {name: _placed(values, hours) for name, values in _columns(frame, form, _needed(site, form)).items()}, notes


def _needed(site: SiteFile, form: str) -> tuple[str, ...]:
    humidity = "dew_point" if "dew_point" in FORMS[form] else "relative_humidity"
    return ("dry_bulb", humidity, *(SKY if needs_sky(site) else ()))


def calendar_hour(hour: int | np.integer) -> str:
    """An hour of the model year (0 to 8759) as a date: '3 February 05:00'."""
    when = datetime(2025, 1, 1) + timedelta(hours=int(hour))
    return f"{when.day} {when:%B %H:%M}"


def _frame(path: Path, form: str):
    """The file as pvlib reads the form. What pvlib and pandas warn of is silenced: rows that are no numbers are looked at after, or end in a problem."""
    text = ""
    try:
        text = file_text(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(io.StringIO(text), form)
    except (FileNotFoundError, IsADirectoryError):
        raise
    except (OSError, EOFError, LookupError, ValueError, StopIteration, AttributeError, TypeError, NameError) as reason:
        raise WeatherProblem(f"the file does not read as {form}: {_why(text, form, reason)}") from reason


def _why(text: str, form: str, reason: Exception) -> str:
    """What a text is that does not read as a form: of another by its first line, no weather at all, or broken further down."""
    first = text.lstrip("\ufeff").split("\n", 1)[0].strip()
    looks = next((name for name, start in STARTS.items() if re.match(start, first)), None)
    if looks == form or not text:
        return " ".join(str(reason).split()) or "it is empty"
    return f"by its first line it is of the form {looks}" if looks else f'its first line is "{first[:FIRST_LINE]}"'


def _read(text: io.StringIO, form: str):
    from pvlib import iotools

    if form == "pvgis":
        return _pvgis(text)
    if form == "tmy2":
        return _tmy2(text)
    if form == "epw":
        return iotools.read_epw(text)[0]
    if form == "tmy3":
        return iotools.read_tmy3(text, map_variables=True)[0]
    return iotools.read_nsrdb_psm4(text, map_variables=True)[0]


def _pvgis(text: io.StringIO):
    """A typical year of PVGIS: JSON starts with a brace, else it is the CSV. Its sun is brought to the middles of the hours, where the file says when
    it was seen: samples at the `irradiance time offset` after each full hour, in place of hours' means."""
    from pvlib import iotools

    if text.getvalue().lstrip().startswith("{"):
        read: Any = iotools.read_pvgis_tmy(text, pvgis_format="json", map_variables=True)
        frame, meta = read
        seen = meta["inputs"]["location"].get("irradiance_time_offset")
    else:
        frame, meta = iotools.read_pvgis_tmy(io.BytesIO(text.getvalue().encode()), pvgis_format="csv", map_variables=True)
        seen = meta["inputs"].get("irradiance time offset")
    return frame if seen is None else frame.assign(**{name: to_middle(frame[name].to_numpy(dtype=float), seen) for name in SUNLIGHT if name in frame})


def to_middle(samples: np.ndarray, seen: float) -> np.ndarray:
    """Hourly samples, taken `seen` hours after each full hour (-0.5 to 1.5), in a straight line at its half; cyclic over the year's end."""
    later = min(1.0, max(-1.0, 0.5 - seen))
    return (1 - abs(later)) * samples + abs(later) * np.roll(samples, -1 if later > 0 else 1)


def _tmy2(text: io.StringIO):
    """pvlib reads TMY2 from a path alone."""
    from pvlib import iotools

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "year.tm2"
        path.write_text(text.getvalue(), encoding="utf-8")
        return iotools.read_tmy2(path)[0]


def _file_bytes(path: Path) -> bytes:
    """What is in a file that may be gzipped."""
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as handle:
        return handle.read()


def file_text(path: Path, characters: int = -1) -> str:
    """The text of a file that may be gzipped, or its first characters."""
    with gzip.open(path, "rt", encoding="latin-1") if path.suffix == ".gz" else path.open(encoding="latin-1") as handle:
        return handle.read(characters)


def _calendar_hours(frame, form: str, utc_offset: float) -> tuple[np.ndarray, list[str]]:
    """Hour of the model year of every row, in local standard time (-1 on 29 February), and notes.

    Rows of a typical year come from several years: month, day and hour place a row, its year does not.
    """
    month, day, hour = _tmy3_clock(frame) if form == "tmy3" else (frame.index.month, frame.index.day, frame.index.hour)
    leap = np.asarray((month == 2) & (day == 29))
    first_day = np.cumsum([0, *MONTH_DAYS])
    hours = (first_day[np.asarray(month) - 1] + np.asarray(day) - 1) * 24 + np.asarray(hour)
    _check_rows(hours[~leap] % HOURS)
    moved, notes = _move(frame.index[0].utcoffset().total_seconds() / 3600, utc_offset)
    return np.where(leap, -1, (hours + moved) % HOURS), notes


def _tmy3_clock(frame):
    """Month, day and hour that a row begins in. TMY3 names the end of the hour, and pvlib moves 24:00 of 28 February to 1 March in a leap year."""
    import pandas

    date = pandas.to_datetime(frame["Date (MM/DD/YYYY)"], format="%m/%d/%Y").dt
    return date.month.to_numpy(), date.day.to_numpy(), frame["Time (HH:MM)"].str[:2].astype(int).to_numpy() - 1


def _check_rows(hours: np.ndarray) -> None:
    if len(hours) != HOURS:
        raise WeatherProblem(f"{len(hours):,} hourly rows; expected {HOURS:,}, one for each hour of a year without 29 February")
    rows = np.bincount(hours, minlength=HOURS)
    if (rows != 1).any():
        raise WeatherProblem(f"no row for {calendar_hour(rows.argmin())} and {rows.max()} for {calendar_hour(rows.argmax())} by the file's own dates; "
                             "expected standard time all year, each hour once")


def _move(file_offset: float, utc_offset: float) -> tuple[int, list[str]]:
    """Whole hours from the file's clock to local standard time. A UTC sample at half past lands in the hour that holds it."""
    apart = utc_offset - file_offset
    moved = math.floor(apart + 0.5)
    if moved == apart and (file_offset == 0 or moved == 0):
        return moved, []
    rounded = "" if moved == apart else f", rounded from {apart:g}"
    return moved, [f"the weather file is in UTC{file_offset:+g}, the site in UTC{utc_offset:+g}: rows moved by {moved:+d} h{rounded}"]


def _columns(frame, form: str, needed: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Columns by canonical name in canonical units, NaN where the file says missing or holds no number."""
    import pandas

    named = FORMS[form]
    found = {name: np.asarray(pandas.to_numeric(frame[column], errors="coerce"), dtype=float) for name, (column, _) in named.items() if column in frame}
    missing = [name for name in needed if name not in found]
    if missing:
        raise WeatherProblem(f"no {' and no '.join(missing)} in the file; expected them in a {form} file")
    return {name: _without_codes(values, name, form) * named[name][1] for name, values in found.items()}


def _without_codes(values: np.ndarray, name: str, form: str) -> np.ndarray:
    if form == "epw":
        code = values >= EPW_MISSING_FROM[name]
    elif form == "tmy2":
        code = values >= (TMY2_NO_WIND_FROM if name == "wind_speed" else TMY2_MISSING_FROM)
    else:
        code = values <= MISSING_TO
    return np.where(code, np.nan, values)


def _placed(values: np.ndarray, hours: np.ndarray) -> np.ndarray:
    year = np.empty(HOURS)
    year[hours[hours >= 0]] = values[hours >= 0]
    return year


def check_plausible(values: np.ndarray, name: str) -> None:
    """Raises WeatherProblem at the first value that weather cannot have."""
    least, most, unit = PLAUSIBLE[name]
    wrong = np.flatnonzero((values < least) | (values > most))
    if len(wrong):
        raise WeatherProblem(f"{name} is {values[wrong[0]]:g} {unit} on {calendar_hour(wrong[0])}; expected {least:g} to {most:g} {unit}")


def fill_gaps(values: np.ndarray, name: str) -> tuple[np.ndarray, list[str]]:
    """Gaps of up to 6 h filled in a straight line, cyclic over the year's end, with a note. Raises WeatherProblem for a longer gap."""
    bad = ~np.isfinite(values)
    if not bad.any():
        return values, []
    first, length = _longest_run(bad)
    if length > LONGEST_GAP:
        raise WeatherProblem(f"{name} is missing for {length:,} hours from {calendar_hour(first)}; gaps of up to {LONGEST_GAP} hours are filled")
    good = np.flatnonzero(~bad)
    filled = np.interp(np.arange(len(values)), good, values[good], period=len(values))
    return filled, [f"{name}: {int(bad.sum())} missing hours filled in a straight line, the first on {calendar_hour(bad.argmax())}"]


def _longest_run(bad: np.ndarray) -> tuple[int, int]:
    """First position and length of the longest run of true, cyclic."""
    good = np.flatnonzero(~bad)
    if len(good) == 0:
        return 0, len(bad)
    lengths = np.diff(good, append=good[0] + len(bad)) - 1
    return int(good[lengths.argmax()] + 1) % len(bad), int(lengths.max())
