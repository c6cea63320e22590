"""Whole units: integer masters give a bound and a plan, the plan is operated and polished, which gives more cuts, until bound and plan meet.

What is bought in a few large lumps (racks, halls, connections, what costs more than the gap asked for) makes nearly all of the distance between
the relaxation and the optimum: with these alone whole, the master is solved in a third of the time, and its bound holds for every plan.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from . import highs
from .errors import Failed
from .master import with_cuts
from .programme import MILLION
from .solve import ROUNDING, lumps, rack_assets, round_up
from .trials import FEW

if TYPE_CHECKING:
    from .benders import Search

PAYS, MOST = 0.1, 0.5
LOOSEST = 0.05
INTEGER_SHARE = 0.03
ROUNDS = 60
SLOW = 0.9
OPTIMAL = highspy.HighsModelStatus.kOptimal
BOUNDED = (OPTIMAL, highspy.HighsModelStatus.kTimeLimit, highspy.HighsModelStatus.kInterrupt)
FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible
# Where only lumps are whole: sub-MIPs took 3 of 4 seconds, the strong branching half of what was left, and new beginnings at the root a third of that,
# for as good a tree.
BARE: dict[str, Any] = {f"mip_heuristic_run_{name}": False for name in ("rins", "rens", "root_reduced_cost")} | {
    "mip_pscost_minreliable": 0, "mip_allow_restart": False}


def close(found: "Search") -> None:
    """Integer masters until bound and plan meet or the time is over: lumps whole first, then all; more time for each where that does not help."""
    every, before = found.master.arrays.integer, None
    whole = lumps(found.programme, found.master.arrays, found.gap * abs(found.bound))
    while found.on:
        if before is not None and not found.open < SLOW * before:
            found.patience *= 2 if whole is every else 1
            whole = every
        before, known, bound = found.open, _known(found), found.bound
        if _integers(found, whole) == OPTIMAL and known == _known(found):
            found.stalled, whole = whole is every and bound == found.bound, every


def fewest(found: "Search") -> None:
    """Offer the plan with no racks but those that are given, which draws least of the years' budgets; nothing where the limits ask for more."""
    racks = {id(build) for asset in rack_assets(found.programme) for build in found.programme.asset(asset.name).build.values()}
    arrays = with_cuts(found.master.arrays, list(found.live.rows.values()))
    held = np.array([id(column) in racks for column in arrays.columns])
    x = _rounded(found, arrays, held, np.maximum(arrays.lower, 0.0))
    if x is not None:
        found.offer(x)


def _known(found: "Search") -> tuple[int, float]:
    """What another solve of the same master would start from: where it is the same, lumps alone can tell no more."""
    return len(found.master.pool), found.cost


def is_whole(x: np.ndarray, integer: np.ndarray) -> bool:
    """Whether what has to be whole is."""
    return bool(np.abs(x[integer] - np.round(x[integer])).max(initial=0.0) < ROUNDING)


def _integers(found: "Search", whole: np.ndarray) -> highspy.HighsModelStatus:
    """One integer master with the columns `whole` in whole units: a bound, and a plan, the rest rounded up in dives, operated and polished."""
    started = found.report.seconds
    found.bounded()
    arrays = with_cuts(found.master.arrays, list(found.live.rows.values()))
    left = max(1.0, min(found.patience, found.time_limit - found.report.seconds))
    all_whole = not (arrays.integer & ~whole).any()
    near = max(found.gap, min(found.open, LOOSEST)) if all_whole else found.gap
    solver = highs.load(replace(arrays, integer=whole), mip_rel_gap=INTEGER_SHARE * near, time_limit=left, **highs.TELLING, **({} if all_whole else BARE))
    if found.plan.size:
        known = highspy.HighsSolution()
        known.col_value = found.plan.tolist()
        solver.setSolution(known)
    _watched(found, solver)
    highs.run(solver)
    info, status = solver.getInfo(), solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        raise Failed("no whole units keep to the limits together")
    if whole.any() and status in BOUNDED:
        found.bound = max(found.bound, info.mip_dual_bound * MILLION)
    found.tell()
    rounded = _rounded(found, arrays, whole, highs.values(solver)) if info.primal_solution_status == FEASIBLE else None
    found.seconds_master += found.report.seconds - started
    if rounded is not None:
        polished(found, rounded)
    return status


def _watched(found: "Search", solver: highspy.Highs) -> None:
    """Let an integer master tell its bound, and end where that proves the plan that is there."""
    def end(event: Any) -> None:
        if found.closes(event.data_out.mip_dual_bound * MILLION):
            event.interrupt()

    solver.cbMipLogging += lambda event: found.say(f"integer master after {found.step} {found.iterations}", event.data_out.mip_dual_bound * MILLION)
    solver.cbMipInterrupt += end


def _rounded(found: "Search", arrays: highs.Arrays, whole: np.ndarray, x: np.ndarray) -> np.ndarray | None:
    """A plan in whole units that keeps those of x; None where rounding up fails."""
    if not (arrays.integer & ~whole).any():
        return x
    lower, upper = arrays.lower.copy(), arrays.upper.copy()
    lower[whole] = upper[whole] = np.round(x[whole])
    solver = highs.load(replace(arrays, lower=lower, upper=upper), relaxed=True, solver="simplex")
    highs.run(solver)
    return round_up(found.programme, arrays, solver)


def _pays(found: "Search", saving: float, most: float) -> bool:
    """Whether a saving (USD) is worth another trial: some of the gap asked for, and where there is a plan, a share `most` of the gap that is open."""
    least = most * (found.cost - found.bound) if found.plan.size else 0.0
    return saving > max(PAYS * found.gap * abs(found.bound), least)


def polished(found: "Search", x: np.ndarray, most: float = MOST) -> None:
    """With a plan's whole units held, let the rest follow, as long as that may still pay: each trial is a plan, known nearly, and the best one is
    offered. While there is none, every one is.

    Where the best plan so far has the same whole units, trials begin from it. After the first one they go on while they may close the share `most` of
    the gap that is open.
    """
    whole = np.flatnonzero(found.master.arrays.integer)
    same = found.plan.size > 0 and np.array_equal(np.round(found.plan[whole]), np.round(x[whole]))
    least, best, trials = found.cost if same else np.inf, found.plan if same else None, replace(found.trials, before=np.inf, stuck=0)
    with found.live.held(whole, np.round(x[whole])):
        for done in range(ROUNDS):
            proposed = found.propose() if found.on else None
            if proposed is None or not _pays(found, min(least, found.cost) - proposed[1], most if done else 0.0):
                break
            beat = min(least, found.cost, proposed[1] + LOOSEST * abs(proposed[1]))
            trial = trials.next(*proposed, best, beat)
            cost = found.operate(trial, min(least, found.cost), few=FEW) if found.plan.size else found.offer(trial)
            if best is None or cost < least:
                least, best = cost, trial
            found.tell()
    if best is not None and least < found.cost:
        found.offer(best)
