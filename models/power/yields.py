"""Which hourly yield a technology has, where the weather or a contract sets what it gives."""

import numpy as np

from ..catalog import Catalog
from ..conditions import Conditions


def yield_of(catalog: Catalog, technology: str) -> str:
    """The technology whose hourly yield a technology has: its own, or that of another which `yield_as` names, as for a contract off site."""
    return catalog.text(technology, "yield_as") if catalog.has(technology, "yield_as") else technology


def yield_series(catalog: Catalog, technology: str) -> str:
    """Name of the series of a technology's yield by hour in the conditions."""
    return f"yield_{yield_of(catalog, technology)}"


def given_yield(conditions: Conditions, series: str) -> np.ndarray:
    """A yield by hour; none in design hours, where only firm supply counts."""
    return np.zeros(len(conditions)) if (conditions.reserve > 0).all() else conditions.series[series]
