"""The BLAS that SciPy brings, which is also the one that we call."""

import numpy as np
from scipy.linalg.blas import sgemm

from benchmarks.engines.products import only_products


def begin(case, X, Y, weights):
    return only_products(case, X, weights, multiply)


def multiply(A, B, C):
    """C = A B; it counts by columns, so it is given C^T = B^T A^T."""
    (a, turn_a), (b, turn_b) = by_columns(B), by_columns(A)
    made = sgemm(1.0, a, b, c=C.T, trans_a=turn_a, trans_b=turn_b, overwrite_c=True)
    assert np.shares_memory(made, C)  # else it has copied something, and its time is not that of the product


def by_columns(array):
    """The array turned around, as columns without a copy, and whether it must be turned around again for that."""
    return (array.T, False) if array.flags.c_contiguous else (array, True)
