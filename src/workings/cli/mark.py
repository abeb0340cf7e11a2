"""The command ``mark``: which step somebody wrote is wrong, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workings.marking.mark import Marking
    from workings.network.network import Network


@click.command(
    epilog="""\b
    Examples:
      workings mark answer.md --network two-two-two
      workings mark notes.txt --json
      workings mark backprop.py --network two-two-two --run
    """
)
@click.argument("document")
@click.option("--network", metavar="FILE", help="The network that DOCUMENT is about: a network file or a shipped name.")
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--run", "runs", is_flag=True, help="Run DOCUMENT, a script with NumPy, and mark what it works out.")
def mark(document: str, network: str | None, as_object: bool, runs: bool) -> int:
    """Mark DOCUMENT: which step is the first wrong one, and which slip explains it.

    DOCUMENT is plain text, Markdown, LaTeX or comments of code; - is standard input. Every chain of numbers is worked
    through again, and every step held against the equation of the quantity it is about. Without --network the network
    is read off the document, and where it shows none only arithmetic is checked. What is right given an earlier slip is
    not charged again. The exit status is 0 when nothing is wrong, and 1 when something is.

    With --run, DOCUMENT is a Python script with NumPy. It runs in a process of its own, in an empty folder, with limits
    on time, memory and file sizes; sockets, processes and changes of other files are refused. What its first round
    works out is held against the equations of --network, and its comments are marked as text. This guards against
    careless scripts and is no jail: a script can read your files, and one that sets out to can get around what Python
    refuses. Run scripts of people you do not trust in a container.
    """
    import json

    from workings.cli.output import write_result
    from workings.cli.source import network_of
    from workings.marking.json import as_json
    from workings.marking.mark import mark as mark_text
    from workings.marking.report import report

    text, about = _text(document), network_of(network) if network is not None else None
    marking = _of_script(document, text, about) if runs else mark_text(text, about)
    if not runs and document.endswith(".py"):
        _tell_of_run(document, text)
    if as_object:
        write_result(json.dumps(as_json(marking), ensure_ascii=False) + "\n", None)
    else:
        write_result("".join(f"{line}\n" for line in report(marking)), None)
    return 1 if any(finding.severity == "slip" for finding in marking.findings) else 0


def _of_script(document: str, text: str, about: Network | None) -> Marking:
    """What becomes of a script that is run."""
    from workings.errors import InputError
    from workings.marking.code.script import mark_script

    if about is None:
        raise InputError("--run needs --network FILE: the network that the script is about")
    try:
        return mark_script(text, about)
    except InputError as error:
        raise InputError(f"{document}: {error}") from error


def _tell_of_run(document: str, text: str) -> None:
    """Say that a script was only read, where it could have been run."""
    from workings.cli.source import tell
    from workings.marking.code.sites import is_script

    if is_script(text):
        tell(f"{document} was read as text; --run runs it and marks what it works out")


def _text(document: str) -> str:
    """The characters of a file or of standard input; bytes that are none become the sign for that."""
    import sys
    from pathlib import Path

    from workings.errors import InputError

    try:
        raw = sys.stdin.buffer.read() if document == "-" else Path(document).read_bytes()
    except OSError as error:
        raise InputError(f"{document} cannot be read: {error.strerror}") from error
    return raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
