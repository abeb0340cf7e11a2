"""Tables: columns of text with names, from a CSV file, standard input, or a data set that comes with scikit-learn.

Cells stay text here; what is a number, a category or missing is the business of ``preparation``.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import sys
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO

from workings.engine.bundled import DATA_SETS, bundled_columns
from workings.errors import InputError, nearest

DELIMITERS = (",", ";", "\t")
TABLE_ENDINGS = (".csv", ".tsv", ".txt", ".dat", ".data", ".gz")
GZIP = b"\x1f\x8b"
ROWS_BETWEEN_REPORTS = 5_000
LONGEST_CELL = 2**20
"""Characters; longer than any number or category, short enough to notice a quotation mark that never closes."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Columns of text, all of one length.

    Attributes
    ----------
    name : str
        What messages and files made from it call it: the file's stem, or the data set's name.
    columns : mapping of str to sequence of str
        In the order of the file; cells are stripped of blanks.
    target : str, optional
        The column to predict, where the table itself says so.
    decimal_comma : bool
        Whether ``1,5`` may be one and a half: where commas do not separate the cells.
    """

    name: str
    columns: Mapping[str, Sequence[str]]
    target: str | None = None
    decimal_comma: bool = False

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))


def read_table(source: str | Path, on_row: Callable[[int], object] | None = None) -> Table:
    """Read a table.

    Parameters
    ----------
    source : str or Path
        A data set's name (``digits``, ``iris``, ``wine``, ``breast_cancer``, ``diabetes``), which wins over a file of
        that name (write ``./iris`` for the file); ``-`` for standard input; or a CSV file with a header, separated by
        commas, semicolons or tabs, possibly compressed by gzip.
    on_row : callable, optional
        Called with the number of rows read so far, every few thousand rows.

    Raises
    ------
    InputError
        When there is no such file, or it is no table; says file and line.
    MissingExtraError
        For a data set's name without scikit-learn.
    """
    if str(source) in DATA_SETS:
        columns = bundled_columns(str(source))
        return Table(str(source), columns, target=list(columns)[-1])
    if str(source) == "-":
        return _read(sys.stdin.buffer, "<stdin>", "data", on_row)
    path = Path(source)
    try:
        with path.open("rb") as file:
            start = file.read(9)
            file.seek(0)
            _refuse_other_formats(start, path)
            data = gzip.GzipFile(fileobj=file) if start.startswith(GZIP) else file
            return _read(data, str(path), stem_of(path), on_row)
    except FileNotFoundError:
        raise InputError(_not_found(path)) from None
    except (OSError, EOFError, zlib.error) as error:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not a table") from None
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{path} cannot be read: {reason[:1].lower()}{reason[1:]}") from None


def stem_of(path: Path) -> str:
    """The file's name without its endings: ``sales`` of ``sales.csv.gz``."""
    while path.suffix.lower() in TABLE_ENDINGS:
        path = path.with_suffix("")
    return path.name


def _read(file: IO[bytes] | gzip.GzipFile, place: str, name: str, on_row: Callable[[int], object] | None) -> Table:
    csv.field_size_limit(LONGEST_CELL)
    # utf-8-sig drops the mark that Excel writes; surrogateescape lets a wrong byte through to where its line is known.
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape")
    lines = _checked(text, place)
    first = next((line for line in lines if line.strip()), None)
    if first is None:
        raise InputError(f"{place} is empty; a table starts with a line of column names")
    delimiter = _delimiter(first)
    rows = csv.reader(chain([first], lines), delimiter=delimiter, strict=True)
    try:
        header = _header(next(rows), f"{place}:1")
        cells: list[list[str]] = []
        for row in rows:
            if len(row) != len(header):
                if not row:
                    continue  # a blank line
                raise InputError(f"{place}:{rows.line_num}: {_ragged(row, header)}")
            cells.append(row)
            if on_row is not None and len(cells) % ROWS_BETWEEN_REPORTS == 0:
                on_row(len(cells))
    except csv.Error as error:
        raise InputError(f"{place}:{rows.line_num}: this is no CSV: {error}. {_QUOTES}") from None
    text.detach()  # so that standard input stays open
    if not cells:
        columns = "1 column" if len(header) == 1 else f"{len(header)} columns"
        raise InputError(f"{place} has a header of {columns} but no rows below it")
    turned = (tuple(map(str.strip, column)) for column in zip(*cells, strict=True))
    return Table(name, dict(zip(header, turned, strict=True)), decimal_comma=delimiter != ",")


