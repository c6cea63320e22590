"""From a path to a Site, or to every problem with it at once."""

import contextlib
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from ..models.catalog import Catalog
from ..models.money import real_rate
from . import series
from .budget_notes import budget_notes
from .checks import CHECKS, check_code
from .clocks import clock_problems
from .doubts import hall_notes, place_notes
from .envelope import loop_notes
from .firm import firm_notes
from .geography import GeographyProblem, check_boundary, distances, read_boundary
from .hourly_csv import Table
from .hourly_files import Files
from .keys import path_values
from .layers import Source, read_what_there_is
from .named import named_year
from .overrides import site_catalog
from .packaged import located, looked_for
from .parse import report_all, validate
from .power import power_notes
from .price_notes import price_notes
from .problems import Problem, Report, SiteProblems
from .reliability_checks import redundancy_notes
from .schema import Finance, PlanPeriod, SiteFile, Step
from .site import DesignConditions, Site
from .stand_in import beyond, of_one_kind, stood_in
from .weather_checks import check_weather
from .weather_keys import Given, given_years
from .weather_years import Read, all_notes, together, worst
from .wind import hub_wind

Columns = dict[str, np.ndarray]


@dataclass(frozen=True)
class Named:
    """What is in the files that a site names, and what is wrong with it."""

    weather: list[Read]
    years: dict[str, list[float]]
    given: Columns
    area: float | None
    away: dict[str, float]
    found: list[Problem]


def load_site(path: str | Path, overrides: Sequence[str] = (), scenario: str | None = None) -> Site:
    """Read and validate a site file and everything it names. Raises SiteProblems with all that is wrong.

    `scenario` is one of the file's [scenario.NAME] tables, `overrides` are texts KEY=VALUE; both are laid over the file (sites/layers.py).
    """
    path = Path(path)
    source, unplaced = read_what_there_is(path, overrides, scenario)
    report = Report(source.merged.place, source.order)
    report.found += [*unplaced, *_in_scenarios(source)]
    files, errors = _validated(source, report)
    file, unread = files[0], len(report.found)
    catalog = site_catalog(file.costs, file.catalog, report)
    for code, key, found, mend in _in_all(files, catalog):
        report.add(code, key, found, mend)
    tables: dict[Path, Table] = {}
    named = [_named(one, catalog, Files(path.parent, one.location.utc_offset, tables), Report(source.merged.place, source.order)) for one in files]
    report.found += [one for one in named[0].found if all(one in other.found for other in named)]
    report.found[unread:] = beyond(report.found[unread:], of_one_kind(errors))
    if report.found:
        raise SiteProblems(report.in_file_order())
    weather, years, given, area, away = named[0].weather, named[0].years, named[0].given, named[0].area, named[0].away
    climates = [_climate(file, catalog, path.parent, year, years) for year in weather]
    notes = [*all_notes(weather, [year.notes for year in weather]), *power_notes(file, catalog), *all_notes(weather, [one[2] for one in climates]),
             *place_notes(file, path.parent), *hall_notes(file, catalog, area), *loop_notes(file, catalog),
             *redundancy_notes(file, catalog), *firm_notes(file, catalog, _plan(file), float(np.max(given.get("facility_load", 0.0)))),
             *budget_notes(file, catalog, _plan(file), given), *price_notes(file, source.merged.values, given),
             *(note for table in tables.values() for note in table.notes.values())]
    hours = together([one[0] for one in climates], given)
    asked = {"overrides": tuple(overrides), "scenario": scenario, "inputs": _inputs(path, source)}
    return _site(path, file, catalog, hours, worst([one[1] for one in climates]), notes, area, away, asked)


def _validated(source: Source, report: Report) -> tuple[list[SiteFile], list[Any]]:
    """The tables as types, and what of them did not read, which is reported: then with each set of values that stand in for it (sites/stand_in.py), so
    that all else is looked at, too. Raises SiteProblems where nothing can."""
    try:
        return [SiteFile.model_validate(source.merged.values)], []
    except ValidationError as problems:
        errors = problems.errors()
        report_all(errors, report)
        files = stood_in(source.merged.values, errors)
        if not files:
            raise SiteProblems(report.in_file_order()) from problems
        return files, errors


def _in_all(files: list[SiteFile], catalog: Catalog) -> list[tuple]:
    """What the checks across keys find in every one of these, with the code of the check."""
    found = [[(check_code(check), *finding) for check in CHECKS for finding in check(file, catalog)] for file in files]
    return [one for one in found[0] if all(one in other for other in found[1:])]


def _named(file: SiteFile, catalog: Catalog, tables: Files, report: Report) -> Named:
    """Weather, series and maps."""
    folder = tables.folder
    return Named(_weather(file, catalog, tables, report), _years(file, folder, report), _given_series(file, catalog, tables, report),
                 *_geography(file, folder, report), report.found)


def _in_scenarios(source: Source) -> list[Problem]:
    """What does not read in the tables of scenarios that are not chosen."""
    found: list[Problem] = []
    for merged in source.others:
        report = Report(merged.place, source.order)
        with contextlib.suppress(SiteProblems):
            validate(merged.values, report)
        found += [problem for problem in report.found if source.is_in_scenario(problem) and problem not in found]
    return found


def _weather(file: SiteFile, catalog: Catalog, tables: Files, report: Report) -> list[Read]:
    """Every weather year; none where the site does not say where its weather comes from."""
    if any(check_weather(file, catalog)):
        return []
    read = [Read(year, *(named_year(file) if year.file is None else _read(file, tables.folder, year.file, year.key, report, year.format)))
            for year in given_years(file.weather)]
    return [replace(one, columns=one.columns | _hub_wind(file, tables, one.given, report)) for one in read]


