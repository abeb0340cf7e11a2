"""Intervals surely contain the result, whatever is done to what they contain."""

import math
import operator
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from algebra.expressions import RELATIONS
from workings.algebra.evaluate import DECIMAL, INTERVAL, evaluate
from workings.algebra.expression import (
    Add,
    Cases,
    Condition,
    Divide,
    Expr,
    Multiply,
    Number,
    Power,
    Reference,
    Subtract,
    call,
    expr,
)
from workings.algebra.functions import FUNCTIONS
from workings.algebra.interval import Interval
from workings.algebra.read import read
from workings.algebra.write.text import write_text
from workings.errors import ExpressionError

numbers = st.floats(-1e6, 1e6).map(lambda number: number + 0.0)  # no -0.0, which st.floats sorts below 0.0


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


@given(intervals(), st.integers(-5, 5))
@pytest.mark.parametrize("written", [Interval.around, lambda n: Interval(n, n)], ids=["computed", "exact"])
def test_a_whole_power_is_contained(written, given_interval, exponent):
    interval, a = given_interval
    assume(a or exponent > 0)
    assert holds(interval.power(written(float(exponent))), Fraction(a) ** exponent)


@given(intervals())
def test_the_other_operations(given_interval):
    interval, a = given_interval
    assert -a in -interval
    assert abs(a) in abs(interval)
    assert max(a, 1.0) in interval.larger(Interval(1.0, 1.0))
    assert math.tanh(a) in interval.increasing(np.tanh)


def test_a_written_number_lies_between_the_floats_around_it():
    interval = Interval.of("0.1")
    assert holds(interval, Fraction(1, 10))
    assert (interval.low, interval.high) == (math.nextafter(0.1, 0), math.nextafter(0.1, 1))


@pytest.mark.parametrize("text", ["2", "0.50", "0", "1e3"])
def test_a_written_number_that_a_float_can_hold_is_exact(text):
    assert Interval.of(text) == Interval(float(text), float(text))


def test_a_written_number_beyond_floats_has_an_infinite_end():
    assert Interval.of("1e999") == Interval(sys.float_info.max, math.inf)
    assert Interval.of("1e-999") == Interval(-math.ulp(0.0), math.ulp(0.0))


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


def test_a_broken_power_is_that_of_what_is_not_negative():
    assert Interval(-1.0, 4.0).power(Interval(0.5, 0.5)) == Interval(0.0, math.nextafter(2.0, 3.0))
    with pytest.raises(ExpressionError, match=r"a power of \[-2.0, -1.0\] with a broken exponent has no value"):
        Interval(-2.0, -1.0).power(Interval(0.5, 0.5))


def test_a_negative_number_to_several_whole_ones_is_refused():
    with pytest.raises(ExpressionError, match=r"with an exponent from 1\.5 to 3\.0 cannot be bounded"):
        Interval(-2.0, 1.0).power(Interval(1.5, 3.0))


X, Y = Reference("x"), Reference("y")


