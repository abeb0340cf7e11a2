"""The value of an expression: one walk over the tree, in whichever arithmetic is asked for.

float64 for everyday numbers, decimal for hand arithmetic and checks to fifty digits, intervals for bounds.
An arithmetic is a record; the walk does not know which one it is using.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from decimal import Context, Decimal, DecimalException, localcontext
from functools import reduce
from operator import add, ge, gt, le, lt, mul, or_
from typing import Any

import numpy as np

from workings.algebra.expression import (
    E_CONSTANT,
    Add,
    Call,
    Cases,
    Constant,
    Derivative,
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
from workings.algebra.functions import CONSTANTS, FUNCTIONS, Function
from workings.algebra.interval import Interval
from workings.errors import ExpressionError

Value = Any
"""A number of the arithmetic in use, or a NumPy array of them."""

Lookup = Callable[[Hashable], Value]
Functions = Mapping[str, Callable[..., Value]]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A kind of number: how one is made from its written digits, its powers, and its column of FUNCTIONS.

    What it is worked out in, ``setting``, is in force for one evaluation.
    """

    name: str
    number: Callable[[str], Value]
    power: Callable[[Value, Value], Value]
    function: Callable[[Function], Callable[..., Value] | None]
    setting: Callable[[], AbstractContextManager[Any]]


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
        with walk.arithmetic.setting():
            return _as_vector(walk.value(expression))
    except DecimalException as impossible:
        raise ExpressionError(f"this has no value in decimal arithmetic ({type(impossible).__name__})") from impossible


def _as_column(value: Value) -> Value:
    """A vector as a matrix of one column, so that columns and rows can be told apart."""
    return value[:, None] if isinstance(value, np.ndarray) and value.ndim == 1 else value


def _entry_by_entry(function: Callable[..., Value]) -> Callable[..., Value]:
    """A function of numbers as one of vectors and matrices too."""
    return lambda *arguments: (np.vectorize(function) if any(map(np.ndim, arguments)) else function)(*arguments)


def _as_vector(value: Value) -> Value:
    return value[:, 0] if isinstance(value, np.ndarray) and value.ndim == 2 and value.shape[1] == 1 else value


@dataclass(slots=True)
class _Walk:
    lookup: Lookup
    arithmetic: Arithmetic
    functions: Functions

    def value(self, expression: Expr) -> Value:
        return _VALUES[type(expression)](self, expression)

    def refused(self, expression: Expr) -> Value:
        raise ExpressionError(f"a {type(expression).__name__} has no value before it is worked out")

    def power(self, power: Power) -> Value:
        if power.base == E_CONSTANT:
            return replace(self, functions={}).function("exp", 1)(self.value(power.exponent))  # not somebody's own exp
        return self.arithmetic.power(self.value(power.base), self.value(power.exponent))

    def called(self, call: Call) -> Value:
        return self.function(call.function, len(call.arguments))(*map(self.value, call.arguments))

    def matrix(self, matrix: Matrix) -> Value:
        return np.array([[self.value(entry) for entry in row] for row in matrix.rows])

    def turned(self, transpose: Transpose) -> Value:
        operand = self.value(transpose.operand)
        return operand.T if np.ndim(operand) else operand

    def function(self, name: str, arguments: int) -> Callable[..., Value]:
        if own := self.functions.get(name):
            return own  # given a vector, it sees the whole of it, as softmax must
        stem = name.removesuffix("'")
        record = FUNCTIONS.get(stem)
        if record is None or stem in self.functions:  # the slope of somebody's own sigma is not that of ours
            known = None
        elif stem == name:
            known = self.arithmetic.function(record) or self.by_formula(record.formula)
        else:
            known = self.by_formula(record.derivative)
        if known is None:
            raise ExpressionError(f"unknown function {name!r}: its value cannot be computed")
        if record and arguments != record.arity:
            raise ExpressionError(f"{name} of {arguments} numbers has no value: it takes {record.arity}")
        return _entry_by_entry(known)

    def by_formula(self, formula: Callable[[Expr], Expr] | None) -> Callable[[Value], Value] | None:
        """The function that a formula of one argument defines, in the arithmetic in use."""
        if formula is None:
            return None
        written = formula(Reference("u"))
        return lambda u: replace(self, lookup=lambda _: u).value(written)

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

_VALUES: dict[type[Expr], Callable[[_Walk, Any], Value]] = {
    Number: lambda walk, number: walk.arithmetic.number(number.text),
    Reference: lambda walk, reference: _as_column(walk.lookup(reference.key)),
    Constant: lambda walk, constant: walk.arithmetic.number(CONSTANTS[constant.name]),
    Add: lambda walk, total: reduce(add, map(walk.value, total.terms)),
    Subtract: lambda walk, difference: walk.value(difference.left) - walk.value(difference.right),
    Multiply: lambda walk, product: reduce(mul, map(walk.value, product.factors)),
    Divide: lambda walk, quotient: walk.value(quotient.numerator) / walk.value(quotient.denominator),
    Power: _Walk.power,
    Negate: lambda walk, negated: -walk.value(negated.operand),
    Group: lambda walk, group: walk.value(group.operand),
    Call: _Walk.called,
    Cases: _Walk.cases,
    Matrix: _Walk.matrix,
    MatMul: lambda walk, product: walk.value(product.left) @ walk.value(product.right),
    Hadamard: lambda walk, product: walk.value(product.left) * walk.value(product.right),
    Transpose: _Walk.turned,
    Derivative: _Walk.refused,
}
"""How each kind of expression is worked out; looked up, which takes less than asking for one kind after the other."""

_FIFTY_DIGITS = Context(prec=50, Emax=999_999_999, Emin=-999_999_999)


def _decimal_power(base: Decimal, exponent: Decimal) -> Decimal:
    if not base and exponent < 0:
        return 1 / base  # decimals would say Infinity; this is refused as every division by zero is
    if exponent == exponent.to_integral_value() and abs(exponent) <= 1000:
        return Decimal(base ** int(exponent))  # exact where it can be: 0.25^2 keeps its four decimals
    return Decimal(base**exponent)


def _quietly() -> AbstractContextManager[None]:
    return np.errstate(all="ignore")


def _in_fifty_digits() -> AbstractContextManager[Context]:
    return localcontext(_FIFTY_DIGITS)


FLOAT64 = Arithmetic("float64", np.float64, pow, lambda record: record.float64, _quietly)
DECIMAL = Arithmetic("decimal", Decimal, _decimal_power, lambda record: record.decimal, _in_fifty_digits)
INTERVAL = Arithmetic("interval", Interval.of, Interval.power, lambda record: record.interval, _quietly)

ARITHMETICS = {record.name: record for record in (FLOAT64, DECIMAL, INTERVAL)}
