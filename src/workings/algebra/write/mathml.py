"""Expressions as MathML Core: what a browser sets by itself."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from html import escape

from workings.algebra.expression import Expr
from workings.algebra.names import GREEK, NameParts, halves, parts_of
from workings.algebra.write.precedence import Level
from workings.algebra.write.writer import Format, Name, Rows, write

_LETTERS = {word: letter for letter, word in reversed(GREEK.items())}


def mathml_name(key: Hashable) -> str:
    """The MathML of a name in its one spelling; any other key becomes one identifier."""
    written = str(key)
    if derivative := halves(written):
        above, below = (_row(f"<mo>∂</mo>{mathml_name(half)}") for half in derivative)
        return f"<mfrac>{above}{below}</mfrac>"
    parts = parts_of(written)
    if parts is None:
        return _identifier(written)
    base, below, above = _identifier(parts.base), _identifier(parts.subscript), _above(parts)
    if parts.subscript and above:
        return f"<msubsup>{base}{below}{above}</msubsup>"
    if above:
        return f"<msup>{base}{above}</msup>"
    return f"<msub>{base}{below}</msub>" if parts.subscript else base


def write_mathml(expression: Expr, *, name: Name = mathml_name, display: bool = False) -> str:
    """Write an expression as a ``<math>`` element.

    Parameters
    ----------
    expression : Expr
        Any expression.
    name : callable
        Gives the MathML of a Reference's key, one element.
    display : bool
        On a line of its own instead of in a sentence.
    """
    attribute = ' display="block"' if display else ""
    return f"<math{attribute}>{_row(write(expression, _MATHML, name))}</math>"


def _row(body: str) -> str:
    return f"<mrow>{body}</mrow>"


def _identifier(word: str) -> str:
    kind = "mn" if word.isdigit() else "mi"
    return f"<{kind}>{escape(_LETTERS.get(word, word))}</{kind}>"


def _above(parts: NameParts) -> str:
    """Everything that is raised, in the order of the name's spelling: layer, primes, superscript, sample."""
    layer = _identifier(parts.layer) if parts.layer else ""
    superscript = _operator(parts.superscript) if parts.superscript else ""
    sample = f"{_operator('@')}{_identifier(parts.sample[1:])}" if parts.sample else ""
    raised = f"{layer}{_primes(parts.primes)}{superscript}{sample}"
    return _row(raised) if raised else ""


def _primes(count: int) -> str:
    return _operator("′") * count


def _operator(sign: str) -> str:
    return f"<mo>{escape(sign)}</mo>"


def _bracket(body: str) -> str:
    return _row(f"<mo>(</mo>{body}<mo>)</mo>")


def _call(function: str, arguments: Sequence[str]) -> str:
    if function == "sqrt":
        return f"<msqrt>{arguments[0]}</msqrt>"
    if function == "abs":
        return _row(f"<mo>|</mo>{arguments[0]}<mo>|</mo>")
    stem = function.rstrip("'")
    called = _identifier(stem)
    if primes := _primes(len(function) - len(stem)):
        called = f"<msup>{called}{_row(primes)}</msup>"
    return _row(f"{called}<mo>\u2061</mo>{_bracket('<mo>,</mo>'.join(arguments))}")


def _cases(lines: Rows, otherwise: str) -> str:
    rows = [
        [branch, f"<mtext>if </mtext>{left}{_operator({'<=': '≤', '>=': '≥'}.get(relation, relation))}{right}"]
        for branch, left, relation, right in lines
    ]
    return _row(f"<mo>{{</mo>{_table([*rows, [otherwise, '<mtext>otherwise</mtext>']])}")


def _table(rows: Rows) -> str:
    lines = ("".join(f"<mtd>{_row(entry)}</mtd>" for entry in row) for row in rows)
    return f"<mtable>{''.join(f'<mtr>{line}</mtr>' for line in lines)}</mtable>"


def _name_level(written: str) -> Level:
    if "<mfrac" in written:
        return Level.MATMUL
    return Level.POWER if "<msup" in written or "<msubsup" in written else Level.ATOM


_MATHML = Format(
    stacked=True,
    number=lambda text: f"<mn>{escape(text)}</mn>",
    constant=_identifier,
    plus=_operator("+"),
    minus=_operator("−"),
    negative=_operator("−"),
    times=_operator("·"),
    matmul=_operator("\u2062"),
    hadamard=_operator("⊙"),
    bracket=_bracket,
    fraction=lambda above, below: f"<mfrac>{_row(above)}{_row(below)}</mfrac>",
    power=lambda base, exponent: f"<msup>{_row(base)}{_row(exponent)}</msup>",
    transpose=lambda operand: f"<msup>{_row(operand)}<mi>T</mi></msup>",
    call=_call,
    cases=_cases,
    matrix=lambda rows: _bracket(_table(rows)),
    derivative=lambda operand, variable: _row(
        f"<mfrac><mi>d</mi>{_row(f'<mi>d</mi>{variable}')}</mfrac><mo>[</mo>{operand}<mo>]</mo>"
    ),
    name_level=_name_level,
)
