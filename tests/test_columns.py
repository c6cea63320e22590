"""Every column of every table that leaves has its unit (in brackets, at the end of its name, or it is a text, a date, a count or a ratio known here)
and, where there is a place for it, an explanation that says more than its name."""

import csv
from datetime import date
from pathlib import Path

import pytest
import xarray as xr
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.planner import optimize
from dcplan.planner.export import export
from dcplan.planner.meanings import of_figure
from dcplan.planner.tables import figure_unit
from small import small_site, weather
from words import says_more

SCREEN = Path(__file__).parent.parent / "examples" / "screen"
TEXTS = {"allowed", "base", "beyond", "class", "cost_range", "cost_set", "failure", "file", "heat", "held_back_by", "limit", "name", "objective",
         "one_more_unit_of", "overdrawn", "phase", "plants", "problem", "redundancy_key", "reliability_phase", "reliability_reached", "reliability_tried",
         "resolution", "scenario", "site", "status", "subsystem", "system", "technology", "unit", "verdict", "weather", "weather_year"}
DATES = {"end", "in_service", "order_by", "plan_end", "plan_start", "start"}
COUNTS = {"accelerators_online", "accelerators_wanted", "block_solves", "cuts", "halls", "iterations", "month", "needed_units", "one_more_units", "racks",
          "rank", "reliability_rounds", "units"}
RATIOS = {"availability", "design_capacity_share", "design_free_share", "design_power_per_it", "gap", "pue", "pue_part", "sampled_to_full_cost",
          "share_of_lost_hours", "shed_share", "unserved_share"}
SHARES = ("_loss_of_load_probability", "_survival")  # endings of ratios
IN_A_COLUMN = {"capacity", "price_chosen", "price_relaxed"}  # beside them stands `unit`
OF_THE_YEAR = {"hour"}
ENDINGS = ("_degree", "_hectare", "_km", "_percent", "_mw_per_mw", "_hours_per_year", "_mwh_per_year", "outages_per_year")  # beyond those of figures
JANUARY = {"end": date(2030, 2, 1), "steps": [{"until": date(2030, 2, 1), "step": "month"}], "resolution": "sampled"}
ASKED = {"plan": JANUARY, "reliability": {"target": "90 %", "years": 100}}
YEARS = {"weather": {"years": [{"file": "mild.csv", "weight": "25 %"}, {"file": "cold.csv", "weight": "75 %"}]}}


def says_its_unit(column: str) -> bool:
    plain = column.removeprefix("difference_").removeprefix("base_")
    known = TEXTS | DATES | COUNTS | RATIOS | IN_A_COLUMN | OF_THE_YEAR
    told = column.endswith("]") or plain in known or plain.endswith((*ENDINGS, *SHARES))
    return told or plain.startswith("availability_all") or plain.endswith("_rule") or figure_unit(plain) != "1"


@pytest.mark.parametrize(("column", "told"), [
    ("it_mw", True), ("difference_capital_usd", True), ("base_plan_end", True), ("substations_138_kv_km", True), ("flood_percent", True),
    ("water [m3]", True), ("all_survival", True), ("lost_hours_per_year", True), ("power", False), ("distance", False), ("difference_power", False),
    ("lost_per_year", False)])
def test_a_column_without_unit_is_seen(column, told):
    assert says_its_unit(column) == told


def run(*arguments) -> None:
    ended = CliRunner().invoke(dcplan, [str(argument) for argument in arguments])
    assert ended.exit_code == 0, ended.stderr


@pytest.fixture(scope="module")
def left(tmp_path_factory) -> Path:
    """What every command leaves of a site with an availability asked for and two weather years."""
    folder = tmp_path_factory.mktemp("left")
    site = small_site(folder / "site", ASKED | YEARS, files={"mild.csv": weather(20.0, 5.0), "cold.csv": weather(10.0, 5.0)})
    plan = optimize(site)
    plan.save(folder / "plan")
    export(plan, "csv", folder / "export")
    run("climate", site.path, "-o", folder / "climate")
    run("compare", site.path, "--base", folder / "plan", "-o", folder / "compare")
    run("reliability", folder / "plan", "-o", folder / "reliability")
    run("screen", SCREEN / "candidates.geojson", "--layers", SCREEN / "layers", "-o", folder / "screening")
    return folder


