"""What is wrong with a site file is told with its place, what was found and how to mend it; all of it in one pass."""

import gzip
import re
from pathlib import Path

import numpy as np
import pytest
from dcplan.sites import load_site
from test_site import ABILENE, WEATHER, assert_problem, only, place, problems, site_file


def test_missing_file(tmp_path):
    path = tmp_path / "none.toml"
    assert str(only(path)) == (f"error[file]: cannot read the site file: No such file or directory\n  --> {path}\n"
                               "   = help: give the path of a site.toml; the examples have one each")


def test_not_toml(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text('name = "a"\nb = = 3\n')
    assert str(only(path)) == (f"error[toml]: this is not TOML\n  --> {path}:2:5\n  |\n2 | b = = 3\n  |     ^^^ Invalid value (at line 2, column 5)\n"
                               '   = help: values are key = "value", tables [name]')


def test_text_that_ends_too_soon_is_placed_on_its_last_line(tmp_path):
    path = tmp_path / "broken.toml"
    path.write_text("a = [\n")
    assert only(path).line == 1


def test_wrong_kind_of_unit_in_full(tmp_path):
    path = site_file(tmp_path, ('"36 MW"', '"36 m3"'))
    line = place(path, '"36 m3"')[0]
    assert str(only(path)) == (
        f'error[unit]: "36 m3" is a volume\n'
        f"  --> {path}:{line}:13  assets[0].unit_size\n"
        f"   |\n"
        f'{line} | unit_size = "36 m3"\n'
        f"   |             ^^^^^^^ expected a power\n"
        f'   = help: write for example "250 MW"')


@pytest.mark.parametrize(("written", "code", "title", "mend"), [
    ("250", "unit", '"250" has no unit', 'write for example "250 MW"'),
    ("250 kg", "unit", '"250 kg" is in kg', 'write for example "250 MW"'),
    ("8 $/kW", "money", '"8 $/kW" uses a money sign', "write USD (or MUSD, GUSD) in place of the sign"),
    ("lots", "number", '"lots" is not a number with a unit', 'write for example "250 MW"'),
    ("-5 MW", "range", '"-5 MW" is out of range', 'write for example "250 MW"'),
    ("5 florins", "unknown-unit", '"5 florins" has a unit that is not known', 'write for example "250 MW"'),
])
def test_quantity(tmp_path, written, code, title, mend):
    path = site_file(tmp_path, ('"200 MW"', f'"{written}"'))
    problem = only(path)
    assert_problem(problem, place(path, f'"{written}"'), code, "grid.stages[0].capacity", title, mend)
    assert problem.width == len(written) + 2
    assert problem.detail.startswith("expected a power")


def test_unknown_key(tmp_path):
    path = site_file(tmp_path, ("power_factor =", "power_facto ="))
    assert_problem(only(path), place(path, "power_facto "), "key", "grid.power_facto", '"power_facto" is no key of grid', "did you mean power_factor?")


@pytest.mark.parametrize(("line", "there"), [
    ('escalation = "2 %/year"', "; grid.escalation is a key"),  # gas and heat_network have one too, farther away
    ('lead_time = "2 year"', "; grid.stages.lead_time is a key"), ('name = "cheap"', "; grid.stages.name and grid.demand_charges.name are keys"),
    ('power_factor_of_all = "97 %"', "")])
def test_unknown_key_that_another_table_has(tmp_path, line, there):
    path = site_file(tmp_path, ("[grid.price]\n", f"[grid.price]\n{line}\n"))
    assert only(path).help == f"known keys here: adder, column, flat, hourly, table, time_of_use, unit{there}"


def test_rate_out_of_range_is_told_as_rates_are_written(tmp_path):
    path = site_file(tmp_path, ("[grid]\n", '[grid]\nescalation = "2 1/year"\n'))
    assert only(path).detail == "expected a yearly rate between -50 and 100 %/year"


def test_missing_key(tmp_path):
    path = site_file(tmp_path, ('elevation = "546 m"\n', ""))
    assert_problem(only(path), place(path, "location]"), "missing", "location.elevation", '"elevation" is missing from location', "add elevation")


def test_negative_cost(tmp_path):
    path = site_file(tmp_path, ('"74 MUSD"', '"-74 MUSD"'))
    assert_problem(only(path), place(path, '"-74 MUSD"'), "range", "grid.stages[0].cost", '"-74 MUSD" is out of range', 'write for example "60 MUSD"')


def test_columns_count_characters(tmp_path):
    path = site_file(tmp_path, ('name = "substation_200", capacity = "200 MW"', 'one_of = "Ü", name = "substation_200", capacity = "x"'))
    assert [(problem.line, problem.column) for problem in problems(path)] == [place(path, '"Ü"'), place(path, '"x"')]


def weather_lines() -> list[str]:
    return gzip.decompress((ABILENE / WEATHER).read_bytes()).decode().splitlines(keepends=True)


def write_weather(folder: Path, lines: list[str]) -> None:
    (folder / WEATHER).write_bytes(gzip.compress("".join(lines).encode()))


def blank_dry_bulb(folder: Path, first: int, count: int) -> None:
    """Dry bulb taken out of `count` rows of the file, from row `first` (UTC, from 0)."""
    lines = weather_lines()
    for row in range(3 + first, 3 + first + count):
        cells = lines[row].split(",")
        lines[row] = ",".join([*cells[:5], "", *cells[6:]])
    write_weather(folder, lines)


def test_short_gap_in_weather_is_filled_and_noted(tmp_path):
    whole = load_site(site_file(tmp_path)).hours.dry_bulb.values[0]
    blank_dry_bulb(tmp_path, 1006, 6)
    site = load_site(site_file(tmp_path))
    filled = site.hours.dry_bulb.values[0]
    assert site.notes[0] == "dry_bulb: 6 missing hours filled in a straight line, the first on 11 February 16:00"
    assert filled[1000:1006] == pytest.approx(whole[999] + (whole[1006] - whole[999]) * np.arange(1, 7) / 7)


def test_long_gap_in_weather_is_refused(tmp_path):
    blank_dry_bulb(tmp_path, 1006, 7)
    path = site_file(tmp_path)
    assert_problem(only(path), place(path, f'"{WEATHER}"'), "weather", "weather.file",
                   f"{WEATHER}: dry_bulb is missing for 7 hours from 11 February 16:00; gaps of up to 6 hours are filled",
                   "repair the file, or use another year or source")


def test_gap_over_the_years_end_counts_as_one(tmp_path):
    blank_dry_bulb(tmp_path, 2, 8)
    assert "missing for 8 hours from 31 December 20:00" in only(site_file(tmp_path)).title


def test_weather_of_8000_rows(tmp_path):
    write_weather(tmp_path, weather_lines()[:8003])
    path = site_file(tmp_path)
    assert_problem(only(path), place(path, f'"{WEATHER}"'), "weather", "weather.file",
                   f"{WEATHER}: 8,000 hourly rows; expected 8,760, one for each hour of a year without 29 February",
                   "repair the file, or use another year or source")


def test_weather_that_cannot_be(tmp_path):
    lines = weather_lines()
    cells = lines[3 + 1006].split(",")
    lines[3 + 1006] = ",".join([*cells[:5], "73.1", *cells[6:]])
    write_weather(tmp_path, lines)
    assert only(site_file(tmp_path)).title == f"{WEATHER}: dry_bulb is 73.1 degC on 11 February 16:00; expected -90 to 60 degC"


def test_weather_that_is_not_there_or_not_its_format(tmp_path):
    path = site_file(tmp_path, (f'"{WEATHER}"', '"none.csv"'))
    assert only(path).title == 'there is no file "none.csv"'
    assert only(path).help == f"looked for {(tmp_path / 'none.csv').resolve()}; give a path from the folder of the file that names it"
    path = site_file(tmp_path, ('"nsrdb"', '"epw"'))
    assert only(path).title.startswith(f"{WEATHER}: the file does not read as epw")


def test_accelerator_that_is_not_in_the_catalogue(tmp_path):
    path = site_file(tmp_path, ('"gb200_nvl72"', '"gb200_nvl27"'))
    problem = only(path)
    assert (problem.line, problem.column) == place(path, '"gb200_nvl27"')
    assert (problem.code, problem.key, problem.title) == ("check-variants", "fleet[0].variants[0]", '"gb200_nvl27" is no rack of the catalogue')
    assert problem.help.startswith("use one of ")
    assert problem.help.endswith("; did you mean gb200_nvl72?")


@pytest.mark.parametrize(("old", "new", "at", "code", "key", "title"), [
    ('name = "building"', 'name = "hall 1"', '"hall 1"', "name", "halls[0].name", '"hall 1" cannot be a name'),
    ('name = "turbines"', 'name = "1st"', '"1st"', "name", "assets[0].name", '"1st" cannot be a name'),
    ('name = "lateral"', 'name = ""', '""', "name", "gas.pipelines[0].name", '"" cannot be a name'),
    ("months = [6,", "months = [13,", "13, 7", "value", "grid.demand_charges[0].months[0]", "13 is out of range"),
    ("hours = [14,", "hours = [24,", "24, 15", "value", "grid.demand_charges[0].hours[0]", "24 is out of range"),
    ('"0.4 %"', '"60 %"', '"60 %"', "range", "weather.design_percentile", '"60 %" is out of range'),
    ('"0.4 %"', '"0 %"', '"0 %"', "range", "weather.design_percentile", '"0 %" is out of range'),
    ('objective = "cost"', 'objective = "fun"', '"fun"', "value", "plan.objective", '"fun" is none of the choices'),
])
def test_single_values(tmp_path, old, new, at, code, key, title):
    path = site_file(tmp_path, (old, new))
    problem = only(path)
    assert ((problem.line, problem.column), problem.code, problem.key, problem.title) == (place(path, at), code, key, title)


@pytest.mark.parametrize(("written", "at", "code", "key", "title"), [
    ('capital_cost_power = "8 USD/MWh"', '"8 USD/MWh"', "unit", "catalog.battery.capital_cost_power", '"8 USD/MWh" is a price of energy'),
    ('capital_cost_power = "-8 USD/kW"', '"-8 USD/kW"', "range", "catalog.battery.capital_cost_power", '"-8 USD/kW" is out of range'),
    ('colour = "blue"', '"blue"', "catalog", "catalog.battery.colour", "battery has no colour in the catalogue"),
])
def test_catalogue_override(tmp_path, written, at, code, key, title):
    path = site_file(tmp_path)
    path.write_text(f'{path.read_text()}\n[catalog.battery]\nlife = "12 year"\n{written}\n')
    problem = only(path)
    assert ((problem.line, problem.column), problem.code, problem.key, problem.title) == (place(path, at), code, key, title)


def test_catalogue_override_of_nothing_known_is_told_once(tmp_path):
    path = site_file(tmp_path)
    path.write_text(path.read_text() + '\n[catalog.xyzzy]\nlife = "12 year"\ncost = "3 USD/kW"\n')
    assert_problem(only(path), place(path, "catalog.xyzzy"), "catalog", "catalog.xyzzy",
                   'xyzzy is not in the catalogue; a new technology needs like = "an existing one"', "see `dcplan catalog`")


def test_all_problems_of_one_pass_in_file_order(tmp_path):
    blank_dry_bulb(tmp_path, 1006, 7)
    path = site_file(tmp_path, ("end = 2035-01-01", "end = 2035-01-02"), ('"445 hectare"', '"300 hectare"'), ('column = "price_usd', 'column = "prize_usd'),
                  ('column = "carbon', 'column = "karbon'), ("by = 2025-12-24", "by = 2025-09-01"), ('"solar_pv"]', '"sun"]'))
    found = problems(path)
    assert [problem.key for problem in found] == [
        "location.area", "plan.end", "weather.file", "grid.price.table", "grid.carbon.table", "fleet[0].wanted[1].by", "power.allow[4]"]
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)


