"""A measured load in place of fleet and cooling: served to the hour, sized supply, hand-solved and checked by what shares nothing with the planner."""

import math
import shutil
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from dcplan.cli.show import phase_text
from dcplan.planner import NoPlan, Plan, optimize, verify
from dcplan.sites import SiteProblems, load_site
from small import BASE, FLEET, HALL, START, ideal, merged, toml, weather

WAVE = [6 + 4 * math.sin(hour / 24 * 2 * math.pi) for hour in range(8760)]  # 2 to 10 MW, 6 on average: whole days
LOAD = {"file": "load.csv", "value_of_lost_load": "5000 USD/MWh"}
SAMPLED = {"plan": {"resolution": "sampled"}}
HOURS = 90 * 24  # January to March


def write_site(folder: Path, changes: dict, load: list[float] | str = WAVE, catalog: dict | None = None) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    base = {name: value for name, value in BASE.items() if name not in ("fleet", "halls", "cooling")}
    tables = merged({**base, "load": LOAD, "catalog": merged(ideal(), catalog or {})}, changes)
    text = load if isinstance(load, str) else "hour,mw\n" + "".join(f"{hour},{value!r}\n" for hour, value in enumerate(load))
    (folder / "load.csv").write_text(text)
    (folder / "weather.csv").write_text(weather(sun=800.0))
    (folder / "site.toml").write_text("\n".join(f"{name} = {toml(value)}" for name, value in tables.items()))
    return folder / "site.toml"


def planned(folder: Path, changes: dict, load: list[float] | str = WAVE, catalog: dict | None = None):
    return optimize(load_site(write_site(folder, changes, load, catalog)), workers=1)


SLOW = pytest.mark.slow


@pytest.mark.parametrize(("resolution", "bus", "transformers"), [
    ("full", "low_voltage", 10.0), pytest.param("full", "campus", 0.0, marks=SLOW), ("sampled", "campus", 0.0),
    pytest.param("sampled", "low_voltage", 10.0, marks=SLOW),
])
def test_the_load_is_bought_hour_by_hour(tmp_path, resolution, bus, transformers):
    """6 MW on average at 50 USD/MWh over 90 days: 6 x 2160 x 50 = 648,000 USD; its peak of 10 MW goes through transformers, or not."""
    plan = planned(tmp_path, {"load": {"bus": bus}, "grid": {"price": {"flat": "50 USD/MWh"}}, "plan": {"resolution": resolution}})
    assert plan.summary["net_present_cost_usd"] == pytest.approx(648_000, abs=1)
    assert plan.summary["peak_facility_mw"] == pytest.approx(10)
    assert plan.builds[plan.builds.technology == "transformer"].capacity.sum() == pytest.approx(transformers, abs=1e-3)
    assert plan.dataset["measured_load_load"].values[0, :24] == pytest.approx(WAVE[:24], rel=1e-6)
    assert verify(plan.save(tmp_path / "plan")).ok


def test_what_the_connection_cannot_carry_is_shed_at_its_value(tmp_path):
    """A constant 10 MW, of which 80 % must be held, and 8 MW of connection: 2 MW short, 2 x 2160 x 5000 = 21.6 MUSD, nothing paid for energy."""
    changes = {"load": {"critical_share": "80 %"}, "grid": {"stages": [BASE["grid"]["stages"][0] | {"capacity": "8 MW"}]}, **SAMPLED}
    plan = planned(tmp_path, changes, [10.0] * 8760)
    assert plan.summary["net_present_cost_usd"] == pytest.approx(2 * HOURS * 5000)
    assert plan.summary["unserved_mwh"] == pytest.approx(2 * HOURS)
    assert f"{2 * HOURS:,} MWh unserved" in plan.summary["verdict"]
    assert verify(plan.save(tmp_path / "plan")).ok


def test_what_must_be_held_and_cannot_is_no_plan(tmp_path):
    with pytest.raises(NoPlan):
        planned(tmp_path, {"grid": {"stages": [BASE["grid"]["stages"][0] | {"capacity": "8 MW"}]}, **SAMPLED})


