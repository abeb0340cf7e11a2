"""Tables of numbers: a row for each neuron, or names beside their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from workings.algebra.expression import Reference
from workings.algebra.read_beginning import read_beginning
from workings.marking.reading.relations import Piece

Row = list[list[Piece]]


def runs(pieces: Sequence[Piece]) -> Iterator[list[list[float]]]:
    """Rows of tables that hold a label and numbers, as long as they are of one length and follow each other."""
    rows: list[list[float]] = []
    for cells in _rows(pieces):
        numbers = [_number(cell) for cell in cells[1:]]
        is_row = bool(numbers) and all(number is not None for number in numbers) and _number(cells[0]) is None
        if rows and (not is_row or len(numbers) != len(rows[0])):
            yield rows
            rows = []
        if is_row:
            rows.append([float(number) for number in numbers if number is not None])
    if rows:
        yield rows


def named_numbers(pieces: Sequence[Piece]) -> Iterator[tuple[str, float, int]]:
    """Names with the number below them in a row of names over one of numbers, or beside them in a row of two."""
    rows = [cells for cells in _rows(pieces) if cells]
    for above, below in pairwise(rows):
        names, numbers = [_name(cell) for cell in above], [_number(cell) for cell in below]
        if len(names) == len(numbers) > 1 and None not in names and None not in numbers:
            for name, number, cell in zip(names, numbers, below, strict=True):
                yield str(name), float(number or 0), cell[0].token.start
    for cells in rows:
        if len(cells) == 2 and (name := _name(cells[0])) is not None and (number := _number(cells[1])) is not None:
            yield name, float(number), cells[1][0].token.start


def _rows(pieces: Sequence[Piece]) -> Iterator[Row]:
    cells: Row = []
    for piece in pieces:
        if piece.is_end("cell"):
            cells.append([])
        elif piece.token.kind == "stop":
            yield cells
            cells = []
        elif cells:
            cells[-1].append(piece)
    yield cells


def _number(cell: Sequence[Piece]) -> Decimal | None:
    texts = [piece.token.text for piece in cell]
    kinds = [piece.token.kind for piece in cell]
    if kinds == ["number"]:
        return Decimal(texts[0])
    return -Decimal(texts[1]) if kinds == ["symbol", "number"] and texts[0] == "-" else None


def _name(cell: Sequence[Piece]) -> str | None:
    tokens = [piece.token for piece in cell]
    if not tokens or tokens[0].kind != "name":
        return None
    found = read_beginning(tokens, latex=cell[0].latex)
    if found is None or found[1] != len(tokens) or not isinstance(found[0], Reference):
        return None
    return str(found[0].key)
