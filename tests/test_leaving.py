"""What leaves a plan: numbers without the rounding of a solver, a verdict that names what is there, dates and phases that agree."""

from datetime import date

import numpy as np
import pytest
from dcplan.models.horizon import HOURS_PER_YEAR
from dcplan.planner import optimize, verdict, verify
from dcplan.planner.assemble import build_case
from dcplan.planner.dataset import _by_hour
from dcplan.planner.dispatch import Dispatch, Operation
from dcplan.planner.investment import Investment
from dcplan.planner.meanings import of_column
from dcplan.planner.results import Outcome, clean
from dcplan.planner.tables import tables
from dcplan.planner.verdict import _feeding
from small import GRID, START, small_site


def test_clean_numbers_are_rounded_to_a_watt_and_nothing_is_hidden():
    values = clean(np.array([-5.9e-12, 4e-7, -1e-3, 12.3456789, np.nan]))
    assert values.tolist()[:4] == [0.0, 0.0, -1e-3, 12.345679]
    assert np.isnan(values[4])
    assert not np.signbit(values[0])


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return build_case(small_site(tmp_path_factory.mktemp("case"), {"power": {"allow": ["solar_pv"]}}))


def test_the_dispatch_leaves_clean(case):
    hourly = np.full(HOURS_PER_YEAR, 10.0)
    hourly[:3] = -5.9e-12, -2e-3, 9.99999999
    operation = Operation({("ups", "loss"): hourly})
    outcome = Outcome(case, None, Dispatch({phase.index: {0: operation} for phase in case.phases}, {}, ()), None)  # type: ignore[arg-type]
    made = _by_hour(outcome, lambda operation: operation.hourly["ups", "loss"])
    assert made is not None
    assert made[1][0, :4].tolist() == [0.0, np.float32(-2e-3), 10.0, 10.0]


@pytest.mark.parametrize(("sun", "grid", "told"), [  # MW given by the sun and the stage in every hour; 3,000 MW and 1,000 MW of them
    (0.0, 10.0, "grid stage main 1,000 MW, in reserve solar pv 3,000 MW"), (10.0, 0.0, "solar pv 3,000 MW, in reserve grid stage main 1,000 MW"),
    (4.0, 6.0, "grid stage main 1,000 MW, solar pv 3,000 MW"), (0.0, 0.0, "solar pv 3,000 MW, grid stage main 1,000 MW")])
def test_the_verdict_names_first_what_gives_most(case, sun, grid, told):
    online = {asset.name: np.zeros(len(case.phases)) for asset in case.assets}
    unit = next(asset.unit_size for asset in case.assets if asset.name == "solar_pv")
    online |= {"solar_pv": np.full(len(case.phases), 3000 / unit), "grid_main": np.ones(len(case.phases))}
    hourly = {key: np.full(HOURS_PER_YEAR, value) for key, value in {
        ("solar_pv", "generation"): sun, ("grid_main", "taken"): grid, ("grid_main", "loss"): 0.0, ("grid_main", "given_back"): 0.0}.items()}
    outcome = Outcome(case, Investment(case, {}, online, {}), Dispatch({case.phases[-1].index: {0: Operation(hourly)}}, {}, ()),
                      None)  # type: ignore[arg-type]
    assert _feeding(outcome, case.phases[-1]) == told


def test_the_verdict_names_the_reserve_beside_four_that_give(monkeypatch):
    # Five give 5, 4, 3, 2 and 1 MWh: the last is not named; what gives nothing is, whatever its rank.
    sizes = dict.fromkeys(("a", "b", "c", "d", "e", "standby"), 10.0)
    monkeypatch.setattr(verdict, "_sizes", lambda *_: sizes)
    monkeypatch.setattr(verdict, "_energy", lambda *_: dict(zip(sizes, (5.0, 4.0, 3.0, 2.0, 1.0, 0.0), strict=True)))
    assert verdict._feeding(None, None) == "a 10 MW, b 10 MW, c 10 MW, d 10 MW, in reserve standby 10 MW"  # type: ignore[arg-type]


@pytest.mark.parametrize(("sun", "grid", "told"), [  # MW of sun in service, stages of 1000 MW
    (0.0, 1.0, "grid stage main 1,000 MW"), (1e-5, 1.0, "grid stage main 1,000 MW"), (0.9, 1.0, "grid stage main 1,000 MW"),
    (1.5, 1.0, "grid stage main 1,000 MW, solar pv 1.5 MW"),
    (0.25, 0.0, "solar pv 0.25 MW"), (9.6, 0.0, "solar pv 10 MW"), (0.0, 0.0, "nothing")])
