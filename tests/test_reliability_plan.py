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
from dcplan.models.reliability.adequacy import plant
from dcplan.models.reliability.markov import Machines
from dcplan.planner import Plan, optimize, verify
from dcplan.planner.assemble import build_case
from dcplan.planner.reliability import NoSuchPhase, assess, harder, target
from dcplan.planner.reliability.harder import Round
from dcplan.planner.reliability.machines import grid_feed
from dcplan.planner.reliability.rule import feed_hours, spare_of
from dcplan.planner.reliability.subsystem import Subsystem
from dcplan.planner.reliability.subsystems import spread
from dcplan.planner.verification.adequacy import supply
from dcplan.planner.verification.reading import read_plan
from dcplan.sites import SiteProblems
from dcplan.sites.rules import Rules, rules_of, with_rules
from small import BASE, FLEET, START, ideal, merged, small_site

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
    optimize(site).save(folder / "plan")
    return folder / "plan"


@pytest.fixture(scope="module")
def tables(written):
    """Its reliability by the closed tables."""
    return assess(written, years=0)


@pytest.fixture(scope="module")
def unasked(tmp_path_factory):
    """The site without a target."""
    return asked(tmp_path_factory.mktemp("unasked"), {})


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
    optimize(asked(tmp_path / "site", {"redundancy": {"ups": "2N"}}, {"ups": ups})).save(tmp_path / "plan")
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
    optimize(site).save(tmp_path / "plan")
    found = rows(assess(tmp_path / "plan", years=0))["supply"]
    assert (found["plants"], found["units"], found["one_more_unit_of"]) == ("1 grid_main", 1, "diesel_standby with fuel for 12 h")
    assert found["lost_hours_per_year"] == pytest.approx(YEAR * 4 / (YEAR + 4))
    assert found["one_more_unit_saves_hours_per_year"] == pytest.approx(YEAR * 4 / (YEAR + 4) * 0.95 * (1 - np.exp(-6)), rel=1e-6)


def test_supply_that_runs_out_of_fuel_is_given_more():
    # A feed that is down for 10 h on average, and a set that never fails, with fuel for 6 h: exp(-0.6) of the time without the feed is lost, and none of
    # it with fuel without end: twice the fuel, not a second set, is what comes next.
    feed = plant("feed", Machines(1, 5.0, 10.0), 10.0, hours=24)
    sets = plant("diesel_standby", Machines(1, 0.0, 1.0), 10.0, hours=24, stored=True)
    part = Subsystem("supply", "generators", (feed, sets), (1, 1), (1, 1), (False, True), {"all": np.full(24, 10.0)}, fuel_hours=6.0)
    lost = 50 / (YEAR + 50) * YEAR * np.exp(-0.6)
    assert part.hours_lost("all") == pytest.approx(lost)
    made = Round(None, Rules({"generators": "N", "plants": "N+1"}, 6.0), None, None, 2)  # type: ignore[arg-type]
    assert harder._more(made, made.rules, part, "all", 1.0).outage_hours == 12.0
    assert harder._more(made, made.rules, part, "all", lost + 0.01) is made.rules


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
    assert "outages of the grid ridden through" in ended.stdout
    table = pd.read_csv(tmp_path / "out" / "reliability.csv")
    assert {"lost_hours_per_year", "peak_load_mw", "unserved_mwh_per_year", "mean_outage_hours"} <= set(table.columns)
    assert len(pd.read_csv(tmp_path / "out" / "reliability_hours.csv")) == 744
    assert pd.read_csv(tmp_path / "out" / "survival.csv")["outage_hours"].tolist()[-1] == 168
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["reliability.csv", "reliability_hours.csv", "survival.csv"]


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


# Targets ---------------------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("rule", "spare"), [("N", 0), ("N+1", 1), ("N+12", 12), ("2N", None), ("block 3 to make 2", None)])
def test_spare_units_of_a_rule(rule, spare):
    assert spare_of(rule) == spare


