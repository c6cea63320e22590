"""dcplan init: a site file to begin from."""

import shlex
from pathlib import Path

import click

from .complete import an_example
from .exits import BAD_INPUT, stop, stop_unless_writable


@click.command()
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path))
@click.option("--from", "example", metavar="EXAMPLE", shell_complete=an_example,
              help="Example to begin from, such as abilene, or screen for parcels to rank; default: a small site with every section explained.")
def init(folder: Path, example: str | None) -> None:
    """Begin a site: a new folder NAME with a commented site.toml that runs as it is, the files that it names, and its schema for editors; with --from
    screen a screening: candidate parcels, layers and criteria."""
    from ..sites.examples import SCREEN, STARTER, ExampleProblem, begin

    stop_unless_writable(folder)
    try:
        written = begin(folder, example or STARTER)
    except ExampleProblem as reason:
        stop(str(reason), BAD_INPUT)
    except OSError as reason:
        stop(f"cannot write {folder}: {reason.strerror or reason}", BAD_INPUT)
    for path in written:
        click.echo(path)
    click.echo(f"next: {_next_screen(folder) if example == SCREEN else _next_plan(folder)}", err=True)


def _next_plan(folder: Path) -> str:
    site = shlex.quote(str(folder / "site.toml"))
    return f"edit {site}, then `dcplan check {site}` and `dcplan optimize {site}`"


def _next_screen(folder: Path) -> str:
    candidates, layers, criteria, out = (shlex.quote(str(folder / name)) for name in ("candidates.geojson", "layers", "criteria.toml", "screening"))
    return f"put your own parcels and layers in place, then `dcplan screen {candidates} --layers {layers} --criteria {criteria} -o {out} --sites 3`"
