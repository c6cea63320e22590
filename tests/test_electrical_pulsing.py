"""Training as a pulsing load: by hand, against a simulation in time, and storage that a plan buys for it."""

from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.models.physics import pulsing
from dcplan.models.physics.pulsing import Allowed, Pulse
from dcplan.planner import NoPlan, optimize
from dcplan.planner.pulsing import described
from dcplan.planner.recheck import check
from dcplan.planner.verification.reading import read_plan
from hypothesis import given, settings
from hypothesis import strategies as st
from small import FLEET, START, ideal, merged, small_site

PULSE = Pulse(depth=0.5, duty=0.7, period=5.0, edge=0.5, stop_depth=0.65, stop_time=2.0)
ROWS = {"workload.training": {"swing_depth": "50 %", "swing_duty": "70 %", "swing_period": "5 second", "swing_edge": "0.5 second", "stop_depth": "65 %",
                              "stop_time": "2 second"}}
shapes = st.builds(Pulse, depth=st.floats(0.1, 0.9), duty=st.floats(0.1, 0.9), period=st.just(10.0), edge=st.just(0.1), stop_depth=st.floats(0.1, 0.9),
                   stop_time=st.floats(0.5, 5.0))


def near(value, tolerance=1e-9):
    return pytest.approx(value, rel=tolerance, abs=tolerance)


def test_swing_and_ramp_by_hand():
    # 100 MW for 70 % of the time, 50 MW for the rest: it falls by 50 MW in 0.5 s.
    assert (pulsing.swing(100.0, PULSE), pulsing.ramp(100.0, PULSE)) == (near(50.0), near(100.0))


@pytest.mark.parametrize(("allowed", "power", "seconds"), [
    # A band of 10 MW leaves 40 MW about the mean: 12 MW above, 28 MW below it; 40 x 0.7 x 0.3 x 5 s = 42 MJ, 1.5 s of 28 MW.
    (Allowed(band=10.0), 28.0, 1.5),
    # 60 MW/s for 0.5 s is 30 MW to follow: 20 x 0.7. A stop takes 65 MW in 2 s, less than the grid may follow.
    (Allowed(ramp=60.0), 14.0, 1.5),
    # 2 MW/s is 1 MW to follow: 49 x 0.7 = 34.3. A stop: 65 - 2 x 2 = 61 MW, for 65 / (2 x 2) = 16.25 s.
    (Allowed(ramp=2.0), 61.0, 16.25),
    # A band of 55 MW and 200 MW/s: nothing to smooth.
    (Allowed(ramp=200.0, band=55.0), 0.0, 0.0),
    (Allowed(), 0.0, 0.0),
])
def test_storage_by_hand(allowed, power, seconds):
    assert pulsing.storage_power(100.0, PULSE, allowed) == near(power)
    assert pulsing.storage_seconds(100.0, PULSE, allowed) == near(seconds)


def test_arrays_in_arrays_out():
    # 0.35 P - 7 with a band of 10 MW: nothing up to 20 MW.
    np.testing.assert_allclose(pulsing.storage_power(np.array([0.0, 20.0, 40.0]), PULSE, Allowed(band=10.0)), [0.0, 0.0, 7.0])


@settings(deadline=None, max_examples=60, derandomize=True)
@given(shapes, st.floats(0.0, 60.0))
def test_steps_against_a_simulation(pulse, band):
    # 1,000 moments of a period: the grid gives the mean, and as much of the swing as the band holds.
    high = (np.arange(1000) + 0.5) / 1000 < round(pulse.duty, 3)
    pulse = replace(pulse, duty=high.mean())
    load = np.where(high, 100.0, 100.0 * (1 - pulse.depth))
    kept = min(1.0, band / pulsing.swing(100.0, pulse))
    stored = load - (load.mean() + kept * (load - load.mean()))
    power = pulsing.step_power(100.0, pulse, Allowed(band=band))
    assert np.abs(stored).max() == near(power, 1e-7)
    assert np.maximum(stored, 0).mean() * pulse.period == near(power * pulsing.step_seconds(pulse), 1e-7)
    assert np.abs(stored).mean() / 2 == near(power * pulsing.cycled_share(pulse), 1e-7)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(shapes, st.floats(1.0, 50.0))
