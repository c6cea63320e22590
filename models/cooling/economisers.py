"""Economisers: outside air for the hall, direct or through an exchanger, and the tower's water for the chilled loop without chillers.

Air (level air_heat: the hall's supply air S, return air R = S + rise, fan heat as an approach):

    direct     outside air, cooled by pads no further than it must be; shut where it would be more humid than the hall may be
    indirect   outside air on the other side of an exchanger of effectiveness e, wetted above the switch-over: approach = rise (1 - e) / e
    share = clip((R - (met + approach)) / (R - S), 0, 1): the air handlers take what is left, in series
    ratio = clip((R - met) / (rise + approach), 0, 1) * pressure / 101325 Pa
    water = latent heat of the air that the pads cool over the air's rise, with bleed

Water: a plate exchanger between the chilled loop and the cool loop, share by its approach to the towers' water.
"""

import numpy as np

from ..conditions import Conditions, Loop, Setting
from ..physics.airside import may_open, needed_cooling
from ..physics.coolers import coil_capacity, exchanger_approach, loop_share, pad_leaving_air
from ..physics.fluids import altitude_share
from ..physics.towers import tower_water
from .rejection import Ability, Rejection, rejection


def direct_air_economiser(setting: Setting, technology: str = "direct_air_economiser") -> Rejection:
    """Outside air through the hall, with evaporative assist."""
    number = setting.catalog.number
    air, heat_of_fans = hall_air(setting, technology), number(technology, "approach", "delta_degC")
    pads, humid = number(technology, "pad_effectiveness", "1"), number(technology, "dew_point_maximum", "degC")
    latent, cycles = number("water", "evaporation", "m3/MWh"), number(technology, "cycles_of_concentration", "1")

    def physics(conditions: Conditions, supply: np.ndarray, leaving: np.ndarray) -> Ability:
        dry, wet = conditions.dry_bulb, conditions.wet_bulb
        cooled = needed_cooling(dry, wet, supply - heat_of_fans, pads)
        is_open = may_open(dry, wet, conditions.pressure, cooled, humid)
        share = is_open * loop_share(supply, leaving, dry - cooled, heat_of_fans)
        ratio = np.minimum(coil_capacity(leaving, dry - cooled, air.range + heat_of_fans), 1.0) * altitude_share(conditions.pressure)
        return Ability(share, ratio, tower_water(latent * cooled / air.range, cycles, 0.0, air.range))

    return rejection(setting, technology, physics, ("air_heat",), air=air)


def indirect_evaporative(setting: Setting, technology: str = "indirect_evaporative") -> Rejection:
    """Hall air and outside air on the two sides of an exchanger, the outside wetted when it is hot."""
    number, air = setting.catalog.number, hall_air(setting, technology)
    approach = exchanger_approach(number(technology, "exchanger_effectiveness", "1"), air.range) + number(technology, "approach", "delta_degC")
    pads, switch_over = number(technology, "pad_effectiveness", "1"), number(technology, "switch_over", "degC")
    latent, cycles = number("water", "evaporation", "m3/MWh"), number(technology, "cycles_of_concentration", "1")

    def physics(conditions: Conditions, supply: np.ndarray, leaving: np.ndarray) -> Ability:
        dry = conditions.dry_bulb
        met = np.where(dry > switch_over, pad_leaving_air(dry, conditions.wet_bulb, pads), dry)
        ratio = np.minimum(coil_capacity(leaving, met, air.range + approach), 1.0) * altitude_share(conditions.pressure)
        return Ability(loop_share(supply, leaving, met, approach), ratio, tower_water(latent * (dry - met) / air.range, cycles, 0.0, air.range))

    return rejection(setting, technology, physics, ("air_heat",), air=air)


def waterside_economiser(setting: Setting, technology: str = "waterside_economiser") -> Rejection:
    """A plate exchanger that cools the chilled loop with the towers' water."""
    approach, spread = (setting.catalog.number(technology, row, "delta_degC") for row in ("approach", "range"))

    def physics(conditions: Conditions, supply: np.ndarray, leaving: np.ndarray) -> Ability:
        cool = setting.loops.supply("cool", conditions)
        ratio = np.minimum(coil_capacity(leaving, cool, spread + approach), 1.0)
        return Ability(loop_share(supply, leaving, cool, approach), ratio, np.zeros(len(conditions)))

    return rejection(setting, technology, physics, ("chilled",), target="cool")


def hall_air(setting: Setting, technology: str) -> Loop:
    """Supply air of the hall, the warmest allowed in hours beyond design, and its rise over the racks; no warmer than the racks take."""
    number, loops = setting.catalog.number, setting.loops
    return Loop(min(number(technology, "supply_air", "degC"), loops.inlet),
                min(number(technology, "supply_air_allowable", "degC"), loops.inlet_beyond), number(technology, "air_temperature_rise", "delta_degC"))
