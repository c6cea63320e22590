"""How reliable a plan is: each subsystem from closed tables and by simulation, what dominates, what one more unit buys."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ...models.horizon import Phase
from ...models.reliability.adequacy import Plant, spare
from ...models.reliability.markov import HOURS_PER_YEAR
from ...models.reliability.simulation import Outages, simulate
from ...models.reliability.survival import survival
from ...sites import Site
from ..assemble import build_case
from ..case import Case
from ..errors import PlannerError
from ..verification.reading import read_plan
from .machines import running
from .subsystem import Subsystem, is_feed
from .subsystems import STANDBY, classes, subsystems
from .written import Written, hardest

LENGTHS = (1, 2, 4, 8, 12, 24, 48, 72, 96, 168)
TRIALS = 4000
LITTLE = 0.01  # share of what a subsystem loses
FILES = ("reliability.csv", "reliability_hours.csv", "survival.csv", "reliability_columns.csv")
TOGETHER = "together"


class NoSuchPhase(PlannerError):
    """A phase that the plan does not operate."""


@dataclass(frozen=True)
class Assessment:
    """Reliability of one phase: a row a class and subsystem, the risk of every hour, survival of outages of the grid by their length.
    `weather_year`: which of several; `lowest`: by class the phase of the plan in which its availability is lowest by the closed tables, and that
    availability, where all were looked at."""

    phase: Phase
    table: pd.DataFrame
    hours: pd.DataFrame
    survival: pd.DataFrame
    targets: Mapping[str, float | None]
    parts: tuple[Subsystem, ...]
    simulated: Mapping[tuple[str, str], Outages] = field(default_factory=dict)
    weather_year: str = ""
    lowest: Mapping[str, tuple[str, float]] = field(default_factory=dict)

    def together(self, name: str) -> dict:
        """The row of a class for all subsystems together."""
        rows = self.table[(self.table["class"] == name) & (self.table["subsystem"] == TOGETHER)]
        return {str(key): value for key, value in rows.iloc[0].items()}

    def lost(self, name: str) -> dict[str, float]:
        """Hours a year that each subsystem costs a class, by the closed tables."""
        rows = self.table[(self.table["class"] == name) & (self.table["subsystem"] != TOGETHER)]
        return {str(subsystem): float(hours) for subsystem, hours in zip(rows["subsystem"], rows["lost_hours_per_year"], strict=True)}


def assess(folder: str | Path, phase: str | None = None, years: int | None = None, seed: int | None = None, site: str | Path | None = None) -> Assessment:
    """Reliability of a written plan in a phase (default: the last, with the one in which it is lowest). `years` of 0 leaves the simulation out.

    Raises NotVerifiable where the folder holds no plan, or its inputs have changed, and NoSuchPhase.
    """
    reading = read_plan(folder, site)
    case = build_case(reading.site)
    found = assess_plan(case, reading.data, phase, years, seed)
    return found if phase else replace(found, lowest=_lowest(case, reading.data))


def _lowest(case: Case, data: xr.Dataset) -> dict[str, tuple[str, float]]:
    """By class of load the phase in which its availability is lowest, the first of equals: while a campus is built it may stand on few machines."""
    case, data = hardest(case, data)
    found = {phase.name: by_tables(Written(case, data, phase)) for phase in _unlike(case, data)}
    return {name: min(((phase, reached[name]) for phase, reached in found.items()), key=lambda told: told[1]) for name in classes(case.site)}


def by_tables(written: Written) -> dict[str, float]:
    """By class of load its availability in a phase, all subsystems in series, by the closed tables."""
    parts = tuple(subsystems(written))
    return {name: float(np.prod([1 - part.hours_lost(name) / HOURS_PER_YEAR for part in parts])) for name in classes(written.case.site)}


def _unlike(case: Case, data: xr.Dataset) -> Iterator[Phase]:
    """Of operated phases one after another with the same capacities the first."""
    before = None
    for phase in _operated(case, data):
        there = data["capacity"].isel(phase=phase.index).values
        if before is None or (there != before).any():
            yield phase
        before = there


def assess_plan(case: Case, data: xr.Dataset, phase: str | None = None, years: int | None = None, seed: int | None = None) -> Assessment:
    """As `assess`, of a plan's dataset and the case that it was made from. Of several weather years it is the one of the highest peak."""
    case, data = hardest(case, data)
    written = Written(case, data, _phase(case, data, phase))
    parts = tuple(subsystems(written))
    names = list(classes(case.site))
    given = case.site.reliability
    years, seed = given.years if years is None else years, given.seed if seed is None else seed
    drawn = {(name, part.name): _simulated(part, name, years, seed + number) for name in names for number, part in enumerate(parts)} if years else {}
    rows = [row for name in names for row in _rows(parts, name, drawn)]
    table = pd.DataFrame([{"phase": written.phase.name, **row} for row in rows])
    return Assessment(written.phase, table, _by_hour(written, parts, names), _survival(case.site, parts, names, seed) if years else pd.DataFrame(),
                      classes(case.site), parts, drawn, str(data["scenario"].values) if "scenario" in data.coords else "")