@pytest.mark.parametrize(("wanted", "rule"), [(0.9, "N"), (0.98, "N+1"), (0.999, "N+1"), (0.9999, "N+2"), (0.999999, "N+3")])
def test_a_target_sets_the_spare_units(unasked, wanted, rule):
    # Three of 4 MW are needed, each down q = 48 / 8,808; a fifth of what the target leaves is for the coolers. Without spare 1 - (1 - q)^3 = 1.6 %
    # of the 2 % that 90 % leaves them; with one about 6 q^2 = 1.8e-4 of 0.4 % or 2e-4; two 10 q^3 = 1.6e-6 of 2e-5; three 15 q^4 = 1.3e-8 of 2e-7.
    site = replace(unasked, reliability=unasked.reliability.model_copy(update={"target": wanted}))
    rules = target.first_rules(build_case(site))
    assert rules.redundancy == {"ups": "N", "transformer": "N", "cooling": rule, "generators": "N", "plants": "N"}
    assert rules.outage_hours == 0.0


def test_a_target_is_asked_reached_and_recorded(tmp_path):
    plan = optimize(asked(tmp_path / "site", {"reliability": {"target": "99.99 %"}}))
    q = DOWN
    assert bought(plan, "dry_cooler") == 5
    reached = sum(count * q**lost * (1 - q) ** (5 - lost) for lost, count in ((0, 1), (1, 5), (2, 10)))
    assert plan.summary["availability_all_asked"] == pytest.approx(0.9999)
    assert plan.summary["availability_all"] == pytest.approx(reached, abs=1e-8)
    assert plan.summary["availability_all_simulated"] == pytest.approx(reached, abs=2e-5)
    assert (plan.summary["reliability_reached"], plan.summary["reliability_rounds"]) == (True, 1)
    assert plan.manifest["reliability"]["redundancy"]["cooling"] == "N+2"
    plan.save(tmp_path / "plan")
    assert not verify(tmp_path / "plan").failed
    assert read_plan(tmp_path / "plan").site.redundancy.cooling == "N+2"
    assert Plan.load(tmp_path / "plan").summary["availability_all"] == plan.summary["availability_all"]
    assert assess(tmp_path / "plan", years=0).together("all")["availability"] == pytest.approx(reached, abs=1e-8)


def test_where_tables_say_no_units_are_added_and_it_is_solved_again(tmp_path, monkeypatch):
    # Without first rules the plan has the three coolers that it needs, loses 1.6 % of the year, and is made again with two to spare.
    monkeypatch.setattr(target, "first_rules", lambda case: rules_of(case.site))
    heard = []
    plan = optimize(asked(tmp_path, {"reliability": {"target": "99.99 %"}}), progress=lambda report: heard.append(report.step))
    assert bought(plan, "dry_cooler") == 5
    assert plan.summary["reliability_rounds"] == 2
    assert [step for step in heard if step.startswith("reliability")] == [
        "reliability, round 1: ups N, transformer N, cooling N, generators N, plants N",
        "reliability, round 2: ups N, transformer N, cooling N+2, generators N, plants N"]


def test_a_feed_that_fails_too_often_is_backed_up(tmp_path):
    # 2 a year of 2 h: 4 h, and 99.99 % leaves 0.876, a fifth of that, 0.175 h, for the supply. Sets of 5 MW start with 0.95: of two, both are needed,
    # which loses 0.0975 of the 4 h, 0.39; with one to spare 3 x 0.05^2 x 0.95 + 0.05^3 = 0.00725. Fuel for 2 h x ln(10 x 4 / 0.175) = 10.9, at least 12 h:
    # 180 MWh of three sets, 18 h of 10 MW, and exp(-18 / 2) of the time without grid is later.
    site = asked(tmp_path, {"reliability": {"target": "99.99 %"}, "power": {"allow": ["diesel_standby"]}}, {**DIESEL, **GRID_FAILS})
    plan = optimize(site)
    assert plan.summary["reliability_outage_hours"] == 12.0
    assert plan.summary["reliability_generators_rule"] == "N+1"
    assert bought(plan, "diesel_standby") == 3
    assert plan.summary["availability_all"] == pytest.approx(1 - 4 / (YEAR + 4) * (0.00725 + 0.99275 * np.exp(-9)), abs=1e-9)


def test_a_target_that_nothing_reaches(tmp_path):
    # The grid loses 4 h of the year (of 8,764) and nothing may back it up: 99.99 % leaves 0.876 h = 3,154 s; 3.998 h are 14,393 s.
    asked(tmp_path, {"reliability": {"target": "99.99 %"}}, GRID_FAILS)
    ended = CliRunner().invoke(dcplan, ["optimize", str(tmp_path / "site.toml"), "-o", str(tmp_path / "plan")])
    assert (ended.exit_code, (tmp_path / "plan").exists()) == (1, False)
    told = ended.stderr.splitlines()
    assert told[0] == ("error[no-plan]: no plan of these technologies reaches 99.99000% for the critical load, 99.95436% at most: common causes and feeds, "
                       "which more units do not mend, take more than that leaves")
    assert told[1].startswith("  availability of supply for the critical load (reliability.target), 2030-01 from 2030-01-01: short by 13,")
    assert told[1].endswith(" second/year")


