"""What the electrical chain loses, stage by stage, by the catalogue and by what a site chooses.

    component       from                to               stages, source first
    transformer     campus bus (MV)     low voltage      medium-voltage switchgear and cables, unit transformer
    ups             low voltage         rack inlet, AC   uninterruptible supply, static transfer switch (block redundant), PDU and busway
    rectifier_800v  campus bus (MV)     rack inlet, DC   medium voltage, rectifier transformer, rectifier with its battery, 800 V busway

Before them come the high-voltage transformers of the grid stages (grid.py). Behind them lies the rack: what a rack draws at its inlet holds the
loss of its power shelf, so the shelf is no part of the chain. Fed with 800 V a rack has a converter in place of the shelf and draws less:
`inlet_ratio`. The inlet is the boundary of PUE either way, so direct current moves the loss of rectification from the IT side to the facility.

A share `hall_heat` of a stage's loss, by the catalogue, is heat of the halls' air, which air handlers and economisers take; the rest leaves outdoors.
"""

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import Polynomial

from ..catalog import Catalog
from ..physics.electrical import efficiency, idle_reserve, in_series, largest_output, loss_coefficients_from_points
from .topology import AC, DC, ECO, Electrical, Topology

EFFICIENCY_LOADS = (10, 25, 50, 75, 100)
CHAINS = {AC: ("transformer", "ups"), DC: ("transformer", "rectifier_800v")}
TO_THE_RACK = {AC: ("transformer", "ups"), DC: ("rectifier_800v",)}

Stage = tuple[float, float, float]


@dataclass(frozen=True)
class Part:
    """A component's loss as shares of its rating, against what comes out; `rating_per_output`: rating that is taken up by what comes out."""

    curve: Polynomial
    rating_per_output: float


def part(shape: Topology, behind: tuple[Stage, ...], rest: tuple[Stage, ...]) -> Part:
    """Of stages, the load's end first: those behind the unit that is rated, and the unit with what lies before it."""
    series = in_series(*behind, *rest)
    return Part(idle_reserve(series, shape.share) if shape.idle else series, 1 / largest_output(in_series(*behind)))


def group_of(technology: str) -> str:
    """The group of units, with a topology of its own, that a component is of: transformer, or ups (of which a rectifier takes the place)."""
    return "transformer" if technology == "transformer" else "ups"


def stages(catalog: Catalog, electrical: Electrical, technology: str) -> tuple[tuple[Stage, ...], tuple[Stage, ...]]:
    """Stages of a component: those behind the unit that is rated, and the unit with what lies before it."""
    shape, medium = electrical.topology(group_of(technology)), _distribution(catalog, "medium_voltage")
    match technology:
        case "transformer":
            return (), (_transformer(catalog), medium)
        case "ups":
            share = catalog.number("ups", "eco_loss_share", "1") if electrical.ups_mode == ECO else 1.0
            a, b, c = points(catalog, "ups")
            return _behind(catalog, "distribution", shape), ((share * a, share * b, share * c),)
        case _:
            return _behind(catalog, "dc_distribution", shape), (points(catalog, technology), _transformer(catalog), medium)


def hall_heat(catalog: Catalog, electrical: Electrical, technology: str) -> float:
    """Share of a component's loss that is heat of the halls' air: what its stages lose at full load, weighted by `hall_heat` of each."""
    behind, rest = stages(catalog, electrical, technology)
    out = 1 / part(electrical.topology(group_of(technology)), behind, rest).rating_per_output
    lost = warms = 0.0
    for (a, b, c), name in zip((*behind, *rest), _names(technology, len(behind)), strict=True):
        loss = a + b * out + c * out**2
        out, lost, warms = out + loss, lost + loss, warms + catalog.number(name, "hall_heat", "1") * loss
    return warms / lost if lost else 0.0


def _names(technology: str, behind: int) -> tuple[str, ...]:
    """Technologies of the stages, the load's end first; a second one behind the unit is a static transfer switch."""
    switch = ("static_transfer_switch",) * (behind - 1)
    return {"transformer": ("transformer", "medium_voltage"), "ups": ("distribution", *switch, "ups")}.get(
        technology, ("dc_distribution", *switch, technology, "transformer", "medium_voltage"))


def inlet_ratio(catalog: Catalog) -> float:
    """What a rack draws at its inlet from 800 V over what it draws from alternating current: shelf efficiency over converter efficiency."""
    shelf, converter = (float(efficiency(in_series(points(catalog, name)), catalog.number(name, "load_at_peak", "1")))
                        for name in ("power_shelf", "dc_converter"))
    return shelf / converter


def marginal_input(catalog: Catalog, electrical: Electrical) -> float:
    """MW that the campus bus gives more for a MW more at the rack inlet, at full load: product of 1 + F'(u) along the chain."""
    path = [_part(catalog, electrical, name) for name in TO_THE_RACK[electrical.chain]]
    return float(np.prod([1 + each.curve.deriv()(1 / each.rating_per_output) for each in path]))


def chain_efficiency(catalog: Catalog, electrical: Electrical, loading: float) -> float:
    """MW at the rack inlet over MW from the campus bus, every component at `loading` (above 0, to 1) of what its topology lets a unit carry."""
    passed = 1.0
    for name in TO_THE_RACK[electrical.chain]:
        each, shape = _part(catalog, electrical, name), electrical.topology(group_of(name))
        passed *= float(efficiency(each.curve, loading * shape.share / each.rating_per_output))
    return passed


def _part(catalog: Catalog, electrical: Electrical, technology: str) -> Part:
    return part(electrical.topology(group_of(technology)), *stages(catalog, electrical, technology))


def points(catalog: Catalog, technology: str) -> Stage:
    """Loss of a stage that the catalogue gives efficiency points of."""
    efficiencies = [catalog.number(technology, f"efficiency_{load}", "1") for load in EFFICIENCY_LOADS]
    return loss_coefficients_from_points(np.array(EFFICIENCY_LOADS) / 100, efficiencies)


def _behind(catalog: Catalog, distribution: str, shape: Topology) -> tuple[Stage, ...]:
    """What lies between the unit and the rack inlet, the load's end first."""
    switch = ((0.0, catalog.number("static_transfer_switch", "loss", "1"), 0.0),) if shape.idle else ()
    return (_distribution(catalog, distribution), *switch)


def _transformer(catalog: Catalog) -> Stage:
    return catalog.number("transformer", "no_load_loss", "1"), 0.0, catalog.number("transformer", "load_loss", "1")


def _distribution(catalog: Catalog, technology: str) -> Stage:
    """Loss at full load, a part of it without load, the rest by the square of the load."""
    loss, idle = catalog.number(technology, "loss", "1"), catalog.number(technology, "no_load_part", "1")
    return idle * loss, 0.0, (1 - idle) * loss
