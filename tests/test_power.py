"""Power technologies: the physics of wind, tiny sites that one can solve in one's head, and the independent check of each formulation.

The tiny site is that of tests/small.py: 10 MW of IT from 1 January to 31 March 2030, 2,160 h, 21,600 MWh, grid power at 60 USD/MWh, all else ideal.
"""

import shutil
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from dcplan.models.asset import from_catalog
from dcplan.models.catalog import load_catalog
from dcplan.models.physics.generation import air_density, hub_speed, pv_yield, wind_yield
from dcplan.models.power.gas_supply import GasSupply
from dcplan.models.terms import flow, rows, variable
from dcplan.planner import optimize, technologies, verify
from dcplan.planner.errors import NoFormulation
from dcplan.planner.recheck import CHECKS
from dcplan.planner.technologies import power_maker
from dcplan.planner.verification.fields import contracts
from dcplan.planner.verification.reading import read_plan
from dcplan.planner.yields import power_curve
from dcplan.sites import SiteProblems
from hypothesis import given
from hypothesis import strategies as st
from small import START, ideal, small_site, weather

WTK = Path("/work/shared/data/abilene/wtk_wind_32.317_-100.18_2013_utc.csv.gz")
SPEEDS, POWERS = power_curve(load_catalog(), "onshore_wind")
AT_SEA_LEVEL = {"dry_bulb": 15.0, "pressure": 101325.0}
AT_HUB = {"measured_height": 110.0, "hub_height": 110.0, "shear_exponent": 0.2, "speeds": SPEEDS, "powers": POWERS}
PLAN_LIFE = "90 day"
PRICED = {"price": {"flat": "60 USD/MWh"}}
GAS = {"price": "0 USD/MWh", "pipelines": [{"name": "lateral", "capacity": "1000 MW", "available_from": START, "status": "existing"}]}
ALL_DAY = [{"name": "peak", "rate": "1 USD/kW/month", "months": list(range(1, 13)), "hours": list(range(24))}]


def near(value):
    return pytest.approx(value, rel=1e-5, abs=1.0)


def windy(*speeds):
    """The weather of small.py at 15 degC, with these wind speeds over and over: at sea level the air has 1.225 kg/m3."""
    body = weather(dry_bulb=15.0).rstrip("\n").split("\n")
    return {"weather.csv": "\n".join([*body[:3], *(f"{line.rsplit(',', 1)[0]},{speeds[n % len(speeds)]}" for n, line in enumerate(body[3:]))]) + "\n"}


def planned(folder, allow=(), catalog=None, files=None, **tables):
    """The tiny site with these technologies, each at no cost but what `catalog` says."""
    values = ideal()
    for technology, changed in (catalog or {}).items():
        values[technology] = {**values.get(technology, {}), **changed}
    site = small_site(folder / "site", {"grid": PRICED, "power": {"allow": list(allow)}, "plan": {"resolution": "sampled"}, **tables}, files, values)
    return optimize(site, workers=1)


def cost(plan):
    return plan.summary["net_present_cost_usd"]


# Wind ------------------------------------------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("speed", "power"), [
    (0.0, 0.0), (3.0, 0.0), (5.0, 494.0), (8.0, 2200.0), (9.0, 3156.0), (9.75, 4000.0), (12.0, 4000.0), (24.7, 4000.0), (25.0, 0.0), (40.0, 0.0)])
def test_points_of_the_published_curve(speed, power):
    made = wind_yield(wind_speed=speed, **AT_SEA_LEVEL, **AT_HUB)
    assert 4000 * made == pytest.approx(power, abs=1.0)  # 15 degC at 101,325 Pa is 1.2250 kg/m3, to 0.01 %


def test_curve_against_its_published_power_coefficient():
    # Cp of the same table at 8 m/s: 0.39699 = P / (1/2 rho pi 75^2 v^3)
    made = 4e6 * wind_yield(wind_speed=8.0, **AT_SEA_LEVEL, **AT_HUB)
    assert made / (0.5 * 1.225 * np.pi * 75**2 * 8**3) == pytest.approx(0.39699, rel=1e-3)


