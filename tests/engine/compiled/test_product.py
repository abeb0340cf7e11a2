"""Products beside NumPy's, for every shape, and without touching what lies beside the result."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from workings.engine.compiled.calls import call_product
from workings.engine.compiled.product import COLUMNS, MOST_UNPACKED, ROOM, ROWS, TERMS, product_address
from workings.engine.compiled.tile import OPTIONS

SIZE = st.integers(1, 40)
FACTOR = st.sampled_from([0.0, 1.0, 0.5])
SEED = st.integers(0, 2**32 - 1)


@njit(**OPTIONS)
def _product(  # noqa: PLR0917
    address, C, c, ldc, P, p, row, term, Q, q, q_term, q_column, n_rows, n_terms, n_columns, alpha, beta, room,
):  # fmt: skip
    call_product(
        address, C, c, ldc, P, p, row, term, Q, q, q_term, q_column, n_rows, n_terms, n_columns, alpha, beta, room, 0
    )  # fmt: skip


def product(C, *others):
    _product(product_address(C.dtype.name), C, *others, np.empty(ROOM, C.dtype))


def check(dtype, shape, beta, seed, *, p_is_turned, q_is_turned):
    n_rows, n_terms, n_columns = shape
    generator = np.random.default_rng(seed)
    P, Q, C = (
        generator.normal(size=shape).astype(dtype)
        for shape in ((n_rows, n_terms), (n_terms, n_columns), (n_rows, n_columns + 3))
    )
    before = C.copy()
    flat_p = (np.ascontiguousarray(P.T) if p_is_turned else P).ravel()
    flat_q = (np.ascontiguousarray(Q.T) if q_is_turned else Q).ravel()
    p_strides = (1, n_rows) if p_is_turned else (n_terms, 1)
    q_strides = (1, n_terms) if q_is_turned else (n_columns, 1)
    product(
        C.ravel(), 1, n_columns + 3, flat_p, 0, *p_strides, flat_q, 0, *q_strides, n_rows, n_terms, n_columns,
        dtype(-0.5), dtype(beta),
    )  # fmt: skip
    expected = before.astype(np.float64)
    expected[:, 1 : n_columns + 1] *= beta
    expected[:, 1 : n_columns + 1] -= 0.5 * (P.astype(np.float64) @ Q)
    terms = np.abs(P).astype(np.float64) @ np.abs(Q) + np.abs(before[:, 1 : n_columns + 1])
    wrong = np.abs(C - expected)
    assert (wrong[:, 1 : n_columns + 1] <= 4 * n_terms * np.finfo(dtype).eps * terms).all()
    assert not wrong[:, [0, -2, -1]].any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@settings(deadline=None, max_examples=150)
@given(SIZE, SIZE, SIZE, FACTOR, SEED, st.booleans(), st.booleans())
def test_a_product_of_any_shape(dtype, n_rows, n_terms, n_columns, beta, seed, p_is_turned, q_is_turned):  # noqa: PLR0917
    check(dtype, (n_rows, n_terms, n_columns), beta, seed, p_is_turned=p_is_turned, q_is_turned=q_is_turned)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("p_is_turned", [False, True])
@pytest.mark.parametrize("q_is_turned", [False, True])
@pytest.mark.parametrize("beta", [0.0, 0.5])
@pytest.mark.parametrize("shape", [(6 * ROWS + 1, TERMS + 1, COLUMNS + 1), (11 * ROWS - 5, 3 * TERMS - 7, 77)])
def test_a_product_of_several_blocks(dtype, p_is_turned, q_is_turned, beta, shape):
    assert np.prod(shape) > MOST_UNPACKED
    check(dtype, shape, beta, 0, p_is_turned=p_is_turned, q_is_turned=q_is_turned)


@pytest.mark.parametrize("q_is_turned", [False, True])
def test_a_product_without_terms_leaves_beta_times_what_was_there(q_is_turned):
    nothing, C = np.empty(0), np.array([2.0])
    product(C, 0, 1, nothing, 0, 0, 1, nothing, 0, 1, 1 + q_is_turned, 1, 0, 1, 1.0, 0.5)
    assert C.tolist() == [1.0]


def test_what_was_there_counts_only_where_it_is_asked_for():
    one, C = np.ones(1), np.array([np.nan])
    product(C, 0, 1, one, 0, 1, 1, one, 0, 1, 1, 1, 1, 1, 2.0, 0.0)
    assert C.tolist() == [2.0]
