"""Machines that fail: hand-worked probabilities, laws that hold for all, simulation against tables."""

import numpy as np
import pytest
from dcplan.models.reliability.adequacy import joint_states, plant, spare
from dcplan.models.reliability.endurance import shortage
from dcplan.models.reliability.markov import (
    Machines,
    at_least,
    failure_rate,
    feed,
    loss_of_load,
    mean_time_between_failures,
    outage_table,
    parallel,
    series,
    system_failures,
    unavailability,
    working,
)
from dcplan.models.reliability.reservoir import Shortages, serve
from dcplan.models.reliability.simulation import Outages, simulate
from dcplan.models.reliability.survival import survival
from hypothesis import given, settings
from hypothesis import strategies as st

TENTH = 8760 / 9 / 100  # hours of repair with which 100 failures a year leave 1 of 10 hours down: 100 r / (8760 + 100 r) = 0.1
HALF_DAY_LOAD = np.where(np.arange(24) < 12, 20.0, 10.0)
rates = st.floats(0.0, 20.0)
repairs = st.floats(0.1, 200.0)
shares = st.floats(0.0, 1.0)
counts = st.integers(1, 12)


def test_share_of_time_down():
    # One failure in 8,750 h of service, repaired in 10 h: 10 of 8,760 h. The rate per year in service is 8760 / 8750.
    assert unavailability(8760 / 8750, 10.0) == pytest.approx(10 / 8760)
    assert failure_rate(10 / 8760, 10.0) == pytest.approx(8760 / 8750)


@pytest.mark.parametrize(("down", "repair"), [(1.0, 5.0), (-0.1, 5.0), (0.1, 0.0)])
def test_a_share_that_no_rate_has(down, repair):
    with pytest.raises(ValueError, match=f"found {down} and {repair}"):
        failure_rate(down, repair)


@pytest.mark.parametrize("wrong", [{"count": -1}, {"rate": -1.0}, {"repair": -1.0}, {"beta": 1.1}])
def test_machines_that_cannot_be(wrong):
    with pytest.raises(ValueError, match="machines need count, rate and repair of at least 0 and beta between 0 and 1; found"):
        Machines(**{"count": 2, "rate": 1.0, "repair": 1.0, **wrong})


@pytest.mark.parametrize(("count", "needed", "availability"), [
    (1, 1, 0.9), (2, 2, 0.81), (2, 1, 0.99), (3, 2, 0.972), (3, 1, 0.999), (3, 0, 1.0)])
def test_k_of_n(count, needed, availability):
    # Each works 9 of 10 hours. 2 of 2: 0.9^2. 1 of 2: 1 - 0.1^2. 2 of 3: 0.9^3 + 3 x 0.9^2 x 0.1. 1 of 3: 1 - 0.1^3.
    assert at_least(Machines(count, 100.0, TENTH), needed) == pytest.approx(availability)


def test_common_cause_by_hand():
    # Half of the failures take both. Own: 50 r / (8760 + 50 r) with r = 9.7333 h is 486.67 / 9246.67 = 0.052632, and so is the common cause.
    # One of two: (1 - 0.052632) x (1 - 0.052632^2) = 0.944744.
    made = Machines(2, 100.0, TENTH, beta=0.5)
    assert (made.own, made.common) == pytest.approx((1 / 19, 1 / 19))
    assert at_least(made, 1) == pytest.approx(18 / 19 * (1 - 1 / 361))


def test_a_plant_that_trips_restarts_sooner_than_a_machine_is_repaired():
    # 0.1 x 4 trips a year of 2 h: 0.8 h of the year, less the 0.8 of 8760.8; machines of their own are down for 40 h each.
    assert Machines(10, 4.0, 40.0, 0.1, 2.0).common == pytest.approx(0.8 / 8760.8)


