"""Plans whose optimum one can work out in one's head, through the public door.

The site is that of tests/small.py: 1,000 accelerators, 10 racks of 1 MW, wanted from 1 January to 31 March 2030 (744 + 672 + 744 = 2,160 h);
a late accelerator-hour costs 1 USD, a shed one 10 USD. What is bought for the whole plan has a life of 90 days, so that nothing is left of it.
"""

import re
from datetime import date
from types import SimpleNamespace

import numpy as np
import pytest
from dcplan.cli.show import figure_text
from dcplan.models.physics.psychrometrics import relative_humidity, wet_bulb
from dcplan.models.physics.towers import tower_evaporation
from dcplan.planner import NoPlan, limits, optimize, verify
from dcplan.planner.verification import stock
from small import FLEET, GRID, HALL, merged, small_site

PLAN_LIFE = "90 day"
LATE_GRID = {"stages": [GRID | {"available_from": date(2030, 3, 1), "status": "committed", "cost": "0 USD"}]}
GAS = {"price": "0 USD/MWh", "pipelines": [{"name": "lateral", "capacity": "1000 MW", "available_from": date(2030, 1, 1), "status": "existing"}]}
ENGINE = {"name": "engine", "technology": "reciprocating_engine", "units": 1, "unit_size": "10 MW", "status": "existing", "in_service": date(2030, 1, 1)}


@pytest.fixture(params=["full", pytest.param("sampled", marks=pytest.mark.slow)])
def planned(request, tmp_path):
    """From changes of the small site to its plan, sized on every hour; slow runs size it on sampled days, too. Its months are less work than processes."""
    return lambda changes, **more: optimize(small_site(tmp_path, merged({"plan": {"resolution": request.param}}, changes), **more), workers=1)


def near(value):
    return pytest.approx(value, rel=1e-5, abs=1.0)


def parts(plan, sampled=True):
    """Net present cost (USD) by part; parts of nothing are left out. Where the sampled days tell all, their programme counts the same."""
    names = ("capital_less_salvage", "fixed", "operation", "lateness")
    found = {name: plan.summary[f"cost_{name}_usd"] for name in names}
    assert plan.summary["net_present_cost_usd"] == near(sum(found.values()))
    if sampled and plan.summary["resolution"] == "sampled":
        assert plan.summary["sampled_cost_usd"] == near(sum(found.values()))
    return {name: amount for name, amount in found.items() if abs(amount) > 1.0}


def bought(plan, technology):
    """Units of a technology ordered, by date of service."""
    rows = plan.builds[(plan.builds.technology == technology) & (plan.builds.status == "option")]
    return dict(zip(rows.in_service, rows.units, strict=True))


def total(plan, column):
    return plan.phases[column].sum()


def racks(**rows):
    return {"test_rack": rows}


def fleet(**rows):
    return [FLEET | rows]


# Dates -----------------------------------------------------------------------------------------------------------------------------------------

def test_lead_time_sets_the_date(planned):
    # 45 days after 1 January is 15 February; the next phase begins on 1 March, and the order goes out 45 days before that, on 15 January.
    # Late: 1,000 x (744 + 672) h x 1 USD = 1,416,000 USD.
    plan = planned({"catalog": racks(lead_time="45 day")})
    row = plan.builds[plan.builds.technology == "all_test_rack"].iloc[0]
    assert (row.order_by, row.in_service, row.units) == ("2030-01-15", "2030-03-01", 10)
    assert parts(plan) == {"lateness": near(1_416_000)}
    assert plan.phases.late_accelerator_months.tolist() == near([1000, 1000, 0])


def test_only_the_part_of_a_phase_after_the_date_is_late(planned):
    # Wanted on 15 February, in service on 1 March: 1,000 x 14 days x 24 h x 1 USD = 336,000 USD.
    wanted = [{"by": date(2030, 2, 15), "count": "1000 accelerator"}]
    plan = planned({"fleet": fleet(wanted=wanted), "catalog": racks(lead_time="45 day")})
    assert parts(plan) == {"lateness": near(336_000)}
    assert bought(plan, "all_test_rack") == {"2030-03-01": 10}


def test_speed_comes_first_and_then_cost(planned):
    # The grid comes on 1 March. To wait costs 1,416,000 USD; engines cost 200 USD/kW x 10 MW = 2,000,000 USD, turbines 250 USD/kW.
    # The cheapest plan waits; the fastest buys, and of two ways to be as early it takes the cheaper.
    price = {"reciprocating_engine": 200, "aeroderivative_turbine": 250}
    changes = {"grid": LATE_GRID, "gas": GAS, "power": {"allow": list(price)},
               "catalog": {name: {"capital_cost": f"{usd} USD/kW", "life": PLAN_LIFE} for name, usd in price.items()}}
    assert parts(planned(changes)) == {"lateness": near(1_416_000)}
    fast = planned({**changes, "plan": {"objective": "speed"}})
    assert parts(fast) == {"capital_less_salvage": near(2_000_000)}
    assert bought(fast, "reciprocating_engine") == {"2030-01-01": near(10 / 18.3)}
    assert bought(fast, "aeroderivative_turbine") == {}


def test_racks_come_as_they_are_delivered(planned):
    # Five racks a month of 365 / 12 days: 0 on 1 January, 5.10 on 1 February, 9.70 on 1 March, whole ones: 0, 5, 9.
    # Late: 1,000 x 744 + 500 x 672 + 100 x 744 = 1,154,400 accelerator-hours.
    plan = planned({"fleet": fleet(deliveries=[{"from_date": date(2030, 1, 1), "racks_per_month": "5 rack/month"}])})
    assert bought(plan, "all_test_rack") == {"2030-02-01": 5, "2030-03-01": 4}
    assert parts(plan) == {"lateness": near(1_154_400)}


