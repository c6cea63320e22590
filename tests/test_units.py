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
    ("lots", '"lots" is not a number with a unit; expected a power; write "250 MW"')])
def test_what_is_wrong_is_said(text, message):
    with pytest.raises(UnitProblem) as problem:
        parse(text, "MW")
    assert str(problem.value) == message
