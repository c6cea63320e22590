"""Chiller performance: published curves inside their range, a Carnot-fraction law outside it.

The curves are quadratics and turn within their range: the published water-cooled one gives less for warmer chilled water below 26 degC at the
condenser. Where a curve turns its range ends, and the law goes on from there, so COP never falls when the condenser gets colder or the chilled
water warmer. Part load: EIRFPLR, machines switched off one by one.
"""

from dataclasses import dataclass

import numpy as np

from ..catalog import Catalog

ZERO_CELSIUS = 273.15


@dataclass(frozen=True)
class ChillerCurves:
    """Biquadratic capacity and energy-input-ratio curves of leaving chilled water x and entering condenser fluid y (degC), their range,
    the Carnot fraction with the approaches of evaporator and condenser (K), and the most that COP is at full load."""

    reference_cop: float
    capacity: tuple[float, ...]
    input_ratio: tuple[float, ...]
    evaporator_range: tuple[float, float]
    condenser_range: tuple[float, float]
    carnot_fraction: float
    evaporator_approach: float
    condenser_approach: float
    most: float


def chiller_curves(catalog: Catalog, technology: str) -> ChillerCurves:
    """The curves of a chiller in the catalogue."""
    number = catalog.number

    def six(stem: str) -> tuple[float, ...]:
        return tuple(number(technology, f"{stem}_c{term}", "1") for term in range(1, 7))

    def limits(stem: str) -> tuple[float, float]:
        return number(technology, f"{stem}_minimum", "degC"), number(technology, f"{stem}_maximum", "degC")

    most = number(technology, "cop_maximum", "1") * min(best_part_load(*part_load_coefficients(catalog, technology)), 1.0)
    return ChillerCurves(number(technology, "reference_cop", "1"), six("capft"), six("eirft"), limits("evaporator"), limits("condenser"),
                         number(technology, "carnot_fraction", "1"), number(technology, "evaporator_approach", "delta_degC"),
                         number(technology, "condenser_approach", "delta_degC"), most)


def part_load_coefficients(catalog: Catalog, technology: str) -> tuple[float, float, float]:
    """a, b and c of EIRFPLR, a chiller's power over its full-load power at a load u: a + b u + c u^2."""
    a, b, c = (catalog.number(technology, f"eirfplr_c{term}", "1") for term in (1, 2, 3))
    return a, b, c


def biquadratic(coefficients: tuple[float, ...], x, y):
    """a + b x + c x^2 + d y + e y^2 + f x y."""
    a, b, c, d, e, f = coefficients
    return a + b * x + c * x**2 + d * y + e * y**2 + f * x * y


def carnot_cop(curves: ChillerCurves, chilled, condenser):
    """fraction * T_evaporating / (T_condensing - T_evaporating), absolute temperatures, lift at least 5 K.

    Monotone: falls with condenser temperature, rises with chilled water temperature.
    """
    evaporating = chilled - curves.evaporator_approach + ZERO_CELSIUS
    condensing = condenser + curves.condenser_approach + ZERO_CELSIUS
    return curves.carnot_fraction * evaporating / np.maximum(condensing - evaporating, 5.0)


def cop(curves: ChillerCurves, chilled, condenser):
    """Full-load coefficient of performance at leaving chilled water and entering condenser temperature (degC).

    Inside the curves' range: reference COP / EIR(x, y). Outside, and past the point where a curve turns: the curve at the nearest point of the
    range, times the Carnot-law COP here over the Carnot-law COP there, so that the law joins the curve without a step; at most what leaves the
    machine at its maximum at its best part load. Monotone: never falls with a colder condenser or warmer chilled water.
    """
    x, y = within_range(curves, chilled, condenser)
    inside = curves.reference_cop / biquadratic(curves.input_ratio, x, y)
    return np.minimum(inside * carnot_cop(curves, chilled, condenser) / carnot_cop(curves, x, y), curves.most)


def within_range(curves: ChillerCurves, chilled, condenser):
    """The nearest point of the curves' range, each end moved in to where the energy-input ratio a + b x + c x^2 + d y + e y^2 + f x y turns.

    x at most -(b + f y) / 2c (beyond it warmer chilled water would hurt), y at least -(d + f x) / 2e (below it a colder condenser would).
    """
    _, b, c, d, e, f = curves.input_ratio
    y = np.clip(condenser, *curves.condenser_range)
    x = np.clip(chilled, *curves.evaporator_range)
    x = np.minimum(x, np.maximum(-(b + f * y) / (2 * c), curves.evaporator_range[0])) if c > 0 else x
    y = np.maximum(y, np.minimum(-(d + f * x) / (2 * e), curves.condenser_range[1])) if e > 0 else y
    return x, y


def full_load_capacity_ratio(curves: ChillerCurves, chilled, condenser):
    """Capacity over rating: the capacity curve, its arguments held to the range and the value to at most 1 (no credit beyond the rating)."""
    x, y = np.clip(chilled, *curves.evaporator_range), np.clip(condenser, *curves.condenser_range)
    return np.minimum(biquadratic(curves.capacity, x, y), 1.0)


def part_load_power(coefficients: tuple[float, float, float], load):
    """Power over full-load power at a load (share of what the temperatures leave of the rating): a + b u + c u^2 for one machine.

    A plant of many runs as many as serve best: below u* = sqrt(a / c) (at most 1) power is in proportion, at the best specific power.
    """
    a, b, c = coefficients
    return np.where(load < best_load(a, c), load * best_part_load(a, b, c), a + b * load + c * np.square(load))[()]


def best_load(a: float, c: float) -> float:
    """The load of least power per load: u* = sqrt(a / c), at most 1."""
    return min(float(np.sqrt(a / c)), 1.0) if c > 0 else 1.0


def best_part_load(a: float, b: float, c: float) -> float:
    """Power over load there, both over those of full load: a / u* + b + c u*, which is b + 2 sqrt(a c) below 1. COP is at most that
    of full load over this."""
    best = best_load(a, c)
    return b + 2 * float(np.sqrt(a * c)) if best < 1 else a + b + c
