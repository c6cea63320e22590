"""Limits of the site, each a row with a name, a key in the site file and a unit: one function a policy.

In an elastic model every limit has a slack, and the cheapest set of slacks that makes a plan possible says which limits collide.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import pyomo.environ as pyo

from ..models.asset import Asset
from ..models.horizon import DAYS_PER_MONTH, Phase, by_year, last_day
from ..models.terms import measured
from ..sites.doubts import buildable_land
from . import lateness, pulsing
from .budgets import budgets
from .smoothing import storage

if TYPE_CHECKING:
    from .case import Case
    from .programme import Programme

HALL_ROOM = {f"hall room for {' and '.join(needs)} racks": needs for needs in (("air",), ("liquid",), ("air", "liquid"))}


@dataclass
class Limit:
    """`body <= bound` in `unit`, scaled by `scale`, in force from a phase on; `tranche` where what it waits for is told: that which has to
    keep a date, or "" for all."""

    name: str
    key: str
    unit: str
    phase: Phase
    body: Any
    bound: float
    scale: float = 1.0
    row: Any = None
    slack: Any = None
    tranche: str | None = None


def land(programme: "Programme") -> Iterator[Limit]:
    """Halls, plant and PV fit on the buildable land."""
    site = programme.case.site
    bound = buildable_land(site, site.area)
    if bound is None:
        return
    for phase in programme.case.phases:
        used = sum(measured(asset.land, f"m2/{asset.unit}") * programme.asset(asset.name).capacity[phase.index]
                   for asset in programme.case.assets if asset.land)
        yield Limit("land", "limits.land", "m2", phase, used, bound, 1e4)


def halls(programme: "Programme") -> Iterator[Limit]:
    """IT power finds halls that cool it: air racks in air or mixed halls, liquid racks in liquid or mixed ones."""
    for phase in (group[0] for group in programme.groups):
        for name, needs in HALL_ROOM.items():
            racks = [variant for variant in programme.case.variants if variant.rack.cooling in needs]
            if racks:
                placed = sum(programme.asset(variant.component.name).capacity[phase.index] for variant in racks)
                offered = sum(programme.asset(hall.name).capacity[phase.index] for hall in halls_for(programme.case, needs))
                yield Limit(name, "halls", "MW", phase, placed - offered, 0.0)


def halls_for(case: "Case", needs: tuple[str, ...]) -> list[Asset]:
    """Halls that cool racks of these kinds."""
    kinds = {f"hall_{kind.name}": kind.cooling for kind in case.site.halls}
    return [hall for hall in case.halls if kinds[hall.name] in (*needs, "mixed")]


def positions(programme: "Programme") -> Iterator[Limit]:
    """Racks find positions in halls of a kind that cools them, where every such hall says how many it has."""
    kinds = {f"hall_{kind.name}": kind for kind in programme.case.site.halls}
    for phase in (group[0] for group in programme.groups):
        for needs in (("air",), ("liquid",), ("air", "liquid")):
            racks = [variant for variant in programme.case.variants if variant.rack.cooling in needs]
            room = [name for name, kind in kinds.items() if kind.cooling in (*needs, "mixed")]
            if racks and all(kinds[name].racks is not None for name in room):
                placed = sum(measured(variant.racks_per_pod, "rack") * programme.asset(variant.component.name).online[phase.index] for variant in racks)
                offered = sum(measured(kinds[name].racks, "rack") * programme.asset(name).online[phase.index] for name in room)
                yield Limit(f"rack positions for {' and '.join(needs)} racks", "halls.racks", "rack", phase, placed - offered, 0.0)


def capital(programme: "Programme") -> Iterator[Limit]:
    """Capital commissioned in a calendar year."""
    bound = programme.case.site.limits.capital_per_year
    if bound is None:
        return
    for _, phases in by_year(programme.case.phases):
        spent = sum(measured(asset.capital * asset.unit_size, "USD") * programme.asset(asset.name).build[phase.index]
                    for asset in programme.case.assets for phase in phases)
        yield Limit("capital in a year", "limits.capital_per_year", "USD", phases[0], spent, bound, 1e6)


def yearly(programme: "Programme") -> Iterator[Limit]:
    """Water, emissions and shed compute of a calendar year stay within their budgets, in every weather year by itself."""
    from .programme import yearly_sum

    if programme.slices is None:
        return
    for budget, scenario in product(budgets(programme.case.site), programme.case.scenarios):
        for _, phases in by_year(group[0] for group in programme.groups):
            used = sum(yearly_sum(programme, phase, scenario, budget.ledger, budget.item) for phase in phases)
            allowance = budget.allowance(phases, lambda tranche, phase: lateness.online(programme, tranche, phase))
            body = used - allowance if budget.per_accelerator_hour else used
            yield Limit(budget.name, budget.key, budget.unit, phases[0], body, budget.fixed(phases), budget.scale)


def latest(programme: "Programme") -> Iterator[Limit]:
    """Accelerators that must be online by a date, whatever it costs: from the start of the phase that the date lies in."""
    for tranche in programme.case.site.fleet:
        for phase in programme.case.phases:
            due = lateness.wanted_at(tranche.latest, last_day(phase))
            if due > 0:
                yield Limit(f"{tranche.name} at the latest", "fleet.latest", "accelerator", phase,
                            -lateness.online(programme, tranche.name, phase), -due, 1e3, tranche=tranche.name)


def one_of(programme: "Programme") -> Iterator[Limit]:
    """Stages of a connection of which only one may be built."""
    names = {stage.one_of for stage in programme.case.site.grid.stages if stage.one_of}
    for name in names:
        chosen = [f"grid_{stage.name}" for stage in programme.case.site.grid.stages if stage.one_of == name]
        last = programme.case.phases[-1]
        yield Limit(f"one of {name}", "grid.stages.one_of", "1", last, sum(programme.asset(stage).online[last.index] for stage in chosen), 1.0)


def deliveries(programme: "Programme") -> Iterator[Limit]:
    """Racks commissioned so far stay within those delivered so far."""
    for tranche in programme.case.site.fleet:
        for phase in programme.case.phases if tranche.deliveries else ():
            arrived = sum(_delivered(tranche.deliveries, place, phase) for place in range(len(tranche.deliveries)))
            built = sum(measured(variant.racks_per_pod, "rack") * programme.asset(variant.component.name).build[q] for variant in programme.case.variants
                        if variant.tranche == tranche.name for q in range(phase.index + 1))
            yield Limit(f"deliveries for {tranche.name}", "fleet.deliveries", "rack", phase, built, arrived)


def _delivered(schedule, place: int, phase: Phase) -> float:
    start = schedule[place].from_date
    end = schedule[place + 1].from_date if place + 1 < len(schedule) else phase.start
    months = max(0.0, (min(end, phase.start) - start).days / DAYS_PER_MONTH)
    return months * schedule[place].racks_per_month


def smoothing(programme: "Programme") -> Iterator[Limit]:
    """Storage keeps the swing of training within what the utility allows."""
    site = programme.case.site
    held = [component.asset.name for component in storage(site)]
    training = {tranche.name for tranche in site.fleet if tranche.workload == "training"}
    for phase in (group[0] for group in programme.groups) if held else ():
        it = sum(programme.asset(variant.component.name).capacity[phase.index] for variant in programme.case.variants if variant.tranche in training)
        stored = sum(programme.asset(name).capacity[phase.index] for name in held)
        for per_megawatt, free, key in pulsing.needs(site):
            yield Limit("smoothing of training", key, "MW", phase, per_megawatt * it - stored, free)


def sizes(programme: "Programme") -> Iterator[Limit]:
    """Power and energy of a technology, within what the site gives; the least from the first phase in which it can be in service."""
    assets = {asset.name: asset for asset in programme.case.assets}
    for size in programme.case.site.sizes:
        for name in (size.technology, f"{size.technology}_power", f"{size.technology}_energy"):
            if name in assets:
                yield from _within(programme, assets[name], *size.bounds(energy=name == f"{size.technology}_energy"))


def _within(programme: "Programme", asset: Asset, least: float | None, most: float | None) -> Iterator[Limit]:
    first = next((phase.index for phase in programme.case.phases if asset.may_build(phase) or asset.given_units(phase) > 0), None)
    for phase in programme.case.phases:
        capacity: Any = programme.asset(asset.name).capacity[phase.index]  # type: ignore[attr-defined]
        if least is not None and first is not None and phase.index >= first:
            yield Limit(f"least size of {asset.name}", "sizes", asset.unit, phase, -capacity, -least)
        if most is not None:
            yield Limit(f"size of {asset.name}", "sizes", asset.unit, phase, capacity, most)


LIMITS = (sizes, land, halls, positions, capital, yearly, latest, one_of, deliveries, smoothing)


def collect_limits(programme: "Programme") -> list[Limit]:
    """Every limit that the site sets."""
    return [limit for policy in LIMITS for limit in policy(programme)]


def add_limits(programme: "Programme", elastic: bool) -> None:
    """Add a row for each limit, with a slack where the model is elastic; the elastic objective is the sum of scaled slacks."""
    block: Any = pyo.Block()
    programme.model.limits = block
    block.slack = pyo.Var(range(len(programme.limits)), domain=pyo.NonNegativeReals)
    block.rows = pyo.ConstraintList()
    for number, limit in enumerate(programme.limits):
        limit.slack = block.slack[number]
        if not elastic:
            limit.slack.fix(0.0)
        scaled = measured(1 / limit.scale, "1/" + limit.unit.replace("*", "/")) * limit.body
        limit.row = block.rows.add(scaled - limit.slack <= limit.bound / limit.scale)  # type: ignore[call-arg]
    if elastic:
        programme.model.objective = pyo.Objective(rule=lambda _: sum(block.slack[number] for number in block.slack))
