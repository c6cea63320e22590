"""dcplan optimize: from a site file to a plan in a folder."""

import dataclasses
import re
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .complete import a_file
from .exits import BAD_INPUT, NO_PLAN, NOTHING_WRITTEN, load_or_stop, stop, stop_for, stop_unless_writable, writing
from .given import overridable
from .progress import on_stderr
from .show import print_plan
from .signals import SIGNALLED, interrupted_once, mute_unread
from .solving import solving

if TYPE_CHECKING:
    from ..planner import Plan
    from ..sites import Site

STOPPING = "stopping with the best plan so far, if there is one; a second signal ends at once, without it"


@click.command()
@click.argument("site", shell_complete=a_file)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for the plan; default: the site's name and -plan.")
@click.option("--force", is_flag=True, help="Replace whatever is in the folder, but no site files.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--time-limit", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
              help="Time of the search; default: the site's. Dispatch of every hour, writing and verification come on top, whatever they take.")
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes to solve with; default: as many as processors.")
@click.option("--dask", metavar="ADDRESS", help="Solve on the workers of the Dask scheduler there, such as tcp://127.0.0.1:8786.")
@click.option("--checkpoint", type=click.Path(dir_okay=False, path_type=Path), help="Keep the search in this file, and go on from it if it is there.")
@overridable
def optimize(site: str, output: Path | None, force: bool, as_json: bool, time_limit: float | None, workers: int | None, dask: str | None,
             checkpoint: Path | None, overrides: tuple[str, ...], scenario: str | None) -> None:
    """Plan a site and write the plan.

    Ctrl-C and SIGTERM (as of `timeout`, or of a queue whose time is over) end the search with the best plan so far: it is dispatched over every hour,
    written and verified, its status is "interrupted" ("overdrawn" where it is over a limit), the exit code 0. Without a plan the code is 130 (Ctrl-C) or
    143 (SIGTERM). A second signal ends at once, with these codes, and nothing is written. Once the plan is written a signal ends its verification alone.

    --time-limit is that of the search alone. Dispatch of every hour comes after it and has no limit: one that a first signal reaches is done once more,
    for the plan would be lost, and only a second one ends it. With --checkpoint the search is kept, and the same command goes on from it.
    """
    started = time.monotonic()
    loaded = load_or_stop(site, overrides, scenario)
    folder = output or Path(default_folder(loaded.name))
    _stop_if_taken(folder, loaded.name, force)
    _stop_unless_kept(checkpoint)
    plan = _planned(loaded, checkpoint, time_limit=time_limit, workers=workers, dask=dask)
    with writing(folder):
        plan.save(folder, force)
    checked = _told(plan, folder, as_json)
    click.echo(f"{checked}\n{_took(time.monotonic() - started, plan.summary['seconds'])}", err=True)


def _told(plan: "Plan", folder: Path, as_json: bool) -> str:
    """Print a plan that is written, and say whether it is verified: Ctrl-C or SIGTERM takes no more than that from it."""
    mute_unread()
    with interrupted_once(signal.SIGINT, signal.SIGTERM) as came:
        try:
            print_plan(plan, as_json)
            click.echo(f"written to {folder}", err=True)
            return _verified(folder, plan.summary["overdrawn"])
        except KeyboardInterrupt:
            return f"not verified, for {'SIGTERM' if signal.SIGTERM in came else 'Ctrl-C'} came: `dcplan verify {folder}` does it"


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


def _planned(site: "Site", checkpoint: Path | None, **options) -> "Plan":
    """The plan, or the best so far where Ctrl-C or SIGTERM came. `options` are others of the planner."""
    from ..planner import Interrupted, NoPlan
    from ..planner import optimize as run
    from ..planner.errors import Failed, PlannerError

    with solving(STOPPING, lambda: _lost(checkpoint), signal.SIGINT, signal.SIGTERM) as came:
        try:
            with on_stderr() as listener:
                plan = run(site, progress=listener, checkpoint=checkpoint, **options)
        except Interrupted as reason:
            stop(str(reason), SIGNALLED + came[0] if came else NO_PLAN)  # without a signal it was the time that ran out
        except (Exception, KeyboardInterrupt) as reason:
            if came:  # whatever a solver that was cut short made of it
                stop(NOTHING_WRITTEN, SIGNALLED + came[0])
            if isinstance(reason, PlannerError):
                stop_for(reason, NO_PLAN if isinstance(reason, NoPlan | Failed) else BAD_INPUT)
            raise
    if not came or plan.summary["status"] == "overdrawn":
        return plan
    return dataclasses.replace(plan, summary=plan.summary | {"status": "interrupted"})


def _lost(checkpoint: Path | None) -> str:
    """What is said where a second signal comes: what is lost, and what is not."""
    if checkpoint is not None and checkpoint.exists():
        return f"ended at once: no plan was written; the search is kept in {checkpoint}, and the same command goes on from it"
    return "ended at once: nothing was written; with --checkpoint FILE a search over every hour is kept, and the same command goes on from it"
