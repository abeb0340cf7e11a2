"""What compiled code calls by address, and how threads wait for each other in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import llvmlite.binding
from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def pointer(context: Any, builder: Any, array: Any, kind: Any, offset: Any) -> Any:
    """Where the number at an offset of an array stands."""
    return builder.gep(context.make_array(kind)(context, builder, array).data, [offset])


@intrinsic
def place(_context, array, offset):
    """A pointer to the number at an offset of an array."""

    def build(context, builder, signature, arguments):
        return pointer(context, builder, arguments[0], signature.args[0], arguments[1])

    return types.CPointer(array.dtype)(array, types.intp), build


def _pointers(
    context: Any, builder: Any, signature: Any, arrays: list[Any], places: Iterable[int] | None = None
) -> Any:
    """The beginnings of arrays given each with its offset: the arguments at these places, or all after the address."""
    given = zip(arrays[::2], arrays[1::2], places or range(1, len(arrays), 2), strict=True)
    return [pointer(context, builder, array, signature.args[place], offset) for array, offset, place in given]


@intrinsic
def call_forward(_context, address, z, at_z, a, at_a, n_rows, n):
    """An activation's loop from z to a."""
    size = types.intp
    signature = types.void(size, z, size, a, size, size, size)

    def build(context, builder, signature, arguments):
        address, *arrays, n_rows, n = arguments
        _call(builder, address, [*_pointers(context, builder, signature, arrays), n_rows, n], ir.VoidType())
        return context.get_dummy_value()

    return signature, build


@intrinsic
def call_backward(_context, address, z, at_z, a, at_a, d, at_d, n_rows, n):
    """An activation's loop from dC/da to dC/dz, which takes the place of z."""
    size = types.intp
    signature = types.void(size, z, size, a, size, d, size, size, size)

    def build(context, builder, signature, arguments):
        address, *arrays, n_rows, n = arguments
        _call(builder, address, [*_pointers(context, builder, signature, arrays), n_rows, n], ir.VoidType())
        return context.get_dummy_value()

    return signature, build


@intrinsic
def call_end(_context, address, y, at_y, z, at_z, a, at_a, n_rows, n, scale):
    """The loop of output and loss: the cost, and dC/dz in the place of z."""
    size = types.intp
    signature = types.float64(size, y, size, z, size, a, size, size, size, scale)

    def build(context, builder, signature, arguments):
        address, *arrays, n_rows, n, scale = arguments
        pointers = _pointers(context, builder, signature, arrays)
        return _call(builder, address, [*pointers, n_rows, n, scale], ir.DoubleType())

    return signature, build


@intrinsic
def call_step(_context, address, w, at_w, g, at_g, s, at_s, stride, factors, at_factors, n, l2):
    """An optimizer's loop: new parameters in the place of the old ones."""
    size = types.intp
    signature = types.void(size, w, size, g, size, s, size, size, factors, size, size, l2)

    def build(context, builder, signature, arguments):
        address, *arrays, stride, factors, at_factors, n, l2 = arguments
        pointers = _pointers(context, builder, signature, arrays)
        shared = pointer(context, builder, factors, signature.args[8], at_factors)
        _call(builder, address, [*pointers, stride, shared, n, l2], ir.VoidType())
        return context.get_dummy_value()

    return signature, build


@intrinsic
def call_product(
    _context, address, C, at_c, ldc, P, at_p, row, term, Q, at_q, q_term, q_column, n_rows, n_terms, n_columns, alpha,
    beta, room, at_room,
):  # fmt: skip
    """``C = beta C + alpha P Q``.

    Each array with where it begins, C with the length of its rows, P with its strides from row to row and term to term,
    Q from term to term and column to column; and room for what is packed.
    """
    size = types.intp
    signature = types.void(
        size, C, size, size, P, size, size, size, Q, size, size, size, size, size, size, alpha, beta, room, size
    )  # fmt: skip

    def build(context, builder, signature, arguments):
        address, C, at_c, ldc, P, at_p, row, term, Q, at_q, q_term, q_column, *others, room, at_room = arguments
        arrays = [C, at_c, P, at_p, Q, at_q, room, at_room]
        c, p, q, r = _pointers(context, builder, signature, arrays, [1, 4, 8, 17])
        _call(builder, address, [c, ldc, p, row, term, q, q_term, q_column, *others, r], ir.VoidType())
        return context.get_dummy_value()

    return signature, build


def _call(builder: Any, address: Any, arguments: list[Any], result: Any) -> Any:
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    return builder.call(builder.inttoptr(address, kind.as_pointer()), arguments)


_YIELD = next((name for name in ("sched_yield", "SwitchToThread") if llvmlite.binding.address_of_symbol(name)), None)
_SPINS = 4_000  # about ten microseconds of looking before the processor is offered to somebody else


@intrinsic
def arrive(_context, counter, goal):
    """Count this thread in, and wait until ``counter[0]`` has reached the goal; what others wrote is seen then."""
    signature = types.void(counter, types.int64)

    def build(context, builder, signature, arguments):
        whole = ir.IntType(64)
        place = pointer(context, builder, arguments[0], signature.args[0], ir.Constant(whole, 0))
        builder.atomic_rmw("add", place, ir.Constant(whole, 1), "acq_rel")
        before = builder.block
        look, again, rest, done = (builder.append_basic_block(name) for name in ("look", "again", "rest", "done"))
        builder.branch(look)
        builder.position_at_end(look)
        spins = builder.phi(whole)
        seen = builder.load_atomic(place, "acquire", 8)
        builder.cbranch(builder.icmp_signed(">=", seen, arguments[1]), done, again)
        builder.position_at_end(again)
        more = builder.add(spins, ir.Constant(whole, 1))
        builder.cbranch(builder.icmp_signed("<", more, ir.Constant(whole, _SPINS)), look, rest)
        builder.position_at_end(rest)
        if _YIELD is not None:
            module, kind = builder.module, ir.FunctionType(ir.IntType(32), [])
            builder.call(module.globals.get(_YIELD) or ir.Function(module, kind, _YIELD), [])
        builder.branch(look)
        for value, block in ((ir.Constant(whole, 0), before), (more, again), (ir.Constant(whole, 0), rest)):
            spins.add_incoming(value, block)
        builder.position_at_end(done)
        return context.get_dummy_value()

    return signature, build
