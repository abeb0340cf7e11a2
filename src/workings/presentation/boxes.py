"""Matrices in two dimensions on a character grid: boxes set side by side, their middles on one line."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

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
    Reference,
    Subtract,
    Transpose,
    contains,
)
from workings.presentation.display import DOTS

Write = Callable[[Expr], str]
Shape = Callable[[Reference], tuple[int, int] | None]


@dataclass(frozen=True, slots=True)
class Box:
    """Lines, one of which is the middle: what stands beside them stands at its height."""

    lines: tuple[str, ...]
    middle_line: int | None = None

    @property
    def middle(self) -> int:
        """The number of the middle line."""
        return (len(self.lines) - 1) // 2 if self.middle_line is None else self.middle_line

    @property
    def width(self) -> int:
        """The columns it takes."""
        return max(map(len, self.lines))

    def beside(self, other: Box) -> Box:
        """Put another box to the right, the middles of both on one line."""
        above = max(self.middle, other.middle)
        below = max(len(self.lines) - self.middle, len(other.lines) - other.middle)
        left, right = self._padded(above, below), other._padded(above, below)
        return Box(tuple(f"{a}{b}".rstrip() for a, b in zip(left, right, strict=True)), above)

    def above(self, other: Box) -> Box:
        """Put another box below; the middle stays where it is."""
        return Box((*self.lines, *other.lines), self.middle)

    def _padded(self, above: int, below: int) -> list[str]:
        width, missing = self.width, below - (len(self.lines) - self.middle)
        blank = [" " * width]
        return blank * (above - self.middle) + [line.ljust(width) for line in self.lines] + blank * missing


def box_of(expression: Expr, write: Write, room: int, *, is_result: bool = False) -> Box:
    """The expression as a box; a formula too wide for the room goes on below.

    Parameters
    ----------
    expression : Expr
    write : callable
        Writes what is no matrix on one line.
    room : int
        Columns.
    is_result : bool
        Whether a vector is the result, which is written ``(1, 2)`` on one line where it fits.
    """
    if is_result and isinstance(expression, Matrix) and all(len(row) == 1 for row in expression.rows):
        inline = f"({', '.join(write(entry) for (entry,) in expression.rows)})"
        if len(inline) <= room:
            return Box((inline,))
    if isinstance(expression, Matrix) and _parts(expression, write)[0].width > room:
        return _entry_a_line(expression, write, room)
    parts = _parts(expression, write)
    rows, current = [], parts[0]
    for part in parts[1:]:
        if current.width + part.width > room:
            rows.append(current)
            current = Box(("  ",)).beside(part)
        else:
            current = current.beside(part)
    total = current
    for row in reversed(rows):
        total = row.above(Box(("",))).above(total)
    return total


def _entry_a_line(matrix: Matrix, write: Write, room: int) -> Box:
    """A matrix too wide for the room, as a list of its entries; dots stand for those left out."""
    lines: list[str] = []
    for row, entries in zip(_places([row[0] for row in matrix.rows]), matrix.rows, strict=True):
        for column, entry in zip(_places(matrix.rows[0]), entries, strict=True):
            if "..." not in (row, column):
                place = f"[{row},{column}] "
                lines += textwrap.wrap(write(entry), room, initial_indent=place, subsequent_indent=" " * 8)
            elif lines[-1] != "...":
                lines.append("...")
    return Box(tuple(lines), 0)


def _places(entries: Sequence[Expr]) -> list[str]:
    """What the rows or columns of a matrix are called: their numbers; the one after the dots is the last."""
    dots = next((place for place, entry in enumerate(entries) if entry == DOTS), len(entries))
    return [*map(str, range(1, dots + 1)), "...", "last"][: len(entries)]


def _parts(expression: Expr, write: Write) -> list[Box]:
    """The boxes of an expression from left to right; a line may be broken between any two."""
    match expression:
        case Matrix(rows):
            return [_matrix([[write(entry) for entry in row] for row in rows])]
        case _ if not contains(expression, Matrix):
            return [Box((write(expression),))]
        case MatMul(left, right):
            return _joined([left, right], " ", write)
        case Hadamard(left, right):
            return _joined([left, right], " ⊙ ", write)
        case Add(terms):
            return _joined(list(terms), " + ", write)
        case Subtract(left, right):
            return _joined([left, right], " - ", write)
        case Multiply(factors):
            return _joined(list(factors), "*", write)
        case Divide(numerator, denominator):
            return _joined([numerator, denominator], " / ", write)
        case Negate(operand):
            return [Box(("-",)).beside(box) if n == 0 else box for n, box in enumerate(_bracketed(operand, write))]
        case Transpose(operand):
            return [*_parts(operand, write), Box(("^T",))]
        case Call(name, (argument,)):
            return [Box((f"{name}(",)).beside(_parts(argument, write)[0]).beside(Box((")",)))]
    return [Box((write(expression),))]


def shapes_below(expression: Expr, write: Write, shape: Shape) -> Box | None:
    """A formula of matrices with the shape of each factor under it; None where nothing is multiplied.

    ``shape`` gives rows and columns of a Reference, or None for a scalar.
    """
    if not contains(expression, MatMul, Hadamard):
        return None
    return _set_above(_factors(expression, write, shape))


def _factors(expression: Expr, write: Write, shape: Shape) -> list[tuple[str, str]]:
    """Pieces of the formula from left to right, each with what goes under it."""
    match expression:
        case MatMul(left, right):
            return [*_factors(left, write, shape), (" ", " "), *_factors(right, write, shape)]
        case Hadamard(left, right):
            return [*_factors(left, write, shape), (" ⊙ ", ""), *_factors(right, write, shape)]
        case Add(terms):
            pieces = [piece for term in terms for piece in ((" + ", ""), *_factors(term, write, shape))]
            return pieces[1:]
        case Transpose(Reference() as reference):
            return [(write(expression), _times(shape(reference), turned=True))]
        case Reference():
            return [(write(expression), _times(shape(expression)))]
    return [(write(expression), "")]


def _times(rows_and_columns: tuple[int, int] | None, *, turned: bool = False) -> str:
    if rows_and_columns is None:
        return ""
    rows, columns = reversed(rows_and_columns) if turned else rows_and_columns
    return f"{rows}x{columns}"


def _set_above(pieces: list[tuple[str, str]]) -> Box:
    widths = [max(len(above), len(below)) for above, below in pieces]
    lines = zip(*pieces, strict=True)
    return Box(tuple("".join(p.center(w) for p, w in zip(line, widths, strict=True)).rstrip() for line in lines))


def _joined(operands: list[Expr], sign: str, write: Write) -> list[Box]:
    boxes: list[Box] = []
    for position, operand in enumerate(operands):
        needs_brackets = isinstance(operand, Negate) and position > 0 and not contains(operand, Matrix)
        made = [Box((f"({write(operand)})",))] if needs_brackets else _bracketed_if_sum(operand, sign, write)
        if position:
            made[0] = Box((sign,)).beside(made[0])
        boxes.extend(made)
    return boxes


def _bracketed_if_sum(operand: Expr, sign: str, write: Write) -> list[Box]:
    is_sum = isinstance(operand, Add | Subtract) and sign not in (" + ", " - ")
    return _bracketed(operand, write) if is_sum else _parts(operand, write)


def _bracketed(operand: Expr, write: Write) -> list[Box]:
    parts = _parts(operand, write)
    if not isinstance(operand, Add | Subtract):
        return parts
    return [Box(("(",)).beside(parts[0]), *parts[1:-1], parts[-1].beside(Box((")",)))]


def _matrix(cells: list[list[str]]) -> Box:
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    rows = ("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in cells)
    return Box(tuple(f"[{row}]" for row in rows))
