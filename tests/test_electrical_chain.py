"""The electrical chain by hand: stages in series, topologies, units and losses that follow from them, direct current to the racks."""

from dataclasses import replace
from types import SimpleNamespace
from typing import get_args

import numpy as np
import pytest
from dcplan.models.catalog import load_catalog
from dcplan.models.fleet.racks import rack
from dcplan.models.physics.electrical import efficiency, idle_reserve, in_series, largest_output
from dcplan.models.power.chain import CHAINS, chain_efficiency, inlet_ratio, marginal_input
from dcplan.models.power.conversion import conversion
from dcplan.models.power.topology import AC, DC, DOUBLE_CONVERSION, ECO, RULES, Electrical, topology
from dcplan.models.tangents import curve_tangents
from dcplan.planner import optimize, verify
from dcplan.planner.verification import electrical as again
from dcplan.sites.schema import ChainRule
from dcplan.sites.schema import Electrical as SiteElectrical
from hypothesis import given, settings
from hypothesis import strategies as st
from small import FLEET, START, ideal, merged, small_site
from test_bad_input import assert_problem, only, place, site_file

PLAN_LIFE = "90 day"
UNIT = (0.01, 0.0, 0.04)  # a UPS with 1 % without load and 4 % by the square of the load
shares = st.floats(0.0, 0.05)
stage_lists = st.lists(st.tuples(shares, shares, shares), min_size=1, max_size=4)


def near(value, tolerance=1e-9):
    return pytest.approx(value, rel=tolerance, abs=tolerance)


# Stages ----------------------------------------------------------------------------------------------------------------------------------------

def test_two_stages_in_series_by_hand():
    # At the load 0.01 + 0.02 x 0.5^2 = 0.015; before it 0.515 passes and 0.005 + 0.01 x 0.515^2 = 0.00765225 is lost: together 0.02265225.
    assert in_series((0.01, 0.0, 0.02), (0.005, 0.0, 0.01))(0.5) == near(0.02265225)


def test_a_part_that_idles_by_hand():
    # Of 3 units 2 carry 0.4 of all, 0.6 each: 2/3 (0.01 + 0.04 x 0.36) + 1/3 x 0.01 = 0.0196; shared by all it is 0.01 + 0.04 x 0.16 = 0.0164.
    assert idle_reserve(in_series(UNIT), 2 / 3)(0.4) == near(0.0196)
    assert in_series(UNIT)(0.4) == near(0.0164)


def test_what_stages_behind_a_unit_leave_of_its_rating():
    # u + 0.02 u^2 = 1: u = (sqrt(1.08) - 1) / 0.04.
    assert largest_output(in_series((0.0, 0.0, 0.02))) == near((1.08**0.5 - 1) / 0.04)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(stage_lists, st.floats(0.0, 1.0), st.floats(0.3, 1.0))
def test_energy_in_is_energy_out_and_losses(stages, load, carrying):
    out, lost = load, []
    for a, b, c in stages:  # a stage gives `out` and takes as much and its own loss
        lost.append(a + b * out + c * out**2)
        out += lost[-1]
    curve = in_series(*stages)
    assert load + curve(load) == near(out)
    assert curve(load) == near(sum(lost))
    split = idle_reserve(curve, carrying)
    assert split(load) == near(carrying * curve(load / carrying) + (1 - carrying) * curve(0.0))
    assert split(load) >= curve(load) - 1e-12  # an idle reserve never loses less


@settings(deadline=None, max_examples=60, derandomize=True)
@given(stage_lists, st.floats(0.0, 1.0))
def test_tangents_lie_below_and_touch(stages, load):
    curve = in_series(*stages)
    lines = curve_tangents(curve, (0.3, 0.6))
    assert max(line.capacity_weight + line.load_weight * load for line in lines) <= curve(load) + 1e-12
    assert lines[0].capacity_weight + lines[0].load_weight * 0.3 == near(curve(0.3))


@settings(deadline=None, max_examples=60, derandomize=True)
@given(stage_lists, st.floats(0.0, 1.0))
def test_the_check_finds_the_same_series(stages, load):
    curve, (loss, slope) = in_series(*stages), again.series(stages)(load)
    assert (curve(load), curve.deriv()(load)) == (near(loss), near(slope))


