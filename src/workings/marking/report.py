"""A marking as text for a terminal: each wrong step with its line, the place underlined, and what went wrong."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.mark import Marking
from workings.marking.slips import explanation
from workings.marking.verdicts import judged, with_carried

WIDTH = 80


def report(marking: Marking) -> Iterator[str]:
    """The lines of a report."""
    yield f"Convention: {marking.convention.sentence()}."
    counts = with_carried(marking.counts, judged(marking))
    read = sum(counts.values())
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.items() if number)
    yield f"{read} numbers checked: {told}." if read else "There is nothing to check: no chain of numbers was found."
    for finding in marking.findings:
        yield ""
        yield from _finding(marking, finding)
    for unread in marking.reading.unread:
        line, column = _place(marking.document, unread.start)
        yield ""
        yield f"Not read, {line}, column {column}: {unread.reason}."


def _finding(marking: Marking, finding: Finding) -> Iterator[str]:
    name = finding.kind.replace("_", " ")
    head = "first wrong step" if finding is marking.first else finding.severity
    line, _column = _place(marking.document, finding.start)
    yield f"{line.capitalize()}, {head}: {name}" + (f", at {finding.quantity}" if finding.quantity else "")
    written, start = marking.document.line(finding.start)
    length = min(finding.end - finding.start, len(written) - start)
    yield from _underlined(written, start, max(length, 1))
    yield from _wrapped(explanation(finding))
    if finding.expected:
        yield f"  Written: {finding.claimed}; it should be {finding.expected}."
    if others := [code.replace("_", " ") for code in finding.candidates[1:]]:
        yield f"  It could also be: {', '.join(others)}."


def _place(document: Document, at: int) -> tuple[str, int]:
    """The line of a character, in a notebook after its cell, and the column there."""
    if (place := document.cell(at)) is not None:
        return f"cell {place[0]}, line {place[1]}", place[2]
    line, column = document.place(at)
    return f"line {line}", column


def _underlined(line: str, start: int, length: int) -> Iterator[str]:
    """The line with its place underlined; of a long line only what is near."""
    first = max(0, start - 12) if len(line) > WIDTH - 4 else 0
    shown = line[first : first + WIDTH - 4].replace("\t", " ")
    yield f"  {shown}"
    yield f"  {' ' * (start - first)}{'^' * min(length, max(len(shown) - (start - first), 1))}"


def _wrapped(sentence: str) -> Iterator[str]:
    yield from textwrap.wrap(sentence, WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)
