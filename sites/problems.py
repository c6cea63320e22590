"""Problems with what a user gave: where, what was found, what was expected, how to mend it. All are collected, then shown together."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One problem. line and column count from 1; 0 where the place is the file as a whole."""

    code: str
    title: str
    file: str
    line: int = 0
    column: int = 0
    key: str = ""
    detail: str = ""
    help: str = ""
    source: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        block = [f"error[{self.code}]: {self.title}", f"  --> {place}  {self.key}".rstrip()]
        if self.source:
            number = str(self.line)
            mark = "^" * max(1, len(self.source.rstrip()) - self.column + 1)
            gap = " " * len(number)
            block += [f"{gap} |", f"{number} | {self.source.rstrip()}", f"{gap} | {' ' * (self.column - 1)}{mark} {self.detail}".rstrip()]
        elif self.detail:
            block.append(f"   = found: {self.detail}")
        return "\n".join([*block, *([f"   = help: {self.help}"] if self.help else [])])


class SiteProblems(ValueError):
    """A site that cannot be used: all problems found in one pass."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n\n".join(map(str, self.problems)))


Key = tuple[str | int, ...]


class Positions:
    """Where each key of a TOML text stands: key path -> (line, column) of its value, from 1. Tables and arrays stand where they open."""

    def __init__(self, text: str):
        self.lines = text.split("\n")
        self.places: dict[Key, tuple[int, int]] = {}
        self.keys: dict[Key, tuple[int, int]] = {}
        self._walk(text.encode())

    def of(self, key: Key, at_key: bool = False) -> tuple[int, int]:
        """Place of a key, or of the nearest table above it that is written."""
        places = self.keys if at_key else self.places
        while key and key not in places:
            key, places = key[:-1], self.places
        return places.get(key, (1, 1))

    def line(self, number: int) -> str:
        """A line of the text, without its end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def _walk(self, text: bytes) -> None:
        import tree_sitter_toml
        from tree_sitter import Language, Parser

        counts: dict[Key, int] = {}
        for node in Parser(Language(tree_sitter_toml.language())).parse(text).root_node.children:
            if node.type == "pair":
                self._pair(node, ())
            elif node.type in ("table", "table_array_element"):
                self._table(node, counts)

    def _table(self, node, counts: dict[Key, int]) -> None:
        inner = [child for child in node.named_children if child.type != "comment"]
        path: Key = ()
        parts = _key(inner[0])
        for depth, part in enumerate(parts):
            path = (*path, part)
            if node.type == "table_array_element" and depth == len(parts) - 1:
                counts[path] = counts.get(path, -1) + 1
            if path in counts:
                path = (*path, counts[path])
        self._mark(path, inner[0], inner[0])
        for child in inner[1:]:
            self._pair(child, path)

    def _pair(self, node, above: Key) -> None:
        if node.type != "pair":
            return
        name, value = (child for child in node.named_children if child.type != "comment")
        self._value(value, (*above, *_key(name)), name)

    def _value(self, node, path: Key, name) -> None:
        self._mark(path, node, name)
        children = [child for child in node.named_children if child.type != "comment"]
        for number, child in enumerate(children if node.type in ("array", "inline_table") else ()):
            if node.type == "array":
                self._value(child, (*path, number), child)
            else:
                self._pair(child, path)

    def _mark(self, path: Key, node, name) -> None:
        self.places[path] = (node.start_point[0] + 1, node.start_point[1] + 1)
        self.keys[path] = (name.start_point[0] + 1, name.start_point[1] + 1)


def _key(node) -> tuple[str, ...]:
    if node.type == "dotted_key":
        return tuple(part for child in node.named_children for part in _key(child))
    return (node.text.decode().strip("\"'"),)


def dotted(key: Key) -> str:
    """grid.stages[0].capacity for ("grid", "stages", 0, "capacity")."""
    return re.sub(r"\.\[", "[", ".".join(f"[{part}]" if isinstance(part, int) else part for part in key))


def shown(path: Path) -> str:
    """The path as a user would write it."""
    return str(path)
