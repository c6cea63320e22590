"""Levels of stores that a search tries and no plan can reach: a month has an answer for each, at a price that no plan pays."""

from datetime import date

import numpy as np
import pytest
from dcplan.planner import figures, optimize, verify
from dcplan.planner.assemble import build_case
from dcplan.planner.blocks import build_block, operating_prices
from dcplan.planner.dispatch import Dispatch, Operation
from dcplan.planner.living import LiveBlock
from dcplan.planner.results import Outcome
from small import GRID, ideal, merged, small_site
from test_decomposition import GAP, agree, monolith

SITE = {
    "power": {"allow": ["battery"]}, "cooling": {"allow": ["air_cooled_chiller", "chilled_water_tank"]},
    "grid": {"stages": [GRID | {"capacity": "13 MW"}],
             "price": {"time_of_use": [{"price": "10 USD/MWh"}, {"price": "90 USD/MWh", "hours": [*range(12, 24)]}]}}}
ROWS = {"test_rack": {"liquid_share": "0 %"}, "air_cooled_chiller": {"cop_maximum": "5", "capacity_per_pressure": "0"},
        "battery": {"minimum_level": "10 %", "round_trip_efficiency": "81 %", "capital_cost_energy": "1 USD/kWh", "life": "59 day"},
        "chilled_water_tank": {"standing_loss": "2 1/day", "charge_hours": "12 hour", "capital_cost": "300 USD/MWh", "life": "59 day"}}


def site(folder, horizon, changes=None):
    return small_site(folder, merged(merged(SITE, {"storage": {"horizon": horizon}}), changes or {}), catalog=merged(ideal(), ROWS))


@pytest.mark.parametrize(("store", "held", "capacity"), [("battery", "battery_level_02", "battery_energy"),
                                                         ("chilled_water_tank", "chilled_water_tank_level_02", "chilled_water_tank")])
def test_a_level_that_nothing_can_reach_has_a_price(tmp_path, store, held, capacity):
    # 100 MWh are to be in store on 1 February, nothing is there on 1 January, and nothing to charge with: 100 MWh short, at four times the value of
    # a MWh of IT, which is 100 accelerators x 10 USD. The other way about nothing takes what is there: of a battery all 100 MWh are over, of a tank
    # nothing is left after 744 h.
    case = build_case(site(tmp_path, "year"))
    block, affine = build_block(case, 1)
    live, prices = LiveBlock(block, affine), operating_prices(case, block, case.phases[0])
    states = dict.fromkeys(case.states, 0.0) | {capacity: 100.0}
    if store == "battery":
        states |= {f"battery_level_{month:02d}": 10.0 for month in range(1, 13)}
    dispatched = live.solve(np.array([*(states | {held: 100.0}).values()]), prices).x
    short = prices @ live.block.amounts @ dispatched
    missed = 90 if store == "battery" else 100
    assert short == pytest.approx(missed * 4 * 1000, rel=1e-6)
    operation = Operation()
    operation.add(block, prices, dispatched, np.zeros(len(block.period)))
    told = figures._missed(Outcome(case, None, Dispatch({0: {0: operation}}, {}, ()), None))  # type: ignore[arg-type]
    assert told == [f"level of {store} in 2030-01: {missed}.000 MWh missed"]
    over = prices @ live.block.amounts @ live.solve(np.array([*(states | {held.replace("02", "01"): 100.0}).values()]), prices).x
    assert over == pytest.approx(90 * 4 * 1000 if store == "battery" else 0.0, rel=1e-6, abs=1e-3)


@pytest.mark.parametrize("horizon", ["year", pytest.param("month", marks=pytest.mark.slow)])
def test_search_and_monolith_agree_with_stores(tmp_path, horizon):
    end = date(2030, 3, 1)
    given = site(tmp_path / "site", horizon, {"plan": {"end": end, "steps": [{"until": end, "step": "month"}], "mip_gap": f"{GAP * 100} %"}})
    plan = optimize(given, workers=1)
    assert plan.summary["status"] == "optimal"
    agree(plan, *monolith(given, plan, 20.0))
    assert {"battery_energy", "chilled_water_tank"} & set(plan.builds.technology)
    ledger = dict(zip(plan.dataset.money_entry.values, np.abs(plan.dataset.ledger_money.values).sum(axis=1), strict=True))
    assert [ledger[f"{name}: level missed"] for name in ("battery", "chilled_water_tank")] == pytest.approx([0.0, 0.0], abs=1e-3)
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok
