"""What people write in the place of a sign of relation: ``:=``, an arrow, a colon after a name, the word *is*.

Each of them means other things too, and stands for ``=`` only where both of its neighbours leave no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from workings.algebra.lex import Token
from workings.algebra.names import GREEK_WORDS, is_differential

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


def looks_like_a_name(word: str) -> bool:
    """Whether a word is spelt as names of numbers are: ``z``, ``w_5``, ``net_h1``, ``delta``."""
    return _NAME.match(word) is not None or word in GREEK_WORDS


def with_relations(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The same pieces, with a sign of relation wherever one is meant."""
    pieces = list(_meant(list(_together(pieces))))
    for at, piece in enumerate(pieces):
        stands_for_equal = (
            (piece.token.text in _ARROWS and _leads_to_result(pieces, at))
            or (piece.token.text == ":" and _names_value(pieces, at))
            or (piece.token.text in _VERBS and _tells_value(pieces, at))
        )
        yield replace(piece, token=piece.token._replace(kind="symbol", text="=")) if stands_for_equal else piece


_NAME = re.compile(r"[^\W\d_]$|.*[\d_'^]|[^\W\d_]+/[^\W\d_]+")
_ARROWS = frozenset({"→", "⇒", "⟶", "⟹", "\\to", "\\rightarrow", "\\Rightarrow", "\\implies", "\\longrightarrow"})
_VERBS = frozenset({"is", "equals", "becomes"})
_MADE_OF_TWO = {":=": "←", "==": "=", "=>": "⇒", "->": "→", "<-": "←"}
_OPERATORS = frozenset({"*", "/", "^", "⊙", "@", "+", "-"})
_SO = frozenset({"so", "then", "hence", "thus", "therefore", "that", "where", "here"})
_LONGEST_SIDE = 100  # tokens that are looked through for something to work out


def _together(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Two characters that are one sign."""
    at = 0
    while at < len(pieces):
        first, second = pieces[at].token, pieces[at + 1].token if at + 1 < len(pieces) else None
        sign = None
        if second is not None and first.end == second.start and first.kind in {"symbol", "other"}:
            sign = _MADE_OF_TWO.get(first.text + second.text)
        if sign is None or second is None or (first.text == "<" and not _is_spaced(pieces, at)):
            yield pieces[at]
            at += 1
        else:
            yield replace(pieces[at], token=Token("symbol", sign, first.start, second.end))
            at += 2


def _meant(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """An x between numbers is a product, a % after one a hundredth, a space between two in square brackets a comma."""
    square = 0
    for at, piece in enumerate(pieces):
        token = piece.token
        before, after = _token(pieces, at - 1), _token(pieces, at + 1)
        square = 0 if token.kind == "stop" else max(square + {"[": 1, "]": -1}.get(token.text, 0), 0)
        if square and not piece.latex and _begins_entry(pieces, at):
            yield Piece(Token("symbol", ",", before.end, token.start))
        if token.text == "x" and token.kind == "name" and before.kind == after.kind == "number":
            yield replace(piece, token=token._replace(kind="symbol", text="*"))
        elif (
            token.text in {"%", "\\%"}
            and before.kind == "number"
            and before.end == token.start
            and not _is_operand(after)
        ):
            yield replace(piece, token=token._replace(kind="symbol", text="/"))
            yield replace(piece, token=token._replace(kind="number", text="100"))
        elif not (token.text in {"#", "//"} and after.text in RELATIONS):  # a comment that goes on with its line
            yield piece


def _begins_entry(pieces: Sequence[Piece], at: int) -> bool:
    """Whether an entry begins here as NumPy prints it, with nothing but space before it: ``[0.1 -0.2]``."""
    token, before, after = pieces[at].token, _token(pieces, at - 1), _token(pieces, at + 1)
    is_apart = before.end < token.start
    if before.text == "]" and token.text == "[":
        return is_apart
    is_signed = token.text == "-" and after.kind == "number" and token.end == after.start
    return is_apart and before.kind == "number" and (token.kind == "number" or is_signed)


def _is_operand(token: Token) -> bool:
    return token.kind in {"number", "name"} or token.text == "("


def _is_spaced(pieces: Sequence[Piece], at: int) -> bool:
    """Whether ``<-`` has space on either side: ``z <-1`` compares."""
    before, after = _token(pieces, at - 1), _token(pieces, at + 2)
    return before.end < pieces[at].token.start and pieces[at + 1].token.end < after.start


def _leads_to_result(pieces: Sequence[Piece], at: int) -> bool:
    """Whether an arrow has a calculation before it and a number after it: from a number to a number it is a change."""
    end = _after_number(pieces, at + 1)
    if end is None or _token(pieces, end).text in _OPERATORS or _token(pieces, end).kind == "name":
        return False
    side = []
    for before in range(at - 1, max(at - _LONGEST_SIDE, -1), -1):
        if pieces[before].is_relation or pieces[before].token.kind in {"stop", "other"}:
            break
        side.append(pieces[before].token)
    has_decimals = any("." in token.text for token in [*side, pieces[end - 1].token] if token.kind == "number")
    return has_decimals and any(token.text in _OPERATORS for token in side[1:-1])


def _names_value(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a name with a colon begins a line, and what follows is its value and no list: ``z1: 0.45``."""
    start, end = _subject(pieces, at), _after_number(pieces, at + 1)
    if start is None or end is None:
        return False
    before, after, then = _token(pieces, start - 1), _token(pieces, end), _token(pieces, end + 1)
    begins = before.kind == "stop" or (before.text in {",", ";"} and _token(pieces, start - 2).kind == "number")
    goes_on = after.kind == "stop" or after.text in {".", ";", "(", *RELATIONS, *_OPERATORS}
    return begins and (goes_on or (after.text == "," and then.kind in {"name", "stop"}))


def _tells_value(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a clause tells a number of a name: ``z1 is 0.45``, and not ``the error of h1 is 0.45``."""
    start, end = _subject(pieces, at), _after_number(pieces, at + 1)
    if start is None or end is None or (len(pieces[at - 1].token.text) == 1 and not pieces[at - 1].latex):
        return False
    before, after = _token(pieces, start - 1), _token(pieces, end)
    begins = before.kind == "stop" or before.text in {".", ";"} or before.text.lower() in _SO
    begins |= before.text in {",", "and"} and _token(pieces, start - 2).kind == "number"
    return begins and (after.kind == "stop" or after.text in {".", ",", ";", "and", ")"})


def _subject(pieces: Sequence[Piece], at: int) -> int | None:
    """Where the name that ends before a place begins."""
    name = _token(pieces, at - 1)
    if name.kind != "name":
        return None
    if (
        is_differential(name.text)
        and _token(pieces, at - 2).text == "/"
        and is_differential(_token(pieces, at - 3).text)
    ):
        return at - 3
    return at - 1 if looks_like_a_name(name.text) else None


def _after_number(pieces: Sequence[Piece], at: int) -> int | None:
    """The place after the number that stands here, with its sign; None where none does."""
    at += _token(pieces, at).text == "-"
    return at + 1 if _token(pieces, at).kind == "number" else None


def _token(pieces: Sequence[Piece], at: int) -> Token:
    return pieces[at].token if 0 <= at < len(pieces) else Token("stop", "end", 0, 0)
