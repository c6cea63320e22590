"""The plan as it is written, beside its site: arrays over phase and hour in double precision, phases with their months."""

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import xarray as xr

from ...sites import Site, SiteProblems, load_site
from ...sites.packaged import located
from ...sites.rules import with_rules
from .form import lacking

HOURS = 8760
DAYS_PER_YEAR = 365
PROBABILITY = 1e-9
DAYS_OF_MONTH = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
MONTH = np.repeat(np.arange(1, 13), DAYS_OF_MONTH * 24)
FILES = ("plan.nc", "phases.csv", "builds.csv", "summary.json", "manifest.json")


def years_between(since: date, day: date) -> float:
    """Years of 365 days: calendar years, and the days of a common year beyond them."""
    days = [one.replace(year=2025, day=min(one.day, int(DAYS_OF_MONTH[one.month - 1]))).timetuple().tm_yday for one in (since, day)]
    return day.year - since.year + (days[1] - days[0]) / DAYS_PER_YEAR


class NotVerifiable(Exception):
    """There is no plan, no site file, or the inputs are not those that the plan was made from."""


@dataclass(frozen=True)
class Step:
    """A phase: [start, end), whole months."""

    name: str
    start: date
    end: date
    plan_start: date

    @property
    def months(self) -> tuple[int, ...]:
        """Calendar months, 1 to 12."""
        count = (self.end.year - self.start.year) * 12 + self.end.month - self.start.month
        return tuple((self.start.month - 1 + past) % 12 + 1 for past in range(count))

    @property
    def hours(self) -> float:
        """Hours of its months in a year without leap day."""
        return 24.0 * sum(int(DAYS_OF_MONTH[month - 1]) for month in self.months)

    @property
    def years(self) -> float:
        """Its months over 12."""
        return len(self.months) / 12

    @property
    def begins(self) -> float:
        """Years from the plan's start to its start."""
        return years_between(self.plan_start, self.start)

    @property
    def middle(self) -> float:
        """Years from the plan's start to its middle."""
        return self.begins + years_between(self.start, self.end) / 2


