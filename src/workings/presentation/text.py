"""A lesson as plain text, 80 columns wide unless told otherwise; matrices are set as boxes."""

from __future__ import annotations

import textwrap
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from workings.algebra.expression import Expr, Matrix, contains, references
from workings.algebra.write.text import write_text
from workings.derivation.derive import Step
from workings.network.quantity import Quantity
from workings.presentation.blocks import Block, Equation, Heading, Sentence, Values, Working
from workings.presentation.boxes import Box, box_of, shapes_below
from workings.presentation.lesson import Lesson
from workings.presentation.stages import links, shape_in

WIDTH = 80
_GLUE = "\N{NO-BREAK SPACE}"
_MARGIN = 6
"""Room for the step's number."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and what it is, so that a terminal can colour it."""

    text: str
    role: str = "text"


def render(lesson: Lesson, width: int = WIDTH) -> str:
    """The lesson as plain text.

    Parameters
    ----------
    lesson : Lesson
    width : int
        Columns; a single number or matrix that is wider still is not broken.
    """
    return "\n".join(line.text for line in lines(lesson, width)) + "\n"


def lines(lesson: Lesson, width: int = WIDTH) -> Iterator[Line]:
    """The lesson line by line."""
    writer = _Writer(lesson, width)
    before: Block | None = None
    for block in lesson.blocks:
        if _stands_apart(block, before):
            yield Line("")
        for line in writer.block(block):
            yield Line(line.text.rstrip(), line.role)
        before = block


def _stands_apart(block: Block, before: Block | None) -> bool:
    """Whether a blank line belongs before a block: headings, sentences, and the steps of another neuron."""
    if before is None:
        return False
    if isinstance(block, Equation) and isinstance(before, Equation):
        here, there = block.step.quantity, before.step.quantity
        return here.kind == "dC/da" != there.kind
    if isinstance(before, Sentence):
        return not isinstance(block, Equation | Working)
    return isinstance(block, Heading | Sentence) or isinstance(before, Working)


@dataclass(frozen=True, slots=True)
class _Writer:
    lesson: Lesson
    width: int

    def block(self, block: Block) -> Iterator[Line]:
        match block:
            case Heading(text, level):
                yield Line(text, "title" if level == 1 else "heading")
                if level < 3:
                    yield Line(("=" if level == 1 else "-") * len(text), "rule")
            case Sentence(parts, role):
                yield from (Line(line, role) for line in textwrap.wrap(self.running(parts), self.width))
            case Values(groups):
                for title, quantities in groups:
                    yield from self.values(title, quantities)
            case Working(start, lines):
                margin = " " * (_MARGIN + 2)
                yield from (Line(line, "working") for line in self.wrapped(self.formula(start), margin))
                for form, reason in lines:
                    yield from self.rewritten(self.formula(form), self.running(reason))
            case Equation():
                yield from self.equation(block)

    def running(self, parts: tuple[str | Quantity, ...]) -> str:
        return "".join(self.name(part) if isinstance(part, Quantity) else part for part in parts)

    def rewritten(self, formula: str, reason: str) -> Iterator[Line]:
        start = " " * _MARGIN + "= " + formula
        if len(start) + len(reason) + 5 <= self.width:
            yield Line(f"{start}   [{reason}]", "working")
        else:
            yield from (Line(line, "working") for line in self.wrapped(formula, " " * _MARGIN + "= "))
            yield Line(" " * (_MARGIN + 4) + f"[{reason}]", "working")

    def values(self, title: str, quantities: tuple[Quantity, ...]) -> Iterator[Line]:
        source, display = self.lesson.source, self.lesson.display
        shown = ", ".join(
            f"{self.name(q)} = {display.text(q, source.value(q))}".replace(" ", _GLUE) for q in quantities
        )
        for line in textwrap.wrap(f"{title}: {shown}", self.width, subsequent_indent="    "):
            yield Line(line.replace(_GLUE, " "))

    def equation(self, block: Equation) -> Iterator[Line]:
        label = self.name(block.step.quantity)
        margin = f"({block.number}) " if block.number else ""
        chain = links(block.step, self.lesson.display)
        if any(contains(link, Matrix) for link in chain):
            yield from self.boxed(f"{margin:<{_MARGIN}}{label}", chain, block.step)
        else:
            yield from self.chain(f"{margin:<{_MARGIN}}{label}", [self.formula(link) for link in chain])
        if block.also:
            yield Line(" " * _MARGIN + f"which is also {' and '.join(map(self.name, block.also))}", "also")

    def chain(self, label: str, chain: list[str]) -> Iterator[Line]:
        """One line where it fits, else one line for each equals sign."""
        one_line = f"{label} = {' = '.join(chain)}"
        if len(one_line) <= self.width:
            yield Line(one_line, "equation")
            return
        indent = " " * min(len(label), self.width // 3)
        if len(label) > len(indent):
            yield Line(label, "equation")
            label = indent
        for position, link in enumerate(chain):
            start = f"{label if position == 0 else indent} = "
            yield from (Line(line, "equation") for line in self.wrapped(link, start))

    def wrapped(self, formula: str, start: str) -> list[str]:
        return textwrap.wrap(
            formula,
            self.width,
            initial_indent=start,
            subsequent_indent=" " * len(start) + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )

    def boxed(self, label: str, chain: list[Expr], step: Step) -> Iterator[Line]:
        """One group of lines for each equals sign, matrices in two dimensions, shapes under the formula's factors."""
        indent = " " * min(len(label), self.width // 3)
        if len(label) > len(indent):
            yield Line(label, "equation")
            label = indent
        for position, link in enumerate(chain):
            is_result = position == len(chain) - 1
            start = f"{label if position == 0 else indent} = "
            shaped = (
                shapes_below(link, self.formula, lambda part: shape_in(step, part.key))
                if link == step.formula
                else None
            )
            if shaped:
                yield Line(start + shaped.lines[0], "equation")
                yield Line(" " * len(start) + shaped.lines[1], "also")
                continue
            box = box_of(link, self.formula, room=self.width - len(start), is_result=is_result)
            yield from (Line(line, "equation") for line in Box((start,)).beside(box).lines)

    def name(self, quantity: Hashable) -> str:
        if not isinstance(quantity, Quantity):
            return str(quantity)
        return self.lesson.label(quantity)

    def formula(self, expression: Expr) -> str:
        has_ratios = any("/" in self.name(reference.key) for reference in references(expression))
        times = " * " if has_ratios else "*"
        return write_text(expression, name=self.name, matmul=" ", times=times)
