"""Named climates against real typical years of the same places: how far a synthetic year is off.

Normals and file are of two sources (TMYx or ASHRAE against TMY3), save Greensboro and Las Vegas, so that part of each difference is between sources.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.models.catalog import load_catalog
from dcplan.models.physics.psychrometrics import relative_humidity, wet_bulb
from dcplan.models.synthetic import Normals, daily_range, extraterrestrial, synthetic_year, through_months
from dcplan.planner.climate import climate
from dcplan.sites import Site, load_site
from dcplan.sites.named import climates
from hypothesis import given, settings
from hypothesis import strategies as st
from test_weather import FILES

ASHBURN = Path(__file__).parent.parent / "examples" / "ashburn" / "site.toml"
# of test_weather, climate, latitude; the default run takes two
PAIRS = {"Phoenix EPW": ("phoenix_az", 33.43), "Greensboro TMY3": ("greensboro_nc", 36.1), "Abilene NSRDB": ("abilene_tx", 32.41),
         "Dulles EPW": ("ashburn_va", 38.95), "Chicago EPW": ("chicago_il", 41.98), "Las Vegas EPW": ("las_vegas_nv", 36.08)}
QUICK = ("Greensboro TMY3", "Phoenix EPW")
SYSTEMS = ("dry_cooler", "adiabatic_cooler", "open_tower", "air_cooled_chiller", "water_cooled_chiller", "waterside_economiser", "direct_air_economiser")
CASES = [pytest.param(name, marks=() if name in QUICK else pytest.mark.slow) for name in PAIRS]


@dataclass(frozen=True)
class Apart:
    """Synthetic less real: means, design temperatures and highest hours (K), and by system cooling's part of PUE."""

    mean: float
    hot: float
    humid: float
    highest_dry: float
    highest_wet: float
    pue: dict[str, float]


def site(folder: Path, name: str, weather: str) -> Site:
    """The example Ashburn, moved to the place of a weather file, with this [weather]."""
    _, _, offset, longitude, elevation = FILES[name]
    text = re.sub(r"\[weather\].*?\n\n", f"[weather]\n{weather}\n\n", ASHBURN.read_text(), flags=re.S)
    for key, value in (("latitude", f"{PAIRS[name][1]} degree"), ("longitude", f"{longitude} degree"), ("elevation", f"{elevation} m"),
                       ("utc_offset", f"{offset} hour")):
        text = re.sub(rf"^{key} = .*$", f'{key} = "{value}"', text, flags=re.M)
    folder.mkdir()
    (folder / "site.toml").write_text(text)
    return load_site(folder / "site.toml")


def apart(folder: Path, name: str) -> Apart:
    path, form, *_ = FILES[name]
    real = site(folder / "real", name, f'file = "{path()}"\nformat = "{form}"')
    made = site(folder / "made", name, f'climate = "{PAIRS[name][0]}"')
    dry, wet = ([one.hours[bulb].values[0] for one in (made, real)] for bulb in ("dry_bulb", "wet_bulb"))
    tables = [climate(one).systems.set_index("system").pue_part for one in (made, real)]
    return Apart(float(np.mean(dry[0]) - np.mean(dry[1])), made.design.dry_bulb - real.design.dry_bulb, made.design.wet_bulb - real.design.wet_bulb,
                 float(dry[0].max() - dry[1].max()), float(wet[0].max() - wet[1].max()),
                 {system: float(tables[0][system] - tables[1][system]) for system in SYSTEMS})


@pytest.mark.parametrize("name", CASES)
def test_how_far_a_named_climate_is_off(tmp_path, name):
    found = apart(tmp_path, name)
    assert abs(found.mean) <= 1.3
    assert max(abs(found.hot), abs(found.humid)) <= 1.5
    assert max(abs(found.highest_dry), abs(found.highest_wet)) <= 2.5
    assert all(abs(off) <= (0.015 if system == "direct_air_economiser" else 0.006) for system, off in found.pue.items()), found.pue


MONTH_HOURS = np.repeat(np.arange(12), np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) * 24)


def monthly(values: np.ndarray) -> np.ndarray:
    return np.array([values[month == MONTH_HOURS].mean() for month in range(12)])


