"""The climate of the plan's years, from a weather file and what the site says of rare heat, warming and a heat wave.

One year of weather stands for all years of the plan, so warming is taken at two dates: the hours of operation at the middle of the years that are
operated (for a steady rate that is their mean), design hours at the plan's end, so that what is built early still carries the last year.

Design hours: the percentiles of the weather file; with a return period the annual extremes of dry and of wet bulb by Gumbel (models/climate.py);
with a heat wave its hottest and its most humid hour. Each has dry and wet bulb that belong together. In hours hotter or more humid than the
percentiles the loops may float to what the racks allow.

Extremes come from the site, else from single years, else (dry bulb) from the header of an EPW file, else from the weather file alone: its highest
hour stands for the mean of annual extremes and the catalogue says how they spread. A typical year holds neither, and its highest hour is often
milder than the mean: such a design hour is a guess, and the site's notes say so.
"""

import csv
import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..models.catalog import Catalog
from ..models.climate import hottest_days, humidity_of, moments, return_value, warmed
from .schema import SiteFile
from .site import DesignConditions, DesignPoint
from .weather import calendar_hour

Columns = dict[str, np.ndarray]
NEAR = 1.0  # K: hours that near a design value tell what the other bulb is there
FEW_YEARS = 8
HEADER_MEAN, HEADER_DEVIATION = 6, 8  # fields of an EPW header after "Extremes": mean and standard deviation of the annual highest dry bulb


@dataclass(frozen=True)
class Spread:
    """Mean and standard deviation of annual maxima, and where they come from."""

    mean: float
    deviation: float
    source: str


@dataclass(frozen=True)
class Weather:
    """A weather file as read, the annual maxima of single years (by variable), and its own extremes where its header says them."""

    columns: Columns
    maxima: dict[str, list[float]]
    header: Spread | None