def test_a_year_of_deliveries_is_twelve_months():
    # eight racks a month over the 365 days of 2030: twelve pods of eight
    rates = [SimpleNamespace(from_date=date(2030, 1, 1), racks_per_month=8.0)]
    assert limits._delivered(rates, 0, SimpleNamespace(start=date(2031, 1, 1))) == pytest.approx(96.0, rel=1e-12)  # type: ignore[arg-type]
    assert stock._delivered(rates, date(2031, 1, 1)) == pytest.approx(96.0, rel=1e-12)


@pytest.mark.parametrize(("price", "cost", "engines"), [
    (1700, {"capital_less_salvage": 17_000_000}, {"2030-01-01": 1}), pytest.param(1800, {"lateness": 17_520_000}, {}, marks=pytest.mark.slow)])
def test_engines_are_bought_when_waiting_costs_more(planned, price, cost, engines):
    # The grid comes two years late: 1,000 x 2 x 8,760 h x 1 USD = 17,520,000 USD, or 1,752 USD for each kW of 10 MW. Engines last the plan.
    stages = [GRID | {"available_from": date(2032, 1, 1), "status": "committed", "cost": "0 USD"}]
    plan = planned({
        "plan": {"end": date(2033, 1, 1), "steps": [{"until": date(2033, 1, 1), "step": "year"}]}, "grid": {"stages": stages}, "gas": GAS,
        "power": {"allow": ["reciprocating_engine"]},
        "catalog": {"reciprocating_engine": {"capital_cost": f"{price} USD/kW", "unit_size": "10 MW", "life": "3 year"}}})
    assert parts(plan) == {name: near(amount) for name, amount in cost.items()}
    assert bought(plan, "reciprocating_engine") == pytest.approx(engines)


# Units and redundancy --------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("rule", "units"), [
    pytest.param("N", 4, marks=pytest.mark.slow), ("N+1", 5), pytest.param("N+2", 6, marks=pytest.mark.slow), ("2N", 8)])
def test_units_of_ups(planned, rule, units):
    # 10 MW in units of 3 MW: 4. With a spare unit for the hall 3 (n - 1) >= 10: 5. With two: 6. On two paths of 4 each: 8.
    # A unit costs 30,000 USD, a rack that waits for it 100 x 2,160 h x 1 USD = 216,000 USD.
    plan = planned({"redundancy": {"ups": rule}, "catalog": {
        "ups": {"modular": "1", "unit_size": "3 MW", "capital_cost": "10 USD/kW", "life": PLAN_LIFE}}})
    assert bought(plan, "ups") == {"2030-01-01": units}
    assert parts(plan) == {"capital_less_salvage": near(units * 30_000)}


@pytest.mark.parametrize(("rule", "units"), [pytest.param("N", 3, marks=pytest.mark.slow), ("N+1", 4), pytest.param("2N", 5, marks=pytest.mark.slow)])
def test_units_of_a_plant(planned, rule, units):
    # 10 MW of heat in coolers of 4 MW: 3, one spare: 4, twice the need: 5.
    plan = planned({"redundancy": {"cooling": rule}, "catalog": {
        "dry_cooler": {"modular": "1", "unit_size": "4 MW", "capital_cost": "5 USD/kW", "life": PLAN_LIFE}}})
    assert bought(plan, "dry_cooler") == {"2030-01-01": units}
    assert parts(plan) == {"capital_less_salvage": near(units * 20_000)}


@pytest.mark.parametrize(("price", "engines", "turbines", "cost"), [
    pytest.param(9, 5, 0, 150_000, marks=pytest.mark.slow), (8, 0, 3, 144_000)])
def test_the_largest_unit_in_use_is_the_one_lost(planned, price, engines, turbines, cost):
    # No grid. Engines of 3 MW at 10 USD/kW: 3 (n - 1) >= 10, five, 150,000 USD. Turbines of 6 MW: 6 (n - 1) >= 10, three: 18 MW, at 9 USD/kW
    # 162,000, at 8 USD/kW 144,000 USD. A mix loses 6 MW and needs 16: two of each, 168,000 or 156,000 USD.
    units = {"modular": "1", "life": PLAN_LIFE}
    plan = planned({"grid": {"stages": []}, "gas": GAS, "redundancy": {"generators": "N+1"},
                    "power": {"allow": ["reciprocating_engine", "aeroderivative_turbine"]}, "catalog": {
                        "reciprocating_engine": units | {"unit_size": "3 MW", "capital_cost": "10 USD/kW"},
                        "aeroderivative_turbine": units | {"unit_size": "6 MW", "capital_cost": f"{price} USD/kW"}}})
    assert sum(bought(plan, "reciprocating_engine").values()) == engines
    assert sum(bought(plan, "aeroderivative_turbine").values()) == turbines
    assert parts(plan) == {"capital_less_salvage": near(cost)}


def test_fuel_of_gas_plants(planned, tmp_path):
    # The grid comes on 1 March; until then an engine carries 10 MW at full load: 7,440 and 6,720 MWh, at 2 MWh of fuel (higher heating value) a MWh,
    # whatever it takes at no load. A MWh of fuel costs 20 USD: (14,880 + 13,440) x 20 = 566,400 USD.
    plan = planned({"grid": LATE_GRID, "gas": {**GAS, "price": "20 USD/MWh"}, "assets": [ENGINE],
                    "catalog": {"reciprocating_engine": {"heat_rate": "2 kWh/kWh", "no_load_fuel": "25 %"}}})
    assert plan.phases.gas_energy_mwh.tolist() == [near(14_880), near(13_440), near(0)]
    assert plan.phases.grid_energy_mwh.tolist() == [near(0), near(0), near(7_440)]
    assert parts(plan) == {"operation": near(566_400)}
    stated = plan.dataset.phase_gas_energy_mwh
    assert (stated.units, stated.long_name) == ("MWh", "fuel that pipelines bring, by its higher heating value")
    assert verify(plan.save(tmp_path / "plan")).ok


