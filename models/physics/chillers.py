"""Chiller performance: published curves inside their range, a Carnot-fraction law outside it."""

from dataclasses import dataclass

import numpy as np

from ..catalog import Catalog

ZERO_CELSIUS = 273.15


@dataclass(frozen=True)
class ChillerCurves:
    """Biquadratic capacity and energy-input-ratio curves of leaving chilled water x and entering condenser fluid y (degC), their range,
    and the Carnot fraction with the approaches of evaporator and condenser (K)."""

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

    return ChillerCurves(number(technology, "reference_cop", "1"), six("capft"), six("eirft"), limits("evaporator"), limits("condenser"),
                         number(technology, "carnot_fraction", "1"), number(technology, "evaporator_approach", "delta_degC"),
                         number(technology, "condenser_approach", "delta_degC"), number(technology, "cop_maximum", "1"))


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

    Inside the curves' range: reference COP / EIR(x, y). Outside: the curve at the nearest point of the range,
    times the Carnot-law COP here over the Carnot-law COP there, so that the law joins the curve without a step; at most the machine's maximum.
    """
    x, y = np.clip(chilled, *curves.evaporator_range), np.clip(condenser, *curves.condenser_range)
    inside = curves.reference_cop / biquadratic(curves.input_ratio, x, y)
    return np.minimum(inside * carnot_cop(curves, chilled, condenser) / carnot_cop(curves, x, y), curves.most)


def full_load_capacity_ratio(curves: ChillerCurves, chilled, condenser):
    """Capacity over rating: the capacity curve, its arguments held to the range and the value to at most 1 (no credit beyond the rating)."""
    x, y = np.clip(chilled, *curves.evaporator_range), np.clip(condenser, *curves.condenser_range)
    return np.minimum(biquadratic(curves.capacity, x, y), 1.0)
