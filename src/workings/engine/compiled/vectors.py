"""Several numbers at once: a type for Numba on which a record's arithmetic works as on one number.

A compiler left to itself turns some loops into vectors and some not; here they are vectors because they are written so.
Functions that Numba is taught by carry no annotations, because it holds those against each other.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import llvmlite.binding
import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, models, overload, register_model

BYTES = 64 if llvmlite.binding.get_host_cpu_features().get("avx512f") else 32
"""Of a vector."""

OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"nsz", "contract"}, "nogil": True}
"""Zero has no sign, and a product may be added without being rounded first; nothing else is rearranged."""

Number = Any
"""``np.float32`` or ``np.float64``."""

_FLAGS = ("nsz", "contract")
_INDEX = ir.IntType(32)


class Vector(types.Type):  # type: ignore[misc]
    """Numbers of a type, side by side in a register."""

    def __init__(self, dtype: Any, lanes: int) -> None:
        self.dtype, self.lanes = dtype, lanes
        super().__init__(name=f"Vector({lanes} {dtype})")


class Mask(types.Type):  # type: ignore[misc]
    """A yes or no for each number of a vector."""

    def __init__(self, dtype: Any, lanes: int) -> None:
        self.dtype, self.lanes = dtype, lanes
        super().__init__(name=f"Mask({lanes} {dtype})")


def number_type(number: Number) -> Any:
    """What a number is for Numba."""
    return types.float32 if number is np.float32 else types.float64


def kind_of(number: Any) -> Any:
    """What a number, or a vector of them, is for LLVM."""
    dtype = getattr(number, "dtype", number)
    kind = ir.FloatType() if dtype == types.float32 else ir.DoubleType()
    return ir.VectorType(kind, number.lanes) if isinstance(number, Vector) else kind


def constant(kind: Any, value: Any) -> Any:
    """A constant of that kind, in every lane."""
    return ir.Constant(kind, [value] * kind.count if isinstance(kind, ir.VectorType) else value)


def splat(builder: Any, number: Any, lanes: int) -> Any:
    """The number in every lane."""
    kind = ir.VectorType(number.type, lanes)
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), number, ir.Constant(_INDEX, 0))
    zeros = ir.Constant(ir.VectorType(_INDEX, lanes), [0] * lanes)
    return builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), zeros)


def function(builder: Any, name: str, result: Any, arguments: list[Any]) -> Any:
    """A function of LLVM's own, declared where it is used."""
    module = builder.module
    return module.globals.get(name) or ir.Function(module, ir.FunctionType(result, arguments), name)


@register_model(Vector)
class _VectorModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, vector: Any) -> None:
        super().__init__(manager, vector, kind_of(vector))


@register_model(Mask)
class _MaskModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, mask: Any) -> None:
        super().__init__(manager, mask, ir.VectorType(ir.IntType(1), mask.lanes))


def suffix(vector: Any) -> str:
    """How LLVM's functions are called for a vector."""
    return f"v{vector.lanes}f{vector.dtype.bitwidth}"


def spread(context: Any, builder: Any, signature: Any, arguments: Any, like: Any) -> list[Any]:
    """The arguments as vectors, a single number in every lane; or as they are, where ``like`` is no vector."""
    found = []
    for value, given in zip(arguments, signature.args, strict=True):
        if isinstance(given, Vector | Mask) or not isinstance(like, Vector):
            found.append(value)
        else:
            found.append(splat(builder, context.cast(builder, value, given, like.dtype), like.lanes))
    return found


def is_vector(*numbers: Any) -> bool:
    """Whether at least one of them is a vector."""
    return any(isinstance(number, Vector) for number in numbers)


def teach_binary(of: Any, build: Callable[..., Any], result: Callable[[Any, int], Any] = Vector) -> None:
    """Have Numba do this where one of two operands is a vector; a single number goes into every lane."""

    @intrinsic
    def native(_context, x, y):
        vector = x if isinstance(x, Vector) else y

        def code(context, builder, signature, arguments):
            return build(builder, *spread(context, builder, signature, arguments, vector))

        return result(vector.dtype, vector.lanes)(x, y), code

    @overload(of, jit_options=OPTIONS)
    def taught(x, y):
        return (lambda x, y: native(x, y)) if is_vector(x, y) else None  # noqa: PLW0108 - it must be a plain function


def _teach_unary(of: Any, name: str | None) -> None:
    @intrinsic
    def native(_context, x):
        def code(_context, builder, _signature, arguments):
            if name is None:
                return builder.fneg(arguments[0])
            kind = arguments[0].type
            return builder.call(function(builder, f"llvm.{name}.{suffix(x)}", kind, [kind]), arguments)

        return x(x), code

    @overload(of, jit_options=OPTIONS)
    def taught(x):
        return (lambda x: native(x)) if isinstance(x, Vector) else None  # noqa: PLW0108


