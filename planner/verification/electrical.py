"""The electrical chain again: losses of stages in series with their slope, what a rule relies on, racks at their inlet.

Stages between the rack and the source, the load's end first, each (a, b, c) of a + b u + c u^2 as shares of the rating they have in common:

    out_0 = u ;  out_k = out_(k-1) + a_k + b_k out_(k-1) + c_k out_(k-1)^2 ;  loss F(u) = out_n - u
    a plant that keeps a part of its units idle:  F(u) = s F(u / s) + (1 - s) F(0), s what carries
"""

from collections.abc import Callable

import numpy as np

from ...models.physics.electrical import loss_coefficients_from_points
from ...sites import Site

Curve = Callable[..., tuple]  # utilisation (a number, or an array) -> f, f'
Stage = tuple[float, float, float]

LOADS = (10, 25, 50, 75, 100)
AT_RACK = ("ups", "rectifier_800v")


def rule(site: Site, kind: str) -> str:
    """The rule that a kind of units of the chain stands under."""
    return site.redundancy.transformer if kind == "transformer" else site.redundancy.ups


def carrying(named: str) -> tuple[int, int]:
    """(needed, units) of a set: 1 of 2 for 2N, 2 of 3 for "3 to make 2"; 1 of 1 without sets."""
    if named.endswith("N") and named != "N":
        return 1, int(named[:-1])
    words = named.split()
    return (int(words[-1]), int(words[1])) if "make" in words else (1, 1)


def points(site: Site, kind: str) -> Stage:
    """Loss of a stage through its efficiency points."""
    return loss_coefficients_from_points(np.array(LOADS) / 100, [site.catalog.number(kind, f"efficiency_{load}", "1") for load in LOADS])


def behind(site: Site, kind: str) -> list[Stage]:
    """Stages between a unit and the rack."""
    found = [_conductors(site, "distribution" if kind == "ups" else "dc_distribution")] if kind in AT_RACK else []
    return found + [(0.0, site.catalog.number("static_transfer_switch", "loss", "1"), 0.0)] * (kind in AT_RACK and site.redundancy.ups.startswith("block"))


def stages(site: Site, kind: str) -> list[Stage]:
    """All stages of a component, the load's end first."""
    number = site.catalog.number
    before = [(number("transformer", "no_load_loss", "1"), 0.0, number("transformer", "load_loss", "1")), _conductors(site, "medium_voltage")]
    if kind == "transformer":
        return before
    unit = points(site, kind)
    if kind != "ups":
        return [*behind(site, kind), unit, *before]
    share = number("ups", "eco_loss_share", "1") if site.electrical.ups_mode == "eco" else 1.0
    return [*behind(site, kind), (share * unit[0], share * unit[1], share * unit[2])]


def _conductors(site: Site, kind: str) -> Stage:
    full, idle = site.catalog.number(kind, "loss", "1"), site.catalog.number(kind, "no_load_part", "1")
    return full * idle, 0.0, full * (1 - idle)


def series(parts: list[Stage]) -> Curve:
    """Loss of stages in series and its slope: each stage's slope multiplies what a MW more costs before it."""
    def curve(u):
        out, slope = u, 1.0
        for a, b, c in parts:
            slope = slope * (1 + b + 2 * c * out)
            out = out + a + b * out + c * out * out
        return out - u, slope - 1

    return curve


def curve(site: Site, kind: str) -> Curve:
    """Loss of a component over its rating, with its reserve idle where the rule is block redundant."""
    whole, (needed, units) = series(stages(site, kind)), carrying(rule(site, kind))
    if not rule(site, kind).startswith("block"):
        return whole
    s = needed / units

    def split(u):
        loss, slope = whole(u / s)
        return s * loss + (1 - s) * whole(0.0)[0], slope

    return split


def tangent_points(site: Site, kind: str, usual: tuple[float, ...]) -> tuple[float, ...]:
    """Where the plan's tangents touch: the usual loads of what the rule lets a unit carry."""
    needed, units = carrying(rule(site, kind))
    return tuple(needed / units * u for u in usual)


def at_full_load(site: Site, kind: str) -> float:
    """What a component gives at its rating, as a share of that."""
    return 1 / rating_per_output(site, kind)


def rating_per_output(site: Site, kind: str) -> float:
    """MW of rating that a MW at the rack takes up: 1 / u where u and what is lost behind the unit make up its rating."""
    lost, u = series(behind(site, kind)), 1.0
    for _ in range(100):
        u -= (u + lost(u)[0] - 1) / (1 + lost(u)[1])
    return 1 / u


def at_inlet(site: Site) -> float:
    """What a rack draws over its catalogue power: fed with 800 V, its power shelf gives way to a converter."""
    passed = {}
    for kind in ("power_shelf", "dc_converter"):
        u, (a, b, c) = site.catalog.number(kind, "load_at_peak", "1"), points(site, kind)
        passed[kind] = u / (u + a + b * u + c * u * u)
    return 1.0 if site.electrical.chain == "ac" else passed["power_shelf"] / passed["dc_converter"]


def in_place_of_shelf(site: Site) -> float:
    """USD/MW more for a rack with a converter in place of its power shelf."""
    number = site.catalog.number
    return 0.0 if site.electrical.chain == "ac" else number("dc_converter", "capital_cost", "USD/MW") - number("power_shelf", "capital_cost", "USD/MW")


def switched(site: Site, kind: str) -> dict[str, float]:
    """Capital of block redundant supply, USD/MW: the unit, and static transfer switches for the share that it carries."""
    needed, units = carrying(site.redundancy.ups)
    if kind not in AT_RACK or not site.redundancy.ups.startswith("block"):
        return {}
    number = site.catalog.number
    return {"capital": number(kind, "capital_cost", "USD/MW") + needed / units * number("static_transfer_switch", "capital_cost", "USD/MW")}


def at_bus(site: Site) -> float:
    """MW more on the campus bus for a MW more at the rack, at full load."""
    path = ("ups", "transformer") if site.electrical.chain == "ac" else ("rectifier_800v",)
    return float(np.prod([1 + curve(site, kind)(1 / rating_per_output(site, kind))[1] for kind in path]))


def relied_on(site: Site, kind: str, capacity: dict[str, np.ndarray], sizes: dict[str, float]) -> np.ndarray:
    """MW of units of the chain in whole sets that a rule with sets relies on; of units of any size the share."""
    needed, units = carrying(rule(site, kind))
    modular = site.catalog.number(kind, "modular", "1") > 0
    return np.sum([needed * sizes[name] * np.floor(held / sizes[name] / units + 1e-6) if modular else held * needed / units
                   for name, held in capacity.items()], axis=0)
