"""Units that the names of columns hold: what a name says is never passed over in silence."""

import math
import re

from ..models.units import KINDS, UnitProblem, parse
from .hourly_csv import SeriesProblem

BRACKETED = re.compile(r"[\[(]([^\])]+)[\])]\s*$")
POWER_ENDING = re.compile(r"(?:^|[_ ])([kmg]wh?)$", re.IGNORECASE)
WATTS = re.compile(r"(?<![a-z])([kmg]?)(wh?)(?![a-z])", re.IGNORECASE)
CARBON = re.compile(r"^(kg|g|lb|tonne|t)s?[ _]?(?:CO2\w*)?(?=/)", re.IGNORECASE)
MONEY = r"usd|eur(?:os?)?|gbp|cents?|[a-z]{0,2}\$|[€£¢]"
MASS = r"(?:kg|g|lbs?|tonnes?|t)(?:[_ ]?CO2\w*?)?"
PER = "[_ ]per[_ ]| ?/ ?"
PER_ENERGY = re.compile(rf"(?<![a-z0-9])(?:({MONEY})(?:{PER}|[_ ])|({MASS}|ct|c(?=/))(?:{PER}))([kmg]?wh)(?![a-z0-9])", re.IGNORECASE)
SAID = {"US$": "USD", "$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", " per ": "/"}
UNITS = ("MW", "MWh", *(unit for unit in KINDS if unit.startswith("USD/")))
WEATHER = ("degC", "Pa", "W/m2", "J/m2", "m/s")
ENERGY_PRICED = re.compile(r"/\s*[kMG]?Wh\b")
DEGREE = r"(?:[°º]|deg(?:ree)?s?)?[ _.]*"
AREA = r"[ _/.]*(?:m2|m²|m\^2|sqm|m-2)"
SPELLINGS = {  # of each canonical unit: as names of columns have it, whatever the size of letters, and as models/units.py reads it
    "degC": ((rf"{DEGREE}c(?:elsius)?|℃", "degC"), (rf"{DEGREE}f(?:ahrenheit)?|℉", "degF"), ("k(?:elvin)?", "K")),
    "Pa": (("pa", "Pa"), ("hpa", "hPa"), ("kpa", "kPa"), ("mb(?:ar)?s?", "mbar"), ("in[ _.]?hg", "inHg"), ("psia?", "psi")),
    "W/m2": ((rf"wh?{AREA}", "W/m2"), (rf"kwh?{AREA}", "kW/m2")),  # energy by hour is a power
    "m/s": ((r"mps|m[ _/.]?s(?:\^?-1)?", "m/s"), ("mph", "mile/hour"), ("km[/_]?hr?|kph", "km/hour"), ("kn|kts?|knots?", "knot")),
    "1": (("pct|percent", "%"),),
}


def check_heading(name: str, file: str, taken: str, unit: str, key: tuple) -> None:
    """Refuse a column whose name holds another unit than the one its numbers are taken to be in: of another size, of other money, of another kind.
    `unit` is the canonical one of that kind; energy by hour in kWh is a power in kW. `key` is that of the unit, else of the file. Raises SeriesProblem."""
    headed = _unit_in(name, unit)
    if headed is None:
        return
    read = _readable(headed, unit)
    size, expected = _size(read, unit), parse(f"1 {taken}", unit)
    others = (*UNITS, *WEATHER) if unit in SPELLINGS else UNITS
    if (size is None and _is_unit(read, others)) or (size is not None and not math.isclose(size, expected)):
        mend = f'write unit = "{read}"' if size is not None and key[-1] == "unit" else f"convert it to {taken}"
        raise SeriesProblem(key, f'column "{name}" of "{file}" is in {headed} by its name, and is taken to be in {taken}',
                            f"{mend}, or name the column otherwise where it is in {taken}")


def _unit_in(name: str, unit: str) -> str | None:
    """The unit in a column's name: load [kW], load (kWh); without brackets a power in watts, load_kw, what is by energy, price_usd_per_kwh or Price $/kWh,
    and what has a spelling, dry_bulb_f."""
    if bracketed := BRACKETED.search(name):
        return None if bracketed[1].strip().isdigit() else bracketed[1].strip()
    if unit == "MW" and (ending := POWER_ENDING.search(name.strip())):
        return WATTS.sub(_watts, ending[1])
    if ENERGY_PRICED.search(unit) and (by := PER_ENERGY.search(name)):
        return f"{by[1] or by[2]}/{WATTS.sub(_watts, by[3])}"
    endings = (re.search(f"_({spelling})$", name.strip(), re.IGNORECASE) for spelling, _ in SPELLINGS.get(unit, ()))
    return next((ending[1] for ending in endings if ending), None)


def _readable(headed: str, unit: str) -> str:
    """The unit as models/units.py writes it: °F as degF, $ as USD, kwh as kWh, mass as carbon; energy by hour as power where a power is wanted."""
    for spelling, written in SPELLINGS.get(unit, ()):
        if re.fullmatch(spelling, headed, re.IGNORECASE):
            return written
    for said, written in SAID.items():
        headed = re.sub(re.escape(said), written, headed, flags=re.IGNORECASE)
    read = WATTS.sub(_watts, headed)
    if unit == "tonne_CO2e/MWh":
        return CARBON.sub(lambda found: f"{'tonne' if found[1].lower() in ('t', 'tonne') else found[1].lower()}_CO2e", read)
    return read.removesuffix("h") if unit == "MW" and WATTS.fullmatch(read) else read


def _watts(found: re.Match) -> str:
    size = found[1].lower()
    return f"{size if size == 'k' else size.upper()}{found[2].capitalize()}"


def _size(read: str, unit: str) -> float | None:
    """How many of `unit` one of what is written is; none where it is no unit of that kind."""
    try:
        return parse(f"1 {read}", unit)
    except UnitProblem:
        return None


def _is_unit(read: str, others: tuple[str, ...]) -> bool:
    """Whether a unit is meant, not a remark such as (RT) for real time: a share, a power, an energy, a price, or what is by energy; of weather, what it
    is measured in, too."""
    return read in ("%", "kVA", "MVA") or bool(ENERGY_PRICED.search(read)) or any(_size(read, unit) is not None for unit in others)
