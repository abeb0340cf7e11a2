"""The command ``mark``: which step somebody wrote is wrong, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from workings.marking.assumption import Assumption
    from workings.marking.mark import Marking
    from workings.marking.reading.written import Written
    from workings.network.network import Network


@click.command(
    epilog="""\b
    Examples:
      workings mark answer.md --network two-two-two
      workings mark notes.txt --json
      workings mark notes.txt --assume half,from-0,truncate
      workings mark notes.md --html marked.html --fix right.md
      workings mark backprop.py --network two-two-two --run
      workings mark answers/ --network task.toml --scheme scheme.toml -o marks.csv

    \b
    A scheme:
      [[items]]
      name = "forward pass"
      quantities = ["z[*]", "a[1][1-2]"]  # addresses; * is every number
      method = 2        # for working that is shown and right
      accuracy = 2      # for results; shared equally among the numbers
      carried = true    # what follows from an earlier slip earns them too
      digits = 3        # or tolerance = 0.001; else as it is written
    """
)
@click.argument("document")
@click.option("--network", metavar="FILE", help="The network that DOCUMENT is about: a network file or a shipped name.")
@click.option("--assume", metavar="WORDS", default="", help="What is known about how it is written: half,digits=4 ...")
@click.option("--json", "as_object", is_flag=True, help="Print one JSON object.")
@click.option("--html", metavar="OUT", help="Write a copy of DOCUMENT with the marks in its margin.")
@click.option("--fix", "fixed", metavar="OUT", help="Write DOCUMENT with its wrong numbers put right.")
@click.option("--run", "runs", is_flag=True, help="Run DOCUMENT, a script with NumPy, and mark what it works out.")
@click.option("--scheme", metavar="FILE", help="Of a folder: the marking scheme, a TOML file.")
@click.option("-o", "--output", metavar="FILE", help="Of a folder: write the table of marks to this CSV file.")
@click.option("--jobs", metavar="N", type=click.IntRange(min=1), help="Of a folder: processes; one a core by default.")
def mark(
    *,
    document: str,
    network: str | None,
    assume: str,
    as_object: bool,
    html: str | None,
    fixed: str | None,
    runs: bool,
    **of_folder: Any,
) -> int:
    """Mark DOCUMENT: which step is the first wrong one, and which slip explains it.

    DOCUMENT is plain text, Markdown, LaTeX, comments of code, a web page or a Jupyter notebook, as the ending of its
    name says; - is standard input. Every chain of numbers is worked through again, and every step held against the
    equation of the quantity it is about. Without --network the network is read off the document, and where it shows
    none only arithmetic is checked. What is right given an earlier slip is not charged again. The exit status is 0 when
    nothing is wrong, and 1 when something is.

    How the writer works is found, and told in the first line. --assume tells what you know better, with commas between
    the words: half or no-half, the squared error with the half or without (or another loss); mean or sum over samples;
    online or batch, an update after each sample or one for all; sgd, momentum, adam or another optimizer; biases or
    no-biases, trained or not; from-0 or from-1, where the numbers in names begin; digits=4, decimals; half-up,
    half-even or truncate, how numbers are rounded; carried or shown, the digits that are calculated on with. It goes
    over what the network file says.

    --html and --fix each write a file beside the report. What --fix cannot put right, such as a formula in symbols, is
    named on stderr.

    With --run, DOCUMENT is a Python script with NumPy. It runs in a process of its own, in an empty folder, with limits
    on time, memory and file sizes; sockets, processes and changes of other files are refused. What its first round
    works out is held against the equations of --network, or of the network that its arrays show, and its comments are
    marked as text. This guards against careless scripts and is no jail: a script can read your files, and one that sets
    out to can get around what Python refuses. Run scripts of people you do not trust in a container.

    Where DOCUMENT is a folder, everything in it is marked, as a table with one row a document: its marks, the first
    wrong step and all others, the numbers it does not have, and those to look at because it is not sure that a mark is
    lost. Stopped and run again with the same -o, it goes on where it was. A summary goes to stderr.

    A scheme says for which numbers there are marks (see below). Without one each weighted input, activation, cost,
    gradient and new weight or bias is worth one accuracy mark. Zeros that leave nothing to work out earn nothing
    further on.
    """
    import json
    from pathlib import Path

    from workings.cli.document import document_of, save
    from workings.cli.output import refuse_overwriting, write_result
    from workings.cli.source import network_of
    from workings.errors import InputError
    from workings.marking.assumption import assumption
    from workings.marking.json import as_json
    from workings.marking.mark import mark as mark_text

    assumed = assumption(assume)
    if Path(document).is_dir():
        from workings.cli.mark_folder import mark_folder

        _refuse("a single document, and {} is a folder", document, html=html, fix=fixed, run=runs or None)
        return mark_folder(document, network=network, assumed=assumed, as_object=as_object, **of_folder)
    _refuse("a folder of documents, and {} is none", document, **of_folder)
    if html is not None and html == fixed:
        raise InputError("--html and --fix cannot both be written to one place")
    for output in (html, fixed):
        refuse_overwriting(output, network, document)
    source = document_of(document)
    about = network_of(network) if network is not None else None
    text = source.as_marked
    if runs:
        marking = _of_script(document, text, about, assumed)
    else:
        marking = mark_text(text, about, name=source.name, assume=assumed)
    if not runs and document.endswith(".py"):
        _tell_of_run(document, text)
    if html is not None:
        from workings.marking.page import page

        write_result(page(marking, Path(source.name).name or "Standard input"), html)
    if fixed is not None:
        save(source, _put_right(source, about, assumed), fixed)
    if as_object:
        write_result(json.dumps(as_json(marking), ensure_ascii=False) + "\n", None)
    elif "-" not in (html, fixed):
        from workings.cli.colour import print_report

        print_report(marking)
    return 1 if any(finding.severity == "slip" for finding in marking.findings) else 0


def _refuse(of_what: str, document: str, **given: object) -> None:
    """Refuse options that go with something else than this document."""
    from workings.errors import InputError

    for name, value in given.items():
        if value is not None:
            raise InputError(f"--{name} goes with {of_what.format(document)}")


def _of_script(document: str, text: str, about: Network | None, assumed: Assumption) -> Marking:
    """What becomes of a script that is run."""
    from workings.errors import InputError
    from workings.marking.code.script import mark_script

    try:
        return mark_script(text, about, assume=assumed)
    except InputError as error:
        raise InputError(f"{document}: {error}") from error


def _tell_of_run(document: str, text: str) -> None:
    """Say that a script was only read, where it could have been run."""
    from workings.cli.source import tell
    from workings.marking.code.sites import is_script

    if is_script(text):
        tell(f"{document} was read as text; --run runs it and marks what it works out")


def _put_right(source: Written, network: Network | None, assumed: Assumption) -> str:
    """The document put right; what is left of its slips is told."""
    from workings.cli.source import tell
    from workings.marking.fixing.fix import fix

    found = fix(source.text, network, name=source.name, assume=assumed)
    for finding in found.left:
        line, column = found.marking.document.place(finding.start)
        kind = finding.kind.replace("_", " ")
        tell(f"line {line}, column {column}: {kind} is left for you to put right: {finding.claimed}")
    for line in found.stuck:
        tell(f"line {line} follows from a corrected number, and is left for you to work out again")
    return found.text
