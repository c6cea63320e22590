"""Adequacy of cooling at the design hour, redundant units lost: heat is captured, lifted and rejected. Necessary conditions, by phase.

The critical share of all IT runs at its peak; what UPS or rectifiers lose with it in the halls is air heat, too. What a rule leaves of each technology,
a plant of its own, takes at most ratio x rating and the share of the heat that the design point allows it.
"""

import numpy as np

from .adequacy import critical, relied_on
from .cooling import AIRSIDE, cooler, lift, served, source, targets
from .electrical import AT_RACK, curve, tangent_points
from .finding import Finding, by_phase, worst
from .operation import UTILISATIONS, least
from .outside import design_air
from .rack_heat import hall_heat
from .reading import Reading
from .things import CATCHES, CHILLERS, COOLERS, catches, fitted, liquid


def cooling(reading: Reading) -> list[Finding]:
    """Shortfalls of capture and of lifting, and of rejection at each design point: the worst of each. None where a measured load holds cooling."""
    if reading.site.load is not None:
        return []
    warm, dry = critical(reading, "liquid"), critical(reading, "air") + _of_the_chain(reading)
    redundancy, rejection = [], []
    for point in range(len(design_air(reading.site).dry_bulb)):
        for part, short in _captured(reading, warm, dry, point).items():
            redundancy.append(by_phase(reading, "cooling redundancy", f"{part}, design point {point + 1}", short, "MW", 1e-3))
        for part, short in _rejected(reading, warm, dry, point).items():
            rejection.append(by_phase(reading, "heat rejection", f"{part}, design point {point + 1}", short, "MW", 1e-3))
    return [*worst(redundancy), *worst(rejection)]


def _of_the_chain(reading: Reading) -> np.ndarray:
    """MW that UPS or rectifiers lose in the halls with the critical share at its peak, at least, by the tangents that the plan keeps."""
    passed, found = critical(reading), reading.no_phases
    for kind in AT_RACK:
        rating = sum((reading.by_phase("capacity", name) for name in fitted(reading.site, kind)), reading.no_phases)
        if fitted(reading.site, kind):
            lost = least(curve(reading.site, kind), passed, rating, tangent_points(reading.site, kind, UTILISATIONS))
            found = found + hall_heat(reading.site, kind) * np.maximum(0.0, lost)
    return found


def _left(reading: Reading, name: str) -> np.ndarray:
    """MW of a technology that the rule of cooling leaves."""
    return np.maximum(0.0, relied_on(reading, name, reading.site.redundancy.cooling))


def _catching(reading: Reading, *sources: str) -> np.ndarray:
    """MW of captures that take all of these kinds of heat."""
    return sum((_left(reading, name) for name, kind in fitted(reading.site, *CATCHES).items() if set(sources) <= set(catches(reading.site, kind))),
               reading.no_phases)


def _outside_air(reading: Reading, dry: np.ndarray, point: int) -> np.ndarray:
    """MW of the racks' air heat that economisers take at a design point."""
    return np.minimum(dry, sum((_taken(reading, name, kind, "air_heat", dry, point) for name, kind in fitted(reading.site, *AIRSIDE).items()),
                               reading.no_phases))


def _taken(reading: Reading, name: str, kind: str, level: str, heat: np.ndarray, point: int) -> np.ndarray:
    """MW of a level's heat that a cooler can take at a design point."""
    able = cooler(reading.site, kind, design_air(reading.site))
    return np.minimum(able.share[level][point] * heat, able.ratio[level][point] * _left(reading, name))


def _lifted(reading: Reading, kinds: tuple[str, ...], level: str, point: int) -> np.ndarray:
    """MW that chillers can lift from a loop at a design point."""
    air, found = design_air(reading.site), reading.no_phases
    for name, kind in fitted(reading.site, *kinds).items():
        if source(reading.site, kind) == level:
            found = found + max(lift(reading.site, kind, target, air).ratio[point] for target in targets(reading.site, kind)) * _left(reading, name)
    return found


def _captured(reading: Reading, warm: np.ndarray, dry: np.ndarray, point: int) -> dict[str, np.ndarray]:
    """MW that finds no capture at the rack, or no chiller behind it."""
    free, both = _outside_air(reading, dry, point), _catching(reading, "liquid_heat", "air_heat")
    found = {"air heat": dry - free - _catching(reading, "air_heat"),
             "all heat": warm + dry - free - _catching(reading, "air_heat") - _catching(reading, "liquid_heat") + both}
    if liquid(reading.site):
        found["liquid heat"] = warm - _catching(reading, "liquid_heat")
    chilled = np.maximum(0.0, dry - free - both)
    return found | {"chillers": chilled - _waterside(reading, chilled, point) - _lifted(reading, CHILLERS, "chilled", point)}


def _waterside(reading: Reading, chilled: np.ndarray, point: int) -> np.ndarray:
    return sum((_taken(reading, name, kind, "chilled", chilled, point) for name, kind in fitted(reading.site, "waterside_economiser").items()),
               reading.no_phases)


def _rejected(reading: Reading, warm: np.ndarray, dry: np.ndarray, point: int) -> dict[str, np.ndarray]:
    """MW of the warm loop's heat, and of all heat, that cannot leave at a design point."""
    air, site = design_air(reading.site), reading.site
    held, everything = _lifted(reading, CHILLERS, "warm", point), reading.no_phases
    for name, kind in fitted(site, *COOLERS).items():
        if not {"warm", "cool", "near"} & set(served(site, kind)):
            continue
        able = cooler(site, kind, air)
        ratios = [ratio[point] for level, ratio in able.ratio.items() if able.share[level][point] > 0 or level in ("cool", "near")]
        everything = everything + _left(reading, name) * max(ratios)
        held = held + (_taken(reading, name, kind, "warm", warm, point) if "warm" in able.ratio else 0.0)
    straight = _lifted(reading, ("air_cooled_chiller",), "chilled", point) + _outside_air(reading, dry, point)
    chilled = np.maximum(0.0, dry - straight - (_catching(reading, "liquid_heat", "air_heat") if liquid(site) else 0.0))
    work = np.maximum(0.0, chilled - _waterside(reading, dry, point)) * min(
        lift(site, kind, target, air).specific[point] for kind in {"water_cooled_chiller", *fitted(site, "water_cooled_chiller").values()}
        for target in targets(site, kind))
    short = warm + np.maximum(0.0, dry - straight) + work - everything - _lifted(reading, CHILLERS, "warm", point)
    return {"all loops": short} | ({"warm loop": warm - held} if liquid(site) else {})
