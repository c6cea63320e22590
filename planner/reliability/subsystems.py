"""The subsystems of a plan that must all work for a hall to have power and cooling, each with its plants and its load by hour.

    supply             grid stages, generators and standby sets (those with fuel) against what the dispatch draws from them; PV, wind and storage count as
                       dispatched
    transformers, ups  of one hall, by the group of [redundancy]; machines and load are spread evenly over the halls, in whole machines; the sides of
                       2N, and the k + 1 of which k carry all, stand apart: what takes all machines of a side at once leaves the others, but for the
                       share of failures that takes all sides
    liquid cooling     what takes heat from the racks, by liquid and by air; then chillers, then what rejects heat outside

A feed's figures hold its substation's, up to the campus bus; UPS bridge the seconds until standby runs. Halls draw on one plant of cooling.
In cooling all technologies that take the same heat stand in for one another: each as far as the hour's air lets it (share and ratio).
What is protected is the critical share of each tranche. Where workloads ask for different classes, those that ask for less are shed first: the load of
a class is its own and that of classes above it. The load of an hour is at most what all machines together give: what a plan leaves unserved
on purpose is no outage.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from string import ascii_uppercase

import numpy as np

from ...models.asset import Asset
from ...models.component import Component
from ...models.power.diesel_standby import DieselStandby
from ...models.power.topology import topology
from ...models.reliability.adequacy import Plant, full_output, plant
from .machines import machines, per_unit, row_of, sides_share
from .subsystem import UTILITY, Subsystem
from .written import Written

HEAT = (("liquid cooling", ("liquid_heat",)), ("air cooling", ("air_heat",)), ("heat rejection", ("warm", "cool")), ("chillers", ("chilled",)))
CHAIN = {"transformer": "transformers", "ups": "ups"}
ALL = "all"
STANDBY = "diesel_standby"

Part = tuple[Component, Asset, str]


def subsystems(written: Written) -> list[Subsystem]:
    """Every subsystem that has a load."""
    shares = class_shares(written)
    found = [supply(written, shares), *_chain(written, shares), *_cooling(written, shares)]
    return [one for one in found if one.plants and max(need.max() for need in one.needs.values()) > 0]


def classes(site) -> dict[str, float | None]:
    """Classes of availability, the highest target first: one for the whole load, or one a workload."""
    given = site.reliability
    if not (given.training or given.inference):
        return {ALL: given.target}
    own = {tranche.workload: getattr(given, tranche.workload) or given.target for tranche in site.fleet}
    asked = [(target, name) for name, target in own.items() if target]
    return {name: target for target, name in sorted(asked, reverse=True)} or {ALL: None}


def class_shares(written: Written) -> dict[str, np.ndarray]:
    """For each class the share of the IT load that it needs: critical load of its own and of classes above it, by hour."""
    case = written.case
    tranches = {tranche.name: tranche for tranche in case.site.fleet}
    loads = {variant.component.name: (tranches[variant.tranche], written.value(variant.component, "load")) for variant in case.variants}
    total = sum(load for _, load in loads.values())
    found, carried = {}, written.nothing
    for name in classes(case.site):
        carried = carried + sum((tranche.critical_share * load for tranche, load in loads.values() if name in (ALL, tranche.workload)), 0.0)
        found[name] = np.divide(carried, total, out=np.zeros(len(carried)), where=total > 0)
    return found


def supply(written: Written, shares: Mapping[str, np.ndarray]) -> Subsystem:
    """What feeds the campus bus."""
    parts = [part for component in written.case.components if (part := _maker(written, component))]
    makers = {component.name for component, _, _ in parts}
    need = written.nothing
    for component in written.case.components:
        need = need + written.moved(component, ("electricity",), -1, unused=False)
        need = need if component.name in makers else need - written.moved(component, ("electricity",), +1)
    fuelled = written.case.site.outage.duration
    plants = [_plant(written, part, _capability(written, part[0]), _gas_limit(written, part[0]), 0 if _is_standby(part[0]) and not fuelled else None)
              for part in parts]
    found = _subsystem(written, "supply", "generators", parts, plants, need, shares)
    units = tuple(count if one.machines.count else 0.0 for one, count in zip(plants, found.units, strict=True))
    hours = fuelled or written.case.site.catalog.number(STANDBY, "fuel_least", "hour")
    return replace(found, units=units, fuel_hours=hours, fuel_assumed=not fuelled, battery=_battery(written))


def _maker(written: Written, component: Component) -> Part | None:
    """A component that makes power and fails as machines do, with the row of the catalogue that says how often.

    What has no units yet is a plant of none, where it may be in service by the phase."""
    if not (_gives_power(written, component) or _is_standby(component)):
        return None
    if not (written.units(component.assets[0]) or component.assets[0].may_build(written.phase)):
        return None
    row = row_of(written.case.site.catalog, component.assets[0].technology, cooling=False)
    if row == "grid_connection" and not written.units(component.assets[0]):
        return None
    return (component, component.assets[0], row) if row else None


def _is_standby(component: Component) -> bool:
    """Whether it burns what is stored on site."""
    return isinstance(component, DieselStandby)


def _gives_power(written: Written, component: Component) -> bool:
    """Whether it gives electricity, in any hour or in an outage."""
    return bool(component.assets) and any(flow.carrier == "electricity" and flow.sign > 0 for hourly in (written.case.hourly, written.case.hourly_design)
                                          for flow in component.flows(hourly[component.name]))


def _capability(written: Written, component: Component) -> np.ndarray:
    """MW that a MW of rating can give: what the air leaves of a generator at work, what the utility gives of a stage."""
    hourly = written.hourly(component)
    if "share" in hourly:
        return hourly["share"] / getattr(component, "availability", 1.0)
    return hourly.get("available", np.ones(len(written.hours)))


def _gas_limit(written: Written, component: Component) -> float:
    """MW that pipelines feed."""
    if not any(flow.carrier == "gas" and flow.sign < 0 for flow in component.flows(written.hourly(component))):
        return np.inf
    pipes = sum(written.units(other.assets[0]) * other.assets[0].unit_size for other in written.case.components
                if any(flow.carrier == "gas" and flow.sign > 0 for flow in other.flows(written.hourly(other))))
    return pipes / getattr(component, "heat_rate", 1.0)


def _battery(written: Written) -> tuple[float, float]:
    """MW and MWh of batteries, full but for what they may not give."""
    power = energy = 0.0
    for component in written.case.components:
        if any(asset.unit == "MWh" for asset in component.assets) and _gives_power(written, component):
            sizes = {asset.unit: written.units(asset) * asset.unit_size for asset in component.assets}
            power += sizes.get("MW", 0.0)
            energy += sizes["MWh"] * (1 - getattr(component, "minimum_level", 0.0))
    return power, energy


def _chain(written: Written, shares: Mapping[str, np.ndarray]) -> Iterator[Subsystem]:
    """Transformers and UPS of a hall."""
    for group, name in CHAIN.items():
        parts = [(component, asset, asset.technology) for component in written.case.components for asset in component.assets
                 if asset.group == group and written.units(asset) > 0]
        need = sum((written.use(component, asset) for component, asset, _ in parts), written.nothing)
        held = [written.units(asset) * per_unit(written.case.site.catalog, row) for _, asset, row in parts]
        halls = min(written.halls, max(1.0, sum(held)))
        apart = topology(getattr(written.case.site.redundancy, group)).units
        plants = [side for part, count in zip(parts, spread(held, halls), strict=True) for side in _sides(written, part, count, apart)]
        made = _subsystem(written, name, group, [part for part in parts for _ in range(apart)], plants, need / halls, shares)
        yield replace(made, halls=halls, units=tuple(units / apart for units in made.units))


def _sides(written: Written, part: Part, count: int, apart: int) -> list[Plant]:
    """Machines of a plant that stand apart (2N: A and B; k + 1 to make k: as many), each side a plant with a common cause of its own, and one of all."""
    counts = [count // apart + (side < count % apart) for side in range(apart)]
    made = [_plant(written, part, np.ones(len(written.hours)), count=count) for count in counts]
    if apart == 1:
        return made
    share = sides_share(written.case.site)
    return [replace(one, name=f"{one.name} {letter}").sharing(f"all of {one.name}", share) for one, letter in zip(made, ascii_uppercase, strict=False)]


def spread(machines_held: list[float], halls: float) -> list[int]:
    """Machines of each plant that a hall has at least: together the whole part of all over the halls, in the order of the plants."""
    upto = [0, *(int(total / halls + 1e-6) for total in np.cumsum(machines_held))]
    return [after - before for before, after in pairwise(upto)]


def _cooling(written: Written, shares: Mapping[str, np.ndarray]) -> Iterator[Subsystem]:
    """What takes each kind of heat."""
    placed: set[str] = set()
    for name, carriers in HEAT:
        members = [component for component in written.case.components if component.name not in placed and component.assets
                   and component.assets[0].group == "cooling" and written.units(component.assets[0]) > 0 and _takes(written, component, carriers)]
        placed |= {component.name for component in members}
        parts = [(one, one.assets[0], row_of(written.case.site.catalog, one.assets[0].technology, cooling=True) or "any_cooling") for one in members]
        heat = {carrier: sum((written.moved(one, (carrier,), -1) for one in written.case.components), written.nothing) for carrier in carriers}
        need = sum((written.moved(one, carriers, -1) for one in members), written.nothing)
        plants = [_plant(written, part, _effect(written, part[0], carriers), limit=_share_limit(written, part[0], heat)) for part in parts]
        yield _subsystem(written, name, "cooling", parts, plants, need, shares)


def _takes(written: Written, component: Component, carriers: tuple[str, ...]) -> bool:
    return any(flow.carrier in carriers and flow.sign < 0 for flow in component.flows(written.hourly(component)))


def _effect(written: Written, component: Component, carriers: tuple[str, ...]) -> np.ndarray:
    """MW of heat that a MW of rating takes: as dispatched, in idle hours as the most favourable heat would have it."""
    heat, use = written.moved(component, carriers, -1), written.use(component, component.assets[0])
    terms = [term for loading in component.loadings(written.hourly(component)) for term in loading.terms]
    best = 1 / np.min([np.broadcast_to(term.coefficient, use.shape) for term in terms], axis=0)
    return np.divide(heat, use, out=np.array(best, dtype=float), where=use > 1e-6)


def _share_limit(written: Written, component: Component, heat: Mapping[str, np.ndarray]) -> np.ndarray | float:
    """MW of the heat that the air lets a technology take, however large it is."""
    hourly = written.hourly(component)
    limited = [hourly[f"share_{carrier}"] * heat[carrier] for carrier in heat if f"share_{carrier}" in hourly]
    return np.sum(limited, axis=0) if limited else np.inf


def _plant(written: Written, part: Part, capability: np.ndarray, limit: np.ndarray | float = np.inf, count: int | None = None) -> Plant:
    """An asset as machines: all, or so many of them."""
    component, asset, row = part
    each = per_unit(written.case.site.catalog, row)
    made = machines(written.case.site, row, int(written.units(asset) * each + 1e-6) if count is None else count)
    return plant(asset.name, made, asset.unit_size / each * capability, limit, len(written.hours), stored=_is_standby(component),
                 cause=UTILITY if row == "grid_connection" else None)


def _subsystem(written: Written, name: str, group: str, parts: list[Part], plants: list[Plant], need: np.ndarray,
               shares: Mapping[str, np.ndarray]) -> Subsystem:
    most = full_output(plants) if plants else written.nothing
    needs = {one: np.minimum(np.maximum(0.0, need) * share, most) for one, share in shares.items()}
    each = tuple(per_unit(written.case.site.catalog, row) for _, _, row in parts)
    units = tuple(written.units(asset) for _, asset, _ in parts)
    return Subsystem(name, group, tuple(plants), units, each, tuple(asset.buildable and row != "grid_connection" for _, asset, row in parts), needs)
