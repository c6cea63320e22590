"""The loops of a site and the racks that it wants: classes that there are, and temperatures that every rack allows."""

from collections.abc import Callable, Iterator

from ..models.catalog import Catalog, nearest
from ..models.conditions import Loops
from ..models.cooling.envelope import AIR_CLASSES, COOLANT_CLASSES, Limit, chilled_limit, is_liquid, loops, warm_limit
from .dates import Finding
from .schema import SiteFile
from .site import Site

SETS_A_LOOP = {"cold_plate": "cold_plate", "two_phase_cold_plate": "cold_plate", "air_handler": "air_handler"}  # capture -> by whose rows loops are set
ROWS_OF_LOOPS = ("approach", "inlet_rise")


def wanted_racks(site: SiteFile | Site, catalog: Catalog) -> list[str]:
    """Racks that some tranche may be bought as, those that are no rack left out."""
    return list(dict.fromkeys(name for tranche in site.fleet for name in tranche.variants if catalog.has(name, "accelerators_per_rack")))


def check_classes(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """The class of a rack, where the site sets it, is one of the classes; what is cooled by liquid says how warm."""
    for rack in wanted_racks(site, catalog):
        if _lacks_coolant(catalog, rack):
            yield ("catalog", rack, "liquid_share"), f'"{rack}" is cooled by liquid and has no coolant_supply_maximum', "make it like a liquid-cooled rack"
        for key, kind, known in _unknown_classes(catalog, rack):
            yield ("catalog", rack, key), f'"{kind}" is no {key.replace("_", " ")}', f"use one of {', '.join(known)}{nearest(kind, known)}"


def _lacks_coolant(catalog: Catalog, rack: str) -> bool:
    return is_liquid(catalog, rack) and not catalog.has(rack, "coolant_supply_maximum")


def _unknown_classes(catalog: Catalog, rack: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for key, known in {"air_class": AIR_CLASSES, "coolant_class": COOLANT_CLASSES}.items():
        if catalog.has(rack, key) and catalog.text(rack, key) not in known:
            yield key, catalog.text(rack, key), known


def check_loops(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """No loop is held warmer than a rack that is wanted allows."""
    racks = [rack for rack in wanted_racks(site, catalog) if not _lacks_coolant(catalog, rack) and not list(_unknown_classes(catalog, rack))]
    limits: dict[str, Callable[..., Limit | None]] = {"warm": warm_limit, "chilled": chilled_limit}
    for level, limit_of in limits.items():
        held = getattr(site.cooling, f"{level}_supply")
        limits_of_racks = [limit_of(catalog, [rack]) for rack in racks]
        exceeded = [limit for limit in limits_of_racks if limit is not None and held is not None and held > limit.temperature]
        for limit in sorted(exceeded)[:1]:
            yield (("cooling", f"{level}_supply"), f"the {level} loop is held at {held:g} degC, where {limit}",
                   f"hold it at {limit.temperature:g} degC or colder, or leave {limit.rack} out of the fleet's variants")


def loop_notes(site: SiteFile, catalog: Catalog) -> Iterator[str]:
    """A note for each value of a capture that would move a loop, were it that of the capture with which temperatures are set."""
    for technology, values in site.catalog.items():
        setter = SETS_A_LOOP.get(catalog.origin(technology), technology)
        yield from (f"catalog.{technology}.{row} moves no loop: one temperature holds for all that is on a loop, set with catalog.{setter}.{row}"
                    for row in ROWS_OF_LOOPS if row in values and setter != technology)


def site_loops(site: Site) -> Loops:
    """The site's loops: every rack that is wanted may be bought, so the most demanding one sets them."""
    return loops(site.catalog, wanted_racks(site, site.catalog), site.cooling.warm_supply, site.cooling.chilled_supply)


def described(site: Site) -> list[str]:
    """A line for each loop: what it is held at, how far it may float, which rack says so."""
    if site.load is not None:
        return []
    racks, made = wanted_racks(site, site.catalog), site_loops(site)
    limits = {"warm": (made.warm, warm_limit(site.catalog, racks)), "chilled": (made.chilled, chilled_limit(site.catalog, racks))}
    return [f"{level} loop held at {loop.supply:g} degC, up to {loop.allowable:g} degC beyond design conditions: {limit}"
            for level, (loop, limit) in limits.items() if limit is not None]
