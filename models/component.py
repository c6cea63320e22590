"""What every technology offers the programme, and the pieces they share."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import pyomo.environ as pyo

from .asset import Asset
from .conditions import Conditions
from .horizon import Period
from .terms import Effect, Flow, Term, data

Hourly = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class State:
    """A number that the investment decides and operation obeys, besides capacities: at most the capacity of `within`, at least a share of it; or, with
    nothing that it is within, at most `most`, and the same in all phases that begin in one calendar year.

    `month`: it stands at the start of that month, and so has one value in a phase and in the phase after it that begins then. `of_weather`: what is
    decided is one value for each weather year, which that year's operation alone obeys.
    """

    name: str
    unit: str
    within: str | None
    least: float = 0.0
    month: int | None = None
    most: float = 0.0
    of_weather: bool = False

    def in_year(self, scenario: int) -> "State":
        """What stands for it in a weather year (0, 1, ...); the first has its name."""
        return replace(self, name=f"{self.name}_in_{scenario}") if self.of_weather and scenario else self


@dataclass(frozen=True)
class Loading:
    """How much of an asset's rating is in use by hour: the terms stay within its capacity, and within what is left when units are lost.

    `counts`: share of the rating that can be relied on in an hour, where redundancy is counted.
    """

    asset: str
    terms: tuple[Term, ...]
    counts: float | np.ndarray = 1.0


class Component(Protocol):
    """A technology: what it is bought as, what it does by hour, what that takes from carriers and adds to ledgers.

    `prepare` turns conditions into hourly coefficients once; everything below it gets those coefficients for the hours of a period. A class whose
    variables planner/meanings.py does not know says what they hold in `meanings: ClassVar = {"gift": "power that costs nothing"}`.
    """

    @property
    def name(self) -> str: ...
    @property
    def assets(self) -> tuple[Asset, ...]: ...
    @property
    def states(self) -> tuple[State, ...]: ...
    def prepare(self, conditions: Conditions) -> Hourly: ...
    def operate(self, block: pyo.Block, period: Period, hourly: Hourly, levels: Mapping[str, Any], state: Mapping) -> None: ...
    def flows(self, hourly: Hourly) -> tuple[Flow, ...]: ...
    def effects(self, hourly: Hourly) -> tuple[Effect, ...]: ...
    def loadings(self, hourly: Hourly) -> tuple[Loading, ...]: ...


def at(hourly: Hourly, period: Period) -> dict[str, np.ndarray]:
    """Coefficients of the conditions' hours, taken at the hours of a period."""
    return {name: values[period.hour] for name, values in hourly.items()}


def sum_of(block: pyo.Block, name: str, terms: tuple[Term, ...], size: int):
    """A function t -> Pyomo expression of a sum of terms over the block's variables, its coefficients made once."""
    made = [(getattr(block, term.variable), data(block, f"{name}_{number}", spread(term, size), term.unit))
            for number, term in enumerate(terms)]
    return lambda t: sum(factor[t] * quantity[t] for quantity, factor in made)


def spread(term: Term, size: int) -> np.ndarray:
    """A term's coefficient as one number an hour."""
    return np.broadcast_to(np.asarray(term.coefficient, dtype=float), (size,))
