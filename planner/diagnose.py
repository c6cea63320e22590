"""If there is no plan: which limits cannot hold together, by name, date and amount."""

from typing import TYPE_CHECKING

import numpy as np

from . import highs
from .errors import Collision

if TYPE_CHECKING:
    from .programme import Programme

SMALLEST = 1e-6


def explain(programme: "Programme") -> tuple[Collision, ...]:
    """Solve again with a slack on every limit and report the cheapest set of slacks; empty where even that has no answer."""
    from .programme import build_programme

    elastic = build_programme(programme.case, programme.slices, elastic=True)
    arrays = highs.compile_model(elastic.model)
    solver = highs.load(arrays, relaxed=True, solver="simplex")
    if not highs.is_optimal(highs.run(solver)):
        return ()
    values = dict(zip(map(id, arrays.columns), np.asarray(highs.values(solver)), strict=True))
    found = [(limit, values.get(id(limit.slack), 0.0) * limit.scale) for limit in elastic.limits]
    return tuple(Collision(limit.name, limit.phase.name, limit.phase.start, amount, limit.unit, limit.key)
                 for limit, amount in found if amount > SMALLEST * limit.scale)
