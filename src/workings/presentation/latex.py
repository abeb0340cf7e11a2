"""A lesson as a complete LaTeX document that needs amsmath alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workings.network.quantity import Quantity
from workings.presentation.blocks import Block, Equation, Heading, Sentence, Values, Working
from workings.presentation.formulas import aligned, given, name, working
from workings.presentation.lesson import Lesson

_OPENING = r"""\documentclass{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{amsmath}
\allowdisplaybreaks
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\setcounter{MaxMatrixCols}{20}
\begin{document}
"""

_HEADINGS = {1: "section*", 2: "subsection*", 3: "subsubsection*"}


def render(lesson: Lesson) -> str:
    """The lesson as a LaTeX document."""
    body = "\n\n".join(part for block in lesson.blocks for part in _block(lesson, block))
    return f"{_OPENING}\n{body}\n\n\\end{{document}}\n"


def _block(lesson: Lesson, block: Block) -> Iterator[str]:
    match block:
        case Heading(text, level):
            yield rf"\{_HEADINGS[level]}{{{escaped(text)}}}"
        case Sentence(parts, role):
            text = "".join(f"${name(lesson, part)}$" if isinstance(part, Quantity) else escaped(part) for part in parts)
            yield rf"\emph{{{text}}}" if role == "remark" else text
        case Values(groups):
            for title, quantities in groups:
                yield f"{escaped(title)}: {', '.join(f'${given(lesson, quantity)}$' for quantity in quantities)}"
        case Working():
            yield f"\\[\n{working(lesson, block)}\n\\]"
        case Equation():
            yield f"\\begin{{equation*}}\n{aligned(lesson, block)}\n\\end{{equation*}}"
            if block.also:
                yield f"which is also {' and '.join(f'${name(lesson, each)}$' for each in block.also)}"


_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "⊙": r"$\odot$",
    **{character: f"\\{character}" for character in "&%$#_{}"},
}


def escaped(text: str) -> str:
    """Running text with what LaTeX would take for a command written out."""
    return re.sub(r"[\\~^⊙&%$#_{}]", lambda found: _SPECIAL[found[0]], text)
