"""Rare heat, warming and heat waves: the arithmetic, published extremes, and what they ask of a plan."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dcplan.models.climate import hottest_days, humidity_of, moments, return_value, warmed
from dcplan.models.physics.psychrometrics import humidity_ratio
from dcplan.planner import optimize, verify
from dcplan.planner.conditions import design_conditions
from dcplan.sites import SiteProblems
from dcplan.sites.climate import header_extremes
from hypothesis import given, settings
from hypothesis import strategies as some
from small import small_site, weather

ROOT = Path(__file__).parent.parent
SEA_LEVEL = 101325.0
ALL_LATE = 2160 * 1000.0  # USD: 1,000 accelerators late for the plan's 2,160 h at 1 USD
DAYS: dict[str, Any] = {"dry_bulb": 15.0, "swing": 10.0}  # 25 degC at 15:00 every day: a dry cooler gives 32 degC


# ASHRAE 2009 in the headers of TMY3 EPW files: mean and standard deviation of the annual highest dry bulb, then the values for 5, 10, 20 and 50 years.
# Mean and deviation are rounded to 0.1 K there, and F is 2.6 at 50 years: within 0.2 K.
@pytest.mark.parametrize(("mean", "deviation", "published"), [
    (45.8, 1.5, (46.9, 47.8, 48.7, 49.8)),   # Phoenix
    (34.6, 2.3, (36.2, 37.5, 38.8, 40.5)),   # San Francisco
    (35.9, 1.9, (37.3, 38.4, 39.5, 40.9)),   # Chicago
    (44.5, 1.2, (45.3, 46.0, 46.7, 47.6)),   # Las Vegas
    (36.2, 1.9, (37.5, 38.7, 39.7, 41.1)),   # Dulles
])
def test_return_values_as_ashrae_prints_them(mean, deviation, published):
    np.testing.assert_allclose(return_value(mean, deviation, np.array([5, 10, 20, 50])), published, atol=0.2)


def test_return_values_are_quantiles_of_the_gumbel_distribution():
    """F(T) = exp(-exp(-(T - u) / b)) = 1 - 1/n, b = s sqrt(6) / pi, u = mean - 0.5772 b."""
    scale = 2.0 * np.sqrt(6) / np.pi
    value = return_value(40.0, 2.0, 20.0)
    assert np.exp(-np.exp(-(value - (40.0 - 0.57721566 * scale)) / scale)) == pytest.approx(0.95, abs=1e-6)


def test_moments():
    assert moments([30.0, 34.0]) == (32.0, pytest.approx(2.8284271))


def test_header_of_an_epw_file():
    found = header_extremes(ROOT / "examples" / "phoenix" / "phoenix_tmy3.epw.gz")
    assert found is not None
    assert (found.mean, found.deviation, found.source) == (45.8, 1.5, "the file's header (Climate Design Data 2009 ASHRAE Handbook)")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(some.floats(-20, 45), some.floats(0.05, 1.0), some.floats(0.0, 15.0), some.floats(70e3, 104e3))
def test_warmed_air(dry_bulb, humidity, offset, pressure):
    from dcplan.models.physics.psychrometrics import wet_bulb

    wet = wet_bulb(dry_bulb, humidity, pressure)
    moist, kept = warmed(dry_bulb, wet, pressure, offset, "relative"), warmed(dry_bulb, wet, pressure, offset, "absolute")
    assert moist[0] == kept[0] == dry_bulb + offset
    assert wet - 0.02 <= kept[1] <= moist[1] + 0.02 <= dry_bulb + offset + 0.04
    assert humidity_of(*moist, pressure) == pytest.approx(humidity_of(dry_bulb, wet, pressure), abs=0.01)
    assert humidity_ratio(*kept, pressure) == pytest.approx(humidity_ratio(dry_bulb, wet, pressure), abs=1e-4)


def test_hottest_days_may_pass_the_years_end():
    dry = np.zeros(8760)
    dry[:24] = dry[-24:] = 30.0
    assert hottest_days(dry, 2).tolist() == [*range(8736, 8760), *range(24)]


def site(tmp_path, climate, **more):
    return small_site(tmp_path, {"plan": {"resolution": "sampled"}, "climate": climate}, **{**DAYS, **more})


def lateness(tmp_path, climate):
    plan = optimize(site(tmp_path, climate), workers=1)
    plan.save(tmp_path / "plan", force=True)
    checked = verify(tmp_path / "plan")
    assert checked.ok, checked.failed
    return plan.summary["cost_lateness_usd"]


# The warm loop is held at 37 degC and may float to 41 degC beyond design conditions; a dry cooler cools to 7 K above the air.
@pytest.mark.parametrize(("climate", "late"), [
    pytest.param({}, 0.0, marks=pytest.mark.slow),
    ({"heat_wave": {"days": 3, "offset": "8 delta_degC"}}, 0.0),                                              # 33 + 7 = 40 degC
    pytest.param({"heat_wave": {"days": 3, "offset": "12 delta_degC"}}, ALL_LATE, marks=pytest.mark.slow),    # 37 + 7 = 44 degC
    pytest.param({"return_period": "20 year", "dry_bulb": {"mean": "33 degC", "standard_deviation": "0 delta_degC"}}, 0.0,
                 marks=pytest.mark.slow),                                                                     # 33 + 7 = 40 degC
    ({"return_period": "20 year", "dry_bulb": {"mean": "33 degC", "standard_deviation": "1 delta_degC"}}, ALL_LATE),  # 33 + 1.87 + 7 = 41.9 degC
    pytest.param({"warming": "2 delta_degC/decade", "since": 2010}, 0.0, marks=pytest.mark.slow),             # 2030: 25 + 4 + 7 = 36 degC
    ({"warming": "3 delta_degC/decade", "since": 2010}, ALL_LATE),                                            # 25 + 6 + 7 = 38 degC, within design
])
def test_what_a_plan_must_ride_through(tmp_path, climate, late):
    assert lateness(tmp_path, climate) == pytest.approx(late, abs=1.0)


def test_warming_moves_hours_to_the_middle_and_design_to_the_end(tmp_path):
    """Wanted from 2030, plan to 2040: hours of 2035, design hours of 2040, in a line between 0 K in 2020 and 2 K in 2040."""
    import datetime

    offsets = [{"year": 2020, "offset": "0 delta_degC"}, {"year": 2040, "offset": "2 delta_degC"}]
    made = small_site(tmp_path, {"climate": {"offsets": offsets}, "plan": {"end": datetime.date(2040, 1, 1), "steps": []}}, **DAYS)
    assert float(made.hours["dry_bulb"].max()) == pytest.approx(25.0 + 1.5)
    assert made.design.dry_bulb == pytest.approx(25.0 + 2.0)
    assert "warming: hours of operation are 1.50 K warmer than the weather file (2035, the middle of operation), design hours 2.00 K (2040); " \
           "relative humidity is kept" in made.notes


def test_wave_is_in_the_hours_and_keeps_the_water_in_the_air(tmp_path):
    made, plain = site(tmp_path / "a", {"heat_wave": {"days": 2, "offset": "6 delta_degC"}}), site(tmp_path / "b", {})
    hotter = (made.hours["dry_bulb"] - plain.hours["dry_bulb"]).values[0]
    assert sorted(set(np.round(hotter, 6))) == [0.0, 6.0]
    assert (hotter > 0).sum() == 48
    wetter = (made.hours["wet_bulb"] - plain.hours["wet_bulb"]).values[0]
    assert 1.5 < wetter[hotter > 0].min() <= wetter.max() < 3.0
    assert [one.name for one in made.design.further] == ["heat wave, hottest hour", "heat wave, most humid hour"]
    assert made.design.further[0].dry_bulb == pytest.approx(31.0)
    hours = design_conditions(made)
    assert hours.dry_bulb == pytest.approx([25.0, made.design.coincident_dry_bulb, 31.0, made.design.further[1].dry_bulb])
    assert hours.beyond.tolist() == [False, False, True, True]


def test_an_outage_comes_before_the_further_hours(tmp_path):
    made = small_site(tmp_path, {"climate": {"heat_wave": {"days": 2, "offset": "6 delta_degC"}}, "outage": {"duration": "4 hour"}}, **DAYS)
    assert design_conditions(made).outage.tolist() == [0.0, 0.0, 1.0, 0.0, 0.0]


def test_extremes_of_single_years(tmp_path):
    """Highest hours of 30 and 34 degC: mean 32, standard deviation 2.83; once in 20 years 32 + 1.866 x 2.83 = 37.28 degC."""
    files = {"one.csv": weather(dry_bulb=25.0, swing=5.0), "two.csv": weather(dry_bulb=29.0, swing=5.0)}
    made = site(tmp_path, {"return_period": "20 year", "years": list(files)}, files=files)
    assert made.design.further[0].dry_bulb == pytest.approx(37.277, abs=0.01)
    assert "dry bulb exceeded once in 20 years: 37.3 degC, by Gumbel from annual extremes of 32.0 degC with a standard deviation of 2.8 K (2 years): " \
           "fewer than 8 years say little of rare heat" in made.notes
    assert set(files) <= set(made.inputs)


def test_one_typical_year_is_said_to_tell_little(tmp_path):
    made = site(tmp_path, {"return_period": "20 year"})
    assert made.notes[0] == (
        "dry bulb exceeded once in 20 years: 28.4 degC, by Gumbel from annual extremes of 25.0 degC with a standard deviation of 1.8 K (the weather file "
        "alone): one year does not tell how extremes spread, and a typical year leaves them out; give climate.dry_bulb, climate.wet_bulb or climate.years")


@pytest.mark.parametrize(("climate", "key", "title", "mend"), [
    ({"warming": "0.3 delta_degC/decade"}, "climate.warming", "warming says nothing of the year it counts from",
     "add the year that the weather stands for: since = 2013"),
    ({"warming": "0.3 delta_degC/decade", "since": 2020, "offsets": [{"year": 2030, "offset": "1 delta_degC"}]}, "climate.warming",
     "the climate gives both warming and offsets", "give one of them"),
    ({"warming": "0.3 delta_degC/decade", "since": 2050}, "climate.since", "2050 is after the plan's end, 2030-04-01",
     "give the year that the weather stands for"),
    ({"offsets": [{"year": 2030, "offset": "1 delta_degC"}, {"year": 2030, "offset": "2 delta_degC"}]}, "climate.offsets[1].year",
     "2030 does not come after 2030", "put the years in order"),
    ({"dry_bulb": {"mean": "40 degC", "standard_deviation": "1 delta_degC"}}, "climate.dry_bulb", "dry_bulb is given and no return_period",
     'add return_period = "20 year", or leave it out'),
    ({"return_period": "20 year", "years": ["weather.csv"]}, "climate.years", "extremes of one year have no spread",
     "give two years or more; ten or more say something"),
    ({"return_period": "20 year", "years": ["weather.csv", "none.csv"]}, "climate.years[1]", 'there is no file "none.csv"',
     None),
    ({"return_period": "1 year"}, "climate.return_period", '"1 year" is out of range', 'write for example "10 year"'),
    ({"warming": "0.3 degree/decade", "since": 2020}, "climate.warming", None, 'write for example "0.3 delta_degC/decade"'),
    ({"heat_wave": {"days": 0, "offset": "5 delta_degC"}}, "climate.heat_wave.days", None, None),
])
def test_bad_climate(tmp_path, climate, key, title, mend):
    with pytest.raises(SiteProblems) as raised:
        site(tmp_path, climate)
    (found,) = raised.value.problems
    assert found.key == key
    assert title in (None, found.title)
    assert mend in (None, found.help)