@pytest.mark.parametrize(("rule", "units"), [pytest.param("N", 3, marks=SLOW), ("N+1", 4), pytest.param("2N", 6, marks=SLOW)])
def test_spare_transformers_are_those_of_one_plant(tmp_path, rule, units):
    """Units of 4 MW: 10 MW takes three of them, N+1 a fourth, 2N three pairs."""
    whole = {"transformer": {"unit_size": "4 MW", "modular": "1"}}
    plan = planned(tmp_path, {"redundancy": {"transformer": rule}, "catalog": whole, **SAMPLED}, catalog={"transformer": {"capital_cost": "1 USD/kW"}})
    assert plan.builds[plan.builds.technology == "transformer"].units.sum() == units
    assert verify(plan.save(tmp_path / "plan")).ok


@pytest.mark.parametrize(("size", "capacity"), [
    ({"minimum": "3 MW"}, 3.0), pytest.param({"fixed": "4 MW"}, 4.0, marks=SLOW), pytest.param({"maximum": "2 MW"}, 0.0, marks=SLOW),
    pytest.param({"minimum": "1 MW", "maximum": "2 MW"}, 1.0, marks=SLOW),
])
def test_sizes_of_a_technology_that_does_not_pay(tmp_path, size, capacity):
    """Sun at 1 USD/W saves nothing where energy is free: as little of it as may be. Of a life of 1 year 3 months are used, 0.25 MUSD a MW."""
    changes = {"power": {"allow": ["solar_pv"]}, "sizes": [{"technology": "solar_pv"} | size], **SAMPLED}
    plan = planned(tmp_path, changes, catalog={"solar_pv": {"capital_cost": "1000 USD/kW", "life": "1 year"}})
    assert plan.dataset["capacity"].sel(asset="solar_pv").values == pytest.approx(capacity, abs=1e-4)
    if size == {"minimum": "3 MW"}:
        saved = "1 MW less throughout would save 246,575 USD"  # 90 of 365 days
        assert plan.summary["held_back_by"][0].startswith(f"least size of solar_pv from 2030-01 ({saved})")
    assert verify(plan.save(tmp_path / "plan")).ok


def test_most_of_a_technology_that_pays(tmp_path):
    """Free sun against 50 USD/MWh: all that may be, 2 MW, and the limit says what more would be worth."""
    plan = planned(tmp_path, {"power": {"allow": ["solar_pv"]}, "sizes": [{"technology": "solar_pv", "maximum": "2 MW"}],
                              "grid": {"price": {"flat": "50 USD/MWh"}}, **SAMPLED})
    assert plan.dataset["capacity"].sel(asset="solar_pv").values == pytest.approx(2.0)


def test_power_and_energy_of_a_battery(tmp_path):
    changes = {"power": {"allow": ["battery"]}, "sizes": [{"technology": "battery", "fixed": "2 MW", "fixed_energy": "8 MWh"}], **SAMPLED}
    plan = planned(tmp_path, changes)
    assert [float(plan.dataset["capacity"].sel(asset=name)[-1]) for name in ("battery_power", "battery_energy")] == pytest.approx([2.0, 8.0])
    assert verify(plan.save(tmp_path / "plan")).ok


def test_sizes_that_collide_with_land_are_named(tmp_path):
    with pytest.raises(NoPlan) as caught:
        planned(tmp_path, {"power": {"allow": ["solar_pv"]}, "sizes": [{"technology": "solar_pv", "minimum": "50 MW"}], "limits": {"land": "10 m2"},
                           **SAMPLED}, catalog={"solar_pv": {"land": "10 m2/kW"}})
    assert {collision.key for collision in caught.value.collisions} & {"sizes", "limits.land"}


def test_own_transformers_lose_outdoors(tmp_path):
    """A transformer of the site's own beside a measured load of 6 MW, all of whose loss would warm a hall: there is none, and there is a plan."""
    own = {"name": "old", "technology": "transformer", "units": 1, "unit_size": "20 MW", "in_service": START, "status": "existing"}
    plan = planned(tmp_path, {"load": {"bus": "low_voltage"}, "assets": [own], **SAMPLED}, [6.0] * 8760,
                   {"transformer": {"load_loss": "1 %", "hall_heat": "1"}})
    assert plan.dataset["old_loss"].values[0, :24].max() > 0
    assert plan.summary["unserved_mwh"] == pytest.approx(0)
    assert verify(plan.save(tmp_path / "plan")).ok


