"""Checks of [reliability] against the fleet, each yields (key, found, help); notes on rules of [redundancy] that have nothing, or too little, to rule."""

from collections.abc import Iterator

from ..models.catalog import Catalog
from .dates import Finding
from .power import is_of, lacks
from .schema import SiteFile

WORKLOADS = ("training", "inference")
GENERATORS = ("generator", "thermal_plant", "diesel_standby")  # formulations of models/power that [redundancy] generators and plants rule
TOGETHER = (("utility_saifi", "utility_saidi"), ("utility_saidi", "utility_saifi"))


def check_reliability(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """A target is asked of a workload that the fleet has; the utility's SAIFI and SAIDI come together."""
    given = site.reliability
    for workload in WORKLOADS:
        if getattr(given, workload) is not None and workload not in {tranche.workload for tranche in site.fleet}:
            yield ("reliability", workload), f"no tranche of the fleet is {workload}", "leave it out, or give target for the whole load"
    for one, other in TOGETHER:
        if getattr(given, one) is not None and getattr(given, other) is None:
            yield ("reliability", one), f"{one} is given without {other}", f"give {other} as well: repair time is SAIDI over SAIFI"


def redundancy_notes(site: SiteFile, catalog: Catalog) -> Iterator[str]:
    """A note on each rule of generators where none may be bought and none is given; on that of plants where nothing stands in for the only one."""
    plants = {name: name for name in site.power.allow if _may_run(site, catalog, name)}
    plants |= {asset.name: asset.technology for asset in site.assets if _is_generator(catalog, asset.technology)}
    for key in () if plants else ("generators", "plants"):
        rule = getattr(site.redundancy, key)
        if rule != "N":
            yield (f'redundancy.{key} = "{rule}" changes nothing, for the site has no generators, and stages of the grid are under no such rule: '
                   'allow some in power.allow (as "reciprocating_engine" with [gas], or "diesel_standby" with outage.duration), or leave the rule out')
    for name, technology in plants.items():
        if len(plants) == 1 and site.redundancy.plants == "N+1" and not is_of(catalog, technology, "diesel_standby"):
            yield (f'redundancy.plants = "N+1" leaves nothing of {name} to rely on: it is the only plant of generators, and when it trips no other carries '
                   "its load; allow another in power.allow, or leave the rule out")


def _is_generator(catalog: Catalog, technology: str) -> bool:
    return any(is_of(catalog, technology, formulation) for formulation in GENERATORS)


def _may_run(site: SiteFile, catalog: Catalog, technology: str) -> bool:
    """Whether a technology is a generator that may be bought and has what it needs: standby its fuel."""
    without_fuel = is_of(catalog, technology, "diesel_standby") and not site.outage.duration
    return _is_generator(catalog, technology) and not lacks(site, catalog, technology) and not without_fuel