def _hub_wind(file: SiteFile, tables: Files, year: Given, report: Report) -> Columns:
    """Wind at the height that [wind] states, where the site knows it."""
    try:
        values = hub_wind(file, tables, year.wind, year.key)
    except series.SeriesProblem as problem:
        report.add("series", problem.key, problem.found, problem.mend)
        return {}
    return {} if values is None else {"hub_wind_speed": values}


def _read(file: SiteFile, folder: Path, name: Path, key: tuple, report: Report, form: str | None = None) -> tuple[Columns, list[str]]:
    from .weather import WeatherProblem, read_weather

    try:
        return read_weather(file, located(folder, name), form)
    except FileNotFoundError:
        report.add("file", key, f'there is no file "{name}"', looked_for(located(folder, name)))
    except (OSError, EOFError) as reason:
        report.add("file", key, f'"{name}" cannot be read: {getattr(reason, "strerror", None) or reason}', looked_for(located(folder, name)))
    except WeatherProblem as problem:
        report.add("weather", key, f"{name}: {problem}", "repair the file, or use another year or source")
    except series.SeriesProblem as problem:
        report.add("weather", key if "climate" in key or "file" in problem.key else problem.key, problem.found, problem.mend)
    return {}, []


def _years(file: SiteFile, folder: Path, report: Report) -> dict[str, list[float]]:
    """Highest dry and wet bulb of each single year that the climate names; nothing where check_weather has found that they have no form."""
    if file.weather.format is None:
        return {}
    read = [_read(file, folder, name, ("climate", "years", number), report)[0] for number, name in enumerate(file.climate.years)]
    return {name: [float(columns[name].max()) for columns in read if columns] for name in ("dry_bulb", "wet_bulb")} if read else {}


def _climate(file: SiteFile, catalog: Catalog, folder: Path, year: Read, maxima: dict[str, list[float]]):
    from .climate import Weather, applied, header_extremes

    epw = year.given.file if year.given.format == "epw" else None
    header = None if epw is None else header_extremes(located(folder, epw))
    return applied(file, catalog, Weather(year.columns, maxima, header))


def _given_series(file: SiteFile, catalog: Catalog, tables: Files, report: Report) -> Columns:
    """Prices, carbon, availability and utilisation by hour; a series that cannot be used is reported and left out."""
    found: Columns = {}
    weekday = series.weekdays(file.plan.calendar_year)

    def add(name: str, make, *arguments) -> None:
        try:
            found[name] = make(*arguments)
        except series.SeriesProblem as problem:
            report.add("series", problem.key, problem.found, problem.mend)

    add("energy_price", series.energy_price, file.grid.price, tables, weekday)
    add("carbon_intensity", series.carbon_intensity, file.grid.carbon, tables)
    price = found.get("energy_price", np.zeros(series.HOURS))
    for number, stage in enumerate(file.grid.stages):
        if not stage.firm:
            add(f"availability_{stage.name}", series.availability, stage, tables, price, number)
    if file.load is not None:
        add("facility_load", series.facility_load, file.load, tables)
        if "facility_load" in found:
            found["utilisation_facility"] = found["facility_load"] / found["facility_load"].max()
    if file.heat_network is not None:
        add("heat_price", series.heat_price, file.heat_network)
        add("heat_demand", series.heat_demand, file.heat_network, tables)
    for problem in clock_problems(file, tables):
        report.add("series", problem.key, problem.found, problem.mend)
    return found | {f"utilisation_{tranche.name}": series.utilisation(tranche, catalog) for tranche in file.fleet}


def _geography(file: SiteFile, folder: Path, report: Report) -> tuple[float | None, dict[str, float]]:
    shape, area = None, file.location.area
    try:
        if file.location.boundary is not None:
            shape = read_boundary(folder / file.location.boundary)
            area = check_boundary(shape, file.location)
    except GeographyProblem as problem:
        report.add("map", problem.key, problem.found, problem.mend)
    return area, distances(file.location, shape)


def _site(path: Path, file: SiteFile, catalog: Catalog, hours: Columns, design: DesignConditions, notes: list[str],
          area: float | None, away: dict[str, float], asked: dict[str, Any]) -> Site:
    kept = {name: getattr(file, name) for name in SiteFile.model_fields if name not in ("catalog", "plan", "finance")}
    return Site(path=path, plan=_plan(file), finance=_real(file.finance), catalog=catalog, distances=away, area=area,
                columns=hours, design=design, notes=tuple(notes), **asked, **kept)


def _plan(file: SiteFile) -> PlanPeriod:
    """With steps: where the file gives none, quarters to the end of the year in which the last accelerators are wanted, years after."""
    if file.plan.steps:
        return file.plan
    last = max((wanted.by for tranche in file.fleet for wanted in tranche.wanted), default=file.plan.start)
    steps = (Step(until=min(date(last.year, 12, 31), file.plan.end), step="quarter"), Step(until=file.plan.end, step="year"))
    return file.plan.model_copy(update={"steps": steps})


def _real(finance: Finance) -> Finance:
    if finance.rate_basis == "real":
        return finance
    return finance.model_copy(update={"discount_rate": real_rate(finance.discount_rate, finance.inflation), "rate_basis": "real"})


def _inputs(path: Path, source: Source) -> dict[str, str]:
    """SHA-256 of the site file, of those it extends, and of every file that is named."""
    named = [text for _, text in path_values(source.merged.values)]
    bases = [os.path.relpath(file.path, path.parent) for file in source.files[1:]]
    found = {str(Path(name)): located(path.parent, name) for name in (*named, *bases)}
    return {name: _hash(file) for name, file in found.items() if file.is_file()} | {path.name: _hash(path)}


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
