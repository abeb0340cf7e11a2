"""What activations make of z, and how steeply: numbers that keep their digits for every z.

Made of the functions in ``elementary.py``, so that they run on one number, on arrays, and in compiled code.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from workings.network.elementary import (
    Array,
    absolute,
    bell,
    erfcx,
    exp,
    largest,
    select,
    sum_of_others,
    total,
)

ROOT_OF_HALF = math.sqrt(0.5)
TOP_OF_NORMAL = 1.0 / math.sqrt(2.0 * math.pi)
"""The density of the normal distribution at 0, where it is largest."""


def one_like(z: Array) -> Any:
    """1, or an array of them, in the number type of z."""
    return z * 0.0 + 1.0


def sigmoid(z: Array) -> Array:
    """1/(1 + e^-z) by way of e^-|z|, which never overflows."""
    e = exp(-absolute(z))
    return select(z >= 0, 1.0, e) / (1.0 + e)


def sigmoid_derivative(z: Array, a: Array) -> Array:
    """e/(1 + e)^2 with e = e^-|z|; a(1 - a) loses its digits where a is nearly 1."""
    e = exp(-absolute(z))
    return e / ((1.0 + e) * (1.0 + e))


def tanh_derivative(z: Array, a: Array) -> Array:
    """4e/(1 + e)^2 with e = e^-2|z|; 1 - a^2 loses its digits where a is nearly 1 or -1."""
    e = exp(-2.0 * absolute(z))
    return 4.0 * e / (1.0 + e) ** 2


def power(z: Array, top: Array) -> Array:
    """e^z, with the largest z of the row taken off first, so that no power overflows."""
    return exp(z - top)


def softmax(z: Array) -> Array:
    """Row by row the share of each power in their sum."""
    powers = power(z, largest(z))
    return powers / total(powers)


def softmax_jacobian(z: Array, a: Array) -> Array:
    """da_j/dz_k = a_j(1 - a_j) where j = k, else -a_j a_k."""
    jacobian = -a[..., :, None] * a[..., None, :]
    diagonal = np.arange(a.shape[-1])
    jacobian[..., diagonal, diagonal] = a * sum_of_others(a)
    return jacobian


def normal_share(z: Array) -> Array:
    """The share of the normal distribution below z; far below 0 by way of its tail, which keeps all its digits."""
    tail = 0.5 * bell(z) * erfcx(ROOT_OF_HALF * absolute(z))
    return select(z < 0, tail, 1.0 - tail)


def gelu(z: Array) -> Array:
    """Z times the share of the normal distribution below z."""
    return z * normal_share(z)


def gelu_derivative(z: Array, a: Array) -> Array:
    """The share below z, and z times the density there."""
    return normal_share(z) + TOP_OF_NORMAL * (z * bell(z))
