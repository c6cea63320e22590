"""What the weather makes of coolers, chillers, generators and the sun: hourly coefficients from the physics in models/physics.

A loop's supply is what the site says, else the limit less its float; in hours beyond the design conditions it floats to the limit:

    warm limit = the tightest of: coolant at the rack (its own limit, its S class) less the approach of its distribution unit, its W class
    chilled limit = the tightest of: air at the inlet (the rack's own limit, its A or H class) less its rise in the room and the coil's approach
    chilled water is also no warmer than its own row of the catalogue, and than the recommended inlet less rise and approach
    cool supply = max(cool minimum, wet bulb + approach of the tower)
"""

from dataclasses import dataclass

import numpy as np

from ...models.physics.chillers import chiller_curves, cop, full_load_capacity_ratio
from ...models.physics.coolers import loop_share, pad_leaving_air
from ...models.physics.generation import derating, pv_yield
from ...models.physics.towers import tower_water
from ...sites import Site
from .reading import Reading
from .things import liquid, racks

SMALLEST = 1e-3  # of a cooler's rating or of a loop's heat: below it the cooler does nothing


@dataclass(frozen=True)
class Air:
    """Dry and wet bulb (degC), pressure (Pa), and whether the hour lies beyond the design conditions."""

    dry_bulb: np.ndarray
    wet_bulb: np.ndarray
    pressure: np.ndarray
    beyond: np.ndarray


@dataclass(frozen=True)
class Cooler:
    """By hour and level: share of the level's heat it can take, ratio of its rating that is left; water in m3 per MWh of heat."""

    share: dict[str, np.ndarray]
    ratio: dict[str, np.ndarray]
    water: np.ndarray


@dataclass(frozen=True)
class Lift:
    """A chiller's 1/COP and capacity ratio by hour."""

    specific: np.ndarray
    ratio: np.ndarray


def weather(reading: Reading) -> Air:
    """The site's year."""
    design, values = reading.site.design, {name: reading.of_site(name) for name in ("dry_bulb", "wet_bulb", "pressure")}
    return Air(**values, beyond=(values["dry_bulb"] > design.dry_bulb) | (values["wet_bulb"] > design.wet_bulb))


def design_air(site: Site) -> Air:
    """The two design points: hottest dry bulb, most humid wet bulb."""
    point, pressure = site.design, float(site.hours["pressure"].mean())
    return Air(np.array([point.dry_bulb, point.coincident_dry_bulb]), np.array([point.coincident_wet_bulb, point.wet_bulb]),
               np.full(2, pressure), np.zeros(2, dtype=bool))


def loop(site: Site, level: str, air: Air) -> tuple[np.ndarray, np.ndarray]:
    """Supply and return temperature of a loop, degC."""
    number = site.catalog.number
    if level == "cool":
        supply = np.maximum(number("facility_water", "cool_minimum", "degC"), air.wet_bulb + number("open_tower", "approach", "delta_degC"))
    else:
        limit, usual = _coolant(site) if level == "warm" else _chilled(site)
        wanted = site.cooling.warm_supply if level == "warm" else site.cooling.chilled_supply
        within = min(usual, limit - number("facility_water", f"{level}_float", "delta_degC")) if wanted is None else wanted
        supply = np.where(air.beyond, max(limit, within), within)
    return supply, supply + number("facility_water", f"{level}_range", "delta_degC")


def _coolant(site: Site) -> tuple[float, float]:
    """Limit of the warm loop; it has no temperature of its own."""
    number, text, limits = site.catalog.number, site.catalog.text, []
    approach = number("cold_plate", "approach", "delta_degC")
    for kind in {rack.technology for rack in racks(site) if rack.liquid_share > 0}:
        named = text(kind, "coolant_class")
        limits.append(number(kind, "coolant_supply_maximum", "degC") - approach)
        limits.append(number(named, "facility_supply_maximum", "degC") if named[0] == "W" else number(named, "coolant_supply_maximum", "degC") - approach)
    return min(limits), np.inf


