"""What to build: sized on sampled days, and then, at full resolution, on every hour of every year."""

import contextlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from . import benders, checkpoint, highs
from .budgets import budgets
from .case import Case
from .errors import Collision, Interrupted, NoPlan
from .highs import compile_cost, with_row
from .investment import Investment, read_investment
from .master import LiveMaster, make_master
from .programme import MILLION, Programme, build_programme
from .progress import Reporter
from .sampling import sampled_days
from .solve import NO_TIME, ROUNDING, solve
from .sweep import Sweep
from .tidy import without_dust
from .worth import Worth, limit_prices, worth
from .years import Overdrawn, operating_years

FIRST_GAP = 0.05
FIRST_SECONDS = 45.0
NOT_FOUND = "no plan was found in the time that keeps these limits over every hour"


@dataclass(frozen=True)
class First:
    """The plan sized on sampled days: its cost there and the bound of that (USD)."""

    cost: float
    bound: float | None


@dataclass(frozen=True)
class Prices:
    """What a unit more of each limit would save (planner/worth.py): in the linear relaxation, and with whole units held as chosen."""

    relaxed: dict[tuple[str, str], np.ndarray]
    chosen: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What is built and how that was found: the proven bound (USD) of what was minimised, how it ended, what limits are worth, counts, and
    `hints`: prices at which budgets of years were rationed (planner/years.py)."""

    investment: Investment
    relaxed: Investment
    resolution: str
    status: str
    bound: float | None
    gap: float | None
    worth: tuple[Worth, ...]
    prices: Prices
    first: First
    counts: dict[str, float] = field(default_factory=dict)
    failure: str = ""
    hints: list[np.ndarray] = field(default_factory=list)


def decide_sampled(case: Case, report: Reporter, gap: float, time_limit: float, patience: float) -> Decision:
    """The programme over sampled days, as one monolith; `patience` is the time that its linear relaxation may take."""
    report("building the sampled programme")
    with highs.building():
        programme = build_programme(case, tuple(sampled_days(year, case.site.plan.days_per_month) for year in case.years))
        arrays = highs.compile_model(programme.model)
    built = report.seconds
    solution = solve(programme, arrays, report, gap, time_limit, patience)
    held = worth(programme, solution.arrays, solution.relaxed, solution.duals)
    if case.site.plan.resolution == "sampled" and solution.status != "interrupted":
        solution = without_dust(programme, solution, gap)
    investment, relaxed = (read_investment(programme, arrays, values, loose) for values, loose in ((solution.values, False), (solution.relaxed, True)))
    return Decision(investment, relaxed, "sampled", solution.status, solution.bound, solution.gap, held,
                    Prices(limit_prices(programme, solution.arrays, solution.duals)), First(solution.cost, solution.bound),
                    {"seconds_build": built, "seconds_sampled": report.seconds - built})


def decide_full(case: Case, first: Decision, sweep: Sweep, report: Reporter, gap: float, time_limit: float, kept: Path | None) -> Decision:
    """The programme over every hour, decomposed, from the sampled decision on; `kept` is a checkpoint to write, and to go on from."""
    started = report.seconds
    years = operating_years(case, sweep.blocks)
    with highs.building():
        programme = build_programme(case, None, tied=False)
    master = make_master(programme, years, sweep.blocks)
    latest = np.inf
    if case.site.plan.objective == "speed":
        latest = checkpoint.lateness(kept) if kept is not None and kept.exists() else first.investment.late_hours()
        master = replace(master, arrays=_no_later(programme, master.arrays, latest))
    built = report.seconds - started
    found = benders.Search(programme, master, LiveMaster(master), sweep, years, report, gap, time_limit, no_later=latest, hints=list(first.hints))
    if kept is not None:
        if kept.exists():
            checkpoint.load(kept, case.site, found)
        found.keep = lambda search: _keep(kept, case, search, report)
    benders.search(found, (first.relaxed, first.investment))
    if not found.plan.size and not found.short:
        raise Interrupted(NO_TIME)
    if not found.plan.size:
        raise NoPlan(tuple(_collision(case, one) for one in found.short), NOT_FOUND)
    counts = {**first.counts, "seconds_build": first.counts["seconds_build"] + built, "iterations": found.iterations, "block_solves": sweep.solved,
              "seconds_blocks": found.seconds_blocks, "seconds_master": found.seconds_master, "cuts": len(found.live.rows),
              **({"sampled_plan_usd": found.first} if np.isfinite(found.first) else {})}
    investment = read_investment(programme, master.arrays, found.plan)
    bound = found.bound if np.isfinite(found.bound) else None
    relaxed, duals = np.resize(found.relaxed, len(master.arrays.columns)), np.resize(found.duals, len(master.arrays.rows))
    prices = Prices(limit_prices(programme, master.arrays, duals) | _budget_prices(case, first), {} if found.failure else _chosen_prices(found))
    return Decision(investment, first.relaxed, "full", found.status, bound, None if bound is None else max(0.0, found.open),
                    _worth(case, first, worth(programme, master.arrays, relaxed, duals)), prices, first.first, counts, found.failure, found.hints)


def _chosen_prices(found: benders.Search) -> dict[tuple[str, str], np.ndarray]:
    """Prices of the limits in the master with the plan's whole units held; none where that has no answer."""
    whole = np.flatnonzero(found.master.arrays.integer)
    with contextlib.suppress(Exception, KeyboardInterrupt), found.live.held(whole, np.round(found.plan[whole])):
        if found.propose() is not None:
            return limit_prices(found.programme, found.master.arrays, found.live.duals)
    return {}


def _budget_prices(case: Case, first: Decision) -> dict[tuple[str, str], np.ndarray]:
    """Prices of the yearly budgets over sampled days, as those that their worth is of."""
    names = {budget.name for budget in budgets(case.site)}
    return {key: price for key, price in first.prices.relaxed.items() if key[0] in names}


def _worth(case: Case, first: Decision, found: tuple[Worth, ...]) -> tuple[Worth, ...]:
    """With the yearly budgets, which the master does not hold as rows: their worth over sampled days."""
    names = {budget.name for budget in budgets(case.site)}
    return tuple(sorted([*found, *(one for one in first.worth if one.limit in names)], key=lambda one: -one.usd))


def _keep(kept: Path, case: Case, search: benders.Search, report: Reporter) -> None:
    """Write the checkpoint; a disk that refuses it does not end the search."""
    try:
        checkpoint.save(kept, case.site, search)
    except OSError as reason:
        report(f"checkpoint not written: {reason}")


def _collision(case: Case, one: Overdrawn) -> Collision:
    """A budget that no plan found in the time keeps over every hour."""
    phase = next(phase for phase in case.operating if phase.start.year >= one.year)
    return Collision(one.budget.name, f"{one.year}{case.site.in_weather(one.scenario)}", phase.start, one.amount, one.budget.unit, one.budget.key)


def _no_later(programme: Programme, arrays: highs.Arrays, late_hours: float) -> highs.Arrays:
    """The programme with a row more: no later than the sampled plan, which is as early as can be (accelerator-hours)."""
    return with_row(arrays, compile_cost(arrays, programme.lateness), late_hours / MILLION * (1 + ROUNDING) + ROUNDING)