def test_diesel_for_an_outage(planned):
    # 10 MW through 48 hours: 10 USD/kW and a tank of 70 gallon/MWh x 48 h = 3,360 gallon/MW at 1 USD: 100,000 + 33,600 USD.
    plan = planned({"outage": {"duration": "48 hour"}, "power": {"allow": ["diesel_standby"]},
                    "catalog": {"diesel_standby": {"capital_cost": "10 USD/kW", "tank_cost": "1 USD/gallon", "life": PLAN_LIFE}}})
    assert parts(plan) == {"capital_less_salvage": near(133_600)}


TESTED = {"diesel_standby": {"test_hours": "24 hour/year", "fuel_use": "70 gallon/MWh"},
          "fuel": {"diesel_heat": "0.2 MMBtu/gallon", "diesel_carbon": "50 kg_CO2e/MMBtu"}}  # 10 kg a gallon


def test_carbon_of_tests_of_standby(planned, tmp_path):
    # 10 MW through an outage, tested 24 hours a year, 2 a month: 10 x 2 x 70 = 1,400 gallons of 10 kg are 14 t a month, at 100 USD/t 4,200 USD.
    plan = planned({"outage": {"duration": "4 hour"}, "power": {"allow": ["diesel_standby"]}, "carbon_price": "100 USD/tonne_CO2e", "catalog": TESTED})
    assert parts(plan) == {"operation": near(4_200)}
    assert plan.phases.carbon_tonne_co2e.tolist() == pytest.approx([14] * 3)
    assert verify(plan.save(tmp_path / "plan")).ok


def test_tests_of_standby_take_their_part_of_an_emissions_limit(planned, tmp_path):
    # A quarter of 360 t allows 90 t; 42 t of them are those of tests of 10 MW that stand there, and 48 t are 96 MWh of 0.5 t/MWh, of 21,600.
    sets = ENGINE | {"name": "sets", "technology": "diesel_standby"}
    plan = planned({"plan": {"objective": "speed"}, "grid": {"carbon": {"flat": "0.5 tonne_CO2e/MWh"}}, "assets": [sets],
                    "limits": {"emissions": "360 tonne_CO2e/year"}, "catalog": TESTED})
    assert plan.summary["unserved_mwh"] == near(21_504)
    assert total(plan, "carbon_tonne_co2e") == near(90)
    assert plan.summary["overdrawn"] == []
    assert verify(plan.save(tmp_path / "plan")).ok


def test_what_is_late_as_pods_are_whole(planned):
    # Pods of three racks, 300 accelerators, at 300,000 USD. The fourth would end 100 x 2,160 h x 1 USD = 216,000 USD of lateness, each of the first three
    # 648,000: three are bought, and 100 are late for 3 months.
    plan = planned({"fleet": fleet(racks_per_pod=3), "halls": [HALL | {"it_capacity": "20 MW"}],
                    "catalog": racks(rack_price="100000 USD", life=PLAN_LIFE)})
    assert parts(plan) == {"capital_less_salvage": near(900_000), "lateness": near(216_000)}
    assert plan.summary["late_for_whole_pods_accelerator_months"] == near(300)
    assert ("; 300 accelerator-months late, 300 of them as racks come in whole pods; 100 of the 1,000 accelerators wanted never come; "
            in plan.summary["verdict"])


def test_what_is_bought_but_not_served_is_said(planned):
    # As early as can be, whatever it costs: all racks come. A quarter of 360 t allows 90 t of the 10 MW x 2,160 h x 0.5 t/MWh:
    # 180 MWh of 21,600 are served.
    plan = planned({"plan": {"objective": "speed"}, "grid": {"carbon": {"flat": "0.5 tonne_CO2e/MWh"}},
                    "limits": {"emissions": "360 tonne_CO2e/year"}})
    assert plan.summary["late_accelerator_months"] == 0
    assert plan.summary["unserved_mwh"] == near(21_420)
    assert plan.summary["unserved_share"] == near(21_420 / 21_600)
    assert "; nothing is late; NOT SERVED: 21,420 MWh, 99.2% of the facility's energy; " in plan.summary["verdict"]
    assert plan.summary["status"] == "optimal"
    assert "serves                    NOT ALL: 99.2 % of energy not served; the status is that of the search" in figure_text(plan.summary)


def test_a_plan_that_builds_nothing_says_so(planned):
    # A rack costs 3 MUSD, its lateness 216,000 USD.
    plan = planned({"catalog": racks(rack_price="3000000 USD", life=PLAN_LIFE)})
    assert parts(plan) == {"lateness": near(2_160_000)}
    assert plan.summary["verdict"].startswith("Small: no IT is installed, at 2.16 MUSD net present cost; ")
    assert plan.summary["verdict"].endswith(
        "3,000 accelerator-months late; 1,000 of the 1,000 accelerators wanted never come; no racks are built, and no limit of the site has a price: "
        "what it allows cannot power and cool the racks, or costs more than being late.")


def test_a_plan_that_builds_nothing_names_the_limit_that_does_it(planned):
    # A quarter of 1,000 t serves 500 MWh at 0.5 t/MWh, what 0.23 racks draw in 2,160 h, and pods of ten racks come whole. 1 % more serves 5 MWh:
    # 500 accelerator-hours less late, at 1 USD.
    plan = planned({"grid": {"carbon": {"flat": "0.5 tonne_CO2e/MWh"}}, "limits": {"emissions": "1000 tonne_CO2e/year"},
                    "fleet": fleet(racks_per_pod=10)})
    assert parts(plan) == {"lateness": near(2_160_000)}
    assert plan.summary["status"] == "optimal"
    assert ("no racks are built, and the limit that holds it back most is emissions from 2030-01 (1 % more throughout would save 500 USD)."
            in plan.summary["verdict"])
    assert ("serves                    NOTHING: none of the accelerators wanted comes into service; the status is that of the search"
            in figure_text(plan.summary).splitlines())


