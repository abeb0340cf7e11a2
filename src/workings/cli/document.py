"""What DOCUMENT means on the command line: a file or standard input; and where one like it is written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workings.errors import InputError
from workings.marking.reading.written import Written


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
        if name == "-":
            return Written.read_from(sys.stdin.buffer, "")
        with Path(name).open("rb") as file:
            return Written.read_from(file, name)
    except InputError as error:
        raise InputError(f"{'standard input' if name == '-' else name} {error}") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"{name} cannot be read: {reason}") from error


def save(written: Written, text: str, output: str) -> None:
    """Write another text as a document was written; ``-`` is standard output.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    raw = written.bytes_of(text)
    if output == "-":
        sys.stdout.buffer.write(raw)
        return
    try:
        Path(output).write_bytes(raw)
    except OSError as failure:
        raise InputError(f"{output}: cannot be written: {failure.strerror}") from failure
    click.echo(f"written to {output}", err=True)
