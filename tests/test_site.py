"""Site files: a good one loads, and what does not fit together in a bad one is placed."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from dcplan.models.catalog import load_catalog
from dcplan.sites import Problem, SiteProblems, load_site
from dcplan.sites.checks import CHAIN, cooling_technologies
from dcplan.sites.energy import Pipeline
from dcplan.sites.power import power_technologies
from dcplan.sites.schema import SiteFile

ABILENE = Path(__file__).parent.parent / "examples" / "abilene"
WEATHER = "weather_2013_utc.csv.gz"
ASSETS = ", ".join(sorted({*power_technologies(load_catalog()), *cooling_technologies(load_catalog()), *CHAIN, "gb200_nvl72", "hall"}))
FILES = (WEATHER, "boundary.geojson", "ercot_2023_month_hour_mean.csv")
SITE = """\
name = "Abilene"
description = "As the example, kept here so that the example may change"

[location]
latitude = "32.50 degree"
longitude = "-99.79 degree"
elevation = "546 m"
utc_offset = "-6 hour"
boundary = "boundary.geojson"
area = "445 hectare"
points.substation = { latitude = "32.53 degree", longitude = "-99.80 degree" }
points.gas_pipeline = { latitude = "32.47 degree", longitude = "-99.86 degree" }
points.water_main = { latitude = "32.48 degree", longitude = "-99.76 degree" }
points.fibre = { latitude = "32.45 degree", longitude = "-99.74 degree" }

[plan]
start = 2024-07-01
end = 2035-01-01
steps = [{ until = 2026-12-31, step = "quarter" }, { until = 2034-12-31, step = "year" }]
objective = "cost"
mip_gap = "1 %"

[finance]
discount_rate = "7.1 %/year"
rate_basis = "nominal"
inflation = "2.3 %/year"
base_year = 2025

[weather]
file = "weather_2013_utc.csv.gz"
format = "nsrdb"
design_percentile = "0.4 %"

[grid]
power_factor = "97 %"
stages = [
  { name = "substation_200", capacity = "200 MW", available_from = 2025-04-01, status = "committed", cost = "74 MUSD" },
  { name = "substation_1000", capacity = "1000 MW", available_from = 2026-07-01, status = "option", lead_time = "24 month" },
]

[grid.price]
table = "ercot_2023_month_hour_mean.csv"
column = "price_usd_per_mwh_mean"
adder = "6 USD/MWh"

[grid.carbon]
table = "ercot_2023_month_hour_mean.csv"
column = "carbon_direct_kg_per_mwh_mean"

[[grid.demand_charges]]
name = "four_peaks"
rate = "16 USD/kW/month"
months = [6, 7, 8, 9]
hours = [14, 15, 16, 17, 18]
weekdays_only = true

[gas]
price = "3.24 USD/MMBtu"
pipelines = [{ name = "lateral", capacity = "12000 MMBtu/hour", available_from = 2025-04-01, status = "committed", cost = "25 MUSD" }]

[water]
price = "2.5 USD/m3"
right = "5000000 m3/year"

[[fleet]]
name = "training"
workload = "training"
variants = ["gb200_nvl72"]
racks_per_pod = 16
value_of_compute = "2.4 USD/accelerator/hour"
value_of_lost_load = "4 USD/accelerator/hour"
critical_share = "100 %"
shed_allowance = "0.5 %"
wanted = [
  { by = 2025-09-26, count = "50000 accelerator" },
  { by = 2025-12-24, count = "100000 accelerator" },
  { by = 2026-05-23, count = "200000 accelerator" },
  { by = 2026-11-01, count = "400000 accelerator" },
]

[[halls]]
name = "building"
cooling = "liquid"
it_capacity = "107 MW"
most = 8
per_phase = 4

[[assets]]
name = "turbines"
technology = "aeroderivative_turbine"
units = 10
unit_size = "36 MW"
status = "committed"
in_service = 2025-10-01

[power]
allow = ["reciprocating_engine", "aeroderivative_turbine", "diesel_standby", "battery", "solar_pv"]

[cooling]
allow = ["dry_cooler", "adiabatic_cooler", "open_tower", "water_cooled_chiller"]

