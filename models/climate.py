"""Climate beyond one year of weather: rare heat, a warmer future, a heat wave. Temperatures degC, pressure Pa, relative humidity 0 to 1.

Arrays or floats alike.
"""

import numpy as np

from .physics.psychrometrics import WATER_TO_AIR, humidity_ratio, saturation_pressure, wet_bulb

EULER = 0.5772156649
HOURS_PER_DAY = 24


def return_value(mean, standard_deviation, years):
    """The annual maximum that is exceeded once in so many years on average (Gumbel, by the method of moments).

        T = mean + F s,   F = -(sqrt(6) / pi) (0.5772 + ln ln(n / (n - 1)))

    mean and standard_deviation are those of the highest value of each year; n more than 1 year. ASHRAE Handbook Fundamentals 2017, ch. 14, eqn 1.
    Moments of fewer than about ten years say little of a return period much longer than they are.
    """
    frequency = -np.sqrt(6) / np.pi * (EULER + np.log(np.log(years / (years - 1))))
    return mean + frequency * standard_deviation


def moments(maxima) -> tuple[float, float]:
    """Mean and standard deviation (of a sample, n - 1) of at least two annual maxima."""
    return float(np.mean(maxima)), float(np.std(maxima, ddof=1))


def humidity_of(dry_bulb, wet, pressure):
    """Relative humidity from dry and wet bulb: vapour pressure p w / (0.621945 + w) over that of saturated air. ASHRAE 2017 ch. 1 eqns 12 and 20."""
    ratio = humidity_ratio(dry_bulb, wet, pressure)
    return np.clip(pressure * ratio / (WATER_TO_AIR + ratio) / saturation_pressure(dry_bulb), 0.0, 1.0)


def warmed_humidity(dry_bulb, relative_humidity, offset, kept: str):
    """Relative humidity of air that is warmed by an offset (K).

    kept "relative": it stays. Over land it has stayed near enough as the climate warmed, with little trend that is agreed on (Held and Soden,
    Journal of Climate 19, 2006; IPCC AR6 WG1 ch. 8, 2021), so wet bulbs rise almost with dry bulbs: the cautious choice for towers.
    kept "absolute": the vapour pressure stays, as in the dry, sinking air of a heat wave; the wet bulb rises by about a third of the offset.
    """
    if kept == "relative":
        return np.asarray(relative_humidity)[()]
    return (relative_humidity * saturation_pressure(dry_bulb) / saturation_pressure(dry_bulb + offset))[()]


def warmed(dry_bulb, wet, pressure, offset, kept: str):
    """Dry and wet bulb after warming by an offset (K, may be an array); `kept` as for warmed_humidity. Unchanged where the offset is nothing."""
    humidity = warmed_humidity(dry_bulb, humidity_of(dry_bulb, wet, pressure), offset, kept)
    risen = wet_bulb(dry_bulb + offset, humidity, pressure)
    return dry_bulb + offset, np.where(np.asarray(offset) == 0, wet, risen)[()]


def hottest_days(dry_bulb: np.ndarray, days: int) -> np.ndarray:
    """Hours (0 to 8759, in order) of the run of whole days in a row whose mean dry bulb is highest; a run may pass the year's end."""
    daily = dry_bulb.reshape(-1, HOURS_PER_DAY).mean(axis=1)
    around = np.concatenate([daily, daily[: days - 1]])
    first = int(np.convolve(around, np.ones(days), mode="valid").argmax())
    return (np.arange(days * HOURS_PER_DAY) + first * HOURS_PER_DAY) % len(dry_bulb)
