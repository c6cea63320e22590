"""dcplan screen: candidate parcels ranked by the map."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .exits import BAD_INPUT, stop, stop_for, stop_unless_writable, writing
from .text import number_text, text_table

if TYPE_CHECKING:
    from ..planner.screen import Screening


def _print_criteria(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    """The criteria that come with dcplan, to begin a file of one's own from."""
    if asked:
        click.echo(Path(__file__).resolve().parent.parent.joinpath("sites", "screening.toml").read_text(encoding="utf-8"), nl=False)
        ctx.exit()


@click.command()
@click.argument("candidates", type=click.Path(path_type=Path))
@click.option("--layers", required=True, metavar="DIR", type=click.Path(path_type=Path),
              help="Folder of GeoPackage or GeoJSON layers: substations, lines (column voltage_kv), pipelines, water, flood, hazard (column class), fibre, "
                   "protected.")
@click.option("-o", "--output", default="screening", show_default=True, type=click.Path(path_type=Path),
              help="Folder for ranking.csv, ranking_columns.csv (unit and meaning of its columns) and ranking.gpkg.")
@click.option("--criteria", metavar="FILE", type=click.Path(path_type=Path), help="TOML of costs, weights and limits; default: those of --print-criteria.")
@click.option("--print-criteria", is_flag=True, is_eager=True, expose_value=False, callback=_print_criteria, help="Print the default criteria and end.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(min=1), help="How many to show.")
@click.option("--sites", default=0, metavar="N", type=click.IntRange(min=0), help="Write the best N as site files under sites/.")
@click.option("--base", metavar="SITE", type=click.Path(path_type=Path), help="Site file that those extend; default: the starter example.")
@click.option("--force", is_flag=True, help="Replace whatever is in the folder, but no site files.")
@click.option("--json", "as_json", is_flag=True, help="Print the ranking as JSON.")
def screen(candidates: Path, layers: Path, output: Path, criteria: Path | None, top: int, sites: int, base: Path | None, force: bool,
           as_json: bool) -> None:
    """Rank candidate parcels (polygons or points) by the cost of reaching power, gas, water and fibre, and by what they overlap."""
    from ..planner.errors import FolderTaken
    from ..planner.screen import SiteFiles, refuse_taken
    from ..sites import SiteProblems

    stop_unless_writable(output)
    try:
        refuse_taken(output, force)
        found = _screened(candidates, layers, criteria, base if sites else None)
        with writing(output):
            found.save(output, SiteFiles(sites, base) if sites else None, force)
    except FolderTaken as reason:
        stop_for(reason, BAD_INPUT)
    except SiteProblems as reason:
        stop(str(reason), BAD_INPUT)
    click.echo(_json(found, top) if as_json else _text(found, top))
    click.echo(f"{found.system}\nwritten to {output}", err=True)


def _screened(candidates: Path, layers: Path, criteria: Path | None, base: Path | None) -> "Screening":
    from ..planner.screen import screen as run
    from ..sites.candidates import check_base
    from ..sites.criteria import read_criteria
    from ..sites.maps import read_candidates, read_layers

    chosen, held, parcels = _all_of(lambda: read_criteria(criteria), lambda: read_layers(layers), lambda: read_candidates(candidates))
    if base is not None:
        check_base(base, held, bool((parcels.geom_type == "Point").any()))
    return run(parcels, held, chosen)


def _all_of(*readers: Callable[[], Any]) -> list[Any]:
    """What each of these reads. Raises SiteProblems with what is wrong with all of them."""
    from ..sites import SiteProblems

    read, problems = [], []
    for reader in readers:
        try:
            read.append(reader())
        except SiteProblems as reason:
            problems += reason.problems
    if problems:
        raise SiteProblems(problems)
    return read


def _json(found: "Screening", top: int) -> str:
    return json.dumps(json.loads(found.ranking.drop(columns="geometry").head(top).to_json(orient="records") or "[]"), indent=1)


def _text(found: "Screening", top: int) -> str:
    """Rank, name, money, area, distances and overlaps of the best."""
    table = found.ranking
    columns = [name for name in table.columns if name == "area_hectare" or name in {f"{layer}_km" for layer in found.points} or _is_share(name)]
    rows = [[str(row["rank"]), row["name"], number_text(row["score_usd"] / 1e6, 2), *(number_text(row[name], 1) for name in columns), row["beyond"]]
            for row in table.head(top).to_dict("records")]
    heads = [_head(found, name) for name in columns]
    return text_table([["rank", "name", "score MUSD", *heads, "beyond"], *rows], right=(0, *range(2, 3 + len(columns))))


def _head(found: "Screening", name: str) -> str:
    """A column as a heading; of a distance with what it is to: lines km (any voltage)."""
    to = found.counted.get(name.removesuffix("_km"))
    return name.replace("_percent", " %").replace("_", " ") + (f" ({to})" if to else "")


def _is_share(name: str) -> bool:
    return name in ("flood_percent", "hazard_percent", "protected_percent")
