r"""Expressions as LaTeX: ``\frac{1}{1 + e^{-z}}``, ``w_5 \cdot \mathrm{out}_{h1} + b_2``."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from workings.algebra.expression import Expr
from workings.algebra.functions import FUNCTIONS
from workings.algebra.names import GREEK_WORDS, halves, parts_of
from workings.algebra.write.writer import Format, Name, Rows, write


def latex_name(key: Hashable) -> str:
    r"""The LaTeX of a name in its one spelling, ``w_5^+`` for ``w5^+``; any other key is set as text."""
    written = str(key)
    if derivative := halves(written):
        above, below = map(latex_name, derivative)
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"
    parts = parts_of(written)
    if parts is None:
        return rf"\text{{{_escaped(written)}}}"
    below = f"_{_argument(_word(parts.subscript))}" if parts.subscript else ""
    layer = f"^{{{parts.layer}}}" if parts.layer else ""
    above = f"^{_argument(parts.superscript)}" if parts.superscript else ""
    return f"{_base(parts.base)}{layer}{below}{parts.primes * chr(39)}{above}{parts.sample}"


def write_latex(expression: Expr, *, name: Name = latex_name) -> str:
    r"""Write an expression as LaTeX, which :func:`workings.algebra.read.read` turns back into the same expression.

    Parameters
    ----------
    expression : Expr
        Any expression.
    name : callable
        Gives the LaTeX of a Reference's key.

    Notes
    -----
    Between the factors of a matrix product stands an empty ``{}``: it prints nothing, and tells it from a product.
    """
    return write(expression, _LATEX, name)


def _base(word: str) -> str:
    return _word(word) if len(word) == 1 or word in GREEK_WORDS else rf"\mathrm{{{word}}}"


def _word(word: str) -> str:
    return f"\\{word}" if word in GREEK_WORDS - {"omicron"} else word


def _argument(body: str) -> str:
    return body if len(body) == 1 else f"{{{body}}}"


def _escaped(text: str) -> str:
    return re.sub(r"[\\{}$&#%_^~]", lambda special: f"\\{special[0]}" if special[0] in "{}$&#%_" else " ", text)


def _number(text: str) -> str:
    return rf"\text{{{text}}}" if "e" in text.lower() else text  # in mathematics 1e-5 would read e minus 5


def _bracket(body: str, opening: str = "(", closing: str = ")") -> str:
    tall = r"\frac" in body or r"\begin" in body
    return rf"\left{opening}{body}\right{closing}" if tall else f"{opening}{body}{closing}"


def _call(function: str, arguments: Sequence[str]) -> str:
    if function == "sqrt":
        return rf"\sqrt{{{arguments[0]}}}"
    if function == "abs":
        return rf"\left|{arguments[0]}\right|"
    stem = function.rstrip("'")
    command = FUNCTIONS[stem].latex if stem in FUNCTIONS else latex_name(stem)
    return command + function[len(stem) :] + _bracket(", ".join(arguments))


_RELATIONS = {"<=": r"\le", ">=": r"\ge"}


def _cases(lines: Rows, otherwise: str) -> str:
    branches = "".join(
        rf"{branch} & \text{{if }} {left} {_RELATIONS.get(relation, relation)} {right} \\ "
        for branch, left, relation, right in lines
    )
    return rf"\begin{{cases}} {branches}{otherwise} & \text{{otherwise}} \end{{cases}}"


def _matrix(rows: Rows) -> str:
    lines = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}"


def _derivative(operand: str, variable: str) -> str:
    return rf"\frac{{\partial}}{{\partial {variable}}}{_bracket(operand, '[', ']')}"


_LATEX = Format(
    stacked=True,
    number=_number,
    constant=lambda constant: r"\pi" if constant == "pi" else constant,
    plus=" + ",
    minus=" - ",
    negative="-",
    times=r" \cdot ",
    matmul=" {} ",
    hadamard=r" \odot ",
    bracket=_bracket,
    fraction=lambda above, below: rf"\frac{{{above}}}{{{below}}}",
    power=lambda base, exponent: f"{base}^{_argument(exponent)}",
    transpose=lambda operand: rf"{operand}^T",
    call=_call,
    cases=_cases,
    matrix=_matrix,
    derivative=_derivative,
)
