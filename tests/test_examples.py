"""Every example is run: its site file checks clean and gives a plan; the script ranks them."""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from dcplan.planner import optimize, verify
from dcplan.sites import load_site
from dcplan.sites.examples import begin

EXAMPLES = Path(__file__).parent.parent / "examples"
SITES = sorted(EXAMPLES.glob("*/site.toml"))
SLOW = [pytest.param(path, marks=pytest.mark.slow, id=path.parent.name) for path in SITES if path.parent.name != "starter"]


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.parent.name)
def test_example_checks_clean_and_says_where_its_data_is_from(path):
    site = load_site(path)
    assert site.hours.sizes["hour"] == 8760
    origins = (path.parent / "README.md").read_text(encoding="utf-8")
    assert all(name in origins for name in site.inputs if name not in ("site.toml", "boundary.geojson"))


@pytest.mark.parametrize("path", [pytest.param(EXAMPLES / "starter" / "site.toml", id="starter"), *SLOW])
def test_example_gives_a_plan(path):
    site = load_site(path)
    plan = optimize(site)
    last = plan.phases.iloc[-1]
    assert 0.9 * last.accelerators_wanted <= last.accelerators_online <= 1.1 * last.accelerators_wanted
    assert site.load is not None or 1.0 < plan.summary["pue"] < 1.5
    assert 0 <= plan.summary["gap"] < 0.1
    assert (plan.builds.dropna(subset="order_by").order_by >= plan.phases.start.min()).all()


def test_brownfield_keeps_its_sizes_and_is_verified(tmp_path):
    plan = optimize(load_site(EXAMPLES / "brownfield" / "site.toml", ["plan.end=2031-01-01", "plan.steps=[{ until = 2030-12-31, step = 'year' }]"],
                              "fixed_battery"))
    size = plan.dataset["capacity"].sel(asset=["solar_pv", "battery_power", "battery_energy"]).values[:, -1]
    assert size == pytest.approx([12.0, 6.0, 24.0], abs=1e-3)
    assert plan.summary["peak_facility_mw"] > load_site(EXAMPLES / "brownfield" / "site.toml").load_peak
    assert verify(plan.save(tmp_path / "plan")).ok


def test_ashburn_differs_as_it_says():
    site = load_site(EXAMPLES / "ashburn" / "site.toml")
    assert [stage.firm for stage in site.grid.stages] == [False, True]
    assert site.outage.duration == 48
    assert [hall.cooling for hall in site.halls] == ["mixed"]


@pytest.mark.slow
def test_compare_sites_ranks_every_example(tmp_path):
    ended = subprocess.run([sys.executable, EXAMPLES / "compare_sites.py", tmp_path / "out"], capture_output=True, text=True, timeout=850)
    assert ended.returncode == 0, ended.stderr
    ranking = pd.read_csv(tmp_path / "out" / "ranking.csv")
    assert len(ranking) == len(SITES)
    assert ranking.cost_musd_per_mw.dropna().is_monotonic_increasing


def test_compare_sites_says_how_it_is_called():
    ended = subprocess.run([sys.executable, EXAMPLES / "compare_sites.py"], capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (1, "usage: python examples/compare_sites.py OUT\n")


def test_cold_humid_and_mixed_sites_differ_as_they_say():
    greensboro, lulea, miami = (load_site(EXAMPLES / name / "site.toml") for name in ("greensboro", "lulea", "miami"))
    assert [(tranche.name, tranche.critical_share) for tranche in greensboro.fleet] == [("training", 0.4), ("inference", 1.0)]
    asked = load_site(EXAMPLES / "greensboro" / "site.toml", scenario="targets").reliability
    assert (asked.training, asked.inference) == pytest.approx((0.99, 0.999))
    assert lulea.design.dry_bulb < 25 < 26 < miami.design.wet_bulb
    assert [note.startswith("the weather is synthetic") for site in (greensboro, lulea, miami) for note in site.notes] == [True]


def test_an_example_on_a_file_of_pvlib_can_be_begun_from(tmp_path):
    begin(tmp_path / "mine", "greensboro")
    assert load_site(tmp_path / "mine" / "site.toml").hours.dry_bulb.mean() == pytest.approx(14.4, abs=0.1)
