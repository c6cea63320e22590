"""Rows as a table of plain text, and as CSV."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from .registry import Row


def text_table(rows: Sequence[Row]) -> str:
    """Columns in the order in which they are first met, numbers to the right."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([_shown(row.get(name)) for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    aligned = [[cell.rjust(width) if _number(rows, name) else cell.ljust(width) for cell, width, name in zip(line, widths, names, strict=True)]
               for line in cells]
    return "\n".join("  ".join(line).rstrip() for line in aligned)


def _number(rows: Sequence[Row], name: str) -> bool:
    return not any(isinstance(row.get(name), str) for row in rows)


def _shown(value: object) -> str:
    if value is None:
        return "-"
    if not isinstance(value, float):
        return str(value)
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """All rows of all benchmarks in one file, numbers in full."""
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
