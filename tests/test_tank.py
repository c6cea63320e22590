"""A chilled-water tank, by hand and through the public door.

The small site with air-cooled racks: 10 MW of heat on the chilled loop, air-cooled chillers at a COP of 5 whatever the air: 2 MW. A MWh costs 10 USD
from midnight to noon and 50 USD from noon to midnight, so a day of 10 MW of IT costs 7,200 USD and a day of chillers without a tank 1,440 USD. 90 days.
"""

from datetime import date
from typing import Any

import pytest
from dcplan.planner import optimize, verify
from dcplan.sites import SiteProblems
from small import ideal, merged, small_site

DAYS = 90
LATER = list(range(12, 24))
SITE: dict[str, Any] = {
    "plan": {"resolution": "sampled"}, "cooling": {"allow": ["air_cooled_chiller", "chilled_water_tank"]},
    "grid": {"price": {"time_of_use": [{"price": "10 USD/MWh"}, {"price": "50 USD/MWh", "hours": LATER}]}}}
ROWS = {"test_rack": {"liquid_share": "0 %"}, "air_cooled_chiller": {"cop_maximum": "5", "capacity_per_pressure": "0"},
        "chilled_water_tank": {"standing_loss": "0 1/day", "charge_hours": "12 hour"}}


def planned(tmp_path, changes=None, **rows):
    plan = optimize(small_site(tmp_path, merged(SITE, changes or {}), catalog=merged(ideal(), merged(ROWS, rows))), workers=1)
    plan.save(tmp_path / "plan", force=True)
    checked = verify(tmp_path / "plan")
    assert checked.ok, checked.failed
    return plan


def near(value):
    return pytest.approx(value, rel=1e-5, abs=1.0)


def chillers(plan) -> Any:
    return plan.phases["cooling_air_cooled_chiller_mw"].max()


def operation(plan):
    return plan.summary["cost_operation_usd"]


@pytest.mark.slow
def test_without_a_tank(tmp_path):
    plan = planned(tmp_path, {"cooling": {"allow": ["air_cooled_chiller"]}})
    assert operation(plan) == near((7200 + 1440) * DAYS)


def test_all_cold_is_made_before_noon(tmp_path):
    # Free, without loss, filled in 12 h: 20 MW of cold before noon, 4 MW x 12 h x 10 USD = 480 USD a day; 10 MW x 12 h = 120 MWh are held.
    plan = planned(tmp_path)
    assert operation(plan) == near((7200 + 480) * DAYS)
    net = plan.dataset["chilled_water_tank_discharge"] - plan.dataset["chilled_water_tank_charge"]  # without loss both at once cost nothing
    assert float(net.max()) == pytest.approx(10.0, rel=1e-4)


def test_full_resolution_pays_for_what_it_buys(tmp_path):
    # 120 MWh save (1,440 - 480) x 90 = 86,400 USD: 720 USD/MWh. At 700 USD/MWh, for 90 days of life, the plan saves 20 x 120 = 2,400 USD.
    plan = planned(tmp_path, {"plan": {"resolution": "full"}}, chilled_water_tank={"capital_cost": "700 USD/MWh", "life": "90 day"})
    assert plan.summary["net_present_cost_usd"] == near((7200 + 480) * DAYS + 700 * 120)


@pytest.mark.slow
def test_a_tank_that_costs_more_than_it_saves(tmp_path):
    plan = planned(tmp_path, chilled_water_tank={"capital_cost": "730 USD/MWh", "life": "90 day"})
    assert plan.summary["net_present_cost_usd"] == near((7200 + 1440) * DAYS)


def test_rate_and_loss(tmp_path):
    # 2.4 a day is a tenth an hour: a MWh charged at 11 gives 0.9 at 12, 0.81 at 13 and so on, and pays while 50 x 0.9^n > 10.
    plan = planned(tmp_path, chilled_water_tank={"standing_loss": "2.4 1/day", "charge_hours": "6 hour"})
    assert operation(plan) < (7200 + 1440) * DAYS
    level, charge, discharge = (plan.dataset[f"chilled_water_tank_{name}"].values[0, :24] for name in ("level", "charge", "discharge"))
    assert level[13] == pytest.approx(0.9 * level[12] + charge[13] - discharge[13], abs=1e-3)
    lost = charge.sum() - discharge.sum()
    assert 0 < lost < charge.sum()


def test_a_tank_is_not_relied_on(tmp_path):
    # Chillers at 1 USD/kW more than a free tank: still 10 MW of them, for the design hour.
    plan = planned(tmp_path, {"grid": {"price": {"time_of_use": [{"price": "10 USD/MWh"}]}}}, air_cooled_chiller={"capital_cost": "1 USD/kW"})
    assert chillers(plan) >= 10.0 - 1e-6


def test_given_tanks_serve_and_broken_ones_are_found(tmp_path):
    tank = {"name": "old", "technology": "chilled_water_tank", "units": 6, "status": "existing", "in_service": date(2030, 1, 1)}
    plan = planned(tmp_path, {"cooling": {"allow": ["air_cooled_chiller"]}, "assets": [tank]})
    assert operation(plan) == near((7200 + 480) * DAYS)  # 6 x 20 MWh
    plan.dataset["old_level"][:] = plan.dataset["old_level"] + 1.0
    plan.dataset["old_discharge"][:] = plan.dataset["old_discharge"] + 1.0
    plan.save(tmp_path / "broken")
    failed = {finding.name for finding in verify(tmp_path / "broken").failed}
    assert {"storage level", "within capacity", "balance of chilled loop, outward"} <= failed


def test_a_tank_has_no_power_as_its_size(tmp_path):
    tank = {"name": "old", "technology": "chilled_water_tank", "units": 1, "status": "existing", "in_service": date(2030, 1, 1), "unit_size": "5 MW"}
    with pytest.raises(SiteProblems) as raised:
        small_site(tmp_path, SITE | {"assets": [tank]}, catalog=merged(ideal(), ROWS))
    (found,) = raised.value.problems
    assert (found.key, found.title, found.help) == (
        "assets[0].unit_size", "a chilled-water tank is sized by the energy that it holds, and unit_size is a power",
        'leave it out, and set the size of a tank in the catalogue: [catalog.chilled_water_tank] unit_size = "20 MWh"')
