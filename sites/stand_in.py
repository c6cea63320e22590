"""What stands in for values that do not read, so that the checks across keys and the files named are looked at in the same pass.

A quantity stands as a plain one of its kind, as the least and as a very large one, a choice as each of its choices, a date as one before and as one
after all others: there is a site for each of these, and what the checks find counts where they find it in all of them.
"""

import copy
import re
import typing
from collections.abc import Iterable
from datetime import date
from typing import Any

from pydantic import ValidationError

from ..models.units import example, parse
from .keys import SiteKey, form, key_at
from .parse import nearest_sibling, without_echoes
from .problems import Key, Problem, dotted
from .quantity import Strict, Unit
from .schema import SiteFile

EARLY, LATE = date(1900, 1, 1), date(2999, 1, 1)
FAR = 1e6  # times a plain quantity
ALLOWED = (("power", "allow"), ("cooling", "allow"))  # lists that the technology of a size stands in
PASSES = 3  # a slip of the pen that is mended may hold what does not read either


def stood_in(values: dict[str, Any], errors: list[Any]) -> list[SiteFile]:
    """The tables with values in place of those that did not read, without keys that are not known, for each set of stand-ins; none where that does
    not do."""
    count = max(max(1, len(_options(tuple(error["loc"])))) for error in errors)
    found = [_mended(values, errors, number) for number in range(count)]
    return [file for file in found if file is not None]


def beyond(problems: Iterable[Problem], errors: list[Any]) -> list[Problem]:
    """Problems that do not stand beside something that did not read, nor below it, nor in a list that holds it, nor of a size whose technology is one
    of such a list, and so may come from what stands in for it."""
    keys = [tuple(error["loc"]) for error in errors]
    tables = {dotted(key[:-1]) for key in keys} - {""}
    lists = {dotted(key[:place]) for key in keys for place, part in enumerate(key) if isinstance(part, int)} | {dotted(key) for key in keys}
    sizes = any(key in ALLOWED for key in keys)
    return [problem for problem in problems if not {problem.key, problem.key.rpartition(".")[0]} & tables
            and not (sizes and problem.key.startswith("sizes[") and problem.key.endswith(".technology"))
            and not any(problem.key == one or problem.key.startswith((f"{one}[", f"{one}.")) for one in lists)]


def of_one_kind(errors: list[Any]) -> list[Any]:
    """Those for which a single value stands in, which may be blamed in what it stands beside."""
    return [error for error in errors if error["type"] == "extra_forbidden" or len(_options(tuple(error["loc"]))) < 2]


def _mended(values: dict[str, Any], errors: list[Any], number: int) -> SiteFile | None:
    mended = copy.deepcopy(values)
    try:
        for _ in range(PASSES):
            # slips of the pen first: they may be what is missing
            for error in sorted(without_echoes(errors), key=lambda error: error["type"] == "missing"):
                _mend(mended, tuple(error["loc"]), error["type"], number)
            try:
                return SiteFile.model_validate(mended)
            except ValidationError as left:
                errors = left.errors()
    except (KeyError, IndexError, TypeError):
        pass
    return None


def _mend(values: dict[str, Any], key: Key, kind: str, number: int) -> None:
    table: Any = values
    for part in key[:-1]:
        table = table[part]
    if kind == "extra_forbidden":
        meant, held = nearest_sibling(key), table.pop(key[-1])
        if meant is not None:
            table.setdefault(meant, held)
    elif kind != "missing" or key[-1] not in table:
        options = _options(key)
        if options:
            table[key[-1]] = options[number % len(options)]
        else:
            table.pop(key[-1])


def _options(key: Key) -> list[Any]:
    """What may stand where a key stands; none for a key that can only be left out."""
    found = key_at(key)
    if found is None:
        return []
    if found.form.many and not isinstance(key[-1], int):
        return [[]] if not found.field.is_required() else [[one] for one in _values(found, key)]
    return _values(found, key)


def _values(found: SiteKey, key: Key) -> list[Any]:
    """The values of one row or of a single key."""
    core, field = found.form.core, found.field
    if found.form.unit is not None:
        return _quantities(found.form.unit)
    if found.form.is_table:
        return [_table(core, key)]
    if typing.get_origin(core) is typing.Literal:
        return list(typing.get_args(core))
    plain = {bool: [True, False], date: [EARLY, LATE], str: [re.sub(r"\W+", "_", f"stand_in_{dotted(key)}")], int: [1]}
    if not field.is_required() and not found.form.many and core not in (bool, date):
        return [field.get_default(call_default_factory=True)]
    return plain.get(core, [])


def _table(table: type[Strict], key: Key) -> dict[str, Any]:
    """A table with what it has to hold."""
    needed = {name: field for name, field in table.model_fields.items() if field.is_required()}
    options = {name: _values(SiteKey((name,), field, form(field)), (*key, name)) for name, field in needed.items()}
    return {name: [values[0]] if form(needed[name]).many else values[0] for name, values in options.items() if values}


def _quantities(unit: Unit) -> list[str]:
    """Texts that read as a quantity: a plain one, the least, a very large one."""
    plain = parse(example(unit.unit), unit.unit)
    least, most = -FAR * plain if unit.least is None else unit.least, FAR * plain if unit.most is None else unit.most
    return [unit.shown(value) for value in (min(max(plain, least), most), least, most)]
