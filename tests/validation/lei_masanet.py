"""Four of the ten halls of Lei and Masanet 2022, put together from the physics that the planner uses and from their published inputs.

What their inputs leave open is taken so:
- dampers close above the upper dry-bulb set point, or where outside air is too humid; a mist holds the lower humidity limit (their control)
- chillers: the catalogue's curves at the reference chilled water, for theirs are regressed on condenser temperature and part load alone
- towers: evaporation all latent at the water's temperature; fans move 1 / (liquid-gas ratio) kg of air per kg of water
- fan heat is removed, too; latent heat of dehumidification is heat / SHR - heat, and as much is humidified again
"""

import csv
from pathlib import Path

import numpy as np
from dcplan.models.catalog import load_catalog
from dcplan.models.physics import fluids, towers
from dcplan.models.physics.airside import humidification, outside_air
from dcplan.models.physics.chillers import chiller_curves, cop
from dcplan.models.physics.coolers import loop_share
from dcplan.models.physics.psychrometrics import WATER_TO_AIR, air_density, humidity_ratio, saturated_humidity, saturation_pressure
from years import Year

DATA = Path(__file__).parent / "data"
CHILLED = 6.67  # degC, reference of the chillers' curves
HOT_WATER_LEAST = 10.0  # degC, colder the tower does not make it
# inputs whose upper end loses less; of all others the lower end does
UPPER_LOSES_LESS = ("set", "efficiency", "effectiveness", "Temperature difference", "(SHR)", "COP", "partial load", "Liquid-gas", "Cycles")
LOWER_SETS = ("Dew point setpoint (low)", "Humidity setpoint (low)")

Inputs = dict[str, float]


def rows(name: str) -> list[dict[str, str]]:
    """A table of published figures."""
    with (DATA / f"lei_masanet_{name}.csv").open(newline="") as handle:
        return list(csv.DictReader(handle))


def ranges(case: int) -> dict[str, tuple[float, float]]:
    """Low and high of every input; per cents as shares."""
    found = [row for row in rows("input_ranges") if row["case"] == str(case)]
    scale = {row["input"]: 0.01 if row["unit"] == "%" else 1.0 for row in found}
    return {row["input"]: (scale[row["input"]] * float(row["low"]), scale[row["input"]] * float(row["high"])) for row in found}


def at(case: int, places) -> Inputs:
    """Inputs so far from low to high: one place (0 to 1) for all, or one each."""
    found = ranges(case)
    return {name: low + place * (high - low) for (name, (low, high)), place in zip(found.items(), np.broadcast_to(places, len(found)), strict=True)}


def low_loss(case: int) -> Inputs:
    """Every input at the end that loses less."""
    return at(case, [name not in LOWER_SETS and any(word in name for word in UPPER_LOSES_LESS) for name in ranges(case)])


def pue_wue(case: int, given: Inputs, year: Year) -> tuple[float, float]:
    """Annual PUE and WUE (L/kWh) of a hall of 1 MW of IT."""
    electrical = 1 / given["UPS efficiency"] - 1 + 1 / (1 - given["Power loss in distribution"]) - 1 + given["Lighting power to IT power ratio"]
    supply = np.clip(year.dry_bulb, given["Dry bulb setpoint (low)"], given["Dry bulb setpoint (high)"]) if case == 1 else np.full(
        8760, given["Dry bulb setpoint (high)"])
    fans = (1 + electrical) * fluids.fan_power(given["Fan pressure (CRAH)"], given["Fan efficiency (CRAH)"],
                                               given["Temperature difference (CRAH air)"], air_density(supply, 0.008, year.pressure))
    heat = 1 + electrical + fans
    is_open, mist = economiser(given, supply, year) if case == 1 else (np.zeros(8760), 0.0)
    humidified = heat * mist + heat * (1 - is_open) * (1 / given["Sensible heat ratio (SHR)"] - 1) / 2501
    pumps = humidified * given["Pump pressure (humidification pump)"] / given["Pump efficiency (humidification pump)"] / 1000
    power, water = plant(case, given, heat * (1 - is_open) / given["Sensible heat ratio (SHR)"], supply, year)
    return 1 + electrical + float(np.mean(fans + pumps + power)), float(np.mean(3600 * humidified + water))


