"""From a path to a Site, or to every problem with it at once."""

import difflib
import hashlib
import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from ..models.catalog import Catalog, CatalogProblem, load_catalog
from ..models.money import real_rate
from ..models.units import UnitProblem
from . import series
from .checks import CHECKS
from .geography import GeographyProblem, check_boundary, distances, read_boundary
from .problems import Key, Positions, Problem, SiteProblems, dotted
from .schema import (
    Allowed,
    Asset,
    Cooling,
    Finance,
    Gas,
    Grid,
    HallKind,
    Limits,
    Location,
    Outage,
    PlanPeriod,
    Redundancy,
    SiteFile,
    Step,
    Tranche,
    Water,
    Weather,
)

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True)
class DesignConditions:
    """Temperatures (degC) exceeded in `percentile` of the hours, each with the mean of the other at that point."""

    dry_bulb: float
    coincident_wet_bulb: float
    wet_bulb: float
    coincident_dry_bulb: float
    percentile: float


@dataclass(frozen=True)
class Site:
    """A validated site: canonical floats, hourly data over (scenario, hour), design conditions, notes on what was filled or assumed."""

    path: Path
    name: str
    description: str
    location: Location
    plan: PlanPeriod
    finance: Finance
    weather: Weather
    grid: Grid
    gas: Gas | None
    water: Water
    carbon_price: float
    fleet: tuple[Tranche, ...]
    halls: tuple[HallKind, ...]
    assets: tuple[Asset, ...]
    power: Allowed
    cooling: Cooling
    redundancy: Redundancy
    outage: Outage
    limits: Limits
    catalog: Catalog
    distances: dict[str, float]
    area: float | None
    hours: "xarray.Dataset"
    design: DesignConditions
    notes: tuple[str, ...]
    inputs: dict[str, str] = field(default_factory=dict)


UNITS = {
    "dry_bulb": ("degC", "dry-bulb temperature"), "wet_bulb": ("degC", "wet-bulb temperature"), "relative_humidity": ("1", "relative humidity"),
    "pressure": ("Pa", "air pressure"), "ghi": ("W/m2", "global horizontal irradiance"), "dni": ("W/m2", "direct normal irradiance"),
    "dhi": ("W/m2", "diffuse horizontal irradiance"), "wind_speed": ("m/s", "wind speed"), "energy_price": ("USD/MWh", "price of grid energy"),
    "carbon_intensity": ("tonne_CO2e/MWh", "carbon intensity of grid energy"),
}


def load_site(path: str | Path) -> Site:
    """Read and validate a site file and everything it names. Raises SiteProblems with all that is wrong."""
    path = Path(path)
    text = _text(path)
    values, positions = _parsed(path, text), Positions(text)
    report = _Report(path, positions)
    file = _validated(values, report)
    catalog = _catalog(file, report)
    report.stop()
    for check in CHECKS:
        for key, found, mend in check(file, catalog):
            report.add("check", key, found, mend)
    hours, design, notes = _hours(file, catalog, path.parent, report)
    place = _geography(file, path.parent, report)
    report.stop()
    return _site(path, file, catalog, hours, design, notes, place)


