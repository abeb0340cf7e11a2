"""A lesson as Markdown with LaTeX formulas between dollar signs."""

from __future__ import annotations

from collections.abc import Iterator

from workings.network.quantity import Quantity
from workings.presentation.blocks import Block, Equation, Heading, Sentence, Values, Working
from workings.presentation.formulas import aligned, given, name, working
from workings.presentation.lesson import Lesson


def render(lesson: Lesson) -> str:
    """The lesson as Markdown, formulas in ``$...$`` and ``$$...$$``."""
    return "\n\n".join(part for block in lesson.blocks for part in _block(lesson, block)) + "\n"


def _block(lesson: Lesson, block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield f"{'#' * level} {text}"
        case Sentence(parts, role):
            text = "".join(f"${name(lesson, part)}$" if isinstance(part, Quantity) else part for part in parts)
            yield f"*{text}*" if role == "remark" else text
        case Values(groups):
            yield "\n".join(
                f"- {title}: {', '.join(f'${given(lesson, quantity)}$' for quantity in quantities)}"
                for title, quantities in groups
            )
        case Working():
            yield f"$$\n{working(lesson, block)}\n$$"
        case Equation():
            yield f"$$\n{aligned(lesson, block)}\n$$"
            if block.also:
                yield f"which is also {' and '.join(f'${name(lesson, each)}$' for each in block.also)}"
