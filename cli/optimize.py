"""dcplan optimize: from a site file to a plan in a folder."""

import dataclasses
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .complete import a_file
from .exits import BAD_INPUT, INTERRUPTED, NO_PLAN, NOTHING_WRITTEN, load_or_stop, stop, stop_for, stop_unless_writable, writing
from .given import overridable
from .progress import on_stderr
from .show import print_plan
from .solving import solving

if TYPE_CHECKING:
    from ..planner import Plan
    from ..sites import Site


@click.command()
@click.argument("site", shell_complete=a_file)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for the plan; default: the site's name and -plan.")
@click.option("--force", is_flag=True, help="Replace whatever is in the folder, but no site files.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="Time of the search; default: the site's. Dispatch of every hour and writing come on top.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes to solve with; default: as many as processors.")
@click.option("--dask", metavar="ADDRESS", help="Solve on the workers of the Dask scheduler there, such as tcp://127.0.0.1:8786.")
@click.option("--checkpoint", type=click.Path(dir_okay=False, path_type=Path), help="Keep the search in this file, and go on from it if it is there.")
@overridable
def optimize(site: str, output: Path | None, force: bool, as_json: bool, time_limit: float | None, workers: int | None, dask: str | None,
             checkpoint: Path | None, overrides: tuple[str, ...], scenario: str | None) -> None:
    """Plan a site and write the plan."""
    started = time.monotonic()
    loaded = load_or_stop(site, overrides, scenario)
    folder = output or Path(default_folder(loaded.name))
    _stop_if_taken(folder, loaded.name, force)
    _stop_unless_kept(checkpoint)
    plan = _planned(loaded, time_limit=time_limit, workers=workers, dask=dask, checkpoint=checkpoint)
    with writing(folder):
        plan.save(folder, force)
    print_plan(plan, as_json)
    checked = _verified(folder, plan.summary["overdrawn"])
    click.echo(f"written to {folder}\n{checked}\n{_took(time.monotonic() - started, plan.summary['seconds'])}", err=True)


def _took(seconds: float, planning: float) -> str:
    """The time of the whole command."""
    return f"took {seconds:,.1f} s: {planning:,.1f} s to plan, the rest to read the site, write the plan and verify it"


def _verified(folder: Path, overdrawn: list[str]) -> str:
    """What the independent check says of the plan that was written, of whose limits those `overdrawn` are known not to be kept."""
    from ..planner import NotVerifiable, verify

    try:
        failed = [finding.name for finding in verify(folder).failed]
    except NotVerifiable as reason:
        return f"not verified: {reason}"
    except KeyboardInterrupt:
        return f"not verified, for Ctrl-C came: `dcplan verify {folder}` does it"
    if not failed and overdrawn:
        return "verified: balances and costs hold, and what is over its limits, as told above, is within what is tolerated"
    if not failed:
        return "verified: balances, limits and costs hold"
    if all(any(limit.startswith(name) for limit in overdrawn) for name in failed):
        return f"verified but for what is over its limits, as told above: {', '.join(failed)}"
    return f"NOT verified ({', '.join(failed)}): see `dcplan verify {folder}`, and report it"


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
        stop_for(reason, BAD_INPUT)


def _stop_unless_kept(checkpoint: Path | None) -> None:
    """Refuse a checkpoint whose folder is not there."""
    if checkpoint is not None and not checkpoint.parent.is_dir():
        stop(f"cannot write {checkpoint}: there is no folder {checkpoint.parent}", BAD_INPUT)


def _planned(site: "Site", **options) -> "Plan":
    """The plan, or the best so far where Ctrl-C came. `options` are those of the planner."""
    from ..planner import Interrupted, NoPlan
    from ..planner import optimize as run
    from ..planner.errors import Failed, PlannerError

    with solving() as came:
        try:
            with on_stderr() as listener:
                plan = run(site, progress=listener, **options)
        except Interrupted as reason:
            stop(str(reason), INTERRUPTED if came else NO_PLAN)  # without Ctrl-C it was the time that ran out
        except Exception as reason:
            if came:  # whatever a solver that was cut short made of it
                stop(NOTHING_WRITTEN, INTERRUPTED)
            if isinstance(reason, PlannerError):
                stop_for(reason, NO_PLAN if isinstance(reason, NoPlan | Failed) else BAD_INPUT)
            raise
    return dataclasses.replace(plan, summary=plan.summary | {"status": "interrupted"}) if came else plan
