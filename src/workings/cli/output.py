"""Where results go: standard output, in whatever characters it can show, or a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from workings.errors import InputError

_PLAIN = {"⊙": "(*)", "δ": "delta", "σ": "sigma", "η": "eta", "–": "-", "×": "x", "²": "^2"}


def write_result(text: str, output: str | None) -> None:
    """Write a result to a file, or to standard output where no file is named or its name is ``-``.

    Raises
    ------
    InputError
        When the file cannot be written.
    """
    if output in (None, "-"):
        click.echo(showable(text), nl=False)
        return
    try:
        Path(str(output)).write_text(text, encoding="utf-8", newline="\n")
    except OSError as failure:
        raise InputError(f"{output}: cannot be written: {failure.strerror}") from failure
    click.echo(f"written to {output}", err=True)


def showable(text: str) -> str:
    """The text in the characters that standard output can show."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        for character, plain in _PLAIN.items():
            text = text.replace(character, plain)
        return text.encode(encoding, "replace").decode(encoding)
    return text
