"""Rows turned into columns and back: with the same entry of several rows side by side, none waits for its own sums."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from workings.engine.compiled.vectors import (
    BYTES,
    constant,
    first_of,
    kind_of,
    masked_load,
    masked_store,
    vector_of,
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


def turn_of(lanes: int | None = None) -> Any:
    """What turns squares of so many rows and columns around; of as many as a register holds when left out."""

    @intrinsic
    def turn(_context, source, at, stride, n_rows, n_columns, target, to, to_stride, to_rows, to_columns):
        """Rows behind a pointer as columns behind another.

        Of each array the offset of its first row, how far a row is from the next, and how many rows and columns of the
        square there are; beyond those of the source stands 0, and beyond those of the target nothing is written.
        """
        vector, size = vector_of(source.dtype, lanes), types.intp

        def code(context, builder, _signature, arguments):
            given, wanted = _Square(builder, vector, *arguments[:5]), _Square(builder, vector, *arguments[5:])
            rows = [
                masked_load(builder, vector, given.row(i), given.mask(i), given.alignment) for i in range(vector.lanes)
            ]
            for i, row in enumerate(turned(builder, rows)):
                masked_store(builder, vector, row, wanted.row(i), wanted.mask(i), wanted.alignment)
            return context.get_dummy_value()

        return types.void(source, size, size, size, size, target, size, size, size, size), code

    return turn


class _Square:
    """Where the rows of a square stand, and how much of it there is."""

    def __init__(self, builder: Any, vector: Any, pointer: Any, at: Any, stride: Any, n_rows: Any, n_columns: Any):
        self.builder, self.vector, self.pointer, self.n_rows = builder, vector, pointer, n_rows
        self.at, self.stride, self.columns = at, stride, first_of(builder, vector, n_columns)
        self.alignment = vector.dtype.bitwidth // 8

    def mask(self, i: int) -> Any:
        """The columns that there are, of a row that there is."""
        is_there = self.builder.icmp_signed("<", ir.Constant(self.n_rows.type, i), self.n_rows)
        return self.builder.select(is_there, self.columns, constant(self.columns.type, 0))

    def row(self, i: int) -> Any:
        """Where a row begins."""
        offset = self.builder.add(self.at, self.builder.mul(self.stride, ir.Constant(self.stride.type, i)))
        return self.builder.bitcast(self.builder.gep(self.pointer, [offset]), kind_of(self.vector).as_pointer())


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
