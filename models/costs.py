"""Dated cost sets, and the low or high end of what the catalogue says of costs.

A set replaces the rows that it has; all others stay as the catalogue has them. Low and high replace what is a price (a unit of money) and has
such an end, whoever's row it is: not efficiencies, lead times or lives. What a site sets itself is laid over either.
"""

import functools
import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from .catalog import Catalog, CatalogProblem, Entry, load_catalog, nearest, read_table
from .units import parse

CATALOGUE = "catalogue"
MID = "mid"
RANGES = ("low", MID, "high")
MONEY = ("USD", "kUSD", "MUSD", "GUSD", "EUR")


@functools.cache
def cost_sets() -> dict[str, tuple[Entry, ...]]:
    """Rows of every set by name, in the order of the file; the catalogue itself is a set without rows."""
    tables = {name: entry.table for name, rows in load_catalog().rows.items() for entry in rows.values()}
    found: dict[str, tuple[Entry, ...]] = {CATALOGUE: ()}
    for row in read_table("cost_sets"):
        name, values = row["set"], {key: value for key, value in row.items() if key != "set"}
        found[name] = (*found.get(name, ()), Entry(**values, table=tables[values["technology"]]))
    return found


def with_costs(catalog: Catalog, cost_set: str = CATALOGUE, level: str = MID) -> Catalog:
    """A catalogue with a set's rows in place of its own, at the low, middle or high end of its costs. Raises CatalogProblem for an unknown set."""
    rows = {technology: dict(held) for technology, held in catalog.rows.items()}
    for entry in _rows_of(cost_set):
        rows[entry.technology][entry.parameter] = entry
    return replace(catalog, rows={technology: {name: at_end(entry, level) for name, entry in held.items()} for technology, held in rows.items()})


def _rows_of(cost_set: str) -> tuple[Entry, ...]:
    sets = cost_sets()
    if cost_set not in sets:
        raise CatalogProblem(f"{cost_set} is no cost set{nearest(cost_set, sets)}; there are {', '.join(sets)}")
    return sets[cost_set]


def is_cost(entry: Entry) -> bool:
    """Whether a row is a price: in money, alone or per something."""
    return entry.unit.split("/")[0] in MONEY


def at_end(entry: Entry, level: str) -> Entry:
    """A cost at the low or high end of its range; the row itself where it has none, or is no cost."""
    end = {"low": entry.low, "high": entry.high}.get(level, "")
    return replace(entry, value=end, note=f"{level} end; middle: {entry.value} {entry.unit}") if end and is_cost(entry) else entry


Pair = tuple[Entry | None, Entry | None]


def difference(first: Catalog, second: Catalog) -> Iterator[Pair]:
    """Rows that differ in their value, the one and the other; None where a catalogue has no such row."""
    for technology in dict.fromkeys((*first.rows, *second.rows)):
        one, other = first.rows.get(technology, {}), second.rows.get(technology, {})
        yield from (pair for pair in _pairs(one, other) if _differ(*pair))


def _pairs(one: Mapping[str, Entry], other: Mapping[str, Entry]) -> Iterator[Pair]:
    yield from ((one.get(name), other.get(name)) for name in dict.fromkeys((*one, *other)))


def _differ(one: Entry | None, other: Entry | None) -> bool:
    """Whether two rows have different values: 24 month is 2 year."""
    if one is None or other is None:
        return one is not other
    if one.unit == "text":
        return one.value != other.value
    return not math.isclose(float(one.value), parse(f"{other.value} {other.unit}", one.unit), rel_tol=1e-9)
