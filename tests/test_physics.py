"""Published points and properties of the physics."""

import numpy as np
import psychrolib
import pytest
from CoolProp.CoolProp import PropsSI
from CoolProp.HumidAirProp import HAPropsSI
from dcplan.models.catalog import load_catalog
from dcplan.models.fleet.racks import rack
from dcplan.models.money import annuity, capital_recovery, idle_accelerator_cost
from dcplan.models.physics.chillers import (
    biquadratic,
    chiller_curves,
    cop,
    full_load_capacity_ratio,
    part_load_coefficients,
    part_load_power,
    within_range,
)
from dcplan.models.physics.coolers import loop_share, pad_leaving_air
from dcplan.models.physics.electrical import loss_coefficients_from_points
from dcplan.models.physics.generation import derating
from dcplan.models.physics.psychrometrics import relative_humidity, standard_pressure, wet_bulb
from dcplan.models.physics.towers import tower_water
from dcplan.models.pieces import bends
from dcplan.models.tangents import LOWEST, power_tangents, quadratic_tangents, staged_tangents
from dcplan.planner.verification.operation import least_of_fans
from hypothesis import assume, given
from hypothesis import strategies as st


@pytest.mark.parametrize(("technology", "condenser", "published"), [
    ("water_cooled_chiller", 29.4, 5.50), ("air_cooled_chiller", 15, 4.63), ("air_cooled_chiller", 25, 3.71),
    ("air_cooled_chiller", 35, 2.80), ("air_cooled_chiller", 45, 2.08)])
def test_chiller_points(technology, condenser, published):
    assert cop(chiller_curves(load_catalog(), technology), 6.67, condenser) == pytest.approx(published, rel=0.01)


def test_idle_accelerators_as_published():
    # 100,000 x 2.40 USD/h x 8760 h = 2,102.4 MUSD a year; x (1 + 1/1.07 + 1/1.07^2) = 5,903.577 MUSD
    assert round(idle_accelerator_cost(100_000, 2.4, 3, 0.07) / 1e6, 3) == 5903.577


def test_gb200_and_h100_power():
    assert rack(load_catalog(), "gb200_nvl72").power_per_accelerator * 1000 == pytest.approx(2.1, rel=0.08)
    # 8.5 kW a node, network and support shares, PUE 1.20
    assert rack(load_catalog(), "hgx_h100_air").power_per_accelerator * 1000 * 1.20 == pytest.approx(1.37, rel=0.10)


@given(st.floats(-20, 50), st.floats(0.01, 1), st.floats(70_000, 105_000))
def test_wet_bulb_never_above_dry_bulb(dry_bulb, humidity, pressure):
    assert wet_bulb(dry_bulb, humidity, pressure) <= dry_bulb


@given(st.floats(0, 0.2), st.floats(1, 40))
def test_recovery_repays(rate, years):
    assert capital_recovery(rate, years) * annuity(rate, years) == pytest.approx(1)


def test_every_number_of_the_catalogue_converts():
    catalog = load_catalog()
    for technology in catalog.technologies():
        for row in catalog.entries(technology):
            assert row.source in catalog.sources
            if row.unit != "text":
                assert np.isfinite(catalog.number(technology, row.parameter, row.unit))


# Moist air --------------------------------------------------------------------------------------------------------------------------------------

def test_wet_bulb_and_humidity_as_psychrolib_has_them_value_by_value():
    """psychrolib halves until 0.001 K is left, and gives the middle: half of that apart, also where ice and water meet."""
    drawn = np.random.default_rng(7)
    dry_bulb, humidity, pressure = drawn.uniform(-40, 60, 2000), drawn.uniform(0, 1, 2000), drawn.uniform(6e4, 1.05e5, 2000)
    alone = [psychrolib.GetTWetBulbFromRelHum(*values) for values in zip(dry_bulb, humidity, pressure)]
    assert wet_bulb(dry_bulb, humidity, pressure) == pytest.approx(alone, abs=0.0005)
    dew_point = np.minimum(drawn.uniform(-60, 40, 2000), dry_bulb)
    alone = [psychrolib.GetRelHumFromTDewPoint(*values) for values in zip(dry_bulb, dew_point)]
    assert relative_humidity(dry_bulb, dew_point) == pytest.approx(alone, abs=1e-12)