def test_a_stop_against_a_simulation(pulse, ramp):
    # The load falls evenly, the grid at its ramp until it meets the load: what comes between goes into storage.
    drop = 100.0 * pulse.stop_depth
    seconds = np.linspace(0.0, max(pulse.stop_time, drop / ramp), 20001)
    load, grid = np.maximum(-drop * seconds / pulse.stop_time, -drop), np.maximum(-ramp * seconds, -drop)
    stored = np.maximum(grid - load, 0.0)
    power = pulsing.stop_power(100.0, pulse, Allowed(ramp=ramp))
    assert stored.max() == pytest.approx(power, abs=0.05)
    assert np.trapezoid(stored, seconds) == pytest.approx(power * pulsing.stop_seconds(100.0, pulse, Allowed(ramp=ramp)), abs=0.5)


@settings(deadline=None, max_examples=60, derandomize=True)
@given(shapes, st.floats(0.1, 100.0), st.floats(0.0, 60.0), st.floats(0.0, 200.0))
def test_the_lines_are_the_power(pulse, ramp, band, peak):
    allowed = Allowed(ramp, band)
    assert pulsing.storage_power(peak, pulse, allowed) == near(max(0.0, *(slope * peak - free for slope, free in pulsing.lines(pulse, allowed))))


# Plans -------------------------------------------------------------------------------------------------------------------------------------------

def site(folder, **electrical):
    """10 MW of training, at 70 % before noon and at 90 % after it; capacitors at 100 USD/kW, batteries at 300, 90 % of what goes in comes out."""
    costs = {"round_trip_efficiency": "90 %", "life": "90 day"}
    rows = ROWS | {"smoothing_capacitor": {"capital_cost": "100 USD/kW"} | costs, "smoothing_battery": {"capital_cost": "300 USD/kW"} | costs}
    halves = [FLEET | {"utilisation": {"daily": ["70 %"] * 12 + ["90 %"] * 12}}]
    return small_site(folder, {"plan": {"resolution": "sampled"}, "electrical": electrical, "fleet": halves}, catalog=merged(ideal(), rows))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pulsing")
    # a ramp of 60 MW/s is more than a stop of 6.5 MW in 2 s needs: the swing alone binds
    optimize(site(folder / "site", utility_swing="2 MW", utility_ramp="3600 MW/minute"), workers=1).save(folder / "plan")
    return folder / "plan"


def test_a_plan_buys_storage(written):
    # (0.5 x 10 - 2) x 0.7 = 2.1 MW of capacitors at 100 USD/kW; it cycles 0.3 of its power on average and loses a tenth: 0.063 MW in every hour.
    # Half of the day at 7 MW, half of it at 9: 8 MW on average, which the energy of 2,160 hours says, too.
    reading = read_plan(written)
    summary, rows = reading.summary, [row for row in reading.builds if row["technology"].startswith("smoothing")]
    assert [(row["technology"], float(row["units"])) for row in rows] == [("smoothing_capacitor", near(2.1, 1e-6))]
    assert summary["capital_usd"] == pytest.approx(210_000, abs=1.0)
    assert {name: summary[name] for name in ("training_peak_mw", "training_average_mw", "training_swing_mw", "training_ramp_mw_per_second")} == {
        "training_peak_mw": near(10.0), "training_average_mw": near(8.0), "training_swing_mw": near(5.0), "training_ramp_mw_per_second": near(10.0)}
    assert sum(float(row["it_energy_mwh"]) for row in reading.table) == pytest.approx(8.0 * 2160, rel=1e-5)
    assert (summary["smoothing_needed_mw"], summary["smoothing_mw"]) == (near(2.1, 1e-6), near(2.1, 1e-6))
    np.testing.assert_allclose(reading.hourly("smoothing_capacitor", "loss")[0, :10], 0.063, atol=1e-6)
    assert check(reading).ok


def test_what_a_wider_limit_is_worth_counts_both_lines_of_the_need(written):
    # A MW less of storage in every month saves 100 USD/kW; the need has two lines (steps, a stop), of which the first binds alone.
    prices = read_plan(written).data["limit_price_relaxed"].sel(limit="smoothing of training")
    assert float(prices.sum()) == pytest.approx(100_000, abs=1.0)


