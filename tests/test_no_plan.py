"""Why there is no plan: dates that no order can keep name what they wait for."""

from datetime import date

import pytest
from dcplan.planner import NoPlan, optimize
from dcplan.sites import load_site
from small import FLEET, GRID, HALL, START, small_site
from test_measured import write_site
from test_site import place, problems, site_file

DUE = [FLEET | {"latest": [{"by": date(2030, 2, 1), "count": "1000 accelerator"}]}]
SAMPLED = {"resolution": "sampled"}
ENGINES = {"name": "engines", "technology": "reciprocating_engine", "units": 2, "status": "committed", "in_service": date(2030, 3, 1)}
GAS = {"price": "10 USD/MWh", "pipelines": [{"name": "pipe", "capacity": "100 MW", "available_from": date(2030, 1, 1), "status": "existing"}]}


@pytest.mark.parametrize(("changes", "rows", "lines"), [
    # 30 January is 29 days after the plan's start: a lead time of 29 days is in time for 1 February, one of 35 is not.
    ({"halls": [HALL | {"lead_time": "35 day"}]}, {"test_rack": {"lead_time": "29 day"}},
     ["    halls: hall_one takes 35 days from the plan's start, so there from 2030-02-05 on, in service with phase 2030-03"]),
    ({"grid": {"stages": [GRID | {"available_from": date(2030, 3, 1)}]}}, {},
     ["    power: grid_main is dated by the site file, so there from 2030-03-01 on, in service with phase 2030-03"]),
    ({"grid": {"stages": []}, "gas": GAS, "assets": [ENGINES]}, {},
     ["    power: engines is dated by the site file, so there from 2030-03-01 on, in service with phase 2030-03"]),
    ({}, {"test_rack": {"lead_time": "50 day"}, "ups": {"lead_time": "40 day"}, "dry_cooler": {"lead_time": "59 day"}},
     ["    racks: all_test_rack takes 50 days from the plan's start, so there from 2030-02-20 on, in service with phase 2030-03",
      "    rejection of heat: dry_cooler takes 59 days from the plan's start, so there from 2030-03-01 on, in service with phase 2030-03",
      "    ups: ups takes 40 days from the plan's start, so there from 2030-02-10 on, in service with phase 2030-03"]),
])
def test_a_latest_date_names_what_it_waits_for(tmp_path, changes, rows, lines):
    with pytest.raises(NoPlan) as found:
        optimize(small_site(tmp_path, {"plan": SAMPLED, "fleet": DUE, **changes, "catalog": rows}), workers=1)
    assert str(found.value).splitlines()[2:-1] == [
        "  all at the latest (fleet.latest), 2030-02 from 2030-02-01: short by 1,000 accelerator", *lines]


def test_a_latest_date_that_is_short_of_land_blames_no_lead_time(tmp_path):
    with pytest.raises(NoPlan) as found:
        optimize(small_site(tmp_path, {"plan": SAMPLED, "fleet": DUE, "limits": {"land": "4000 m2"}, "catalog": {"hall": {"land": "0.5 m2/kW"}}}),
                 workers=1)
    assert "takes" not in str(found.value)


FIRM, OUT = "firm power in design hours (grid.stages, power.allow)", "power in an outage of the grid (power.allow, outage.duration)"
QUARTER, TWO = "2030-01 to 2030-03 from 2030-01-01", "2030-01 to 2030-02 from 2030-01-01"
PIPE = GAS | {"pipelines": [GAS["pipelines"][0] | {"capacity": "7 MW"}]}
LATE = "takes 40 days from the plan's start, so there from 2030-02-10 on, in service with phase 2030-03"
RACKS = {"name": "all", "technology": "test_rack", "units": 10, "status": "existing", "in_service": START}
STANDING = {"name": "one", "technology": "hall", "units": 1, "status": "existing", "in_service": START}


def told(site) -> list[str]:
    with pytest.raises(NoPlan) as found:
        optimize(site, workers=1)
    return str(found.value).splitlines()[2:-1]


