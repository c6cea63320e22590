"""If there is no plan: which limits cannot hold together, by name, date and amount."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import highspy

from . import highs
from .errors import Collision
from .lead_times import waits

if TYPE_CHECKING:
    from ..models.horizon import Phase
    from .limits import Limit
    from .programme import Programme

SMALLEST = 1e-6
SECONDS = 30.0
SMALL = 20000


def explain(programme: "Programme") -> tuple[Collision, ...]:
    """Solve again with a slack on every limit and report the cheapest set of slacks, of each limit the weather year that
    asks most; empty where even that has no answer.

    In large programmes parts of units are allowed at first: what they cannot mend whole units cannot either.
    """
    from .programme import build_programme

    elastic = build_programme(programme.case, programme.slices, elastic=True)
    arrays = highs.compile_model(elastic.model)
    whole = len(arrays.columns) <= SMALL
    return _collisions(elastic, arrays, relaxed=not whole) or _collisions(elastic, arrays, relaxed=whole)


def _collisions(elastic: "Programme", arrays: highs.Arrays, relaxed: bool) -> tuple[Collision, ...]:
    solver = highs.load(arrays, relaxed=relaxed, time_limit=SECONDS)
    highs.run(solver)
    if solver.getInfo().primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return ()
    values = dict(zip(map(id, arrays.columns), highs.values(solver), strict=True))
    found: dict[tuple[str, int], tuple[Limit, float]] = {}
    for limit in elastic.limits:
        amount, name = float(values.get(id(limit.slack), 0.0)) * limit.scale, (limit.name, limit.phase.index)
        if amount > max(SMALLEST * limit.scale, found[name][1] if name in found else 0.0):
            found[name] = (limit, amount)
    return tuple(Collision(limit.name, phase.name, phase.start, amount, limit.unit, limit.key, _waits(elastic, limit), phase.end)
                 for limit, amount in found.values() for phase in _phases(elastic, limit))


def _phases(elastic: "Programme", limit: "Limit") -> Iterator["Phase"]:
    """Phases that a limit speaks for: its own, and those that are held as it is and have no such limit by themselves."""
    yield limit.phase
    own = {one.phase.index for one in elastic.limits if one.name == limit.name}
    held = next((group[1:] for group in elastic.groups if group[0].index == limit.phase.index), ())
    yield from (phase for phase in held if phase.index not in own)


def _waits(elastic: "Programme", limit: "Limit") -> tuple[str, ...]:
    return tuple(waits(elastic.case, limit.tranche, limit.phase)) if limit.tranche is not None else ()