def test_a_unit_is_rated_for_what_is_lost_behind_it():
    part = conversion(None, "in", "out", topology("N"), ((0.0, 0.0, 0.02),), (UNIT,))  # type: ignore[arg-type]
    assert [term.coefficient for term in part_use(part)] == [near(0.04 / (1.08**0.5 - 1))]
    # 0.5 at the rack loses 0.005 on the way; the unit gives 0.505 and loses 0.01 + 0.04 x 0.505^2 = 0.020201.
    assert part.loss_curve(0.5) == near(0.005 + 0.020201)
    # Its tangents are of that curve: each touches it, and twice the loss has twice the slope.
    for line, twice in zip(part.tangents, replace(part, loss_curve=2 * part.loss_curve).tangents, strict=True):
        assert min(part.loss_curve(load / 100) - line.capacity_weight - line.load_weight * load / 100 for load in range(101)) == near(0.0)
        assert twice.load_weight == near(2 * line.load_weight)


def part_use(part):
    """What the capacity row of a component holds."""
    return replace(part, asset=SimpleNamespace(name="ups")).loadings({})[0].terms


# Topologies ------------------------------------------------------------------------------------------------------------------------------------

TABLE = {  # units of a set, of which needed, spare in each hall, whether what is not needed idles
    "N": (1, 1, 0, False), "N+1": (1, 1, 1, False), "N+2": (1, 1, 2, False), "2N": (2, 1, 0, False), "block 3 to make 2": (3, 2, 0, True),
    "block 4 to make 3": (4, 3, 0, True), "distributed 3 to make 2": (3, 2, 0, False), "distributed 4 to make 3": (4, 3, 0, False)}


@pytest.mark.parametrize("rule", RULES)
def test_topologies(rule):
    shape = topology(rule)
    assert (shape.units, shape.needed, shape.spare, shape.idle) == TABLE[rule]
    assert again.carrying(rule) == (shape.needed, shape.units)
    assert shape.share == TABLE[rule][1] / TABLE[rule][0]


@pytest.mark.parametrize(("rule", "rating", "loss"), [
    ("N", 10, 0.356), ("2N", 20, 0.328), ("distributed 3 to make 2", 15, 0.32067), ("block 3 to make 2", 15, 0.406),
    ("distributed 4 to make 3", 40 / 3, 0.32533), ("block 4 to make 3", 40 / 3, 0.38933)])
def test_loss_of_8_mw_behind_each_topology(rule, rating, loss):
    # A plant that can carry 10 MW, at 8 MW. N: 0.01 x 10 + 0.04 x 8^2 / 10 = 0.1 + 0.256. 2N, at 40 %: 0.01 x 20 + 0.04 x 8^2 / 20 = 0.2 + 0.128.
    # 3 to make 2, all at 53 %: 0.15 + 0.04 x 64 / 15 = 0.15 + 0.17067; with one idle the others at 80 %: 0.15 + 0.256. 4 to make 3: 0.13333 + 0.192
    # and 0.13333 + 0.256. Without load, 2N pays 0.2 MW, N 0.1 MW.
    shape = topology(rule)
    part = conversion(None, "in", "out", shape, (), (UNIT,))  # type: ignore[arg-type]
    assert rating * part.loss_curve(8 / rating) == near(loss, 2e-5)
    assert rating * part.loss_curve(0.0) == near(0.01 * rating)
    held = max(rating * line.capacity_weight + line.load_weight * 8 for line in part.tangents)
    assert loss - 0.006 <= held <= loss + 1e-5


def ups_rows(**rows):
    """A UPS with the loss of UNIT, as efficiency points."""
    points = {f"efficiency_{load}": repr(u / (u + UNIT[0] + UNIT[2] * u**2)) for load, u in ((10, 0.1), (25, 0.25), (50, 0.5), (75, 0.75), (100, 1.0))}
    return {"modular": "1", "unit_size": "10 MW", "capital_cost": "10 USD/kW", "life": PLAN_LIFE} | points | rows


def planned(folder, rule="N", rows=None, **changes):
    """The small site with 10 MW of IT at 80 % of its peak, under a rule for its UPS; ideal but for what is given."""
    tables = {"plan": {"resolution": "sampled"}, "fleet": [FLEET | {"utilisation": {"flat": "80 %"}}], "redundancy": {"ups": rule}}
    return optimize(small_site(folder, merged(tables, changes), catalog=merged(ideal(), {"ups": ups_rows(**(rows or {}))})), workers=1)


def bought(plan, technology):
    rows = plan.builds[plan.builds.technology == technology]
    return float(rows.units.sum())


@pytest.mark.parametrize(("rule", "units", "loss"), [("2N", 2, 0.328), pytest.param("N", 1, 0.356, marks=pytest.mark.slow)])
def test_2n_at_40_percent_pays_for_it(tmp_path, rule, units, loss):
    # As above: 2 units of 10 MW at 40 %, or one at 80 %; tangents lie at most 0.04 x 0.1^2 of the rating below.
    plan = planned(tmp_path, rule, {"capital_cost": "1 USD/kW"})
    assert bought(plan, "ups") == units
    hours = plan.dataset["ups_loss"].values[1]
    assert np.nanmax(hours) == np.nanmin(hours) == pytest.approx(loss, abs=0.0041)
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


