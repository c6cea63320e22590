"""Heat sold to a network: directly where the loop is warm enough, lifted where it is not, by hand and through the public door.

The small site: 10 MW of IT, all its heat in the warm loop, which is held at 37 degC and comes back at 47 degC.
"""

from datetime import date
from typing import Any

import numpy as np
import pytest
from dcplan.models.cooling.heat_network import direct_share, heating_cop
from dcplan.planner import optimize, verify
from dcplan.sites import SiteProblems
from hypothesis import given
from hypothesis import strategies as some
from small import ideal, merged, small_site

HOURS, JANUARY = 2160.0, 744.0
FREE = {"connection_cost": "0 USD", "lead_time": "0 day"}
NETWORK: dict[str, Any] = {"supply_temperature": "40 degC", "return_temperature": "30 degC", "price": "10 USD/MWh", "most": "4 MW",
                           "available_from": date(2030, 1, 1), **FREE}
LIFTED = NETWORK | {"supply_temperature": "70 degC", "return_temperature": "40 degC"}


def planned(tmp_path, network, changes=None, **rows):
    asked = merged({"plan": {"resolution": "sampled"}, "heat_network": network}, changes or {})
    plan = optimize(small_site(tmp_path, asked, catalog=merged(ideal(), rows)), workers=1)
    plan.save(tmp_path / "plan", force=True)
    checked = verify(tmp_path / "plan")
    assert checked.ok, checked.failed
    return plan


def sold(plan) -> Any:
    """MWh of heat by phase."""
    return plan.phases["heat_sold_mwh"]


def near(value):
    return pytest.approx(value, rel=1e-5, abs=1.0)


def test_heat_that_is_warm_enough_is_sold_as_it_is(tmp_path):
    # The loop comes back at 47 degC, 3 K of exchanger: 44 degC is above 40. It can be cooled to max(30 + 3, 37): all of the 10 MW, of which 4 are wanted.
    plan = planned(tmp_path, NETWORK, {"grid": {"price": {"flat": "1 USD/MWh"}}})
    assert plan.summary["cost_operation_usd"] == near((1 * 10 - 10 * 4) * HOURS)
    assert sold(plan).sum() == near(4 * HOURS)
    assert float(plan.dataset["heat_pump_lifted"].fillna(0).max()) == 0.0


@pytest.mark.slow
def test_only_the_part_that_the_network_can_cool_is_sold_without_a_lift(tmp_path):
    # Back at 38.5 degC: the loop is cooled to 41.5 of 47 to 37 degC: 55 % of 10 MW.
    plan = planned(tmp_path, NETWORK | {"return_temperature": "38.5 degC", "most": "8 MW"}, heat_pump={"capital_cost": "1e6 USD/kW"})
    assert sold(plan).sum() == near(5.5 * HOURS)


def test_heat_is_lifted_where_it_must_be(tmp_path):
    # Evaporating at 34, condensing at 73 degC: COP = 0.5 x 346.15 / 39 = 4.438. 4 MW sold take 4 / 4.438 = 0.9013 MW of power at 20 USD/MWh.
    plan = planned(tmp_path, LIFTED, {"grid": {"price": {"flat": "20 USD/MWh"}}})
    power = 4 / (0.5 * 346.15 / 39)
    assert plan.summary["cost_operation_usd"] == near((20 * (10 + power) - 10 * 4) * HOURS)
    assert float(plan.dataset["heat_network_direct"].max()) == 0.0


@pytest.mark.slow
def test_a_lift_that_costs_more_than_the_heat_is_not_made(tmp_path):
    # 10 USD/MWh of heat over 4.438 pays for power up to 44.4 USD/MWh.
    plan = planned(tmp_path, LIFTED, {"grid": {"price": {"flat": "45 USD/MWh"}}})
    assert sold(plan).sum() == near(0.0)


@pytest.mark.slow
def test_the_network_takes_what_it_takes(tmp_path):
    # 4, 1 and 0 MW in January, February, March; an hourly file asks for at most 2 MW; prices by month 10, 20, 30.
    hourly = "mw\n" + "2\n" * 8760
    network = NETWORK | {"by_month": ["4 MW", "1 MW", *["0 MW"] * 10], "hourly": "heat.csv",
                         "price_by_month": ["10 USD/MWh", "20 USD/MWh", *["30 USD/MWh"] * 10]}
    plan = optimize(small_site(tmp_path, {"plan": {"resolution": "sampled"}, "heat_network": network}, files={"heat.csv": hourly}), workers=1)
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok
    assert list(sold(plan)) == [near(2 * 744.0), near(672.0), near(0.0)]
    assert plan.summary["cost_operation_usd"] == near(-(10 * 2 * 744 + 20 * 672))