def test_land_is_told_before_the_price_of_halls(planned):
    # 8,000 m2 take four halls of 2 MW at 1 m2/kW; five are wanted. 1 % more land takes 0.08 MW, 8 accelerators less late for 2,160 h at 1 USD.
    plan = planned({"limits": {"land": "8000 m2"}, "halls": [HALL | {"it_capacity": "2 MW", "most": 20}], "catalog": {"hall": {"land": "1 m2/kW"}}})
    assert parts(plan) == {"lateness": near(432_000)}
    assert re.search(r"; the limit that holds it back most is land from 2030-01 \(1 % more throughout would save 17,280 USD\), the price that does is "
                     "that of hall room ", plan.summary["verdict"])
    assert any("hall room" in one for one in plan.summary["held_back_by"])


def test_a_hall_takes_the_racks_it_has_room_for(planned):
    # Three positions, whatever the power: 700 accelerators wait for 2,160 h.
    plan = planned({"halls": [HALL | {"racks": 3}]})
    assert parts(plan) == {"lateness": near(1_512_000)}
    assert plan.summary["late_for_whole_pods_accelerator_months"] == 0


# Tariffs ---------------------------------------------------------------------------------------------------------------------------------------

def test_demand_charge(planned):
    # Half power, full power at noon only. 10 MW x 10 USD/kW x 3 months = 300,000 USD for the peak of any hour;
    # 5 MW x 4 USD/kW x 1 month = 20,000 USD for the peak of February afternoons.
    charges = [{"name": "any", "rate": "10 USD/kW/month"}, {"name": "afternoon", "rate": "4 USD/kW/month", "months": [2], "hours": [14, 15, 16]}]
    plan = planned({"fleet": fleet(utilisation={"daily": [f"{100 if hour == 12 else 50} %" for hour in range(24)]}), "grid": {"demand_charges": charges}})
    assert parts(plan) == {"operation": near(320_000)}


def test_demand_charge_on_weekdays_only(planned):
    # An engine that stands there burns fuel at 20 USD/MWh: 80 USD a MW for four hours, far less than 10,000 USD a MW and month. It runs in the
    # window's 4 hours on the 23 + 20 + 21 weekdays of January to March 2025: 10 MW x 4 h x 64 = 2,560 MWh, 51,200 USD.
    charge = {"name": "mornings", "rate": "10 USD/kW/month", "hours": [8, 9, 10, 11], "weekdays_only": True}
    plan = planned({"grid": {"demand_charges": [charge]}, "gas": GAS | {"price": "20 USD/MWh"}, "assets": [ENGINE]})
    assert parts(plan, sampled=False) == {"operation": near(51_200)}
    assert total(plan, "grid_energy_mwh") == near(21_600 - 2_560)


@pytest.mark.parametrize(("months", "megawatts"), [([2], 28), pytest.param([1], 24, marks=pytest.mark.slow)])
def test_a_ratchet_bills_a_share_of_the_highest_month_of_the_year(planned, tmp_path, months, megawatts):
    # 4 MW in January, 10 MW in February and March, at 10 USD/kW a month. 80 % of February's peak is billed in January, too: 8 + 10 + 10 MW. Where the
    # ratchet looks at January alone, each month is billed for its own peak: 4 + 10 + 10 MW.
    charge = {"name": "all", "rate": "10 USD/kW/month", "ratchet": "80 %", "ratchet_months": months}
    wanted = [{"by": date(2030, 1, 1), "count": "400 accelerator"}, {"by": date(2030, 2, 1), "count": "1000 accelerator"}]
    plan = planned({"grid": {"demand_charges": [charge]}, "fleet": fleet(wanted=wanted)})
    assert parts(plan) == {"operation": near(10_000 * megawatts)}
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


def test_a_ratchet_over_months_that_are_no_design_hours(planned):
    # Design hours are of no month but the first, and so the highest load in February stands in no row of investment: 10 MW x 5 USD/kW = 50,000 USD.
    charge = {"name": "all", "rate": "5 USD/kW/month", "ratchet": "60 %", "ratchet_months": [2]}
    month = {"start": date(2030, 2, 1), "end": date(2030, 3, 1), "steps": [{"until": date(2030, 3, 1), "step": "month"}]}
    wanted = [{"by": date(2030, 2, 1), "count": "1000 accelerator"}]
    assert parts(planned({"plan": month, "fleet": fleet(wanted=wanted), "grid": {"demand_charges": [charge]}})) == {"operation": near(50_000)}


@pytest.mark.parametrize(("price", "cost"), [
    (20, {"capital_less_salvage": 200_000}), pytest.param(40, {"operation": 300_000}, marks=pytest.mark.slow)])
def test_engine_against_a_demand_charge_on_weekdays(planned, price, cost):
    # The charge is 10 MW x 10 USD/kW x 3 months = 300,000 USD, or 30 USD for each kW of an engine that runs in its hours for nothing.
    charge = {"name": "mornings", "rate": "10 USD/kW/month", "hours": [8, 9, 10, 11], "weekdays_only": True}
    plan = planned({"grid": {"demand_charges": [charge]}, "gas": GAS, "power": {"allow": ["reciprocating_engine"]},
                    "catalog": {"reciprocating_engine": {"capital_cost": f"{price} USD/kW", "life": PLAN_LIFE}}})
    assert parts(plan, sampled=False) == {name: near(amount) for name, amount in cost.items()}


def test_a_price_below_zero_pays_for_what_is_used(planned):
    # 21,600 MWh at -10 USD/MWh. Nothing on site can burn more.
    assert parts(planned({"grid": {"price": {"flat": "-10 USD/MWh"}}})) == {"operation": near(-216_000)}


DAY_AND_NIGHT = {"price": {"time_of_use": [{"price": "20 USD/MWh"}, {"price": "100 USD/MWh", "hours": list(range(12, 24))}]}}


