"""A plan keeps the yearly budgets over every hour: where one sized on sampled days does not, and where a search has found none in its time."""

import pytest
from dcplan.planner import benders, optimization, optimize, verify
from dcplan.planner.errors import Interrupted
from dcplan.planner.solve import NO_TIME
from dcplan.planner.verification import finding
from small import FLEET, heated, small_site

HOT = {(1, 10), (1, 20), (2, 10)}  # days on which a dry cooler cannot cool from 10:00 to 18:00; a sample of days holds one of them


def hot_site(folder, resolution, shed="0.8 %"):
    return small_site(folder, {"cooling": {"allow": ["dry_cooler", "open_tower"]}, "water": {"right": "0 m3/year"},
                               "fleet": [FLEET | {"shed_allowance": shed}], "plan": {"resolution": resolution, "mip_gap": "0.1 %"}},
                      files={"weather.csv": heated(HOT, 60.0)})


@pytest.mark.parametrize("resolution", ["sampled", "full"])
def test_towers_without_water_come_late(tmp_path, resolution):
    # Ten racks of 100 accelerators, 744 h of January and 1416 h after: 0.8 % of their hours may be shed. With x racks in January
    # 1600 x + 8000 accelerator-hours are shed, and 595.2 x + 11328 may be: x <= 3.3. Seven racks come a month late.
    plan = optimize(hot_site(tmp_path, resolution), workers=1)
    assert plan.summary["overdrawn"] == []
    assert plan.summary["late_accelerator_months"] == pytest.approx(700)
    assert verify(plan.save(tmp_path / "plan")).ok


def test_where_the_time_is_over_the_plan_over_its_budget_is_kept_and_told(tmp_path, monkeypatch):
    monkeypatch.setattr(optimization, "decide_full", lambda *_: (_ for _ in ()).throw(Interrupted(NO_TIME)))
    plan = optimize(hot_site(tmp_path, "sampled"), workers=1)
    assert [one.split(" in ")[0] for one in plan.summary["overdrawn"]] == ["water right"]
    assert (plan.summary["status"], plan.summary["accelerators_online"]) == ("overdrawn", 1000)


def test_where_the_time_is_over_no_sizing_on_every_hour_is_told(tmp_path, monkeypatch):
    said, dispatched = [], optimization._dispatched
    monkeypatch.setattr(optimization, "_dispatched", lambda case, decision, sweep, report: (
        setattr(report, "started", report.started - 1e6), dispatched(case, decision, sweep, report))[1])
    optimize(hot_site(tmp_path, "sampled"), progress=lambda report: said.append(report.step), workers=1)
    assert "over its budgets in every hour: the time is over, kept as it is" in said
    assert not any(step.endswith("sized on every hour") for step in said)


def over_by_little(folder):
    """A plan of all ten racks, and what verification says of it. 10 MW in 24 hot hours are 240 MWh, and 1.11 % of the 21,600 MWh of the quarter, 239.76,
    may be shed: heat of 0.24 MWh is left for towers, 2.07 m3/MWh of water at 60 degC."""
    plan = optimize(hot_site(folder, "sampled", "1.11 %"), workers=1)
    return plan.summary, [finding.name for finding in verify(plan.save(folder / "plan")).failed]


def test_a_plan_little_over_a_budget_of_nothing_says_so_and_is_not_verified(tmp_path, monkeypatch):
    monkeypatch.setattr(optimization, "decide_full", lambda *_: (_ for _ in ()).throw(Interrupted(NO_TIME)))
    summary, failed = over_by_little(tmp_path / "over")
    assert (summary["status"], summary["overdrawn"], failed) == ("overdrawn", ["water right in 2030: 0.498 m3 over"], ["water right"])
    monkeypatch.setitem(finding.SUMS, "m3", 0.25)
    summary, failed = over_by_little(tmp_path / "within")
    assert (summary["status"], summary["overdrawn"], failed) == ("time_limit", [], [])


@pytest.mark.parametrize(("unit", "allowed", "most"), [("m3", 0.0, 0.1), ("m3", 2e6, 2.1), ("tonne_CO2e", 1e5, 0.12), ("accelerator hour", 1e9, 1020.0)])
def test_a_millionth_of_a_budget_is_tolerated(unit, allowed, most):
    assert finding.tolerated_over(unit, allowed) == pytest.approx(most)


def test_a_search_that_stalls_without_a_plan_offers_that_of_no_racks(tmp_path, monkeypatch):
    monkeypatch.setattr(benders, "close", lambda found: setattr(found, "stalled", True))
    monkeypatch.setattr(benders, "relax", lambda found, start: (start, float("inf")))
    plan = optimize(hot_site(tmp_path, "full"), workers=1)
    assert (plan.summary["status"], plan.summary["accelerators_online"], plan.summary["overdrawn"]) == ("feasible", 0, [])
