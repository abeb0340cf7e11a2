"""The BLAS that NumPy brings."""

import numpy as np

from benchmarks.engines.products import only_products


def begin(case, X, Y, weights):
    return only_products(case, X, weights, lambda A, B, C: np.matmul(A, B, out=C))
