"""What components do by hour: part load, starts, IT demand.

Part load is convex, p = capacity f(load / capacity). The plan bounds p from below by tangents of f at stated utilisations (docstring of
models/tangents.py), derived again here: for each u, p >= (f(u) - u f'(u)) capacity + f'(u) load. So a plan may lie below the curve by what the
tangents leave between them, never below the tangents; fans and pumps at low load not below the chord from nothing.
"""

import math
from collections.abc import Iterator

import numpy as np

from .balances import stages, total
from .cooling import MACHINE, cooler, lift, targets
from .electrical import Curve, curve, tangent_points
from .finding import Finding, hourly, worst
from .outside import weather
from .rack_heat import most_in_a_bath
from .reading import DAYS_OF_MONTH, Reading
from .things import CAPTURE, CHAIN, CHILLERS, COMMITTED, COOLERS, catches, fitted, formulation, racks

UTILISATIONS = (0.45, 0.7, 0.95)
STAGED = (0.85, 1.0)
LOW = 0.25  # where the chord of fans and pumps ends

Bound = tuple[str, np.ndarray, np.ndarray]


def quadratic(a: float, b: float, c: float) -> Curve:
    """f = a + b u + c u^2."""
    return lambda u: (a + b * u + c * u * u, b + 2 * c * u)


def affinity(exponent: float) -> Curve:
    """f = u^n: fans and pumps."""
    return lambda u: (u**exponent, exponent * u ** (exponent - 1))


def least(curve: Curve, load: np.ndarray, capacity: np.ndarray, points: tuple[float, ...] = UTILISATIONS) -> np.ndarray:
    """The largest of the tangents."""
    lines = [(value - u * slope) * capacity + slope * load for u in points for value, slope in [curve(u)]]
    return np.maximum.reduce(lines)


