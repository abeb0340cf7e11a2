"""Expressions built in Python: what may stand beside one, and how it is written down."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.algebra.expressions import expressions
from workings.algebra.evaluate import evaluate
from workings.algebra.expression import (
    Add,
    Multiply,
    Negate,
    Number,
    OnDemand,
    Reference,
    call,
    children,
    expr,
    parts,
    substitute,
    with_children,
)
from workings.errors import ExpressionError

z = Reference("z")


@pytest.mark.parametrize("number", [0.5, np.float64(0.5), np.float32(0.5)], ids=repr)
def test_numbers_of_python_and_numpy_stand_on_either_side(number):
    assert z * number == Multiply((z, Number("0.5")))
    assert number * z == Multiply((Number("0.5"), z))


def test_python_s_abs_is_the_function_of_that_name():
    assert abs(z) == call("abs", z)


@pytest.mark.parametrize("whole", [2, np.int64(2), np.uint8(2), True + True], ids=repr)
def test_whole_numbers_have_no_point(whole):
    assert expr(whole) == Number("2")
    assert expr(-int(whole)) == Negate(Number("2"))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_keeps_every_digit(number):
    assert evaluate(expr(np.float64(number)), dict) == evaluate(expr(number), dict) == number


@pytest.mark.parametrize("number", [math.inf, -math.inf, math.nan, np.float64("inf"), np.float32("nan")], ids=repr)
def test_only_finite_numbers_stand_in_a_formula(number):
    with pytest.raises(ExpressionError, match="every number in it must be finite"):
        z + number


def test_parts_made_on_demand_are_equal_to_the_tuple_of_them():
    made = []
    terms = OnDemand(1000, lambda i: made.append(i) or expr(i))
    total = Add(terms)
    assert (terms[0], terms[-1], len(terms)) == (expr(0), expr(999), 1000)
    assert terms[2:4] == (expr(2), expr(3))
    assert made == [0, 999, 2, 3]
    written_out = Add(tuple(map(expr, range(1000))))
    assert total == written_out and hash(total) == hash(written_out)
    assert evaluate(total, dict) == 999 * 500
    assert substitute(Add(OnDemand(2, Reference)), lambda reference: expr(reference.key + 5)) == expr(5) + 6
    with pytest.raises(IndexError):
        terms[1000]


@given(expressions(groups=True))
def test_an_operation_is_its_parts_put_together(expression):
    for part in parts(expression):
        assert with_children(part, tuple(children(part))) == part
