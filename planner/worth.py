"""What holds a plan back: limits that bind, and what relaxing each is worth.

The prices are duals of the programme's linear relaxation. With every unit held at its whole number a limit on units has no price at all: a
rack more needs a hall more, and neither may move. The relaxation lets both move, and so answers the planner's question.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..models.asset import Asset
from ..models.horizon import Phase
from ..models.money import told
from ..sites.power import is_of
from .budgets import budgets
from .case import Case
from .errors import shown
from .highs import Arrays
from .investment import Investment, read_investment
from .limits import HALL_ROOM, halls_for
from .programme import MILLION, Programme

SMALLEST_USD = 1e2  # less is rounding of a solver
SMALLEST_PRICE = 1e-2  # USD per unit of a limit: less is rounding of a solver
VISIBLE_USD = 1e4  # less is nothing to speak of, where a plan serves what it has
SMALLEST_UNITS = 1e-4
FULL = 1e-6
PRICE_OF = "the price of"
FIRM, OUT = "firm power in design hours", "power in an outage of the grid"
SOURCES = {FIRM: ("generator", "thermal_plant"), OUT: ("generator", "thermal_plant", "diesel_standby")}  # formulations that give it, beside the grid


@dataclass(frozen=True)
class Worth:
    """A limit, from which phase on it binds, and USD of net present cost saved by one step of it ("1 % more", "1 MW less") in all phases together.
    `at_most`: where that step is large beside the limit, so that the saving may fall off within it."""

    limit: str
    phase: str
    usd: float
    step: str
    at_most: bool = False

    def __str__(self) -> str:
        return f"{self.limit} from {self.phase} ({self.step} throughout would save {'at most ' * self.at_most}{told(self.usd)})"

    @property
    def is_price(self) -> bool:
        """Whether it is the price of what is for sale, and no limit."""
        return self.limit.startswith(PRICE_OF)


def worth(programme: Programme, arrays: Arrays, relaxed: np.ndarray, duals: np.ndarray) -> tuple[Worth, ...]:
    """Binding limits and firm power in design hours, dearest first, by values of the columns and duals of the rows at a solution of the linear
    relaxation. What is built takes a limit in every phase that follows, and the row of any of them may have the price: a limit binds from the first
    of the phases, one after the other, in which it is full."""
    price = {id(row): -float(dual) * MILLION for row, dual in zip(arrays.rows, duals, strict=True) if dual}
    found = [*_limits(programme, price), *_firm_power(programme, price)]
    grouped: dict[tuple[str, str], list[tuple[Phase, float]]] = defaultdict(list)
    for name, step, phase, usd in found:
        grouped[name, step].append((phase, usd))
    full = _full(programme, arrays, relaxed)
    made = [Worth(name, _since(full.get(name, ()), parts[0][0], programme.case).name, sum(usd for _, usd in parts), step)
            for (name, step), parts in grouped.items()]
    return tuple(sorted((one for one in made if one.usd >= SMALLEST_USD), key=lambda one: -one.usd))


def _full(programme: Programme, arrays: Arrays, relaxed: np.ndarray) -> dict[str, set[int]]:
    """Phases in which each limit is full; of hall room and firm power, which have no bound of their own, those with the same units as the next: it is
    as scarce in the one as in the other."""
    left = {id(row): slack for row, slack in zip(arrays.rows, arrays.row_upper - arrays.matrix @ relaxed, strict=True)}
    found: dict[str, set[int]] = defaultdict(set)
    for limit in programme.limits:
        if limit.bound > 0 and left.get(id(limit.row), np.inf) <= FULL * limit.bound / limit.scale:
            found[limit.name].add(limit.phase.index)
    online = np.array(list(read_investment(programme, arrays, relaxed, relaxed=True).online.values()))
    alike = {phase.index for phase in programme.case.operating[:-1]
             if np.allclose(online[:, phase.index], online[:, phase.index + 1], rtol=0.0, atol=SMALLEST_UNITS)}
    return found | dict.fromkeys((FIRM, OUT, *HALL_ROOM), alike)


def _since(full: Container[int], phase: Phase, case: Case) -> Phase:
    """The first of the phases, full one after the other, up to this one."""
    return _since(full, case.phases[phase.index - 1], case) if phase.index - 1 in full else phase


def by_price(found: Iterable[Worth], relaxed: Investment, at_last: bool = False) -> tuple[Worth, ...]:
    """The same, limits first, then prices: room in halls and power where the relaxation could build more of what gives them, from the phase on from
    which they bind (`at_last`: in the last phase, which is what counts where nothing is built)."""
    named = [replace(one, limit=f"{PRICE_OF} {one.limit}") if _for_sale(one, relaxed, at_last) else one for one in found]
    return tuple(sorted(named, key=lambda one: one.is_price))


def with_small(found: Iterable[Worth], prices: Mapping[tuple[str, str], np.ndarray], case: Case) -> tuple[Worth, ...]:
    """The same, with yearly budgets that bind though a hundredth of them is next to nothing, or is nothing: what a unit more of each would save at
    most."""
    found = tuple(found)
    named = {one.limit for one in found}
    for budget in budgets(case.site):
        usd = np.nan_to_num(prices.get((budget.name, budget.unit), np.zeros(1)))
        if budget.name not in named and usd.sum() >= SMALLEST_PRICE:
            found += (Worth(budget.name, case.phases[int(np.argmax(usd > 0))].name, float(usd.sum()), f"1 {shown(budget.unit)} more", True),)
    return tuple(sorted(found, key=lambda one: -one.usd))


def _for_sale(one: Worth, relaxed: Investment, at_last: bool) -> bool:
    """Whether in every phase from that on (or in the last) more of what gives it may be built than the relaxation does: a hall for these racks, a
    stage of the grid, a plant."""
    case = relaxed.case
    giving = _giving(case, one.limit)
    first = next(phase.index for phase in case.phases if phase.name == one.phase)
    return bool(giving) and all(any(_more(asset, relaxed, phase) for asset in giving) for phase in case.phases[-1 if at_last else first:])


def _giving(case: Case, limit: str) -> list[Asset]:
    """What may be built to have more of it; nothing for a limit that the site sets."""
    if limit in HALL_ROOM:
        return halls_for(case, HALL_ROOM[limit])
    stages = {f"grid_{stage.name}" for stage in case.site.grid.stages if stage.firm and stage.one_of is None} if limit == FIRM else set()
    return [asset for asset in case.assets if asset.name in stages
            or any(is_of(case.site.catalog, asset.technology, formulation) for formulation in SOURCES.get(limit, ()))]


def _more(asset: Asset, relaxed: Investment, phase: Phase) -> bool:
    """Whether more of an asset may be built in a phase."""
    return (asset.may_build(phase) and _below(relaxed.online[asset.name][phase.index], asset.most)
            and _below(relaxed.built[asset.name][phase.index], asset.per_phase))


def _below(units: float, most: float | None) -> bool:
    return most is None or units < most - SMALLEST_UNITS


def limit_prices(programme: Programme, arrays: Arrays, duals: np.ndarray) -> dict[tuple[str, str], np.ndarray]:
    """Net present USD saved by one unit more of each limit, and of firm power, by (name, unit): arrays over phases, 0 where it does not bind, NaN where
    there is no such limit in the phase. A limit of several rows in a phase (smoothing has one for each line of its need) is relaxed in all of them at once.
    `duals` are those of the programme's rows at a solution of a linear programme."""
    price = {id(row): -float(dual) * MILLION for row, dual in zip(arrays.rows, duals, strict=True)}
    found: dict[tuple[str, str], np.ndarray] = {}
    for limit in programme.limits:
        by_phase = found.setdefault((limit.name, limit.unit), np.full(len(programme.case.phases), np.nan))
        saved = max(0.0, price.get(id(limit.row), 0.0)) / limit.scale
        by_phase[limit.phase.index] = np.nansum([by_phase[limit.phase.index], saved])
    for name, phase, usd in _firm_prices(programme, price):
        found.setdefault((name, "MW"), np.full(len(programme.case.phases), np.nan))[phase.index] = usd
    return found


