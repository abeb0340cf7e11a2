"""What the cells of a column are: numbers (with a decimal point or comma), categories, or missing."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from workings.network.network import Array

MISSING = frozenset({"", "?", "-", "na", "n/a", "#n/a", "nan", "null", "none", "missing"})
_DECIMAL_POINT = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_DECIMAL_COMMA = re.compile(r"[-+]?(\d+,?\d*|,\d+)([eE][-+]?\d+)?")


def is_missing(cell: str) -> bool:
    """Whether a cell stands for "not known"."""
    return cell.lower() in MISSING


def numbers_in(cells: Sequence[str], decimal_comma: bool = False) -> tuple[Array, int | None]:
    """A column as numbers, and the place of the first cell that is text.

    Separators of thousands, infinity and underscores are text: guessing at them goes wrong silently.

    Parameters
    ----------
    cells : sequence of str
    decimal_comma : bool
        Whether ``1,5`` may be one and a half. Where one cell of a column has a comma, a point in another is text.

    Returns
    -------
    numbers : array of shape (n_rows,)
        Not a number where a cell is missing or text.
    first_text : int, optional
        From 0; None where every cell is a number or missing.
    """
    numbers = _plain_numbers(cells)
    if numbers is not None:
        return numbers, None
    has_comma = decimal_comma and any("," in cell for cell in cells)
    pattern = _DECIMAL_COMMA if has_comma else _DECIMAL_POINT
    numbers, known = np.full(len(cells), math.nan), dict[str, float | None]()
    first_text = None
    for row, cell in enumerate(cells):
        if cell not in known:
            known[cell] = _number(cell, pattern)
        number = known[cell]
        if number is not None:
            numbers[row] = number
        elif first_text is None:
            first_text = row
    return numbers, first_text


def _number(cell: str, pattern: re.Pattern[str]) -> float | None:
    """The number of a cell, nan where it is missing, None where it is text."""
    if is_missing(cell):
        return math.nan
    number = float(cell.replace(",", ".")) if pattern.fullmatch(cell) else math.inf
    return number if math.isfinite(number) else None


def _plain_numbers(cells: Sequence[str]) -> Array | None:
    """The quick way, for columns in which every cell is a plain number."""
    try:
        numbers = np.array(list(map(float, cells)))
    except ValueError:
        return None
    # Python reads 1_000, inf and nan as well; the last two show up here.
    return numbers if np.isfinite(numbers).all() and "_" not in "".join(cells) else None
