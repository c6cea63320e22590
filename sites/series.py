"""Hourly series that a site gives: prices, carbon, availability, utilisation, on the model calendar."""

import datetime
from pathlib import Path

import numpy as np

from ..models.catalog import Catalog
from ..models.horizon import MONTH_DAYS
from ..models.units import UnitProblem, kind, parse
from .decimal_marks import as_numbers
from .energy import CarbonIntensity, EnergyPrice, Stage, Window
from .fleet import Tranche, Utilisation
from .headings import check_heading
from .heat import HeatNetwork
from .hourly_csv import Sense, SeriesProblem, Table, without_leap_day
from .hourly_files import Files
from .measured import Load

Columned = EnergyPrice | CarbonIntensity | Load  # a file with its column and unit
HOURS = 8760
ANY = Sense()
DRAWN = Sense(0.0, wrong="MW", mend="every row needs the power that is drawn, 0 or more")
SHARE = Sense(0.0, 1.0, "is no share", "every row needs a share of the capacity, 0 to 1")
TAKEN = Sense(0.0, wrong="MW is below 0", mend="every row needs the most that the network takes, 0 or more", unit="MW")
FORMS = {("grid", "price"): "flat, time_of_use, table, hourly", ("grid", "carbon"): "flat, table, hourly"}


def months() -> np.ndarray:
    """Month (1 to 12) of every model hour."""
    return np.repeat(np.arange(1, 13), np.array(MONTH_DAYS) * 24)


