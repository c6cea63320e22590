"""What a climate asks of each way of cooling: a year of whole systems at full IT load, per MW of IT, from the same components that are planned.

A system takes heat of one kind from the rack to the outside, cheapest way first, hour by hour:

    liquid   capture -> warm loop -> cooler, by its share;                     the rest -> trim chiller -> outside air
    air      [economiser of the hall's air, by its share;]  the rest -> capture -> chilled loop
             [-> plate exchanger, by its share -> cool loop;]  the rest -> chiller -> outside air, or cool loop -> tower

Each plant has the units that carry the hours within design conditions, and the spare ones of the site's rule; all share the flow. Part load by the
true curves, of which the programme's tangents are lower bounds (but for the chord of fans and pumps at low load). free: the share of heat that
leaves without compressors: 1 free, 0 mechanical, mixed between.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from ..conditions import Conditions
from ..physics.chillers import part_load_power
from .capture import Capture
from .chiller import OUTSIDE, Chiller
from .rejection import Rejection


@dataclass(frozen=True)
class System:
    """One way of cooling, named after the technology that tells it from others. `heat` is that of the rack which it takes, liquid_heat or air_heat."""

    name: str
    heat: str
    capture: Capture
    machine: Chiller
    first: Rejection | None = None
    plate: Rejection | None = None
    tower: Rejection | None = None


@dataclass(frozen=True)
class Demand:
    """MW of IT that is cooled, spare units of each plant, and the two conditions: of the year and of the design hours."""

    load: float
    spare: int
    year: Conditions
    design: Conditions


@dataclass(frozen=True)
class CoolingYear:
    """By hour: power (MW per MW of IT), water (L per kWh of IT), free (share of heat). By technology: MW installed per MW of IT, and what is left of
    a MW of it at the worse design point. `held`: share of the heat that the first cooler takes there."""

    system: System
    power: np.ndarray
    water: np.ndarray
    free: np.ndarray
    installed: dict[str, float]
    design_ratio: dict[str, float]
    held: float
    design_power: float


@dataclass
class _Books:
    """Sums over the plants of a system, at year and design conditions alike."""

    conditions: Conditions
    power: np.ndarray = field(init=False)
    water: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.power, self.water = np.zeros(len(self.conditions)), np.zeros(len(self.conditions))


def cooling_year(system: System, demand: Demand) -> CoolingYear:
    """A year of a system. Plants are sized on the design hours first, without the spare units."""
    sizes: dict[str, float] = {}
    ratios: dict[str, float] = {}
    at_design, design_free = _through(system, demand, _Books(demand.design), sizes, ratios)
    year, free = _through(system, demand, _Books(demand.year), sizes, ratios)
    return CoolingYear(system, year.power, year.water, free, sizes, ratios, float(design_free.min()), float(at_design.power.max()))


def _through(system: System, demand: Demand, books: _Books, sizes: dict, ratios: dict) -> tuple[_Books, np.ndarray]:
    """The heat of 1 MW of IT through a system; `sizes` and `ratios` are filled where they are empty."""
    heat, went = np.ones(len(books.conditions)), np.zeros(len(books.conditions))
    if system.first is not None and system.heat == "air_heat":
        went = _cool(system.first, "air_heat", heat, demand, books, sizes, ratios)
    caught = _catch(system.capture, heat - went, demand, books, sizes)
    free = went
    if system.first is not None and system.heat == "liquid_heat":
        went = _cool(system.first, "warm", caught, demand, books, sizes, ratios)
        left, free = caught - went, went / caught
    else:
        left = caught
    if system.plate is not None:
        plated = _cool(system.plate, "chilled", caught, demand, books, sizes, ratios)
        left, free = caught - plated, free + (1 - free) * np.divide(plated, caught, out=np.ones_like(caught), where=caught > 0)
    lifted = _lift(system, left, demand, books, sizes, ratios)
    if system.tower is not None:
        through = caught if system.plate is not None else left
        _cool(system.tower, "cool", through + lifted, demand, books, sizes, ratios)
    return books, free


def _units(part: Capture | Rejection | Chiller, wanted: float, demand: Demand) -> float:
    """MW per MW of IT in whole units with the spare ones; none where nothing is wanted."""
    if wanted <= 1e-9:
        return 0.0
    size = part.asset.unit_size
    return (math.ceil(wanted * demand.load / size - 1e-9) + demand.spare) * size / demand.load


def _catch(part: Capture, heat: np.ndarray, demand: Demand, books: _Books, sizes: dict) -> np.ndarray:
    """Heat of the loop: what is caught, and the power of pumps or fans. An economiser's air handlers are sized for all of it."""
    rating = sizes.setdefault(part.name, _units(part, 1.0 if heat.max() > 0 else 0.0, demand))
    power = part.power * rating * (heat / rating) ** part.exponent if rating else np.zeros_like(heat)
    books.power = books.power + power
    return heat + power


def _cool(part: Rejection, level: str, heat: np.ndarray, demand: Demand, books: _Books, sizes: dict, ratios: dict) -> np.ndarray:
    """Heat that a cooler takes."""
    hourly = part.prepare(books.conditions)
    share, ratio = hourly[f"share_{level}"], hourly[f"ratio_{level}"]
    if part.name not in sizes:
        ratios[part.name] = float(ratio.min())
        sizes[part.name] = _units(part, _largest_use(part, level, demand) * float(heat.max()), demand)
    rating = sizes[part.name]
    if rating == 0.0:
        return np.zeros_like(heat)
    taken = np.minimum(share * heat, ratio * rating)
    books.power = books.power + hourly["power"] * rating * (hourly[f"counts_{level}"] * taken / (ratio * rating)) ** part.exponent
    books.water = books.water + taken * hourly[f"water_{level}"]
    return taken


def _largest_use(part: Rejection, level: str, demand: Demand) -> float:
    """MW of rating that an MW of a level's heat uses at most, in hours within design conditions and in the design hours."""
    used = []
    for conditions in (demand.year, demand.design):
        hourly = part.prepare(conditions)
        used.append(float(np.max(hourly[f"share_{level}"] / hourly[f"ratio_{level}"], where=~conditions.beyond, initial=0.0)))
    return max(used)


def _lift(system: System, heat: np.ndarray, demand: Demand, books: _Books, sizes: dict, ratios: dict) -> np.ndarray:
    """Power of the chillers; where there is a tower it becomes heat of the cool loop."""
    part, target = system.machine, OUTSIDE if system.tower is None else "cool"
    hourly = part.prepare(books.conditions)
    ratio, specific = hourly[f"ratio_{target}"], hourly[f"specific_{target}"]
    if part.name not in sizes:
        ratios[part.name] = float(ratio.min())
        sizes[part.name] = _units(part, float((heat / ratio).max()), demand)
    able = np.maximum(ratio * sizes[part.name], 1e-9)
    load = heat / able
    power = specific * able * part_load_power(part.part_load, np.minimum(load, 1.0)) * np.maximum(load, 1.0)
    books.power = books.power + power
    return power