def test_all_values_that_do_not_read_in_one_pass(tmp_path):
    path = site_file(tmp_path, ('"200 MW"', '"lots"'), ('"546 m"', '"546"'), ("most = 8", "most = -8"))
    assert [problem.key for problem in problems(path)] == ["location.elevation", "grid.stages[0].capacity", "halls[0].most"]


def test_values_that_do_not_read_hide_no_other_problem(tmp_path):
    """A wrong unit, a missing quantity, slips of the pen: what the other tables, the catalogue and the files have is told in the same pass."""
    blank_dry_bulb(tmp_path, 1006, 7)
    path = site_file(tmp_path, ('elevation = "546 m"\n', ""), ('"200 MW"', '"200 kg"'), ("power_factor =", "power_facto ="), ("[water]", "[waiter]"),
                     ('column = "price_usd', 'column = "prize_usd'), ("by = 2025-12-24", "by = 2025-09-01"), ('"solar_pv"]', '"sun"]'))
    path.write_text(f'{path.read_text()}\n[catalog.battery]\nlife = "12 MW"\n')
    assert [problem.key for problem in problems(path)] == [
        "location.elevation", "weather.file", "grid.power_facto", "grid.stages[0].capacity", "grid.price.table", "waiter",
        "fleet[0].wanted[1].by", "power.allow[4]", "catalog.battery.life"]


