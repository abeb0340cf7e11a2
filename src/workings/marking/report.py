"""A marking as text for a terminal: each wrong step with its line, the place underlined, and what went wrong."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from workings.marking.checking.verdicts import with_carried
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.mark import Marking
from workings.marking.quoting import printable, quoted
from workings.marking.reading.chains import Unread
from workings.marking.slips import explanation

WIDTH = 80
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report and what it is, so that a terminal can colour it."""

    text: str
    role: str = "text"


def report(marking: Marking) -> Iterator[str]:
    """The lines of a report."""
    return (line.text for line in lines(marking))


def lines(marking: Marking, width: int = WIDTH) -> Iterator[Line]:
    """The same, each with its role.

    Parameters
    ----------
    marking : Marking
    width : int
        Columns of the terminal.
    """
    yield from _wrapped(convention_line(marking), width, "convention", indent="")
    yield from _wrapped(counts_line(marking), width, indent="")
    for finding in marking.findings:
        yield Line("")
        yield from _finding(marking, finding, width)
    for unread in marking.reading.unread:
        yield Line("")
        yield from _wrapped(f"Not read, {unread_line(marking, unread)}", width, "unread", indent="")


def convention_line(marking: Marking) -> str:
    """How the writer works, in one sentence."""
    return f"Convention: {marking.convention.sentence()}."


def counts_line(marking: Marking) -> str:
    """How many numbers were checked, by verdict."""
    counts = with_carried(marking.counts, marking.judged)
    read = sum(counts.values())
    verdicts = ", ".join(f"{number} {verdict}" for verdict, number in counts.items() if number)
    return (
        f"{read} numbers checked: {verdicts}." if read else "There is nothing to check: no chain of numbers was found."
    )


def unread_line(marking: Marking, unread: Unread) -> str:
    """Where something could not be read, and why."""
    line, column = _place(marking.document, unread.start)
    return f"{line}, column {column}: {unread.reason}."


def told(marking: Marking, finding: Finding) -> Iterator[str]:
    """What is to be said of a finding beside its explanation: what it is, what belongs there, what else it may be."""
    head = "first wrong step" if finding is marking.first else finding.severity
    name = finding.kind.replace("_", " ")
    yield f"{head}: {name}" + (f", at {finding.quantity}" if finding.quantity else "")
    if finding.expected:
        yield f"Written: {finding.claimed}; it should be {finding.expected}."
    if others := [code.replace("_", " ") for code in finding.candidates[1:]]:
        yield f"It could also be: {', '.join(others)}."


def _finding(marking: Marking, finding: Finding, width: int) -> Iterator[Line]:
    line, _column = _place(marking.document, finding.start)
    head, *rest = told(marking, finding)
    yield from _wrapped(f"{line.capitalize()}, {head}", width, finding.severity, indent="")
    for row, underline in quoted(marking.document, finding.start, finding.end, width - 2 * len(_INDENT)):
        yield Line(f"{_INDENT}{row}", "quote")
        if underline:
            yield Line(f"{_INDENT}{underline}", finding.severity)
    for sentence in (explanation(finding), *rest):
        yield from _wrapped(sentence, width)


def _place(document: Document, at: int) -> tuple[str, int]:
    """The line of a character, in a notebook after its cell, and the column there."""
    if (place := document.cell(at)) is not None:
        return f"cell {place[0]}, line {place[1]}", place[2]
    line, column = document.place(at)
    return f"line {line}", column


def _wrapped(sentence: str, width: int, role: str = "text", *, indent: str = _INDENT) -> Iterator[Line]:
    shown = printable(sentence)
    rows = textwrap.wrap(shown, width, initial_indent=indent, subsequent_indent=_INDENT, break_long_words=False)
    return (Line(row, role) for row in rows)
