"""Any text as one row of tokens, each with its place in the document.

Markdown, LaTeX, comments in code, lists and tables are taken apart here and nowhere else: what comes after sees
numbers, names and signs, and where something ends.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from unicodedata import normalize

from workings.algebra.lex import LONGEST_INPUT, Token, tokens
from workings.errors import ExpressionError
from workings.marking.reading.formats import text_of
from workings.marking.reading.relations import RELATIONS, Piece, with_relations
from workings.marking.reading.session import with_outputs
from workings.marking.reading.sourced import Sourced
from workings.marking.reading.typed import PLAIN_LETTERS, with_indices, with_times

LONGEST_TEXT = 100_000
"""Characters that are read, two thousand steps or so; of what is longer the rest is told to be unread."""


@dataclass(frozen=True, eq=False)
class Document:
    """A text, and what it is made of.

    Attributes
    ----------
    text : str
        As it is read; of a web page or a notebook what one reads there.
    source : Sourced, optional
        Where each of its characters stands in the file that was handed over; left out where the file is the text.
    """

    text: str
    source: Sourced | None = None

    @classmethod
    def of(cls, raw: str, name: str = "") -> Document:
        """The document that a file holds (:func:`~workings.marking.reading.formats.text_of`)."""
        source = text_of(raw, name)
        return cls(source.text, source)

    @property
    def raw(self) -> str:
        """The file, as it was handed over."""
        return self.text if self.source is None else self.source.raw

    def offset(self, at: int) -> int:
        """Where a character of the text stands in the file."""
        return at if self.source is None else self.source.where[at]

    def place(self, at: int) -> tuple[int, int]:
        """Line and column of a character in the file, both counted from 1."""
        offset = self.offset(at)
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def cell(self, at: int) -> tuple[int, int, int] | None:
        """The cell of a notebook in which a character stands, line and column there, all from 1; None elsewhere."""
        cells = () if self.source is None else self.source.cells
        if not cells:
            return None
        number = bisect_right(cells, at)
        return number, self.text.count("\n", cells[number - 1], at) + 1, self.line(at)[1] + 1

    def line(self, at: int) -> tuple[str, int]:
        """The line of the text on which a character stands, and which of its characters it is, counted from 0."""
        start = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at)
        return self.text[start : end if end >= 0 else len(self.text)], at - start

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line of the file begins."""
        return [0, *(found.end() for found in re.finditer("\n", self.raw))]

    @cached_property
    def decimal_comma(self) -> bool:
        """Whether this writer's decimals follow a comma."""
        text = self.text[:LONGEST_TEXT]
        return len(_WITH_COMMA.findall(text)) > len(_WITH_POINT.findall(text))

    @cached_property
    def pieces(self) -> list[Piece]:
        """All tokens, in the order of the text."""
        text = self.text[:LONGEST_TEXT]
        text = text if text.isascii() else text.translate(_PLAINER)
        text = with_times(with_outputs(text))
        return list(with_relations(list(_joined_lines(_pieces(text, self.decimal_comma)))))


