"""Money, against sums that one can do by hand."""

from datetime import date

import pytest
from dcplan.models.asset import Asset, Given
from dcplan.models.horizon import build_phases, model_years
from dcplan.models.money import annuity, capital_recovery, design_load, real_rate, salvage_factor, spend_present_worth, told
from hypothesis import given
from hypothesis import strategies as st

RATES, YEARS = st.floats(0.001, 0.2), st.integers(1, 40)


@pytest.mark.parametrize(("usd", "text"), [
    (39_123_456_789, "39.12 GUSD"), (1e9, "1.00 GUSD"), (999_994_000, "999.99 MUSD"), (2_160_000, "2.16 MUSD"), (-4_500_000, "-4.50 MUSD"),
    (999_999, "999,999 USD"), (17_280.4, "17,280 USD"), (0.0, "0 USD")])
def test_money_is_told_with_three_figures(usd, text):
    assert told(usd) == text


def test_bounds_are_told_with_one_more():
    assert told(2_160_600, 3) == "2.161 MUSD"


def test_annuity_by_hand():
    # 1/1.1 + 1/1.21 + 1/1.331 = 0.909091 + 0.826446 + 0.751315 = 2.486852
    assert annuity(0.10, 3) == pytest.approx(2.486852, abs=1e-6)
    # The tables: 12.4622 for 5 % and 20 years; a loan of 100,000 at 6 % over 30 years costs 7,264.89 a year.
    assert annuity(0.05, 20) == pytest.approx(12.4622, abs=5e-5)
    assert 100_000 * capital_recovery(0.06, 30) == pytest.approx(7_264.89, abs=0.005)


@given(RATES, YEARS)
def test_annuity_is_the_sum_of_its_payments(rate, years):
    assert annuity(rate, years) == pytest.approx(sum((1 + rate) ** -year for year in range(1, years + 1)), rel=1e-9)


@pytest.mark.parametrize("rate", [0.0, 1e-15, 1e-9])
def test_annuity_of_no_rate_is_the_years(rate):
    assert annuity(rate, 12.5) == pytest.approx(12.5, rel=1e-6)


def test_real_rate_by_hand():
    # 1.071 / 1.023 = 1.046921; no inflation leaves the rate; a rate of inflation leaves nothing.
    assert real_rate(0.071, 0.023) == pytest.approx(0.046921, abs=1e-6)
    assert real_rate(0.08, 0.0) == pytest.approx(0.08)
    assert real_rate(0.03, 0.03) == pytest.approx(0.0, abs=1e-15)


def test_spend_by_hand():
    # In service in year 4 after two years, 40 % in the middle of the first, 60 % of the second: paid in 2.5 and 3.5. 0.4/1.1^2.5 + 0.6/1.1^3.5.
    assert spend_present_worth((0.4, 0.6), 4.0, 2.0, 0.10) == pytest.approx(0.315194 + 0.429811, abs=1e-6)
    # Shares are shares: 2 and 3 are 40 % and 60 %.
    assert spend_present_worth((2, 3), 4.0, 2.0, 0.10) == pytest.approx(0.745005, abs=1e-6)
    # No lead: paid on the day of service. No rate: 1.
    assert spend_present_worth((1.0,), 3.0, 0.0, 0.10) == pytest.approx(1 / 1.331)
    assert spend_present_worth((0.3, 0.4, 0.3), 5.0, 3.0, 0.0) == pytest.approx(1.0)


def test_spend_before_the_plan_counts_at_its_start():
    # In service in year 1 of a lead of 4: payments 2.5, 1.5 and 0.5 years before the start count now, the last in year 0.5.
    assert spend_present_worth((1, 1, 1, 1), 1.0, 4.0, 0.10) == pytest.approx((3 + 1.1**-0.5) / 4)


