"""Units in the names of columns of tables by month and hour, and of weather: held against what the site file declares, as in hourly files."""

from pathlib import Path

import numpy as np
import pytest
from dcplan.sites.energy import CarbonIntensity, EnergyPrice
from dcplan.sites.headings import check_heading
from dcplan.sites.hourly_csv import SeriesProblem
from dcplan.sites.hourly_files import Files
from dcplan.sites.series import carbon_intensity, energy_price
from dcplan.sites.weather import read_weather
from hypothesis import example, given
from hypothesis import strategies as st
from test_weather_forms import COLUMNS, plain
from test_weather_forms import table as weather_table


def month_hour(folder: Path, name: str, value: float | str = 5) -> Files:
    rows = [f"{month},{hour},{value}" for month in range(1, 13) for hour in range(24)]
    (folder / "table.csv").write_text("\n".join([f"month,hour,{name}", *rows]), encoding="utf-8")
    return Files(folder)


def test_a_price_by_month_and_hour_in_another_unit_by_its_heading_is_refused(tmp_path):
    files = month_hour(tmp_path, "price [USD/kWh]", 0.05)
    with pytest.raises(SeriesProblem) as found:
        energy_price(EnergyPrice(table=Path("table.csv")), files, np.ones(8760))
    assert (found.value.key, found.value.found) == (
        ("grid", "price", "unit"), 'column "price [USD/kWh]" of "table.csv" is in USD/kWh by its name, and is taken to be in USD/MWh')
    assert found.value.mend == 'write unit = "USD/kWh", or name the column otherwise where it is in USD/MWh'
    # 0.05 USD/kWh are 50 USD/MWh
    assert energy_price(EnergyPrice(table=Path("table.csv"), unit="USD/kWh"), files, np.ones(8760))[0] == pytest.approx(50)


def test_carbon_by_month_and_hour_in_another_unit_by_its_heading_is_refused(tmp_path):
    files = month_hour(tmp_path, "rate [lb/MWh]")
    with pytest.raises(SeriesProblem) as found:
        carbon_intensity(CarbonIntensity(table=Path("table.csv")), files)
    assert (found.value.key, found.value.mend) == (
        ("grid", "carbon", "unit"), 'write unit = "lb_CO2e/MWh", or name the column otherwise where it is in kg_CO2e/MWh')


@pytest.mark.parametrize(("name", "headed", "mend"), [
    ("price_usd_per_kwh", "usd/kWh", 'write unit = "USD/kWh"'), ("price_usd_kwh", "usd/kWh", 'write unit = "USD/kWh"'),
    ("price usd per kwh", "usd/kWh", 'write unit = "USD/kWh"'), ("Price $/kWh", "$/kWh", 'write unit = "USD/kWh"'),
    ("LMP_US$_KWH", "US$/kWh", 'write unit = "USD/kWh"'), ("Price Usd / kWh", "Usd/kWh", 'write unit = "USD/kWh"'),
    ("price_ct_per_kwh", "ct/kWh", "convert it to USD/MWh"), ("Price ct/kWh", "ct/kWh", "convert it to USD/MWh"),
    ("Price c/kWh", "c/kWh", "convert it to USD/MWh"), ("price_cents_kwh", "cents/kWh", "convert it to USD/MWh"),
    ("Spot A$/MWh", "A$/MWh", "convert it to USD/MWh"), ("Spot €/MWh", "€/MWh", "convert it to USD/MWh"),
    ("carbon t/MWh", "t/MWh", "convert it to USD/MWh"), ("price_eur_per_mwh_mean", "eur/MWh", "convert it to USD/MWh"),
    ("carbon_kg_per_mwh", "kg/MWh", "convert it to USD/MWh"), ("rate_kg_co2e_per_mwh", "kg_co2e/MWh", "convert it to USD/MWh")])
def test_what_is_by_energy_is_read_from_names_without_brackets(tmp_path, name, headed, mend):
    with pytest.raises(SeriesProblem) as found:
        energy_price(EnergyPrice(table=Path("table.csv")), month_hour(tmp_path, name), np.ones(8760))
    assert (found.value.found, found.value.mend.partition(", or")[0]) == (
        f'column "{name}" of "table.csv" is in {headed} by its name, and is taken to be in USD/MWh', mend)


@pytest.mark.parametrize("name", [
    "price_usd_per_mwh_mean", "price_per_mwh", "USD_per_MWh", "energy_price", "cost_per_kwh_saved", "LMP $/MWh", "price us$/mwh", "Price Usd per MWh",
    "usd_mwh", "$ per MWh", "lmp_ct_mwh", "lmp_zone_c_per_mwh", "Zone C / MWh", "percent_kwh", "recent/kwh", "target kWh", "usd_kw", "USD/kWhite"])
def test_names_without_another_unit_are_none_to_ask_about(tmp_path, name):
    assert energy_price(EnergyPrice(table=Path("table.csv")), month_hour(tmp_path, name), np.ones(8760))[0] == 5


@example(words=["percent", "kwh"], between="/")
@given(words=st.lists(st.sampled_from(["price", "cost", "percent", "recent", "target", "liszt", "usda", "per", "kWh", "MWh", "kw", "2030", "zone 7"]),
                      min_size=1), between=st.sampled_from([" ", "_", "/", " / ", "-", "_per_", " per "]))
