"""Table of the site file for weather: a file in one of its forms, or a named climate."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from .quantity import Strict, Unit, told

Form = Literal["epw", "tmy3", "tmy2", "nsrdb", "pvgis", "csv"]


class WeatherColumn(Strict):
    """Where a plain CSV holds a quantity."""

    column: str = told("Name of the column, as in the file's first line.", "Which column the quantity is read from.")
    unit: str = told("Unit of the column, such as degF, hPa, %, W/m2, mile/hour.", "Conversion to the canonical unit.")


class WeatherColumns(Strict):
    """Columns of a plain CSV of 8760 rows: dry bulb, and dew point or relative humidity, are needed; sun and wind where a technology needs them."""

    dry_bulb: WeatherColumn | None = None
    dew_point: WeatherColumn | None = None
    relative_humidity: WeatherColumn | None = None
    pressure: WeatherColumn | None = None
    ghi: WeatherColumn | None = None
    dni: WeatherColumn | None = None
    dhi: WeatherColumn | None = None
    wind_speed: WeatherColumn | None = None

    def given(self) -> dict[str, WeatherColumn]:
        """The columns that are declared, by canonical name."""
        return {name: column for name in WeatherColumns.model_fields if (column := getattr(self, name)) is not None}


class WeatherYear(Strict):
    """A year that the weather may be, in the form of [weather]: one investment is planned for all of them, and operated in each."""

    file: Path = told("Hourly file of this year.", "Dry and wet bulb, pressure, sun and wind by hour of this weather year.")
    name: str | None = told("Name of the year in results; else the file's name.", "The coordinate `scenario` of results, and messages.",
        default=None, min_length=1)
    weight: Annotated[float, Unit("1", 1e-6, 1.0)] | None = told(
        "Probability of the year; all together are 100 %. Where no year has one, all are equally likely.",
        "Expected cost, energy, water and carbon; limits hold in each year by itself.", default=None)
    format: Form | None = told("Form of this year's file where it differs from `format` of [weather].", "How this file is read.", default=None)
    wind: Path | None = told("CSV of 8760 wind speeds of this year, in m/s, at the height that [wind] states.",
        "Yield of wind by hour of this weather year, in place of the wind of its file.", default=None)


class Weather(Strict):
    """An hourly file, several years of them or a named climate, and the percentile that design conditions are taken at."""

    file: Path | None = told("Hourly file of one year; `pvlib:NAME` is one that the package pvlib carries.",
        "Dry and wet bulb, pressure, sun and wind by hour: coolers, chillers, derating, PV.", default=None)
    years: tuple[WeatherYear, ...] = told("Several weather years with probabilities, in place of `file`: [[weather.years]], a table a year.",
        "One investment, operated in every year: expected money, limits in each year by itself, design conditions of the worst.", default=())
    format: Form | None = told("Form of the file; pvgis is the typical year of PVGIS as JSON or CSV, csv a plain one with `columns`.",
        "How the file is read.", default=None)
    columns: WeatherColumns = WeatherColumns()
    utc_offset: Annotated[float, Unit("hour", -12, 14)] | None = told("Clock of a plain CSV; else the site's own standard time.",
        "Rows of a csv file are moved from this clock to the site's.", default=None)
    climate: str | None = told("Name of a climate, in place of a file: a synthetic year is made from its monthly normals.",
        "Weather by hour as from a file; labelled synthetic in check, manifest and summary.", default=None)
    design_percentile: Annotated[float, Unit("1", 1e-4, 0.5)] = told("Share of hours that are hotter or more humid than the design conditions.",
        "Dry and wet bulb of the design hours, in which redundancy holds.", default=0.004)


@dataclass(frozen=True)
class Given:
    """A weather year as the site file gives it: its name, its file (None: a named climate), its probability, the key that names the file,
    its form, its wind at the hub."""

    name: str
    file: Path | None
    weight: float
    key: tuple
    format: Form | None
    wind: Path | None = None


def given_years(weather: Weather) -> tuple[Given, ...]:
    """The years, one where the site gives a file or a climate. Weights add up to 1."""
    if not weather.years:
        return (Given("", weather.file, 1.0, ("weather", "file"), weather.format),)
    weights = [1.0 if year.weight is None else year.weight for year in weather.years]
    return tuple(Given(year_name(weather, number), year.file, weights[number] / sum(weights), ("weather", "years", number, "file"),
                       year.format or weather.format, year.wind)
                 for number, year in enumerate(weather.years))


def year_name(weather: Weather, number: int) -> str:
    """The name given, else the file's without its endings."""
    year = weather.years[number]
    return year.name or year.file.name.removeprefix("pvlib:").split(".")[0]
