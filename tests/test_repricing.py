"""What a month costs at some prices bounds what it costs at others; a search over years of escalated prices proves what one programme finds."""

from datetime import date

import numpy as np
import pytest
from dcplan.planner import master, optimize
from dcplan.planner.assemble import build_case
from dcplan.planner.blocks import build_block, operating_prices
from dcplan.planner.living import LiveBlock
from dcplan.planner.repricing import Prices, mixtures
from dcplan.planner.sampling import sampled_days
from hypothesis import given, settings
from hypothesis import strategies as st
from small import FLEET, GRID, HALL, small_site
from test_decomposition import DAY_AND_NIGHT, at_once
from whole_programme import cost_of_units, whole_programme

ROUNDING = 1e-6
YEARS = 8
PIPELINE = {"name": "lateral", "capacity": "400 MW", "available_from": date(2030, 1, 1), "status": "existing"}
UNITS = st.integers(0, 6).map(float)


def prices(*values, signs=None):
    return Prices(np.array(values, dtype=float), np.array([1] * len(values) if signs is None else signs))


def shares(target, *sources):
    return sorted(map(tuple, np.round(mixtures(target, [np.array(source, dtype=float) for source in sources]), 9).tolist()))


def test_a_year_halfway_between_two_takes_half_of_each():
    # (1, 1.1) is half of (1, 1.0) and half of (1, 1.2). Alone the first counts once: its first line may not cost more; the second 1.1 / 1.2 times.
    assert shares(prices(1, 1.1), (1, 1.0), (1, 1.2)) == [(0.0, near(1.1 / 1.2)), (0.5, 0.5), (1.0, 0.0)]


def test_one_source_counts_as_often_as_no_line_costs_more():
    # (2, 3) holds (1, 2) once and a half: twice would be all of the first line, but 4 of the second.
    assert shares(prices(2, 3), (1, 2)) == [(1.5,)]


def test_a_line_of_either_sign_has_to_be_met():
    # The second line may earn or cost, so it has to be 1.1: half of each has it, and 1.1 / 1.2 of the second; 1.1 times the first costs more than 1.
    assert shares(prices(1, 1.1, signs=[1, 0]), (1, 1.0), (1, 1.2)) == [(0.0, near(1.1 / 1.2)), (0.5, 0.5)]
    assert shares(prices(1, 1.1, signs=[1, 0]), (1, 1.0)) == []


def test_a_line_that_earns_may_not_earn_less():
    # Revenue at 1.1 may be told by a year at which it is 1.2, which earns more and so costs less, but not by one at which it is 1.0. At least
    # 1.1 / 1.2 of it, for less of it earns less than 1.1.
    assert shares(prices(1, 1.1, signs=[1, -1]), (1, 1.2)) == [(near(1.1 / 1.2),), (1.0,)]
    assert shares(prices(1, 1.1, signs=[1, -1]), (1, 1.0)) == []


def near(value):
    return pytest.approx(value, abs=1e-9)


@settings(max_examples=200, deadline=None)
@given(signs=st.lists(st.sampled_from([1, 0, -1]), min_size=3, max_size=3), ways=st.lists(st.tuples(UNITS, UNITS, UNITS), min_size=1, max_size=5),
       given_prices=st.lists(st.tuples(UNITS, UNITS, UNITS), min_size=2, max_size=4))
def test_no_mixture_passes_the_least_cost(signs, ways, given_prices):
    """The least of several ways to do a thing, each so much of three lines, is what it is of prices: concave, and none of it is passed."""
    amounts = np.array(ways) * np.where(np.array(signs) == 0, [(-1.0) ** number for number in range(3)], signs)
    target, *sources = map(np.array, given_prices)
    found = mixtures(Prices(target, np.array(signs)), sources)
    least = [(amounts @ price).min() for price in sources]
    assert (found @ least <= (amounts @ target).min() + 1e-6).all()


