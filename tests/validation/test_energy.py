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
