"""What is bought in parts so small that nobody would order them is left out, where the plan holds without it and hardly costs more."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from dcplan.planner import highs, optimize, tidy, verify
from dcplan.planner.assemble import build_case
from dcplan.planner.highs import compile_model
from dcplan.planner.programme import MILLION, build_programme
from small import ideal, merged, small_site

SUNNY = {"power": {"allow": ["solar_pv"]}, "grid": {"price": {"flat": "50 USD/MWh"}}}


def planned(folder, resolution, size, gap):
    changes = {**SUNNY, "plan": {"resolution": resolution, "mip_gap": gap}, "sizes": [{"technology": "solar_pv", **size}]}
    return optimize(small_site(folder, changes, sun=800), workers=1)


def bought(plan):
    return plan.builds[plan.builds.technology == "solar_pv"].capacity.tolist()


@pytest.mark.parametrize("resolution", ["full", "sampled"])
def test_dust_is_left_out(tmp_path, resolution):
    # Free sun pays however little of it there may be. 0.002 MW is less than 0.1 % of 10 MW of IT and saves at most 0.002 x 2160 h x 50 USD = 216 USD
    # of 1,080,000, less than a tenth of a gap of 1 %.
    plan = planned(tmp_path, resolution, {"maximum": "0.002 MW"}, "1 %")
    assert bought(plan) == []
    assert plan.summary["net_present_cost_usd"] == pytest.approx(1_080_000)
    assert plan.summary["gap"] <= 0.01
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


@pytest.mark.parametrize(("size", "gap", "kept"), [
    ({"maximum": "0.002 MW"}, "0.0001 %", 0.002),   # it saves more than a tenth of this gap
    ({"maximum": "0.02 MW"}, "1 %", 0.02),          # 0.2 % of 10 MW of IT is no dust
    ({"fixed": "0.002 MW"}, "1 %", 0.002),   # the site asks for it
])
def test_what_is_no_dust_or_is_needed_stays(tmp_path, size, gap, kept):
    assert bought(planned(tmp_path, "full", size, gap)) == [pytest.approx(kept, abs=1e-6)]


DEAR = [{"price": "30 USD/MWh"}, {"price": "190 USD/MWh", "hours": list(range(12, 20))}]
STORE = {"power": {"allow": ["battery"]}, "grid": {"price": {"time_of_use": DEAR}}}


@pytest.mark.parametrize("resolution", ["full", "sampled"])
def test_energy_of_a_store_goes_with_its_power(tmp_path, resolution):
    # Eight dear hours of 0.002 MW: power is dust, and its energy of 0.016 MWh, which is more than 0.1 % of 10 MW, is of no use without it.
    changes = {**STORE, "plan": {"resolution": resolution, "mip_gap": "1 %"}, "sizes": [{"technology": "battery", "maximum": "0.002 MW"}]}
    plan = optimize(small_site(tmp_path, changes), workers=1)
    assert [name for name in plan.builds.technology if name.startswith("battery")] == []


@pytest.mark.parametrize(("power", "energy", "made"), [  # MW and MWh by month
    ([2, 0, 1], [0, 8, 0], ([0, 2, 1], [0, 8, 0])), ([0, 0, 2], [8, 0, 1], ([0, 0, 2], [0, 0, 9])), ([2, 0, 0], [0, 0, 0], ([0, 0, 0], [0, 0, 0])),
    ([0, 2, 0], [0, 8, 0], None)])
def test_parts_of_a_store_wait_for_each_other(tmp_path, power, energy, made):
    programme = build_programme(build_case(small_site(tmp_path, STORE)), None)
    arrays = compile_model(programme.model)
    places = {id(column): number for number, column in enumerate(arrays.columns)}
    builds = [[places[id(var)] for var in programme.asset(f"battery_{part}").build.values()] for part in ("power", "energy")]
    values = np.zeros(len(arrays.columns))
    values[builds[0]], values[builds[1]] = power, energy
    dust = tidy._dust(programme, arrays, values)
    assert (dust == {}) == (made is None)
    left = tidy._without(programme, arrays, values, dust)
    assert ([*left[builds[0]]], [*left[builds[1]]]) == (made or (power, energy))


@pytest.mark.parametrize(("power", "least", "left", "saved"), [
    (0, None, 0, 800),      # MW that must be, MWh that the site asks for, MWh left, USD: 8 MWh at 100 USD/MWh, of a life that ends with the plan
    (2, None, 8, 0),
    (0, "8 MWh", 8, 0),
])
def test_energy_whose_power_never_comes_is_left_out_without_operating(tmp_path, power, least, left, saved):
    catalog = merged(ideal(), {"battery": {"capital_cost_power": "1 USD/kW", "capital_cost_energy": "0.1 USD/kWh", "life": "90 day"}})
    sizes = [{"technology": "battery", "minimum_energy": least}] if least else []
    programme = build_programme(build_case(small_site(tmp_path, {**STORE, "sizes": sizes}, catalog=catalog)), None)
    arrays = compile_model(programme.model)
    places, lower = {id(column): number for number, column in enumerate(arrays.columns)}, arrays.lower.copy()
    for part, size in (("power", power), ("energy", 8)):
        lower[places[id(programme.asset(f"battery_{part}").build[0])]] = size
    solver = highs.load(replace(arrays, lower=lower), relaxed=True, solver="simplex")
    highs.run(solver)
    values = highs.values(solver)
    master = SimpleNamespace(arrays=arrays, investment_cost=lambda x: arrays.cost @ x * MILLION)
    found: Any = SimpleNamespace(programme=programme, master=master, plan=values, cost=0.0)
    tidy.without_idle(found)
    assert [found.plan[places[id(var)]] for var in programme.asset("battery_energy").capacity.values()] == pytest.approx([left] * 3)
    assert -found.cost == pytest.approx(saved)
