"""Plain tables for a terminal."""

from collections.abc import Container, Sequence


def text_table(rows: Sequence[Sequence[str]], right: Container[int] = ()) -> str:
    """Columns two spaces apart, as wide as their longest cell; the columns numbered in `right` end at the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(cell.rjust(width) if number in right else cell.ljust(width)
                               for number, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip() for row in rows)


def number_text(value: float | None, digits: int = 0) -> str:
    """A number with thousands set apart, "-" where there is none."""
    return "-" if value is None or value != value else f"{value:,.{digits}f}"