# 4 MW x 2,160 h x 10 USD = 86,400 USD. A connection of 80,000 USD pays, one of 90,000 does not (its life is the plan's 90 days).
@pytest.mark.parametrize(("cost", "worth"), [(80000, 80000 - 86400), pytest.param(90000, 0, marks=pytest.mark.slow)])
def test_full_resolution_and_a_connection_that_must_pay(tmp_path, cost, worth):
    network = NETWORK | {"connection_cost": f"{cost} USD"}
    plan = planned(tmp_path, network, {"plan": {"resolution": "full"}}, heat_network={"life": "90 day"})
    assert plan.summary["net_present_cost_usd"] == near(worth)


def test_heat_sold_cools_no_design_hour(tmp_path):
    # The network would take all heat, but need not: without a cooler nothing is built.
    plan = planned(tmp_path, NETWORK | {"most": "20 MW"}, dry_cooler={"capital_cost": "1e6 USD/kW"})
    assert plan.summary["cost_lateness_usd"] == near(1000 * HOURS)


def test_a_plan_that_sells_more_than_it_can_is_found(tmp_path):
    plan = planned(tmp_path, NETWORK)
    plan.dataset["heat_network_sold"][:] = plan.dataset["heat_network_sold"] + 1.0
    plan.save(tmp_path / "broken")
    failed = {finding.name for finding in verify(tmp_path / "broken").failed}
    assert {"heat sold", "money ledger", "heat ledger"} <= failed


@given(some.floats(5, 60), some.floats(20, 95), some.floats(0.3, 0.7))
def test_cop_falls_with_the_lift_and_never_beats_carnot(source, sink, fraction):
    found = heating_cop(source, sink, fraction, (3.0, 3.0), 12.0)
    assert 0 < found <= 12.0
    assert heating_cop(source, sink + 5, fraction, (3.0, 3.0), 12.0) <= found
    if sink > source:
        assert found < (sink + 273.15) / (sink - source)


def test_published_heat_pump():
    """40 degC water to 80 degC at COP 3.5 to 4.5 is what makers of large machines give; half of Carnot between 37 and 83 degC is 3.87."""
    assert heating_cop(40.0, 80.0, 0.5, (3.0, 3.0), 12.0) == pytest.approx(0.5 * 356.15 / 46.0)


@given(some.floats(15, 45), some.floats(5, 15), some.floats(20, 90), some.floats(5, 40))
def test_share_is_a_share(supply, spread, network_supply, fall):
    share = direct_share(supply, supply + spread, network_supply, network_supply - fall, 3.0)
    assert 0.0 <= share <= 1.0
    assert share == 0.0 or supply + spread - 3.0 >= network_supply


def test_share_over_arrays():
    np.testing.assert_allclose(direct_share(np.array([30.0, 37.0]), np.array([40.0, 47.0]), 40.0, 38.5, 3.0), [0.0, 0.55])


@pytest.mark.parametrize(("network", "key", "title", "mend"), [
    ({"return_temperature": "45 degC"}, "heat_network.return_temperature", "the network's water comes back at 45 degC and goes out at 40 degC",
     "give a return_temperature below supply_temperature"),
    ({"available_from": date(2031, 1, 1)}, "heat_network.available_from", "heat can be sold from 2031-01-01, after the plan's end, 2030-04-01",
     "give an earlier date, or leave heat_network out"),
    ({"column": "mw"}, "heat_network.column", "a column is named and no hourly file", "add hourly, or leave column out"),
    ({"hourly": "none.csv"}, "heat_network.hourly", None, None),
    ({"by_month": ["4 MW"]}, "heat_network.by_month", None, None),
    ({"most": "0 MW"}, "heat_network.most", '"0 MW" is out of range', 'write for example "250 MW"'),
])
def test_bad_network(tmp_path, network, key, title, mend):
    with pytest.raises(SiteProblems) as raised:
        small_site(tmp_path, {"heat_network": NETWORK | network})
    (found,) = raised.value.problems
    assert found.key == key
    assert title in (None, found.title)
    assert mend in (None, found.help)


def test_negative_demand(tmp_path):
    with pytest.raises(SiteProblems) as raised:
        small_site(tmp_path, {"heat_network": NETWORK | {"hourly": "heat.csv"}}, files={"heat.csv": "mw\n-1\n" + "2\n" * 8759})
    (found,) = raised.value.problems
    assert (found.title, found.help) == ('"heat.csv" line 2: -1 MW is below 0', "every row needs the most that the network takes, 0 or more")
