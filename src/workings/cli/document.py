"""What DOCUMENT means on the command line: the characters of a file or of standard input, and the way back to bytes."""

from __future__ import annotations

import codecs
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from workings.errors import InputError

LARGEST_DOCUMENT = 50_000_000
"""Bytes, a notebook full of pictures; without a bound an endless stream would fill the memory."""


@dataclass(frozen=True, slots=True)
class Written:
    """A document as its bytes are.

    Attributes
    ----------
    text : str
        With its own line ends; a byte that is none of UTF-8 is a lone surrogate.
    bom : bytes
        The byte order mark before it, or nothing.
    name : str
        Of its file; none for standard input.
    """

    text: str
    bom: bytes
    name: str

    def save(self, text: str, output: str) -> None:
        """Write another text as this one was written; ``-`` is standard output.

        Raises
        ------
        InputError
            When the file cannot be written.
        """
        raw = self.bom + text.encode("utf-8", "surrogateescape")
        if output == "-":
            sys.stdout.buffer.write(raw)
            return
        try:
            Path(output).write_bytes(raw)
        except OSError as failure:
            raise InputError(f"{output}: cannot be written: {failure.strerror}") from failure
        click.echo(f"written to {output}", err=True)


def document_of(name: str) -> Written:
    """The document of that name; ``-`` is standard input.

    Raises
    ------
    InputError
        When it cannot be read; with the nearest name where there is none of this.
    """
    from workings.cli.kind import refuse_missing

    if name != "-":
        refuse_missing(name, "document", Path.is_file)
    try:
        raw = _bytes_of(name)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{name} cannot be read: {reason}") from error
    if len(raw) > LARGEST_DOCUMENT:
        raise InputError(
            f"{'standard input' if name == '-' else name} is too large to be marked: "
            f"at most {LARGEST_DOCUMENT // 1_000_000} MB can be read; hand over the pages with the calculation"
        )
    bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    return Written(raw[len(bom) :].decode("utf-8", "surrogateescape"), bom, "" if name == "-" else name)


def _bytes_of(name: str) -> bytes:
    """The bytes of a document; of one that is too large, one more than may be."""
    if name == "-":
        return sys.stdin.buffer.read(LARGEST_DOCUMENT + 1)
    with Path(name).open("rb") as file:
        return file.read(LARGEST_DOCUMENT + 1)
