"""What people write in the place of a sign of relation: ``:=``, an arrow, a colon after a name, the word *is*.

Each of them means other things too, and stands for ``=`` only where both of its neighbours leave no doubt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from workings.algebra.lex import Token
from workings.algebra.names import GREEK_WORDS, is_differential

RELATIONS = frozenset({"=", "≈", "←"})
"""The signs that link the sides of a chain, in their one spelling."""


class Piece(NamedTuple):
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
        return self.token.text in RELATIONS

    def is_end(self, *names: str) -> bool:
        """Whether it is one of these ends."""
        return self.token.kind == "stop" and self.token.text in names


@lru_cache(maxsize=4096)
def looks_like_a_name(word: str) -> bool:
    """Whether a word is spelt as names of numbers are: ``z``, ``w_5``, ``net_h1``, ``delta``."""
    return _NAME.match(word) is not None or word in GREEK_WORDS


def with_relations(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces, with a sign of relation wherever one is meant."""
    pieces = list(_meant(list(_together(pieces))))
    return [
        Piece(piece.token._replace(kind="symbol", text="="), piece.latex)
        if (stands_for_equal := _MEANS_EQUAL.get(piece.token.text)) and stands_for_equal(pieces, at)
        else piece
        for at, piece in enumerate(pieces)
    ]


_NAME = re.compile(r"[^\W\d_]$|.*[\d_'^]|[^\W\d_]+/[^\W\d_]+")
_ARROWS = frozenset({"→", "⇒", "⟶", "⟹", "\\to", "\\rightarrow", "\\Rightarrow", "\\implies", "\\longrightarrow"})
_VERBS = frozenset({"is", "equals", "becomes"})
_MADE_OF_TWO = {":=": "←", "==": "=", "=>": "⇒", "->": "→", "<-": "←"}
_FIRST_OF_TWO = frozenset(sign[0] for sign in _MADE_OF_TWO)
_MEANT_OTHERWISE = frozenset({"x", "%", "\\%", "#"})
_OPERATORS = frozenset({"*", "/", "^", "⊙", "@", "+", "-"})
_SO = frozenset({"so", "then", "hence", "thus", "therefore", "that", "where", "here"})
_LONGEST_SIDE = 100  # tokens that are looked through for something to work out


def _together(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Two characters that are one sign."""
    taken = -1  # the piece that belongs to the one before it
    for at, piece in enumerate(pieces):
        if at == taken:
            continue
        sign = _sign_of_two(pieces, at) if piece.token.text in _FIRST_OF_TWO else None
        taken = taken if sign is None else at + 1
        yield piece if sign is None else Piece(sign, piece.latex)


def _sign_of_two(pieces: Sequence[Piece], at: int) -> Token | None:
    first, second = pieces[at].token, _token(pieces, at + 1)
    sign = _MADE_OF_TWO.get(first.text + second.text)
    is_one = first.end == second.start and first.kind in {"symbol", "other"}
    if sign is None or not is_one or (first.text == "<" and not _is_spaced(pieces, at)):
        return None
    return Token("symbol", sign, first.start, second.end)


def _meant(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """An x between numbers is a product, a % after one a hundredth, a space between two in square brackets a comma."""
    square = 0
    for at, piece in enumerate(pieces):
        token = piece.token
        if token.kind == "stop":
            square = 0
        elif token.text == "[":
            square += 1
        elif token.text == "]":
            square = max(square - 1, 0)
        if square and not piece.latex and _begins_entry(pieces, at):
            yield Piece(Token("symbol", ",", pieces[at - 1].token.end, token.start))
        if token.text in _MEANT_OTHERWISE:
            yield from _meant_by(piece, _token(pieces, at - 1), _token(pieces, at + 1))
        else:
            yield piece


def _meant_by(piece: Piece, before: Token, after: Token) -> Sequence[Piece]:
    """What a letter or a sign means between two tokens."""
    token = piece.token
    if token.text == "x" and token.kind == "name" and before.kind == after.kind == "number":
        return (Piece(token._replace(kind="symbol", text="*"), piece.latex),)
    is_after_number = before.kind == "number" and before.end == token.start
    if token.text in {"%", "\\%"} and is_after_number and not _is_operand(after):
        divided, hundred = token._replace(kind="symbol", text="/"), token._replace(kind="number", text="100")
        return (Piece(divided, piece.latex), Piece(hundred, piece.latex))
    if token.text == "#" and after.text in RELATIONS:
        return ()  # a comment that goes on with its line
    return (piece,)


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


_MEANS_EQUAL: dict[str, Callable[[Sequence[Piece], int], bool]] = {
    **dict.fromkeys(_ARROWS, _leads_to_result),
    ":": _names_value,
    **dict.fromkeys(_VERBS, _tells_value),
}
"""What may stand for a sign of relation, and how to tell whether it does."""