def header_extremes(path: Path) -> Spread | None:
    """Annual extremes of dry bulb by the DESIGN CONDITIONS of an EPW file; None where there are none."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    rows = list(csv.reader(io.StringIO(raw[:20000].decode("latin-1"))))
    fields = next((row for row in rows[:8] if row and row[0] == "DESIGN CONDITIONS"), [])
    if "Extremes" not in fields:
        return None
    place = fields.index("Extremes")
    try:
        return Spread(float(fields[place + HEADER_MEAN]), float(fields[place + HEADER_DEVIATION]), f"the file's header ({fields[2]})")
    except (ValueError, IndexError):
        return None


def applied(file: SiteFile, catalog: Catalog, weather: Weather) -> tuple[Columns, DesignConditions, list[str]]:
    """Hours of operation, design conditions and notes. `weather.columns` stays as it is."""
    raw, last = weather.columns, offset_in(file, float(file.plan.end.year))
    middle = (first_year(file) + file.plan.end.year) / 2
    warm = _warmed_year(raw, offset_in(file, middle), file.climate.humidity)
    at_end = _warmed_year(raw, last, file.climate.humidity)
    usual = percentiles(raw, file.weather.design_percentile)
    further = [*_rare(file, catalog, weather, usual), *_waves(file, at_end)]
    pressure, kept = float(raw["pressure"].mean()), file.climate.humidity
    points = {one.name: one if one.name.startswith("heat wave") else _point(one, pressure, last, kept) for one in (*usual, *further)}
    hot, humid = (points[one.name] for one in usual)
    design = DesignConditions(hot.dry_bulb, hot.wet_bulb, humid.wet_bulb, humid.dry_bulb, file.weather.design_percentile,
                              tuple(points[one.name] for one in further))
    return _with_wave(file, warm), design, _notes(file, catalog, weather, middle)


def offset_in(file: SiteFile, year: float) -> float:
    """How much warmer a year is than the weather file, K; outside the years given the nearest holds."""
    given = file.climate
    if given.offsets:
        return float(np.interp(year, [one.year for one in given.offsets], [one.offset for one in given.offsets]))
    return given.warming * max(0.0, year - given.since) if given.warming is not None and given.since is not None else 0.0


def first_year(file: SiteFile) -> float:
    """The year in which the first accelerators are wanted, within the plan."""
    first = min((step.by.year for tranche in file.fleet for step in tranche.wanted), default=file.plan.start.year)
    return float(min(max(first, file.plan.start.year), file.plan.end.year))


def percentiles(columns: Columns, percentile: float) -> tuple[DesignPoint, DesignPoint]:
    """Dry bulb, and wet bulb, exceeded in a share of the hours, each with the mean of the other at that point."""
    dry, wet = columns["dry_bulb"], columns["wet_bulb"]
    hot, humid = float(np.quantile(dry, 1 - percentile)), float(np.quantile(wet, 1 - percentile))
    return (DesignPoint("hot", hot, float(wet[np.abs(dry - hot) <= NEAR].mean())),
            DesignPoint("humid", float(dry[np.abs(wet - humid) <= NEAR].mean()), humid))


def _point(point: DesignPoint, pressure: float, offset: float, kept: str) -> DesignPoint:
    dry, wet = warmed(point.dry_bulb, point.wet_bulb, pressure, offset, kept)
    return DesignPoint(point.name, float(dry), float(wet))


def _warmed_year(columns: Columns, offset: float | np.ndarray, kept: str) -> Columns:
    """The columns with the hours that an offset (K, one number or one an hour) warms."""
    dry, wet, offsets = columns["dry_bulb"].copy(), columns["wet_bulb"].copy(), np.broadcast_to(offset, columns["dry_bulb"].shape)
    hours = np.flatnonzero(offsets)
    if not len(hours):
        return columns
    dry[hours], wet[hours] = warmed(dry[hours], wet[hours], columns["pressure"][hours], offsets[hours], kept)
    return columns | {"dry_bulb": dry, "wet_bulb": wet, "relative_humidity": humidity_of(dry, wet, columns["pressure"])}


def spread(file: SiteFile, catalog: Catalog, weather: Weather, variable: str) -> Spread:
    """Annual maxima of a variable, by the best source there is."""
    given = getattr(file.climate, variable)
    if given is not None:
        return Spread(given.mean, given.standard_deviation, "the site file")
    if weather.maxima:
        return Spread(*moments(weather.maxima[variable]), f"{len(weather.maxima[variable])} years")
    if variable == "dry_bulb" and weather.header is not None:
        return weather.header
    deviation = catalog.number("climate", f"{variable}_maximum_deviation", "delta_degC")
    return Spread(float(weather.columns[variable].max()), deviation, "the weather file alone")


def _rare(file: SiteFile, catalog: Catalog, weather: Weather, usual: tuple[DesignPoint, DesignPoint]) -> list[DesignPoint]:
    """The extremes of the return period, at least the percentiles: the other bulb as at the percentile, the humidity of the air kept."""
    years = file.climate.return_period
    if years is None:
        return []
    hot, humid = usual
    value = {name: float(return_value(one.mean, one.deviation, years))
             for name in ("dry_bulb", "wet_bulb") for one in [spread(file, catalog, weather, name)]}
    pressure, rise = float(weather.columns["pressure"].mean()), max(0.0, value["wet_bulb"] - humid.wet_bulb)
    return [_point(DesignPoint("rare heat", hot.dry_bulb, hot.wet_bulb), pressure, max(0.0, value["dry_bulb"] - hot.dry_bulb), "absolute"),
            DesignPoint("rare humidity", humid.dry_bulb + rise, humid.wet_bulb + rise)]


def _with_wave(file: SiteFile, columns: Columns) -> Columns:
    """The year with its heat wave: the hottest days of the year, hotter still."""
    wave = file.climate.heat_wave
    if wave is None:
        return columns
    offset = np.zeros(len(columns["dry_bulb"]))
    offset[hottest_days(columns["dry_bulb"], wave.days)] = wave.offset
    return _warmed_year(columns, offset, wave.humidity)


def _waves(file: SiteFile, columns: Columns) -> list[DesignPoint]:
    """The hottest and the most humid hour of the heat wave."""
    if file.climate.heat_wave is None:
        return []
    hours, year = hottest_days(columns["dry_bulb"], file.climate.heat_wave.days), _with_wave(file, columns)
    dry, wet = year["dry_bulb"][hours], year["wet_bulb"][hours]
    return [DesignPoint(f"heat wave, {name}", float(dry[place]), float(wet[place]))
            for name, place in (("hottest hour", int(dry.argmax())), ("most humid hour", int(wet.argmax())))]


def _notes(file: SiteFile, catalog: Catalog, weather: Weather, middle: float) -> list[str]:
    makers: tuple[Callable[..., list[str]], ...] = (_warming_note, _rare_notes, _wave_note)
    return [note for make in makers for note in make(file, catalog, weather, middle)]


def _warming_note(file: SiteFile, catalog: Catalog, weather: Weather, middle: float) -> list[str]:
    now, last = offset_in(file, middle), offset_in(file, float(file.plan.end.year))
    if not last:
        return []
    return [f"warming: hours of operation are {now:.2f} K warmer than the weather file ({middle:g}, the middle of operation), design hours "
            f"{last:.2f} K ({file.plan.end.year}); {file.climate.humidity} humidity is kept"]


def _rare_notes(file: SiteFile, catalog: Catalog, weather: Weather, middle: float) -> list[str]:
    years = file.climate.return_period
    found = []
    for variable in ("dry_bulb", "wet_bulb") if years is not None else ():
        one = spread(file, catalog, weather, variable)
        value = return_value(one.mean, one.deviation, years)
        found.append(f"{variable.replace('_', ' ')} exceeded once in {years:g} years: {value:.1f} degC, by Gumbel from annual extremes of "
                     f"{one.mean:.1f} degC with a standard deviation of {one.deviation:.1f} K ({one.source}){_doubt(one, weather)}")
    return found


def _doubt(one: Spread, weather: Weather) -> str:
    if one.source == "the weather file alone":
        return ": one year does not tell how extremes spread, and a typical year leaves them out; give climate.dry_bulb, climate.wet_bulb or climate.years"
    few = one.source.endswith(" years") and 0 < len(weather.maxima["dry_bulb"]) < FEW_YEARS
    return f": fewer than {FEW_YEARS} years say little of rare heat" if few else ""


def _wave_note(file: SiteFile, catalog: Catalog, weather: Weather, middle: float) -> list[str]:
    wave = file.climate.heat_wave
    if wave is None:
        return []
    first = int(hottest_days(weather.columns["dry_bulb"], wave.days)[0])
    return [f"heat wave: {wave.days} days from {calendar_hour(first)}, the hottest of the year, are {wave.offset:g} K hotter; {wave.humidity} humidity "
            "is kept"]
