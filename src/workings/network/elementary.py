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
