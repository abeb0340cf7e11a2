"""The one walk from an expression to a string; what differs between formats is a :class:`Format` record."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

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

Rows = Sequence[Sequence[str]]


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
    bracket: Callable[[str], str]
    fraction: Callable[[str, str], str]
    power: Callable[[str, str], str]
    transpose: Callable[[str], str]
    call: Callable[[str, Sequence[str]], str]
    cases: Callable[[Rows, str], str]
    matrix: Callable[[Rows], str]
    derivative: Callable[[str, str], str]
    name_level: Callable[[str], Level] = name_level


def write(expression: Expr, form: Format, name: Name) -> str:
    """Write an expression in a format.

    Parameters
    ----------
    expression : Expr
        Any expression.
    form : Format
        The format's tokens.
    name : callable
        Gives the format's spelling of a Reference's key.
    """
    return _Walk(form, name).written(_Slot(expression))


@dataclass(frozen=True, slots=True)
class _Slot:
    """An expression in its place: in brackets or not, and whether a minus here would stand at the very beginning."""

    expression: Expr
    bracketed: bool = False
    leading: bool = True


@dataclass(frozen=True, slots=True)
class _Walk:
    form: Format
    name: Name

    def written(self, slot: _Slot) -> str:
        parts = [self.written(self.placed(slot, *part)) for part in enumerate(children(slot.expression))]
        body = _COMPOSE[type(slot.expression)](self, slot.expression, parts)
        return self.form.bracket(body) if slot.bracketed else body

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

    def matrix(self, expression: Matrix, parts: list[str]) -> str:
        width = len(expression.rows[0])
        return self.form.matrix([parts[start : start + width] for start in range(0, len(parts), width)])

    def cases(self, expression: Cases, parts: list[str]) -> str:
        lines = [
            (parts[3 * line], parts[3 * line + 1], condition.relation, parts[3 * line + 2])
            for line, (_, condition) in enumerate(expression.branches)
        ]
        return self.form.cases(lines, parts[-1])


# One line for each kind of expression: the walk, the expression, and its parts as they are written.
_COMPOSE: dict[type[Expr], Callable[[_Walk, Any, list[str]], str]] = {
    Number: lambda walk, number, _: walk.form.number(number.text),
    Constant: lambda walk, constant, _: walk.form.constant(constant.name),
    Reference: lambda walk, reference, _: walk.name(reference.key),
    Add: lambda walk, _, parts: walk.form.plus.join(parts),
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
