"""The commands. Heavy imports wait until a command needs them."""

import json
import re
import sys

import click

VERSION = "0.1.0"


@click.group()
@click.version_option(VERSION, prog_name="dcplan")
def dcplan() -> None:
    """Plan power and cooling of AI data centres: from a site file to a phased plan."""


def _load(path: str):
    from ..sites import SiteProblems, load_site

    try:
        return load_site(path)
    except SiteProblems as problems:
        click.echo(str(problems), err=True)
        sys.exit(2)


@dcplan.command()
@click.argument("site")
def check(site: str) -> None:
    """Check a site file and everything it names."""
    loaded = _load(site)
    click.echo(f"{site}: ok; design {loaded.design.dry_bulb:.1f} degC dry bulb, {loaded.design.wet_bulb:.1f} degC wet bulb")
    for note in loaded.notes:
        click.echo(f"note: {note}")


@dcplan.command()
@click.argument("site")
@click.option("-o", "--output", help="Folder for the plan; default: the site's name and -plan.")
@click.option("--force", is_flag=True, help="Replace whatever is in the folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--time-limit", type=float, help="Seconds for the solver.")
def optimize(site: str, output: str | None, force: bool, as_json: bool, time_limit: float | None) -> None:
    """Plan a site and write the plan."""
    loaded = _load(site)
    from ..planner import FolderTaken, Interrupted, NoPlan
    from ..planner import optimize as run

    try:
        plan = run(loaded, progress=_progress if sys.stderr.isatty() else None, time_limit=time_limit)
        folder = plan.save(output or re.sub(r"[^a-z0-9]+", "-", loaded.name.lower()) + "-plan", force)
    except NoPlan as reason:
        _stop(str(reason), 1)
    except FolderTaken as reason:
        _stop(str(reason), 2)
    except Interrupted as reason:
        _stop(str(reason), 130)
    _show(plan.summary, as_json)
    click.echo(f"written to {folder}", err=True)


def _stop(message: str, code: int):
    click.echo(message, err=True)
    sys.exit(code)


def _progress(report) -> None:
    gap = "" if report.gap is None else f"  gap {report.gap:.2%}"
    click.echo(f"{report.seconds:6.1f} s  {report.step}{gap}", err=True)


def _show(summary: dict, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(summary, indent=1, sort_keys=True))
        return
    click.echo(summary["verdict"])
    for name in ("status", "gap", "peak_it_mw", "peak_facility_mw", "pue", "wue_l_per_kwh", "capital_usd", "late_accelerator_months", "seconds"):
        value = summary[name]
        click.echo(f"  {name:26} {value:,.4g}" if isinstance(value, float) else f"  {name:26} {value}")


@dcplan.command()
@click.argument("folder")
@click.option("--json", "as_json", is_flag=True)
def show(folder: str, as_json: bool) -> None:
    """Show a plan that was written."""
    from ..planner import Plan

    try:
        _show(Plan.load(folder).summary, as_json)
    except FileNotFoundError as reason:
        _stop(str(reason), 2)


@dcplan.command()
@click.argument("sites", nargs=-1, required=True)
@click.option("-o", "--output", required=True, help="Folder for comparison.csv.")
def compare(sites: tuple[str, ...], output: str) -> None:
    """Plan several sites and write a row for each, cheapest first."""
    from pathlib import Path

    from ..planner import compare as run
    from ..planner.plan import defused

    table = run(sites)
    Path(output).mkdir(parents=True, exist_ok=True)
    defused(table).to_csv(Path(output) / "comparison.csv", index=False)
    click.echo(table[["file", "status", "net_present_cost_usd"]].to_string(index=False))


@dcplan.command()
@click.argument("technology", required=False)
def catalog(technology: str | None) -> None:
    """List the catalogue, or show one technology with its sources."""
    from ..models.catalog import CatalogProblem, load_catalog

    held = load_catalog()
    if technology is None:
        click.echo("\n".join(held.technologies()))
        return
    try:
        for row in held.entries(technology):
            spread = f" ({row.low} to {row.high})" if row.low or row.high else ""
            click.echo(f"{row.parameter:26} {row.value} {row.unit}{spread}  [{row.year} {row.source}, {row.confidence}] {row.note}")
    except CatalogProblem as reason:
        _stop(str(reason), 2)