def _operated(case: Case, data: xr.Dataset) -> list[Phase]:
    """The phases that are operated with racks online. Raises NoSuchPhase where there is none."""
    racks = [variant.component.name for variant in case.variants]
    online = data["capacity"].sel(asset=racks).sum("asset").values
    found = [phase for phase in case.phases if online[phase.index] > 0 and phase in case.operating]
    if not found:
        raise NoSuchPhase("the plan has no racks in any phase: there is no load to be reliable for")
    return found


def _phase(case: Case, data: xr.Dataset, name: str | None) -> Phase:
    """The phase of that name, or the last one that is operated with racks online."""
    there = _operated(case, data)
    found = [phase for phase in there if name in (None, phase.name)]
    if not found:
        held = ", ".join(phase.name for phase in there)
        raise NoSuchPhase(f"the plan has no operated phase {name}; it has {held}\n  = help: give one of them with --phase")
    return found[-1]


def _simulated(part: Subsystem, name: str, years: int, seed: int) -> Outages:
    return simulate(part.standing, part.needs[name], years, seed, part.fuel, part.battery)


def _rows(parts: tuple[Subsystem, ...], name: str, drawn: Mapping[tuple[str, str], Outages]) -> list[dict]:
    rows = [_row(part, name, drawn.get((name, part.name))) for part in parts]
    total = sum(row["lost_hours_per_year"] for row in rows)
    for row in rows:
        row["share_of_lost_hours"] = row["lost_hours_per_year"] / total if total else 0.0
    return [*rows, _together(rows, name)]


def _row(part: Subsystem, name: str, drawn: Outages | None) -> dict:
    """A subsystem for a class."""
    risk, short = part.shortage(name)
    lost = float(risk.mean()) * HOURS_PER_YEAR
    best, units, saved = _one_more(part, name, lost)
    return {"class": name, "subsystem": part.name, "redundancy_key": part.group, "halls": part.halls,
            "units": sum(part.units), "needed_units": _needed(part, name), "plants": _listed(part),
            "peak_load_mw": float(part.needs[name].max()), "availability": 1 - lost / HOURS_PER_YEAR, "lost_hours_per_year": lost,
            "common_cause_hours_per_year": min(lost, part.without_own_failures().hours_lost(name)),
            "unserved_mwh_per_year": float(short.mean()) * HOURS_PER_YEAR * part.halls, "one_more_unit_of": best,
            "one_more_units": units, "one_more_unit_saves_hours_per_year": saved, **_of_simulation(drawn)}