def test_a_least_size_waits_for_the_lead_time(tmp_path):
    """Two months to come: nothing in January and February, 3 MW in March."""
    changes = {"power": {"allow": ["solar_pv"]}, "sizes": [{"technology": "solar_pv", "fixed": "3 MW"}], **SAMPLED}
    plan = planned(tmp_path, changes, catalog={"solar_pv": {"lead_time": "59 day", "capital_cost": "1 USD/kW"}})
    assert plan.dataset["capacity"].sel(asset="solar_pv").values == pytest.approx([0.0, 0.0, 3.0], abs=1e-6)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Path:
    """The folder of a plan that serves the wave."""
    folder = tmp_path_factory.mktemp("served")
    return planned(folder, SAMPLED).save(folder / "plan")


def test_of_a_measured_load_no_it_is_told(served):
    plan = Plan.load(served)
    assert plan.phases[["it_installed_mw", "it_mw", "it_energy_mwh", "pue", "wue_l_per_kwh"]].isna().to_numpy().all()
    assert plan.phases["measured_load_mw"].tolist() == pytest.approx([10.0] * 3, abs=1e-6)
    assert [plan.summary[name] for name in ("installed_it_mw", "peak_it_mw", "pue")] == [None] * 3
    assert plan.summary["verdict"].startswith("Small: a measured load of up to 10 MW, fed by grid stage main 1,000 MW, at ")
    assert "IT" not in phase_text(plan)
    assert "  measured load peak hour MW  facility peak hour MW  " in phase_text(plan).split("\n")[0]
    assert verify(served).ok


@pytest.mark.parametrize(("changed", "check"), [("measured_load_load", "measured load"), ("transformer_through", "balance of low voltage")])
def test_a_plan_that_serves_less_is_found_out(served, tmp_path, changed, check):
    folder = Path(shutil.copytree(served, tmp_path / "plan"))
    data = xr.load_dataset(folder / "plan.nc", engine="h5netcdf")
    data[changed].values[1, 24 * 40] -= 1.0
    data.to_netcdf(folder / "plan.nc", engine="h5netcdf")
    assert check in [finding.name for finding in verify(folder).failed]


def test_a_measured_load_that_is_told_otherwise_is_found_out(served, tmp_path):
    folder = Path(shutil.copytree(served, tmp_path / "plan"))
    table = pd.read_csv(folder / "phases.csv")
    table.assign(measured_load_mw=9.0).to_csv(folder / "phases.csv", index=False)
    assert [(finding.name, finding.where) for finding in verify(folder).failed] == [
        ("phases table", "measured_load_mw, 2030-01: 9 stated, 10 found")]


def test_a_size_that_is_not_kept_is_found_out(tmp_path):
    path = write_site(tmp_path, {"power": {"allow": ["solar_pv"]}, "sizes": [{"technology": "solar_pv", "fixed": "4 MW"}], **SAMPLED})
    folder = optimize(load_site(path, ["sizes[0].fixed=3 MW"]), workers=1).save(tmp_path / "plan")
    manifest = folder / "manifest.json"
    assert verify(folder).ok
    manifest.write_text(manifest.read_text().replace('"sizes[0].fixed=3 MW"', ""))
    assert [(finding.name, finding.where[:8], round(finding.amount, 6)) for finding in verify(folder).failed] == [("sizes", "solar_pv", 1.0)]


def problem_of(path: Path):
    with pytest.raises(SiteProblems) as caught:
        load_site(path)
    assert len(caught.value.problems) == 1, str(caught.value)
    return caught.value.problems[0]


@pytest.mark.parametrize(("text", "title"), [
    ("hour,mw\n0,1\n", '"load.csv" has 1 rows'),
    ("hour,mw\n" + "0,1\n" * 8759 + "0,-2\n", '"load.csv" line 8761: -2 MW'),
    ("hour,mw\n" + "0,0\n" * 8760, '"load.csv" nothing is drawn in any hour'),
    ("hour,mw\n" + "0,\n" * 8760, '"load.csv" line 2: "" is not a number'),
])
def test_a_load_that_cannot_be(tmp_path, text, title):
    found = problem_of(write_site(tmp_path, {}, text))
    assert (found.code, found.key, found.title) == ("series", "load.file", title)


