"""A place in a document as a terminal shows it: its lines in rows of a few columns, the place underlined."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple
from unicodedata import category, combining, east_asian_width

from workings.marking.document import Document

MOST_ROWS = 8
"""Of one place; who has to look at more looks at the document."""

_FAR = 2_000
"""Characters before and after a place that are looked at; a line may have millions."""

_ELLIPSIS = "..."
_WITHOUT_WIDTH = frozenset({"Mn", "Me", "Cf"})
_STEERING = frozenset({"Cc", "Cs"})


class Sign(NamedTuple):
    """A character with the columns it takes, and whether it belongs to the place."""

    text: str
    columns: int
    is_meant: bool


def quoted(document: Document, start: int, end: int, width: int) -> Iterator[tuple[str, str]]:
    """The rows on which a place stands, each with its underline; a short line is one row and whole.

    Parameters
    ----------
    document : Document
    start, end : int
        The place, from which character to which.
    width : int
        Columns of a row.
    """
    rows = list(_rows_of_place(document, start, max(end, start + 1), width))
    yield from rows[:MOST_ROWS]
    if len(rows) > MOST_ROWS:
        yield _ELLIPSIS, ""


def printable(text: str) -> str:
    """The text with a sign in the place of each character that steers a terminal, and a blank for each other one."""
    return "".join(_printable(each) for each in text)


def _printable(character: str) -> str:
    if character.isspace():
        return " "
    return "\N{REPLACEMENT CHARACTER}" if category(character) in _STEERING else character


def _columns(character: str) -> int:
    if combining(character) or category(character) in _WITHOUT_WIDTH:
        return 0
    return 2 if east_asian_width(character) in {"W", "F"} else 1


def _rows_of_place(document: Document, start: int, end: int, width: int) -> Iterator[tuple[str, str]]:
    """Line by line, of long ones the rows that have some of the place."""
    at = start
    while at < end:
        line, before = document.line(at)
        first, last = max(before - _FAR, 0), min(before + min(end - at, _FAR) + _FAR, len(line))
        signs = _signs(line[first:last], before - first, end - at)
        is_whole = (first, last) == (0, len(line)) and sum(sign.columns for sign in signs) <= width
        rows = [signs] if is_whole else list(_rows(signs, width - 2 * len(_ELLIPSIS) - 2))
        for number, row in enumerate(rows):
            if any(sign.is_meant for sign in row):
                is_first, is_last = first == number == 0, last == len(line) and number == len(rows) - 1
                yield _underlined(row, is_first=is_first, is_last=is_last)
        at += len(line) - before + 1


def _signs(line: str, start: int, length: int) -> list[Sign]:
    """The characters of a line."""
    return [Sign(each, _columns(each), start <= at < start + length) for at, each in enumerate(printable(line))]


def _rows(signs: list[Sign], width: int) -> Iterator[list[Sign]]:
    """The characters cut into rows, between words where these are not too long."""
    row: list[Sign] = []
    taken = 0
    for _is_blank, group in groupby(signs, key=lambda sign: sign.text == " "):
        word = list(group)
        length = sum(sign.columns for sign in word)
        if row and taken + length > width:
            yield row
            row, taken = [], 0
        for sign in word:
            if taken + sign.columns > width:
                yield row
                row, taken = [], 0
            row.append(sign)
            taken += sign.columns
    if row:
        yield row


def _underlined(row: list[Sign], *, is_first: bool, is_last: bool) -> tuple[str, str]:
    """A row and its underline; an ellipsis where the line goes on before or after it."""
    while row and row[0].text == " " and not is_first:
        row = row[1:]
    before, after = "" if is_first else f"{_ELLIPSIS} ", "" if is_last else f" {_ELLIPSIS}"
    underline = "".join("^" * sign.columns if sign.is_meant else " " * sign.columns for sign in row)
    return (
        f"{before}{''.join(sign.text for sign in row).rstrip()}{after}",
        f"{' ' * len(before)}{underline}".rstrip(),
    )
