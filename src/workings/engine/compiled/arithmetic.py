"""The functions of ``network.elementary`` for compiled code, on one number or on a vector of them, free of branches.

Powers and logarithms are series on a short interval around their centre, moved there by powers of two. In a loop they
take a third to a tenth of the time of the C library's, and are right to three units in the last place.
Importing this module teaches Numba what to do where a record calls one of the functions. What it is taught by carries
no annotations, because Numba holds those against each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, overload

from workings.engine.compiled.vectors import (
    OPTIONS,
    Vector,
    choose,
    constant,
    function,
    is_vector,
    kind_of,
    spread,
    suffix,
    teach_binary,
)
from workings.network import elementary

_FRACTION = {types.float32: 23, types.float64: 52}  # bits after the point
_BIAS = {types.float32: 127, types.float64: 1023}

_jit = njit(**OPTIONS)


def _whole(x: Any) -> Any:
    """Whole numbers of as many bits."""
    whole = ir.IntType(getattr(x, "dtype", x).bitwidth)
    return ir.VectorType(whole, x.lanes) if isinstance(x, Vector) else whole


@intrinsic
def _exponent(_context: Any, x: Any) -> Any:
    """The whole number n, as a float, of x = 2^n * m with m between sqrt(1/2) and sqrt(2); x is positive and normal."""
    dtype = getattr(x, "dtype", x)
    bits, kind, whole = _FRACTION[dtype], kind_of(x), _whole(x)
    unit = 1.5 * 2.0**bits
    root = int(np.array(math.sqrt(0.5), str(dtype)).view(f"int{dtype.bitwidth}")) & ((1 << bits) - 1)

    def build(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        counted = builder.sub(builder.bitcast(arguments[0], whole), constant(whole, root))
        n = builder.lshr(counted, constant(whole, bits))
        # the way of _scaled back: AVX2 has no instruction that makes floats of 64-bit integers
        placed = builder.bitcast(builder.add(n, builder.bitcast(constant(kind, unit), whole)), kind)
        return builder.fsub(placed, constant(kind, unit + _BIAS[dtype] - 1))

    return x(x), build


@intrinsic
def _scaled(_context: Any, x: Any, n: Any) -> Any:
    """2^n times x, exactly, for a whole number n in a float: n is added to the exponent, which must be room for it.

    Next to a number so large that its unit is 1, n stands in the last bits.
    """
    dtype = getattr(n, "dtype", n)
    bits, kind, whole = _FRACTION[dtype], kind_of(n), _whole(n)

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        x, n = spread(context, builder, signature, arguments, signature.return_type)
        raised = builder.bitcast(builder.fadd(n, constant(kind, 1.5 * 2.0**bits)), whole)
        added = builder.shl(raised, constant(whole, bits))
        return builder.bitcast(builder.add(builder.bitcast(x, whole), added), kind)

    return n(x, n), build


@intrinsic
def _fused(_context: Any, x: Any, y: Any, z: Any) -> Any:
    """Xy + z, rounded once."""
    kind, name = kind_of(x), suffix(x) if isinstance(x, Vector) else f"f{x.bitwidth}"

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        fused = function(builder, f"llvm.fma.{name}", kind, [kind] * 3)
        return builder.call(fused, spread(context, builder, signature, arguments, x))

    return x(x, y, z), build


def _polynomial(coefficients: list[Any]) -> Any:
    """c0 + c1 x + c2 x^2 + ..., pair by pair (Estrin), so that no multiplication waits for all before it."""
    terms, power, lines = [f"c{i}" for i in range(len(coefficients))], "x", ["def value(x):"]
    while len(terms) > 1:
        pairs = [f"({a} + {b} * {power})" for a, b in zip(terms[::2], terms[1::2], strict=False)]
        terms = pairs + ([terms[-1]] if len(terms) % 2 else [])
        if len(terms) > 1:
            lines.append(f"    {power}_2 = {power} * {power}")
            power += "_2"
    scope = {f"c{i}": c for i, c in enumerate(coefficients)}
    exec("\n".join([*lines, f"    return {terms[0]}"]), scope)  # written out, which Numba does not do by itself
    return _jit(scope["value"])


class _Numbers:
    """The numbers of a floating-point type that its functions are made of.

    Parameters
    ----------
    number : type
        ``np.float32`` or ``np.float64``.
    exp_terms, log_terms : int
        Terms of the series of e^r for |r| < ln(2)/2, and of the logarithm, in s^2 < 0.03.
    """

    def __init__(self, number: Any, exp_terms: int, log_terms: int) -> None:
        limits = np.finfo(number)
        self.largest, self.tiny = limits.max, limits.tiny
        self.zero, self.half, self.one, self.two = number(0.0), number(0.5), number(1.0), number(2.0)
        with localcontext(prec=60):
            ln2 = Decimal(2).ln()
            self.ln2 = number(ln2)
            self.ln2_rest = number(ln2 - Decimal(float(self.ln2)))
        self.log2_e = number(1.0 / math.log(2.0))
        self.unit = number(1.5 * 2.0**limits.nmant)  # next to it, a number keeps nothing behind the point
        self.most = number(elementary.largest_exponent(np.dtype(number)))
        self.largest_power = np.exp(self.most)
        self.least = number(math.log(self.tiny))
        self.least_of_expm1 = number(-40.0)  # nothing changes below
        inverse_factorials = [number(1.0 / math.factorial(k)) for k in range(exp_terms + 1)]
        self.first, self.second = _polynomial(inverse_factorials[2:6]), _polynomial(inverse_factorials[6:])
        self.widest_bell = number(elementary.WIDEST_BELL)
        self.four = number(4.0)
        self.erfcx = _polynomial([number(coefficient) for coefficient in elementary.ERFCX])
        self.log_tail = _polynomial([number(2.0 / (2 * k + 1)) for k in range(1, log_terms + 1)])


def _powers(numbers: _Numbers) -> dict[Callable[..., Any], Any]:
    """Compiled exp, expm1, tanh and bell."""
    zero, half, one, two, unit = numbers.zero, numbers.half, numbers.one, numbers.two, numbers.unit
    log2_e, ln2, ln2_rest, first, second = numbers.log2_e, numbers.ln2, numbers.ln2_rest, numbers.first, numbers.second
    most, least, least_of_expm1 = numbers.most, numbers.least, numbers.least_of_expm1
    largest_power, widest_bell = numbers.largest_power, numbers.widest_bell

    @_jit
    def reduced(z: Any) -> Any:
        """The n, t and d of z = n ln 2 + t - d: t without rounding, d so small that its square does not count."""
        n = (z * log2_e + unit) - unit  # rounded to a whole number
        return n, _fused(-n, ln2, z), n * ln2_rest

    @_jit
    def without_start(t: Any, square: Any) -> Any:
        """E^t - 1 - t, where ``square`` stands for t^2; in an order in which little waits for anything else."""
        power = t * t
        return second(t) * (square * (power * power)), first(t) * square

    @_jit
    def exp(z: Any) -> Any:
        n, t, d = reduced(z)
        start, square = one + t, t * t
        start, square = start - d * start, square - d * square
        far, near = without_start(t, square)
        power = _scaled(far + (near + start), n)
        return choose((z > most) | (z < least), choose(z > most, largest_power, zero), power)

    @_jit
    def expm1(z: Any) -> Any:
        z = choose(z > most, most, z)
        z = choose(z < least_of_expm1, least_of_expm1, z)
        n, t, d = reduced(z)
        r = t - d
        far, near = without_start(r, r * r)
        power = _scaled(one, n - one)
        return two * (power * (far + (near + r)) + (power - half))

    @_jit
    def tanh(z: Any) -> Any:
        e = expm1(-two * abs(z))
        t = -e / (two + e)
        return choose(z < zero, -t, t)

    @_jit
    def bell(z: Any) -> Any:
        z = abs(z)
        z = choose(z > widest_bell, widest_bell, z)
        square = half * z * z
        power = exp(-square)
        return power - power * _fused(half * z, z, -square)  # the square's own rounding

    return {elementary.exp: exp, elementary.expm1: expm1, elementary.tanh: tanh, elementary.bell: bell}


def _errors(numbers: _Numbers) -> dict[Callable[..., Any], Any]:
    """Compiled erfcx."""
    four, half, series = numbers.four, numbers.half, numbers.erfcx

    @_jit
    def erfcx(x: Any) -> Any:
        return series((x - four) / (x + four)) / (x + half)

    return {elementary.erfcx: erfcx}


def _logarithms(numbers: _Numbers) -> dict[Callable[..., Any], Any]:
    """Compiled log and log1p, and the quotient that stays finite."""
    half, one, two, tiny, largest = numbers.half, numbers.one, numbers.two, numbers.tiny, numbers.largest
    ln2, ln2_rest, log_tail = numbers.ln2, numbers.ln2_rest, numbers.log_tail

    @_jit
    def log_of_normal(x: Any) -> Any:
        n = _exponent(x)
        f = _scaled(x, -n) - one
        s = f / (two + f)  # ln(1 + f) = 2 (s + s^3/3 + s^5/5 + ...)
        square, h = s * s, half * f * f
        wrong = x - x  # not a number where x is none, else 0
        return n * ln2 - ((h - (s * (h + square * log_tail(square)) + n * ln2_rest)) - f) + wrong

    @_jit
    def log(x: Any) -> Any:
        return log_of_normal(choose(x < tiny, tiny, x))

    @_jit
    def log1p(x: Any) -> Any:
        u = one + x
        return log_of_normal(u) + (x - (u - one)) / u

    @_jit
    def quotient(x: Any, y: Any) -> Any:
        q = x / choose(y < tiny, tiny, y)
        q = choose(q > largest, largest, q)
        return choose(q < -largest, -largest, q)

    return {elementary.log: log, elementary.log1p: log1p, elementary.quotient: quotient}


_SINGLE = _Numbers(np.float32, exp_terms=7, log_terms=5)
_DOUBLE = _Numbers(np.float64, exp_terms=13, log_terms=11)
_PRECISE = {
    types.float32: _powers(_SINGLE) | _logarithms(_SINGLE) | _errors(_SINGLE),
    types.float64: _powers(_DOUBLE) | _logarithms(_DOUBLE) | _errors(_DOUBLE),
}


def _teach(function: Callable[..., Any]) -> None:
    """Have Numba take the one of the compiled functions that fits the type."""

    @overload(function, jit_options=OPTIONS)
    def of_one(x):
        compiled = _PRECISE[getattr(x, "dtype", x)][function]
        return lambda x: compiled(x)  # noqa: PLW0108 - an implementation is a plain function


for _function in _PRECISE[types.float64].keys() - {elementary.quotient}:
    _teach(_function)


@overload(elementary.quotient, jit_options=OPTIONS)
def _quotient(x, y):
    compiled = _PRECISE[getattr(y, "dtype", y)][elementary.quotient]
    return lambda x, y: compiled(x, y)  # noqa: PLW0108


@overload(elementary.absolute, jit_options=OPTIONS)
def _absolute(x):
    return lambda x: abs(x)  # noqa: PLW0108


@overload(elementary.sqrt, jit_options=OPTIONS)
def _sqrt(x):
    return lambda x: np.sqrt(x)  # noqa: PLW0108


@overload(elementary.maximum, jit_options=OPTIONS)
def _maximum(x, y):
    if not is_vector(x, y):
        return lambda x, y: y if x < y or np.isnan(y) else x  # what is not a number stays so
    return None


@overload(elementary.minimum, jit_options=OPTIONS)
def _minimum(x, y):
    if not is_vector(x, y):
        return lambda x, y: y if x > y or np.isnan(y) else x
    return None


teach_binary(elementary.maximum, lambda builder, x, y: _one_of(builder, ">", x, y))
teach_binary(elementary.minimum, lambda builder, x, y: _one_of(builder, "<", x, y))


def _one_of(builder: Any, comparison: str, x: Any, y: Any) -> Any:
    """X if it compares so to y, or is not a number; else y. The processor has an instruction for the inner choice."""
    chosen = builder.select(builder.fcmp_ordered(comparison, x, y), x, y)
    return builder.select(builder.fcmp_unordered("uno", x, x), x, chosen)


@overload(elementary.select, jit_options=OPTIONS)
def _select(condition, yes, no):
    return lambda condition, yes, no: choose(condition, yes, no)  # noqa: PLW0108
