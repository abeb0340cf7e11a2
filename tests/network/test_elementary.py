"""The scalar functions saturate where others overflow, and keep the precision they are given."""

import numpy as np
import pytest

from workings.network.elementary import absolute, exp, log, log1p, maximum, minimum, quotient, select, tanh

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@DTYPES
def test_exp_stops_at_the_largest_number(dtype):
    limits = np.finfo(dtype)
    z = np.array([0.0, 1.0, 1e4, -1e4], dtype)
    assert exp(z)[2] == pytest.approx(limits.max, rel=1e-4)
    assert np.isfinite(exp(z)).all()
    assert exp(z)[:2] == pytest.approx([1.0, np.e])
    assert exp(z)[3] == 0.0


@DTYPES
def test_log_of_nothing_is_a_number(dtype):
    x = np.array([0.0, -1.0, 1.0, np.e], dtype)
    assert log(x)[:2] == pytest.approx(np.log(np.finfo(dtype).tiny))
    assert log(x)[2:] == pytest.approx([0.0, 1.0])


@DTYPES
def test_a_quotient_by_nothing_is_a_number(dtype):
    found = quotient(np.array([1.0, -1.0, 0.0, 6.0], dtype), np.array([0.0, 0.0, 0.0, 3.0], dtype))
    assert found.tolist()[2:] == [0.0, 2.0]
    assert found[0] == -found[1] == pytest.approx(1 / np.finfo(dtype).tiny)
    assert quotient(dtype(1e30), dtype(0.0)) == np.finfo(dtype).max


@DTYPES
def test_the_precision_is_kept(dtype):
    x = np.array([0.5, 2.0], dtype)
    for found in (exp(x), log(x), log1p(x), tanh(x), absolute(x), maximum(x, 0.0), minimum(x, 1.0), quotient(x, x)):
        assert found.dtype == dtype
    assert select(x > 1, x, 0.0 * x).dtype == dtype


def test_whole_numbers_count_as_float64():
    assert exp(1) == pytest.approx(np.e)
    assert log(np.array([1, 2])).dtype == np.float64


def test_log1p_keeps_the_digits_of_a_small_number():
    assert log1p(1e-18) == 1e-18


def test_select_looks_at_each_entry():
    assert select(np.array([True, False]), np.array([1.0, 2.0]), np.array([3.0, 4.0])).tolist() == [1.0, 4.0]
