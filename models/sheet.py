"""A block of operation written for all hours at once: what Pyomo says row by row, as arrays.

The rules of models/ (`lambda t: generation[t] <= share[t] * capacity`) are written once. Given a Pyomo block, `rows` calls them index by index
and Pyomo keeps expressions, names and units: that is the programme, and what its units are checked on. Given a Sheet, `rows` calls them a single
time with all indices as one array, and variables answer with arrays of columns. A test holds both to the same matrix. A month of a large site
takes 1.2 s and 100 MB through Pyomo's expressions, 0.04 s this way, and a full-resolution plan needs every month of every worker.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy import sparse

Part = tuple[np.ndarray, Any]


@dataclass(frozen=True, eq=False)
class Linear:
    """Sums by index: parts are (columns, coefficients), each of one number or one number an index, and a constant."""

    parts: tuple[Part, ...]
    constant: Any = 0.0

    __array_ufunc__ = None

    def __add__(self, other: Any) -> "Linear":
        more = other if isinstance(other, Linear) else Linear((), other)
        return Linear(self.parts + more.parts, self.constant + more.constant)

    __radd__ = __add__

    def __mul__(self, factor: Any) -> "Linear":
        return Linear(tuple((columns, factor * share) for columns, share in self.parts), factor * self.constant)

    __rmul__ = __mul__

    def __truediv__(self, factor: Any) -> "Linear":
        return self * (1 / factor)

    def __neg__(self) -> "Linear":
        return self * -1.0

    def __sub__(self, other: Any) -> "Linear":
        return self + -other

    def __rsub__(self, other: Any) -> "Linear":
        return -self + other

    def __le__(self, other: Any) -> "Relation":
        return Relation(self - other, -np.inf, 0.0)

    def __ge__(self, other: Any) -> "Relation":
        return Relation(self - other, 0.0, np.inf)

    def __eq__(self, other: Any) -> "Relation":  # type: ignore[override]
        return Relation(self - other, 0.0, 0.0)


@dataclass(frozen=True)
class Relation:
    """lower <= body <= upper, by index."""

    body: Linear
    lower: float
    upper: float


@dataclass(frozen=True)
class Vector:
    """A variable: its indices in order and its column at each. `doc` is its unit, as on a Pyomo variable."""

    index: np.ndarray
    columns: np.ndarray
    doc: str

    def __getitem__(self, t: Any) -> Linear:
        place = np.minimum(np.searchsorted(self.index, t), len(self.index) - 1)
        if not np.array_equal(self.index[place], t):
            raise KeyError(t)
        return Linear(((np.atleast_1d(self.columns[place]), 1.0),))

    def __iter__(self) -> Iterator[int]:
        return iter(self.index.tolist())


@dataclass
class Paper:
    """What all parts of a sheet write on: bounds of columns, and rows as (row numbers, columns, coefficients, lower, upper)."""

    lower: list[np.ndarray] = field(default_factory=list)
    upper: list[np.ndarray] = field(default_factory=list)
    entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)
    bounds: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    columns: int = 0
    rows: int = 0


class Sheet:
    """Stands where a Pyomo block stands: `getattr(sheet, name)` is a part, a variable, or the row numbers of a constraint."""

    def __init__(self, paper: Paper | None = None):
        self.paper = Paper() if paper is None else paper
        self.parts: dict[str, Sheet] = {}
        self.variables: dict[str, Vector] = {}
        self.constraints: dict[str, np.ndarray] = {}

    def __getattr__(self, name: str) -> Any:
        for held in ("parts", "variables", "constraints"):
            if name in self.__dict__.get(held, {}):
                return self.__dict__[held][name]
        raise AttributeError(f"the sheet has no {name}")

    def part(self, name: str) -> "Sheet":
        """A part with variables and rows of its own."""
        self.parts[name] = Sheet(self.paper)
        return self.parts[name]

    def variable(self, name: str, index: list[int], unit: str, lower: float | None, upper: Any) -> Vector:
        """A variable with one column an index; indices ascend."""
        paper, size = self.paper, len(index)
        self.variables[name] = made = Vector(np.array(index, dtype=int), paper.columns + np.arange(size), unit)
        paper.lower.append(np.full(size, -np.inf if lower is None else lower))
        paper.upper.append(np.broadcast_to(np.asarray(np.inf if upper is None else upper, dtype=float), (size,)))
        paper.columns += size
        return made

    def rows(self, name: str, index: list[int], rule: Callable[[Any], Any]) -> None:
        """One row an index, from one call of the rule with all of them."""
        size, paper = len(index), self.paper
        number = self.constraints[name] = paper.rows + np.arange(size)
        if not size:
            return
        relation = rule(np.array(index, dtype=int))
        for columns, share in relation.body.parts:
            paper.entries.append((number, np.broadcast_to(columns, (size,)), np.broadcast_to(np.asarray(share, dtype=float), (size,))))
        constant = np.broadcast_to(np.asarray(relation.body.constant, dtype=float), (size,))
        paper.bounds.append((relation.lower - constant, relation.upper - constant))
        paper.rows += size

    def name_of(self, row: int) -> str:
        """The constraint that a row is of, with its part."""
        return next(".".join((*within, name)) for within, part in self.walk() for name, numbers in part.constraints.items() if row in numbers)

    def walk(self, within: tuple[str, ...] = ()) -> "Iterator[tuple[tuple[str, ...], Sheet]]":
        """This sheet and all parts within it, with their names from the outermost on."""
        yield within, self
        for name, part in self.parts.items():
            yield from part.walk((*within, name))

    def matrix(self) -> sparse.csr_matrix:
        """All rows by all columns; entries of one place are summed, zeros left out."""
        row, column, value = (np.concatenate(piece) for piece in zip(*self.paper.entries, strict=True))
        made = sparse.csr_matrix((value, (row, column)), shape=(self.paper.rows, self.paper.columns))
        made.eliminate_zeros()
        return made
