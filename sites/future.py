"""Tables of the site file for the climate of the plan's years: rare heat, warming, a heat wave to ride through."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from .quantity import Strict, Temperature, Unit

Warmer = Annotated[float, Unit("delta_degC", 0.0, 20.0)]
Year = Annotated[int, Field(strict=True, ge=1900, le=2200)]
Humidity = Literal["relative", "absolute"]


class Maxima(Strict):
    """The highest value of each year: mean and standard deviation over the years, as ASHRAE's tables and EPW headers give them."""

    mean: Temperature
    standard_deviation: Warmer


class Offset(Strict):
    """How much warmer a year is than the weather that is given."""

    year: Year
    offset: Warmer


class HeatWave(Strict):
    """So many days in a row, hotter by the offset than the hottest such run of the year, that the plan rides through."""

    days: int = Field(strict=True, ge=1, le=60)
    offset: Warmer
    humidity: Humidity = "absolute"


class Climate(Strict):
    """What the weather file does not say of the years of the plan (sites/climate.py).

    return_period adds design hours at the extremes of dry and wet bulb exceeded once in so many years: from `dry_bulb` and `wet_bulb`, else from
    `years` (weather files of single years, in the format of the weather), else from the weather file itself. Warming is a rate from the
    year `since` that the weather stands for, or an offset by year, in a straight line between.
    """

    return_period: Annotated[float, Unit("year", 1.5, 1000.0)] | None = None
    dry_bulb: Maxima | None = None
    wet_bulb: Maxima | None = None
    years: tuple[Path, ...] = ()
    warming: Annotated[float, Unit("delta_degC/year", 0.0, 1.0)] | None = None
    since: Year | None = None
    offsets: tuple[Offset, ...] = ()
    humidity: Humidity = "relative"
    heat_wave: HeatWave | None = None