def test_salvage_by_hand():
    # No rate: 7 of 10 years are left. At 10 %: (1/1.1) / 2.486852 of three years, one is left.
    assert salvage_factor(10, 3, 0.0) == pytest.approx(0.7)
    assert salvage_factor(3, 2, 0.10) == pytest.approx(0.909091 / 2.486852, abs=1e-6)
    assert salvage_factor(10, 10, 0.07) == pytest.approx(0.0, abs=1e-12)
    # Beyond its life it owes: 12 of 10 years, 2 at a tenth; at 10 % two payments a year after another, valued at the end, 1 + 1.1.
    assert salvage_factor(10, 12, 0.0) == pytest.approx(-0.2)
    assert salvage_factor(10, 12, 0.10) == pytest.approx(-(1 + 1.1) / annuity(0.10, 10))


@given(RATES, YEARS, st.integers(0, 60))
def test_capital_less_salvage_is_the_payments_of_the_years_served(rate, life, served):
    # 1 today less what is left after the service = the yearly payment for each year of it: buying is renting.
    paid = 1 - salvage_factor(life, served, rate) * (1 + rate) ** -served
    assert paid == pytest.approx(capital_recovery(rate, life) * annuity(rate, served), rel=1e-9, abs=1e-12)


def test_design_load_as_published():
    # 100,000 accelerators, 8 a node of 8.5 kW, 10 % contingency, PUE 1.2: 12,500 x 0.0085 x 1.1 x 1.2 = 140.25 MW
    assert design_load(100_000, 0.0085, 8, 0.10, 1.2) == pytest.approx(140.25)


PHASES = build_phases(date(2030, 1, 1), date(2040, 1, 1), [(date(2040, 1, 1), "year")])


def asset(**fields):
    return Asset(**{"name": "unit", "technology": "unit", "unit_size": 1.0, "unit": "MW", "integer": True, "capital": 1.0, "fixed": 0.0,
                    "lead_time": 0.0, "life": 4.0} | fields)


def test_a_unit_pays_for_the_years_it_serves():
    # Life 4 years, no rate. Built in 2030 it serves to 2034: 1. Built in 2037 it serves 3 of 4 to the plan's end: 0.75.
    end = date(2040, 1, 1)
    assert asset().capital_factor(PHASES[0], PHASES, 0.0, end) == pytest.approx(1.0, abs=1e-12)
    assert asset().capital_factor(PHASES[7], PHASES, 0.0, end) == pytest.approx(0.75, abs=1e-12)
    # Life 4.5 years: it serves on to the start of 2035 and pays for 5 / 4.5.
    assert asset(life=4.5).capital_factor(PHASES[0], PHASES, 0.0, end) == pytest.approx(5 / 4.5, abs=1e-12)


def test_a_calendar_year_is_a_year_of_service_discount_and_hours():
    # 2024, 2028 and 2032 have a 29 February, which no year of the model has: four years are 4, at 10 % worth 1.1^-4, and 4 x 8760 h.
    years = build_phases(date(2024, 1, 1), date(2034, 1, 1), [(date(2034, 1, 1), "year")])
    assert [phase.begins for phase in years] == list(range(10))
    assert [phase.middle for phase in years] == [year + 0.5 for year in range(10)]
    assert [phase.hours for phase in years] == [8760.0] * 10
    assert [asset(life=life).service(years[0], years, date(2034, 1, 1)) for life in (4.0, 12.0)] == [4.0, 10.0]
    assert asset(life=4.0).capital_factor(years[4], years, 0.1, date(2034, 1, 1)) == pytest.approx(1.1**-4)
    assert model_years(date(2024, 2, 28), date(2024, 2, 29)) == 0.0
    assert model_years(date(2023, 7, 1), date(2024, 3, 1)) == pytest.approx((184 + 59) / 365)


def test_dates_of_a_unit():
    slow = asset(lead_time=400.0)
    assert [slow.may_build(phase) for phase in PHASES[:3]] == [False, False, True]
    assert slow.order_date(PHASES[2]) == date(2030, 11, 27)  # 1 January 2032 less 400 days
    assert [asset(not_before=date(2031, 6, 1)).may_build(phase) for phase in PHASES[:3]] == [False, False, True]
    assert not any(asset(buildable=False).may_build(phase) for phase in PHASES)
    old = asset(given=(Given(2.0, date(2027, 1, 1), "existing"), Given(1.0, date(2031, 3, 1), "committed")))
    assert [old.given_units(phase) for phase in PHASES[:7]] == [2, 0, 1, 1, 1, 1, 0]
