"""The formulations, a line each, and what makes a component of each from a setting.

For the electrical chain and cooling the name is that of the technology in the catalogue and in site files. A power technology names its
formulation in the catalogue, so that one more of a kind is a few rows there (or `like` in a site file) and nothing here.
"""

from collections.abc import Callable

from ..models.catalog import Catalog
from ..models.cooling.capture import air_handler, cold_plate
from ..models.cooling.chiller import water_cooled_chiller
from ..models.cooling.rejection import adiabatic_cooler, dry_cooler, open_tower
from ..models.power import battery, diesel_standby, generator, purchase_agreement, renewable, thermal_plant
from ..models.power.conversion import rectifier_800v, transformer, ups

POWER = {
    "generator": generator.from_setting,
    "thermal_plant": thermal_plant.from_setting,
    "diesel_standby": diesel_standby.from_setting,
    "battery": battery.from_setting,
    "renewable": renewable.from_setting,
    "purchase_agreement": purchase_agreement.from_setting,
}

CHAIN = {"transformer": transformer, "ups": ups, "rectifier_800v": rectifier_800v}

CAPTURE = {"cold_plate": cold_plate, "air_handler": air_handler}

REJECTION = {
    "dry_cooler": dry_cooler,
    "adiabatic_cooler": adiabatic_cooler,
    "open_tower": open_tower,
    "water_cooled_chiller": water_cooled_chiller,
}


def maker(catalog: Catalog, technology: str) -> Callable | None:
    """What makes a component of a technology; None for what is no plant, as halls and racks."""
    if catalog.has(technology, "formulation"):
        return POWER[catalog.text(technology, "formulation")]
    return {**REJECTION, **CHAIN, **CAPTURE}.get(technology)
