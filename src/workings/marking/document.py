"""Any text as one row of tokens, each with its place in the document.

Markdown, LaTeX, comments in code, lists and tables are taken apart here and nowhere else: what comes after sees
numbers, names and signs, and where something ends.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from workings.algebra.lex import LONGEST_INPUT, Token, tokens
from workings.errors import ExpressionError

RELATIONS = frozenset({"=", "≈", "←"})
"""The signs that link the sides of a chain, in their one spelling."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A token of a document.

    Attributes
    ----------
    token : Token
        Its place counts characters of the document from 0. Of kind ``other`` are words and marks; where a line, a cell
        or a formula ends stands one of kind ``stop`` with the text ``line``, ``cell`` or ``end``.
    latex : bool
        Whether it stands in a formula of LaTeX, where names may stand side by side for their product.
    """

    token: Token
    latex: bool = False

    @property
    def is_relation(self) -> bool:
        """Whether it links two sides."""
        return self.token.text in RELATIONS and self.token.kind in {"symbol", "other"}

    def is_end(self, *names: str) -> bool:
        """Whether it is one of these ends."""
        return self.token.kind == "stop" and self.token.text in names


@dataclass(frozen=True, eq=False)
class Document:
    """A text, and what it is made of.

    Attributes
    ----------
    text : str
        As it was handed over.
    """

    text: str

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a character, both counted from 1."""
        line = bisect_right(self._starts, at)
        return line, at - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """A line, counted from 1, without its end."""
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end]

    @cached_property
    def decimal_comma(self) -> bool:
        """Whether this writer's decimals follow a comma."""
        return len(_WITH_COMMA.findall(self.text)) > len(_WITH_POINT.findall(self.text))

    @cached_property
    def pieces(self) -> list[Piece]:
        """All tokens, in the order of the text."""
        return list(_joined_lines(_pieces(self.text, self.decimal_comma)))


_WITH_COMMA = re.compile(r"(?<![\d.,])(?:0(?:,|\{,\})\d+|\d+(?:,|\{,\})(?!\d{3}(?!\d))\d+)(?![\d.,]*\d)")
_WITH_POINT = re.compile(r"(?<![\d.,])\d+\.\d+")

_FORMULA = re.compile(
    r"\$\$(?P<a>.+?)\$\$|\\\[(?P<b>.+?)\\\]|\\\((?P<c>.+?)\\\)"
    r"|\\begin\s*\{(?P<name>align|alignat|equation|gather|eqnarray|multline|displaymath|math|flalign)\*?\}(?P<d>.+?)"
    r"\\end\s*\{(?P=name)\*?\}"
    r"|(?<![\\$\w])\$(?!\s*\$)(?P<e>(?:[^$\n]|\n(?!\s*\n))+?)(?<!\\)\$(?!\d)",
    re.DOTALL,
)
_LONGEST_FORMULA = 20_000
"""Characters; what is longer is no formula, and junk must not be searched from every sign to its end."""

_LAYOUT = re.compile(
    r"\\q?quad(?![A-Za-z])|\\(?:label|tag|ref|eqref)\s*\{[^{}\n]{0,80}\}|\\(?:nonumber|notag|hline|centering)(?![A-Za-z])"
    r"|\\(?:begin|end)\s*\{(?:aligned|split|alignedat|gathered|array)\*?\}(?:\{[^{}\n]{0,20}\})?"
)
_LINE_START = re.compile(r"[ \t]*(?:(?:#+|//+|--|%+|>+|\*(?!\*)|;+)[ \t]?|(?:[-+•–]|\d{1,3}[.)]|\(?[a-z]\))[ \t]+)*")
_EMPHASIS = re.compile(r"(?<![\w*)\]])\*\*(?=[^\s*])|(?<=[^\s*(])\*\*(?![\w*(])|`+|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])(?!\.\d)")
_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_RULE = re.compile(r"[ \t]*\|?[\s:|\-=+]*$")
_SPELLINGS = {"≈": "≈", "≅": "≈", "≃": "≈", "←": "←", "\\approx": "≈", "\\simeq": "≈", "\\leftarrow": "←"}
_SPELLINGS |= {"\\gets": "←", "\\coloneqq": "=", "≔": "=", "≡": "=", "\\equiv": "=", "⇐": "←", "\\Leftarrow": "←"}


def _pieces(text: str, decimal_comma: bool) -> Iterator[Piece]:
    """Formulas of LaTeX, and the lines between them."""
    at = 0
    for found in _FORMULA.finditer(text):
        inside = next(name for name in "abcde" if found[name] is not None)
        if len(found[inside]) > _LONGEST_FORMULA:
            continue
        yield from _of_lines(text, at, found.start(), decimal_comma)
        display = inside in "abd"
        if display:
            yield _end("line", found.start())
        yield from _of_formula(text, *found.span(inside), decimal_comma)
        if display:
            yield _end("line", found.end())
        at = found.end()
    yield from _of_lines(text, at, len(text), decimal_comma)


