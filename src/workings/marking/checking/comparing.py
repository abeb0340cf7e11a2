"""One side held against the next: taken apart term by term, and each printed number predicted.

Operands are exact as written; a result is rounded. So the sum of two products is compared with the two numbers after it
one by one, and each of them must be what the writer's way of rounding makes of its product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import MAX_PREC, Context, Decimal
from functools import cached_property, lru_cache
from itertools import combinations

import numpy as np

from workings.algebra.assemble import bare
from workings.algebra.evaluate import DECIMAL, Value, evaluate
from workings.algebra.expression import (
    Add,
    Call,
    Divide,
    Expr,
    Group,
    Matrix,
    Multiply,
    Negate,
    Number,
    Power,
    Subtract,
    Transpose,
    add,
    multiply,
    number_of,
    parts,
    rebuild,
)
from workings.algebra.rounding import MODES
from workings.errors import ExpressionError

MOST_FIGURES = 60  # before the point; nobody works with larger numbers by hand
MOST_TERMS = 12  # of which groups are sought: partitions grow fast, and people join neighbours


@dataclass(frozen=True, eq=False)
class Pair:
    """What was to be worked out, and the number written for it.

    Attributes
    ----------
    worked : Expr
        Made of numbers only.
    written : Decimal
        With the decimals it was written with.
    """

    worked: Expr
    written: Decimal

    @cached_property
    def value(self) -> Decimal | None:
        """What the worked side is, exact; None where it has no value."""
        return value_of(self.worked)


def literal(expression: Expr) -> Decimal | None:
    """The number that a side consists of, with its decimals; None for anything else."""
    match expression:
        case Number():
            return expression.value
        case Group(operand):
            return literal(operand)
        case Negate(operand):
            inner = literal(operand)
            return None if inner is None else inner.copy_negate()
    return None


def pairs(worked: Expr, written: Expr) -> Iterator[Pair | None]:
    """What has to agree for two sides to be equal; None where they cannot be taken apart.

    Parameters
    ----------
    worked, written : Expr
        Made of numbers only.
    """
    worked, written = bare(worked), bare(written)
    if worked == written:
        return
    if (number := literal(written)) is not None:
        yield Pair(worked, number)
        return
    couples = taken_apart(worked, written)
    if _is_equal(worked, written):  # then what was put in another order is equal all the same
        fitting = [each for each in couples or () if _fits(*each)]
        if len(fitting) < len(couples or ()) and not value_of(worked):
            yield None  # but 0 times anything is 0
        couples = fitting
    if couples is None:
        yield None
        return
    for left, right in couples:
        yield from pairs(left, right)


def _is_equal(one: Expr, other: Expr) -> bool:
    value = value_of(one)
    return value is not None and value == value_of(other)


def value_of(expression: Expr) -> Decimal | None:
    """The exact value of numbers put together, to fifty digits; None where there is none."""
    value = _evaluated(expression)
    if not isinstance(value, Decimal) or not value.is_finite() or value.adjusted() > MOST_FIGURES:
        return None
    return value


def values_of(expression: Expr) -> np.ndarray | None:
    """The same of a vector or a matrix, as an array of Decimals; a vector is a column."""
    value = _evaluated(expression)
    if not isinstance(value, np.ndarray) or value.dtype != object:
        return None
    return value[:, None] if value.ndim == 1 else value


def _evaluated(expression: Expr) -> Value | None:
    try:
        return evaluate(expression, _no_names, DECIMAL)
    except (ExpressionError, ValueError, TypeError, IndexError, OverflowError):
        return None


def numbers_of(expression: Expr) -> Iterator[Number]:
    """The numbers of an expression, in the order of reading."""
    return (part for part in parts(expression) if isinstance(part, Number))


def decimals(number: Decimal) -> int:
    """After how many decimals a written number ends."""
    return max(-int(number.as_tuple().exponent), 0)


def last_place(number: Decimal) -> Decimal:
    """One unit of the last place of a written number."""
    return _place(int(number.as_tuple().exponent))


@lru_cache(maxsize=1024)
def _place(exponent: int) -> Decimal:
    return Decimal(1).scaleb(exponent)


def rounded(value: Decimal, like: Decimal, mode: str) -> Decimal:
    """A value with the decimals of a written number."""
    return value.quantize(like, MODES[mode], _OF_ANY_LENGTH) if value.is_finite() else value


_OF_ANY_LENGTH = Context(prec=MAX_PREC)


def spread(expression: Expr, digits: int | None = None) -> Decimal:
    """How far a value may be off when each number in it stands for a more exact one, to first order.

    Parameters
    ----------
    expression : Expr
        Made of numbers only.
    digits : int, optional
        The decimals of most results of the document: a number with fewer of them is exact, or lost its zeros.
    """
    exact = value_of(expression)
    if exact is None:
        return Decimal(0)
    total = Decimal(0)
    for number in {number for number in numbers_of(expression) if "." in number.text}:
        moved = Number(format(number.value + known_to(number.value, digits), "f"))
        value = value_of(_with(expression, number, moved))
        total += abs(value - exact) if value is not None else Decimal(0)
    return total


def known_to(number: Decimal, digits: int | None) -> Decimal:
    """One unit of the last place to which a number is known, where most results have so many decimals."""
    place = last_place(number)
    has_many_figures = digits is None or len(number.as_tuple().digits) >= digits
    return place if has_many_figures else min(place, Decimal(1).scaleb(-(digits or 0)))


def _with(expression: Expr, number: Number, moved: Number) -> Expr:
    return moved if expression == number else rebuild(expression, lambda part: _with(part, number, moved))


def _no_names(key: object) -> Decimal:
    raise ExpressionError(f"{key!r} has no number")


# --- taking two sides apart

Parts = Sequence[tuple[Expr, Expr]]


def taken_apart(worked: Expr, written: Expr) -> Parts | None:
    """The parts of two sides that belong together, in the order of reading; None where they have none."""
    found = (apart(worked, written) for apart in (_sums, _products, _same_operation, _matrices))
    return next((parts for parts in found if parts is not None), None)


def _sums(worked: Expr, written: Expr) -> Parts | None:
    left, right = list(terms(worked)), list(terms(written))
    if len(right) < 2 or len(left) < len(right):
        return None
    return _grouped(left, right, add)


def _products(worked: Expr, written: Expr) -> Parts | None:
    left, right = list(factors(worked)), list(factors(written))
    if len(right) < 2 or len(left) < len(right):
        return None
    return _grouped(left, right, lambda parts: multiply(tuple(parts)))


def _grouped(left: list[Expr], right: list[Expr], joined: object) -> Parts | None:
    """Neighbours on the left for each part on the right: as they fit best, one to one where that fits."""
    if len(left) == len(right):
        return list(zip(left, right, strict=True))
    if len(left) > MOST_TERMS:
        return None
    best: tuple[int, Parts] | None = None
    for cuts in combinations(range(1, len(left)), len(right) - 1):
        groups = [left[start:stop] for start, stop in zip((0, *cuts), (*cuts, len(left)), strict=True)]
        parts = [(joined(group), part) for group, part in zip(groups, right, strict=True)]  # type: ignore[operator]
        misfits = sum(not _fits(*part) for part in parts)
        if best is None or misfits < best[0]:
            best = misfits, parts
    return best[1] if best else None


def _fits(worked: Expr, written: Expr) -> bool:
    value, number = value_of(worked), value_of(written)
    if value is None or number is None:
        return False
    like = literal(written)
    return abs(value - number) <= (last_place(like) if like is not None else Decimal("1e-9"))


def _same_operation(worked: Expr, written: Expr) -> Parts | None:
    match worked, written:
        case Divide(a, b), Divide(c, d):
            return [(a, c), (b, d)]
        case Power(a, b), Power(c, d):
            return [(a, c), (b, d)]
        case Negate(a), Negate(c):
            return [(a, c)]
        case Transpose(a), Transpose(c):
            return [(a, c)]
        case Call(f, a), Call(g, c) if f == g and len(a) == len(c):
            return list(zip(a, c, strict=True))
        case Matrix(a), Matrix(c) if [len(row) for row in a] == [len(row) for row in c]:
            return [pair for row, other in zip(a, c, strict=True) for pair in zip(row, other, strict=True)]
    return None


def _matrices(worked: Expr, written: Expr) -> Parts | None:
    """A product or a sum of matrices, and the matrix written for it: entry by entry, each worked out."""
    if not isinstance(written, Matrix):
        return None
    values = values_of(worked)
    if values is None or values.shape != (len(written.rows), len(written.rows[0])):
        return None
    return [
        (number_of(format(values[i, j], "f")), entry)
        for i, row in enumerate(written.rows)
        for j, entry in enumerate(row)
    ]


def terms(expression: Expr) -> Iterator[Expr]:
    """The terms of a sum, each with its sign."""
    match expression:
        case Add(parts):
            for part in parts:
                yield from terms(part)
        case Subtract(left, right):
            yield from terms(left)
            yield from (Negate(term) if not isinstance(term, Negate) else term.operand for term in terms(right))
        case _:
            yield expression


def factors(expression: Expr) -> Iterator[Expr]:
    """The factors of a product."""
    match expression:
        case Multiply(parts):
            for part in parts:
                yield from factors(part)
        case _:
            yield expression
