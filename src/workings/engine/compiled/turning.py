"""Rows turned into columns and back: with the same entry of several rows side by side, none waits for its own sums."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from workings.engine.compiled.vectors import (
    BYTES,
    Vector,
    constant,
    first_of,
    kind_of,
    masked_load,
    masked_store,
)

MOST_COLUMNS = 64
"""Columns of a vector of rows that fit the nearest cache, in four arrays."""

_INDEX = ir.IntType(32)


def room_of(lanes: int) -> Any:
    """What makes room for as many vectors of so many lanes as there may be columns."""

    @intrinsic
    def room(_context, number):
        """A pointer to room for numbers like this one, which is gone when the function that asked for it is left."""
        n, dtype = MOST_COLUMNS * lanes, number

        def code(_context, builder, _signature, _arguments):
            with builder.goto_entry_block():
                place = builder.alloca(kind_of(dtype), ir.Constant(_INDEX, n))
            place.align = BYTES
            return place

        return types.CPointer(dtype)(number), code

    return room


def turn_of(lanes: int) -> Any:
    """What turns rows into columns: vectors of so many lanes, each with the same entry of so many rows."""

    @intrinsic
    def turn(_context, source, offset, stride, n_rows, n_columns, target, at):
        """Columns of rows that lie so far apart, at most as many of each as a vector has lanes.

        As many vectors as they have lanes, from ``at`` on behind the pointer ``target``; 0 beyond rows and columns.
        """
        vector, size = Vector(source.dtype, lanes), types.intp

        def code(context, builder, _signature, arguments):
            source, offset, stride, n_rows, n_columns, target, at = arguments
            square = _Square(builder, vector, n_rows, n_columns)
            rows = [
                masked_load(builder, vector, square.row(source, offset, stride, i), square.mask(i), square.alignment)
                for i in range(lanes)
            ]
            for j, column in enumerate(turned(builder, rows)):
                builder.store(column, square.column(target, at, j)).align = square.alignment
            return context.get_dummy_value()

        return types.void(source, size, size, size, size, target, size), code

    return turn


def turn_back_of(lanes: int) -> Any:
    """What turns columns back into rows."""

    @intrinsic
    def turn_back(_context, source, at, target, offset, stride, n_rows, n_columns):
        """The reverse of ``turn``: no more rows and columns are written than there are."""
        vector, size = Vector(source.dtype, lanes), types.intp

        def code(context, builder, _signature, arguments):
            source, at, target, offset, stride, n_rows, n_columns = arguments
            square, columns = _Square(builder, vector, n_rows, n_columns), []
            for j in range(lanes):
                columns.append(builder.load(square.column(source, at, j)))
                columns[-1].align = square.alignment
            for i, row in enumerate(turned(builder, columns)):
                place = square.row(target, offset, stride, i)
                masked_store(builder, vector, row, place, square.mask(i), square.alignment)
            return context.get_dummy_value()

        return types.void(source, size, target, size, size, size, size), code

    return turn_back


class _Square:
    """Where the rows and columns of a square stand, and how much of it there is."""

    def __init__(self, builder: Any, vector: Any, n_rows: Any, n_columns: Any) -> None:
        self.builder, self.vector, self.n_rows = builder, vector, n_rows
        self.columns = first_of(builder, vector, n_columns)
        self.alignment = vector.dtype.bitwidth // 8

    def mask(self, i: int) -> Any:
        """The columns that there are, of a row that there is."""
        is_there = self.builder.icmp_signed("<", ir.Constant(self.n_rows.type, i), self.n_rows)
        return self.builder.select(is_there, self.columns, constant(self.columns.type, 0))

    def row(self, pointer: Any, offset: Any, stride: Any, i: int) -> Any:
        return self._at(pointer, self.builder.add(offset, self.builder.mul(stride, ir.Constant(stride.type, i))))

    def column(self, pointer: Any, at: Any, j: int) -> Any:
        return self._at(pointer, self.builder.add(at, ir.Constant(at.type, j * self.vector.lanes)))

    def _at(self, pointer: Any, offset: Any) -> Any:
        return self.builder.bitcast(self.builder.gep(pointer, [offset]), kind_of(self.vector).as_pointer())


def turned(builder: Any, rows: list[Any]) -> list[Any]:
    """A square of vectors, turned around: pairs of rows exchange the blocks of 1, 2, 4 ... on their wrong sides."""
    rows, size, lanes = [*rows], 1, len(rows)
    while size < lanes:
        upper = [k if k & size == 0 else lanes + k - size for k in range(lanes)]
        lower = [k + size if k & size == 0 else lanes + k for k in range(lanes)]
        for i in range(lanes):
            if i & size == 0:
                pair = rows[i], rows[i + size]
                for at, order in ((i, upper), (i + size, lower)):
                    rows[at] = builder.shuffle_vector(*pair, ir.Constant(ir.VectorType(_INDEX, lanes), order))
        size *= 2
    return rows
