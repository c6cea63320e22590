"""Every key of the site file says what it means and where it enters, and is checked; every problem has a code that is explained."""

import ast
import importlib
import json
import pkgutil
import re
import tomllib
import typing
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from dcplan import planner
from dcplan.cli.commands import dcplan
from dcplan.cli.exits import kind_of
from dcplan.models.catalog import load_catalog
from dcplan.models.units import EXAMPLES
from dcplan.planner import NotVerifiable, PlannerError
from dcplan.sites.codes import codes
from dcplan.sites.explain import explain, names
from dcplan.sites.json_schema import LAYER_KEYS, json_schema
from dcplan.sites.keys import SiteKey, site_keys
from dcplan.sites.layers import read_source
from dcplan.sites.parse import validate
from dcplan.sites.problems import Report, SiteProblems
from dcplan.sites.quantity import Unit
from jsonschema import Draft7Validator

ROOT = Path(__file__).parent.parent
EXAMPLE_FILES = sorted(ROOT.glob("examples/*/site.toml"))
LEAVES = [key for key in site_keys().values() if not key.form.is_table and key.dotted != "catalog"]
SCHEMA = Draft7Validator(json_schema())


def as_editors_see(values: typing.Any) -> typing.Any:
    """Dates as texts."""
    if isinstance(values, dict):
        return {name: as_editors_see(value) for name, value in values.items()}
    if isinstance(values, list):
        return [as_editors_see(value) for value in values]
    return values.isoformat() if isinstance(values, date) else values


def nested(key: SiteKey, value: typing.Any) -> dict:
    """Tables that hold nothing but a value at a key."""
    for depth in range(len(key.path), 0, -1):
        above = site_keys()[key.path[:depth]]
        value = {key.path[depth - 1]: [value] if above.form.many else value}
    return value


def place(key: SiteKey) -> str:
    """The key as problems name it: every list by its first row."""
    parts = [part + ("[0]" if site_keys()[key.path[: depth + 1]].form.many else "") for depth, part in enumerate(key.path)]
    return ".".join(parts)


def wrong(key: SiteKey) -> list[tuple[typing.Any, str]]:
    """Values that a key must not take, and the code of the problem."""
    unit, core = key.form.unit, key.form.core
    if unit is not None:
        small = [(unit.shown(unit.least - 1), "range")] if unit.least is not None else []
        large = [(unit.shown(unit.most * 2 + 1), "range")] if unit.most is not None else []
        return [(5, "unit"), ("5 florins", "unknown-unit"), ("much", "number"), (f"5 $/{unit.unit}", "money"), *small, *large]
    if core is date:
        return [("soon", "value"), (5, "value")]
    if core in (int, bool):
        return [("maybe", "value"), (date(2030, 1, 1), "value")]
    if typing.get_origin(core) is typing.Literal:
        return [("nonsense", "value"), (5, "value")]
    return [(5, "value")] if core in (str, Path) else []


@pytest.mark.parametrize("key", site_keys().values(), ids=lambda key: key.dotted)
def test_every_key_says_what_it_means_and_where_it_enters(key):
    one = next(one for one in explain(key.dotted) if one.name == key.dotted)
    assert len(one.meaning) > 10, f"give {key.dotted} a meaning: told(...) in sites/schema.py, fleet.py or energy.py"
    assert one.meaning.endswith(".")
    assert {"takes", "default"} <= set(one.facts)
    if not key.form.is_table:
        assert len(one.facts.get("enters", "")) > 10, f"say where {key.dotted} enters the programme: told(...)"
        assert {"unit", "range"} <= set(one.facts)


@pytest.mark.parametrize("key", LEAVES, ids=lambda key: key.dotted)
def test_every_key_is_checked(tmp_path, key):
    """Each wrong value is a problem of its kind at the key, in the file and in the JSON Schema."""
    cases = wrong(key)
    assert cases, f"say in wrong() what {key.dotted} must not take"
    for value, code in cases:
        found = problems_with(nested(key, value))
        assert (place(key), code) in found, (value, found)
        whole = as_editors_see(nested(key, value))
        assert [error for error in SCHEMA.iter_errors({"extends": "base.toml", **whole}) if error.validator in ("type", "pattern", "enum", "anyOf")] or (
            code in ("range", "unknown-unit") or core_is_date(key)), value


def core_is_date(key: SiteKey) -> bool:
    """Dates are texts to an editor, which checks their form by itself."""
    return key.form.core is date


