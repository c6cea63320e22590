"""The days that stand for a year: typical ones by weight, and each extreme one once."""

from pathlib import Path

import numpy as np
import pytest
from dcplan.models.horizon import MONTH_DAYS
from dcplan.planner.assemble import build_case
from dcplan.planner.sampling import sampled_days
from dcplan.sites import load_site

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def year():
    return build_case(load_site(EXAMPLES / "abilene" / "site.toml", ["power.allow=[\"solar_pv\", \"onshore_wind\"]"])).years[0]


@pytest.mark.parametrize("days_per_month", [1, 3])
def test_every_day_of_every_month_is_stood_for(year, days_per_month):
    days = sampled_days(year, days_per_month)
    assert [sum(day.weight for day in days if day.month == month) for month in range(1, 13)] == list(MONTH_DAYS)


def test_the_days_of_least_sun_and_wind_are_among_them_once(year):
    """Where they were not, plans on sampled days had too little firm power: those of the benchmark `peer` cost three times as much over all hours."""
    weights = {day.first // 24: day.weight for day in sampled_days(year, 1)}
    yields = {name: values for name, values in year.series.items() if name.startswith("yield_")}
    assert {"yield_solar_pv", "yield_onshore_wind"} <= yields.keys()
    for values in yields.values():
        assert weights[int(np.reshape(values, (-1, 24)).sum(axis=1).argmin())] == 1.0


def test_the_days_of_extreme_heat_and_price_are_among_them_once(year):
    weights = {day.first // 24: day.weight for day in sampled_days(year, 1)}
    for values in (year.dry_bulb, year.wet_bulb, year.energy_price):
        assert weights[int(np.argmax(values)) // 24] == 1.0
