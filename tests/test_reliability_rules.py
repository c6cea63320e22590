"""Rules and targets of reliability: what is asked, what is raised, what reaches it. The site is that of tests/test_reliability_plan.py."""

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.models.reliability.adequacy import plant
from dcplan.models.reliability.markov import Machines
from dcplan.planner import Plan, optimize, verify
from dcplan.planner.assemble import build_case
from dcplan.planner.reliability import assess, harder, target
from dcplan.planner.reliability.harder import Round
from dcplan.planner.reliability.machines import grid_feed
from dcplan.planner.reliability.rule import feed_hours, spare_of
from dcplan.planner.reliability.subsystem import Subsystem
from dcplan.planner.verification.adequacy import supply
from dcplan.planner.verification.reading import read_plan
from dcplan.sites import SiteProblems
from dcplan.sites.rules import Rules, rules_of, with_rules
from small import BASE, FLEET, START, merged
from test_reliability_plan import COOLERS, DIESEL, DOWN, GRID_FAILS, YEAR, asked, bought, rows


@pytest.fixture(scope="module")
def unasked(tmp_path_factory):
    """The site without a target."""
    return asked(tmp_path_factory.mktemp("unasked"), {})


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
    plan = optimize(asked(tmp_path / "site", {"reliability": {"target": "99.99 %"}}), workers=1)
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
    plan = optimize(asked(tmp_path, {"reliability": {"target": "99.99 %"}}), progress=lambda report: heard.append(report.step), workers=1)
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
    plan = optimize(site, workers=1)
    assert plan.summary["reliability_outage_hours"] == 12.0
    assert plan.summary["reliability_generators_rule"] == "N+1"
    assert bought(plan, "diesel_standby") == 3
    assert plan.summary["availability_all"] == pytest.approx(1 - 4 / (YEAR + 4) * (0.00725 + 0.99275 * np.exp(-9)), abs=1e-9)


def test_a_target_that_nothing_reaches(tmp_path):
    # The grid loses 4 h of the year (of 8,764) and nothing may back it up: 99.99 % leaves 0.876 h = 3,154 s; 3.998 h are 14,393 s.
    asked(tmp_path, {"reliability": {"target": "99.99 %"}}, GRID_FAILS)
    ended = CliRunner().invoke(dcplan, ["optimize", str(tmp_path / "site.toml"), "-o", str(tmp_path / "plan")])
    assert (ended.exit_code, (tmp_path / "plan").exists()) == (1, False)
    told = ended.stderr[ended.stderr.index("error["):].splitlines()  # after the progress
    assert told[0] == ("error[no-plan]: no plan of these technologies reaches 99.99000% for the critical load, 99.95436% at most: common causes and feeds, "
                       "which more units do not mend, take more than that leaves")
    assert told[1].startswith("  availability of supply for the critical load (reliability.target), 2030-01 from 2030-01-01: short by 13,")
    assert told[1].endswith(" second/year")


def test_inference_asks_for_more_than_training(tmp_path):
    # 6 MW train, 4 MW infer; training is shed first. Inference needs one cooler of 4 MW, training all three: with one to spare
    # inference is lost where all four are down, q^4, training where two are, about 6 q^2.
    serve = FLEET | {"name": "serve", "workload": "inference", "wanted": [{"by": START, "count": "400 accelerator"}]}
    train = FLEET | {"wanted": [{"by": START, "count": "600 accelerator"}]}
    plan = optimize(asked(tmp_path, {"fleet": [train, serve], "reliability": {"training": "99 %", "inference": "99.99 %"}}), workers=1)
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
    ({"power": {"allow": ["geothermal", "small_reactor"]}}, []),
    ({"redundancy": {"generators": "N", "plants": "N+1"}}, ["plants"]),
    ({"redundancy": {"generators": "N", "plants": "N"}}, []),
])
def test_rules_of_generators_where_there_are_none_are_noted(tmp_path, changes, keys):
    site = asked(tmp_path, merged({"redundancy": {"generators": "N+1", "plants": "N+1"}}, changes))
    told = [f'redundancy.{key} = "N+1" {NOTHING_TO_RULE}' for key in keys]
    assert [note for note in site.notes if note.startswith("redundancy.")] == told


@pytest.mark.parametrize(("changes", "noted"), [
    ({"power": {"allow": ["geothermal"]}}, True), ({"power": {"allow": ["geothermal", "small_reactor"]}}, False),
    ({"power": {"allow": ["geothermal", "reciprocating_engine"]}}, True),  # no gas
    ({"power": {"allow": ["geothermal", "diesel_standby"]}, "outage": {"duration": "12 hour"}}, False),
    ({"power": {"allow": ["geothermal"]}, "redundancy": {"plants": "N"}}, False)])
def test_a_plant_that_nothing_stands_in_for_is_noted(tmp_path, changes, noted):
    site = asked(tmp_path, merged({"redundancy": {"plants": "N+1"}}, changes))
    assert [note for note in site.notes if note.startswith("redundancy.")] == noted * [
        'redundancy.plants = "N+1" leaves nothing of geothermal to rely on: it is the only plant of generators, and when it trips no other carries its '
        "load; allow another in power.allow, or leave the rule out"]


def test_the_base_asks_for_nothing():
    assert "reliability" not in BASE


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
    plan = optimize(site, workers=1)
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
        plan = optimize(asked(tmp_path / rule, ISLAND | {"grid": grid} | given | {"redundancy": {"plants": rule}}, tables), workers=1)
        assert (bought(plan, "engine_a"), bought(plan, "diesel_standby")) == units
        plan.save(tmp_path / f"plan {rule}")
        assert verify(tmp_path / f"plan {rule}").ok
    # The plant is down 4 of 8,764 h, for 4 h on average: a set of 5 MW that does not start in 0.05 of them has fuel for 12 h, and exp(-12 / 4) is later.
    found = rows(assess(tmp_path / "plan N+1", years=8000))["supply"]
    assert found["lost_hours_per_year"] == pytest.approx(YEAR * 4 / (YEAR + 4) * (0.05 + 0.95 * np.exp(-3)), rel=1e-3)
    assert found["simulated_low_hours_per_year"] <= found["lost_hours_per_year"] <= found["simulated_high_hours_per_year"]
    held = read_plan(tmp_path / "plan N")
    found = supply(replace(held, site=with_rules(held.site, {"redundancy": {"plants": "N+1"}, "outage_hours": 12.0})))
    assert [(one.where.partition(",")[0], one.amount > 4.7) for one in found] == [("without engine_a", True)]  # 10 MW less 2 %, 5 of grid


def test_what_has_no_units_yet_may_stand_in(tmp_path):
    # one more unit of b, of which there is none, carries half where a trips
    plan = optimize(asked(tmp_path / "site", ISLAND | {"power": {"allow": ["engine_a", "engine_b"]}, "fleet": [FLEET | {"wanted": [
        {"by": START, "count": "500 accelerator"}]}]}, ENGINES), workers=1)
    plan.save(tmp_path / "plan")
    found = assess(tmp_path / "plan", years=0).table.iloc[0]
    assert (found["plants"], found["one_more_unit_of"]) == ("1 engine_a", "engine_b")
    assert found["one_more_unit_saves_hours_per_year"] == pytest.approx(YEAR * 4 / (YEAR + 4) * (1 - 4 / (YEAR + 4)), rel=1e-6)
