"""The command ``mark``: which step somebody wrote is wrong, and why."""

from __future__ import annotations

import click


@click.command(
    epilog="""\b
    Examples:
      workings mark answer.md --network two-two-two
      workings mark notes.txt --json
      workings mark answers/ --network task.toml --scheme scheme.toml -o marks.csv
    """
)
@click.argument("document")
@click.option("--network", metavar="FILE", help="The network that DOCUMENT is about: a network file or a shipped name.")
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--scheme", metavar="FILE", help="Of a folder: the marking scheme, a TOML file.")
@click.option("-o", "--output", metavar="FILE", help="Of a folder: write the table of marks to this CSV file.")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Of a folder: processes; one a core by default.")
def mark(
    *, document: str, network: str | None, as_object: bool, scheme: str | None, output: str | None, jobs: int | None
) -> int:
    r"""Mark DOCUMENT: which step is the first wrong one, and which slip explains it.

    DOCUMENT is plain text, Markdown, LaTeX, comments of code, a web page or a Jupyter notebook, as the ending of its
    name says; - is standard input. Every chain of numbers is worked
    through again, and every step held against the equation of the quantity it is about. Without --network the network
    is read off the document, and where it shows none only arithmetic is checked. What is right given an earlier slip is
    not charged again. The exit status is 0 when nothing is wrong, and 1 when something is.

    Where DOCUMENT is a folder, everything in it is marked, as a table with one row a document: its marks, the first
    wrong step and all others, the numbers it does not have, and those to look at because it is not sure that a mark is
    lost. Stopped and run again with the same -o, it goes on where it was. A summary goes to stderr.

    \b
    A scheme says for which numbers there are marks:
      [[items]]
      name = "forward pass"
      quantities = ["z[*]", "a[1][1-2]"]  # addresses; * is every number
      method = 2        # for working that is shown and right
      accuracy = 2      # for results; shared equally among the numbers
      carried = true    # what follows from an earlier slip earns them too
      digits = 3        # or tolerance = 0.001; else as it is written
    Without one each weighted input, activation, cost, gradient and new
    weight or bias is worth one accuracy mark. Zeros that leave nothing to
    work out earn nothing further on.
    """
    import json
    from pathlib import Path

    from workings.cli.output import write_result
    from workings.cli.source import network_of
    from workings.marking.json import as_json
    from workings.marking.mark import mark as mark_text
    from workings.marking.report import report

    if Path(document).is_dir():
        from workings.cli.mark_folder import mark_folder

        return mark_folder(document, network=network, scheme=scheme, output=output, as_object=as_object, jobs=jobs)
    _refuse_of_folder(document, scheme=scheme, output=output, jobs=jobs)
    name = "" if document == "-" else document
    marking = mark_text(text_of(document), network_of(network) if network is not None else None, name=name)
    if as_object:
        write_result(json.dumps(as_json(marking), ensure_ascii=False) + "\n", None)
    else:
        write_result("".join(f"{line}\n" for line in report(marking)), None)
    return 1 if any(finding.severity == "slip" for finding in marking.findings) else 0


def _refuse_of_folder(document: str, **given: object) -> None:
    """Refuse options that go with a folder only."""
    from workings.errors import InputError

    for name, value in given.items():
        if value is not None:
            raise InputError(f"--{name} goes with a folder of documents, and {document} is none")


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
