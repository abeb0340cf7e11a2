"""A matrix formula worked out entry by entry: rows times columns, transposes and Hadamard products in full."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from functools import reduce

from workings.algebra.expression import (
    Add,
    Call,
    Divide,
    Expr,
    Hadamard,
    MatMul,
    Matrix,
    Multiply,
    Negate,
    Subtract,
    Transpose,
    add,
    children,
)

Rows = Sequence[Sequence[Expr]]


def worked_out(expression: Expr) -> Expr:
    """The matrix whose entries are scalar formulas; a scalar expression stays as it is."""
    match expression:
        case Transpose(operand):
            return Matrix(tuple(zip(*_rows(operand), strict=True)))
        case MatMul(left, right):
            columns = list(zip(*_rows(right), strict=True))
            return Matrix(tuple(tuple(_row_times_column(row, column) for column in columns) for row in _rows(left)))
        case Hadamard(left, right):
            return _entry_by_entry([left, right], lambda parts: Multiply(tuple(parts)))
        case Add(terms):
            return _entry_by_entry(list(terms), _sum)
        case Multiply(factors):
            return _entry_by_entry(list(factors), lambda parts: Multiply(tuple(parts)))
        case Subtract(left, right):
            return _entry_by_entry([left, right], lambda parts: Subtract(*parts))
        case Divide(numerator, denominator):
            return _entry_by_entry([numerator, denominator], lambda parts: Divide(*parts))
        case Negate(operand):
            return _entry_by_entry([operand], lambda parts: Negate(*parts))
        case Call(name, arguments):
            return _entry_by_entry(list(arguments), lambda parts: Call(name, tuple(parts)))
    return expression


def matrices(expression: Expr) -> Iterator[Matrix]:
    """The matrices written out in an expression."""
    if isinstance(expression, Matrix):
        yield expression
        return
    for part in children(expression):
        yield from matrices(part)


def _rows(expression: Expr) -> Rows:
    worked = worked_out(expression)
    return worked.rows if isinstance(worked, Matrix) else ((worked,),)


def _row_times_column(row: Sequence[Expr], column: Sequence[Expr]) -> Expr:
    return add(tuple(Multiply((a, b)) for a, b in zip(row, column, strict=True)))


def _sum(parts: list[Expr]) -> Expr:
    return reduce(operator.add, parts)  # a sum that begins with a sum is one longer sum


def _entry_by_entry(operands: list[Expr], combine: Callable[[list[Expr]], Expr]) -> Expr:
    """Combine entry with entry; a scalar goes with every entry."""
    parts = [worked_out(operand) for operand in operands]
    shape = next((part.rows for part in parts if isinstance(part, Matrix)), None)
    if shape is None:
        return combine(parts)
    return Matrix(
        tuple(
            tuple(
                combine([part.rows[i][j] if isinstance(part, Matrix) else part for part in parts])
                for j in range(len(row))
            )
            for i, row in enumerate(shape)
        )
    )
