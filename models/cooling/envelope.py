"""What racks allow of the loops: classes of coolant and of air, and each rack's own limits. Temperatures in degC.

    facility water <= min( min(own limit, S class) - approach of the distribution unit, W class )          warm loop
    chilled water  <= min( own limit, air class ) at the server's inlet - inlet rise - approach of the coil

A loop serves every rack that the site wants, so the most demanding one sets it: the warmest that it may float to in hours beyond design, and what
it is held at, `warm_float` or `chilled_float` below that. Hall air that comes without a coil (economisers) is no warmer than the racks' inlets
may be. Chilled water is also no warmer than `chilled_supply` of the catalogue and than what the
recommended range of the air class asks for: the wider classes change what is allowed, not what is recommended. A warmer class thus lets a cooler
do more of the work. A site may hold a loop colder, or up to what is allowed.

Classes: ASHRAE TC9.9, Thermal Guidelines for Data Processing Environments, 5th edition (2021): A1 to A4, H1, W17 to W45; S30 to S50 of the
technology cooling system (models/data/envelopes.csv). Supply temperatures; dew point limits are not modelled.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ..catalog import Catalog
from ..conditions import Loop, Loops

COOLANT_CLASSES = ("W17", "W27", "W32", "W40", "W45", "S30", "S40", "S50")
AIR_CLASSES = ("A1", "A2", "A3", "A4", "H1")


@dataclass(frozen=True, order=True)
class Limit:
    """The warmest that a rack allows of a loop, and why."""

    temperature: float
    rack: str
    reason: str

    def __str__(self) -> str:
        return f"{self.rack} allows {self.temperature:g} degC ({self.reason})"


def warm_limit(catalog: Catalog, racks: Iterable[str]) -> Limit | None:
    """The tightest limit of the warm loop; None where no rack is cooled by liquid."""
    return min((limit for rack in racks for limit in _coolant(catalog, rack)), default=None)


def chilled_limit(catalog: Catalog, racks: Iterable[str]) -> Limit:
    """The tightest limit of the chilled loop: every rack gives some of its heat to air."""
    less = _air_to_water(catalog)
    return min(Limit(inlet - less, rack, f"{reason} less {less:g} degC to the chilled water")
               for rack in racks for inlet, reason in _inlets(catalog, rack))


def is_liquid(catalog: Catalog, rack: str) -> bool:
    """Whether a cold plate takes part of a rack's heat."""
    return catalog.number(rack, "liquid_share", "1") > 0


def _coolant(catalog: Catalog, rack: str) -> list[Limit]:
    if not is_liquid(catalog, rack):
        return []
    number, kind = catalog.number, catalog.text(rack, "coolant_class")
    approach, own = number("cold_plate", "approach", "delta_degC"), number(rack, "coolant_supply_maximum", "degC")
    found = [Limit(own - approach, rack, f"{own:g} degC at the rack less {approach:g} degC of the distribution unit")]
    if kind.startswith("W"):
        return [*found, Limit(number(kind, "facility_supply_maximum", "degC"), rack, f"class {kind}")]
    coolant = number(kind, "coolant_supply_maximum", "degC")
    return [*found, Limit(coolant - approach, rack, f"class {kind} less {approach:g} degC of the distribution unit")]


def _inlets(catalog: Catalog, rack: str) -> list[tuple[float, str]]:
    own, kind = catalog.number(rack, "air_inlet_maximum", "degC"), catalog.text(rack, "air_class")
    return [(own, f"{own:g} degC at the inlet"), (catalog.number(kind, "air_inlet_maximum", "degC"), f"class {kind}")]


def _air_to_water(catalog: Catalog) -> float:
    """Server inlet less chilled water supply."""
    return catalog.number("air_handler", "inlet_rise", "delta_degC") + catalog.number("air_handler", "approach", "delta_degC")


def loops(catalog: Catalog, racks: Iterable[str], warm_supply: float | None = None, chilled_supply: float | None = None) -> Loops:
    """The loops of a site that wants these racks, held at its own temperatures where it sets them. Without liquid racks the warm loop is idle."""
    number, racks = catalog.number, tuple(racks)
    spare, limit = number("facility_water", "warm_float", "delta_degC"), warm_limit(catalog, racks)
    warmest = limit.temperature if limit else spare
    warm = _loop(warm_supply, warmest - spare, warmest, number("facility_water", "warm_range", "delta_degC"))
    allowed = chilled_limit(catalog, racks).temperature
    chilled = _loop(chilled_supply, _chilled_held(catalog, racks), allowed, number("facility_water", "chilled_range", "delta_degC"))
    return Loops(warm, chilled, number("facility_water", "cool_minimum", "degC"), number("open_tower", "approach", "delta_degC"),
                 number("facility_water", "cool_range", "delta_degC"), number("open_tower", "rated_wet_bulb", "degC"),
                 number("open_tower_close", "approach", "delta_degC"), inlet=_recommended(catalog, racks), inlet_beyond=allowed + _air_to_water(catalog))


def _recommended(catalog: Catalog, racks: Iterable[str]) -> float:
    """The warmest inlet air that is recommended to every rack."""
    return min(catalog.number(catalog.text(rack, "air_class"), "air_inlet_recommended", "degC") for rack in racks)


def _chilled_held(catalog: Catalog, racks: tuple[str, ...]) -> float:
    spare = catalog.number("facility_water", "chilled_float", "delta_degC")
    return min(catalog.number("facility_water", "chilled_supply", "degC"), _recommended(catalog, racks) - _air_to_water(catalog),
               chilled_limit(catalog, racks).temperature - spare)


def _loop(wanted: float | None, held: float, allowable: float, spread: float) -> Loop:
    supply = held if wanted is None else wanted
    return Loop(supply, max(supply, allowable), spread)
