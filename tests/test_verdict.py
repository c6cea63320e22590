"""What the verdict says holds a plan back, and what it calls things: limits of the site, no prices of what is for sale; names that a reader can place."""

import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.planner import optimize
from dcplan.planner.verdict import _ended, _held
from dcplan.planner.worth import Worth
from small import FLEET, GRID, HALL, START, merged, small_site

PLAN_LIFE = "90 day"
GAS = {"price": "0 USD/MWh", "pipelines": [{"name": "pipe", "capacity": "100 MW", "available_from": START, "status": "existing"}]}
DEAR = {"capital_cost": "100 USD/kW", "life": PLAN_LIFE}
NOTHING = "; no racks are built, and the limit that holds it back most is "
WATER = "water right from 2030-01 (1 m3 more throughout would save at most "


@pytest.fixture(params=["full", "sampled"])
def planned(request, tmp_path):
    return lambda changes: optimize(small_site(tmp_path, merged({"plan": {"resolution": request.param}}, changes)))


@pytest.mark.parametrize("right", ["0 m3/year", "100 m3/year"])
def test_a_budget_of_next_to_nothing_is_named(planned, right):
    # Towers alone cool: a hundredth of no water is no water.
    plan = planned({"cooling": {"allow": ["open_tower"]}, "water": {"right": right}})
    assert plan.summary["installed_it_mw"] == 0
    assert NOTHING + WATER in plan.summary["verdict"]


SCARCE = {"limits": {"emissions": "1000 tonne_CO2e/year"}, "fleet": [FLEET | {"racks_per_pod": 10}]}
EMISSIONS = NOTHING + "emissions from 2030-01 (1 % more throughout would save "


def test_halls_that_may_be_bought_later_do_not_hold_back_a_plan_that_builds_nothing(planned):
    # Emissions carry 500 MWh of the quarter, a pod takes 14,000 in February and March; halls come after 20 days, and a MW of them costs 0.1 MUSD.
    plan = planned({"grid": {"stages": [GRID], "carbon": {"flat": "0.5 tonne_CO2e/MWh"}}, "halls": [HALL | {"lead_time": "20 day", "most": 3}],
                    "catalog": {"hall": DEAR}, **SCARCE})
    assert plan.summary["installed_it_mw"] == 0
    assert EMISSIONS in plan.summary["verdict"]


def test_plants_that_may_be_bought_do_not_hold_back_a_plan_that_builds_nothing(planned):
    plan = planned({"grid": {"stages": []}, "gas": GAS, "power": {"allow": ["reciprocating_engine"]},
                    "catalog": {"reciprocating_engine": DEAR, "fuel": {"natural_gas_carbon": "0.5 tonne_CO2e/MWh"}}, **SCARCE})
    assert plan.summary["installed_it_mw"] == 0
    assert EMISSIONS in plan.summary["verdict"]


def test_a_plan_that_pays_for_halls_and_plants_is_held_back_by_no_limit(planned):
    # 10 MW of halls and engines, as many as are wanted: what a MW more of either costs is a price.
    plan = planned({"grid": {"stages": []}, "gas": GAS, "power": {"allow": ["reciprocating_engine"]}, "halls": [HALL | {"it_capacity": "1 MW", "most": 20}],
                    "catalog": {"reciprocating_engine": DEAR, "hall": DEAR}})
    assert plan.summary["installed_it_mw"] == pytest.approx(10)
    assert ("; nothing is late; no limit of the site holds it back, and the price that does most is that of hall room for liquid racks from 2030-01 "
            "(1 MW more throughout would save 100,000 USD)." in plan.summary["verdict"])
    assert {one.split(" from ")[0] for one in plan.summary["held_back_by"]} >= {"the price of firm power in design hours"}


def test_a_limit_is_told_before_a_dearer_price(planned):
    # The stage of 8 MW comes for nothing, engines for more than the waiting of accelerators; land for 9 of 10 halls.
    plan = planned({"halls": [HALL | {"it_capacity": "1 MW", "most": 20}], "limits": {"land": "9000 m2"},
                    "catalog": {"hall": {"capital_cost": "1000 USD/kW", "life": PLAN_LIFE, "land": "1000 m2/MW"}},
                    "fleet": [FLEET | {"value_of_compute": "9 USD/accelerator/hour"}]})
    assert plan.summary["installed_it_mw"] == pytest.approx(9)
    assert "; the limit that holds it back most is land from 2030-0" in plan.summary["verdict"]
    assert "), the price that does is that of hall room for liquid racks from 2030-01 " in plan.summary["verdict"]


ENGINE = {"name": "engine", "technology": "reciprocating_engine", "units": 1, "unit_size": "10 MW", "status": "existing", "in_service": START}
HELD = {"grid": {"price": {"flat": "50 USD/MWh"}, "carbon": {"flat": "0.5 tonne_CO2e/MWh"}}, "limits": {"emissions": "21600 tonne_CO2e/year"}}


