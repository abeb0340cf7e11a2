"""The scalar functions that every activation and loss is made of; they saturate instead of overflowing.

Records call only these, so that each record runs on one number, on a whole array, and later in compiled code.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

Array = Any
"""A float32 or float64 NumPy array, or one number of that kind."""


def exp(z: Array) -> Array:
    """e^z, at most the largest finite number of the dtype."""
    return np.exp(np.minimum(z, largest_exponent(_dtype(z))))


def expm1(z: Array) -> Array:
    """e^z - 1, exact for small z; at most the largest finite number of the dtype."""
    return np.expm1(np.minimum(z, largest_exponent(_dtype(z))))


def log(x: Array) -> Array:
    """The natural logarithm; of 0 (and below) that of the smallest positive normal number."""
    return np.log(np.maximum(x, np.finfo(_dtype(x)).tiny))


def log1p(x: Array) -> Array:
    """ln(1 + x), exact for small x."""
    return np.log1p(x)


def tanh(z: Array) -> Array:
    """The hyperbolic tangent."""
    return np.tanh(z)


ERFCX = (
    0.6164975593127763, -0.06981055842028125, 0.007689826051310013, 0.03404852712734575, -0.05051953301816207,
    0.04686641749919928, -0.03316518290583406, 0.018583757768297297, -0.008098867032864472, 0.0025159849931924165,
    -0.00037888661052564246, -9.962836936920611e-05, 7.531065703134256e-05, -1.2199544423830078e-05,
    -5.610386348894249e-06, 2.85479542970852e-06, 1.4547235433316337e-07, -4.128164331360943e-07,
    3.944088558703297e-08, 5.55073565778297e-08, -1.0934231288070729e-08, -7.756657808943053e-09,
    1.9754396270833423e-09, 1.1239056832456843e-09, -2.688566910515897e-10, -1.449791078737889e-10,
    2.090410869837772e-11, 1.1295771618330472e-11,
)  # fmt: skip
"""Of the powers of t = (x - 4)/(x + 4) in (x + 1/2) erfcx(x), from its Chebyshev series worked out to sixty digits.

After Shepherd and Laframboise, Chebyshev approximation of (1 + 2x) exp(x^2) erfc(x) in 0 <= x < infinity, 1981.
"""


def erfcx(x: Array) -> Array:
    """e^(x^2) erfc(x) for x >= 0: the complementary error function without what makes it small."""
    t = (x - 4.0) / (x + 4.0)
    series = 0.0 * t
    for coefficient in reversed(ERFCX):
        series = series * t + coefficient
    return series / (x + 0.5)


def bell(z: Array) -> Array:
    """e^(-z^2/2), right to the last digits where z^2 has none to spare; the square of a number of few digits has."""
    z = np.minimum(np.abs(z), WIDEST_BELL)
    short = np.rint(16.0 * z) / 16.0
    return np.exp(-0.5 * short * short) * np.exp(0.5 * (short - z) * (short + z))


WIDEST_BELL = 64.0
"""Where it has long been 0, also in float64."""


def sqrt(x: Array) -> Array:
    """The square root."""
    return np.sqrt(x)


def absolute(x: Array) -> Array:
    """|x|."""
    return np.abs(x)


def maximum(x: Array, y: Array) -> Array:
    """The larger of two numbers."""
    return np.maximum(x, y)


def minimum(x: Array, y: Array) -> Array:
    """The smaller of two numbers."""
    return np.minimum(x, y)


def select(condition: Array, yes: Array, no: Array) -> Array:
    """``yes`` where the condition holds, else ``no``; both sides are computed, nothing branches."""
    return np.where(condition, yes, no)


def quotient(x: Array, y: Array) -> Array:
    """X / y for y >= 0, with y kept away from 0 by the smallest positive normal number."""
    limits = np.finfo(_dtype(y))
    with np.errstate(over="ignore"):
        return np.clip(x / np.maximum(y, limits.tiny), -limits.max, limits.max)


def largest(row: Array) -> Array:
    """The largest entry of a row, of each row of many; it goes with every entry."""
    return np.max(row, axis=-1, keepdims=True)


def total(row: Array) -> Array:
    """The sum of a row, of each row of many; it goes with every entry."""
    return np.sum(row, axis=-1, keepdims=True)


def sum_of_others(row: Array) -> Array:
    """For each entry the sum of all the others of its row: 1 - a of a softmax, without cancellation.

    What stands before it and what stands after it are summed up from either end; in float64, because each sum carries
    the rounding of the one before.
    """
    before, after = np.zeros_like(row, np.float64), np.zeros_like(row, np.float64)
    np.cumsum(row[..., :-1], axis=-1, dtype=np.float64, out=before[..., 1:])
    np.cumsum(row[..., :0:-1], axis=-1, dtype=np.float64, out=after[..., -2::-1])
    return (before + after).astype(row.dtype)


def _dtype(x: Array) -> np.dtype[Any]:
    dtype = np.asarray(x).dtype
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


@cache
def largest_exponent(dtype: np.dtype[Any]) -> Any:
    """The largest z of which e^z is finite."""
    rounded_up = np.log(np.finfo(dtype).max)  # in float32
    return np.nextafter(rounded_up, 0 * rounded_up)
