"""SVG without a library: how wide a text is at most, and elements with everything escaped.

No font is at hand when a picture is laid out, and the reader's is not known. So widths are upper bounds over the
widest face that readers have as a default, DejaVu Sans; a label drawn in a narrower one only gets more air.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal
from xml.sax.saxutils import escape, quoteattr


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style.

    Attributes
    ----------
    text : str
    level : {-1, 0, 1}
        Subscript, on the line, superscript.
    italic : bool
    stacked : bool
        Whether it stands above or below the run before it, not after it.
    """

    text: str
    level: Literal[-1, 0, 1] = 0
    italic: bool = False
    stacked: bool = False


Runs = tuple[Run, ...]

INDEX_SIZE = 0.74  # of a subscript or superscript, in sizes of the line
RISE, DROP = 0.38, 0.24  # of a superscript and a subscript, in sizes of the line
ASCENT, DESCENT = 0.8, 0.25  # of a line without them

_WIDTHS = (
    (0.36, " ,./\\'Iijl|·"),
    (0.42, "!()-:;[]f"),
    (0.50, '"*`rt'),
    (0.56, "?J_csz∂"),
    (0.60, "Lvxy"),
    (0.64, "$0123456789FTaekoδé"),
    (0.67, "EPSYbdghnpqu{}ηüλθ"),
    (0.76, "ABCKRUVXZΔσ"),
    (0.84, "#&+<=>DGHNOQ^w~−×≈"),
)
_WIDTH = {character: width for width, characters in _WIDTHS for character in characters}
_WIDEST_LETTER, _IDEOGRAPH = 1.06, 1.15
_BOLD = 1.1
_TYPICAL_INDEX = 0.52  # a digit in most faces; stacking goes back by what is likely, not by what is possible


def width_of(text: Runs | str, size: float, *, bold: bool = False) -> float:
    """The width that no common face exceeds, in the unit of ``size``."""
    runs = (Run(text),) if isinstance(text, str) else text
    total = previous = 0.0
    for run in runs:
        scale = size * (INDEX_SIZE if run.level else 1.0) * (_BOLD if bold else 1.0)
        own = scale * sum(map(_glyph, run.text))
        total += max(0.0, own - previous) if run.stacked else own
        previous = own
    return total


def _glyph(character: str) -> float:
    return _WIDTH.get(character, _WIDEST_LETTER if ord(character) < 0x2E80 else _IDEOGRAPH)


def wrapped(text: str, size: float, limit: float, *, bold: bool = False, most: int = 3) -> list[str]:
    """The text in lines no wider than the limit; what does not fit into ``most`` lines ends in an ellipsis."""
    lines = [""]
    for word in re.findall(r"\S+", printable(text)):
        for piece in _pieces(word, size, limit, bold=bold):
            longer = f"{lines[-1]} {piece}".strip()
            if width_of(longer, size, bold=bold) <= limit:
                lines[-1] = longer
            else:
                lines.append(piece)
    lines = [line for line in lines if line]
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(f"{last} …", size, bold=bold) > limit:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()} …"]


def _pieces(word: str, size: float, limit: float, *, bold: bool) -> list[str]:
    """A word, cut where it alone is wider than the limit."""
    pieces = [""]
    for character in word:
        if pieces[-1] and width_of(pieces[-1] + character, size, bold=bold) > limit:
            pieces.append("")
        pieces[-1] += character
    return pieces


def printable(text: str) -> str:
    """The text without the characters that XML forbids."""
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def element(tag: str, *content: str, **attributes: object) -> str:
    """An element of escaped content; ``class_`` and ``stroke_width`` are spelt ``class`` and ``stroke-width``."""
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}={quoteattr(printable(_attribute(value)))}"
        for name, value in attributes.items()
        if value is not None
    )
    return f"<{tag}{written}>{''.join(content)}</{tag}>" if content else f"<{tag}{written}/>"


def content(text: str) -> str:
    """Text as it may stand between two tags."""
    return escape(printable(text))


def text_element(x: float, y: float, text: Runs | str, size: float, *, tip: str = "", **attributes: object) -> str:
    """A line of text whose baseline is at y; the tip is for whoever points at it."""
    runs = (Run(text),) if isinstance(text, str) else text
    told = (element("title", content(tip)),) if tip else ()
    return element("text", *_spans(runs, size), *told, x=x, y=y, font_size=size, **attributes)


def _spans(runs: Sequence[Run], size: float) -> Iterable[str]:
    """The runs as tspans; a shift lasts until the next run takes it back."""
    height = 0.0
    for run, before in zip_longest(runs, (None, *runs[:-1])):
        wanted = size * {1: -RISE, 0: 0.0, -1: DROP}[run.level]
        back = -_TYPICAL_INDEX * INDEX_SIZE * size * len(before.text) if run.stacked and before else None
        styled = run.level or run.italic or wanted != height
        yield (
            content(run.text)
            if not styled
            else element(
                "tspan",
                content(run.text),
                class_="wk-i" if run.italic else None,
                font_size=size * INDEX_SIZE if run.level else None,
                dx=back,
                dy=wanted - height if wanted != height else None,
            )
        )
        height = wanted


def _attribute(value: object) -> str:
    """Numbers to a hundredth of a pixel: more is noise in the file."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
