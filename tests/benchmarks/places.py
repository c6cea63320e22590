"""The sites that are measured: Abilene over 15 years, and a small fleet near Ashburn over as many years as wanted."""

import datetime
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

from dcplan.models.catalog import load_catalog
from dcplan.sites import Site, load_site

from ..small import merged, toml

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
BEGIN = datetime.date(2030, 1, 1)
QUARTERS = 12
POWER = ("reciprocating_engine", "aeroderivative_turbine", "diesel_standby", "battery", "solar_pv")
COOLING = ("dry_cooler", "adiabatic_cooler", "open_tower", "water_cooled_chiller")


def copied(example: str, folder: Path, change: Callable[[dict], dict]) -> Site:
    """An example, its tables changed, in a folder."""
    shutil.copytree(EXAMPLES / example, folder, dirs_exist_ok=True)
    tables = change(tomllib.loads((folder / "site.toml").read_text(encoding="utf-8")))
    (folder / "site.toml").write_text("\n".join(f"{name} = {toml(value)}" for name, value in tables.items()), encoding="utf-8")
    return load_site(folder / "site.toml")


def abilene(folder: Path, change: Callable[[dict], dict] = lambda tables: tables, years: int = 15, gap: str = "0.1 %") -> Site:
    """Abilene over 15 years from July 2024: quarters while it is built, years after, with five makes of supply and four of rejection.

    With transformers, UPS, cold plates and air handlers that is 13 technologies that can be bought, 11 of them in whole units.
    """
    def longer(tables: dict) -> dict:
        start = tables["plan"]["start"]
        end = start.replace(year=start.year + years)
        steps = [{"until": datetime.date(2026, 12, 31), "step": "quarter"}, {"until": end, "step": "year"}]
        plan = {"end": end, "steps": steps if end > steps[0]["until"] else [{"until": end, "step": "quarter"}], "resolution": "full", "mip_gap": gap}
        return change(merged(tables, {"plan": plan, "power": {"allow": list(POWER)}, "cooling": {"allow": list(COOLING)}}))
    return copied("abilene", folder, longer)


def small_fleet(folder: Path, months: int, gap: str = "0.1 %") -> Site:
    """A few MW near Ashburn for so many months: grid, engines, battery, PV, dry coolers, towers and chillers, real weather, tariff and water right.

    Everything can be had at once, so that the first month is in operation. The fleet grows for three years, quarter by quarter, and stays.
    """
    end = _after(months)
    return copied("ashburn", folder, lambda tables: _small(tables, end, gap))


def _small(tables: dict, end: datetime.date, gap: str) -> dict:
    wanted = [{"by": _after(12 * year), "count": f"{1024 * (year + 2)} accelerator"} for year in range(4) if _after(12 * year) < end]
    plan = {"start": BEGIN, "end": end, "steps": _steps(end), "mip_gap": gap, "resolution": "full"}
    stages = [{"name": "firm", "capacity": "6 MW", "available_from": BEGIN, "status": "existing"},
              {"name": "more", "capacity": "6 MW", "available_from": datetime.date(2032, 1, 1), "status": "committed", "cost": "3 MUSD"}]
    dated = [stage for stage in stages if stage["available_from"] < end]
    gas = [tables["gas"]["pipelines"][0] | {"available_from": BEGIN, "status": "existing"}]
    fleet = {**tables["fleet"][0], "variants": ["hgx_b200_liquid"], "racks_per_pod": 4, "wanted": wanted}
    changed = merged(tables, {
        "plan": plan, "grid": {"stages": dated}, "gas": {"pipelines": gas}, "fleet": [fleet], "water": {"right": "60000 m3/year"},
        "halls": [{"name": "mixed", "cooling": "mixed", "it_capacity": "3 MW", "most": 5}],
        "power": {"allow": ["reciprocating_engine", "battery", "solar_pv"]}, "cooling": {"allow": ["dry_cooler", "open_tower", "water_cooled_chiller"]},
        "catalog": merged(at_once(), {"reciprocating_engine": {"unit_size": "2 MW"}, "dry_cooler": {"unit_size": "1 MW"}, "ups": {"unit_size": "1 MW"},
                                      "transformer": {"unit_size": "2 MW"}})})
    return {name: table for name, table in changed.items() if name != "outage"}


def _after(months: int) -> datetime.date:
    return datetime.date(BEGIN.year + months // 12, 1 + months % 12, 1)


def _steps(end: datetime.date) -> list[dict]:
    """Quarters for three years, then years; months where there are few."""
    last = _after(12 * (QUARTERS // 4))
    if end <= _after(3):
        return [{"until": end, "step": "month"}]
    return [{"until": min(end, last), "step": "quarter"}, *([{"until": end, "step": "year"}] if end > last else [])]


def at_once() -> dict[str, dict[str, str]]:
    """Overrides of the catalogue: no lead time anywhere."""
    catalog = load_catalog()
    return {name: {"lead_time": "0 day"} for name in catalog.technologies() if catalog.has(name, "lead_time")}
