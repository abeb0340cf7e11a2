import ctypes

import numpy as np
import pytest

from workings.engine.compiled.loops import end_loop
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.pairs import PAIRS

SOFTMAX, CROSS_ENTROPY = ACTIVATIONS["softmax"], LOSSES["cross_entropy"]
GUARD = 7.0
"""Stands before and after what may be written."""


def end(Y, Z, scale):
    """The cost and dC/dz as compiled, of arrays of shape (n_rows, n)."""
    number = Z.dtype.type
    loop = end_loop(SOFTMAX, CROSS_ENTROPY, PAIRS["softmax", "cross_entropy"], number)
    kind = ctypes.c_float if number is np.float32 else ctypes.c_double
    call = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_void_p] * 3, *[ctypes.c_ssize_t] * 2, kind)(loop.address)
    guarded = np.full((3, Z.size + 2), GUARD, number)
    guarded[0, 1:-1], guarded[1, 1:-1] = Y.ravel(), Z.ravel()
    cost = call(*(row[1:].ctypes.data for row in guarded), *Z.shape, scale)
    assert (guarded[:, [0, -1]] == GUARD).all()
    assert (guarded[0, 1:-1] == Y.ravel()).all()
    return cost, guarded[1, 1:-1].reshape(Z.shape)


def expected(Y, Z, scale):
    pair, Y, Z = PAIRS["softmax", "cross_entropy"], Y.astype(np.float64), Z.astype(np.float64)
    return pair.value(Y, Z, SOFTMAX.value(Z)).sum(), scale * pair.delta(Y, Z, SOFTMAX.value(Z))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("n", [1, 2, 3, 8, 10, 16, 17, 33, 64, 65, 100, 128])
def test_samples_side_by_side_and_alone_are_those_of_the_record(n, dtype):
    generator, digits = np.random.default_rng(n), float(np.finfo(dtype).eps)
    for n_rows in (1, 2, 7, 8, 9, 16, 17, 35):
        for spread in (1.0, 30.0):
            Z = (spread * generator.standard_normal((n_rows, n))).astype(dtype)
            Y = generator.random((n_rows, n)).astype(dtype)  # need not add up to 1
            (cost, delta), (true_cost, true_delta) = end(Y, Z, 0.25), expected(Y, Z, 0.25)
            # a share is the difference of two logarithms as large as z
            assert cost == pytest.approx(true_cost, rel=4 * digits, abs=8 * digits * n * n_rows * max(1.0, spread))
            assert np.abs(delta - true_delta).max() <= 8 * digits * n**0.5 * np.abs(true_delta).max()


@pytest.mark.parametrize("n", [2, 10, 70])
def test_an_output_that_is_all_but_sure_keeps_the_digits_of_its_error(n):
    Z, Y = np.zeros((5, n)), np.zeros((5, n))
    Z[:, 1], Y[:, 1] = 40.0, 1.0
    _, delta = end(Y, Z, 1.0)
    assert delta[:, 1] == pytest.approx(-(n - 1) * np.exp(-40.0), rel=1e-13)


@pytest.mark.parametrize("n", [3, 70])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_shows_in_the_cost(n, bad):
    for n_rows in (1, 4):
        Z, Y = np.zeros((n_rows, n)), np.zeros((n_rows, n))
        Y[:, 0], Z[-1, n - 1] = 1.0, bad
        assert not np.isfinite(end(Y, Z, 1.0)[0])
