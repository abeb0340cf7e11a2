"""A place in a row of tokens, and how deep inside brackets it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

from workings.algebra.lex import Token
from workings.algebra.lex_names import unexpected

DEEPEST = 60
"""How many brackets, powers and signs may stand inside each other: far more than anybody writes by hand."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}


class Cursor:
    """Steps through tokens; all nesting is counted here, so that hostile input cannot exhaust the stack."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.at = 0
        self.depth = 0
        self.open_bars = 0
        self.partner = _partners(found)

    @property
    def next(self) -> Token:
        """The token here."""
        return self.tokens[self.at]

    def sees(self, symbol: str) -> bool:
        """Whether this symbol stands here."""
        return self.next.kind == "symbol" and self.next.text == symbol

    def advance(self) -> Token:
        """Step over the token here and return it."""
        self.at += 1
        return self.tokens[self.at - 1]

    def take(self, symbol: str) -> bool:
        """Step over this symbol if it stands here."""
        seen = self.sees(symbol)
        self.at += seen
        return seen

    def expect(self, symbol: str) -> None:
        """Step over this symbol, which must stand here."""
        if not self.take(symbol):
            self.fail(f"{symbol!r}")

    def fail(self, expected: str) -> NoReturn:
        """Say what stands here and what was expected."""
        what = "the end" if self.next.kind == "stop" else f"{self.next.text[:40]!r}"
        unexpected(what, self.next.start, expected)

    @contextmanager
    def inside_brackets(self, opening: Token) -> Iterator[None]:
        """Read what stands between this bracket and its partner, and step over that."""
        bars, self.open_bars = self.open_bars, 0
        yield
        self.expect(_CLOSING[opening.text])
        self.open_bars = bars

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Read something that stands inside something else."""
        self.depth += 1
        if self.depth > DEEPEST:
            unexpected(f"{self.next.text[:40]!r}", self.next.start, f"at most {DEEPEST} things inside each other")
        yield
        self.depth -= 1


def _partners(found: list[Token]) -> dict[int, int]:
    """Where the bracket that opens at one place closes."""
    partner: dict[int, int] = {}
    still_open: list[int] = []
    for place, token in enumerate(found):
        if token.kind != "symbol":
            continue
        if token.text in _CLOSING:
            still_open.append(place)
        elif token.text in _CLOSING.values():
            if not still_open or _CLOSING[found[still_open[-1]].text] != token.text:
                unexpected(f"{token.text!r}", token.start, "an opening bracket of this kind before it")
            partner[still_open.pop()] = place
    if still_open:
        opening = found[still_open[-1]]
        unexpected(f"{opening.text!r}", opening.start, f"a closing {_CLOSING[opening.text]!r} after it")
    return partner
