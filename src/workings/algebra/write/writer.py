"""The one walk from an expression to a string; what differs between formats is a :class:`Format` record.

The walk keeps its own stack, because a sum of 5,000 terms written as ``a + b - c + ...`` is 5,000 levels deep.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from workings.algebra.expression import (
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
    Subtract,
    Transpose,
    children,
)
from workings.algebra.write.precedence import INFIX, Level, name_level, needs_brackets

Name = Callable[[Hashable], str]
"""How the key of a Reference is written in a format."""

T = TypeVar("T")
Rows = Sequence[Sequence[str]]

_SHOWN_BEFORE_ELLIPSIS = 3


@dataclass(frozen=True, slots=True)
class Format:
    """The tokens of one output format, and how it sets what is not a row of tokens.

    ``stacked`` formats set fractions and exponents where no brackets are needed. ``cases`` takes lines of branch,
    left side, relation and right side, and what holds otherwise.
    """

    stacked: bool
    number: Callable[[str], str]
    constant: Callable[[str], str]
    plus: str
    minus: str
    negative: str
    times: str
    matmul: str
    hadamard: str
    ellipsis: str
    bracket: Callable[[str], str]
    fraction: Callable[[str, str], str]
    power: Callable[[str, str], str]
    transpose: Callable[[str], str]
    call: Callable[[str, Sequence[str]], str]
    cases: Callable[[Rows, str], str]
    matrix: Callable[[Rows], str]
    derivative: Callable[[str, str], str]
    name_level: Callable[[str], Level] = name_level


def write(
    expression: Expr, form: Format, name: Name, longest_sum: int | None = None, longest_matrix: int | None = None
) -> str:
    """Write an expression in a format.

    Parameters
    ----------
    expression : Expr
        Any expression, however deep.
    form : Format
        The format's tokens.
    name : callable
        Gives the format's spelling of a Reference's key.
    longest_sum, longest_matrix : int, optional
        A sum of more terms, a matrix of more rows or columns, shows the first three, an ellipsis and the last.
    """
    walk = _Walk(form, name, longest_sum or 0, longest_matrix or 0)
    written: list[str] = []
    waiting = [_Slot(expression)]
    while waiting:
        slot = waiting.pop()
        if slot.opened:
            count = len(slot.parts)
            strings = written[len(written) - count :]
            del written[len(written) - count :]
            written.append(walk.finished(slot, strings))
        else:
            opened = walk.opened(slot)
            waiting.append(opened)
            waiting.extend(reversed(opened.parts))
    return written[0]


@dataclass(frozen=True, slots=True)
class _Slot:
    """An expression in its place: in brackets or not, and whether a minus here would stand at the very beginning."""

    expression: Expr
    bracketed: bool = False
    leading: bool = True
    opened: bool = False
    parts: tuple[_Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class _Walk:
    form: Format
    name: Name
    longest_sum: int
    longest_matrix: int

    def opened(self, slot: _Slot) -> _Slot:
        parts = enumerate(self.shown(slot.expression))
        return replace(slot, opened=True, parts=tuple(self.placed(slot, index, part) for index, part in parts))

    def shown(self, expression: Expr) -> tuple[Expr, ...]:
        """The direct parts, without those that an ellipsis stands for."""
        match expression:
            case Add(terms):
                return tuple(_abridged(terms, self.longest_sum))
            case Matrix(rows):
                columns = _abridged(range(len(rows[0])), self.longest_matrix)
                return tuple(row[column] for row in _abridged(rows, self.longest_matrix) for column in columns)
        return tuple(children(expression))

    def placed(self, slot: _Slot, index: int, part: Expr) -> _Slot:
        parent = type(slot.expression)
        leading = parent not in (*INFIX, Negate, Power) or (index == 0 and (slot.leading or slot.bracketed))
        if self.form.stacked and (parent is Divide or (parent is Power and index == 1)):
            return _Slot(part)
        bracketed = needs_brackets(parent, index, part, stacked=self.form.stacked, level_of_key=self.level_of_key)
        signed_number = isinstance(part, Negate) and isinstance(part.operand, Number)
        if bracketed and signed_number and leading and parent in INFIX:
            bracketed = False  # -0.5*x at the beginning: nobody takes the minus for another sign
        return _Slot(part, bracketed, leading)

    def level_of_key(self, key: Hashable) -> Level:
        return self.form.name_level(self.name(key))

    def finished(self, slot: _Slot, parts: list[str]) -> str:
        body = _COMPOSE[type(slot.expression)](self, slot.expression, parts)
        return self.form.bracket(body) if slot.bracketed else body

    def sum(self, expression: Add, parts: list[str]) -> str:
        return self.form.plus.join(_with_ellipsis(parts, len(expression.terms), self.form.ellipsis))

    def matrix(self, expression: Matrix, parts: list[str]) -> str:
        form, rows = self.form, expression.rows
        width = len(_abridged(range(len(rows[0])), self.longest_matrix))
        shown = [parts[start : start + width] for start in range(0, len(parts), width)]
        across = [_with_ellipsis(row, len(rows[0]), form.ellipsis) for row in shown]
        return form.matrix(_with_ellipsis(across, len(rows), [form.ellipsis] * len(across[0])))

    def cases(self, expression: Cases, parts: list[str]) -> str:
        lines = [
            (parts[3 * line], parts[3 * line + 1], condition.relation, parts[3 * line + 2])
            for line, (_, condition) in enumerate(expression.branches)
        ]
        return self.form.cases(lines, parts[-1])


def _abridged(items: Sequence[T], longest: int) -> Sequence[T]:
    if not longest or len(items) <= longest:
        return items
    return (*items[:_SHOWN_BEFORE_ELLIPSIS], items[-1])


def _with_ellipsis(shown: Sequence[T], whole: int, ellipsis: T) -> list[T]:
    return list(shown) if len(shown) == whole else [*shown[:-1], ellipsis, shown[-1]]


# One line for each kind of expression: the walk, the expression, and its parts as they are written.
_COMPOSE: dict[type[Expr], Callable[[_Walk, Any, list[str]], str]] = {
    Number: lambda walk, number, _: walk.form.number(number.text),
    Constant: lambda walk, constant, _: walk.form.constant(constant.name),
    Reference: lambda walk, reference, _: walk.name(reference.key),
    Add: _Walk.sum,
    Subtract: lambda walk, _, parts: walk.form.minus.join(parts),
    Multiply: lambda walk, _, parts: walk.form.times.join(parts),
    Divide: lambda walk, _, parts: walk.form.fraction(*parts),
    Power: lambda walk, _, parts: walk.form.power(*parts),
    Negate: lambda walk, _, parts: walk.form.negative + parts[0],
    Group: lambda walk, _, parts: walk.form.bracket(parts[0]),
    Call: lambda walk, call, parts: walk.form.call(call.function, parts),
    Cases: _Walk.cases,
    Matrix: _Walk.matrix,
    MatMul: lambda walk, _, parts: walk.form.matmul.join(parts),
    Hadamard: lambda walk, _, parts: walk.form.hadamard.join(parts),
    Transpose: lambda walk, _, parts: walk.form.transpose(parts[0]),
    Derivative: lambda walk, _, parts: walk.form.derivative(*parts),
}
