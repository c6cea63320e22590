"""Checks across keys, one function each: what no single value can show. Each yields (key, found, help)."""

from collections.abc import Callable, Iterable, Iterator

from ..models.catalog import Catalog, nearest
from .air_checks import check_air, check_heat
from .climate_checks import check_climate
from .costs import check_costs
from .dates import Finding, check_counts, check_horizon, check_latest, check_order, check_plan, check_steps
from .demand import check_demand, check_sizes
from .envelope import check_classes, check_loops
from .fleet import Asset
from .heat_checks import check_heat_network, check_tank
from .power import check_power, is_of, power_technologies
from .reliability_checks import check_reliability
from .reserved import is_reserved, named_by_site
from .schema import SiteFile
from .weather_checks import check_weather

Check = Callable[[SiteFile, Catalog], Iterator[Finding]]

NEEDS_LIQUID = ("cold_plate", "two_phase_cold_plate", "immersion", "trim_chiller")
CHAIN = ("transformer", "ups", "rectifier_800v")
NOT_OF_CHAIN = {"ac": "rectifier_800v", "800 V dc": "ups"}


def cooling_technologies(catalog: Catalog) -> list[str]:
    """Everything that may be bought to catch, carry, store or reject heat: what has whole units or any size in the catalogue's table of cooling, but
    heat pumps, which come with a heat network."""
    return [name for name in catalog.with_parameter("modular")
            if catalog.entry(name, "modular").table == "cooling" and catalog.origin(name) != "heat_pump"]