def test_shear_and_density():
    assert hub_speed(6.0, 10.0, 110.0, 0.2) == pytest.approx(6.0 * 11.0**0.2)  # 9.69 m/s
    assert air_density(15.0, 101325.0) == pytest.approx(1.2250, abs=1e-4)
    # At 1,600 m, 835 hPa and 15 degC the air has 0.824 of that: 8 m/s count as 8 x 0.824^(1/3) = 7.50 m/s, of 1,802 kW.
    thin = wind_yield(wind_speed=8.0, dry_bulb=15.0, pressure=83500.0, **AT_HUB)
    assert 4000 * thin == pytest.approx(1802.0, rel=0.003)


@given(st.floats(0, 60), st.floats(-40, 50), st.floats(60e3, 108e3))
def test_yield_is_a_share_and_thin_air_gives_no_more(speed, dry_bulb, pressure):
    made = wind_yield(wind_speed=speed, dry_bulb=dry_bulb, pressure=pressure, **AT_HUB)
    assert 0 <= made <= 1
    if speed < 24.0:  # above the rating the published curve gives a little back
        assert wind_yield(wind_speed=speed, dry_bulb=dry_bulb, pressure=0.9 * pressure, **AT_HUB) <= made + 1e-3


@pytest.mark.parametrize("offset", [5.5, -3.5, 9.75])  # India, Newfoundland, and a quarter of an hour
def test_clocks_of_half_an_hour_keep_the_sun_where_it_is(offset):
    # 15 degrees are an hour: at 15 degrees times the offset the clock is the sun's, as at 0 degrees in UTC, but for a few hours of the sun's own year
    hours = np.arange(8760) % 24 + 0.5
    light = np.maximum(0.0, 900 * np.sin((hours - 6) / 12 * np.pi))
    field = {"latitude": 20.0, "elevation": 0.0, "ghi": light, "dni": 0.7 * light, "dhi": 0.3 * light, "dry_bulb": np.full(8760, 25.0),
             "wind_speed": np.full(8760, 2.0), "dc_ac_ratio": 1.0, "system_loss": 0.0, "temperature_coefficient": 0.0}
    there, here = pv_yield(longitude=15 * offset, utc_offset=offset, **field), pv_yield(longitude=0.0, utc_offset=0.0, **field)
    assert there == pytest.approx(here, abs=2e-3)
    assert here.sum() == pytest.approx(2414, abs=1)


@pytest.mark.skipif(not WTK.is_file(), reason="the wind data of Abilene are not here")
def test_shear_of_the_catalogue_against_a_wind_atlas():
    """Carried from 10 m with the catalogue's exponent, the year's yield is that of the atlas at the hub to 5 %, hour by hour far less near."""
    import pandas as pd

    atlas = pd.read_csv(WTK, skiprows=1)
    air = {"dry_bulb": atlas["air temperature at 10m (C)"].to_numpy(), "pressure": atlas["surface air pressure (Pa)"].to_numpy()}
    speed = {height: atlas[f"wind speed at {height}m (m/s)"].to_numpy() for height in (10, 100, 120)}
    at_hub = wind_yield(wind_speed=np.sqrt(speed[100] * speed[120]), **air, **AT_HUB)
    carried = wind_yield(wind_speed=speed[10], **air, **{**AT_HUB, "measured_height": 10.0})
    assert carried.mean() == pytest.approx(at_hub.mean(), rel=0.05)
    assert 0.5 < at_hub.mean() < 0.65
    assert np.corrcoef(carried, at_hub)[0, 1] > 0.75


TURBINE = {"measured_height": "110 m", "system_loss": "0", "life": PLAN_LIFE}


@pytest.mark.parametrize(("price", "total", "megawatts"), [
    (50, 909_091, 18.1818), pytest.param(60, 1_080_000, 0.0, marks=pytest.mark.slow)])
def test_wind_is_bought_where_it_is_cheaper_than_the_grid(tmp_path, price, total, megawatts):
    # 8 m/s in every hour yield 0.55. 10 MW / 0.55 = 18.18 MW save 21,600 MWh x 50 USD/MWh = 1,080,000 USD: 59.4 USD for each kW.
    plan = planned(tmp_path, ["onshore_wind"], {"onshore_wind": TURBINE | {"capital_cost": f"{price} USD/kW"}}, windy(8),
                   grid={"price": {"flat": "50 USD/MWh"}})
    assert cost(plan) == pytest.approx(total, rel=2e-4)
    assert plan.builds[plan.builds.technology == "onshore_wind"].capacity.sum() == pytest.approx(megawatts, rel=2e-4)