@pytest.mark.parametrize(("dry_bulb", "humidity", "read_off"), [(25, 0.5, 17.9), (35, 0.4, 23.9), (30, 0.2, 15.7), (20, 1.0, 20.0)])
def test_wet_bulb_read_off_the_chart(dry_bulb, humidity, read_off):
    found = wet_bulb(dry_bulb, humidity, 101325)
    assert found == pytest.approx(read_off, abs=0.05)
    assert found == pytest.approx(HAPropsSI("B", "T", dry_bulb + 273.15, "R", humidity, "P", 101325) - 273.15, abs=0.02)


@given(st.floats(5, 45), st.floats(0.15, 1), st.floats(80_000, 105_000))
def test_wet_bulb_as_real_gas(dry_bulb, humidity, pressure):
    assume(wet_bulb(dry_bulb, humidity, pressure) > 1)  # over water, not ice
    assert wet_bulb(dry_bulb, humidity, pressure) == pytest.approx(HAPropsSI("B", "T", dry_bulb + 273.15, "R", humidity, "P", pressure) - 273.15, abs=0.05)


def test_humidity_and_pressure_of_the_tables():
    assert relative_humidity(25.0, 13.86) == pytest.approx(0.5, abs=1e-3)
    assert relative_humidity(10.0, 12.0) == 1.0  # a dew point above the dry bulb is saturation
    assert standard_pressure(0) == pytest.approx(101_325)
    assert standard_pressure(1500) == pytest.approx(84_556, rel=1e-4)  # ASHRAE Fundamentals, chapter 1, table 1


# Water ------------------------------------------------------------------------------------------------------------------------------------------

def test_evaporation_is_the_latent_heat_of_water():
    # 1 MWh = 3.6e9 J over 2.4535e6 J/kg at 20 degC = 1,467 kg
    latent = PropsSI("H", "T", 293.15, "Q", 1, "Water") - PropsSI("H", "T", 293.15, "Q", 0, "Water")
    assert load_catalog().number("water", "evaporation", "m3/MWh") == pytest.approx(3.6e9 / latent / 1000, rel=0.005)


def test_tower_water_by_hand():
    # 1.47 evaporated; at 5 cycles a quarter of it blown down, in which 172 m3 x 0.05 % = 0.086 of drift is held.
    assert tower_water(1.47, 5.0, 0.0005, 5.0) == pytest.approx(1.8375)
    # At 50 cycles 0.03 would be blown down, and 0.086 drift away.
    assert tower_water(1.47, 50.0, 0.0005, 5.0) == pytest.approx(1.47 + 3600 / (4.186 * 5) * 0.0005)


# Coolers ----------------------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("effectiveness", "leaving"), [(0.0, 35.0), (0.8, 23.0), (1.0, 20.0)])
def test_adiabatic_pad(effectiveness, leaving):
    # 35 degC with 20 degC wet bulb: 15 K to cool by at most.
    assert pad_leaving_air(35.0, 20.0, effectiveness) == pytest.approx(leaving)


@pytest.mark.parametrize(("ambient", "share"), [(-20, 1.0), (30, 1.0), (35, 0.5), (40, 0.0), (50, 0.0)])
def test_share_of_a_loop(ambient, share):
    # Water from 47 to 37 degC, approach 7 K: all of it up to 30 degC outside, nothing from 40 degC on.
    assert loop_share(37.0, 47.0, ambient, 7.0) == pytest.approx(share)


@given(st.floats(-20, 50), st.floats(0, 20), st.floats(0, 15))
def test_warmer_air_takes_no_more(ambient, warmer, approach):
    assert 0 <= loop_share(37.0, 47.0, ambient + warmer, approach) <= loop_share(37.0, 47.0, ambient, approach) <= 1


# Chillers ---------------------------------------------------------------------------------------------------------------------------------------

CHILLERS = st.sampled_from(["water_cooled_chiller", "air_cooled_chiller"])


