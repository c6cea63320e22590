"""When a target is reached, what is kept where it is not, and searches that go on. The site is that of tests/test_reliability_plan.py."""

import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.models.horizon import build_phases
from dcplan.planner import Plan, checkpoint, optimize, verify
from dcplan.planner.assemble import build_case
from dcplan.planner.errors import Interrupted
from dcplan.planner.reliability import harder, target
from dcplan.planner.reliability.assess import Assessment
from dcplan.planner.reliability.harder import Round
from dcplan.planner.reliability.rule import MOST_SPARE, raised
from dcplan.sites.rules import Rules, rules_of, with_rules
from small import FLEET, START
from test_reliability_plan import asked, bought

ASKED = {"reliability": {"target": "99.99 %"}}
FULL = ASKED | {"plan": {"resolution": "full"}}
MONTH = build_phases(date(2030, 1, 1), date(2030, 2, 1), [(date(2030, 2, 1), "month")])[0]
NO_SPARE = "ups N, transformer N, cooling N, generators N, plants N"


@pytest.fixture
def unspared(monkeypatch):
    """Targets begin with the site's own rules: three coolers, which lose 1.6 % of the year, so that there is a second round."""
    monkeypatch.setattr(target, "first_rules", lambda case: rules_of(case.site))


def found(lost, simulated, error, saves=(("heat rejection", "cooling", 0.0),), asked_for=0.999):
    """Hours a year that are lost of all, and what one more unit of a group saves."""
    rows = [{"class": "all", "subsystem": name, "redundancy_key": group, "one_more_unit_saves_hours_per_year": hours} for name, group, hours in saves]
    together = {"class": "all", "subsystem": "together", "availability": 1 - lost / 8760, "simulated_lost_hours_per_year": simulated,
                "simulated_error_hours_per_year": error}
    return Assessment(MONTH, pd.DataFrame([*rows, together]), pd.DataFrame(), pd.DataFrame(), {"all": asked_for}, ())


def a_round(assessment, **rules):
    return Round(None, Rules(rules), None, assessment, 2000)  # type: ignore[arg-type]


@pytest.mark.parametrize(("lost", "simulated", "error", "refused"), [
    (8.0, 8.7, 0.5, []),
    (8.0, 8.8, 0.5, ["all"]),  # 99.9 % leaves 8.76 h: nothing is granted for the error of the simulation
    (8.8, 8.7, 0.5, ["all"]),
])
def test_tables_and_simulation_both_reach_the_target(lost, simulated, error, refused):
    assert a_round(found(lost, simulated, error)).refused == refused


@pytest.mark.parametrize(("simulated", "error", "settled"), [(8.5, 0.9, False), (8.5, 0.87, True), (5.0, 3.7, True), (5.0, 3.8, False), (30.0, 20.0, True)])
def test_a_simulation_is_exact_enough_or_clear_of_the_target(simulated, error, settled):
    # 99.9 % leaves 8.76 h, a tenth of that is 0.876; 5 h are 3.76 h from it, 30 h are 21.24
    assert target._settled(found(8.0, simulated, error), "all", 0.999) == settled


def test_years_are_drawn_until_the_simulation_tells(tmp_path, monkeypatch):
    # One cooler to spare loses 1.55 h (test_subsystems_by_hand) of the 1.752 that 99.98 % leaves: 200 years, 0.3 h each side, do not tell.
    monkeypatch.setattr(target, "first_rules", lambda case: raised(rules_of(case.site), "cooling", 1))
    summary = optimize(asked(tmp_path, {"reliability": {"target": "99.98 %", "years": 200}}), workers=1).summary
    assert summary["reliability_reached"]
    assert summary["reliability_years"] > 200
    error, room = 8760 * summary["availability_all_simulated_error"], 8760 * abs(summary["availability_all_simulated"] - 0.9998)
    assert error <= max(0.1752, room)


def test_the_best_group_that_may_still_grow_is_raised():
    saves = (("heat rejection", "cooling", 5.0), ("ups", "ups", 1.0), ("transformers", "transformer", 0.5))
    made = a_round(found(10.0, 10.0, 0.1, saves), cooling=f"N+{MOST_SPARE}", ups="N", transformer="2N")
    assert harder._next(made).redundancy == {"cooling": f"N+{MOST_SPARE}", "ups": "N+1", "transformer": "2N"}
    full = a_round(found(10.0, 10.0, 0.1, saves), cooling=f"N+{MOST_SPARE}", ups=f"N+{MOST_SPARE}", transformer="2N")
    assert harder._next(full) is full.rules


# What is kept ----------------------------------------------------------------------------------------------------------------------------------

def kept(plan, why):
    """The plan of the first round, which says what it is not."""
    assert bought(plan, "dry_cooler") == 3
    assert (plan.summary["reliability_reached"], plan.summary["reliability_rounds"]) == (False, 2)
    assert plan.summary["reliability_tried"] == [NO_SPARE, NO_SPARE.replace("cooling N", "cooling N+2")]
    assert plan.manifest["reliability"]["redundancy"]["cooling"] == "N"
    said = plan.summary["verdict"].partition(" The availability asked for is ")[2]
    # three of three, (8760 / 8808)^3 = 98.37402 %
    assert said.startswith(f"NOT reached, with {NO_SPARE}, 98.37402% by tables and ")
    assert said.endswith(f"% simulated of 99.99000% for the critical load: then, with {NO_SPARE.replace('cooling N', 'cooling N+2')}, {why}.")


SHORT = ASKED | {"sizes": [{"technology": "dry_cooler", "maximum": "12 MW"}]}


