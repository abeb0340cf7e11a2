"""A document with its wrong numbers put right and with what follows from them; all else is left as it was."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from workings.marking.assumption import NOTHING, Assumption
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.fixing.corrections import corrections
from workings.marking.fixing.retyped import Edit, edited
from workings.marking.mark import Marking, mark
from workings.marking.reading.written import as_marked
from workings.network.network import Network

MOST_READINGS = 8
"""Of a document: what was hidden behind one slip shows once that is put right."""


@dataclass(frozen=True, slots=True)
class Fixed:
    """A document put right.

    Attributes
    ----------
    text : str
    marking : Marking
        Of the new text.
    stuck : tuple of int
        The lines of steps that follow from what was corrected, and could not be followed.
    """

    text: str
    marking: Marking
    stuck: tuple[int, ...]

    @property
    def left(self) -> tuple[Finding, ...]:
        """What has to be put right by hand: formulas in symbols, names, and steps that defy a change of numbers."""
        return tuple(finding for finding in self.marking.findings if finding.severity == "slip")


def fix(text: str, network: Network | None = None, *, name: str = "", assume: Assumption = NOTHING) -> Fixed:
    """Put a document right.

    Parameters
    ----------
    text : str
        With whatever line ends it has; bytes that are no UTF-8 may stand in it as lone surrogates.
    network : Network, optional
        The one that it is about.
    name : str
        The name of its file, whose ending tells what it is.
    assume : Assumption
        What is taken for granted about how its writer works.

    Notes
    -----
    One reading may bring to light what the next one puts right. Of all readings the one with the fewest slips is kept,
    so nothing is made worse.
    """
    read = partial(mark, network=network, name=name, assume=assume)
    best = found = Fixed(text, read(as_marked(text)), ())
    for _reading in range(MOST_READINGS):
        if not numeric_slips(found.marking):
            break
        again = _read_again(found, read)
        if again.text == found.text:
            break
        found = again
        if len(numeric_slips(found.marking)) < len(numeric_slips(best.marking)):
            best = found
    return best


def _read_again(found: Fixed, read: Callable[[str], Marking]) -> Fixed:
    """The document after one reading more."""
    made = corrections(found.marking)
    text = edited(found.text, _in_original(found.text, list(_in_file(found.marking.document, made.edits))))
    marking = read(as_marked(text))
    place = found.marking.document.place
    stuck = {*found.stuck, *(place(bound.claim.start)[0] for bound in made.stuck)}
    told = {marking.document.place(finding.start)[0] for finding in marking.findings}
    return Fixed(text, marking, tuple(sorted(stuck - told)))


def numeric_slips(marking: Marking) -> list[Finding]:
    """The findings about numbers, without remarks."""
    return [finding for finding in marking.findings if finding.severity == "slip" and not finding.symbolic]


def _in_file(document: Document, edits: Iterable[Edit]) -> Iterator[Edit]:
    """The edits of a web page or a notebook as those of its file, where that has the same characters side by side."""
    for each in edits:
        start, end = document.offset(each.start), document.offset(max(each.end - 1, each.start)) + 1
        if document.raw[start:end] == document.text[each.start : each.end]:
            yield Edit(start, end, each.text)


def _in_original(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits of what was read, as those of the text before each of its line ends became one sign."""
    ends = [found.start() - before for before, found in enumerate(re.finditer("\r\n", text))]
    return [
        Edit(each.start + bisect_left(ends, each.start), each.end + bisect_left(ends, each.end), each.text)
        for each in edits
    ]
