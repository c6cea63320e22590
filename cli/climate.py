"""dcplan climate: what a site's climate asks of every way of cooling."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .complete import a_file
from .exits import BAD_INPUT, load_or_stop, stop, stop_for, stop_unless_writable, writing
from .given import overridable
from .text import number_text, text_table

if TYPE_CHECKING:
    from ..planner.climate import Climate

# column of climate.csv, heading, digits
COLUMNS = (("pue_part", "PUE part", 3), ("wue_l_per_kwh", "WUE L/kWh", 2), ("free_hours", "free h", 0), ("mixed_hours", "mixed h", 0),
           ("mechanical_hours", "mechanical h", 0), ("design_power_per_it", "design hour MW/MW", 3), ("design_free_share", "free there", 2),
           ("design_capacity_share", "of rating there", 2))


@click.command()
@click.argument("site", shell_complete=a_file)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Folder for the tables; default: the site's name and -climate.")
@click.option("--force", is_flag=True, help="Replace whatever is in the folder, but no site files.")
@click.option("--json", "as_json", is_flag=True, help="Print systems, months and verdicts as JSON.")
@overridable
def climate(site: str, output: Path | None, force: bool, as_json: bool, overrides: tuple[str, ...], scenario: str | None) -> None:
    """Show what the climate asks of every way of cooling, hour by hour: power, water, hours of free, mixed and mechanical cooling.

    Writes climate.csv, climate_monthly.csv and climate_hourly.nc.
    """
    from ..planner.climate import Climate
    from ..planner.climate import climate as run
    from ..planner.errors import FolderTaken, PlannerError
    from .optimize import default_folder

    loaded = load_or_stop(site, overrides, scenario)
    folder = output or Path(default_folder(loaded.name).removesuffix("-plan") + "-climate")
    stop_unless_writable(folder)
    try:
        Climate.refuse_taken(folder, force)
    except FolderTaken as reason:
        stop_for(reason, BAD_INPUT)
    try:
        found = run(loaded)
    except PlannerError as reason:
        stop(str(reason), BAD_INPUT)
    with writing(folder):
        found.save(folder, force)
    click.echo(_json(found) if as_json else _text(found))
    click.echo(f"written to {folder}", err=True)


def _json(found: "Climate") -> str:
    tables = {name: table.to_dict("records") for name, table in (("systems", found.systems), ("months", found.monthly))}
    return json.dumps({"site": found.site, "weather": found.weather, **tables, "dry_coolers": list(found.verdicts)}, indent=1)


def _text(found: "Climate") -> str:
    several = ["weather_year"] if "weather_year" in found.systems else []
    rows = [[*(row[name] for name in several), row["system"], row["heat"], *(number_text(row[name], digits) for name, _, digits in COLUMNS),
             "" if row["allowed"] else "not allowed"] for row in found.systems.to_dict("records")]
    head = [*(["weather year"] if several else []), "system", "heat"]
    table = text_table([[*head, *(heading for _, heading, _ in COLUMNS), ""], *rows], right=range(len(head), len(head) + len(COLUMNS)))
    return "\n".join([table, "", *found.verdicts, f"weather: {found.weather}"])
