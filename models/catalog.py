"""The catalogue: every cost, efficiency and rating, each with its unit, range, year, source and how far to trust it."""

import csv
import difflib
import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import resources

from .units import UnitProblem, parse

TABLES = ("power", "grid", "electrical", "cooling", "halls", "racks", "accelerators", "envelopes", "workloads", "reliability")
SITE_SOURCE = "site file"


class CatalogProblem(KeyError):
    """A technology or parameter that the catalogue does not hold; names the nearest."""

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True)
class Entry:
    """One row: the value as written with its unit, low and high where known, year, source, confidence, note; the table that holds it."""

    technology: str
    parameter: str
    value: str
    unit: str
    low: str = ""
    high: str = ""
    year: str = ""
    source: str = ""
    confidence: str = ""
    note: str = ""
    table: str = ""


@dataclass(frozen=True)
class Catalog:
    """Rows by technology and parameter; frozen, so that a site's overrides make another catalogue. `like`: of which technology a site's own is a make."""

    rows: Mapping[str, Mapping[str, Entry]]
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    like: Mapping[str, str] = field(default_factory=dict)

    def technologies(self) -> list[str]:
        """Ids of everything in the catalogue, in table order."""
        return list(self.rows)

    def with_parameter(self, parameter: str) -> list[str]:
        """Ids of everything that has a row of this name, in table order."""
        return [technology for technology, rows in self.rows.items() if parameter in rows]

    def origin(self, technology: str) -> str:
        """The built-in technology of which this is a make; itself where it is of none."""
        return self.like.get(technology, technology)

    def entries(self, technology: str) -> list[Entry]:
        """All rows of a technology."""
        return list(self._technology(technology).values())

    def has(self, technology: str, parameter: str | None = None) -> bool:
        """Whether there is such a technology, or such a row of it."""
        return technology in self.rows and (parameter is None or parameter in self.rows[technology])

    def entry(self, technology: str, parameter: str) -> Entry:
        """One row. Raises CatalogProblem with the nearest name."""
        found = self._technology(technology)
        if parameter not in found:
            raise CatalogProblem(f"{technology} has no {parameter} in the catalogue{nearest(parameter, found)}")
        return found[parameter]

    def number(self, technology: str, parameter: str, unit: str) -> float:
        """A row's value in `unit`."""
        row = self.entry(technology, parameter)
        return _number(row.value, row.unit, unit)

    def text(self, technology: str, parameter: str) -> str:
        """A row's value as text, as for spend curves."""
        return self.entry(technology, parameter).value

    def _technology(self, technology: str) -> Mapping[str, Entry]:
        if technology not in self.rows:
            raise CatalogProblem(f"{technology} is not in the catalogue{nearest(technology, self.rows)}")
        return self.rows[technology]

    def with_overrides(self, overrides: Mapping[str, Mapping[str, str]]) -> "Catalog":
        """A catalogue with a site's own values.

        A value replaces that of a row and keeps its kind of unit. A new technology names an existing one as `like` and takes its rows.
        Raises CatalogProblem for unknown names, UnitProblem for a value of another kind.
        """
        rows, like = dict(self.rows), dict(self.like)
        for technology, values in overrides.items():
            base = values.get("like", technology)
            if base not in rows:
                raise CatalogProblem(f'{base} is not in the catalogue{nearest(base, rows)}; a new technology needs like = "an existing one"')
            inherited = rows[base] if base == technology else {name: replace(entry, technology=technology) for name, entry in rows[base].items()}
            rows[technology] = {**inherited, **_replaced(technology, inherited, values)}
            like |= {technology: like.get(base, base)} if base != technology else {}
        return replace(self, rows=rows, like=like)


def _replaced(technology: str, inherited: Mapping[str, Entry], values: Mapping[str, str]) -> dict[str, Entry]:
    changed = {}
    for parameter, text in values.items():
        if parameter == "like":
            continue
        if parameter not in inherited:
            raise CatalogProblem(f"{technology} has no {parameter} in the catalogue{nearest(parameter, inherited)}")
        old = inherited[parameter]
        value = text if old.unit == "text" else repr(_parsed(text, old.unit))
        changed[parameter] = Entry(technology, parameter, value, old.unit, source=SITE_SOURCE, confidence=SITE_SOURCE,
                                   note=f"catalogue: {old.value} {old.unit}", table=old.table)
    return changed


@functools.lru_cache(maxsize=4096)
def _parsed(text: str, unit: str) -> float:
    return parse(text, unit)


@functools.lru_cache(maxsize=4096)
def _number(value: str, written: str, unit: str) -> float:
    return parse(f"{value} {'' if written == '1' else written}".strip(), unit)


def nearest(name: str, names: Iterable[str]) -> str:
    """'; did you mean X?' where a name is near enough to one of the names, else nothing."""
    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.5)
    return f"; did you mean {close[0]}?" if close else ""


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of one of the files in models/data, as text."""
    text = resources.files(__package__ or "dcplan.models").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@functools.cache
def load_catalog() -> Catalog:
    """The built-in catalogue, read once."""
    rows: dict[str, dict[str, Entry]] = {}
    for table in TABLES:
        for row in read_table(table):
            rows.setdefault(row["technology"], {})[row["parameter"]] = Entry(**row, table=table)
    return Catalog(rows, {row["source"]: row for row in read_table("sources")})


__all__ = ["Catalog", "CatalogProblem", "Entry", "UnitProblem", "load_catalog", "nearest", "read_table"]
