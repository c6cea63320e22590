"""Every column of every table that leaves has its unit: in brackets, at the end of its name, or it is a text, a date, a count or a ratio known here."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.planner import optimize
from dcplan.planner.export import export
from dcplan.planner.tables import figure_unit
from small import small_site

SCREEN = Path(__file__).parent.parent / "examples" / "screen"
TEXTS = {"allowed", "base", "beyond", "cost_range", "cost_set", "failure", "file", "heat", "held_back_by", "name", "objective", "overdrawn", "phase",
         "problem", "resolution", "scenario", "site", "status", "system", "technology", "unit", "verdict", "weather"}
DATES = {"end", "in_service", "order_by", "plan_end", "plan_start", "start"}
COUNTS = {"accelerators_online", "accelerators_wanted", "block_solves", "cuts", "halls", "iterations", "month", "racks", "rank", "units"}
RATIOS = {"design_capacity_share", "design_free_share", "design_power_per_it", "gap", "pue", "pue_part", "sampled_to_full_cost", "shed_share",
          "unserved_share"}
IN_A_COLUMN = {"capacity"}  # beside it stands `unit`
ENDINGS = ("_degree", "_hectare", "_km", "_percent", "_mw_per_mw")  # beyond those of the figures of a plan


def says_its_unit(column: str) -> bool:
    plain = column.removeprefix("difference_").removeprefix("base_")
    known = TEXTS | DATES | COUNTS | RATIOS | IN_A_COLUMN
    return column.endswith("]") or plain in known or plain.endswith(ENDINGS) or figure_unit(plain) != "1"


@pytest.mark.parametrize(("column", "told"), [
    ("it_mw", True), ("difference_capital_usd", True), ("base_plan_end", True), ("substations_138_kv_km", True), ("flood_percent", True),
    ("water [m3]", True), ("power", False), ("distance", False), ("difference_power", False)])
def test_a_column_without_unit_is_seen(column, told):
    assert says_its_unit(column) == told


def run(*arguments) -> None:
    ended = CliRunner().invoke(dcplan, [str(argument) for argument in arguments])
    assert ended.exit_code == 0, ended.stderr


def test_every_column_that_leaves_says_its_unit(tmp_path):
    site = small_site(tmp_path / "site")
    plan = optimize(site)
    plan.save(tmp_path / "plan")
    export(plan, "csv", tmp_path / "export")
    run("climate", site.path, "-o", tmp_path / "climate")
    run("compare", site.path, "--base", tmp_path / "plan", "--set", "plan.resolution=sampled", "-o", tmp_path / "compare")
    run("screen", SCREEN / "candidates.geojson", "--layers", SCREEN / "layers", "-o", tmp_path / "screening")
    written = [path for path in tmp_path.rglob("*.csv") if path.parent.name != "site"]
    assert {path.name for path in written} >= {
        "phases.csv", "builds.csv", "limits.csv", "climate.csv", "climate_monthly.csv", "comparison.csv", "ranking.csv"}
    bare = {path.name: [column for column in header(path) if not says_its_unit(column)] for path in written}
    assert not any(bare.values()), bare


def header(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as handle:
        return next(csv.reader(handle))


def test_lists_in_a_comparison_are_words(tmp_path):
    site = small_site(tmp_path / "site", {"plan": {"resolution": "sampled"}})
    run("compare", site.path, "-o", tmp_path / "compare")
    with (tmp_path / "compare" / "comparison.csv").open(newline="", encoding="utf-8") as handle:
        (row,) = csv.DictReader(handle)
    assert "weather_years" not in row
    assert not any("[" in value for value in row.values())