def test_inference_asks_for_more_than_training(tmp_path):
    # 6 MW train, 4 MW infer; training is shed first. Inference needs one cooler of 4 MW, training all three: with one to spare
    # inference is lost where all four are down, q^4, training where two are, about 6 q^2.
    serve = FLEET | {"name": "serve", "workload": "inference", "wanted": [{"by": START, "count": "400 accelerator"}]}
    train = FLEET | {"wanted": [{"by": START, "count": "600 accelerator"}]}
    plan = optimize(asked(tmp_path, {"fleet": [train, serve], "reliability": {"training": "99 %", "inference": "99.99 %"}}))
    q = DOWN
    assert plan.summary["reliability_cooling_rule"] == "N+1"
    assert plan.summary["availability_inference"] == pytest.approx(1 - q**4, abs=1e-8)
    assert plan.summary["availability_training"] == pytest.approx((1 - q) ** 4 + 4 * q * (1 - q) ** 3, abs=1e-8)


def test_a_stronger_rule_of_the_site_is_kept(tmp_path):
    site = asked(tmp_path, {"redundancy": {"cooling": "N+2", "ups": "2N"}, "reliability": {"target": "99 %"}})
    rules = target.first_rules(build_case(site))
    assert (rules.redundancy["cooling"], rules.redundancy["ups"]) == ("N+2", "2N")


def test_rules_laid_over_a_site(unasked):
    site = unasked
    held = with_rules(site, {"redundancy": {"ups": "N+3"}, "outage_hours": 36.0})
    assert (held.redundancy.ups, held.redundancy.cooling, held.outage.duration) == ("N+3", "N", 36.0)
    assert with_rules(site, None) is site


def test_figures_of_the_utility_stand_for_the_catalogue(tmp_path):
    # 300 minutes a year in 2 interruptions: 2.5 h each, 5 of 8,760 h.
    site = asked(tmp_path, {"reliability": {"utility_saifi": "2 1/year", "utility_saidi": "300 minute/year"}})
    rate, repair = grid_feed(site)
    assert repair == pytest.approx(2.5)
    assert feed_hours(build_case(site)) == pytest.approx(5.0)
    assert rate == pytest.approx(2 / (1 - 5 / YEAR))


@pytest.mark.parametrize(("given", "said"), [
    ({"inference": "99.9 %"}, "error[check-reliability]: no tranche of the fleet is inference"),
    ({"utility_saifi": "2 1/year"}, "error[check-reliability]: utility_saifi is given without utility_saidi"),
    ({"target": "100 %"}, 'error[range]: "100 %" is out of range'),
    ({"target": "0.9"}, None),
])
def test_what_cannot_be_asked(tmp_path, given, said):
    if said is None:
        assert asked(tmp_path, {"reliability": given}).reliability.target == 0.9
        return
    with pytest.raises(SiteProblems) as stopped:
        asked(tmp_path, {"reliability": given})
    assert str(stopped.value).splitlines()[0] == said


NOTHING_TO_RULE = ('changes nothing, for the site has no generators, and stages of the grid are under no such rule: allow some in power.allow (as '
                   '"reciprocating_engine" with [gas], or "diesel_standby" with outage.duration), or leave the rule out')


@pytest.mark.parametrize(("changes", "keys"), [
    ({}, ["generators", "plants"]),
    ({"power": {"allow": ["diesel_standby"]}}, ["generators", "plants"]),  # no outage, no fuel
    ({"power": {"allow": ["diesel_standby"]}, "outage": {"duration": "12 hour"}}, []),
    ({"power": {"allow": ["reciprocating_engine"]}}, ["generators", "plants"]),  # no gas
    ({"power": {"allow": ["geothermal"]}}, []),
    ({"redundancy": {"generators": "N", "plants": "N+1"}}, ["plants"]),
    ({"redundancy": {"generators": "N", "plants": "N"}}, []),
])
def test_rules_of_generators_where_there_are_none_are_noted(tmp_path, changes, keys):
    site = asked(tmp_path, merged({"redundancy": {"generators": "N+1", "plants": "N+1"}}, changes))
    told = [f'redundancy.{key} = "N+1" {NOTHING_TO_RULE}' for key in keys]
    assert [note for note in site.notes if note.startswith("redundancy.")] == told


