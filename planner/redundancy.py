"""Redundancy: what a group of units that stand in for one another can be relied on for in design hours.

N+r: capacity without r units (of the largest size in use; in each hall for its UPS and transformers). 2N: half the capacity. UPS and
transformers come in whole sets where the rule has sets (2 of 2N, k + 1 to make k): what is beyond whole sets is not relied on. Plants N+1: with the
grid, the load is carried though all units of any one plant of generators trip at once; standby sets with fuel stand in (planner/system.py).

Whether a size is in use is a whole number, tied to the capacity by the largest that it may have: LARGEST_SHARE times the MW of IT that the
whole fleet may draw, and the spare units. A plant of one technology is not planned beyond that.
"""

from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from ..models.asset import Asset
from ..models.horizon import Phase
from ..models.power.topology import Topology, topology
from ..models.terms import measured, units_of

if TYPE_CHECKING:
    from .case import Case
    from .programme import Programme

PER_HALL = ("ups", "transformer")
LARGEST_SHARE = 2.5


def spare_units(rule: str) -> int:
    """r of "N+r", 0 for N and 2N."""
    return int(rule[2:]) if rule.startswith("N+") else 0


def lost(programme: "Programme", phase: Phase) -> dict[str, tuple[tuple[str, ...], object, float]]:
    """For each group with a rule: its assets, the MW lost, the share of capacity relied on."""
    found = {}
    for group, assets in _groups(programme).items():
        rule = getattr(programme.case.site.redundancy, assets[0].group or "", "N")
        shape = topology(rule)
        if shape.units > 1 and group in PER_HALL:
            found[group] = (tuple(asset.name for asset in assets), _beyond_sets(programme, phase, group, assets, shape), shape.share)
        elif rule == "2N":
            found[group] = (tuple(asset.name for asset in assets), 0.0, 0.5)
        elif rule != "N":
            names = tuple(asset.name for asset in assets)
            found[group] = (names, _loss(programme, phase, group, assets, spare_units(rule)), 1.0)
    return found


def plants(case: "Case") -> tuple[str, ...]:
    """Plants of generators, standby among them, of which [redundancy] plants lets any one trip as a whole."""
    return tuple(asset.name for asset in case.assets if asset.group == "generators")


def _groups(programme: "Programme") -> dict[str, list[Asset]]:
    """Generators stand in for one another; in cooling each technology is a plant of its own."""
    groups: dict[str, list[Asset]] = {}
    for asset in programme.case.assets:
        if asset.group:
            groups.setdefault(asset.name if asset.group == "cooling" else asset.group, []).append(asset)
    return groups


def _given(asset: Asset) -> float:
    """MW of an asset that comes in any case."""
    return sum(item.units for item in asset.given) * asset.unit_size


def _beyond_sets(programme: "Programme", phase: Phase, group: str, assets: list[Asset], shape: Topology):
    """MW of the share relied on that units outside whole sets would have."""
    block: Any = pyo.Block()
    programme.model.add_component(f"sets_{group}_{phase.index}", block)
    modular = [asset for asset in assets if asset.integer]
    block.whole = pyo.Var([asset.name for asset in modular], domain=pyo.NonNegativeIntegers)
    block.rules = pyo.ConstraintList()
    beyond: Any = measured(0.0, "MW")
    for asset in modular:
        single: Any = programme.asset(asset.name).online[phase.index] - shape.units * block.whole[asset.name]  # type: ignore[operator]
        block.rules.add(single >= 0)  # type: ignore[call-arg]
        beyond += measured(shape.share * asset.unit_size, "MW") * single
    return beyond


def _loss(programme: "Programme", phase: Phase, group: str, assets: list[Asset], spare: int):
    if group in PER_HALL:
        halls = sum(programme.asset(hall.name).online[phase.index] for hall in programme.case.halls) if programme.case.halls else 1.0
        return measured(spare * max(asset.unit_size for asset in assets), "MW") * halls
    block: Any = pyo.Block()
    programme.model.add_component(f"spare_{group}_{phase.index}", block)
    block.lost = pyo.Var(domain=pyo.NonNegativeReals, units=units_of("MW"))
    block.used = pyo.Var([asset.name for asset in assets], domain=pyo.Binary)
    block.rules = pyo.ConstraintList()
    for asset in assets:
        capacity = programme.asset(asset.name).capacity[phase.index]
        largest = asset.most * asset.unit_size if asset.most else max(LARGEST_SHARE * programme.case.peak + (spare + 1) * asset.unit_size, _given(asset))
        block.rules.add(capacity <= measured(largest, "MW") * block.used[asset.name])  # type: ignore[call-arg]
        block.rules.add(block.lost >= measured(spare * asset.unit_size, "MW") * block.used[asset.name])  # type: ignore[call-arg]
    return block.lost