@pytest.mark.parametrize(("changes", "rows", "lines"), [
    # A measured load of 10 MW at its peak, all of it to be held, on a connection of 8 MW; and 80 % of it, 8 MW, on one of 7.5 MW.
    ({"grid": {"stages": [GRID | {"capacity": "8 MW"}]}}, {}, [f"  {FIRM}, {QUARTER}: short by 2 MW in each"]),
    ({"grid": {"stages": [GRID | {"capacity": "7.5 MW"}]}, "load": {"critical_share": "80 %"}}, {}, [f"  {FIRM}, {QUARTER}: short by 0.5 MW in each"]),
    ({"grid": {"stages": [GRID | {"capacity": "8 MW"}, GRID | {"name": "more", "capacity": "20 MW", "available_from": date(2030, 3, 1)}]}}, {},
     [f"  {FIRM}, {TWO}: short by 2 MW in each"]),
    ({"grid": {"stages": [GRID | {"available_from": date(2030, 2, 1)}]}}, {},
     [f"  {FIRM}, 2030-01 from 2030-01-01: short by 10 MW",
      "    power: grid_main is dated by the site file, so there from 2030-02-01 on, in service with phase 2030-02"]),
    # Engines of which a MW takes a MW of fuel, on a pipeline of 7 MW.
    ({"grid": {"stages": []}, "gas": PIPE, "power": {"allow": ["reciprocating_engine"]}}, {}, [f"  {FIRM}, {QUARTER}: short by 3 MW in each"]),
    ({"outage": {"duration": "4 hour"}}, {}, [f"  {OUT}, {QUARTER}: short by 10 MW in each"]),
    # Engines of any size, one plant of them: another is to carry the load where it trips, and there is none to be had.
    ({"grid": {"stages": []}, "gas": GAS, "power": {"allow": ["reciprocating_engine"]}, "redundancy": {"plants": "N+1"}}, {},
     [f"  redundancy of plants (redundancy.plants), {QUARTER}: short by 10 MW in each"]),
    ({"outage": {"duration": "4 hour"}, "power": {"allow": ["diesel_standby"]}}, {"diesel_standby": {"lead_time": "40 day"}},
     [f"  {OUT}, {TWO}: short by 10 MW in each", f"    power in an outage: diesel_standby {LATE}"]),
    # There is power, and no way to the load.
    ({}, {"transformer": {"lead_time": "40 day"}},
     [f"  held load of the measured load (load.critical_share), {TWO}: short by 10 MW in each", f"    transformer: transformer {LATE}"]),
])
def test_a_measured_load_that_cannot_be_held_names_what_is_missing(tmp_path, changes, rows, lines):
    assert told(load_site(write_site(tmp_path, {"plan": SAMPLED, **changes}, catalog=rows))) == lines


def test_years_that_are_held_alike_are_told_to_the_last(tmp_path):
    # Quarters of 2030, then years, the last three with one set of capacities: 2 MW are short in all of them.
    end = date(2034, 1, 1)
    plan = {"end": end, "steps": [{"until": date(2030, 12, 31), "step": "quarter"}, {"until": end, "step": "year"}], **SAMPLED}
    assert told(load_site(write_site(tmp_path, {"plan": plan, "grid": {"stages": [GRID | {"capacity": "8 MW"}]}}))) == [
        f"  {FIRM}, 2030Q1 to 2033 from 2030-01-01: short by 2 MW in each"]


@pytest.mark.parametrize(("changes", "lines"), [
    # Ten racks of 1 MW that stand, all critical, on a connection of 8 MW.
    ({"grid": {"stages": [GRID | {"capacity": "8 MW"}]}}, [f"  {FIRM}, {QUARTER}: short by 2 MW in each"]),
    # February's and March's racks find UPS; in January and February 59 days x 24 h x 1000 accelerators are shed, of which none may be.
    ({"catalog": {"ups": {"lead_time": "40 day"}}},
     ["  shed allowance of all (fleet.shed_allowance), 2030-01 from 2030-01-01: short by 1,416,000 accelerator-hour",
      f"  held load of all (fleet.critical_share), {TWO}: short by 10 MW in each", f"    ups: ups {LATE}"]),
])
def test_racks_that_stand_and_cannot_be_held_name_what_is_missing(tmp_path, changes, lines):
    assert told(small_site(tmp_path, {"plan": SAMPLED, "assets": [RACKS], **changes})) == lines


def test_units_to_spare_that_cannot_be_there_are_named(tmp_path):
    # A hall that stands asks for a UPS of 10 MW to spare, 40 days away.
    changes = {"assets": [STANDING], "redundancy": {"ups": "N+1"}, "catalog": {"ups": {"lead_time": "40 day", "unit_size": "10 MW"}}}
    assert told(small_site(tmp_path, {"plan": SAMPLED, **changes})) == [
        f"  redundancy of ups (redundancy.ups), {TWO}: short by 10 MW in each", f"    ups: ups {LATE}"]