def test_a_name_without_money_and_mass_is_none_to_ask_about(words, between):
    check_heading(between.join(words), "table.csv", "USD/MWh", "USD/MWh", ("grid", "price", "unit"))  # raises nothing


@pytest.mark.parametrize("name", ["rate g/kWh", "Carbon intensity gCO2eq/kWh", "rate g per kWh", "rate_g_per_kwh", "rate_kgco2_per_mwh",
                                  "intensity_gCO2eq_per_kWh"])
def test_carbon_by_energy_in_names_without_brackets(tmp_path, name):
    """5 g/kWh are 5 kg/MWh; 5 t/MWh are not."""
    assert carbon_intensity(CarbonIntensity(table=Path("table.csv")), month_hour(tmp_path, name))[0] == pytest.approx(0.005)
    with pytest.raises(SeriesProblem, match="is in t_co2/MWh by its name, and is taken to be in kg_CO2e/MWh"):
        carbon_intensity(CarbonIntensity(table=Path("table.csv")), month_hour(tmp_path, "t_co2_per_mwh"))


def test_the_last_column_of_a_table_is_told_where_none_is_named(tmp_path):
    with pytest.raises(SeriesProblem) as found:
        energy_price(EnergyPrice(table=Path("table.csv")), month_hour(tmp_path, "price,node", "5,HB"), np.ones(8760))
    assert found.value.mend.endswith("; no column is named, so it is the last that is read, of month, hour, price, node")


def weather(folder: Path, name: str, unit: str, heading: str):
    """The year of test_weather_forms with one of its columns under another heading."""
    given = COLUMNS | {name: {"column": heading, "unit": unit}}
    (folder / "year.csv").write_text(weather_table().replace(COLUMNS[name]["column"], heading, 1), encoding="utf-8")
    return read_weather(plain(given), folder / "year.csv")[0][name]


@pytest.mark.parametrize(("heading", "headed", "mend"), [
    ("T [°C]", "°C", 'write unit = "degC"'), ("T (C)", "C", 'write unit = "degC"'), ("T (deg C)", "deg C", 'write unit = "degC"'),
    ("T_c", "c", 'write unit = "degC"'),
    ("T [K]", "K", 'write unit = "K"'), ("T [%]", "%", "convert it to degF"), ("T [hPa]", "hPa", "convert it to degF")])
def test_temperatures_in_another_unit_by_their_heading_are_refused(tmp_path, heading, headed, mend):
    with pytest.raises(SeriesProblem) as found:
        weather(tmp_path, "dry_bulb", "degF", heading)
    assert (found.value.key, found.value.found) == (
        ("weather", "columns", "dry_bulb", "unit"), f'column "{heading}" of "year.csv" is in {headed} by its name, and is taken to be in degF')
    assert found.value.mend == f"{mend}, or name the column otherwise where it is in degF"


@pytest.mark.parametrize(("name", "unit", "heading"), [
    ("dry_bulb", "degF", "T [°F]"), ("dry_bulb", "degF", "T (F)"), ("dry_bulb", "degF", "dry_bulb_f"), ("dry_bulb", "degF", "T (2 m)"),
    ("dry_bulb", "degF", "T (dry)"), ("relative_humidity", "%", "RH [%]"), ("relative_humidity", "%", "rh_pct"), ("relative_humidity", "%", "RH (1)"),
    ("pressure", "hPa", "p [mbar]"), ("pressure", "hPa", "p (mb)"), ("pressure", "hPa", "p_hpa"), ("pressure", "hPa", "p [hPa]")])
def test_a_heading_that_says_the_same_or_nothing_is_none_to_ask_about(tmp_path, name, unit, heading):
    assert weather(tmp_path, name, unit, heading)[0] == pytest.approx({"dry_bulb": 10.0, "relative_humidity": 0.4, "pressure": 95000.0}[name])


@pytest.mark.parametrize(("unit", "taken", "heading", "mend"), [
    ("W/m2", "W/m2", "GHI [kWh/m2]", 'write unit = "kW/m2"'), ("W/m2", "W/m2", "GHI [kJ/m2]", "convert it to W/m2"),
    ("m/s", "m/s", "wind_mph", 'write unit = "mile/hour"'), ("m/s", "mile/hour", "wind [m s-1]", 'write unit = "m/s"'),
    ("m/s", "m/s", "wind (kn)", 'write unit = "knot"'), ("1", "1", "RH [%]", 'write unit = "%"'), ("Pa", "Pa", "p (mb)", 'write unit = "mbar"')])
def test_sun_wind_and_pressure_in_another_unit_by_their_heading_are_refused(unit, taken, heading, mend):
    with pytest.raises(SeriesProblem) as found:
        check_heading(heading, "year.csv", taken, unit, ("weather", "columns", "x", "unit"))
    assert found.value.mend.startswith(mend)


@pytest.mark.parametrize(("unit", "taken", "heading"), [
    ("W/m2", "W/m2", "GHI [Wh/m2]"), ("W/m2", "W/m2", "GHI (W/m²)"), ("W/m2", "W/m2", "ghi_w_m2"), ("m/s", "m/s", "WS (10 m)"), ("m/s", "m/s", "wind_m_s"),
    ("m/s", "km/hour", "wind [km/h]"), ("1", "1", "RH (fraction)"), ("MW", "MW", "load [K]")])
def test_headings_of_the_unit_that_is_declared(unit, taken, heading):
    check_heading(heading, "year.csv", taken, unit, ("weather", "columns", "x", "unit"))  # raises nothing