def test_a_later_round_without_racks_leaves_the_last_plan(tmp_path, unspared):
    kept(optimize(asked(tmp_path, SHORT), workers=1), "no racks are in service in any phase")


@pytest.mark.slow
def test_a_later_round_without_a_plan_leaves_the_last_one(tmp_path, unspared):
    asked(tmp_path, SHORT | {"fleet": [FLEET | {"latest": [{"by": START, "count": "1000 accelerator"}]}]})
    ended = CliRunner().invoke(dcplan, ["optimize", str(tmp_path / "site.toml"), "-o", str(tmp_path / "plan")])
    assert ended.exit_code == 0
    assert "The availability asked for is NOT reached" in ended.stdout
    kept(Plan.load(tmp_path / "plan"), "no plan exists: these limits cannot hold together")
    assert verify(tmp_path / "plan").ok


def test_ctrl_c_in_a_later_round_leaves_the_last_plan(tmp_path, unspared):
    rounds = []

    def ctrl_c(report):
        rounds.extend([report.step] if report.step.startswith("reliability") else [])
        if len(rounds) == 2 and report.step == "building the sampled days":
            raise KeyboardInterrupt

    kept(optimize(asked(tmp_path, ASKED), progress=ctrl_c), "the search was stopped")


def test_time_that_runs_out_in_a_later_round_leaves_the_last_plan(tmp_path, unspared):
    site = asked(tmp_path, ASKED)

    def plan_of(planned, number):
        if number == 2:
            raise Interrupted("no time")
        return optimize(replace(planned, reliability=planned.reliability.model_copy(update={"target": None})), workers=1)

    kept(target.reach(site, plan_of, lambda step: None), "the search was stopped")


def breaks_in(monkeypatch, round_number):
    """The simulation of this round has no memory."""
    assess, rounds = target.assessed, []

    def broken(case, plan):
        rounds.append(plan)
        if len(rounds) == round_number:
            raise MemoryError
        return assess(case, plan)
    monkeypatch.setattr(target, "assessed", broken)


def test_a_plan_whose_simulation_breaks_is_kept(tmp_path, unspared, monkeypatch):
    breaks_in(monkeypatch, 1)
    plan = optimize(asked(tmp_path, ASKED), workers=1)
    assert bought(plan, "dry_cooler") == 3
    assert (plan.summary["reliability_reached"], plan.summary["reliability_rounds"], plan.summary["status"]) == (False, 1, "optimal")
    said = plan.summary["verdict"].partition(" The availability asked for is ")[2]
    assert re.fullmatch(r"not known: MemoryError: no more is said \(test_reliability_target.py, line \d+\)\.", said)


@pytest.mark.parametrize("where", ["simulation", "plan"])
def test_what_breaks_in_a_later_round_leaves_the_last_plan(tmp_path, unspared, monkeypatch, where):
    def plan_of(planned, number):
        if number == 2 and where == "plan":
            raise ValueError("no such month")
        return optimize(replace(planned, reliability=planned.reliability.model_copy(update={"target": None})), workers=1)

    if where == "simulation":
        breaks_in(monkeypatch, 2)
    plan = target.reach(asked(tmp_path, ASKED), plan_of, lambda step: None)
    what = re.search(r"N, (\w+: .*) \(test_reliability_target.py, line \d+\)\.$", plan.summary["verdict"])
    assert what is not None
    assert what[1] == {"simulation": "MemoryError: no more is said", "plan": "ValueError: no such month"}[where]
    kept(plan, plan.summary["verdict"].rpartition("plants N, ")[2].removesuffix("."))


# Checkpoints of rounds -------------------------------------------------------------------------------------------------------------------------

def steps_of(site, path):
    heard = []
    plan = optimize(site, progress=lambda report: heard.append(report.step), checkpoint=path, workers=1)
    assert plan.summary["reliability_reached"], plan.summary["verdict"]
    return plan, heard


@pytest.mark.slow
def test_rounds_go_on_from_checkpoints_of_their_rules(tmp_path, unspared, monkeypatch):
    site = asked(tmp_path / "site", FULL, {"dry_cooler": {"capital_cost": "1 USD/kW"}})
    first, _ = steps_of(site, tmp_path / "kept")
    raised_site = with_rules(site, first.manifest["reliability"])
    second = checkpoint.of_rules(tmp_path / "kept", raised_site)
    assert sorted(path.name for path in tmp_path.glob("kept*")) == ["kept", second.name]
    assert checkpoint.belongs(second, raised_site)
    again, _ = steps_of(site, tmp_path / "kept")
    assert again.summary["net_present_cost_usd"] == pytest.approx(first.summary["net_present_cost_usd"], rel=1e-5)
    # other rules in the second round, as where the first has found another plan: another file, and the search begins there
    monkeypatch.setattr(target, "harder", lambda made: raised(made.rules, "cooling", 3))
    other, _ = steps_of(site, tmp_path / "kept")
    assert bought(other, "dry_cooler") == 6
    assert len(list(tmp_path.glob("kept*"))) == 3


def test_a_later_checkpoint_of_other_inputs_is_begun_anew(tmp_path, unspared):
    site = asked(tmp_path / "site", FULL)
    rules = raised(rules_of(site), "cooling", 2)
    stale = checkpoint.of_rules(tmp_path / "kept", with_rules(site, rules.record()))
    stale.write_bytes(b"of another site")
    plan, heard = steps_of(site, tmp_path / "kept")
    assert f"{stale.name} is no checkpoint of these inputs: begun anew" in heard
    assert bought(plan, "dry_cooler") == 5
    assert checkpoint.belongs(stale, with_rules(site, rules.record()))
    assert build_case(site).site is site
