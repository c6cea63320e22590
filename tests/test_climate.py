"""dcplan climate: a year of each way of cooling, against arithmetic and against the programme's own coefficients; the command."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from click.testing import CliRunner
from dcplan.cli.climate import climate as command
from dcplan.planner.climate import FILES, LIQUID, climate, modes
from dcplan.planner.errors import FolderTaken
from small import FLEET, small_site

BROWNFIELD = Path(__file__).parent.parent / "examples" / "brownfield" / "site.toml"
COLD = {"cooling": {"allow": ["dry_cooler", "trim_chiller"], "warm_supply": "37 degC"}}
FANS = {"dry_cooler": {"fan_power": "0.1", "part_load_exponent": "1", "unit_size": "1 MW"}, "cold_plate": {"unit_size": "1 MW"}}


@pytest.fixture(scope="module")
def cold(tmp_path_factory):
    """20 degC all year: a dry cooler with an approach of 7 K always makes 37 degC."""
    return climate(small_site(tmp_path_factory.mktemp("cold"), COLD | {"catalog": FANS}))


@pytest.fixture(scope="module")
def hot(tmp_path_factory):
    """30 to 40 degC, dry: 37 degC is out of a dry cooler's reach in the afternoon."""
    return climate(small_site(tmp_path_factory.mktemp("hot"), COLD | {"catalog": FANS}, dry_bulb=30.0, dew_point=5.0, swing=10.0))


def row(found, system):
    return found.systems.set_index("system").loc[system]


def test_a_dry_cooler_by_hand(cold):
    # 10 MW of IT; the pumps of the ideal catalogue are free, so 10 MW of heat in ten units of 1 MW at full load: 0.1 MW of fans a MW, all year free.
    # Rated for 17 K between water and air, with 27 K to work with, the fans need 17 / 27 of their flow, and by an exponent of 1 of their power.
    dry = row(cold, "dry_cooler")
    assert dry.pue_part == pytest.approx(0.1 * 17 / 27)
    assert (dry.free_hours, dry.mixed_hours, dry.mechanical_hours, dry.wue_l_per_kwh) == (8760, 0, 0, 0)
    assert dry.installed_first_mw_per_mw == pytest.approx(1.0)
    assert cold.verdicts[0].startswith("dry_cooler alone holds the warm loop (37 degC, approach 7 K) at the design hour; 0 hours")


def test_a_hot_afternoon_is_mixed(hot):
    # 40 degC at 15:00: water comes back at 47 degC and is cooled to 40 + 7 = 47 degC at best, so nothing is free; at 35 degC half of it is.
    dry = row(hot, "dry_cooler")
    assert dry.free_hours + dry.mixed_hours + dry.mechanical_hours == 8760
    assert dry.mechanical_hours == 365
    assert dry.mixed_hours > 3 * 365
    assert dry.design_free_share == pytest.approx(0.0, abs=0.01)
    assert "does not hold the warm loop" in hot.verdicts[0]
    at_three = hot.hourly.free_share.sel(system="dry_cooler").values[15::24]
    assert at_three == pytest.approx(np.zeros(365), abs=1e-3)


def test_months_and_hours_are_the_year(hot):
    means = hot.hourly.pue_part.mean("hour")
    for system in hot.systems.system:
        months = hot.monthly[hot.monthly.system == system]
        assert months[["free_hours", "mixed_hours", "mechanical_hours"]].to_numpy().sum() == 8760
        assert row(hot, system).pue_part == pytest.approx(float(means.sel(system=system)))


def test_modes_part_the_year():
    inside = modes(np.array([0.0, 0.4, 1.0, 0.9995, 0.0005]))
    assert [list(hours) for hours in inside.values()] == [[False, False, True, True, False], [False, True, False, False, False],
                                                          [True, False, False, False, True]]


def test_systems_of_the_warm_loop_need_liquid(tmp_path):
    air = {"like": "hgx_b200_air", "accelerators_per_rack": "100", "rack_power_peak": "1 MW"}
    fleet = [FLEET | {"variants": ["air_rack"]}]
    found = climate(small_site(tmp_path, {"catalog": {"air_rack": air}, "fleet": fleet, "cooling": {"allow": ["dry_cooler", "water_cooled_chiller"]}}))
    assert not set(LIQUID) & set(found.systems.system)
    assert found.verdicts == ()


def test_a_make_of_ones_own_is_a_system(tmp_path):
    # A make of the dry cooler with the approach of 17 K less 10 K of range halved: 17 K at rating become 13.5, and its fans 13.5 / 27 of their flow.
    # One of the plates is in the system of the dry cooler, one of the handler in that of the air-cooled chiller.
    own = {"ours": {"like": "dry_cooler", "approach": "3.5 delta_degC"}, "plate": {"like": "cold_plate"}, "handler": {"like": "air_handler"},
           "tank": {"like": "chilled_water_tank"}}
    found = climate(small_site(tmp_path, {"cooling": {"allow": ["dry_cooler", "ours"], "warm_supply": "37 degC"}, "catalog": FANS | own}))
    assert list(found.systems.system[-3:]) == ["ours", "plate", "handler"]
    assert row(found, "ours").pue_part == pytest.approx(0.1 * 13.5 / 27)
    assert (row(found, "ours").allowed, row(found, "plate").allowed) == (True, False)
    for name, origin in (("plate", "dry_cooler"), ("handler", "air_cooled_chiller")):
        assert row(found, name).pue_part == pytest.approx(row(found, origin).pue_part)
        assert row(found, name).heat == row(found, origin).heat
    assert any(said.startswith("ours alone holds the warm loop (37 degC, approach 3.5 K)") for said in found.verdicts)


def test_saved_whole_or_not_at_all(cold, tmp_path):
    cold.save(tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(FILES)
    assert list(pd.read_csv(tmp_path / "out" / "climate.csv").system) == list(cold.systems.system)
    hourly = xr.load_dataset(tmp_path / "out" / "climate_hourly.nc", engine="h5netcdf")
    assert (hourly.sizes["hour"], hourly.wue.attrs["units"]) == (8760, "L of water per kWh of IT")
    cold.save(tmp_path / "out")  # its own tables it replaces
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear")
    with pytest.raises(FolderTaken, match=r"other is there and holds something else; give another folder with -o, or --force"):
        cold.save(tmp_path / "other")
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["letter.txt"]


def test_a_site_without_racks_is_told_so(tmp_path):
    done = CliRunner().invoke(command, [str(BROWNFIELD), "-o", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "wants no fleet, so there is no heat to cool" in done.stderr
    assert "= help: give a [[fleet]]" in done.stderr
    assert not (tmp_path / "out").exists()


def test_command(tmp_path):
    site = small_site(tmp_path / "site", COLD | {"catalog": FANS})
    out = tmp_path / "out"
    done = CliRunner().invoke(command, [str(site.path), "-o", str(out), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["systems"][0]["system"] == "dry_cooler"
    assert len(told["months"]) == 12 * len(told["systems"])
    assert f"written to {out}" in done.stderr
    table = CliRunner().invoke(command, [str(site.path), "-o", str(out)]).stdout.splitlines()
    assert table[0].split()[:2] == ["system", "heat"]
    assert table[1].split()[:3] == ["dry_cooler", "liquid", "0.063"]
    assert CliRunner().invoke(command, [str(tmp_path / "no.toml"), "-o", str(out)]).exit_code == 2
    (tmp_path / "taken").write_text("a file")
    refused = CliRunner().invoke(command, [str(site.path), "-o", str(tmp_path / "taken")])
    assert refused.exit_code == 2
    assert "taken is there and holds something else" in refused.stderr
