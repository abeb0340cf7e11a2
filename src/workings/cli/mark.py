"""The command ``mark``: which step somebody wrote is wrong, and why."""

from __future__ import annotations

import click


@click.command(
    epilog="""\b
    Examples:
      workings mark answer.md --network two-two-two
      workings mark notes.txt --json
    """
)
@click.argument("document")
@click.option("--network", metavar="FILE", help="The network that DOCUMENT is about: a network file or a shipped name.")
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
def mark(document: str, network: str | None, as_object: bool) -> int:
    """Mark DOCUMENT: which step is the first wrong one, and which slip explains it.

    DOCUMENT is plain text, Markdown, LaTeX or comments of code; - is standard input. Every chain of numbers is worked
    through again, and every step held against the equation of the quantity it is about. Without --network the network
    is read off the document, and where it shows none only arithmetic is checked. What is right given an earlier slip is
    not charged again. The exit status is 0 when nothing is wrong, and 1 when something is.
    """
    import json

    from workings.cli.output import write_result
    from workings.cli.source import network_of
    from workings.marking.json import as_json
    from workings.marking.mark import mark as mark_text
    from workings.marking.report import report

    marking = mark_text(text_of(document), network_of(network) if network is not None else None)
    if as_object:
        write_result(json.dumps(as_json(marking), ensure_ascii=False) + "\n", None)
    else:
        write_result("".join(f"{line}\n" for line in report(marking)), None)
    return 1 if any(finding.severity == "slip" for finding in marking.findings) else 0


def text_of(document: str) -> str:
    """The characters of a file or of standard input; bytes that are none become the sign for that."""
    import sys
    from pathlib import Path

    from workings.errors import InputError

    try:
        raw = sys.stdin.buffer.read() if document == "-" else Path(document).read_bytes()
    except OSError as error:
        raise InputError(f"{document} cannot be read: {error.strerror}") from error
    return raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
