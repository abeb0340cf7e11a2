"""Where results go: standard output, in whatever characters it can show, or a file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
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


def refuse_ending(output: str | None, endings: Sequence[str]) -> None:
    """Refuse a file whose ending promises what is not written; one without an ending promises nothing.

    Raises
    ------
    InputError
        With the endings there are.
    """
    ending = Path(output or "").suffix
    if ending and not str(output).lower().endswith(tuple(endings)):
        *others, last = endings
        known = f"{', '.join(others)} and {last}" if others else f"only {last}"
        raise InputError(f"{output}: nothing is written as {ending}; there is {known}")


def refuse_overwriting(output: str | None, file: str | None = None, data: str | None = None) -> None:
    """Refuse to write a result over what it is made from, before anything is worked out.

    Parameters
    ----------
    output : str, optional
        Where the result goes.
    file, data : str, optional
        The network or model, and the table, that are read; a shipped name is no file that could be lost.

    Raises
    ------
    InputError
        When ``output`` is one of the two, under whatever name.
    """
    from workings.engine.bundled import DATA_SETS
    from workings.network.network_file import examples

    for source, shipped in ((file, examples()), (data, DATA_SETS)):
        if output and source and source not in shipped and _are_one_file(output, source):
            raise InputError(f"{output} is what is read here, and would be lost: name another file")


def _are_one_file(output: str, source: str) -> bool:
    try:
        return Path(output).is_file() and Path(output).samefile(source)  # a terminal may be both read and written
    except (OSError, ValueError):
        return False  # one of them is not there


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
