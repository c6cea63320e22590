"""A plan as plain tables, each column with its unit: what every way of exporting it writes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr

from ..models.horizon import HOURS_PER_YEAR
from .dataset import LEDGER_UNITS, table_unit
from .limit_table import COLUMNS as LIMITS
from .limit_table import limit_table
from .meanings import of_column, of_figure
from .plan import Plan

TEXT, DATE, SEE_UNIT = "text", "ISO 8601 date", "see column unit"
TIME = "MM-DD HH:MM local standard time"  # text, of the model year, which has no 29 February
HOUR = "hour of the model year"
MODEL_YEAR = "2025-01-01"  # first day of any year without 29 February
BUILD_UNITS = {"phase": TEXT, "technology": TEXT, "units": "1", "capacity": SEE_UNIT, "unit": TEXT, "order_by": DATE, "in_service": DATE,
               "capital_usd": "USD", "status": TEXT}
PHASE_UNITS = {"phase": TEXT, "start": DATE, "end": DATE}
LEDGER_COLUMNS = {"ledger": TEXT, "entry": TEXT, "phase": TEXT, "amount": SEE_UNIT, "unit": TEXT}
LIMIT_COLUMNS = {name: SEE_UNIT if name.startswith("price_") else TEXT for name in LIMITS}
SUMMARY_COLUMNS = {"figure": TEXT, "meaning": TEXT, "value": SEE_UNIT, "unit": TEXT, "said": TEXT}
COLUMN_COLUMNS = {"table": TEXT, "column": TEXT, "unit": TEXT, "meaning": TEXT}
MORE_UNITS = (("_mw_per_second", "MW/second"), ("seconds", "s"), ("accelerator_hours", "accelerator hour"), ("_hours", "hour"),
              ("_years", "year"), ("_degree", "degree"))  # beyond those of the phases table


@dataclass(frozen=True)
class Table:
    """A table and the unit of every column: "1" for counts and shares, "text", "ISO 8601 date", that of `local_time`, or "see column unit" where rows
    differ."""

    name: str
    frame: pd.DataFrame
    units: Mapping[str, str]

    def headed(self) -> pd.DataFrame:
        """The table with the unit behind each column's name: it_mw [MW]."""
        return self.frame.rename(columns={name: header(name, unit) for name, unit in self.units.items()})

    def dated(self) -> pd.DataFrame:
        """The table as headed, its dates as datetimes (midnight) in place of texts: for forms that know them."""
        headed = self.headed()
        dates = [header(name, unit) for name, unit in self.units.items() if unit == DATE]
        return headed.assign(**{name: pd.to_datetime(headed[name]).astype("datetime64[s]") for name in dates})


def header(name: str, unit: str) -> str:
    """A column's name with its unit."""
    return f"{name} [{unit}]"


def tables(plan: Plan) -> tuple[Table, ...]:
    """Summary, phases, builds, dispatch by hour, ledger, prices of limits, and by hour of the model year: prices, weather; figures of every weather year,
    if several; what the columns of all these mean."""
    several = (_weather_years(plan.dataset),) if "scenario" in plan.dataset.dims else ()
    made = (_summary(plan.summary), Table("phases", plan.phases, phase_units(plan.phases)),
            Table("builds", plan.builds, {name: BUILD_UNITS[name] for name in plan.builds}), _dispatch(plan.dataset), _ledger(plan.dataset),
            Table("limits", limit_table(plan.dataset), LIMIT_COLUMNS), _outside(plan.dataset, "prices"), _outside(plan.dataset, "weather"), *several)
    return (*made, _columns(made, plan.dataset))


def _columns(made: tuple[Table, ...], dataset: xr.Dataset) -> Table:
    """A row for each column of every table."""
    described = {str(name): str(values.attrs.get("long_name", "")) for name, values in dataset.variables.items()}
    rows = [(table.name, name, unit, of_column(table.name, name, described))
            for table in (*made, Table("columns", pd.DataFrame(), COLUMN_COLUMNS)) for name, unit in table.units.items()]
    return Table("columns", pd.DataFrame(rows, columns=list(COLUMN_COLUMNS)), COLUMN_COLUMNS)


