"""The value of an expression: one walk over the tree, in whichever arithmetic is asked for.

float64 for everyday numbers, decimal for hand arithmetic and checks to fifty digits, intervals for bounds.
An arithmetic is a record; the walk does not know which one it is using.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, DecimalException, localcontext
from functools import reduce
from operator import add, ge, gt, le, lt, mul, or_
from typing import Any

import numpy as np

from workings.algebra.expression import (
    Add,
    Call,
    Cases,
    Constant,
    Divide,
    Expr,
    Group,
    Hadamard,
    MatMul,
    Matrix,
    Multiply,
    Negate,
    Number,
    Power,
    Reference,
    Relation,
    Subtract,
    Transpose,
)
from workings.algebra.interval import Interval
from workings.errors import ExpressionError

Value = Any
"""A number of the arithmetic in use, or a NumPy array of them."""

Lookup = Callable[[Hashable], Value]
Functions = Mapping[str, Callable[..., Value]]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A kind of number: how one is made from its written digits, and what the named functions do to it."""

    name: str
    number: Callable[[str], Value]
    power: Callable[[Value, Value], Value]
    functions: Functions


def evaluate(
    expression: Expr, lookup: Lookup, arithmetic: Arithmetic | None = None, functions: Functions | None = None
) -> Value:
    """The value of an expression.

    Parameters
    ----------
    expression : Expr
        A scalar or matrix expression without a pending :class:`~workings.algebra.expression.Derivative`.
    lookup : callable
        Gives the value of a Reference's key: a number of the arithmetic, or an array of them, shape (n,) for a vector.
    arithmetic : Arithmetic, optional
        ``FLOAT64`` when left out; ``DECIMAL`` and ``INTERVAL`` stand beside it.
    functions : mapping, optional
        Functions known beside the arithmetic's own, by name.

    Returns
    -------
    number, or array of shape (n,) for a matrix of one column, (n, m) for a larger one

    Raises
    ------
    ExpressionError
        For an unknown function, or in decimal arithmetic for an impossible operation such as a division by zero.
    """
    walk = _Walk(lookup, arithmetic or FLOAT64, functions or {})
    try:
        with np.errstate(all="ignore"), localcontext(_FIFTY_DIGITS):
            return _as_vector(walk.value(expression))
    except DecimalException as impossible:
        raise ExpressionError(f"this has no value in decimal arithmetic ({type(impossible).__name__})") from impossible


def _as_column(value: Value) -> Value:
    """A vector as a matrix of one column, so that columns and rows can be told apart."""
    return value[:, None] if np.ndim(value) == 1 else value


def _as_vector(value: Value) -> Value:
    return value[:, 0] if np.ndim(value) == 2 and value.shape[1] == 1 else value


@dataclass(frozen=True, slots=True)
class _Walk:
    lookup: Lookup
    arithmetic: Arithmetic
    functions: Functions

    def value(self, expression: Expr) -> Value:
        value = self.value
        match expression:
            case Number(text):
                return self.arithmetic.number(text)
            case Reference(key):
                return _as_column(self.lookup(key))
            case Constant(name):
                return self.function(name)()
            case Add(terms):
                return reduce(add, map(value, terms))
            case Subtract():
                return self.difference(expression)
            case Multiply(factors):
                return reduce(mul, map(value, factors))
            case Divide(numerator, denominator):
                return value(numerator) / value(denominator)
            case Power(Constant("e"), exponent):
                return self.function("exp")(value(exponent))
            case Power(base, exponent):
                return self.arithmetic.power(value(base), value(exponent))
            case Negate(operand):
                return -value(operand)
            case Group(operand):
                return value(operand)
            case Call(name, arguments):
                return self.function(name)(*map(value, arguments))
            case Cases():
                return self.cases(expression)
        return self.matrix(expression)

    def difference(self, expression: Subtract) -> Value:
        # a - b - c - ... leans to the left: walked down in a loop, so its length is not bounded by the stack.
        subtrahends: list[Expr] = []
        head: Expr = expression
        while isinstance(head, Subtract):
            subtrahends.append(head.right)
            head = head.left
        total = self.value(head)
        for subtrahend in reversed(subtrahends):
            total = total - self.value(subtrahend)
        return total

    def matrix(self, expression: Expr) -> Value:
        match expression:
            case Matrix(rows):
                entries = [[self.value(entry) for entry in row] for row in rows]
                return np.array(entries)
            case MatMul(left, right):
                return self.value(left) @ self.value(right)
            case Hadamard(left, right):
                return self.value(left) * self.value(right)
            case Transpose(operand):
                return self.value(operand).T
        raise ExpressionError(f"a {type(expression).__name__} has no value before it is worked out")

    def function(self, name: str) -> Callable[..., Value]:
        known = self.functions.get(name) or self.arithmetic.functions.get(name)
        if known is None:
            raise ExpressionError(f"unknown function {name!r}: its value cannot be computed")
        return known

    def cases(self, cases: Cases) -> Value:
        """The first branch that holds; of intervals, which may leave that open, everything it may be."""
        possible = []
        for branch, condition in cases.branches:
            left, right = self.value(condition.left), self.value(condition.right)
            holds = _HOLDS[condition.relation](left, right)
            if holds or holds is None:
                possible.append(self.value(branch))
            if holds:
                break
        else:
            possible.append(self.value(cases.otherwise))
        return reduce(or_, possible)


