"""What a site's climate asks of every way of cooling, as tables: by system, by month, by hour; and whether dry coolers alone hold the warm loop."""

import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from ..models.conditions import Conditions, Setting
from ..models.cooling.capture import TAKES
from ..models.cooling.climate import CoolingYear, Demand, System, cooling_year
from ..models.horizon import MONTH_DAYS
from ..sites import Site
from .assemble import build_case, site_setting
from .conditions import design_conditions, year_conditions
from .errors import FolderTaken, PlannerError
from .folders import refuse_precious
from .plan import defused, swap
from .redundancy import spare_units
from .technologies import cooling_maker

# system: capture, first, plate, machine, tower
LIQUID = {
    **{cooler: ("cold_plate", cooler, None, "trim_chiller", None) for cooler in (
        "dry_cooler", "dry_cooler_close", "dry_cooler_wide", "adiabatic_cooler", "open_tower", "open_tower_close", "open_tower_wide", "closed_tower")},
    "two_phase_cold_plate": ("two_phase_cold_plate", "dry_cooler", None, "trim_chiller", None),
    "immersion": ("immersion", "dry_cooler", None, "trim_chiller", None),
}
AIR = {
    "air_cooled_chiller": ("air_handler", None, None, "air_cooled_chiller", None),
    "water_cooled_chiller": ("air_handler", None, None, "water_cooled_chiller", "open_tower"),
    "waterside_economiser": ("air_handler", None, "waterside_economiser", "water_cooled_chiller", "open_tower"),
    "direct_air_economiser": ("air_handler", "direct_air_economiser", None, "air_cooled_chiller", None),
    "indirect_evaporative": ("air_handler", "indirect_evaporative", None, "air_cooled_chiller", None),
    "contained_air_handler": ("contained_air_handler", None, None, "air_cooled_chiller", None),
    "rear_door": ("rear_door", None, None, "air_cooled_chiller", None),
}
WITHIN = {"cold_plate": "dry_cooler", "air_handler": "air_cooled_chiller", "trim_chiller": "dry_cooler"}  # the system of what names none
DRY = ("dry_cooler", "dry_cooler_close", "dry_cooler_wide")
MONTH = np.repeat(np.arange(1, 13), np.array(MONTH_DAYS) * 24)
FREE, MECHANICAL = 0.999, 0.001
FILES = ("climate.csv", "climate_monthly.csv", "climate_hourly.nc")


class NothingToCool(PlannerError):
    """A site without racks."""


@dataclass(frozen=True)
class Climate:
    """Tables over systems and months, a dataset over system and hour, and sentences on dry coolers."""

    site: str
    systems: pd.DataFrame
    monthly: pd.DataFrame
    hourly: xr.Dataset
    verdicts: tuple[str, ...]
    weather: str

    def save(self, folder: str | Path, force: bool = False) -> Path:
        """Write all files, whole or not at all. Raises FolderTaken where the folder holds something else."""
        folder = Path(folder)
        self.refuse_taken(folder, force)
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            defused(self.systems).to_csv(fresh / FILES[0], index=False, lineterminator="\n")
            defused(self.monthly).to_csv(fresh / FILES[1], index=False, lineterminator="\n")
            self.hourly.to_netcdf(fresh / FILES[2], engine="h5netcdf")
            swap(fresh, folder)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return folder

    @staticmethod
    def refuse_taken(folder: str | Path, force: bool = False) -> None:
        """Raise FolderTaken unless the folder is absent, empty, or holds climate tables alone."""
        folder = Path(folder)
        refuse_precious(folder, "a climate")
        if force or not folder.exists() or (folder.is_dir() and {item.name for item in folder.iterdir()} <= set(FILES)):
            return
        raise FolderTaken(folder, "is there and holds something else")


def climate(site: Site) -> Climate:
    """Every system over each of the site's weather years, at the full load of the fleet wanted last. Raises NothingToCool where the site wants no fleet."""
    if not site.fleet:
        raise NothingToCool(f"{site.path} wants no fleet, so there is no heat to cool: its cooling lies within the load that was measured\n"
                            "  = help: give a [[fleet]] with its variants and the accelerators wanted")
    setting, load = site_setting(site), _load(site)
    found = [_WeatherYear(name, Demand(load, spare_units(site.redundancy.cooling), year_conditions(site, scenario), design_conditions(site)), setting)
             for scenario, name in enumerate(site.weather_years or ("",))]
    systems_table = pd.DataFrame([{**one.label, **_row(year, site), "weather": site.weather_from} for one in found for year in one.years])
    months = pd.concat([_months(year).assign(**one.label) for one in found for year in one.years], ignore_index=True)
    told = tuple(f"{one.name}: {said}" if one.name else said for one in found for said in one.verdicts)
    return Climate(site.name, systems_table, months, _all_hours(found).assign_attrs(weather=site.weather_from), told, site.weather_from)


