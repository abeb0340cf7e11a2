"""Intervals surely contain the result, whatever is done to what they contain."""

import math
import operator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workings.algebra.interval import Interval
from workings.errors import ExpressionError

numbers = st.floats(-1e6, 1e6)


@st.composite
def intervals(draw):
    """An interval and a number in it."""
    low, high = sorted((draw(numbers), draw(numbers)))
    return Interval(low, high), draw(st.floats(low, high))


def holds(interval: Interval, exact: Fraction) -> bool:
    above_low = interval.low == -math.inf or Fraction(interval.low) <= exact
    return above_low and (interval.high == math.inf or exact <= Fraction(interval.high))


@given(intervals(), intervals())
@pytest.mark.parametrize("operation", [operator.add, operator.sub, operator.mul], ids=lambda f: f.__name__)
def test_the_exact_result_is_contained(operation, first, second):
    (one, a), (other, b) = first, second
    assert holds(operation(one, other), operation(Fraction(a), Fraction(b)))


@given(intervals(), intervals())
def test_an_exact_quotient_is_contained(first, second):
    (one, a), (other, b) = first, second
    assume(0 not in other)
    assert holds(one / other, Fraction(a) / Fraction(b))


@given(intervals(), st.integers(0, 5))
def test_a_whole_power_is_contained(given_interval, exponent):
    interval, a = given_interval
    assert holds(interval.power(Interval.around(float(exponent))), Fraction(a) ** exponent)


@given(intervals())
def test_the_other_operations(given_interval):
    interval, a = given_interval
    assert -a in -interval
    assert abs(a) in abs(interval)
    assert holds(2.0 + interval, 2 + Fraction(a))
    assert max(a, 1.0) in interval.larger(Interval(1.0, 1.0))
    assert math.tanh(a) in interval.increasing(np.tanh)
    if 0 not in interval:
        assert holds(1.0 / interval, 1 / Fraction(a))


def test_a_written_number_lies_between_the_floats_around_it():
    interval = Interval.of("0.1")
    assert holds(interval, Fraction(1, 10))
    assert (interval.low, interval.high) == (math.nextafter(0.1, 0), math.nextafter(0.1, 1))


def test_division_by_what_may_be_zero_is_refused():
    with pytest.raises(ExpressionError, match=r"division by an interval that contains zero: \[-1.0, 2.0\]"):
        Interval(1.0, 1.0) / Interval(-1.0, 2.0)


def test_an_even_power_across_zero_starts_at_zero():
    square = Interval(-2.0, 1.0).power(Interval(2.0, 2.0))
    assert square.low <= 0.0 <= square.low + 1e-300
    assert square.high == math.nextafter(4.0, 5.0)


def test_a_broken_power_of_a_positive_interval():
    root = Interval(4.0, 9.0).power(Interval(0.5, 0.5))
    assert 2.0 in root
    assert 3.0 in root
    assert root.high < 3.1


def test_a_broken_power_of_what_may_be_negative_is_refused():
    with pytest.raises(ExpressionError, match="with a broken exponent has no value"):
        Interval(-1.0, 2.0).power(Interval(0.5, 0.5))


def test_a_negative_interval_turned_positive():
    assert abs(Interval(-3.0, -2.0)) == Interval(2.0, 3.0)
    assert abs(Interval(2.0, 3.0)) == Interval(2.0, 3.0)
    assert abs(Interval(-3.0, 2.0)) == Interval(0.0, 3.0)


@pytest.mark.parametrize(
    ("one", "other", "less"),
    [((1, 2), (3, 4), True), ((1, 3), (2, 4), False), ((3, 4), (1, 2), False), ((1, 2), (2, 3), False)],
)
def test_less_only_where_it_is_sure(one, other, less):
    assert (Interval(*one) < Interval(*other)) == less


def test_less_or_equal_may_touch():
    assert Interval(1.0, 2.0) <= Interval(2.0, 3.0)
    assert not Interval(1.0, 2.5) <= Interval(2.0, 3.0)
