"""dcplan compare: several sites side by side."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .exits import INTERRUPTED, NO_PLAN, NOTHING_WRITTEN, stop, stop_unless_writable, writing
from .given import overridable_often
from .solving import solving
from .text import number_text, text_table

if TYPE_CHECKING:
    import pandas


@click.command()
@click.argument("sites", nargs=-1, required=True)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder for comparison.csv.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@overridable_often
def compare(sites: tuple[str, ...], output: Path, as_json: bool, overrides: tuple[str, ...], scenarios: tuple[str, ...]) -> None:
    """Plan several sites and write a row for each, cheapest first; a site that fails is a row that says why."""
    from ..planner import compare as run

    stop_unless_writable(output / "comparison.csv")
    with solving() as came:
        table = run(_announced(sites, came), overrides, scenarios)
    if came:
        stop(NOTHING_WRITTEN, INTERRUPTED)
    with writing(output):
        _write(table, output)
    click.echo(table.to_json(orient="records", indent=1) if as_json else _text(table))
    click.echo(f"written to {output / 'comparison.csv'}", err=True)
    if not table["net_present_cost_usd"].notna().to_numpy().any():
        sys.exit(NO_PLAN)


def _announced(sites: tuple[str, ...], came: list[int]) -> Iterator[str]:
    """The sites until Ctrl-C comes, each named on a terminal as its turn comes."""
    for number, site in enumerate(sites, 1):
        if came:
            return
        if sys.stderr.isatty():
            click.echo(f"{number} of {len(sites)}: {site}", err=True)
        yield site


def _write(table: "pandas.DataFrame", folder: Path) -> None:
    """comparison.csv whole or not at all: a file beside, then renamed."""
    from ..planner.plan import defused

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".comparison-", dir=folder) as beside:
        fresh = Path(beside) / "comparison.csv"
        defused(table).to_csv(fresh, index=False, lineterminator="\n")
        os.replace(fresh, folder / "comparison.csv")


def _text(table: "pandas.DataFrame") -> str:
    rows = [_row(row) for row in table.to_dict("records")]
    return text_table([["site", "status", "cost MUSD", "peak IT MW", "PUE", "problem"], *rows], right=(2, 3, 4))


def _row(row: dict) -> list[str]:
    cost = row["net_present_cost_usd"]
    figures = [number_text(None if cost is None else cost / 1e6, 1), number_text(row.get("peak_it_mw"), 1), number_text(row.get("pue"), 3)]
    return [" ".join(filter(None, (str(row["file"]), row.get("scenario")))), str(row["status"]), *figures, _shortened(row["problem"])]


def _shortened(problem: str) -> str:
    return problem if len(problem) <= 80 else f"{problem[:77]}..."