@pytest.mark.parametrize(("changes", "code", "key", "title"), [
    ({"load": {"column": "kw"}}, "series", "load.file", '"load.csv" has no column "kw"'),
    ({"load": {"unit": "kg"}}, "series", "load.unit", '"kg" is no unit of a power'),
    ({"halls": [HALL]}, "check-demand", "halls", "halls is given beside a measured load"),
    ({"cooling": {"allow": ["dry_cooler"]}}, "check-demand", "cooling.allow", "cooling.allow is given beside a measured load"),
    ({"plan": {"objective": "speed"}}, "check-demand", "plan.objective", "a measured load cannot be late"),
    ({"sizes": [{"technology": "battery", "fixed": "1 MW"}]}, "check-sizes", "sizes[0].technology", '"battery" is nothing that may be bought'),
    ({"sizes": [{"technology": "transformer"}, {"technology": "transformer"}]}, "check-sizes", "sizes[1].technology",
     'the size of "transformer" is given twice'),
    ({"sizes": [{"technology": "transformer", "fixed": "3 MW", "maximum": "4 MW"}]}, "check-sizes", "sizes[0].fixed",
     "fixed is given beside a minimum or maximum"),
    ({"sizes": [{"technology": "transformer", "minimum": "5 MW", "maximum": "4 MW"}]}, "check-sizes", "sizes[0].minimum",
     "the minimum 5 is above the maximum 4"),
    ({"sizes": [{"technology": "transformer", "fixed_energy": "5 MWh"}]}, "check-sizes", "sizes[0]", "transformer has no energy of its own"),
    ({"catalog": {"transformer": {"modular": "1", "unit_size": "2 MW"}}, "sizes": [{"technology": "transformer", "fixed": "5 MW"}]}, "check-sizes",
     "sizes[0].fixed", "5 MW is no whole number of units of 2 MW"),
])
def test_what_does_not_fit_a_measured_load(tmp_path, changes, code, key, title):
    found = problem_of(write_site(tmp_path, changes))
    assert (found.code, found.key, found.title) == (code, key, title)


@pytest.mark.parametrize(("allow", "code", "key", "title"), [
    (["battery", 5], "value", "power.allow[1]", None), (["solar_pv", ["battery"]], "value", "power.allow[1]", None),
    ("battery", "value", "power.allow", None),
    (["batery"], "check-allowed", "power.allow[0]", '"batery" is no technology of this list'),
])
def test_a_list_that_does_not_read_blames_no_size(tmp_path, allow, code, key, title):
    sizes = [{"technology": "battery", "fixed": "1 MW", "fixed_energy": "4 MWh"}, {"technology": "solar_pv", "maximum": "1 MW"}]
    found = problem_of(write_site(tmp_path, {"power": {"allow": allow}, "sizes": sizes}))
    assert (found.code, found.key, title or found.title) == (code, key, found.title)


def test_a_size_of_nothing_is_told_beside_a_name_that_is_none(tmp_path):
    with pytest.raises(SiteProblems) as caught:
        load_site(write_site(tmp_path, {"power": {"allow": ["batery"]}, "sizes": [{"technology": "solr", "fixed": "1 MW"}]}))
    assert [problem.key for problem in caught.value.problems] == ["power.allow[0]", "sizes[0].technology"]


def test_a_site_serves_something(tmp_path):
    path = write_site(tmp_path, {})
    path.write_text("\n".join(line for line in path.read_text().split("\n") if not line.startswith("load")))
    with pytest.raises(SiteProblems) as caught:
        load_site(path)
    assert [(problem.code, problem.key, problem.help) for problem in caught.value.problems] == [
        ("check-demand", "fleet", "add a [[fleet]], or a [load] in its place"), ("check-demand", "halls", "add a [[halls]] for the racks")]


def test_a_fleet_beside_a_measured_load(tmp_path):
    with pytest.raises(SiteProblems) as caught:
        load_site(write_site(tmp_path, {"fleet": [FLEET], "halls": [HALL]}))
    assert [(problem.key, problem.title) for problem in caught.value.problems] == [
        ("fleet", "fleet is given beside a measured load"), ("halls", "halls is given beside a measured load")]


def test_kilowatts_are_read(tmp_path):
    site = load_site(write_site(tmp_path, {"load": {"unit": "kW"}}, "kw\n" + "2500.0\n" * 8760))
    assert (site.load_peak, float(np.unique(site.hours.utilisation_facility)[0])) == (2.5, 1.0)
    assert site.plan.start == START == date(2030, 1, 1)