@pytest.mark.parametrize("name", ["lulea_se", "singapore", "chicago_il", "sydney_au", "riyadh_sa"])
def test_a_synthetic_year_keeps_its_normals(name):
    normals, noon = climates()[name].normals, round(climates()[name].normals.longitude / 15)
    year = synthetic_year(normals, 101325.0, noon)
    dry, dew = year["dry_bulb"], year["dew_point"]
    assert monthly(dry) == pytest.approx(np.array(normals.dry_bulb), abs=0.25)
    assert (dew <= dry).all()
    assert monthly(year["ghi"]) * 0.024 == pytest.approx(np.array(normals.ghi), abs=0.15, rel=0.02)
    assert all((values >= 0).all() and np.isfinite(values).all() for key, values in year.items() if key in ("ghi", "dni", "dhi"))
    assert 14 <= dry.reshape(365, 24).mean(axis=0).argmax() <= 15
    assert 11.5 <= (year["ghi"].reshape(365, 24).sum(axis=0) * (np.arange(24) + 0.5)).sum() / year["ghi"].sum() <= 12.5
    assert np.quantile(dry, 0.996) == pytest.approx(normals.hot, abs=0.3)
    wet = wet_bulb(dry, relative_humidity(dry, dew), 101325.0)
    assert np.quantile(wet, 0.996) == pytest.approx(normals.humid, abs=0.6)


def test_every_named_climate_makes_a_year_and_the_same_one_each_time():
    for name, place in climates().items():
        assert -60 < place.normals.cold < place.normals.hot < 60, name
        assert place.normals.humid < place.normals.hot, name
        assert place.source in load_catalog().sources, name
    one, other = (synthetic_year(climates()["oslo_no"].normals, 1e5, 1.0) for _ in range(2))
    assert all((one[key] == other[key]).all() for key in one)


def test_extraterrestrial_by_the_example_of_its_source():
    """FAO 56, example 8: 20 S on 3 September (day 246), 32.2 MJ/m2/day = 8.94 kWh/m2/day."""
    assert extraterrestrial(-20.0)[245] * 3.6 == pytest.approx(32.2, abs=0.1)


def test_daily_range_by_hand():
    """Ra at the equator in January is 36.2 MJ/m2/day = 10.06 kWh (FAO 56, annex 2, table 2.6): 5.5 kWh are (5.5 / (0.17 x 10.06))^2 = 10.3 K."""
    flat = (20.0,) * 12
    assert daily_range(Normals(0.0, 0.0, flat, flat, (5.5,) * 12, 0.0, 30.0, 25.0))[0] == pytest.approx(10.3, abs=0.15)


@given(st.lists(st.floats(-30, 35), min_size=12, max_size=12))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_months_keep_their_means(means):
    assert monthly(np.repeat(through_months(means), 24)) == pytest.approx(np.array(means), abs=0.05)


def test_it_is_labelled_synthetic_wherever_it_is_seen(tmp_path):
    loaded = site(tmp_path / "made", "Chicago EPW", 'climate = "chicago_il"')
    assert loaded.weather_from == "synthetic, from monthly normals of chicago_il"
    assert loaded.notes[0].startswith("the weather is synthetic: a year made from monthly normals of Chicago, US (typical year (TMYx); computed from")
    checked = CliRunner().invoke(dcplan, ["check", str(loaded.path)])
    assert "note: the weather is synthetic" in checked.stdout
    shown = CliRunner().invoke(dcplan, ["climate", str(loaded.path), "-o", str(tmp_path / "out"), "--json"])
    told = json.loads(shown.stdout)
    assert told["weather"] == loaded.weather_from
    assert {row["weather"] for row in told["systems"]} == {loaded.weather_from}
    assert "synthetic" in (tmp_path / "out" / "climate.csv").read_text()


def test_far_from_its_place_it_says_so(tmp_path):
    loaded = site(tmp_path / "made", "Phoenix EPW", 'climate = "chicago_il"')
    assert loaded.notes[1] == "climate chicago_il is 2,308 km from the site, which lies +135 m above it: temperatures are those of Chicago, US"


def test_named_climates_are_listed():
    rows = json.loads(CliRunner().invoke(dcplan, ["weather", "climates", "--json"]).stdout)
    assert {"climate": "lulea_se", "place": "Lulea, SE", "cold_degC": -28.0, "hot_degC": 24.5, "humid_degC": 18.3,
            "period": "climate normals as remembered", "confidence": "memory, verify"} in rows
    assert "lulea_se" in CliRunner().invoke(dcplan, ["weather", "climates"]).stdout
