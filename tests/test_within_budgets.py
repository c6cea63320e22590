"""A plan keeps the yearly budgets over every hour: where one sized on sampled days does not, and where a search has found none in its time."""

import pytest
from dcplan.planner import optimize, verify
from dcplan.planner.assemble import build_case
from dcplan.planner.days import decide_on_days
from dcplan.planner.decide import decide_full
from dcplan.planner.dispatch import dispatch
from dcplan.planner.progress import Reporter
from dcplan.planner.sweep import make_sweep
from small import FLEET, heated, small_site

HOT = {(1, 10), (1, 20), (2, 10)}  # days on which a dry cooler cannot cool from 10:00 to 18:00; a sample of days holds one of them


def hot_site(folder, resolution):
    return small_site(folder, {"cooling": {"allow": ["dry_cooler", "open_tower"]}, "water": {"right": "0 m3/year"},
                               "fleet": [FLEET | {"shed_allowance": "0.8 %"}], "plan": {"resolution": resolution, "mip_gap": "0.1 %"}},
                      files={"weather.csv": heated(HOT, 60.0)})


@pytest.mark.parametrize("resolution", ["sampled", "full"])
def test_towers_without_water_come_late(tmp_path, resolution):
    # Ten racks of 100 accelerators, 744 h of January and 1416 h after: 0.8 % of their hours may be shed. With x racks in January
    # 1600 x + 8000 accelerator-hours are shed, and 595.2 x + 11328 may be: x <= 3.3. Seven racks come a month late.
    plan = optimize(hot_site(tmp_path, resolution))
    assert plan.summary["overdrawn"] == []
    assert plan.summary["late_accelerator_months"] == pytest.approx(700)
    assert verify(plan.save(tmp_path / "plan")).ok


def test_a_search_without_time_gives_the_plan_of_fewest_racks(tmp_path):
    case, report = build_case(hot_site(tmp_path, "full")), Reporter(None)
    first, sweep = decide_on_days(case, report, None, 60.0), make_sweep(case, 1)
    assert first is not None
    assert dispatch(case, first.investment, sweep, report, []).overdrawn
    found = decide_full(case, first, sweep, report, 0.001, 0.0, None)
    assert found.status == "time_limit"
    assert found.investment.built["all_test_rack"].sum() == 0
    assert dispatch(case, found.investment, sweep, report, []).overdrawn == ()
