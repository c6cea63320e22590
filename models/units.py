"""Units: text with a unit at the border, canonical floats inside.

Canonical units: MW, MWh, USD (real), tonne_CO2e, m3, m2, km, degC (delta_degC for differences), Pa, hour, day, year, share (1).
"""

import functools
import math
import re
from dataclasses import dataclass
from typing import Any

import pint

DEFINITIONS = (
    "USD = [currency]",
    "MUSD = 1e6 * USD",
    "GUSD = 1e9 * USD",
    "EUR = [euro]",
    "tonne_CO2e = [carbon_mass] = tCO2e",
    "kg_CO2e = 1e-3 * tonne_CO2e = kgCO2e",
    "g_CO2e = 1e-6 * tonne_CO2e = gCO2e",
    "lb_CO2e = 0.45359237 * kg_CO2e = lbCO2e",
    "MMBtu = 1e6 * Btu",
    "kBtu = 1e3 * Btu",
    *(f"{length}{power} = {length} ** {power}" for power in (2, 3) for length in ("mm", "cm", "dm", "m", "dam", "hm", "km", "inch", "ft", "yd", "mi")),
    "CCF = 100 * ft ** 3",
    "ton_refrigeration = 12000 * Btu / hour = TR",
    "gpm = gallon / minute",
    "kgal = 1e3 * gallon",
    "accelerator = [accelerator] = GPU = accelerators = GPUs",
    "rack = [rack] = racks",
    "year = 365 * day = a = yr",  # the model's: 8760 hours, 12 months; pint's own has 365.25 days
    "month = year / 12",
    "decade = 10 * year",  # pint's own is one of logarithms
    "TFLOPS = [computing]",
)

KINDS = {
    "MW": "power", "MWh": "energy", "USD": "money", "tonne_CO2e": "carbon", "m3": "volume", "m2": "area", "km": "length",
    "degC": "temperature", "delta_degC": "temperature difference", "Pa": "pressure", "hour": "time", "day": "time",
    "year": "time", "1": "share", "degree": "angle", "accelerator": "number of accelerators", "rack": "number of racks",
    "USD/MWh": "price of energy", "USD/MW": "price of power", "USD/MW/month": "demand charge", "USD/m3": "price of water",
    "USD/tonne_CO2e": "price of carbon", "1/year": "yearly rate", "m3/year": "volume a year", "USD/year": "money a year",
    "USD/accelerator/hour": "value of an accelerator-hour", "tonne_CO2e/MWh": "carbon intensity", "USD/km": "price of length",
    "MW/second": "ramp of power", "delta_degC/year": "rate of warming",
}

EXAMPLES = {
    "MW": "250 MW", "MWh": "800 MWh", "USD": "60 MUSD", "tonne_CO2e": "1000 tonne_CO2e", "m3": "500 m3", "m2": "400 hectare",
    "km": "12 km", "degC": "27 degC", "delta_degC": "4 K", "Pa": "92 kPa", "hour": "48 hour", "day": "30 week", "year": "10 year",
    "1": "85 %", "degree": "32.3 degree", "accelerator": "50000 accelerator", "rack": "8 rack", "USD/MWh": "45 USD/MWh",
    "USD/MW": "400 USD/kW", "USD/MW/month": "6 USD/kW/month", "USD/m3": "1.2 USD/m3", "USD/tonne_CO2e": "50 USD/tonne_CO2e",
    "1/year": "7 %/year", "m3/year": "2500000 m3/year", "USD/year": "3 GUSD/year",
    "USD/accelerator/hour": "2.4 USD/accelerator/hour", "tonne_CO2e/MWh": "400 kg_CO2e/MWh", "USD/km": "1.2 MUSD/km",
    "MW/second": "50 MW/minute", "delta_degC/year": "0.3 delta_degC/decade",
}

OFFSET_UNITS = re.compile(r"\b(degC|degF|celsius|fahrenheit)\b", re.IGNORECASE)
NUMBER = re.compile(r"^\s*[-+]?(\d[\d_]*\.?[\d_]*|\.\d+)([eE][-+]?\d+)?")
THOUSANDS = re.compile(r"\s*([-+]?[1-9]\d{0,2}(?:,\d{3})+)(?![\d,])")
MILLIONS = re.compile(r"\s*\$?\s*([-+]?\d+(?:\.\d+)?)\s*(million|billion)\s*(USD|dollars?)?\s*", re.IGNORECASE)
DECIMAL_COMMA = re.compile(r"\s*[-+]?\d+,\d+(?![\d,])")
MILLI = re.compile(r"\bm(W|Wh|USD)\b")
APPARENT = re.compile(r"\b[kMG]?(VA|var|VAr|VAR)\b")


@dataclass(frozen=True)
class UnitProblem(ValueError):
    """Why a text is not a quantity of the wanted kind. `code` is one of number, unit, money, unknown-unit."""

    code: str
    found: str
    expected: str
    help: str

    def __str__(self) -> str:
        return f"{self.found}; expected {self.expected}; {self.help}"


