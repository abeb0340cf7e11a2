"""The tile's products beside NumPy's, for every shape, and without touching what lies beside the result."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from workings.engine.compiled.calls import call_product
from workings.engine.compiled.tile import OPTIONS, product_address

SIZE = st.integers(1, 40)


@njit(**OPTIONS)
def _product(address, C, c, ldc, P, p, row, term, Q, q, ldq, n_rows, n_terms, n_columns, alpha, beta):  # noqa: PLR0917
    call_product(address, C, c, ldc, P, p, row, term, Q, q, ldq, n_rows, n_terms, n_columns, alpha, beta)


def product(C, *others):
    _product(product_address(C.dtype.name), C, *others)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@settings(deadline=None, max_examples=150)
@given(SIZE, SIZE, SIZE, st.sampled_from([0.0, 1.0, 0.5]), st.integers(0, 2**32 - 1), st.booleans())
def test_a_product_of_any_shape(dtype, n_rows, n_terms, n_columns, beta, seed, is_turned):  # noqa: PLR0917
    generator = np.random.default_rng(seed)
    P, Q, C = (
        generator.normal(size=shape).astype(dtype)
        for shape in ((n_rows, n_terms), (n_terms, n_columns), (n_rows, n_columns + 3))
    )
    before = C.copy()
    flat = (np.ascontiguousarray(P.T) if is_turned else P).ravel()
    row, term = (1, n_rows) if is_turned else (n_terms, 1)
    product(
        C.ravel(), 1, n_columns + 3, flat, 0, row, term, Q.ravel(), 0, n_columns,
        n_rows, n_terms, n_columns, dtype(-0.5), dtype(beta),
    )  # fmt: skip
    expected = before.astype(np.float64)
    expected[:, 1 : n_columns + 1] *= beta
    expected[:, 1 : n_columns + 1] -= 0.5 * (P.astype(np.float64) @ Q)
    terms = np.abs(P).astype(np.float64) @ np.abs(Q) + np.abs(before[:, 1 : n_columns + 1])
    wrong = np.abs(C - expected)
    assert (wrong[:, 1 : n_columns + 1] <= 4 * n_terms * np.finfo(dtype).eps * terms).all()
    assert not wrong[:, [0, -2, -1]].any()


def test_what_was_there_counts_only_where_it_is_asked_for():
    one, C = np.ones(1), np.array([np.nan])
    product(C, 0, 1, one, 0, 1, 1, one, 0, 1, 1, 1, 1, 2.0, 0.0)
    assert C.tolist() == [2.0]
