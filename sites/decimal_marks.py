"""What points and commas in the numbers of a column are: decided for the whole column, by the marks of its file's other columns where its own do not tell,
and refused where it may be either.

    1.234,56  1.234.567      points stand between thousands, the comma is a decimal one: nobody writes otherwise
    0,5  1234,5  12,34       the comma is a decimal one
    1,234                    either: decided by the other cells with commas
    1.234                    a decimal point, unless all else of the column is like it, and there are decimal commas in the file; or all else is whole
                             numbers below 1000, and there are no decimal points in the file; or it stands beside dates with points or with the day
                             first, whatever other columns have. Where nothing tells, that it is read as a decimal point is noted
    00.00  23.30  31.12      clock times and days of a month, where a column is all like them: they tell nothing of other columns
"""

import re
from collections.abc import Collection, Iterable, Sequence

COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")
THOUSANDS_COMMA = re.compile(r"\s*[-+]?[1-9]\d{0,2},\d{3}\s*")
THOUSANDS_POINT = re.compile(r"\s*[-+]?[1-9]\d{0,2}\.\d{3}\s*")
THOUSANDS_POINTS = re.compile(r"\s*[-+]?[1-9]\d{0,2}(?:(?:\.\d{3})+,\d+|(?:\.\d{3}){2,})\s*")
WHOLE = re.compile(r"\s*[-+]?[1-9]\d*\s*")
POINT = re.compile(r"\s*[-+]?(?:0|[1-9]\d*)?\.\d+(?:[eE][-+]?\d+)?\s*")
TIME_OR_DAY = re.compile(r"\s*(?:(?:1?\d|2[0-4])\.[0-5]\d|(?:[1-9]|[12]\d|3[01])\.(?:[1-9]|1[0-2]))\s*")  # without zeros in front: no POINT has them


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


def shown_marks(columns: Iterable[Sequence[str]]) -> frozenset[str]:
    """The decimal marks, "." and ",", that columns of a file show: in numbers whose mark can stand between no thousands."""
    found: set[str] = set()
    for cells in columns:
        if _has_decimal_commas(cells) or any(map(THOUSANDS_POINTS.fullmatch, cells)):
            found.add(",")
        elif _has_decimal_points([cell for cell in cells if "." in cell]):
            found.add(".")
    return frozenset(found)


def _has_decimal_points(cells: Sequence[str]) -> bool:
    """Whether cells with points are all plain numbers, some with a point that can stand between no thousands, and not all a time or a day."""
    return all(map(POINT.fullmatch, cells)) and not all(map(THOUSANDS_POINT.fullmatch, cells)) and not all(map(TIME_OR_DAY.fullmatch, cells))


def point_before_three_digits(cells: Sequence[str]) -> int | None:
    """The first cell with a point, where the points of all such cells may stand between thousands as well as be decimal ones; None where they may not."""
    points = [number for number, cell in enumerate(cells) if cell.count(".") == 1]
    if any(map(THOUSANDS_POINTS.fullmatch, cells)) or not all(THOUSANDS_POINT.fullmatch(cells[number]) for number in points):
        return None
    return next(iter(points), None)


def is_in_doubt(cells: Sequence[str], separator: str, marks: Collection[str], dates: bool) -> bool:
    """Whether such points are as likely to stand between thousands. `marks`: the decimal marks that the file's columns show; `dates`: it has dates with
    points or with the day first, 31.12.2030 or 31/12/2030, beside which decimal points of other columns tell nothing. In one separated by commas only
    decimal commas give doubt: who writes points between thousands separates by something else."""
    whole = _whole_numbers(cells)
    likely = dates or (bool(whole) and "." not in marks)
    return "," in marks or (separator != "," and likely and max(whole, default=0.0) < 1000)


def is_untold(cells: Sequence[str], separator: str, marks: Collection[str]) -> bool:
    """Whether such points, where they are in no doubt, are decimal ones with nothing that shows it: neither the separator nor a decimal mark in the file
    nor a whole number that would have a point between thousands."""
    return separator != "," and not marks and not _whole_numbers(cells)


def _whole_numbers(cells: Sequence[str]) -> list[float]:
    return [abs(float(cell)) for cell in cells if WHOLE.fullmatch(cell)]


def as_numbers(text: str | None) -> str:
    """How a cell that is no number is to be written."""
    written = "without unit and thousands commas, with a decimal point"
    if text and THOUSANDS_COMMA.fullmatch(text):
        return f'{written}; "{text}" may be a thousands or a decimal comma'
    return f'{written}: {plain_number(text.strip())} for "{text}"' if text and THOUSANDS_POINTS.fullmatch(text) else written
