"""What people type for a sign or an index that their keyboard lacks: the letter x for times, brackets for an index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from unicodedata import normalize

from workings.algebra.functions import ALIASES, FUNCTIONS
from workings.algebra.lex import Token
from workings.algebra.names import parts_of, spelling

_TIMES = re.compile(r"(?<=[\d)\]])(?P<before>[ \t]+)[xX](?=[ \t]+(?:[-−(]|\.?\d))")
_NAMED_X = re.compile(
    r"(?<![\w\\])(?<![\d)\]] )[xX](?![\w\[(])[ \t]*[=+\-−*/^·⋅,)<←≈]|[=+*/^(·⋅←≈][ \t]*[xX](?![\w\[(])"
)
_MOST_INDICES = 3

PLAIN_LETTERS = {code: normalize("NFKC", chr(code)) for code in range(0x1D400, 0x1D800)} | {0x210E: "h"}
"""Letters in italics, bold and script, each as the one it stands for."""


def with_times(text: str) -> str:
    """The same text, as long as before, where the letter x between two numbers is the sign ×; not where x is a name."""
    if _TIMES.search(text) is None or _NAMED_X.search(text):
        return text
    return _TIMES.sub(lambda found: f"{found['before']}×", text)


def with_indices(tokens: Sequence[Token]) -> Iterator[Token]:
    """The same tokens, where a name and the whole numbers in square brackets right behind it are one name."""
    done = 0
    for at, token in enumerate(tokens):
        if at < done:
            continue
        indices, after = _indices(tokens, at + 1) if token.kind == "name" else ([], at)
        found = parts_of(token.text) if indices else None
        if found is None or token.text in FUNCTIONS or token.text in ALIASES:
            yield token
        else:
            subscript = ",".join([found.subscript, *indices] if found.subscript else indices)
            name = spelling(type(found)(found.base, subscript, found.primes, found.superscript, found.layer))
            yield Token("name", name, token.start, tokens[after - 1].end)
            done = after


def _indices(tokens: Sequence[Token], at: int) -> tuple[list[str], int]:
    """The numbers of ``[0]``, ``[0][1]`` or ``[0,1]``, and the token after them."""
    found: list[str] = []
    while len(found) < _MOST_INDICES:
        numbers, after = _bracket(tokens, at)
        if not numbers:
            break
        found += numbers
        at = after
    return found, at


def _bracket(tokens: Sequence[Token], at: int) -> tuple[list[str], int]:
    """The whole numbers between square brackets that follow what stands before without a space."""
    if not 0 < at < len(tokens) or tokens[at].text != "[" or tokens[at].start != tokens[at - 1].end:
        return [], at
    numbers = []
    for place in range(at + 1, min(at + 2 * _MOST_INDICES + 1, len(tokens)), 2):
        if not tokens[place].text.isdecimal() or place + 1 == len(tokens):
            break
        numbers.append(tokens[place].text)
        if tokens[place + 1].text == "]":
            return numbers, place + 2
        if tokens[place + 1].text != ",":
            break
    return [], at