def economiser(given: Inputs, supply: np.ndarray, year: Year) -> tuple[np.ndarray, np.ndarray]:
    """Whether the dampers are open, and the mist (kg per kJ of heat) that holds the lower humidity limit."""
    humidity, rise = humidity_ratio(year.dry_bulb, year.wet_bulb, year.pressure), given["Temperature difference (CRAH air)"]
    most = saturated_humidity(given["Dew point setpoint (high)"], year.pressure)
    inside = np.where(year.dry_bulb < given["Dry bulb setpoint (low)"], most, np.minimum(most, relative(given["Humidity setpoint (high)"], supply, year)))
    is_open = (year.dry_bulb < given["Dry bulb setpoint (high)"]) & (humidity <= inside)
    least = np.maximum(relative(given["Humidity setpoint (low)"], supply, year), saturated_humidity(given["Dew point setpoint (low)"], year.pressure))
    taken = outside_air(year.dry_bulb, given["Dry bulb setpoint (low)"], given["Dry bulb setpoint (low)"] + rise)
    return is_open.astype(float), is_open * humidification(humidity, least, taken, rise)


def relative(share: float, temperature: np.ndarray, year: Year) -> np.ndarray:
    """Humidity ratio at a relative humidity."""
    vapour = share * saturation_pressure(temperature)
    return WATER_TO_AIR * vapour / (year.pressure - vapour)


def plant(case: int, given: Inputs, heat: np.ndarray, supply: np.ndarray, year: Year) -> tuple[np.ndarray, np.ndarray]:
    """Power (MW) and water (m3/h) of economiser exchanger, chillers, tower and their pumps."""
    spread = given["Temperature difference (facility water)"]
    free = waterside(given, supply, spread, year) * heat if case == 2 else 0.0 * heat
    pumped = (heat - free) * pump(given, "chiller pump", spread) + (free * pump(given, "economizer pump", spread) if case == 2 else 0.0)
    if case == 7:
        return pumped + heat * specific(given, "air_cooled_chiller", year.dry_bulb), 0.0 * heat
    lift = (heat - free) * specific(given, "water_cooled_chiller", year.wet_bulb + given["Approach temp (cooling tower)"])
    moved, water = tower(given, heat + lift, year)
    return pumped + lift + moved, water


def waterside(given: Inputs, supply: np.ndarray, spread: float, year: Year) -> np.ndarray:
    """Share of the loop's heat that the tower takes without chillers: the coil's effectiveness says how warm the loop may be."""
    rise = given["Temperature difference (CRAH air)"]
    loop = supply + rise - rise / given["Heat exchanger effectiveness (CRAH cooling coils)"]
    return loop_share(loop, loop + spread, year.wet_bulb, given["Approach temp (cooling tower)"] + given["Approach temp (economizer HX)"])


def specific(given: Inputs, machine: str, condenser: np.ndarray) -> np.ndarray:
    """Chiller power per heat at the part load of the inputs."""
    number, load = load_catalog().number, given["Chiller partial load factor"]
    a, b, c = (number(machine, f"eirfplr_c{term}", "1") for term in (1, 2, 3))
    return (a + b * load + c * load**2) / load / cop(chiller_curves(load_catalog(), machine), CHILLED, condenser) / (
        1 + given["COP relative error to regressed value"])


def pump(given: Inputs, which: str, spread: float) -> float:
    """Pump power per heat."""
    return float(fluids.pump_power(given[f"Pump pressure ({which})"], given[f"Pump efficiency ({which})"], spread))


def tower(given: Inputs, heat: np.ndarray, year: Year) -> tuple[np.ndarray, np.ndarray]:
    """Power of fans and pumps, and make-up water (m3/h)."""
    spread = given["Temperature difference (cooling tower water)"]
    density = air_density(year.dry_bulb, humidity_ratio(year.dry_bulb, year.wet_bulb, year.pressure), year.pressure)
    air = 1000 / (fluids.WATER_HEAT_CAPACITY * spread) / given["Liquid-gas ratio (cooling tower)"]
    fans = air / density * given["Fan pressure (cooling tower)"] / given["Fan efficiency (cooling tower)"] / 1e6
    mean = np.maximum(year.wet_bulb + given["Approach temp (cooling tower)"], HOT_WATER_LEAST) + spread / 2
    evaporation = towers.all_latent(mean)
    water = towers.tower_water(evaporation, given["Cycles of concentration"],
                               given["Windage loss of water as a percentage of cooling tower mass flow rate"], spread)
    return heat * (fans + pump(given, "cooling tower", spread)), heat * water
