"""Dust: what is bought by any amount, in parts so small that nobody would order them. It is left over where the search operates points between
two plans, or where a limit binds by next to nothing.

A plan goes without it where what is left holds over every hour (over the sampled days, where these are all that is solved), and hardly costs more.
So it does without power of a store before its energy comes, and energy before power: either waits for the other, or stays away with it. One whose
other never comes moves nothing; a plan goes without it where there is no time to operate another plan, too, but for one that a signal ends.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..models.power.battery import Battery
from . import highs
from .highs import Arrays
from .investment import SMALLEST_UNIT
from .programme import MILLION, Programme
from .progress import relative_gap
from .solve import Solution

if TYPE_CHECKING:
    from .benders import Search

SHARE = 1e-3  # of the peak of IT: MW, of stores also MWh, that are dust where a phase commissions less
WORTH = 0.1  # share of the gap asked for that a plan without dust may cost more

Dust = dict[str, list[int]]


def tidied(found: "Search") -> None:
    """The best plan of a search without its dust: the master's own answer with the whole units of the plan, which is between no two plans; what is
    dust in that, all of it, or else that of each asset that it can do without."""
    if not found.plan.size:
        return
    without_idle(found)
    programme, arrays = found.programme, found.master.arrays
    most = found.cost + WORTH * found.gap * abs(found.cost)
    if _dust(programme, arrays, found.plan):
        whole = np.flatnonzero(arrays.integer)
        _taken(found, whole, np.round(found.plan[whole]), most)
    dust = _dust(programme, arrays, found.plan)
    if dust and not _goes_without(found, dust, most) and len(dust) > 1:
        for name, columns in dust.items():
            _goes_without(found, {name: columns}, most)


def without_idle(found: "Search") -> None:
    """The best plan of a search without the parts of stores whose other part never comes, each where all limits hold so; operation costs what it did, and
    is not asked again."""
    arrays, before = found.master.arrays, found.plan
    for columns in _idle(found.programme, arrays, before):
        plan = found.plan.copy()
        plan[columns] = 0.0
        if _broken(arrays, plan) <= max(_broken(arrays, before), SMALLEST_UNIT):
            found.plan = plan
    found.cost += found.master.investment_cost(found.plan) - found.master.investment_cost(before)


def _idle(programme: Programme, arrays: Arrays, values: np.ndarray) -> Iterator[list[int]]:
    """For each store of which a part is never there the columns of what is bought of it, and of its levels; none of what is given."""
    place = _places(arrays)
    for component in programme.case.components:
        if isinstance(component, Battery) and not any(asset.given for asset in component.assets):
            parts = [programme.asset(asset.name) for asset in component.assets]
            if not all(_is_there(values, _columns(place, part.build)).any() for part in parts):
                levels = [getattr(programme.model.states, state.name) for state in programme.case.states_of(component)]
                yield [column for var in (*(var for part in parts for var in (part.build, part.online, part.capacity)), *levels)
                       for column in _columns(place, var)]


def _broken(arrays: Arrays, values: np.ndarray) -> float:
    """By how much values break a row or a bound at most."""
    rows = arrays.matrix @ values
    beyond = (arrays.row_lower - rows, rows - arrays.row_upper, arrays.lower - values, values - arrays.upper)
    return max(float(np.max(one, initial=0.0)) for one in beyond)


def _goes_without(found: "Search", dust: Dust, most: float) -> bool:
    """Whether the plan holds without dust at a cost of at most `most`, all else that is built as it is; it is then the plan."""
    columns = _all_held(found.programme, found.master.arrays, dust)
    return _taken(found, columns, _without(found.programme, found.master.arrays, found.plan, dust)[columns], most)


def _taken(found: "Search", columns: np.ndarray, values: np.ndarray, most: float) -> bool:
    """Whether the cheapest plan with these columns held costs at most `most` over every hour and keeps the gap reached; it is then the plan. Not tried
    once the time is over: an operation of every hour takes seconds."""
    if found.report.seconds > found.time_limit:
        return False
    with found.live.held(columns, values):
        proposed = found.propose()
    cost = np.inf if proposed is None else found.operate(proposed[0], most)
    after = relative_gap(found.bound, cost) if np.isfinite(cost) else None
    if proposed is None or cost > most or (found.open <= found.gap and (after is None or after > found.gap)):
        return False
    found.plan, found.cost = proposed[0], cost
    found.tell()
    return True


def without_dust(programme: Programme, solution: Solution, gap: float) -> Solution:
    """The solution of a monolith without its dust; as it was where it cannot do without, or not at hardly more."""
    arrays, values = solution.arrays, solution.values
    dust = _dust(programme, arrays, values)
    if not dust:
        return solution
    held = _all_held(programme, arrays, dust)
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    lower[held] = upper[held] = _without(programme, arrays, values, dust)[held]
    solver = highs.load(replace(arrays, lower=lower, upper=upper), relaxed=True, solver="simplex")
    try:
        cost = solver.getInfo().objective_function_value * MILLION if highs.is_optimal(highs.run(solver)) else np.inf
    except KeyboardInterrupt:
        return replace(solution, status="interrupted")
    return solution if cost > solution.cost + WORTH * gap * abs(solution.cost) else replace(solution, values=highs.values(solver), cost=cost)


def _without(programme: Programme, arrays: Arrays, values: np.ndarray, dust: Dust) -> np.ndarray:
    """Values in whole units where they are, no dust, and of stores that dust is of no part that waits for the other."""
    found = np.where(arrays.integer, np.round(values), values)
    found[[column for columns in dust.values() for column in columns]] = 0.0
    for one, other in _parts(programme, arrays):
        if not dust.keys().isdisjoint((one.name, other.name)):
            _wait(found, one.columns, other.columns)
            _wait(found, other.columns, one.columns)
    return found


def _wait(found: np.ndarray, builds: list[int], others: list[int]) -> None:
    """Move builds (columns, by phase) on to the phase in which the first of the others is there."""
    waiting = 0.0
    for build, there in zip(builds, _is_there(found, others), strict=True):
        waiting += found[build]
        found[build], waiting = (waiting, 0.0) if there else (0.0, waiting)


def _is_there(values: np.ndarray, builds: list[int]) -> np.ndarray:
    """By phase, whether some of the builds has come."""
    return np.cumsum(values[builds]) > SMALLEST_UNIT


def _dust(programme: Programme, arrays: Arrays, values: np.ndarray) -> Dust:
    """Columns of builds that are dust, by asset; none of stores a part of which is there before the other."""
    case, place = programme.case, _places(arrays)
    sizes = {asset.name: asset.unit_size for asset in case.assets if not asset.integer and asset.unit in ("MW", "MWh")}
    found = {name: [column for column in _columns(place, programme.asset(name).build) if 0.0 < values[column] * size < SHARE * case.peak]
             for name, size in sizes.items()}
    apart = {one.name: [] for one, other in _parts(programme, arrays)
             if (_is_there(values, one.columns) != _is_there(values, other.columns)).any()}
    return apart | {name: columns for name, columns in found.items() if columns}


@dataclass(frozen=True)
class Part:
    """Power or energy of a store, and the columns of its builds by phase."""

    name: str
    columns: list[int]


def _parts(programme: Programme, arrays: Arrays) -> list[tuple[Part, Part]]:
    """Power and energy of each store of which both may be bought."""
    place = _places(arrays)
    made = [tuple(Part(asset.name, _columns(place, programme.asset(asset.name).build)) for asset in component.assets)
            for component in programme.case.components if isinstance(component, Battery)]
    return [(power, energy) for power, energy in made if len(power.columns) == len(energy.columns)]


def _held(programme: Programme, arrays: Arrays, dust: Dust) -> list[int]:
    """All builds, and the levels of stores other than those that dust is of."""
    place, case = _places(arrays), programme.case
    levels = [getattr(programme.model.states, state.name) for component in case.components for state in case.states_of(component)
              if not any(asset.name in dust for asset in component.assets)]
    return [column for var in (*(programme.asset(asset.name).build for asset in case.assets), *levels) for column in _columns(place, var)]


def _all_held(programme: Programme, arrays: Arrays, dust: Dust) -> np.ndarray:
    """Those, and all else that is whole: which spare units are counted."""
    return np.array(sorted({*_held(programme, arrays, dust), *np.flatnonzero(arrays.integer).tolist()}), dtype=int)


def _places(arrays: Arrays) -> dict[int, int]:
    return {id(column): number for number, column in enumerate(arrays.columns)}


def _columns(place: dict[int, int], var: Any) -> list[int]:
    return [place[id(item)] for item in var.values() if id(item) in place]