class _Report:
    """Problems of one file, placed."""

    def __init__(self, path: Path, positions: Positions):
        self.path, self.positions, self.found = path, positions, []

    def add(self, code: str, key: Key, found: str, mend: str, title: str | None = None, at_key: bool = False) -> None:
        line, column = self.positions.of(key, at_key)
        self.found.append(Problem(code, title or found, str(self.path), line, column, dotted(key), found if title else "", mend,
                                  self.positions.line(line)))

    def stop(self) -> None:
        if self.found:
            raise SiteProblems(sorted(self.found, key=lambda problem: (problem.line, problem.column)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as reason:
        mend = "give the path of a site.toml; the examples have one each"
        raise SiteProblems([Problem("file", f"cannot read the site file: {reason.strerror}", str(path), help=mend)]) from reason
    except UnicodeDecodeError as reason:
        raise SiteProblems([Problem("file", "the site file is not UTF-8 text", str(path), help="save it as UTF-8")]) from reason


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        line, column = getattr(reason, "lineno", None), getattr(reason, "colno", None)
        if line is None:
            words = str(reason).replace(")", "").replace(",", "").split()
            line = int(words[words.index("line") + 1]) if "line" in words else text.count("\n") + 1
            column = int(words[words.index("column") + 1]) if "column" in words else 1
        line = min(line, max(1, len(text.rstrip("\n").split("\n"))))
        source = text.split("\n")[line - 1]
        raise SiteProblems([Problem("toml", "this is not TOML", str(path), line, min(column, len(source) + 1), "", str(reason),
                                    'values are key = "value", tables [name]', source)]) from reason


def _validated(values: dict[str, Any], report: _Report) -> SiteFile:
    try:
        return SiteFile.model_validate(values)
    except ValidationError as problems:
        for problem in problems.errors():
            _schema_problem(problem, report)
    report.stop()
    raise AssertionError("a validation error without errors")


def _schema_problem(problem: Any, report: _Report) -> None:
    key: Key = tuple(problem["loc"])
    context = problem.get("ctx", {})
    if problem["type"] == "unit":
        report.add(context["code"], key, f"expected a {context['expected'].removeprefix('a ')}", context["help"], title=context["found"])
    elif problem["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(key[-1]), _siblings(key), n=1)
        mend = f"did you mean {close[0]}?" if close else f"known keys here: {', '.join(sorted(_siblings(key)))}"
        report.add("key", key, "unknown key", mend, title=f'"{key[-1]}" is no key of {dotted(key[:-1]) or "a site file"}', at_key=True)
    elif problem["type"] == "missing":
        report.add("missing", key, f'"{key[-1]}" is missing from {dotted(key[:-1]) or "the site file"}', f"add {key[-1]}")
    else:
        report.add("value", key, f"{problem['msg']}; found {problem['input']!r}", "see the comments in examples/abilene/site.toml")


def _siblings(key: Key) -> list[str]:
    """Keys allowed where a key stands."""
    model: Any = SiteFile
    for part in key[:-1]:
        if isinstance(part, int) or not hasattr(model, "model_fields") or part not in model.model_fields:
            continue
        model = _inner(model.model_fields[part].annotation)
    return list(getattr(model, "model_fields", {}))


def _inner(annotation: Any) -> Any:
    for part in getattr(annotation, "__args__", ()):
        found = _inner(part)
        if hasattr(found, "model_fields"):
            return found
    return annotation


def _catalog(file: SiteFile, report: _Report) -> Catalog:
    catalog = load_catalog()
    for technology, values in file.catalog.items():
        try:
            catalog = catalog.with_overrides({technology: values})
        except CatalogProblem as problem:
            report.add("catalog", ("catalog", technology), str(problem), "see `dcplan catalog`")
        except UnitProblem as problem:
            report.add(problem.code, ("catalog", technology), f"expected {problem.expected}", problem.help, title=problem.found)
    return catalog


def _hours(file: SiteFile, catalog: Catalog, folder: Path, report: _Report):
    from .weather import WeatherProblem, read_weather

    try:
        columns, notes = read_weather(file, folder / file.weather.file)
    except FileNotFoundError:
        report.add("file", ("weather", "file"), f'there is no file "{file.weather.file}"', "give a path beside the site file")
        return None, None, []
    except WeatherProblem as problem:
        report.add("weather", ("weather", "file"), f"{file.weather.file}: {problem}", "repair the file, or use another year or source")
        return None, None, []
    try:
        columns |= _given_series(file, catalog, folder)
    except series.SeriesProblem as problem:
        report.add("series", problem.key, problem.found, problem.mend)
        return None, None, []
    return _dataset(columns, file.plan.calendar_year), _design(columns, file.weather.design_percentile), notes


def _given_series(file: SiteFile, catalog: Catalog, folder: Path) -> dict[str, np.ndarray]:
    price = series.energy_price(file.grid.price, folder, series.weekdays(file.plan.calendar_year))
    found = {"energy_price": price, "carbon_intensity": series.carbon_intensity(file.grid.carbon, folder)}
    for number, stage in enumerate(file.grid.stages):
        if not stage.firm:
            found[f"availability_{stage.name}"] = series.availability(stage, folder, price, number)
    return found | {f"utilisation_{tranche.name}": series.utilisation(tranche, catalog) for tranche in file.fleet}


def _dataset(columns: dict[str, np.ndarray], calendar_year: int) -> "xarray.Dataset":
    import xarray

    made = xarray.Dataset(
        {name: (("scenario", "hour"), values[np.newaxis, :]) for name, values in columns.items()},
        coords={"scenario": [0], "hour": np.arange(series.HOURS), "month": ("hour", series.months()),
                "hour_of_day": ("hour", series.hours_of_day()), "weekday": ("hour", series.weekdays(calendar_year))})
    for name in columns:
        units, meaning = UNITS.get(name, ("1", name.replace("_", " ")))
        made[name].attrs.update(units=units, long_name=meaning)
    return made


def _design(columns: dict[str, np.ndarray], percentile: float) -> DesignConditions:
    dry, wet = columns["dry_bulb"], columns["wet_bulb"]
    hot, humid = float(np.quantile(dry, 1 - percentile)), float(np.quantile(wet, 1 - percentile))
    return DesignConditions(hot, float(wet[np.abs(dry - hot) <= 1.0].mean()), humid, float(dry[np.abs(wet - humid) <= 1.0].mean()), percentile)


def _geography(file: SiteFile, folder: Path, report: _Report) -> tuple[float | None, dict[str, float]]:
    shape, area = None, file.location.area
    try:
        if file.location.boundary is not None:
            shape = read_boundary(folder / file.location.boundary)
            area = check_boundary(shape, file.location)
    except GeographyProblem as problem:
        report.add("map", problem.key, problem.found, problem.mend)
    return area, distances(file.location, shape)


def _site(path: Path, file: SiteFile, catalog: Catalog, hours, design, notes, place) -> Site:
    area, away = place
    plan = file.plan if file.plan.steps else file.plan.model_copy(update={"steps": _default_steps(file)})
    finance = file.finance
    if finance.rate_basis == "nominal":
        finance = finance.model_copy(update={"discount_rate": real_rate(finance.discount_rate, finance.inflation), "rate_basis": "real"})
    named = [file.weather.file, file.location.boundary, file.grid.price.table, file.grid.price.hourly, file.grid.carbon.table,
             file.grid.carbon.hourly, *(stage.availability for stage in file.grid.stages)]
    inputs = {str(name): _hash(path.parent / name) for name in named if name is not None} | {path.name: _hash(path)}
    kept = {name: getattr(file, name) for name in SiteFile.model_fields if name not in ("catalog", "plan", "finance")}
    return Site(path=path, plan=plan, finance=finance, catalog=catalog, distances=away, area=area, hours=hours, design=design,
                notes=tuple(notes), inputs=inputs, **kept)


def _default_steps(file: SiteFile) -> tuple[Step, ...]:
    """Quarters until a quarter after the last accelerators are wanted, years after."""
    last = max(wanted.by for tranche in file.fleet for wanted in tranche.wanted)
    until = date(last.year, 12, 31) + timedelta(days=0)
    return (Step(until=min(until, file.plan.end), step="quarter"), Step(until=file.plan.end, step="year"))


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