def test_failures_of_a_pair_by_hand():
    # Both needed: either fails, 2 x 100 x P(both work) = 200 x 0.81. One needed: only from one working, 1 x 100 x 2 x 0.9 x 0.1 = 18 a year.
    assert system_failures(Machines(2, 100.0, TENTH), 2) == pytest.approx(162.0)
    assert system_failures(Machines(2, 100.0, TENTH), 1) == pytest.approx(18.0)
    assert mean_time_between_failures(Machines(2, 100.0, TENTH), 1) == pytest.approx(8760 / 18)
    with pytest.raises(ValueError, match="of 2 machines between 1 and 2 can be needed; found 3"):
        system_failures(Machines(2, 100.0, TENTH), 3)


def test_outage_table_by_hand():
    # 20 and 30 MW, down 0.1 and 0.2: none lost 0.9 x 0.8, 20 lost 0.1 x 0.8, 30 lost 0.9 x 0.2, 50 lost 0.1 x 0.2.
    lost, probability = outage_table([20.0, 30.0], [0.1, 0.2])
    assert lost.tolist() == [0.0, 20.0, 30.0, 50.0]
    assert probability == pytest.approx([0.72, 0.08, 0.18, 0.02])


def test_equal_losses_are_one_row():
    # Three of 10 MW, down 0.1 each: 10 MW lost with 3 x 0.1 x 0.81 = 0.243.
    lost, probability = outage_table([10.0] * 3, [0.1] * 3)
    assert lost.tolist() == [0.0, 10.0, 20.0, 30.0]
    assert probability == pytest.approx([0.729, 0.243, 0.027, 0.001])


def test_loss_of_load_by_hand():
    # The table above, 50 MW, loads of 40 and 25 MW. 40: short where 20 or more are lost, 0.28; 10 x 0.08 + 20 x 0.18 + 40 x 0.02 = 5.2 MW.
    # 25: short where 30 or 50 are lost, 0.20; 5 x 0.18 + 25 x 0.02 = 1.4 MW.
    risk, short = loss_of_load(outage_table([20.0, 30.0], [0.1, 0.2]), 50.0, np.array([40.0, 25.0]))
    assert risk == pytest.approx([0.28, 0.20])
    assert short == pytest.approx([5.2, 1.4])


def test_series_and_parallel():
    assert series([0.9, 0.8]) == pytest.approx(0.72)
    assert parallel([0.9, 0.8]) == pytest.approx(0.98)


def test_feed_of_a_utility():
    # SAIFI 2 a year, SAIDI 4 h: 2 h each, and 4 of 8,760 h without power.
    rate, repair = feed(2.0, 4.0)
    assert repair == pytest.approx(2.0)
    assert unavailability(rate, repair) == pytest.approx(4 / 8760)
    with pytest.raises(ValueError, match="SAIFI is above 0"):
        feed(0.0, 4.0)


@given(counts, counts, rates, repairs, shares)
def test_more_units_are_never_less_available(count, needed, rate, repair, beta):
    made = Machines(count, rate, repair, beta)
    assert at_least(made.more(1), min(needed, count)) >= at_least(made, min(needed, count)) - 1e-12


@given(counts, rates, repairs)
def test_without_common_cause_machines_are_independent(count, rate, repair):
    up = 1 - unavailability(rate, repair)
    assert working(Machines(count, rate, repair, 0.0))[count] == pytest.approx(up**count, abs=1e-12)
    assert at_least(Machines(count, rate, repair, 0.0), 1) == pytest.approx(parallel([up] * count), abs=1e-12)


@given(counts, counts, rates, repairs)
def test_where_every_failure_is_common_redundancy_is_worthless(count, needed, rate, repair):
    assert at_least(Machines(count, rate, repair, 1.0), min(needed, count)) == pytest.approx(1 - unavailability(rate, repair), abs=1e-12)


@given(st.lists(st.tuples(st.sampled_from([5.0, 10.0, 12.5]), st.floats(0.0, 1.0)), min_size=1, max_size=8))
def test_an_outage_table_loses_no_probability_and_the_mean_is_that_of_the_units(units):
    sizes, down = zip(*units, strict=True)
    lost, probability = outage_table(sizes, down)
    assert probability.sum() == pytest.approx(1.0)
    assert lost @ probability == pytest.approx(np.dot(sizes, down), abs=1e-9)