def test_the_verdict_names_what_is_there(case, sun, grid, told):
    online = {asset.name: np.zeros(len(case.phases)) for asset in case.assets}
    unit = next(asset.unit_size for asset in case.assets if asset.name == "solar_pv")
    online |= {"solar_pv": np.full(len(case.phases), sun / unit), "grid_main": np.full(len(case.phases), grid)}
    outcome = Outcome(case, Investment(case, {}, online, {}), Dispatch({}, {}, ()), None)  # type: ignore[arg-type]
    assert _feeding(outcome, case.phases[-1]) == told


def test_units_on_order_stand_in_the_first_phase_that_they_serve_whole(tmp_path):
    # A stage on order for 15 February: by its own date in service then, carrying power from the second quarter on.
    more = GRID | {"name": "more", "capacity": "5 MW", "available_from": date(2030, 2, 15), "status": "committed", "cost": "1 MUSD"}
    end = date(2030, 7, 1)
    plan = optimize(small_site(tmp_path / "site", {
        "plan": {"start": START, "end": end, "steps": [{"until": end, "step": "quarter"}], "resolution": "sampled"},
        "grid": {"stages": [GRID, more]}}), workers=1)
    row = plan.builds.set_index("technology").loc["grid_more"]
    assert (row["phase"], row["in_service"]) == ("2030Q2", "2030-02-15")
    assert plan.dataset["capacity"].sel(asset="grid_more").values.tolist() == [0.0, 5.0]
    assert plan.phases["capital_usd"].tolist()[1] >= 1e6
    assert verify(plan.save(tmp_path / "plan")).ok
    assert of_column("builds", "phase", {}) == (
        "first phase that it serves whole, from which on the plan counts it; that after `in_service` where that lies within a phase")
    assert of_column("builds", "in_service", {}) == "first day of service: of an option that of its phase, of what is there or on order by the site file"


@pytest.mark.parametrize("resolution", ["sampled", "full"])
def test_the_verdict_and_the_table_of_limits_have_one_price(tmp_path, resolution):
    """No water for a tower: nothing is built. A quarter's right is 750 m3 of 3000 a year; a hundredth more of it is what the verdict says."""
    site = small_site(tmp_path, {"cooling": {"allow": ["open_tower"]}, "water": {"right": "3000 m3/year"}, "plan": {"resolution": resolution}})
    plan = optimize(site, workers=1)
    prices = plan.dataset["limit_price_relaxed"].sel(limit="water right").values
    saved = float(np.nansum(prices)) * 750 / 100
    assert saved > 0
    assert f"water right from 2030-01 (1 % more throughout would save {saved:,.0f} USD)" in plan.summary["held_back_by"]


def test_phases_hold_what_may_be_in_service_and_say_what_it_is(tmp_path):
    # Turbines that stand, and others like them that are never bought; a pipeline in MW of fuel; a battery in MW and MWh.
    pipes = [{"name": "lateral", "capacity": "90 MW", "available_from": START, "status": "existing"}]
    there = {"units": 1, "unit_size": "4 MW", "status": "existing", "in_service": START}
    assets = [{"name": "turbines", "technology": "aeroderivative_turbine", **there}, {"name": "store", "technology": "battery", "energy": "8 MWh", **there}]
    plan = optimize(small_site(tmp_path, {"assets": assets, "gas": {"price": "10 USD/MWh", "pipelines": pipes}, "plan": {"resolution": "sampled"},
                                          "power": {"allow": ["aeroderivative_turbine", "diesel_standby", "solar_pv"]}}), workers=1)
    held = {str(name).removeprefix("phase_"): values.attrs["long_name"] for name, values in plan.dataset.data_vars.items()
            if str(name).startswith(("phase_supply_", "phase_plant_"))}
    assert {name: told for name, told in held.items() if bool((plan.phases[name] > 0).any()) and "transformer" not in name and "ups" not in name} == {
        "supply_grid_main_mw": "power supply in service: main, a stage of the grid",
        "plant_gas_lateral_mw": "fuel that a pipeline in service brings at most, by its higher heating value: lateral",
        "supply_turbines_mw": "power supply in service: turbines, aeroderivative turbine",
        "supply_store_power_mw": "power supply in service: store, battery",
        "supply_store_energy_mwh": "power supply in service, its energy: store, battery"}
    assert {name for name in plan.phases if name.startswith(("supply_", "plant_"))} == set(held)
    assert held["supply_aeroderivative_turbine_mw"] == "power supply in service: aeroderivative turbine"
    explained = next(table for table in tables(plan) if table.name == "columns").frame.set_index(["table", "column"])["meaning"]
    assert explained["phases", "supply_turbines_mw"] == held["supply_turbines_mw"]
