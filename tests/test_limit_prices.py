"""What a MW more of firm power would save, as limits.csv tells it beside the limits of the site: hand-solved."""

from datetime import date

import pandas as pd
import pytest
from dcplan.planner import optimize
from dcplan.planner.worth import FIRM, OUT
from small import GRID, START, merged, small_site

COSTS = {"life": "90 day"}  # that of the plan: nothing is left at its end
QUARTER = {"plan": {"steps": [{"until": date(2030, 4, 1), "step": "quarter"}]}}
SPARE = GRID | {"name": "spare", "firm": False, "unavailable_hours": "0 hour"}  # power in every hour, but none to rely on
SHORT = {"grid": {"stages": [GRID | {"capacity": "8 MW"}, SPARE]}}
GAS = {"price": "0 USD/MWh", "pipelines": [{"name": "pipe", "capacity": "100 MW", "available_from": START, "status": "existing"}]}
ENGINES = {**SHORT, "gas": GAS, "power": {"allow": ["reciprocating_engine"]}, "catalog": {"reciprocating_engine": COSTS | {"capital_cost": "100 USD/kW"}}}
SETS = {"outage": {"duration": "4 hour"}, "power": {"allow": ["diesel_standby"]}, "catalog": {"diesel_standby": COSTS | {"capital_cost": "50 USD/kW"}}}


@pytest.fixture(params=["full", "sampled"])
def priced(request, tmp_path):
    """What limits.csv tells of firm power, and what holds the plan back."""

    def of(changes):
        plan = optimize(small_site(tmp_path, merged({"plan": {"resolution": request.param}}, changes)))
        table = pd.read_csv(plan.save(tmp_path / "plan") / "limits.csv")
        return table[table["limit"].isin([FIRM, OUT])], plan.summary["held_back_by"]

    return of


@pytest.mark.parametrize(("changes", "saved", "held"), [
    ({}, {FIRM: 0}, []), (SHORT, {FIRM: 216_000}, [f"{FIRM} from 2030Q1 (1 MW more throughout would save 216,000 USD)"]),
    (ENGINES, {FIRM: 100_000}, [f"the price of {FIRM} from 2030Q1 (1 MW more throughout would save 100,000 USD)"]),
    (SETS, {FIRM: 0, OUT: 50_000}, [f"the price of {OUT} from 2030Q1 (1 MW more throughout would save 50,000 USD)"])])
def test_a_mw_more_of_firm_power_has_its_price(priced, changes, saved, held):
    # 10 racks of 1 MW. Firm supply of 8 MW leaves two out, 100 accelerators a MW for 2,160 h at 1 USD: 216,000 USD/MW. Engines at 100 USD/kW, bought
    # for nothing but design hours, are cheaper than that; standby sets, for an outage of all the grid, are 50 USD/kW.
    table, told = priced(merged(QUARTER, changes))
    assert dict(zip(table["limit"], table["price_relaxed"])) == pytest.approx(saved, abs=1e-3)
    assert set(table["phase"]) == {"2030Q1"}
    assert set(table["unit"]) == {"USD per MW"}
    assert told == held


def test_savings_of_firm_power_are_summed_over_the_phases(priced):
    # Month by month: a rack more in January takes a MW in all three, so that which of them has the price is open, and the sum is 216,000 USD.
    table, (told,) = priced(SHORT)
    assert table["phase"].tolist() == ["2030-01", "2030-02", "2030-03"]
    assert table["price_relaxed"].sum() == pytest.approx(216_000)
    assert told == f"{FIRM} from 2030-01 (1 MW more throughout would save 216,000 USD)"