def test_battery_that_stands_there(planned):
    # 40 MWh, 81 % there and back, 90 % one way. A day: 40 / 0.9 = 44.444 MWh bought at 20, 40 x 0.9 = 36 MWh less bought at 100 USD/MWh.
    # 10 MW x 12 h x (20 + 100) = 14,400 USD less 3,600 - 888.889 = 2,711.111 USD; x 90 days = 1,052,000 USD.
    battery = {"name": "store", "technology": "battery", "units": 1, "unit_size": "10 MW", "energy": "40 MWh", "status": "existing",
               "in_service": date(2030, 1, 1)}
    plan = planned({"grid": DAY_AND_NIGHT, "assets": [battery], "catalog": {"battery": {"round_trip_efficiency": "81 %"}}})
    assert parts(plan) == {"operation": near(1_052_000)}
    assert total(plan, "grid_energy_mwh") == near(21_600 + 90 * (40 / 0.9 - 36))


@pytest.mark.parametrize(("horizon", "moved"), [pytest.param("month", 0, marks=pytest.mark.slow), ("year", 1000)])
def test_a_store_carries_from_month_to_month_where_its_horizon_is_the_year(tmp_path, horizon, moved):
    # Flat in every month, 20 USD/MWh in January and 100 after: 10 MW x (744 x 20 + 1416 x 100) = 1,564,800 USD. 1000 MWh bought in January instead of
    # later save 80 USD each; the store has to end as full as it began, so there is nothing else to win.
    prices = "month,hour,usd\n" + "".join(f"{month},{hour},{20 if month == 1 else 100}\n" for month in range(1, 13) for hour in range(24))
    battery = {"name": "store", "technology": "battery", "units": 1, "unit_size": "10 MW", "energy": "1000 MWh", "status": "existing",
               "in_service": date(2030, 1, 1)}
    plan = optimize(small_site(tmp_path, {"grid": {"price": {"table": "price.csv"}}, "assets": [battery], "storage": {"horizon": horizon}},
                               {"price.csv": prices}))
    assert parts(plan) == {"operation": near(1_564_800 - 80 * moved)}
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok
    level = plan.dataset.store_level.values
    assert level[0, 743] - level[2, 2159] == near(moved)


@pytest.mark.parametrize(("cheap", "status", "arrives", "life", "cost"), [
    pytest.param(1, "existing", date(2030, 1, 1), "45 day", 1_564_800, marks=pytest.mark.slow), (2, "committed", date(2030, 2, 1), "100 year", 1_027_200)])
def test_a_battery_comes_and_leaves_at_its_lowest_level_where_its_horizon_is_the_year(tmp_path, cheap, status, arrives, life, cost):
    # Of 1000 MWh 10 % stay in; 900 are bought at 20 and save 100 USD/MWh a month later: 72,000 USD. The first battery is there in January and February
    # and leaves on 1 March; the second comes on 1 February. Without: 7,440 x 20 + 14,160 x 100 and 14,160 x 20 + 7,440 x 100 USD.
    prices = "month,hour,usd\n" + "".join(f"{month},{hour},{20 if month <= cheap else 100}\n" for month in range(1, 13) for hour in range(24))
    battery = {"name": "store", "technology": "battery", "units": 1, "unit_size": "10 MW", "energy": "1000 MWh", "status": status, "in_service": arrives}
    plan = optimize(small_site(tmp_path, {"grid": {"price": {"table": "price.csv"}}, "assets": [battery], "storage": {"horizon": "year"},
                                          "catalog": {"battery": {"minimum_level": "10 %", "life": life}}}, {"price.csv": prices}))
    assert parts(plan) == {"operation": near(cost - 80 * 900)}
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


@pytest.mark.parametrize(("price", "energy", "cost"), [
    (5, 400 / 3, 666_667 + 482_667), pytest.param(7, 0, 1_296_000, marks=pytest.mark.slow)])
def test_battery_bought_where_a_cycle_a_day_pays(planned, price, energy, cost):
    # A MWh of storage saves 0.9 x 100 - 20 / 0.9 = 67.778 USD a day, 6,100 USD in 90 days: bought at 5, not at 7 USD/kWh. The load takes 120 MWh in
    # dear hours: 120 / 0.9 = 133.333 MWh, 666,667 USD. Left to pay: 240 MWh less 120, plus 133.333 / 0.9 = 148.148, 268.148 MWh at 20 a day: 482,667 USD.
    # Without: 14,400 USD x 90 = 1,296,000 USD.
    plan = planned({"grid": DAY_AND_NIGHT, "power": {"allow": ["battery"]}, "catalog": {"battery": {
        "round_trip_efficiency": "81 %", "capital_cost_energy": f"{price} USD/kWh", "life": PLAN_LIFE}}})
    assert sum(bought(plan, "battery_energy").values()) == near(energy)
    assert plan.summary["net_present_cost_usd"] == pytest.approx(cost, rel=1e-5)


@pytest.mark.parametrize(("price", "cost"), [
    pytest.param(30, {"capital_less_salvage": 300_000}, marks=pytest.mark.slow), (100, {"operation": 500_000})])
def test_power_that_may_be_taken_back(planned, price, cost):
    # 100 hours without: 1,000 x 100 h x 5 USD = 500,000 USD of shed compute, or 50 USD for each kW of 10 MW of engines. To wait a month costs 744,000.
    stages = [GRID | {"firm": False, "unavailable_hours": "100 hour"}]
    plan = planned({"plan": {"days_per_month": 10}, "grid": {"stages": stages}, "gas": GAS, "power": {"allow": ["reciprocating_engine"]},
                    "fleet": fleet(critical_share="0 %", shed_allowance="100 %", value_of_lost_load="5 USD/accelerator/hour"),
                    "catalog": {"reciprocating_engine": {"capital_cost": f"{price} USD/kW", "life": PLAN_LIFE}}})
    assert parts(plan, sampled=False) == {name: near(amount) for name, amount in cost.items()}
    assert total(plan, "shed_accelerator_hours") == near(100_000 if "operation" in cost else 0)


