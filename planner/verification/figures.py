"""Figures of phases.csv against the hourly arrays: peaks, energy, water, carbon, PUE and WUE, fleet and lateness."""

from collections.abc import Callable

import numpy as np

from .balances import drawn, gas, stages, total
from .finding import SUMS, Finding, difference, worst
from .ledgers import summed
from .money import late_hours, operation
from .reading import Reading
from .stock import accelerators
from .things import racks

SINGLE = 1e-5


def figures(reading: Reading) -> list[Finding]:
    """Every column of the phases table that can be recomputed: the worst of them."""
    return worst([found for name, (unit, make) in COLUMNS.items() for found in _column(reading, name, unit, make(reading))])


def _column(reading: Reading, name: str, unit: str, own: np.ndarray) -> list[Finding]:
    return [difference("phases table", f"{name}, {step.name}", float(row[name]) if row.get(name) else None, float(np.nan_to_num(value)), unit,
                       SINGLE, SUMS.get(unit, SINGLE)) for row, step, value in zip(reading.table, reading.steps, own, strict=True)]


def of_years(reading: Reading) -> list[Finding]:
    """The figures of a weather year by phase: the worst of them. None where there is one year."""
    stated = {name: reading.data[f"scenario_{name}"].values for name in COLUMNS if f"scenario_{name}" in reading.data}
    found = [difference("weather year", f"{name}, {step.name}{reading.in_weather}", float(value),
                        float(np.nan_to_num(own)), COLUMNS[name][0], SINGLE, SUMS.get(COLUMNS[name][0], SINGLE))
             for name, values in stated.items() for value, own, step in zip(values, COLUMNS[name][1](reading), reading.steps, strict=True)]
    return worst([*found, *_operating_cost(reading)])


def _operating_cost(reading: Reading) -> list[Finding]:
    """That of a weather year against the summary."""
    if not reading.site.weather_years:
        return []
    costs = {row.get("weather_year"): row.get("cost_operation_usd") for row in reading.summary.get("weather_years", [])}
    stated = costs.get(reading.site.weather_years[reading.scenario])
    return [difference("weather year", f"cost of operation{reading.in_weather}", stated, operation(reading), "USD", SINGLE, 1.0)]


def _largest(make: Callable[[Reading], np.ndarray]) -> Callable[[Reading], np.ndarray]:
    """Of an hourly figure the highest hour of all weather years, by phase."""
    return lambda reading: np.max([make(year).max(axis=1) for year in reading.years], axis=0)


def _sum(make: Callable[[Reading], np.ndarray]) -> Callable[[Reading], np.ndarray]:
    """Of an hourly figure the sum by phase, expected over the weather years."""
    return lambda reading: reading.expected(lambda year: make(year).sum(axis=1))


def it_load(reading: Reading) -> np.ndarray:
    """MW of IT by phase and hour."""
    return total(reading, [rack.name for rack in racks(reading.site)], "load")


def facility(reading: Reading) -> np.ndarray:
    """MW used on the campus bus, and losses of the substations."""
    return drawn(reading) + total(reading, stages(reading), "loss")


def _quotient(over: np.ndarray, under: np.ndarray) -> np.ndarray:
    return np.divide(over, under, out=np.full_like(over, np.nan), where=under > 0)


def _wanted(reading: Reading) -> np.ndarray:
    return sum((np.array([max((one.count for one in tranche.wanted if one.by < step.end), default=0.0) for step in reading.steps])
                for tranche in reading.site.fleet), reading.no_phases)


def _late(reading: Reading) -> np.ndarray:
    months = np.array([len(step.months) / step.hours for step in reading.steps])
    return months * sum((np.array(late_hours(reading, tranche)) for tranche in reading.site.fleet), reading.no_phases)


COLUMNS: dict[str, tuple[str, Callable[[Reading], np.ndarray]]] = {
    "accelerators_wanted": ("accelerator", _wanted),
    "accelerators_online": ("accelerator", lambda reading: sum((accelerators(reading, tranche.name) for tranche in reading.site.fleet), reading.no_phases)),
    "late_accelerator_months": ("accelerator month", _late),
    "racks": ("rack", lambda reading: sum((reading.by_phase("units_online", rack.name) * rack.pod for rack in racks(reading.site)), reading.no_phases)),
    "halls": ("hall", lambda reading: sum((reading.by_phase("units_online", f"hall_{hall.name}") for hall in reading.site.halls),
                                     reading.no_phases)),
    "it_installed_mw": ("MW", lambda reading: sum((reading.by_phase("capacity", rack.name) for rack in racks(reading.site)), reading.no_phases)),
    "it_mw": ("MW", _largest(it_load)),
    "facility_peak_mw": ("MW", _largest(facility)),
    "measured_load_mw": ("MW", _largest(lambda reading: reading.hourly("measured_load", "load"))),
    "it_energy_mwh": ("MWh", _sum(it_load)),
    "facility_energy_mwh": ("MWh", _sum(facility)),
    "grid_energy_mwh": ("MWh", _sum(lambda reading: total(reading, stages(reading), "taken"))),
    "gas_energy_mwh": ("MWh", _sum(lambda reading: gas(reading)[0])),
    "water_m3": ("m3", lambda reading: summed(reading, "water")),
    "carbon_tonne_co2e": ("tonne_CO2e", lambda reading: summed(reading, "carbon")),
    "shed_accelerator_hours": ("accelerator hour", lambda reading: summed(reading, "shed")),
    "unserved_mwh": ("MWh", lambda reading: summed(reading, "unserved")),
    "heat_sold_mwh": ("MWh", lambda reading: summed(reading, "heat")),
    "pue": ("1", lambda reading: _quotient(_sum(facility)(reading), _sum(it_load)(reading))),
    "wue_l_per_kwh": ("L/kWh", lambda reading: _quotient(summed(reading, "water"), _sum(it_load)(reading))),
}
