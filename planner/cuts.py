"""Cuts: tangents of what operation costs, of months and of years, at their own prices and at those of their like.

A cut is `sum_m weight_m * theta_m >= intercept + slope . states`: the cost of months is convex in the states, so its tangent at any trial
bounds it everywhere. A cut of one month holds in every phase that has the month at the same prices: those functions are one. Cuts of a
year whose budgets bind couple its months, with the budgets at their prices (Lagrange). At other prices mixtures of cuts hold (planner/repricing.py).
"""

import hashlib
from dataclasses import dataclass

import numpy as np

from .sweep import Reply, Task
from .years import Operated


@dataclass(frozen=True)
class Row:
    """`values . x[columns] >= lower` over the master's columns, million USD."""

    columns: np.ndarray
    values: np.ndarray
    lower: float


@dataclass(frozen=True)
class Cut:
    """`weights . theta >= intercept + slopes . states` (USD), for the months of a function, its states by phase; `price` (USD per unit) is that of
    the year's budgets in it, nothing where none binds, or for a cut out of a checkpoint; `mixed` where it is made of cuts at other prices."""

    function: str
    weights: np.ndarray
    intercept: float
    slopes: np.ndarray
    price: np.ndarray | None = None
    mixed: bool = False


@dataclass(frozen=True)
class Place:
    """Where a function stands in the master: columns of theta by month, and its phases."""

    theta: np.ndarray
    phases: np.ndarray


@dataclass(frozen=True)
class Stack:
    """The cuts of one function, one below the other; slopes flat over (phase, state); which are tangents of its own."""

    cuts: list[Cut]
    intercepts: np.ndarray
    slopes: np.ndarray
    weights: np.ndarray
    own: np.ndarray

    def values(self, within: np.ndarray) -> np.ndarray:
        """What each cut asks of the months (USD) at states of their phases."""
        return self.intercepts + self.slopes @ within.ravel()


def stack(cuts: list[Cut]) -> Stack:
    """The cuts of a function, for many of them to be valued at once."""
    return Stack(cuts, np.array([cut.intercept for cut in cuts]), np.array([cut.slopes.ravel() for cut in cuts]), np.array([cut.weights for cut in cuts]),
                 np.flatnonzero([not cut.mixed for cut in cuts]))


def mixed(function: str, cuts: list[Cut], shares: np.ndarray) -> Cut:
    """A cut of a function out of shares of cuts of its family at other prices."""
    prices = [cut.price for cut in cuts if cut.price is not None]
    return Cut(function, cuts[0].weights, float(shares @ [cut.intercept for cut in cuts]), np.tensordot(shares, [cut.slopes for cut in cuts], 1),
               shares @ prices if len(prices) == len(cuts) else None, True)


def month_cut(task: Task, reply: Reply) -> Cut:
    """The tangent of a month's cost at a task's states."""
    intercept = float(task.prices @ reply.amounts) - float(reply.gradient @ task.states)
    return Cut(month_function(task.month, task.prices), np.ones(1), intercept, reply.gradient[None, :])


def year_cut(operated: Operated) -> Cut:
    """The tangent of a year's months at prices of its budgets, less the budgets at those prices."""
    year, price = operated.year, operated.ration.price
    intercept = -float(price @ year.fixed)
    for month, task, reply in zip(year.months, operated.tasks, operated.replies, strict=True):
        intercept += month.weight * (float(task.prices @ reply.amounts) - float(reply.gradient @ task.states))
    return Cut(year.function, np.array([month.weight for month in year.months]), intercept, operated.slopes, price)


def month_function(number: int, prices: np.ndarray) -> str:
    """Months with equal names are one function of the states."""
    return hashlib.sha256(f"{number} ".encode() + prices.tobytes()).hexdigest()


