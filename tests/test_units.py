"""Units at the border."""

import pytest
from dcplan.models.units import UnitProblem, parse


@pytest.mark.parametrize(("text", "unit", "value"), [
    ("250 MW", "MW", 250.0), ("85 %", "1", 0.85), ("12 degC", "degC", 12.0), ("4 degC", "delta_degC", 4.0),
    ("6 USD/kW/month", "USD/MW/month", 6000.0),
    ("24 month", "day", 730.0), ("8760 hour", "year", 1.0), ("90 day", "year", 90 / 365), ("1 MW*year", "MWh", 8760.0)])
def test_quantities_are_converted(text, unit, value):
    assert parse(text, unit) == pytest.approx(value)


@pytest.mark.parametrize(("text", "message"), [
    ("250", '"250" has no unit; expected a power; write "250 MW"'),
    ("250 kg", '"250 kg" is in kg; expected a power; write "250 MW"'),
    ("8 $/kW", '"8 $/kW" uses a money sign; expected a power; write USD (or MUSD, GUSD) in place of the sign'),
    ("30 MVA", '"30 MVA" is of apparent power; expected a power; write active power, MVA times the power factor: "250 MW"'),
    ("500 kVA", '"500 kVA" is of apparent power; expected a power; write active power, MVA times the power factor: "250 MW"'),
    ("1,250 MW", '"1,250 MW" has a thousands comma; expected a power; write no thousands commas: "1250 MW"'),
    ("lots", '"lots" is not a number with a unit; expected a power; write "250 MW"')])
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
    ("12 USD/kWh", "USD/MW/month", '"12 USD/kWh" is a price of energy; expected a demand charge; write a price for power and for time: "6 USD/kW/month"'),
    ("12 USD/kW/month", "USD/MWh", '"12 USD/kW/month" is a demand charge; expected a price of energy; write a price for energy: "45 USD/MWh"'),
    ("3 USD/MMBtu", "USD/MW/year",
     '"3 USD/MMBtu" is a price of energy; expected a quantity in USD/MW/year; write a price for power and for time: "1 USD/MW/year"'),
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