def test_wind_of_the_sites_own_file_comes_first(tmp_path):
    # The weather is calm; at 110 m the file says 8 m/s. 20 MW give 11 MW: all that is asked.
    given = {"name": "farm", "technology": "onshore_wind", "units": 1, "unit_size": "20 MW", "status": "existing", "in_service": START}
    files = windy(0) | {"wind.csv": "speed\n" + "8\n" * 8760}
    plan = planned(tmp_path, (), {"onshore_wind": TURBINE}, files, assets=[given], wind={"file": "wind.csv", "height": "110 m"})
    assert cost(plan) == near(0.0)


def test_wind_that_cannot_be_is_told(tmp_path):
    with pytest.raises(SiteProblems) as told:
        small_site(tmp_path, {"wind": {"file": "wind.csv", "height": "110 m"}}, {"wind.csv": "speed\n" + "8\n" * 8759 + "130\n"})
    (problem,) = told.value.problems
    assert (problem.title, problem.help) == ('"wind.csv" line 8761: 130 m/s is no wind speed', "every row needs a speed in m/s, 0 to 120")


# On gas, and with heat of their own ------------------------------------------------------------------------------------------------------------

def test_water_of_a_combined_cycle(tmp_path):
    # 21,600 MWh x 0.76 m3/MWh = 16,416 m3 at 2 USD/m3 = 32,832 USD, where the gas is free and the grid is not.
    plan = planned(tmp_path, ["combined_cycle"], {"combined_cycle": {"life": PLAN_LIFE}}, gas=GAS, water={"price": "2 USD/m3"})
    assert cost(plan) == near(32_832)
    assert plan.phases.water_m3.sum() == near(16_416)


@pytest.mark.slow
@pytest.mark.parametrize("technology", ["frame_turbine", "combined_cycle", "solid_oxide_fuel_cell", "rental_generator"])
def test_heat_makes_a_generator_larger(tmp_path, technology):
    # At 20 degC, 20 K above a reference of 0 degC, 1 % a kelvin: 80 % of the rating is left, so 10 MW take 12.5 MW, at 100 USD/kW 1,250,000 USD;
    # at 60 USD/MWh the grid would cost 1,296,000 USD.
    values = {"capital_cost": "100 USD/kW", "derate_per_kelvin": "0.01 1/delta_degC", "derate_reference": "0 degC", "life": PLAN_LIFE,
              "water_use": "0 m3/MWh"}
    plan = planned(tmp_path, [technology], {technology: values}, gas=GAS)
    assert cost(plan) == near(1_250_000)
    assert plan.builds[plan.builds.technology == technology].capacity.sum() == near(12.5)


def test_fuel_carbon_and_water_of_a_plant_with_heat_of_its_own(tmp_path):
    # (7 + 2) USD/MWh, 0.05 t/MWh at 20 USD/t and 0.5 m3/MWh at 2 USD/m3: 9 + 1 + 1 = 11 USD/MWh x 21,600 MWh = 237,600 USD.
    values = {"fuel_cost": "7 USD/MWh", "variable_cost": "2 USD/MWh", "carbon": "0.05 tonne_CO2e/MWh", "water_use": "0.5 m3/MWh", "life": PLAN_LIFE}
    plan = planned(tmp_path, ["geothermal"], {"geothermal": values}, water={"price": "2 USD/m3"}, carbon_price="20 USD/tonne_CO2e")
    assert cost(plan) == near(237_600)
    assert plan.phases.carbon_tonne_co2e.sum() == near(1080)
    assert plan.phases.water_m3.sum() == near(10_800)


@pytest.mark.slow
def test_a_reactor_comes_by_its_lead_time(tmp_path):
    # 45 days after 1 January is 15 February: in service on 1 March, for 744 h at 10 MW x 9 USD/MWh; 1,416 h before at 10 MW x 60 USD/MWh.
    values = {"fuel_cost": "9 USD/MWh", "minimum_load": "40 %", "lead_time": "45 day", "unit_size": "10 MW", "life": PLAN_LIFE}
    plan = planned(tmp_path, ["small_reactor"], {"small_reactor": values})
    assert cost(plan) == near(1416 * 600 + 744 * 90)
    row = plan.builds[plan.builds.technology == "small_reactor"].iloc[0]
    assert (row.order_by, row.in_service) == ("2030-01-15", "2030-03-01")