@given(CHILLERS, st.floats(5, 25), st.floats(5, 50), st.floats(0, 20))
def test_warmer_condenser_never_helps(name, chilled, condenser, warmer):
    curves = chiller_curves(load_catalog(), name)
    assert cop(curves, chilled, condenser + warmer) <= cop(curves, chilled, condenser) * (1 + 1e-9)


@given(CHILLERS, st.floats(5, 20), st.floats(5, 50), st.floats(0, 10))
def test_warmer_chilled_water_never_hurts(name, chilled, condenser, warmer):
    curves = chiller_curves(load_catalog(), name)
    assert cop(curves, chilled + warmer, condenser) >= cop(curves, chilled, condenser) * (1 - 1e-9)


@given(CHILLERS, st.floats(5, 25), st.floats(10, 50))
def test_chillers_keep_the_second_law(name, chilled, condenser):
    assume(condenser > chilled + 1)
    curves = chiller_curves(load_catalog(), name)
    assert 0 < cop(curves, chilled, condenser) < (chilled + 273.15) / (condenser - chilled)
    assert 0 < full_load_capacity_ratio(curves, chilled, condenser) <= 1


def test_where_the_curve_turns_the_law_goes_on():
    # EIR = 0.933884 - 0.058212 x + 0.00450036 x^2 + ... - 0.001215 x y turns at x = (0.058212 + 0.001215 x 24) / 0.00900072 = 9.707 for y = 24.
    curves = chiller_curves(load_catalog(), "water_cooled_chiller")
    assert within_range(curves, 10.0, 24.0) == pytest.approx((9.707, 24.0), abs=1e-3)
    assert within_range(curves, 10.0, 30.0) == (10.0, 30.0)
    published = 5.5 / biquadratic(curves.input_ratio, 10.0, 24.0)
    assert cop(curves, 10.0, 24.0) == pytest.approx(published, rel=0.02)
    assert cop(curves, 10.0, 24.0) > cop(curves, 9.7, 24.0)


def test_part_load_by_hand():
    # 0.2 + 0.3 u + 0.5 u^2: best at sqrt(0.4) = 0.632, where power over load is 0.3 + 2 sqrt(0.1) = 0.9325
    assert part_load_power((0.2, 0.3, 0.5), np.array([0.0, 0.3, 0.8, 1.0])) == pytest.approx([0.0, 0.27974, 0.76, 1.0], abs=1e-5)


@given(CHILLERS, st.floats(5, 25), st.floats(-20, 50), st.floats(0.01, 1))
def test_no_chiller_passes_its_maximum_at_any_load(name, chilled, condenser, load):
    catalog = load_catalog()
    drawn = part_load_power(part_load_coefficients(catalog, name), load) / cop(chiller_curves(catalog, name), chilled, condenser)
    assert load / drawn <= catalog.number(name, "cop_maximum", "1") * (1 + 1e-12)


def test_the_maximum_is_reached_at_the_best_part_load():
    # EIRFPLR 0.222903 + 0.313387 u + 0.46371 u^2: best at sqrt(0.222903 / 0.46371) = 0.69332, where power over load is 0.313387 + 2 sqrt(0.222903 x
    # 0.46371) = 0.956388. At most 12: at full load 12 x 0.956388 = 11.47666.
    curves = chiller_curves(load_catalog(), "water_cooled_chiller")
    assert cop(curves, 20.0, 5.0) == pytest.approx(11.47666, abs=1e-4)
    assert 0.69332 * cop(curves, 20.0, 5.0) / part_load_power((0.222903, 0.313387, 0.46371), 0.69332) == pytest.approx(12, abs=1e-4)


@pytest.mark.parametrize(("name", "edge"), [("water_cooled_chiller", 24), ("water_cooled_chiller", 35), ("air_cooled_chiller", 12.7)])
def test_the_law_joins_the_curve_without_a_step(name, edge):
    curves = chiller_curves(load_catalog(), name)
    assert cop(curves, 7.0, edge - 1e-7) == pytest.approx(cop(curves, 7.0, edge + 1e-7), rel=1e-6)