_HOLDS: dict[Relation, Callable[[Value, Value], bool | None]] = {
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
    "=": lambda left, right: left <= right and left >= right,
}
"""Whether a relation holds; None where an interval leaves it open."""

_FIFTY_DIGITS = Context(prec=50, Emax=999_999_999, Emin=-999_999_999)


def _logistic_of(exp: Callable[[Value], Value]) -> Callable[[Value], Value]:
    return lambda z: 1 / (1 + exp(-z))


FLOAT64 = Arithmetic(
    name="float64",
    number=np.float64,
    power=lambda base, exponent: base**exponent,
    functions={
        "e": lambda: np.float64(math.e),
        "pi": lambda: np.float64(math.pi),
        "exp": np.exp,
        "ln": np.log,
        "log": np.log,
        "tanh": np.tanh,
        "sqrt": np.sqrt,
        "abs": np.abs,
        "max": np.maximum,
        "sigma": _logistic_of(np.exp),
    },
)


def _decimal_exp(z: Decimal) -> Decimal:
    return z.exp()


def _decimal_tanh(z: Decimal) -> Decimal:
    if abs(z) < Decimal("1e-15"):
        return z - z**3 / 3  # what is left out is beyond fifty digits, and 1 - e would lose them
    e = (-2 * abs(z)).exp()
    return ((1 - e) / (1 + e)).copy_sign(z)


def _decimal_power(base: Decimal, exponent: Decimal) -> Decimal:
    if not base and exponent < 0:
        return 1 / base  # decimals would say Infinity; this is refused as every division by zero is
    if exponent == exponent.to_integral_value() and abs(exponent) <= 1000:
        return Decimal(base ** int(exponent))  # exact where it can be: 0.25^2 keeps its four decimals
    return Decimal(base**exponent)


DECIMAL = Arithmetic(
    name="decimal",
    number=Decimal,
    power=_decimal_power,
    functions={
        "e": lambda: Decimal(1).exp(),
        "pi": lambda: Decimal("3.1415926535897932384626433832795028841971693993751"),
        "exp": _decimal_exp,
        "ln": Decimal.ln,
        "log": Decimal.ln,
        "tanh": _decimal_tanh,
        "sqrt": Decimal.sqrt,
        "abs": abs,
        "max": max,
        "sigma": _logistic_of(_decimal_exp),
    },
)

INTERVAL = Arithmetic(
    name="interval",
    number=Interval.of,
    power=lambda base, exponent: base.power(exponent),
    functions={
        "e": lambda: Interval.around(math.e),
        "pi": lambda: Interval.around(math.pi),
        "exp": lambda z: z.increasing(np.exp, image=(0.0, math.inf)),
        "ln": lambda z: z.increasing(np.log, domain=(0.0, math.inf)),
        "log": lambda z: z.increasing(np.log, domain=(0.0, math.inf)),
        "tanh": lambda z: z.increasing(np.tanh, image=(-1.0, 1.0)),
        "sqrt": lambda z: z.increasing(np.sqrt, domain=(0.0, math.inf), image=(0.0, math.inf)),
        "abs": abs,
        "max": lambda left, right: left.larger(right),
        "sigma": lambda z: z.increasing(_logistic_of(np.exp)),
    },
)

ARITHMETICS = {record.name: record for record in (FLOAT64, DECIMAL, INTERVAL)}