def test_too_little_storage_is_found(written):
    def fewer(data):
        row = list(data["asset"].values).index("smoothing_capacitor")
        for name in ("units_built", "units_online", "capacity"):
            data[name][row] *= 0.9
    assert "smoothing of training" in spoilt(written, fewer)


def test_loss_left_out_is_found(written):
    assert {"loss of smoothing", "balance of electricity"} <= spoilt(written, lambda data: data["smoothing_capacitor_loss"].__imul__(0.5))


def test_a_figure_of_the_summary_that_is_wrong_is_found(written):
    reading = read_plan(written)
    reading.summary["training_swing_mw"] = 4.0
    assert {finding.name for finding in check(reading).failed} == {"training load"}


def spoilt(folder, edit) -> set[str]:
    """What fails once `edit` had its way with what plan.nc holds."""
    reading = read_plan(folder)
    edit(reading.data)
    return {finding.name for finding in check(reading).failed}


@pytest.mark.slow
def test_a_stop_asks_for_seconds(tmp_path):
    # 0.1 MW/s: steps (5 - 0.05) x 0.7 = 3.465 MW, a stop 6.5 - 0.2 = 6.3 MW for 6.5 / 0.2 = 32.5 s. A capacitor has 2 s with its converter; what
    # 32.5 s more than nothing cost at 20,000 USD/kWh is 32.5 / 3600 x 20 MUSD = 180,556 USD/MW, and a battery has 600 s for 300,000 USD/MW.
    rows = ROWS | {"smoothing_capacitor": {"capital_cost": "100 USD/kW", "capital_cost_energy": "20000 USD/kWh", "life": "90 day"},
                   "smoothing_battery": {"capital_cost": "300 USD/kW", "life": "90 day"}}
    tables = {"plan": {"resolution": "sampled"}, "electrical": {"utility_ramp": "6 MW/minute"}}
    plan = optimize(small_site(tmp_path, tables, catalog=merged(ideal(), rows)), workers=1)
    assert plan.builds[plan.builds.technology == "smoothing_capacitor"].units.tolist() == [near(6.3, 1e-6)]
    assert plan.summary["capital_usd"] == pytest.approx(6.3 * (100_000 + 180_555.6), rel=1e-6)


@pytest.mark.slow
def test_racks_that_stand_before_storage_can_come(tmp_path):
    # Racks from 1 January, storage 40 days later, in service with March: 2.1 MW are wanted in two months, and the key that wants them is named.
    late = {name: {"lead_time": "40 day"} for name in ("smoothing_capacitor", "smoothing_battery")}
    stand = [{"name": "all", "technology": "test_rack", "units": 10, "status": "existing", "in_service": START}]
    tables = {"plan": {"resolution": "sampled"}, "electrical": {"utility_swing": "2 MW"}, "assets": stand}
    with pytest.raises(NoPlan) as problem:
        optimize(small_site(tmp_path, tables, catalog=merged(ideal(), ROWS | late)), workers=1)
    assert [(one.key, one.phase, one.amount) for one in problem.value.collisions] == [
        ("electrical.utility_swing", month, near(2.1, 1e-6)) for month in ("2030-01", "2030-02")]


def test_inference_does_not_pulse(tmp_path):
    inference = [FLEET | {"workload": "inference"}]
    assert len(described(small_site(tmp_path, {"fleet": inference, "electrical": {"utility_swing": "1 MW"}}))) == 1  # the chain, no training load


def test_check_says_what_it_takes(tmp_path):
    site(tmp_path, utility_swing="2 MW")
    shown = CliRunner().invoke(dcplan, ["check", str(tmp_path / "site.toml")])
    assert shown.exit_code == 0
    assert "training load: 10.0 MW at the peak of its steps, 8.0 MW averaged over the year; it swings 5.0 MW every 5 s, at 10 MW/s\n" in shown.output
    assert "storage to smooth it within what the utility allows: 2.1 MW for 1.5 s\n" in shown.output


def test_check_says_where_no_limit_is_given(tmp_path):
    site(tmp_path)
    shown = CliRunner().invoke(dcplan, ["check", str(tmp_path / "site.toml")])
    assert "the site states no limit of the utility on that (electrical.utility_ramp, electrical.utility_swing)" in shown.output
