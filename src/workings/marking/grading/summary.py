"""What a class did: the mean, who has to be looked at, and how many made which slip at which step."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from workings.marking.grading.answers import MARKED, Row
from workings.marking.slips import SLIPS

MOST_TOLD = 10
"""Slips, and documents to look at, that are told in words; the table has all of them."""

_INDEX = re.compile(r"\[\d+(?:,\d+)*\](?=@|#|$)|[@#]\d+")


@dataclass
class Summary:
    """Counts that grow row by row.

    Attributes
    ----------
    documents, marked : int
    marks, out_of : float
        Sums over the documents that were marked.
    with_slips, n_review : int
        Documents with a slip, and those that somebody should look at.
    slips : Counter
        How many documents made a slip of a kind at a step.
    review, broken : list of str
        The first few that somebody should look at, and that were not marked.
    """

    documents: int = 0
    marked: int = 0
    marks: float = 0.0
    out_of: float = 0.0
    with_slips: int = 0
    n_review: int = 0
    slips: Counter[tuple[str, str]] = field(default_factory=Counter)
    review: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Count one more document."""
        self.documents += 1
        self.with_slips += bool(row.slips)
        self.slips.update({(slip.kind, step_of(slip.quantity)) for slip in row.slips})
        if row.state == MARKED:
            self.marked += 1
            self.marks += sum(row.marks)
            self.out_of += row.total
        elif len(self.broken) < MOST_TOLD:
            self.broken.append(f"{row.document} {row.state}")
        if row.review:
            self.n_review += 1
            if len(self.review) < MOST_TOLD:
                self.review.append(f"{row.document}: {', '.join(row.review)}")

    @property
    def mean(self) -> float | None:
        """The mean marks of a document; None where none was marked."""
        return self.marks / self.marked if self.marked else None

    def sentences(self) -> Iterator[str]:
        """The summary in words."""
        unmarked = self.documents - self.marked
        yield f"{_documents(self.documents)}" + (f", {unmarked} of them not marked" if unmarked else "")
        yield from (f"  {told}" for told in _first_of(self.broken, unmarked))
        if self.mean is not None:
            yield f"mean {self.mean:.4g} of {self.out_of / self.marked:.4g}"
        for (kind, step), number in self.slips.most_common(MOST_TOLD):
            yield f"{number} {_did(kind)}" + (f" at {step}" if step else "")
        if len(self.slips) > MOST_TOLD:
            yield f"and {len(self.slips) - MOST_TOLD} more kinds of slip"
        if self.n_review:
            yield f"{_documents(self.n_review)} to look at, where it is not sure that a mark is lost"
            yield from (f"  {told}" for told in _first_of(self.review, self.n_review))

    def as_json(self) -> dict[str, Any]:
        """The summary as one JSON object."""
        return {
            "documents": self.documents,
            "marked": self.marked,
            "mean": self.mean,
            "total": self.out_of / self.marked if self.marked else None,
            "review": self.n_review,
            "slips": [
                {"kind": kind, "step": step, "documents": number} for (kind, step), number in self.slips.most_common()
            ],
        }


def step_of(quantity: str) -> str:
    """The step that a number belongs to: that of its whole layer."""
    head = _INDEX.sub("", quantity)
    return head if "[" in head or "[" not in quantity else quantity


def _did(kind: str) -> str:
    """What somebody did who made a slip; a table of marks may have a kind of another version."""
    slip = SLIPS.get(kind)
    return slip.did if slip is not None and slip.did else f"made the slip {kind.replace('_', ' ')!r}"


def _documents(number: int) -> str:
    return f"{number:,} document{'' if number == 1 else 's'}"


def _first_of(told: list[str], number: int) -> Iterator[str]:
    yield from told
    if number > len(told):
        yield f"and {number - len(told):,} more"