def _chilled(site: Site) -> tuple[float, float]:
    """Limit of the chilled loop, and what it is held at where that leaves it free."""
    number, kinds = site.catalog.number, {rack.technology for rack in racks(site)}
    warmer = number("air_handler", "inlet_rise", "delta_degC") + number("air_handler", "approach", "delta_degC")
    classes = {site.catalog.text(kind, "air_class") for kind in kinds}
    inlet = min(number(name, "air_inlet_maximum", "degC") for name in kinds | classes)
    recommended = min(number(name, "air_inlet_recommended", "degC") for name in classes)
    return inlet - warmer, min(number("facility_water", "chilled_supply", "degC"), recommended - warmer)


def cooler(site: Site, kind: str, levels: tuple[str, ...], air: Air) -> Cooler:
    """share = clip((R - A - approach) / (R - S), 0, 1), ratio = clip((R - A) / (range + approach), 0, 1), A what the cooler meets."""
    met, water = _met(site, kind, air)
    approach, spread = site.catalog.number(kind, "approach", "delta_degC"), site.catalog.number(kind, "range", "delta_degC")
    share, ratio = {}, {}
    for level in levels:
        supply, leaving = loop(site, level, air)
        possible = loop_share(supply, leaving, met, approach)
        share[level] = np.where(possible < SMALLEST, 0.0, possible)
        ratio[level] = np.clip((leaving - met) / (spread + approach), SMALLEST, 1.0)
    return Cooler(share, ratio, water)


def _met(site: Site, kind: str, air: Air) -> tuple[np.ndarray, np.ndarray]:
    """Temperature that a cooler meets (dry bulb; behind the wet pad above the switch-over; wet bulb) and its water, m3/MWh."""
    number = site.catalog.number
    if kind == "dry_cooler":
        return air.dry_bulb, np.zeros_like(air.dry_bulb)
    if kind == "open_tower":
        water = tower_water(number("water", "evaporation", "m3/MWh"), number(kind, "cycles_of_concentration", "1"), number(kind, "drift", "1"),
                            number(kind, "range", "delta_degC"))
        return air.wet_bulb, np.full_like(air.dry_bulb, water)
    wet = air.dry_bulb > number(kind, "switch_over", "degC")
    met = np.where(wet, pad_leaving_air(air.dry_bulb, air.wet_bulb, number(kind, "pad_effectiveness", "1")), air.dry_bulb)
    cycles = number(kind, "cycles_of_concentration", "1")
    evaporated = number("water", "evaporation", "m3/MWh") * (air.dry_bulb - met) / number(kind, "air_temperature_rise", "delta_degC")
    return met, evaporated * cycles / (cycles - 1)


def lift(site: Site, kind: str, target: str, air: Air) -> Lift:
    """A chiller between the chilled loop and a target loop."""
    curves = chiller_curves(site.catalog, kind)
    chilled, condenser = loop(site, "chilled", air)[0], loop(site, target, air)[0]
    return Lift(1 / cop(curves, chilled, condenser), full_load_capacity_ratio(curves, chilled, condenser))


def targets(site: Site) -> tuple[str, ...]:
    """Loops that a chiller may reject to."""
    return ("cool", "warm") if liquid(site) else ("cool",)


def derated(site: Site, kind: str, air: Air) -> np.ndarray:
    """Share of a generator's rating that the air leaves."""
    number = site.catalog.number
    return derating(air.dry_bulb, air.pressure, number(kind, "derate_per_kelvin", "1/delta_degC"), number(kind, "derate_reference", "degC"),
                    number(kind, "derate_per_pressure", "1"))


def sun(reading: Reading) -> np.ndarray:
    """AC output of a PV field per MW of inverter by hour, with its availability."""
    place, number = reading.site.location, reading.site.catalog.number
    seen = {name: reading.of_site(name) for name in ("ghi", "dni", "dhi", "dry_bulb", "wind_speed")}
    made = pv_yield(latitude=place.latitude, longitude=place.longitude, elevation=place.elevation, utc_offset=place.utc_offset, **seen,
                    dc_ac_ratio=number("solar_pv", "dc_ac_ratio", "1"), system_loss=number("solar_pv", "system_loss", "1"),
                    temperature_coefficient=number("solar_pv", "temperature_coefficient", "1/delta_degC"))
    return made * number("solar_pv", "availability", "1")
