"""Differentiation: each rule by name, textbook results, and central differences for everything else."""

import itertools
from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import workings.algebra.differentiate as module
from algebra.expressions import scalars
from workings.algebra.differentiate import RULES, TIDY, depends, derivation, differentiate
from workings.algebra.evaluate import DECIMAL, evaluate
from workings.algebra.expression import DEEPEST_TREE, Derivative, Multiply, Negate, Number, Reference, children
from workings.algebra.functions import FUNCTIONS
from workings.algebra.read import read
from workings.algebra.tidy import tidied
from workings.algebra.write.text import write_text
from workings.errors import ExpressionError

X = Reference("x")


def steps(text, variable):
    return [(step.rule.code, write_text(step.after)) for step in derivation(read(text), Reference(variable))]


def test_the_sigmoid_reads_like_a_textbook():
    assert steps("1/(1 + e^-net)", "net") == [
        ("reciprocal", "-d/dnet [1 + e^-net]/(1 + e^-net)^2"),
        ("drops-out", "-d/dnet [e^-net]/(1 + e^-net)^2"),
        ("exponential", "-e^-net*d/dnet [-net]/(1 + e^-net)^2"),
        ("negation", "-e^-net*(-d/dnet [net])/(1 + e^-net)^2"),
        ("variable", "-e^-net*(-1)/(1 + e^-net)^2"),
        ("tidy", "e^-net/(1 + e^-net)^2"),
    ]


def test_half_the_square_reads_like_a_textbook():
    assert steps("1/2*(t - o)^2", "o") == [
        ("constant-factor", "1/2*d/do [(t - o)^2]"),
        ("power", "1/2*2*(t - o)^(2 - 1)*d/do [t - o]"),
        ("drops-out", "1/2*2*(t - o)^(2 - 1)*d/do [-o]"),
        ("negation", "1/2*2*(t - o)^(2 - 1)*(-d/do [o])"),
        ("variable", "1/2*2*(t - o)^(2 - 1)*(-1)"),
        ("tidy", "-(t - o)"),
    ]


def test_what_does_not_depend_on_the_weight_drops_out_at_once():
    assert steps("w5*out_h1 + w6*out_h2 + b2", "w5") == [
        ("drops-out", "d/dw5 [w5*out_h1]"),
        ("constant-factor", "out_h1*d/dw5 [w5]"),
        ("variable", "out_h1*1"),
        ("tidy", "out_h1"),
    ]


EXAMPLES = {
    "constant": ("5", "0"),
    "independent": ("y^2", "0"),
    "variable": ("x", "1"),
    "drops-out": ("x - y", "1"),
    "sum": ("x + x^2", "1 + 2*x"),
    "difference": ("x - x^3", "1 - 3*x^2"),
    "negation": ("-(x*y)", "-y"),
    "constant-factor": ("x/y", "1/y"),
    "product": ("x*tanh(x)", "tanh(x) + x*(1 - tanh(x)^2)"),
    "reciprocal": ("y/x", "-y/x^2"),
    "quotient": ("x/(1 + x)", "(1 + x - x)/(1 + x)^2"),
    "power": ("x^-1", "-x^-2"),
    "exponential": ("e^(2*x)", "2*e^(2*x)"),
    "other-exponential": ("2^x", "2^x*ln(2)"),
    "exp": ("exp(x)", "exp(x)"),
    "ln": ("ln(1 - x)", "-(1/(1 - x))"),
    "log": ("log(x)", "1/x"),
    "tanh": ("tanh(3*x)", "3*(1 - tanh(3*x)^2)"),
    "sqrt": ("sqrt(x)", "1/(2*sqrt(x))"),
    "sin": ("sin(2*x)", "2*cos(2*x)"),
    "cos": ("cos(x)", "-sin(x)"),
    "floor": ("floor(x) + x", "1"),
    "abs": ("abs(x)", "{1 if x > 0; -1 otherwise}"),
    "sign": ("x + sign(x)", "1"),
    "sigma": ("sigma(x)", "sigma(x)*(1 - sigma(x))"),
    "relu": ("relu(x)", "{1 if x > 0; 0 otherwise}"),
    "Phi": ("Phi(x)", "e^(-x^2/2)/sqrt(2*pi)"),
    "max": ("max(0.01*x, x)", "{0.01 if 0.01*x > x; 1 otherwise}"),
    "min": ("min(0.01*x, x)", "{0.01 if 0.01*x < x; 1 otherwise}"),
    "cases": ("{x if x > 0; 0.01*x otherwise}", "{1 if x > 0; 0.01 otherwise}"),
}


def test_every_rule_has_an_example():
    assert EXAMPLES.keys() == RULES.keys()


@pytest.mark.parametrize("code", RULES)
def test_every_rule(code):
    text, expected = EXAMPLES[code]
    applied = derivation(read(text), X)
    assert code in [step.rule.code for step in applied]
    assert write_text(applied[-1].after) == write_text(read(expected))


def test_steps_follow_each_other():
    applied = derivation(read("ln(1 + e^x)*x/(y + x)"), X)
    assert applied[0].before == Derivative(read("ln(1 + e^x)*x/(y + x)"), X)
    for before, after in itertools.pairwise(applied):
        assert before.after == after.before
    assert applied[-1].rule == TIDY


