"""A synthetic year of weather from monthly normals: 8760 hours that keep the months' means and the design temperatures, and are nobody's measurement.

Each hour is the month's mean, a wave of the day and a slow change from day to day:

    T(h) = m(day) + R(month) / 2 cos(2 pi (h - 15) / 24) + s(day) z(h)

m runs smoothly through the middles of the months so that the months' means are kept. R, the daily range, is that of the radiation equation of
Hargreaves, GHI = k sqrt(R) Ra (Allen et al. 1998, FAO 56, eqn 50), 2 to 14 K. z is a series of days of variance 1, each 0.65 of the day before (the lag
that Richardson 1981 has for temperature), of one fixed seed; its size s runs from the coldest to the warmest time of the year and is set so that the cold
and the hot design temperature are exceeded in 99.6 and 0.4 % of the hours. The dew point goes partly with z (0.6), its own size set by the design wet
bulb. Sun: the month's share of what comes in above the air, changed from day to day, split by Erbs. Wind is 2.7 m/s at all times: 2 m/s at 2 m, the mean
of 2,000 stations (FAO 56, ch. 3), at 10 m. Real weather has fronts, seasons of wind and spells that differ from year to year: none of that is here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .horizon import MONTH_DAYS
from .physics.psychrometrics import relative_humidity, wet_bulb

Monthly = tuple[float, ...]
HARGREAVES = 0.17  # between inland (0.16) and coast (0.19)
LEAST_RANGE, MOST_RANGE = 2.0, 14.0
WARMEST_HOUR = 15.0  # solar time
LAG, SHARED, CLOUDS = 0.65, 0.6, 0.3
CLEAREST, DULLEST = 0.75, 0.05
MOST_CHANGE = 12.0  # K, standard deviation of days
WIND = 2.7
LEAST_SUN = 1.0  # kWh/m2/day above the air, below which the sun does not make the day's wave
SOLAR_CONSTANT = 1.367  # kW/m2, as FAO 56 has it
SEED = 20250101
MONTH_OF_DAY = np.repeat(np.arange(12), MONTH_DAYS)
MONTH_OF_HOUR = np.repeat(MONTH_OF_DAY, 24)


@dataclass(frozen=True)
class Normals:
    """Monthly means of dry bulb and dew point (degC) and of sun (kWh/m2/day); dry bulb exceeded in 99.6 % and 0.4 %, wet bulb in 0.4 % of the hours."""

    latitude: float
    longitude: float
    dry_bulb: Monthly
    dew_point: Monthly
    ghi: Monthly
    cold: float
    hot: float
    humid: float


def synthetic_year(normals: Normals, pressure: float, utc_offset: float) -> dict[str, np.ndarray]:
    """dry_bulb, dew_point (degC), ghi, dni, dhi (W/m2), wind_speed (m/s) by hour of the model year in local standard time. pressure in Pa."""
    days = {name: _days(number) for number, name in enumerate(("heat", "damp", "cloud"))}
    dry = _dry_bulb(normals, _hourly(days["heat"]), _solar_hours(normals.longitude, utc_offset))
    dew = _dew_point(normals, dry, _hourly(SHARED * days["heat"] + np.sqrt(1 - SHARED**2) * days["damp"]), pressure)
    return {"dry_bulb": dry, "dew_point": dew, **_sun(normals, days["cloud"], utc_offset), "wind_speed": np.full(len(dry), WIND)}


def extraterrestrial(latitude: float) -> np.ndarray:
    """kWh/m2/day on a level above the air, by day of the year (Allen et al. 1998, FAO 56, eqns 21 to 25)."""
    phi, year = np.radians(latitude), 2 * np.pi * np.arange(1, 366) / 365
    near, declination = 1 + 0.033 * np.cos(year), 0.409 * np.sin(year - 1.39)
    sunset = np.arccos(np.clip(-np.tan(phi) * np.tan(declination), -1, 1))
    height = sunset * np.sin(phi) * np.sin(declination) + np.cos(phi) * np.cos(declination) * np.sin(sunset)
    return 24 / np.pi * SOLAR_CONSTANT * near * height


def daily_range(normals: Normals) -> np.ndarray:
    """K between the coolest and the warmest hour of a day, by month: (GHI / (k Ra))^2."""
    above = np.maximum(_monthly(extraterrestrial(normals.latitude)), LEAST_SUN)
    return np.clip((np.array(normals.ghi) / (HARGREAVES * above)) ** 2, LEAST_RANGE, MOST_RANGE)


def through_months(means) -> np.ndarray:
    """By day, straight lines between the middles of the months, moved so that the mean of every month is that given."""
    wanted = np.asarray(means, dtype=float)
    middles, points = np.cumsum(MONTH_DAYS) - np.array(MONTH_DAYS) / 2, wanted.copy()
    for _ in range(20):
        daily = np.interp(np.arange(365) + 0.5, middles, points, period=365)
        points += wanted - _monthly(daily)
    return daily


def _monthly(daily: np.ndarray) -> np.ndarray:
    return np.array([daily[month == MONTH_OF_DAY].mean() for month in range(12)])


def _days(number: int) -> np.ndarray:
    """A change from day to day of mean 0 and variance 1 in the year, mean 0 in every month; the same at every call."""
    draws = np.random.default_rng(SEED + number).standard_normal(365 + 30)
    series = np.zeros(len(draws))
    for day in range(1, len(draws)):
        series[day] = LAG * series[day - 1] + draws[day]
    kept = series[30:] - through_months(_monthly(series[30:]))
    return kept / kept.std()


def _hourly(daily: np.ndarray) -> np.ndarray:
    """From noon to noon in straight lines, cyclic over the year's end."""
    return np.interp((np.arange(8760) + 0.5) / 24, np.arange(365) + 0.5, daily, period=365)


