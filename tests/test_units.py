"""Units at the border."""

import pytest
from dcplan.models.units import UnitProblem, parse, periods


@pytest.mark.parametrize(("text", "unit", "value"), [
    ("250 MW", "MW", 250.0), ("85 %", "1", 0.85), ("12 degC", "degC", 12.0), ("4 degC", "delta_degC", 4.0),
    ("6 USD/kW/month", "USD/MW/month", 6000.0),
    ("24 month", "day", 730.0), ("8760 hour", "year", 1.0), ("90 day", "year", 90 / 365), ("1 MW*year", "MWh", 8760.0)])
def test_quantities_are_converted(text, unit, value):
    assert parse(text, unit) == pytest.approx(value)


@pytest.mark.parametrize(("text", "message"), [
    ("250", '"250" has no unit; expected a power; write for example "250 MW"'),
    ("250 kg", '"250 kg" is in kg; expected a power; write for example "250 MW"'),
    ("8 $/kW", '"8 $/kW" uses a money sign; expected a power; write USD (or MUSD, GUSD) in place of the sign'),
    ("30 MVA", '"30 MVA" is of apparent power; expected a power; write active power, MVA times the power factor, for example "250 MW"'),
    ("500 kVA", '"500 kVA" is of apparent power; expected a power; write active power, MVA times the power factor, for example "250 MW"'),
    ("1,250 MW", '"1,250 MW" has a thousands comma; expected a power; write no thousands commas: "1250 MW"'),
    ("lots", '"lots" is not a number with a unit; expected a power; write for example "250 MW"')])
def test_what_is_wrong_is_said(text, message):
    with pytest.raises(UnitProblem) as problem:
        parse(text, "MW")
    assert str(problem.value) == message


@pytest.mark.parametrize(("text", "unit", "code", "message"), [
    ("$9 million", "USD", "money", '"$9 million" uses a money sign; expected a money; write USD (or MUSD, GUSD) behind the number, for example "9 MUSD"'),
    ("1.5 billion USD", "USD", "money",
     '"1.5 billion USD" has an amount in words; expected a money; write USD (or MUSD, GUSD) behind the number, for example "1.5 GUSD"'),
    ("$61/MWh", "USD/MWh", "money", '"$61/MWh" uses a money sign; expected a price of energy; write USD (or MUSD, GUSD) behind the number'),
    ("4,032 accelerator", "accelerator", "number",
     '"4,032 accelerator" has a thousands comma; expected a number of accelerators; write no thousands commas: "4032 accelerator"'),
    ("1,234,567.5 USD", "USD", "number", '"1,234,567.5 USD" has a thousands comma; expected a money; write no thousands commas: "1234567.5 USD"')])
def test_prose_is_refused_with_what_to_write(text, unit, code, message):
    with pytest.raises(UnitProblem) as problem:
        parse(text, unit)
    assert (problem.value.code, str(problem.value)) == (code, message)


@pytest.mark.parametrize(("text", "unit", "message"), [
    ("12 USD/kWh", "USD/MW/month",
     '"12 USD/kWh" is a price of energy; expected a demand charge; write a price for power and for time, for example "6 USD/kW/month"'),
    ("12 USD/kW/month", "USD/MWh", '"12 USD/kW/month" is a demand charge; expected a price of energy; write a price for energy, for example "45 USD/MWh"'),
    ("3 USD/MMBtu", "USD/MW/year",
     '"3 USD/MMBtu" is a price of energy; expected a quantity in USD/MW/year; write a price for power and for time, for example "1 USD/MW/year"'),
])
def test_a_price_of_energy_is_no_price_of_power_in_time(text, unit, message):
    with pytest.raises(UnitProblem) as problem:
        parse(text, unit)
    assert (problem.value.code, str(problem.value)) == ("unit", message)


@pytest.mark.parametrize(("text", "unit", "value"), [  # months of 730 hours, years of 12 months
    ("1 USD/(kW*month)", "USD/MW/month", 1000.0), ("12 USD/kW/year", "USD/MW/month", 1000.0), ("24 USD/kW/day", "USD/MW/month", 730_000.0),
    ("2 USD/MWh", "USD/MWh", 2.0), ("3.412142 USD/MMBtu", "USD/MWh", 11.64), ("1 USD/kW/hour", "USD/MWh", 1000.0)])
def test_prices_of_their_kind_are_read(text, unit, value):
    assert parse(text, unit) == pytest.approx(value, rel=1e-3)


@pytest.mark.parametrize(("text", "times"), [
    ("120 USD/kW/year", ("year",)), ("1 USD/(kW*month)", ("month",)), ("0.5 USD/kWh", ()), ("0.5 USD/kW/hour", ("hour",)), ("many", ())])
def test_times_by_which_a_quantity_is_told(text, times):
    assert periods(text) == times


@pytest.mark.parametrize(("text", "unit", "value"), [
    ("4 km2", "m2", 4e6), ("3 hm3", "m3", 3e6), ("5 dm3", "m3", 0.005), ("20 cm2", "m2", 0.002),  # prefixes belong to the metre, not to its square
    ("100 ft2", "m2", 9.290304), ("100 ft3", "m3", 2.8316846592), ("1 CCF", "m3", 2.8316846592), ("5 USD/CCF", "USD/m3", 1.76573),
    ("1000 TR", "MW", 3.51685), ("400 gCO2e/kWh", "tonne_CO2e/MWh", 0.4), ("800 lb_CO2e/MWh", "tonne_CO2e/MWh", 0.362874),
    ("27 °C", "degC", 27.0), ("9 °F", "delta_degC", 5.0)])
