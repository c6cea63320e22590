"""Energy in is energy out in every way of cooling, whatever the weather and whatever it does."""

import numpy as np
import pytest
from campus import conditions, setting
from dcplan.models.physics.psychrometrics import wet_bulb
from dcplan.models.terms import amount
from dcplan.planner.technologies import CAPTURE, REJECTION
from hypothesis import given, settings
from hypothesis import strategies as st

TECHNOLOGIES = {**CAPTURE, **REJECTION}
INTO_A_LOOP = {*CAPTURE, "water_cooled_chiller", "waterside_economiser"}  # the others give what they take to the outside
WEATHER = {"dry_bulb": st.floats(-30, 50), "relative": st.floats(0.02, 1.0), "pressure": st.floats(72_000, 104_000), "beyond": st.booleans()}


def air(dry_bulb, relative, pressure, beyond):
    wet = wet_bulb(dry_bulb, relative, pressure)
    return conditions(np.array([dry_bulb]), np.array([wet]), np.array([pressure]), np.array([beyond]))


@pytest.mark.parametrize("name", TECHNOLOGIES)
def test_energy_in_is_energy_out(name):
    component = TECHNOLOGIES[name](setting(), name)

    @settings(max_examples=25, deadline=None, derandomize=True, database=None)
    @given(st.integers(0, 2**32 - 1), st.fixed_dictionaries(WEATHER))
    def check(seed, weather):
        hourly, random = component.prepare(air(**weather)), np.random.default_rng(seed)
        flows = component.flows(hourly)
        does = {term.variable: random.uniform(0, 100, 1) for flow in flows for term in flow.terms}
        taken, given_ = (sum(amount(flow.terms, does) for flow in flows if flow.sign == sign) for sign in (-1, 1))
        everything = sum(does.values())
        assert taken == pytest.approx(everything)  # heat and power, each once
        assert given_ == pytest.approx(everything if name in INTO_A_LOOP else 0.0)

    check()


@pytest.mark.parametrize("name", REJECTION)
def test_coefficients_are_what_they_can_be(name):
    component = REJECTION[name](setting(), name)

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.fixed_dictionaries(WEATHER))
    def check(weather):
        hourly = component.prepare(air(**weather))
        assert all(np.isfinite(values).all() and (values >= 0).all() for values in hourly.values())
        for row, values in hourly.items():
            if row.startswith(("share_", "ratio_")):
                assert values <= 1
            if row.startswith("water_"):
                assert values < 6  # m3 per MWh of heat: pads in a desert at 2,500 m
            if row.startswith("counts_"):
                assert values >= 1 - 1e-9

    check()


@pytest.mark.parametrize("name", ["dry_cooler", "dry_cooler_close", "open_tower", "closed_tower", "direct_air_economiser", "waterside_economiser"])
def test_hotter_and_more_humid_never_helps(name):
    component = REJECTION[name](setting(), name)
    level = component.levels[0]  # type: ignore[attr-defined]

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.floats(-20, 38), st.floats(0.1, 1.0), st.floats(0, 10))
    def check(dry_bulb, relative, hotter):
        cold, hot = (component.prepare(air(at, relative, 101325.0, False)) for at in (dry_bulb, dry_bulb + hotter))
        assert hot[f"share_{level}"] <= cold[f"share_{level}"] + 1e-6
        assert hot["power"] >= cold["power"] * (1 - 1e-6)

    check()


@pytest.mark.parametrize(("dry_bulb", "relative", "share", "water"), [
    (20.0, 0.4, 1.0, 0.0),  # colder than the 26 degC that fans warm to the hall's 27
    (27.0, 0.95, 0.0, None),  # as cool, but with a dew point of 26 degC where 17 is the most
    (38.0, 0.1, 1.0, 1.89),  # pads cool by 12 of 18 K that they could: 1.47 x 12 / 14 m3, and half as much bled at three cycles
    (45.0, 0.02, 1.0, None),
])
def test_dampers_of_the_direct_economiser(dry_bulb, relative, share, water):
    hourly = REJECTION["direct_air_economiser"](setting(), "direct_air_economiser").prepare(air(dry_bulb, relative, 101325.0, False))
    assert hourly["share_air_heat"] == pytest.approx(share)
    assert water is None or hourly["water_air_heat"] == pytest.approx(water, abs=0.01)


@pytest.mark.parametrize(("dry_bulb", "wetted"), [(25.9, False), (26.1, True)])
def test_adiabatic_switch_over(dry_bulb, wetted):
    hourly = REJECTION["adiabatic_cooler"](setting(), "adiabatic_cooler").prepare(air(dry_bulb, 0.4, 101325.0, False))
    assert (hourly["water_warm"] > 0) == wetted
    dry = REJECTION["dry_cooler"](setting(), "dry_cooler").prepare(air(dry_bulb, 0.4, 101325.0, False))
    assert (hourly["power"] < dry["power"]) == wetted  # behind the pad the air is colder, and fans of a little more power slow down


def test_thin_air_takes_less():
    for name in ("dry_cooler", "open_tower", "air_cooled_chiller"):
        low, high = (REJECTION[name](setting(), name).prepare(air(38.0, 0.2, pressure, False)) for pressure in (101325.0, 84556.0))
        ratio = next(row for row in low if row.startswith("ratio_"))
        assert high[ratio] <= low[ratio]
    dry = REJECTION["dry_cooler"](setting(), "dry_cooler")
    coil = [float(dry.prepare(air(38.0, 0.2, pressure, False))["ratio_warm"][0]) for pressure in (101325.0, 84556.0)]
    assert coil[1] / coil[0] == pytest.approx(84556 / 101325)  # 1,500 m
    assert coil[0] == pytest.approx((47 - 38) / 17 * (1 - 0.36 * 0.25))  # with 25 % glycol
