"""Equality chains: what stands on either side of each sign of relation, also where they run together on one line.

Whatever stands between two signs is one side, or the end of one chain, prose, and the beginning of the next. Which
words are prose is not known beforehand: a word is a name where somebody calculates with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from workings.algebra.assemble import bare
from workings.algebra.expression import Expr, Matrix, Reference, parts
from workings.algebra.functions import ALIASES, FUNCTIONS
from workings.algebra.lex import Token
from workings.algebra.names import is_differential
from workings.algebra.read import may_begin
from workings.algebra.read_beginning import read_beginning
from workings.marking.document import LONGEST_TEXT, Document
from workings.marking.reading.relations import Piece, looks_like_a_name

LONGEST_SIDE = 2_000
"""Tokens; what is longer is read up to here."""

MOST_RELATIONS = 1_000
"""Signs of relation that are read, about twenty pages of formulas; of more the rest is told to be unread."""


@dataclass(frozen=True, slots=True)
class Side:
    """An expression of a document.

    Attributes
    ----------
    expression : Expr
    start, end : int
        From which character of the document to which.
    first, last : int
        Which of the document's pieces it is made of; ``last`` is the one after.
    """

    expression: Expr
    start: int
    end: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Chain:
    """``a = b = c``: two sides or more, and the signs between them."""

    sides: tuple[Side, ...]
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """What looks like mathematics but could not be read."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The chains of a document, and what looks like one but could not be read."""

    chains: tuple[Chain, ...]
    unread: tuple[Unread, ...]


def read_chains(document: Document) -> Reading:
    """All equality chains of a document, in the order of the text."""
    names = _names(document.pieces)
    functions = _functions(document.pieces, names)
    reader = _Reader(document.pieces, names, functions)
    found = list(reader.chains())
    if len(document.text) > LONGEST_TEXT:
        reason = f"only the first {LONGEST_TEXT:,} characters are read"
        reader.unread.append(Unread(LONGEST_TEXT, len(document.text), reason))
    return Reading(tuple(found), tuple(reader.unread))


_FUNCTION_WORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "because", "but", "by", "for", "from", "gets", "given", "gives",
    "has", "have", "hence", "here", "if", "in", "into", "is", "it", "its", "let", "means", "no", "not", "now", "of",
    "on", "once", "or", "so", "such", "than", "that", "the", "their", "then", "there", "therefore", "these", "they",
    "this", "those", "thus", "to", "too", "was", "we", "what", "when", "where", "which", "while", "with", "you",
    "your",
})  # fmt: skip
_OPERATORS = frozenset({"*", "/", "^", "⊙", "@"})
_BINARY = _OPERATORS | {"+"}
_OPENING = frozenset({"(", "["})
_PARTNER = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_PARTNER.values())


def _named(pieces: Sequence[Piece]) -> list[int]:
    """Where the words and names of a document stand."""
    return [at for at, piece in enumerate(pieces) if piece.token.kind == "name"]


def _names(pieces: Sequence[Piece]) -> frozenset[str]:
    """The words with which somebody calculates."""
    names: set[str] = set()
    for at in _named(pieces):
        word = pieces[at].token.text
        if word in names or (word in _FUNCTION_WORDS and len(word) > 1):
            continue
        if pieces[at].latex or looks_like_a_name(word) or _is_function(word) or _is_used(pieces, at):
            names.add(word)
    return frozenset(names)


def _is_used(pieces: Sequence[Piece], at: int) -> bool:
    """Whether the word here stands beside a sign that only calculation knows."""
    before, after = _near(pieces, at - 1), _near(pieces, at + 1)
    if all(piece is None or piece.token.kind != "symbol" for piece in (before, after)):
        return False
    if after is not None and after.is_relation:
        return True
    around = [piece.token for piece in (before, after) if piece is not None and piece.token.kind == "symbol"]
    if any(token.text in _OPERATORS for token in around):
        return True
    signs = {"+", "-"}
    if before is not None and before.is_relation:
        return after is None or after.token.kind in {"stop", "symbol"} or after.token.text in ".,;"
    if before is not None and before.token.text in signs and before.token.kind == "symbol":
        left = _near(pieces, at - 2)
        return left is not None and (
            left.token.kind == "number" or left.token.text in _CLOSING or _stands_apart(pieces, at - 1)
        )
    return after is not None and after.token.text in signs and _stands_apart(pieces, at + 1)


def _stands_apart(pieces: Sequence[Piece], at: int) -> bool:
    """Whether a sign has a space on either side and something to calculate with beside it, as in ``a - b``."""
    left, right = _near(pieces, at - 1), _near(pieces, at + 1)
    if left is None or right is None or "stop" in {left.token.kind, right.token.kind}:
        return False
    sign = pieces[at].token
    apart = left.token.end < sign.start and sign.end < right.token.start
    return apart and all(_could_be_operand(piece) for piece in (left, right))


