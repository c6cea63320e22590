"""Solving the monolith: bound by the linear relaxation, a plan by rounding in dives, HiGHS branch and bound where that is not enough.

The relaxation solves in seconds by the dual simplex; rounding up what is counted in large numbers costs less than the gap asked for. First
racks, halls and connections are rounded, then, with these held, the plant behind them. Small models go to branch and bound at once.
"""

from dataclasses import dataclass, replace

import highspy
import numpy as np

from ..models.asset import Asset
from . import highs
from .diagnose import refusal
from .errors import Failed, Interrupted
from .highs import Arrays, compile_cost, with_row
from .programme import MILLION, Programme
from .progress import Reporter, relative_gap

SMALL = 4000
ROUNDING = 1e-6
NO_TIME = "stopped before there was a plan: nothing was written; give it more time with --time-limit"
INTERRUPTED = "interrupted before there was a plan: nothing was written"
NO_MORE_TIME = (highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kInterrupt)
NONE_EXISTS = (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible)
FIRST_TECHNOLOGIES = ("hall", "grid_connection", "gas_lateral")


@dataclass
class Solution:
    """Values by column, cost and bound of the programme in USD (bound None where the cost was not what was minimised to the end), how it ended,
    and of the linear relaxation its values and duals."""

    values: np.ndarray
    cost: float
    bound: float | None
    status: str
    arrays: Arrays
    duals: np.ndarray
    relaxed: np.ndarray

    @property
    def gap(self) -> float | None:
        """(cost - bound) / |cost|, at least 0."""
        found = relative_gap(self.bound, self.cost)
        return None if found is None else max(0.0, found)


@dataclass
class Relaxed:
    """The solved linear relaxation: the HiGHS object to dive with (whose time goes on counting towards the limit), its bound (million USD) and duals."""

    solver: highspy.Highs
    bound: float
    duals: np.ndarray
    values: np.ndarray


def solve(programme: Programme, arrays: Arrays, report: Reporter, gap: float, time_limit: float, patience: float = np.inf) -> Solution:
    """The best plan within `gap` or the time. Raises NoPlan with the limits that collide, Interrupted where Ctrl-C came first.

    Without the linear relaxation there is no plan, so that one may take until `patience`, and so may the rounding after it. Where the objective is
    speed, lateness is minimised first, and then cost among the plans that are no later.
    """
    start = None
    try:
        if programme.case.site.plan.objective == "speed":
            arrays, start, interrupted = _no_later(programme, arrays, report, gap, time_limit / 2, patience)
            if interrupted:
                return _so_early(arrays, start)
        return _solve(programme, arrays, report, gap, time_limit, patience, start)
    except KeyboardInterrupt as stop:
        if start is None:
            raise Interrupted(INTERRUPTED) from stop
        return _so_early(arrays, start)


def _so_early(arrays: Arrays, start: np.ndarray) -> Solution:
    """The plan that is as early as can be, where Ctrl-C came before a cheaper one."""
    cost = float(arrays.cost @ start + arrays.offset) * MILLION
    return Solution(start, cost, None, "interrupted", arrays, np.zeros(len(arrays.rows)), start)


def _no_later(programme: Programme, arrays: Arrays, report: Reporter, gap: float, time_limit: float, patience: float) -> tuple[Arrays, np.ndarray, bool]:
    """The programme with a row more, no later than the least lateness found, the plan that is so early, and whether Ctrl-C ended that."""
    lateness = compile_cost(arrays, programme.lateness)
    first = _solve(programme, replace(arrays, cost=lateness, offset=0.0), report, gap, time_limit, patience)
    return with_row(arrays, lateness, first.cost / MILLION * (1 + ROUNDING) + ROUNDING), first.values, first.status == "interrupted"


def _solve(programme: Programme, arrays: Arrays, report: Reporter, gap: float, time_limit: float, patience: float,
           start: np.ndarray | None = None) -> Solution:
    relaxed = _relax(programme, arrays, report, patience)
    rounded = None
    if len(arrays.columns) > SMALL and arrays.integer.any():
        report("rounding", relaxed.bound * MILLION)
        rounded = round_up(programme, arrays, relaxed.solver)
    if rounded is not None:
        best = relaxed.solver.getInfo().objective_function_value
        report("rounded plan", relaxed.bound * MILLION, best * MILLION)
        if relative_gap(relaxed.bound, best) <= gap:  # type: ignore[operator]
            return Solution(rounded, best * MILLION, relaxed.bound * MILLION, "optimal", arrays, relaxed.duals, relaxed.values)
    return _branch(programme, arrays, report, gap, max(1.0, time_limit - report.seconds), start if rounded is None else rounded, relaxed)


def _relax(programme: Programme, arrays: Arrays, report: Reporter, patience: float) -> Relaxed:
    report("linear relaxation")
    solver = highs.load(arrays, relaxed=True, solver="simplex", time_limit=max(1.0, patience - report.seconds))
    status = highs.run(solver)
    if status == highspy.HighsModelStatus.kTimeLimit:
        raise Interrupted(NO_TIME)
    if not highs.is_optimal(status):
        raise refusal(programme) if status in NONE_EXISTS else Failed(f"linear relaxation: HiGHS says {status.name}")
    return Relaxed(solver, solver.getInfo().objective_function_value, np.array(solver.getSolution().row_dual), highs.values(solver))