def test_units_of_the_field_are_known(text, unit, value):
    assert parse(text, unit) == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize(("text", "mend"), [  # 8760 MWh in the 8760 h of a year: 1 MW
    ("8760 MWh/year", "1 MW"), ("8.76 GWh/a", "1 MW"), ("24 MWh/day", "1 MW"), ("168 kWh/week", "0.001 MW"), ("3.412141633 MMBtu/month", "0.00136986 MW"),
    ("8760 MW*hour/year", "1 MW")])
def test_an_energy_over_time_is_no_power(text, mend):
    with pytest.raises(UnitProblem) as problem:
        parse(text, "MW")
    assert str(problem.value) == f'"{text}" is an energy over time; expected a power; write a power: the highest, or if the average is meant, "{mend}"'


@pytest.mark.parametrize(("text", "value"), [("5 MWh/hour", 5.0), ("3600 MJ/second", 3600.0), ("3.412141633 MMBtu/hour", 1.0), ("81.8914 MMBtu/day", 1.0)])
def test_rates_of_fuel_and_energy_by_the_hour_are_power(text, value):
    assert parse(text, "MW") == pytest.approx(value, rel=1e-5)


def test_fuel_is_told_by_the_day_and_not_by_longer():
    assert parse("30 GWh/day", "MW", fuel=True) == pytest.approx(1250)  # 30,000 MWh in 24 h
    with pytest.raises(UnitProblem, match="is an energy over time"):
        parse("30 GWh/week", "MW", fuel=True)


def test_milliwatts_are_read_where_no_million_can_be_meant():
    assert parse("1 mW/cm^2", "W/m2") == pytest.approx(10)  # 10,000 cm2 in a m2


@pytest.mark.parametrize(("text", "unit", "message"), [
    ("250 mW", "MW", '"250 mW" has a unit of thousandths, mW; expected a power; write M for a million: "250 MW"'),
    ("60 mUSD", "USD", '"60 mUSD" has a unit of thousandths, mUSD; expected a money; write M for a million: "60 MUSD"'),
    ("60 mUSD/kWh", "USD/MWh", '"60 mUSD/kWh" has a unit of thousandths, mUSD; expected a price of energy; '
     'write thousandths of a dollar as "60 USD/MWh", or M for a million: "60 MUSD/kWh"'),
    ("3 mUSD/year", "USD/year", '"3 mUSD/year" has a unit of thousandths, mUSD; expected a money a year; '
     'write thousandths of a dollar as "0.003 USD/year", or M for a million: "3 MUSD/year"'),
    ("60 mUSD/kg", "USD/MWh", '"60 mUSD/kg" is in mUSD/kg; expected a price of energy; write for example "45 USD/MWh"'),
    ("45 EUR/MWh", "USD/MWh",
     '"45 EUR/MWh" is in EUR; expected a price of energy; convert it at a rate of your own, all money is USD, for example "45 USD/MWh"'),
    ("1 degree", "1", '"1 degree" is an angle; expected a share; write for example "85 %"'),
    ("32 %", "degree", '"32 %" is a share; expected an angle; write for example "32.3 degree"'),
    ("4 K/K", "degree", '"4 K/K" is a share; expected an angle; write for example "32.3 degree"'),
    ("27 delta_degC", "degC", '"27 delta_degC" is a temperature difference; expected a temperature; write for example "27 degC"'),
    ("8 USD/kW/year", "USD/MW", '"8 USD/kW/year" is a demand charge; expected a price of power; write for example "400 USD/kW"'),
    ("0,125 MW", "MW", '"0,125 MW" has a decimal comma; expected a power; write a decimal point: "0.125 MW"'),
    ("0,995", "1", '"0,995" has a decimal comma; expected a share; write a decimal point: "0.995"'),
    ("0,85", "1", '"0,85" has a decimal comma; expected a share; write a decimal point: "0.85"'),
    ("-2,5 degC", "degC", '"-2,5 degC" has a decimal comma; expected a temperature; write a decimal point: "-2.5 degC"'),
    ("3,5x kg_CO2e/MWh", "tonne_CO2e/MWh", '"3,5x kg_CO2e/MWh" has a decimal comma; expected a carbon intensity; write a decimal point; '
     '"3.5x kg_CO2e/MWh" has a unit that is not known: write for example "400 kg_CO2e/MWh"'),
    ("1,250 kg", "MW", '"1,250 kg" has a thousands comma; expected a power; write no thousands commas; "1250 kg" is in kg: write for example "250 MW"'),
    ("20 MWh", "MW", '"20 MWh" is an energy; expected a power; write for example "250 MW"'),
    ("150000 m3", "m3/year", '"150000 m3" is a volume; expected a volume a year; write "150000 m3/year"'),
    ("7 %", "1/year", '"7 %" is a share; expected a yearly rate; write "7 %/year"'),
    ("7 kg", "1/year", '"7 kg" is in kg; expected a yearly rate; write for example "7 %/year"')])
def test_what_only_looks_alike_is_refused(text, unit, message):
    with pytest.raises(UnitProblem) as problem:
        parse(text, unit)
    assert str(problem.value) == message
