"""Why there is no plan: dates that no order can keep name what they wait for."""

from datetime import date

import pytest
from dcplan.planner import NoPlan, optimize
from small import FLEET, GRID, HALL, small_site
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
        optimize(small_site(tmp_path, {"plan": SAMPLED, "fleet": DUE, **changes, "catalog": rows}))
    assert str(found.value).splitlines()[2:-1] == [
        "  all at the latest (fleet.latest), 2030-02 from 2030-02-01: short by 1,000 accelerator", *lines]


def test_a_latest_date_that_is_short_of_land_blames_no_lead_time(tmp_path):
    with pytest.raises(NoPlan) as found:
        optimize(small_site(tmp_path, {"plan": SAMPLED, "fleet": DUE, "limits": {"land": "4000 m2"}, "catalog": {"hall": {"land": "0.5 m2/kW"}}}))
    assert "takes" not in str(found.value)


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
