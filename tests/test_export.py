"""Ways out: every form of export read back, a unit on every column, differences from a base, what goes to stdout and to stderr."""

import ast
import datetime
import json
import os
import pty
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import openpyxl
import pandas as pd
import pint
import pyarrow.parquet
import pyogrio
import pytest
import xarray as xr
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.cli.export import FORMS as OFFERED
from dcplan.models.units import registry
from dcplan.planner import FolderTaken, Plan, optimize
from dcplan.planner.comparison import against, on_map, other_horizons
from dcplan.planner.dataset import LEDGER_UNITS
from dcplan.planner.export import ENDINGS, FOLDERS, FORMS, ExportProblem, export, number_format
from dcplan.planner.meanings import of_figure
from dcplan.planner.tables import DATE, HOUR, SEE_UNIT, TEXT, TIME, figure_unit, tables
from small import small_site
from words import says_more

WORDS = (TEXT, DATE, TIME, SEE_UNIT, "1", HOUR, "accelerator hour", "accelerator month")
SAMPLED = {"resolution": "sampled"}
ROOT = Path(__file__).parent.parent
NAMES = ["summary", "phases", "builds", "dispatch", "ledger", "limits", "prices", "weather", "columns"]
COUNTS = {"accelerators_wanted", "accelerators_online", "racks", "halls", "pue"}
RATIOS = {"gap", "shed_share", "unserved_share", "sampled_to_full_cost", "probability", "reliability_rounds"}
WORDED = {"cost_range", "cost_set", "held_back_by", "objective", "overdrawn", "phase", "reliability_phase", "reliability_reached", "reliability_tried",
          "resolution", "site", "status", "verdict", "weather", "weather_year"}
DECIDED = {"seconds_blocks", "seconds_master", "iterations", "block_solves", "cuts", "sampled_plan_usd", "failure", "reliability_rounds",
           "reliability_reached", "reliability_tried", "reliability_outage_hours", "reliability_phase", "reliability_years", "availability_all_asked"}
INSIDE = {"capital_less_salvage", "fixed", "lateness", "operation", "rounds", "targets", "transformer", "ups", "start", "end",
          "reliability"}  # keys of what is within: parts of the cost, groups of units, dates, the manifest


@pytest.fixture(scope="module")
def plan(tmp_path_factory) -> Plan:
    return optimize(small_site(tmp_path_factory.mktemp("site")), workers=1)


def run(*arguments):
    return CliRunner().invoke(dcplan, [str(argument) for argument in arguments])


def read(path: Path, form: str) -> dict[str, Any]:
    """Every table of an export, headers as they are written."""
    if form == "csv":
        return {file.stem: pd.read_csv(file) for file in path.iterdir()}
    if form == "parquet":
        return {file.stem: pd.read_parquet(file) for file in path.iterdir()}
    if form == "xlsx":
        return pd.read_excel(path, sheet_name=None)
    return {name: pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)}


def test_every_form_is_offered():
    assert tuple(FORMS) == OFFERED == tuple(ENDINGS)


@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "gpkg"])
def test_every_column_of_every_export_has_a_unit_and_the_values_of_the_plan(plan, tmp_path, form):
    made = read(export(plan, form, tmp_path / f"out{ENDINGS[form]}"), form)
    site = made.pop("site", None)
    assert sorted(made) == sorted(NAMES)
    for frame in (*made.values(), *([] if site is None else [site.drop(columns="geometry")])):
        assert all(is_unit(column) for column in frame.columns), frame.columns
    # 10 MW of ideal IT from January to March: each of 90 x 24 hours buys 10 MW.
    assert made["dispatch"]["tariff_bought [MW]"].sum() == pytest.approx(10 * 90 * 24, rel=1e-5)
    assert len(made["dispatch"]) == 90 * 24
    # January to March: hour 58 x 24 + 23 is the last of 28 February, 1 March follows.
    assert made["dispatch"][f"local_time [{TIME}]"].iloc[[0, 1, 58 * 24 + 23, 59 * 24, -1]].tolist() == [
        "01-01 00:00", "01-01 01:00", "02-28 23:00", "03-01 00:00", "03-31 23:00"]
    assert made["weather"][f"local_time [{TIME}]"].iloc[-1] == made["prices"][f"local_time [{TIME}]"].iloc[-1] == "12-31 23:00"
    assert made["phases"]["it_energy_mwh [MWh]"].sum() == pytest.approx(10 * 90 * 24, rel=1e-5)
    assert list(made["prices"].columns[2:]) == ["energy_price [USD/MWh]", "carbon_intensity [tonne_CO2e/MWh]"]
    assert len(made["prices"]) == len(made["weather"]) == 8760