def _solar_hours(longitude: float, utc_offset: float) -> np.ndarray:
    return (np.arange(8760) + 0.5 + longitude / 15 - utc_offset) % 24


def _dry_bulb(normals: Normals, change: np.ndarray, hours: np.ndarray) -> np.ndarray:
    mean = _hourly(through_months(normals.dry_bulb))
    base = mean + daily_range(normals)[MONTH_OF_HOUR] / 2 * np.cos(2 * np.pi * (hours - WARMEST_HOUR) / 24)
    warmth = (mean - mean.min()) / max(float(np.ptp(mean)), 1e-9)

    def year(summer: float, winter: float) -> np.ndarray:
        return base + (winter + (summer - winter) * warmth) * change

    summer = winter = 3.0
    for _ in range(3):
        summer = _size(lambda size, winter=winter: float(np.quantile(year(size, winter), 0.996)) - normals.hot)
        winter = _size(lambda size, summer=summer: normals.cold - float(np.quantile(year(summer, size), 0.004)))
    return year(summer, winter)


def _dew_point(normals: Normals, dry: np.ndarray, change: np.ndarray, pressure: float) -> np.ndarray:
    mean = _hourly(through_months(normals.dew_point))
    damp = np.argsort(mean + dry)[-3000:]  # the highest wet bulbs are among these

    def humid(size: float) -> float:
        dew = np.minimum(mean[damp] + size * change[damp], dry[damp])
        wet = wet_bulb(dry[damp], relative_humidity(dry[damp], dew), pressure)
        return float(np.quantile(wet, 1 - 0.004 * len(dry) / len(damp))) - normals.humid

    return np.minimum(mean + _size(humid) * change, dry)


def _size(excess: Callable[[float], float]) -> float:
    """The size of the changes at which a design temperature is met; the end of the range that is nearer where none does."""
    low, high = 0.0, MOST_CHANGE
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (low, middle) if excess(middle) > 0 else (middle, high)
    return (low + high) / 2


def _sun(normals: Normals, cloud: np.ndarray, utc_offset: float) -> dict[str, np.ndarray]:
    """Global, direct and diffuse irradiance: the day's share of what comes in above the air, the share of the month on average."""
    import pandas
    from pvlib import irradiance, solarposition

    times = pandas.date_range("2023-01-01 00:30", periods=8760, freq="h") - pandas.Timedelta(hours=utc_offset)
    zenith = solarposition.get_solarposition(times.tz_localize("UTC"), normals.latitude, normals.longitude)["zenith"]
    day_of_year = np.repeat(np.arange(1, 366), 24)
    zenith = np.asarray(zenith, dtype=float)
    above = np.asarray(irradiance.get_extra_radiation(day_of_year)) * np.maximum(np.cos(np.radians(zenith)), 0.0)
    daily = above.reshape(365, 24).sum(axis=1)
    share = _shares(np.array(normals.ghi) * 1000, daily, cloud)
    ghi = above * np.repeat(share, 24)
    parts = irradiance.erbs(ghi, zenith, day_of_year)
    return {"ghi": ghi, "dni": np.nan_to_num(np.asarray(parts["dni"])), "dhi": np.nan_to_num(np.asarray(parts["dhi"]))}


def _shares(wanted: np.ndarray, daily: np.ndarray, cloud: np.ndarray) -> np.ndarray:
    """By day, changed by clouds, so that the month's sun is that wanted as far as the clearest sky allows."""
    mean = np.minimum(wanted / np.maximum(_monthly(daily), 1e-9), CLEAREST)
    share = np.clip(mean[MONTH_OF_DAY] * (1 + CLOUDS * cloud), DULLEST, CLEAREST)
    for _ in range(10):
        short = np.minimum(wanted, CLEAREST * _monthly(daily)) / np.maximum(_monthly(share * daily), 1e-9)
        share = np.clip(share * short[MONTH_OF_DAY], DULLEST * 0.1, CLEAREST)
    return share
