"""Power to move air and water, and what altitude and glycol do to it. Powers as MW per MW of heat carried."""

import numpy as np

from .generation import REFERENCE_PRESSURE

AIR_HEAT_CAPACITY = 1.006  # kJ/(kg K), dry air
WATER_HEAT_CAPACITY = 4.186  # kJ/(kg K)
WATER_DENSITY = 998.0  # kg/m3 at 20 degC
GLYCOL_HEAT = (-0.0566, -0.3183)  # (density x heat capacity) of propylene glycol in water at 40 degC over that of water, less 1: c1 f + c2 f^2


def fan_power(pressure: float, efficiency, rise, density):
    """Fan power per heat carried by air that warms by `rise` (K): dp / (efficiency * density * cp * rise).

    pressure in Pa, density in kg/m3, efficiency of fan, motor and drive together. The volume is that of the density given, so thin air needs more.
    """
    return pressure / (efficiency * density * AIR_HEAT_CAPACITY * 1000 * rise)


def pump_power(head: float, efficiency, spread, glycol: float = 0.0):
    """Pump power per heat carried by water over a temperature range `spread` (K): dp / (efficiency * density * cp * spread).

    head in kPa; `glycol` is the share by mass (0 to 0.6), which carries less heat and so needs more flow.
    """
    return head / (efficiency * WATER_DENSITY * WATER_HEAT_CAPACITY * glycol_heat(glycol) * spread)


def glycol_heat(share: float) -> float:
    """Heat that a volume of propylene glycol solution carries per kelvin, over that of water, at about 40 degC; share by mass 0 to 0.6.

    Quadratic through 1 at no glycol; within 0.5 % of CoolProp's fit of Melinder (2010), which a test holds it to.
    """
    return 1 + GLYCOL_HEAT[0] * share + GLYCOL_HEAT[1] * share**2


def altitude_share(pressure):
    """What altitude leaves of the heat that a given volume of air takes: pressure over 101325 Pa, at most 1 (fans move volume, not mass)."""
    return np.minimum(np.divide(pressure, REFERENCE_PRESSURE), 1.0)


def affinity(load, exponent: float):
    """Power over that at full flow where all units, the redundant ones too, share the flow: load^exponent, 3 without static head."""
    return np.power(load, exponent)
