"""A place in a row of tokens, and how deep inside brackets it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NoReturn, TypeVar

from workings.algebra.lex import Token
from workings.algebra.lex_names import unexpected

DEEPEST = 60
"""How many brackets, powers and signs may stand inside each other: far more than anybody writes by hand."""

_CLOSING = {"(": ")", "[": "]", "{": "}"}
_CLOSED = frozenset(_CLOSING.values())
_Read = TypeVar("_Read")


class Cursor:
    """Steps through tokens whose brackets are in order; nesting is counted here, so that none exhausts the stack.

    Attributes
    ----------
    next : Token
        The token here.
    sign : str
        The symbol that stands here; empty where something else does.
    """

    def __init__(self, found: Sequence[Token]) -> None:
        self.tokens = found
        self.depth = 0
        self.open_bars = 0
        self.at = -1
        self.advance()

    def advance(self) -> Token:
        """Step over the token here and return it."""
        self.at += 1
        self.next = self.tokens[self.at]
        self.sign = self.next.text if self.next.kind == "symbol" else ""
        return self.tokens[self.at - 1]

    def take(self, symbol: str) -> bool:
        """Step over this symbol if it stands here."""
        seen = self.sign == symbol
        if seen:
            self.advance()
        return seen

    def expect(self, symbol: str) -> None:
        """Step over this symbol, which must stand here."""
        if not self.take(symbol):
            self.fail(f"{symbol!r}")

    def fail(self, expected: str) -> NoReturn:
        """Say what stands here and what was expected."""
        what = "the end" if self.next.kind == "stop" else f"{self.next.text[:40]!r}"
        unexpected(what, self.next.start, expected)

    def inside(self, opening: Token, read: Callable[[], _Read]) -> _Read:
        """What stands between this bracket, which has been stepped over, and its partner; steps over that too."""
        bars, self.open_bars = self.open_bars, 0
        found = read()
        self.expect(_CLOSING[opening.text])
        self.open_bars = bars
        return found

    def deeper(self, read: Callable[[], _Read]) -> _Read:
        """What stands inside something else."""
        self.descend()
        found = read()
        self.depth -= 1
        return found

    def descend(self) -> None:
        """Count one thing more that what is read stands inside of."""
        self.depth += 1
        if self.depth > DEEPEST:
            unexpected(f"{self.next.text[:40]!r}", self.next.start, f"at most {DEEPEST} things inside each other")

    def after_brackets(self) -> Token:
        """The token after the partner of the bracket that opens here."""
        at, still_open = self.at, 1
        while still_open:
            at += 1
            token = self.tokens[at]
            if token.kind == "symbol":
                still_open += (token.text in _CLOSING) - (token.text in _CLOSED)
        return self.tokens[at + 1]


def balanced(found: Sequence[Token]) -> int:
    """The length of the longest beginning in which every bracket is closed."""
    closing: list[str] = []  # of the brackets that are open
    length = 0
    for place, token in enumerate(found, start=1):
        if token.kind == "symbol":
            if token.text in _CLOSING:
                closing.append(_CLOSING[token.text])
            elif token.text in _CLOSED and (not closing or closing.pop() != token.text):
                break
        if not closing:
            length = place
    return length


def check_brackets(found: Sequence[Token]) -> None:
    """Raise an error where a bracket has no partner."""
    still_open: list[Token] = []
    for token in found:
        if token.kind != "symbol":
            continue
        if token.text in _CLOSING:
            still_open.append(token)
        elif token.text in _CLOSED and (not still_open or _CLOSING[still_open.pop().text] != token.text):
            unexpected(f"{token.text!r}", token.start, "an opening bracket of this kind before it")
    if still_open:
        opening = still_open[-1]
        unexpected(f"{opening.text!r}", opening.start, f"a closing {_CLOSING[opening.text]!r} after it")