@functools.cache
def registry() -> pint.UnitRegistry:
    """The one pint registry, with the units of the field defined once."""
    made = pint.UnitRegistry(autoconvert_offset_to_baseunit=True, cache_folder=":auto:", on_redefinition="ignore")
    for definition in DEFINITIONS:
        made.define(definition)
    return made


def kind(unit: str) -> str:
    """The kind of quantity a canonical unit measures, in words: 'power' for MW."""
    return KINDS.get(unit, f"quantity in {unit}")


def one(name: str) -> str:
    """'a power', 'an energy'."""
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def example(unit: str) -> str:
    """A text that `parse` accepts for this unit, for help lines."""
    return EXAMPLES.get(unit, f"1 {unit}")


def _for_example(unit: str) -> str:
    """The end of a help line whose number is not the one that was found."""
    return f'for example "{example(unit)}"'


def parse(text: str, unit: str, fuel: bool = False) -> float:
    """The value of `text` (a number with a unit) in canonical `unit`. A power of `fuel` may be told by the day ("30 GWh/day").

    Raises UnitProblem when the number or the unit is missing, the unit is not known, measures another kind, or is a money sign.
    """
    if not isinstance(text, str):
        raise UnitProblem("unit", f"{text!r} has no unit", one(kind(unit)), f"write it as text with a unit, {_for_example(unit)}")
    _refuse_prose(text, unit, fuel)
    number = NUMBER.match(text)
    if number is None or not math.isfinite(float(number.group())):
        raise UnitProblem("number", f'"{text}" is not a number with a unit', one(kind(unit)), f"write {_for_example(unit)}")
    written = text[number.end():].strip()
    value = _convert(text, float(number.group()), written, unit)
    if unit == "MW" and _is_spread(_unit(written), fuel):
        mend = f'write a power: the highest, or if the average is meant, "{value:.6g} MW"'
        raise UnitProblem("unit", f'"{text}" is an energy over time', one(kind(unit)), mend)
    return value


def _refuse_prose(text: str, unit: str, fuel: bool) -> None:
    """Amounts as newspapers write them: money in front or in words, thousands commas."""
    amount = MILLIONS.fullmatch(text) if unit == "USD" else None
    if text.lstrip().startswith(("$", "€")) or amount:
        found = "uses a money sign" if amount is None or "$" in text else "has an amount in words"
        mend = "" if amount is None else f', for example "{amount[1]} {"MUSD" if amount[2].lower() == "million" else "GUSD"}"'
        raise UnitProblem("money", f'"{text}" {found}', one(kind(unit)), f"write USD (or MUSD, GUSD) behind the number{mend}")
    if comma := THOUSANDS.match(text):
        plain = f"{comma[1].replace(',', '')}{text[comma.end():]}"
        raise UnitProblem("number", f'"{text}" has a thousands comma', one(kind(unit)), _without("write no thousands commas", plain, unit, fuel))
    if comma := DECIMAL_COMMA.match(text):
        plain = f"{comma.group().strip().replace(',', '.')}{text[comma.end():]}"
        raise UnitProblem("number", f'"{text}" has a decimal comma', one(kind(unit)), _without("write a decimal point", plain, unit, fuel))


def _without(mend: str, plain: str, unit: str, fuel: bool) -> str:
    """How to mend a text whose comma is wrong: as it is without it, where that reads; else what is wrong with it besides."""
    try:
        parse(plain, unit, fuel)
    except UnitProblem as problem:
        return f"{mend}; {problem.found}: {problem.help}"
    return f'{mend}: "{plain}"'


def _convert(text: str, number: float, written: str, unit: str) -> float:
    written = written.replace("°C", "degC").replace("°F", "degF")
    if "$" in written or "€" in written:
        raise UnitProblem("money", f'"{text}" uses a money sign', one(kind(unit)), "write USD (or MUSD, GUSD) in place of the sign")
    if not written and unit != "1":
        raise UnitProblem("unit", f'"{text}" has no unit', one(kind(unit)), f"write {_for_example(unit)}")
    if unit == "delta_degC" and OFFSET_UNITS.search(written):
        written = written.replace("delta_", "").replace("degC", "delta_degC").replace("degF", "delta_degF")
    return number if written == unit else _scaled(text, number, written, unit)


def _scaled(text: str, number: float, written: str, unit: str) -> float:
    _refuse_look_alikes(text, written, unit)
    try:
        source = _unit(written)
    except Exception as reason:  # pint raises half a dozen kinds, tokenizer errors among them
        wrong = f'"{text}" has a unit that is not known'
        raise UnitProblem("unknown-unit", wrong, one(kind(unit)), f"write {_for_example(unit)}") from reason
    _refuse_same_dimension(text, source, written, unit)
    try:
        value = float(registry().Quantity(number, source).to(_unit(unit)).magnitude)
    except pint.PintError as reason:
        found = f'"{text}" is {named_kind(written)}'
        raise UnitProblem("unit", found, one(kind(unit)), _by_the_year(text, source, unit) or f"write {_for_example(unit)}") from reason
    _refuse_thousandths(text, written, unit, value)
    return value


