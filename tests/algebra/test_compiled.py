"""Compiled formulas against the walk over the tree."""

import math

import numpy as np
import pytest

from workings.algebra.compiled import compiled
from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Cases, Condition, Number, Reference, call
from workings.algebra.read import read
from workings.errors import ExpressionError

VALUES = {name: np.float64(value) for name, value in {"a": 0.3, "b": -1.7, "c": 12.0, "zero": 0.0}.items()}


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a*b + c",
        "a - (b - c)/a",
        "-(a*b)*c",
        "0.5*a + 2*b/c",
        "a/b/c",
        "a*b*c",
        "a^2 + exp(b)",
        "e^(-a) + pi",
        "a^b",
        "sigma(a)*(1 - sigma(a))",
        "sigma'(b)",
        "tanh'(b)",
        "relu(b) + relu'(a)",
        "max(a, b)",
        "ln(a)/sqrt(c)",
        "1/zero",
        "a/zero",
        "b/zero",
        "zero/zero",
        "zero^b",
        "b^a",
        "exp(exp(c))",
        "ln(zero) + ln(b)",
        "(10*c)^(100*c)",
    ],
)
def test_a_compiled_formula_has_the_value_of_the_tree(text):
    formula = read(text)
    with np.errstate(all="raise"):
        found = compiled(formula)({key: float(value) for key, value in VALUES.items()})
        wanted = evaluate(formula, VALUES.__getitem__)
    assert type(found) is float
    assert found == wanted or (math.isnan(found) and math.isnan(wanted))


@pytest.mark.parametrize("relation", ["<", "<=", ">", ">=", "="])
@pytest.mark.parametrize("a", [-1.0, 0.0, 1.0, math.nan])
def test_the_first_case_that_holds_counts(relation, a):
    one, two, other = map(Number, ("1", "2", "3"))
    cases = Cases(
        (
            (one, Condition(Reference("a"), relation, Number("0"))),
            (two, Condition(Reference("a"), relation, Number("1"))),
        ),
        other,
    )
    assert compiled(cases)({"a": a}) == evaluate(cases, {"a": a}.__getitem__)


def test_it_is_worked_out_anew_from_other_numbers():
    twice = compiled(read("a + a"))
    assert [twice({"a": value}) for value in (1.0, 2.5)] == [2.0, 5.0]


def test_values_may_be_held_under_other_names_than_the_keys():
    assert compiled(read("a - b"), ["b", "a"].index)([1.0, 3.0]) == 2.0


def test_an_unknown_function_is_refused_when_it_is_worked_out():
    unknown = compiled(call("f", Reference("a")))
    with pytest.raises(ExpressionError, match="unknown function 'f'"):
        unknown({"a": 0.5})
