"""Keys of the site file, read from its types: what stands where, with which unit. Lists are one step down, whatever the number of their rows."""

import functools
import itertools
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo

from .quantity import Strict, Unit
from .schema import SiteFile

Path_ = tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """What a key takes: `core` is a table type or a type of value; `unit` where it is a quantity; `many` where it is a list of them."""

    core: Any
    unit: Unit | None = None
    many: bool = False

    @property
    def is_table(self) -> bool:
        """Whether keys stand below it."""
        return isinstance(self.core, type) and issubclass(self.core, Strict)

    @property
    def is_text(self) -> bool:
        """Whether a single value is written as text: quantities, names, paths, choices."""
        choice = typing.get_origin(self.core) is typing.Literal
        return not self.many and (self.unit is not None or choice or self.core in (str, Path))


@dataclass(frozen=True)
class SiteKey:
    """A key of the site file with the field that defines it."""

    path: Path_
    field: FieldInfo
    form: Form

    @property
    def dotted(self) -> str:
        """grid.stages.capacity"""
        return ".".join(self.path)


def form(field: FieldInfo) -> Form:
    """What a field takes."""
    found = _form(field.annotation)
    units = [mark for mark in field.metadata if isinstance(mark, Unit)]
    return Form(found.core, units[0], found.many) if units else found


def _form(annotation: Any) -> Form:
    origin, inner = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        found, units = _form(inner[0]), [mark for mark in inner[1:] if isinstance(mark, Unit)]
        return Form(found.core, units[0], found.many) if units else found
    if origin in (typing.Union, types.UnionType):
        return _form(next(part for part in inner if part is not type(None)))
    if origin is tuple:
        found = _form(inner[0])
        return Form(found.core, found.unit, True)
    return Form(annotation)


@functools.cache
def site_keys() -> dict[Path_, SiteKey]:
    """Every key of the site file, tables before what they hold."""
    return {key.path: key for key in _below((), SiteFile)}


def _below(above: Path_, table: type[Strict]) -> Iterator[SiteKey]:
    for name, field in table.model_fields.items():
        key = SiteKey((*above, name), field, form(field))
        yield key
        if key.form.is_table:
            yield from _below(key.path, key.form.core)


def schema_path(key: tuple[str | int, ...]) -> Path_:
    """A key of a file as a key of the schema: the numbers of rows left out."""
    return tuple(part for part in key if isinstance(part, str))


def key_at(key: tuple[str | int, ...]) -> SiteKey | None:
    """The key of the schema that a key of a file is; None where there is none."""
    return site_keys().get(schema_path(key))


def wants_text(key: tuple[str | int, ...]) -> bool:
    """Whether a key takes a single text. Everything in the catalogue does."""
    found = key_at(key)
    return (key[0] == "catalog" and len(key) == 3) or (found is not None and found.form.is_text)


def siblings(key: tuple[str | int, ...]) -> list[str]:
    """Keys allowed where a key stands."""
    above = schema_path(key[:-1])
    return [path[-1] for path in site_keys() if path[:-1] == above]


def elsewhere(key: tuple[str | int, ...]) -> list[str]:
    """Keys of the same name that stand elsewhere, dotted: those whose tables have most in common with where it stands."""
    here = schema_path(key)
    common = {path: len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], zip(path[:-1], here[:-1]))))
              for path in site_keys() if path[-1] == here[-1]}
    return [".".join(path) for path, count in common.items() if count == max(common.values())]


def path_values(values: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Key and text of every value in a file's tables that is the path of a file."""
    if isinstance(values, dict | list):
        for name, value in values.items() if isinstance(values, dict) else enumerate(values):
            yield from path_values(value, (*above, name))
    elif isinstance(values, str):
        found = key_at(above)
        if found is not None and found.form.core is Path:
            yield above, values