def _by_the_year(text: str, source: Any, unit: str) -> str:
    """How to mend an amount where an amount a year is wanted, with its own number; nothing where it is of another kind."""
    yearly = unit.endswith("/year") and (source / _unit("year")).dimensionality == _unit(unit).dimensionality
    return f'write "{text.strip()}/year"' if yearly else ""


def _refuse_look_alikes(text: str, written: str, unit: str) -> None:
    """Volt-amperes for watts, and euros for dollars."""
    if "USD" in unit and "EUR" in written:
        raise UnitProblem("money", f'"{text}" is in EUR', one(kind(unit)), f"convert it at a rate of your own, all money is USD, {_for_example(unit)}")
    if APPARENT.search(written):
        mend = f"write active power, MVA times the power factor, {_for_example(unit)}"
        raise UnitProblem("unit", f'"{text}" is of apparent power', one(kind(unit)), mend)


def _refuse_thousandths(text: str, written: str, unit: str, value: float) -> None:
    """mW or mUSD where a million is meant; of a price, which may be in thousandths of a dollar, with what it reads as."""
    milli = MILLI.search(written) if "MW" in unit or "USD" in unit else None
    if milli:
        reads = f'write thousandths of a dollar as "{value:.6g} {unit}", or ' if milli.group() == "mUSD" and "/" in unit else "write "
        million = MILLI.sub(r"M\1", text)
        raise UnitProblem("unit", f'"{text}" has a unit of thousandths, {milli.group()}', one(kind(unit)), f'{reads}M for a million: "{million}"')


def _refuse_same_dimension(text: str, source: Any, written: str, unit: str) -> None:
    """What dimensions alone do not tell apart: prices of energy and of power by time, angles and shares."""
    wanted = _unit(unit)
    if _is_angle(source) != _is_angle(wanted) and source.dimensionality == wanted.dimensionality:
        raise UnitProblem("unit", f'"{text}" is {named_kind(written)}', one(kind(unit)), f"write {_for_example(unit)}")
    if _by_time(source) != _by_time(wanted) and source.dimensionality == _unit("USD/MWh").dimensionality:
        mend = f"write {_for_example(unit)}"
        if wanted.dimensionality == source.dimensionality:
            mend = f'write a price {"for power and for time" if _by_time(wanted) else "for energy"}, {_for_example(unit)}'
        raise UnitProblem("unit", f'"{text}" is {named_kind(written)}', one(kind(unit)), mend)


def _is_angle(unit: Any) -> bool:
    return bool({"degree", "radian", "arcminute", "arcsecond"} & set(dict(registry().Quantity(1, unit).unit_items())))


def _is_spread(unit: Any, fuel: bool) -> bool:
    """Whether a power is written as an energy over so long that only its average is told: MWh a day or longer; what is `fuel`, or told in units of
    fuel, over longer than the day that its flow is often given by (GWh/day, MMBtu/day)."""
    hours = [float(registry().Quantity(1, name).to("hour").magnitude) for name in _periods(unit)]
    electric = not fuel and any("watt" in name for name in dict(registry().Quantity(1, unit).unit_items()))
    return any(length > (1 if electric else 24) for length in hours)


def _by_time(unit: Any) -> bool:
    """Whether a unit is one a month, a year or a day: USD/kW/month is, and USD/kWh, of the same dimension, is not."""
    return any(name != "hour" for name in _periods(unit))


def periods(text: str) -> tuple[str, ...]:
    """The times by which a quantity that `parse` accepts is told: ("year",) of "120 USD/kW/year"."""
    number = NUMBER.match(text)
    return () if number is None else _periods(_unit(text[number.end():].strip()))


def _periods(unit: Any) -> tuple[str, ...]:
    powers: Any = registry().Quantity(1, unit).unit_items()
    return tuple(name for name, power in powers if power < 0 and _unit(name).dimensionality == {"[time]": 1})


@functools.cache
def _unit(text: str):
    return registry().parse_units("dimensionless" if text in ("", "1") else text.replace("%", "percent").replace("1/", "dimensionless/"))


def named_kind(written: str) -> str:
    """What kind a unit measures, in words, by trying the canonical kinds: 'a power', or 'in kg'."""
    found = _unit(written)
    for unit, name in KINDS.items():
        other = _unit(unit)
        if other.dimensionality == found.dimensionality and (_by_time(other), _is_angle(other), _is_difference(other)) == (
                _by_time(found), _is_angle(found), _is_difference(found)):
            return one(name)
    return f"in {written}"


def _is_difference(unit: Any) -> bool:
    return "delta_" in str(unit)
