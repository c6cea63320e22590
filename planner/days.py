"""Sized on sampled days, by the same decomposition as every hour, with days in place of months.

The monolith over sampled days (planner/decide.py) is one linear programme whose simplex takes longer than anything after it, 9 s on Abilene,
minutes where long lead times make every year its own, and its branch and bound leaves gaps of some per cent. Here the days of a month are one
small block and the investment a master of a few thousand rows: ten rounds of both give the relaxation, a dive (planner/dive.py) a plan. At
full resolution that is the start; at "sampled" integer masters close the gap. Where it leads to no plan the monolith is asked, which can say why.
"""

import contextlib
from collections import defaultdict
from collections.abc import Iterator

import numpy as np

from . import benders, highs
from .case import Case
from .decide import FIRST_GAP, Decision, First, Prices
from .dive import dive
from .errors import Failed, PlannerError
from .failures import told
from .investment import read_investment
from .master import LiveMaster, make_master
from .programme import build_programme
from .progress import Reporter
from .sampling import sampled_days
from .sweep import Sweep, make_sweep
from .tidy import tidied, without_idle
from .whole import close, polished
from .worth import SMALLEST_USD, Worth, limit_prices, worth
from .years import Year, operating_years

START_GAP = 0.002
SMALL = 1000  # columns of a master whose middle is found faster than a point is operated on sampled days


def decide_on_days(case: Case, report: Reporter, gap: float | None, time_limit: float, workers: int = 1) -> Decision | None:
    """The plan and the relaxation sized on sampled days, to a gap; without one only a start. None where no plan was found."""
    report("building the sampled days")
    slices = [sampled_days(year, case.site.plan.days_per_month) for year in case.years]
    with contextlib.closing(make_sweep(case, workers, slices=slices)) as sweep:
        found = _search(case, sweep, report, START_GAP if gap is None else gap, time_limit)
        built = report.seconds
        relaxed = _planned(found, final=gap is not None)
    if relaxed is None or not found.plan.size:
        return None
    programme, arrays = found.programme, found.master.arrays
    plan, loose = read_investment(programme, arrays, found.plan), read_investment(programme, arrays, relaxed, relaxed=True)
    budgets, prices = _budgets(found)
    held = sorted([*worth(programme, arrays, found.relaxed, found.duals), *budgets], key=lambda one: -one.usd)
    return Decision(plan, loose, "sampled", found.status, found.bound, max(0.0, found.open), tuple(held),
                    Prices(limit_prices(programme, arrays, found.duals) | prices), First(found.cost, found.bound),
                    {"seconds_build": built, "seconds_sampled": report.seconds - built}, found.failure, found.hints)


def _planned(found: benders.Search, final: bool) -> np.ndarray | None:
    """The best point of the relaxation; None where there is none that keeps all limits. The search then has a plan, if one was found."""
    relaxed = None
    try:
        with benders.best_so_far(found):
            relaxed = _relaxed(found)
            if relaxed is not None:
                _whole(found, final)
    except Exception as reason:
        if isinstance(reason, PlannerError) and not isinstance(reason, Failed):
            raise
        found.report(f"sampled days found no plan: {told(reason)}")
        return None
    return relaxed


def _relaxed(found: benders.Search) -> np.ndarray | None:
    """The best point of the relaxation; None where none keeps all limits."""
    if found.propose() is None:
        return None
    relaxed, cost = benders.relax(found, None)
    return relaxed if np.isfinite(cost) else None


def _whole(found: benders.Search, final: bool) -> None:
    """A plan in whole units: by a dive, and where it is the answer or the dive found none, by integer masters."""
    whole = dive(found, found.bounded()[0])
    if whole is not None:
        polished(found, whole, most=0.0)
        if not found.plan.size and not found.on:  # the time is over: days take next to none, another way to a plan takes more
            found.offer(whole)
    if not found.plan.size and not final:
        found.gap = FIRST_GAP
    if final or not found.plan.size:
        close(found)
    if final:
        tidied(found)
    elif found.plan.size:
        without_idle(found)


def _search(case: Case, sweep: Sweep, report: Reporter, gap: float, time_limit: float) -> benders.Search:
    years = operating_years(case, sweep.blocks)
    with highs.building():
        programme = build_programme(case, None)
    master = make_master(programme, years, sweep.blocks)
    return benders.Search(programme, master, LiveMaster(master), sweep, years, report, gap, time_limit, step="sampled days, iteration",
                         centres=master.arrays.matrix.shape[1] < SMALL)


def _budgets(found: benders.Search) -> tuple[list[Worth], dict[tuple[str, str], np.ndarray]]:
    """What a hundredth more of each yearly budget would save in the relaxation, and from when; what a unit more of it would by phase, NaN in those that
    are the first of no year: prices of the budgets in the cuts, at the duals of the cuts."""
    states, phases = found.master.states_of(found.bounded()[0]), found.programme.case.phases
    saved: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    prices: dict[tuple[str, str], np.ndarray] = defaultdict(lambda: np.full(len(phases), np.nan))
    for year in found.years:
        for budget in year.budgets:
            prices[budget.name, budget.unit][year.phases[0].index] = 0.0
    for year, price in _cut_prices(found):
        first = year.phases[0].index
        for budget, unit, usd in zip(year.budgets, price.tolist(), (price * year.bounds(states) / 100).tolist(), strict=True):
            saved[budget.name][first] += usd
            prices[budget.name, budget.unit][first] += unit
    held = [Worth(name, phases[min(index for index, usd in by_phase.items() if usd > 0)].name, sum(by_phase.values()), "1 % more")
            for name, by_phase in saved.items() if sum(by_phase.values()) >= SMALLEST_USD]
    return held, dict(prices)


def _cut_prices(found: benders.Search) -> Iterator[tuple[Year, np.ndarray]]:
    """Years and prices of their budgets (USD per unit), a pair for each cut that binds at the last solution."""
    years = defaultdict(list)
    for year in found.years:
        years[year.function].append(year)
    for (number, which), dual in found.live.cut_duals.items():
        cut = found.master.pool[number]
        if cut.price is not None and dual > 0:
            yield years[cut.function][which], dual * cut.price