def is_unit(column: str) -> bool:
    """Whether a header ends in a unit: one of a few words, or what the registry reads."""
    unit = column.rpartition(" [")[2].removesuffix("]")
    if not (column.endswith("]") and " [" in column and unit):
        return False
    try:
        return unit in WORDS or bool(registry().parse_units(unit))
    except (pint.PintError, tokenize.TokenError, ValueError):
        return False


@pytest.mark.parametrize(("column", "good"), [("it_mw [MW]", True), ("it_mw", False), ("it_mw []", False), ("share [1]", True), ("power [megawhat]", False),
                                              ("carbon_intensity [tonne_CO2e/MWh]", True)])
def test_a_header_without_unit_is_seen(column, good):
    assert is_unit(column) == good


def test_only_counts_and_ratios_have_no_unit(plan):
    units = {table.name: table.units for table in tables(plan)}
    assert {name for name, unit in units["phases"].items() if unit == "1"} == COUNTS
    assert figure_unit("training_ramp_mw_per_second") == "MW/second"
    assert figure_unit("accelerator_hours") == figure_unit("shed_accelerator_hours") == "accelerator hour"
    assert (figure_unit("seconds"), figure_unit("seconds_build"), figure_unit("gap"), figure_unit("cost_fixed_usd")) == ("s", "s", "1", "USD")


def test_prices_of_limits_leave_with_their_units(plan):
    """What the dataset has by limit and phase, but for phases in which a limit has no price; a unit on every row."""
    (table,) = [table for table in tables(plan) if table.name == "limits"]
    held = plan.dataset["limit_price_chosen"].to_series().dropna()
    assert len(held)
    assert table.frame.set_index(["limit", "phase"])["price_chosen"].dropna().to_dict() == held.to_dict()
    assert table.frame["unit"].str.fullmatch(r"USD per \S.*").all()
    (ledger,) = [table for table in tables(plan) if table.name == "ledger"]
    assert ledger.frame["unit"].isin(list(LEDGER_UNITS.values())).to_numpy().all()