@pytest.mark.parametrize(("changes", "keys", "title"), [
    ([('technology = "aeroderivative_turbine"', 'technology = "battery"'), ('"36 MW"', '"36"')], ["assets[0].unit_size", "assets[0].unit_size"],
     "a battery with unit_size needs energy"),
    ([('"200 MW"', '"200 kg"'), ('"74 MUSD"', '"74 MUSD", firm = false')], ["grid.stages[0]", "grid.stages[0].capacity"],
     "a stage that is not firm says nothing of when it is unavailable"),
    ([(f'"{WEATHER}"', '"none.csv"'), ('"0.4 %"', '"0.4 kg"')], ["weather.design_percentile", "weather.file"], 'there is no file "none.csv"'),
    ([('column = "price_usd', 'column = "prize_usd'), ('adder = "6 USD/MWh"', 'adder = "6"')], ["grid.price.adder", "grid.price.table"],
     '"ercot_2023_month_hour_mean.csv" has no column "prize_usd_per_mwh_mean"'),
    ([('boundary = "boundary.geojson"', 'boundary = "none.geojson"'), ('"546 m"', '"546"')], ["location.boundary", "location.elevation"],
     'none.geojson"')])
def test_a_quantity_that_does_not_read_hides_nothing_of_its_own_table(tmp_path, changes, keys, title):
    found = problems(site_file(tmp_path, *changes))
    assert sorted(problem.key for problem in found) == keys
    assert any(problem.title.endswith(title) for problem in found)


