"""A formula made into a function once, to be worked out many times: what ``evaluate`` gives, without the walk.

Plain calls inside each other; no code is generated.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import numpy as np

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Add, Divide, Expr, Group, Multiply, Negate, Number, Reference, Subtract

Lookup = Callable[[Hashable], float]
Compiled = Callable[[Lookup], float]


def compiled(expression: Expr) -> Compiled:
    """The value of a scalar expression in float64, as a function of what its References are worth.

    Raises
    ------
    ExpressionError, ArithmeticError
        When it is worked out and has no value.
    """
    compiler = _Compiler()
    made = compiler.made(expression)
    if compiler.has_others:
        return lambda lookup: float(evaluate(expression, lookup))
    return _without_warnings(made) if compiler.has_numbers else made


def _without_warnings(made: Compiled) -> Compiled:
    def run(lookup: Lookup) -> float:
        with np.errstate(all="ignore"):
            return float(made(lookup))

    return run


class _Compiler:
    """Goes once through a formula, and notices what is in it.

    Attributes
    ----------
    has_numbers : bool
        Numbers of NumPy, which warns where Python's own floats do not.
    has_others : bool
        Powers, functions and the like, which the walk has to work out.
    """

    def __init__(self) -> None:
        self.has_numbers = self.has_others = False

    def made(self, expression: Expr) -> Compiled:
        match expression:
            case Reference(key):
                return lambda lookup: lookup(key)
            case Multiply(factors):
                return _product([self.made(factor) for factor in factors])
            case Add(terms):
                return _sum([self.made(term) for term in terms])
            case Subtract(left, right):
                a, b = self.made(left), self.made(right)
                return lambda lookup: a(lookup) - b(lookup)
            case Number(text):
                self.has_numbers = True
                number = np.float64(text)
                return lambda lookup: number
            case Negate(operand):
                a = self.made(operand)
                return lambda lookup: -a(lookup)
            case Divide(above, below):
                a, b = self.made(above), self.made(below)
                return lambda lookup: a(lookup) / b(lookup)
            case Group(operand):
                return self.made(operand)
        self.has_others = True
        return lambda lookup: np.nan


def _sum(terms: list[Compiled]) -> Compiled:
    first, *rest = terms

    def run(lookup: Lookup) -> float:
        total = first(lookup)
        for term in rest:
            total = total + term(lookup)
        return total

    return run


def _product(factors: list[Compiled]) -> Compiled:
    first, *rest = factors

    def run(lookup: Lookup) -> float:
        product = first(lookup)
        for factor in rest:
            product = product * factor(lookup)
        return product

    return run