def test_a_figure_whose_name_has_no_unit_is_listed():
    """Names of figures as they stand in the planner's sources: what ends in no unit is a count, a ratio or a word that is known here."""
    found: set[object] = set()
    for name in ("figures", "results", "pulsing", "sweep", "reliability/target"):
        for node in ast.walk(ast.parse((ROOT / "planner" / f"{name}.py").read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                found |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "dict":
                found |= {keyword.arg for keyword in node.keywords}
    bare = {name for name in found if isinstance(name, str) and figure_unit(name) == "1"}
    assert bare >= {"gap", "pue", "status"}
    assert bare <= COUNTS | RATIOS | WORDED | INSIDE, bare - COUNTS - RATIOS - WORDED - INSIDE
    assert (figure_unit("reliability_outage_hours"), figure_unit("reliability_years")) == ("hour", "year")


def test_json_has_units_and_columns(plan, tmp_path):
    made = json.loads(export(plan, "json", tmp_path / "plan.json").read_text())
    assert list(made) == ["manifest", *NAMES]
    for name in NAMES:
        assert list(made[name]["units"]) == list(made[name]["columns"])
        assert all(made[name]["units"].values())
    assert len(made["dispatch"]["columns"]["hour"]) == 90 * 24


def test_netcdf_is_the_dataset_with_units_on_everything(plan, tmp_path):
    made = xr.load_dataset(export(plan, "netcdf", tmp_path / "plan.nc"), engine="h5netcdf")
    xr.testing.assert_equal(made, plan.dataset)
    assert all(made[name].attrs["units"] for name in made.variables)


def test_workbook_has_frozen_headers_number_formats_and_no_formulas(plan, tmp_path):
    tricked = Plan(plan.dataset, plan.phases, plan.builds.assign(technology="=1+1"), plan.summary, plan.manifest)
    book = openpyxl.load_workbook(export(tricked, "xlsx", tmp_path / "plan.xlsx"))
    assert book.sheetnames == NAMES
    assert {sheet.freeze_panes for sheet in book} == {"B2"}
    builds, phases = book["builds"], book["phases"]
    assert (builds["B2"].value, builds["B2"].data_type) == ("=1+1", "s")
    money = next(cell for cell in phases[1] if cell.value == "capital_usd [USD]")
    assert phases.cell(2, money.column).number_format == "#,##0"
    assert next(cell.font.bold for cell in phases[1])
    start = next(cell for cell in phases[1] if cell.value == "start [ISO 8601 date]")
    assert (phases.cell(2, start.column).value, phases.cell(2, start.column).number_format) == (datetime.datetime(2030, 1, 1), "yyyy-mm-dd")


@pytest.mark.parametrize(("unit", "value", "form"), [
    ("1", 0.006, "0.0########"), ("1", 1.1234, "0.0########"), ("1", 32000.0, "#,##0"), ("MW", 0.004, "0.0000"), ("MW", -2e-7, "0.00E+00"),
    ("MW", 1234.5, "#,##0.00"), ("MW", 0.0, "#,##0.00"), ("USD", 0.4, "#,##0"), ("USD/MWh", 55.25, "0.00"), ("USD/MWh", 0.5, "0.00"), (HOUR, 0.0, "0"),
    ("degC", -0.35, "0.0"), ("degC", 21.6, "0.0"), ("tonne_CO2e/MWh", 0.3785, "0.0000"), ("L/kWh", 0.25, "0.000")])
def test_formats_hide_no_figure(unit, value, form):
    assert number_format(unit, value) == form


def test_every_number_in_a_workbook_has_a_format(tmp_path):
    """Air below one degree, carbon below one tonne."""
    site = small_site(tmp_path / "site", {"plan": SAMPLED, "grid": {"carbon": {"flat": "378.5 kg_CO2e/MWh"}}}, dry_bulb=0.4, dew_point=-1.0)
    book = openpyxl.load_workbook(export(optimize(site, workers=1), "xlsx", tmp_path / "plan.xlsx"), read_only=True)
    cells = [(sheet.title, cell) for sheet in book for row in sheet.iter_rows(min_row=2, max_row=30) for cell in row if isinstance(cell.value, int | float)]
    assert len(cells) > 500
    assert {(title, cell.column) for title, cell in cells if cell.number_format == "General"} == set()
    forms = {name: {cell.number_format for title, cell in cells if title == name} for name in ("weather", "prices")}
    assert forms == {"weather": {"0", "0.0"}, "prices": {"0", "0.00", "0.0000"}}


def test_summary_in_a_workbook_shows_its_figures(plan, tmp_path):
    """A gap of 0.6 %, counts with commas, money whole; empty values without the unit of texts; columns as wide as what they hold."""
    told = Plan(plan.dataset, plan.phases, plan.builds, plan.summary | {"gap": 0.006, "racks": 12000, "water_m3": None, "lower_bound": None}, plan.manifest)
    book = openpyxl.load_workbook(export(told, "xlsx", tmp_path / "plan.xlsx"))
    rows = {str(row[0].value): row for row in book["summary"].iter_rows(min_row=2)}
    assert [(rows[name][2].value, rows[name][2].number_format) for name in ("gap", "racks")] == [(0.006, "0.0########"), (12000, "#,##0")]
    assert rows["net_present_cost_usd"][2].number_format == "#,##0"
    assert [(rows[name][2].value, rows[name][3].value or "") for name in ("water_m3", "lower_bound")] == [(None, "m3"), (None, "")]
    assert [cell.value for cell in rows["peak_it_mw"][:4]] == ["peak_it_mw", "IT load in its highest hour", 10, "MW"]
    assert book["summary"].column_dimensions["A"].width >= max(map(len, rows))
    assert book["dispatch"].column_dimensions["C"].width >= len(TIME)
    assert (book["dispatch"]["C2"].value, book["dispatch"]["C2"].data_type) == ("01-01 00:00", "s")


def test_every_figure_and_column_is_told_in_words(plan):
    """Figures by the names in the planner's sources (of a reliability target: those of its classes), columns by those of the tables."""
    assert {name for name in {*plan.summary, *DECIDED} if not says_more(name, of_figure(name))} == set()
    assert of_figure("availability_training_simulated_error") == "distance of the simulated availability to the farther end of its 95 % interval, training"
    assert of_figure("reliability_ups_rule") == "redundancy of ups"
    (told,) = [table.frame for table in tables(plan) if table.name == "columns"]
    rows = told.set_index(["table", "column"])
    assert {(table.name, name) for table in tables(plan) for name in table.units} == set(rows.index)
    assert tuple(rows.loc[("limits", "price_chosen")]) == (SEE_UNIT, "the same with the whole units of the plan held; empty where it is not known")
    assert tuple(rows.loc[("dispatch", "tariff_bought")]) == ("MW", "power bought from the utility under the tariff")
    assert tuple(rows.loc[("phases", "cooling_dry_cooler_mw")]) == ("MW", "cooling in service: dry cooler")


def test_rows_beyond_a_sheet_go_to_a_further_one(plan, tmp_path, monkeypatch):
    monkeypatch.setattr("dcplan.planner.export.MOST_ROWS", 2000)
    book = openpyxl.load_workbook(export(plan, "xlsx", tmp_path / "plan.xlsx"), read_only=True)
    assert {"dispatch", "dispatch 2", "prices 5"} <= set(book.sheetnames)
    assert book["dispatch"].max_row + book["dispatch 2"].max_row == 2160 + 2


def test_parquet_without_its_extra_names_it(plan, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExportProblem, match=r"parquet needs the extra: pip install 'dcplan\[parquet\]'"):
        export(plan, "parquet", tmp_path / "out")
    assert not list(tmp_path.iterdir())


def test_geopackage_places_the_site_and_says_where_the_site_file_is_missing(plan, tmp_path):
    made: Any = geopandas.read_file(export(plan, "gpkg", tmp_path / "plan.gpkg"), layer="site")
    assert (made.geometry[0].x, made.geometry[0].y) == (-105, 40)
    assert made["net_present_cost_usd [USD]"][0] == pytest.approx(plan.summary["net_present_cost_usd"])
    lost = Plan(plan.dataset, plan.phases, plan.builds, plan.summary, plan.manifest | {"site_file": str(tmp_path / "gone.toml")})
    with pytest.raises(ExportProblem, match="the plan's place is read from its site file"):
        export(lost, "gpkg", tmp_path / "lost.gpkg")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.gpkg"]


@pytest.mark.parametrize(("form", "named", "written"), [
    ("xlsx", "mine", "mine.xlsx"), ("gpkg", "mine", "mine.gpkg"), ("netcdf", "mine", "mine.nc"), ("json", "mine", "mine.json"), ("json", "a.txt", "a.txt"),
    ("csv", "mine", "mine"), ("csv", "a.v2", "a.v2"), ("json", "site-1.5MW", "site-1.5MW.json")])
def test_an_ending_is_added_where_there_is_none(plan, tmp_path, form, named, written):
    made = run("export", plan.save(tmp_path / "plan"), "--to", form, "-o", tmp_path / named)
    assert (made.exit_code, made.stdout) == (0, f"{tmp_path / written}\n")
    assert (tmp_path / written).exists()


def test_command_exports_and_refuses(plan, tmp_path):
    folder = plan.save(tmp_path / "plan")
    made = run("export", folder, "--to", "csv", "-o", tmp_path / "out")
    assert (made.exit_code, made.stdout, made.stderr) == (0, f"{tmp_path / 'out'}\n", f"written to {tmp_path / 'out'}\n")
    again = run("export", folder, "--to", "csv", "-o", tmp_path / "out")
    told = f"error[folder-taken]: {tmp_path / 'out'} is there already; give another name with -o, or --force to replace it\n"
    assert (again.exit_code, again.stdout, again.stderr) == (2, "", told)
    none = run("export", tmp_path / "out", "--to", "json", "-o", tmp_path / "none.json")
    assert (none.exit_code, none.stdout) == (2, "")
    assert none.stderr.startswith(f"{tmp_path / 'out'} holds no plan: ")
    assert not (tmp_path / "none.json").exists()


BARE = Plan(xr.Dataset(), pd.DataFrame(), pd.DataFrame(), {}, {})  # of which these tests write a word alone


@pytest.fixture
def written(monkeypatch) -> None:
    """Forms that write a word, as a file or as a file in a folder."""
    def a_folder(plan, out: Path) -> None:
        out.mkdir()
        (out / "table.csv").write_text("new")
    for form in FORMS:
        monkeypatch.setitem(FORMS, form, a_folder if form in FOLDERS else lambda plan, out: out.write_text("new"))


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_replaced_without_force(tmp_path, form):
    out = tmp_path / "out"
    held = out / "table.csv" if form in FOLDERS else out
    export(BARE, form, out)
    held.write_text("mine")
    with pytest.raises(FolderTaken) as refused:
        export(BARE, form, out)
    assert str(refused.value) == f"{out} is there already; give another name with -o, or --force to replace it"
    assert held.read_text() == "mine"
    assert export(BARE, form, out, force=True) == out
    assert held.read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_no_force_replaces_a_plan_or_a_file_of_one(tmp_path):
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "plan.nc").write_text("hours")
    for form, out in (("csv", "plan"), ("netcdf", "plan/plan.nc")):
        with pytest.raises(FolderTaken, match="is a plan, or a part of one; give another name with -o"):
            export(BARE, form, tmp_path / out, force=True)
    assert (tmp_path / "plan" / "plan.nc").read_text() == "hours"


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("form", FORMS)
def test_no_force_replaces_a_folder_with_a_file_or_the_folder_of_a_site(tmp_path, form):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "site.toml").write_text('name = "Mine"')
    with pytest.raises(FolderTaken) as refused:
        export(BARE, form, tmp_path / "mine", force=True)
    assert str(refused.value) == f"{tmp_path / 'mine'} " + (
        "holds site.toml: an export replaces all that is in its folder; give another folder with -o" if form in FOLDERS
        else "is a folder; give the name of a file with -o")
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["site.toml"]


