"""The formulations, a line each, and what makes a component of each from a setting.

For the electrical chain and cooling the name is that of the technology in the catalogue and in site files, or of the one that a site's own make is
`like`. A power technology names its formulation in the catalogue, so that one more of a kind is a few rows there (or `like`) and nothing here.
"""

from collections.abc import Callable

from ..models.catalog import Catalog
from ..models.cooling.capture import air, bath, liquid
from ..models.cooling.chiller import air_cooled_chiller, trim_chiller, water_cooled_chiller
from ..models.cooling.dry import adiabatic_cooler, dry_cooler
from ..models.cooling.economisers import direct_air_economiser, indirect_evaporative, waterside_economiser
from ..models.cooling.tank import chilled_water_tank
from ..models.cooling.wet import tower
from ..models.power import battery, conversion, diesel_standby, generator, purchase_agreement, renewable, thermal_plant
from .errors import NoFormulation

POWER = {
    "generator": generator.from_setting,
    "thermal_plant": thermal_plant.from_setting,
    "diesel_standby": diesel_standby.from_setting,
    "battery": battery.from_setting,
    "renewable": renewable.from_setting,
    "purchase_agreement": purchase_agreement.from_setting,
}

CHAIN = dict.fromkeys(conversion.CARRIERS, conversion.from_setting)

CAPTURE = {
    "cold_plate": liquid,
    "two_phase_cold_plate": liquid,
    "immersion": bath,
    "air_handler": air,
    "contained_air_handler": air,
    "rear_door": air,
}

REJECTION = {
    "dry_cooler": dry_cooler,
    "dry_cooler_close": dry_cooler,
    "dry_cooler_wide": dry_cooler,
    "adiabatic_cooler": adiabatic_cooler,
    "open_tower": tower,
    "open_tower_close": tower,
    "open_tower_wide": tower,
    "closed_tower": tower,
    "water_cooled_chiller": water_cooled_chiller,
    "air_cooled_chiller": air_cooled_chiller,
    "trim_chiller": trim_chiller,
    "waterside_economiser": waterside_economiser,
    "direct_air_economiser": direct_air_economiser,
    "indirect_evaporative": indirect_evaporative,
}

STORAGE = {"chilled_water_tank": chilled_water_tank}


def power_maker(catalog: Catalog, technology: str) -> Callable:
    """What makes a component of a power technology. Raises NoFormulation."""
    named = catalog.text(technology, "formulation")
    if named not in POWER:
        raise NoFormulation(technology, named, POWER)
    return POWER[named]


def maker(catalog: Catalog, technology: str) -> Callable | None:
    """What makes a component of a technology; None for what is no plant, as halls and racks."""
    if catalog.has(technology, "formulation"):
        return power_maker(catalog, technology)
    return {**REJECTION, **STORAGE, **CHAIN, **CAPTURE}.get(catalog.origin(technology))


def cooling_maker(catalog: Catalog, technology: str) -> Callable:
    """What makes a component of a technology that catches, rejects or stores heat."""
    return {**CAPTURE, **REJECTION, **STORAGE}[catalog.origin(technology)]