teach_binary(operator.add, lambda builder, x, y: builder.fadd(x, y, flags=_FLAGS))
teach_binary(operator.sub, lambda builder, x, y: builder.fsub(x, y, flags=_FLAGS))
teach_binary(operator.mul, lambda builder, x, y: builder.fmul(x, y, flags=_FLAGS))
teach_binary(operator.truediv, lambda builder, x, y: builder.fdiv(x, y, flags=_FLAGS))
teach_binary(operator.lt, lambda builder, x, y: builder.fcmp_ordered("<", x, y), Mask)
teach_binary(operator.le, lambda builder, x, y: builder.fcmp_ordered("<=", x, y), Mask)
teach_binary(operator.gt, lambda builder, x, y: builder.fcmp_ordered(">", x, y), Mask)
teach_binary(operator.ge, lambda builder, x, y: builder.fcmp_ordered(">=", x, y), Mask)
teach_binary(operator.eq, lambda builder, x, y: builder.fcmp_ordered("==", x, y), Mask)
for _of, _name in ((operator.neg, None), (abs, "fabs"), (np.sqrt, "sqrt")):
    _teach_unary(_of, _name)


def _power(builder: Any, x: Any, y: Any) -> Any:
    name = f"llvm.pow.v{x.type.count}f{32 if x.type.element == ir.FloatType() else 64}"
    return builder.call(function(builder, name, x.type, [x.type, x.type]), [x, y])


teach_binary(operator.pow, _power)


def _teach_mask(of: Any, build: Callable[..., Any]) -> None:
    @intrinsic
    def native(_context, x, y):
        return x(x, y), lambda _context, builder, _signature, arguments: build(builder, *arguments)

    @overload(of, jit_options=OPTIONS)
    def taught(x, y):
        return (lambda x, y: native(x, y)) if isinstance(x, Mask) and isinstance(y, Mask) else None  # noqa: PLW0108


_teach_mask(operator.and_, lambda builder, x, y: builder.and_(x, y))
_teach_mask(operator.or_, lambda builder, x, y: builder.or_(x, y))


@intrinsic
def _select(_context, mask, yes, no):
    vector = Vector(mask.dtype, mask.lanes)

    def code(context, builder, signature, arguments):
        return builder.select(*spread(context, builder, signature, arguments, vector))

    return vector(mask, yes, no), code


def choose(condition: Any, yes: Any, no: Any) -> Any:
    """``yes`` where the condition holds, else ``no``: of numbers or of vectors."""


@overload(choose, jit_options=OPTIONS)
def _choose(condition, yes, no):
    if isinstance(condition, Mask):
        return lambda condition, yes, no: _select(condition, yes, no)  # noqa: PLW0108
    return lambda condition, yes, no: yes if condition else no


def _place(builder: Any, arguments: list[Any], vector: Any) -> tuple[Any, Any]:
    """Where a vector stands, given a pointer, an offset and a count; and whether so many numbers fill it."""
    pointer, offset, count, *_ = arguments
    place = builder.bitcast(builder.gep(pointer, [offset]), kind_of(vector).as_pointer())
    return place, builder.icmp_signed(">=", count, ir.Constant(count.type, vector.lanes))


def first_of(builder: Any, vector: Any, count: Any) -> Any:
    """A mask of the first lanes."""
    lanes = ir.Constant(ir.VectorType(count.type, vector.lanes), list(range(vector.lanes)))
    return builder.icmp_signed("<", lanes, splat(builder, count, vector.lanes))


def masked_load(builder: Any, vector: Any, place: Any, mask: Any, alignment: int) -> Any:
    """The numbers at a place in the lanes of a mask, 0 in all others."""
    kind = kind_of(vector)
    masked = function(builder, f"llvm.masked.load.{suffix(vector)}.p0", kind, [place.type, _INDEX, mask.type, kind])
    return builder.call(masked, [place, ir.Constant(_INDEX, alignment), mask, constant(kind, 0.0)])


def masked_store(builder: Any, vector: Any, x: Any, place: Any, mask: Any, alignment: int) -> None:
    """Put the numbers in the lanes of a mask at a place."""
    kinds = [x.type, place.type, _INDEX, mask.type]
    masked = function(builder, f"llvm.masked.store.{suffix(vector)}.p0", ir.VoidType(), kinds)
    builder.call(masked, [x, place, ir.Constant(_INDEX, alignment), mask])


