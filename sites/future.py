"""Tables of the site file for the climate of the plan's years: rare heat, warming, a heat wave to ride through."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from .quantity import Strict, Temperature, Unit, Whole, told

Warmer = Annotated[float, Unit("delta_degC", 0.0, 20.0)]
Year = Annotated[int, Field(strict=True, ge=1900, le=2200)]
Humidity = Literal["relative", "absolute"]


class Maxima(Strict):
    """The highest value of each year: mean and standard deviation over the years, as ASHRAE's tables and EPW headers give them."""

    mean: Temperature = told("Mean over the years of each year's highest value.", "The extreme of the return period, by Gumbel.")
    standard_deviation: Warmer = told("Standard deviation over the years of each year's highest value.", "The extreme of the return period, by Gumbel.")


class Offset(Strict):
    """How much warmer a year is than the weather that is given."""

    year: Year = told("A year of the plan, or about it.", "Warming, in a straight line from year to year; beyond those given the nearest holds.")
    offset: Warmer = told("How much warmer that year is than the weather file.", "Dry and wet bulb of hours of operation and design hours.")


class HeatWave(Strict):
    """So many days in a row, hotter by the offset than the hottest such run of the year, that the plan rides through."""

    days: Whole = told("Days in a row.", "The hottest run of so many days of the year is the heat wave.", ge=1, le=60)
    offset: Warmer = told("How much hotter than in the weather file.",
        "Hours of operation of those days; its hottest and most humid hour are design hours.")
    humidity: Humidity = told("What the air keeps as it gets hotter: its relative or its absolute humidity.", "Wet bulb of those days.", default="absolute")


class Climate(Strict):
    """What the weather file does not say of the years of the plan (sites/climate.py).

    Extremes come from dry_bulb and wet_bulb, else from `years`, else from the header of an EPW file, else from the weather file alone.
    """

    return_period: Annotated[float, Unit("year", 1.5, 1000.0)] | None = told(
        "Years in which the extremes of dry and of wet bulb are exceeded once, on average.", "Adds two design hours, in which the loops may float.",
        default=None)
    dry_bulb: Maxima | None = None
    wet_bulb: Maxima | None = None
    years: tuple[Path, ...] = told("Weather files of single years, in the format of the weather file.", "Mean and spread of annual extremes.", default=())
    warming: Annotated[float, Unit("delta_degC/year", 0.0, 1.0)] | None = told("Rate of warming.",
        "Hours of operation at the middle of the operated years, design hours at the plan's end.", default=None)
    since: Year | None = told("Year that the weather stands for.", "From when warming counts.", default=None)
    offsets: tuple[Offset, ...] = ()
    humidity: Humidity = told("What warmer air keeps: its relative or its absolute humidity.", "Wet bulb of the warmer years.", default="relative")
    heat_wave: HeatWave | None = None
