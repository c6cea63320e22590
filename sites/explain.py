"""What a key of the site file or the code of a problem means, from where it is defined."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ..models.catalog import Entry, load_catalog
from ..models.units import kind
from .codes import codes
from .json_schema import LAYER_KEYS, json_schema
from .keys import SiteKey, site_keys

PLAIN = {str: "text", bool: "true or false", int: "a whole number", date: "a date, YYYY-MM-DD",
         Path: "the path of a file, from the folder of the site file"}
FEW = 6  # technologies that are told by name
ROW = re.compile(r"\[[^\]]*\]|\.\d+(?=\.|$)")  # a row of a list, as fleet[0].name or fleet.0.name tell it
PRINTED = re.compile(r"error\[(.+)\]")  # a code as problems print it


@dataclass(frozen=True)
class Explanation:
    """What is explained: what it means, the facts about it by name, and, for a table, its keys with what they mean."""

    name: str
    meaning: str
    facts: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)


LIKE = Explanation("catalog.TECHNOLOGY.like", "The technology of which this is a make: its rows, where none is given, and its physics.", {
    "takes": "the name of a technology of the catalogue, or of an own make before it: `dcplan catalog`", "default": "not set",
    "enters": "As that technology does: power.allow, cooling.allow, fleet.variants and assets take the make by its name."})


def explain(text: str) -> list[Explanation]:
    """All that goes by a name: keys (dotted, or their last part), tables, codes of problems; of error[CODE] the code alone. Empty where nothing does."""
    if printed := PRINTED.fullmatch(text.strip()):
        return _coded(printed[1])
    name = ROW.sub("", text.strip())
    if name == "like":
        return [LIKE]
    if name.startswith("catalog."):
        return [*_of_catalog(name.removeprefix("catalog.")), _key(site_keys()["catalog",])]
    known = site_keys()
    exact = [known[path] for path in known if ".".join(path) == name]
    found = exact or [key for path, key in known.items() if f".{'.'.join(path)}".endswith(f".{name}")]
    laid = [Explanation(name, LAYER_KEYS[name][0], {"takes": LAYER_KEYS[name][2], "enters": LAYER_KEYS[name][1]})] if name in LAYER_KEYS else []
    return [*map(_key, found), *laid, *_coded(name)]


def _of_catalog(name: str) -> list[Explanation]:
    """A row of the catalogue: what a site's own value stands in place of; of a make of the site's own, whose row it may be in place of. None where the
    catalogue has no such row."""
    held, (technology, _, parameter) = load_catalog(), name.rpartition(".")
    if parameter == "like":
        return [LIKE]
    if not held.has(technology, parameter):
        return _of_a_make(technology, parameter) if technology and not held.has(technology) else []
    row = held.entry(technology, parameter)
    form = "text" if row.unit == "text" else f'{kind(row.unit)}, as text with a unit: "{_written(row, row.value)}"'
    known = " to ".join(_written(row, end) for end in (row.low, row.high) if end) or "no other"
    return [Explanation(f"catalog.{technology}.{parameter}", row.note or f"{parameter.replace('_', ' ')} of {technology}".capitalize() + ".", {
        "takes": form, "unit": "none" if row.unit == "text" else row.unit, "range": f"sources have {known}",
        "default": f"{_written(row, row.value)} ({held.sources[row.source]['title']}, {row.year}; {row.confidence})",
        "enters": "Wherever the catalogue's value would."})]


def _of_a_make(technology: str, parameter: str) -> list[Explanation]:
    """A row of a technology that the catalogue does not have, where others have such a row."""
    others = load_catalog().with_parameter(parameter)
    return [Explanation(f"catalog.{technology}.{parameter}", f"{parameter.replace('_', ' ')} of a make of the site's own, {technology}.".capitalize(), {
        "takes": f"what it takes of the technology that {technology} is like: `dcplan explain catalog.TECHNOLOGY.{parameter}`",
        "default": f"that of catalog.{technology}.like; {_some(others)} such a row"})] if others else []


def _some(technologies: list[str]) -> str:
    few = len(technologies) <= FEW
    return f"{', '.join(technologies)} {'has' if len(technologies) == 1 else 'have'}" if few else f"{len(technologies)} technologies have"


def _written(row: Entry, value: str) -> str:
    """A value of a row as a site file would say it."""
    return value if row.unit in ("1", "text") else f"{value} {row.unit}"


def _coded(code: str) -> list[Explanation]:
    held = codes()
    return [Explanation(f"error[{code}]", held[code][0], {"to mend": held[code][1]})] if code in held else []


def names() -> dict[str, str]:
    """Everything that can be explained, with what it means."""
    keys = {key.dotted: meaning(key) for key in site_keys().values()}
    return keys | {name: told[0] for name, told in LAYER_KEYS.items()} | {f"error[{code}]": what for code, (what, _) in codes().items()}


def meaning(key: SiteKey) -> str:
    """What a key means: its own description, or that of its table."""
    return key.field.description or (" ".join((key.form.core.__doc__ or "").split()) if key.form.is_table else "")


def _key(key: SiteKey) -> Explanation:
    if key.form.is_table:
        below = {other.dotted: meaning(other) for path, other in site_keys().items() if path[:-1] == key.path}
        form = f"[[{key.dotted}]], a list of tables" if key.form.many else f"[{key.dotted}], a table"
        return Explanation(key.dotted, meaning(key), {"takes": form, "default": _default(key), **_enters(key)}, below)
    return Explanation(key.dotted, meaning(key), {"takes": _takes(key), "unit": _unit(key), "range": _range(key), "default": _default(key), **_enters(key)})


def _enters(key: SiteKey) -> dict[str, str]:
    extra = key.field.json_schema_extra
    return {"enters": str(extra["enters"])} if isinstance(extra, dict) and "enters" in extra else {}


def property_of(key: SiteKey) -> dict[str, Any]:
    """What the JSON Schema says of a value of a key, of one of its rows where it takes a list."""
    schema = json_schema()
    here: Any = schema
    for part in key.path:
        here = _resolved(schema, here)["properties"][part]
        here = here.get("items", here) if isinstance(here, dict) else here
    return _resolved(schema, here)


def _resolved(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of the schema with its $ref followed."""
    ref = part.get("$ref") or (part["allOf"][0]["$ref"] if "allOf" in part else None)
    return part if ref is None else schema["$defs"][ref.rpartition("/")[2]]


