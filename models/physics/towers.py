"""Wet towers: approach by the enthalpy potential, water by the heat balance."""

import numpy as np

from .fluids import AIR_HEAT_CAPACITY, WATER_HEAT_CAPACITY
from .psychrometrics import WATER_TO_AIR, ZERO_CELSIUS, enthalpy, humidity_ratio, saturated_enthalpy, saturated_humidity

HEAT_OF_MWH = 3.6e6  # kJ
VAPOUR_CONSTANT = 0.4615  # kJ/(kg K)
STEPS = 5


def driving_enthalpy(wet_bulb: float, approach: float, spread: float, pressure: float = 101325.0) -> float:
    """Enthalpy (kJ/kg) between air saturated at the hot water and the entering air, at the tower's rating."""
    return float(saturated_enthalpy(wet_bulb + approach + spread, pressure) - saturated_enthalpy(wet_bulb, pressure))


def tower_capacity(leaving, wet_bulb, pressure, driving: float):
    """Heat over rating with water coming back at `leaving` (degC): (h_s(leaving) - h_s(wet bulb)) / driving enthalpy at the rating, at least 0.

    Constant enthalpy effectiveness at full air and water flow (Braun, Klein, Mitchell 1989). Air mass goes with pressure over 101325 Pa. Above 1 where
    the wet bulb is far below the water, where fans may slow down.
    """
    potential = saturated_enthalpy(leaving, pressure) - saturated_enthalpy(wet_bulb, pressure)
    return np.maximum(potential, 0.0) / driving * np.minimum(np.divide(pressure, 101325.0), 1.0)


def tower_approach(wet_bulb, spread, rated_spread: float, pressure, driving: float):
    """Approach (K) of water to the wet bulb at full flow, water range `spread` (K) and the rating's water flow.

    Hot water is where h_s(hot) = h_s(wet bulb) + driving * spread / rated_spread: the approach grows as the wet bulb falls and with the range.
    wet_bulb -20 to 35 degC. 4 K at 25.6 degC is 9 K at 10 degC.
    """
    wanted = saturated_enthalpy(wet_bulb, pressure) + driving * np.divide(spread, rated_spread)
    return np.maximum(saturated_temperature(wanted, pressure) - spread - wet_bulb, 0.0)


def saturated_temperature(wanted, pressure):
    """Temperature (degC) at which saturated air has an enthalpy (kJ/kg): Newton steps over arrays, to 1e-4 K; -20 to 50 degC, 70 to 110 kPa.

    dh/dt = 1.006 + 1.86 w + (2501 + 1.86 t) dw/dt,  dw/dt = w p / (p - p_ws) L / (R T^2) with the latent heat L of water at t.
    """
    found = 30 * np.log(np.maximum(wanted * np.divide(pressure, 101325.0), -20.0) + 35.0) - 106.0
    for _ in range(STEPS):
        humidity = saturated_humidity(found, pressure)
        growth = humidity * (1 + humidity / WATER_TO_AIR) * latent_heat(found) / (VAPOUR_CONSTANT * (found + ZERO_CELSIUS) ** 2)
        slope = AIR_HEAT_CAPACITY + 1.86 * humidity + (2501 + 1.86 * found) * growth
        found = found + (wanted - enthalpy(found, humidity)) / slope
    return found


def latent_heat(water):
    """Heat of evaporation (kJ/kg) at a water temperature: 2501 - 2.361 t; 0 to 60 degC."""
    return 2501 - 2.361 * water


def tower_evaporation(dry_bulb, wet_bulb, pressure, water):
    """Water evaporated (m3 per MWh of heat) by the heat balance of the air, which leaves saturated at the water's mean temperature `water` (degC):

        heat = m (h_out - h_in) - m (w_out - w_in) h_water,    evaporated = m (w_out - w_in)

    Less than all-latent (1.47) where cold air is warmed, more where hot dry air is cooled, too. At least zero; water warmer than the wet bulb.
    Source: heat balance of saturated exit air (Merkel 1925; ASHRAE Systems and Equipment, cooling towers).
    """
    entering = humidity_ratio(dry_bulb, wet_bulb, pressure)
    leaving = saturated_humidity(water, pressure)
    gained = np.maximum(leaving - entering, 0.0)
    heat = enthalpy(water, leaving) - enthalpy(dry_bulb, entering) - gained * WATER_HEAT_CAPACITY * water
    return gained / np.maximum(heat, 1e-3) * HEAT_OF_MWH / 1000


def all_latent(water):
    """Water evaporated (m3 per MWh) if all heat were latent, at water temperature (degC): 3600 / latent heat. 1.47 at 20 degC; 0 to 60 degC."""
    return HEAT_OF_MWH / 1000 / latent_heat(water)


def tower_water(evaporation, cycles_of_concentration: float, drift: float, water_range: float):
    """Make-up water (m3 per MWh of heat): evaporation + drift + blowdown.

    Circulation is 3600 / (4.186 * range) m3 per MWh; drift is a share of it; blowdown = evaporation / (cycles - 1) less drift, at least 0.
    evaporation in m3/MWh, range in K, cycles > 1. Source: ASHRAE Systems and Equipment, cooling towers; Lei and Masanet 2022.
    """
    drifted = drift * 3600 / (WATER_HEAT_CAPACITY * water_range)
    return evaporation + np.maximum(evaporation / (cycles_of_concentration - 1), drifted)
