"""What the weather makes of coolers, economisers and chillers: share, ratio, water, lift, by hour, from the physics in models/physics.

    coils             met = dry bulb, or behind the wet pad above the switch-over; ratio by the difference of entering water to air
    towers            approach and ratio by the enthalpy potential at the rated wet bulb, evaporation by the heat balance at the mean water
    hall air          S = supply air, R = S + rise; direct: pads no further than needed, shut where too humid; indirect: approach of the exchanger
    plate exchanger   between the chilled and the cool loop
    share = clip((R - met - approach) / (R - S), 0, 1); air takes heat in proportion to pressure, fans draw in proportion to it, and slow down to
    max(1 / ratio, minimum flow) where a machine could give more than its rating
"""

from dataclasses import dataclass

import numpy as np

from ...models.physics.airside import may_open, needed_cooling
from ...models.physics.chillers import chiller_curves, cop, full_load_capacity_ratio
from ...models.physics.coolers import coil_capacity, exchanger_approach, loop_share, pad_leaving_air, slowed
from ...models.physics.fluids import altitude_share, glycol_heat
from ...models.physics.towers import driving_enthalpy, tower_approach, tower_capacity, tower_evaporation, tower_water
from ...sites import Site
from .outside import Air, inlets, loop
from .things import formulation, levels, liquid, near

SMALLEST = 1e-3  # of a cooler's rating or of a level's heat: below it the cooler does nothing
WHOLE = 1 - 1e-9  # of a level's heat: above it the cooler takes all
COILS = ("dry_cooler", "dry_cooler_close", "dry_cooler_wide", "adiabatic_cooler")
TOWERS = ("open_tower", "open_tower_close", "open_tower_wide", "closed_tower")
AIRSIDE = ("direct_air_economiser", "indirect_evaporative")
MACHINE = {"trim_chiller": "air_cooled_chiller"}  # whose curves another has


@dataclass(frozen=True)
class Cooler:
    """By level: share of its heat that the cooler can take, ratio of its rating that is left, water in m3 per MWh, how often its heat counts in power.
    `power`: MW per MW of rating, of the level that takes least."""

    share: dict[str, np.ndarray]
    ratio: dict[str, np.ndarray]
    water: dict[str, np.ndarray]
    counts: dict[str, np.ndarray]
    power: np.ndarray


@dataclass(frozen=True)
class Lift:
    """A chiller's 1/COP and capacity ratio by hour."""

    specific: np.ndarray
    ratio: np.ndarray


def served(site: Site, kind: str) -> tuple[str, ...]:
    """Levels that a cooler takes heat of."""
    way = formulation(site, kind)
    if way in AIRSIDE or way == "waterside_economiser":
        return ("air_heat",) if way in AIRSIDE else ("chilled",)
    own = way == "open_tower_close" and near(site)
    return tuple("near" if level == "cool" and own else level for level in levels(site))


def cooler(site: Site, kind: str, air: Air) -> Cooler:
    """A cooler's hours."""
    number, share, ratio, water, power = site.catalog.number, {}, {}, {}, {}
    pump = number(kind, "pump_power", "1") / (glycol_heat(number(kind, "glycol", "1")) if formulation(site, kind) in COILS else 1.0)
    fan, exponent = number(kind, "fan_power", "1") * altitude_share(air.pressure), number(kind, "part_load_exponent", "1")
    for level in served(site, kind):
        possible, left, drawn = (np.broadcast_to(part, air.dry_bulb.shape) for part in _able(site, kind, level, air))
        share[level] = np.where(possible < SMALLEST, 0.0, np.where(possible > WHOLE, 1.0, possible))
        ratio[level], water[level] = np.clip(left, SMALLEST, 1.0), drawn
        power[level] = fan * slowed(left, number(kind, "minimum_flow", "1")) ** exponent + pump
    least = np.minimum.reduce(list(power.values()))
    counts = {level: np.divide(own, least, out=np.ones_like(own), where=least > 0) ** (1 / exponent) for level, own in power.items()}
    return Cooler(share, ratio, water, counts, least)


def _able(site: Site, kind: str, level: str, air: Air):
    """share, ratio, water."""
    way = formulation(site, kind)
    if way in AIRSIDE:
        return _hall_air(site, kind, air)
    supply, leaving = loop(site, level, air)
    if way in TOWERS:
        return _tower(site, kind, supply, leaving, air)
    return _coil(site, kind, supply, leaving, air) if way in COILS else _plate(site, kind, supply, leaving, air)


