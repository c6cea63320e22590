"""PUE and WUE of four halls in three climate zones against the published 5th to 95th percentiles."""

import numpy as np
import pytest
from lei_masanet import at, low_loss, pue_wue, ranges, rows
from rows import inside, near, reaches_down_to
from years import ZONES, year

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