def figure_unit(name: str) -> str:
    """The unit of a figure of the summary, by its name."""
    return next((unit for ending, unit in MORE_UNITS if name.endswith(ending) or name.startswith(f"{ending}_")), table_unit(name))


def phase_units(phases: pd.DataFrame) -> dict[str, str]:
    """The unit of each column of phases."""
    return {name: PHASE_UNITS.get(name, table_unit(name)) for name in phases.columns}


def _summary(summary: Mapping) -> Table:
    rows = [_figure(name, value) for name, value in summary.items() if name != "weather_years"]
    return Table("summary", pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS)), SUMMARY_COLUMNS)


def _figure(name: str, value) -> tuple:
    """A row of the summary: numbers under value, words under said. What is empty has the unit that it would have, none where that is not known."""
    if value is None:
        unit = figure_unit(name)
        return name, of_figure(name), np.nan, "" if unit == "1" else unit, ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return name, of_figure(name), float(value), figure_unit(name), ""
    return name, of_figure(name), np.nan, TEXT, "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _dispatch(dataset: xr.Dataset) -> Table:
    """A row for each hour that a phase operates."""
    index = {**_by_year(dataset), "phase": TEXT, "hour": HOUR}
    hourly = [name for name, values in dataset.data_vars.items() if values.dims == tuple(index)]
    frame = dataset[hourly].to_dataframe()[hourly].dropna(how="all").reset_index() if hourly else pd.DataFrame({name: [] for name in index})
    return Table("dispatch", _timed(frame), {**index, "local_time": TIME, **_units(dataset, hourly)})


def _timed(frame: pd.DataFrame) -> pd.DataFrame:
    """Behind each hour of the model year its month, day and hour as text: 07-15 14:00."""
    times = np.array(pd.date_range(MODEL_YEAR, periods=HOURS_PER_YEAR, freq="h").strftime("%m-%d %H:%M"), dtype=object)
    frame.insert(list(frame).index("hour") + 1, "local_time", times[np.asarray(frame["hour"], dtype=int)])
    return frame


def _by_year(dataset: xr.Dataset) -> dict[str, str]:
    """The column that names the weather year, where there are several."""
    return {"scenario": TEXT} if "scenario" in dataset.dims else {}


def _weather_years(dataset: xr.Dataset) -> Table:
    """A row for each weather year and phase."""
    names = [str(name) for name in dataset.data_vars if str(name).startswith("scenario_")]
    frame = dataset[names].to_dataframe().reset_index()
    units = {"scenario": TEXT, "weight": "1", "phase": TEXT, **_units(dataset, names)}
    return Table("weather_years", frame.reindex(columns=list(units)), units)


def _units(dataset: xr.Dataset, names) -> dict[str, str]:
    return {name: str(dataset[name].attrs["units"]) for name in names}


def _ledger(dataset: xr.Dataset) -> Table:
    """A row for each entry and phase; money is in real USD of the year, not discounted."""
    parts = [dataset[f"ledger_{name}"].rename({f"{name}_entry": "entry"}).to_series().rename("amount").reset_index().assign(ledger=name, unit=unit)
             for name, unit in LEDGER_UNITS.items() if f"ledger_{name}" in dataset]
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(LEDGER_COLUMNS))
    return Table("ledger", frame.reindex(columns=list(LEDGER_COLUMNS)), LEDGER_COLUMNS)


def _outside(dataset: xr.Dataset, which: str) -> Table:
    """By hour of the model year: what energy costs and what carbon it has, or what the weather is."""
    index = _by_year(dataset)
    names = [str(name) for name, values in dataset.data_vars.items()
             if values.dims == (*index, "hour") and (which == "prices") == any(part in values.attrs["units"] for part in ("USD", "CO2e"))]
    frame = dataset[names].to_dataframe().reset_index() if names else pd.DataFrame({"hour": []})
    units = {**index, "hour": HOUR, "local_time": TIME, **_units(dataset, names)}
    return Table(which, _timed(frame.reindex(columns=[*index, "hour", *names])), units)