@given(counts, counts, rates, repairs, st.floats(1.0, 150.0))
def test_states_of_plants_are_the_outage_table_where_there_is_no_common_cause(one, two, rate, repair, need):
    plants = [plant("a", Machines(one, rate, repair), 10.0), plant("b", Machines(two, 2 * rate, repair), 7.0)]
    down = [unavailability(rate, repair)] * one + [unavailability(2 * rate, repair)] * two
    risk, short = shortage(plants, np.array([need]))
    table = outage_table([10.0] * one + [7.0] * two, down)
    expected = loss_of_load(table, 10.0 * one + 7.0 * two, np.array([need * (1 - 1e-6)]))
    assert risk == pytest.approx(expected[0], abs=1e-8)
    assert short == pytest.approx(expected[1], rel=1e-3, abs=1e-3)


def test_shortage_by_the_hour_load_and_derating():
    # Two machines of 10 MW that work 9 of 10 hours; at noon the air leaves 8 MW of each. 10 MW is lost where both are down, 0.01;
    # at noon also where one is, 0.19. 20 MW by night needs both: 0.19 short; 20 MW at noon is always short, by 4 MW at least.
    night, noon = 10.0, 8.0
    made = Machines(2, 100.0, TENTH)
    risk, short = shortage([plant("generator", made, np.array([night, noon, night, noon]))], np.array([10.0, 10.0, 20.0, 20.0]))
    assert risk == pytest.approx([0.01, 0.19, 0.19, 1.0])
    # MW: 0.01 x 10;  0.18 x 2 + 0.01 x 10;  0.18 x 10 + 0.01 x 20;  0.81 x 4 + 0.18 x 12 + 0.01 x 20
    assert short == pytest.approx([0.1, 0.46, 2.0, 5.6])


def test_a_limit_holds_a_plant_back():
    # Three machines of 10 MW on a pipeline for 20: 20 MW are short only where two are down or more, 3 x 0.9 x 0.01 + 0.001 = 0.028.
    assert shortage([plant("generator", Machines(3, 100.0, TENTH), 10.0, 20.0)], np.array([20.0]))[0] == pytest.approx([0.028])


def test_feeds_of_one_utility_fail_together():
    # Own and common 1/19 each: both feeds down 1/19 + 18/19 x (1/19)^2; with a cause each (1 - (18/19)^2)^2.
    made = Machines(1, 100.0, TENTH, 0.5)
    shared = [plant(name, made, 10.0, cause="utility") for name in "ab"]
    apart = [plant(name, made, 10.0) for name in "ab"]
    assert shortage(shared, np.array([10.0]))[0] == pytest.approx([1 / 19 + 18 / 19 / 361])
    assert shortage(apart, np.array([10.0]))[0] == pytest.approx([(1 - (18 / 19) ** 2) ** 2])


def test_a_share_of_failures_takes_both_sides():
    # Of 100 failures a year a half is common: 0.2 take both sides, 0.3 one of them. Own 50, a side 30, both 20, each with the hours that leave 1/10 of
    # 100 a year down. One of two machines is needed: lost is both + (1 - both) x (1 - (1 - own) (1 - side))^2.
    sides = [plant(name, Machines(1, 100.0, TENTH, 0.5), 10.0, hours=24).sharing("both", 0.2) for name in "ab"]
    own, side, both = (unavailability(rate, TENTH) for rate in (50.0, 30.0, 20.0))
    assert (sides[0].machines.own, sides[0].machines.common) == pytest.approx((own, side))
    lost = both + (1 - both) * (1 - (1 - own) * (1 - side)) ** 2
    assert shortage(sides, np.full(24, 10.0))[0] == pytest.approx(np.full(24, lost))
    assert within(simulate(sides, np.full(24, 10.0), 2000, seed=2), 8760 * lost)


