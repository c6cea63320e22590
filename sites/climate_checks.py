"""Checks of what a site says of the climate of its years."""

from collections.abc import Iterator

from ..models.catalog import Catalog
from .dates import Finding
from .future import Climate
from .schema import SiteFile


def check_climate(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Warming is told in one way; extremes are told for a return period; years come in order."""
    given = site.climate
    if given.warming is not None and given.offsets:
        yield ("climate", "warming"), "the climate gives both warming and offsets", "give one of them"
    if given.warming is not None and given.since is None:
        yield ("climate", "warming"), "warming says nothing of the year it counts from", "add the year that the weather stands for: since = 2013"
    if given.warming is not None and given.since is not None and given.since > site.plan.end.year:
        yield ("climate", "since"), f"{given.since} is after the plan's end, {site.plan.end}", "give the year that the weather stands for"
    for place in range(1, len(given.offsets)):
        if given.offsets[place].year <= given.offsets[place - 1].year:
            yield (("climate", "offsets", place, "year"), f"{given.offsets[place].year} does not come after {given.offsets[place - 1].year}",
                   "put the years in order")
    yield from _check_extremes(given)


def _check_extremes(given: Climate) -> Iterator[Finding]:
    told = [name for name in ("dry_bulb", "wet_bulb", "years") if getattr(given, name)]
    if given.return_period is None and told:
        yield ("climate", told[0]), f"{told[0]} is given and no return_period", 'add return_period = "20 year", or leave it out'
    if len(given.years) == 1:
        yield ("climate", "years"), "extremes of one year have no spread", "give two years or more; ten or more say something"