def test_of_a_site_in_which_one_quantity_does_not_read_that_one_is_told(tmp_path):
    """Each in its turn, with a mass in its place, which none of them is."""
    text = (ABILENE / "site.toml").read_text()
    quantities = list(re.finditer(r'= "-?[\d.]+ [^"]+"', text))
    assert len(quantities) > 30
    path = site_file(tmp_path)
    for found in quantities:
        path.write_text(f'{text[: found.start()]}= "5 kg"{text[found.end():]}')
        assert only(path).title == '"5 kg" is in kg', found.group()


def test_what_stands_in_is_never_blamed(tmp_path):
    # an area that does not read is not held against the boundary, nor a count against the one before it
    path = site_file(tmp_path, ('"445 hectare"', '"445"'), ('"200000 accelerator"', '"200000"'))
    assert [problem.key for problem in problems(path)] == ["location.area", "fleet[0].wanted[2].count"]
    first = site_file(tmp_path, ('count = "50000 accelerator"', 'count = "50000"'))
    assert [problem.key for problem in problems(first)] == ["fleet[0].wanted[0].count"]


@pytest.mark.parametrize(("old", "new", "key"), [
    ('objective = "cost"', 'objective = "fun"', "plan.objective"), ("start = 2024-07-01", 'start = "soon"', "plan.start"),
    ("months = [6,", "months = [13,", "grid.demand_charges[0].months[0]"), ("most = 8", 'most = "many"', "halls[0].most"),
    ('name = "building"', 'name = "hall 1"', "halls[0].name"), ('allow = ["dry_cooler", ', 'allow = "dry_cooler" #', "cooling.allow"),
    ('workload = "training"', 'workload = "playing"', "fleet[0].workload"), ("weekdays_only = true", 'weekdays_only = "often"',
                                                                             "grid.demand_charges[0].weekdays_only")])
