"""How numbers look: rounded for show, or exactly as they were carried."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workings.algebra.expression import Expr, Matrix, Reference, number_of
from workings.algebra.rounding import Rounding, decimal_of, written
from workings.derivation.source import Value
from workings.network.clipping import CLIPPINGS
from workings.network.optimizers import OPTIMIZERS
from workings.network.quantity import Quantity

CONSTANTS = frozenset(setting for record in OPTIMIZERS.values() for setting in record.settings) | CLIPPINGS.keys()
GIVEN_KINDS = frozenset({"x", "y", "s", "W", "b", "mask", "p", "eta", "t", "l1", "l2"}) | CONSTANTS
DOTS = Reference("...")
"""What stands for rows and columns that are left out."""

FLOAT_NOISE = Decimal("1e-15")
"""A few units in the last place of a float64."""

LONGEST = 8
"""From here on, sums and the sides of matrices are shown as first, second, third, ..., last."""


@dataclass(frozen=True, slots=True)
class Display:
    """How the numbers of a lesson look.

    Attributes
    ----------
    rounding : Rounding
    is_carried : bool
        Whether the numbers were rounded when they were worked out; given ones are then shown in full.
    """

    rounding: Rounding
    is_carried: bool = False

    def text(self, quantity: Quantity, value: Value) -> str:
        """One number as text; in full where that is no longer: always, if nobody asked how many digits."""
        is_given = quantity.kind in GIVEN_KINDS
        if is_given and self.is_carried:
            return written(value)
        is_free = self.rounding.digits is None and self.rounding.figures is None
        rounded = self.rounding(value)
        if (is_given or is_free) and _says_all(rounded, value):
            return written(rounded)
        return self.rounding.text(rounded)

    def number(self, quantity: Quantity, value: Value) -> Expr:
        """One number as an expression, or a vector or matrix of them; the middle of a large one is left out."""
        if not isinstance(value, np.ndarray):
            return number_of(self.text(quantity, value))
        columns = value[:, None] if value.ndim == 1 else value
        n_rows, n_columns = columns.shape
        return part_of(n_rows, n_columns, lambda j, k: number_of(self.text(quantity, columns[j, k])))


def _says_all(rounded: Decimal, value: Value) -> bool:
    """Whether rounding took nothing away but the noise of float64 arithmetic: 0.39249999999999996 is 0.3925."""
    if not rounded.is_finite():
        return False
    return abs(rounded - decimal_of(value)) <= FLOAT_NOISE * abs(rounded)


def is_negative_zero(text: str) -> bool:
    """Whether a number is shown as ``-0.0000``."""
    return text.startswith("-") and text[1:].strip("0.") == "" and Decimal(text) == 0


def part_of(n_rows: int, n_columns: int, entry: Callable[[int, int], Expr]) -> Matrix:
    """A matrix; of a large one the first rows and columns and the last, with dots between them."""
    rows = [tuple(DOTS if j is None or k is None else entry(j, k) for k in kept(n_columns)) for j in kept(n_rows)]
    return Matrix(tuple(rows))


def kept(size: int) -> list[int | None]:
    """Which of many numbers are shown; None for the dots."""
    return list(range(size)) if size <= LONGEST else [0, 1, 2, None, size - 1]
