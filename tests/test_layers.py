"""What is laid over a site file: bases, scenarios, --set. Which value holds, where a problem is told, what a plan remembers of it."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.planner import NotVerifiable, optimize, verify
from dcplan.sites import Problem, SiteProblems, load_site
from small import small_site

SAMPLED = 'plan.resolution="sampled"'


def site_in(folder: Path, more: str = "", name: str = "site.toml") -> Path:
    """The small site in a folder, with more TOML below."""
    small_site(folder)
    path = folder / name
    path.write_text((folder / "site.toml").read_text() + more)
    return path


def only(path: Path, *overrides: str, scenario: str | None = None) -> Problem:
    with pytest.raises(SiteProblems) as caught:
        load_site(path, overrides, scenario)
    assert len(caught.value.problems) == 1, str(caught.value)
    return caught.value.problems[0]


@pytest.mark.parametrize(("text", "value"), [
    ("water.right=300 m3/year", 300.0), ('water.right="300 m3/year"', 300.0), ("water.right = 300000 l/year", 300.0),
    ("water={right='300 m3/year'}", 300.0),
])
def test_set_takes_text_and_toml(tmp_path, text, value):
    assert load_site(site_in(tmp_path), [text]).water.right == pytest.approx(value)


def test_set_reaches_rows_by_number_and_name_and_makes_tables(tmp_path):
    site = load_site(site_in(tmp_path), ["grid.stages[0].capacity=12 MW", "halls[one].most=3", "fleet[all].wanted[0].count=500 accelerator",
                                         "catalog.dry_cooler.life=7 year", "limits.land=3 km^2", "halls[one].it_capacity=4 MW"])
    assert (site.grid.stages[0].capacity, site.halls[0].most, site.halls[0].it_capacity) == (12.0, 3, 4.0)
    assert (site.fleet[0].wanted[0].count, site.limits.land) == (500.0, 3e6)
    assert site.catalog.number("dry_cooler", "life", "year") == 7.0


def test_the_last_set_of_a_key_holds(tmp_path):
    assert load_site(site_in(tmp_path), ["outage.duration=1 hour", "outage.duration=2 hour"]).outage.duration == 2.0


def test_all_that_is_wrong_with_sets_is_told_with_what_is_wrong_in_the_file(tmp_path):
    path = site_in(tmp_path, '\n[water]\nright = "3 MW"\n')
    with pytest.raises(SiteProblems) as caught:
        load_site(path, ["water", "fleet[3].life=1 year", "plan.objective=fun", "power.allow=['sun']", "limits.land=2 kg"], "dry")
    assert [(problem.code, problem.key) for problem in caught.value.problems] == [
        ("scenario", ""), ("unit", "water.right"), ("set", ""), ("set", ""), ("value", "plan.objective"), ("unit", "limits.land"),
        ("check-allowed", "power.allow[0]")]


def test_problem_with_a_set_value_in_full(tmp_path):
    assert str(only(site_in(tmp_path), "grid.stages[main].capacity=36 m3")) == (
        'error[unit]: "36 m3" is a volume\n'
        "  --> --set  grid.stages[0].capacity\n"
        "  |\n"
        "  | grid.stages[main].capacity=36 m3\n"
        "  |                            ^^^^^ expected a power\n"
        '   = help: write for example "250 MW"')


def test_unknown_key_is_marked_within_set(tmp_path):
    problem = only(site_in(tmp_path), "water.rihgt=3 m3/year")
    assert (problem.file, problem.line, problem.column, problem.width, problem.key) == ("--set", 0, 1, 11, "water.rihgt")
    assert problem.help == "did you mean right?"


def test_a_table_that_set_began_lacks_its_keys_there(tmp_path):
    assert (only(site_in(tmp_path), "gas.price=3 USD/MMBtu").file, only(site_in(tmp_path), "gas.price=3 USD/MMBtu").key) == ("--set", "gas.pipelines")


def test_what_the_file_says_wrong_stays_in_the_file(tmp_path):
    path = site_in(tmp_path, '\n[water]\nright = "3 MW"\n')
    problem = only(path, "water.price=1 USD/m3")
    assert (problem.file, path.read_text().split("\n")[problem.line - 1]) == (str(path), 'right = "3 MW"')


@pytest.mark.parametrize(("text", "title"), [
    ("water", '"water" is not KEY=VALUE'), ("=3", '"=3" is not KEY=VALUE'), ("a b=3", '"a b=3" is not KEY=VALUE'), ("x[=1", '"x[=1" is not KEY=VALUE'),
    ("fleet[3].life=1 year", "there is no fleet[3]: fleet has 1 rows (all)"),
    ("fleet[other].life=1 year", "there is no fleet[other]: fleet has 1 rows (all)"),
    ("assets[0].units=1", "there is no assets[0]: assets is no list in the file"), ("name.first=x", 'no "first" can be set here: name is a single value'),
    ("fleet.life=1 year", 'no "life" can be set here: fleet is a list: tell its row'),
])
def test_no_place_to_set(tmp_path, text, title):
    problem = only(site_in(tmp_path), text)
    assert (problem.code, problem.title, problem.file) == ("set", title, "--set")
    assert problem.help.startswith("write KEY=VALUE")


def test_a_file_extends_another_table_by_table_and_replaces_lists(tmp_path):
    site_in(tmp_path / "base", '\n[water]\nright = "500 m3/year"\nprice = "1 USD/m3"\n')
    path = tmp_path / "own.toml"
    path.write_text('extends = "base/site.toml"\nname = "Own"\nwater.right = "700 m3/year"\n'
                    'halls = [{ name = "two", cooling = "mixed", it_capacity = "3 MW" }]\n')
    site = load_site(path)
    assert (site.name, site.water.right, site.water.price) == ("Own", 700.0, 1.0)
    assert [(hall.name, hall.most) for hall in site.halls] == [("two", None)]


def test_paths_of_a_base_are_read_from_its_folder_and_hashed(tmp_path):
    site_in(tmp_path / "base")
    path = tmp_path / "near" / "own.toml"
    path.parent.mkdir()
    path.write_text('extends = "../base/site.toml"\n')
    site = load_site(path)
    assert site.inputs == {name: hashlib.sha256((path.parent / name).read_bytes()).hexdigest()
                           for name in ("own.toml", "../base/site.toml", "../base/weather.csv")}


def test_problems_are_told_in_the_file_that_holds_the_value(tmp_path):
    base = site_in(tmp_path / "base", '\n[water]\nright = "5 MW"\nprice = "1 kg"\n')
    path = tmp_path / "own.toml"
    path.write_text('extends = "base/site.toml"\n\n[water]\nright = "700 MW"\n[outage]\n')
    with pytest.raises(SiteProblems) as caught:
        load_site(path)
    lines = base.read_text().split("\n")
    assert [(problem.file, problem.line, problem.key) for problem in caught.value.problems] == [
        (str(path), 4, "water.right"), (str(base), lines.index('price = "1 kg"') + 1, "water.price")]


def test_missing_file_of_a_base_is_told_in_the_base(tmp_path):
    base = site_in(tmp_path / "base")
    (tmp_path / "base" / "weather.csv").unlink()
    path = tmp_path / "own.toml"
    path.write_text('extends = "base/site.toml"\n')
    problem = only(path)
    assert (problem.file, problem.key, problem.title) == (str(base), "weather.file", 'there is no file "base/weather.csv"')
    assert problem.help == f"looked for {(tmp_path / 'base' / 'weather.csv').resolve()}; give a path from the folder of the file that names it"


@pytest.mark.parametrize(("written", "title"), [
    ("extends = 3\n", "3 is no path"), ('extends = "none.toml"\n', 'there is no file "none.toml"'),
    ('extends = "own.toml"\n', '"own.toml" extends this file in turn'), ('extends = "ring.toml"\n', '"own.toml" extends this file in turn'),
])
def test_extends_that_leads_nowhere(tmp_path, written, title):
    (tmp_path / "ring.toml").write_text('# a ring\nextends = "own.toml"\n')
    path = tmp_path / "own.toml"
    path.write_text(written)
    problem = only(path)
    assert (problem.code, problem.key, problem.title) == ("extends", "extends", title)
    assert (problem.file, problem.line) == ((str(tmp_path / "ring.toml"), 2) if "ring" in written else (str(path), 1))


SCENARIOS = """
[scenario.dry]
water.right = "10 m3/year"
[scenario.late.grid.price]
flat = "90 USD/MWh"
"""


def test_a_scenario_lies_over_the_file_and_under_set(tmp_path):
    path = site_in(tmp_path, SCENARIOS)
    assert (load_site(path).water.right, load_site(path).scenario) == (None, None)
    assert load_site(path, (), "dry").water.right == 10.0
    assert load_site(path, ["water.right=20 m3/year"], "dry").water.right == 20.0
    assert float(load_site(path, (), "late").hours.energy_price.max()) == 90.0


def test_scenarios_of_a_base_hold_and_are_laid_over_both_files(tmp_path):
    site_in(tmp_path / "base", '\n[water]\nprice = "1 USD/m3"\n[scenario.dear]\nwater.price = "9 USD/m3"\nwater.right = "1 m3/year"\n')
    path = tmp_path / "own.toml"
    path.write_text('extends = "base/site.toml"\nwater.price = "2 USD/m3"\n[scenario.dear]\nwater.right = "3 m3/year"\n')
    assert load_site(path).water.price == 2.0
    assert (load_site(path, (), "dear").water.price, load_site(path, (), "dear").water.right) == (9.0, 3.0)


@pytest.mark.parametrize("chosen", ["dry", None])
def test_a_wrong_value_in_a_scenario_is_told_at_its_line_chosen_or_not(tmp_path, chosen):
    path = site_in(tmp_path, SCENARIOS.replace("10 m3/year", "10 m"))
    problem = only(path, scenario=chosen)
    assert (problem.code, problem.key, path.read_text().split("\n")[problem.line - 1]) == ("unit", "water.right", 'water.right = "10 m"')


def test_unknown_scenarios_and_what_is_none(tmp_path):
    path = site_in(tmp_path, SCENARIOS)
    assert (only(path, scenario="dri").title, only(path, scenario="dri").help) == ('there is no scenario "dri"', "did you mean dry?")
    assert only(path, scenario="zzz").help == "scenarios of this file: dry, late"
    assert only(site_in(tmp_path / "flat", "\nscenario = 3\n")).title == "scenario is no table"
    assert only(site_in(tmp_path / "wrong", "\nscenario.dry = 3\n")).title == "scenario.dry is no table"


def test_a_plan_remembers_what_it_was_made_with_and_is_verified_with_it(tmp_path):
    path = site_in(tmp_path, SCENARIOS)
    given = [SAMPLED, "grid.price.adder=7 USD/MWh"]
    folder = optimize(load_site(path, given, "late")).save(tmp_path / "plan")
    manifest = json.loads((folder / "manifest.json").read_text())
    assert (manifest["overrides"], manifest["scenario"]) == (given, "late")
    assert verify(folder).ok
    (folder / "manifest.json").write_text(json.dumps(manifest | {"overrides": [SAMPLED]}))
    assert "cost" in " ".join(finding.name for finding in verify(folder).failed)  # 3 months at 10 MW, 7 USD/MWh too dear for the file as it stands
    path.write_text(path.read_text() + "# changed\n")
    with pytest.raises(NotVerifiable, match="has changed since the plan was made"):
        verify(folder)


def test_a_base_that_changed_is_noticed(tmp_path):
    base = site_in(tmp_path / "base")
    path = tmp_path / "own.toml"
    path.write_text('extends = "base/site.toml"\n')
    folder = optimize(load_site(path, [SAMPLED])).save(tmp_path / "plan")
    base.write_text(base.read_text() + "# changed\n")
    with pytest.raises(NotVerifiable, match=r"base/site\.toml has changed"):
        verify(folder)


def test_commands_take_them(tmp_path):
    path = site_in(tmp_path, SCENARIOS)
    refused = CliRunner().invoke(dcplan, ["check", str(path), "--scenario", "dry", "--set", "water.price=1 kg"])
    assert (refused.exit_code, "  --> --set  water.price" in refused.stderr) == (2, True)
    assert CliRunner().invoke(dcplan, ["check", str(path), "--scenario", "dry"]).exit_code == 0
    asked = ["--set", SAMPLED, "--scenario", "late", "--scenario", "none", "--json"]
    rows = json.loads(CliRunner().invoke(dcplan, ["compare", str(path), "-o", str(tmp_path / "out"), *asked]).stdout)
    assert [(row["scenario"], row["status"]) for row in rows] == [("late", "optimal"), ("none", "failed")]
