"""--set KEY=VALUE: one value put in place of what the files say.

A key is dotted; rows of a list are told by their number or by their name: `fleet[0].racks_per_pod`, `grid.stages[substation].capacity`. A value is
read as TOML, or as plain text where the key takes text: `water.right=300000 m3/year` needs no quotes of its own.
"""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from .keys import wants_text
from .problems import Key, Problem, SiteProblems

PART = re.compile(r"([A-Za-z0-9_-]+)((?:\[[A-Za-z0-9_-]+\])*)")
FORM = "write KEY=VALUE, for example water.right='300000 m3/year' or fleet[0].racks_per_pod=8"


@dataclass(frozen=True)
class Assignment:
    """A text KEY=VALUE, read."""

    text: str
    parts: tuple[str, ...]
    value: str

    @property
    def start(self) -> int:
        """Column at which the value starts, from 1."""
        return len(self.text) - len(self.value) + 1

    def problem(self, found: str, mend: str) -> Problem:
        """A problem with its key."""
        return Problem("set", found, "--set", 0, 1, "", "", mend, self.text, max(1, self.text.find("=")))

    def apply(self, values: dict[str, Any]) -> Key:
        """Put the value in place; tables that are not there are made. Gives its key. Raises SiteProblems where there is no such place."""
        key: Key = ()
        here: Any = values
        for number, part in enumerate(self.parts):
            step = self._step(here, part, key)
            key = (*key, step)
            if number < len(self.parts) - 1:
                here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
        here[key[len(key) - 1]] = _value(self.value, key)
        return key

    def _step(self, here: Any, part: str, key: Key) -> str | int:
        """The name or number of the place within a table or list."""
        if not part.startswith("["):
            if isinstance(here, dict):
                return part
            raise SiteProblems([self.problem(_no_place(part, key, here), FORM)])
        rows = here if isinstance(here, list) else []
        names = [str(row.get("name", "")) if isinstance(row, dict) else "" for row in rows]
        place = int(part[1:-1]) if part[1:-1].isdigit() else names.index(part[1:-1]) if part[1:-1] in names else len(rows)
        if place >= len(rows):
            raise SiteProblems([self.problem(_no_row(part, key, rows, names), FORM)])
        return place


def read_assignment(text: str) -> Assignment:
    """Split KEY=VALUE. Raises SiteProblems where the text is none."""
    name, equals, value = text.partition("=")
    parts = [PART.fullmatch(part.strip()) for part in name.split(".")]
    if not equals or not all(parts):
        raise SiteProblems([Problem("set", f'"{text}" is not KEY=VALUE', "--set", help=FORM)])
    steps = (step for part in parts if part for step in (part[1], *re.findall(r"\[[^\]]+\]", part[2])))
    return Assignment(text, tuple(steps), value.strip())


def _value(text: str, key: Key) -> Any:
    try:
        read = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
    return text if wants_text(key) and not isinstance(read, str) else read


def _no_place(part: str, key: Key, here: Any) -> str:
    held = "a list: tell its row" if isinstance(here, list) else "a single value"
    return f'no "{part}" can be set here: {".".join(map(str, key))} is {held}'


def _no_row(part: str, key: Key, rows: list, names: list[str]) -> str:
    held = f"has {len(rows)} rows" + (f" ({', '.join(filter(None, names))})" if any(names) else "") if rows else "is no list in the file"
    return f"there is no {'.'.join(map(str, key))}{part}: {key[-1] if key else 'the file'} {held}"
