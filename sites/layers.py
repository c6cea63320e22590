"""From a site file to its values, with everything it builds on, lowest first:

    the file that it extends (and what that extends), the file itself, the chosen [scenario.NAME] of each of them in the same order, every --set

Tables are merged key by key. Anything else, lists of tables too, is replaced as a whole. A path is read from the folder of the file it stands in.
Each key is known by the layer that wrote it last, so that a problem is told where the value stands.
"""

import copy
import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .assignment import Assignment, read_assignment
from .keys import path_values
from .packaged import looked_for
from .parse import parse_toml, read_text
from .problems import Key, Place, Positions, Problem, SiteProblems

Values = dict[str, Any]


@dataclass(frozen=True)
class SourceFile:
    """A TOML file as it stands."""

    path: Path
    positions: Positions
    values: Values
    extends: str | None = None

    def problem(self, code: str, found: str, key: Key, mend: str) -> SiteProblems:
        """A problem with a key of this file."""
        line, column, width = self.positions.of(key)
        return SiteProblems([Problem(code, found, str(self.path), line, column, ".".join(map(str, key)), "", mend, self.positions.line(line), width)])


@dataclass(frozen=True)
class Layer:
    """Values of a file, or of a table in it: `prefix` is where they stand."""

    file: SourceFile
    values: Values
    prefix: Key = ()

    def place(self, key: Key, at_key: bool) -> Place:
        """Where a key stands."""
        line, column, width = self.file.positions.of((*self.prefix, *key), at_key)
        return Place(str(self.file.path), line, column, width, self.file.positions.line(line))


@dataclass(frozen=True)
class SetLayer:
    """One --set."""

    assignment: Assignment

    def place(self, key: Key, at_key: bool) -> Place:
        """Where a key stands: the command line has no lines."""
        text, start = self.assignment.text, self.assignment.start
        return Place("--set", 0, 1, max(1, text.find("=")), text) if at_key else Place("--set", 0, start, max(1, len(text) - start + 1), text)


@dataclass
class Merged:
    """The values of all layers, and which layer wrote each key."""

    values: Values = field(default_factory=dict)
    owners: dict[Key, Layer | SetLayer] = field(default_factory=dict)

    def add(self, layer: Layer) -> None:
        """Lay a layer over what there is."""
        self.owners[()] = layer
        self._lay(self.values, layer.values, (), layer)

    def _lay(self, below: Values, above: Values, key: Key, layer: Layer) -> None:
        for name, value in above.items():
            here = (*key, name)
            if isinstance(value, dict) and isinstance(below.get(name), dict):
                self.owners[here] = layer
                self._lay(below[name], value, here, layer)
            else:
                below[name] = copy.deepcopy(value)
                self._own(here, layer)
                self._own_parts(here, value, layer)

    def _own(self, key: Key, layer: Layer | SetLayer) -> None:
        self.owners = {known: owner for known, owner in self.owners.items() if known[: len(key)] != key} | {key: layer}

    def _own_parts(self, key: Key, value: Any, layer: Layer) -> None:
        """Tables are merged into later, so their keys are known one by one."""
        for name, part in value.items() if isinstance(value, dict) else ():
            self.owners[*key, name] = layer
            self._own_parts((*key, name), part, layer)

    def assign(self, assignment: Assignment) -> None:
        """Lay a --set over what there is; nothing is laid where it has no place. Raises SiteProblems."""
        layer, values = SetLayer(assignment), copy.deepcopy(self.values)
        key = assignment.apply(values)
        self.values = values
        for depth in range(1, len(key)):
            self.owners.setdefault(key[:depth], layer if self._owner(key[:depth]) is self.owners[()] else self._owner(key[:depth]))
        self._own(key, layer)

    def _owner(self, key: Key) -> Layer | SetLayer:
        return next(self.owners[key[:depth]] for depth in range(len(key), -1, -1) if key[:depth] in self.owners)

    def place(self, key: Key, at_key: bool = False) -> Place:
        """Where a key stands, or the nearest table above it that is written."""
        return self._owner(key).place(key, at_key)