@pytest.mark.parametrize(("rule", "units", "price"), [
    pytest.param("distributed 3 to make 2", 6, 10, marks=pytest.mark.slow), pytest.param("distributed 4 to make 3", 8, 10, marks=pytest.mark.slow),
    pytest.param("block 4 to make 3", 8, 55, marks=pytest.mark.slow), ("block 3 to make 2", 6, 50)])
def test_units_come_in_sets(tmp_path, rule, units, price):
    # 10 MW by 3 MW units. Sets of 3 carry 6 MW: 2 sets. Sets of 4 carry 9 MW: 2 sets. Block redundant, a kW of units has its share of transfer
    # switches at 60 USD/kW: 10 + 60 x 2/3 = 50 USD/kW, 10 + 60 x 3/4 = 55 USD/kW. A rack that waits costs 2.16 MUSD, more than any set.
    sizes = {"unit_size": "3 MW", **{f"efficiency_{load}": "1" for load in (10, 25, 50, 75, 100)}}
    folder = tmp_path / "site"
    dear = FLEET | {"value_of_compute": "10 USD/accelerator/hour", "value_of_lost_load": "100 USD/accelerator/hour"}
    tables = {"plan": {"resolution": "sampled"}, "fleet": [dear], "redundancy": {"ups": rule}}
    rows = {"ups": ups_rows(**sizes), "static_transfer_switch": {"capital_cost": "60 USD/kW"}}
    plan = optimize(small_site(folder, tables, catalog=merged(ideal(), rows)), workers=1)
    assert bought(plan, "ups") == units
    assert plan.summary["capital_usd"] == near(units * 3000 * price, 1e-6)
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


@pytest.mark.slow
def test_units_outside_whole_sets_do_not_count(tmp_path):
    # 7 units of 3 MW stand there; 6 of them are 2 sets of 3, which carry 12 MW. For 2N 4 on each path are needed: one more is bought.
    seven = [{"name": "first", "technology": "ups", "units": 7, "status": "existing", "in_service": START}]
    rows = {"unit_size": "3 MW", **{f"efficiency_{load}": "1" for load in (10, 25, 50, 75, 100)}}
    assert bought(planned(tmp_path / "2N", "2N", rows, assets=seven), "ups") == 8


# Direct current, eco mode ------------------------------------------------------------------------------------------------------------------------

def test_a_rack_fed_with_800_v_draws_less():
    # Shelf 97.5 %, converter 98.5 % at half their rating: 0.975 / 0.985 = 0.98985 of the power, but for how well a parabola meets the points.
    catalog = load_catalog()
    ac, dc = rack(catalog, "gb200_nvl72"), rack(catalog, "gb200_nvl72", direct_current=True)
    assert dc.power == near(ac.power * inlet_ratio(catalog))
    assert inlet_ratio(catalog) == pytest.approx(0.975 / 0.985, abs=0.003)
    # 60 USD/kW for the converter in place of 120 USD/kW for the shelf, for 132 x 1.1 x 1.05 = 152.46 kW.
    assert dc.price - ac.price == near(-60 * 152.46)


def test_direct_current_saves_from_the_campus_bus_to_the_chip():
    catalog = load_catalog()
    assert inlet_ratio(catalog) * marginal_input(catalog, Electrical(DC)) < marginal_input(catalog, Electrical())


def test_plan_with_800_v(tmp_path):
    # Rectifiers of UNIT in place of the UPS, a shelf of 96 % at any load, all else ideal: 8 MW of AC racks are 7.68 MW at the inlet, which lose
    # 0.1 + 0.04 x 7.68^2 / 10 = 0.3359 MW: PUE 8.0159 / 7.68 = 1.0437.
    shelf = {f"efficiency_{load}": "0.96" for load in (10, 25, 50, 75, 100)}
    rows = {"rectifier_800v": ups_rows(), "power_shelf": shelf}
    tables = {"plan": {"resolution": "sampled"}, "fleet": [FLEET | {"utilisation": {"flat": "80 %"}}], "electrical": {"chain": "800 V dc"}}
    plan = optimize(small_site(tmp_path / "site", tables, catalog=merged(ideal(), rows)), workers=1)
    assert (bought(plan, "rectifier_800v"), bought(plan, "ups")) == (1, 0)
    assert plan.summary["peak_it_mw"] == near(7.68, 1e-5)
    assert plan.summary["pue"] == pytest.approx(1.0437, abs=6e-4)
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


