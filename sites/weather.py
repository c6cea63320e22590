"""Weather files on one calendar: 8760 hours of local standard time, gaps filled or refused, wet bulb computed."""

import gzip
import io
from pathlib import Path

import numpy as np

from ..models.physics.psychrometrics import relative_humidity, standard_pressure, wet_bulb
from .schema import SiteFile

HOURS = 8760
LONGEST_GAP = 6
NEEDED = {"dry_bulb": "temp_air", "dew_point": "temp_dew", "pressure": "pressure", "ghi": "ghi", "dni": "dni", "dhi": "dhi", "wind_speed": "wind_speed"}


class WeatherProblem(ValueError):
    """Why a weather file cannot be used: what was found, what was expected."""


def read_weather(site: SiteFile, path: Path) -> tuple[dict[str, np.ndarray], list[str]]:
    """Arrays by canonical name over the model year, and notes on what was filled. Raises WeatherProblem."""
    frame = _frame(path, site.weather.format)
    columns = {name: np.asarray(frame[column], dtype=float) for name, column in NEEDED.items() if column in frame}
    missing = [name for name in ("dry_bulb", "dew_point") if name not in columns]
    if missing:
        raise WeatherProblem(f"no {' and no '.join(missing)} in the file; expected them in a {site.weather.format} file")
    shift = int(site.location.utc_offset) if site.weather.format == "nsrdb" and _is_utc(frame) else 0
    columns = {name: np.roll(_whole_year(values, frame), shift) for name, values in columns.items()}
    return _complete(columns, site)


def _frame(path: Path, form: str):
    from pvlib import iotools

    with gzip.open(path, "rt", encoding="latin-1") if path.suffix == ".gz" else path.open(encoding="latin-1") as handle:
        text = io.StringIO(handle.read())
    try:
        if form == "epw":
            return iotools.read_epw(text)[0]
        if form == "tmy3":
            return iotools.read_tmy3(text, map_variables=True)[0]
        return iotools.read_nsrdb_psm4(text, map_variables=True)[0]
    except (KeyError, ValueError, IndexError, StopIteration) as reason:
        raise WeatherProblem(f"the file does not read as {form} ({type(reason).__name__}: {reason})") from reason


def _is_utc(frame) -> bool:
    return frame.index.tz is None or frame.index[0].utcoffset().total_seconds() == 0


def _whole_year(values: np.ndarray, frame) -> np.ndarray:
    """Hours in file order, 29 February left out: rows of a typical year come from several years, so their dates only order them."""
    kept = values[~((frame.index.month == 2) & (frame.index.day == 29))]
    if len(kept) != HOURS:
        raise WeatherProblem(f"{len(kept):,} hourly rows; expected {HOURS:,}, one for each hour of a year without 29 February")
    return kept


def _complete(columns: dict[str, np.ndarray], site: SiteFile) -> tuple[dict[str, np.ndarray], list[str]]:
    notes = []
    if "pressure" not in columns or np.isnan(columns["pressure"]).all():
        columns["pressure"] = np.full(HOURS, standard_pressure(site.location.elevation))
        notes.append("air pressure is not in the weather file: taken from the elevation")
    elif np.nanmean(columns["pressure"]) < 2000:
        columns["pressure"] = columns["pressure"] * 100.0
    for name, values in columns.items():
        columns[name], filled = fill_gaps(values, name)
        notes += [f"{name}: {filled} missing hours filled in a straight line"] if filled else []
    columns["relative_humidity"] = relative_humidity(columns["dry_bulb"], columns.pop("dew_point"))
    columns["wet_bulb"] = wet_bulb(columns["dry_bulb"], columns["relative_humidity"], columns["pressure"])
    return columns, notes


def fill_gaps(values: np.ndarray, name: str) -> tuple[np.ndarray, int]:
    """Gaps of up to 6 h filled in a straight line, cyclic over the year's end. Raises WeatherProblem for a longer gap, naming its first hour."""
    bad = ~np.isfinite(values)
    if not bad.any():
        return values, 0
    run = 0
    for position, missing in enumerate([*bad.tolist(), False]):
        run = run + 1 if missing else 0
        if run > LONGEST_GAP:
            first = position - run + 1
            raise WeatherProblem(f"{name} is missing for more than {LONGEST_GAP} hours from hour {first + 1} of the year")
    good = np.flatnonzero(~bad)
    return np.interp(np.arange(len(values)), good, values[good], period=len(values)), int(bad.sum())