def _limits(programme: Programme, price: dict[int, float]):
    for limit in programme.limits:
        usd = price.get(id(limit.row), 0.0)
        if usd > 0:
            share = limit.bound / limit.scale / 100
            step = f"1 {shown(limit.unit)} {'less' if limit.bound < 0 else 'more'}"  # a bound below zero is that of a least amount
            yield (limit.name, "1 % more", limit.phase, usd * share) if share > 0 else (limit.name, step, limit.phase, usd / limit.scale)


def _firm_power(programme: Programme, price: dict[int, float]):
    return ((name, "1 MW more", phase, usd) for name, phase, usd in _firm_prices(programme, price) if usd > 0)


def _firm_prices(programme: Programme, price: Mapping[int, float]) -> Iterator[tuple[str, Phase, float]]:
    """A MW more of firm supply in all design hours of each phase, apart for those without the grid: duals of the electricity balance there."""
    out = programme.case.design.outage > 0
    kinds = [(name, hours.tolist()) for name, hours in ((FIRM, np.flatnonzero(~out)), (OUT, np.flatnonzero(out))) if hours.size]
    for phase in (group[0] for group in programme.groups):
        balance = getattr(programme.model, f"design_{phase.index}").electricity_balance
        for name, hours in kinds:
            yield name, phase, abs(sum(price.get(id(balance[t]), 0.0) for t in hours))
