"""Checks of the heat network that a site names, and of tanks that it has."""

from collections.abc import Iterator

from ..models.catalog import Catalog
from .dates import Finding
from .schema import SiteFile


def check_heat_network(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """The network's water comes back colder than it goes out, and a network has a loop to take heat from."""
    given = site.heat_network
    if given is None:
        return
    if given.return_temperature >= given.supply_temperature:
        yield (("heat_network", "return_temperature"),
               f"the network's water comes back at {given.return_temperature:g} degC and goes out at {given.supply_temperature:g} degC",
               "give a return_temperature below supply_temperature")
    if given.available_from >= site.plan.end:
        yield (("heat_network", "available_from"), f"heat can be sold from {given.available_from}, after the plan's end, {site.plan.end}",
               "give an earlier date, or leave heat_network out")
    if site.load is not None:
        yield ("heat_network",), "a measured load has no loop to take heat from", "leave heat_network out"
    if given.column is not None and given.hourly is None:
        yield ("heat_network", "column"), "a column is named and no hourly file", "add hourly, or leave column out"


def check_tank(site: SiteFile, catalog: Catalog) -> Iterator[Finding]:
    """Tanks that are given are of the catalogue's size: a unit_size is a power, what a tank holds an energy."""
    for number, asset in enumerate(site.assets):
        if catalog.origin(asset.technology) == "chilled_water_tank" and asset.unit_size is not None:
            yield (("assets", number, "unit_size"), "a chilled-water tank is sized by the energy that it holds, and unit_size is a power",
                   'leave it out, and set the size of a tank in the catalogue: [catalog.chilled_water_tank] unit_size = "20 MWh"')
