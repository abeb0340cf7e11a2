"""Expressions as plain text: ``1/(1 + e^-0.3775)``, ``0.5*(-0.038)``, ``w1*i1 + w2*i2 + b1``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workings.algebra.expression import Expr
from workings.algebra.write.writer import Format, Name, Rows, write


def write_text(expression: Expr, *, name: Name = str, matmul: str = " @ ", times: str = "*") -> str:
    """Write an expression as plain text, which :func:`workings.algebra.read.read` turns back into the same expression.

    Parameters
    ----------
    expression : Expr
        Any expression.
    name : callable
        Gives the text of a Reference's key.
    matmul : str
        Between the factors of a matrix product: a space looks better in print, but only ``@`` can be read back.
    times : str
        Between the factors of a product; with spaces around it, names like ``dE/dw5`` stand apart.
    """
    return write(expression, replace(_TEXT, matmul=matmul, times=times), name)


def _call(function: str, arguments: Sequence[str]) -> str:
    return f"{function}({', '.join(arguments)})"


def _cases(lines: Rows, otherwise: str) -> str:
    branches = "".join(f"{branch} if {left} {relation} {right}; " for branch, left, relation, right in lines)
    return f"{{{branches}{otherwise} otherwise}}"


def _matrix(rows: Rows) -> str:
    if len(rows) > 1 and len(rows[0]) == 1:
        return f"({', '.join(row[0] for row in rows)})"
    return f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"


_TEXT = Format(
    stacked=False,
    number=str,
    constant=str,
    plus=" + ",
    minus=" - ",
    negative="-",
    times="*",
    matmul=" @ ",
    hadamard=" ⊙ ",
    bracket=lambda body: f"({body})",
    fraction=lambda above, below: f"{above}/{below}",
    power=lambda base, exponent: f"{base}^{exponent}",
    transpose=lambda operand: f"{operand}^T",
    call=_call,
    cases=_cases,
    matrix=_matrix,
    derivative=lambda operand, variable: f"d/d{variable} [{operand}]",
)
