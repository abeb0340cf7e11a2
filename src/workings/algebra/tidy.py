"""What is left of an expression when 1*x, x + 0, x^1 and 0*x are gone, signs collected and plain numbers multiplied.

Only what anybody does without a word: nothing is expanded or factored out, and only plain numbers move, to the front.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from workings.algebra.expression import (
    Add,
    Derivative,
    Divide,
    Expr,
    Group,
    Multiply,
    Negate,
    Number,
    Power,
    Subtract,
    multiply,
    rebuild,
)

ZERO, ONE = Number("0"), Number("1")

_LARGEST_POWER_OF_TEN = 20  # beyond it digits written out are no help
_LONGEST_DECIMAL = 13  # digits after the point; beyond them a fraction is easier to read


def tidied(expression: Expr) -> Expr:
    """Tidy an expression from the inside out and drop its Groups; a pending Derivative stays as it is."""
    return _with_signed_numbers(_tidied(expression))


def flat(node: type[Add] | type[Multiply], parts: Iterable[Expr]) -> tuple[Expr, ...]:
    """The parts of one long sum or product, those of a sum within the sum (a product within the product) among them."""
    return tuple(inner for part in parts for inner in _parts(node, part))


def _parts(node: type[Add] | type[Multiply], part: Expr) -> Sequence[Expr]:
    if isinstance(part, Add) and node is Add:
        return part.terms
    return part.factors if isinstance(part, Multiply) and node is Multiply else (part,)


def _tidied(expression: Expr) -> Expr:
    if isinstance(expression, Derivative):
        return expression
    whole = rebuild(expression, _tidied)
    tidy = _TIDY.get(type(whole))
    return tidy(whole) if tidy else whole


def _with_signed_numbers(expression: Expr) -> Expr:
    """A minus before a product goes to the number that leads it: ``-2*x``."""
    match expression:
        case Negate(Multiply((Number() as number, *others))):
            expression = Multiply((Negate(number), *others))
    return rebuild(expression, _with_signed_numbers)


def _sum(expression: Add) -> Expr:
    total, *others = [term for term in flat(Add, expression.terms) if term != ZERO] or [ZERO]
    for term in others:
        total = Subtract(total, term.operand) if isinstance(term, Negate) else Add(flat(Add, (total, term)))
    return total


def _difference(expression: Subtract) -> Expr:
    left, right = _ratio(expression.left), _ratio(expression.right)
    if left is not None and right is not None:
        return _number(left - right)  # an exponent lowered by one
    match expression:
        case Subtract(kept, Number("0")):
            return kept
        case Subtract(Number("0"), subtracted):
            return _negation(Negate(subtracted))
        case Subtract(kept, Negate(added)):
            return _sum(Add((kept, added)))
    return expression


def _negation(expression: Negate) -> Expr:
    match expression.operand:
        case Number("0"):
            return ZERO
        case Negate(operand):
            return operand
    return expression


def _product(expression: Multiply) -> Expr:
    negative = False
    numbers: list[Expr] = []
    others: list[Expr] = []
    for factor in flat(Multiply, expression.factors):
        match factor:
            case Negate(operand):
                negative, positive = not negative, operand
            case _:
                positive = factor
        for part in flat(Multiply, (positive,)):
            if part != ONE:
                (others if _ratio(part) is None else numbers).append(part)
    if ZERO in numbers:
        return ZERO
    number = _multiplied(numbers)
    whole = _with_one_fraction([number, *others] if number != ONE or not others else others)
    return Negate(whole) if negative else whole


def _with_one_fraction(factors: list[Expr]) -> Expr:
    """``y*(1/a)`` is ``y/a``."""
    match [factor for factor in factors if isinstance(factor, Divide) and _ratio(factor) is None]:
        case [Divide(Number("1"), below) as one_over] if len(factors) > 1:
            others = list(factors)
            others.remove(one_over)
            return Divide(_with_one_fraction(others), below)
    return multiply(tuple(factors))


def _quotient(expression: Divide) -> Expr:
    match expression:
        case Divide(Number("0")):
            return ZERO
        case Divide(numerator, Number("1")):
            return numerator
        case Divide(Negate(numerator), Negate(denominator)):
            return _quotient(Divide(numerator, denominator))
        case Divide(Negate(numerator), denominator) | Divide(numerator, Negate(denominator)):
            return Negate(_quotient(Divide(numerator, denominator)))
    return expression


def _power(expression: Power) -> Expr:
    match expression:
        case Power(base, Number("1")):
            return base
        case Power(_, Number("0")):
            return ONE
    return expression


_TIDY: dict[type[Expr], Callable[[Any], Expr]] = {
    Add: _sum,
    Subtract: _difference,
    Negate: _negation,
    Multiply: _product,
    Divide: _quotient,
    Power: _power,
    Group: lambda group: group.operand,
}


def _ratio(number: Expr) -> Fraction | None:
    """The value of a plain number or of a fraction of two, with its sign."""
    match number:
        case Number():
            return Fraction(number.value) if abs(number.value.adjusted()) < _LARGEST_POWER_OF_TEN else None
        case Divide(Number() as above, Number() as below) if below.value:
            numerator, denominator = _ratio(above), _ratio(below)
            return None if numerator is None or denominator is None else numerator / denominator
        case Negate(Number() | Divide() as positive):
            ratio = _ratio(positive)
            return None if ratio is None else -ratio
    return None


def _multiplied(numbers: list[Expr]) -> Expr:
    """The product of plain numbers; a single one stays as it is written."""
    if len(numbers) == 1:
        return numbers[0]
    product = Fraction(1)
    for number in numbers:
        product *= _ratio(number) or 0
    return _number(product)


def _number(ratio: Fraction) -> Expr:
    """Digits where they end soon, else a fraction."""
    if ratio < 0:
        return Negate(_number(-ratio))
    digits = next((n for n in range(_LONGEST_DECIMAL) if (ratio * 10**n).denominator == 1), None)
    if digits is None:
        return Divide(Number(str(ratio.numerator)), Number(str(ratio.denominator)))
    return Number(format(Decimal(ratio.numerator * 10**digits // ratio.denominator).scaleb(-digits), "f"))
