"""What is bought in parts so small that nobody would order them is left out, where the plan holds without it and hardly costs more."""

import pytest
from dcplan.planner import optimize, verify
from small import small_site

SUNNY = {"power": {"allow": ["solar_pv"]}, "grid": {"price": {"flat": "50 USD/MWh"}}}


def planned(folder, resolution, size, gap):
    changes = {**SUNNY, "plan": {"resolution": resolution, "mip_gap": gap}, "sizes": [{"technology": "solar_pv", **size}]}
    return optimize(small_site(folder, changes, sun=800))


def bought(plan):
    return plan.builds[plan.builds.technology == "solar_pv"].capacity.tolist()


@pytest.mark.parametrize("resolution", ["full", "sampled"])
def test_dust_is_left_out(tmp_path, resolution):
    # Free sun pays however little of it there may be. 0.002 MW is less than 0.1 % of 10 MW of IT and saves at most 0.002 x 2160 h x 50 USD = 216 USD
    # of 1,080,000, less than a tenth of a gap of 1 %.
    plan = planned(tmp_path, resolution, {"maximum": "0.002 MW"}, "1 %")
    assert bought(plan) == []
    assert plan.summary["net_present_cost_usd"] == pytest.approx(1_080_000)
    assert plan.summary["gap"] <= 0.01
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


@pytest.mark.parametrize(("size", "gap", "kept"), [
    ({"maximum": "0.002 MW"}, "0.0001 %", 0.002),   # it saves more than a tenth of this gap
    ({"maximum": "0.02 MW"}, "1 %", 0.02),          # 0.2 % of 10 MW of IT is no dust
    ({"fixed": "0.002 MW"}, "1 %", 0.002),   # the site asks for it
])
def test_what_is_no_dust_or_is_needed_stays(tmp_path, size, gap, kept):
    assert bought(planned(tmp_path, "full", size, gap)) == [pytest.approx(kept, abs=1e-6)]
