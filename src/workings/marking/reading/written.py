"""A document as its bytes are: the characters that are read, and the way back."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import IO

from workings.errors import InputError

LARGEST = 50_000_000
"""Bytes, a notebook full of pictures; without a bound an endless stream would fill the memory."""


@dataclass(frozen=True, slots=True)
class Written:
    """The characters of a file.

    Attributes
    ----------
    text : str
        With its own line ends; a byte that is none of UTF-8 is a lone surrogate.
    bom : bytes
        The byte order mark before it, or nothing.
    name : str
        Of its file, whose ending tells what it is; empty for standard input.
    """

    text: str
    bom: bytes
    name: str

    @classmethod
    def read_from(cls, file: IO[bytes], name: str) -> Written:
        """What is in a file.

        Raises
        ------
        InputError
            When it is too large; says so as the end of a sentence about the file.
        """
        raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            raise InputError(
                f"is too large to be marked: at most {LARGEST // 1_000_000} MB can be read; hand over the pages with "
                "the calculation"
            )
        bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
        return cls(raw[len(bom) :].decode("utf-8", "surrogateescape"), bom, name)

    def bytes_of(self, text: str) -> bytes:
        """Another text, or this one, written as this one was."""
        return self.bom + text.encode("utf-8", "surrogateescape")

    @property
    def as_marked(self) -> str:
        """The text as it is marked."""
        return as_marked(self.text)


def as_marked(text: str) -> str:
    """The text as it is read: one sign for each line end, and one for each byte that is none of UTF-8."""
    return _NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text).replace("\r\n", "\n")


_NO_CHARACTER = re.compile("[\ud800-\udfff]")