def test_states_keep_the_order_of_the_plants():
    made = Machines(1, 0.0, 1.0)
    plants = [plant("a", made, 1.0, cause="utility"), plant("b", Machines(3, 0.0, 1.0), 1.0), plant("c", made, 1.0, cause="utility")]
    assert joint_states(plants)[0].tolist() == [[1, 3, 1]]


def test_units_to_spare():
    # 2 x 30 + 3 x 10 MW for 45: without one of 30, 60 MW; without both 30, too little. For 25 both of 30 may go, and none of 10 after.
    sizes, limits = [np.array([30.0]), np.array([10.0])], [np.array([np.inf])] * 2
    assert spare(sizes, [2, 3], np.array([45.0]), limits) == 1
    assert spare(sizes, [2, 3], np.array([25.0]), limits) == 2
    assert spare(sizes, [2, 3], np.array([95.0]), limits) == 0


# Simulation ------------------------------------------------------------------------------------------------------------------------------------

def within(drawn: Outages, hours: float) -> bool:
    """Within twice the confidence interval: of a fixed seed, so that it holds always or never."""
    return abs(drawn.hours - hours) <= 2 * drawn.error


@pytest.mark.parametrize("plants", [
    [plant("feed", Machines(1, 2.0, 1.5), 20.0, hours=24)],
    [plant("generator", Machines(4, 10.0, 40.0, 0.1, 4.0), 6.0, hours=24)],
    [plant("feed", Machines(1, 2.0, 5.0, 0.1), 12.0, hours=24, cause="u"), plant("other", Machines(1, 2.0, 5.0, 0.1), 12.0, hours=24, cause="u"),
     plant("generator", Machines(3, 10.0, 40.0, 0.1, 4.0), np.where(np.arange(24) < 12, 4.0, 5.0), hours=24)],
], ids=["single", "k of n", "mixed"])
def test_simulation_agrees_with_the_tables(plants):
    risk, short = shortage(plants, HALF_DAY_LOAD)
    drawn = simulate(plants, HALF_DAY_LOAD, 4000, seed=3)
    assert within(drawn, risk.mean() * 8760)
    assert drawn.energy.sum() / drawn.years == pytest.approx(short.mean() * 8760, rel=0.15)


def test_a_feed_fails_as_often_and_as_long_as_it_says():
    # 2 failures per year of service and 1.5 h of repair: 2 a year to three digits, 1.5 h on average.
    drawn = simulate([plant("feed", Machines(1, 2.0, 1.5), 20.0, hours=24)], np.full(24, 10.0), 10_000, seed=1)
    assert len(drawn.start) / drawn.years == pytest.approx(2.0, rel=0.03)
    assert drawn.duration.mean() == pytest.approx(1.5, rel=0.03)
    assert drawn.energy.sum() == pytest.approx(10.0 * drawn.duration.sum())


def test_a_seed_is_a_history():
    plants = [plant("feed", Machines(1, 2.0, 1.5), 20.0, hours=24)]
    assert simulate(plants, HALF_DAY_LOAD, 50, seed=1).hours == simulate(plants, HALF_DAY_LOAD, 50, seed=1).hours
    assert simulate(plants, HALF_DAY_LOAD, 50, seed=1).hours != simulate(plants, HALF_DAY_LOAD, 50, seed=2).hours


def test_what_never_fails_has_no_outage():
    drawn = simulate([plant("feed", Machines(1, 0.0, 1.5), 20.0, hours=24)], HALF_DAY_LOAD, 10, seed=1)
    assert (drawn.hours, drawn.error, drawn.availability, len(drawn.start)) == (0.0, 0.0, 1.0, 0)


