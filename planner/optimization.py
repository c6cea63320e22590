"""From a site to a plan."""

import os
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from ..sites import Site
from . import figures, highs, results
from .assemble import build_case
from .case import Case
from .checkpoint import belongs, of_rules
from .dataset import dataset
from .days import decide_on_days
from .decide import FIRST_GAP, FIRST_SECONDS, Decision, decide_full, decide_sampled
from .dispatch import Dispatch, dispatch
from .errors import Failed, Interrupted, NoPlan, PlannerError
from .failures import as_problems, told
from .plan import Plan
from .progress import Progress, Reporter
from .reliability.target import has_target, reach
from .solve import NO_TIME
from .sweep import Sweep, make_sweep

SAMPLED_GAP, FULL_GAP = 0.003, 0.001  # of the whole cost, most of which racks are: one of 1 % hid what plant saves


@as_problems()
def optimize(site: Site, *, progress: Callable[[Progress], None] | None = None, time_limit: float | None = None,
             workers: int | None = None, dask: str | None = None, checkpoint: str | Path | None = None) -> Plan:
    """The cheapest plan of a site.

    At `resolution = "full"` it is sized on every hour of every year, with a proven bound; at "sampled" on sampled days. Either way it is
    dispatched over every hour before it is reported. `time_limit` (seconds) and Ctrl-C give the best plan so far, with its gap (sampled days
    alone get 45 s, unless it says otherwise or their plan is over a yearly budget); `workers`
    are processes (default: as many as processors), or the workers of the Dask scheduler at `dask`. `checkpoint` is a file that the search is
    kept in, and goes on from. Raises NoPlan, naming the limits that collide, Interrupted, CheckpointProblem, and
    Failed where something breaks before there is a plan; later, the plan that is held is given, its status "failed" and what failed in its verdict.

    Where the site asks for an availability (`[reliability] target`), redundancy is raised until tables and simulation say that it is reached
    (planner/reliability/target.py); each round has the whole time, and a checkpoint of its own. Where they do not say so in the end, the last plan is
    given, and its summary and verdict say that the target is not reached.
    """
    options = {"time_limit": time_limit, "workers": workers, "dask": dask}
    if not has_target(site):
        return _optimize(site, progress, checkpoint=checkpoint, **options)

    report = Reporter(progress)

    def plan_of(raised: Site, number: int) -> Plan:
        return _optimize(raised, progress, checkpoint=_of_round(checkpoint, raised, report) if checkpoint and number > 1 else checkpoint, **options)

    plan = reach(site, plan_of, report)
    return replace(plan, summary=plan.summary | {"seconds": report.seconds})  # of all rounds


def _of_round(checkpoint: str | Path, site: Site, report: Reporter) -> Path:
    """The checkpoint of a later round, named after its rules; one that is of other inputs is begun anew."""
    path = of_rules(Path(checkpoint), site)
    if path.exists() and not belongs(path, site):
        report(f"{path.name} is no checkpoint of these inputs: begun anew")
        path.unlink()
    return path


def _optimize(site: Site, progress: Callable[[Progress], None] | None, *, time_limit: float | None, workers: int | None, dask: str | None,
              checkpoint: str | Path | None) -> Plan:
    """The cheapest plan under the site's own rules of redundancy."""
    report = Reporter(progress)
    report("reading")
    case = build_case(site)
    full, limit = site.plan.resolution == "full", time_limit or site.plan.time_limit
    gap = site.plan.mip_gap if site.plan.mip_gap is not None else (FULL_GAP if full else SAMPLED_GAP)
    workers = workers or os.cpu_count() or 1
    sweep = make_sweep(case, workers, dask)
    try:
        first = min(limit, max(FIRST_SECONDS, limit / 3) if full else (time_limit or FIRST_SECONDS))
        decision = decide_on_days(case, report, None if full else gap, first, 1 if dask else workers) if site.plan.objective != "speed" else None
        if decision is None:
            if report.seconds >= limit:
                raise Interrupted(NO_TIME)
            decision = decide_sampled(case, report, FIRST_GAP if full else gap, min(limit, report.seconds + first), limit)
        decision = _room_made(decision, report)
        if full and decision.status != "interrupted":
            decision = _full(case, decision, sweep, report, gap, limit, Path(checkpoint) if checkpoint else None)
        decision, dispatched = _dispatched(case, decision, sweep, report)
        if dispatched.overdrawn and decision.resolution == "sampled" and decision.status not in ("interrupted", "failed"):
            decision, dispatched = _within_budgets(case, decision, dispatched, sweep, report, gap, limit)
        outcome = results.Outcome(case, decision.investment, dispatched, decision.prices)
    except BaseException:
        sweep.close()
        raise
    try:
        sweep.close()
        report("writing the tables")
        return _plan(outcome, decision, gap, report.seconds)
    except KeyboardInterrupt:  # so near its end a plan is not given up
        sweep.close()
        return _plan(outcome, replace(decision, status="interrupted"), gap, report.seconds)


