"""A campus of 100 MW of IT for the figures of whole facilities: GB200 racks, N+1, loops and loads stated here.

    87 % of the heat of a rack goes to its cold plates; the network and support racks beside it are cooled by air, and so are UPS and distribution
    warm loop 37 degC to 47 degC, chilled loop 19 degC to 27 degC, condenser water by the towers, not below 15 degC
    UPS, unit transformers and the substation at 80 % of their rating
"""

import functools
import math

import numpy as np
from dcplan.models.catalog import load_catalog
from dcplan.models.conditions import Conditions, Loop, Loops, Setting
from dcplan.models.cooling.climate import CoolingYear, Demand, cooling_year
from dcplan.models.power import conversion
from dcplan.planner.climate import systems
from years import year

IT, SPARE, LOAD, PERCENTILE = 100.0, 1, 0.8, 0.996
CATALOG = load_catalog()
LIQUID = CATALOG.number("gb200_nvl72", "liquid_share", "1") / math.prod(1 + CATALOG.number("gb200_nvl72", f"{part}_share", "1")
                                                                         for part in ("network", "support"))


@functools.cache
def setting() -> Setting:
    """Catalogue and loops."""
    number = CATALOG.number
    return Setting(CATALOG, Loops(Loop(37.0, 41.0, 10.0), Loop(19.0, 23.0, 8.0), number("facility_water", "cool_minimum", "degC"),
                                  number("open_tower", "approach", "delta_degC"), number("facility_water", "cool_range", "delta_degC"),
                                  number("open_tower", "rated_wet_bulb", "degC")))


def conditions(dry_bulb: np.ndarray, wet_bulb: np.ndarray, pressure: np.ndarray, beyond: np.ndarray) -> Conditions:
    """Hours of weather; nothing else matters to cooling."""
    none = np.zeros(len(dry_bulb))
    return Conditions(dry_bulb=dry_bulb, wet_bulb=wet_bulb, pressure=pressure, energy_price=none, carbon_intensity=none, hour_of_day=none, weekday=none,
                      reserve=none, outage=none, beyond=beyond)


@functools.cache
def cooled(place: str) -> dict[str, CoolingYear]:
    """Every system over a place's year and at its design hours: 0.4 % dry bulb and 0.4 % wet bulb, each with the mean of the other there."""
    found = year(place)
    dry, wet = (float(np.quantile(values, PERCENTILE)) for values in (found.dry_bulb, found.wet_bulb))
    beyond = (found.dry_bulb > dry) | (found.wet_bulb > wet)
    with_dry = float(found.wet_bulb[np.abs(found.dry_bulb - dry) < 1].mean())
    with_wet = float(found.dry_bulb[np.abs(found.wet_bulb - wet) < 1].mean())
    design = conditions(np.array([dry, with_wet]), np.array([with_dry, wet]), np.full(2, found.pressure.mean()), np.zeros(2, dtype=bool))
    demand = Demand(IT, SPARE, conditions(found.dry_bulb, found.wet_bulb, found.pressure, beyond), design)
    return {system.name: cooling_year(system, demand) for system in systems(setting())}


def losses() -> list[float]:
    """Loss over output of UPS with distribution, and of unit transformers with medium voltage."""
    return [float(conversion.from_setting(setting(), part).loss_curve(LOAD)) / LOAD for part in ("ups", "transformer")]


def facility(cooling: float) -> float:
    """MW of the facility per MW of IT with so much cooling: UPS and distribution before IT, transformers before both, substation before all."""
    made = losses()
    substation = CATALOG.number("grid_connection", "no_load_loss", "1") / LOAD + CATALOG.number("grid_connection", "load_loss", "1") * LOAD
    return (1 + made[0] + cooling) * (1 + made[1]) * (1 + substation)


def at_design(place: str, liquid: str | None, air: str) -> float:
    """Facility to IT at the design hour: the liquid's heat by one system, the rest by another; all of it by the latter where there is no liquid."""
    share = LIQUID if liquid else 0.0
    wet = cooled(place)[liquid].design_power if liquid else 0.0
    return facility(share * wet + (1 - share + losses()[0]) * cooled(place)[air].design_power)


def best_annual(place: str) -> tuple[float, str]:
    """The lowest annual PUE of all pairs of systems, and their names."""
    def annual(name: str) -> float:
        return float(cooled(place)[name].power.mean())

    best = {heat: min((name for name, made in cooled(place).items() if made.system.heat == heat), key=annual) for heat in ("liquid_heat", "air_heat")}
    return facility(LIQUID * annual(best["liquid_heat"]) + (1 - LIQUID + losses()[0]) * annual(best["air_heat"])), " and ".join(best.values())