@pytest.mark.parametrize(("form", "told"), [
    ("csv", "holds the folder that you work in, or is your home: an export replaces all that is in its folder; give another folder with -o"),
    ("json", "is a folder; give the name of a file with -o")])
def test_the_folder_that_is_worked_in_is_not_replaced(monkeypatch, tmp_path, form, told):
    monkeypatch.setattr("dcplan.planner.Plan.load", lambda _: BARE)
    monkeypatch.chdir(tmp_path)
    refused = run("export", "plan", "--to", form, "-o", ".", "--force")
    assert (refused.exit_code, refused.stdout, refused.stderr) == (2, "", f"error[folder-taken]: . {told}\n")


@pytest.mark.parametrize("form", FORMS)
def test_an_export_that_fails_leaves_what_was_there(tmp_path, monkeypatch, form):
    def breaking(plan, out: Path) -> None:
        out.write_text("half")
        raise OSError(28, "No space left on device")
    monkeypatch.setitem(FORMS, form, breaking)
    (tmp_path / "out").write_text("mine")
    with pytest.raises(OSError, match="No space left"):
        export(BARE, form, tmp_path / "out", force=True)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out", "mine")]


COMPARED = pd.DataFrame([
    {"file": "a.toml", "scenario": "x", "net_present_cost_usd": 2.0e9, "pue": 1.1, "problem": "", "status": "optimal", "latitude_degree": 40.0,
     "longitude_degree": -105.0, "overdrawn": ["water", "land"]},
    {"file": "b.toml", "scenario": "x", "net_present_cost_usd": 2.5e9, "pue": 1.3, "problem": "", "status": "optimal", "latitude_degree": 41.0,
     "longitude_degree": -104.0, "overdrawn": []},
    {"file": "a.toml", "scenario": "y", "net_present_cost_usd": 3.0e9, "pue": np.nan, "problem": "", "status": "optimal", "latitude_degree": 40.0,
     "longitude_degree": -105.0, "overdrawn": []},
    {"file": "b.toml", "scenario": "y", "net_present_cost_usd": np.nan, "pue": np.nan, "problem": "no", "status": "failed", "latitude_degree": np.nan,
     "longitude_degree": np.nan, "overdrawn": np.nan}])