def test_real_months_between_two_prices(tmp_path):
    case = build_case(escalated(tmp_path, {}))
    live = LiveBlock(*build_block(case, 1))
    states, asked = np.full(len(case.states), 6.0), [operating_prices(case, live.block, phase) for phase in case.operating]
    costs = [float(price @ live.block.amounts @ live.solve(states, price).x) for price in asked]
    for middle in range(1, YEARS - 1):
        ends = [number for number in range(YEARS) if number != middle]
        bound = (mixtures(Prices(asked[middle], live.block.signs), [asked[number] for number in ends]) @ [costs[number] for number in ends]).max()
        assert costs[middle] * (1 - 2e-3) <= bound <= costs[middle] * (1 + 1e-9)


def escalated(folder, changes):
    """A fleet that grows over eight years in which electricity gets 6 %, gas 2 % dearer each, in a plan of sampled days."""
    start = date(2030, 1, 1)
    tables = {
        "plan": {"start": start, "end": date(2030 + YEARS, 1, 1), "steps": [{"until": date(2030 + YEARS, 1, 1), "step": "year"}], "resolution": "sampled",
                 "mip_gap": "0.2 %"},
        "finance": {"discount_rate": "7 %/year"}, "water": {"price": "2 USD/m3"},
        "grid": {"stages": [GRID | {"capacity": "60 MW"}], "price": DAY_AND_NIGHT, "escalation": "6 %/year", "carbon": {"flat": "0.4 tonne_CO2e/MWh"}},
        "gas": {"price": "14 USD/MWh", "escalation": "2 %/year", "pipelines": [PIPELINE]},
        "power": {"allow": ["reciprocating_engine", "battery", "solar_pv"]}, "cooling": {"allow": ["dry_cooler", "water_cooled_chiller", "open_tower"]},
        "fleet": [FLEET | {"variants": ["gb200_nvl72"], "wanted": [{"by": date(2030 + year, 1, 1), "count": f"{7200 * (year + 1)} accelerator"}
                                                           for year in range(3)]}],
        "halls": [HALL | {"cooling": "mixed", "it_capacity": "5 MW", "most": 20}]}
    return small_site(folder, {**tables, **changes}, catalog=at_once(), dry_bulb=24.0, swing=8.0, sun=900.0)


@pytest.mark.parametrize("changes", [
    {}, pytest.param({"limits": {"emissions": "110000 tonne_CO2e/year"}}, id="permit", marks=pytest.mark.slow),
    pytest.param({"grid": {"stages": [GRID | {"capacity": "60 MW"}], "price": {"flat": "60 USD/MWh"}, "escalation": "6 %/year",
                           "export": {"allowed": True, "price": "35 USD/MWh"}, "carbon": {"flat": "0.4 tonne_CO2e/MWh"}}},
                 id="export", marks=pytest.mark.slow),
    pytest.param({"grid": {"stages": [GRID | {"capacity": "60 MW"}], "price": {"flat": "60 USD/MWh"}, "escalation": "3 %/year",
                           "export": {"allowed": True, "price": "35 USD/MWh"}, "carbon": {"flat": "0.4 tonne_CO2e/MWh"}},
                  "gas": {"price": "14 USD/MWh", "escalation": "-2 %/year", "pipelines": [PIPELINE]}}, id="gas gets cheaper", marks=pytest.mark.slow)])
def test_search_over_escalated_years_and_one_programme_agree(tmp_path, monkeypatch, changes):
    site, mixed = escalated(tmp_path, changes), []
    monkeypatch.setattr(master, "mixed", lambda *parts, mix=master.mixed: mixed.append(mix(*parts)) or mixed[-1])
    plan = optimize(site, workers=1, time_limit=600)  # on a busy machine the 45 s of sampled days may not do
    cost, bound = plan.summary["sampled_cost_usd"], plan.summary["sampled_lower_bound_usd"]
    least = cost_of_units(*whole_programme(site, tuple(sampled_days(year, site.plan.days_per_month) for year in build_case(site).years)), plan)
    assert bool(mixed) is ("gas" not in changes)
    assert bound <= least * (1 + ROUNDING)
    assert least <= cost * (1 + ROUNDING)
    assert cost - bound <= 2e-3 * cost