def check_allowed(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Technologies that may be bought are known, each given once."""
    for table, known in (("power", power_technologies(catalog)), ("cooling", cooling_technologies(catalog))):
        names = getattr(site, table).allow
        yield from _known((table, "allow"), names, known, "technology of this list")
        yield from _once((table, "allow"), names)


def check_liquid(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """What works on the warm loop needs racks whose heat goes there."""
    racks = [name for tranche in site.fleet for name in tranche.variants if catalog.has(name, "liquid_share")]
    if not any(catalog.number(name, "liquid_share", "1") > 0 for name in racks):
        for place, name in enumerate(site.cooling.allow):
            if catalog.origin(name) in NEEDS_LIQUID:
                yield (("cooling", "allow", place), f'"{name}" has nothing to cool: no variant of the fleet is cooled by liquid',
                       "leave it out, or add a variant with a liquid_share above zero")


def check_variants(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Variants are racks of the catalogue, each given once."""
    for number, tranche in enumerate(site.fleet):
        yield from _known(("fleet", number, "variants"), tranche.variants, _racks(catalog), "rack of the catalogue")
        yield from _once(("fleet", number, "variants"), tranche.variants)


def _racks(catalog: Catalog) -> list[str]:
    return [name for name in catalog.technologies() if catalog.has(name, "accelerators_per_rack")]


def _known(key: tuple, names: Iterable[str], known: Iterable[str], kind: str) -> Iterator[Finding]:
    for place, name in enumerate(names):
        if name not in known:
            yield (*key, place), f'"{name}" is no {kind}', _one_of(name, known)


def _once(key: tuple, names: tuple[str, ...]) -> Iterator[Finding]:
    for place, name in enumerate(names):
        if name in names[:place]:
            yield (*key, place), f'"{name}" is given twice', "leave one out"


def _one_of(name: str, known: Iterable[str]) -> str:
    return f"use one of {', '.join(sorted(known))}{nearest(name, known)}"


def check_assets(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Assets are of a technology that is known. Those of a hall or rack are told by its name, all others have a name of their own."""
    racks = {name for tranche in site.fleet for name in tranche.variants}
    known, taken = {*power_technologies(catalog), *cooling_technologies(catalog), *CHAIN, *racks, "hall"}, named_by_site(site)
    units = {*known, *taken, *(asset.name for asset in site.assets)}
    for number, asset in enumerate(site.assets):
        key = ("assets", number)
        if asset.technology not in known:
            yield (*key, "technology"), f'"{asset.technology}" cannot be an asset', _one_of(asset.technology, known)
        elif asset.technology in racks | {"hall"}:
            named = _named_by(site, asset.technology)
            if asset.name not in named:
                yield (*key, "name"), f'"{asset.name}" is none of the names of a {asset.technology}', _one_of(asset.name, named)
        elif asset.name in known:
            yield (*key, "name"), f'"{asset.name}" is the name of a technology', "give the asset a name of its own"
        elif is_reserved(asset.name, units):
            yield (*key, "name"), f'"{asset.name}" is a name that the planner has for something of its own', "give the asset another name"
        elif asset.name in taken:
            yield (*key, "name"), f'"{asset.name}" is what plans call something of {taken[asset.name]}', "give the asset another name"


def check_electrical(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Units that are given belong to the chain that is chosen, and so does the mode of the UPS."""
    other = NOT_OF_CHAIN[site.electrical.chain]
    for number, asset in enumerate(site.assets):
        if asset.technology == other:
            yield (("assets", number, "technology"), f'"{other}" is no part of the chain "{site.electrical.chain}"',
                   "leave the asset out, or set electrical.chain")
    if site.electrical.chain == "800 V dc" and site.electrical.ups_mode == "eco":
        yield ("electrical", "ups_mode"), 'the chain "800 V dc" has no UPS to run in eco mode', "leave ups_mode out"


def _named_by(site: SiteFile, technology: str) -> list[str]:
    """Names by which an asset says which halls, or racks of which tranche, it adds to; the rack's own name will do for a single tranche."""
    if technology == "hall":
        return [hall.name for hall in site.halls]
    tranches = [tranche.name for tranche in site.fleet if technology in tranche.variants]
    return [*tranches, technology] if len(tranches) == 1 else tranches


def check_battery_energy(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """A battery of its own size gives its energy; nothing else has any."""
    for number, asset in enumerate(site.assets):
        battery = is_of(catalog, asset.technology, "battery")
        sized = battery and asset.unit_size is not None
        if battery and asset.unit_size is None:
            yield ("assets", number, "technology"), "a battery asset needs its unit_size and energy", 'add unit_size = "20 MW" and energy = "80 MWh"'
        if sized and asset.energy is None:
            yield ("assets", number, "unit_size"), "a battery with unit_size needs energy", 'add the energy of a unit: energy = "80 MWh"'
        if asset.energy is not None and not battery:
            yield ("assets", number, "energy"), "energy is only for a battery with unit_size", "leave energy out, or give unit_size as power a unit"


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


def check_interruptible(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """A stage that is not firm says, in one way, when it is unavailable; a firm one says nothing."""
    for number, stage in enumerate(site.grid.stages):
        given = [name for name in ("availability", "unavailable_hours") if getattr(stage, name) is not None]
        if stage.firm and given:
            yield ("grid", "stages", number, given[0]), f"a firm stage gives {given[0]}", "set firm = false, or leave it out"
        elif not stage.firm and not given:
            yield (("grid", "stages", number), "a stage that is not firm says nothing of when it is unavailable",
                   'give availability = "file.csv" or unavailable_hours = "100 hour"')
        elif len(given) == 2:
            yield ("grid", "stages", number, given[1]), "a stage gives both availability and unavailable_hours", "give one of them"


def check_utilisation(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """A utilisation is flat or daily."""
    for number, tranche in enumerate(site.fleet):
        given = tranche.utilisation
        if given is not None and (given.flat is None) == (given.daily is None):
            yield ("fleet", number, "utilisation"), "a utilisation gives both or neither of flat and daily", "give exactly one of flat, daily"


def check_unique(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Names are given once in each list."""
    shared = {"hall", *_racks(catalog)}
    lists = {
        ("fleet",): site.fleet, ("halls",): site.halls, ("assets",): site.assets, ("grid", "stages"): site.grid.stages,
        ("grid", "demand_charges"): site.grid.demand_charges, ("gas", "pipelines"): site.gas.pipelines if site.gas else (),
    }
    for table, rows in lists.items():
        seen: set[str] = set()
        for number, row in enumerate(rows):
            if isinstance(row, Asset) and row.technology in shared:
                continue
            if row.name in seen:
                yield (*table, number, "name"), f'"{row.name}" is given twice', "give each its own name"
            seen.add(row.name)


def check_ratchet(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """A ratchet looks at peaks that its charge measures."""
    for number, charge in enumerate(site.grid.demand_charges):
        if charge.ratchet and not set(charge.ratchet_months) & set(charge.months):
            yield (("grid", "demand_charges", number, "ratchet_months"), "no month of the ratchet is a month of the charge",
                   f"give one of {', '.join(map(str, sorted(charge.months)))}, or leave it out")


CHECKS = (check_demand, check_sizes, check_plan, check_steps, check_order, check_counts, check_latest, check_horizon, check_variants, check_allowed,
          check_liquid, check_assets, check_battery_energy, check_electrical, check_classes, check_loops, check_climate, check_heat_network,
          check_ratchet, check_tank, check_heat, check_air, check_values, check_halls, check_interruptible, check_utilisation, check_unique, check_costs,
          check_power, check_reliability, check_weather)


def check_code(check: Check) -> str:
    """The code of the problems that a check finds: check-order for check_order."""
    return check.__name__.replace("_", "-")
