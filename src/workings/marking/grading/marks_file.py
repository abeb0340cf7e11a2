"""The table of marks as CSV, and a run that goes on where it stopped.

While documents are marked, each row is added to a journal beside the table. At the end, or when the run is stopped,
the table is written at once from the journal and from what was still good in the table before. A row is good as long
as its digest is that of the document, the network, the scheme and the version at hand.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO

from workings.errors import InputError
from workings.marking.grading.answers import MARKED, Answers, Row, Slip, shown_name

_BEFORE = ("document", "state", "marks", "total")
_AFTER = ("first", "slips", "missing", "review", "digest")


def columns(item_names: Sequence[str]) -> tuple[str, ...]:
    """The heads of the columns."""
    return (*_BEFORE, *item_names, *_AFTER)


def cells(row: Row, n_items: int) -> list[str]:
    """A row as texts."""
    is_marked = row.state == MARKED
    marks = [f"{number:g}" for number in row.marks] if is_marked else [""] * n_items
    total = (f"{sum(row.marks):g}", f"{row.total:g}") if is_marked else ("", "")
    lists = ("; ".join(map(str, each)) for each in (row.slips, row.missing, row.review))
    return [row.document, row.state, *total, *marks, str(row.first or ""), *lists, row.digest]


def read_cells(texts: Sequence[str], n_items: int) -> Row:
    """The row that these texts were made of; raises a ValueError where they were made of none."""
    name, state, _, total, *rest = texts
    marks, (first, slips, missing, review, digest) = rest[:n_items], rest[n_items:]
    return Row(
        name,
        state,
        tuple(map(float, marks)) if state == MARKED else (),
        float(total or 0),
        _slip(first) if first else None,
        tuple(map(_slip, _split(slips))),
        tuple(_split(missing)),
        tuple(_split(review)),
        digest,
    )


def _split(text: str) -> list[str]:
    return text.split("; ") if text else []


def _slip(text: str) -> Slip:
    _, line, kind, *quantity = text.split(" ", 3)
    return Slip(int(line), kind, quantity[0] if quantity else "")


def line(texts: Sequence[str]) -> str:
    """Texts as one line of CSV."""
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerow(texts)
    return written.getvalue()


class MarksFile:
    """A table of marks that is being made.

    Attributes
    ----------
    path : Path
        Where the table goes.

    Raises
    ------
    InputError
        When there is a file already that is no table of marks, or when the place cannot be written to.
    """

    def __init__(self, path: Path, answers: Answers) -> None:
        self.path, self._answers = path, answers
        self._head = columns(answers.item_names)
        self._n_items = len(answers.item_names)
        self._sources = [path, self.journal_of(path)]
        self._refuse_other()
        self._index: dict[str, tuple[int, int]] = {}
        for number, source in enumerate(self._sources):
            self._index.update({name: (number, at) for name, at in self._rows_of(source)})
        try:
            self._journal: IO[bytes] = self._sources[1].open("ab+")
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror}") from error
        if self._journal.tell() and not self._ends_a_line():
            self._journal.write(b"\n")
        self._readers = [source.open("rb") if source.exists() else None for source in self._sources]

    @staticmethod
    def journal_of(path: Path) -> Path:
        """Where rows are gathered."""
        return path.with_name(f".{path.name}.journal")

    def kept(self, name: str) -> Row | None:
        """The row of a document from before, if it is still good."""
        found = self._row(shown_name(name))
        return found if found is not None and found.digest and found.digest == self._answers.digest(name) else None

    def add(self, row: Row) -> None:
        """Keep a row, whatever happens next."""
        self._index[row.document] = 1, self._journal.seek(0, os.SEEK_END)
        self._journal.write(line(cells(row, self._n_items)).encode())
        self._journal.flush()

    def write(self, names: Iterable[str]) -> None:
        """Put the table in its place, with the rows that there are of these documents, in this order."""
        beside = self.path.with_name(f".{self.path.name}.{os.getpid()}.part")
        try:
            with beside.open("w", encoding="utf-8", newline="") as file:
                file.write(line(self._head))
                file.writelines(line(cells(row, self._n_items)) for row in self.rows(names))
                file.flush()
                os.fsync(file.fileno())
            beside.replace(self.path.resolve())
        except OSError as error:
            raise InputError(f"{self.path} cannot be written: {error.strerror}") from error
        finally:
            beside.unlink(missing_ok=True)
        self.close()
        self._sources[1].unlink(missing_ok=True)

    def rows(self, names: Iterable[str]) -> Iterator[Row]:
        """The rows that there are of these documents."""
        return (row for name in names if (row := self._row(shown_name(name))) is not None)

    def forget(self, name: str) -> None:
        """A row from before is good no more."""
        self._index.pop(shown_name(name), None)

    def close(self) -> None:
        """Let go of the files."""
        for file in (self._journal, *self._readers):
            if file is not None:
                file.close()

    def _row(self, shown: str) -> Row | None:
        number, at = self._index.get(shown, (0, -1))
        if at < 0 or (reader := self._readers[number]) is None:
            return None
        reader.seek(at)
        try:
            found = read_cells(_cells_of(reader.readline()), self._n_items)
        except ValueError:
            return None
        return found if found.document == shown else None

    def _rows_of(self, source: Path) -> Iterator[tuple[str, int]]:
        """The document and the place of each line that may be a row."""
        try:
            file = source.open("rb")
        except OSError:
            return
        with file:
            at = 0
            for text in file:
                found = _cells_of(text)
                if len(found) == len(self._head):
                    yield found[0], at
                at += len(text)

    def _refuse_other(self) -> None:
        """Refuse to write over something else."""
        try:
            with self.path.open("rb") as file:
                head = _cells_of(file.readline(2**16))
        except FileNotFoundError:
            return
        except OSError as error:
            raise InputError(f"{self.path} cannot be written: {error.strerror}") from error
        if head and tuple(head[: len(_BEFORE)]) != _BEFORE:
            raise InputError(f"{self.path} exists already and is no table of marks; name another file after -o")
        if tuple(head) != self._head:
            self._sources[0] = Path(os.devnull)  # of another scheme: nothing of it can be kept

    def _ends_a_line(self) -> bool:
        self._journal.seek(-1, os.SEEK_END)
        return self._journal.read(1) == b"\n"


def _cells_of(text: bytes) -> list[str]:
    try:
        return next(csv.reader([text.decode("utf-8-sig").rstrip("\r\n")]), [])
    except (UnicodeDecodeError, csv.Error):
        return []