@dataclass(frozen=True)
class Reading:
    """A plan's files and the site that they plan, in all weather years or, with `data` of that year alone, in one of them."""

    site: Site
    data: xr.Dataset
    builds: list[dict[str, str]]
    table: list[dict[str, str]]
    summary: dict
    scenario: int = 0

    @cached_property
    def years(self) -> tuple["Reading", ...]:
        """The plan in each weather year by itself."""
        if "scenario" not in self.data.dims:
            return (self,)
        return tuple(replace(self, data=self.data.isel(scenario=number, drop=True), scenario=number) for number in range(len(self.site.weights)))

    def expected(self, of_year: Callable[["Reading"], np.ndarray]) -> np.ndarray:
        """What each weather year has, by its probability."""
        weights = self.site.weights if len(self.years) > 1 else (1.0,)
        return sum((weight * of_year(year) for weight, year in zip(weights, self.years, strict=True)), self.no_phases)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The phases as written; `end` in the table is the last day."""
        return tuple(Step(row["phase"], date.fromisoformat(row["start"]), date.fromisoformat(row["end"]) + timedelta(days=1),
                          self.site.plan.start) for row in self.table)

    @cached_property
    def inside(self) -> np.ndarray:
        """Whether an hour lies in a month of a phase, phase x hour."""
        return np.array([np.isin(MONTH, step.months) for step in self.steps])

    @cached_property
    def operated(self) -> np.ndarray:
        """Whether an hour of a phase was dispatched, phase x hour: some hourly value is there."""
        written = [values for values in self.data.data_vars.values() if values.dims == ("phase", "hour")]
        return np.any([np.isfinite(values.values) for values in written], axis=0)

    @property
    def no_hours(self) -> np.ndarray:
        """Zeros by phase and hour, to start a sum from."""
        return np.zeros((len(self.steps), HOURS))

    @property
    def no_phases(self) -> np.ndarray:
        """Zeros by phase."""
        return np.zeros(len(self.steps))

    def hourly(self, component: str, variable: str) -> np.ndarray:
        """Values by phase and hour, zero outside a phase's months and where the plan has no such variable."""
        name = f"{component}_{variable}"
        if name not in self.data:
            return self.no_hours
        return np.where(self.operated, self.data[name].values.astype(float), 0.0)

    def by_phase(self, variable: str, asset: str) -> np.ndarray:
        """units_built, units_online or capacity of an asset, one value a phase; zero where the plan has no such asset."""
        if asset not in self.data["asset"].values:
            return self.no_phases
        return self.data[variable].sel(asset=asset).values.astype(float)

    def state(self, name: str) -> np.ndarray:
        """A state of the plan by phase: the level of a store, the highest of a ratchet. Raises NotVerifiable."""
        if f"{name}_rim" not in self.data:
            raise NotVerifiable(f"the plan lacks what is verified, as one of an earlier version does: plan.nc has no variable {name}_rim\n"
                                "  = help: plan the site again")
        return self.data[f"{name}_rim"].values.astype(float)

    def capacity(self, asset: str) -> np.ndarray:
        """Capacity, phase x 1, to stand beside hourly values."""
        return self.by_phase("capacity", asset)[:, np.newaxis]

    def of_site(self, name: str) -> np.ndarray:
        """An hourly series of the site."""
        return self.site.hours[name].isel(scenario=self.scenario).values.astype(float)

    @property
    def in_weather(self) -> str:
        """" in weather year NAME" where this is one of several."""
        return "" if "scenario" in self.data.dims else self.site.in_weather(self.scenario)

    def place(self, phase: int, hour: int) -> str:
        """Phase and hour in words: "2026Q3, 14 July 15:00"."""
        moment = date(2025, 1, 1) + timedelta(days=hour // 24)
        return f"{self.steps[phase].name}, {moment:%d %B} {hour % 24:02d}:00{self.in_weather}"


def read_plan(folder: str | Path, site: str | Path | None = None) -> Reading:
    """Read a plan's folder and its site. Raises NotVerifiable, also where an input differs from the one the plan was made from."""
    folder = Path(folder)
    for name in FILES:
        if not (folder / name).is_file():
            raise NotVerifiable(f"{folder} holds no plan: {name} is missing")
    try:
        return _read(folder, site)
    except (OSError, ValueError, KeyError, SiteProblems) as reason:
        raise NotVerifiable(f"{folder} holds a plan that cannot be read: {reason}") from reason


def _json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError as reason:
        raise NotVerifiable(f"{path} cannot be read: {reason}") from reason


def _read(folder: Path, site: str | Path | None) -> Reading:
    manifest, summary = (_json(folder / name) for name in ("manifest.json", "summary.json"))
    builds, table = (_rows(folder / name) for name in ("builds.csv", "phases.csv"))
    data = xr.load_dataset(folder / "plan.nc", engine="h5netcdf")
    tables = {name: rows[0] for name, rows in (("phases.csv", table), ("builds.csv", builds)) if rows}
    missing = lacking({**tables, "plan.nc": [*map(str, data.variables)], "summary.json": summary, "manifest.json": manifest})
    if missing:
        raise _older(folder, missing, manifest)
    path = site or manifest.get("site_file")
    if path is None:
        raise NotVerifiable(f"{folder} does not say which site file it was made from: name it with --site")
    _refuse_changed(Path(path), manifest["inputs"])
    given = with_rules(load_site(path, manifest.get("overrides", ()), manifest.get("scenario")), manifest.get("reliability"))
    return Reading(given, _same_years(given, data), builds, table, summary)


def _older(folder: Path, missing: str, manifest: dict) -> NotVerifiable:
    """Of a plan that lacks what is verified."""
    by = manifest.get("versions", {}).get("dcplan", "of a version that it does not state")
    return NotVerifiable(f"{folder} lacks what is verified, as a plan of an earlier version does; it was written by dcplan {by}: {missing}\n"
                         "  = help: plan the site again")


def _same_years(site: Site, data: xr.Dataset) -> xr.Dataset:
    """The data, of the weather years of the site at their probabilities. Raises ValueError."""
    written = dict(zip(data["scenario"].values.tolist(), data["weight"].values.tolist(), strict=True)) if "scenario" in data.dims else {}
    own = dict(zip(site.weather_years, site.weights, strict=False))
    if written.keys() != own.keys() or any(abs(written[name] - own[name]) > PROBABILITY for name in own):
        raise ValueError(f"its weather years are {written or 'not named'}, those of the site {own or 'not named'}")
    return data


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


CHANGED = "has changed since the plan was made (its SHA-256 is another; a comment counts, too)"
MISSING = "is missing since the plan was made"


def _refuse_changed(site: Path, inputs: dict[str, str]) -> None:
    """Every input has the SHA-256 that the manifest states."""
    if not site.is_file():
        raise NotVerifiable(f"there is no site file {site}: name it with --site")
    if site.name not in inputs:
        raise NotVerifiable(f"{site} is not the site file of this plan, which is one of {', '.join(sorted(inputs))}")
    for name, stated in inputs.items():
        path = site if name == site.name else located(site.parent, name)
        found = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
        if found != stated:
            raise NotVerifiable(f"{path} {MISSING if found is None else CHANGED}: plan the site again")
