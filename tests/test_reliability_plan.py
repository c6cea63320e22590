"""Reliability of a written plan, and targets that a plan is made for.

The site is that of tests/small.py in January: 10 MW of IT, all without loss, so that every subsystem carries 10 MW in every hour. Nothing fails but
what a test gives a rate; a unit is one machine.
"""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.cli.reliability import as_text
from dcplan.models.reliability.adequacy import plant
from dcplan.models.reliability.markov import Machines
from dcplan.models.reliability.simulation import Outages
from dcplan.planner import optimize
from dcplan.planner.reliability import NoSuchPhase, assess
from dcplan.planner.reliability.subsystem import Subsystem
from dcplan.planner.reliability.subsystems import spread
from small import GRID, ideal, merged, small_site

END = date(2030, 2, 1)
YEAR = 8760.0
COSTLY = {"capital_cost": "10 USD/kW", "modular": "1", "machines": "1", "life": "31 day"}
SAFE = {"failure_rate": "0 1/year", "common_cause": "0"}
CHAIN = {name: SAFE | {"capital_cost": "10 USD/kW", "life": "31 day"} for name in ("ups", "transformer", "cold_plate", "air_handler")}
COOLERS = COSTLY | {"unit_size": "4 MW", "failure_rate": "2 1/year", "repair_time": "24 hour", "common_cause": "0"}
CATALOG = {**CHAIN, "dry_cooler": COOLERS, "grid_connection": {"failure_rate": "0 1/year"}}
DOWN = 48 / (YEAR + 48)  # two failures a year of 24 h
JANUARY = {"plan": {"end": END, "steps": [{"until": END, "step": "month"}], "resolution": "sampled"}, "reliability": {"years": 200}}
DIESEL = {"diesel_standby": COSTLY | {"unit_size": "5 MW", "fail_to_start": "0.05", "fail_to_load": "0", "fail_to_run": "0 1/hour", "common_cause": "0"}}
GRID_FAILS = {"grid_connection": {"failure_rate": "2 1/year", "repair_time": "2 hour", "common_cause": "0"},
              "dry_cooler": COOLERS | {"failure_rate": "0 1/year"}}


def asked(folder, changes, catalog=None):
    tables = {**ideal(), **merged(ideal(), merged(CATALOG, catalog or {}))}
    return small_site(folder, merged(JANUARY, changes), catalog=tables)


