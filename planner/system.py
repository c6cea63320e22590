"""Operation: the balance that knows no technology.

Over the hours of a period every carrier balances, every asset stays within its capacity, and each component says what it does. The same
function builds a phase inside the monolith and a block on its own; the states it is given are variables of the plan, or fixed numbers.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..models.component import Component, Hourly, Loading, at, sum_of
from ..models.horizon import Period
from ..models.terms import Flow, constant, part, rows, variable

LEVELS = ("warm", "cool", "chilled")


def operate(block: Any, components: tuple[Component, ...], period: Period, hourly: Mapping[str, Hourly], state: Mapping) -> None:
    """Add every component's operation, the carriers' balances and the capacity rows to a block."""
    local = {component.name: at(hourly[component.name], period) for component in components}
    levels = {level: variable(block, level, period.positions, "MW") for level in (*LEVELS, *_further(components))}
    for component in components:
        component.operate(part(block, component.name), period, local[component.name], levels, state)
    balance(block, components, period, local, levels)
    within_capacity(block, components, period, local, state)


def _further(components: tuple[Component, ...]) -> tuple[str, ...]:
    """Levels that some component serves besides: the racks' air heat, where the air outside limits a share of it, and the near loop."""
    served = {level: None for component in components for level in getattr(component, "levels", ())}
    return tuple(level for level in served if level not in LEVELS)


def balance(block: Any, components: tuple[Component, ...], period: Period, local: Mapping[str, Hourly], levels: Mapping[str, Any]) -> None:
    """Given = taken for each carrier and hour; what enters a loop is the heat of its level."""
    for carrier, sides in carriers(components, local).items():
        given = [sum_of(getattr(block, name), f"{carrier}_in_{n}", flow.terms, len(period)) for n, (name, flow) in enumerate(sides[1])]
        taken = [sum_of(getattr(block, name), f"{carrier}_out_{n}", flow.terms, len(period)) for n, (name, flow) in enumerate(sides[-1])]
        if carrier in levels:
            heat = levels[carrier]
            _equal(block, f"{carrier}_heat", period, given, [lambda t, heat=heat: heat[t]])
            _equal(block, f"{carrier}_balance", period, [lambda t, heat=heat: heat[t]], taken)
        else:
            _equal(block, f"{carrier}_balance", period, given, taken)


def carriers(components: tuple[Component, ...], local: Mapping[str, Hourly]) -> dict[str, dict[int, list[tuple[str, Flow]]]]:
    """For each carrier the flows that give (+1) and take (-1), with the component's name."""
    found: dict[str, dict[int, list[tuple[str, Flow]]]] = {}
    for component in components:
        for flow in component.flows(local[component.name]):
            found.setdefault(flow.carrier, {1: [], -1: []})[flow.sign].append((component.name, flow))
    return found


def _equal(block: Any, name: str, period: Period, left: list, right: list) -> None:
    zero = constant(block, f"{name}_zero", 0.0, "MW")
    rows(block, name, period.positions, lambda t: zero + sum(side(t) for side in left) == zero + sum(side(t) for side in right))


def within_capacity(block: Any, components: tuple[Component, ...], period: Period, local: Mapping[str, Hourly], state: Mapping) -> None:
    """Each asset's use stays within its capacity."""
    for component in components:
        for loading in component.loadings(local[component.name]):
            capacity, used = state[loading.asset], sum_of(getattr(block, component.name), f"use_{loading.asset}", loading.terms, len(period))
            rows(block, f"capacity_{loading.asset}", period.positions, lambda t, used=used, capacity=capacity: used(t) <= capacity)


def reserve(block: Any, components: tuple[Component, ...], period: Period, hourly: Mapping[str, Hourly], state: Mapping,
            lost: Mapping[str, tuple[tuple[str, ...], object, float]]) -> None:
    """In design hours: the use of a redundancy group stays within `share` of its capacity less what is lost.

    `lost` maps a group to its assets, the MW lost (an expression) and the share of the capacity that may be relied on (0.5 for 2N). In hours in which
    no member may run, as standby sets while there is grid, there is nothing to lose.
    """
    loadings = _loadings(components, period, hourly)
    for group, (members, amount, share) in lost.items():
        present = [member for member in members if member in loadings]
        used = [sum_of(getattr(block, loadings[member][0]), f"reserve_{group}_{member}", loadings[member][1].terms, len(period))
                for member in present]
        firm = constant(block, f"reserve_share_{group}", share, "1")
        counts = [(state[member], np.broadcast_to(loadings[member][1].counts, len(period)).tolist()) for member in present]
        able = [t for t in period.positions if any(share[t] > 0 for _, share in counts)]
        rows(block, f"reserve_{group}", able, lambda t, used=used, firm=firm, counts=counts, amount=amount:
             sum(use(t) for use in used) <= firm * sum(share[t] * capacity for capacity, share in counts) - amount)


def trip(block: Any, components: tuple[Component, ...], period: Period, hourly: Mapping[str, Hourly], state: Mapping, plants: tuple[str, ...],
         hours: list[int]) -> None:
    """In some design hours: what all plants give, in MW, is within what the others can give without any one of them. A plant that may not run in these
    hours but in an outage (standby sets with fuel) comes when another trips."""
    local = {component.name: at(hourly[component.name], period) for component in components}
    loadings = {plant: found for plant, found in _loadings(components, period, hourly).items() if plant in plants}
    given = [sum_of(getattr(block, name), f"tripped_{name}", flow.terms, len(period)) for name, flow in carriers(components, local)["electricity"][1]
             if name in {component for component, _ in loadings.values()}]
    able = {plant: _called(loading, len(period)).tolist() for plant, (_, loading) in loadings.items()}
    for plant in able if hours else ():
        left = [(state[other], share) for other, share in able.items() if other != plant]
        nothing = constant(block, f"without_{plant}", 0.0, "MW")
        rows(block, f"trip_of_{plant}", hours, lambda t, left=left, nothing=nothing:
             sum(give(t) for give in given) <= nothing + sum(share[t] * capacity for capacity, share in left))


def _called(loading: Loading, hours: int) -> np.ndarray:
    """MW that a MW of rating can give when it is called."""
    counts = np.broadcast_to(loading.counts, hours)
    return np.where(counts > 0, counts, counts.max(initial=0.0)) / np.max([np.broadcast_to(term.coefficient, hours) for term in loading.terms], axis=0)


def _loadings(components: tuple[Component, ...], period: Period, hourly: Mapping[str, Hourly]) -> dict[str, tuple[str, Loading]]:
    """For each asset its component and what loads it."""
    return {loading.asset: (component.name, loading) for component in components
            for loading in component.loadings(at(hourly[component.name], period))}
