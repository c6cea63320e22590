"""dcplan compare: several sites side by side."""

import os
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .complete import a_file
from .exits import BAD_INPUT, INTERRUPTED, NO_PLAN, NOTHING_WRITTEN, stop, stop_for, stop_unless_writable, writing
from .given import overridable_often
from .solving import solving
from .text import number_text, text_table

if TYPE_CHECKING:
    import pandas

MAP = "comparison.gpkg"
STOPPING = "stopping: no further site is planned; a second Ctrl-C ends at once"
LOST = "ended at once: nothing was written"


@click.command()
@click.argument("sites", nargs=-1, required=True, shell_complete=a_file)
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder for comparison.csv; one of the same sites is replaced.")
@click.option("--force", is_flag=True, help="Replace a comparison of other sites.")
@click.option("--base", metavar="SITE|DIR", shell_complete=a_file,
              help="Site (its file or folder; planned too, where not among SITES) or a plan's folder: adds differences, from the base in the same "
                   "scenario. Where it is the only site, from its file as it stands: site.toml --scenario A --base site.toml.")
@click.option("--gpkg", is_flag=True, help="Write comparison.gpkg, too: the sites as points with all figures; without it one of before goes.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
@overridable_often
def compare(sites: tuple[str, ...], output: Path, force: bool, base: str | None, gpkg: bool, as_json: bool, overrides: tuple[str, ...],
            scenarios: tuple[str | None, ...]) -> None:
    """Plan several sites (files, or folders with a site.toml), or scenarios of one, and write a row for each, cheapest first; a site that fails is a row
    that says why, and the command ends with 1. Nothing is planned where one of them is not there."""
    from ..planner import compare as run

    stop_unless_writable(output / "comparison.csv")
    sites = tuple(map(_meant, sites))
    base = base and _as_given(_meant(base), sites)
    sites = _with_base(sites, base)
    scenarios = _with_none(scenarios, sites, base)
    _stop_unless_there(sites, overrides, scenarios)
    _stop_if_taken(output, sites, force)
    with solving(STOPPING, lambda: LOST, signal.SIGINT) as came:
        table = run(_announced(sites, came), overrides, scenarios)
    if came:
        stop(NOTHING_WRITTEN, INTERRUPTED)
    table = _against(table, base)
    with writing(output):
        _write(table, output, gpkg)
    click.echo(table.to_json(orient="records", indent=1) if as_json else _text(table))
    _say_other_horizons(table)
    click.echo(f"written to {output / 'comparison.csv'}", err=True)
    _stop_for_those_without_plan(table)


def _stop_for_those_without_plan(table: "pandas.DataFrame") -> None:
    """Name the sites that have no plan, and end as one of them by itself would."""
    from ..planner.comparison import name_of

    without = table.loc[table["net_present_cost_usd"].isna()].to_dict("records")
    if without:
        stop(f"no plan for {len(without)} of {len(table)}: {', '.join(map(name_of, without))}", NO_PLAN)


def _meant(given: str) -> str:
    """A site or base as it is given; of a folder with a site and no plan its site file."""
    site = Path(given) / "site.toml"
    return str(site if site.is_file() and not (Path(given) / "plan.nc").exists() else Path(given))


def _as_given(base: str, sites: tuple[str, ...]) -> str:
    """The base by the path that it is given by among the sites, where it is one of them."""
    return next((site for site in sites if Path(site).resolve() == Path(base).resolve()), base)


def _with_none(scenarios: tuple[str | None, ...], sites: tuple[str, ...], base: str | None) -> tuple[str | None, ...]:
    """The scenarios, and the file as it stands before them where the base is the only site: there is nothing else to set them against."""
    return (None, *scenarios) if scenarios and set(sites) == {base} else scenarios


def _stop_unless_there(sites: tuple[str, ...], overrides: tuple[str, ...], scenarios: tuple[str | None, ...]) -> None:
    """Refuse sites that are no files before any is planned, with all else that is wrong with any of them."""
    if not all(Path(site).is_file() for site in sites):
        found = [_problems(site, overrides, scenario) for site in sites for scenario in (scenarios or (None,))]
        stop("\n\n".join(dict.fromkeys(filter(None, found))), BAD_INPUT)


def _problems(site: str, overrides: tuple[str, ...], scenario: str | None) -> str:
    """What is wrong with a site, nothing where it can be planned."""
    from ..sites import SiteProblems, load_site

    try:
        load_site(site, overrides, scenario)
    except SiteProblems as found:
        return str(found)
    return ""


def _with_base(sites: tuple[str, ...], base: str | None) -> tuple[str, ...]:
    """The sites, and a base that is none of them; a folder is to hold a plan."""
    from ..planner import Plan

    if base is None or base in sites:
        return sites
    if not Path(base).is_dir():
        return (*sites, base)
    try:
        Plan.load(base)
    except (OSError, ValueError) as reason:
        stop(str(reason), BAD_INPUT)
    return sites


def _stop_if_taken(folder: Path, sites: tuple[str, ...], force: bool) -> None:
    from ..planner.comparison import refuse_taken
    from ..planner.errors import FolderTaken

    try:
        refuse_taken(folder, sites, force)
    except FolderTaken as reason:
        stop_for(reason, BAD_INPUT)


def _against(table: "pandas.DataFrame", base: str | None) -> "pandas.DataFrame":
    from ..planner.comparison import against

    return table if base is None else against(table, base)


def _say_other_horizons(table: "pandas.DataFrame") -> None:
    from ..planner.comparison import other_horizons

    for line in other_horizons(table):
        click.echo(f"note: {line}", err=True)


def _announced(sites: tuple[str, ...], came: list[int]) -> Iterator[str]:
    """The sites until Ctrl-C comes, each named on a terminal as its turn comes."""
    for number, site in enumerate(sites, 1):
        if came:
            return
        if sys.stderr.isatty():
            click.echo(f"{number} of {len(sites)}: {site}", err=True)
        yield site


def _write(table: "pandas.DataFrame", folder: Path, gpkg: bool) -> None:
    """comparison.csv with comparison_columns.csv, and the map, whole or not at all: files beside, then renamed. A map of other numbers goes first."""
    from ..planner.comparison import columns, flat
    from ..planner.plan import defused

    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".comparison-", dir=folder) as beside:
        for name, written in (("comparison", flat(table)), ("comparison_columns", columns(table).headed())):
            defused(written).to_csv(Path(beside) / f"{name}.csv", index=False, lineterminator="\n")
        if gpkg:
            _write_map(table, Path(beside) / MAP)
        if old := (folder / MAP).is_file():
            (folder / MAP).unlink()
        for fresh in sorted(Path(beside).iterdir()):
            os.replace(fresh, folder / fresh.name)
    if old and not gpkg:
        click.echo(f"removed {folder / MAP}, the map of an earlier comparison: --gpkg writes it anew", err=True)


