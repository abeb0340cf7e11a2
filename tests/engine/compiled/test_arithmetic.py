"""Compiled elementary functions beside those in extended precision, and beside NumPy's where there are no digits."""

from decimal import Decimal

import numpy as np
import pytest
from numba import njit

from workings.algebra.evaluate import DECIMAL, evaluate
from workings.algebra.read import read
from workings.engine.compiled import arithmetic  # noqa: F401 - teaches Numba what is tested
from workings.engine.compiled.vectors import OPTIONS
from workings.network import elementary

USUAL, ULPS = 3.0, {"erfcx": 8.0}
RANGES = {
    "exp": [(-1, 1), (-80, 80), (-1e-4, 1e-4)],
    "expm1": [(-1, 1), (-80, 80), (-1e-4, 1e-4), (-0.4, 0.4)],
    "log": [(1e-30, 1e-20), (0.5, 2), (0.999, 1.001), (1, 1e10), (1e30, 3e38)],
    "log1p": [(0, 1), (-0.5, 0.5), (-1e-6, 1e-6), (0, 1e6)],
    "tanh": [(-1, 1), (-10, 10), (-1e-4, 1e-4)],
    "bell": [(-1, 1), (-13, 13), (-1e-4, 1e-4)],
    "erfcx": [(0, 1), (0, 10), (5, 100)],
}
EXACT = {
    "bell": lambda x: np.exp(-0.5 * x * x),
    "erfcx": lambda x: np.array([np.longdouble(str(exact_erfcx(str(each)))) for each in x]),
}


def exact_erfcx(x):
    """2 e^(x^2) times the share of a normal distribution below -x sqrt(2), to fifty digits."""
    return evaluate(read("2*e^(x^2)*Phi(-x*sqrt(2))"), lambda _: Decimal(x), DECIMAL)


def looped(function):
    @njit(**OPTIONS)
    def loop(x, result):
        for i in range(x.size):
            result[i] = function(x[i])

    def over(x):
        result = np.empty_like(x)
        loop(x, result)
        return result

    return over


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", RANGES)
def test_they_are_right_to_the_last_digits(name, dtype):
    over, generator = looped(getattr(elementary, name)), np.random.default_rng(0)
    for low, high in RANGES[name]:
        x = generator.uniform(low, high, 1_000 if name in ULPS else 100_000).astype(dtype)
        exact = EXACT.get(name) or getattr(np, name)
        exact = exact(x.astype(np.longdouble))
        unit = np.spacing(np.abs(exact).astype(dtype)).astype(np.longdouble)
        assert np.max(np.abs(over(x).astype(np.longdouble) - exact) / unit) <= ULPS.get(name, USUAL), (low, high)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", RANGES)
def test_they_saturate_where_numpy_s_do_and_pass_on_what_is_no_number(name, dtype):
    limits = np.finfo(dtype)
    is_for_positive = name.startswith("log") or name == "erfcx"
    x = np.array([0.0, limits.max, limits.tiny, 1000.0, *([] if is_for_positive else [-limits.max])], dtype)
    function = getattr(elementary, name)
    with np.errstate(all="ignore"):
        assert looped(function)(x) == pytest.approx(function(x), rel=float(4 * limits.eps))
    assert np.isnan(looped(function)(np.array([np.nan], dtype))).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_choices_and_quotients_are_numpy_s(dtype):
    generator = np.random.default_rng(1)
    x, y = generator.normal(size=(2, 1000)).astype(dtype)
    y[:3], x[3:5] = (0.0, -1.0, np.nan), (np.nan, 1e30)
    for name in ("maximum", "minimum", "quotient"):
        function = getattr(elementary, name)

        @njit(**OPTIONS)
        def loop(x, y, result, function=function):
            for i in range(x.size):
                result[i] = function(x[i], y[i])

        result = np.empty_like(x)
        loop(x, y, result)
        with np.errstate(all="ignore"):
            assert np.array_equal(result, function(x, y).astype(dtype), equal_nan=True), name
