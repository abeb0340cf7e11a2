"""The scalar functions saturate where others overflow, and keep the precision they are given."""

import numpy as np
import pytest
from scipy import special

from workings.network.elementary import (
    absolute,
    bell,
    erfcx,
    exp,
    log,
    log1p,
    maximum,
    minimum,
    quotient,
    select,
    tanh,
)

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
    for found in (
        bell(x),
        erfcx(x),
        exp(x),
        log(x),
        log1p(x),
        tanh(x),
        absolute(x),
        maximum(x, 0.0),
        minimum(x, 1.0),
        quotient(x, x),
    ):
        assert found.dtype == dtype
    assert select(x > 1, x, 0.0 * x).dtype == dtype


ERFCX_TABLE = [  # worked out elsewhere, to sixty digits
    (0.0, 1.0),
    (1e-9, 0.9999999988716208),
    (0.1, 0.8964569799691267),
    (0.5, 0.6156903441929259),
    (1.0, 0.427583576155807),
    (2.0, 0.25539567631050575),
    (3.75, 0.14558972127503855),
    (5.0, 0.11070463773306863),
    (7.071067811865475, 0.07901338820277201),
    (20.0, 0.02817434874105132),
    (100.0, 0.005641613782989433),
    (1e5, 5.6418958351954685e-06),
    (1e10, 5.641895835477563e-11),
]


@DTYPES
def test_erfcx_is_right_to_the_last_digits(dtype):
    x, expected = np.array(ERFCX_TABLE).T
    limits = np.finfo(dtype)
    exact = dtype(x) == x
    assert erfcx(dtype(x))[exact] == pytest.approx(expected[exact], rel=float(6 * limits.eps))
    assert erfcx(np.array([limits.max]))[0] < 1e-35


def test_erfcx_is_scipy_s():
    x = np.concatenate([np.linspace(0.0, 10.0, 10_001), np.geomspace(10.0, 1e300, 1000)])
    assert erfcx(x) == pytest.approx(special.erfcx(x), rel=2e-15)


@DTYPES
def test_the_bell_is_right_to_the_last_digits_where_its_exponent_is_large(dtype):
    z = np.linspace(-13.0, 13.0, 10_001).astype(dtype)
    exact = np.exp(-0.5 * z.astype(np.longdouble) ** 2)
    assert np.max(np.abs(bell(z) / exact - 1.0)) <= 3 * np.finfo(dtype).eps
    assert bell(np.array([-1e30, 1e30], dtype)).tolist() == [0.0, 0.0]
    assert bell(dtype(0.0)) == 1.0


def test_whole_numbers_count_as_float64():
    assert exp(1) == pytest.approx(np.e)
    assert log(np.array([1, 2])).dtype == np.float64


def test_log1p_keeps_the_digits_of_a_small_number():
    assert log1p(1e-18) == 1e-18


def test_select_looks_at_each_entry():
    assert select(np.array([True, False]), np.array([1.0, 2.0]), np.array([3.0, 4.0])).tolist() == [1.0, 4.0]
