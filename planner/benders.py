"""Every hour of every year, to a proven gap: regularised Benders decomposition.

1. The sampled plan and the sampled relaxation, operated over all hours, give a first plan and first cuts.
2. Linear relaxation: the master proposes, a point nearby is operated (planner/trials.py), its tangents are added, until the relaxation is
   known closely enough. Of years that are alike only a few are operated: a tangent of one holds for all.
3. Integers (planner/whole.py): the master with its cuts, first with large lumps in whole units and then with all, gives a bound and, rounded up,
   a plan; the plan is operated and polished, which gives more cuts, until bound and plan meet.

Each bound is proven: cuts are tangents of convex functions, so the master's bound never passes the optimum (Benders 1962).
"""

import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .errors import Failed, Interrupted
from .failures import told
from .investment import DECIMALS, Investment
from .master import LiveMaster, Master
from .programme import Programme
from .progress import Reporter, relative_gap
from .solve import INTERRUPTED
from .sweep import Sweep
from .tidy import tidied
from .trials import FEW, TRIAL_ROUNDS, Trials
from .whole import close, fewest, is_whole
from .years import Overdrawn, Year, operate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

RELAXED_SHARE = 0.5
ROUNDS = 60
RATION_ROUNDS = 20
RATION_SHARE = 0.1
STILL, FLAT, NEAR = 0.25, 0.01, 0.05
MASTER_SECONDS = 60.0


@dataclass
class Search:
    """The state of a search: best plan so far (values of the master's columns, cost in USD), proven bound, counts. `overdrawn` are the
    budgets that the last point operated did not keep, `short` those of the last plan while there is none that keeps them."""

    programme: Programme
    master: Master
    live: LiveMaster
    sweep: Sweep
    years: "Sequence[Year]"
    report: Reporter
    gap: float
    time_limit: float
    plan: np.ndarray = field(default_factory=lambda: np.zeros(0))
    cost: float = np.inf
    bound: float = -np.inf
    iterations: int = 0
    seconds_blocks: float = 0.0
    seconds_master: float = 0.0
    interrupted: bool = False
    failure: str = ""
    keep: "Callable[[Search], None] | None" = None
    first: float = np.inf
    no_later: float = np.inf
    overdrawn: list[Overdrawn] = field(default_factory=list)
    short: list[Overdrawn] = field(default_factory=list)
    relaxed: np.ndarray = field(default_factory=lambda: np.zeros(0))
    duals: np.ndarray = field(default_factory=lambda: np.zeros(0))
    step: str = "iteration"
    hints: list[np.ndarray] = field(default_factory=list)
    stalled: bool = False
    patience: float = MASTER_SECONDS
    centres: bool = True

    def __post_init__(self) -> None:
        self.trials = Trials(self.live, self.centres)

    @property
    def status(self) -> str:
        """How the search ended."""
        if self.interrupted:
            return "interrupted"
        if self.failure:
            return "failed"
        return "optimal" if self.open <= self.gap else "feasible" if self.stalled else "time_limit"

    @property
    def open(self) -> float:
        """(cost - bound) / |cost|."""
        found = relative_gap(self.bound, self.cost)
        return np.inf if found is None else found

    def closes(self, bound: float) -> bool:
        """Whether a bound proves the best plan so far to be within the gap asked for."""
        left = relative_gap(max(self.bound, bound), self.cost)
        return left is not None and left <= self.gap

    @property
    def on(self) -> bool:
        """Whether there is a gap left, and time."""
        return self.open > self.gap and self.report.seconds < self.time_limit and not self.stalled

    def operate(self, x: np.ndarray, best: float, rounds: int = RATION_ROUNDS, few: int | None = None) -> float:
        """Cost (USD) of a point of the master, operated over every hour; its cuts are learnt. Infinite where years' budgets are not kept.

        Budgets are rationed only as long as the point may cost less than `best`: elsewhere the answer does not matter, and the cuts hold
        all the same. So they do where only a `few` of the like years are operated, but the cost is then known only nearly.
        """
        started = self.report.seconds
        states, invested = np.round(self.master.states_of(x), DECIMALS), self.master.investment_cost(x)
        operated = operate(self.sweep, self.years, states, rounds=rounds, close=RATION_SHARE * self.gap, hints=self.hints, most=best - invested,
                           few=few)
        self.overdrawn = [one for year in operated for one in year.overdrawn]
        self.master.learn(operated)
        self.iterations += 1
        self.seconds_blocks += self.report.seconds - started
        return np.inf if self.overdrawn else invested + sum(year.cost for year in operated)

    def propose(self) -> tuple[np.ndarray, float] | None:
        """The relaxed master's solution and bound, all known cuts kept; None where columns are held at what cannot be."""
        started = self.report.seconds
        found = self.live.solve()
        while found is not None and self.live.tighten(found[0]):
            found = self.live.solve()
        self.seconds_master += self.report.seconds - started
        return found

    def bounded(self) -> tuple[np.ndarray, float]:
        """A proposal of the free master, whose bound is proven."""
        proposed = self.propose()
        if proposed is None:
            raise Failed("the master has no answer")
        self.bound, self.relaxed, self.duals = max(self.bound, proposed[1]), proposed[0], self.live.duals
        self.tell()
        return proposed

    def offer(self, x: np.ndarray) -> float:
        """Operate a plan in whole units and keep it where it is the best."""
        cost = self.operate(x, self.cost)
        if cost < self.cost:
            self.plan, self.cost = x, cost
        elif not self.plan.size:
            self.short = self.overdrawn
        self.tell()
        return cost

    def tell(self) -> None:
        """Keep the search where that was asked for, and report bounds."""
        if self.keep is not None and self.plan.size:
            self.keep(self)
        self.say(f"{self.step} {self.iterations}", self.bound)

    def say(self, step: str, bound: float) -> None:
        """Report a bound that may be better than the one that is proven so far."""
        self.report(step, max(self.bound, bound), self.cost, blocks=self.seconds_blocks, master=self.seconds_master)