_PLAINER = PLAIN_LETTERS | {code: normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
"""These letters and full-width characters, each as the one it stands for."""
_PLAINER |= {0x3000: " "} | dict.fromkeys((*range(0x2060, 0x2065), 0x200B, 0x200C, 0x200D, 0xFEFF), " ")
_PLAINER = {code: char for code, char in _PLAINER.items() if len(char) == 1}  # so that every place stays what it is

_WITH_COMMA = re.compile(r"(?<![\d.,])(?:0(?:,|\{,\})\d+|\d+(?:,|\{,\})(?!\d{3}(?!\d))\d+)(?![\d.,]*\d)")
_WITH_POINT = re.compile(r"(?<![\d.,])\d+\.\d+")

_OPENING = re.compile(
    r"(?P<dollars>\$\$)|(?P<square>\\\[)|(?P<round>\\\()"
    r"|\\begin\s{0,9}\{(?P<name>align|alignat|equation|gather|eqnarray|multline|displaymath|math|flalign)\*?\}"
    r"|(?<![\\$\w])\$(?!\s*\$)(?P<inline>(?:[^$\n]|\n(?!\s*\n))+?)(?<!\\)\$(?!\d)"
)
_CLOSING = {"dollars": re.compile(r"\$\$"), "square": re.compile(r"\\\]"), "round": re.compile(r"\\\)")}
_LONGEST_FORMULA = 20_000
"""Characters; what is longer is no formula."""

_LAYOUT = re.compile(
    r"(?<!\\)%[^\n]*|\\q?quad(?![A-Za-z])|\\(?:label|tag|ref|eqref)\s*\{[^{}\n]{0,80}\}|\\(?:nonumber|notag|hline|centering)(?![A-Za-z])"
    r"|\\(?:begin|end)\s*\{(?:aligned|split|alignedat|gathered|array)\*?\}(?:\{[^{}\n]{0,20}\})?"
)
_CONTINUED_IN_LATEX = re.compile(r"(?:\[[^\]]{0,9}\])?\s*&[\s&]*(?:\\q?quad|\\[,;: ]|\s)*(?:[+\-*/]|\\cdot|\\times)")
_LINE_START = re.compile(r"[ \t]*(?:(?:#+|//+|--|%+|>+|\*(?!\*)|;+)[ \t]?|(?:[-+•–]|\d{1,3}[.)]|\(?[a-z]\))[ \t]+)*")
_EMPHASIS = re.compile(
    r"https?://[^\s<>()\[\]]{1,2000}|\b(?:np|numpy|jnp|torch|tf|math)\.(?=[A-Za-z])(?:(?:as)?(?:array|tensor|constant)(?=\s*\(\s*\[))?"
    r"|\b(?:array|tensor|matrix)(?=\s*\(\s*\[)|,\s*(?:dtype|device|grad_fn)\s*=\s*[\w.<>']{1,40}"
    r"|(?<![\w*)\]])\*\*(?=[^\s*])|(?<=[^\s*(])\*\*(?![\w*(])|`+|(?<!\w)__(?=\w)|(?<=\w)__(?!\w)"
)
_ITALIC = re.compile(r"(?<![^\s(|])\*(?=[^\s*])[^*\n]{1,200}(?<=[^\s*])\*(?![^\s.,;:)|])")
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![\d,])")
_CONTINUATION = re.compile(
    r"[ \t]*(?:>[ \t]?)?(?P<sign>[+\-−–*·×/⋅])[ \t]*[(\d.,][\d.,()+\-−–*·×/⋅^ \t=≈eE]{0,500}(?=\n|$)"
)
_IN_CHAIN = re.compile(r"[=≈].*[\w)\]]$")  # an end that is no end: no colon, no full stop
_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_RULE = re.compile(r"[ \t]*\|?[\s:|\-=+]*$")
_SPELLINGS = {"≈": "≈", "≅": "≈", "≃": "≈", "←": "←", "\\approx": "≈", "\\simeq": "≈", "\\leftarrow": "←"}
_SPELLINGS |= {"\\gets": "←", "\\coloneqq": "=", "≔": "=", "≡": "=", "\\equiv": "=", "⇐": "←", "\\Leftarrow": "←"}


def _pieces(text: str, decimal_comma: bool) -> Iterator[Piece]:
    """Formulas of LaTeX, and the lines between them."""
    at = 0
    for start, (first, last), end, display in _formulas(text):
        yield from _of_lines(text, at, start, decimal_comma)
        if display:
            yield _end("line", start)
        yield from _of_formula(text, first, last, decimal_comma)
        if display:
            yield _end("line", end)
        at = end
    yield from _of_lines(text, at, len(text), decimal_comma)


def _formulas(text: str) -> Iterator[tuple[int, tuple[int, int], int, bool]]:
    """Where each formula begins, what is inside it, where it ends, and whether it stands on lines of its own."""
    at = 0
    unclosed: set[str] = set()  # so that none of these is searched for once more, from every sign to the end
    while opening := _OPENING.search(text, at):
        at = opening.end()
        if opening["inline"] is not None:
            inside = opening.span("inline")
        else:
            kind = opening["name"] or str(opening.lastgroup)
            closing = None if kind in unclosed else _closing(kind).search(text, at + 1)
            if closing is None:
                unclosed.add(kind)
                continue
            inside, at = (at, closing.start()), closing.end()
        if inside[1] - inside[0] <= _LONGEST_FORMULA:
            yield opening.start(), inside, at, opening["inline"] is None and opening["round"] is None


def _closing(kind: str) -> re.Pattern[str]:
    return _CLOSING.get(kind) or re.compile(rf"\\end\s{{0,9}}\{{{kind}\*?\}}")


