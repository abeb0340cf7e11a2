"""Plain text: exactly the brackets that are needed, and the style of a worked example."""

import pytest

from workings.algebra.expression import (
    Add,
    Divide,
    Group,
    MatMul,
    Multiply,
    Negate,
    Number,
    Power,
    Reference,
    expr,
)
from workings.algebra.read import read
from workings.algebra.write.text import write_text

x, y = Reference("x"), Reference("y")
HALF = Divide(Number("1"), Number("2"))


@pytest.mark.parametrize(
    "text",
    [
        "1/(1 + e^-0.3775)",
        "1/2*(0.01 - 0.751365069)^2",
        "0.5*(-0.038)",
        "w1*i1 + w2*i2 + b1",
        "-0.5*0.8 + 0.4*(-1.2) - 0.1",
        "a + (-0.25)*x",
        "a - (b + c)",
        "a - (-b)",
        "-(a + b)",
        "-(2*x)",
        "(-x)*y",
        "a/(b*c)",
        "(dE/dw)^2",
        "(w5^+)^2",
        "2^(3^4)",
        "(2^3)^4",
        "x^(1/2)",
        "e^-x",
        "(W^{(2)})^T @ delta ⊙ sigma'(z)",
        "[[1, 2], [3, 4]] @ (5, 6)",
        "{z if z > 0; 0.01*z otherwise}",
        "out_h1*d/dw5 [w5]",
    ],
)
def test_written_as_it_was_read(text):
    assert write_text(read(text)) == text


def test_what_is_built_gets_the_brackets_it_needs():
    assert write_text(HALF * (x - y) ** 2) == "1/2*(x - y)^2"
    assert write_text(Multiply((x, expr(-0.038)))) == "x*(-0.038)"
    assert write_text(Add((x, Multiply((expr(-2), y))))) == "x + (-2)*y"
    assert write_text(Negate(Negate(x))) == "-(-x)"
    assert write_text(Multiply((x, HALF))) == "x*(1/2)"
    assert write_text(Group(x) + y) == "(x) + y"
    assert write_text(Power(x, Negate(HALF))) == "x^(-(1/2))"


def test_names_come_from_the_caller():
    formula = Reference((1, 2)) * 2 + Reference((0, 0)) ** 2
    assert write_text(formula, name=lambda key: f"w^{key[0]}") == "w^1*2 + (w^0)^2"


def test_a_matrix_product_can_be_set_without_a_sign():
    assert write_text(MatMul(x, y), matmul=" ") == "x y"