@pytest.mark.slow
@pytest.mark.parametrize(("mode", "loss"), [("eco", 0.1185), ("double conversion", 0.356)])
def test_eco_mode_loses_a_third(tmp_path, mode, loss):
    # 0.333 x 0.356 = 0.1185 MW at 80 % of 10 MW.
    rows = {"eco_loss_share": "0.333"}
    plan = planned(tmp_path / "site", "N", rows, electrical={"ups_mode": mode})
    assert np.nanmax(plan.dataset["ups_loss"].values) == pytest.approx(loss, abs=0.0041)
    plan.save(tmp_path / "plan")
    assert verify(tmp_path / "plan").ok


@pytest.mark.parametrize(("chosen", "passed"), [
    (Electrical(), 0.4 / 0.4164), (Electrical(ups_mode="eco"), 0.4 / (0.4 + 0.25 * 0.0164)), (Electrical(rules={"ups": "2N"}), 0.2 / 0.2116),
    (Electrical(rules={"ups": "block 3 to make 2"}), 0.4 / (0.4 + 0.0064 + 0.015)), (Electrical(DC), 1 / (1 + 0.05 * 0.4 * 0.9544512))])
def test_efficiency_of_the_chain_at_40_percent_of_what_units_may_carry(tmp_path, chosen, passed):
    # UNIT alone, all else ideal. N: 0.01 + 0.04 x 0.16 = 0.0164 lost for 0.4; in eco mode a quarter of that. 2N: units at 20 %, 0.01 + 0.0016 for
    # 0.2. 3 to make 2 with one idle: per MW of the two that carry 0.0064 by the load and 1.5 x 0.01 without. 800 V: 0.05 u^2 behind
    # the rectifier, which gives its rating at u = (sqrt(1.2) - 1) / 0.1 = 0.9544512.
    rows = {"ups": ups_rows(eco_loss_share="0.25"), "dc_distribution": {"loss": "0.05"}}
    catalog = small_site(tmp_path, catalog=merged(ideal(), rows)).catalog
    assert chain_efficiency(catalog, chosen, 0.4) == near(passed, 1e-6)


def test_efficiency_is_output_over_input():
    assert efficiency(in_series(UNIT), np.array([0.4, 0.8])) == near(np.array([0.4 / 0.4164, 0.8 / 0.8356]))


def test_the_site_file_and_the_models_know_the_same_words():
    assert get_args(ChainRule) == RULES
    assert get_args(SiteElectrical.model_fields["chain"].annotation) == tuple(CHAINS) == (AC, DC)
    assert get_args(SiteElectrical.model_fields["ups_mode"].annotation) == (DOUBLE_CONVERSION, ECO)


# Bad input --------------------------------------------------------------------------------------------------------------------------------------

def with_electrical(tmp_path, line, *changes):
    return site_file(tmp_path, ("[redundancy]", f"[electrical]\n{line}\n\n[redundancy]"), *changes)


def test_a_rule_that_is_none(tmp_path):
    path = site_file(tmp_path, ('ups = "N+1"', 'ups = "3N/2"'))
    problem = only(path)
    assert (problem.code, problem.key) == ("value", "redundancy.ups")
    assert problem.title == '"3N/2" is none of the choices'
    assert problem.detail.endswith('"distributed 3 to make 2" or "distributed 4 to make 3"')


def test_a_ups_is_no_part_of_800_v(tmp_path):
    path = with_electrical(tmp_path, 'chain = "800 V dc"', ('"aeroderivative_turbine"\nunits', '"ups"\nunits'))
    assert_problem(only(path), place(path, ['"ups"', 'units'][0]), "check-electrical", "assets[0].technology",
                   '"ups" is no part of the chain "800 V dc"', "leave the asset out, or set electrical.chain")


def test_800_v_has_no_eco_mode(tmp_path):
    path = with_electrical(tmp_path, 'chain = "800 V dc"\nups_mode = "eco"')
    assert_problem(only(path), place(path, '"eco"'), "check-electrical", "electrical.ups_mode",
                   'the chain "800 V dc" has no UPS to run in eco mode', "leave ups_mode out")


def test_a_ramp_is_power_over_time(tmp_path):
    path = with_electrical(tmp_path, 'utility_ramp = "50 MW"')
    assert_problem(only(path), place(path, '"50 MW"'), "unit", "electrical.utility_ramp", '"50 MW" is a power', 'write for example "50 MW/minute"')