def hours_of_day() -> np.ndarray:
    """Hour of the day (0 to 23) of every model hour."""
    return np.tile(np.arange(24), HOURS // 24)


def weekdays(year: int) -> np.ndarray:
    """1 on Monday to Friday of the stated calendar year, 29 February left out."""
    days = [datetime.date(year, month, day) for month, count in enumerate(MONTH_DAYS, 1) for day in range(1, count + 1)]
    return np.repeat([1.0 if day.weekday() < 5 else 0.0 for day in days], 24)


def energy_price(price: EnergyPrice, files: Files, weekday: np.ndarray) -> np.ndarray:
    """USD/MWh by hour: the one form given, plus the adder."""
    key = ("grid", "price")
    others = [form for form in (price.flat, price.table, price.hourly) if form is not None]
    if price.time_of_use is None:
        return _one_form(price, "USD/MWh", files, key) + price.adder
    if others:
        raise SeriesProblem(key, f"{len(others) + 1} forms are given", f"give exactly one of {FORMS[key]}")
    return _time_of_use(price.time_of_use, weekday) + price.adder


def _time_of_use(windows: tuple[Window, ...], weekday: np.ndarray) -> np.ndarray:
    """Price by hour; where windows overlap the later one holds."""
    values = np.full(HOURS, np.nan)
    for window in windows:
        inside = np.isin(months(), window.months) & np.isin(hours_of_day(), window.hours) & ((weekday > 0) | (not window.weekdays_only))
        values[inside] = window.price
    if np.isnan(values).any():
        raise SeriesProblem(("grid", "price", "time_of_use"), f"{int(np.isnan(values).sum())} hours of the year lie in no window",
                            "add a first window without months and hours as the base price")
    return values


def carbon_intensity(carbon: CarbonIntensity, files: Files) -> np.ndarray:
    """tonne_CO2e/MWh by hour; zero where the site says nothing."""
    if carbon.flat is None and carbon.table is None and carbon.hourly is None:
        return np.zeros(HOURS)
    return _one_form(carbon, "tonne_CO2e/MWh", files, ("grid", "carbon"))


def _one_form(given: EnergyPrice | CarbonIntensity, unit: str, files: Files, key: tuple) -> np.ndarray:
    forms = [form for form in (given.flat, given.table, given.hourly) if form is not None]
    if len(forms) != 1:
        raise SeriesProblem(key, f"{len(forms)} forms are given", f"give exactly one of {FORMS[key]}")
    if given.hourly is not None:
        return _hourly_in(unit, given.hourly, given, files, (*key, "hourly"))
    if given.table is not None:
        return _by_month_and_hour(unit, given.table, given, files, (*key, "table"))[months() - 1, hours_of_day()]
    return np.full(HOURS, given.flat)


def _factor(written: str, unit: str, key: tuple) -> float:
    try:
        return parse(f"1 {written}", unit)
    except UnitProblem as problem:
        mend = problem.help if problem.code == "money" else f'write for example "{unit}"'
        raise SeriesProblem((*key, "unit"), f'"{written}" is no unit of a {kind(unit)}', mend) from problem


def _by_month_and_hour(unit: str, path: Path, given: Columned, files: Files, key: tuple) -> np.ndarray:
    """(12, 24) in `unit` by month and hour of the day, placed by the file's own columns `month` (1 to 12) and `hour...` (0 to 23)."""
    table = files.table(path, key, 288)
    hour = next((name for name in table.columns if name.startswith("hour")), "hour")
    place = (_column(table, "month", key) - 1) * 24 + _column(table, hour, key)
    if sorted(place) != list(range(288)):
        raise SeriesProblem(key, f'"{table.name}" does not give every month and hour once', "expected months 1 to 12, each with hours 0 to 23")
    return _converted(table, given, unit, key)[np.argsort(place)].reshape(12, 24)


def hourly_column(path: Path, column: str | None, files: Files, key: tuple, sense: Sense) -> np.ndarray:
    """A column of 8760 rows in local standard time (8784 without 29 February); the last one where none is named."""
    table = files.hourly(path, key)
    values = _chosen(table, column, key)
    if sense.unit is not None:
        check_heading(column or table.columns[-1], table.name, sense.unit, sense.unit, key)
    _check_sense(table, values, sense, key)
    return without_leap_day(values)


def _check_sense(table: Table, values: np.ndarray, sense: Sense, key: tuple) -> None:
    wrong = np.flatnonzero((values < sense.least) | (values > sense.most))
    if len(wrong):
        raise SeriesProblem(key, f'"{table.name}" line {table.rows[wrong[0]].line}: {values[wrong[0]]:g} {sense.wrong}', sense.mend)


def _chosen(table: Table, column: str | None, key: tuple) -> np.ndarray:
    """The column that is named, else the last one; where that holds no numbers it may be another that is meant."""
    try:
        return _column(table, column or table.columns[-1], key)
    except SeriesProblem as problem:
        if column is None and len(table.columns) > 1:
            problem.mend += f"; no column is named, so it is the last that is read, of {', '.join(table.columns)}"
        raise


def _hourly_in(unit: str, path: Path, given: Columned, files: Files, key: tuple, sense: Sense = ANY) -> np.ndarray:
    """A column in `unit` by hour. `key` is that of the file."""
    table = files.hourly(path, key)
    values = _converted(table, given, unit, key)
    _check_sense(table, values, sense, key)
    return without_leap_day(values)


def _converted(table: Table, given: Columned, unit: str, key: tuple) -> np.ndarray:
    """A column in `unit`, of a file whose unit is given, and which its name must not contradict. `key` is that of the file."""
    values = _chosen(table, given.column, key) * _factor(given.unit, unit, key[:-1])
    check_heading(given.column or table.columns[-1], table.name, given.unit, unit, (*key[:-1], "unit"))
    return values


def _column(table: Table, name: str, key: tuple) -> np.ndarray:
    return table.numbers(name, key, lambda cell, line: _cell(cell, table.name, line, key))


def _cell(text: str, file: str, line: int, key: tuple) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise SeriesProblem(key, f'"{file}" line {line}: "{text}" is not a number', f"every row needs a number, {as_numbers(text)}")
    return value


def facility_load(load: Load, files: Files) -> np.ndarray:
    """MW by hour. Negative hours and a load that is nothing are refused."""
    values = _hourly_in("MW", load.file, load, files, ("load", "file"), DRAWN)
    if values.max() <= 0:
        raise SeriesProblem(("load", "file"), f'"{load.file.name}" nothing is drawn in any hour', DRAWN.mend)
    return values


def availability(stage: Stage, files: Files, price: np.ndarray, number: int) -> np.ndarray:
    """Share of a non-firm stage's capacity by hour: the file given, else nothing in the dearest hours."""
    if stage.availability is not None:
        return hourly_column(stage.availability, None, files, ("grid", "stages", number, "availability"), SHARE)
    values = np.ones(HOURS)
    values[np.argsort(-price, kind="stable")[: round(stage.unavailable_hours or 0.0)]] = 0.0
    return values


def utilisation(tranche: Tranche, catalog: Catalog) -> np.ndarray:
    """Power over peak power by hour. Without a profile: training is flat at the catalogue's share, inference follows the day around its mean."""
    given = tranche.utilisation or Utilisation()
    if given.daily is not None:
        return np.tile(np.array(given.daily), HOURS // 24)
    if given.flat is not None:
        return np.full(HOURS, given.flat)
    if tranche.workload == "training":
        return np.full(HOURS, catalog.number("workload.training", "utilisation", "1"))
    ratio, idle = catalog.number("workload.inference", "peak_to_mean", "1"), catalog.number("workload.inference", "idle_share", "1")
    wave = 1 + (ratio - 1) * np.cos((hours_of_day() - 20) / 24 * 2 * np.pi)
    return idle + (1 - idle) * np.clip(wave / ratio, 0.0, 1.0)


def heat_price(network: HeatNetwork) -> np.ndarray:
    """USD/MWh of heat by hour."""
    return np.full(HOURS, network.price) if network.price_by_month is None else np.array(network.price_by_month)[months() - 1]


def heat_demand(network: HeatNetwork, files: Files) -> np.ndarray:
    """Most MW of heat that the network takes by hour."""
    most = np.full(HOURS, network.most)
    if network.by_month is not None:
        most = np.minimum(most, np.array(network.by_month)[months() - 1])
    if network.hourly is None:
        return most
    given = hourly_column(network.hourly, network.column, files, ("heat_network", "hourly"), TAKEN)
    return np.minimum(most, given)