IDLING = {"name": "idling", "technology": "transformer", "units": 4, "unit_size": "5 MW", "status": "existing", "in_service": START}
HEAT = "heat of the halls' air in design hours (cooling.allow)"


@pytest.mark.parametrize(("allow", "rows", "dry_bulb", "lines"), [
    ("air_cooled_chiller", {"air_cooled_chiller": {"lead_time": "40 day"}}, 20.0,
     [f"  {HEAT}, {TWO}: short by 1 MW in each", f"    cooling of the air: air_cooled_chiller {LATE}"]),
    ("air_cooled_chiller", {"air_handler": {"lead_time": "40 day"}}, 20.0,
     [f"  {HEAT}, {TWO}: short by 1 MW in each", f"    capture of the air's heat: air_handler {LATE}"]),
    ("direct_air_economiser", {}, 48.0, [f"  {HEAT}, {QUARTER}: short by 1 MW in each"]),
])
def test_heat_of_the_halls_that_nothing_cools_is_named(tmp_path, allow, rows, dry_bulb, lines):
    # 20 MW of transformers that stand in a hall lose 5 % of their rating at no load.
    changes = {"assets": [STANDING, IDLING], "cooling": {"allow": ["dry_cooler", allow]},
               "catalog": {"transformer": {"hall_heat": "100 %", "no_load_loss": "5 %"}, **rows}}
    assert told(small_site(tmp_path, {"plan": SAMPLED, **changes}, dry_bulb=dry_bulb)) == lines


ASKED = "a load of {} MW has to be held in design hours, and {} may give {} MW at most: there will be no plan (critical_share says what has to be held)"
SUPPLY, ALONE = "firm stages of the grid and plants", "plants that run while the grid is out"


@pytest.mark.parametrize(("changes", "notes"), [
    ({"grid": {"stages": [GRID | {"capacity": "8 MW"}]}}, ["from 2030-01-01 on " + ASKED.format("10.0", SUPPLY, 8)]),
    ({"grid": {"stages": [GRID | {"capacity": "8 MW"}]}, "load": {"critical_share": "80 %"}}, []),
    ({"grid": {"stages": [GRID | {"available_from": date(2030, 3, 1)}]}}, ["from 2030-01-01 to 2030-02-28 " + ASKED.format("10.0", SUPPLY, "0.0")]),
    ({"grid": {"stages": [GRID | {"firm": False, "unavailable_hours": "10 hour"}]}}, ["from 2030-01-01 on " + ASKED.format("10.0", SUPPLY, "0.0")]),
    ({"grid": {"stages": [GRID | {"capacity": "8 MW"}]}, "power": {"allow": ["reciprocating_engine", "battery", "solar_pv", "diesel_standby", "ppa_wind"]}},
     ["from 2030-01-01 on " + ASKED.format("10.0", SUPPLY, 8)]),  # no gas, and nothing else that is firm
    ({"outage": {"duration": "4 hour"}}, ["from 2030-01-01 on " + ASKED.format("10.0", ALONE, "0.0")]),
    ({"outage": {"duration": "4 hour"}, "power": {"allow": ["diesel_standby"]}, "sizes": [{"technology": "diesel_standby", "maximum": "9 MW"}]},
     ["from 2030-01-01 on " + ASKED.format("10.0", ALONE, "9")]),
    ({"outage": {"duration": "4 hour"}, "power": {"allow": ["diesel_standby"]}}, []),
    ({"grid": {"stages": []}, "gas": GAS, "assets": [ENGINES | {"unit_size": "4 MW"}]},
     ["from 2030-01-01 on " + ASKED.format("10.0", SUPPLY, "0.0")]),  # 8 MW from March on are not enough
    ({"grid": {"stages": []}, "gas": GAS, "power": {"allow": ["reciprocating_engine"]}}, []),
    ({"grid": {"stages": []}, "gas": PIPE, "power": {"allow": ["reciprocating_engine"]}}, ["from 2030-01-01 on " + ASKED.format("10.0", SUPPLY, 7)]),
])
def test_check_tells_what_no_supply_may_carry(tmp_path, changes, notes):
    assert [note for note in load_site(write_site(tmp_path, changes)).notes if "has to be held" in note] == notes


