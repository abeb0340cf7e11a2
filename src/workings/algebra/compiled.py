"""A formula made into a function once, to be worked out many times: what ``evaluate`` gives, without the walk.

Plain calls inside each other on Python's own floats; no code is generated. A division by zero and a power without a
value give what float64 has for them, infinity or nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from operator import eq, ge, gt, itemgetter, le, lt, truediv
from typing import Any

import numpy as np

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import (
    E_CONSTANT,
    Add,
    Call,
    Cases,
    Constant,
    Divide,
    Expr,
    Group,
    Multiply,
    Negate,
    Number,
    Power,
    Reference,
    Subtract,
)
from workings.algebra.functions import CONSTANTS, FUNCTIONS

Values = Mapping[Any, float]
Compiled = Callable[[Values], float]


def compiled(expression: Expr, name: Callable[[Any], Hashable] | None = None) -> Compiled:
    """The value of a scalar expression in float64, as a function of what its References are worth.

    Parameters
    ----------
    expression : Expr
    name : callable, optional
        Under what the values hold each Reference's key; under the key itself when left out.

    Raises
    ------
    ExpressionError
        When it is worked out and has no value, such as one of an unknown function.
    """
    compiler = _Compiler(itemgetter if name is None else lambda key: itemgetter(name(key)))
    made = compiler.made(expression)
    return _without_warnings(made) if compiler.has_functions else made


def _without_warnings(made: Compiled) -> Compiled:
    def run(values: Values) -> float:
        with np.errstate(all="ignore"):
            return made(values)

    return run


class _Compiler:
    """Goes once through a formula.

    Attributes
    ----------
    of_key : callable
        The function that gives a Reference's value.
    has_functions : bool
        Whether there were functions of NumPy in it, which warns where Python's own floats do not.
    """

    def __init__(self, of_key: Callable[[Any], Callable[[Any], float]]) -> None:
        self.of_key = of_key
        self.has_functions = False

    def made(self, expression: Expr) -> Compiled:
        match expression:
            case Reference(key):
                return self.of_key(key)
            case Multiply(factors):
                return _product([self.made(factor) for factor in factors])
            case Add(terms):
                return _sum([self.made(term) for term in terms])
            case Subtract(left, right):
                a, b = self.made(left), self.made(right)
                return lambda values: a(values) - b(values)
            case Number(text):
                number = float(text)
                return lambda values: number
            case Negate(operand):
                a = self.made(operand)
                return lambda values: -a(values)
            case Divide(above, below):
                return _as_float64(truediv, self.made(above), self.made(below))
            case Group(operand):
                return self.made(operand)
            case Power(base, exponent):
                if base == E_CONSTANT:
                    return self.made(Call("exp", (exponent,)))
                return _as_float64(pow, self.made(base), self.made(exponent))
            case Call(name, arguments) if (function := _function(name, len(arguments))) is not None:
                self.has_functions = True
                return _called(function, [self.made(argument) for argument in arguments])
            case Cases():
                return self.cases(expression)
            case Constant(name):
                return self.made(Number(CONSTANTS[name]))
        return lambda values: float(evaluate(expression, lambda key: self.of_key(key)(values)))

    def cases(self, cases: Cases) -> Compiled:
        branches = [
            (_HOLDS[condition.relation], self.made(condition.left), self.made(condition.right), self.made(branch))
            for branch, condition in cases.branches
        ]
        otherwise = self.made(cases.otherwise)

        def run(values: Values) -> float:
            for holds, left, right, branch in branches:
                if holds(left(values), right(values)):
                    return branch(values)
            return otherwise(values)

        return run


_HOLDS: dict[str, Callable[[float, float], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq}


@lru_cache(maxsize=64)
def _function(name: str, n_arguments: int) -> Callable[..., Any] | None:
    """A function of numbers, or the slope of one; None where there is none of the name."""
    record = FUNCTIONS.get(name.removesuffix("'"))
    if record is None or record.arity != n_arguments:
        return None
    is_slope = name.endswith("'")
    if record.float64 is not None and not is_slope:
        return record.float64
    formula = record.derivative if is_slope else record.formula
    return None if formula is None else _Compiler(lambda _key: float).made(formula(Reference("u")))


def _called(function: Callable[..., Any], arguments: list[Compiled]) -> Compiled:
    if len(arguments) == 1:
        (only,) = arguments
        return lambda values: float(function(only(values)))
    return lambda values: float(function(*[argument(values) for argument in arguments]))


def _sum(terms: list[Compiled]) -> Compiled:
    first, *rest = terms

    def run(values: Values) -> float:
        total = first(values)
        for term in rest:
            total += term(values)
        return total

    return run


def _product(factors: list[Compiled]) -> Compiled:
    if len(factors) == 2:
        a, b = factors
        return lambda values: a(values) * b(values)
    first, *rest = factors

    def run(values: Values) -> float:
        product = first(values)
        for factor in rest:
            product *= factor(values)
        return product

    return run


def _as_float64(operate: Callable[[Any, Any], Any], left: Compiled, right: Compiled) -> Compiled:
    """A quotient or a power, which Python refuses where float64 has infinity or nan."""

    def run(values: Values) -> float:
        a, b = left(values), right(values)
        try:
            found = operate(a, b)
        except ArithmeticError:
            with np.errstate(all="ignore"):
                return float(operate(np.float64(a), b))
        return math.nan if isinstance(found, complex) else found

    return run