def test_no_kind_of_error_hides_another(tmp_path, old, new, key):
    """A choice, a date, an element of a list, a number, a name, a table: beside each the end of the plan and a technology are told, and no more."""
    path = site_file(tmp_path, ("end = 2035-01-01", "end = 2035-01-02"), ('"solar_pv"]', '"sun"]'), (old, new))
    assert sorted(problem.key for problem in problems(path)) == sorted([key, "plan.end", "power.allow[4]"])


@pytest.mark.parametrize(("old", "new", "title"), [
    ("weekdays_only = true", 'weekdays_only = "often"', '"often" is neither true nor false'),
    ("racks_per_pod", "latest = 2028-02-01\nracks_per_pod", "2028-02-01 is no list"),
    ("start = 2024-07-01", "start = 7", "7 is no date"),
    ("most = 8", "most = true", "true is no whole number"),
    ("most = 8", "most = 1.5", "1.5 is no whole number"),
    ("racks_per_pod", "latest = [true]\nracks_per_pod", "true is no table")])
def test_a_value_of_another_form_is_told_in_words_of_the_file(tmp_path, old, new, title):
    assert only(site_file(tmp_path, (old, new))).title == title


def test_a_table_that_is_missing_hides_nothing(tmp_path):
    path = site_file(tmp_path, ("[finance]", "[finances]"), ('"solar_pv"]', '"sun"]'))
    assert sorted(problem.key for problem in problems(path)) == ["finance", "finances", "power.allow[4]"]


def test_a_choice_that_stands_in_is_blamed_for_nothing(tmp_path):
    # A rectifier is no part of a chain with alternating current, and a UPS in eco mode none of one with direct current: which it is nobody knows.
    chain = '[electrical]\nchain = "dc"\nups_mode = "eco"\n\n[[assets]]\n'
    path = site_file(tmp_path, ("[[assets]]\n", chain), ('technology = "aeroderivative_turbine"', 'technology = "rectifier_800v"'))
    assert [problem.key for problem in problems(path)] == ["electrical.chain"]
    late = site_file(tmp_path, ("end = 2035-01-01", 'end = "2035"'))
    assert [problem.key for problem in problems(late)] == ["plan.end"]


def test_nan_in_weather_counts_as_missing(tmp_path):
    lines = weather_lines()
    for row in range(3 + 1006, 3 + 1013):
        cells = lines[row].split(",")
        lines[row] = ",".join([*cells[:5], "NaN", *cells[6:]])
    write_weather(tmp_path, lines)
    assert only(site_file(tmp_path)).title == f"{WEATHER}: dry_bulb is missing for 7 hours from 11 February 16:00; gaps of up to 6 hours are filled"