[redundancy]
ups = "N+1"
transformer = "N+1"
cooling = "N+1"
generators = "N+1"
"""


def site_file(folder: Path, *changes: tuple[str, str]) -> Path:
    """A site in the folder, good but for the changes: the first place of each text replaced. Data files that are there stay."""
    for name in FILES:
        if not (folder / name).exists():
            shutil.copy(ABILENE / name, folder / name)
    text = SITE
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (folder / "site.toml").write_text(text)
    return folder / "site.toml"


def problems(path: Path) -> tuple[Problem, ...]:
    with pytest.raises(SiteProblems) as found:
        load_site(path)
    return found.value.problems


def only(path: Path) -> Problem:
    found = problems(path)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def place(path: Path, text: str) -> tuple[int, int]:
    """Line and column of a text that stands once in the file, from 1."""
    lines = path.read_text().split("\n")
    found = [(number, line.index(text) + 1) for number, line in enumerate(lines, start=1) if text in line]
    assert len(found) == 1
    return found[0]


def assert_problem(problem: Problem, at: tuple[int, int], code: str, key: str, title: str, mend: str) -> None:
    assert (problem.line, problem.column) == at
    assert (problem.code, problem.key, problem.title, problem.help) == (code, key, title, mend)


def test_the_example_loads():
    site = load_site(ABILENE / "site.toml")
    assert site.hours.sizes == {"scenario": 1, "hour": 8760}
    assert bool((site.hours.wet_bulb <= site.hours.dry_bulb).all())
    assert site.design.dry_bulb == pytest.approx(37.9)


def test_the_site_is_good(tmp_path):
    site = load_site(site_file(tmp_path))
    assert site.notes == (f"weather file {WEATHER} is of 761 m above the sea, by its header, and the site lies at 546 m: "
                          "temperatures and air pressure are those of that height",)
    assert set(site.inputs) == {*FILES, "site.toml"}
    assert site.finance.discount_rate == pytest.approx(1.071 / 1.023 - 1)
    assert site.gas is not None
    assert site.gas.pipelines[0].capacity == pytest.approx(12000 * 0.29307107)
    assert site.water.right == pytest.approx(5e6)


def test_steps_where_none_are_given(tmp_path):
    site = load_site(site_file(tmp_path, ('steps = [{ until = 2026-12-31, step = "quarter" }, { until = 2034-12-31, step = "year" }]', "")))
    assert [(str(step.until), step.step) for step in site.plan.steps] == [("2026-12-31", "quarter"), ("2035-01-01", "year")]


HALL = """
[[assets]]
name = "building"
technology = "hall"
units = 1
status = "existing"
in_service = 2024-07-01
"""


def test_halls_may_come_in_several_deliveries(tmp_path):
    path = site_file(tmp_path)
    path.write_text(SITE + HALL + HALL)
    assert [asset.name for asset in load_site(path).assets] == ["turbines", "building", "building"]


def test_asset_of_a_hall_that_is_not_there(tmp_path):
    path = site_file(tmp_path)
    path.write_text(SITE + HALL.replace('"building"', '"bilding"'))
    assert_problem(only(path), place(path, '"bilding"'), "check-assets", "assets[1].name", '"bilding" is none of the names of a hall',
                   "use one of building; did you mean building?")


def test_asset_named_as_a_technology(tmp_path):
    path = site_file(tmp_path, ('"turbines"', '"ups"'))
    assert_problem(only(path), place(path, '"ups"'), "check-assets", "assets[0].name", '"ups" is the name of a technology',
                   "give the asset a name of its own")


def test_json_schema_tells_units():
    tables = SiteFile.model_json_schema()["$defs"]
    told = tables["Asset"]["properties"]["unit_size"]["anyOf"][0]
    assert {name: told[name] for name in ("type", "unit", "kind", "examples")} == {"type": "string", "unit": "MW", "kind": "power", "examples": ["250 MW"]}
    assert tables["HallKind"]["properties"]["name"]["pattern"] == "^[A-Za-z][A-Za-z0-9_-]*$"


@pytest.mark.parametrize(("changes", "at", "key", "title", "mend"), [
    ([("by = 2025-12-24", "by = 2025-09-01")], "2025-09-01", "fleet[0].wanted[1].by", "2025-09-01 comes after 2025-09-26 in the list",
     "put the dates in order"),
    ([('"100000 accelerator"', '"40000 accelerator"')], '"40000 accelerator"', "fleet[0].wanted[1].count", "40000 is less than 50000 before",
     "counts are cumulative: give the total in service"),
    ([("available_from = 2026-07-01", "available_from = 2025-03-31")], "2025-03-31", "grid.stages[1].available_from",
     "2025-03-31 comes after 2025-04-01 in the list", "put the dates in order"),
    ([("available_from = 2026-07-01", "available_from = 2035-02-01")], "2035-02-01", "grid.stages[1].available_from",
     "2035-02-01 is after the plan's end 2035-01-01", "extend plan.end or leave the stage out"),
    ([("racks_per_pod", 'latest = [{ by = 2036-03-01, count = "9 accelerator" }]\nracks_per_pod')], "2036-03-01", "fleet[0].latest[0].by",
     "2036-03-01 is after the plan's end 2035-01-01", "extend plan.end"),
    ([("racks_per_pod", 'deliveries = [{ from_date = 2036-03-01, racks_per_month = "9 rack/month" }]\nracks_per_pod')], "2036-03-01",
     "fleet[0].deliveries[0].from_date", "2036-03-01 is after the plan's end 2035-01-01", "extend plan.end or leave the delivery out"),
    ([("racks_per_pod", 'deliveries = [{ from_date = 2026-03-01, racks_per_month = "9 rack/month" }, '
       '{ from_date = 2026-02-28, racks_per_month = "9 rack/month" }]\nracks_per_pod')], "2026-02-28",
     "fleet[0].deliveries[1].from_date", "2026-02-28 comes after 2026-03-01 in the list", "put the dates in order"),
    ([("start = 2024-07-01", "start = 2024-07-02")], "2024-07-02", "plan.start", "the plan starts on 2024-07-02", "start on the first day of a month"),
    ([("end = 2035-01-01", "end = 2035-01-02")], "2035-01-02", "plan.end", "the plan ends on 2035-01-02",
     "end on the first day of a month: the plan runs up to that day"),
    ([("until = 2034-12-31", "until = 2033-12-31")], "2033-12-31", "plan.steps[1].until", "the steps end on 2033-12-31, the plan on 2035-01-01",
     "let the last step run until the plan's end"),
    ([('"aeroderivative_turbine"\nunits', '"aeroderivativ_turbine"\nunits')], '"aeroderivativ_turbine"', "assets[0].technology",
     '"aeroderivativ_turbine" cannot be an asset', f"use one of {ASSETS}; did you mean aeroderivative_turbine?"),
    ([('"aeroderivative_turbine"\nunits', '"battery"\nunits')], '"36 MW"', "assets[0].unit_size", "a battery with unit_size needs energy",
     'add the energy of a unit: energy = "80 MWh"'),
    ([('unit_size = "36 MW"', 'unit_size = "36 MW"\nenergy = "144 MWh"')], '"144 MWh"', "assets[0].energy",
     "energy is only for a battery with unit_size", "leave energy out, or give unit_size as power a unit"),
    ([('name = "substation_1000"', 'name = "substation_200" ')], '"substation_200" ', "grid.stages[1].name", '"substation_200" is given twice',
     "give each its own name"),
    ([('cost = "25 MUSD" }]', 'cost = "25 MUSD" }, { name = "lateral",  capacity = "1 MW", available_from = 2026-01-01 }]')], '"lateral",  ',
     "gas.pipelines[1].name", '"lateral" is given twice', "give each its own name"),
    ([('"solar_pv"]', '"battery" ]')], '"battery" ]', "power.allow[4]", '"battery" is given twice', "leave one out"),
    ([('value_of_lost_load = "4 USD', 'value_of_lost_load = "2 USD')], '"2 USD/accelerator/hour"', "fleet[0].value_of_lost_load",
     "2 USD/accelerator/hour is not above value_of_compute 2.4", "shedding compute that was bought must cost more than being late"),
    ([('cooling = "liquid"', 'cooling = "air"')], '"gb200_nvl72"', "fleet[0].variants[0]", '"gb200_nvl72" needs a hall with liquid cooling',
     'add a [[halls]] with cooling = "liquid"'),
    ([('status = "option", lead_time', 'status = "option", unavailable_hours = "9 hour", lead_time')], '"9 hour"',
     "grid.stages[1].unavailable_hours", "a firm stage gives unavailable_hours", "set firm = false, or leave it out"),
    ([('status = "option", lead_time', 'status = "option", firm = false, lead_time')], '{ name = "substation_1000"', "grid.stages[1]",
     "a stage that is not firm says nothing of when it is unavailable", 'give availability = "file.csv" or unavailable_hours = "100 hour"'),
    ([("racks_per_pod", 'utilisation = { }\nracks_per_pod')], "{ }", "fleet[0].utilisation",
     "a utilisation gives both or neither of flat and daily", "give exactly one of flat, daily"),
])
def test_values_that_do_not_fit_one_another(tmp_path, changes, at, key, title, mend):
    path = site_file(tmp_path, *changes)
    problem = only(path)
    assert_problem(problem, place(path, at), problem.code, key, title, mend)
    assert problem.code.startswith("check-")


def test_battery_of_its_own_size_with_energy_is_good(tmp_path):
    path = site_file(tmp_path, ('"aeroderivative_turbine"\nunits', '"battery"\nunits'), ('unit_size = "36 MW"', 'unit_size = "36 MW"\nenergy = "144 MWh"'))
    assert load_site(path).assets[0].energy == pytest.approx(144)


def test_whole_numbers_may_have_a_point_or_an_exponent(tmp_path):
    path = site_file(tmp_path, ("most = 8", "most = 8.0"))
    path.write_text(path.read_text() + "\n[reliability]\nyears = 1e4\n")
    read = load_site(path)
    assert (read.halls[0].most, read.reliability.years) == (8, 10_000)
    assert isinstance(read.halls[0].most, int)


def test_capacity_of_a_pipeline_may_be_told_by_the_day():
    read = Pipeline.model_validate({"name": "pipe", "capacity": "30 GWh/day", "available_from": date(2030, 1, 1)})
    assert read.capacity == pytest.approx(1250)  # 30,000 MWh in 24 h