def test_the_base_asks_for_nothing():
    assert "reliability" not in BASE


# Plants that trip ------------------------------------------------------------------------------------------------------------------------------

ENGINE = {"like": "reciprocating_engine", "capital_cost": "10 USD/kW", "modular": "1", "machines": "1", "unit_size": "5 MW", "life": "31 day",
          "lead_time": "0 month", "forced_outage": str(4 / (YEAR + 4)), "repair_time": "4 hour", "common_cause": "1",
          "derate_per_kelvin": "0 1/delta_degC", "derate_per_pressure": "0", "availability": "1"}
ISLAND = {"grid": {"stages": []}, "gas": {"price": "1 USD/MMBtu", "pipelines": [{"name": "main", "capacity": "1000 MMBtu/hour", "available_from": START,
                                                                                  "status": "existing"}]}}
ENGINES = {"engine_a": ENGINE, "engine_b": ENGINE | {"capital_cost": "11 USD/kW"}}


def test_another_plant_stands_in_for_one_that_trips(tmp_path):
    # An island of 10 MW. Plant a, the cheaper, trips once a year as a whole, for 4 h: 99.99 % leaves 0.876 h, so b carries all without it, two units each.
    site = asked(tmp_path / "site", ISLAND | {"reliability": {"target": "99.99 %"}, "power": {"allow": ["engine_a", "engine_b"]}},
                 {**ENGINES, "dry_cooler": COOLERS | {"failure_rate": "0 1/year"}})
    plan = optimize(site)
    assert (bought(plan, "engine_a"), bought(plan, "engine_b")) == (2, 2)
    assert plan.summary["reliability_plants_rule"] == "N+1"
    assert plan.summary["availability_all"] == pytest.approx(1 - (4 / (YEAR + 4)) ** 2, abs=1e-9)
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


def test_standby_with_fuel_stands_in_for_a_plant_that_trips(tmp_path):
    # 5 MW of grid and a unit of the plant make 10 MW; sets run where it trips, and in an outage beside it. Without the rule a second unit is cheaper.
    grid = {"stages": [{"name": "main", "capacity": "5 MW", "available_from": START, "status": "existing"}]}
    given = {"outage": {"duration": "12 hour"}, "power": {"allow": ["engine_a", "diesel_standby"]}}
    tables = {"engine_a": ENGINE, **DIESEL | {"diesel_standby": DIESEL["diesel_standby"] | {"capital_cost": "20 USD/kW"}}}
    for rule, units in (("N", (2, 0)), ("N+1", (1, 1))):
        plan = optimize(asked(tmp_path / rule, ISLAND | {"grid": grid} | given | {"redundancy": {"plants": rule}}, tables))
        assert (bought(plan, "engine_a"), bought(plan, "diesel_standby")) == units
        plan.save(tmp_path / f"plan {rule}")
        assert verify(tmp_path / f"plan {rule}").ok
    held = read_plan(tmp_path / "plan N")
    found = supply(replace(held, site=with_rules(held.site, {"redundancy": {"plants": "N+1"}, "outage_hours": 12.0})))
    assert [(one.where.partition(",")[0], one.amount > 4.7) for one in found] == [("without engine_a", True)]  # 10 MW less 2 %, 5 of grid


def test_what_has_no_units_yet_may_stand_in(tmp_path):
    # one more unit of b, of which there is none, carries half where a trips
    plan = optimize(asked(tmp_path / "site", ISLAND | {"power": {"allow": ["engine_a", "engine_b"]}, "fleet": [FLEET | {"wanted": [
        {"by": START, "count": "500 accelerator"}]}]}, ENGINES))
    plan.save(tmp_path / "plan")
    found = assess(tmp_path / "plan", years=0).table.iloc[0]
    assert (found["plants"], found["one_more_unit_of"]) == ("1 engine_a", "engine_b")
    assert found["one_more_unit_saves_hours_per_year"] == pytest.approx(YEAR * 4 / (YEAR + 4) * (1 - 4 / (YEAR + 4)), rel=1e-6)