def test_energy_prices_escalate_and_are_discounted(planned):
    # 10 MW x 8,760 h x 50 USD = 4.38 MUSD a year, 5 % dearer each year, paid in the middle of the years at 3 %, leap years
    # or not: 4.38 x (1 / 1.03^0.5 + 1.05 / 1.03^1.5 + 1.05^2 / 1.03^2.5) = 13.206 MUSD.
    plan = planned({"plan": {"end": date(2033, 1, 1), "steps": [{"until": date(2033, 1, 1), "step": "year"}]}, "finance": {"discount_rate": "3 %/year"},
                    "grid": {"price": {"flat": "50 USD/MWh"}, "escalation": "5 %/year"}})
    assert plan.summary["cost_operation_usd"] == pytest.approx(4.38e6 * sum(1.05**year / 1.03 ** (year + 0.5) for year in range(3)), rel=1e-7)


# Water, carbon, cooling ------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("dry", [10_800, *(pytest.param(dry, marks=pytest.mark.slow) for dry in (16_200, 0))])
def test_water_right_divides_tower_and_dry_cooler(planned, dry):
    # Tower: air of 20 degC and 5.4 g/kg (34 kJ/kg) leaves saturated at the warm loop's mean of 42 degC, with 55 g/kg (184 kJ/kg): 49 g evaporate, which
    # carry 9 kJ as water, so 49 g / 141 kJ x 3.6 GJ = 1.26 m3 a MWh; a quarter of that is blown down at 5 cycles. No power. Dry cooler: 0.27 MWh at
    # full flow, but 47 - 20 = 27 K where 17 K are rated: 17 / 27 of the flow, 0.17 MWh, 8.5 USD. Heat: 21,600 MWh. A right of four times what
    # 10,800 MWh draw (it is a quarter's plan) leaves 10,800 MWh for 91,800 USD.
    drawn = 1.25 * tower_evaporation(20.0, wet_bulb(20.0, relative_humidity(20.0, 5.0), 101_325.0), 101_325.0, 42.0)
    assert drawn == pytest.approx(1.25 * 1.26, rel=0.01)
    right = 4 * drawn * (21_600 - dry)
    plan = planned({"grid": {"price": {"flat": "50 USD/MWh"}}, "water": {"right": f"{right} m3/year"}, "cooling": {"allow": ["dry_cooler", "open_tower"]},
                    "sizes": [{"technology": name, "minimum": "30 MW"} for name in ("dry_cooler", "open_tower")],  # so that the right alone binds
                    "catalog": {"dry_cooler": {"fan_power": "0.27", "part_load_exponent": "1"}}})
    assert parts(plan) == {"operation": near(21_600 * 50 + dry * 8.5)}
    assert total(plan, "water_m3") == near((21_600 - dry) * drawn)
    assert plan.summary["overdrawn"] == []
    # a m3 more: 1 / drawn MWh of heat less for the dry cooler, at 8.5 USD
    price = plan.dataset.limit_price_chosen.sel(limit="water right")
    assert float(price.sum()) == pytest.approx(8.5 / drawn if dry else 0, rel=1e-3)


@pytest.mark.parametrize(("wet", "racks_online"), [(4, 9), *(pytest.param(*row, marks=pytest.mark.slow) for row in ((10.01, 10), (0.5, 8)))])
def test_water_right_against_a_limit_of_power(planned, wet, racks_online):
    # A grid of 10 MW for racks of 1 MW. Towers draw no power and, of the right, what so many MW of heat evaporate; dry coolers take 0.17 MW a MW (both
    # as above). 4 MW wet: nine racks ask 9 + 5 x 0.17 = 9.85 MW, ten 10 + 6 x 0.17 = 11.02. 0.5 MW wet: eight ask 8 + 7.5 x 0.17 = 9.28, nine 10.45. A rack
    # that is not there is 100 x 2,160 h x 1 USD = 216,000 USD.
    drawn = 1.25 * tower_evaporation(20.0, wet_bulb(20.0, relative_humidity(20.0, 5.0), 101_325.0), 101_325.0, 42.0)
    plan = planned({"grid": {"stages": [GRID | {"capacity": "10 MW"}]}, "water": {"right": f"{4 * drawn * 2_160 * wet} m3/year"},
                    "cooling": {"allow": ["dry_cooler", "open_tower"]}, "catalog": {"dry_cooler": {"fan_power": "0.27", "part_load_exponent": "1"}}})
    assert sum(bought(plan, "all_test_rack").values()) == racks_online
    assert plan.summary["net_present_cost_usd"] == near(216_000 * (10 - racks_online))
    assert plan.summary["overdrawn"] == []


def test_emissions_limit_binds_across_months(planned):
    # Grid at 50 USD/MWh and 0.9, 0.6, 0.3 t/MWh in January, February, March: 7,440 x 0.9 + 6,720 x 0.6 + 7,440 x 0.3 = 12,960 t. Engines that stand
    # there: 80 USD/MWh and no carbon; they replace the dirtiest month first. Allowed: a quarter of 16,992 = 4,248 t, that is all of January replaced
    # (6,696 t) and half of February (2,016 t): (7,440 + 3,360) MWh x 30 = 324,000 USD over 21,600 x 50 = 1,080,000 USD.
    carbon = "month,hour,kg\n" + "".join(f"{month},{hour},{ {1: 900, 2: 600}.get(month, 300) }\n" for month in range(1, 13) for hour in range(24))
    plan = planned({"grid": {"price": {"flat": "50 USD/MWh"}, "carbon": {"table": "carbon.csv"}}, "gas": GAS | {"price": "80 USD/MWh"},
                    "limits": {"emissions": "16992 tonne_CO2e/year"}, "assets": [ENGINE], "catalog": {"fuel": {"natural_gas_carbon": "0 kg_CO2e/MMBtu"}}},
                   files={"carbon.csv": carbon})
    assert parts(plan) == {"operation": near(1_404_000)}
    assert plan.phases.grid_energy_mwh.tolist() == [pytest.approx(0, abs=1e-2), near(3_360), near(7_440)]
    assert total(plan, "carbon_tonne_co2e") == near(4_248)
    assert plan.summary["overdrawn"] == []


