"""Checks of where a site's weather comes from."""

from collections.abc import Iterator

from ..models.catalog import Catalog
from ..models.power.yields import yield_of
from .dates import Finding
from .named import climates, nearest_climate
from .power import needs_sky
from .schema import SiteFile
from .weather_keys import Weather, given_years
from .weather_years import check_years

SKY = ("ghi", "dni", "dhi", "wind_speed")


def check_weather(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Weather is a file with its form, or a named climate; a plain CSV says what its columns are."""
    given = site.weather
    told = [name for name, value in (("a file", given.file), ("a climate", given.climate), ("years", given.years)) if value]
    if len(told) != 1:
        both = f"both {' and '.join(told)}" if told else "neither a file nor a climate"
        yield ("weather",), f"weather gives {both}", 'give one: file = "year.epw" with its format, or climate = "lulea_se"'
    elif any(year.format is None for year in given_years(given)) and given.years:
        yield (("weather", "years"), "weather years are given without their form",
               'add format = "epw", or tmy3, tmy2, nsrdb, pvgis, csv, to [weather]')
    elif given.file is not None and given.format is None:
        yield ("weather", "file"), f'"{given.file}" is given without its form', 'add format = "epw", or tmy3, tmy2, nsrdb, pvgis, csv'
    if given.years and given.format is None and site.climate.years:
        yield ("climate", "years"), "years of the climate are read in the form of [weather], which has none", 'add format = "epw" to [weather]'
    if given.climate is not None:
        yield from _check_climate(site, catalog, given.climate)
    yield from _check_columns(site, given)
    yield from check_years(site)


def _check_climate(site: SiteFile, catalog: Catalog, name: str) -> Iterator[Finding]:
    if name not in climates():
        yield ("weather", "climate"), f'there is no climate "{name}"', f"`dcplan weather climates` lists them{nearest_climate(name)}"
    if site.climate.years:
        yield ("climate", "years"), "years are weather files, and weather gives a climate", "leave them out, or give a weather file with its format"
    windy = [one for one in (*site.power.allow, *(asset.technology for asset in site.assets)) if _is_windy(catalog, one)]
    if windy and site.wind is None:
        yield (("weather", "climate"), f"a climate knows no wind, and {windy[0]} is driven by it",
               "give hourly wind at the hub in [wind], or a weather file")


def _is_windy(catalog: Catalog, technology: str) -> bool:
    if not catalog.has(technology):
        return False
    field = yield_of(catalog, technology)
    return catalog.has(field, "profile") and catalog.text(field, "profile") == "wind"


def _check_columns(site: SiteFile, weather: Weather) -> Iterator[Finding]:
    given = weather.columns.given()
    forms = list(dict.fromkeys(str(year.format or "none") for year in given_years(weather)))
    if "csv" not in forms:
        for key, told in (("columns", bool(given)), ("utc_offset", weather.utc_offset is not None)):
            if told:
                yield (("weather", key), f"{key} is given, and the form of the weather file is {' and '.join(forms)}",
                       'leave it out, or use format = "csv"')
        return
    if "dry_bulb" not in given:
        yield ("weather",), "a csv file needs the column of the dry bulb", 'add columns.dry_bulb = { column = "temperature", unit = "degC" }'
    if ("dew_point" in given) == ("relative_humidity" in given):
        yield (("weather",), "a csv file needs one column of humidity, dew_point or relative_humidity",
               'give one, such as columns.relative_humidity = { column = "humidity", unit = "%" }')
    missing = [name for name in SKY if name not in given] if needs_sky(site) else []
    if missing:
        yield (("weather",), f"sun or wind drives a technology of this site, and the csv file has no {', no '.join(missing)}",
               f'add columns.{missing[0]} = {{ column = "...", unit = "..." }}')