@pytest.mark.slow
def test_a_reactor_runs_at_its_minimum(tmp_path):
    # 10 MW that cannot stop, minimum load 40 %, 9 USD/MWh; twelve hours at 5 USD/MWh, twelve at 60; a start costs 1,000 USD/MW. An hour at 5 costs
    # 4 x 9 + 6 x 5 = 66 USD where 50 would do, but to stop and start again each day costs more: 90 days x 12 h x (66 + 90) USD = 168,480 USD.
    values = {"fuel_cost": "9 USD/MWh", "minimum_load": "40 %", "start_cost": "1000 USD/MW"}
    given = {"name": "unit", "technology": "small_reactor", "units": 1, "unit_size": "10 MW", "status": "existing", "in_service": START}
    price = {"time_of_use": [{"price": "5 USD/MWh"}, {"price": "60 USD/MWh", "hours": list(range(12, 24))}]}
    assert cost(planned(tmp_path, (), {"small_reactor": values}, assets=[given], grid={"price": price})) == near(168_480)


# Contracts -------------------------------------------------------------------------------------------------------------------------------------

def test_baseload_contract_saves_energy_and_no_demand_charge(tmp_path):
    # 21,600 MWh x (40 + 6) = 993,600 USD against 1,296,000 USD; the meter still sees 10 MW: 3 x 10,000 kW x 1 USD = 30,000 USD.
    values = {"price": "40 USD/MWh", "delivery_cost": "6 USD/MWh", "life": PLAN_LIFE}
    plan = planned(tmp_path, ["ppa_baseload"], {"ppa_baseload": values}, grid=PRICED | {"demand_charges": ALL_DAY})
    assert cost(plan) == near(1_023_600)
    assert plan.phases.grid_energy_mwh.sum() == near(21_600)


def test_a_contract_as_produced_is_paid_whether_it_can_be_used_or_not(tmp_path):
    # Twelve hours of calm, twelve of full power: 20 MW produce 21,600 MWh, paid at 40, of which 10,800 MWh are used, delivered at 6.
    # 864,000 + 64,800 + 10,800 MWh x 60 = 1,576,800 USD.
    given = {"name": "field", "technology": "ppa_wind", "units": 1, "unit_size": "20 MW", "status": "existing", "in_service": START}
    values = {"ppa_wind": {"price": "40 USD/MWh", "delivery_cost": "6 USD/MWh"}, "onshore_wind": TURBINE}
    plan = planned(tmp_path, (), values, windy(*[0] * 12, *[15] * 12), assets=[given])
    assert cost(plan) == near(1_576_800)


@pytest.mark.slow
def test_a_contract_is_as_large_as_can_be_used(tmp_path):
    # As above, but one that may be chosen is as large as can be used, and no larger: 10 MW x 1,080 h x 46 + 648,000 = 1,144,800 USD.
    values = {"ppa_wind": {"price": "40 USD/MWh", "delivery_cost": "6 USD/MWh", "life": PLAN_LIFE}, "onshore_wind": TURBINE}
    bought = planned(tmp_path, ["ppa_wind"], values, windy(*[0] * 12, *[15] * 12))
    assert cost(bought) == near(1_144_800)
    assert bought.builds[bought.builds.technology == "ppa_wind"].capacity.sum() == near(10)


@pytest.mark.slow
def test_carbon_of_contracted_energy_is_none(tmp_path):
    # At 0.4 t/MWh and 50 USD/t the grid costs 60 + 20 USD/MWh, the contract 70: 21,600 x 70 = 1,512,000 USD, and no carbon.
    values = {"price": "70 USD/MWh", "delivery_cost": "0 USD/MWh", "life": PLAN_LIFE}
    plan = planned(tmp_path, ["ppa_baseload"], {"ppa_baseload": values}, grid=PRICED | {"carbon": {"flat": "0.4 tonne_CO2e/MWh"}},
                   carbon_price="50 USD/tonne_CO2e")
    assert cost(plan) == near(1_512_000)
    assert plan.phases.carbon_tonne_co2e.sum() == near(0)


