"""Other numbers typed into a side of a chain: spelled as its writer spells, and all else left as it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from workings.algebra.expression import Call, Expr, Number, parts
from workings.algebra.lex import Token, tokens
from workings.algebra.read_beginning import read_beginning
from workings.errors import ExpressionError
from workings.marking.checking.comparing import decimals
from workings.marking.document import Document
from workings.marking.fixing.predicted import Replacement
from workings.marking.reading.chains import Side
from workings.marking.reading.relations import Piece


@dataclass(frozen=True, slots=True)
class Edit:
    """Other characters for some of a document's: from ``start`` to before ``end``."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits made that do not overlap."""
    made, at = [], 0
    for edit in sorted(edits, key=lambda each: each.start):
        made += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join(made) + text[at:]


@dataclass(frozen=True, eq=False)
class Typist:
    """Types into a document as its writer does."""

    document: Document

    @cached_property
    def minus(self) -> str:
        """The sign that this writer puts before negative numbers."""
        pieces = self.document.pieces
        used = Counter(
            self.written(piece.token)
            for piece, after in pairwise(pieces)
            if piece.token.text == "-" and after.token.kind == "number"
        )
        return used.most_common(1)[0][0] if used else "-"

    def times(self, side: Side) -> str:
        """What this writer puts between two factors, spaces included; as in a side itself if it has any."""
        pieces = self.document.pieces
        latex = pieces[side.first].latex
        for first, last in ((side.first, side.last), (0, len(pieces))):
            used = Counter(
                self.document.text[pieces[at - 1].token.end : pieces[at + 1].token.start]
                for at in range(max(first, 1), min(last, len(pieces) - 1))
                if _is(pieces[at], "*") and pieces[at].latex == latex and pieces[at + 1].token.kind != "stop"
            )
            on_one_line = [text for text, _times in used.most_common() if "\n" not in text]
            if on_one_line:
                return on_one_line[0]
        return r" \cdot " if latex else " * "

    def written(self, token: Token) -> str:
        """The characters of a token."""
        return self.document.text[token.start : token.end]

    def numbers(self, side: Side) -> list[int] | None:
        """Which pieces of the document are the numbers of a side; None where they are not all typed as such."""
        found, texts = [], []
        for at in range(side.first, side.last):
            token = self.document.pieces[at].token
            if token.kind in {"number", "share"}:
                values = token.text.split("/")
                found += [at] * len(values)
                texts += values
        of_side = [part.text for part in parts(side.expression) if isinstance(part, Number)]
        return found if texts == of_side else None

    def signed(self, at: int) -> Decimal:
        """A number of the document with the minus that is its own."""
        token = self.document.pieces[at].token
        value = Decimal(token.text.partition("/")[0])
        sign = self.sign_of(at)
        return -value if sign is not None and self.document.pieces[sign].token.text == "-" else value

    def sign_of(self, at: int) -> int | None:
        """Which piece is the sign before a number; None where there is none, or where it is that of a power."""
        pieces = self.document.pieces
        before, after = at - 1, at + 1
        while before >= 0 and after < len(pieces) and _is(pieces[before], "(") and _is(pieces[after], ")"):
            before, after = before - 1, after + 1
        if after < len(pieces) and _is(pieces[after], "^") and before == at - 1:
            return None
        return before if before >= 0 and _is(pieces[before], "+", "-") else None

    def retype(self, at: int, old: Decimal, new: Decimal) -> list[Edit]:
        """The edits that make one number of the document another, its sign included."""
        token = self.document.pieces[at].token
        digits = self.spelled(abs(new), self.written(token))
        if (old < 0) == (new < 0):
            return [Edit(token.start, token.end, digits)]
        sign = self.sign_of(at)
        if sign is None:
            typed = self.minus + digits
            return [Edit(token.start, token.end, typed if self.stands_first(at) else f"({typed})")]
        return [*self.turned(sign), Edit(token.start, token.end, digits)]

    def turned(self, sign: int) -> list[Edit]:
        """The edits that make a plus of a minus and the other way round; before the first term no plus is needed."""
        token = self.document.pieces[sign].token
        if token.text == "+":
            return [Edit(token.start, token.end, self.minus)]
        is_unary = self.stands_first(sign) or self.follows_operator(sign)
        return [Edit(token.start, token.end, "" if is_unary else "+")]

    def stands_first(self, at: int) -> bool:
        """Whether a piece begins a side, a bracket, a cell: a minus before it needs no brackets of its own."""
        pieces = self.document.pieces
        if at + 1 < len(pieces) and _is(pieces[at + 1], "^"):
            return False
        before = pieces[at - 1] if at else None
        is_open = before is None or before.is_relation or before.token.kind in {"stop", "other", "begin"}
        return is_open or _is(pieces[at - 1], "(", "[", "{", ",", "&", "\\\\")

    def follows_operator(self, at: int) -> bool:
        """Whether a piece stands after a sign of calculation."""
        return at > 0 and _is(self.document.pieces[at - 1], "*", "/", "^", "+", "-", "⊙", "@")

    def spelled(self, number: Decimal, like: str) -> str:
        """A number without a sign in the spelling of another one: its comma, its exponent, its nought or none."""
        if "e" in like.lower():
            places = decimals(Decimal(_plain(like).lower().partition("e")[0]))
            mantissa, _, exponent = f"{number:.{places}e}".partition("e")
            text = f"{mantissa}{'E' if 'E' in like else 'e'}{int(exponent)}"
        else:
            text = f"{number:f}"
        if like.startswith(".") and text.startswith("0."):
            text = text[1:]
        if "{,}" in like:
            return text.replace(".", "{,}")
        return text.replace(".", ",") if self.document.decimal_comma and "." not in like else text

    def reread(self, side: Side, edits: Sequence[Edit]) -> Expr | None:
        """The expression of a side after edits to its tokens; None where they leave none."""
        by_start = {edit.start: edit for edit in edits}
        pieces = self.document.pieces[side.first : side.last]
        found: list[Token] = []
        typed_to = side.start
        for piece in pieces:
            if piece.token.start < typed_to:
                continue
            edit = by_start.get(piece.token.start)
            if edit is None:
                found.append(piece.token)
                continue
            try:
                typed = tokens(edit.text, decimal_comma=self.document.decimal_comma, lenient=True)
            except ExpressionError:
                return None
            found += [token._replace(start=edit.start, end=edit.end) for token in typed if token.kind != "stop"]
            typed_to = edit.end
        functions = {part.function for part in parts(side.expression) if isinstance(part, Call)}
        reading = read_beginning(found, latex=all(piece.latex for piece in pieces), functions=functions)
        return reading[0] if reading is not None and reading[1] == len(found) else None

    def replaced(self, side: Side, replacements: Iterable[Replacement]) -> list[Edit] | None:
        """The edits for the numbers of a side; None where these are not typed one by one."""
        places = self.numbers(side)
        if places is None:
            return None
        found: list[Edit] = []
        for each in replacements:
            if self.document.pieces[places[each.at]].token.kind == "share":
                return None
            found += self.retype(places[each.at], each.old, each.new)
        return found


def _is(piece: Piece, *signs: str) -> bool:
    return piece.token.kind == "symbol" and piece.token.text in signs


def _plain(written: str) -> str:
    return written.replace("{,}", ".").replace(",", ".")
