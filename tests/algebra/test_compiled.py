"""Compiled formulas against the walk over the tree."""

import math

import numpy as np
import pytest

from workings.algebra.compiled import compiled
from workings.algebra.evaluate import evaluate
from workings.algebra.read import read

VALUES = {"a": 0.3, "b": -1.7, "c": 12.0, "zero": 0.0}


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a*b + c",
        "a - (b - c)/a",
        "-(a*b)*c",
        "0.5*a + 2*b/c",
        "a/b/c",
        "1/zero",
        "a^2 + exp(b)",
        "sigma(a)*(1 - sigma(a))",
    ],
)
def test_a_compiled_formula_has_the_value_of_the_tree(text):
    formula = read(text)
    with np.errstate(all="raise"):
        assert compiled(formula)(VALUES.__getitem__) == evaluate(formula, VALUES.__getitem__)


def test_it_is_worked_out_anew_from_other_numbers():
    twice = compiled(read("a + a"))
    assert [twice({"a": value}.__getitem__) for value in (1.0, 2.5)] == [2.0, 5.0]


def test_what_has_no_value_raises_as_the_walk_does():
    with pytest.raises(ZeroDivisionError):
        compiled(read("a/zero"))(VALUES.__getitem__)
    assert math.isinf(compiled(read("1/zero"))(VALUES.__getitem__))