def test_a_key_need_not_be_a_string():
    weight = Reference(("W", 1, 1))
    assert differentiate(Multiply((weight, X)), weight) == X


@pytest.mark.parametrize("text", ["x^x", "f'(x)", "[[x]]", "max(x, x, x)", "tanh(x, y)"])
def test_what_has_no_rule_is_refused(text):
    with pytest.raises(ExpressionError, match="no rule of differentiation"):
        differentiate(read(text), X)


def test_the_longest_difference_that_is_read_is_differentiated():
    assert differentiate(read(" - ".join(["x"] * (DEEPEST_TREE + 1))), X) == Negate(Number(str(DEEPEST_TREE - 1)))


def test_a_derivative_that_goes_too_deep_is_refused():
    with pytest.raises(ExpressionError, match="the derivative of this formula goes too deep to be worked out"):
        differentiate(read("/".join(["x"] * DEEPEST_TREE)), X)


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("0*x + 1*y", "y"),
        ("x - 0", "x"),
        ("0 - x", "-x"),
        ("0 - -x", "x"),
        ("x - -y", "x + y"),
        ("x + -y + z", "x - y + z"),
        ("0 + 0", "0"),
        ("1*1", "1"),
        ("0.5*4*x", "2*x"),
        ("0.1*0.3*x", "0.03*x"),
        ("1/3*2*x", "2/3*x"),
        ("x*(-2)*(-y)", "2*x*y"),
        ("x*(1/y)", "x/y"),
        ("(1/x)*(1/y)", "1/x*(1/y)"),
        ("x/1", "x"),
        ("0/x", "0"),
        ("(-x)/(-y)", "x/y"),
        ("x/(-y)", "-x/y"),
        ("x^(3 - 2)", "x"),
        ("x^(2 - 2)", "1"),
        ("x^(1/2 - 1)", "x^-0.5"),
        ("x^(1/3 - 1)", "x^(-(2/3))"),
        ("-(0)", "0"),
        ("1e999999*1e999999*x", "1e999999*1e999999*x"),
        ("1e999999/3*2", "2*(1e999999/3)"),
        ("-(3*x)", "-3*x"),
        ("x*(-(y))", "-x*y"),
    ],
)
def test_tidy(text, tidy):
    assert write_text(tidied(read(text))) == tidy


def test_tidying_leaves_a_pending_derivative_alone():
    pending = read("d/dx [1*x]")
    assert tidied(pending) == pending


def slope_by_differences(expression, values, variable, step=Decimal("1e-15")):
    """(f(x + h) - f(x - h)) / 2h in fifty digits: neither rounding nor h^2 is seen in fifteen."""

    def at(offset):
        return evaluate(expression, lambda key: values[key] + (offset if key == variable else 0), DECIMAL)

    with localcontext(prec=50):
        return (at(step) - at(-step)) / (2 * step)


def agrees(expression, values, derivative):
    slope = slope_by_differences(expression, values, "x")
    value = evaluate(derivative, lambda key: values[key], DECIMAL)
    return abs(slope - value) <= Decimal("1e-12") * max(1, abs(slope))


VALUES = st.fixed_dictionaries(
    {name: st.decimals("0.1", "2", places=2, allow_nan=False, allow_infinity=False) for name in "xyw"}
)


@given(expression=scalars(st.sampled_from("xyw").map(Reference)), values=VALUES)
@settings(max_examples=200, deadline=None)
def test_every_derivative_equals_central_differences(expression, values):
    assume(abs(evaluate(expression, lambda key: values[key], DECIMAL)) < Decimal("1e6"))
    derivative = differentiate(expression, X)
    assert agrees(expression, values, derivative), f"d/dx of {write_text(expression)} is not {write_text(derivative)}"


@given(expression=scalars(st.sampled_from("xyw").map(Reference)), values=VALUES)
@settings(max_examples=100, deadline=None)
def test_every_step_keeps_the_value(expression, values):
    """A step is right if the rest of the differentiation, untidied, still leads to the same number."""
    *_, last = derivation(expression, X)
    value = evaluate(last.after, lambda key: values[key], DECIMAL)
    before = evaluate(last.before, lambda key: values[key], DECIMAL) if last.rule == TIDY else value
    assert abs(value - before) <= Decimal("1e-30") * max(1, abs(value))


def test_a_wrong_rule_is_found(monkeypatch):
    wrong = module.DifferentiationRule("tanh", "", "", lambda u, x: module._chained(1 - u, u.arguments[0], x))
    values = {"x": Decimal("0.7")}
    expression = read("tanh(x)")
    assert agrees(expression, values, differentiate(expression, X))
    monkeypatch.setitem(RULES, "tanh", wrong)
    assert not agrees(expression, values, differentiate(expression, X))


def test_every_function_with_a_derivative_has_a_rule():
    assert {record.name for record in FUNCTIONS.values() if record.derivative} <= RULES.keys()


def test_a_derivative_is_never_left_over():
    worked = differentiate(read("x*e^(x*y) + max(x, y)"), X)
    assert depends(worked, X)
    waiting = [worked]
    while waiting:
        part = waiting.pop()
        assert not isinstance(part, Derivative)
        waiting.extend(children(part))


def test_numbers_stay_as_they_are_written():
    assert differentiate(read("0.50*x"), X) == Number("0.50")