def vector_of(dtype: Any, lanes: int | None = None) -> Vector:
    """Vectors of so many numbers of a type; of as many as a register holds when left out."""
    return Vector(dtype, lanes or 8 * BYTES // dtype.bitwidth)


def load_of(lanes: int | None = None) -> Any:
    """What loads vectors of so many lanes; of as many as a register holds when left out."""

    @intrinsic
    def load(_context, pointer, offset, count):
        """The numbers behind a pointer from ``offset`` on; 0 in the lanes beyond ``count``."""
        vector = vector_of(pointer.dtype, lanes)

        def code(_context, builder, _signature, arguments):
            kind, alignment = kind_of(vector), vector.dtype.bitwidth // 8
            place, is_full = _place(builder, arguments, vector)
            with builder.if_else(is_full) as (full, part):
                with full:
                    whole, from_full = builder.load(place), builder.block
                    whole.align = alignment
                with part:
                    some = masked_load(builder, vector, place, first_of(builder, vector, arguments[2]), alignment)
                    from_part = builder.block
            loaded = builder.phi(kind)
            loaded.add_incoming(whole, from_full)
            loaded.add_incoming(some, from_part)
            return loaded

        return vector(pointer, types.intp, types.intp), code

    return load


@intrinsic
def store(_context, pointer, offset, count, x):
    """Put the first ``count`` numbers of a vector behind a pointer, from ``offset`` on."""

    def code(context, builder, _signature, arguments):
        alignment = x.dtype.bitwidth // 8
        place, is_full = _place(builder, arguments, x)
        with builder.if_else(is_full) as (full, part):
            with full:
                builder.store(arguments[3], place).align = alignment
            with part:
                masked_store(builder, x, arguments[3], place, first_of(builder, x, arguments[2]), alignment)
        return context.get_dummy_value()

    return types.void(pointer, types.intp, types.intp, x), code


@intrinsic
def lane(_context, x, index):
    """One of the numbers of a vector."""

    def code(_context, builder, _signature, arguments):
        return builder.extract_element(arguments[0], builder.trunc(arguments[1], _INDEX))

    return x.dtype(x, types.intp), code


@intrinsic
def _with_lane(_context, x, index, number):
    def code(_context, builder, _signature, arguments):
        return builder.insert_element(arguments[0], arguments[2], builder.trunc(arguments[1], _INDEX))

    return x(x, types.intp, x.dtype), code


@intrinsic
def first_lanes(_context, x, count):
    """A mask of the first lanes of a vector."""

    def code(_context, builder, _signature, arguments):
        return first_of(builder, x, arguments[1])

    return Mask(x.dtype, x.lanes)(x, types.intp), code


@intrinsic
def total(_context, x):
    """The sum of the numbers of a vector, in halves."""

    def code(_context, builder, _signature, arguments):
        number = kind_of(x.dtype)
        reduce = function(builder, f"llvm.vector.reduce.fadd.{suffix(x)}", number, [number, arguments[0].type])
        return builder.call(reduce, [ir.Constant(number, 0.0), arguments[0]], fastmath=("reassoc", *_FLAGS))

    return x.dtype(x), code


@intrinsic
def greatest(_context, x):
    """The largest number of a vector; of one that is no number it is not known what becomes."""

    def code(_context, builder, _signature, arguments):
        reduce = function(builder, f"llvm.vector.reduce.fmax.{suffix(x)}", kind_of(x.dtype), [arguments[0].type])
        return builder.call(reduce, arguments, fastmath=("nnan", "nsz"))

    return x.dtype(x), code


@intrinsic
def others(_context, x):
    """For each lane the sum of all others, without subtraction: of its neighbour, the next pair, the next four ..."""

    def code(_context, builder, _signature, arguments):
        block, result, size = arguments[0], constant(kind_of(x), 0.0), 1
        while size < x.lanes:
            order = ir.Constant(ir.VectorType(_INDEX, x.lanes), [lane ^ size for lane in range(x.lanes)])
            beside = builder.shuffle_vector(block, ir.Constant(block.type, ir.Undefined), order)
            block, result, size = builder.fadd(block, beside), builder.fadd(result, beside), 2 * size
        return result

    return x(x), code


def times(x: Any, matrix: Any, offset: Any, factor: Any, start: Any) -> Any:
    """``start`` and a row vector times a matrix, a vector a row, of which each number has a factor by its column.

    The matrix is square and stands behind a pointer, from ``offset`` on. What waits for ``x`` is little: factors and
    matrix, which are there before, are multiplied first.
    """


@overload(times, jit_options=OPTIONS)
def _times(x, matrix, offset, factor, start):
    terms = [f"lane(x, {i}) * (factor * load(matrix, offset + {i * x.lanes}, {x.lanes}))" for i in range(x.lanes)]
    early, late = " + ".join(["start", *terms[: x.lanes // 2]]), " + ".join(terms[x.lanes // 2 :])
    scope = {"lane": lane, "load": load_of(x.lanes)}
    lines = f"def times(x, matrix, offset, factor, start):\n    return ({early}) + ({late})"
    exec(lines, scope)  # all lanes known beforehand
    return scope["times"]


def lanes_of(number: Any) -> int:
    """How many numbers of a NumPy type a vector holds."""
    return BYTES // int(np.dtype(number).itemsize)


def lane_by_lane(of_numbers: Any, n_vectors: int, n_numbers: int, lanes: int) -> Any:
    """A function of vectors, and then numbers, out of one that knows only numbers: slower, but it takes any code."""
    vectors, numbers = [f"v{i}" for i in range(n_vectors)], [f"n{i}" for i in range(n_numbers)]
    entries = ", ".join([*(f"lane({name}, i)" for name in vectors), *numbers])
    lines = [f"def each({', '.join([*vectors, *numbers])}):", "    result = v0", f"    for i in range({lanes}):"]
    lines += [f"        result = _with_lane(result, i, of_numbers({entries}))", "    return result"]
    scope = {"lane": lane, "_with_lane": _with_lane, "of_numbers": of_numbers}
    exec("\n".join(lines), scope)  # as many arguments as it takes
    return njit(**OPTIONS)(scope["each"])
