"""How far a store may carry what it holds: the runs of hours between which its level is set by the plan.

    week    every slice of hours (a quarter of a month, or a sampled day) starts and ends at one level of the phase
    month   slices of a month that follow one another are one run, from and to that level
    year    a whole month starts at its own level and ends at that of the next month; a part of a month starts and ends at its month's level

Levels at the rims of runs are states of the plan, so runs can be operated apart and nothing jumps between them. A search tries levels that power,
load or cold cannot reach: a run may end below or above its level, at a price beyond all that may go unserved, so that no plan gains by it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .component import State
from .horizon import MONTH_DAYS, Period, month_first_hour
from .terms import Effect, Term, rows, variable

Horizon = Literal["week", "month", "year"]
MONTHS = range(1, 13)
MISSED = "level missed"
ABOVE_LOST_LOAD = 4.0  # twice what power unserved costs (models/power/unserved.py)


@dataclass(frozen=True)
class Run:
    """Positions of a period from `first` to `last`, and the names of the states that are the level before and after."""

    first: int
    last: int
    start: str
    end: str


def level_states(name: str, within: str, least: float, horizon: Horizon) -> tuple[State, ...]:
    """The levels of a store that the plan sets: one, or with a year's horizon one at the start of each month, which phases hand on."""
    if horizon != "year":
        return (State(f"{name}_level", "MWh", within, least),)
    return tuple(State(_at(name, month), "MWh", within, least, month) for month in MONTHS)


def _at(name: str, month: int) -> str:
    return f"{name}_level_{month:02d}"


def runs(name: str, period: Period, horizon: Horizon) -> list[Run]:
    """The runs of a period's hours."""
    previous = period.previous.tolist()
    slices = [(t, previous[t]) for t in period.positions if previous[t] >= t]
    spans = slices if horizon == "week" else _joined(slices, period)
    return [Run(first, last, *_rims(name, period, first, last, horizon)) for first, last in spans]


def _joined(slices: list[tuple[int, int]], period: Period) -> list[tuple[int, int]]:
    """Slices of one month that follow one another, as one span."""
    spans: list[tuple[int, int]] = []
    for first, last in slices:
        before = spans[-1][1] if spans else None
        if before is not None and period.hour[first] == period.hour[before] + 1 and period.month[first] == period.month[before]:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, last))
    return spans


def _rims(name: str, period: Period, first: int, last: int, horizon: Horizon) -> tuple[str, str]:
    if horizon != "year":
        return f"{name}_level", f"{name}_level"
    month = int(period.month[first])
    whole = period.hour[first] == month_first_hour(month) and last - first + 1 == 24 * MONTH_DAYS[month - 1]
    return _at(name, month), _at(name, month % 12 + 1 if whole else month)


def stock(block: Any, name: str, level: Any, period: Period, horizon: Horizon, state: Mapping, relation: Callable[[Any, Any], Any]) -> None:
    """The rows `relation(t, level before hour t)`, and those that bring every run to the level after it, less what is missed."""
    found = runs(name, period, horizon)
    first, last = {run.first for run in found}, sorted(run.last for run in found)
    short, over = (variable(block, missed, last, "MWh") for missed in ("level_short", "level_over"))
    rows(block, "stock", [t for t in period.positions if t not in first], lambda t: relation(t, level[t - 1]))
    for state_name in sorted({run.start for run in found}):
        starts = [run.first for run in found if run.start == state_name]
        rows(block, f"stock_from_{state_name}", starts, lambda t, before=state[state_name]: relation(t, before))
    for state_name in sorted({run.end for run in found}):
        ends = [run.last for run in found if run.end == state_name]
        rows(block, f"level_returns_{state_name}", ends, lambda t, after=state[state_name]: level[t] + short[t] - over[t] == after)


def level_missed(value_of_lost_load: float) -> Effect:
    """The price of ending a run at another level; `value_of_lost_load` in USD per MWh of IT."""
    price = ABOVE_LOST_LOAD * value_of_lost_load
    return Effect("money", MISSED, tuple(Term(name, price, "USD/MWh") for name in ("level_short", "level_over")), "run")