@pytest.mark.slow
def test_long_duration_storage_through_the_day(tmp_path):
    # Nights at 10, days at 100 USD/MWh, 81 % there and back: 120 MWh of a day take 148.148 MWh of the night before.
    # 90 days x (120 + 148.148) MWh x 10 USD/MWh = 241,333 USD; energy is free, 133.3 MWh of it are needed.
    store = {"name": "iron", "technology": "long_duration_storage", "units": 1, "unit_size": "20 MW", "energy": "140 MWh", "status": "existing",
             "in_service": START}
    price = {"time_of_use": [{"price": "10 USD/MWh"}, {"price": "100 USD/MWh", "hours": list(range(12, 24))}]}
    plan = planned(tmp_path, (), {"long_duration_storage": {"round_trip_efficiency": "81 %"}}, assets=[store], grid={"price": price})
    assert cost(plan) == near(241_333)


# What a site lacks, and a technology of one's own ----------------------------------------------------------------------------------------------

def test_what_cannot_run_is_left_out_and_noted(tmp_path):
    site = small_site(tmp_path, {"power": {"allow": ["combined_cycle", "geothermal"]}})
    assert site.notes == ('power.allow: "combined_cycle" is left out, for the site has no [gas] with its price and pipelines',)
    carried = small_site(tmp_path / "wind", {"power": {"allow": ["ppa_wind"]}})
    assert carried.notes == ("ppa_wind: the weather file's wind is carried to the hub by a power law; give [wind] where the wind at the hub is known",)
    alone = small_site(tmp_path / "alone", {"power": {"allow": ["ppa_baseload", "geothermal"]}, "grid": {"stages": []}})
    assert 'power.allow: "ppa_baseload" is left out, for the site has no connection: grid.stages' in alone.notes


@pytest.mark.slow
def test_a_make_of_ones_own_is_rows_in_the_site_file(tmp_path):
    # Half the price of the frame turbine that it is like.
    own = {"like": "frame_turbine", "capital_cost": "10 USD/kW", "unit_size": "10 MW", "life": PLAN_LIFE, "start_cost": "0 USD/MW",
           "heat_rate": "1 kWh/kWh", "lead_time": "0 day", "derate_per_kelvin": "0 1/delta_degC", "availability": "1",
           "variable_cost": "0 USD/MWh", "fixed_cost": "0 USD/kW/year"}
    plan = planned(tmp_path, ["our_turbine"], {"our_turbine": own}, gas=GAS)
    assert cost(plan) == near(100_000)


@pytest.mark.parametrize(("technology", "key", "value", "title"), [
    ("our_wind", "power_curve", "3:0/2:5", '"3:0/2:5" is no power curve'), ("our_wind", "profile", "tide", '"tide" is no profile'),
    ("our_wind", "needs", "luck", '"luck" is nothing that a site has'), ("our_ppa", "yield_as", "battery", '"battery" has no yield by hour')])
def test_rows_that_make_no_sense_are_told(tmp_path, technology, key, value, title):
    like = {"our_wind": "onshore_wind", "our_ppa": "ppa_wind"}[technology]
    with pytest.raises(SiteProblems) as told:
        small_site(tmp_path, {"catalog": {technology: {"like": like, key: value}}})
    (problem,) = told.value.problems
    assert (problem.title, problem.key) == (title, f"catalog.{technology}.{key}")


@dataclass(frozen=True)
class Gift(GasSupply):
    """A formulation in one place: power for nothing, up to its rating."""

    meanings: ClassVar = {"gift": "power that costs nothing"}

    def operate(self, block, period, hourly, levels, state):
        gift = variable(block, "gift", period.positions, "MW")
        rows(block, "most", period.positions, lambda t: gift[t] <= state[self.asset.name])

    def flows(self, hourly):
        return (flow("electricity", +1, "gift"),)

    def effects(self, hourly):
        return ()

    def loadings(self, hourly):
        return ()


def gift(setting, technology, **changes):
    return Gift(from_catalog(setting.catalog, technology, **changes), 0.0, 0.0, 0.0)


