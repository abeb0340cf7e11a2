"""Rows of tables as chains: a name, the calculation beside it and its value, as if ``=`` stood between them.

``| net_h1 | 0.15*0.05 + 0.35 | 0.3575 |`` is ``net_h1 = 0.15*0.05 + 0.35 = 0.3575``. Where a row has more than one
value nobody can tell which of them the name is for, so only calculation and value are joined.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workings.algebra.lex import Token
from workings.marking.reading.relations import Piece, looks_like_a_name

Cell = list[Piece]

_OPERATORS = frozenset({"*", "/", "^", "+", "-", "@", "⊙", "×", "·"})


def with_rows(pieces: Sequence[Piece]) -> list[Piece]:
    """The same pieces, with a sign of relation for each border of cells that stands for one."""
    found: list[Piece] = []
    head: list[Cell] = []
    row: list[Cell] = []  # each cell with its border, which is its first piece
    for piece in pieces:
        if piece.is_end("cell"):
            row.append([piece])
        elif row and piece.token.kind != "stop":
            row[-1].append(piece)
        else:
            found += _joined(row, head)
            head = [] if not row else head or row
            row = []
            found.append(piece)
    return [*found, *_joined(row, head)]


def _joined(row: list[Cell], head: list[Cell]) -> Iterator[Piece]:
    """The pieces of a row."""
    worked = [at for at, cell in enumerate(row) if _is_worked(cell)]
    values = [at for at, cell in enumerate(row) if at and _is_number(cell)]
    equals = {at for at in (*worked, *values) if at - 1 in worked}
    if len(values) == 1 and worked and worked[0] == 1 and values[0] == worked[-1] + 1 and _is_subject(row[0]):
        names_another = len(head) == len(row) and _is_name(head[values[0]])
        equals |= set() if names_another else {1}
    for at, (border, *inside) in enumerate(row):
        yield _equals(border) if at in equals else border
        yield from inside


def _equals(border: Piece) -> Piece:
    return Piece(Token("symbol", "=", border.token.start, border.token.end), border.latex)


def _is_worked(cell: Cell) -> bool:
    """Whether a cell works something out, and says nothing: ``1-2``, ``3/10`` and ``true/false`` are labels."""
    inside = [piece.token for piece in cell[1:]]
    has_operator = any(token.text in _OPERATORS for token in inside[1:])
    has_decimals = any(token.kind == "number" and "." in token.text for token in inside)
    names = [token.text for token in inside if token.kind == "name"]
    is_formula = bool(names) and all(map(looks_like_a_name, names))
    is_said = any(token.kind not in {"number", "name", "symbol"} for token in inside)
    return has_operator and (has_decimals or is_formula) and not is_said and not _has_relation(cell)


def _is_number(cell: Cell) -> bool:
    inside = [piece.token for piece in cell[1:] if piece.token.kind != "other"]
    return [token.kind for token in inside] == ["number"] or (
        [token.kind for token in inside] == ["symbol", "number"] and inside[0].text == "-"
    )


def _is_subject(cell: Cell) -> bool:
    """Whether a cell begins with a name, of a slope too; a formula may follow after ``=``."""
    inside = [piece.token for piece in cell[1:]]
    if not inside or any(token.kind == "other" for token in inside):
        return False
    return _has_relation(cell) or _is_name(cell)


def _is_name(cell: Cell) -> bool:
    """Whether a cell holds a name of a number, or a quotient of two."""
    texts = [piece.token.text for piece in cell[1:]]
    kinds = [piece.token.kind for piece in cell[1:]]
    if kinds == ["name", "symbol", "name"] and texts[1] == "/":
        return True
    return kinds[:1] == ["name"] and "name" not in kinds[1:] and looks_like_a_name(texts[0])


def _has_relation(cell: Cell) -> bool:
    return any(piece.is_relation for piece in cell[1:])
