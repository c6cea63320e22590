"""dcplan verify: a plan holds; a plan in which one thing is wrong does not, and the check that looks after it says so."""

import ast
import csv
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from click.testing import CliRunner
from dcplan.cli.commands import dcplan
from dcplan.cli.verify import verify as command
from dcplan.models.catalog import load_catalog
from dcplan.planner import optimize
from dcplan.planner.recheck import NotVerifiable, check, verify
from dcplan.planner.verification.figures import COLUMNS
from dcplan.planner.verification.form import NEEDED
from dcplan.planner.verification.reading import read_plan
from small import FLEET, START, heated, small_site

MAY, JUNE, JULY = 0, 1, 2
NOON = 24 * 170 + 12  # of a day in June
SITE = {
    "plan": {"start": date(2030, 5, 1), "end": date(2030, 8, 1), "steps": [{"until": date(2030, 8, 1), "step": "month"}], "mip_gap": "2 %",
             "resolution": "sampled"},
    "finance": {"discount_rate": "5 %/year", "base_year": 2028},
    "grid": {"stages": [{"name": "firm", "capacity": "12 MW", "available_from": START, "status": "existing"},
                        {"name": "extra", "capacity": "30 MW", "firm": False, "unavailable_hours": "40 hour", "available_from": START,
                         "status": "existing"}],
             "price": {"time_of_use": [{"price": "30 USD/MWh"}, {"price": "190 USD/MWh", "hours": [17, 18, 19]}]}, "escalation": "2 %/year",
             "demand_charges": [{"name": "peak", "rate": "8 USD/kW/month", "weekdays_only": True}],
             "carbon": {"flat": "400 kg_CO2e/MWh"}, "export": {"allowed": True, "price": "10 USD/MWh"}},
    "gas": {"price": "20 USD/MWh", "pipelines": [{"name": "lateral", "capacity": "100 MW", "available_from": START, "status": "committed",
                                                  "cost": "3 MUSD"}]},
    "water": {"price": "2 USD/m3", "right": "200000 m3/year"}, "outage": {"duration": "24 hour"}, "carbon_price": "30 USD/tonne_CO2e",
    "fleet": [FLEET | {"variants": ["gb200_nvl72", "hgx_b200_air"], "racks_per_pod": 4, "critical_share": "80 %", "shed_allowance": "2 %",
                       "value_of_compute": "4 USD/accelerator/hour",
                       "wanted": [{"by": date(2030, 6, 1), "count": "4000 accelerator"}, {"by": date(2030, 7, 11), "count": "5760 accelerator"}]}],
    "halls": [{"name": "one", "cooling": "mixed", "it_capacity": "14 MW"}],
    "assets": [{"name": "store", "technology": "battery", "units": 1, "unit_size": "3 MW", "energy": "9 MWh", "status": "existing", "in_service": START},
               {"name": "field", "technology": "solar_pv", "units": 1, "unit_size": "25 MW", "status": "existing", "in_service": START}],
    "power": {"allow": ["reciprocating_engine", "aeroderivative_turbine", "diesel_standby"]},
    "cooling": {"allow": ["dry_cooler", "adiabatic_cooler", "open_tower", "water_cooled_chiller"]},
    "redundancy": {"ups": "N+1", "transformer": "N+1", "cooling": "N+1", "generators": "N+1"},
}
EXACT = {"eirfplr_c1": "0.125", "eirfplr_c2": "0.375", "eirfplr_c3": "0.5"}  # best utilisation a half: no rounding in its tangent


