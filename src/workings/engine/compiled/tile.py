"""The tile that matrix products are made of: some rows by two vectors of the result, in registers.

``C = beta C + alpha P Q``, with P read by two strides, so that one tile serves a product and its transpose. Written in
LLVM's own language because Numba has no vectors.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from workings.engine.compiled.vectors import (
    BYTES,
    constant,
    first_of,
    function,
    kind_of,
    masked_load,
    masked_store,
    splat,
    suffix,
    vector_of,
)

MOST_ROWS = 11 if BYTES == 64 else 6
"""Two vectors of each are as many sums as leave enough of 32 or 16 registers for what is multiplied.

There must be eight for both multipliers of a core to be busy, and the more there are, the less often Q is read; with
twelve of long vectors the compiler runs out of registers, and a third of the speed is lost.
"""

OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True, "_nrt": False, "forceinline": False}
"""Whoever calls owns the arrays, so nobody counts who else looks at them, which took a quarter of a small update."""

INLINED: dict[str, Any] = OPTIONS | {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""For functions of many arguments, which take longer to hand over than to use; only compiled code calls them."""

_INT = ir.IntType(64)


def _tile(n_rows: int, n_vectors: int, is_part: bool) -> Any:
    """A tile as a function for Numba; ``is_part`` leaves what lies beyond ``width`` alone, in the last vector.

    Its arguments are pointers to where the tile begins in C, and the length of C's rows; the same of P, with its
    strides from row to row and from term to term; the same of Q; how many terms, the width, alpha, beta.
    """

    @intrinsic
    def tile(_context, C, ldc, P, row, term, Q, ldq, n_terms, width, alpha, beta):
        size, number = types.intp, C.dtype
        signature = types.void(C, size, P, size, size, Q, size, size, size, number, number)

        def build(context, builder, signature, arguments):
            _Tile(builder, number, is_part, n_vectors, arguments).build(n_rows)
            return context.get_dummy_value()

        return signature, build

    return tile


class _Tile:
    """The instructions of one tile."""

    def __init__(self, builder: Any, number: Any, is_part: bool, n_vectors: int, arguments: Any) -> None:
        self.C, self.ldc, self.P, self.row, self.term, self.Q, self.ldq, self.n_terms, width, alpha, beta = arguments
        self.builder, self.alignment = builder, number.bitwidth // 8
        self.like = vector_of(number)
        self.lanes = self.like.lanes
        self.vector = kind_of(self.like)
        self.zero = constant(self.vector, 0.0)
        self.alpha, self.beta = splat(builder, alpha, self.lanes), splat(builder, beta, self.lanes)
        self.is_fresh = builder.fcmp_ordered("==", beta, ir.Constant(beta.type, 0.0))
        self.masks = [None] * n_vectors
        if is_part:
            self.masks[-1] = self._first(builder.sub(width, self.constant((n_vectors - 1) * self.lanes)))

    def build(self, n_rows: int) -> None:
        builder, n_vectors = self.builder, len(self.masks)
        before = builder.block
        head, body, done = (builder.append_basic_block(name) for name in ("head", "body", "done"))
        builder.branch(head)
        builder.position_at_end(head)
        count, P, Q = builder.phi(_INT), builder.phi(self.P.type), builder.phi(self.Q.type)
        sums = [[builder.phi(self.vector) for _ in range(n_vectors)] for _ in range(n_rows)]
        builder.cbranch(builder.icmp_signed("<", count, self.n_terms), body, done)

        builder.position_at_end(body)
        right = [self.load(self.at(Q, self.constant(v * self.lanes)), mask) for v, mask in enumerate(self.masks)]
        left = [self.first(P, self.row, i) for i in range(n_rows)]
        grown = [
            [self.fma(x, y, total) for y, total in zip(right, of_row, strict=True)]
            for x, of_row in zip(left, sums, strict=True)
        ]
        for phi, first, later in (
            (count, self.constant(0), builder.add(count, self.constant(1))),
            (P, self.P, self.at(P, self.term)),
            (Q, self.Q, self.at(Q, self.ldq)),
            *(
                (s, self.zero, g)
                for of_row, new in zip(sums, grown, strict=True)
                for s, g in zip(of_row, new, strict=True)
            ),
        ):
            phi.add_incoming(first, before)
            phi.add_incoming(later, body)
        builder.branch(head)

        builder.position_at_end(done)
        with builder.if_else(self.is_fresh) as (fresh, added):
            for branch, is_added in ((fresh, False), (added, True)):
                with branch:
                    self._put(sums, is_added=is_added)

    def _put(self, sums: list[list[Any]], *, is_added: bool) -> None:
        for i, of_row in enumerate(sums):
            for v, (total, mask) in enumerate(zip(of_row, self.masks, strict=True)):
                place = self.builder.add(self.builder.mul(self.constant(i), self.ldc), self.constant(v * self.lanes))
                pointer = self.at(self.C, place)
                old = self.builder.fmul(self.beta, self.load(pointer, mask)) if is_added else self.zero
                self.store(self.fma(self.alpha, total, old), pointer, mask)

    def _first(self, width: Any) -> Any:
        """The lanes before a width, as bits where that is what the processor has, so that they are found only once."""
        if BYTES == 64:
            ones = self.builder.sub(self.builder.shl(self.constant(1), width), self.constant(1))
            mask = ir.VectorType(ir.IntType(1), self.lanes)
            return self.builder.bitcast(self.builder.trunc(ones, ir.IntType(self.lanes)), mask)
        return first_of(self.builder, self.like, width)

    def constant(self, value: int) -> Any:
        return ir.Constant(_INT, value)

    def at(self, pointer: Any, offset: Any) -> Any:
        return self.builder.gep(pointer, [offset])

    def first(self, P: Any, row: Any, i: int) -> Any:
        """The number at the beginning of a row, in every lane."""
        return splat(self.builder, self.builder.load(self.at(P, self.builder.mul(self.constant(i), row))), self.lanes)

    def fma(self, x: Any, y: Any, z: Any) -> Any:
        fused = function(self.builder, f"llvm.fma.{suffix(self.like)}", self.vector, [self.vector] * 3)
        return self.builder.call(fused, [x, y, z])

    def load(self, pointer: Any, mask: Any) -> Any:
        place = self.builder.bitcast(pointer, self.vector.as_pointer())
        if mask is not None:
            return masked_load(self.builder, self.like, place, mask, self.alignment)
        loaded = self.builder.load(place)
        loaded.align = self.alignment
        return loaded

    def store(self, value: Any, pointer: Any, mask: Any) -> None:
        place = self.builder.bitcast(pointer, self.vector.as_pointer())
        if mask is not None:
            masked_store(self.builder, self.like, value, place, mask, self.alignment)
        else:
            self.builder.store(value, place).align = self.alignment


