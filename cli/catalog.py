"""dcplan catalog: what the catalogue holds, where each number is from, and how two cost sets differ."""

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from .complete import a_cost_set, a_technology
from .exits import BAD_INPUT, stop
from .text import text_table

if TYPE_CHECKING:
    from ..models.catalog import Catalog, Entry

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
LEVEL = click.option("--costs", "level", type=click.Choice(("low", "mid", "high")), default="mid", help="The end of the range that costs are taken at.")
Rows = list[dict[str, str]]


class Names(click.Group):
    """A group whose first word may be the id of a technology, too: what is no command of it is shown."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not {*args} & {"--help", *self.commands} and (args or not ctx.resilient_parsing):
            args = ["show", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Commands, and ids of the catalogue."""
        return [*super().shell_complete(ctx, incomplete), *a_technology(ctx, None, incomplete)]


@click.group(cls=Names)
def catalog() -> None:
    """List the catalogue, show one technology with its sources, or compare cost sets.

    dcplan catalog [TECHNOLOGY] | diff SET SET
    """


@catalog.command()
@click.argument("technology", required=False, shell_complete=a_technology)
@click.option("--cost-set", metavar="NAME", default="catalogue", shell_complete=a_cost_set, help="A dated cost set; `dcplan catalog diff` compares two.")
@LEVEL
@AS_JSON
def show(technology: str | None, cost_set: str, level: str, as_json: bool) -> None:
    """List the catalogue, or show one technology with its sources."""
    from ..models.catalog import CatalogProblem

    try:
        held = _held(cost_set, level)
        rows = _listed(held) if technology is None else _entries(held, technology)
    except CatalogProblem as reason:
        stop(str(reason), BAD_INPUT)
    _print(rows, as_json)


@catalog.command()
@click.argument("first", metavar="SET", shell_complete=a_cost_set)
@click.argument("second", metavar="SET", shell_complete=a_cost_set)
@LEVEL
@AS_JSON
def diff(first: str, second: str, level: str, as_json: bool) -> None:
    """Compare two cost sets, row by row: catalogue, 2025, aeo-2026, market-2026."""
    from ..models.catalog import CatalogProblem
    from ..models.costs import difference

    try:
        pairs = list(difference(_held(first, level), _held(second, level)))
    except CatalogProblem as reason:
        stop(str(reason), BAD_INPUT)
    if not pairs and not as_json:
        click.echo("no row differs")
        return
    _print([_compared(first, one, second, other) for one, other in pairs if one and other], as_json)


def _held(cost_set: str, level: str) -> "Catalog":
    from ..models.catalog import load_catalog
    from ..models.costs import with_costs

    return with_costs(load_catalog(), cost_set, level)


def _print(rows: Rows, as_json: bool) -> None:
    click.echo(json.dumps(rows, indent=1) if as_json else text_table([list(rows[0]), *(list(row.values()) for row in rows)]))


def _listed(held: "Catalog") -> Rows:
    """A row a technology: its id, its table, how many values it has."""
    return [{"id": name, "table": held.entries(name)[0].table, "values": str(len(held.entries(name)))} for name in held.technologies()]


def _entries(held: "Catalog", technology: str) -> Rows:
    """A row a value: unit, range, year, source, how far to trust it, note."""
    return [{"parameter": row["parameter"], "value": row["value"], "unit": row["unit"], "range": " to ".join(filter(None, (row["low"], row["high"]))),
             "year": row["year"], "confidence": row["confidence"], "source": held.sources[row["source"]]["title"], "note": row["note"]}
            for row in map(asdict, held.entries(technology))]


def _compared(first: str, one: "Entry", second: str, other: "Entry") -> dict[str, str]:
    """A row that differs: both values, by how much, where they are from."""
    return {"technology": one.technology, "parameter": one.parameter, first: f"{one.value} {one.unit}", second: f"{other.value} {other.unit}",
            "change": _change(one, other), "sources": f"{one.source} {one.year}, {other.source} {other.year}",
            "confidence": f"{one.confidence}; {other.confidence}"}


def _change(one: "Entry", other: "Entry") -> str:
    """By how much the one value is above the other; nothing for texts, and from zero."""
    from ..models.units import parse

    if one.unit == "text" or not float(one.value):
        return ""
    return f"{parse(f'{other.value} {other.unit}', one.unit) / float(one.value) - 1:+.0%}"