def test_differences_are_from_the_base_in_the_same_scenario():
    made = against(COMPARED, "a.toml")
    assert made.difference_net_present_cost_usd.tolist()[:3] == [0.0, 0.5e9, 0.0]
    assert np.isnan(made.difference_net_present_cost_usd[3])
    assert made.difference_pue[1] == pytest.approx(0.2)
    assert made.difference_capital_usd.isna().all()


def test_differences_from_a_saved_plan(plan, tmp_path):
    cost = plan.summary["net_present_cost_usd"]
    made = against(COMPARED, plan.save(tmp_path / "plan"))
    assert made.difference_net_present_cost_usd.tolist()[:3] == pytest.approx([2.0e9 - cost, 2.5e9 - cost, 3.0e9 - cost])
    assert set(made.base_net_present_cost_usd) == {cost}
    assert set(zip(made.base_plan_start, made.base_plan_end, strict=True)) == {("2030-01-01", "2030-03-31")}


@pytest.mark.parametrize(("end", "told"), [("2030-03-31", []), (np.nan, []), ("2034-12-31", [
    "a.toml x is planned 2030-01-01 to 2034-12-31, its base 2030-01-01 to 2030-03-31: their costs are of different spans"])])
def test_a_base_of_another_horizon_is_told(plan, tmp_path, end, told):
    assert other_horizons(against(COMPARED.iloc[:1].assign(plan_start="2030-01-01", plan_end=end), plan.save(tmp_path / "plan"))) == told


