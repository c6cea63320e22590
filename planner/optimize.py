"""From a site to a plan."""

from collections.abc import Callable
from importlib.metadata import version

from ..sites import Site
from . import highs, results
from .case import build_case
from .plan import Plan
from .programme import build_programme
from .progress import Progress, Reporter
from .sampling import sampled_days
from .solve import solve


def optimize(site: Site, *, progress: Callable[[Progress], None] | None = None, time_limit: float | None = None) -> Plan:
    """The cheapest plan over sampled days. Raises NoPlan, naming the limits that collide, and Interrupted."""
    report = Reporter(progress)
    report("reading")
    case = build_case(site)
    report("building")
    programme = build_programme(case, sampled_days(case.year, site.plan.days_per_month))
    arrays = highs.compile_model(programme.model)
    solution = solve(programme, arrays, report, site.plan.mip_gap, time_limit or site.plan.time_limit)
    reading = results.Reading(programme, solution)
    made = results.builds(reading)
    table = results.phases(reading, made)
    figures = results.summary(reading, solution, table, made, report.seconds)
    versions = {name: version(name) for name in ("dcplan", "pyomo", "highspy", "xarray")}
    manifest = {"site": site.name, "inputs": site.inputs, "versions": versions, "options": {"mip_gap": site.plan.mip_gap}, "notes": list(site.notes)}
    return Plan(results.dataset(table), table, made, figures, manifest)