def _of_formula(text: str, start: int, end: int, decimal_comma: bool) -> Iterator[Piece]:
    at = start
    for layout in _LAYOUT.finditer(text, start, end):
        yield from _in_formula(text, at, layout.start(), decimal_comma)
        if "quad" in layout[0]:
            yield _end("end", layout.start())
        at = layout.end()
    yield from _in_formula(text, at, end, decimal_comma)


def _in_formula(text: str, start: int, end: int, decimal_comma: bool) -> Iterator[Piece]:
    """Tokens of a formula; outside of matrices & and line ends are layout."""
    open_matrices = 0
    for token in _tokens(text, start, end, decimal_comma):
        open_matrices += {"begin": 1, "end": -1}.get(token.kind, 0)
        if token.kind == "symbol" and token.text == "&" and not open_matrices:
            continue
        if token.kind == "symbol" and token.text == "\\\\" and not open_matrices:
            yield _end("line", token.start)
        elif token.kind == "name" and re.match(
            r"\\(?:text|mbox|textrm)\b[^{]*\{[^}]*\s[^}]*\S", text[token.start : token.end]
        ):
            yield Piece(replace(token, kind="other"), latex=True)  # words set between two formulas
        else:
            yield Piece(token, latex=True)


def _of_lines(text: str, start: int, end: int, decimal_comma: bool) -> Iterator[Piece]:
    at = start
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line_start = at == 0 or text[at - 1] == "\n"
        line = text[at:stop]
        if line_start and _ROW.match(line) and line.count("|") > 1:
            yield from _of_row(text, at, stop, decimal_comma)
        else:
            if line_start:
                at = min(_LINE_START.match(text, at, stop).end(), stop)  # type: ignore[union-attr]
            yield from _in_line(text, at, stop, decimal_comma)
        if stop < end:
            is_blank = not text[at:stop].strip()
            yield _end("end" if is_blank else "line", stop)
        at = stop + 1


def _of_row(text: str, start: int, stop: int, decimal_comma: bool) -> Iterator[Piece]:
    if _RULE.match(text[start:stop]):
        return
    bars = [at for at in range(start, stop) if text[at] == "|"]
    for left, right in pairwise(bars):
        yield _end("cell", left)
        yield from _in_line(text, left + 1, right, decimal_comma)


def _in_line(text: str, start: int, stop: int, decimal_comma: bool) -> Iterator[Piece]:
    """Tokens of a line of text, without its emphasis; a number does not take the full stop after it."""
    at = start
    for layout in [*_EMPHASIS.finditer(text, start, stop), None]:
        till = layout.start() if layout else stop
        for token in _tokens(text, at, till, decimal_comma):
            yield from _without_full_stop(Piece(token))
        at = layout.end() if layout else stop


def _without_full_stop(piece: Piece) -> Iterator[Piece]:
    token = piece.token
    if token.kind == "number" and token.text.endswith("."):
        yield Piece(replace(token, text=token.text[:-1], end=token.end - 1))
        yield Piece(Token("other", ".", token.end - 1, token.end))
    else:
        yield piece


def _tokens(text: str, start: int, stop: int, decimal_comma: bool) -> Iterator[Token]:
    for first in range(start, stop, LONGEST_INPUT):
        part = text[first : min(first + LONGEST_INPUT, stop)]
        whole = {} if decimal_comma else {found.start(): found for found in _THOUSANDS.finditer(part)}
        skip_to = 0
        for token in _found(part, decimal_comma):
            if token.kind == "stop" or token.start < skip_to:
                continue
            if token.kind == "number" and token.start in whole:
                found = whole[token.start]
                skip_to = found.end()
                token = Token("number", found[0].replace(",", ""), token.start, skip_to)  # noqa: PLW2901
            text_of = _SPELLINGS.get(token.text, token.text)
            kind = "symbol" if text_of in RELATIONS else token.kind
            yield Token(kind, text_of, token.start + first, token.end + first)


def _found(part: str, decimal_comma: bool) -> list[Token]:
    try:
        return tokens(part, decimal_comma=decimal_comma, lenient=True)
    except ExpressionError:
        return []


def _end(name: str, at: int) -> Piece:
    return Piece(Token("stop", name, at, at))


def _joined_lines(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without the end of a line that is no end: what begins with a sign of relation goes on with the line before."""
    waiting: list[Piece] = []
    before: Piece | None = None
    for piece in pieces:
        if piece.is_end("line"):
            waiting.append(piece)
            continue
        goes_on = piece.is_relation or (before is not None and before.is_relation)
        if waiting and not goes_on:
            yield waiting[0]
        waiting = []
        yield piece
        before = piece
