"""Psychrometric tables, chiller points, water and pumps: published numbers, and properties over the whole range."""

import numpy as np
import pytest
from CoolProp.CoolProp import PropsSI
from CoolProp.HumidAirProp import HAPropsSI
from dcplan.models.catalog import load_catalog
from dcplan.models.physics import airside, coolers, fluids, psychrometrics, towers
from dcplan.models.physics.chillers import chiller_curves, cop
from hypothesis import given
from hypothesis import strategies as st
from rows import near
from years import FILES, year

ASHRAE = "ASHRAE Fundamentals 2017, chapter 1"
CATALOG = load_catalog()

# table 2 (moist air at 101325 Pa): temperature, saturated humidity ratio, saturated enthalpy in kJ/kg
TABLE_2 = [(-10, 0.0016062, -6.070), (0, 0.0037895, 9.473), (10, 0.0076613, 29.352), (20, 0.0147581, 57.555), (30, 0.0273290, 100.006),
           (40, 0.0491411, 166.683)]
CHILLERS = [("water_cooled_chiller", 29.4, 5.50, 0.005), ("water_cooled_chiller", 24, 6.18, 0.01), ("water_cooled_chiller", 35, 4.81, 0.01),
            ("air_cooled_chiller", 15, 4.63, 0.01), ("air_cooled_chiller", 25, 3.71, 0.01), ("air_cooled_chiller", 35, 2.80, 0.01),
            ("air_cooled_chiller", 45, 2.08, 0.01)]


@pytest.mark.parametrize(("temperature", "humidity", "heat"), TABLE_2)
def test_saturated_air(temperature, humidity, heat):
    # the tables hold the enhancement factor of real air, 1.004 to 1.006; the equations of chapter 1 are those of an ideal mixture
    near(f"humidity ratio at {temperature} degC", ASHRAE, humidity, float(psychrometrics.saturated_humidity(temperature, 101325.0)), 0.007 * humidity)
    near(f"enthalpy at {temperature} degC", ASHRAE, heat, float(psychrometrics.saturated_enthalpy(temperature, 101325.0)), 0.6)


@pytest.mark.parametrize(("dry", "wet"), [(40.0, 21.0), (30.0, 25.0), (10.0, 4.0), (-5.0, -6.0)])
def test_humidity_and_density_as_real_gas(dry, wet):
    published = HAPropsSI("W", "T", dry + 273.15, "B", wet + 273.15, "P", 95_000)
    ours = psychrometrics.humidity_ratio(dry, wet, 95_000.0)
    near(f"humidity ratio at {dry}/{wet} degC", "CoolProp", published, ours, 1e-4)
    near("density", "CoolProp", (1 + published) / HAPropsSI("V", "T", dry + 273.15, "W", published, "P", 95_000),
         psychrometrics.air_density(dry, ours, 95_000.0), 5e-3)


@given(st.floats(-30, 50), st.floats(0.01, 1), st.floats(70_000, 105_000))
def test_wet_bulb_never_above_dry_bulb_and_gives_the_humidity_back(dry, relative, pressure):
    wet = psychrometrics.wet_bulb(dry, relative, pressure)
    assert wet <= dry
    vapour = relative * psychrometrics.saturation_pressure(dry)
    humidity = psychrometrics.WATER_TO_AIR * vapour / (pressure - vapour)
    assert psychrometrics.humidity_ratio(dry, wet, pressure) == pytest.approx(humidity, abs=2e-5)


@pytest.mark.parametrize("place", FILES)
def test_wet_bulb_of_the_files_never_above_dry_bulb(place):
    assert (year(place).wet_bulb <= year(place).dry_bulb).all()


@pytest.mark.parametrize(("machine", "condenser", "published", "relative"), CHILLERS)
def test_chiller_points(machine, condenser, published, relative):
    near(f"COP of {machine} at {condenser} degC, 6.67 degC water", "DOE-2 centrifugal set; ASHRAE 90.1-2010 path A", published,
         float(cop(chiller_curves(CATALOG, machine), 6.67, condenser)), relative * published)


def test_evaporation_all_latent():
    latent = PropsSI("H", "T", 293.15, "Q", 1, "Water") - PropsSI("H", "T", 293.15, "Q", 0, "Water")
    near("water of an MWh, all latent, 20 degC", "CoolProp", 3.6e9 / latent / 1000, towers.all_latent(20.0), 0.005)
    near("the catalogue's", "domain facts, section 3", 1.47, CATALOG.number("water", "evaporation", "m3/MWh"), 0.005)