def _of_formula(text: str, start: int, end: int, decimal_comma: bool) -> Iterator[Piece]:
    at = start
    matrices: list[bool] = []  # of the arrays that are open: one in brackets is a matrix, any other sets lines
    for layout in _LAYOUT.finditer(text, start, end):
        before = text[max(layout.start() - 20, start) : layout.start()].rstrip()
        if "{array}" in layout[0]:
            if "begin" in layout[0]:
                matrices.append(before.endswith(("(", "[", "|")))
            if matrices and (matrices[-1] if "begin" in layout[0] else matrices.pop()):
                continue
        yield from _in_formula(text, at, layout.start(), decimal_comma)
        if "quad" in layout[0] and not before.endswith(("&", "\\\\")):
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
            if not _CONTINUED_IN_LATEX.match(text, token.end):
                yield _end("line", token.start)
        elif token.kind == "name" and re.match(
            r"\\(?:text|mbox|textrm)\b[^{]*\{[^}]*\s[^}]*\S", text[token.start : token.end]
        ):
            yield Piece(token._replace(kind="other"), latex=True)  # words set between two formulas
        else:
            yield Piece(token, latex=True)


def _of_lines(text: str, start: int, end: int, decimal_comma: bool) -> Iterator[Piece]:
    at, goes_on = start, False
    while at < end:
        stop = text.find("\n", at, end)
        stop = end if stop < 0 else stop
        line_start = at == 0 or text[at - 1] == "\n"
        line = text[at:stop]
        if line_start and _ROW.match(line) and line.count("|") > 1:
            yield from _of_row(text, at, stop, decimal_comma)
        else:
            if line_start and not goes_on:
                at = min(_LINE_START.match(text, at, stop).end(), stop)  # type: ignore[union-attr]
            yield from _in_line(text, at, stop, decimal_comma)
        if stop < end and not (goes_on := _goes_on(text, at, stop)):
            is_blank = not text[at:stop].strip()
            yield _end("end" if is_blank else "line", stop)
        at = stop + 1


def _goes_on(text: str, start: int, stop: int) -> bool:
    """Whether the line after this one goes on with its formula: ``z = 0.3 * 2`` and below it ``+ 0.1``."""
    found = _CONTINUATION.match(text, stop + 1)
    line = text[start:stop].strip()
    return found is not None and _IN_CHAIN.search(line) is not None and line[:1] != found["sign"]


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
    for left_out, after in [*_emphasis(text, start, stop), (stop, stop)]:
        for token in _tokens(text, at, left_out, decimal_comma):
            yield from _without_full_stop(Piece(token))
        at = max(at, after)


def _emphasis(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """From where to where stands what only sets words off from others."""
    found = [layout.span() for layout in _EMPHASIS.finditer(text, start, stop)]
    for italic in _ITALIC.finditer(text, start, stop):
        found += [(italic.start(), italic.start() + 1), (italic.end() - 1, italic.end())]
    return sorted(found)


LONGEST_NUMBER = 300
"""Digits before or after the point: what has more was not written by hand, and float64 ends there too."""


def _is_by_hand(number: str) -> bool:
    if len(number) <= 20 and "e" not in number.lower():
        return True
    if len(number) > LONGEST_NUMBER:
        return False
    value = Decimal(number)
    return int(value.as_tuple().exponent) >= -LONGEST_NUMBER and value.adjusted() <= LONGEST_NUMBER


def _without_full_stop(piece: Piece) -> Iterator[Piece]:
    token = piece.token
    if token.kind == "number" and token.text.endswith("."):
        yield Piece(token._replace(text=token.text[:-1], end=token.end - 1))
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
            if token.kind == "number" and not _is_by_hand(token.text):
                token = token._replace(kind="other")  # noqa: PLW2901
            spelt = _SPELLINGS.get(token.text, token.text)
            kind = "symbol" if spelt in RELATIONS else token.kind
            yield Token(kind, spelt, token.start + first, token.end + first)


def _found(part: str, decimal_comma: bool) -> list[Token]:
    try:
        return list(with_indices(tokens(part, decimal_comma=decimal_comma, lenient=True)))
    except ExpressionError:
        return []


def _end(name: str, at: int) -> Piece:
    return Piece(Token("stop", name, at, at))


def _joined_lines(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without the end of a line that is no end: what begins with a sign of relation goes on with the line before."""
    waiting: list[Piece] = []
    before: Piece | None = None
    rows = 0  # square brackets that are open
    for piece in pieces:
        if piece.is_end("line"):
            waiting.append(piece)
            continue
        goes_on = piece.is_relation or (before is not None and before.is_relation)
        goes_on |= rows > 0 and before is not None and before.token.text in {",", "]"} and piece.token.text == "["
        rows = 0 if waiting and not goes_on else max(rows + {"[": 1, "]": -1}.get(piece.token.text, 0), 0)
        if waiting and not goes_on:
            yield waiting[0]
        waiting = []
        yield piece
        before = piece