def soon() -> dict[str, dict[str, str]]:
    """The catalogue as it is, but nothing is waited for longer than three weeks."""
    catalog = load_catalog()
    rows = {name: {"lead_time": "21 day"} for name in catalog.technologies() if catalog.has(name, "lead_time")}
    rows["water_cooled_chiller"] |= EXACT
    rows["reciprocating_engine"] |= {"start_cost": "10 USD/MW"}
    return rows


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Folders of a plan and of its site; weather in which losses, derating and temperatures matter."""
    folder = tmp_path_factory.mktemp("verify")
    site = small_site(folder / "site", SITE, catalog=soon(), dry_bulb=27.0, dew_point=15.0, swing=8.0, sun=900.0)
    optimize(site).save(folder / "plan")
    return folder


@pytest.fixture
def copy(written, tmp_path):
    """A copy of the plan, to be spoilt."""
    return shutil.copytree(written / "plan", tmp_path / "plan")


@pytest.fixture(scope="module")
def reading(written):
    """The plan and its site, read once."""
    return read_plan(written / "plan")


def failed(folder) -> set[str]:
    return {finding.name for finding in verify(folder).failed}


def failed_with(reading, edit) -> set[str]:
    """What fails once `edit` had its way with what plan.nc holds."""
    spoilt = replace(reading, data=reading.data.copy(deep=True))
    edit(spoilt.data)
    return {finding.name for finding in check(spoilt).failed}


def change(folder: Path, edit) -> None:
    """Rewrite plan.nc after `edit` had its way with it."""
    data = xr.load_dataset(folder / "plan.nc", engine="h5netcdf")
    edit(data)
    data.to_netcdf(folder / "plan.nc", engine="h5netcdf")


def rewrite(folder: Path, name: str, edit) -> None:
    """Rewrite a table after `edit` had its way with its rows."""
    with (folder / name).open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    edit(rows)
    with (folder / name).open("w", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def add(variable: str, amount: float, phase: int = JUNE, hour: int = NOON):
    def edit(data):
        data[variable][phase, hour] += amount
    return edit


def place(data, asset: str) -> int:
    return list(data["asset"].values).index(asset)


def units(asset: str, amount: float):
    """So many more units of an asset from June on, in everything that says how many there are."""
    def edit(data):
        row = place(data, asset)
        data["units_built"][row, JUNE] += amount
        data["units_online"][row, JUNE:] += amount
        data["capacity"][row, JUNE:] += amount * float(data["unit_size"][row])
    return edit


def of_asset(variable: str, asset: str, phase: int, value: float):
    def edit(data):
        data[variable][place(data, asset), phase] = value
    return edit


def earlier(data) -> None:
    """The UPS of June commissioned on the day that the plan starts."""
    row = place(data, "ups")
    data["units_built"][row, MAY], data["units_built"][row, JUNE] = data["units_built"][row, JUNE].item(), 0.0


def shed_a_week(data) -> None:
    load, hours = data["all_gb200_nvl72_load"], slice(NOON, NOON + 168)
    data["all_gb200_nvl72_shed"][JUNE, hours] += load[JUNE, hours].values
    load[JUNE, hours] = 0.0


def more_water(data) -> None:
    data["open_tower_heat_cool"][:] *= 30
    data["open_tower_heat_warm"][:] *= 30


def lower_peak(data) -> None:
    row = list(data["money_entry"].values).index("tariff: demand peak")
    assert data["ledger_money"][row, JULY] > 100.0
    data["ledger_money"][row, JULY] *= 0.9


def import_when_cut(data) -> None:
    """More than the stage holds, let alone gives."""
    data["grid_extra_taken"][JUNE, NOON] = 40.0


def half_the_power(data) -> None:
    """Lifting heat at half the power that the curve asks for."""
    data["water_cooled_chiller_power_cool"][:] *= 0.5


CORRUPTIONS = {
    "balance of electricity": add("field_generation", 1.0),
    "balance of low voltage": add("open_tower_power", 0.5),
    "balance of gas": add("reciprocating_engine_generation", 1.0),
    "balance of grid": add("tariff_bought", -1.0),
    "balance of cool loop": add("loops_cool", 1.0),
    "stock": of_asset("units_built", "ups", JUNE, 0.0),
    "list of builds": units("cold_plate", 1),
    "whole units": units("open_tower", 0.5),
    "lead times": earlier,
    "hall room": units("hall_one", -1),
    "UPS redundancy": units("ups", -1),
    "transformer redundancy": units("transformer", -1),
    "cooling redundancy": units("cold_plate", -1),
    "heat rejection": units("open_tower", -1),
    "firm supply": units("diesel_standby", -1),
    "hours dispatched": add("tariff_bought", np.nan),
    "not negative": add("tariff_sold", -20.0),
    "within capacity": add("field_generation", 30.0),
    "availability and export": import_when_cut,
    "temperature limits": add("dry_cooler_heat_warm", 30.0),
    "part load": half_the_power,
    "storage level": add("store_level", 1.0),
    "starts": add("reciprocating_engine_running", 5.0),
    "IT demand": add("all_gb200_nvl72_load", 0.1),
    "shed allowance of all": shed_a_week,
    "water right": more_water,
    "money ledger": lower_peak,
    "phases table": add("all_gb200_nvl72_load", 1.0),
    "cost of operation": add("grid_firm_taken", 1000.0),
    "cost of fixed": units("transformer", 1),
}


def test_a_plan_holds(written):
    found = verify(written / "plan")
    assert found.ok, found.failed


def test_the_site_may_have_moved(written, tmp_path):
    moved = shutil.copytree(written / "site", tmp_path / "elsewhere")
    assert verify(written / "plan", moved / "site.toml").ok


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_what_is_spoilt_is_found(reading, name):
    assert name in failed_with(reading, CORRUPTIONS[name])


def test_a_raised_capacity_is_found(reading):
    assert failed_with(reading, of_asset("capacity", "open_tower", JULY, 100.0)) == {"stock", "cost of fixed", "net present cost"}


def test_power_booked_to_another_loop_is_found(reading):
    """Heat lifted to the warm loop takes its own power, though the sum over loops be enough."""
    def elsewhere(data):
        for what in ("heat", "power"):
            moved = data[f"water_cooled_chiller_{what}_cool"].values
            data[f"water_cooled_chiller_{what}_warm"][:] = moved * (0.0 if what == "power" else 0.5)
            data[f"water_cooled_chiller_{what}_cool"][:] = moved * (1.0 if what == "power" else 0.5)
    assert "part load" in failed_with(reading, elsewhere)


def test_an_order_before_the_plan_starts_is_found(copy):
    def early(rows):
        next(row for row in rows if row["technology"] == "ups")["order_by"] = "2030-04-20"
    rewrite(copy, "builds.csv", early)
    assert failed(copy) == {"order dates"}


def test_a_lead_time_of_the_list_is_found(copy):
    def late(rows):
        next(row for row in rows if row["technology"] == "ups")["order_by"] = "2030-05-20"
    rewrite(copy, "builds.csv", late)
    assert failed(copy) == {"order dates"}


@pytest.mark.parametrize("part", ["capital_less_salvage", "fixed", "operation", "lateness"])
def test_a_cost_of_the_summary_is_found(copy, part):
    summary = json.loads((copy / "summary.json").read_text())
    summary[f"cost_{part}_usd"] += 1000.0
    (copy / "summary.json").write_text(json.dumps(summary))
    assert failed(copy) == {f"cost of {part.replace('_', ' ')}"}


@pytest.mark.parametrize(("figure", "by"), [("pue", 0.001), ("gas_energy_mwh", 1.0)])
def test_a_figure_of_the_phases_is_found(copy, figure, by):
    def better(rows):
        rows[JULY][figure] = str(float(rows[JULY][figure]) - by)
    rewrite(copy, "phases.csv", better)
    assert failed(copy) == {"phases table"}


def test_phases_that_leave_a_gap_are_found(copy):
    def gap(rows):
        rows[JULY]["start"] = "2030-07-02"
    rewrite(copy, "phases.csv", gap)
    assert "calendar" in failed(copy)


def test_changed_inputs_are_refused(written, copy, tmp_path):
    site = shutil.copytree(written / "site", tmp_path / "site")
    with (site / "weather.csv").open("a") as handle:
        handle.write("\n")
    with pytest.raises(NotVerifiable, match=r"weather\.csv has changed"):
        verify(copy, site / "site.toml")
    with (site / "site.toml").open("a") as handle:
        handle.write("# a comment\n")
    with pytest.raises(NotVerifiable, match=r"has changed since the plan was made \(its SHA-256 is another; a comment counts, too\): plan the site again"):
        verify(copy, site / "site.toml")
    with pytest.raises(NotVerifiable, match="name it with --site"):
        verify(copy, tmp_path / "nowhere.toml")
    (copy / "plan.nc").unlink()
    with pytest.raises(NotVerifiable, match=r"plan\.nc is missing"):
        verify(copy)


def test_a_plan_of_an_earlier_version_says_what_it_lacks(copy):
    """All of it at once, from `verify` and from `reliability`."""
    for name, lost in (("phases.csv", ("it_installed_mw", "heat_sold_mwh")), ("builds.csv", ("order_by",))):
        rewrite(copy, name, lambda rows, lost=lost: [row.pop(column) for row in rows for column in lost])
    xr.load_dataset(copy / "plan.nc", engine="h5netcdf").drop_vars("unit_size").to_netcdf(copy / "plan.nc", engine="h5netcdf")
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"versions": {"dcplan": "0.0.1"}}))
    told = (f"error[not-verifiable]: {copy} lacks what is verified, as a plan of an earlier version does; it was written by dcplan 0.0.1: phases.csv has "
            "no column it_installed_mw, heat_sold_mwh; builds.csv has no column order_by; plan.nc has no variable unit_size\n"
            "  = help: plan the site again\n")
    for asked in ("verify", "reliability"):
        ended = CliRunner().invoke(dcplan, [asked, str(copy)])
        assert (ended.exit_code, ended.stdout, ended.stderr) == (2, "", told)


def test_a_plan_without_the_state_of_a_store_says_so(copy):
    xr.load_dataset(copy / "plan.nc", engine="h5netcdf").drop_vars("store_level_rim").to_netcdf(copy / "plan.nc", engine="h5netcdf")
    with pytest.raises(NotVerifiable, match=r"plan\.nc has no variable store_level_rim\n  = help: plan the site again"):
        verify(copy)


def test_all_that_is_recomputed_has_to_be_there():
    # (what is served of a measured load is there where there is one; where it should be and is not, it counts as nothing, and is found to be wrong)
    assert set(COLUMNS) - {"measured_load_mw"} < set(NEEDED["phases.csv"])


def test_command(written, copy):
    fine = CliRunner().invoke(command, [str(written / "plan")])
    assert (fine.exit_code, fine.stdout.splitlines()[-1]) == (0, "ok")
    change(copy, CORRUPTIONS["storage level"])
    wrong = CliRunner().invoke(command, [str(copy), "--json"])
    assert wrong.exit_code == 1
    assert [one["name"] for one in json.loads(wrong.stdout)["findings"] if not one["ok"]] == ["storage level"]
    assert CliRunner().invoke(command, [str(copy)]).stdout.splitlines()[-1] == "violated: storage level"
    assert CliRunner().invoke(command, [str(written)]).exit_code == 2


def test_a_plan_that_says_it_is_over_its_limits_is_not_plainly_ok(copy):
    over = "water right in 2030: 0.12 m3 over"
    summary = json.loads((copy / "summary.json").read_text())
    (copy / "summary.json").write_text(json.dumps(summary | {"overdrawn": [over]}))
    shown = CliRunner().invoke(command, [str(copy)])
    assert (shown.exit_code, shown.stdout.splitlines()[-1]) == (0, f"ok within what is tolerated; the plan says that it is over its limits: {over}")
    assert json.loads(CliRunner().invoke(command, [str(copy), "--json"]).stdout)["overdrawn"] == [over]


def test_it_shares_nothing_with_the_planner():
    """No import but the site, the catalogue, the physics and what the check itself is made of."""
    folder = Path(__file__).parent.parent / "planner"
    allowed = ("sites", "models.catalog", "models.physics", "verification")
    for path in (folder / "recheck.py", *(folder / "verification").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.level > (2 if path.parent != folder else 1):
                assert (node.module or "").startswith(allowed), f"{path.name}: {node.module}"
            if isinstance(node, ast.Import):
                assert not {name.name for name in node.names} & {"pyomo", "pyomo.environ", "highspy"}


def test_a_price_of_electricity_may_be_below_zero(tmp_path):
    # No water for towers, and three days that are too hot for dry coolers: all is shed
    # then, and power that came from somewhere would have nowhere to go.
    site = small_site(tmp_path, {"cooling": {"allow": ["dry_cooler", "open_tower"]}, "water": {"right": "0 m3/year"},
                                 "fleet": [FLEET | {"shed_allowance": "0.8 %"}], "plan": {"mip_gap": "0.1 %"}},
                      files={"weather.csv": heated({(1, 10), (1, 20), (2, 10)}, 60.0)})
    plan = optimize(site)
    assert np.nanmin(plan.dataset["electricity_price"].values) < 0
    assert verify(plan.save(tmp_path / "plan")).ok