@dataclass(frozen=True)
class Source:
    """A site file with all it builds on: the files (the file itself first), the values merged, and those of every other scenario."""

    files: tuple[SourceFile, ...]
    merged: Merged
    others: tuple[Merged, ...]

    def order(self, problem: Problem) -> tuple:
        """Problems as they stand in the file, then in those that it extends, then in --set."""
        names = [str(file.path) for file in self.files]
        return (names.index(problem.file), problem.line, problem.column) if problem.file in names else (len(names), 0, 0)

    def is_in_scenario(self, problem: Problem) -> bool:
        """Whether a problem stands in a table of some scenario."""
        return any((problem.line, problem.column) == span[:2] for file in self.files if str(file.path) == problem.file
                   for places in (file.positions.places, file.positions.keys) for key, span in places.items() if key[0] == "scenario")


def read_source(path: Path, overrides: Sequence[str] = (), scenario: str | None = None) -> Source:
    """Read a site file and what it builds on. Raises SiteProblems where a file, a scenario or an override cannot be read."""
    source, problems = read_what_there_is(path, overrides, scenario)
    if problems:
        raise SiteProblems(problems)
    return source


def read_what_there_is(path: Path, overrides: Sequence[str] = (), scenario: str | None = None) -> tuple[Source, list[Problem]]:
    """Read a site file and what it builds on, without a scenario that there is not and overrides that have no place, and problems with these. Raises
    SiteProblems where a file cannot be read."""
    chain, problems = _chain(path), []
    names = _scenarios(chain)
    if scenario is not None and scenario not in names:
        problems.append(Problem("scenario", f'there is no scenario "{scenario}"', str(path), help=_known(scenario, names)))
    others = () if overrides else tuple(_merged(chain, name) for name in names if name != scenario)
    merged = _merged(chain, scenario)
    for text in overrides:
        try:
            merged.assign(read_assignment(text))
        except SiteProblems as reason:
            problems += reason.problems
    return Source(tuple(reversed(chain)), merged, others), problems


def _known(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(names), n=1)
    return f"did you mean {close[0]}?" if close else f"scenarios of this file: {', '.join(names)}" if names else f"add a table [scenario.{name}]"


def _chain(path: Path) -> list[SourceFile]:
    """The file and what it extends, the lowest first."""
    found: list[SourceFile] = []
    while True:
        text = read_text(path)
        values = parse_toml(path, text)
        base = values.pop("extends", None)
        file = SourceFile(path, Positions(text), values, base)
        found.insert(0, file)
        if base is None:
            return found
        path = _base(file, base)
        if path.resolve() in [known.path.resolve() for known in found]:
            raise file.problem("extends", f'"{base}" extends this file in turn', ("extends",), "let a base file stand on its own")


def _base(file: SourceFile, base: Any) -> Path:
    if not isinstance(base, str):
        raise file.problem("extends", f"{base!r} is no path", ("extends",), 'write extends = "base.toml"')
    path = file.path.parent / base
    if not path.is_file():
        raise file.problem("extends", f'there is no file "{base}"', ("extends",), looked_for(path))
    return path


def _scenarios(chain: list[SourceFile]) -> list[str]:
    """Names of all scenarios. Raises SiteProblems where one is no table."""
    names: list[str] = []
    for file in chain:
        held = file.values.get("scenario", {})
        for key, value in ((("scenario",), held), *((("scenario", name), value) for name, value in (held.items() if isinstance(held, dict) else ()))):
            if not isinstance(value, dict):
                raise file.problem("scenario", f"{'.'.join(key)} is no table", key, "write [scenario.NAME] and below it the keys that differ")
        names += [name for name in held if name not in names]
    return names


def _merged(chain: list[SourceFile], scenario: str | None) -> Merged:
    merged, home = Merged(), chain[-1].path.parent
    for file in chain:
        merged.add(Layer(file, relocated({name: value for name, value in file.values.items() if name != "scenario"}, file.path.parent, home)))
    for file in chain:
        chosen = file.values.get("scenario", {}).get(scenario)
        if chosen is not None:
            top = merged.owners[()]
            merged.add(Layer(file, relocated(chosen, file.path.parent, home), ("scenario", str(scenario))))
            merged.owners[()] = top
    return merged


def relocated(values: Values, folder: Path, home: Path) -> Values:
    """The values with every path as it is to be read from another folder."""
    if folder.resolve() == home.resolve():
        return values
    moved = copy.deepcopy(values)
    for key, text in path_values(values):
        here: Any = moved
        for part in key[:-1]:
            here = here[part]
        here[key[-1]] = os.path.relpath(folder / text, home)
    return moved
