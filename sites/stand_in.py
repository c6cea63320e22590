"""What stands in for values that do not read, so that the checks across keys and the files named are looked at in the same pass."""

import copy
from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from ..models.units import UnitProblem, example, parse
from .keys import key_at
from .parse import nearest_sibling
from .problems import Key, Problem, dotted
from .schema import SiteFile


def stood_in(values: dict[str, Any], errors: list[Any]) -> SiteFile | None:
    """The tables with a plain value in place of each that did not read, without keys that are not known; None where that does not do."""
    mended = copy.deepcopy(values)
    try:
        for error in sorted(errors, key=lambda error: error["type"] == "missing"):  # slips of the pen first: they may be what is missing
            _mend(mended, tuple(error["loc"]), error["type"])
        return SiteFile.model_validate(mended)
    except (KeyError, IndexError, TypeError, UnitProblem, ValidationError):
        return None


def beyond(problems: Iterable[Problem], errors: list[Any]) -> list[Problem]:
    """Problems that do not stand beside something that did not read, nor in a list that holds it, and so may come from what stands in for it."""
    keys = [tuple(error["loc"]) for error in errors]
    tables = {dotted(key[:-1]) for key in keys} - {""}
    lists = {dotted(key[:place]) for key in keys for place, part in enumerate(key) if isinstance(part, int)}
    return [problem for problem in problems if not {problem.key, problem.key.rpartition(".")[0]} & tables
            and not any(problem.key == one or problem.key.startswith(f"{one}[") for one in lists)]


def _mend(values: dict[str, Any], key: Key, kind: str) -> None:
    table: Any = values
    for part in key[:-1]:
        table = table[part]
    if kind == "extra_forbidden":
        meant, held = nearest_sibling(key), table.pop(key[-1])
        if meant is not None:
            table.setdefault(meant, held)
    elif kind != "missing" or key[-1] not in table:
        table[key[-1]] = _plain(key)


def _plain(key: Key) -> str:
    """A text that reads, for a key that takes a quantity. Raises KeyError for any other."""
    found = key_at(key)
    unit = found.form.unit if found is not None else None
    if unit is None:
        raise KeyError(dotted(key))
    value = parse(example(unit.unit), unit.unit)
    if unit.least is not None:
        value = max(value, unit.least)
    return unit.shown(value if unit.most is None else min(value, unit.most))