# Power ------------------------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("dry_bulb", "pressure", "share"), [(15, 101_325, 1.0), (-20, 105_000, 1.0), (30, 101_325, 0.85), (15, 91_192.5, 0.9),
                                                             (-20, 91_192.5, 0.9), (30, 91_192.5, 0.765), (130, 101_325, 0.0)])
def test_derating_by_hand(dry_bulb, pressure, share):
    # 1 % a kelvin above 15 degC, in proportion to pressure; cold or dense air gives no more than the rating.
    assert derating(dry_bulb, pressure, 0.01, 15.0, 1.0) == pytest.approx(share)


def test_ups_loss_meets_its_points():
    loads = np.array([0.10, 0.25, 0.50, 0.75, 1.00])
    efficiency = np.array([load_catalog().number("ups", f"efficiency_{load}", "1") for load in (10, 25, 50, 75, 100)])
    a, b, c = loss_coefficients_from_points(loads, efficiency)
    fitted = loads / (loads + a + b * loads + c * loads**2)
    assert np.abs(fitted - efficiency)[2:].max() < 0.001  # from half load on; the points below do not lie on a parabola
    assert np.abs(fitted - efficiency).max() < 0.01


@given(st.floats(0.001, 0.02), st.floats(0.001, 0.03), st.floats(0.001, 0.03))
def test_ups_loss_is_found_again(a, b, c):
    loads = np.array([0.1, 0.25, 0.5, 0.75, 1.0])
    efficiency = loads / (loads + a + b * loads + c * loads**2)
    assert loss_coefficients_from_points(loads, efficiency) == pytest.approx((a, b, c), abs=1e-6)


def most(tangents, load):
    """What the tangents say at a load of a rating of 1."""
    return max(tangent.capacity_weight + tangent.load_weight * load for tangent in tangents)


@given(st.floats(0, 1), st.floats(0, 0.02), st.floats(0, 0.03), st.floats(0, 0.05), st.floats(1, 3))
def test_tangents_lie_below_their_curve(load, a, b, c, exponent):
    assert most(quadratic_tangents(a, b, c), load) <= a + b * load + c * load**2 + 1e-12
    assert most(power_tangents(exponent), load) <= max(load, LOWEST) ** (exponent - 1) * load + 1e-12
    assert most(quadratic_tangents(a, b, c), 0.7) == pytest.approx(a + b * 0.7 + c * 0.49, abs=1e-12)
    assert most(power_tangents(exponent), 0.7) == pytest.approx(0.7**exponent)


def test_fans_at_low_load_draw_something():
    # u^2 touched at 0.45 is 0.9 u - 0.2025, which crosses zero at 0.225; the chord to 0.25^2 is 0.25 u, and they meet at 0.2025 / 0.65 = 0.31154.
    lines = power_tangents(2.0)
    assert [most(lines, load) for load in (0.0, 0.1, 0.2, 0.25, 0.4)] == pytest.approx([0.0, 0.025, 0.05, 0.0625, 0.1575])
    assert [piece.start for piece in bends(lines).pieces][:2] == pytest.approx([0.0, 0.31154], abs=1e-5)
    assert len(bends(lines).pieces) == 4


@given(st.floats(0.001, 1), st.floats(1, 3))
def test_no_fan_runs_for_nothing(load, exponent):
    drawn = most(power_tangents(exponent), load)
    assert 0 < drawn <= load**exponent + 0.019
    assert least_of_fans(exponent, np.array([10 * load]), np.array([10.0]))[0] == pytest.approx(10 * drawn)


@given(st.floats(0.05, 1), st.floats(0.05, 0.5), st.floats(0, 0.5), st.floats(0.05, 1))
def test_staged_machines_do_no_worse_than_running_all(load, a, b, c):
    staged, best = staged_tangents(a, b, c), min(1.0, (a / c) ** 0.5)
    assert most(staged, load) <= a + b * load + c * load**2 + 1e-9
    if load <= best:  # machines run at their best load, so many of them as it takes
        assert most(staged, load) == pytest.approx(load / best * (a + b * best + c * best**2), rel=1e-9)
