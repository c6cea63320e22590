"""Notes on prices that are seldom meant: demand charges told by another time than the month, prices that no known tariff has, and
prices that rise or fall faster than any known has; and on hours in which using energy pays.

What tariffs have is in the catalogue, as low and high of the rows of `tariff`; a site's own value of such a row changes no note.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from ..models.catalog import load_catalog
from ..models.units import parse, periods
from .magnitudes import KILO, shown
from .problems import Key, dotted
from .schema import SiteFile

OF_ENERGY, OF_DEMAND, OF_RISE = "USD/MWh", "USD/kW/month", "1/year"


def price_notes(site: SiteFile, values: Mapping[str, Any], given: Mapping[str, np.ndarray]) -> Iterator[str]:
    """A note for each such price; `values` are the tables as the file has them, `given` the hourly columns of the site's files."""
    for number, charge in enumerate(site.grid.demand_charges):
        yield from _by_another_time(number, values["grid"]["demand_charges"][number]["rate"], charge.rate / KILO)
    for key, price, row, unit in _prices(site, given):
        yield from _beyond(key, price, row, unit)
    yield from _escalations(site)
    yield from _paid_to_use(site, given)


def _by_another_time(number: int, text: str, monthly: float) -> Iterator[str]:
    other = [period for period in periods(text) if period != "month"]
    if other:
        yield (f'{dotted(("grid", "demand_charges", number, "rate"))} is "{text}", told by the {other[0]}: it is billed by the month, '
               f'{shown(monthly)} {OF_DEMAND} of each month\'s highest hour; where the highest hour of the year is billed, add ratchet = "100 %"')


def _prices(site: SiteFile, given: Mapping[str, np.ndarray]) -> Iterator[tuple[Key, float, str, str]]:
    """Keys of prices, each with its value in a unit (of a file's prices the mean), and the row of `tariff` that has its range."""
    price, grid = site.grid.price, ("grid", "price")
    if price.flat is not None:
        yield (*grid, "flat"), price.flat, "energy_price", OF_ENERGY
    for number, window in enumerate(price.time_of_use or ()):
        yield (*grid, "time_of_use", number, "price"), window.price, "energy_price", OF_ENERGY
    for name in ("table", "hourly"):
        if getattr(price, name) is not None:
            yield (*grid, name), float(np.mean(given["energy_price"])) - price.adder, "energy_price", OF_ENERGY
    yield (*grid, "adder"), price.adder, "adder", OF_ENERGY
    yield ("grid", "export", "price"), site.grid.export.price, "export_price", OF_ENERGY
    for number, charge in enumerate(site.grid.demand_charges):
        yield ("grid", "demand_charges", number, "rate"), charge.rate / KILO, "demand_charge", OF_DEMAND
    if site.gas is not None:
        yield ("gas", "price"), site.gas.price, "gas_price", OF_ENERGY


def _beyond(key: Key, price: float, row: str, unit: str) -> Iterator[str]:
    """A note where a price above zero is out of the range; what is free, and what is paid for taking it, is meant."""
    low, high = known(row, unit)
    if price <= 0 or low <= price <= high:
        return
    near = [other for other in (price / KILO, price * KILO) if low <= other <= high]
    meant = f": is {shown(near[0])} {unit} meant?" if near else ""
    yield f"{dotted(key)} is {shown(price)} {unit}, and known tariffs have {low:g} to {high:g} (`dcplan catalog tariff`){meant}"


def _escalations(site: SiteFile) -> Iterator[str]:
    """A note for each price that rises or falls faster than prices have over decades."""
    low, high = known("escalation", OF_RISE)
    for name, rate in [(name, table.escalation) for name in ("grid", "gas", "heat_network") if (table := getattr(site, name)) is not None]:
        if not low <= rate <= high:
            yield (f"{name}.escalation is {100 * rate:.4g} %/year beyond inflation, in every year of the plan, and prices have changed by {100 * low:g} to "
                   f"{100 * high:g} %/year over decades (`dcplan catalog tariff`)")


def _paid_to_use(site: SiteFile, given: Mapping[str, np.ndarray]) -> Iterator[str]:
    """A note on hours in which energy of the grid, with its carbon, costs less than nothing: part load is bounded from below (models/pieces.py)."""
    hours = np.count_nonzero(given["energy_price"] + site.carbon_price * given["carbon_intensity"] < 0) if site.grid.stages else 0
    if hours:
        carbon = ", with what its carbon costs," if site.carbon_price else ""
        yield (f"energy of the grid{carbon} costs less than nothing in {hours:,} hours of the year, at prices of the base year: to use more of it "
               "pays there, so losses and the power of cooling at part load may be told too high, with PUE and the facility's peak, and cost too low")


def known(row: str, unit: str) -> tuple[float, float]:
    """The lowest and the highest value that the catalogue knows of in tariffs, in `unit`."""
    found = load_catalog().entry("tariff", row)
    return parse(f"{found.low} {found.unit}", unit), parse(f"{found.high} {found.unit}", unit)
