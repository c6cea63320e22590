"""What the weather makes of loops, generators and the sun: hourly coefficients from the physics in models/physics.

A loop's supply is what the site says, else the limit less its float; in hours beyond the design conditions it floats to the limit:

    warm limit = the tightest of: coolant at the rack (its own limit, its S class) less the approach of its distribution unit, its W class
    chilled limit = the tightest of: air at the inlet (the rack's own limit, its A or H class) less its rise in the room and the coil's approach
    chilled water is also no warmer than its own row of the catalogue, and than the recommended inlet less rise and approach
    cool supply = max(cool minimum, wet bulb + approach of the tower by the enthalpy potential), near by that of the close tower
"""

from dataclasses import dataclass

import numpy as np

from ...models.physics.generation import derating
from ...models.physics.towers import driving_enthalpy, tower_approach
from ...sites import Site
from .reading import Reading
from .things import racks


@dataclass(frozen=True)
class Air:
    """Dry and wet bulb (degC), pressure (Pa), and whether the hour lies beyond the design conditions."""

    dry_bulb: np.ndarray
    wet_bulb: np.ndarray
    pressure: np.ndarray
    beyond: np.ndarray


def weather(reading: Reading) -> Air:
    """The site's year."""
    design, values = reading.site.design, {name: reading.of_site(name) for name in ("dry_bulb", "wet_bulb", "pressure")}
    return Air(**values, beyond=design.is_beyond(values["dry_bulb"], values["wet_bulb"]))


def design_air(site: Site) -> Air:
    """The design points: hottest dry bulb, most humid wet bulb, and beyond these rare heat and the heat wave."""
    point, pressure = site.design, float(site.hours["pressure"].mean())
    dry = np.array([point.dry_bulb, point.coincident_dry_bulb, *(one.dry_bulb for one in point.further)])
    wet = np.array([point.coincident_wet_bulb, point.wet_bulb, *(one.wet_bulb for one in point.further)])
    return Air(dry, wet, np.full(len(dry), pressure), point.is_beyond(dry, wet))


def loop(site: Site, level: str, air: Air) -> tuple[np.ndarray, np.ndarray]:
    """Supply and return temperature of a loop, degC."""
    number = site.catalog.number
    if level in ("cool", "near"):
        tower = "open_tower" if level == "cool" else "open_tower_close"
        spread, rated = number("facility_water", "cool_range", "delta_degC"), number("open_tower", "rated_wet_bulb", "degC")
        driving = driving_enthalpy(rated, number(tower, "approach", "delta_degC"), spread)
        approach = tower_approach(air.wet_bulb, spread, spread, air.pressure, driving)
        supply = np.maximum(number("facility_water", "cool_minimum", "degC"), air.wet_bulb + approach)
    else:
        limit, usual = _coolant(site) if level == "warm" else _chilled(site)
        wanted = site.cooling.warm_supply if level == "warm" else site.cooling.chilled_supply
        within = min(usual, limit - number("facility_water", f"{level}_float", "delta_degC")) if wanted is None else wanted
        supply = np.where(air.beyond, max(limit, within), within)
    return supply, supply + number("facility_water", f"{'cool' if level == 'near' else level}_range", "delta_degC")


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
    number, (recommended, allowed) = site.catalog.number, inlets(site)
    warmer = number("air_handler", "inlet_rise", "delta_degC") + number("air_handler", "approach", "delta_degC")
    return allowed - warmer, min(number("facility_water", "chilled_supply", "degC"), recommended - warmer)


def inlets(site: Site) -> tuple[float, float]:
    """Warmest air at the inlet of the racks: recommended to all, and allowed by all."""
    number, kinds = site.catalog.number, {rack.technology for rack in racks(site)}
    classes = {site.catalog.text(kind, "air_class") for kind in kinds}
    return (min(number(name, "air_inlet_recommended", "degC") for name in classes),
            min(number(name, "air_inlet_maximum", "degC") for name in kinds | classes))


def derated(site: Site, kind: str, air: Air) -> np.ndarray:
    """Share of a generator's rating that the air leaves."""
    number = site.catalog.number
    return derating(air.dry_bulb, air.pressure, number(kind, "derate_per_kelvin", "1/delta_degC"), number(kind, "derate_reference", "degC"),
                    number(kind, "derate_per_pressure", "1"))
