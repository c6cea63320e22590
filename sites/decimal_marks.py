"""What points and commas in the numbers of a column are: decided for the whole column, and refused where it may be either.

    1.234,56  1.234.567      points stand between thousands, the comma is a decimal one: nobody writes otherwise
    0,5  1234,5  12,34       the comma is a decimal one
    1,234                    either: decided by the other cells with commas
    1.234                    a decimal point, unless all else of the column is like it and has decimal commas, or is whole numbers below 1000, or stands
                             beside dates with points or with the day first
"""

import re
from collections.abc import Sequence

COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")
THOUSANDS_COMMA = re.compile(r"\s*[-+]?[1-9]\d{0,2},\d{3}\s*")
THOUSANDS_POINT = re.compile(r"\s*[-+]?[1-9]\d{0,2}\.\d{3}\s*")
THOUSANDS_POINTS = re.compile(r"\s*[-+]?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})\s*")
WHOLE = re.compile(r"\s*[-+]?[1-9]\d*\s*")


def with_points(cells: Sequence[str]) -> list[str]:
    """Cells with decimal points and nothing between thousands, where the column shows what its marks are; else as they are, to be refused."""
    grouped = [cell for cell in cells if THOUSANDS_POINTS.fullmatch(cell)]
    if grouped:
        plain = all(THOUSANDS_POINT.fullmatch(cell) or THOUSANDS_POINTS.fullmatch(cell) for cell in cells if "." in cell)
        return [plain_number(cell) for cell in cells] if plain else list(cells)
    return [cell.replace(",", ".") if COMMA.fullmatch(cell) else cell for cell in cells] if _has_decimal_commas(cells) else list(cells)


def plain_number(cell: str) -> str:
    """A number with points between thousands and a decimal comma, without the first, the second as a point."""
    return cell.replace(".", "").replace(",", ".")


def _has_decimal_commas(cells: Sequence[str]) -> bool:
    return any(COMMA.fullmatch(cell) and not THOUSANDS_COMMA.fullmatch(cell) for cell in cells)


def doubtful_point(cells: Sequence[str], separator: str, dates: bool = False) -> int | None:
    """Where a point stands first that may be one between thousands as well as a decimal one; none where the column shows which. `dates`: the file has dates
    with points or with the day first, 31.12.2030 or 31/12/2030. In one separated by commas only decimal commas give doubt: who writes points between
    thousands separates by something else."""
    points = [number for number, cell in enumerate(cells) if cell.count(".") == 1]
    if not points or not all(THOUSANDS_POINT.fullmatch(cells[number]) for number in points) or any(map(THOUSANDS_POINTS.fullmatch, cells)):
        return None
    whole = [abs(float(cell)) for cell in cells if WHOLE.fullmatch(cell)]
    continental = separator != "," and (dates or bool(whole)) and max(whole, default=0.0) < 1000
    return points[0] if continental or _has_decimal_commas(cells) else None


def as_numbers(text: str | None) -> str:
    """How a cell that is no number is to be written."""
    written = "without unit and thousands commas, with a decimal point"
    if text and THOUSANDS_COMMA.fullmatch(text):
        return f'{written}; "{text}" may be a thousands or a decimal comma'
    return f'{written}: {plain_number(text.strip())} for "{text}"' if text and THOUSANDS_POINTS.fullmatch(text) else written
