"""The JSON Schema of site.toml, from its types: for editors that complete and check (taplo, Even Better TOML).

Dates of TOML are checked as texts, as those editors do. A file that extends another, and a scenario, may leave out what has to be given elsewhere.
"""

import copy
import functools
from typing import Any

from .quantity import Unit
from .schema import SiteFile

DRAFT = "http://json-schema.org/draft-07/schema#"
OVERLAY = "_overlay"
LAYER_KEYS = {  # key: what it means, where it enters, what it takes
    "extends": ("A site file that this one builds on: tables are merged key by key, anything else is replaced.", "Before all else is read.",
                "the path of a TOML file, from the folder of this one"),
    "scenario": ("Overlays by name: keys of the site file that differ where a scenario is chosen with --scenario NAME.",
                 "Laid over this file and what it extends, and under --set; `dcplan compare SITE --scenario NAME --base SITE` sets it against the file "
                 "as it stands.", "[scenario.NAME], a table that may hold any key of the site file"),
}


@functools.cache
def json_schema() -> dict[str, Any]:
    """The schema of a site file."""
    made = _plain(SiteFile.model_json_schema())
    tables = made.pop("$defs")
    overlays = {f"{name}{OVERLAY}": _partial(table) for name, table in tables.items() if table.get("type") == "object"}
    given = {name: part for name, part in made["properties"].items() if _table_of(part)}
    root = _partial(made)
    extends, scenario = (f"{told[0]} {told[1]}" for told in LAYER_KEYS.values())
    keys = {"extends": {"type": "string", "description": extends}, **root["properties"],
            "scenario": {"type": "object", "description": scenario, "additionalProperties": {"$ref": f"#/$defs/site{OVERLAY}"}}}
    return {"$schema": DRAFT, "title": "dcplan site file", **root, "properties": keys,
            "if": {"not": {"required": ["extends"]}}, "then": {"required": made["required"], "properties": given},
            "$defs": {**tables, **overlays, f"site{OVERLAY}": root}}


def _plain(part: Any) -> Any:
    """Without titles and nulls, which TOML does not have; what a quantity is and where it enters is told in its description."""
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "anyOf" in part:
        kept = [one for one in part["anyOf"] if one != {"type": "null"}]
        part = {**{name: value for name, value in part.items() if name != "anyOf"}, **(kept[0] if len(kept) == 1 else {"anyOf": kept})}
    cleaned = {name: _plain(value) for name, value in part.items() if not (name == "title" and isinstance(value, str)) and value is not None}
    return _told(_referring(cleaned))


def _told(part: dict[str, Any]) -> dict[str, Any]:
    """Description, unit and place in the programme as one text, which editors show; defaults as a file would say them."""
    default = part.get("default")
    if isinstance(default, int | float) and "unit" in part:
        part |= {"default": Unit(part["unit"]).shown(default)}
    elif isinstance(default, dict):
        part = {name: value for name, value in part.items() if name != "default"}
    if "enters" not in part:
        return part
    value = part.get("items", part)
    unit = [f'A {value["kind"]}, as "{value["examples"][0]}".'] if "kind" in value else []
    return part | {"description": " ".join([part["description"], *unit, f"Enters: {part['enters']}"])}


def _referring(part: dict[str, Any]) -> dict[str, Any]:
    """A $ref hides what stands beside it, in this draft."""
    if "$ref" not in part or len(part) == 1:
        return part
    return {"allOf": [{"$ref": part["$ref"]}], **{name: value for name, value in part.items() if name != "$ref"}}


def _table_of(part: dict[str, Any]) -> bool:
    return "$ref" in part or "allOf" in part


def _partial(table: dict[str, Any]) -> dict[str, Any]:
    """A table of which any key may be left out, in the tables within it, too; rows of a list are whole."""
    made = {name: value for name, value in copy.deepcopy(table).items() if name != "required"}
    for part in made.get("properties", {}).values():
        for ref in [part, *part.get("allOf", ())]:
            if "$ref" in ref:
                ref["$ref"] += OVERLAY
    return made