def strip(n_vectors: int, is_part: bool) -> Any:
    """A function that goes down the rows of the result, tile by tile.

    ``down`` says how far P is from tile to tile, for each of its rows. Where ``term`` is 0, P is packed: what the rows
    of a tile have for a term stands side by side, and then what they have for the next.
    """
    arguments = "C, ldc, P, row, {term}, Q, ldq, n_terms, width, alpha, beta"
    scope: dict[str, Any] = {f"tile_{n}": _tile(n, n_vectors, is_part) for n in range(1, MOST_ROWS + 1)}
    scope |= {"behind": behind, "rows_of_tile": rows_of_tile}
    lines = [f"def strip(n_rows, down, {arguments.format(term='term')}):", "    while n_rows > 0:"]
    lines += ["        n = rows_of_tile(n_rows)"]
    for n in range(MOST_ROWS, 0, -1):
        call = f"tile_{n}({arguments.format(term=f'term if term else {n}')})"
        lines += [f"        {'if' if n == MOST_ROWS else 'elif'} n == {n}:", f"            {call}"]
    lines += ["        C, P, n_rows = behind(C, n * ldc), behind(P, n * down), n_rows - n"]
    exec("\n".join(lines), scope)  # for each number of rows the same two lines
    return njit(**OPTIONS)(scope["strip"])


@njit(**INLINED)
def rows_of_tile(n_rows):
    """How many rows the next tile has; the last two share theirs, so that none is left with a single one."""
    if n_rows >= 2 * MOST_ROWS or n_rows == MOST_ROWS:
        return MOST_ROWS
    return (n_rows + 1) // 2 if n_rows > MOST_ROWS else n_rows


@intrinsic
def behind(_context, pointer, offset):
    """The pointer moved on by so many numbers."""
    return pointer(pointer, types.intp), lambda _context, builder, _signature, given: builder.gep(given[0], [given[1]])


@intrinsic
def lanes_behind(_context, pointer):
    """How many of the numbers behind a pointer a register holds."""
    n = vector_of(pointer.dtype).lanes
    return types.intp(pointer), lambda *_: ir.Constant(_INT, n)
