"""The formulas of a lesson in LaTeX, shared by every medium that sets LaTeX."""

from __future__ import annotations

from collections.abc import Hashable

from workings.algebra.expression import Expr, Hadamard, MatMul, contains
from workings.algebra.write.latex import write_latex
from workings.derivation.derive import Step
from workings.network.quantity import Quantity
from workings.presentation.blocks import Equation, Reason, Working
from workings.presentation.lesson import Lesson
from workings.presentation.stages import links, shape_in

LONG = 70
"""A chain whose LaTeX is longer than this gets a line for each equals sign."""


def name(lesson: Lesson, key: Hashable) -> str:
    """The LaTeX of a quantity's symbol."""
    return lesson.notation.latex(key, lesson.network) if isinstance(key, Quantity) else r"\cdots"


def formula(lesson: Lesson, expression: Expr) -> str:
    """The LaTeX of an expression."""
    return write_latex(expression, name=lambda key: name(lesson, key))


def given(lesson: Lesson, quantity: Quantity) -> str:
    """``symbol = number`` of a given quantity."""
    return (
        f"{name(lesson, quantity)} = {formula(lesson, lesson.display.number(quantity, lesson.source.value(quantity)))}"
    )


def aligned(lesson: Lesson, block: Equation) -> str:
    """A step's chain: on one line where it is short, else aligned at its equals signs."""
    label = name(lesson, block.step.quantity)
    stages = links(block.step, lesson.display)
    chain = [formula(lesson, link) for link in stages]
    if contains(stages[0], MatMul, Hadamard):
        chain[0] = write_latex(stages[0], name=lambda key: _with_shape(lesson, block.step, key))
    tag = rf" \tag{{{block.number}}}" if block.number else ""
    if sum(map(len, chain)) <= LONG:
        return f"{label} = {' = '.join(chain)}{tag}"
    return _lines(label, chain) + tag


def _with_shape(lesson: Lesson, step: Step, key: Hashable) -> str:
    """The LaTeX of a symbol with the shape of its matrix under it."""
    shape = shape_in(step, key)
    plain = name(lesson, key)
    return plain if shape is None else rf"\underset{{{shape[0]} \times {shape[1]}}}{{{plain}}}"


def working(lesson: Lesson, block: Working) -> str:
    """A formula rewritten, a line for each rule with the reason beside it."""

    def beside(reason: Reason) -> str:
        return "".join(name(lesson, part) if isinstance(part, Quantity) else rf"\text{{{part}}}" for part in reason)

    lines = [rf"{formula(lesson, line)} && {beside(reason)}" for line, reason in block.lines]
    return _lines(formula(lesson, block.start), lines)


def _lines(label: str, chain: list[str]) -> str:
    rows = [f"{label} &= {chain[0]}", *(f"&= {link}" for link in chain[1:])]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"
