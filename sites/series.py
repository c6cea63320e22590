"""Hourly series that a site gives: prices, carbon, availability, utilisation, on the model calendar."""

import csv
import datetime
from pathlib import Path

import numpy as np

from ..models.catalog import Catalog
from ..models.horizon import MONTH_DAYS
from ..models.units import parse
from .schema import CarbonIntensity, EnergyPrice, Stage, Tranche, Utilisation

HOURS = 8760


class SeriesProblem(ValueError):
    """Why a series cannot be used: key of the site file, what was found, what was expected."""

    def __init__(self, key: tuple, found: str, mend: str):
        super().__init__(found)
        self.key, self.found, self.mend = key, found, mend


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


def energy_price(price: EnergyPrice, folder: Path, weekday: np.ndarray) -> np.ndarray:
    """USD/MWh by hour: the one form given, plus the adder."""
    if price.time_of_use is not None:
        values = np.full(HOURS, np.nan)
        for window in price.time_of_use:
            inside = np.isin(months(), window.months) & np.isin(hours_of_day(), window.hours) & ((weekday > 0) | (not window.weekdays_only))
            values[inside] = window.price
        if np.isnan(values).any():
            raise SeriesProblem(("grid", "price", "time_of_use"), f"{int(np.isnan(values).sum())} hours of the year lie in no window",
                                "add a first window without months and hours as the base price")
    else:
        values = _one_form(price.flat, price.table, price.hourly, price.column, price.unit, "USD/MWh", folder, ("grid", "price"))
    return values + price.adder


def carbon_intensity(carbon: CarbonIntensity, folder: Path) -> np.ndarray:
    """tonne_CO2e/MWh by hour; zero where the site says nothing."""
    if carbon.flat is None and carbon.table is None and carbon.hourly is None:
        return np.zeros(HOURS)
    return _one_form(carbon.flat, carbon.table, carbon.hourly, carbon.column, carbon.unit, "tonne_CO2e/MWh", folder, ("grid", "carbon"))


def _one_form(flat, table, hourly, column, written: str, unit: str, folder: Path, key: tuple) -> np.ndarray:
    given = [form for form in (flat, table, hourly) if form is not None]
    if len(given) != 1:
        raise SeriesProblem(key, f"{len(given)} forms are given", "give exactly one of flat, time_of_use, table, hourly")
    if flat is not None:
        return np.full(HOURS, flat)
    factor = parse(f"1 {written}", unit)
    if table is not None:
        rows = _read(folder / table, column, (*key, "table"), 288)
        return rows.reshape(12, 24)[months() - 1, hours_of_day()] * factor
    return _read(folder / hourly, column, (*key, "hourly"), HOURS) * factor


def _read(path: Path, column: str | None, key: tuple, count: int) -> np.ndarray:
    """A column of a CSV with a header; the last one where none is named."""
    if not path.is_file():
        raise SeriesProblem(key, f'there is no file "{path}"', "give a path beside the site file")
    with path.open(newline="", encoding="utf-8") as handle:
        table = list(csv.DictReader(handle))
    name = column or (list(table[0])[-1] if table else "")
    if not table or name not in table[0]:
        raise SeriesProblem(key, f'"{path.name}" has no column "{name}"', f"columns are: {', '.join(table[0]) if table else 'none'}")
    if len(table) != count:
        raise SeriesProblem(key, f'"{path.name}" has {len(table):,} rows', f"expected {count:,}")
    return np.array([_cell(row[name], path, line, key) for line, row in enumerate(table, start=2)])


def _cell(text: str, path: Path, line: int, key: tuple) -> float:
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = float("nan")
    if not np.isfinite(value):
        raise SeriesProblem(key, f'"{path.name}" line {line}: "{text}" is not a number', "every row needs a number")
    return value


def availability(stage: Stage, folder: Path, price: np.ndarray, number: int) -> np.ndarray:
    """Share of a non-firm stage's capacity by hour: the file given, else nothing in the dearest hours."""
    if stage.availability is not None:
        return np.clip(_read(folder / stage.availability, None, ("grid", "stages", number, "availability"), HOURS), 0.0, 1.0)
    if stage.unavailable_hours is None:
        raise SeriesProblem(("grid", "stages", number), "a stage that is not firm says nothing of when it is unavailable",
                            'give availability = "file.csv" or unavailable_hours = "100 hour"')
    values = np.ones(HOURS)
    values[np.argsort(-price, kind="stable")[: round(stage.unavailable_hours)]] = 0.0
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
