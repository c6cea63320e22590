"""dcplan decomposed against the same programme as one model over every hour."""

from collections.abc import Mapping

import highspy
from dcplan.planner import Plan, highs, optimize
from dcplan.planner.programme import MILLION
from dcplan.sites import Site

from ..whole_programme import cost_of_units, whole_programme
from .places import small_fleet
from .registry import Benchmark, Row, Run
from .searching import searched

GAP, ROUNDING = 0.001, 1e-6


def build(run: Run) -> Site:
    """The small fleet for so many months."""
    return small_fleet(run.folder, int(run.size.partition("_")[0]))


def search(run: Run, site: Site) -> Row:
    """Plan it either way; `held` says what the whole programme costs with the search's whole units, where its own branch and bound takes too long."""
    if run.variant == "monolith":
        return monolith(site, run.options.time_limit)
    if run.variant == "held":
        return held(site, optimize(site, time_limit=run.options.time_limit, workers=run.options.workers))
    row = searched(site, run.options)
    return {name: row[name] for name in ("hours", "status", "cost_musd", "bound_musd", "gap_percent", "seconds")}


def held(site: Site, plan: Plan) -> Row:
    """What the whole programme costs with a plan's whole units: no more than the plan, which has them, and no less than is proven."""
    found = plan.summary
    cost, bound, least = found["net_present_cost_usd"], found["lower_bound_usd"], cost_of_units(*whole_programme(site), plan, mip_lp_solver="hipo")
    agrees = bound * (1 - ROUNDING) <= least <= cost * (1 + ROUNDING)
    return {"status": "optimal", "cost_musd": least / MILLION, "bound_musd": bound / MILLION, "agrees": "yes" if agrees else "NO: a bound is passed"}


def monolith(site: Site, time_limit: float) -> Row:
    """One Pyomo model of every hour of every phase, one HiGHS run with its own defaults."""
    _, arrays = whole_programme(site)
    solver = highs.load(arrays, mip_rel_gap=GAP, time_limit=time_limit)
    status, info = highs.run(solver), solver.getInfo()
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    cost, bound = info.objective_function_value, info.mip_dual_bound
    return {"status": status.name, "cost_musd": cost if feasible else None, "bound_musd": bound,
            "gap_percent": 100 * (cost - bound) / abs(cost) if feasible else None, "columns": len(arrays.columns), "rows": len(arrays.rows)}


def conclude(rows: Mapping[str, Row]) -> None:
    """Ratios to the monolith, and whether both costs are right: each at or above the other's bound."""
    ours, whole = rows["decomposed"], rows["monolith"]
    if any(row.get("cost_musd") is None for row in (ours, whole)):
        return
    cost, other = float(ours["cost_musd"]), float(whole["cost_musd"])  # type: ignore[arg-type]
    slack = ROUNDING * abs(other)
    agrees = cost >= float(whole["bound_musd"]) - slack and other >= float(ours["bound_musd"]) - slack  # type: ignore[arg-type]
    ours |= {"cost_to_monolith": cost / other, "time_ratio": whole["seconds"] / ours["seconds"],  # type: ignore[operator]
             "memory_ratio": whole["memory_mb"] / ours["memory_mb"], "agrees": "yes" if agrees else "NO: a bound is passed"}  # type: ignore[operator]


BENCHMARK = Benchmark("monolith", "decomposed search against the whole programme as one model in HiGHS, both to 0.1 %; ratios: monolith / decomposed",
                      ("1_month", "3_months", "12_months"), build, search, ("decomposed", "held", "monolith"), conclude)  # type: ignore[arg-type]
