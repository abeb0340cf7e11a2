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
    return np.exp(np.minimum(z, _largest_exponent(_dtype(z))))


def log(x: Array) -> Array:
    """The natural logarithm; of 0 (and below) that of the smallest positive normal number."""
    return np.log(np.maximum(x, np.finfo(_dtype(x)).tiny))


def log1p(x: Array) -> Array:
    """ln(1 + x), exact for small x."""
    return np.log1p(x)


def tanh(z: Array) -> Array:
    """The hyperbolic tangent."""
    return np.tanh(z)


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


def _dtype(x: Array) -> np.dtype[Any]:
    dtype = np.asarray(x).dtype
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


@cache
def _largest_exponent(dtype: np.dtype[Any]) -> Any:
    rounded_up = np.log(np.finfo(dtype).max)  # in float32
    return np.nextafter(rounded_up, 0 * rounded_up)