AWAY = "of the accelerators wanted last {} MW of IT have to be held in design hours, and {} may give {} MW at most: some will stay away " \
       "(critical_share says what has to be held)"


@pytest.mark.parametrize(("changes", "notes"), [
    # Ten racks of 1 MW are wanted, all critical, on a connection of 8 MW.
    ({}, [AWAY.format("10.0", SUPPLY, 8)]),
    ({"fleet": [FLEET | {"critical_share": "80 %"}]}, []),
    ({"fleet": DUE}, ["from 2030-02-01 on " + ASKED.format("10.0", SUPPLY, 8)]),  # all must come by 1 February
    ({"gas": PIPE, "power": {"allow": ["reciprocating_engine"]}}, []),
    ({"gas": PIPE | {"pipelines": [PIPE["pipelines"][0] | {"capacity": "1 MW"}]}, "power": {"allow": ["reciprocating_engine"]}},
     [AWAY.format("10.0", SUPPLY, 9)]),
    ({"power": {"allow": ["battery", "solar_pv", "diesel_standby"]}}, [AWAY.format("10.0", SUPPLY, 8)]),
    ({"grid": {"stages": [GRID]}, "outage": {"duration": "4 hour"}}, [AWAY.format("10.0", ALONE, "0.0")]),
])
def test_check_tells_of_a_fleet_that_no_supply_may_carry(tmp_path, changes, notes):
    site = small_site(tmp_path, {"grid": {"stages": [GRID | {"capacity": "8 MW"}]}, **changes})
    assert [note for note in site.notes if "held in design hours" in note] == notes


def test_check_tells_of_racks_that_stand(tmp_path):
    site = small_site(tmp_path, {"grid": {"stages": [GRID | {"capacity": "8 MW"}]}, "assets": [RACKS]})
    assert [note for note in site.notes if "has to be held" in note] == ["from 2030-01-01 on " + ASKED.format("10.0", SUPPLY, 8)]


@pytest.mark.parametrize(("since", "life"), [(date(2029, 1, 1), "1 year"), (date(2029, 10, 3), "0.25 year")])  # any three months are a quarter
def test_racks_at_the_end_of_their_life_need_no_supply(tmp_path, since, life):
    past = {"assets": [RACKS | {"in_service": since}], "catalog": {"test_rack": {"life": life}}}
    site = small_site(tmp_path, {"grid": {"stages": [GRID | {"capacity": "8 MW"}]}, **past})
    assert [note for note in site.notes if note.startswith("from ")] == []


@pytest.mark.parametrize(("latest", "at", "key", "title", "mend"), [
    ('{ by = 2025-09-25, count = "40000 accelerator" }', "2025-09-25", "fleet[0].latest[0].by",
     "2025-09-25 is before 2025-09-26, when 40000 are first wanted", "put latest on or after the date in wanted, or want them earlier"),
    ('{ by = 2026-11-02, count = "1400000 accelerator" }', '"1400000 accelerator"', "fleet[0].latest[0].count",
     "1400000 are more than are ever wanted, 400000", "raise wanted, or lower latest"),
])
def test_a_latest_date_before_it_is_wanted_is_told_at_reading(tmp_path, latest, at, key, title, mend):
    path = site_file(tmp_path, ("racks_per_pod", f"latest = [{latest}]\nracks_per_pod"))
    (problem,) = problems(path)
    assert ((problem.line, problem.column), problem.code, problem.key, problem.title, problem.help) == (place(path, at), "check-latest", key, title, mend)


@pytest.mark.parametrize("resolution", ["sampled", pytest.param("full", marks=pytest.mark.slow)])
def test_what_latest_dates_collide_with_is_named_beside_them(tmp_path, resolution):
    # Ten racks of 1 MW at once on a grid of 8 MW: two racks fewer, or 2 MW more. That power is what holds them is not to be guessed.
    due = FLEET | {"latest": [{"by": START, "count": "1000 accelerator"}]}
    changes = {"plan": {"resolution": resolution}, "fleet": [due], "grid": {"stages": [GRID | {"capacity": "8 MW"}]}}
    assert told(small_site(tmp_path, changes)) == [
        f"  all at the latest (fleet.latest), {QUARTER}: short by 200 accelerator in each",
        "  or, for these to hold:",
        f"  {FIRM}, {QUARTER}: short by 2 MW in each"]
