"""The technologies, a line each: id in the catalogue and in site files -> what makes the component from a setting."""

from ..models.cooling.capture import air_handler, cold_plate
from ..models.cooling.chiller import water_cooled_chiller
from ..models.cooling.rejection import adiabatic_cooler, dry_cooler, open_tower
from ..models.power import battery, diesel_standby, generator, solar_pv
from ..models.power.conversion import rectifier_800v, transformer, ups

POWER = {
    "reciprocating_engine": generator.from_setting,
    "aeroderivative_turbine": generator.from_setting,
    "diesel_standby": diesel_standby.from_setting,
    "battery": battery.from_setting,
    "solar_pv": solar_pv.from_setting,
}

CHAIN = {"transformer": transformer, "ups": ups, "rectifier_800v": rectifier_800v}

CAPTURE = {"cold_plate": cold_plate, "air_handler": air_handler}

REJECTION = {
    "dry_cooler": dry_cooler,
    "adiabatic_cooler": adiabatic_cooler,
    "open_tower": open_tower,
    "water_cooled_chiller": water_cooled_chiller,
}
