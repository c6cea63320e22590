"""PUE and WUE of four halls in three climate zones against the published 5th to 95th percentiles."""

from dataclasses import replace

import numpy as np
import pytest
from lei_masanet import at, low_loss, pue_wue, ranges, rows
from rows import inside, near, reaches_down_to
from scipy.stats import spearmanr
from years import SYNTHETIC, ZONES, Year, synthetic, year

SOURCE = "Lei and Masanet 2022, RCR 182:106323"
BANDS = {(int(row["case"]), row["climate_zone"]): {name: float(row[name]) for name in ("pue_5th", "pue_95th", "wue_5th", "wue_95th")}
         for row in rows("pue_wue_bands")}
LARGE = [place for place in BANDS if place[0] in (1, 2)]
SAMPLES = 24


@pytest.mark.parametrize(("case", "zone"), BANDS)
@pytest.mark.parametrize("figure", ["pue", "wue"])
def test_mid_range_lies_inside_the_band(case, zone, figure):
    found = dict(zip(("pue", "wue"), pue_wue(case, at(case, 0.5), year(ZONES[zone])), strict=True))
    band = BANDS[case, zone]
    inside(f"{figure.upper()} of case {case} in {zone}", SOURCE, band[f"{figure}_5th"], band[f"{figure}_95th"], found[figure])


@pytest.mark.parametrize(("case", "zone"), BANDS)
def test_low_loss_corner_reaches_the_fifth_percentile(case, zone):
    found, _ = pue_wue(case, low_loss(case), year(ZONES[zone]))
    reaches_down_to(f"lowest PUE of case {case} in {zone}", SOURCE, BANDS[case, zone]["pue_5th"], found, 0.03)
    assert found > 1


@pytest.mark.parametrize(("case", "zone"), LARGE)
def test_fifth_percentile_of_sampled_inputs(case, zone):
    # Latin hypercube over the published ranges: the middles of as many strata of each input, paired at random, seeded
    strata = np.tile((np.arange(SAMPLES)[:, np.newaxis] + 0.5) / SAMPLES, len(ranges(case)))
    places = np.random.default_rng(1).permuted(strata, axis=0)
    found = [pue_wue(case, at(case, place), year(ZONES[zone]))[0] for place in places]
    near(f"5th percentile of PUE, case {case} in {zone}", SOURCE, BANDS[case, zone]["pue_5th"], float(np.quantile(found, 0.05)), 0.03)


# Other zones -----------------------------------------------------------------------------------------------------------------------------------
# Without published figures: what cools says in which order climates stand, and no climate is worse than one in which nothing is free.

WHERE = [*ZONES.values(), *SYNTHETIC]


def of(place: str) -> Year:
    """A place's year, or a synthetic one, from the equator to the polar circle."""
    return synthetic(place, SYNTHETIC[place]) if place in SYNTHETIC else year(place)


@pytest.mark.parametrize("place", WHERE)
def test_other_zones_are_sane(place):
    made, mid = of(place), {case: pue_wue(case, at(case, 0.5), of(place)) for case in (1, 2, 5, 7)}
    assert (made.wet_bulb <= made.dry_bulb + 1e-9).all()
    assert all(1 < pue_wue(case, low_loss(case), made)[0] < pue for case, (pue, _) in mid.items())
    assert mid[1][0] < mid[5][0] > mid[2][0]  # large halls with economisers, a middling one without
    # all heat by towers: 3.6 MJ/kWh over 2.4 MJ/kg, times the facility with its lift, a third blown down; the dry one humidifies alone
    assert 0 <= mid[1][1] < mid[5][1] < 3.6 / 2.4 * mid[5][0] * 4 / 3
    assert mid[7][1] == pytest.approx(pue_wue(7, at(7, 0.5), year("Chicago"))[1], rel=0.05)


@pytest.mark.parametrize(("case", "what"), [(7, "dry_bulb"), (5, "wet_bulb"), (2, "above"), (1, "above")])
def test_pue_in_other_zones_follows_what_cools(case, what):
    # chillers: mean temperature of the air or of the tower's water, down to a wet bulb of 8 degC, where water of 12 degC keeps them at their highest COP;
    # economisers: hours with a wet bulb above 16 degC
    drives = {"dry_bulb": lambda one: one.dry_bulb.mean(), "wet_bulb": lambda one: np.maximum(one.wet_bulb, 8.0).mean(),
              "above": lambda one: (one.wet_bulb > 16).mean()}
    # at the air pressure of the sea: thin air takes more of the fans (next test), and Denver, of the coolest and driest, would rank in the middle
    pues = [pue_wue(case, at(case, 0.5), at_sea_level(of(place)))[0] for place in WHERE]
    assert float(spearmanr(pues, [float(drives[what](of(place))) for place in WHERE])[0]) > 0.94  # type: ignore[arg-type]


def at_sea_level(one: Year) -> Year:
    return replace(one, pressure=np.full(8760, 101_325.0))


@pytest.mark.parametrize(("place", "kilopascal"), [("denver_co", 83.0), ("johannesburg_za", 82.6)])
def test_thin_air_takes_more_of_the_fans(place, kilopascal):
    # The same heat takes the same mass of air, in more volume by 101.3 / 83.0 = 1.22: of the hall with waterside economiser, where the chillers seldom
    # run (a wet bulb above 16 degC in 3 and 7 % of the hours), fans take 0.22 more. What they take is what twice their pressure adds.
    level, given = at_sea_level(of(place)), at(2, 0.5)
    doubled = {name: 2 * value if name.startswith("Fan pressure") else value for name, value in given.items()}
    fans = pue_wue(2, doubled, level)[0] - pue_wue(2, given, level)[0]
    more = pue_wue(2, given, of(place))[0] - pue_wue(2, given, level)[0]
    assert of(place).pressure.mean() == pytest.approx(1000 * kilopascal, rel=1e-3)
    assert more == pytest.approx((101.3 / kilopascal - 1) * fans, rel=0.05)