def with_engine(price):
    return {**HELD, "gas": {**GAS, "price": price}, "assets": [ENGINE], "catalog": {"fuel": {"natural_gas_carbon": "0 tonne_CO2e/MWh"}},
            "fleet": [FLEET | {"value_of_compute": "9 USD/accelerator/hour"}]}


@pytest.mark.parametrize(("changes", "told"), [
    (with_engine("130 USD/MWh"), []), (with_engine("150 USD/MWh"), ["10,800 USD"]),
    ({**with_engine("130 USD/MWh"), "halls": [HALL | {"it_capacity": "9 MW"}]}, ["8,640 USD"]),
    ({**HELD, "plan": {"objective": "speed"}, "fleet": [FLEET | {"critical_share": "0 %", "shed_allowance": "100 %",
                                                                 "value_of_lost_load": "1.4 USD/accelerator/hour"}]}, ["9,720 USD"])])
def test_what_is_worth_little_is_told_only_where_something_is_missed(planned, changes, told):
    # A quarter of 21,600 t: 5,400 t, 10,800 MWh at 0.5 t/MWh, half of what 10 MW take. 1 % more are 108 MWh from the grid at 50 USD in place of an
    # engine's without carbon: at 130 USD/MWh 8,640 USD, less than 10,000; at 150 USD/MWh 10,800. A hall of 9 MW leaves a rack of ten out. Without
    # an engine all come, as early as can be, and 100 accelerator-hours a MWh are shed at 1.4 USD: 108 x (140 - 50) = 9,720 USD.
    held = planned(changes).summary["held_back_by"]
    assert [one for one in held if one.startswith("emissions")] == [f"emissions from 2030-01 (1 % more throughout would save {usd})" for usd in told]


LAND = Worth("land", "2030-01", 17_280.0, "1 % more")
POWER = Worth("the price of firm power in design hours", "2030-02", 2_500_000.0, "1 MW more")
TOLD_LAND = "land from 2030-01 (1 % more throughout would save 17,280 USD)"
TOLD_POWER = "firm power in design hours from 2030-02 (1 MW more throughout would save 2.50 MUSD)"
NO_LIMIT = "no racks are built, and no limit of the site has a price: what it allows cannot power and cool the racks, or costs more than being late"


@pytest.mark.parametrize(("worth", "online", "told"), [
    ((LAND,), 9, f"held back most by {TOLD_LAND}"),
    ((LAND, POWER), 9, f"the limit that holds it back most is {TOLD_LAND}, the price that does is that of {TOLD_POWER}"),
    ((POWER,), 9, f"no limit of the site holds it back, and the price that does most is that of {TOLD_POWER}"),
    ((), 9, "no limit and no price holds it back"),
    ((LAND,), 0, f"no racks are built, and the limit that holds it back most is {TOLD_LAND}"),
    ((LAND, POWER), 0, f"no racks are built, and the limit that holds it back most is {TOLD_LAND}, the price that does is that of {TOLD_POWER}"),
    ((POWER,), 0, f"{NO_LIMIT}; the price that holds it back most is that of {TOLD_POWER}"),
    ((), 0, NO_LIMIT)])
def test_limits_and_prices_are_both_told(worth, online, told):
    assert _held({"accelerators_wanted": 10, "accelerators_online": online}, worth) == told


def test_supply_is_named_so_that_a_reader_can_place_it(tmp_path):
    # 10 MW: stages by their names, what is there by its name and technology, what is bought by its technology, 2.5 MW of it.
    stages = [GRID | {"name": "first_5", "capacity": "5 MW"}, GRID | {"name": "second", "capacity": "1.5 MW"}]
    there = {"name": "old", "technology": "reciprocating_engine", "units": 1, "unit_size": "1 MW", "status": "existing", "in_service": START}
    bought = {"capital_cost": "1 USD/kW", "life": "100 year"}
    plan = optimize(small_site(tmp_path, {"plan": {"resolution": "sampled"}, "grid": {"stages": stages}, "gas": GAS, "assets": [there],
                                          "power": {"allow": ["reciprocating_engine"]}, "catalog": {"reciprocating_engine": bought}}))
    assert ("fed by grid stage first_5 5 MW, reciprocating engine 2.5 MW, grid stage second 1.5 MW, old (reciprocating engine) 1 MW, "
            in plan.summary["verdict"])


