"""dcplan decomposed against the same programme as one model over every hour."""

from collections.abc import Mapping

import highspy
from dcplan.models.horizon import calendar_blocks
from dcplan.planner import highs
from dcplan.planner.assemble import build_case
from dcplan.planner.programme import build_programme
from dcplan.sites import Site

from .places import small_fleet
from .registry import Benchmark, Row, Run
from .searching import searched

GAP = 0.001


def build(run: Run) -> Site:
    """The small fleet for so many months."""
    return small_fleet(run.folder, int(run.size.partition("_")[0]))


def search(run: Run, site: Site) -> Row:
    """Plan it either way."""
    if run.variant == "monolith":
        return monolith(site, run.options.time_limit)
    row = searched(site, run.options)
    return {name: row[name] for name in ("hours", "status", "cost_musd", "bound_musd", "gap_percent", "seconds")}


def monolith(site: Site, time_limit: float) -> Row:
    """One Pyomo model of every hour of every phase, one HiGHS run with its own defaults."""
    case = build_case(site)
    with highs.building():
        arrays = highs.compile_model(build_programme(case, (calendar_blocks(),), tied=False).model)
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
    slack = 1e-6 * abs(other)
    agrees = cost >= float(whole["bound_musd"]) - slack and other >= float(ours["bound_musd"]) - slack  # type: ignore[arg-type]
    ours |= {"cost_to_monolith": cost / other, "time_ratio": whole["seconds"] / ours["seconds"],  # type: ignore[operator]
             "memory_ratio": whole["memory_mb"] / ours["memory_mb"], "agrees": "yes" if agrees else "NO: a bound is passed"}  # type: ignore[operator]


BENCHMARK = Benchmark("monolith", "decomposed search against the whole programme as one model in HiGHS, both to 0.1 %; ratios: monolith / decomposed",
                      ("1_month", "3_months", "12_months"), build, search, ("decomposed", "monolith"), conclude)  # type: ignore[arg-type]
