"""Whether the hourly files of a site are on its clock, where their own times say on which they are."""

from collections.abc import Iterator
from pathlib import Path

from .hourly_csv import SeriesProblem, check_zone
from .hourly_files import Files
from .schema import SiteFile


def clock_problems(site: SiteFile, tables: Files) -> Iterator[SeriesProblem]:
    """A problem for each hourly file whose times are of another zone than location.utc_offset; what does not read at all is told where it is read."""
    for key, path in _hourly_files(site):
        try:
            table = tables.hourly(path, key)
        except SeriesProblem:
            continue
        try:
            check_zone(table, site.location.utc_offset, key)
        except SeriesProblem as problem:
            yield problem


def _hourly_files(site: SiteFile) -> Iterator[tuple[tuple, Path]]:
    """Keys of hourly files with their paths; those of the weather have a clock of their own."""
    stages = [(("grid", "stages", number, "availability"), stage.availability) for number, stage in enumerate(site.grid.stages)]
    given = [(("grid", "price", "hourly"), site.grid.price.hourly), (("grid", "carbon", "hourly"), site.grid.carbon.hourly), *stages,
             (("load", "file"), site.load.file if site.load else None),
             (("heat_network", "hourly"), site.heat_network.hourly if site.heat_network else None),
             (("wind", "file"), site.wind.file if site.wind else None),
             *((("weather", "years", number, "wind"), year.wind) for number, year in enumerate(site.weather.years) if site.wind)]
    yield from ((key, path) for key, path in given if path is not None)
