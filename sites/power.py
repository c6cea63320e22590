"""Power technologies that a site names: which there are, what each needs of the site, which need wind and sun."""

import itertools
import re
from collections.abc import Iterator

from ..models.catalog import Catalog, load_catalog
from ..models.power.yields import yield_of
from .schema import SiteFile
from .site import Site

NOTHING = "nothing"
PROFILES = ("sun", "wind", "flat")
POINT = r"\d+(\.\d+)?:\d+(\.\d+)?"
CURVE = re.compile(f"{POINT}(/{POINT})+")
NEEDS = {"gas": "a [gas] with its price and pipelines", "connection": "a connection: grid.stages"}


def power_technologies(catalog: Catalog) -> list[str]:
    """Everything that may be bought as supply or storage: all that names a formulation."""
    return catalog.with_parameter("formulation")


def is_of(catalog: Catalog, technology: str, formulation: str) -> bool:
    """Whether a technology is built by a formulation of models/power."""
    return catalog.has(technology, "formulation") and catalog.text(technology, "formulation") == formulation


def lacks(site: SiteFile | Site, catalog: Catalog, technology: str) -> str:
    """What a power technology needs that the site does not have; nothing where it can run."""
    needed = catalog.text(technology, "needs")
    there = {"gas": site.gas is not None, "connection": bool(site.grid.stages)}
    return "" if there.get(needed, True) else NEEDS[needed]


def power_notes(site: SiteFile, catalog: Catalog) -> Iterator[str]:
    """A note for each technology that is allowed and cannot run, so that no plan holds it, and one on wind that is not of the hub."""
    for technology in site.power.allow:
        if needed := lacks(site, catalog, technology):
            yield f'power.allow: "{technology}" is left out, for the site has no {needed.removeprefix("a ")}'
    named = (*site.power.allow, *(asset.technology for asset in site.assets))
    windy = [name for name in named if catalog.has(yield_of(catalog, name), "profile") and catalog.text(yield_of(catalog, name), "profile") == "wind"]
    if windy and site.wind is None:
        yield f"{', '.join(windy)}: the weather file's wind is carried to the hub by a power law; give [wind] where the wind at the hub is known"


def needs_sky(site: SiteFile) -> bool:
    """Whether some technology of the site is driven by sun or wind, so that the weather file has to hold both."""
    held = load_catalog()
    named = (*site.power.allow, *(asset.technology for asset in site.assets))
    bases = [site.catalog.get(name, {}).get("like", name) for name in named]
    return any(held.has(base) and held.has(yield_of(held, base), "profile") and held.text(yield_of(held, base), "profile") != "flat" for base in bases)


def check_power(site: SiteFile, catalog: Catalog) -> Iterator[tuple[tuple, str, str]]:
    """What a power technology needs, and whose yield it has, are things that there are; a power curve is one."""
    for technology in power_technologies(catalog):
        needed = catalog.text(technology, "needs")
        if needed not in (*NEEDS, NOTHING):
            yield ("catalog", technology, "needs"), f'"{needed}" is nothing that a site has', f"use {', '.join((*NEEDS, NOTHING))}"
        field = yield_of(catalog, technology)
        if field != technology and not catalog.has(field, "profile"):
            yield ("catalog", technology, "yield_as"), f'"{field}" has no yield by hour', f"use one of {', '.join(catalog.with_parameter('profile'))}"
        elif catalog.has(field, "profile") and catalog.text(field, "profile") not in PROFILES:
            yield ("catalog", field, "profile"), f'"{catalog.text(field, "profile")}" is no profile', f"use {', '.join(PROFILES)}"
        if catalog.has(technology, "power_curve") and not _is_curve(catalog.text(technology, "power_curve")):
            yield (("catalog", technology, "power_curve"), f'"{catalog.text(technology, "power_curve")}" is no power curve',
                   'write rising speeds in m/s, each with its power in kW: "3:0/8:2200/10:4000/25:0"')


def _is_curve(text: str) -> bool:
    if not CURVE.fullmatch(text):
        return False
    pairs = [tuple(map(float, point.split(":"))) for point in text.split("/")]
    return all(low < high for (low, _), (high, _) in itertools.pairwise(pairs)) and max(power for _, power in pairs) > 0
