"""From a site to a plan."""

from collections.abc import Callable
from importlib.metadata import version

from ..sites import Site
from . import figures, highs, results
from .assemble import build_case
from .case import Case
from .dataset import dataset
from .dispatch import dispatch
from .investment import read_investment
from .plan import Plan
from .programme import Programme, build_programme
from .progress import Progress, Reporter
from .sampling import sampled_days
from .solve import Solution, solve
from .sweep import make_sweep
from .worth import worth

WORKERS = 2


def optimize(site: Site, *, progress: Callable[[Progress], None] | None = None, time_limit: float | None = None) -> Plan:
    """The cheapest plan: sized on sampled days, dispatched over every hour. Raises NoPlan, naming the limits that collide, and Interrupted."""
    report = Reporter(progress)
    case, programme, solution = decide(site, report, time_limit)
    investment = read_investment(programme, solution)
    report("building the months")
    sweep = make_sweep(case, case.months, WORKERS)
    outcome = results.Outcome(case, investment, dispatch(case, investment, sweep, report))
    sweep.close()
    report("writing the tables")
    held = worth(programme, solution.arrays, solution.duals)
    return _plan(outcome, figures.Solved(solution, report.seconds, held))


def decide(site: Site, report: Reporter, time_limit: float | None) -> tuple[Case, Programme, Solution]:
    """Build the sampled programme of a site and solve it."""
    report("reading")
    case = build_case(site)
    report("building")
    with highs.building():
        programme = build_programme(case, sampled_days(case.year, site.plan.days_per_month))
        arrays = highs.compile_model(programme.model)
    return case, programme, solve(programme, arrays, report, site.plan.mip_gap, time_limit or site.plan.time_limit)


def _plan(outcome: results.Outcome, solved: figures.Solved) -> Plan:
    site = outcome.case.site
    made = results.builds(outcome)
    table = results.phases(outcome, made)
    summary = figures.summary(outcome, solved, table, made)
    versions = {name: version(name) for name in ("dcplan", "pyomo", "highspy", "xarray")}
    manifest = {"site": site.name, "inputs": site.inputs, "versions": versions, "options": {"mip_gap": site.plan.mip_gap}, "notes": list(site.notes)}
    return Plan(dataset(outcome, table, summary), table, made, summary, manifest)
