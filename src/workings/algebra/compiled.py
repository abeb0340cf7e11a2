"""A formula made into a function once, to be worked out many times: what ``evaluate`` gives, without the walk.

Plain calls inside each other; no code is generated.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import (
    Add,
    Divide,
    Expr,
    Group,
    Multiply,
    Negate,
    Number,
    Reference,
    Subtract,
    parts,
)

Lookup = Callable[[Hashable], float]
Compiled = Callable[[Lookup], float]


def compiled(expression: Expr) -> Compiled:
    """The value of a scalar expression in float64, as a function of what its References are worth.

    Raises
    ------
    ExpressionError, ArithmeticError
        When it is worked out and has no value.
    """
    known = {Add, Subtract, Multiply, Divide, Negate, Group, Number, Reference}
    if not all(type(part) in known for part in parts(expression)):
        return lambda lookup: float(evaluate(expression, lookup))
    made = _made(expression)
    if not any(isinstance(part, Number) for part in parts(expression)):
        return made  # Python's own floats, of which NumPy has nothing to say
    return _without_warnings(made)


def _without_warnings(made: Compiled) -> Compiled:
    def run(lookup: Lookup) -> float:
        with np.errstate(all="ignore"):
            return float(made(lookup))

    return run


def _made(expression: Expr) -> Compiled:
    match expression:
        case Number(text):
            number = np.float64(text)
            return lambda lookup: number
        case Reference(key):
            return lambda lookup: lookup(key)
        case Add(terms):
            return _sum(list(map(_made, terms)))
        case Multiply(factors):
            return _product(list(map(_made, factors)))
        case Subtract(left, right):
            a, b = _made(left), _made(right)
            return lambda lookup: a(lookup) - b(lookup)
        case Divide(above, below):
            a, b = _made(above), _made(below)
            return lambda lookup: a(lookup) / b(lookup)
        case Negate(operand):
            a = _made(operand)
            return lambda lookup: -a(lookup)
        case Group(operand):
            return _made(operand)
    raise AssertionError(expression)  # compiled has seen to it


def _sum(terms: Sequence[Compiled]) -> Compiled:
    first, *rest = terms

    def run(lookup: Lookup) -> float:
        total = first(lookup)
        for term in rest:
            total = total + term(lookup)
        return total

    return run


def _product(factors: Sequence[Compiled]) -> Compiled:
    first, *rest = factors

    def run(lookup: Lookup) -> float:
        product = first(lookup)
        for factor in rest:
            product = product * factor(lookup)
        return product

    return run
