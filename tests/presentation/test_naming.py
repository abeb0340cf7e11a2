"""What is typed means what is printed so, and nothing else."""

from dataclasses import replace

import pytest

from workings.errors import AddressError
from workings.network.network_file import load
from workings.network.notations import NET_OUT, NUMBERED, TEXTBOOK
from workings.presentation.explain import explain
from workings.presentation.naming import quantity_named

TWO_TWO_TWO, BATCH = load("two-two-two"), load("tanh-softmax")


@pytest.mark.parametrize(
    ("network", "notation", "typed", "address"),
    [
        (TWO_TWO_TWO, TEXTBOOK, "b^1", "b[1]"),
        (TWO_TWO_TWO, NET_OUT, "b^(1)", "b[1]"),
        (TWO_TWO_TWO, NET_OUT, "b1", "b[1][1]"),  # one for the whole layer
        (TWO_TWO_TWO, NET_OUT, "b_2^+", "b+[2][1]"),
        (replace(TWO_TWO_TWO, train_biases=True), NET_OUT, "b1", "b[1]"),
        (TWO_TWO_TWO, TEXTBOOK, "sigma'(z^1)", "da/dz[1]"),
        (TWO_TWO_TWO, TEXTBOOK, "σ'(z^1_2)", "da/dz[1][2]"),
        (TWO_TWO_TWO, TEXTBOOK, "z^1#5", "z[1]#5"),
        (BATCH, TEXTBOOK, "z^1@2", "z[1]@2"),
        (BATCH, TEXTBOOK, "x^{(1)}", "x@1"),
        (BATCH, TEXTBOOK, r"\mathrm{tanh}'(z^{1,(2)})", "da/dz[1]@2"),
        (BATCH, TEXTBOOK, r"\frac{\partial C^{(1)}}{\partial W^{2}}", "dC/dW[2]@1"),
        (BATCH, NUMBERED, "O^(1)@2", "a[1]@2"),
        (BATCH, NET_OUT, "i@2", "x@2"),
    ],
)
def test_a_printed_name_can_be_typed(network, notation, typed, address):
    assert str(quantity_named(typed, network, notation)) == address


@pytest.mark.parametrize(
    "typed", ["tanh'(z^1)", "sigma'(a^1)", "'(z^1)", "sigma'(sigma'(z^1))", "x^{(1)}@1", "x^1", "R^1"]
)
def test_what_is_nearly_a_name_is_refused(typed):
    with pytest.raises(AddressError):
        quantity_named(typed, TWO_TWO_TWO, TEXTBOOK)


def test_another_function_than_the_layer_s_is_told_the_right_one():
    with pytest.raises(AddressError, match=r"the activation there is sigmoid; its slopes are called sigma'\(z\^1\)"):
        quantity_named("tanh'(z^1)", TWO_TWO_TWO, TEXTBOOK)


def test_a_vector_of_equal_biases_is_shown_as_one():
    assert "b^1 = (0.35, 0.35)" in str(explain(TWO_TWO_TWO, "b^1", notation="textbook"))
