"""Moist air, by psychrolib (ASHRAE Handbook Fundamentals 2017, chapter 1). Temperatures degC, pressure Pa, relative humidity 0 to 1."""

import numpy as np
import psychrolib

psychrolib.SetUnitSystem(psychrolib.SI)


def standard_pressure(elevation: float) -> float:
    """Air pressure (Pa) at an elevation (m) in the standard atmosphere, ASHRAE Fundamentals 2017 ch. 1 eqn 3; -500 to 11,000 m."""
    return psychrolib.GetStandardAtmPressure(elevation)


def wet_bulb(dry_bulb, relative_humidity, pressure):
    """Thermodynamic wet bulb (degC), never above dry bulb. Arrays or floats alike; -100 to 200 degC. ASHRAE ch. 1 eqns 33 and 35."""
    found = np.vectorize(psychrolib.GetTWetBulbFromRelHum, otypes=[float])(dry_bulb, np.clip(relative_humidity, 0.0, 1.0), pressure)
    return np.minimum(found, dry_bulb)[()]


def relative_humidity(dry_bulb, dew_point):
    """Relative humidity (0 to 1) from dry bulb and dew point, the latter cut at the former. Arrays or floats alike."""
    return np.vectorize(psychrolib.GetRelHumFromTDewPoint, otypes=[float])(dry_bulb, np.minimum(dew_point, dry_bulb))[()]
