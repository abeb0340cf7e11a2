"""A page cut into pieces.

Markdown, LaTeX, comments in code, lists and tables are taken apart here and nowhere else: what comes after sees
numbers, names and signs, and where something ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from workings.algebra.lex import Token, tokens
from workings.marking.reading.relations import Piece
from workings.marking.reading.typed import with_indices


def cut(text: str, *, decimal_comma: bool) -> list[Piece]:
    """All tokens of a text, each with its place, and where its lines, cells and formulas end."""
    cutter = _Cutter(text, decimal_comma)
    cutter.page()
    return list(_joined_lines(cutter.pieces))


# In each of these patterns every form begins with a character: a search for them leaps from one to the next.
_OPENING = re.compile(
    r"\$(?:(?P<dollars>\$)|(?<![\\$\w]\$)(?!\s*\$)(?P<inline>(?:[^$\n]|\n(?!\s*\n))+?)(?<!\\)\$(?!\d))"
    r"|\\(?:(?P<square>\[)|(?P<round>\()"
    r"|begin\s{0,9}\{(?P<name>align|alignat|equation|gather|eqnarray|multline|displaymath|math|flalign)\*?\})"
)
_CLOSING = {"dollars": re.compile(r"\$\$"), "square": re.compile(r"\\\]"), "round": re.compile(r"\\\)")}
_LONGEST_FORMULA = 20_000
"""Characters; what is longer is no formula."""

_LAYOUT = re.compile(
    r"%(?<!\\%)[^\n]*|\\q?quad(?![A-Za-z])|\\(?:label|tag|ref|eqref)\s*\{[^{}\n]{0,80}\}|\\(?:nonumber|notag|hline|centering)(?![A-Za-z])"
    r"|\\(?:begin|end)\s*\{(?:aligned|split|alignedat|gathered|array)\*?\}(?:\{[^{}\n]{0,20}\})?"
)
_CONTINUED_IN_LATEX = re.compile(r"(?:\[[^\]]{0,9}\])?\s*&[\s&]*(?:\\q?quad|\\[,;: ]|\s)*(?:[+\-*/]|\\cdot|\\times)")
_LINE_START = re.compile(r"[ \t]*(?:(?:#+|//+|--|%+|>+|\*(?!\*)|;+)[ \t]?|(?:[-+•–]|\d{1,3}[.)]|\(?[a-z]\))[ \t]+)*")
_EMPHASIS = re.compile(
    r"https?://[^\s<>()\[\]]{1,2000}|,\s*(?:dtype|device|grad_fn)\s*=\s*[\w.<>']{1,40}"
    r"|\*\*(?:(?<![\w*)\]]\*\*)(?=[^\s*])|(?<=[^\s*(]\*\*)(?![\w*(]))|``*|__(?:(?<!\w__)(?=\w)|(?<=\w__)(?!\w))"
    + "".join(rf"|{array}(?<=\b{array})(?=\s*\(\s*\[)" for array in ("array", "tensor", "matrix"))
    + "".join(
        rf"|{library}\.(?<=\b{library}\.)(?=[A-Za-z])(?:(?:as)?(?:array|tensor|constant)(?=\s*\(\s*\[))?"
        for library in ("np", "numpy", "jnp", "torch", "tf", "math")
    )
)
_ITALIC = re.compile(r"\*(?<![^\s(|]\*)(?=[^\s*])[^*\n]{1,200}(?<=[^\s*])\*(?![^\s.,;:)|])")
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?(?![\d,])")
_WORDS = re.compile(r"\\(?:text|mbox|textrm)\b[^{]*\{[^}]*\s[^}]*\S")
_CONTINUATION = re.compile(
    r"[ \t]*(?:>[ \t]?)?(?P<sign>[+\-−–*·×/⋅])[ \t]*[(\d.,][\d.,()+\-−–*·×/⋅^ \t=≈eE]{0,500}(?=\n|$)"
)
_IN_CHAIN = re.compile(r"[=≈].*[\w)\]]$")  # an end that is no end: no colon, no full stop
_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$")
_RULE = re.compile(r"[ \t]*\|?[\s:|\-=+]*$")
_SPELLINGS = {"≈": "≈", "≅": "≈", "≃": "≈", "←": "←", "\\approx": "≈", "\\simeq": "≈", "\\leftarrow": "←"}
_SPELLINGS |= {"\\gets": "←", "\\coloneqq": "=", "≔": "=", "≡": "=", "\\equiv": "=", "⇐": "←", "\\Leftarrow": "←"}

LONGEST_NUMBER = 300
"""Digits before or after the point: what has more was not written by hand, and float64 ends there too."""


class _Cutter:
    def __init__(self, text: str, decimal_comma: bool) -> None:
        self.text = text
        self.decimal_comma = decimal_comma
        self.pieces: list[Piece] = []

    def end(self, name: str, at: int) -> None:
        self.pieces.append(Piece(Token("stop", name, at, at)))

    def page(self) -> None:
        """Formulas of LaTeX, and the lines between them."""
        at = 0
        for start, inside, end, display in _formulas(self.text):
            self.lines(at, start)
            if display:
                self.end("line", start)
            self.formula(*inside)
            if display:
                self.end("line", end)
            at = end
        self.lines(at, len(self.text))

    # --- a formula of LaTeX

    def formula(self, start: int, end: int) -> None:
        at = start
        matrices: list[bool] = []  # of the arrays that are open: one in brackets is a matrix, any other sets lines
        for layout in _LAYOUT.finditer(self.text, start, end):
            before = self.text[max(layout.start() - 20, start) : layout.start()].rstrip()
            if "{array}" in layout[0]:
                if "begin" in layout[0]:
                    matrices.append(before.endswith(("(", "[", "|")))
                if matrices and (matrices[-1] if "begin" in layout[0] else matrices.pop()):
                    continue
            self.in_formula(at, layout.start())
            if "quad" in layout[0] and not before.endswith(("&", "\\\\")):
                self.end("end", layout.start())
            at = layout.end()
        self.in_formula(at, end)

    def in_formula(self, start: int, end: int) -> None:
        """Tokens of a formula; outside of matrices & and line ends are layout."""
        open_matrices = 0
        for token in self.tokens(start, end):
            open_matrices += (token.kind == "begin") - (token.kind == "end")
            sign = token.text if token.kind == "symbol" and not open_matrices else ""
            if sign == "\\\\":
                if not _CONTINUED_IN_LATEX.match(self.text, token.end):
                    self.end("line", token.start)
            elif token.kind == "name" and _WORDS.match(self.text, token.start, token.end):
                self.pieces.append(Piece(token._replace(kind="other"), latex=True))  # words set between two formulas
            elif sign != "&":
                self.pieces.append(Piece(token, latex=True))

    # --- a line of text

    def lines(self, start: int, end: int) -> None:
        text, at, goes_on = self.text, start, False
        while at < end:
            stop = text.find("\n", at, end)
            stop = end if stop < 0 else stop
            line_start = at == 0 or text[at - 1] == "\n"
            line = text[at:stop]
            if line_start and _ROW.match(line) and line.count("|") > 1:
                self.row(at, stop)
            else:
                if line_start and not goes_on:
                    at = min(_LINE_START.match(text, at, stop).end(), stop)  # type: ignore[union-attr]
                self.in_line(at, stop)
            if stop < end and not (goes_on := _goes_on(text, at, stop)):
                is_blank = not text[at:stop].strip()
                self.end("end" if is_blank else "line", stop)
            at = stop + 1

    def row(self, start: int, stop: int) -> None:
        if _RULE.match(self.text[start:stop]):
            return
        bars = [at for at in range(start, stop) if self.text[at] == "|"]
        for left, right in pairwise(bars):
            self.end("cell", left)
            self.in_line(left + 1, right)

    def in_line(self, start: int, stop: int) -> None:
        """Tokens of a line of text, without its emphasis; a number does not take the full stop after it."""
        at = start
        for left_out, after in [*_emphasis(self.text, start, stop), (stop, stop)]:
            for token in self.tokens(at, left_out):
                if token.kind == "number" and token.text.endswith("."):
                    self.pieces.append(Piece(token._replace(text=token.text[:-1], end=token.end - 1)))
                    self.pieces.append(Piece(Token("other", ".", token.end - 1, token.end)))
                else:
                    self.pieces.append(Piece(token))
            at = max(at, after)

    # --- in both

    def tokens(self, start: int, stop: int) -> Iterator[Token]:
        """What stands from one place to another, without layout."""
        part = self.text[start:stop]
        found = tokens(part, decimal_comma=self.decimal_comma, lenient=True, start=start)
        del found[-1]  # the stop
        done = start
        for token in with_indices(found) if "[" in part else found:
            if token.start < done:
                continue
            if token.kind == "number":
                number = self.number(token, stop)
                done = number.end if number.end > token.end else done
                yield number
            elif token.text in _SPELLINGS:
                yield token._replace(kind="symbol", text=_SPELLINGS[token.text])
            else:
                yield token

    def number(self, token: Token, stop: int) -> Token:
        """A number with all of its thousands; of kind ``other`` where nobody wrote it by hand."""
        if not self.decimal_comma and self.text.startswith(",", token.end):
            whole = _THOUSANDS.match(self.text, token.start, stop)
            if whole is not None:
                token = Token("number", whole[0].replace(",", ""), token.start, whole.end())
        return token if _is_by_hand(token.text) else token._replace(kind="other")


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


def _goes_on(text: str, start: int, stop: int) -> bool:
    """Whether the line after this one goes on with its formula: ``z = 0.3 * 2`` and below it ``+ 0.1``."""
    found = _CONTINUATION.match(text, stop + 1)
    line = text[start:stop].strip()
    return found is not None and _IN_CHAIN.search(line) is not None and line[:1] != found["sign"]


def _emphasis(text: str, start: int, stop: int) -> list[tuple[int, int]]:
    """From where to where stands what only sets words off from others."""
    found = [layout.span() for layout in _EMPHASIS.finditer(text, start, stop)]
    for italic in _ITALIC.finditer(text, start, stop):
        found += [(italic.start(), italic.start() + 1), (italic.end() - 1, italic.end())]
    return sorted(found)


def _is_by_hand(number: str) -> bool:
    if len(number) <= 20 and "e" not in number.lower():
        return True
    if len(number) > LONGEST_NUMBER:
        return False
    value = Decimal(number)
    return int(value.as_tuple().exponent) >= -LONGEST_NUMBER and value.adjusted() <= LONGEST_NUMBER


def _joined_lines(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Without the end of a line that is no end: what begins with a sign of relation goes on with the line before."""
    waiting: Piece | None = None
    before: Piece | None = None
    rows = 0  # square brackets that are open
    for piece in pieces:
        token = piece.token
        if token.kind == "stop" and token.text == "line":
            waiting = waiting or piece
            continue
        goes_on = waiting is None or piece.is_relation or (before is not None and before.is_relation)
        goes_on = goes_on or (rows > 0 and before is not None and before.token.text in {",", "]"} and token.text == "[")
        if waiting is not None and not goes_on:
            yield waiting
            rows = 0
        elif token.text == "[":
            rows += 1
        elif token.text == "]":
            rows = max(rows - 1, 0)
        yield piece
        waiting, before = None, piece
