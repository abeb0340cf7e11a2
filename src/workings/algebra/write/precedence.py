"""Which operation binds tighter, and so where a formula needs brackets: one table for every format and for the reader.

The reader drops exactly the brackets that the writer would put itself; that is why writing and reading undo each other.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import IntEnum

from workings.algebra.expression import (
    Add,
    Derivative,
    Divide,
    Expr,
    Hadamard,
    MatMul,
    Multiply,
    Negate,
    Number,
    Power,
    Reference,
    Subtract,
    Transpose,
)


class Level(IntEnum):
    """How tightly an operation holds its parts together."""

    SUM = 1
    NEGATIVE = 2
    PRODUCT = 3
    HADAMARD = 4
    MATMUL = 5
    POWER = 6
    ATOM = 7


INFIX = (Add, Subtract, Multiply, Divide, Hadamard, MatMul)
"""What begins with its first part, so that a minus there stands at the beginning of the whole."""

_LEVELS: dict[type[Expr], Level] = {
    Add: Level.SUM,
    Subtract: Level.SUM,
    Negate: Level.NEGATIVE,
    Multiply: Level.PRODUCT,
    Divide: Level.PRODUCT,
    Hadamard: Level.HADAMARD,
    MatMul: Level.MATMUL,
    Derivative: Level.MATMUL,
    Power: Level.POWER,
    Transpose: Level.POWER,
}

# What the first part, and every later part, must at least be to go without brackets.
_MINIMUM: dict[type[Expr], tuple[Level, Level]] = {
    Add: (Level.SUM, Level.PRODUCT),
    Subtract: (Level.SUM, Level.PRODUCT),
    Negate: (Level.PRODUCT, Level.PRODUCT),
    Multiply: (Level.PRODUCT, Level.HADAMARD),
    Divide: (Level.PRODUCT, Level.POWER),
    Hadamard: (Level.HADAMARD, Level.MATMUL),
    MatMul: (Level.MATMUL, Level.POWER),
    Power: (Level.ATOM, Level.ATOM),
    Transpose: (Level.ATOM, Level.ATOM),
}


def name_level(written: str) -> Level:
    """How tightly a name holds together in text and LaTeX: ``dE/dw5`` less than ``w5^+``, and that less than ``w5``."""
    if "/" in written or r"\frac" in written:
        return Level.MATMUL
    return Level.POWER if "^" in written else Level.ATOM


def needs_brackets(
    parent: type[Expr],
    index: int,
    child: Expr,
    *,
    stacked: bool = False,
    level_of_key: Callable[[Hashable], Level] = lambda key: name_level(str(key)),
) -> bool:
    """Whether ``child`` needs brackets as part number ``index`` of a ``parent``.

    Parameters
    ----------
    parent : type of Expr
        The operation around it.
    index : int
        Which part of it, counted from 0.
    child : Expr
        The part.
    stacked : bool
        Whether fractions are set one above the other, and so hold together by themselves.
    level_of_key : callable
        How tightly the written name of a Reference holds together.
    """
    if parent not in _MINIMUM:
        return False
    if parent is Power and index == 1 and isinstance(child, Negate):
        child = child.operand  # e^-z says all there is to say
    elif parent is Negate and isinstance(child, INFIX) and _leads_with_number(child, stacked):
        return True  # -2*x is the number -2 times x
    elif parent in (Add, Multiply) and index == 0 and type(child) is parent:
        return True  # without brackets it would be one longer sum
    if isinstance(child, Reference):
        level = level_of_key(child.key)
    elif stacked and isinstance(child, Divide):
        level = Level.POWER
    else:
        level = _LEVELS.get(type(child), Level.ATOM)
    return level < _MINIMUM[parent][min(index, 1)]


def _leads_with_number(expression: Expr, stacked: bool) -> bool:
    while True:
        match expression:
            case Multiply(factors):
                expression = factors[0]
            case Divide(numerator) if not stacked:
                expression = numerator
            case MatMul(left) | Hadamard(left):
                expression = left
            case Power():
                return False
            case _:
                return isinstance(expression, Number)