def test_fuel_and_battery_shorten_outages():
    # Outages of the feed are exponential of mean 10 h. Standby that never fails with fuel for D hours of 10 MW leaves exp(-D / 10) of the time:
    # with 100 MWh (10 h) 0.368 of it. A battery of 10 MW and 20 MWh bridges 2 h more: exp(-1.2) = 0.301; one of 5 MW carries nothing in full.
    plants = [plant("feed", Machines(1, 5.0, 10.0), 20.0, hours=24), plant("standby", Machines(1, 0.0, 1.0), 10.0, hours=24, stored=True)]
    need, whole = np.full(24, 10.0), unavailability(5.0, 10.0) * 8760
    for battery, left in (((0.0, 0.0), np.exp(-1.0)), ((10.0, 20.0), np.exp(-1.2)), ((5.0, 20.0), np.exp(-1.0))):
        assert within(simulate(plants, need, 4000, seed=5, fuel=100.0, battery=battery), whole * left)
        risk, short = shortage(plants, need, 100.0, battery)
        assert risk.mean() * 8760 == pytest.approx(whole * left)
        assert short == pytest.approx(10.0 * risk)
    assert simulate(plants, need, 4000, seed=5).hours == shortage(plants, need)[0].sum() == 0.0


def test_fuel_of_machines_that_fail_in_turn_by_hand():
    # Two machines of 10 MW for 20 MW, a failure of each in u = 100 h of service, repair r = 5 h; standby that never fails. With one down a shortage goes on
    # for e1 MWh, with two for e2: e1 (1/r + 1/u) = 10 + e2/u and e2 2/r = 20 + e1 2/r, so e2 = 10 r + e1 = 50 + e1 and e1 = 10 r + 10 r^2/u = 52.5.
    # One is down in 2 q (1 - q) of the time, both in q^2, q = 5/105; of that exp(-E/e) is beyond a tank of E = 60 MWh.
    plants = [plant("machine", Machines(2, 87.6, 5.0), 10.0), plant("standby", Machines(1, 0.0, 1.0), 20.0, stored=True)]
    q = 5 / 105
    expected = 2 * q * (1 - q) * np.exp(-60 / 52.5) + q * q * np.exp(-60 / 102.5)
    assert shortage(plants, np.array([20.0]), 60.0)[0] == pytest.approx([expected])


def test_a_load_that_falls_ends_a_shortage_before_the_tank_is_empty():
    # 10 MW never fail, 10 MW are down in 1 of 10 hours for r hours; 20 MW are needed for the last 6 h of a day. Fuel for 6 h is never used up; fuel for 4 h
    # is in the last two hours of the day, where the machine has been down for as long: 2 of 24 x 0.1 x exp(-4/r).
    plants = [plant("feed", Machines(1, 0.0, 1.0), 10.0, hours=24), plant("machine", Machines(1, 100.0, TENTH), 10.0, hours=24),
              plant("standby", Machines(1, 0.0, 1.0), 10.0, hours=24, stored=True)]
    need = np.where(np.arange(24) < 18, 10.0, 20.0)
    assert shortage(plants, need, 60.0)[0].sum() == simulate(plants, need, 50, seed=1, fuel=60.0).hours == 0.0
    lost = shortage(plants, need, 40.0)[0]
    assert lost.mean() == pytest.approx(2 / 24 * 0.1 * np.exp(-4 / TENTH))
    assert np.flatnonzero(lost).tolist() == [22, 23]
    assert within(simulate(plants, need, 1000, seed=1, fuel=40.0), lost.mean() * 8760)


def test_several_kinds_of_supply_agree_with_the_simulation():
    # Both feeds and two of three engines carry 44 MW; where two engines are down it is for days, and standby lasts 12 h at full load. Without a thought
    # for fuel the tables would say 0.0004 h a year, less than a thousandth.
    plants = [plant("first", Machines(1, 0.3, 1.32, 0.063), 12.0, hours=24, cause="utility"), plant("other", Machines(1, 0.3, 1.32, 0.063), 4.0, hours=24,
              cause="utility"), plant("engine", Machines(3, 4.5, 40.0, 0.05, 4.0), 17.5, hours=24),
              plant("standby", Machines(12, 1.84, 33.9, 0.05, 4.0), 4.0, hours=24, stored=True)]
    need, fuel, battery = np.full(24, 44.0) + np.sin(np.arange(24)), 576.0, (10.0, 20.0)
    lost = shortage(plants, need, fuel, battery)[0].mean() * 8760
    drawn = simulate(plants, need, 8000, seed=1, fuel=fuel, battery=battery)
    assert drawn.interval[0] <= lost <= drawn.interval[1]
    assert shortage(plants, need)[0].mean() * 8760 < lost / 1000