_QUOTES = 'A cell with a delimiter or a line break in it stands in quotes: "a, b"; a quote inside of it is doubled'


def _checked(lines: Iterable[str], place: str) -> Iterator[str]:
    """The lines as they are; what is no text is refused with its line."""
    for number, line in enumerate(lines, start=1):
        if "\0" in line:
            raise InputError(f"{place}:{number}: not a text file, it has a NUL character")
        if not line.isascii():
            wrong = next((c for c in line if "\udc80" <= c <= "\udcff"), None)
            if wrong is not None:
                byte = f"0x{ord(wrong) - 0xDC00:02x}"
                raise InputError(f"{place}:{number}: not a text in UTF-8, it has the byte {byte}. Save it as UTF-8")
        yield line


def _delimiter(line: str) -> str:
    """The delimiter that the header has most of; a comma where it has none."""
    outside_quotes = re.sub(r'"[^"]*"', "", line)
    return max(DELIMITERS, key=outside_quotes.count)


def _header(cells: list[str], place: str) -> list[str]:
    """The column names; a column without one is called by its place."""
    names = [cell.strip() or f"column {number}" for number, cell in enumerate(cells, start=1)]
    if _is_data(names):
        raise InputError(
            f"{place}: the first line must name the columns, but it looks like data: {', '.join(names[:5])}"
        )
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        what = ", ".join(repr(name) for name in twice[:5])
        raise InputError(f"{place}: every column needs a name of its own, but {what} is there more than once")
    return names


def _is_data(names: list[str]) -> bool:
    """Whether a header holds numbers that no one calls a column by; whole numbers from 0 or 1 on are names."""
    numbers = [name for name in names if re.fullmatch(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)([eE][-+]?\d+)?", name)]
    if any(not number.isdigit() for number in numbers):
        return True
    is_counted = [int(n) for n in numbers] in (list(range(len(names))), list(range(1, len(names) + 1)))
    return len(numbers) == len(names) > 1 and not is_counted


def _ragged(row: list[str], header: list[str]) -> str:
    got = "1 cell" if len(row) == 1 else f"{len(row)} cells"
    more = "" if len(row) < len(header) else ". Is there a delimiter inside a cell that is not quoted?"
    return f"this row has {got}, but the header names {len(header)} column{'s' if len(header) > 1 else ''}{more}"


def _refuse_other_formats(start: bytes, path: Path) -> None:
    kinds = {b"PK\x03\x04": "an Excel workbook or another zip archive", b"PAR1": "a Parquet file", b"%PDF": "a PDF"}
    kind = next((kind for magic, kind in kinds.items() if start.startswith(magic)), None)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError(f"{path} is a text in UTF-16. Save it as UTF-8")
    if len(start) == 9 and start[7:] == b"\0{":  # eight bytes give the length of the JSON that follows
        kind = "a trained model"
    elif path.suffix.lower() == ".toml":
        kind = "a network file"
    if kind is not None:
        raise InputError(f"{path} is {kind}, not a table. A table is a CSV file whose first line names the columns")


def _not_found(path: Path) -> str:
    """What to say of a file that is not there: the nearest name of one that is."""
    if not path.parent.is_dir():
        return f"{path}: there is no folder {str(path.parent)!r}"
    tables = sorted(p.name for p in islice(path.parent.iterdir(), 1000) if p.suffix.lower() in TABLE_ENDINGS)
    return f"{path}: there is no such file, nor a data set of that name. {nearest(path.name, [*tables, *DATA_SETS])}"