def bought(plan, technology):
    return plan.builds[plan.builds.technology == technology].units.sum()


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder of a plan with one cooler and one UPS to spare, standby for a day, and machines that fail."""
    folder = tmp_path_factory.mktemp("reliability")
    failing = {"failure_rate": "1 1/year", "repair_time": "10 hour", "common_cause": "0.1"}
    ups = COSTLY | failing | {"unit_size": "3 MW"}
    tables = {"redundancy": {"cooling": "N+1", "ups": "N+1"}, "outage": {"duration": "24 hour"}, "power": {"allow": ["diesel_standby"]}}
    site = asked(folder / "site", tables,
                 {**DIESEL, "ups": ups, "grid_connection": GRID_FAILS["grid_connection"]})
    optimize(site, workers=1).save(folder / "plan")
    return folder / "plan"


@pytest.fixture(scope="module")
def tables(written):
    """Its reliability by the closed tables."""
    return assess(written, years=0)


def rows(found):
    return {row["subsystem"]: row for row in found.table.to_dict("records")}


def test_subsystems_by_hand(tables):
    found = rows(tables)
    # Coolers: 3 of 4 of 4 MW, each down 48 of 8,808 h: 1 - (1 - q)^4 - 4 q (1 - q)^3.
    q = DOWN
    assert found["heat rejection"]["units"] == 4
    assert found["heat rejection"]["needed_units"] == 3
    assert found["heat rejection"]["lost_hours_per_year"] == pytest.approx(YEAR * (1 - (1 - q) ** 4 - 4 * q * (1 - q) ** 3), rel=1e-4)
    # UPS: 4 of 5 of 3 MW. Of one failure a year of 10 h a tenth takes all five for 4 h: 0.4 h of 8,760.4; own 9 h of 8,769.
    q, common = 9 / (YEAR + 9), 0.4 / (YEAR + 0.4)
    own = 1 - (1 - q) ** 5 - 5 * q * (1 - q) ** 4
    assert found["ups"]["lost_hours_per_year"] == pytest.approx(YEAR * (common + (1 - common) * own), rel=1e-4)
    assert found["ups"]["common_cause_hours_per_year"] == pytest.approx(YEAR * common, rel=1e-4)
    # Supply: the grid is down 4 of 8,764 h; the two sets that are needed start with 0.95 each.
    grid = 4 / (YEAR + 4)
    assert found["supply"]["lost_hours_per_year"] == pytest.approx(YEAR * grid * (1 - 0.95**2), rel=1e-4)
    assert found["transformers"]["lost_hours_per_year"] == 0.0


def test_sides_of_2n_stand_apart(tmp_path):
    # 4 of 8 of 3 MW, 4 a side. Of one failure a year a tenth is common: 0.02 take both sides for 4 h, s, and 0.08 one of them, so lost is where both are
    # down, or one and any machine of the other, or on their own 5 of 8: s + (1 - s) (c^2 + 2 c (1 - c) (1 - (1 - q)^4) + (1 - c)^2 56 q^5)
    ups = COSTLY | {"capital_cost": "1 USD/kW", "unit_size": "3 MW", "failure_rate": "1 1/year", "repair_time": "10 hour", "common_cause": "0.1"}
    optimize(asked(tmp_path / "site", {"redundancy": {"ups": "2N"}}, {"ups": ups}), workers=1).save(tmp_path / "plan")
    found = rows(assess(tmp_path / "plan", years=0))["ups"]
    q, c, both = 9 / (YEAR + 9), 0.32 / (YEAR + 0.32), 0.08 / (YEAR + 0.08)
    assert found["plants"] == "4 ups A, 4 ups B"
    apart = c**2 + 2 * c * (1 - c) * (1 - (1 - q) ** 4) + 56 * q**5
    assert found["lost_hours_per_year"] == pytest.approx(YEAR * (both + apart), rel=1e-3)
    assert found["common_cause_hours_per_year"] == pytest.approx(YEAR * (both + c**2), rel=1e-3)


def test_one_more_unit_by_hand(tables):
    # A third set: at least two of three start, 0.95^3 + 3 x 0.95^2 x 0.05 = 0.99275 in place of 0.9025.
    found = rows(tables)["supply"]
    assert found["one_more_unit_of"] == "diesel_standby"
    assert found["one_more_unit_saves_hours_per_year"] == pytest.approx(YEAR * 4 / (YEAR + 4) * (0.99275 - 0.9025), rel=1e-4)


def test_standby_that_is_not_bought_yet_may_be_what_one_more_unit_buys(tmp_path):
    # No outage is asked for, so no set has fuel, and none is bought. One of 10 MW with the catalogue's fuel for 12 h carries what the grid loses but for
    # the sets that do not start, 0.05, and what is later than 12 h in outages of 2 h: 4 of 8,764 h x 0.95 x (1 - exp(-6)).
    site = asked(tmp_path / "site", {"power": {"allow": ["diesel_standby"]}},
                 {**DIESEL, "diesel_standby": DIESEL["diesel_standby"] | {"unit_size": "10 MW"}, **GRID_FAILS})
    optimize(site, workers=1).save(tmp_path / "plan")
    found = rows(assess(tmp_path / "plan", years=0))["supply"]
    assert (found["plants"], found["units"], found["one_more_unit_of"]) == ("1 grid_main", 1, "diesel_standby with fuel for 12 h")
    assert found["lost_hours_per_year"] == pytest.approx(YEAR * 4 / (YEAR + 4))
    assert found["one_more_unit_saves_hours_per_year"] == pytest.approx(YEAR * 4 / (YEAR + 4) * 0.95 * (1 - np.exp(-6)), rel=1e-6)


def test_what_one_set_cannot_carry_is_told_of_as_many_as_do(tmp_path):
    # A set of 6 MW by itself carries nothing of 10 MW: two do, where both start, 0.95 x 0.95, for 2 x 6 MW x 12 h / 10 MW = 14.4 h of outages of 2 h.
    site = asked(tmp_path / "site", {"power": {"allow": ["diesel_standby"]}},
                 {**DIESEL, "diesel_standby": DIESEL["diesel_standby"] | {"unit_size": "6 MW"}, **GRID_FAILS})
    optimize(site, workers=1).save(tmp_path / "plan")
    found = rows(assess(tmp_path / "plan", years=0))["supply"]
    assert (found["one_more_unit_of"], found["one_more_units"]) == ("diesel_standby with fuel for 12 h", 2)
    assert found["one_more_unit_saves_hours_per_year"] == pytest.approx(YEAR * 4 / (YEAR + 4) * 0.95 ** 2 * (1 - np.exp(-7.2)), rel=1e-6)
    shown = CliRunner().invoke(dcplan, ["reliability", str(tmp_path / "plan"), "--years", "0"]).stdout
    assert " 2 diesel_standby with fuel for 12 h " in shown
    assert "supply dominates: 3.998 h a year, 100% of all; 2 more diesel_standby with fuel for 12 h save 3.606 h a year" in shown


def test_the_phase_that_loses_most_is_told_beside_the_last(tmp_path):
    # In January one feed of 10 MW, down for 4 of 8,764 h; from February on two, of which either carries all: down together for 4 x 4 of 8,764 x 8,764 h.
    end = date(2030, 4, 1)
    second = GRID | {"name": "second", "capacity": "10 MW", "available_from": date(2030, 2, 1), "status": "committed", "cost": "0 USD"}
    months = {"plan": {"end": end, "steps": [{"until": end, "step": "month"}]}, "grid": {"stages": [GRID | {"capacity": "10 MW"}, second]}}
    optimize(asked(tmp_path / "site", months, GRID_FAILS), workers=1).save(tmp_path / "plan")
    assert assess(tmp_path / "plan", years=0).lowest == {"all": ("2030-01", pytest.approx(1 - 4 / (YEAR + 4), abs=1e-9))}
    told = [CliRunner().invoke(dcplan, ["reliability", str(tmp_path / "plan"), "--years", "0", *phase]).stdout.splitlines()[2]
            for phase in ([], ["--phase", "2030-01"])]
    assert told == ["critical load: 99.99998%; lowest in 2030-01: 99.95436%, by the tables (--phase 2030-01)", "critical load: 99.95436%"]


def test_subsystems_are_in_series(tables):
    found = tables
    together, product = found.together("all"), 1.0
    for subsystem, hours in found.lost("all").items():
        product *= 1 - hours / YEAR
        assert rows(found)[subsystem]["availability"] == pytest.approx(1 - hours / YEAR)
    assert together["availability"] == pytest.approx(product)
    # every hour of January is the same: the risk of each is the share of the year that is lost
    assert found.hours["all_loss_of_load_probability"].to_numpy() == pytest.approx(1 - product)
    assert found.hours["hour"].tolist() == list(range(744))


def test_simulation_of_a_plan_agrees_with_its_tables(written):
    found = rows(assess(written, years=3000, seed=4))
    for name in ("heat rejection", "ups"):
        row = found[name]
        assert abs(row["simulated_lost_hours_per_year"] - row["lost_hours_per_year"]) <= 1.5 * row["simulated_error_hours_per_year"], name


def test_fuel_on_site_bounds_survival(written):
    # Two sets of 5 MW that never fail to run carry 10 MW for the 24 h that their tanks hold, where both start: 0.95^2 (4,000 trials).
    found = assess(written, years=2).survival
    by_length = dict(zip(found["outage_hours"], found["all_survival"], strict=True))
    assert by_length[1] == by_length[24] == pytest.approx(0.9025, abs=0.02)
    assert by_length[48] == 0.0


def test_a_phase_that_is_not_operated(written):
    with pytest.raises(NoSuchPhase, match=r"the plan has no operated phase 2031; it has 2030-01\n  = help: give one of them with --phase"):
        assess(written, phase="2031")


# The command -----------------------------------------------------------------------------------------------------------------------------------

def run(*arguments):
    return CliRunner().invoke(dcplan, ["reliability", *map(str, arguments)])


def test_command_prints_what_dominates_and_writes_tables(written, tmp_path):
    ended = run(written, "--years", "20", "-o", tmp_path / "out")
    assert ended.exit_code == 0
    assert "heat rejection dominates: 1.5" in ended.stdout
    assert "one more dry_cooler saves 1.5" in ended.stdout
    assert "1 grid_main, 2 diesel_standby" in ended.stdout
    assert "1 diesel_standby      0." in ended.stdout  # in whole units
    assert "simulated: 20 years; in brackets the interval of 95 % by the number of outages and how long they last\n" in ended.stdout
    assert "supply: fuel for 24 h of standby at full load, full at the start of each outage\n" in ended.stdout
    assert "outages of the grid ridden through" in ended.stdout
    table = pd.read_csv(tmp_path / "out" / "reliability.csv")
    assert {"lost_hours_per_year", "peak_load_mw", "unserved_mwh_per_year", "mean_outage_hours"} <= set(table.columns)
    assert len(pd.read_csv(tmp_path / "out" / "reliability_hours.csv")) == 744
    assert pd.read_csv(tmp_path / "out" / "survival.csv")["outage_hours"].tolist()[-1] == 168
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "reliability.csv", "reliability_columns.csv", "reliability_hours.csv", "survival.csv"]
    assert "length  critical load\n" in ended.stdout


def test_command_says_where_tables_lie_outside_the_interval(tables):
    # none of 2,000 years sees an outage of the supply, which the tables lose hours of
    drawn = {("all", part.name): Outages(2000, np.zeros(0), np.zeros(0), np.zeros(0), 1e-9) for part in tables.parts}
    seen = tables.table.assign(simulated_lost_hours_per_year=0.0, simulated_low_hours_per_year=0.0, simulated_high_hours_per_year=2.0, outages_per_year=0.0)
    seen.loc[seen["subsystem"].isin(["supply", "ups"]), "simulated_high_hours_per_year"] = 1e-12
    told = as_text(replace(tables, table=seen, simulated=drawn)).splitlines()
    first = told.index("outside that interval lie the tables of supply, ups: one in twenty does by chance (--years draws more, --seed others)")
    assert told[first + 1] == "the tables take tanks and batteries to be drawn on as in the last day, the simulation follows them"


def test_command_prints_json(written):
    found = json.loads(run(written, "--years", "0", "--json").stdout)
    assert found["subsystems"][-1]["subsystem"] == "together"
    assert found["targets"] == {"all": None}
    assert found["survival"] == []


@pytest.mark.parametrize(("arguments", "said"), [
    (["nowhere"], "error[not-verifiable]: nowhere holds no plan: plan.nc is missing\n"),
    (["{plan}", "--phase", "2031"], "error[no-such-phase]: the plan has no operated phase 2031; it has 2030-01\n  = help: give one of them with --phase\n"),
    (["{plan}", "--years", "1"], "1 year of simulation has no spread to tell its error from\n  = help: give --years 2 or more, or 0 for none\n"),
])
def test_command_says_what_is_wrong(written, arguments, said):
    ended = run(*(text.format(plan=written) for text in arguments))
    assert (ended.exit_code, ended.stderr, ended.stdout) == (2, said, "")


@pytest.mark.parametrize(("held", "halls", "a_hall"), [([114.0], 2.0, [57]), ([3.0, 5.0], 8.0, [0, 1]), ([5.0, 4.0, 3.0], 2.0, [2, 2, 2])])
def test_machines_are_spread_over_halls_in_whole_ones(held, halls, a_hall):
    # 3 given and 5 bought in 8 halls: one in each. 12 in 2 halls: 5 -> 2 (2.5), with 4 more 4 (4.5), with 3 more 6
    assert spread(held, halls) == a_hall


def test_more_units_of_another_kind_stand_in_for_a_plant_that_trips():
    # 20 MW. Ten turbines of 2 MW that are given trip 2 h of the year and are down 1 h each on their own, which a single set mends; the sets, which may
    # be bought, trip 1 h of the year. At best there are so many sets that they carry all: lost is (2 + 10) of 8,760 h x 1 of 8,760 h.
    turbines = plant("turbines", Machines(10, 2.0, 1.0, 0.5, 2.0), 2.0)
    sets = plant("sets", Machines(1, 1.0, 1.0, 1.0), 2.0)
    part = Subsystem("supply", "generators", (turbines, sets), (10, 1), (1, 1), (False, True), {"all": np.array([20.0])})
    left = turbines.machines.common + 10 * turbines.machines.own
    assert part.hours_lost("all") == pytest.approx(2.0, rel=0.01)
    assert part.at_best().hours_lost("all") == pytest.approx(YEAR * left * sets.machines.common, rel=0.01)
