"""Checks across keys, one function each: what no single value can show. Each yields (key, found, help)."""

from collections.abc import Iterator

from ..models.catalog import Catalog, nearest
from .schema import SiteFile

Finding = tuple[tuple, str, str]


def check_dates(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """The plan runs forward, in whole months."""
    if site.plan.end <= site.plan.start:
        yield ("plan", "end"), f"the plan ends on {site.plan.end}, not after its start {site.plan.start}", "put plan.end after plan.start"
    if site.plan.start.day != 1:
        yield ("plan", "start"), f"the plan starts on {site.plan.start}", "start on the first day of a month"


def check_wanted(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Wanted counts grow, by date."""
    for number, tranche in enumerate(site.fleet):
        for name in ("wanted", "latest"):
            rows = getattr(tranche, name)
            for place in range(1, len(rows)):
                if rows[place].by <= rows[place - 1].by:
                    yield (("fleet", number, name, place, "by"), f"{rows[place].by} comes after {rows[place - 1].by} in the list",
                           "put the dates in order")
                if rows[place].count < rows[place - 1].count:
                    yield (("fleet", number, name, place, "count"), f"{rows[place].count:g} is less than {rows[place - 1].count:g} before",
                           "counts are cumulative: give the total in service")


def check_horizon(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """What is dated lies in the plan."""
    for number, stage in enumerate(site.grid.stages):
        if stage.available_from >= site.plan.end:
            yield (("grid", "stages", number, "available_from"), f"{stage.available_from} is after the plan's end {site.plan.end}",
                   "extend plan.end or leave the stage out")
    for number, tranche in enumerate(site.fleet):
        for place, wanted in enumerate(tranche.wanted):
            if wanted.by >= site.plan.end:
                yield ("fleet", number, "wanted", place, "by"), f"{wanted.by} is after the plan's end {site.plan.end}", "extend plan.end"


def check_names(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """What is named exists."""
    for number, tranche in enumerate(site.fleet):
        racks = [name for name in catalog.technologies() if catalog.has(name, "accelerators_per_rack")]
        for place, variant in enumerate(tranche.variants):
            if variant not in racks:
                yield ("fleet", number, "variants", place), f'"{variant}" is no rack of the catalogue', _one_of(variant, racks)
    for table, known in (("power", POWER), ("cooling", COOLING)):
        for place, name in enumerate(getattr(site, table).allow):
            if name not in known:
                yield (table, "allow", place), f'"{name}" is no technology of this list', _one_of(name, known)
    racks_and_halls = {name for tranche in site.fleet for name in tranche.variants} | {"hall"}
    for number, asset in enumerate(site.assets):
        known = (*POWER, *COOLING, *CHAIN, *racks_and_halls)
        if asset.technology not in known or asset.technology == "battery":
            yield ("assets", number, "technology"), f'"{asset.technology}" cannot be an asset', _one_of(asset.technology, known)


POWER = ("reciprocating_engine", "aeroderivative_turbine", "diesel_standby", "battery", "solar_pv")
COOLING = ("dry_cooler", "adiabatic_cooler", "open_tower", "water_cooled_chiller")
CHAIN = ("transformer", "ups", "cold_plate", "air_handler")


def _one_of(name: str, known) -> str:
    return f"use one of {', '.join(sorted(known))}{nearest(name, known)}"


def check_values(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Shedding costs more than being late, else accelerators without power would beat waiting."""
    for number, tranche in enumerate(site.fleet):
        if tranche.value_of_lost_load <= tranche.value_of_compute:
            yield (("fleet", number, "value_of_lost_load"),
                   f"{tranche.value_of_lost_load:g} USD/accelerator/hour is not above value_of_compute {tranche.value_of_compute:g}",
                   "shedding compute that was bought must cost more than being late")


def check_halls(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Every variant finds a kind of hall."""
    kinds = {hall.cooling for hall in site.halls}
    for number, tranche in enumerate(site.fleet):
        for place, variant in enumerate(tranche.variants):
            if not catalog.has(variant, "liquid_share"):
                continue
            needed = "liquid" if catalog.number(variant, "liquid_share", "1") > 0 else "air"
            if not kinds & {needed, "mixed"}:
                yield ("fleet", number, "variants", place), f'"{variant}" needs a hall with {needed} cooling', f'add a [[halls]] with cooling = "{needed}"'


def check_unique(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Names are given once."""
    for table, rows in (("fleet", site.fleet), ("halls", site.halls), ("assets", site.assets), ("grid.stages", site.grid.stages)):
        seen: set[str] = set()
        for number, row in enumerate(rows):
            if row.name in seen:
                yield (*table.split("."), number, "name"), f'"{row.name}" is given twice', "give each its own name"
            seen.add(row.name)


CHECKS = (check_dates, check_wanted, check_horizon, check_names, check_values, check_halls, check_unique)
