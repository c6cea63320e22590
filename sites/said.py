"""What is said of a value that a key does not take: what was found, what was expected and how to mend it, in words of the file."""

import difflib
import json
import re
from datetime import date, time
from typing import Any

LONGEST = 60  # letters of a value that are shown
LIST = ("no list", "a list", "put its values in brackets: [ ]; tables of a list stand below a line [[NAME]] each")
TABLE = ("no table", "a table", "write its keys below a line [NAME], or in braces: { }")
TRUTH = ("neither true nor false", "true or false", "write true or false, without quotes")
TEXT = ("no text", "text", "put it in quotes, a quantity with its unit")
PATH = ("no path", "the path of a file, as text", "put it in quotes")
WHOLE = ("no whole number", "a whole number", "write for example 8, without unit and quotes")
DATE = ("no date", "a date", "write for example 2028-01-01, without quotes")
FORMS = {"tuple_type": LIST, "dict_type": TABLE, "model_type": TABLE, "model_attributes_type": TABLE, "bool_type": TRUTH, "bool_parsing": TRUTH,
         "string_type": TEXT, "path_type": PATH,
         **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float", "finite_number"), WHOLE),
         **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_inexact", "date_from_datetime_parsing"), DATE),
         **dict.fromkeys(("float_type", "float_parsing"), ("no number", "a number", "write for example 1.5, without quotes"))}
BOUNDS = {"greater_than_equal": ("at least", "ge", "more"), "less_than_equal": ("at most", "le", "less")}
LENGTHS = {"too_short": ("at least", "min_length", "add what is missing"), "too_long": ("at most", "max_length", "take out what is too many")}


def said(problem: Any) -> tuple[str, str, str]:
    """What was found, what was expected and how to mend it, of a problem as pydantic has it."""
    kind, context, found = problem["type"], problem.get("ctx", {}), as_written(problem["input"])
    if kind in FORMS:
        not_this, expected, mend = FORMS[kind]
        return f"{found} is {not_this}", f"expected {expected}", mend
    if kind == "literal_error":
        return f"{found} is none of the choices", f"expected {_quoted(context['expected'])}", _nearest(problem["input"], context["expected"])
    if kind in BOUNDS:
        word, limit, beyond = BOUNDS[kind]
        return f"{found} is out of range", f"expected {word} {context[limit]}", f"write {context[limit]} or {beyond}"
    if kind in LENGTHS:
        word, limit, mend = LENGTHS[kind]
        return f"the list has {_entries(context['actual_length'])}", f"expected {word} {_entries(context[limit])}", mend
    if kind == "string_too_short":
        return "the text is empty", "expected text", "write at least a letter"
    return f"{found} does not fit", problem["msg"], "write what is expected"


def as_written(value: Any) -> str:
    """A value as the file has it, cut where it is long: text in quotes, dates and truths not as Python has them."""
    written = _toml(value)
    return written if len(written) <= LONGEST else f"{written[:LONGEST]}..."


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{name} = {_toml(one)}' for name, one in value.items())} }}" if value else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, date | time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)


def _quoted(expected: str) -> str:
    """Choices in quotes as the file has them."""
    return expected.replace("'", '"')


def _nearest(value: Any, expected: str) -> str:
    close = difflib.get_close_matches(str(value).lower(), re.findall("'(.*?)'", expected), n=1)
    return f'write for example "{close[0]}"' if close else "write one of them, in quotes"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count} entries"
