"""If there is no plan: which limits cannot hold together, by name, date and amount."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import highspy
import numpy as np

from . import highs
from .errors import Collision, NoPlan
from .lead_times import waits

if TYPE_CHECKING:
    from ..models.horizon import Phase
    from .limits import Limit
    from .programme import Programme

LATEST = "fleet.latest"
SMALLEST = 1e-6
SECONDS = 30.0
SMALL = 20000


def refusal(programme: "Programme") -> NoPlan:
    """Solve again with a slack on every limit and report the cheapest set of slacks, of each limit the weather year that
    asks most; none where even that has no answer. Where that set is the fleet's latest dates alone, and they wait for nothing that is dated, also the
    cheapest set that keeps them: what they collide with."""
    from .programme import build_programme

    elastic = build_programme(programme.case, programme.slices, elastic=True)
    arrays = highs.compile_model(elastic.model)
    found = _cheapest(elastic, arrays)
    unnamed = bool(found) and all(one.key == LATEST and not one.waits for one in found)
    return NoPlan(found, instead=_cheapest(elastic, _with_dates_kept(elastic, arrays)) if unnamed else ())


def _cheapest(elastic: "Programme", arrays: highs.Arrays) -> tuple[Collision, ...]:
    """In large programmes parts of units are allowed at first: what they cannot mend whole units cannot either."""
    whole = len(arrays.columns) <= SMALL
    return _collisions(elastic, arrays, relaxed=not whole) or _collisions(elastic, arrays, relaxed=whole)


def _with_dates_kept(elastic: "Programme", arrays: highs.Arrays) -> highs.Arrays:
    dates = {id(limit.slack) for limit in elastic.limits if limit.key == LATEST}
    return replace(arrays, upper=np.where([id(column) in dates for column in arrays.columns], 0.0, arrays.upper))


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
