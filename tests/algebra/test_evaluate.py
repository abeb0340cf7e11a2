"""The value of an expression, in three arithmetics."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workings.algebra.evaluate import ARITHMETICS, DECIMAL, FLOAT64, INTERVAL, evaluate
from workings.algebra.expression import (
    E_CONSTANT,
    Call,
    Cases,
    Condition,
    Constant,
    Derivative,
    Expr,
    Group,
    Hadamard,
    Matrix,
    Number,
    Reference,
    Transpose,
    call,
    expr,
)
from workings.algebra.functions import FUNCTIONS
from workings.algebra.interval import Interval
from workings.errors import ExpressionError

x, y = Reference("x"), Reference("y")


def number(text: str) -> Expr:
    return Number(text)


SCALARS = [
    (number("0.675") + number("0.28") - number("0.75"), 0.205),
    (number("2") * number("3") * number("4"), 24.0),
    (number("1") / number("8"), 0.125),
    (number("2") ** number("10"), 1024.0),
    (number("9") ** number("0.5"), 3.0),
    (-number("3"), -3.0),
    (Group(number("1") + number("2")) * number("3"), 9.0),
    (1 / (1 + E_CONSTANT**-x), 1 / (1 + math.exp(-2.5))),
    (x - y - 1, 3.0),
    (call("exp", x), math.exp(2.5)),
    (call("ln", x), math.log(2.5)),
    (call("log", x), math.log(2.5)),
    (call("tanh", y), math.tanh(-1.5)),
    (call("sqrt", x), math.sqrt(2.5)),
    (call("abs", y), 1.5),
    (call("max", x, y), 2.5),
    (call("sigma", y), 1 / (1 + math.exp(1.5))),
    (Constant("pi") * 2, 2 * math.pi),
    (E_CONSTANT, math.e),
    (y**2, 2.25),
    (y**3, -3.375),
]
VALUES = {"x": "2.5", "y": "-1.5"}


def lookup_in(arithmetic):
    def lookup(key):
        sign, digits = (-1, VALUES[key][1:]) if VALUES[key].startswith("-") else (1, VALUES[key])
        value = arithmetic.number(digits)
        return -value if sign < 0 else value

    return lookup


@pytest.mark.parametrize(("expression", "value"), SCALARS, ids=[repr(value) for _, value in SCALARS])
@pytest.mark.parametrize("arithmetic", ARITHMETICS.values(), ids=ARITHMETICS)
def test_every_arithmetic_gives_the_value(expression, value, arithmetic):
    found = evaluate(expression, lookup_in(arithmetic), arithmetic)
    if arithmetic is INTERVAL:
        assert found.low <= value <= found.high
        assert found.high - found.low <= 1e-13 * max(1.0, abs(value))
    else:
        assert float(found) == pytest.approx(value, rel=1e-15)


FUNCTIONS_OF_PYTHON = {
    **{"exp": math.exp, "ln": math.log, "log": math.log, "tanh": math.tanh, "sqrt": math.sqrt, "abs": abs},
    **{"sin": math.sin, "cos": math.cos, "floor": math.floor},
    **{"sigma": lambda u: 1 / (1 + math.exp(-u)), "relu": lambda u: max(0.0, u), "max": lambda u: max(u, 1.5)},
    **{"min": lambda u: min(u, 1.5), "sign": lambda u: math.copysign(1, u)},
    "Phi": lambda u: (1 + math.erf(u / math.sqrt(2))) / 2,
}


def of_function(name):
    return Call(name, (x, number("1.5")) if name in ("max", "min") else (x,))


@pytest.mark.parametrize("arithmetic", ARITHMETICS.values(), ids=ARITHMETICS)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_has_a_value_in_every_arithmetic(name, arithmetic):
    for text in ("0.75", "2.5"):
        found = evaluate(of_function(name), lambda key, at=text: arithmetic.number(at), arithmetic)
        value = FUNCTIONS_OF_PYTHON[name](float(text))
        assert value in found if arithmetic is INTERVAL else float(found) == pytest.approx(value, rel=1e-15)


@pytest.mark.parametrize("arithmetic", ARITHMETICS.values(), ids=ARITHMETICS)
@pytest.mark.parametrize("name", [record.name for record in FUNCTIONS.values() if record.derivative])
def test_every_slope_has_a_value_in_every_arithmetic(name, arithmetic):
    at, h = Decimal("0.75"), Decimal("1e-15")
    above, below = (evaluate(of_function(name), lambda key, u=u: u, DECIMAL) for u in (at + h, at - h))
    found = evaluate(of_function(f"{name}'"), lambda key: arithmetic.number("0.75"), arithmetic)
    slope = pytest.approx(float((above - below) / (2 * h)), rel=1e-12)
    assert (found.low if arithmetic is INTERVAL else float(found)) == slope


@pytest.mark.parametrize(
    ("z", "share"),  # worked out elsewhere, to forty digits
    [
        ("0.5", "0.6914624612740131036377046106083377398836"),
        ("-1.25", "0.1056497736668552576887727640257465548476"),
        ("-2.9999", "0.001350341282954923970055110606968834492963"),
        ("-3", "0.001349898031630094526651814767594977377829"),
        ("-10", "7.619853024160526065973343251599308363504e-24"),
        ("-1000", "2.290646146545498410643109081138181316793e-217151"),
    ],
)
def test_the_share_of_a_normal_distribution_keeps_its_digits_far_below_0(z, share):
    found = evaluate(Call("Phi", (x,)), lambda key: Decimal(z), DECIMAL)
    assert abs(found / Decimal(share) - 1) < Decimal("1e-39")
    bounds = evaluate(Call("Phi", (x,)), lambda key: INTERVAL.number(z), INTERVAL)
    assert bounds.low <= float(share) <= bounds.high <= float(share) * (1 + 1e-14) + 1e-322


@pytest.mark.parametrize("arithmetic", ARITHMETICS.values(), ids=ARITHMETICS)
@pytest.mark.parametrize("name", ["tanh", "relu", "sigma", "relu'", "sigma'"])
def test_a_function_of_a_vector_is_taken_entry_by_entry(name, arithmetic):
    entries = [arithmetic.number(text) for text in ("0", "0.5", "2")]
    found = evaluate(of_function(name), {"x": np.array(entries)}.__getitem__, arithmetic)
    assert found.tolist() == [evaluate(of_function(name), lambda key, u=u: u, arithmetic) for u in entries]


@pytest.mark.parametrize("name", ["sigma''", "max'", "f'", "'"])
def test_a_slope_that_nobody_knows_has_no_value(name):
    with pytest.raises(ExpressionError, match="unknown function"):
        evaluate(call(name, x), {"x": 1.0}.__getitem__)


def test_the_slope_of_ones_own_function_is_ones_own_too():
    own = {"sigma": lambda z: 10 * z}
    with pytest.raises(ExpressionError, match='unknown function "sigma\'"'):
        evaluate(call("sigma'", x), {"x": 3.0}.__getitem__, functions=own)
    own["sigma'"] = lambda z: 10
    assert evaluate(call("sigma'", x), {"x": 3.0}.__getitem__, functions=own) == 10


def test_constants_have_fifty_digits():
    with localcontext(prec=50):
        assert abs(evaluate(E_CONSTANT, dict, DECIMAL) - Decimal(1).exp()) < Decimal("1e-48")
    assert evaluate(E_CONSTANT, dict) == math.e
    assert evaluate(Constant("pi"), dict) == math.pi


def test_decimals_are_exact_where_floats_are_not():
    total = number("0.1") + number("0.2")
    assert evaluate(total, dict, DECIMAL) == Decimal("0.3")
    assert evaluate(total, dict) == 0.1 + 0.2 != 0.3
    assert evaluate(number("0.25") ** number("2"), dict, DECIMAL) == Decimal("0.0625")


def test_decimals_have_fifty_digits():
    third = evaluate(number("1") / number("3"), dict, DECIMAL)
    assert str(third) == "0." + "3" * 50


def test_float64_is_the_arithmetic_unless_another_is_asked_for():
    assert evaluate(number("0.5"), dict) == evaluate(number("0.5"), dict, FLOAT64) == 0.5
    assert isinstance(evaluate(number("0.5"), dict), np.float64)


@pytest.mark.parametrize(("relation", "chosen"), [("<", 3.0), ("<=", 3.0), (">", 7.0), (">=", 7.0), ("=", 7.0)])
def test_cases_take_the_first_branch_that_holds(relation, chosen):
    cases = Cases(((expr(3), Condition(x, relation, expr(4))),), expr(7))
    assert evaluate(cases, {"x": 2.5}.__getitem__) == chosen


@pytest.mark.parametrize(("relation", "holds"), [("<", False), ("<=", True), (">", False), (">=", True), ("=", True)])
def test_equal_numbers(relation, holds):
    cases = Cases(((expr(1), Condition(x, relation, expr(4))),), expr(0))
    assert bool(evaluate(cases, {"x": 4.0}.__getitem__)) == holds


def test_only_the_branch_that_holds_is_worked_out():
    cases = Cases(((1 / x, Condition(x, ">", expr(0))),), expr(0))
    assert evaluate(cases, {"x": Decimal(0)}.__getitem__, DECIMAL) == 0


W = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
v, u = np.array([1.0, 0.0, -1.0]), np.array([2.0, 3.0])
ARRAYS = {"W": W, "v": v, "u": u, "x": 2.0}
w_ref, v_ref, u_ref = Reference("W"), Reference("v"), Reference("u")


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (w_ref @ v_ref + u_ref, W @ v + u),
        (Transpose(w_ref) @ u_ref, W.T @ u),
        (u_ref @ Transpose(v_ref), np.outer(u, v)),
        (Hadamard(u_ref, u_ref), u * u),
        (w_ref - x * w_ref, -W),
        (Call("f", (v_ref,)), v + 1),
        (Matrix(((x, x + 1), (expr(0), -x))), np.array([[2.0, 3.0], [0.0, -2.0]])),
        (Matrix(((x,), (x + 1,))), np.array([2.0, 3.0])),
        (Transpose(Transpose(w_ref)), W),
    ],
)
def test_vectors_and_matrices(expression, value):
    found = evaluate(expression, ARRAYS.__getitem__, functions={"f": lambda z: z + 1})
    assert np.shape(found) == np.shape(value)
    assert found == pytest.approx(value)


def test_ones_own_functions_come_first():
    assert evaluate(call("sigma", x), {"x": 3.0}.__getitem__, functions={"sigma": lambda z: 10 * z}) == 30.0


def test_an_unknown_function_has_no_value():
    with pytest.raises(ExpressionError, match="unknown function 'foo': its value cannot be computed"):
        evaluate(call("foo", x), {"x": 1.0}.__getitem__)


@pytest.mark.parametrize("arithmetic", ARITHMETICS.values(), ids=ARITHMETICS)
@pytest.mark.parametrize(("name", "takes"), [("tanh", 1), ("relu", 1), ("sigma'", 1), ("max", 2)])
def test_a_number_of_arguments_that_a_function_does_not_take_is_refused(name, takes, arithmetic):
    with pytest.raises(ExpressionError, match=f"{name} of 3 numbers has no value: it takes {takes}"):
        evaluate(call(name, 1, 2, 3), dict, arithmetic)


def test_a_pending_derivative_has_no_value():
    with pytest.raises(ExpressionError, match="a Derivative has no value before it is worked out"):
        evaluate(Derivative(x**2, x), {"x": 1.0}.__getitem__)


@pytest.mark.parametrize(
    "impossible",
    [expr(1) / (x - x), call("ln", x - x - 1), call("sqrt", -expr(1)), (x - x - 1) ** expr(0.5), (x - x) ** -expr(2)],
)
def test_what_decimals_cannot_do_is_said(impossible):
    with pytest.raises(ExpressionError, match="this has no value in decimal arithmetic"):
        evaluate(impossible, {"x": Decimal(1)}.__getitem__, DECIMAL)


def test_floats_go_on_with_infinity_without_a_warning():
    assert evaluate(expr(1) / (x - x), {"x": np.float64(1)}.__getitem__) == math.inf
    assert math.isnan(evaluate((x - x) / (x - x), {"x": np.float64(1)}.__getitem__))


@pytest.mark.parametrize("z", ["1e-60", "-1e-20", "9e-16", "1.1e-15", "1e-5"])
def test_the_decimal_tanh_of_a_small_number_keeps_its_digits(z):
    exact = Decimal(z)
    series = exact - exact**3 / 3 + 2 * exact**5 / 15 - 17 * exact**7 / 315
    assert evaluate(call("tanh", x), {"x": exact}.__getitem__, DECIMAL) == pytest.approx(series, rel=Decimal("1e-30"))


@given(st.floats(-3, 3), st.floats(0.5, 3))
def test_floats_and_decimals_lie_in_the_interval(a, b):
    expression = (x * y - x / y) ** 2 + call("tanh", x) * E_CONSTANT**-y
    interval = evaluate(expression, {"x": Interval.around(a), "y": Interval.around(b)}.__getitem__, INTERVAL)
    exact = evaluate(expression, {"x": Decimal(a), "y": Decimal(b)}.__getitem__, DECIMAL)
    assert evaluate(expression, {"x": a, "y": b}.__getitem__) in interval
    assert Decimal(interval.low) <= exact <= Decimal(interval.high)
