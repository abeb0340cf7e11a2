"""A text that is marked: its pieces, and the place in its file of each of its characters."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from unicodedata import normalize

from workings.marking.reading.formats import text_of
from workings.marking.reading.layout import cut
from workings.marking.reading.relations import Piece, with_relations
from workings.marking.reading.rows import with_rows
from workings.marking.reading.session import with_outputs
from workings.marking.reading.sourced import Sourced
from workings.marking.reading.typed import PLAIN_LETTERS, with_times

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
    def beginning(self) -> str:
        """The part of the text that is read."""
        return self.text[:LONGEST_TEXT]

    @cached_property
    def decimal_comma(self) -> bool:
        """Whether this writer's decimals follow a comma."""
        text = self.beginning
        with_comma = len(_WITH_COMMA.findall(text)) if _COMMA_BEFORE_DIGIT.search(text) else 0
        return with_comma > 0 and with_comma > len(_WITH_POINT.findall(text))

    @cached_property
    def pieces(self) -> list[Piece]:
        """All tokens, in the order of the text."""
        text = self.beginning if self.beginning.isascii() else self.beginning.translate(_PLAINER)
        text = with_times(with_outputs(text))
        return with_rows(with_relations(cut(text, decimal_comma=self.decimal_comma)))


_PLAINER = PLAIN_LETTERS | {code: normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
"""These letters and full-width characters, each as the one it stands for."""
_PLAINER |= {0x3000: " "} | dict.fromkeys((*range(0x2060, 0x2065), 0x200B, 0x200C, 0x200D, 0xFEFF), " ")
_PLAINER = {code: char for code, char in _PLAINER.items() if len(char) == 1}  # so that every place stays what it is

_COMMA_BEFORE_DIGIT = re.compile(r",\}?\d")
_WITH_COMMA = re.compile(r"(?<![\d.,])(?:0(?:,|\{,\})\d+|\d+(?:,|\{,\})(?!\d{3}(?!\d))\d+)(?![\d.,]*\d)")
_WITH_POINT = re.compile(r"(?<![\d.,])\d+\.\d+")