def round_up(programme: Programme, arrays: Arrays, relaxed: highspy.Highs, whole_racks=np.floor) -> np.ndarray | None:
    """Fix racks (up, or down where power binds), then halls and connections, then plant upward, then what is left; None where that fails."""
    place = {id(column): number for number, column in enumerate(arrays.columns)}
    racks, first = rack_assets(programme), first_assets(programme)
    later = [asset for asset in programme.case.assets if asset not in first and asset not in racks]
    dives = [(racks, whole_racks), (first, np.ceil), (None, np.ceil), *(([asset], np.ceil) for asset in later), (None, np.ceil)]
    for assets, whole in dives:
        solution = highs.values(relaxed)
        fixed = cumulative(programme, place, assets, solution, whole) if assets is not None else others(programme, arrays, place, solution)
        for column, value in fixed.items():
            relaxed.changeColBounds(column, value, value)
        if not highs.is_optimal(highs.run(relaxed)):
            return None
    solution = highs.values(relaxed)
    whole_numbers = solution[arrays.integer]
    return solution if np.abs(whole_numbers - whole_numbers.round()).max(initial=0.0) < ROUNDING else None


def rack_assets(programme: Programme) -> list[Asset]:
    """Racks, as they are bought."""
    fleet = {variant.component.name for variant in programme.case.variants}
    return [asset for asset in programme.case.assets if asset.name in fleet]


def first_assets(programme: Programme) -> list[Asset]:
    """Halls and connections: a few large lumps."""
    return [asset for asset in programme.case.assets if asset.technology in FIRST_TECHNOLOGIES]


def lumps(programme: Programme, arrays: Arrays, dear: float) -> np.ndarray:
    """Which columns are whole numbers of racks, halls and connections, or of what costs at least `dear` (USD) a unit; all whole numbers where there
    are none of these."""
    cost = dict(zip(map(id, arrays.columns), arrays.cost * MILLION, strict=True))
    known = rack_assets(programme) + first_assets(programme)
    builds = {asset.name: {id(build) for build in programme.asset(asset.name).build.values()} for asset in programme.case.assets if asset.integer}
    built = {column for asset in programme.case.assets if asset.integer for column in builds[asset.name]
             if asset in known or max((cost.get(one, 0.0) for one in builds[asset.name]), default=0.0) >= dear}
    found = arrays.integer & np.array([id(column) in built for column in arrays.columns])
    return found if found.any() and (arrays.integer & ~found).any() else arrays.integer


def cumulative(programme: Programme, place: dict[int, int], assets, solution: np.ndarray, whole) -> dict[int, float]:
    """Builds such that what is built by each phase is the relaxed sum, rounded up; where capacities are held, builds follow from that."""
    fixed: dict[int, float] = {}
    held = {phase.index for group in programme.groups for phase in group[1:]}
    for asset in assets:
        build, total, done = programme.asset(asset.name).build, 0.0, 0.0
        for p in sorted(set(build) - held) if asset.integer else ():
            column = place.get(id(build[p]))
            if column is not None:
                total += solution[column]
                fixed[column] = max(0.0, whole(total - done + (ROUNDING if whole is np.floor else -ROUNDING)))
                done += fixed[column]
    return fixed


def others(programme: Programme, arrays: Arrays, place: dict[int, int], solution: np.ndarray) -> dict[int, float]:
    """Integers that are no builds (whether a plant is in use at all), rounded up."""
    builds = {place.get(id(build)) for asset in programme.case.assets for build in programme.asset(asset.name).build.values()}
    return {column: float(np.ceil(solution[column] - 1e-9)) for column in np.flatnonzero(arrays.integer).tolist() if column not in builds}


def _branch(programme: Programme, arrays: Arrays, report: Reporter, gap: float, time_limit: float, start: np.ndarray | None,
            relaxed: Relaxed) -> Solution:
    solver = highs.load(arrays, mip_rel_gap=gap, time_limit=time_limit, **highs.TELLING)
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        solver.setSolution(known)
    solver.cbMipLogging += lambda event: report("branch and bound", event.data_out.mip_dual_bound * MILLION, event.data_out.mip_primal_bound * MILLION)
    status, ended = _run(solver)
    info = solver.getInfo()
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        if status in NONE_EXISTS:
            raise refusal(programme)
        raise Interrupted(NO_TIME) if status in NO_MORE_TIME else Failed(f"branch and bound: HiGHS says {status.name}")
    lower = max(info.mip_dual_bound, relaxed.bound) if arrays.integer.any() else info.objective_function_value
    return Solution(highs.values(solver), info.objective_function_value * MILLION, lower * MILLION, ended, arrays, relaxed.duals, relaxed.values)


def _run(solver: highspy.Highs) -> tuple[highspy.HighsModelStatus, str]:
    try:
        status = highs.run(solver)
    except KeyboardInterrupt:
        return solver.getModelStatus(), "interrupted"
    return status, {highspy.HighsModelStatus.kOptimal: "optimal", highspy.HighsModelStatus.kTimeLimit: "time_limit"}.get(status, "feasible")
