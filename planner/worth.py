"""What holds a plan back: limits that bind, and what relaxing each is worth.

The prices are duals of the programme's linear relaxation. With every unit held at its whole number a limit on units has no price at all: a
rack more needs a hall more, and neither may move. The relaxation lets both move, and so answers the planner's question.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from .highs import Arrays
from .investment import Investment
from .limits import HALL_ROOM, halls_for
from .programme import MILLION, Programme
from .served import VISIBLE_SHARE

SMALLEST_USD = 1e2  # less is rounding of a solver
VISIBLE_USD = 1e4  # less is nothing to speak of, where a plan serves what it has
SMALLEST_UNITS = 1e-4
PRICE_OF, LAND = "the price of", "land"


@dataclass(frozen=True)
class Worth:
    """A limit, from which phase on it binds, and USD of net present cost saved by one step of it in all phases: "1 % more", "1 MW less"."""

    limit: str
    phase: str
    usd: float
    step: str

    def __str__(self) -> str:
        saved = f"{self.usd / MILLION:,.1f} MUSD" if self.usd >= MILLION / 10 else f"{self.usd:,.0f} USD"
        return f"{self.limit} from {self.phase} ({self.step} would save {saved})"

    @property
    def is_price(self) -> bool:
        """Whether it is the price of what is for sale, and no limit."""
        return self.limit.startswith(PRICE_OF)


def worth(programme: Programme, arrays: Arrays, duals: np.ndarray) -> tuple[Worth, ...]:
    """Binding limits and firm power in design hours, dearest first."""
    price = {id(row): -float(dual) * MILLION for row, dual in zip(arrays.rows, duals, strict=True) if dual}
    found = [*_limits(programme, price), *_firm_power(programme, price)]
    grouped: dict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)
    for name, step, phase, usd in found:
        grouped[name, step].append((phase, usd))
    made = [Worth(name, parts[0][0], sum(usd for _, usd in parts), step) for (name, step), parts in grouped.items()]
    return tuple(sorted((one for one in made if one.usd >= SMALLEST_USD), key=lambda one: -one.usd))


def by_price(found: Iterable[Worth], relaxed: Investment) -> tuple[Worth, ...]:
    """The same, with room in halls named as what it is where the relaxation could build more of them: a price, and no limit. Land that keeps the fleet
    short is told before it, for halls that find no land are not for sale at their price alone."""
    named = [replace(one, limit=f"{PRICE_OF} {one.limit}") if one.limit in HALL_ROOM and _for_sale(one, relaxed) else one for one in found]
    first = [one for one in named if one.limit == LAND] if any(one.is_price for one in named) and _is_short(relaxed) else []
    return (*first, *(one for one in named if one not in first))


def _for_sale(one: Worth, relaxed: Investment) -> bool:
    """Whether in every phase from that on a hall for these racks may be built beyond those of the relaxation."""
    case, halls = relaxed.case, halls_for(relaxed.case, HALL_ROOM[one.limit])
    first = next(phase.index for phase in case.phases if phase.name == one.phase)
    return all(any(hall.may_build(phase) and _below(relaxed.online[hall.name][phase.index], hall.most)
                   and _below(relaxed.built[hall.name][phase.index], hall.per_phase) for hall in halls) for phase in case.phases[first:])


def _is_short(relaxed: Investment) -> bool:
    """Whether a part that shows of the accelerators wanted never comes, though parts of units could be had."""
    last, fleet = relaxed.case.phases[-1], relaxed.case.site.fleet
    return sum(relaxed.accelerators(tranche.name, last) for tranche in fleet) < (1 - VISIBLE_SHARE) * sum(tranche.wanted[-1].count for tranche in fleet)


def _below(units: float, most: float | None) -> bool:
    return most is None or units < most - SMALLEST_UNITS


def limit_prices(programme: Programme, arrays: Arrays, duals: np.ndarray) -> dict[tuple[str, str], np.ndarray]:
    """Net present USD saved by one unit more of each limit, by (name, unit): arrays over phases, 0 where it does not bind, NaN where there is no such
    limit in the phase. A limit of several rows in a phase (smoothing has one for each line of its need) is relaxed in all of them at once.
    `duals` are those of the programme's rows at a solution of a linear programme."""
    price = {id(row): -float(dual) * MILLION for row, dual in zip(arrays.rows, duals, strict=True)}
    found: dict[tuple[str, str], np.ndarray] = {}
    for limit in programme.limits:
        by_phase = found.setdefault((limit.name, limit.unit), np.full(len(programme.case.phases), np.nan))
        saved = max(0.0, price.get(id(limit.row), 0.0)) / limit.scale
        by_phase[limit.phase.index] = np.nansum([by_phase[limit.phase.index], saved])
    return found


def _limits(programme: Programme, price: dict[int, float]):
    for limit in programme.limits:
        usd = price.get(id(limit.row), 0.0)
        if usd > 0:
            share = limit.bound / limit.scale / 100
            step = f"1 {limit.unit} {'less' if limit.bound < 0 else 'more'}"  # a bound below zero is that of a least amount
            yield (limit.name, "1 % more", limit.phase.name, usd * share) if share > 0 else (limit.name, step, limit.phase.name, usd / limit.scale)


def _firm_power(programme: Programme, price: dict[int, float]):
    """A MW more of firm supply in the design hours of each phase: duals of the electricity balance there."""
    for phase in (group[0].index for group in programme.groups):
        design = getattr(programme.model, f"design_{phase}")
        usd = abs(sum(price.get(id(row), 0.0) for row in design.electricity_balance.values()))
        if usd > 0:
            yield "firm power in design hours", "1 MW more", programme.case.phases[phase].name, usd
