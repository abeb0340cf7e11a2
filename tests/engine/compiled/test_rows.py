"""Rows of every length beside NumPy's, without touching what lies beside the result."""

import numpy as np
import pytest
from numba import njit

from workings.engine.compiled import rows as module
from workings.engine.compiled.tile import OPTIONS

SHAPES = [(1, 1), (3, 2), (7, 16), (8, 8), (16, 17), (20, 33), (35, 5)]
GUARD = 7.0


def callable_from_python(function):
    return njit(**OPTIONS)(lambda *arguments: function(*arguments))  # noqa: PLW0108 - itself it is for compiled code


functions = module.gather, module.fill, module.add_up, module.sum_rows, module.turn_rows
gather, fill, add_up, sum_rows, turn_rows = map(callable_from_python, functions)


def arrays(n_rows, n, dtype):
    """Rows with two numbers between them, and the same as a flat array with a guard on each side."""
    rows = np.random.default_rng(n).standard_normal((n_rows, n)).astype(dtype)
    flat = np.full(n_rows * (n + 2) + 1, GUARD, dtype)
    flat[1:].reshape(n_rows, n + 2)[:, :n] = rows
    return rows, flat


def own_rows(flat, n_rows, n):
    """The rows, where nothing beside them was touched."""
    shaped = flat[1:].reshape(n_rows, n + 2)
    assert flat[0] == GUARD
    assert (shaped[:, n:] == GUARD).all()
    return shaped[:, :n]


@pytest.mark.parametrize(("n_rows", "n"), SHAPES)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
class TestRows:
    def test_gathered(self, n_rows, n, dtype):
        source = np.arange(5 * n, dtype=dtype).reshape(5, n)
        rows, work = np.arange(n_rows) * 3 % 5, np.full(n_rows * n + 2, GUARD, dtype)
        gather(source, rows, work, 1, 0, n_rows)
        assert (work[1:-1].reshape(n_rows, n) == source[rows]).all()
        assert (work[[0, -1]] == GUARD).all()

    def test_filled(self, n_rows, n, dtype):
        _, flat = arrays(n_rows, n, dtype)
        biases = np.arange(n + 1, dtype=dtype)
        fill(flat, 1, n + 2, n_rows, biases, 1, n)
        assert (own_rows(flat, n_rows, n) == biases[1:]).all()

    def test_added_up(self, n_rows, n, dtype):
        _, flat = arrays(n_rows, n, dtype)
        size = n_rows * (n + 2)
        given = np.random.default_rng(0).standard_normal((3, n_rows, n + 2)).astype(dtype)
        work = np.concatenate([flat, given.ravel()])
        add_up(work, 1, flat.size, size, 3, n + 2, n_rows, n)
        expected = (given[0] + given[1] + given[2])[:, :n]
        assert (own_rows(work[: flat.size], n_rows, n) == expected).all()

    @pytest.mark.parametrize("is_added", [True, False])
    def test_summed(self, n_rows, n, dtype, is_added):
        rows, flat = arrays(n_rows, n, dtype)
        sums = np.full(n + 2, GUARD, dtype)
        sum_rows(sums, 1, n, flat, 1, n + 2, n_rows, dtype(-0.5), is_added)
        expected = -0.5 * rows.astype(np.float64).sum(0) + (GUARD if is_added else 0.0)
        assert np.allclose(sums[1:-1], expected, rtol=0, atol=20 * n_rows * np.finfo(dtype).eps)
        assert (sums[[0, -1]] == GUARD).all()

    def test_turned_around(self, n_rows, n, dtype):
        rows, flat = np.arange(n_rows * n, dtype=dtype).reshape(n_rows, n), np.full(n * (n_rows + 2) + 1, GUARD, dtype)
        turn_rows(flat, 1, n_rows + 2, rows.ravel(), 0, n_rows, n)
        assert (own_rows(flat, n, n_rows) == rows.T).all()
