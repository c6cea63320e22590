"""Failures of machines, feeds and systems against published figures: a row has the figure, its source, ours and the tolerance."""

import numpy as np
import pytest
from dcplan.models.catalog import load_catalog
from dcplan.models.reliability.adequacy import plant
from dcplan.models.reliability.endurance import shortage
from dcplan.models.reliability.markov import (
    Machines,
    at_least,
    failure_rate,
    feed,
    loss_of_load,
    mean_time_between_failures,
    outage_table,
    unavailability,
)
from dcplan.models.reliability.simulation import simulate
from rows import near

CATALOG = load_catalog()
RAM = "IEEE 493 and 3006.8, by way of an open data-centre model"
TEST_SYSTEM = "IEEE Reliability Test System, IEEE Trans. PAS-98 (1979); index by Allan, Billinton and Abdel-Gawad, IEEE Trans. PWRS-1 (1986)"
# machines, MW, forced outage rate; weekly peaks as % of the year's 2,850 MW; daily peaks as % of the week's
UNITS = ((5, 12, 0.02), (4, 20, 0.10), (6, 50, 0.01), (4, 76, 0.02), (3, 100, 0.04), (4, 155, 0.04), (3, 197, 0.05), (1, 350, 0.08), (2, 400, 0.12))
WEEKS = (86.2, 90.0, 87.8, 83.4, 88.0, 84.1, 83.2, 80.6, 74.0, 73.7, 71.5, 72.7, 70.4, 75.0, 72.1, 80.0, 75.4, 83.7, 87.0, 88.0, 85.6, 81.1, 90.0, 88.7,
         89.6, 86.1, 75.5, 81.6, 80.1, 88.0, 72.2, 77.6, 80.0, 72.9, 72.6, 70.5, 78.0, 69.5, 72.4, 72.4, 74.3, 74.4, 80.0, 88.1, 88.5, 90.9, 94.0, 89.0,
         94.2, 97.0, 100.0, 95.2)
DAYS = (93, 100, 98, 96, 94, 77, 75)
DAILY_PEAKS = 2850 * np.outer(WEEKS, DAYS).ravel() / 10_000


def number(technology: str, parameter: str, unit: str) -> float:
    return CATALOG.number(technology, parameter, unit)


def row_of(technology: str) -> tuple[float, float]:
    """Failures a year and repair time (hours) of a row of the catalogue."""
    return number(technology, "failure_rate", "1/year"), number(technology, "mttr", "hour")


@pytest.mark.parametrize("technology", ["transformer_mv_lv_5mva", "breaker_lv", "ats", "switchboard_lv", "breaker_lv_drawout_3000a"])
def test_unavailability_of_switchgear(technology):
    published = number(technology, "unavailability", "1")
    near(f"unavailability of {technology}", RAM, published, unavailability(*row_of(technology)), 1e-3 * published)


def test_loss_of_load_of_the_ieee_test_system():
    # 32 units, 3,405 MW, 364 daily peaks: 1.36886 days a year on which the load is lost.
    sizes, down = [size for count, size, _ in UNITS for _ in range(count)], [share for count, _, share in UNITS for _ in range(count)]
    days = loss_of_load(outage_table(sizes, down), sum(sizes), DAILY_PEAKS)[0].sum()
    near("loss of load, days a year", TEST_SYSTEM, 1.36886, float(days), 1e-4)


@pytest.mark.slow
def test_loss_of_load_of_the_ieee_test_system_as_plants():
    repair = 50.0
    plants = [plant(f"{size} MW", Machines(count, failure_rate(share, repair), repair), float(size), hours=len(DAILY_PEAKS))
              for count, size, share in UNITS]
    near("loss of load, days a year", TEST_SYSTEM, 1.36886, float(shortage(plants, DAILY_PEAKS)[0].sum()), 1e-4)


