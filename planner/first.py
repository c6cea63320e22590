"""The first plan of a full run: sized on sampled days, by the same decomposition as the rest, with days in place of months.

The monolith over sampled days (planner/decide.py) is one linear programme whose simplex takes longer than anything after it: 9 s on Abilene,
minutes where long lead times make every year its own. Here the days of a month are one small block, the investment a master of a few thousand
rows, and the relaxation is known closely after some ten rounds of both. Where that leads to no plan, the monolith is asked, which can say why.
"""

import numpy as np

from . import benders, highs
from .blocks import build_block
from .case import Case
from .decide import Decision, First, Prices
from .dive import dive
from .errors import Interrupted
from .investment import read_investment
from .master import LiveMaster, make_master
from .programme import build_programme
from .progress import Reporter
from .sampling import sampled_days
from .solve import INTERRUPTED
from .sweep import SerialSweep
from .worth import SMALLEST_USD, Worth, limit_prices, worth
from .years import operate, operating_years

GAP = 0.002


def decide_first(case: Case, report: Reporter, time_limit: float) -> Decision | None:
    """The plan and the relaxation sized on sampled days; None where none was found that way."""
    report("building the sampled days")
    found = _search(case, report, time_limit)
    built = report.seconds
    try:
        relaxed = benders.relax(found, found.bounded()[0]) if found.propose() is not None else None
        proposed = None if relaxed is None else found.propose()
        whole = None if proposed is None else dive(found, proposed[0])
        if whole is not None:
            found.offer(whole)
    except KeyboardInterrupt as stop:
        raise Interrupted(INTERRUPTED) from stop
    if relaxed is None or not found.plan.size:
        return None
    programme, arrays = found.programme, found.master.arrays
    plan, loose = (read_investment(programme, arrays, x, relaxed=x is relaxed) for x in (found.plan, relaxed))
    held = (*worth(programme, arrays, found.duals), *_budgets(found, relaxed))
    return Decision(plan, loose, "sampled", "time_limit", found.bound, max(0.0, found.open), tuple(sorted(held, key=lambda one: -one.usd)),
                    Prices(limit_prices(programme, arrays, found.duals)), First(found.cost, found.bound),
                    {"seconds_build": built, "seconds_sampled": report.seconds - built})


def _search(case: Case, report: Reporter, time_limit: float) -> benders.Search:
    slices = sampled_days(case.year, case.site.plan.days_per_month)
    sweep = SerialSweep({month: build_block(case, month, slices) for month in case.months})
    years = operating_years(case, sweep.blocks)
    with highs.building():
        programme = build_programme(case, None)
    master = make_master(programme, years, sweep.blocks)
    return benders.Search(programme, master, LiveMaster(master), sweep, years, report, GAP, time_limit, step="sampled days, iteration")


def _budgets(found: benders.Search, x: np.ndarray) -> list[Worth]:
    """What a hundredth more of each yearly budget would save, at a point of the relaxation: the prices at which its years are rationed."""
    states, saved = found.master.states_of(x), {}
    for operated in operate(found.sweep, found.years, states, rounds=benders.RATION_ROUNDS):
        usd = operated.year.discount * operated.ration.price * operated.year.bounds(states) / 100
        for budget, part in zip(operated.year.budgets, usd.tolist(), strict=True):
            phase, total = saved.get(budget.name, (operated.year.phases[0].name, 0.0))
            saved[budget.name] = (phase if total else operated.year.phases[0].name, total + part)
    return [Worth(name, phase, usd, "1 % more") for name, (phase, usd) in saved.items() if usd >= SMALLEST_USD]