@pytest.mark.parametrize(("price", "chosen", "cost"), [
    pytest.param(20_000, "all_test_rack", 200_000, marks=pytest.mark.slow), (23_000, "all_air_rack", 216_000)])
def test_air_or_liquid_by_price(planned, price, chosen, cost):
    # Air racks need chillers at COP 5: 2 MW x 2,160 h x 50 USD = 216,000 USD, or 21,600 USD for each of ten liquid racks.
    air = {"like": "hgx_b200_air", "accelerators_per_rack": "100", "rack_power_peak": "1 MW"}
    plan = planned({"grid": {"price": {"flat": "50 USD/MWh"}}, "fleet": fleet(variants=["test_rack", "air_rack"]),
                    "cooling": {"allow": ["dry_cooler", "water_cooled_chiller"]}, "catalog": {
                        "test_rack": {"rack_price": f"{price} USD", "life": PLAN_LIFE}, "air_rack": air, "water_cooled_chiller": {"cop_maximum": "5"}}})
    assert bought(plan, chosen) == {"2030-01-01": 10}
    assert plan.summary["net_present_cost_usd"] == near(21_600 * 50 + cost)


# Money -----------------------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("given", "cost"), [({"status": "existing"}, 0), ({"status": "committed"}, 1_000_000),
                                             ({"status": "committed", "capital": "400 kUSD"}, 400_000)])
def test_existing_is_sunk_and_committed_is_charged(planned, given, cost):
    # One unit of 10 MW that comes anyway: nothing, the catalogue's 100 USD/kW, or what the order says. None is bought beside it.
    unit = {"name": "first", "technology": "ups", "units": 1, "in_service": date(2030, 1, 1)}
    plan = planned({"assets": [unit | given], "catalog": {"ups": {"capital_cost": "100 USD/kW", "unit_size": "10 MW", "life": PLAN_LIFE}}})
    assert bought(plan, "ups") == {}
    assert plan.summary["net_present_cost_usd"] == near(cost)
    assert plan.summary["capital_usd"] == plan.summary["committed_capital_usd"] == near(cost)


def test_what_is_committed_is_no_part_of_the_capital_of_a_year(planned):
    # 1 MUSD is on order, and nothing may be spent: racks and all else are free here.
    unit = {"name": "first", "technology": "ups", "units": 1, "in_service": date(2030, 1, 1), "status": "committed"}
    plan = planned({"assets": [unit], "limits": {"capital_per_year": "0 USD/year"},
                    "catalog": {"ups": {"capital_cost": "100 USD/kW", "unit_size": "10 MW", "life": PLAN_LIFE}}})
    assert plan.summary["committed_capital_usd"] == near(1_000_000)
    assert plan.summary["accelerators_online"] == 1000


@pytest.mark.parametrize(("technology", "own"), [
    pytest.param("ups", {"unit_size": "10 MW"}, marks=pytest.mark.slow), ("battery", {"unit_size": "1 MW", "energy": "1 MWh"})])
def test_every_committed_unit_is_charged(planned, technology, own):
    # What was ordered for 1,000,000 USD costs that, of whatever size and technology.
    unit = {"name": "first", "technology": technology, "units": 1, "status": "committed", "capital": "1 MUSD", "in_service": date(2030, 1, 1)}
    plan = planned({"assets": [unit | own], "power": {"allow": ["battery"]}, "catalog": {technology: {"life": PLAN_LIFE}}})
    assert parts(plan) == {"capital_less_salvage": near(1_000_000)}


def test_a_free_battery(planned):
    assert parts(planned({"power": {"allow": ["battery"]}, "catalog": {"battery": {"capital_cost_power": "0 USD/kW"}}})) == {}


def test_what_reaches_its_end_is_bought_again(planned):
    # A UPS of 10 years in service since 1 February 2020 goes on 1 February 2030: 10 MW x 100 USD/kW, of which 59 days of 10 years are used.
    unit = {"name": "old", "technology": "ups", "units": 1, "status": "existing", "in_service": date(2020, 2, 1)}
    plan = planned({"assets": [unit], "catalog": {"ups": {"capital_cost": "100 USD/kW", "unit_size": "10 MW", "life": "10 year"}}})
    assert bought(plan, "ups") == {"2030-02-01": 1}
    assert parts(plan) == {"capital_less_salvage": near(1_000_000 * 59 / 3650)}


def test_what_wears_out_within_the_plan_is_bought_twice(planned):
    # A UPS of 58 days serves January and February, 59 days, and pays for them; the next one, bought on 1 March, for 31: 1,000,000 x 90 / 58 USD.
    plan = planned({"catalog": {"ups": {"capital_cost": "100 USD/kW", "unit_size": "10 MW", "life": "58 day"}}})
    assert bought(plan, "ups") == {"2030-01-01": near(1), "2030-03-01": near(1)}
    assert parts(plan) == {"capital_less_salvage": near(1_000_000 * 90 / 58)}


