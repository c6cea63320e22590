"""dcplan explain: what a key or an error means."""

import dataclasses
import difflib
import json
import textwrap
from typing import TYPE_CHECKING

import click

from .complete import a_key
from .exits import BAD_INPUT, stop
from .text import text_table

if TYPE_CHECKING:
    from ..sites.explain import Explanation

WIDTH = 110


@click.command()
@click.argument("name", required=False, metavar="[KEY|CODE]", shell_complete=a_key)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def explain(name: str | None, as_json: bool) -> None:
    """Say what a key of the site file means: unit, range, default, where it enters the programme; or what an error, or a figure of a plan, means.

    KEY is dotted (grid.stages.capacity), a table (grid), or the last part (capacity). CODE is what stands in error[CODE]. Figures and columns of a plan's
    files go by their names (held_back_by), or all of a file by its own (limits.csv). Without any, all keys and errors are listed.
    """
    from ..sites.explain import explain as run
    from ..sites.explain import names

    if name is None:
        known = names()
        click.echo(json.dumps(known, indent=1) if as_json else text_table([[key, meaning] for key, meaning in known.items()]))
        return
    found = [*run(name), *_of_results(name)]
    if not found:
        stop(f"there is no key, error or figure {name}{_in_catalogue(name) or _near(name, list(names()))}; `dcplan explain` lists all", BAD_INPUT)
    click.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=1) if as_json else "\n\n".join(map(as_text, found)))


def _of_results(name: str) -> "list[Explanation]":
    """What a figure or column of a plan's files is, or all of a file."""
    from ..planner.meanings import of_file, of_results
    from ..sites.explain import Explanation

    whole = of_file(name)
    return [*([Explanation(name, "A file of a plan or a comparison.", keys=dict(whole))] if whole else []),
            *(Explanation(place, f"{meaning[:1].upper()}{meaning[1:]}.") for place, meaning in of_results(name).items())]


def _in_catalogue(name: str) -> str:
    """Where a technology of the catalogue is told; nothing for any other name."""
    from ..models.catalog import load_catalog

    return f"; `dcplan catalog {name}` tells this technology" if load_catalog().has(name) else ""


def _near(name: str, known: list[str]) -> str:
    """The nearest name, by the whole of it or its last part."""
    last = {key.rpartition(".")[2]: key for key in known}
    close = difflib.get_close_matches(name, known, n=1) or [last[part] for part in difflib.get_close_matches(name.rpartition(".")[2], list(last), n=1)]
    return f"; did you mean {close[0]}?" if close else ""


def as_text(one: "Explanation") -> str:
    """Name, meaning, facts, keys."""
    facts = [textwrap.fill(f"{label:<9}{fact}", WIDTH, initial_indent="  ", subsequent_indent=" " * 11) for label, fact in one.facts.items()]
    keys = text_table([[f"  {name}", meaning] for name, meaning in one.keys.items()]).split("\n") if one.keys else []
    return "\n".join([one.name, textwrap.fill(one.meaning, WIDTH, initial_indent="  ", subsequent_indent="  "), *facts, *keys])