def _coil(site: Site, kind: str, supply, leaving, air: Air):
    number = site.catalog.number
    approach, spread = number(kind, "approach", "delta_degC"), number(kind, "range", "delta_degC")
    met, water = air.dry_bulb, np.zeros_like(air.dry_bulb)
    if formulation(site, kind) == "adiabatic_cooler":
        wet = air.dry_bulb > number(kind, "switch_over", "degC")
        met = np.where(wet, pad_leaving_air(air.dry_bulb, air.wet_bulb, number(kind, "pad_effectiveness", "1")), air.dry_bulb)
        water = _bled(site, kind, air.dry_bulb - met, number(kind, "air_temperature_rise", "delta_degC"))
    left = (1 - number(kind, "coil_loss", "1") * number(kind, "glycol", "1")) * altitude_share(air.pressure)
    return loop_share(supply, leaving, met, approach), coil_capacity(leaving, met, spread + approach) * left, water


def _bled(site: Site, kind: str, cooled, rise: float):
    """Water of pads that cool the air by so much, with its bleed."""
    cycles = site.catalog.number(kind, "cycles_of_concentration", "1")
    return site.catalog.number("water", "evaporation", "m3/MWh") * cooled / rise * cycles / (cycles - 1)


def _tower(site: Site, kind: str, supply, leaving, air: Air):
    number = site.catalog.number
    spread = number(kind, "range", "delta_degC")
    driving = driving_enthalpy(number(kind, "rated_wet_bulb", "degC"), number(kind, "approach", "delta_degC"), spread)
    approach = tower_approach(air.wet_bulb, spread, spread, air.pressure, driving)
    evaporated = tower_evaporation(air.dry_bulb, air.wet_bulb, air.pressure, (supply + leaving) / 2)
    return (loop_share(supply, leaving, air.wet_bulb, approach), tower_capacity(leaving, air.wet_bulb, air.pressure, driving),
            tower_water(evaporated, number(kind, "cycles_of_concentration", "1"), number(kind, "drift", "1"), spread))


def _plate(site: Site, kind: str, supply, leaving, air: Air):
    approach, spread = (site.catalog.number(kind, row, "delta_degC") for row in ("approach", "range"))
    cool = loop(site, "cool", air)[0]
    return loop_share(supply, leaving, cool, approach), np.minimum(coil_capacity(leaving, cool, spread + approach), 1.0), np.zeros_like(air.dry_bulb)


def _hall_air(site: Site, kind: str, air: Air):
    number = site.catalog.number
    rise, approach = number(kind, "air_temperature_rise", "delta_degC"), number(kind, "approach", "delta_degC")
    recommended, allowed = inlets(site)
    supply = np.where(air.beyond, min(number(kind, "supply_air_allowable", "degC"), allowed), min(number(kind, "supply_air", "degC"), recommended))
    pads, is_open = number(kind, "pad_effectiveness", "1"), True
    if formulation(site, kind) == "direct_air_economiser":
        met = air.dry_bulb - needed_cooling(air.dry_bulb, air.wet_bulb, supply - approach, pads)
        is_open = may_open(air.dry_bulb, air.wet_bulb, air.pressure, air.dry_bulb - met, number(kind, "dew_point_maximum", "degC"))
    else:
        approach = approach + exchanger_approach(number(kind, "exchanger_effectiveness", "1"), rise)
        wet = air.dry_bulb > number(kind, "switch_over", "degC")
        met = np.where(wet, pad_leaving_air(air.dry_bulb, air.wet_bulb, pads), air.dry_bulb)
    share = loop_share(supply, supply + rise, met, approach) * is_open
    left = np.minimum(coil_capacity(supply + rise, met, rise + approach), 1.0) * altitude_share(air.pressure)
    return share, left, _bled(site, kind, air.dry_bulb - met, rise)


def source(site: Site, kind: str) -> str:
    """The loop that a chiller takes heat of."""
    return "warm" if formulation(site, kind) == "trim_chiller" else "chilled"


def targets(site: Site, kind: str) -> tuple[str, ...]:
    """What a chiller may reject to."""
    if formulation(site, kind) != "water_cooled_chiller":
        return ("outside",)
    return ("cool", *(("near",) if near(site) else ()), *(("warm",) if liquid(site) else ()))


def lift(site: Site, kind: str, target: str, air: Air) -> Lift:
    """A chiller between its loop and a target: another loop, or outside air, thin air leaving less of its rating."""
    machine = MACHINE.get(formulation(site, kind), kind)
    curves, cold = chiller_curves(site.catalog, machine), loop(site, source(site, kind), air)[0]
    condenser, thin = (loop(site, target, air)[0], 1.0) if target != "outside" else (
        air.dry_bulb, 1 - site.catalog.number(machine, "capacity_per_pressure", "1") * (1 - altitude_share(air.pressure)))
    return Lift(1 / cop(curves, cold, condenser), full_load_capacity_ratio(curves, cold, condenser) * thin)
