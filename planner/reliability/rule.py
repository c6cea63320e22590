"""From a target to rules before anything is solved: spare units by group from k-of-n tables at the size of the fleet, fuel for an outage of the grid.

The hours a year that a target leaves are shared: what common causes of the chain take is set aside, and what the grid's feeds take where that leaves
enough; else the site is to ride through their outages. The rest is split evenly between the subsystems. In each group the fewest spare units are taken
with which the machines' own failures stay within that. Rules of the site are kept where they are stronger, and where they are no N or N+r.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from ...models.asset import Asset
from ...models.power.topology import topology
from ...models.reliability.markov import HOURS_PER_YEAR, Machines, at_least, unavailability
from ...sites.rules import Rules, rules_of
from ..case import Case
from .machines import grid_feed, machines, per_unit, row_of, sides_share
from .subsystems import ALL, classes

MOST_SPARE = 6
PLAIN = re.compile(r"N(?:\+(\d+))?")
KEPT = 0.8  # share of the hours that are left that feeds of the grid may take before they are to be backed up
SUBSYSTEMS = 5  # supply, transformers, ups, capture, rejection


def spare_of(rule: str) -> int | None:
    """r of N+r, 0 of N, None of rules of another kind."""
    found = PLAIN.fullmatch(rule)
    return int(found[1] or 0) if found else None


def raised(rules: Rules, group: str, spare: int) -> Rules:
    """Rules with at least so many spare units in a group."""
    held = spare_of(rules.redundancy[group])
    if held is None or held >= spare:
        return rules
    return replace(rules, redundancy={**rules.redundancy, group: f"N+{min(spare, MOST_SPARE)}"})


def first_rules(case: Case) -> Rules:
    """Rules to begin with."""
    rules, needs, feed = rules_of(case.site), class_peaks(case), feed_hours(case)
    for name, target in classes(case.site).items():
        left = _left(case, target)
        backed = feed > KEPT * left
        allowance = (left if backed else left - feed) / SUBSYSTEMS
        if backed and may_back_up(case):
            rules = replace(rules, outage_hours=max(rules.outage_hours, ride_through(case, feed, allowance)))
        for group, asset, halls in _groups(case, rules):
            within = allowance * HOURS_PER_YEAR / feed if group == "generators" and feed else allowance
            rules = raised(rules, group, spare_units(case, asset, needs[ALL] / halls, needs[name] / halls, within))
    return rules


def class_peaks(case: Case) -> dict[str, float]:
    """MW of critical IT that each class needs at most, with classes above it; and of all."""
    peaks = []
    for tranche in case.site.fleet:
        hungry = max(variant.rack.power_per_accelerator for variant in case.variants if variant.tranche == tranche.name)
        most = max(step.count for step in (*tranche.wanted, *tranche.latest))
        peaks.append((tranche.workload, tranche.critical_share * hungry * most))
    found: dict[str, float] = {}
    carried = 0.0
    for name in classes(case.site):
        carried += sum(peak for workload, peak in peaks if name in (ALL, workload))
        found[name] = carried
    return found | {ALL: sum(peak for _, peak in peaks)}


def feed_hours(case: Case) -> float:
    """Hours a year without the grid; all of them where there is none."""
    return unavailability(*grid_feed(case.site)) * HOURS_PER_YEAR if case.site.grid.stages else HOURS_PER_YEAR


def may_back_up(case: Case) -> bool:
    """Whether anything may be bought, or is given, that makes power without the grid."""
    return bool(case.site.grid.stages) and any(asset.group == "generators" and (asset.buildable or asset.given) for asset in case.assets)


def ride_through(case: Case, feed: float, allowance: float) -> float:
    """Whole hours of fuel: repair times are exponential, so outages longer than D take feed x exp(-D / repair) hours a year, a tenth of what is allowed."""
    longest = grid_feed(case.site)[1] * math.log(max(1.0, 10 * feed / allowance))
    return float(math.ceil(max(case.site.catalog.number("diesel_standby", "fuel_least", "hour"), longest)))


def spare_units(case: Case, asset: Asset, all_need: float, need: float, hours: float) -> int:
    """Fewest units beyond those that carry `all_need` (MW) with which `need` is carried but for `hours` a year, common causes apart."""
    catalog = case.site.catalog
    row = row_of(catalog, asset.technology, asset.group == "cooling") or asset.technology
    each = per_unit(catalog, row)
    whole, needed = math.ceil(all_need / asset.unit_size - 1e-9), math.ceil(need / asset.unit_size * each - 1e-9)
    for spare in range(MOST_SPARE):
        if lost_hours(replace(machines(case.site, row, (whole + spare) * each), beta=0.0), needed) <= hours:
            return spare
    return MOST_SPARE


def lost_hours(made: Machines, needed: int) -> float:
    """Hours a year with fewer than `needed` machines."""
    return (1 - at_least(made, needed)) * HOURS_PER_YEAR


def _left(case: Case, target: float | None) -> float:
    """Hours a year that a target leaves, less what common causes of the chain take."""
    total = (1 - (target or 0.0)) * HOURS_PER_YEAR
    common = sum(_chain_common(case, asset) for asset in case.assets if asset.group in ("ups", "transformer"))
    return max(total - common, (1 - KEPT) * total)


def _chain_common(case: Case, asset: Asset) -> float:
    """Hours a year that the common cause of a chain takes, where its sides stand apart that of all of them."""
    made = machines(case.site, asset.technology, 1)
    apart = topology(getattr(case.site.redundancy, asset.group or "")).units > 1
    return (replace(made, beta=min(made.beta, sides_share(case.site))) if apart else made).common * HOURS_PER_YEAR


def _groups(case: Case, rules: Rules) -> Iterator[tuple[str, Asset, float]]:
    """(group, what is bought, halls that it is divided over) of every group that a rule sets."""
    largest = max(hall.unit_size for hall in case.halls)
    halls = float(np.ceil(class_peaks(case)[ALL] / largest))
    backed = rules.outage_hours > 0 or not case.site.grid.stages
    for asset in _bought(case.assets):
        if asset.group in ("ups", "transformer"):
            yield asset.group, asset, max(1.0, halls)
        elif asset.group == "cooling" or (asset.group == "generators" and backed):
            yield asset.group, asset, 1.0


def _bought(assets: Iterable[Asset]) -> Iterator[Asset]:
    return (asset for asset in assets if asset.group and asset.integer and (asset.buildable or asset.given))