@dataclass(frozen=True)
class _WeatherYear:
    """A weather year, with its name where there are several."""

    name: str
    demand: Demand
    setting: Setting

    @cached_property
    def years(self) -> list[CoolingYear]:
        return [cooling_year(system, self.demand) for system in systems(self.setting)]

    @property
    def label(self) -> dict[str, str]:
        return {"weather_year": self.name} if self.name else {}

    @property
    def verdicts(self) -> list[str]:
        return [verdict(year, self.setting, self.demand.year) for year in self.years
                if self.setting.catalog.origin(year.system.name) in DRY]


def _all_hours(found: list[_WeatherYear]) -> xr.Dataset:
    hourly = [_hourly(one.years) for one in found]
    return hourly[0] if len(found) == 1 else xr.concat(hourly, xr.IndexVariable("scenario", [one.name for one in found]))


def systems(setting: Setting) -> list[System]:
    """The ways of cooling that a site's loops allow: those of the warm loop only where some rack is cooled by liquid. A make of the site's own is
    in that of the technology that it is like, in place of that."""
    listed = {**(LIQUID if "warm" in setting.levels else {}), **AIR}
    own = {name: tuple(name if part == origin else part for part in listed[WITHIN.get(origin, origin)])
           for name, origin in setting.catalog.like.items() if WITHIN.get(origin, origin) in listed}
    return [_system(name, setting, *parts) for name, parts in {**listed, **own}.items()]


def _system(name: str, setting: Setting, capture: str, first: str | None, plate: str | None, machine: str, tower: str | None) -> System:
    made = {part: cooling_maker(setting.catalog, part)(setting, part) for part in (capture, first, plate, machine, tower) if part is not None}
    return System(name, TAKES[setting.catalog.origin(capture)][0], made[capture], made[machine],
                  *(made[part] if part else None for part in (first, plate, tower)))


def _load(site: Site) -> float:
    """MW of IT of the fleet wanted last, as plants are sized on."""
    return build_case(site).peak


def modes(free: np.ndarray) -> dict[str, np.ndarray]:
    """Which hours are free, mixed, mechanical."""
    return {"free": free >= FREE, "mixed": (free < FREE) & (free > MECHANICAL), "mechanical": free <= MECHANICAL}


def _row(year: CoolingYear, site: Site) -> dict:
    system = year.system
    told = system.first or system.plate or system.machine
    return {"system": system.name, "heat": system.heat.removesuffix("_heat"), "allowed": system.name in site.cooling.allow,
            "pue_part": float(year.power.mean()), "wue_l_per_kwh": float(year.water.mean()),
            **{f"{mode}_hours": int(inside.sum()) for mode, inside in modes(year.free).items()},
            "design_power_per_it": year.design_power, "design_free_share": year.held, "design_capacity_share": year.design_ratio[told.name],
            **{f"installed_{role}_mw_per_mw": year.installed.get(part.name, 0.0) if part else 0.0 for role, part in (
                ("first", system.first or system.plate), ("machine", system.machine))}}


def _months(year: CoolingYear) -> pd.DataFrame:
    rows = [{"system": year.system.name, "month": month, "pue_part": float(year.power[month == MONTH].mean()),
             "wue_l_per_kwh": float(year.water[month == MONTH].mean()),
             **{f"{mode}_hours": int(inside[month == MONTH].sum()) for mode, inside in modes(year.free).items()}} for month in range(1, 13)]
    return pd.DataFrame(rows)


def _hourly(years: list[CoolingYear]) -> xr.Dataset:
    """power, water and free share over system and hour of the model year, with units."""
    told = {"pue_part": ("power", "MW of cooling per MW of IT"), "wue": ("water", "L of water per kWh of IT"), "free_share": ("free", "1")}
    data = {name: (("system", "hour"), np.array([getattr(year, field) for year in years]), {"units": unit}) for name, (field, unit) in told.items()}
    return xr.Dataset(data, {"system": [year.system.name for year in years], "hour": np.arange(len(years[0].power))})


def verdict(year: CoolingYear, setting: Setting, conditions: Conditions) -> str:
    """Whether a dry cooler alone holds the warm loop, and by how much it falls short."""
    loop, approach = setting.loops.warm, setting.catalog.number(year.system.name, "approach", "delta_degC")
    short = int((year.free < FREE).sum())
    warmest = float(conditions.dry_bulb.max())
    if year.held >= FREE:
        return (f"{year.system.name} alone holds the warm loop ({loop.supply:g} degC, approach {approach:g} K) at the design hour; "
                f"{short} hours of the year are beyond it (warmest {warmest:.1f} degC)")
    return (f"{year.system.name} alone does not hold the warm loop ({loop.supply:g} degC, approach {approach:g} K): at the design hour it takes "
            f"{year.held:.0%} of the heat; {short} hours of the year need chillers, pads or a warmer loop")
