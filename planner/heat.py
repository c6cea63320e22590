"""The heat network of a site: its connection, and the heat pumps that lift heat to it."""

from collections.abc import Iterator

from ..models.asset import Asset, spend_curve
from ..models.conditions import Setting
from ..models.cooling.heat_network import HeatNetwork, HeatPump, heat_pump
from ..sites import Site
from ..sites.heat import HeatNetwork as Given


def network(site: Site, setting: Setting) -> Iterator[HeatNetwork | HeatPump]:
    """What may be bought to sell heat; nothing where the site names no network."""
    given = site.heat_network
    if given is not None:
        made = HeatNetwork(_connection(site, given), setting, given.supply_temperature, given.return_temperature, given.escalation)
        yield from (made, heat_pump(made))


def _connection(site: Site, given: Given) -> Asset:
    """A single unit of the size that the site gives."""
    number = site.catalog.number
    capital = number("heat_network", "capital_cost", "USD/MW") if given.connection_cost is None else given.connection_cost / given.most
    return Asset(
        name="heat_network", technology="heat_network", unit_size=given.most, unit="MW", integer=True, capital=capital,
        fixed=number("heat_network", "fixed_cost", "USD/MW/year"), life=number("heat_network", "life", "year"),
        lead_time=number("heat_network", "lead_time", "day") if given.lead_time is None else given.lead_time,
        spend=spend_curve(site.catalog, "heat_network"), most=1.0, not_before=given.available_from)
