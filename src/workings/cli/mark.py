"""The command ``mark``: which step somebody wrote is wrong, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from workings.network.network import Network


@click.command(
    epilog="""\b
    Examples:
      workings mark answer.md --network two-two-two
      workings mark notes.txt --json
      workings mark notes.md --html marked.html --fix right.md
    """
)
@click.argument("document")
@click.option("--network", metavar="FILE", help="The network that DOCUMENT is about: a network file or a shipped name.")
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--html", metavar="OUT", help="Write a copy of DOCUMENT with the marks in its margin.")
@click.option("--fix", "fixed", metavar="OUT", help="Write DOCUMENT with its wrong numbers put right.")
def mark(document: str, network: str | None, as_object: bool, html: str | None, fixed: str | None) -> int:
    """Mark DOCUMENT: which step is the first wrong one, and which slip explains it.

    DOCUMENT is plain text, Markdown, LaTeX or comments of code; - is standard input. Every chain of numbers is worked
    through again, and every step held against the equation of the quantity it is about. Without --network the network
    is read off the document, and where it shows none only arithmetic is checked. What is right given an earlier slip is
    not charged again. The exit status is 0 when nothing is wrong, and 1 when something is.

    --html and --fix each write a file beside the report. What --fix cannot put right, such as a formula in symbols, is
    named on stderr.
    """
    import json

    from workings.cli.document import document_of
    from workings.cli.output import refuse_overwriting, write_result
    from workings.cli.source import network_of
    from workings.errors import InputError
    from workings.marking.fix import as_marked
    from workings.marking.json import as_json
    from workings.marking.mark import mark as mark_text

    if html is not None and html == fixed:
        raise InputError("--html and --fix cannot both be written to one place")
    for output in (html, fixed):
        refuse_overwriting(output, network, document)
    source = document_of(document)
    about = network_of(network) if network is not None else None
    marking = mark_text(as_marked(source.text), about)
    if html is not None:
        from workings.marking.page import page

        write_result(page(marking, document if document != "-" else "Standard input"), html)
    if fixed is not None:
        source.save(_put_right(source.text, about), fixed)
    if as_object:
        write_result(json.dumps(as_json(marking), ensure_ascii=False) + "\n", None)
    elif "-" not in (html, fixed):
        from workings.cli.colour import print_report

        print_report(marking)
    return 1 if any(finding.severity == "slip" for finding in marking.findings) else 0


def _put_right(text: str, network: Network | None) -> str:
    """The document put right; what is left of its slips is told."""
    from workings.cli.source import tell
    from workings.marking.fix import fix

    found = fix(text, network)
    for finding in found.left:
        line, column = found.marking.document.place(finding.start)
        kind = finding.kind.replace("_", " ")
        tell(f"line {line}, column {column}: {kind} is left for you to put right: {finding.claimed}")
    for line in found.stuck:
        tell(f"line {line} follows from a corrected number, and is left for you to work out again")
    return found.text
