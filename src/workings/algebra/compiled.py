"""A formula made into a function once, to be worked out many times: what ``evaluate`` gives, without the walk.

Plain calls inside each other on Python's own floats; no code is generated. A division by zero and a power without a
value give what float64 has for them, infinity or nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
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


def compiled(expression: Expr, name: Callable[[Any], Hashable] | None = None, known: Parts | None = None) -> Compiled:
    """The value of a scalar expression in float64, as a function of what its References are worth.

    Parameters
    ----------
    expression : Expr
    name : callable, optional
        Under what the values hold each Reference's key; under the key itself when left out.
    known : Parts, optional
        Those of another expression, under the same names: what both share is not made once more.

    Raises
    ------
    ExpressionError
        When it is worked out and has no value, such as one of an unknown function.
    """
    return compiled_parts(expression, name, known)(expression)


def compiled_parts(
    expression: Expr, name: Callable[[Any], Hashable] | None = None, known: Parts | None = None
) -> Parts:
    """The same of the expression and of all its parts."""
    compiler = _Compiler(itemgetter if name is None else lambda key: itemgetter(name(key)), known)
    compiler.made(expression)
    return compiler.parts


class Parts:
    """The functions of an expression's parts, which are told apart by being the same object."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[Expr, Compiled, bool]] = {}

    def __call__(self, part: Expr) -> Compiled:
        """The function of a part."""
        _part, made, has_functions = self._made[id(part)]
        return _without_warnings(made) if has_functions else made

    def of(self, part: Expr) -> tuple[Expr, Compiled, bool] | None:
        """A part, what was made of it, and whether there are functions of NumPy in it; None of any other."""
        return self._made.get(id(part))

    def keep(self, part: Expr, made: Compiled, has_functions: bool) -> None:
        """Keep what was made of a part; with the part itself, so that no other takes its place in memory."""
        self._made[id(part)] = part, made, has_functions


def _without_warnings(made: Compiled) -> Compiled:
    """NumPy warns where Python's own floats do not."""

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
    known : Parts
        Made before.
    parts : Parts
        Made here.
    has_functions : bool
        Whether there were functions of NumPy in what was gone through.
    """

    def __init__(self, of_key: Callable[[Any], Callable[[Any], float]], known: Parts | None = None) -> None:
        self.of_key = of_key
        self.known = known or Parts()
        self.parts = Parts()
        self.has_functions = False

    def made(self, expression: Expr) -> Compiled:
        found = self.known.of(expression)
        if found is None:
            before, self.has_functions = self.has_functions, False
            made = _MAKE.get(type(expression), _Compiler.walked)(self, expression)
            found = expression, made, self.has_functions
            self.has_functions |= before
        else:
            self.has_functions |= found[2]
        self.parts.keep(*found)
        return found[1]

    def all(self, expressions: Iterable[Expr]) -> list[Compiled]:
        return [self.made(each) for each in expressions]

    def number(self, number: Number) -> Compiled:
        value = float(number.text)
        return lambda values: value

    def negation(self, negated: Negate) -> Compiled:
        a = self.made(negated.operand)
        return lambda values: -a(values)

    def difference(self, difference: Subtract) -> Compiled:
        a, b = self.made(difference.left), self.made(difference.right)
        return lambda values: a(values) - b(values)

    def power(self, power: Power) -> Compiled:
        if power.base == E_CONSTANT:
            return self.made(Call("exp", (power.exponent,)))
        return _as_float64(pow, self.made(power.base), self.made(power.exponent))

    def call(self, call: Call) -> Compiled:
        function = _function(call.function, len(call.arguments))
        if function is None:
            return self.walked(call)
        arguments = self.all(call.arguments)
        self.has_functions = True
        return _called(function, arguments)

    def walked(self, expression: Expr) -> Compiled:
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


_MAKE: dict[type[Expr], Callable[[_Compiler, Any], Compiled]] = {
    Reference: lambda compiler, reference: compiler.of_key(reference.key),
    Multiply: lambda compiler, product: _product(compiler.all(product.factors)),
    Add: lambda compiler, total: _sum(compiler.all(total.terms)),
    Subtract: _Compiler.difference,
    Number: _Compiler.number,
    Negate: _Compiler.negation,
    Divide: lambda compiler, quotient: _as_float64(truediv, *compiler.all((quotient.numerator, quotient.denominator))),
    Group: lambda compiler, group: compiler.made(group.operand),
    Power: _Compiler.power,
    Call: _Compiler.call,
    Cases: _Compiler.cases,
    Constant: lambda compiler, constant: compiler.number(Number(CONSTANTS[constant.name])),
}
"""What is made of each kind of expression; any other is walked through when it is worked out."""

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