def _needed(part: Subsystem, name: str) -> int:
    """Units without which the load is not carried in some hour, the largest to spare: of the campus; of halls by their machines, rounded up to units."""
    each = part.per_unit if part.halls == 1 else (1,) * len(part.plants)
    held = [one.machines.count // size for one, size in zip(part.plants, each, strict=True)]
    to_spare = spare([one.size * size for one, size in zip(part.plants, each, strict=True)], held, part.needs[name], [one.limit for one in part.plants])
    return sum(held) - to_spare if part.halls == 1 else math.ceil(part.halls * (sum(held) - to_spare) / part.per_unit[0] - 1e-9)


def _listed(part: Subsystem) -> str:
    """The plants in words: 12 ups in 2 halls; 3 diesel_standby."""
    listed = ", ".join(f"{count:g} {one.name}" for count, one in zip(np.round(part.units, 1), part.plants, strict=True) if count)
    return f"{listed} in {part.halls:g} halls" if part.halls > 1 else listed


def _one_more(part: Subsystem, name: str, lost: float) -> tuple[str, int, float]:
    """The plant of which one more unit (in each hall) saves most, how many units these are, and the hours a year that they save. Where one more of any
    saves next to nothing, as many of a plant that has none yet as carry the load alone."""
    one = _best(part, name, lost, {number: 1 for number, buyable in enumerate(part.buyable) if buyable})
    lacking = {number: _carrying(part, number, name) for number, held in enumerate(part.plants)
               if part.buyable[number] and not held.machines.count and held.size.min() > 0}
    return one if one[2] > LITTLE * lost else max(one, _best(part, name, lost, lacking), key=lambda found: found[2])


def _best(part: Subsystem, name: str, lost: float, units: Mapping[int, int]) -> tuple[str, int, float]:
    """Of plants (their numbers) with so many units more the one that saves most."""
    saved = {number: lost - part.more(number, more).hours_lost(name) for number, more in units.items()}
    best = max(saved, key=lambda number: saved[number], default=None)
    if best is None:
        return "", 0, 0.0
    fuelled = f" with fuel for {part.fuel_hours:g} h" if part.fuel_assumed and part.plants[best].stored else ""
    return part.plants[best].name + fuelled, units[best], max(0.0, saved[best])


def _carrying(part: Subsystem, number: int, name: str) -> int:
    """Units of a plant that carry the load of a class alone."""
    return math.ceil(part.needs[name].max() / part.plants[number].size.min() / part.per_unit[number] - 1e-9)


def _of_simulation(drawn: Outages | None) -> dict[str, float]:
    if drawn is None:
        return {}
    low, high = drawn.interval
    return {"simulated_lost_hours_per_year": drawn.hours, "simulated_error_hours_per_year": drawn.error,
            "simulated_low_hours_per_year": low, "simulated_high_hours_per_year": high,
            "outages_per_year": len(drawn.start) / drawn.years, "mean_outage_hours": float(drawn.duration.mean()) if len(drawn.duration) else 0.0,
            "simulated_unserved_mwh_per_year": float(drawn.energy.sum()) / drawn.years}


def _together(rows: list[dict], name: str) -> dict:
    """All subsystems in series: they fail on their own, so what they lose of the year is multiplied out; failures a year add up."""
    availability = float(np.prod([row["availability"] for row in rows]))
    found = {"class": name, "subsystem": TOGETHER, "peak_load_mw": max(row["peak_load_mw"] for row in rows), "availability": availability,
             "lost_hours_per_year": (1 - availability) * HOURS_PER_YEAR, "share_of_lost_hours": 1.0}
    if "simulated_lost_hours_per_year" not in rows[0]:
        return found
    simulated = float(np.prod([1 - row["simulated_lost_hours_per_year"] / HOURS_PER_YEAR for row in rows]))
    count, hours = sum(row["outages_per_year"] for row in rows), (1 - simulated) * HOURS_PER_YEAR
    low, high = (_apart(rows, f"simulated_{side}_hours_per_year") for side in ("low", "high"))
    return found | {"simulated_lost_hours_per_year": hours, "outages_per_year": count, "simulated_error_hours_per_year": max(low, high),
                    "simulated_low_hours_per_year": max(0.0, hours - low), "simulated_high_hours_per_year": hours + high,
                    "mean_outage_hours": sum(row["outages_per_year"] * row["mean_outage_hours"] for row in rows) / count if count else 0.0}


def _apart(rows: list[dict], side: str) -> float:
    """Hours from the sum of what is simulated to an end of its interval: those of the rows, which are drawn apart, as the root of their squares."""
    return float(np.sqrt(sum((row[side] - row["simulated_lost_hours_per_year"]) ** 2 for row in rows)))


def _by_hour(written: Written, parts: tuple[Subsystem, ...], names: list[str]) -> pd.DataFrame:
    """Probability by hour of the model year that the load is not carried in full, by class and subsystem, and together."""
    found: dict[str, np.ndarray] = {"hour": written.hours}
    for name in names:
        risks = {part.name: part.risk(name) for part in parts}
        found |= {f"{name}_{part.replace(' ', '_')}_loss_of_load_probability": risk for part, risk in risks.items()}
        found[f"{name}_loss_of_load_probability"] = 1 - np.prod([1 - risk for risk in risks.values()], axis=0, dtype=float)
    return pd.DataFrame(found)


def _without_grid(site: Site, part: Subsystem) -> tuple[list[Plant], dict[str, float]]:
    """Plants that need no grid, standby sets as they run, and the share of each that does not come when it is called."""
    plants, called = [], {}
    for one in part.standing:
        if not is_feed(one):
            row = one.name if site.catalog.has(one.name, "fail_to_start") else STANDBY
            made, called[one.name] = running(site, row, one.machines) if one.stored else (one.machines, one.machines.own)
            plants.append(replace(one, machines=made))
    return plants, called


def _survival(site: Site, parts: tuple[Subsystem, ...], names: list[str], seed: int) -> pd.DataFrame:
    """Share of outages of the grid that the supply rides through, by length and class."""
    found: dict[str, object] = {"outage_hours": LENGTHS}
    for part in parts:
        if part.name == "supply":
            without, called = _without_grid(site, part)
            found |= {f"{name}_survival": survival(without, part.needs[name], LENGTHS, TRIALS, seed, part.fuel, part.battery, called) for name in names}
    return pd.DataFrame(found)


__all__ = ["FILES", "Assessment", "NoSuchPhase", "assess", "assess_plan"]