def _takes(key: SiteKey) -> str:
    value = property_of(key)
    if key.form.unit is not None:
        one = f'{value["kind"]}, as text with a unit: "{value["examples"][0]}"'
    elif "enum" in value:
        one = f"one of {', '.join(map(str, value['enum']))}"
    else:
        one = PLAIN.get(key.form.core, "a table of tables of text")
    return f"a list: {one}" if key.form.many else one


def _unit(key: SiteKey) -> str:
    if key.form.unit is None:
        return "none"
    unit = key.form.unit.unit
    return "1, a share; % may be written" if unit == "1" else f"{unit}; any unit of {kind(unit)} may be written"


def _range(key: SiteKey) -> str:
    value = property_of(key)
    limits = [(value.get("least", value.get("minimum")), "at least"), (value.get("most", value.get("maximum")), "at most")]
    told = ", ".join(f"{word} {key.form.unit.shown(limit) if key.form.unit else f'{limit:g}'}" for limit, word in limits if limit is not None)
    return told or ("the choices" if "enum" in value else "any")


def _default(key: SiteKey) -> str:
    if key.field.is_required():
        return "none: it has to be given"
    default = key.field.get_default(call_default_factory=True)
    if default is None or default in ((), {}, ""):
        return "not set"
    if key.form.is_table:
        return "as its keys say"
    if isinstance(default, tuple):
        return "all of them"
    if isinstance(default, bool):
        return str(default).lower()
    return key.form.unit.shown(default) if key.form.unit else str(default)
