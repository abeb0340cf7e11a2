"""Rounding on the decimal digits, as people do it."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workings.algebra.rounding import MODES, Rounding, decimal_of, written


@pytest.mark.parametrize(
    ("value", "digits", "half_up", "half_even", "truncated"),
    [
        (2.675, 2, "2.68", "2.68", "2.67"),  # the float is below 2.675; what is written is not
        (2.665, 2, "2.67", "2.66", "2.66"),
        (-2.665, 2, "-2.67", "-2.66", "-2.66"),
        (0.125, 2, "0.13", "0.12", "0.12"),
        (0.5, 0, "1", "0", "0"),
        (1.5, 0, "2", "2", "1"),
        (-0.5, 0, "-1", "-0", "-0"),
        (0.00004, 4, "0.0000", "0.0000", "0.0000"),
        (-0.00004, 4, "-0.0000", "-0.0000", "-0.0000"),
        (0.99996, 4, "1.0000", "1.0000", "0.9999"),
        (8.7, 4, "8.7000", "8.7000", "8.7000"),
        (1e-20, 3, "0.000", "0.000", "0.000"),
        (1e22, 2, "10000000000000000000000.00", "10000000000000000000000.00", "10000000000000000000000.00"),
        (Decimal("0.12345"), 4, "0.1235", "0.1234", "0.1234"),
        (3, 2, "3.00", "3.00", "3.00"),
    ],
)
def test_decimals(value, digits, half_up, half_even, truncated):
    shown = [Rounding(digits, mode=mode).show(value) for mode in ("half-up", "half-even", "truncate")]
    assert shown == [half_up, half_even, truncated]


@pytest.mark.parametrize(
    ("value", "figures", "shown"),
    [
        (0.0123456, 3, "0.0123"),
        (123456.0, 3, "123000"),
        (0.9996, 3, "1.00"),
        (9.996, 3, "10.0"),
        (99.95, 3, "100"),
        (0.0, 3, "0.00"),
        (-0.00099951, 3, "-0.00100"),
        (2.87, 3, "2.87"),
        (2.5, 1, "3"),
        (4.2e-18, 2, "4.2e-18"),
        (4.25e20, 2, "4.3e20"),
    ],
)
def test_significant_figures(value, figures, shown):
    found = Rounding(figures=figures)
    assert Decimal(found.show(value)) == Decimal(shown)
    if abs(value) < 1e5:
        assert found.show(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.29837110876000272, "0.298371109"),
        (0.0000351018780, "0.0000351018780"),
        (0.015913620470, "0.015913620"),
        (-0.00043856773447434673, "-0.000438568"),
        (0.00001, "0.0000100000000"),
        (0.0, "0.000000000"),
        (2.0, "2.000000000"),
        (4.248e-18, "4.24800000e-18"),
        (1e20, "1.00000000e20"),
        (float("inf"), "inf"),
        (float("-inf"), "-inf"),
        (float("nan"), "nan"),
    ],
)
def test_nine_decimals_unless_told_otherwise_and_nine_figures_for_small_numbers(value, shown):
    assert Rounding().show(value) == shown


def test_what_is_not_finite_is_left_alone():
    assert str(Rounding(2)(float("inf"))) == "Infinity"


@given(st.floats(-1e9, 1e9), st.integers(0, 8), st.sampled_from(sorted(MODES)))
def test_a_rounded_number_is_less_than_a_unit_away_and_stays_when_rounded_again(value, digits, mode):
    rounding = Rounding(digits, mode=mode)
    rounded, unit = rounding(value), Fraction(1, 10**digits)
    away = abs(Fraction(rounded) - Fraction(decimal_of(value)))
    assert away < unit if mode == "truncate" else away <= unit / 2
    assert rounding(rounded) == rounded
    assert -rounded.as_tuple().exponent == digits


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_means_the_same_number(value):
    assert float(written(value)) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (2.0, "2"),
        (-0.038, "-0.038"),
        (1e-7, "0.0000001"),
        (1e-20, "1e-20"),
        (1.5e300, "1.5e300"),
        (123456789.0, "123456789"),
        (0.0, "0"),
        (float("inf"), "Infinity"),
        (Decimal("0.50"), "0.5"),
    ],
)
def test_the_shortest_digits(value, text):
    assert written(value) == text


def test_a_float_is_the_number_that_is_printed_for_it():
    assert decimal_of(0.1) == Decimal("0.1")
    assert decimal_of(Decimal("0.10")) == Decimal("0.10")
    assert decimal_of(2) == Decimal(2)
