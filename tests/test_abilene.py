"""The main job."""

from pathlib import Path

from dcplan.planner import Plan, optimize
from dcplan.sites import load_site

ABILENE = Path(__file__).parent.parent / "examples" / "abilene" / "site.toml"


def test_abilene_is_planned_within_one_percent(tmp_path):
    plan = optimize(load_site(ABILENE))
    assert 0 <= plan.summary["gap"] <= 0.01
    ordered = plan.builds.dropna(subset="order_by")
    assert (ordered.order_by >= "2024-07-01").all()
    assert (ordered.order_by <= ordered.in_service).all()
    assert 1.0 < plan.summary["pue"] < 1.5
    again = Plan.load(plan.save(tmp_path / "plan"))
    assert again.summary == plan.summary
