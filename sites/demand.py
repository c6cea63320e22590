"""Checks of what a site has to serve, a fleet or a measured load, and of sizes that are given. Each yields (key, found, help)."""

from collections.abc import Iterator

from ..models.catalog import Catalog, nearest
from .dates import Finding
from .power import is_of
from .schema import SiteFile

CHAIN = {"campus": (), "low_voltage": ("transformer",)}
WHOLE = 1e-6


def check_demand(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """A site serves a fleet in halls, or a measured load, which then has its cooling within it."""
    if site.load is None:
        for name, one in (("fleet", "a [[fleet]], or a [load] in its place"), ("halls", "a [[halls]] for the racks")):
            if not getattr(site, name):
                yield (name,), f"{name} is missing: the site has {'nothing to serve' if name == 'fleet' else 'no room for racks'}", f"add {one}"
        return
    given = [(key, bool(value)) for key, value in ((("fleet",), site.fleet), (("halls",), site.halls), (("cooling", "allow"), site.cooling.allow))]
    for key, there in given:
        if there:
            yield key, f"{'.'.join(key)} is given beside a measured load", "leave it out: what is measured holds racks and cooling"
    if site.plan.objective == "speed":
        yield ("plan", "objective"), "a measured load cannot be late", 'leave objective = "speed" out'


def check_sizes(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Sizes are of technologies that may be bought, given once, as fixed or as bounds, whole units where there are only such."""
    chain = CHAIN[site.load.bus] if site.load is not None else ("transformer", "ups" if site.electrical.chain == "ac" else "rectifier_800v")
    known = (*site.power.allow, *site.cooling.allow, *chain)
    unread = not all(map(catalog.has, known))  # a name that is none is told by itself
    for number, size in enumerate(site.sizes):
        key = ("sizes", number)
        if unread and size.technology not in known and catalog.has(size.technology):
            continue  # it may be the one that is meant there
        if size.technology not in known:
            yield ((*key, "technology"), f'"{size.technology}" is nothing that may be bought',
                   f"use one of {', '.join(known)}{nearest(size.technology, known)}")
        elif size.technology in [other.technology for other in site.sizes[:number]]:
            yield (*key, "technology"), f'the size of "{size.technology}" is given twice', "give all bounds in one table"
        else:
            yield from _bounds(site, catalog, number)


def _bounds(site: SiteFile, catalog: Catalog, number: int) -> Iterator[Finding]:
    size, key = site.sizes[number], ("sizes", number)
    for ending in ("", "_energy"):
        low, high, fixed = (getattr(size, f"{name}{ending}") for name in ("minimum", "maximum", "fixed"))
        if fixed is not None and (low, high) != (None, None):
            yield (*key, f"fixed{ending}"), f"fixed{ending} is given beside a minimum or maximum", "give one or the other"
        elif low is not None and high is not None and low > high:
            yield (*key, f"minimum{ending}"), f"the minimum {low:g} is above the maximum {high:g}", "put the minimum below the maximum"
    if size.bounds(energy=True) != (None, None) and not is_of(catalog, size.technology, "battery"):
        yield key, f"{size.technology} has no energy of its own", "give its power: minimum, maximum, fixed"
    if size.fixed is not None and catalog.has(size.technology, "unit_size"):
        yield from _in_units(catalog, size.technology, size.fixed, number)


def _in_units(catalog: Catalog, technology: str, fixed: float, number: int) -> Iterator[Finding]:
    unit = catalog.number(technology, "unit_size", "MW")
    if catalog.number(technology, "modular", "1") > 0 and abs(fixed / unit - round(fixed / unit)) > WHOLE:
        yield (("sizes", number, "fixed"), f"{fixed:g} MW is no whole number of units of {unit:g} MW",
               f'give a multiple, or set another unit: [catalog.{technology}] unit_size = "{fixed:g} MW"')
