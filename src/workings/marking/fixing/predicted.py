"""What a writer would have put after an equals sign, number by number, had the side before it been another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from workings.algebra.assemble import bare
from workings.algebra.expression import Expr, Number, parts, rebuild
from workings.marking.checking.comparing import decimals, literal, numbers_of, rounded, taken_apart, value_of
from workings.marking.convention import Convention


@dataclass(frozen=True, slots=True)
class Replacement:
    """One number of a side, and what belongs in its place.

    Attributes
    ----------
    at : int
        Which of the side's numbers, from 0 in reading order.
    old, new : Decimal
        With their signs; ``new`` has the decimals that are to be written.
    """

    at: int
    old: Decimal
    new: Decimal


def predicted(worked: Expr, written: Expr, convention: Convention) -> list[Replacement] | None:
    """The numbers of a written side that do not follow from the side before it.

    Parameters
    ----------
    worked, written : Expr
        Made of numbers only.
    convention : Convention

    Returns
    -------
    list of Replacement or None
        None where the two sides cannot be taken apart.
    """
    found = list(_predicted(worked, written, convention, 0))
    return None if None in found else [each for each in found if each is not None]


def shown(value: Decimal, like: Decimal, convention: Convention) -> Decimal:
    """A value as this writer would write it in the place of another number: to as many decimals as usual there.

    A number with fewer decimals than the others is exact; what takes its place gets the usual ones unless it is too.
    One with more decimals is written for its figures, and what takes its place has as many of these.
    """
    fewest, usual = decimals(like), convention.digits or 0
    if int(like.as_tuple().exponent) > 0:
        return rounded(value, like, convention.mode)
    if fewest > usual and value and like:
        fewest = max(fewest + like.adjusted() - value.adjusted(), usual)
    tried = [
        rounded(value, Decimal(1).scaleb(-places), convention.mode) for places in range(fewest, max(fewest, usual) + 1)
    ]
    return next((number for number in tried if number == value), tried[-1])


def _predicted(worked: Expr, written: Expr, convention: Convention, first: int) -> Iterator[Replacement | None]:
    worked, written = bare(worked), bare(written)
    if worked == written:
        return
    value = value_of(worked)
    if (number := literal(written)) is not None:
        if value is None:
            yield None
        elif (new := shown(value, number, convention)) != number:
            yield Replacement(first, number, new)
        return
    if value is not None and value == value_of(written):
        return
    couples = taken_apart(worked, written)
    if couples is None:
        yield _solved(value, written, convention, first)
        return
    for left, right in couples:
        yield from _predicted(left, right, convention, first)
        first += sum(isinstance(part, Number) for part in parts(right))


def _solved(value: Decimal | None, written: Expr, convention: Convention, first: int) -> Replacement | None:
    """The one number that makes a side of several what it should be: that with most decimals, the last of these."""
    numbers = list(numbers_of(written))
    if value is None or not numbers:
        return None
    at = max(range(len(numbers)), key=lambda i: (decimals(numbers[i].value), i))
    number = numbers[at].value
    ends = [value_of(_with(written, iter(range(len(numbers))), at, Number(text))) for text in ("0", "1", "2")]
    if None in ends:
        return None
    zero, one, two = (end for end in ends if end is not None)
    slope = one - zero
    if not slope or abs(two - one - slope) > abs(slope) * Decimal("1e-30"):
        return None  # it is not proportional to that number
    return Replacement(first + at, number, shown((value - zero) / slope, number, convention))


def _with(expression: Expr, counted: Iterator[int], at: int, number: Number) -> Expr:
    """The expression with another number in one place."""
    if isinstance(expression, Number):
        return number if next(counted) == at else expression
    return rebuild(expression, lambda part: _with(part, counted, at, number))