def _room_made(decision: Decision, report: Reporter) -> Decision:
    """The decision, interrupted where Ctrl-C came, once the memory that it took is given back."""
    try:
        highs.give_back()
        report("building the months")
        return decision
    except KeyboardInterrupt:
        return replace(decision, status="interrupted")


def _full(case: Case, first: Decision, sweep: Sweep, report: Reporter, gap: float, limit: float, kept: Path | None) -> Decision:
    """The decision on every hour; where that ends before it holds a plan, the sampled one, which is held. So it does where the time is over, unless
    a checkpoint is to be written or gone on from."""
    if report.seconds >= limit and kept is None:
        return first if first.status == "failed" else replace(first, status="time_limit")
    try:
        return decide_full(case, first, sweep, report, gap, limit, kept)
    except KeyboardInterrupt:
        return replace(first, status="interrupted")
    except Interrupted as stop:
        return replace(first, status="time_limit" if str(stop) == NO_TIME else "interrupted")
    except Exception as reason:
        if isinstance(reason, PlannerError) and not isinstance(reason, Failed):
            raise
        return replace(first, status="failed", failure=told(reason))


def _within_budgets(case: Case, sampled: Decision, dispatched: Dispatch, sweep: Sweep, report: Reporter, gap: float,
                    limit: float) -> tuple[Decision, Dispatch]:
    """A plan sized on every hour in place of one that is over its years' budgets there; the one over them where that finds none in the time."""
    try:
        report(f"over its budgets in every hour: {'sized on every hour' if report.seconds < limit else 'the time is over, kept as it is'}")
        found = _full(case, sampled, sweep, report, gap, limit, None)
    except NoPlan:
        return sampled, dispatched
    except KeyboardInterrupt:
        return replace(sampled, status="interrupted"), dispatched
    return (found, dispatched) if found.resolution == "sampled" else _dispatched(case, found, sweep, report)


def _dispatched(case: Case, decision: Decision, sweep: Sweep, report: Reporter) -> tuple[Decision, Dispatch]:
    """The decision, interrupted where Ctrl-C came, and every hour of it; where the workers break, in this process."""
    try:
        return decision, dispatch(case, decision.investment, sweep, report, decision.hints)
    except KeyboardInterrupt:
        report("dispatch once more, for the plan that is held; a second signal gives it up")
        return replace(decision, status="interrupted"), dispatch(case, decision.investment, sweep, report, decision.hints)
    except Exception as reason:
        report(f"dispatch once more, in this process: {told(reason)}")
        return decision, dispatch(case, decision.investment, make_sweep(case, 1), report, decision.hints)


def _plan(outcome: results.Outcome, decision: Decision, gap: float, seconds: float) -> Plan:
    site = outcome.case.site
    made = results.builds(outcome)
    table = results.phases(outcome, made)
    summary = figures.summary(outcome, decision, table, made, seconds)
    versions = {name: version(name) for name in ("dcplan", "pyomo", "highspy", "xarray")}
    options = {"mip_gap": gap, "resolution": decision.resolution, "objective": site.plan.objective,
               "cost_set": site.costs.set, "cost_range": site.costs.range}
    manifest = {"site": site.name, "site_file": str(site.path.resolve()), "scenario": site.scenario, "overrides": list(site.overrides),
                "inputs": site.inputs, "versions": versions,
                "options": options, "notes": list(site.notes)}
    return Plan(dataset(outcome, table, summary), table, made, summary, manifest)
