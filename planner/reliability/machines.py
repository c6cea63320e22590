"""Machines behind the units of a plan, with their failure rates from the catalogue.

A unit of the catalogue is `machines` machines that fail each on its own. A technology gives failures per year (`failure_rate`), or the share of
time that it is out (`forced_outage`), or what standby sets do when they are called: fail to start, to take load, and to run on while the grid is
repaired. Technologies without such rows are taken as `any_supply` (where they burn fuel) or `any_cooling`.
"""

from dataclasses import replace

from ...models.catalog import Catalog
from ...models.reliability.markov import HOURS_PER_YEAR, Machines, failure_rate, feed
from ...sites import Site

RATES = ("failure_rate", "forced_outage", "fail_to_start")
ALMOST_ALWAYS = 1 - 1e-9


def known(catalog: Catalog, technology: str) -> bool:
    """Whether the catalogue says how often a technology fails."""
    return any(catalog.has(technology, name) for name in RATES)


def row_of(catalog: Catalog, technology: str, cooling: bool) -> str | None:
    """The technology whose rows say how often this one fails; None for what is no machine that fails as a whole, as batteries and PV fields."""
    if known(catalog, technology):
        return technology
    if cooling:
        return "any_cooling"
    return "any_supply" if catalog.has(technology, "heat_rate") or catalog.has(technology, "minimum_load") else None


def per_unit(catalog: Catalog, row: str) -> int:
    """Machines in a unit."""
    return round(catalog.number(row, "machines", "1")) if catalog.has(row, "machines") else 1


def machines(site: Site, row: str, count: int) -> Machines:
    """So many machines of a row of the catalogue; a feed as the site's own figures of the utility say."""
    number, has = site.catalog.number, site.catalog.has
    common = number(row, "common_cause", "1") if has(row, "common_cause") else number("common_cause", "share", "1")
    if row == "grid_connection":
        return Machines(count, *grid_feed(site), common)
    return Machines(count, _rate(site, row), number(row, "repair_time", "hour"), common, number("common_cause", "repair_time", "hour"))


def sides_share(site: Site) -> float:
    """Share of a machine's failures that takes all sides of a chain whose sides stand apart (2N, block and distributed redundant)."""
    return site.catalog.number("common_cause", "sides", "1")


def running(site: Site, row: str, made: Machines) -> tuple[Machines, float]:
    """Standby sets in a long outage: failing as they run, and the share of them that does not come when it is called. Others as they are."""
    if not site.catalog.has(row, "fail_to_start"):
        return made, made.own
    number = site.catalog.number
    return replace(made, rate=number(row, "fail_to_run", "1/hour") * HOURS_PER_YEAR), number(row, "fail_to_start", "1") + number(row, "fail_to_load", "1")


def grid_feed(site: Site) -> tuple[float, float]:
    """Failures a year and repair time (hours) of a feed: the site's SAIFI and SAIDI, else the catalogue's."""
    given, number = site.reliability, site.catalog.number
    if given.utility_saifi is not None and given.utility_saidi is not None:
        return feed(given.utility_saifi, given.utility_saidi)
    return number("grid_connection", "failure_rate", "1/year"), number("grid_connection", "repair_time", "hour")


def _rate(site: Site, row: str) -> float:
    """Failures per year of one machine in service."""
    number, has = site.catalog.number, site.catalog.has
    if has(row, "failure_rate"):
        return number(row, "failure_rate", "1/year")
    repair = number(row, "repair_time", "hour")
    if has(row, "forced_outage"):
        return failure_rate(number(row, "forced_outage", "1"), repair)
    called = number(row, "fail_to_start", "1") + number(row, "fail_to_load", "1") + number(row, "fail_to_run", "1/hour") * grid_feed(site)[1]
    return failure_rate(min(called, ALMOST_ALWAYS), repair)