def test_a_small_site_is_told_with_its_digits(tmp_path):
    # Ten racks of 4 kW for 2,160 h at 50 USD/MWh: 86.4 MWh, 4,320 USD.
    plan = optimize(small_site(tmp_path, {"plan": {"resolution": "sampled"}, "grid": {"price": {"flat": "50 USD/MWh"}},
                                          "catalog": {"test_rack": {"rack_power_peak": "4 kW"}}}))
    assert plan.summary["verdict"].startswith(
        "Small: 0.04 MW of IT installed from January 2030, in the highest hour 0.04 MW of IT load and 0.04 MW of facility load; cooled by dry cooler ")
    assert "fed by grid stage main 1,000 MW, at 4,320 USD net present cost; nothing is late; " in plan.summary["verdict"]


ENGINES = {"gas": GAS, "grid": {"stages": [GRID | {"capacity": "8 MW"}]}, "power": {"allow": ["reciprocating_engine"]},
           "plan": {"resolution": "sampled"}, "redundancy": {"plants": "N+1"}}
ALONE = '; redundancy.plants = "N+1" leaves nothing of reciprocating engine to rely on while there is grid: it is the only plant of generators.'


@pytest.mark.parametrize(("changes", "racks", "told"), [
    ({}, 8, True), ({"redundancy": {"plants": "N"}}, 10, False), ({"power": {"allow": ["reciprocating_engine", "aeroderivative_turbine"]}}, 10, False),
    ({"power": {"allow": ["diesel_standby"]}, "outage": {"duration": "4 hour"}}, 8, False), ({"grid": {"stages": [GRID]}}, 10, False)])
def test_that_the_only_plant_may_trip_is_told(tmp_path, changes, racks, told):
    # Racks of 1 MW, 8 MW of the grid. Engines give the other 2 MW for nothing, but not where they may trip as a whole, unless turbines are there for
    # them; standby sets do not run while there is grid.
    plan = optimize(small_site(tmp_path, merged(ENGINES, changes)))
    assert plan.summary["installed_it_mw"] == pytest.approx(racks)
    assert plan.summary["verdict"].endswith(ALONE) == ("leaves nothing" in plan.summary["verdict"]) == told


LEFT = {"resolution": "full", "objective": "cost", "net_present_cost_usd": 50e6, "gap": 0.0246, "sampled_cost_usd": 40e6}
OVER = " The time was over: this is the best plan so far, "
MORE_TIME = "; more time (--time-limit, plan.time_limit) may find one."


@pytest.mark.parametrize(("changes", "told"), [  # 2.46 % of 50 MUSD, or of 40 MUSD over sampled days
    ({"status": "optimal"}, ""), ({"status": "overdrawn"}, ""), ({"status": "failed"}, ""),
    ({"status": "time_limit"}, f"{OVER}another may cost up to 2.46 % (1.23 MUSD) less{MORE_TIME}"),
    ({"status": "time_limit", "objective": "speed"},
     f"{OVER}another that is as early may cost up to 2.46 % (1.23 MUSD) less{MORE_TIME}"),
    ({"status": "time_limit", "gap": None}, f"{OVER}how much less another may cost is not known{MORE_TIME}"),
    ({"status": "feasible"}, " The search could prove no more: this is the best plan so far, another may cost up to 2.46 % (1.23 MUSD) less; "
                             "more time will not help, a wider plan.mip_gap takes this plan as it is."),
    ({"status": "interrupted", "resolution": "sampled"},
     " The search was stopped: this is the best plan so far, another may cost up to 2.46 % (984,000 USD) less over sampled days; "
     "a run to the end may find one, and --checkpoint FILE keeps what a run has found for the next.")])
def test_a_search_that_did_not_come_to_its_end_is_told_with_the_gap_left(changes, told):
    assert _ended(LEFT | changes, (LEFT | changes)["resolution"]) == told


def test_a_plan_sized_on_sampled_days_in_place_of_every_hour_says_so():
    told = _ended(LEFT | {"status": "time_limit", "resolution": "sampled"}, "full")
    assert told == f"{OVER}another may cost up to 2.46 % (984,000 USD) less over sampled days, on which alone it is sized{MORE_TIME}"


def test_time_that_is_over_is_told_where_a_plan_is_shown(tmp_path):
    # 10 MW of heat, coolers of 4 MW at 5 USD/kW: three of them, 60,000 USD, where parts of units would be 50,000 USD: a sixth of the cost.
    coolers = {"modular": "1", "unit_size": "4 MW", "capital_cost": "5 USD/kW", "life": PLAN_LIFE}
    site = small_site(tmp_path, {"plan": {"resolution": "sampled"}, "catalog": {"dry_cooler": coolers}})
    optimize(site, time_limit=0.01).save(tmp_path / "plan")
    said = CliRunner().invoke(dcplan, ["show", str(tmp_path / "plan")]).stdout.splitlines()[0]
    assert said.endswith(f".{OVER}another may cost up to 16.67 % (10,000 USD) less over sampled days{MORE_TIME}")