def test_ups_with_one_module_to_spare():
    # Independent modules would fail together once in billions of hours; a beta of 0.136 (0.228 with one battery for all) gives what is measured.
    module = (8760 / number("ups_module", "mtbf", "hour"), number("ups_module", "mttr", "hour"))
    alone = mean_time_between_failures(Machines(4, *module), 3)
    near("3 of 4 independent modules, MTBF in 1e9 h", "MTBF^2 / (12 x MTTR) of 170,000 h and 0.5 h", 170_000**2 / (12 * 0.5) / 1e9, alone / 1e9, 1e-3)
    for parameter, beta in (("ups_dpa_n1_separate_battery", number("ups", "common_cause", "1")),
                            ("ups_dpa_n1_common_battery", float(CATALOG.entry("ups", "common_cause").high))):
        published = number(parameter, "mtbf", "hour")
        near(parameter, "ABB, MTBF of N+1 systems", published, mean_time_between_failures(Machines(4, *module, beta), 3), 0.01 * published)


def test_single_feed_of_a_utility():
    # 1.956 failures a year of 1.32 h: 2.58 h a year, 0.999705.
    rate, repair = row_of("utility_single_feed")
    near("availability of a single feed", "IEEE 493 Gold Book: 1.956 a year, 1.32 h", 0.999705, at_least(Machines(1, rate, repair), 1), 1e-6)


def test_dual_feed_of_a_utility():
    # 0.312 a year of 0.52 h: 0.162 h a year. Two feeds of the single kind that share the catalogue's part of their failures.
    rate, repair = row_of("utility_single_feed")
    beta = number("grid_connection", "common_cause", "1")
    feeds = [plant(name, Machines(1, rate, repair, beta), 10.0, cause="utility") for name in ("a", "b")]
    published = float(np.prod(row_of("utility_dual_feed")))
    near("hours a year without both feeds", "IEEE 493 Gold Book: 0.312 a year, 0.52 h", published, shortage(feeds, np.array([10.0]))[0][0] * 8760, 0.01)


def test_saidi_as_availability():
    rate, repair = feed(number("us_utility", "saifi_with_med_2023", "1/year"), number("us_utility", "saidi_with_med_2023", "hour/year"))
    near("availability of a US feed, 2023", "EIA Table 11.1: SAIDI 366.6 min", 0.999303, 1 - unavailability(rate, repair), 1e-6)
    near("hours to restore it", "EIA Table 11.1: 366.6 min / 1.348", 366.6 / 1.348 / 60, repair, 1e-3)


@pytest.mark.parametrize(("tier", "tolerance"), [("tier_i", 0.1), ("tier_ii", 0.8), ("tier_iii", 0.1), ("tier_iv", 0.1)])
def test_downtime_of_the_tiers(tier, tolerance):
    # Tier II is published as 22.0 h and as 99.741 %, which is 22.7 h.
    near(f"hours a year, {tier}", "7x24 Exchange 2015", number(tier, "downtime", "hour/year"), (1 - number(tier, "availability", "1")) * 8760, tolerance)


def test_tables_lie_within_the_interval_of_the_simulation():
    # A campus of 100 MW: a feed of 60 MW, eight engines of 10 MW with the catalogue's figures; the interval is that of 95 %, the seed is fixed.
    repair = number("reciprocating_engine", "repair_time", "hour")
    engines = Machines(8, failure_rate(number("reciprocating_engine", "forced_outage", "1"), repair), repair,
                       number("reciprocating_engine", "common_cause", "1"), number("common_cause", "repair_time", "hour"))
    plants = [plant("feed", Machines(1, *row_of("utility_single_feed")), 60.0, hours=8760), plant("engines", engines, 10.0, hours=8760)]
    need = 85.0 + 15.0 * np.sin(2 * np.pi * np.arange(8760) / 8760)
    drawn = simulate(plants, need, 4000, seed=11)
    near("hours a year of shortage, by simulation", "by convolution", float(shortage(plants, need)[0].sum()), drawn.hours, drawn.error)
