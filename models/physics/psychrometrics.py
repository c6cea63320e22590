"""Moist air by the ASHRAE Handbook Fundamentals 2017, chapter 1. Temperatures degC, pressure Pa, relative humidity 0 to 1.

Everything works over arrays, so that a year is milliseconds; psychrolib, which goes value by value, is what the tests hold it against.
"""

from collections.abc import Callable

import numpy as np
import psychrolib

psychrolib.SetUnitSystem(psychrolib.SI)

ZERO_CELSIUS = 273.15
WATER_TO_AIR = 0.621945  # molar mass of water over that of dry air
STANDARD_DENSITY = 1.204  # kg/m3, air at 20 degC and 101325 Pa, at which fans are rated
WIDEST, HALVINGS = 128.0, 37  # K below the dry bulb at which the search for a wet bulb starts, and its steps: 128 / 2^37 = 1e-9
OVER_ICE = (-5.6745359e3, 6.3925247, -9.677843e-3, 6.2215701e-7, 2.0747825e-9, -9.484024e-13, 4.1635019)
OVER_WATER = (-5.8002206e3, 1.3914993, -4.8640239e-2, 4.1764768e-5, -1.4452093e-8, 0.0, 6.5459673)


def standard_pressure(elevation: float) -> float:
    """Air pressure (Pa) at an elevation (m) in the standard atmosphere, ASHRAE Fundamentals 2017 ch. 1 eqn 3; -500 to 11,000 m."""
    return psychrolib.GetStandardAtmPressure(elevation)


def wet_bulb(dry_bulb, relative_humidity, pressure):
    """Thermodynamic wet bulb (degC), between dew point and dry bulb: where `humidity_ratio` is that of the air, found by halving to 1e-9 K.

    Arrays or floats alike; dry bulb -40 to 100 degC. ASHRAE ch. 1 eqns 33 and 35.
    """
    vapour = np.clip(relative_humidity, 0.0, 1.0) * saturation_pressure(dry_bulb)
    wanted = WATER_TO_AIR * vapour / (pressure - vapour)
    high = np.asarray(dry_bulb, dtype=float) + 0.0 * wanted
    dew_point = _halved(high - WIDEST, high, lambda guess: saturation_pressure(guess) > vapour)
    return _halved(dew_point, high, lambda guess: humidity_ratio(dry_bulb, guess, pressure) > wanted)[()]


def _halved(low, high, above: Callable):
    """Where `above` changes from false to true, between low and high."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        too_high = above(middle)
        low, high = np.where(too_high, low, middle), np.where(too_high, middle, high)
    return high


def relative_humidity(dry_bulb, dew_point):
    """Relative humidity (0 to 1) from dry bulb and dew point, the latter cut at the former. Arrays or floats alike."""
    return saturation_pressure(np.minimum(dew_point, dry_bulb)) / saturation_pressure(dry_bulb)


def saturation_pressure(temperature):
    """Vapour pressure (Pa) over ice below 0.01 degC and over water above: ln p = c0/T + c1 + c2 T + c3 T^2 + c4 T^3 + c5 T^4 + c6 ln T.

    T in K; -100 to 200 degC. ASHRAE ch. 1 eqns 5 and 6.
    """
    kelvin = np.asarray(temperature, dtype=float) + ZERO_CELSIUS

    def over(c: tuple[float, ...]):
        return np.exp(c[0] / kelvin + c[1] + kelvin * (c[2] + kelvin * (c[3] + kelvin * (c[4] + kelvin * c[5]))) + c[6] * np.log(kelvin))

    if np.all(kelvin >= 273.16):
        return over(OVER_WATER)[()]
    return np.where(kelvin < 273.16, over(OVER_ICE), over(OVER_WATER))[()]


def saturated_humidity(temperature, pressure):
    """Humidity ratio (kg of water per kg of dry air) of saturated air: 0.621945 p_ws / (p - p_ws). ASHRAE ch. 1 eqn 21."""
    vapour = saturation_pressure(temperature)
    return WATER_TO_AIR * vapour / (pressure - vapour)


def humidity_ratio(dry_bulb, wet_bulb, pressure):
    """Humidity ratio (kg/kg) from dry and wet bulb, at least zero. ASHRAE ch. 1 eqn 33 over water, eqn 35 over ice."""
    saturated, fall = saturated_humidity(wet_bulb, pressure), np.subtract(dry_bulb, wet_bulb)
    over_water = ((2501 - 2.326 * wet_bulb) * saturated - 1.006 * fall) / (2501 + 1.86 * dry_bulb - 4.186 * wet_bulb)
    over_ice = ((2830 - 0.24 * wet_bulb) * saturated - 1.006 * fall) / (2830 + 1.86 * dry_bulb - 2.1 * wet_bulb)
    return np.maximum(np.where(np.asarray(wet_bulb) >= 0, over_water, over_ice), 0.0)[()]


def enthalpy(dry_bulb, humidity):
    """Enthalpy (kJ per kg of dry air): 1.006 t + w (2501 + 1.86 t), zero for dry air at 0 degC. ASHRAE ch. 1 eqn 30."""
    return 1.006 * dry_bulb + humidity * (2501 + 1.86 * dry_bulb)


def saturated_enthalpy(temperature, pressure):
    """Enthalpy (kJ/kg) of saturated air: what a wet surface of that temperature drives with."""
    return enthalpy(temperature, saturated_humidity(temperature, pressure))


def air_density(dry_bulb, humidity, pressure):
    """Density (kg/m3) of moist air: (1 + w) / v, v = 0.287042 T (1 + 1.607858 w) / p with p in kPa. ASHRAE ch. 1 eqns 10, 26."""
    return (1 + humidity) * pressure / 1000 / (0.287042 * (dry_bulb + ZERO_CELSIUS) * (1 + 1.607858 * humidity))