@given(st.floats(-10, 45), st.floats(0.05, 1), st.floats(20, 50))
def test_evaporation_keeps_heat_and_mass(dry, relative, water):
    pressure = 101325.0
    wet = psychrometrics.wet_bulb(dry, relative, pressure)
    water = max(water, wet + 2)
    evaporated = towers.tower_evaporation(dry, wet, pressure, water)
    entering, leaving = psychrometrics.humidity_ratio(dry, wet, pressure), psychrometrics.saturated_humidity(water, pressure)
    air = evaporated * 1000 / max(leaving - entering, 1e-12)  # kg of dry air an MWh
    brought = air * (psychrometrics.enthalpy(water, leaving) - psychrometrics.enthalpy(dry, entering)) - evaporated * 1000 * 4.186 * water
    assert evaporated >= 0
    assert brought == pytest.approx(3.6e6, rel=1e-6)


@given(st.floats(-10, 30), st.floats(2.5, 8), st.floats(3, 8))
def test_the_approach_is_that_of_the_rating_and_grows_in_the_cold(wet, approach, spread):
    driving = towers.driving_enthalpy(25.6, approach, spread)
    assert towers.tower_approach(25.6, spread, spread, 101325.0, driving) == pytest.approx(approach, abs=1e-3)
    colder, here = (towers.tower_approach(at, spread, spread, 101325.0, driving) for at in (wet - 5, wet))
    assert colder >= here - 1e-3
    assert towers.tower_capacity(wet + here + spread, wet, 101325.0, driving) == pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("share", [0.1, 0.25, 0.4, 0.55])
def test_glycol_carries_less(share):
    water, mixed = (PropsSI("D", "T", 313.15, "P", 2e5, fluid) * PropsSI("C", "T", 313.15, "P", 2e5, fluid) for fluid in (
        "Water", f"INCOMP::MPG[{share}]"))
    near(f"heat by volume at {share:.0%}", "CoolProp, Melinder 2010", mixed / water, fluids.glycol_heat(share), 0.005)


def test_fans_and_pumps_by_hand():
    # 600 Pa, 75 %, 12 K: 600 / (0.75 x 1.2 x 1006 x 12) = 0.0552. 208 kPa, 70 %, 5 K: 208 / (0.7 x 998 x 4.186 x 5) = 0.01423.
    assert fluids.fan_power(600.0, 0.75, 12.0, 1.2) == pytest.approx(0.05523, abs=1e-5)
    assert fluids.pump_power(208.0, 0.7, 5.0) == pytest.approx(0.01423, abs=1e-5)
    assert fluids.altitude_share(np.array([101325.0, 84556.0, 103000.0])) == pytest.approx([1.0, 0.8345, 1.0], abs=1e-4)
    assert fluids.affinity(0.5, 3) == pytest.approx(0.125)


def test_pads_and_dampers_by_hand():
    # 40 degC, 20 degC wet, 27 wanted: 13 of the 17.6 K that pads of 88 % have. 30 degC: 3 K. 25 degC: none.
    assert airside.needed_cooling(np.array([40.0, 30.0, 25.0]), 20.0, 27.0, 0.88) == pytest.approx([13.0, 3.0, 0.0])
    # -10 degC outside, 15 wanted, 29 coming back: (29 - 15) / (29 + 10) = 0.359 of the air from outside
    assert airside.outside_air(np.array([-10.0, 20.0]), 15.0, 29.0) == pytest.approx([14 / 39, 1.0])
    assert airside.may_open(30.0, 16.0, 101325.0, 0.0, 17.0)
    assert not airside.may_open(30.0, 27.0, 101325.0, 0.0, 17.0)
    # an exchanger of 70 % leaves 30 / 70 of a rise of 14 K; half the difference that is rated is half the rating, and colder air lets fans slow down
    assert coolers.exchanger_approach(0.7, 14.0) == pytest.approx(6.0)
    assert coolers.coil_capacity(np.array([47.0, 38.5]), 30.0, 17.0) == pytest.approx([1.0, 0.5])
    assert coolers.slowed(np.array([0.5, 1.0, 2.0, 10.0]), 0.3) == pytest.approx([1.0, 1.0, 0.5, 0.3])
