"""dcplan verify: does a written plan keep its balances and limits, and cost what it says."""

import dataclasses
import json
import math
import sys
from typing import TYPE_CHECKING

import click

from .complete import a_file, a_folder
from .exits import BAD_INPUT, stop_for
from .text import text_table

if TYPE_CHECKING:
    from ..planner.recheck import Finding, Verification

VIOLATED = 1


@click.command()
@click.argument("folder", shell_complete=a_folder)
@click.option("--site", shell_complete=a_file, help="Site file of the plan; default: the one that it was made from.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def verify(folder: str, site: str | None, as_json: bool) -> None:
    """Check a written plan by code that shares nothing with the planner.

    Exit codes: 0 all holds, 1 something is violated, 2 no plan, or its inputs have changed.
    """
    from ..planner.recheck import NotVerifiable
    from ..planner.recheck import verify as run

    try:
        found = run(folder, site)
    except NotVerifiable as reason:
        stop_for(reason, BAD_INPUT)
    click.echo(as_text(found) if not as_json else json.dumps(_as_record(found), indent=1))
    sys.exit(0 if found.ok else VIOLATED)


def as_text(found: "Verification") -> str:
    """A line a check with its largest violation, and what failed."""
    rows = [["check", "largest violation", "tolerated", "unit", "where", ""], *map(_row, found.findings)]
    return f"{text_table(rows, right=(1, 2))}\n\n{_in_short(found)}"


def _in_short(found: "Verification") -> str:
    """What failed; where nothing did, what the plan says of itself all the same."""
    if not found.ok:
        return f"violated: {', '.join(one.name for one in found.failed)}"
    return f"ok within what is tolerated; the plan says that it is over its limits: {', '.join(found.overdrawn)}" if found.overdrawn else "ok"


def _row(finding: "Finding") -> list[str]:
    return [finding.name, f"{finding.amount:,.4g}", f"{finding.tolerance:,.2g}", "" if finding.unit == "1" else finding.unit, finding.where,
            "" if finding.ok else "VIOLATED"]


def _as_record(found: "Verification") -> dict:
    return {"ok": found.ok, "overdrawn": list(found.overdrawn), "findings": [_record(one) for one in found.findings]}


def _record(finding: "Finding") -> dict:
    """A finding as JSON takes it: what is not finite has no number there."""
    return dataclasses.asdict(finding) | {"ok": finding.ok, "amount": finding.amount if math.isfinite(finding.amount) else None}
