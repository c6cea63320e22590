"""plan.nc: one xarray Dataset that holds the plan by asset, phase and hour, with `units` and `long_name` on everything.

Where a site gives several weather years, what is by hour has the dimension `scenario` in front, and `scenario_...` are figures of each of them
by phase; ledgers and the phases table are expected values then. With one weather year there is no such dimension.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from ..models.horizon import HOURS_PER_YEAR
from .dispatch import Operation
from .errors import shown
from .meanings import of_capacity, of_column, of_variable
from .results import AMOUNTS, PEAKS, QUOTIENTS, Outcome, capacity_columns, clean, operated_in

TABLE_UNITS = (("_mwh", "MWh"), ("_mw", "MW"), ("_usd", "USD"), ("_m3", "m3"), ("_tonne_co2e", "tonne_CO2e"), ("_l_per_kwh", "L/kWh"),
               ("_accelerator_hours", "accelerator hour"), ("_accelerator_months", "accelerator month"))
LEDGER_UNITS = {"money": "USD", "water": "m3", "carbon": "tonne_CO2e", "shed": "accelerator hour", "unserved": "MWh", "heat": "MWh"}
OUTSIDE = ("dry_bulb", "wet_bulb", "energy_price", "carbon_intensity")


def dataset(outcome: Outcome, table: pd.DataFrame, figures: Mapping) -> xr.Dataset:
    """Builds and capacities by asset and phase, dispatch by phase and hour, ledgers by entry and phase, the phases table, the summary in attrs."""
    made = xr.Dataset({**_assets(outcome), **_dispatch(outcome), **_prices(outcome), **_ledgers(outcome), **_table(outcome, table), **_outside(outcome),
                       **_scenarios(outcome)},
                      coords=_coordinates(outcome, table))
    made.attrs = {name: value for name, value in figures.items() if isinstance(value, str | float | int) and not isinstance(value, bool)}
    return made


def _described(dims, values, units: str, meaning: str) -> xr.Variable:
    return xr.Variable(dims, values, {"units": units, "long_name": meaning})


def _coordinates(outcome: Outcome, table: pd.DataFrame) -> dict:
    assets, site = outcome.case.assets, outcome.case.site
    several = {"scenario": _described("scenario", np.array(site.weather_years), "1", "weather year"),
               "weight": _described("scenario", np.array(site.weights), "1", "probability of the weather year")} if site.weather_years else {}
    return {
        **several,
        "phase": _described("phase", table["phase"].to_numpy(dtype=str), "1", "phase of the buildout"),
        "asset": _described("asset", np.array([asset.name for asset in assets]), "1", "what is built"),
        "hour": _described("hour", np.arange(HOURS_PER_YEAR), "hour", "hour of the model year, local standard time, from 1 January 00:00"),
        "unit_size": _described("asset", np.array([asset.unit_size for asset in assets]), "see asset_unit", "size of one unit"),
        "asset_unit": _described("asset", np.array([asset.unit for asset in assets]), "1", "unit of capacity of the asset")}


def _assets(outcome: Outcome) -> dict:
    case, investment = outcome.case, outcome.investment
    built = np.array([investment.built[asset.name] for asset in case.assets])
    online = np.array([investment.online[asset.name] for asset in case.assets])
    size = np.array([[asset.unit_size] for asset in case.assets])
    return {"units_built": _described(("asset", "phase"), built, "1", "units commissioned at the start of the phase"),
            "units_online": _described(("asset", "phase"), online, "1", "units in service, existing and committed ones included"),
            "capacity": _described(("asset", "phase"), online * size, "see asset_unit", "capacity in service"), **_rims(outcome)}


def _rims(outcome: Outcome) -> dict:
    """States of the plan besides capacities by phase, those of the weather in each weather year."""
    case, levels = outcome.case, outcome.investment.levels
    found = {}
    for state in (state for component in case.components for state in component.states):
        values = np.array([levels[state.in_year(scenario).name] for scenario in case.scenarios])
        dims, values = _over_scenarios(outcome, ("phase",), values) if state.of_weather else (("phase",), values[0])
        found[f"{state.name}_rim"] = _described(dims, values, state.unit, _state(state.name, state.unit))
    return found


def _state(name: str, unit: str) -> str:
    """What a state of the plan is: the level of a store, else the peak that a ratchet counts."""
    held = "that runs of hours start and end at" if unit == "MWh" else "month of the calendar year, which the ratchet of the charge counts"
    return f"{name.replace('_', ' ')} {held}"


def _dispatch(outcome: Outcome) -> dict:
    found = {}
    own = {component.name: getattr(component, "meanings", {}) for component in outcome.case.components}
    for name, unit in outcome.dispatch.units.items():
        hourly = _by_hour(outcome, lambda operation, name=name: operation.hourly.get(name))
        if hourly is not None:
            found["_".join(name)] = _described(*hourly, unit, of_variable(*name, own.get(name[0])))
    return found


def _by_hour(outcome: Outcome, values: Callable[[Operation], np.ndarray | None]) -> tuple[tuple[str, ...], np.ndarray] | None:
    """Dimensions and values of something of every operation, NaN before there is a fleet; none where an operation does not have it."""
    empty = np.full(HOURS_PER_YEAR, np.nan)
    found = [[values(operations[scenario]) if (operations := outcome.operations(phase)) else empty for phase in outcome.case.phases]
             for scenario in outcome.case.scenarios]
    if any(part is None for row in found for part in row):
        return None
    return _over_scenarios(outcome, ("phase", "hour"), clean(np.array(found)).astype(np.float32))


def _over_scenarios(outcome: Outcome, dims: tuple[str, ...], values: np.ndarray) -> tuple[tuple[str, ...], np.ndarray]:
    """The dimension of weather years in front, or none where there is one."""
    return (("scenario", *dims), values) if outcome.case.site.weather_years else (dims, values[0])


def _prices(outcome: Outcome) -> dict:
    """What a MWh more would cost by hour, and what a unit more of each limit would save."""
    phases, hourly = outcome.case.phases, _by_hour(outcome, lambda operation: operation.electricity_price)
    assert hourly is not None
    budgets = {name: np.array([found.get(phase.index, np.nan) for phase in phases]) for name, found in outcome.dispatch.budget_prices.items()}
    names = sorted({*outcome.prices.relaxed, *outcome.prices.chosen, *budgets})
    none = np.full(len(phases), np.nan)
    kinds = {"relaxed": (outcome.prices.relaxed, "in the linear relaxation, where whole units follow"),
             "chosen": ({**outcome.prices.chosen, **budgets}, "with whole units held as chosen")}
    return {
        "electricity_price": _described(*hourly, "USD/MWh",
                                        "what a MWh more at the main bus would cost (real USD of the year, dual of the electricity balance)"),
        "limit": _described("limit", np.array([name for name, _ in names], dtype=str), "1", "limit of the plan"),
        "limit_unit": _described("limit", np.array([shown(unit) for _, unit in names], dtype=str), "1", "what an amount of the limit is measured in"),
        **{f"limit_price_{kind}": _described(("limit", "phase"), np.array([found.get(name, none) for name in names]).reshape(-1, len(phases)),
                                             "USD per limit_unit", f"net present USD that a unit more of the limit would save, {meaning}")
           for kind, (found, meaning) in kinds.items()}}


def _ledgers(outcome: Outcome) -> dict:
    """Amounts by entry ("component: item") and phase, money in real USD of the year, not discounted, expected over the weather years."""
    operations = [outcome.operations(phase) for phase in outcome.case.phases]
    found = {}
    for ledger, unit in LEDGER_UNITS.items():
        keys = sorted({key for by_year in operations for operation in by_year.values() for key in operation.amounts if key[1] == ledger})
        amounts = np.array([[outcome.expected(lambda scenario, key=key, by_year=by_year: by_year[scenario].amounts.get(key, 0.0)) if by_year else 0.0
                             for by_year in operations] for key in keys])
        if keys:
            entries = np.array([f"{component}: {item}" for component, _, item in keys])
            found[f"{ledger}_entry"] = _described(f"{ledger}_entry", entries, "1", f"component and item of the {ledger} ledger")
            found[f"ledger_{ledger}"] = _described((f"{ledger}_entry", "phase"), clean(amounts), unit, f"{ledger} by component and item")
    return found


def _table(outcome: Outcome, table: pd.DataFrame) -> dict:
    found, held = {}, capacity_columns(outcome.case)
    told = {f"phase_{name}": of_capacity(name, asset.name, asset.technology, asset.unit) for name, asset in held.items()}
    for name in table.columns.drop("phase"):
        text = name in ("start", "end")
        values = table[name].to_numpy(dtype=str) if text else np.asarray(pd.to_numeric(table[name]), dtype=float)
        found[f"phase_{name}"] = _described("phase", values, "ISO 8601 date" if text else table_unit(name), of_column("phases", name, told))
    return found


def table_unit(column: str) -> str:
    """The unit that a column's name ends in, "1" for counts and shares."""
    return next((unit for ending, unit in TABLE_UNITS if column.endswith(ending)), "1")


def _outside(outcome: Outcome) -> dict:
    hours = outcome.case.site.hours
    return {name: _described(*_over_scenarios(outcome, ("hour",), hours[name].values.astype(float)), hours[name].attrs["units"],
                             hours[name].attrs["long_name"]) for name in OUTSIDE}


def _scenarios(outcome: Outcome) -> dict:
    """Figures of every weather year by phase, where there are several."""
    phases, found = outcome.case.phases, {}
    for name in (*PEAKS, *AMOUNTS, *QUOTIENTS) if outcome.case.site.weather_years else ():
        values = [[operated_in(outcome, phase, scenario)[name] if outcome.operations(phase) else np.nan for phase in phases]
                  for scenario in outcome.case.scenarios]
        found[f"scenario_{name}"] = _described(("scenario", "phase"), np.array(values, dtype=float), table_unit(name),
                                               f"{of_column('phases', name, {})}, in the weather year")
    return found
