"""A folder of answers: each document as one row of a table of marks, whatever is wrong with it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from workings import __version__
from workings.errors import InputError, WorkingsError
from workings.marking.assumption import NOTHING, Assumption
from workings.marking.binding.equations import forget_equations
from workings.marking.grading.award import Award, award
from workings.marking.grading.limit import SECONDS, TooLong, within
from workings.marking.grading.scheme import DEFAULT_NAMES, Scheme, default_scheme
from workings.marking.mark import Marking, mark
from workings.marking.reading.written import Written
from workings.network.network import Network
from workings.network.network_file import load_text

MARKED = "marked"


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip of a document.

    Attributes
    ----------
    line : int
    kind : str
    quantity : str
    """

    line: int
    kind: str
    quantity: str

    def __str__(self) -> str:
        return f"line {self.line} {self.kind} {self.quantity}".rstrip()


@dataclass(frozen=True, slots=True)
class Row:
    """What became of a document.

    Attributes
    ----------
    document : str
        Its name.
    state : str
        ``MARKED``, or why it could not be.
    marks : tuple of float
        Of each item; empty where it was not marked.
    total : float
    first : Slip, optional
        The first wrong step.
    slips : tuple of Slip
    missing, review : tuple of str
        The addresses of numbers that are not there, and of those that somebody should look at.
    digest : str
        Of all that the row rests on: the document, the network, the scheme and this program's version.
    """

    document: str
    state: str
    marks: tuple[float, ...] = ()
    total: float = 0.0
    first: Slip | None = None
    slips: tuple[Slip, ...] = ()
    missing: tuple[str, ...] = ()
    review: tuple[str, ...] = ()
    digest: str = ""


def documents(folder: Path, without: Sequence[Path] = ()) -> list[str]:
    """The names of what a folder holds, ``answer2`` before ``answer10``; hidden files and some others left out.

    Raises
    ------
    InputError
        When the folder cannot be looked into, or is empty.
    """
    left_out = {path.resolve() for path in without}
    try:
        names = [name for name in os.listdir(folder) if not name.startswith(".")]  # noqa: PTH208  names, 10,000 of them
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}") from error
    names = [name for name in names if not left_out or (folder / name).resolve() not in left_out]
    if not names:
        raise InputError(f"{folder} holds no documents")
    return sorted(names, key=_naturally)


def _naturally(name: str) -> tuple[list[tuple[int, int | str]], str]:
    parts = re.split(r"(\d{1,18})", name.casefold())
    return [(0, int(part)) if i % 2 else (1, part) for i, part in enumerate(parts) if part], name


@dataclass(frozen=True)
class Answers:
    """A folder of answers to one question, and how they are marked; can be sent to another process.

    Attributes
    ----------
    folder : Path
    network : str, optional
        The text of its network file; read off each document where left out.
    scheme : Scheme, optional
        ``default_scheme`` where left out.
    assume : Assumption
        What is taken for granted about how everybody works.
    """

    folder: Path
    network: str | None = None
    scheme: Scheme | None = None
    assume: Assumption = NOTHING

    @property
    def item_names(self) -> tuple[str, ...]:
        """The names of what there are marks for."""
        return DEFAULT_NAMES if self.scheme is None else tuple(item.name for item in self.scheme.items)

    @cached_property
    def _key(self) -> bytes:
        return repr((__version__, self.network, self.scheme, self.assume)).encode()

    @cached_property
    def _loaded(self) -> Network | None:
        return None if self.network is None else self.assume.of_network(load_text(self.network))

    @cached_property
    def _own_scheme(self) -> Scheme | None:
        return default_scheme(self._loaded) if self.scheme is None and self._loaded is not None else self.scheme

    def digest(self, name: str) -> str:
        """That of the row of a document; empty where it cannot be read."""
        try:
            return self._digest(_written(self.folder / name))
        except InputError:
            return ""

    def _digest(self, written: Written) -> str:
        return hashlib.sha256(self._key + b"\0" + written.bytes_of(written.text)).hexdigest()[:20]

    def row(self, name: str) -> Row:
        """Mark one document; whatever goes wrong is told in its row."""
        shown = shown_name(name)
        try:
            written = _written(self.folder / name)
        except InputError as error:
            return Row(shown, str(error))
        digest = self._digest(written)
        try:
            with within(SECONDS):
                marking = mark(_text(written), self._loaded, name=name, assume=self.assume)
                return self._marked(shown, marking, digest)
        except TooLong:
            forget_equations()  # it was stopped in the midst of making them
            return Row(shown, f"could not be marked in {SECONDS} seconds", digest=digest)
        except WorkingsError as error:
            return Row(shown, _one_line(str(error)), digest=digest)
        except Exception as error:  # one document must not end the marking of all others
            return Row(shown, _one_line(f"could not be marked: {type(error).__name__}: {error}"), digest=digest)

    def _marked(self, shown: str, marking: Marking, digest: str) -> Row:
        first = marking.first
        slips = tuple(_slips(marking))
        if marking.ledger is None:
            state = "shows no network: say which one it is about, with --network"
            return Row(shown, state, slips=slips, digest=digest)
        scheme = self._own_scheme or default_scheme(marking.ledger.network)
        awards: tuple[Award, ...] = award(marking, scheme)
        return Row(
            shown,
            MARKED,
            tuple(round(each.marks, 4) for each in awards),
            scheme.total,
            None if first is None else Slip(marking.document.place(first.start)[0], first.kind, first.quantity),
            slips,
            tuple(dict.fromkeys(address for each in awards for address in each.missing)),
            tuple(dict.fromkeys(address for each in awards for address in each.review)),
            digest,
        )


def _slips(marking: Marking) -> Iterator[Slip]:
    for finding in marking.findings:
        if finding.severity == "slip":
            yield Slip(marking.document.place(finding.start)[0], finding.kind, _one_line(finding.quantity))


def shown_name(name: str) -> str:
    """A file's name in characters that can be written, on one line."""
    return _one_line(os.fsencode(name).decode("utf-8", "replace"))


def _one_line(text: str) -> str:
    return " ".join(text.replace(";", ",").split())


def _written(path: Path) -> Written:
    """What is in a document; raises an InputError that says why it cannot be read."""
    try:
        if path.is_dir():
            raise InputError("is a folder, not a document")
        if path.exists() and not path.is_file():
            raise InputError("is no file")  # one that nobody writes to would be waited for
        with path.open("rb") as file:
            return Written.read_from(file, path.name)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from error


def _text(written: Written) -> str:
    if "\0" in written.text:
        raise InputError("is no text: it holds bytes of value 0")
    return written.as_marked