def _write_map(table: "pandas.DataFrame", out: Path) -> None:
    """The sites as points, and what their columns hold as a table without geometry."""
    import pyogrio

    from ..planner.comparison import columns, on_map

    on_map(table).to_file(out, layer="comparison", driver="GPKG")
    pyogrio.write_dataframe(columns(table).headed(), out, layer="columns", driver="GPKG", append=True)


def _text(table: "pandas.DataFrame") -> str:
    """A row a site; with a base, its cost less that of the base, and the base with its cost below."""
    based = "difference_net_present_cost_usd" in table
    rows = [_row(row, based) for row in table.to_dict("records")]
    heads = ["site", "status", "wanted", "online", "cost MUSD", *([f"difference from {_base_name(table)} MUSD"] if based else []), "IT peak hour MW", "PUE",
             "problem"]
    return "\n".join([text_table([heads, *rows], right=range(2, len(heads) - 1)), *(_bases(table) if based else [])])


def _base_name(table: "pandas.DataFrame") -> str:
    """The base in a heading: the folder of a site.toml, else the name of the file or folder."""
    base = Path(str(table["base"].iloc[0]))
    return base.absolute().parent.name if base.name == "site.toml" else base.name


def _bases(table: "pandas.DataFrame") -> list[str]:
    """The base and its cost, a line; one for each scenario where it is planned in each, and not a plan's folder or the file as it stands."""
    within = "scenario" in table and bool(table["scenario"].notna().all()) and bool(table["base"].isin(table["file"]).all())
    rows = table.assign(within=table["scenario"].astype(str) + ": " if within else "").to_dict("records")
    return ["", *dict.fromkeys(f"base {row['within']}{row['base']}, {_cost_text(row['base_net_present_cost_usd'])} MUSD" for row in rows)]


def _cost_text(cost: float | None) -> str:
    return number_text(None if cost is None else cost / 1e6, 1)


def _row(row: dict, based: bool) -> list[str]:
    from ..planner.comparison import name_of

    money = [row["net_present_cost_usd"], *([row["difference_net_present_cost_usd"]] if based else [])]
    fleet = [number_text(row.get(f"accelerators_{name}"), 0) for name in ("wanted", "online")]
    figures = [*fleet, *map(_cost_text, money), number_text(row.get("peak_it_mw"), 1), number_text(row.get("pue"), 3)]
    return [name_of(row), str(row["status"]), *figures, _shortened(row["problem"])]


def _shortened(problem: str) -> str:
    return problem if len(problem) <= 80 else f"{problem[:77]}..."
