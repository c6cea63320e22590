"""Demand charges with a ratchet: what the check of a written plan finds, and what reading refuses."""

from datetime import date

import pytest
from dcplan.planner import optimize
from dcplan.planner.recheck import check
from dcplan.planner.verification.reading import read_plan
from dcplan.sites import SiteProblems
from small import FLEET, small_site


def test_a_ratchet_that_forgets_a_month_is_found(tmp_path):
    # 10 MW in February bill 8 MW in January, whose own peak is 4 MW: a plan in which January knows of no highest peak bills 4 MW too little.
    charge = {"name": "all", "rate": "10 USD/kW/month", "ratchet": "80 %", "ratchet_months": [2]}
    wanted = [{"by": date(2030, 1, 1), "count": "400 accelerator"}, {"by": date(2030, 2, 1), "count": "1000 accelerator"}]
    optimize(small_site(tmp_path, {"plan": {"resolution": "sampled"}, "grid": {"demand_charges": [charge]},
                                   "fleet": [FLEET | {"wanted": wanted}]}), workers=1).save(tmp_path / "plan")
    reading = read_plan(tmp_path / "plan")
    assert check(reading).ok
    reading.data["tariff_highest_0_rim"][0] = 0.0
    found = {finding.name: finding.amount for finding in check(reading).failed}
    assert found["ratchet of demand"] >= 4.0 - 1e-6


def test_a_ratchet_looks_at_months_of_its_charge(tmp_path):
    charge = {"name": "summer", "rate": "10 USD/kW/month", "months": [6, 7], "ratchet": "80 %", "ratchet_months": [1]}
    with pytest.raises(SiteProblems) as told:
        small_site(tmp_path, {"grid": {"demand_charges": [charge]}})
    assert "grid.demand_charges[0].ratchet_months" in str(told.value)
    assert "no month of the ratchet is a month of the charge" in str(told.value)
    assert "give one of 6, 7, or leave it out" in str(told.value)
