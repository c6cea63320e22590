"""Wet towers, open and closed: approach and capacity by the enthalpy potential, water by the heat balance (models/physics/towers.py).

    driving = h_s(rated wet bulb + approach + range) - h_s(rated wet bulb)
    approach(t) grows as the wet bulb falls and with the range: h_s(hot) = h_s(wet bulb) + driving * range / rated range
    share = clip((R - (wet bulb + approach(t))) / (R - S), 0, 1)
    ratio = (h_s(R) - h_s(wet bulb)) / driving * pressure / 101325 Pa
    water = evaporation by the air's heat balance, drift of what circulates, blowdown at the cycles of concentration

A closed tower has a coil between loop and spray: a larger approach, a spray pump, no open water in the loop, glycol where it freezes.
"""

import numpy as np

from ..conditions import Conditions, Setting
from ..physics.coolers import loop_share
from ..physics.towers import driving_enthalpy, tower_approach, tower_capacity, tower_evaporation, tower_water
from .rejection import Ability, Rejection, rejection


def tower(setting: Setting, technology: str) -> Rejection:
    """An open or closed tower. The variants `open_tower_close` and `open_tower_wide` have another approach; the close one makes condenser water of its
    own, the near loop, where chillers may choose it."""
    number = setting.catalog.number
    spread = number(technology, "range", "delta_degC")
    driving = driving_enthalpy(number(technology, "rated_wet_bulb", "degC"), number(technology, "approach", "delta_degC"), spread)
    cycles, drift = number(technology, "cycles_of_concentration", "1"), number(technology, "drift", "1")

    def physics(conditions: Conditions, supply: np.ndarray, leaving: np.ndarray) -> Ability:
        wet, pressure = conditions.wet_bulb, conditions.pressure
        approach = tower_approach(wet, spread, spread, pressure, driving)
        evaporation = tower_evaporation(conditions.dry_bulb, wet, pressure, (supply + leaving) / 2)
        return Ability(loop_share(supply, leaving, wet, approach), tower_capacity(leaving, wet, pressure, driving),
                       tower_water(evaporation, cycles, drift, spread))

    condenser = "near" if setting.catalog.origin(technology) == "open_tower_close" and "near" in setting.levels else "cool"
    return rejection(setting, technology, physics, ("warm", condenser))
