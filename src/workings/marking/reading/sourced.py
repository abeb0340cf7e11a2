"""A text made of a file, in which every character knows where in the file it stands.

Whoever is marked wants to see the place in the file that was handed over, and not in what was made of it.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_MARKUP = 80_000
"""Tags, and characters written as a code: as many as can be read in a second; what begins and is seen counts twice."""


@dataclass(frozen=True, slots=True)
class Sourced:
    """A text, and where in its file each of its characters stands.

    Attributes
    ----------
    text : str
    raw : str
        The file.
    where : sequence of int
        ``len(text) + 1`` offsets into the file that never fall; the last one is its end. What the file does not
        hold, such as the ``_`` of a subscript, stands where the tag does that it was made of.
    cells : sequence of int
        Where in the text the cells of a notebook begin.
    """

    text: str
    raw: str
    where: Sequence[int]
    cells: Sequence[int] = ()


def as_it_is(raw: str) -> Sourced:
    """A file that is a text already."""
    return Sourced(raw, raw, range(len(raw) + 1))


@dataclass(slots=True)
class Run:
    """Characters that stand side by side in the file too, or that all come from one place."""

    text: str
    at: int
    is_copy: bool = False


def joined(runs: Iterable[Run], raw: str, done: int | None = None, cells: Sequence[int] = ()) -> Sourced:
    """The runs, and from ``done`` on the file as it is."""
    where = array("q")
    texts: list[str] = []
    rest = Run(raw[done:], done, is_copy=True) if done is not None else Run("", len(raw))
    for run in (*runs, rest):
        length = len(run.text)
        where.extend(range(run.at, run.at + length) if run.is_copy else [run.at] * length)
        texts.append(run.text)
    where.append(len(raw))
    return Sourced("".join(texts), raw, where, cells)
