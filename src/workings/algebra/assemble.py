"""The pieces of a formula put together as the signs between them say.

Operands and signs arrive as two flat rows, so that a long chain is put together in a loop. Brackets arrive as Groups;
those that the writers would put by themselves are dropped here.
"""

from __future__ import annotations

from collections.abc import Sequence

from workings.algebra.expression import (
    Add,
    Cases,
    Condition,
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
    Transpose,
)
from workings.algebra.lex import Token
from workings.algebra.lex_names import unexpected
from workings.algebra.names import is_differential
from workings.algebra.write.precedence import needs_brackets

BESIDE = "beside"
"""The sign between two things with no sign between them."""

_TRANSPOSED = Reference("T")
_TIGHTEST: tuple[tuple[str, type[MatMul] | type[Hadamard]], ...] = (("@", MatMul), ("⊙", Hadamard))

Line = tuple[Expr, Condition | None]
"""A line of a definition by cases; without a condition it is the last one."""


def bare(expression: Expr) -> Expr:
    """What a pair of brackets holds, where something else already marks its ends."""
    return expression.operand if isinstance(expression, Group) else expression


def without_group(parent: type[Expr], index: int, child: Expr) -> Expr:
    """Drop brackets that a writer would put by itself."""
    if not isinstance(child, Group):
        return child
    exponent = parent is Power and index == 1  # LaTeX sets it without brackets, text with: they must agree
    return child.operand if exponent or needs_brackets(parent, index, child.operand) else child


def join(node: type, left: Expr, right: Expr) -> Expr:
    """An operation on two parts."""
    joined: Expr = node(without_group(node, 0, left), without_group(node, 1, right))
    return joined


def chain_of(node: type[Add] | type[Multiply], parts: Sequence[Expr]) -> Expr:
    """The sum or the product of one part or more; a single part stays as it is, brackets and all."""
    return parts[0] if len(parts) == 1 else node(tuple([without_group(node, i, part) for i, part in enumerate(parts)]))


def product_of(operands: Sequence[Expr], signs: Sequence[str]) -> Expr:
    """Put operands together: matrix products first, then entry by entry, then products and quotients in their order.

    Parameters
    ----------
    operands : sequence of Expr
        One or more.
    signs : sequence of str
        One less: ``*``, ``/``, ``@``, ``⊙`` or ``BESIDE``.
    """
    if not signs:
        return operands[0]
    if BESIDE in signs:
        signs = _with_signs(operands, signs)
    for sign, node in _TIGHTEST:
        if sign in signs:
            operands, signs = _joined(sign, node, operands, signs)
    factors = [operands[0]]
    for sign, operand in zip(signs, operands[1:], strict=True):
        if sign == "*":
            factors.append(operand)
        else:
            factors = [join(Divide, chain_of(Multiply, factors), operand)]
    return chain_of(Multiply, factors)


def raised(power: Expr, exponent: Expr) -> Expr:
    """A power, or with the exponent T a transposed matrix."""
    if bare(exponent) == _TRANSPOSED:
        return Transpose(without_group(Transpose, 0, power))
    return join(Power, power, exponent)


def quotient(above: Expr, below: Expr) -> Expr:
    """A fraction; ``dE`` over ``dw`` is one name."""
    *before, last = above.factors if isinstance(above, Multiply) else (above,)
    if variable_of(below) and variable_of(last):
        assert isinstance(last, Reference)
        assert isinstance(below, Reference)
        return chain_of(Multiply, [*before, Reference(f"{last.key}/{below.key}")])
    return join(Divide, above, below)


def variable_of(expression: Expr) -> Reference | None:
    """``w`` for a Reference to ``dw``."""
    if isinstance(expression, Reference) and is_differential(expression.key):
        return Reference(str(expression.key)[1:])
    return None


def matrix_of(rows: Sequence[tuple[Expr, ...]], opening: Token) -> Matrix:
    """A matrix, if its rows are of one length."""
    if len({len(row) for row in rows}) != 1:
        lengths = ", ".join(str(len(row)) for row in rows)
        unexpected(f"a matrix with rows of {lengths or 'no'} entries", opening.start, "rows of one length")
    return Matrix(tuple(rows))


def cases_of(lines: Sequence[Line], opening: Token) -> Cases:
    """A definition by cases, if its last line and no other is for every other case."""
    branches = tuple((branch, condition) for branch, condition in lines[:-1] if condition is not None)
    if len(branches) != len(lines) - 1 or lines[-1][1] is not None:
        unexpected("a definition by cases", opening.start, "'otherwise' in its last line and in no other")
    return Cases(branches, lines[-1][0])


def _joined(
    sign: str, node: type[MatMul] | type[Hadamard], operands: Sequence[Expr], signs: Sequence[str]
) -> tuple[list[Expr], list[str]]:
    kept, kept_signs = [operands[0]], []
    for here, operand in zip(signs, operands[1:], strict=True):
        if here == sign:
            kept[-1] = join(node, kept[-1], operand)
        else:
            kept.append(operand)
            kept_signs.append(here)
    return kept, kept_signs


def _with_signs(operands: Sequence[Expr], signs: Sequence[str]) -> list[str]:
    """Say which sign is meant where none was written: of a matrix product next to a matrix, else of a product."""
    clear: list[str] = []
    for i, sign in enumerate(signs):
        pair = operands[i : i + 2]
        of_matrices = any(_is_matrix(operand) for operand in pair) or clear[-1:] == ["@"]
        meant = "@" if of_matrices and not any(_is_plain_number(operand) for operand in pair) else "*"
        clear.append(meant if sign == BESIDE else sign)
    return clear


def _is_matrix(operand: Expr) -> bool:
    return isinstance(bare(operand), Matrix | Transpose)


def _is_plain_number(operand: Expr) -> bool:
    match bare(operand):
        case Number() | Negate(Number()) | Divide(Number(), Number()):
            return True
    return False