def test_every_column_that_leaves_says_its_unit(left):
    written = [path for path in left.rglob("*.csv") if path.parent.name != "site"]
    assert {path.name for path in written} >= {
        "phases.csv", "builds.csv", "limits.csv", "weather_years.csv", "climate.csv", "climate_monthly.csv", "comparison.csv", "reliability.csv",
        "reliability_hours.csv", "survival.csv", "ranking.csv"}
    assert {"availability_all_simulated", "difference_pue", "base_plan_start"} <= set(header(left / "compare" / "comparison.csv"))
    bare = {str(path.relative_to(left)): [column for column in header(path) if not says_its_unit(column)] for path in written}
    assert not any(bare.values()), bare


def test_every_column_of_a_plan_is_explained(left):
    """By the table `columns` of an export, and by what plan.nc says of its variables."""
    with (left / "export" / "columns.csv").open(newline="", encoding="utf-8") as handle:
        (_, name, _, told), *rows = csv.reader(handle)
    assert [name, told] == ["column [text]", "meaning [text]"]
    assert [(table, name, told) for table, name, _, told in rows if not says_more(name, told)] == []
    data = xr.load_dataset(left / "plan" / "plan.nc", engine="h5netcdf")
    described = {str(name): values.attrs["long_name"] for name, values in data.variables.items()}
    assert {name: told for name, told in described.items() if not says_more(name, told)} == {}
    assert described["dry_cooler_power"] == "power that fans, pumps or compressors draw: dry cooler"
    assert described["tariff_bought"] == "power bought from the utility under the tariff"


def test_prices_of_limits_are_in_the_folder_of_a_plan_as_in_its_exports(left):
    kept, exported = (list(csv.reader((left / folder / "limits.csv").open(newline="", encoding="utf-8"))) for folder in ("plan", "export"))
    assert kept[0] == ["limit", "phase", "price_relaxed", "price_chosen", "unit"]
    assert kept[1:] == exported[1:]
    assert {"shed allowance of all", "land"} & {limit for limit, *_ in kept[1:]}


def test_every_column_of_a_comparison_has_a_unit_and_an_explanation(left):
    with (left / "compare" / "comparison_columns.csv").open(newline="", encoding="utf-8") as handle:
        head, *rows = csv.reader(handle)
    assert head == ["table [text]", "column [text]", "unit [text]", "meaning [text]"]
    assert [name for _, name, _, _ in rows] == header(left / "compare" / "comparison.csv")
    assert [(name, told) for _, name, _, told in rows if not says_more(name, told)] == []
    bare = {name for _, name, unit, _ in rows if unit == "1"}
    assert {name for name in bare if name.removeprefix("difference_") not in COUNTS | RATIOS and not name.startswith("availability_all")} == set()
    assert {unit for *_, unit, _ in rows} >= {"text", "ISO 8601 date", "degree", "USD", "MW", "L/kWh", "s", "1"}
    told = {name: (unit, meaning) for _, name, unit, meaning in rows}
    assert told["difference_pue"] == ("1", "energy of the facility over energy of IT: less that of the base")
    assert told["base_plan_start"] == ("ISO 8601 date", "first day that is planned: of the base")
    assert told["verdict"] == ("text", "the plan in a sentence")


def test_every_column_of_an_assessment_has_a_unit_and_an_explanation(left):
    folder = left / "reliability"
    with (folder / "reliability_columns.csv").open(newline="", encoding="utf-8") as handle:
        head, *rows = csv.reader(handle)
    assert head == ["table [text]", "column [text]", "unit [text]", "meaning [text]"]
    tables = ("reliability", "reliability_hours", "survival")
    assert [(table, name) for table, name, _, _ in rows] == [(table, name) for table in tables for name in header(folder / f"{table}.csv")]
    assert [(name, told) for _, name, _, told in rows if not says_more(name, told)] == []
    told = {name: meaning for _, name, _, meaning in rows}
    assert told["all_survival"] == "share of such outages in which what is on site carries the whole critical load"
    assert told["class"].startswith("load that is asked for: all is the whole critical load")
    assert of_figure("availability_all_asked") == "share of hours with power and cooling that is asked for, the whole critical load"


@pytest.mark.parametrize(("name", "told", "more"), [
    ("tariff_bought", "bought of tariff", False), ("pue", "PUE", False), ("ups_through", "through: ups", False),
    ("ups_through", "power that passes: ups", True), ("gap", "share of the cost that could be saved", True)])
def test_an_explanation_that_says_no_more_is_seen(name, told, more):
    assert says_more(name, told) == more


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