def test_comparison_on_a_map_has_a_point_where_the_site_loaded(tmp_path):
    on_map(COMPARED).to_file(tmp_path / "made.gpkg")
    made = geopandas.read_file(tmp_path / "made.gpkg")
    assert [None if point is None else (point.x, point.y) for point in made.geometry] == [(-105, 40), (-104, 41), (-105, 40), None]
    assert made.overdrawn[0] == "water; land"


def test_compare_against_a_base_that_is_not_listed(monkeypatch, tmp_path_factory, tmp_path):
    monkeypatch.chdir(tmp_path_factory.mktemp("sites"))
    for name in ("a.toml", "b.toml"):
        Path(name).touch()
    monkeypatch.setattr("dcplan.planner.compare", lambda sites, *_: COMPARED[COMPARED.file.isin(list(sites))].iloc[:2])
    ended = run("compare", "b.toml", "--base", "a.toml", "--gpkg", "-o", tmp_path)
    assert ended.exit_code == 0, ended.stderr
    assert re.split(r"\s{2,}", ended.stdout.splitlines()[0]) == [
        "site", "status", "wanted", "online", "cost MUSD", "difference from a.toml MUSD", "IT peak hour MW", "PUE", "problem"]
    assert ended.stdout.splitlines()[2].split() == ["b.toml", "x", "optimal", "-", "-", "2,500.0", "500.0", "-", "1.300"]
    assert ended.stdout.splitlines()[3:] == ["", "base x: a.toml, 2,000.0 MUSD"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["comparison.csv", "comparison.gpkg", "comparison_columns.csv"]
    layers = read(tmp_path / "comparison.gpkg", "gpkg")
    assert sorted(layers["columns"]["column [text]"]) == sorted(layers["comparison"].columns.drop("geometry"))


@pytest.mark.parametrize(("listed", "named"), [(["mine/site.toml"], "mine"), (["b.toml"], "mine"), (["b.toml"], "mine/site.toml")])
def test_a_base_may_be_the_folder_of_a_site(monkeypatch, tmp_path, listed, named):
    """It is planned once, whether it is among the sites or not."""
    monkeypatch.chdir(tmp_path)
    Path("b.toml").touch()
    small_site(tmp_path / "mine")
    monkeypatch.setattr("dcplan.planner.compare", lambda sites, *_: pd.DataFrame([
        {"file": site, "net_present_cost_usd": 2.0e9, "problem": "", "status": "optimal"} for site in sites]))
    ended = run("compare", *listed, "--base", named, "-o", "out")
    assert ended.exit_code == 0, ended.stderr
    assert pd.read_csv("out/comparison.csv")["file"].tolist() == list(dict.fromkeys([*listed, "mine/site.toml"]))
    assert ended.stdout.splitlines()[-1] == "base mine/site.toml, 2,000.0 MUSD"


def test_compare_against_a_folder_without_plan_stops_before_solving(monkeypatch, tmp_path):
    monkeypatch.setattr("dcplan.planner.compare", lambda *_: pytest.fail("solved before the base was looked at"))
    ended = run("compare", "b.toml", "--base", tmp_path, "-o", tmp_path / "out")
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert ended.stderr.startswith(f"{tmp_path} holds no plan: ")


@pytest.mark.parametrize("words", ["check {}", "compare none.toml {} {}", "compare {} --base {}"])
def test_completion_of_scenarios_reads_the_site_files_of_the_line(tmp_path, words):
    (tmp_path / "s.toml").write_text("[scenario.dry]\n[scenario.dear]\n[scenario.wet]\n")
    assert completed("bash", f"{words.format(*[tmp_path / 's.toml'] * 2)} --scenario", "d") == ["plain,dry", "plain,dear"]
    assert not any(completed("bash", "check none.toml --scenario", "d"))


@pytest.mark.parametrize(("shell", "mark"), [("bash", "complete -o nosort -F _dcplan_completion dcplan"), ("zsh", "#compdef dcplan"),
                                             ("fish", "complete --no-files --command dcplan")])
def test_completion_prints_the_script_of_a_shell(shell, mark):
    made = run("completion", shell)
    assert (made.exit_code, made.stderr) == (0, "")
    assert mark in made.stdout


def completed(shell: str, words: str, incomplete: str = "") -> list[str]:
    """What a shell is told where the words stand before the cursor and `incomplete` under it, as its script asks for it."""
    line, count = f"dcplan {words} {incomplete}", str(len(words.split()) + 1)
    asked = {**os.environ, "_DCPLAN_COMPLETE": f"{shell}_complete", "COMP_WORDS": line, "COMP_CWORD": incomplete if shell == "fish" else count}
    made = subprocess.run([sys.executable, "-m", "dcplan.cli"], capture_output=True, text=True, env=asked, timeout=60)
    assert (made.returncode, made.stderr) == (0, "")
    return made.stdout.splitlines()


@pytest.mark.parametrize(("words", "incomplete", "found"), [
    ("", "expo", ["plain,export"]), ("export plan --to", "p", ["plain,parquet"]),
    ("explain", "water.ri", ["plain,water.right"]), ("explain", "check-ord", ["plain,check-order"]),
    ("init mine --from", "green", ["plain,greensboro"]),
    ("catalog", "dif", ["plain,diff"]), ("catalog", "frame", ["plain,frame_turbine"]), ("catalog show", "frame", ["plain,frame_turbine"]),
    ("catalog diff 2025", "mar", ["plain,market-2026"]), ("optimize site.toml --cost-set", "aeo", ["plain,aeo-2026"]),
    ("check", "exam", ["file,exam"]), ("compare a.toml", "b", ["file,b"]), ("show", "pl", ["dir,pl"]), ("screen", "par", ["file,par"]),
    ("optimize site.toml --set", "water.ri", ["plain,water.right"]), ("check site.toml --set", "fleet[0].racks", ["plain,fleet[0].racks_per_pod"]),
    ("compare a.toml --base", "b", ["file,b"]), ("verify plan --site", "s", ["file,s"])])
def test_completion_of_commands_options_and_arguments(words, incomplete, found):
    assert completed("bash", words, incomplete) == found


@pytest.mark.parametrize(("shell", "found"), [
    ("zsh", ["plain", "water.right", "_"]), ("fish", ["plain", "water.right", ""])])
def test_completion_in_other_shells(shell, found):
    assert completed(shell, "explain", "water.ri") in (found, found[:2], [",".join(found[:2])])


def test_completion_in_a_real_bash(tmp_path):
    """The script is sourced, and its function called as bash does on a tab."""
    (tmp_path / "dcplan").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m dcplan.cli "$@"\n')
    (tmp_path / "dcplan").chmod(0o755)
    script = ('eval "$(dcplan completion bash)"\nCOMP_WORDS=(dcplan explain grid.pow)\nCOMP_CWORD=2\n_dcplan_completion dcplan\n'
              'printf "%s\\n" "${COMPREPLY[@]}"\n')
    made = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60,
                          env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"})
    assert made.stdout == "grid.power_factor\n"


@pytest.mark.parametrize("arguments", [
    ("check", "none.toml"), ("climate", "none.toml", "-o", "x"), ("optimize", "none.toml", "-o", "x"), ("show", "none"), ("verify", "none"),
    ("catalog", "none"), ("explain", "none.none"), ("export", "none", "--to", "csv"), ("screen", "none.geojson", "--layers", "none", "-o", "x"),
    ("init", "x", "--from", "none"), ("reliability", "none.toml"), ("completion", "none")])
def test_what_goes_wrong_is_said_on_stderr_alone(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ended = run(*arguments)
    assert ended.exit_code == 2
    assert ended.stdout == ""
    assert ended.stderr


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_no_color_is_respected_by_the_live_line(environment, coloured):
    """The line of progress on a terminal: digits are coloured unless NO_COLOR says no, nor bold then; stdout stays empty."""
    script = ("from dcplan.cli.progress import on_stderr\nfrom dcplan.planner.progress import Progress\nimport time\n"
              "with on_stderr() as listen:\n    listen(Progress('rounding', 2.5e9, None, None, 1.0))\n    time.sleep(0.5)\n")
    master, slave = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    kept |= {"TERM": "xterm-256color", **environment}
    ended = subprocess.run([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=slave, timeout=120, env=kept)
    os.close(slave)
    shown = os.read(master, 100_000).decode()
    os.close(master)
    assert "rounding" in shown
    assert ("\x1b[1;36m" in shown, bool(re.search(r"\x1b\[[0-9;]*m", shown))) == (coloured, coloured)
    assert ended.stdout == b""


def test_forms_that_know_dates_have_dates(plan, tmp_path):
    parquet = read(export(plan, "parquet", tmp_path / "out"), "parquet")
    assert parquet["phases"]["start [ISO 8601 date]"].iloc[0] == datetime.date(2030, 1, 1)
    assert pyarrow.parquet.read_schema(tmp_path / "out" / "builds.parquet").field("in_service [ISO 8601 date]").type == "date32[day]"
    layers = read(export(plan, "gpkg", tmp_path / "out.gpkg"), "gpkg")
    assert layers["phases"]["end [ISO 8601 date]"].iloc[-1] == pd.Timestamp("2030-03-31")
    assert layers["builds"]["in_service [ISO 8601 date]"].dtype.kind == "M"


def test_a_text_that_is_empty_is_an_empty_cell(plan, tmp_path):
    sheet = openpyxl.load_workbook(export(plan, "xlsx", tmp_path / "out.xlsx"))["summary"]
    said = next(cell.column for cell in sheet[1] if cell.value == "said [text]")
    gap = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == "net_present_cost_usd")
    assert sheet.cell(gap, said).value is None


def test_dates_of_the_tables_are_dates(plan):
    for table in tables(plan):
        for name in (name for name, unit in table.units.items() if unit == DATE):
            assert all(datetime.date.fromisoformat(value) for value in table.frame[name].dropna())
