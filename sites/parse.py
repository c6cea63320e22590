"""From the text of a site file to its tables, or to every problem with them, placed."""

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from .keys import elsewhere, schema_path, siblings
from .problems import Key, Problem, Report, SiteProblems, dotted
from .said import said
from .schema import SiteFile

FEW = 3  # keys of another table that are told


def read_text(path: Path, what: str = "site file", mend: str = "") -> str:
    """The file's text. Raises SiteProblems where it cannot be read, with what to do, of a site file what to give in its place."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as reason:
        raise SiteProblems([Problem("file", f"cannot read the {what}: {reason.strerror}", str(path), help=mend or _instead(path))]) from reason
    except UnicodeDecodeError as reason:
        raise SiteProblems([Problem("file", f"the {what} is not UTF-8 text", str(path), help="save it as UTF-8")]) from reason


def _instead(path: Path) -> str:
    """What to give in place of a path that is no file."""
    inside = path / "site.toml"
    return f"give the file in that folder: {inside}" if inside.is_file() else "give the path of a site.toml; the examples have one each"


def parse_toml(path: Path, text: str) -> dict[str, Any]:
    """The values as TOML gives them. Raises SiteProblems at the place where the text is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as reason:
        line, column, source = _broken_at(str(reason), text)
        raise SiteProblems([Problem("toml", "this is not TOML", str(path), line, column, "", str(reason),
                                    'values are key = "value", tables [name]', source)]) from reason


def _broken_at(reason: str, text: str) -> tuple[int, int, str]:
    """Line, column and the line's text; the end of the text where the parser names no line."""
    lines = text.rstrip("\n").split("\n")
    found = re.search(r"line (\d+), column (\d+)", reason)
    line = min(int(found[1]), len(lines)) if found else len(lines)
    source = lines[line - 1]
    return line, min(int(found[2]) if found else 1, len(source) + 1), source


def validate(values: dict[str, Any], report: Report) -> SiteFile:
    """The tables as types. Raises SiteProblems with all that does not fit."""
    try:
        return SiteFile.model_validate(values)
    except ValidationError as problems:
        report_all(problems.errors(), report)
        raise SiteProblems(report.in_file_order()) from problems


def report_all(errors: list[Any], report: Report) -> None:
    """Report what pydantic found."""
    for problem in without_echoes(errors):
        _add(problem, report)


def without_echoes(errors: list[Any]) -> list[Any]:
    """Without the lists that are too short only because something in them did not read."""
    above = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in above]


def _add(problem: Any, report: Report) -> None:
    key: Key = tuple(problem["loc"])
    context = problem.get("ctx", {})
    table = dotted(key[:-1])
    if problem["type"] == "placed":
        report.add(context["code"], key, f"expected {context['expected']}", context["help"], title=context["found"])
    elif problem["type"] == "extra_forbidden":
        report.add("key", key, "unknown key", _nearest_key(key), title=f'"{key[-1]}" is no key of {table or "a site file"}', at_key=True)
    elif problem["type"] == "missing":
        report.add("missing", key, f'"{key[-1]}" is missing from {table or "the site file"}', f"add {key[-1]}")
    else:
        found, expected, mend = said(problem)
        report.add("value", key, expected, f"{mend}; see `dcplan explain {'.'.join(schema_path(key))}`", title=found)


def _nearest_key(key: Key) -> str:
    close = nearest_sibling(key)
    if close:
        return f"did you mean {close}?"
    others = elsewhere(key)
    there = f"; {' and '.join(others)} {'is a key' if len(others) == 1 else 'are keys'}" if 0 < len(others) <= FEW else ""
    return f"known keys here: {', '.join(sorted(siblings(key)))}{there}"


def nearest_sibling(key: Key) -> str | None:
    """The key of the same table whose name is nearest."""
    return next(iter(difflib.get_close_matches(str(key[-1]), siblings(key), n=1)), None)
