"""One run of `optimize`, and what it says of itself."""

import math
from dataclasses import dataclass, field

from dcplan.models.horizon import MONTH_DAYS
from dcplan.planner import Plan, optimize
from dcplan.planner.assemble import build_case
from dcplan.planner.progress import Progress
from dcplan.sites import Site

from .registry import Options, Row

COUNTS = ("iterations", "block_solves", "cuts", "seconds_blocks", "seconds_master", "seconds_build", "seconds_sampled")


@dataclass
class Listener:
    """Keeps what the progress callback says: when there was first a plan over every hour with a proven gap, and which gap."""

    first_seconds: float | None = None
    first_gap: float | None = None
    steps: list[str] = field(default_factory=list)

    def __call__(self, progress: Progress) -> None:
        self.steps.append(progress.step)
        known = progress.gap is not None and math.isfinite(progress.gap)
        if known and self.first_seconds is None and self._counts(progress):
            self.first_seconds, self.first_gap = progress.seconds, progress.gap

    def _counts(self, progress: Progress) -> bool:
        """The sampled plan that a full search starts from is none over every hour."""
        return progress.step.startswith("iteration") or "sampled" in self.steps


def searched(site: Site, options: Options, workers: int | None = None) -> Row:
    """Plan a site; the row of its cost, bound, gap, times and counts."""
    listener = Listener(steps=[site.plan.resolution])
    plan = optimize(site, progress=listener, time_limit=options.time_limit, workers=workers or options.workers)
    return row(plan, listener) | {"hours": operated_hours(site)}


def row(plan: Plan, listener: Listener) -> Row:
    """Figures of a plan. `cost` and `bound` are million USD; the bound of a sampled run is of its sampled days, and is left out.

    Where the progress callback never told a gap, the finished plan is the first one with a gap.
    """
    found = plan.summary
    bound, gap = found["lower_bound_usd"], found["gap"]
    first = (found["seconds"], gap) if listener.first_gap is None else (listener.first_seconds, listener.first_gap)
    return {
        "status": found["status"], "cost_musd": found["net_present_cost_usd"] / 1e6, "bound_musd": None if bound is None else bound / 1e6,
        "gap_percent": percent(gap), "seconds": found["seconds"], "first_plan_seconds": first[0], "first_gap_percent": percent(first[1]),
        **{name: found.get(name) for name in COUNTS}}


def percent(share: float | None) -> float | None:
    """A share in percent."""
    return None if share is None else 100 * share


def operated_hours(site: Site) -> int:
    """Hours of operation that the plan covers."""
    return sum(24 * MONTH_DAYS[month - 1] for phase in build_case(site).operating for month in phase.months)
