"""Several sites side by side, and against a base."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..sites import Site, SiteProblems, load_site
from .errors import FolderTaken, Interrupted, PlannerError
from .meanings import of_compared
from .optimization import optimize
from .plan import Plan, defused
from .tables import COLUMN_COLUMNS, DATE, TEXT, Table, figure_unit

if TYPE_CHECKING:
    import geopandas

# figures of a plan that are set against those of a base
DIFFERENCES = ("net_present_cost_usd", "capital_usd", "cost_capital_less_salvage_usd", "cost_fixed_usd", "cost_operation_usd", "cost_lateness_usd",
               "installed_it_mw", "peak_it_mw", "peak_facility_mw", "pue", "wue_l_per_kwh", "accelerators_online", "late_accelerator_months",
               "unserved_mwh")


def compare(sites, overrides: Sequence[str] = (), scenarios: Sequence[str | None] = ()) -> pd.DataFrame:
    """A row a site (a Site, or the path of its file), cheapest first; a site that fails is a row that says why.

    Files are read with the `overrides` (texts KEY=VALUE) laid over them, once for each of the `scenarios`, of which None is the file as it stands.
    Raises Interrupted on Ctrl-C.
    """
    rows = [_row(site, overrides, scenario) for site in sites for scenario in (scenarios or (None,))]
    return pd.DataFrame(rows).sort_values("net_present_cost_usd", na_position="last", ignore_index=True)


def _row(site: Site | str | Path, overrides: Sequence[str], scenario: str | None) -> dict:
    named = {"file": str(site.path if isinstance(site, Site) else site), **({"scenario": scenario} if scenario else {})}
    row = {**named, "net_present_cost_usd": None, "problem": ""}
    try:
        loaded = site if isinstance(site, Site) else load_site(site, overrides, scenario)
        row |= {"latitude_degree": loaded.location.latitude, "longitude_degree": loaded.location.longitude}
        plan = optimize(loaded)
        return row | horizon(plan) | plan.summary | {"problem": plan.summary.get("failure", "")}
    except Interrupted:
        raise
    except (SiteProblems, PlannerError) as reason:
        return row | {"status": "failed", "problem": " ".join(str(reason).split())}


def horizon(plan: Plan) -> dict[str, str]:
    """First and last day of a plan."""
    return {"plan_start": str(plan.phases["start"].iloc[0]), "plan_end": str(plan.phases["end"].iloc[-1])}


def against(table: pd.DataFrame, base: str | Path) -> pd.DataFrame:
    """A comparison with what its base is (`base`, `base_net_present_cost_usd`, `base_plan_start`, `base_plan_end`) and columns `difference_...`: each
    figure less that of the base, a plan's folder or a site of the table: as its file stands where the table has that, else in the same scenario.

    Empty where either has no such figure. Raises FileNotFoundError where a folder holds no plan.
    """
    saved = _saved(base) if Path(base).is_dir() else None
    rows = table.to_dict("records")
    bases = [saved if saved is not None else _base_row(rows, row, str(base)) for row in rows]
    named = {f"base_{name}": [other.get(name) for other in bases] for name in ("net_present_cost_usd", "plan_start", "plan_end")}
    found = {f"difference_{name}": [_less(row.get(name), other.get(name)) for row, other in zip(rows, bases)] for name in DIFFERENCES}
    return table.assign(base=str(base), **named, **found)


def _saved(folder: str | Path) -> Mapping:
    plan = Plan.load(folder)
    return plan.summary | horizon(plan)


def other_horizons(table: pd.DataFrame) -> list[str]:
    """What differs from its base in first or last day, so that the difference of their costs is no like against like; a line each."""
    rows = table.to_dict("records") if {"plan_start", "base_plan_start"} <= set(table) else []
    return [f"{name_of(row)} is planned {row['plan_start']} to {row['plan_end']}, its base {row['base_plan_start']} to {row['base_plan_end']}: "
            "their costs are of different spans" for row in rows if _spans_differ(row)]


def _spans_differ(row: Mapping) -> bool:
    pairs = [(row[name], row[f"base_{name}"]) for name in ("plan_start", "plan_end")]
    return any(not pd.isna(own) and not pd.isna(other) and own != other for own, other in pairs)


def refuse_taken(folder: Path, sites: Sequence[str], force: bool = False) -> None:
    """Raise FolderTaken unless a comparison of these sites may be written: there is none in the folder, or one of the same sites."""
    written = folder / "comparison.csv"
    if force or not written.exists():
        return
    held, asked = _compared(written), set(defused(pd.DataFrame({"file": list(sites)}))["file"])
    if held != asked:
        raise FolderTaken(folder, f"holds the comparison of {', '.join(sorted(held))}" if held else "holds a comparison.csv that is none of dcplan")


def _compared(written: Path) -> set[str]:
    """The files that a comparison.csv names; none where it is not one of ours."""
    try:
        return set(pd.read_csv(written, usecols=["file"])["file"].astype(str))
    except (OSError, ValueError):
        return set()


def _base_row(rows: Sequence[Mapping], row: Mapping, base: str) -> Mapping:
    """The row of the base as its file stands, else that in the scenario of a row; empty where there is neither."""
    of_base = [one for one in rows if one["file"] == base]
    return next((one for wanted in (None, scenario_of(row)) for one in of_base if scenario_of(one) == wanted), {})


def scenario_of(row: Mapping) -> str | None:
    """The scenario of a row; None where the file stands as it is."""
    named = row.get("scenario")
    return named if isinstance(named, str) else None


def name_of(row: Mapping) -> str:
    """The site of a row, with its scenario."""
    return " ".join(filter(None, (str(row["file"]), scenario_of(row))))


def _less(value: float | None, base: float | None) -> float | None:
    return None if pd.isna(value) or pd.isna(base) else value - base  # type: ignore[operator]


def flat(table: pd.DataFrame) -> pd.DataFrame:
    """A comparison for a file: lists as words, without the figures of every weather year, which are tables of their own."""
    held = table.drop(columns="weather_years", errors="ignore")
    return pd.DataFrame({name: column.map(lambda cell: "; ".join(map(str, cell)) if isinstance(cell, list | tuple) else cell)
                         for name, column in held.items()})


def columns(table: pd.DataFrame) -> Table:
    """A row for each column of a comparison's file: its unit, and what it holds."""
    rows = [("comparison", name, _unit(str(name), values), of_compared(str(name))) for name, values in flat(table).items()]
    return Table("columns", pd.DataFrame(rows, columns=list(COLUMN_COLUMNS)), COLUMN_COLUMNS)


def _unit(name: str, values: pd.Series) -> str:
    if name.endswith(("plan_start", "plan_end")):
        return DATE
    return TEXT if values.map(lambda cell: isinstance(cell, str | bool | np.bool_)).any() else figure_unit(name)


def on_map(table: pd.DataFrame) -> "geopandas.GeoDataFrame":
    """A comparison as points, by the columns latitude_degree and longitude_degree; a site that did not load has no point."""
    import geopandas

    placed = table.reindex(columns=list(dict.fromkeys((*table.columns, "latitude_degree", "longitude_degree"))))
    points = geopandas.GeoSeries.from_xy(placed["longitude_degree"].astype(float), placed["latitude_degree"].astype(float), crs=4326)
    return geopandas.GeoDataFrame(flat(placed), geometry=points.where(placed["latitude_degree"].notna()), crs=4326)