def problems_with(values: dict) -> set[tuple[str, str]]:
    """(key, code) of every problem that the types find."""
    report = Report(lambda key, at_key: PLACE, lambda problem: ())
    with pytest.raises(SiteProblems):
        validate(values, report)
    return {(problem.key, problem.code) for problem in report.found}


PLACE = read_source(ROOT / "examples" / "phoenix" / "site.toml").merged.place(())


def test_a_key_without_meaning_would_be_seen(monkeypatch):
    key = site_keys()["water", "price"]
    monkeypatch.setattr(key.field, "description", None)
    with pytest.raises(AssertionError, match=r"give water\.price a meaning"):
        test_every_key_says_what_it_means_and_where_it_enters(key)


@pytest.mark.parametrize("path", EXAMPLE_FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_example_fits_the_schema(path):
    assert not list(SCHEMA.iter_errors(as_editors_see(tomllib.loads(path.read_text()))))


@pytest.mark.parametrize(("old", "new", "where"), [
    ('area = "40 hectare"', "area = 40", ["location", "area"]),
    ('elevation = "337 m"', 'elevation = "337"', ["location", "elevation"]),
    ('elevation = "337 m"\n', "", ["location"]),
    ('price = "2.5 USD/m3"', 'price = "2.5 $/m3"', ["water", "price"]),
    ('price = "2.5 USD/m3"', 'price = "2.5 EUR/m3"', ["water", "price"]),
    ('price = "2.5 USD/m3"', 'price = "-2.5 USD/m3"', ["water", "price"]),
    ('rate = "14 USD/kW/month"', 'rat = "14 USD/kW/month"', ["grid", "demand_charges", 0]),
    ("racks_per_pod = 16", "racks_per_pod = 0", ["fleet", 0, "racks_per_pod"]),
    ('workload = "inference"', 'workload = "mining"', ["fleet", 0, "workload"]),
    ('name = "on_peak"', 'name = "on peak"', ["grid", "demand_charges", 0, "name"]),
    ('count = "20000 accelerator"', 'count = "20000"', ["fleet", 0, "wanted", 0, "count"]),
    ("hours = [15, 16, 17, 18, 19]\n", "hours = [15, 24]\n", ["grid", "demand_charges", 0, "hours", 1]),
    ("[finance]\n", "[finances]\n", []),
])
def test_a_bad_file_does_not_fit_the_schema(old, new, where):
    text = (ROOT / "examples" / "phoenix" / "site.toml").read_text()
    assert old in text
    found = list(SCHEMA.iter_errors(as_editors_see(tomllib.loads(text.replace(old, new)))))
    assert where in [list(error.absolute_path) for error in found]


@pytest.mark.parametrize(("text", "fits"), [
    ('extends = "base.toml"\nwater.price = "3 USD/m3"\n', True), ('water.price = "3 USD/m3"\n', False), ("extends = 3\n", False),
    ('extends = "base.toml"\nscenario.dry.water.price = "3 USD/m3"\n', True), ('extends = "base.toml"\nscenario.dry.water.prize = "3 USD/m3"\n', False),
    ('extends = "base.toml"\nscenario.dry.location.elevation = "3 m"\n', True), ('extends = "base.toml"\nfleet = [{ name = "part" }]\n', False),
])
def test_bases_and_scenarios_may_be_parts(text, fits):
    assert SCHEMA.is_valid(tomllib.loads(text)) is fits


def test_the_schema_is_one():
    Draft7Validator.check_schema(json_schema())
    assert {"extends", "scenario", *(path[0] for path in site_keys())} == set(json_schema()["properties"])
    described = json_schema()["properties"]["carbon_price"]["description"]
    assert described == 'Price of a tonne emitted. A price of carbon, as "50 USD/tonne_CO2e". Enters: The objective: the carbon ledger times this price.'
    assert json_schema()["$defs"]["Grid"]["properties"]["power_factor"]["default"] == "0.97"


@pytest.mark.parametrize("unit", EXAMPLES)
def test_patterns_take_the_examples_of_every_unit(unit):
    assert re.search(Unit(unit, None).pattern, EXAMPLES[unit])


def test_patterns_take_what_the_catalogue_writes():
    entries = [entry for name in load_catalog().technologies() for entry in load_catalog().entries(name) if entry.unit != "text"]
    assert [entry for entry in entries if not re.search(Unit(entry.unit, None).pattern, f"{entry.value} {'' if entry.unit == '1' else entry.unit}")] == []


def test_explain_a_key_in_full():
    shown = CliRunner().invoke(dcplan, ["explain", "grid.stages[0].capacity"])
    assert (shown.exit_code, shown.stdout) == (0, (
        "grid.stages.capacity\n"
        "  Active power that the stage carries.\n"
        '  takes    power, as text with a unit: "250 MW"\n'
        "  unit     MW; any unit of power may be written\n"
        "  range    at least 1e-06 MW\n"
        "  default  none: it has to be given\n"
        "  enters   Upper bound of import plus export over the stage in every hour once it is in service.\n"))


@pytest.mark.parametrize(("name", "explained"), [
    ("capacity", ["grid.stages.capacity", "gas.pipelines.capacity", "builds.csv: capacity"]), ("outage", ["outage"]),
    ("catalog.battery.life", ["catalog.battery.life", "catalog"]),
    ("catalog.battery.colour", ["catalog"]), ("halls.0.most", ["halls.most"]), ("fleet[main].wanted.1.by", ["fleet.wanted.by"]),
    ("months", ["grid.price.time_of_use.months", "grid.demand_charges.months"]), ("error[toml]", ["error[toml]"]),
    ("error[unit]", ["error[unit]"]), ("money", ["error[money]"]),
    ("check-order", ["error[check-order]"]), ("extends", ["extends", "error[extends]"]),
    ("scenario", ["scenario", "error[scenario]", "comparison.csv: scenario"]),
])
def test_explain_by_last_part_table_and_code(name, explained):
    shown = CliRunner().invoke(dcplan, ["explain", name, "--json"])
    assert [one["name"] for one in json.loads(shown.stdout)] == explained


@pytest.mark.parametrize(("key", "fact", "told"), [
    ("location.elevation", "range", "at least -430 m, at most 6000 m"), ("grid.power_factor", "default", "0.97"),
    ("plan.time_limit", "default", "600 second"),
    ("fleet.variants", "takes", "a list: text"), ("halls.most", "default", "not set"), ("grid.stages.firm", "default", "true"),
    ("plan.step.step", "takes", ""), ("weather.file", "takes", "the path of a file, from the folder of the site file"),
    ("fleet.utilisation.daily", "unit", "1, a share; % may be written"), ("plan.start", "takes", "a date, YYYY-MM-DD"),
    ("redundancy.cooling", "takes", "one of N, N+1, N+2, 2N"), ("grid.demand_charges.hours", "default", "all of them"),
    ("grid.demand_charges.weekdays_only", "enters", "Hours whose import counts for the peak; public holidays count as weekdays."),
    ("grid", "takes", "[grid], a table"),
    ("fleet", "takes", "[[fleet]], a list of tables"), ("cooling.warm_supply", "range", "at least -60 degC, at most 200 degC"),
    ("grid.escalation", "range", "at least -50 %/year, at most 100 %/year"), ("grid.escalation", "default", "0 %/year"),
])
def test_facts(key, fact, told):
    assert [one.facts.get(fact) for one in explain(key)] == ([told] if told else [])


@pytest.mark.parametrize(("key", "meaning"), [
    ("power.allow",
     "Technologies that may be bought, by their ids in `dcplan catalog`. Not set: none, so power comes from the grid and from what is there."),
    ("cooling.allow",
     "Technologies that may be bought, by their ids in `dcplan catalog`. Not set: none that rejects heat, so only what is there cools.")])
def test_lists_of_technologies_say_what_it_means_that_they_are_not_set(key, meaning):
    assert [one.meaning for one in explain(key)] == [meaning]


def test_help_says_what_comes_on_top_of_the_time_limit():
    shown = " ".join(CliRunner().invoke(dcplan, ["optimize", "--help"]).stdout.split())
    assert ("--time-limit SECONDS Time of the search; default: the site's. Dispatch of every hour, writing and verification come on top, whatever they "
            "take.") in shown
    assert ("Without a plan the code is 130 (Ctrl-C) or 143 (SIGTERM). A second signal ends at once, with these codes, and nothing is written. "
            "Once the plan is written a signal ends its verification alone.") in shown
    (told,) = explain("plan.time_limit")
    assert told.meaning == "Time for the search; dispatch of every hour, writing and verification come on top, unlimited."
    assert told.facts["enters"].endswith("the best plan so far is given with its gap, as it is where Ctrl-C or SIGTERM comes first.")


def test_every_row_of_the_catalogue_is_explained():
    """With its unit, what it is now, and where that is from."""
    catalog = load_catalog()
    for technology in catalog.technologies():
        for row in catalog.entries(technology):
            one = explain(f"catalog.{technology}.{row.parameter}")[0]
            assert one.name == f"catalog.{technology}.{row.parameter}", one
            assert one.meaning
            assert row.unit in (one.facts["unit"], "text")
            assert one.facts["default"].startswith(row.value)


def test_explain_of_nothing_known_names_the_nearest():
    shown = CliRunner().invoke(dcplan, ["explain", "capasity"])
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr == "there is no key, error or figure capasity; did you mean gas.pipelines.capacity?; `dcplan explain` lists all\n"


def test_explain_of_a_technology_names_the_catalogue():
    shown = CliRunner().invoke(dcplan, ["explain", "battery"])
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr == "there is no key, error or figure battery; `dcplan catalog battery` tells this technology; `dcplan explain` lists all\n"


def test_explain_lists_everything():
    shown = CliRunner().invoke(dcplan, ["explain"])
    assert [line.split()[0] for line in shown.stdout.splitlines()] == list(names())
    assert set(names()) == {*(key.dotted for key in site_keys().values()), *LAYER_KEYS, *(f"error[{code}]" for code in codes())}


def test_every_code_that_is_printed_is_explained():
    """Codes as they stand in the source: first argument of Problem, Report.add, placed and UnitProblem."""
    printed = set()
    for path in [*(ROOT / "sites").glob("*.py"), ROOT / "models" / "units.py"]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
                called = ast.unparse(node.func).rpartition(".")[2]
                if called in ("Problem", "placed", "UnitProblem", "problem") or ast.unparse(node.func) == "report.add":
                    printed.add(node.args[0].value)
    assert {"toml", "unit", "set", "weather"} <= printed
    assert printed <= set(codes()), printed - set(codes())


def test_what_the_planner_refuses_has_a_code_that_is_explained():
    for module in pkgutil.walk_packages(planner.__path__, "dcplan.planner."):
        importlib.import_module(module.name)
    kinds = {kind_of(kind) for kind in (*PlannerError.__subclasses__(), NotVerifiable)}
    assert {"no-plan", "folder-taken", "checkpoint", "not-verifiable"} <= kinds
    assert kinds <= set(codes()), kinds - set(codes())


def test_schema_command_prints_it():
    assert json.loads(CliRunner().invoke(dcplan, ["schema"]).stdout) == json_schema()


def test_rows_of_a_make_of_ones_own():
    (like, table) = explain("catalog.our_cooler.like")
    assert like.facts["takes"] == "the name of a technology of the catalogue, or of an own make before it: `dcplan catalog`"
    (row, _) = explain("catalog.our_cooler.pad_effectiveness")
    assert row.meaning == "Pad effectiveness of a make of the site's own, our_cooler."
    assert row.facts["default"] == ("that of catalog.our_cooler.like; adiabatic_cooler, direct_air_economiser, indirect_evaporative "
                                    "have such a row")
    assert explain("catalog.our_cooler.life")[0].facts["default"].endswith(" technologies have such a row")
    assert [one.name for one in explain("like")] == ["catalog.TECHNOLOGY.like"]
    assert [one.name for one in explain("catalog.our_cooler.nonsense")] == [table.name] == ["catalog"]


@pytest.mark.parametrize(("key", "said"), [("limits.capital_per_year", "what is committed or there does not count"),
                                           ("grid.demand_charges.rate", "one that is told by the year is billed as twelfths, a month each")])
def test_what_is_easily_taken_for_something_else_is_explained(key, said):
    assert said in explain(key)[0].meaning


@pytest.mark.parametrize(("name", "told"), [
    ("held_back_by", ["summary.json: held_back_by"]), ("pue", ["summary.json: pue", "phases.csv: pue"]),
    ("order_by", ["builds.csv: order_by"]), ("price_chosen", ["limits.csv: price_chosen"]), ("limits.csv", ["limits.csv"])])
def test_figures_and_columns_of_a_plan_are_explained(name, told):
    ended = CliRunner().invoke(dcplan, ["explain", name, "--json"])
    assert [one["name"] for one in json.loads(ended.stdout)] == told
    if name == "limits.csv":
        assert list(json.loads(ended.stdout)[0]["keys"]) == ["limit", "phase", "price_relaxed", "price_chosen", "unit"]
