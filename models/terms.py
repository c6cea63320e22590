"""What a technology tells the rest of the programme: flows between carriers and effects on ledgers, as linear terms.

A term is `coefficient x variable`, per hour. The same list is read as a Pyomo expression (balances, objective) and as numpy (results),
so what is optimised and what is reported cannot drift apart.
"""

import contextlib
import contextvars
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.common.modeling import unique_component_name
from pyomo.core.base.units_container import units as pyomo_units

from .sheet import Sheet
from .units import registry

_with_units: contextvars.ContextVar[bool] = contextvars.ContextVar("with_units", default=False)


@dataclass(frozen=True)
class Term:
    """`coefficient * variable[hour]`; the coefficient is a number or one number an hour, in `unit`."""

    variable: str
    coefficient: float | np.ndarray = 1.0
    unit: str = "1"


@dataclass(frozen=True)
class Flow:
    """What a component gives to (sign +1) or takes from (sign -1) a carrier, in MW. `used`: what it takes is neither stored nor sent back."""

    carrier: str
    terms: tuple[Term, ...]
    sign: int = 1
    used: bool = True


@dataclass(frozen=True)
class Effect:
    """What a component adds to a ledger each hour: money in USD, water in m3, carbon in tonne_CO2e, shed in accelerator-hours.

    `span` says what the terms are indexed by: "hour", "month" for a monthly peak, or "run" for the last hours of a store's runs
    (models/storage.py). `escalation` (1/year) raises a price from year to year.
    """

    ledger: str
    item: str
    terms: tuple[Term, ...]
    span: str = "hour"
    escalation: float = 0.0


def flow(carrier: str, sign: int, *terms: Term | str, used: bool = True) -> Flow:
    """A Flow from variable names or Terms."""
    return Flow(carrier, tuple(term if isinstance(term, Term) else Term(term) for term in terms), sign, used)


@contextlib.contextmanager
def symbols_with_units() -> Iterator[None]:
    """While open, coefficients become Pyomo parameters with units, so that a whole model can be checked for consistency."""
    token = _with_units.set(True)
    try:
        yield
    finally:
        _with_units.reset(token)


def pyomo_unit(text: str) -> Any:
    """The Pyomo unit of a canonical unit text such as "USD/MWh"."""
    if pyomo_units.pint_registry is not registry():
        pyomo_units.set_pint_registry(registry())
    result: Any = pyomo_units.dimensionless
    for position, part in enumerate(text.split("/")):
        for factor in part.split("*"):
            unit: Any = pyomo_units.dimensionless if factor == "1" else getattr(pyomo_units, factor)
            result = result * unit if position == 0 else result / unit
    return result


def part(block: Any, name: str) -> Any:
    """Add a block within a block."""
    if isinstance(block, Sheet):
        return block.part(name)
    block.add_component(name, pyo.Block())
    return getattr(block, name)


def variable(block: Any, name: str, index: Iterable[int], unit: str, lower: float | None = 0.0, integer: bool = False,
             upper: float | np.ndarray | None = None) -> Any:
    """Add a variable, nonnegative unless `lower` says otherwise, with its unit (as text in `doc`, too); `upper` may be a number an index."""
    listed = list(index)
    if isinstance(block, Sheet):
        return block.variable(name, listed, unit, lower, upper)
    bounds = {i: (lower, most) for i, most in zip(listed, upper.tolist(), strict=True)} if isinstance(upper, np.ndarray) else (lower, upper)
    domain = pyo.Integers if integer else pyo.Reals
    made = pyo.Var(listed, domain=domain, bounds=bounds, units=units_of(unit), doc=unit)
    block.add_component(name, made)
    return made


def data(block: Any, name: str, values: float | np.ndarray | Mapping, unit: str) -> Any:
    """A coefficient by index: plain floats (on a sheet an array), or Pyomo parameters with units inside `symbols_with_units`."""
    if isinstance(block, Sheet):
        return values
    listed = dict(enumerate(np.asarray(values, dtype=float).tolist())) if isinstance(values, np.ndarray) else values
    if not _with_units.get():
        return listed
    index = list(listed) if isinstance(listed, dict) else None
    made = pyo.Param(index, initialize=listed, units=pyomo_unit(unit), mutable=True, within=pyo.Reals) if index is not None else pyo.Param(
        initialize=listed, units=pyomo_unit(unit), mutable=True, within=pyo.Reals)
    block.add_component(unique_component_name(block, name), made)
    return made


def constant(block: Any, name: str, value: float, unit: str) -> Any:
    """A single coefficient: a float, or a Pyomo parameter with its unit inside `symbols_with_units`."""
    return data(block, name, float(value), unit)


def measured(value: Any, *units: str) -> Any:
    """A coefficient outside blocks: a float, or the float times its Pyomo units inside `symbols_with_units`."""
    return value * math.prod(map(pyomo_unit, units)) if _with_units.get() else value


def units_of(text: str) -> Any:
    """What a Pyomo component takes as `units=`: nothing, or the unit inside `symbols_with_units`."""
    return pyomo_unit(text) if _with_units.get() else None


def lookup(block: Any, values: np.ndarray) -> Any:
    """Whole numbers by index, to index with: a list, on a sheet the array."""
    return values if isinstance(block, Sheet) else values.tolist()


def rows(block: Any, name: str, index: Iterable[int], rule) -> None:
    """Add one constraint an index; `rule(i)` gives the relation. On a sheet it is called once, with all of them as an array."""
    if isinstance(block, Sheet):
        block.rows(name, list(index), rule)
        return
    block.add_component(name, pyo.Constraint(list(index), rule=lambda _, i: rule(i)))


def amount(terms: Iterable[Term], values: Mapping[str, np.ndarray]) -> np.ndarray | float:
    """The numpy value of a sum of terms, given the values of the component's variables."""
    return sum((np.asarray(term.coefficient) * values[term.variable] for term in terms), 0.0)