def test_the_interval_of_what_is_seldom_seen():
    # No outage: below -ln(0.025) = 3.689 in all years. One of 2 h: half of the 97.5 % quantile of chi-square of 4 degrees of freedom, 11.143, is 5.572.
    # Ten thousand of 1 h: 10,000 less and more 1.96 x 100.
    one, none = np.ones(1), np.zeros(0)
    assert Outages(1000, none, none, none, 50.0).interval == pytest.approx((0.0, 3.6889 * 50 / 1000), rel=1e-4)
    assert Outages(1000, one, 2 * one, one).interval == pytest.approx((0.0253 * 2 / 1000, 5.572 * 2 / 1000), rel=1e-2)
    many = np.arange(10_000.0)
    assert Outages(1000, many, np.ones(10_000), many).interval == pytest.approx((9.804, 10.197), abs=2e-3)
    assert Outages(1000, one, 2 * one, one).error == pytest.approx(5.572 * 2 / 1000 - 2 / 1000, rel=1e-3)


def test_a_store_is_empty_within_a_stretch():
    # Two shortages. The first: 2 h of 10 MW, 1 h of 5 MW; the second: 1 h of 10 MW. A store of 8 MW and 20 MWh gives 16, then 4 of 5 MWh (0.8 h),
    # then 8 MWh in the second: 2 MW stay missing in the stretches of 10 MW, 5 MW for the last 0.2 h of the first.
    found = Shortages(np.array([0.0, 2.0, 50.0]), np.array([2.0, 1.0, 1.0]), np.array([10.0, 5.0, 10.0]), np.zeros(3), np.array([1, 1, 2]))
    left = serve(found, 8.0, 20.0)
    assert left.start == pytest.approx([0.0, 2.8, 50.0])
    assert left.length == pytest.approx([2.0, 0.2, 1.0])
    assert left.missing == pytest.approx([2.0, 5.0, 2.0])


# Survival --------------------------------------------------------------------------------------------------------------------------------------

def test_fuel_for_a_day_is_gone_after_a_day():
    standby = plant("standby", Machines(2, 0.0, 1.0), 10.0, hours=24, stored=True)
    assert survival([standby], np.full(24, 10.0), (1, 24, 25), 50, 1, fuel=240.0).tolist() == [1.0, 1.0, 0.0]


def test_sets_that_fail_to_run():
    # One set, in service half the time, failing once in 100 h and not repaired: 0.5 x exp(-10 / 100) = 0.452 through ten hours (nine steps: 0.457).
    rate, repair = 87.6, 100.0
    found = survival([plant("set", Machines(1, rate, repair), 10.0, hours=24)], np.full(24, 10.0), (0, 1, 10), 20_000, 1)
    assert found == pytest.approx([1.0, 0.5, 0.5 * np.exp(-0.09)], abs=0.012)


@settings(deadline=None)
@given(st.integers(1, 6), st.floats(0.0, 200.0), st.floats(0.0, 40.0))
def test_survival_falls_with_the_length(count, fuel, energy):
    plants = [plant("set", Machines(count, 20.0, 30.0, 0.1, 4.0), 6.0, hours=24, stored=True)]
    found = survival(plants, HALF_DAY_LOAD, (0, 1, 2, 8, 24), 60, 1, fuel, (5.0, energy))
    assert found[0] == 1.0
    assert (np.diff(found) <= 0).all()
