"""The tile that matrix products of moderate size are made of: some rows by some vectors of the result, in registers.

``C = beta C + alpha P Q``, with P read by two strides, so that one tile serves a product and its transpose. Written in
LLVM's own language because Numba has no vectors: on products that fit the cache it is as fast as BLAS or faster,
without its overhead of about a microsecond a call.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from workings.engine.compiled.calls import pointer
from workings.engine.compiled.vectors import BYTES

MOST_ROWS = 6
"""Six rows of two vectors are twelve sums, and keep both multipliers of a core busy; more do not fit 16 registers."""

OPTIONS: dict[str, Any] = {"error_model": "numpy", "nogil": True, "_nrt": False}
"""Whoever calls owns the arrays, so nobody counts who else looks at them, which took a quarter of a small update."""

INLINED: dict[str, Any] = OPTIONS | {"forceinline": True}
"""For functions of many arguments, which take longer to hand over than to use."""

_INT = ir.IntType(64)
_INDEX = ir.IntType(32)


def _tile(n_rows: int, n_vectors: int, is_part: bool) -> Any:
    """A tile as a function for Numba; ``is_part`` leaves what lies beyond ``width`` alone.

    Its arguments are C, where in it the tile begins, the length of its rows; P, its beginning, its strides from row to
    row and from term to term; Q, its beginning, the length of its rows; how many terms, the width, alpha, beta.
    """

    @intrinsic
    def tile(_context, C, c, ldc, P, p, row, term, Q, q, ldq, n_terms, width, alpha, beta):
        number, size = C.dtype, types.intp
        signature = types.void(
            C, size, size, P, size, size, size, Q, size, size, size, size, number, number
        )  # fmt: skip

        def build(context, builder, signature, arguments):
            _Tile(context, builder, signature, arguments).build(n_rows, n_vectors, is_part)
            return context.get_dummy_value()

        return signature, build

    return tile


class _Tile:
    """The instructions of one tile."""

    def __init__(self, context: Any, builder: Any, signature: Any, arguments: Any) -> None:
        C, c, self.ldc, P, p, self.row, self.term, Q, q, self.ldq, self.n_terms, self.width, alpha, beta = arguments

        def begin(array: Any, place: int, offset: Any) -> Any:
            return pointer(context, builder, array, signature.args[place], offset)

        self.builder = builder
        self.C, self.P, self.Q = begin(C, 0, c), begin(P, 3, p), begin(Q, 7, q)
        is_single = signature.args[0].dtype == types.float32
        self.kind, self.alignment = (ir.FloatType(), 4) if is_single else (ir.DoubleType(), 8)
        self.lanes = BYTES // self.alignment
        self.vector = ir.VectorType(self.kind, self.lanes)
        self.suffix = f"v{self.lanes}f{8 * self.alignment}"
        self.alpha, self.beta = self.splat(alpha), self.splat(beta)
        self.is_fresh = builder.fcmp_ordered("==", beta, ir.Constant(self.kind, 0.0))

    def build(self, n_rows: int, n_vectors: int, is_part: bool) -> None:
        builder = self.builder
        mask = self._mask() if is_part else None
        before = builder.block
        head, body, done = (builder.append_basic_block(name) for name in ("head", "body", "done"))
        builder.branch(head)
        builder.position_at_end(head)
        count, P, Q = builder.phi(_INT), builder.phi(self.P.type), builder.phi(self.Q.type)
        sums = [[builder.phi(self.vector) for _ in range(n_vectors)] for _ in range(n_rows)]
        builder.cbranch(builder.icmp_signed("<", count, self.n_terms), body, done)

        builder.position_at_end(body)
        right = [self.load(self.at(Q, self.constant(v * self.lanes)), mask) for v in range(n_vectors)]
        left = [self.splat(builder.load(self.at(P, builder.mul(self.constant(i), self.row)))) for i in range(n_rows)]
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
                    self._put(sums, mask, is_added=is_added)

    def _put(self, sums: list[list[Any]], mask: Any, *, is_added: bool) -> None:
        for i, of_row in enumerate(sums):
            for v, total in enumerate(of_row):
                place = self.builder.add(self.builder.mul(self.constant(i), self.ldc), self.constant(v * self.lanes))
                pointer = self.at(self.C, place)
                old = self.builder.fmul(self.beta, self.load(pointer, mask)) if is_added else self.zero
                self.store(self.fma(self.alpha, total, old), pointer, mask)

    def _mask(self) -> Any:
        counts = ir.VectorType(_INT, self.lanes)
        first = self.builder.insert_element(ir.Constant(counts, ir.Undefined), self.width, ir.Constant(_INDEX, 0))
        widths = self.builder.shuffle_vector(first, ir.Constant(counts, ir.Undefined), self._zeros)
        return self.builder.icmp_signed("<", ir.Constant(counts, list(range(self.lanes))), widths)

    @property
    def zero(self) -> Any:
        return ir.Constant(self.vector, [0.0] * self.lanes)

    @property
    def _zeros(self) -> Any:
        return ir.Constant(ir.VectorType(_INDEX, self.lanes), [0] * self.lanes)

    def constant(self, value: int) -> Any:
        return ir.Constant(_INT, value)

    def at(self, pointer: Any, offset: Any) -> Any:
        return self.builder.gep(pointer, [offset])

    def splat(self, number: Any) -> Any:
        empty = ir.Constant(self.vector, ir.Undefined)
        first = self.builder.insert_element(empty, number, ir.Constant(_INDEX, 0))
        return self.builder.shuffle_vector(first, empty, self._zeros)

    def fma(self, x: Any, y: Any, z: Any) -> Any:
        return self.builder.call(self._function(f"llvm.fma.{self.suffix}", self.vector, [self.vector] * 3), [x, y, z])

    def load(self, pointer: Any, mask: Any) -> Any:
        place = self.builder.bitcast(pointer, self.vector.as_pointer())
        if mask is None:
            loaded = self.builder.load(place)
            loaded.align = self.alignment
            return loaded
        kinds = [place.type, _INDEX, mask.type, self.vector]
        function = self._function(f"llvm.masked.load.{self.suffix}.p0", self.vector, kinds)
        return self.builder.call(function, [place, ir.Constant(_INDEX, self.alignment), mask, self.zero])

    def store(self, value: Any, pointer: Any, mask: Any) -> None:
        place = self.builder.bitcast(pointer, self.vector.as_pointer())
        if mask is None:
            self.builder.store(value, place).align = self.alignment
            return
        kinds = [self.vector, place.type, _INDEX, mask.type]
        function = self._function(f"llvm.masked.store.{self.suffix}.p0", ir.VoidType(), kinds)
        self.builder.call(function, [value, place, ir.Constant(_INDEX, self.alignment), mask])

    def _function(self, name: str, result: Any, arguments: list[Any]) -> Any:
        module = self.builder.module
        return module.globals.get(name) or ir.Function(module, ir.FunctionType(result, arguments), name)


def _strip(n_vectors: int, is_part: bool) -> Any:
    """A function that goes down the rows of the result, tile by tile of up to six rows."""
    arguments = "C, c, ldc, P, p, row, term, Q, q, ldq, n_terms, width, alpha, beta"
    scope: dict[str, Any] = {f"tile_{n}": _tile(n, n_vectors, is_part) for n in range(1, MOST_ROWS + 1)}
    lines = [f"def strip(n_rows, {arguments}):", "    while n_rows > 0:"]
    # the last twelve or fewer are halved, so that no tile is left with a single row
    lines += [f"        n = {MOST_ROWS} if n_rows >= {2 * MOST_ROWS} or n_rows == {MOST_ROWS} else"]
    lines[-1] += f" ((n_rows + 1) // 2 if n_rows > {MOST_ROWS} else n_rows)"
    for n in range(MOST_ROWS, 0, -1):
        lines += [f"        {'if' if n == MOST_ROWS else 'elif'} n == {n}:", f"            tile_{n}({arguments})"]
    lines += ["        c, p, n_rows = c + n * ldc, p + n * row, n_rows - n"]
    exec("\n".join(lines), scope)  # six times the same two lines
    return njit(**OPTIONS)(scope["strip"])


_two_vectors, _one_vector, _part_of_vector = _strip(2, False), _strip(1, False), _strip(1, True)
_LANES_32, _LANES_64 = BYTES // 4, BYTES // 8


@njit(**OPTIONS)
def product(C, c, ldc, P, p, row, term, Q, q, ldq, n_rows, n_terms, n_columns, alpha, beta):
    """``C = beta C + alpha P Q``, tile by tile; each array with its beginning and its strides, as in :func:`_tile`."""
    lanes = _LANES_32 if C.itemsize == 4 else _LANES_64
    j = 0
    while n_columns - j >= 2 * lanes:
        _two_vectors(n_rows, C, c + j, ldc, P, p, row, term, Q, q + j, ldq, n_terms, 2 * lanes, alpha, beta)
        j += 2 * lanes
    if n_columns - j >= lanes:
        _one_vector(n_rows, C, c + j, ldc, P, p, row, term, Q, q + j, ldq, n_terms, lanes, alpha, beta)
        j += lanes
    if n_columns > j:
        _part_of_vector(n_rows, C, c + j, ldc, P, p, row, term, Q, q + j, ldq, n_terms, n_columns - j, alpha, beta)
