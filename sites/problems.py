"""Problems with what a user gave: where, what was found, what was expected, how to mend it. All are collected, then shown together."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One problem. line and column count from 1; line is 0 where the place is the file as a whole, or has no lines, as --set. width: characters
    marked, 0 for the rest of the line."""

    code: str
    title: str
    file: str
    line: int = 0
    column: int = 0
    key: str = ""
    detail: str = ""
    help: str = ""
    source: str = ""
    width: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        block = [f"error[{self.code}]: {self.title}", f"  --> {place}  {self.key}".rstrip()]
        if self.source:
            number = str(self.line or " ")
            mark = "^" * (self.width or max(1, len(self.source.rstrip()) - self.column + 1))
            gap = " " * len(number)
            indent = re.sub(r"[^\t]", " ", self.source[: self.column - 1])
            block += [f"{gap} |", f"{number} | {self.source.rstrip()}", f"{gap} | {indent}{mark} {self.detail}".rstrip()]
        elif self.detail:
            block.append(f"   = found: {self.detail}")
        return "\n".join([*block, *([f"   = help: {self.help}"] if self.help else [])])


class SiteProblems(ValueError):
    """A site that cannot be used: all problems found in one pass."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n\n".join(map(str, self.problems)))


Key = tuple[str | int, ...]
Span = tuple[int, int, int]


@dataclass(frozen=True)
class Place:
    """Where a key stands: file, line (0 where there are none), column, characters to mark, and the text of the line."""

    file: str
    line: int
    column: int
    width: int
    source: str


class Positions:
    """Where each key of a TOML text stands: key path -> (line, column, width) of its value, from 1. Tables and arrays stand where they open."""

    def __init__(self, text: str):
        self.lines = text.split("\n")
        self.places: dict[Key, Span] = {}
        self.keys: dict[Key, Span] = {}
        self._walk(text.encode())

    def of(self, key: Key, at_key: bool = False) -> Span:
        """Place of a key, or of the nearest table above it that is written."""
        places = self.keys if at_key else self.places
        while key and key not in places:
            key, places = key[:-1], self.places
        return places.get(key, (1, 1, 0))

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
        self.places[path] = self._place(node)
        self.keys[path] = self._place(name)

    def _place(self, node) -> Span:
        """The parser counts columns in bytes, a reader in characters. What runs over several lines is marked to its line's end."""
        first, last = node.start_point, node.end_point
        column = len(self.lines[first.row].encode()[: first.column].decode()) + 1
        return first.row + 1, column, len(node.text.decode()) if first.row == last.row else 0


def _key(node) -> tuple[str, ...]:
    if node.type == "dotted_key":
        return tuple(part for child in node.named_children for part in _key(child))
    return (node.text.decode().strip("\"'"),)


def dotted(key: Key) -> str:
    """grid.stages[0].capacity for ("grid", "stages", 0, "capacity")."""
    return re.sub(r"\.\[", "[", ".".join(f"[{part}]" if isinstance(part, int) else part for part in key))


class Report:
    """Problems of one site, placed as they are found. `place` tells where a key stands, `order` how problems are sorted."""

    def __init__(self, place: Callable[[Key, bool], Place], order: Callable[[Problem], tuple]):
        self.place, self.order, self.found = place, order, []

    def add(self, code: str, key: Key, found: str, mend: str, title: str | None = None, at_key: bool = False) -> None:
        """A problem with what stands at `key`; `found` is the title where there is none other."""
        at = self.place(key, at_key)
        self.found.append(Problem(code, title or found, at.file, at.line, at.column, dotted(key), found if title else "", mend, at.source, at.width))

    def in_file_order(self) -> list[Problem]:
        """All problems so far, as they stand in the file."""
        return sorted(self.found, key=self.order)