def least_of_fans(exponent: float, load: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """The largest of the tangents of u^n and of the chord from nothing to LOW^n."""
    return np.maximum(least(affinity(exponent), load, capacity), LOW ** (exponent - 1) * load)


def part_load(reading: Reading) -> list[Finding]:
    """Losses and power of fans, pumps and chillers at least what the tangents say."""
    bounds = (*_electrical(reading), *_capture(reading), *_coolers(reading), *_chillers(reading))
    return worst([hourly(reading, "part load", name, bound - used, float(np.abs(bound).max(initial=0.0))) for name, used, bound in bounds])


def _electrical(reading: Reading) -> Iterator[Bound]:
    """The chain with its stages in series; substations P0 + Pk u^2 with losses over the power factor."""
    number, factor = reading.site.catalog.number, reading.site.grid.power_factor
    for name, kind in fitted(reading.site, *CHAIN).items():
        touched = tangent_points(reading.site, kind, UTILISATIONS)
        yield name, reading.hourly(name, "loss"), least(curve(reading.site, kind), reading.hourly(name, "through"), reading.capacity(name), touched)
    substation = quadratic(number("grid_connection", "no_load_loss", "1") / factor, 0.0, number("grid_connection", "load_loss", "1") / factor)
    for name in stages(reading):
        yield name, reading.hourly(name, "loss"), least(substation, reading.hourly(name, "taken"), reading.capacity(name))


def _capture(reading: Reading) -> Iterator[Bound]:
    number = reading.site.catalog.number
    for name, kind in fitted(reading.site, *CAPTURE).items():
        full = number(kind, "pump_power", "1") + (0.0 if "liquid_heat" in catches(reading.site, kind) else number(kind, "fan_power", "1"))
        moved = total(reading, [name], "heat", "liquid_heat", "air_heat")
        yield name, reading.hourly(name, "power"), full * least_of_fans(number(kind, "part_load_exponent", "1"), moved, reading.capacity(name))


def _coolers(reading: Reading) -> Iterator[Bound]:
    number, air = reading.site.catalog.number, weather(reading)
    for name, kind in fitted(reading.site, *COOLERS).items():
        able, exponent = cooler(reading.site, kind, air), number(kind, "part_load_exponent", "1")
        used = sum((able.counts[level] * reading.hourly(name, f"heat_{level}") / able.ratio[level] for level in able.ratio), reading.no_hours)
        yield name, reading.hourly(name, "power"), able.power * least_of_fans(exponent, used, reading.capacity(name))


def _chillers(reading: Reading) -> Iterator[Bound]:
    """Machines staged: by target at least the best specific power, b + 2 sqrt(a c); together, over ratio / COP, above the later tangents."""
    for name, kind in fitted(reading.site, *CHILLERS).items():
        a, b, c = (reading.site.catalog.number(MACHINE.get(formulation(reading.site, kind), kind), f"eirfplr_c{term}", "1") for term in (1, 2, 3))
        best = math.sqrt(a / c) if c > 0 else 1.0
        reference, load = reading.no_hours, reading.no_hours
        for target in targets(reading.site, kind):
            at, heat, power = lift(reading.site, kind, target, weather(reading)), *(reading.hourly(name, f"{what}_{target}") for what in ("heat", "power"))
            yield f"{name} to the {target} loop", power, at.specific * heat * ((b + 2 * math.sqrt(a * c)) if best < 1 else a + b + c)
            reference, load = reference + power / at.specific / at.ratio, load + heat / at.ratio
        points = tuple(u for u in STAGED if u > best)
        if best < 1 and points:
            yield name, reference, least(quadratic(a, b, c), load, reading.capacity(name), points)


def baths(reading: Reading) -> list[Finding]:
    """A bath takes no more air heat than racks in it have with the liquid heat that it takes."""
    most = most_in_a_bath(reading.site)
    return worst([hourly(reading, "air heat of baths", name, reading.hourly(name, "air_heat") - most * reading.hourly(name, "liquid_heat"),
                         float(reading.capacity(name).max(initial=0.0))) for name in fitted(reading.site, "immersion")])


def block_edges() -> tuple[np.ndarray, np.ndarray]:
    """First and last hours of the blocks: each month cut at round(days x k / 4)."""
    starts = np.cumsum([0, *DAYS_OF_MONTH])[:-1]
    first = np.array([24 * (start + round(int(days) * part / 4)) for start, days in zip(starts, DAYS_OF_MONTH, strict=True) for part in range(4)])
    return first, np.append(first[1:], 8760) - 1


def starts(reading: Reading) -> list[Finding]:
    """started[t] >= running[t] - running[t-1], each block closed upon itself."""
    first, last = block_edges()
    found = []
    for name, kind in fitted(reading.site, *COMMITTED).items():
        if reading.site.catalog.number(kind, "start_cost", "USD/MW") > 0:
            running = reading.hourly(name, "running")
            before = np.roll(running, 1, axis=1)
            before[:, first] = running[:, last]
            found.append(hourly(reading, "starts", name, running - before - reading.hourly(name, "started"), float(running.max(initial=0.0))))
    return worst(found)


def demand(reading: Reading) -> list[Finding]:
    """load + shed = utilisation x IT capacity; load + shed = what was measured."""
    found = []
    for rack in racks(reading.site):
        wanted = reading.of_site(f"utilisation_{rack.tranche}") * reading.capacity(rack.name)
        served = reading.hourly(rack.name, "load") + reading.hourly(rack.name, "shed")
        found.append(hourly(reading, "IT demand", rack.name, np.abs(wanted - served), float(wanted.max(initial=0.0))))
    if reading.site.load is not None:
        wanted = np.where(reading.operated, reading.of_site("facility_load"), 0.0)
        served = reading.hourly("measured_load", "load") + reading.hourly("measured_load", "shed")
        found.append(hourly(reading, "measured load", reading.site.load.bus, np.abs(wanted - served), float(wanted.max())))
    return worst(found)
