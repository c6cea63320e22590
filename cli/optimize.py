"""dcplan optimize: from a site file to a plan in a folder."""

import dataclasses
import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .exits import BAD_INPUT, INTERRUPTED, NO_PLAN, NOTHING_WRITTEN, load_or_stop, stop, stop_unless_writable, writing
from .progress import live_line
from .show import print_plan
from .solving import solving

if TYPE_CHECKING:
    from ..planner import Plan
    from ..sites import Site


@click.command()
@click.argument("site")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for the plan; default: the site's name and -plan.")
@click.option("--force", is_flag=True, help="Replace whatever is in the folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", help="Time for the solver; default: the site's.")
def optimize(site: str, output: Path | None, force: bool, as_json: bool, time_limit: float | None) -> None:
    """Plan a site and write the plan."""
    loaded = load_or_stop(site)
    folder = output or Path(default_folder(loaded.name))
    _stop_if_taken(folder, loaded.name, force)
    plan = _planned(loaded, time_limit)
    with writing(folder):
        plan.save(folder, force)
    print_plan(plan, as_json)
    click.echo(f"written to {folder}", err=True)


def default_folder(site_name: str) -> str:
    """los-angeles-2-plan for "Los Angeles (2)"."""
    words = re.sub(r"[^a-z0-9]+", "-", site_name.lower()).strip("-")
    return f"{words or 'site'}-plan"


def _stop_if_taken(folder: Path, site_name: str, force: bool) -> None:
    from ..planner import FolderTaken, Plan

    stop_unless_writable(folder)
    try:
        Plan.refuse_taken(folder, site_name, force)
    except FolderTaken as reason:
        stop(str(reason), BAD_INPUT)


def _planned(site: "Site", time_limit: float | None) -> "Plan":
    """The plan, or the best so far where Ctrl-C came."""
    from ..planner import Interrupted, NoPlan
    from ..planner import optimize as run

    with solving() as came:
        try:
            with live_line() as listener:
                plan = run(site, progress=listener, time_limit=time_limit)
        except Interrupted as reason:
            stop(str(reason), INTERRUPTED if came else NO_PLAN)  # without Ctrl-C it was the time that ran out
        except Exception as reason:
            if came:  # whatever a solver that was cut short made of it
                stop(NOTHING_WRITTEN, INTERRUPTED)
            if isinstance(reason, NoPlan):
                stop(str(reason), NO_PLAN)
            raise
    return dataclasses.replace(plan, summary=plan.summary | {"status": "interrupted"}) if came else plan
