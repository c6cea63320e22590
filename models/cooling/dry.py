"""Dry and adiabatic coolers: coils in outside air, by approach and constant effectiveness (models/physics/coolers.py).

    met   = dry bulb, or behind the wet pad above the switch-over
    share = clip((R - (met + approach)) / (R - S), 0, 1)
    ratio = (R - met) / (range + approach) * pressure / 101325 Pa * (1 - coil_loss * glycol)
    water = latent heat of the air that the pads cool / air's rise over the coil, with bleed at the cycles of concentration

Size variants of one machine differ in approach: a coil of more conductance in more air is dearer, larger and takes more fan power.
"""

from dataclasses import replace

import numpy as np

from ..catalog import Catalog
from ..conditions import Conditions, Setting
from ..physics.coolers import coil_capacity, loop_share, pad_leaving_air
from ..physics.fluids import altitude_share, glycol_heat
from ..physics.towers import tower_water
from .rejection import Ability, Rejection, rejection


def dry_cooler(setting: Setting, technology: str = "dry_cooler") -> Rejection:
    """Fans and coils; no water. The variants `dry_cooler_close` and `dry_cooler_wide` have another approach."""
    coil = _coil(setting.catalog, technology)

    def physics(conditions: Conditions, supply: np.ndarray, leaving: np.ndarray) -> Ability:
        return Ability(*coil(conditions, supply, leaving, conditions.dry_bulb), np.zeros(len(conditions)))

    return _with_glycol(rejection(setting, technology, physics))


def adiabatic_cooler(setting: Setting, technology: str = "adiabatic_cooler") -> Rejection:
    """A dry cooler that wets its pads above the switch-over dry bulb."""
    number, coil = setting.catalog.number, _coil(setting.catalog, technology)
    effectiveness, switch_over = number(technology, "pad_effectiveness", "1"), number(technology, "switch_over", "degC")
    rise = number(technology, "air_temperature_rise", "delta_degC")
    latent, cycles = number("water", "evaporation", "m3/MWh"), number(technology, "cycles_of_concentration", "1")

    def physics(conditions: Conditions, supply: np.ndarray, leaving: np.ndarray) -> Ability:
        wet = conditions.dry_bulb > switch_over
        met = np.where(wet, pad_leaving_air(conditions.dry_bulb, conditions.wet_bulb, effectiveness), conditions.dry_bulb)
        evaporation = latent * (conditions.dry_bulb - met) / rise
        return Ability(*coil(conditions, supply, leaving, met), tower_water(evaporation, cycles, 0.0, rise))

    return _with_glycol(rejection(setting, technology, physics))


def _coil(catalog: Catalog, technology: str):
    """(conditions, supply, return, temperature of the air) -> share, ratio."""
    number = catalog.number
    approach, spread = number(technology, "approach", "delta_degC"), number(technology, "range", "delta_degC")
    left = 1 - number(technology, "coil_loss", "1") * number(technology, "glycol", "1")

    def able(conditions: Conditions, supply: np.ndarray, leaving: np.ndarray, met: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ratio = coil_capacity(leaving, met, spread + approach) * left * altitude_share(conditions.pressure)
        return loop_share(supply, leaving, met, approach), ratio

    return able


def _with_glycol(cooler: Rejection) -> Rejection:
    """Pumps move more of a solution that carries less heat."""
    share = cooler.setting.catalog.number(cooler.asset.technology, "glycol", "1")
    return replace(cooler, pump=cooler.pump / glycol_heat(share))