def formulas() -> st.SearchStrategy[Expr]:
    """Formulas with kinks, poles, edges and numbers too large for a float."""

    def larger(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        pairs = st.tuples(parts, parts)
        unary = [record.name for record in FUNCTIONS.values() if record.derivative]
        functions = st.sampled_from([*unary, *(f"{name}'" for name in unary)])
        return st.one_of(
            pairs.map(Add),
            pairs.map(Multiply),
            *(st.builds(kind, parts, parts) for kind in (Subtract, Divide)),
            st.builds(Power, parts, st.sampled_from([-3, -2, -1, 0, 1, 2, 3, 0.5, -1.5]).map(expr)),
            st.builds(Power, parts, st.just(expr(3) - expr(1))),
            st.builds(call, functions, parts),
            st.builds(lambda name, two: call(name, *two), st.sampled_from(["max", "min"]), pairs),
            st.builds(
                lambda branch, left, relation, otherwise: Cases(((branch, Condition(left, relation, Y)),), otherwise),
                *(parts, parts, st.sampled_from(RELATIONS), parts),
            ),
        )

    leaves = st.sampled_from([X, Y, *(Number(text) for text in ("0", "1", "0.1", "1e200", "1e-300"))])
    return st.recursive(leaves, larger, max_leaves=6)


small_intervals = st.tuples(*[st.sampled_from([-2.0, -1.0, -0.125, -0.0, 0.0, 0.125, 1.0, 1.5])] * 3).map(sorted)


@given(formula=formulas(), x=small_intervals, y=small_intervals)
@settings(max_examples=500, deadline=None)
def test_the_value_of_a_formula_is_contained(formula, x, y):
    points, ends = {"x": Decimal(x[1]), "y": Decimal(y[1])}, {"x": Interval(x[0], x[2]), "y": Interval(y[0], y[2])}
    try:
        exact = evaluate(formula, points.__getitem__, DECIMAL)
        interval = evaluate(formula, ends.__getitem__, INTERVAL)
    except ExpressionError:  # the point has no value, or the interval no bounds
        return
    assert Decimal(interval.low) <= exact <= Decimal(interval.high), f"{write_text(formula)}: {exact} not in {interval}"


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("{x if x > 0; 0 otherwise}", -1, 1),
        ("{-1 if x < -2; 5 if x <= 1; 7 otherwise}", 5, 5),
        ("{1 if x < -1; 2 if x <= 0; 3 if x > 2; 4 otherwise}", 2, 4),
        ("{1 if x = 0; 2 otherwise}", 1, 2),
        ("{1 if x = 2; 2 otherwise}", 2, 2),
        ("{1 if 0 = 0; 2 otherwise}", 1, 1),
        ("x^-2", 1, math.inf),
        ("x^-1", -math.inf, math.inf),
        ("1/abs(x)", 1, math.inf),
        ("abs(x)^-1", 1, math.inf),
        ("-1/abs(x)", -math.inf, -1),
        ("1/x^2", 1, math.inf),
        ("sqrt(0)", 0, 0),
        ("sqrt(x)", 0, 1),
        ("ln(x)", -math.inf, 0),
        ("cos(x)", math.cos(1), 1),
        ("sin(3*x)", -1, 1),
        ("sin(x + 9)", math.sin(10), math.sin(8)),
        ("cos(1e9*x)", -1, 1),
        ("floor(x/2)", -1, 0),
        ("1e200^2", sys.float_info.max, math.inf),
        ("(-1e200)^3", -math.inf, -sys.float_info.max),
        ("exp(1000*x)", 0, math.inf),
        ("1/exp(1000*x)", 0, math.inf),
        ("0*exp(1000*x)", 0, 0),
        ("exp(1000)/exp(1000)", 0, math.inf),
        ("exp(1000) - exp(1000)", -math.inf, math.inf),
    ],
)
def test_the_edges(text, low, high):
    interval = evaluate(read(text), {"x": Interval(-1.0, 1.0)}.__getitem__, INTERVAL)
    assert interval.low == pytest.approx(low, rel=1e-14, abs=1e-300)
    assert interval.high == pytest.approx(high, rel=1e-14, abs=1e-300)
    assert interval.low <= low <= high <= interval.high


def test_what_has_no_value_anywhere_is_refused():
    for text in ("ln(0 - 1)", "sqrt(x - 2)"):
        with pytest.raises(ExpressionError, match="has a value here"):
            evaluate(read(text), {"x": Interval(-1.0, 1.0)}.__getitem__, INTERVAL)
    with pytest.raises(ExpressionError, match="division by an interval that contains zero"):
        evaluate(read("1/0"), dict, INTERVAL)


def test_a_negative_interval_turned_positive():
    assert abs(Interval(-3.0, -2.0)) == Interval(2.0, 3.0)
    assert abs(Interval(2.0, 3.0)) == Interval(2.0, 3.0)
    assert abs(Interval(-3.0, 2.0)) == Interval(0.0, 3.0)


@pytest.mark.parametrize(
    ("one", "other", "less"),
    [((1, 2), (3, 4), True), ((1, 3), (2, 4), None), ((3, 4), (1, 2), False), ((1, 2), (2, 3), None)],
)
def test_less_is_left_open_where_it_is_not_sure(one, other, less):
    assert (Interval(*one) < Interval(*other)) is less
    assert (Interval(*other) > Interval(*one)) is less


@pytest.mark.parametrize(
    ("one", "other", "less"), [((1, 2), (2, 3), True), ((1, 2.5), (2, 3), None), ((3, 4), (1, 2), False)]
)
def test_less_or_equal_may_touch(one, other, less):
    assert (Interval(*one) <= Interval(*other)) is less
    assert (Interval(*other) >= Interval(*one)) is less