@pytest.mark.parametrize("resolution", ["sampled", "full"])
def test_a_new_formulation_is_one_file_and_one_line(tmp_path, monkeypatch, resolution):
    """The class above is the file, this is the line; the site that names it is planned, and nothing else knows of it."""
    monkeypatch.setitem(technologies.POWER, "gift", gift)
    own = {"like": "geothermal", "formulation": "gift", "capital_cost": "3 USD/kW", "unit_size": "5 MW", "life": PLAN_LIFE, "lead_time": "0 day",
           "fixed_cost": "0 USD/kW/year"}
    plan = planned(tmp_path, ["a_gift"], {"a_gift": own}, plan={"resolution": resolution})
    assert cost(plan) == near(30_000)
    assert plan.phases.grid_energy_mwh.sum() == near(0)
    assert plan.dataset["a_gift_gift"].attrs["long_name"] == "power that costs nothing: a gift"


def test_a_formulation_that_is_not_there_is_told():
    catalog = load_catalog().with_overrides({"ours": {"like": "geothermal", "formulation": "tide"}})
    with pytest.raises(NoFormulation) as told:
        power_maker(catalog, "ours")
    assert str(told.value) == ('catalog.ours.formulation: "tide" is no formulation; expected one of battery, diesel_standby, generator, '
                               "purchase_agreement, renewable, thermal_plant")


# The independent check -------------------------------------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A plan with a MW of everything and a combined cycle to buy, written."""
    folder = tmp_path_factory.mktemp("everything")
    makes = ("frame_turbine", "combined_cycle", "solid_oxide_fuel_cell", "rental_generator", "small_reactor", "geothermal", "onshore_wind", "solar_pv",
             "ppa_wind", "ppa_solar", "ppa_baseload")
    plant = {"water_use": "1 m3/MWh", "start_cost": "3 USD/MW", "minimum_load": "40 %"}
    values = {"combined_cycle": plant, "small_reactor": plant, "geothermal": plant | {"carbon": "0.05 tonne_CO2e/MWh"}}
    assets = [{"name": f"one_{name}", "technology": name, "units": 1, "unit_size": "1 MW", "status": "existing", "in_service": date(2029, 10, 1)}
              for name in makes]
    store = {"name": "iron", "technology": "long_duration_storage", "units": 1, "unit_size": "1 MW", "energy": "50 MWh", "status": "existing",
             "in_service": START}
    values["ppa_solar"] = {"price": "5 USD/MWh", "delivery_cost": "1 USD/MWh", "lead_time": "0 day"}
    plan = planned(folder, ["combined_cycle", "ppa_solar"], values,
                   {"weather.csv": weather(dry_bulb=20.0, swing=8.0, sun=700.0)}, gas=GAS | {"price": "20 USD/MWh"}, assets=[*assets, store],
                   water={"price": "2 USD/m3"}, carbon_price="20 USD/tonne_CO2e",
                   grid={"price": {"time_of_use": [{"price": "10 USD/MWh"}, {"price": "90 USD/MWh", "hours": list(range(6, 22))}]},
                         "carbon": {"flat": "0.3 tonne_CO2e/MWh"}, "demand_charges": ALL_DAY})
    plan.save(folder / "plan")
    return folder


def test_every_formulation_is_verified(written):
    found = verify(written / "plan")
    assert found.ok, found.failed


@pytest.mark.parametrize(("name", "variable", "check"), [
    ("one_ppa_wind", "delivered", "contracts"), ("one_onshore_wind", "generation", "within capacity"),
    *(pytest.param(*row, marks=pytest.mark.slow) for row in (
        ("one_ppa_solar", "spilled", "contracts"), ("tariff", "contracted", "balance of grid"), ("one_geothermal", "generation", "balance of electricity"),
        ("iron", "level", "storage level")))])
def test_what_is_spoilt_is_found(written, name, variable, check):
    reading = read_plan(written / "plan")
    spoilt = reading.data.copy(deep=True)
    spoilt[f"{name}_{variable}"][:] = spoilt[f"{name}_{variable}"] + 1.5
    failed = {finding.name for one in CHECKS for finding in one(replace(reading, data=spoilt)) if not finding.ok}
    assert check in failed
    assert not [finding for finding in contracts(reading) if not finding.ok]


@pytest.mark.slow
def test_folder_is_left_as_it_was(written, tmp_path):
    assert verify(shutil.copytree(written / "plan", tmp_path / "plan"), written / "site" / "site.toml").ok
