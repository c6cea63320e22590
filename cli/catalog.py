"""dcplan catalog: what the catalogue holds, and where each number is from."""

import csv
import json
from dataclasses import asdict
from importlib import resources
from typing import TYPE_CHECKING

import click

from .exits import BAD_INPUT, stop
from .text import text_table

if TYPE_CHECKING:
    from ..models.catalog import Catalog


@click.command()
@click.argument("technology", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def catalog(technology: str | None, as_json: bool) -> None:
    """List the catalogue, or show one technology with its sources."""
    from ..models.catalog import CatalogProblem, load_catalog

    held = load_catalog()
    try:
        rows = _listed(held) if technology is None else _entries(held, technology)
    except CatalogProblem as reason:
        stop(str(reason), BAD_INPUT)
    click.echo(json.dumps(rows, indent=1) if as_json else text_table([list(rows[0]), *(list(row.values()) for row in rows)]))


def _listed(held: "Catalog") -> list[dict[str, str]]:
    """A row a technology: its id, its table, how many values it has."""
    tables = _tables()
    return [{"id": name, "table": tables[name], "values": str(len(held.entries(name)))} for name in held.technologies()]


def _tables() -> dict[str, str]:
    """The table of each technology, the first that names it."""
    from ..models.catalog import TABLES

    found = {}
    for table in TABLES:
        text = resources.files("dcplan.models.data").joinpath(f"{table}.csv").read_text(encoding="utf-8")
        found = {row["technology"]: table for row in csv.DictReader(text.splitlines())} | found
    return found


def _entries(held: "Catalog", technology: str) -> list[dict[str, str]]:
    """A row a value: unit, range, year, source, how far to trust it, note."""
    return [{"parameter": row["parameter"], "value": row["value"], "unit": row["unit"], "range": " to ".join(filter(None, (row["low"], row["high"]))),
             "year": row["year"], "confidence": row["confidence"], "source": held.sources[row["source"]]["title"], "note": row["note"]}
            for row in map(asdict, held.entries(technology))]