def _could_be_operand(piece: Piece) -> bool:
    token = piece.token
    return (
        token.kind in {"number", "share"}
        or token.text in {"(", ")"}
        or (token.kind == "name" and looks_like_a_name(token.text))
    )


def _is_factor(token: Token) -> bool:
    """Whether a name is one that people put beside another for their product."""
    return token.text.lower() not in _FUNCTION_WORDS and (looks_like_a_name(token.text))


def _near(pieces: Sequence[Piece], at: int) -> Piece | None:
    return pieces[at] if 0 <= at < len(pieces) else None


def _is_function(name: str) -> bool:
    stem = name.rstrip("'")
    return ALIASES.get(stem, stem) in FUNCTIONS


def _functions(pieces: Sequence[Piece], names: frozenset[str]) -> frozenset[str]:
    """Names that only ever stand directly before a bracket, and are never given a value: ``g(0.54)``."""
    called: set[str] = set()
    alone: set[str] = set()
    for at in _named(pieces):
        token, after = pieces[at].token, _near(pieces, at + 1)
        is_called = after is not None and after.token.text == "(" and after.token.start == token.end
        (called if is_called else alone).add(token.text)
    return frozenset(called - alone) & names


class _Reader:
    def __init__(self, pieces: Sequence[Piece], names: frozenset[str], functions: frozenset[str]) -> None:
        self.pieces = pieces
        self.names = names
        self.functions = functions
        self.unread: list[Unread] = []

    @cached_property
    def first_places(self) -> dict[str, int]:
        """Where each name stands for the first time."""
        return {self.pieces[at].token.text: at for at in reversed(_named(self.pieces))}

    @cached_property
    def separating(self) -> frozenset[int]:
        """Which semicolons stand between the entries of a bracket."""
        found, still_open = set(), 0
        for at, piece in enumerate(self.pieces):
            token = piece.token
            if token.kind == "stop":
                still_open = 0
            elif token.text in _OPENING:
                still_open += 1
            elif token.text in {")", "]"}:
                still_open = max(still_open - 1, 0)
            elif token.text == ";" and still_open:
                found.add(at)
        return frozenset(found)

    def chains(self) -> Iterator[Chain]:
        relations = [at for at, piece in enumerate(self.pieces) if piece.is_relation]
        sides: list[Side] = []
        signs: list[str] = []
        before = -1
        most = min(len(relations), MOST_RELATIONS)
        for number, at in enumerate(relations[:most]):
            left = sides[-1] if sides else self.ending(before + 1, at)
            stop = relations[number + 1] if number + 1 < len(relations) else len(self.pieces)
            right = self.beginning(
                at + 1, stop, subject=name_of((sides[0] if sides else left).expression) if left else None
            )
            if left is None or right is None:
                self.complain(at, left, right)
            else:
                sides += [right] if sides else [left, right]
                signs.append(self.pieces[at].token.text)
            if sides and (left is None or right is None or right.last != stop or number + 1 == most):
                yield Chain(tuple(sides), tuple(signs))
                sides, signs = [], []
            before = at if right is None else right.last - 1
        if len(relations) > most:
            first, last = (self.pieces[at].token for at in (relations[most], relations[-1]))
            reason = f"only the first {MOST_RELATIONS:,} equations and claims are read"
            self.unread.append(Unread(first.start, last.end, reason))

    def complain(self, at: int, left: Side | None, right: Side | None) -> None:
        """Say that something beside a sign of relation is no formula."""
        token = self.pieces[at].token
        if left is None and right is None:
            return  # a sign in prose, or in a drawing
        which = "left" if left is None else "right"
        self.unread.append(Unread(token.start, token.end, f"what stands {which} of this sign is no formula"))

    # --- where a side begins and ends

    def beginning(self, first: int, stop: int, subject: str | None) -> Side | None:
        """The longest formula that begins here, in a chain about a subject."""
        end = first
        while end < min(stop, first + LONGEST_SIDE) and not self.ends_formula(end):
            end += 1
        if end == stop and self.begins_next(stop - 1, subject):
            end -= 1
        side = self.read(first, end, beside=True)
        return None if side is None or self.is_cut_short(side, end) else side

    def begins_next(self, at: int, subject: str | None) -> bool:
        """Whether a name before a sign begins a chain: the subject of this one once more, or one not seen before."""
        token, before = self.pieces[at].token, self.pieces[at - 1].token
        is_beside = token.kind == "name" and (before.kind == "name" or before.text in _CLOSING)
        if not is_beside or self.pieces[at].latex or self.is_function(before):
            return False
        return token.text == subject or self.first_places[token.text] == at

    def ending(self, first: int, stop: int) -> Side | None:
        """The longest formula that ends here."""
        found = None
        closed: list[str] = []  # brackets between here and the end whose partner has not come
        for at in range(stop - 1, max(first, stop - 200) - 1, -1):
            token = self.pieces[at].token
            if self.ends_formula(at):
                break
            if token.kind == "symbol" and token.text in _CLOSING:
                closed.append(token.text)
            elif (
                token.kind == "symbol"
                and token.text in _PARTNER
                and (not closed or closed.pop() != _PARTNER[token.text])
            ):
                break
            if closed or not may_begin(token) or self.is_torn(at):
                continue
            side = self.read(at, stop)
            if side is not None and side.last == stop:
                found = side
        return found

    def is_torn(self, at: int) -> bool:
        """Whether a formula cannot begin here: a sign or an opening bracket belongs to what stands before."""
        token = self.pieces[at].token
        before = self.pieces[at - 1] if at else None
        if before is not None and token.text == "(" and before.token.kind == "name" and before.token.end == token.start:
            return True
        if before is None or before.token.kind != "symbol" or before.is_relation:
            return False
        if before.token.text in _BINARY:
            return at > 1 and self.pieces[at - 2].token.kind != "stop"
        is_sign = before.token.text == "-" and before.token.end == token.start
        return is_sign and at > 1 and not self.ends_formula(at - 2)

    def is_cut_short(self, side: Side, end: int) -> bool:
        """Whether a formula cannot end here: a sign after it wants more than could be read."""
        return side.last + 1 < end and self.pieces[side.last].token.text in _BINARY

    def ends_formula(self, at: int) -> bool:
        """Whether no formula goes on over this piece."""
        token = self.pieces[at].token
        if token.kind == "stop" or (token.kind == "other" and token.text not in {"\\lVert", "\\rVert"}):
            return True
        if token.kind == "symbol" and token.text == ";":
            return at not in self.separating
        return token.kind == "name" and token.text not in self.names

    def read(self, first: int, stop: int, *, beside: bool = False) -> Side | None:
        """The longest formula that begins here; ``beside`` where names beside each other are their product."""
        pieces = self.pieces[first:stop]
        if not pieces or not may_begin(pieces[0].token):
            return None
        latex = beside or all(piece.latex for piece in pieces)
        found = read_beginning(self.meant(pieces), latex=latex, functions=self.functions)
        if found is None:
            return None
        expression, length = found
        if isinstance(bare(expression), Matrix):
            expression = bare(expression)
        last = first + length
        return Side(expression, pieces[0].token.start, self.pieces[last - 1].token.end, first, last)

    def meant(self, pieces: Sequence[Piece]) -> list[Token]:
        """The tokens, with an end where what stands side by side is not meant as a product."""
        tokens = [piece.token for piece in pieces]
        for at in range(1, len(pieces)):
            token = tokens[at]
            if (token.kind == "name" or token.text in _OPENING) and not pieces[at].latex and self.is_apart(pieces, at):
                tokens[at] = token._replace(kind="other")
        return tokens

    def is_apart(self, pieces: Sequence[Piece], at: int) -> bool:
        """Whether a formula ends before a name or a bracket, because no sign stands there."""
        before, token = pieces[at - 1].token, pieces[at].token
        if token.kind == "name":
            if before.kind in {"number", "share"}:
                return token.text not in self.names or (before.kind == "number" and before.end < token.start)
            if before.kind == "name":
                return not self.is_function(before) and not all(map(_is_factor, (before, token)))
            return before.text in _CLOSING and before.end < token.start and not _is_factor(token)
        if before.kind == "name" and token.text == "[":
            return not is_differential(before.text)
        is_behind_number = before.kind == "number" and before.end < token.start
        return is_behind_number and not self.holds_formula(pieces, at)

    def is_function(self, token: Token) -> bool:
        """Whether a name is a function that may stand before its argument without brackets."""
        return token.text in self.functions or _is_function(token.text)

    def holds_formula(self, pieces: Sequence[Piece], at: int) -> bool:
        """Whether the brackets that open here hold a calculation, and no remark."""
        open_brackets, signs = 0, 0
        for piece in pieces[at:]:
            token = piece.token
            open_brackets += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
            if token.kind == "other" or (token.kind == "name" and token.text not in self.names):
                return False
            signs += token.text in _OPERATORS | {"+", "-"}
            if not open_brackets:
                return signs > 0
        return False


def name_of(expression: Expr) -> str | None:
    """The name that a side consists of; None for any other expression."""
    return str(expression.key) if isinstance(expression, Reference) else None


def is_numeric(expression: Expr) -> bool:
    """Whether it is made of numbers only."""
    return not any(isinstance(part, Reference) for part in parts(expression))