def search(found: Search, first: "tuple[Investment, Investment]") -> None:
    """From the sampled relaxation and plan to a plan whose cost is proven to be within the gap of the least, or to the best one in the time.

    A search taken up again has a plan, and cuts whose proposal is the point to start from.
    """
    with best_so_far(found):
        start = None if found.plan.size else _begun(found, *(_point(found, investment) for investment in first))
        best, least = relax(found, start)
        if least < found.cost and is_whole(best, found.master.arrays.integer):
            found.offer(best)
        close(found)
        if not found.plan.size and found.stalled:
            fewest(found)
        tidied(found)


def _begun(found: Search, relaxed: np.ndarray | None, plan: np.ndarray | None) -> np.ndarray | None:
    """The sampled plan offered, and the point to relax from."""
    if plan is not None:
        found.first = found.offer(plan)
        found.bounded()
    return plan if relaxed is None else relaxed


@contextlib.contextmanager
def best_so_far(found: Search) -> "Iterator[None]":
    """Ctrl-C, and what breaks inside, end a search with the best plan so far; where there is none they go on."""
    try:
        yield
    except KeyboardInterrupt as stop:
        if not found.plan.size:
            raise Interrupted(INTERRUPTED) from stop
        found.interrupted = True
    except Exception as reason:
        if not found.plan.size:
            raise
        found.failure = told(reason)


def _point(found: Search, first: Investment) -> np.ndarray | None:
    """An investment as a point of the master; None where it does not fit (a relaxation that is later than the plan may be)."""
    place = {id(column): number for number, column in enumerate(found.master.arrays.columns)}
    programme, case = found.programme, found.programme.case
    held = {}
    for asset in case.assets:
        held |= {place.get(id(var)): value for var, value in zip(programme.asset(asset.name).build.values(), first.built[asset.name], strict=True)}
    for name, level in first.levels.items():
        held |= {place.get(id(var)): value for var, value in zip(getattr(programme.model.states, name).values(), level, strict=True)}
    held.pop(None, None)
    with found.live.held(np.array(list(held), dtype=int), np.array(list(held.values()))):
        proposed = found.propose()
    return None if proposed is None else proposed[0]


def relax(found: Search, start: np.ndarray | None) -> tuple[np.ndarray, float]:
    """Close the relaxation to a share of the gap asked for, from the best point known, or the master's proposal, to a better one and its cost.

    Where budgets of years bind, a point costs several times as much to operate: whole units then come first, once a point closes little of the
    gap to the best plan; so they do wherever points near enough to the bound do not raise it, one after another.
    """
    best = found.bounded()[0] if start is None else start
    if found.plan.size and not found.on:
        return best, np.inf
    least = found.operate(best, found.cost, few=FEW)
    found.tell()
    flat = 0
    for done in range(ROUNDS):
        known, (x, _) = found.bound, found.bounded()
        left, rise = relative_gap(found.bound, least), found.bound - known
        flat = flat + 1 if done > 0 and left is not None and left < NEAR and rise < FLAT * found.gap * abs(found.bound) else 0
        little = done > 0 and bool(found.hints) and found.plan.size > 0 and rise < STILL * (found.cost - known)
        whole_first = (little or (flat > 1 and np.isfinite(least))) and found.master.arrays.integer.any()
        if (left is not None and left <= RELAXED_SHARE * found.gap) or whole_first or not found.on:
            break
        trial = found.trials.next(x, found.bound, best if np.isfinite(least) else None, least)
        cost = found.operate(trial, least, TRIAL_ROUNDS, FEW)
        if cost < least:
            least, best = cost, trial
        found.tell()
    return best, least