def test_spend_curve_salvage_and_fixed_cost_with_discount(planned):
    # A UPS, 1,000,000 USD, in service on 1 March after 59 days: a quarter paid 14.75 days after the plan's start, the rest 44.25 days after it.
    # On 1 April, 90 days after the start, it has served 31 days of 6 months (182.5 days): what is left is the annuity of the rest over the whole.
    # Fixed: 12 USD/kW a year for a twelfth of it, in the middle of March, 74.5 days after the start.
    wanted = [{"by": date(2030, 3, 1), "count": "1000 accelerator"}]
    plan = planned({"finance": {"discount_rate": "8 %/year"}, "fleet": fleet(wanted=wanted), "catalog": {"ups": {
        "capital_cost": "100 USD/kW", "fixed_cost": "12 USD/kW/year", "lead_time": "59 day", "life": "6 month", "spend_curve": "0.25/0.75"}}})

    def worth(days):
        return 1.08 ** (-days / 365)

    left = (1 - worth(182.5 - 31)) / (1 - worth(182.5))
    assert bought(plan, "ups") == {"2030-03-01": near(1)}
    assert parts(plan) == {"capital_less_salvage": near(1e6 * (0.25 * worth(14.75) + 0.75 * worth(44.25) - left * worth(90))),
                           "fixed": near(10_000 * worth(74.5))}


# No plan ---------------------------------------------------------------------------------------------------------------------------------------

def refusal(*lines):
    return "\n".join(("no plan exists: these limits cannot hold together", "  (the cheapest set of limits to relax; others may take part)", *lines,
                      "  = help: relax them in the site file, or move their dates"))


def test_no_plan_when_a_lead_time_passes_the_latest_date(planned):
    # Racks need 45 days and come on 1 March; 1,000 accelerators are due on 1 February.
    with pytest.raises(NoPlan) as found:
        planned({"fleet": fleet(latest=[{"by": date(2030, 2, 1), "count": "1000 accelerator"}]), "catalog": racks(lead_time="45 day")})
    assert str(found.value) == refusal("  all at the latest (fleet.latest), 2030-02 from 2030-02-01: short by 1,000 accelerator",
        "    racks: all_test_rack takes 45 days from the plan's start, so there from 2030-02-15 on, in service with phase 2030-03")


@pytest.mark.parametrize("due", [date(2030, 2, 15), pytest.param(date(2030, 3, 15), marks=pytest.mark.slow)])
def test_no_plan_when_the_latest_date_lies_within_a_phase(planned, due):
    # Racks need 50 days: no plan can have them by 15 February. With 85 days they come after the plan's end, and none can have them by 15 March.
    days = {2: 50, 3: 85}[due.month]
    with pytest.raises(NoPlan):
        planned({"fleet": fleet(latest=[{"by": due, "count": "1000 accelerator"}]), "catalog": racks(lead_time=f"{days} day")})


@pytest.mark.parametrize(("count", "short"), [pytest.param(1000, 1000, marks=pytest.mark.slow), (900, 500)])
def test_no_plan_when_land_is_too_small(planned, count, short):
    # A hall of 10 MW at 0.5 m2/kW takes 5,000 m2. 4,000 m2 are short by 1,000. 4,500 m2 would do for 0.9 of a hall and 900 accelerators,
    # but a hall is whole: short by 500.
    with pytest.raises(NoPlan) as found:
        planned({"limits": {"land": f"{5000 - short} m2"}, "catalog": {"hall": {"land": "0.5 m2/kW"}},
                 "fleet": fleet(latest=[{"by": date(2030, 1, 1), "count": f"{count} accelerator"}])})
    assert str(found.value) == refusal(f"  land (limits.land), 2030-01 to 2030-03 from 2030-01-01: short by {short:,} m2 in each")


# Prices ----------------------------------------------------------------------------------------------------------------------------------------

def test_a_mwh_more_costs_what_the_dearest_source_asks(planned):
    # the grid gives 8 of 10 MW at 50 USD/MWh; the rest is not worth shedding, so the engine runs at 1 MWh of gas a MWh, 70 USD
    changes = {"grid": {"stages": [GRID | {"capacity": "8 MW"}], "price": {"flat": "50 USD/MWh"}}, "gas": GAS | {"price": "70 USD/MWh"}, "assets": [ENGINE]}
    plan = planned(changes)
    assert plan.dataset.electricity_price.attrs["units"] == "USD/MWh"
    by_hour = plan.dataset.electricity_price.values
    assert by_hour[np.isfinite(by_hour)] == pytest.approx(np.full(2160, 70.0), abs=1e-3)


def test_a_limit_is_worth_what_a_unit_more_would_save(planned):
    # 11 MW wanted, room for 10: a MW of hall more would save 100 accelerators x 2160 h x 1 USD = 216,000 USD
    plan = planned({"fleet": fleet(wanted=[{"by": date(2030, 1, 1), "count": "1100 accelerator"}])})
    prices = plan.dataset.sel(limit=["hall room for air and liquid racks", "hall room for liquid racks"])
    assert prices.limit_unit.values.tolist() == ["MW", "MW"]
    assert float(prices.limit_price_relaxed.sum()) == near(216_000)
    assert plan.dataset.limit_price_relaxed.attrs["units"] == "USD per limit_unit"


def test_room_in_halls_that_can_be_bought_is_a_price_and_no_limit(planned):
    # 10 MW in halls of 4 MW: three whole halls of the four that may be built, with 2 MW of room to spare. A MW of room more is worth what a MW of hall
    # costs, 100 USD/kW, 0.1 MUSD. Where no more than two may be built it is worth the waiting that it ends: 216,000 USD a MW.
    changes = {"catalog": {"hall": {"capital_cost": "100 USD/kW", "life": PLAN_LIFE}}}
    plan = planned(changes | {"halls": [HALL | {"it_capacity": "4 MW", "most": 4}]})
    assert bought(plan, "hall_one") == {"2030-01-01": 3}
    assert {held.split(" from ")[0] for held in plan.summary["held_back_by"]} <= {f"the price of {name}" for name in limits.HALL_ROOM}
    plan = planned(changes | {"halls": [HALL | {"it_capacity": "4 MW", "most": 2}]})
    assert {held.split(" from ")[0] for held in plan.summary["held_back_by"]} <= set(limits.HALL_ROOM)
    assert plan.summary["held_back_by"]
