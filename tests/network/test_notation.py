"""The four notations: what they call things, and that they understand what they write; round trips are a law."""

from dataclasses import replace

import numpy as np
import pytest

from workings.errors import AddressError
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.notation import has_one_bias
from workings.network.notations import NET_OUT, NOTATIONS, NUMBERED, TEXTBOOK, TEXTBOOK_FROM_1
from workings.network.quantity import Quantity, parse_address

TWO_TWO_TWO, TWO_THREE_ONE = load("two-two-two"), load("two-three-one")


@pytest.mark.parametrize(
    ("notation", "address", "text", "latex"),
    [
        (NET_OUT, "x[1]", "i1", "i_{1}"),
        (NET_OUT, "z[1][1]", "net_h1", r"\mathrm{net}_{h1}"),
        (NET_OUT, "a[2][2]", "out_o2", r"\mathrm{out}_{o2}"),
        (NET_OUT, "y[1]", "target_o1", r"\mathrm{target}_{o1}"),
        (NET_OUT, "W[2][1,1]", "w5", "w_{5}"),
        (NET_OUT, "W[2][2,2]", "w8", "w_{8}"),
        (NET_OUT, "b[1][1]", "b1", "b_{1}"),
        (NET_OUT, "b[2][2]", "b2", "b_{2}"),
        (NET_OUT, "C", "E_total", r"E_{\mathrm{total}}"),
        (NET_OUT, "C[1]", "E_o1", "E_{o1}"),
        (NET_OUT, "dC/dW[2][1,1]", "dE_total/dw5", r"\frac{\partial E_{\mathrm{total}}}{\partial w_{5}}"),
        (NET_OUT, "dC[1]/da[1][1]", "dE_o1/dout_h1", r"\frac{\partial E_{o1}}{\partial \mathrm{out}_{h1}}"),
        (NET_OUT, "da/dz[1][2]", "dout_h2/dnet_h2", r"\frac{\partial \mathrm{out}_{h2}}{\partial \mathrm{net}_{h2}}"),
        (NET_OUT, "W+[2][1,1]", "w5+", "w^{+}_{5}"),
        (NUMBERED, "x[1]", "x0", "x_{0}"),
        (NUMBERED, "W[1][1,1]", "w0", "w_{0}"),
        (NUMBERED, "W[2][1,2]", "w5", "w_{5}"),
        (NUMBERED, "b[2][1]", "b2", "b_{2}"),
        (NUMBERED, "z[2][2]", "z3", "z_{3}"),
        (NUMBERED, "a[2][1]", "O2", "O_{2}"),
        (NUMBERED, "y[2]", "y1", "y_{1}"),
        (NUMBERED, "C", "Cost", r"\mathrm{Cost}"),
        (NUMBERED, "dC/dW[2][1,1]", "dCost/dw4", r"\frac{\partial \mathrm{Cost}}{\partial w_{4}}"),
        (NUMBERED, "delta[2][1]", "dCost/dz2", r"\frac{\partial \mathrm{Cost}}{\partial z_{2}}"),
        (NUMBERED, "W+[1][1,1]", "new_w0", r"w^{\text{new}}_{0}"),
        (TEXTBOOK, "z[1][2]", "z^1_2", "z^{1}_{2}"),
        (TEXTBOOK, "W[2][1,2]", "w^2_12", "w^{2}_{12}"),
        (TEXTBOOK, "delta[1][1]", "delta^1_1", r"\delta^{1}_{1}"),
        (TEXTBOOK, "delta[1]", "delta^1", r"\delta^{1}"),
        (TEXTBOOK, "W[2]", "W^2", "W^{2}"),
        (TEXTBOOK, "da/dz[1]", "sigma'(z^1)", r"\sigma'(z^{1})"),
        (TEXTBOOK, "C[2]", "C_2", "C_{2}"),
        (TEXTBOOK, "x", "x", "x"),
        (TEXTBOOK_FROM_1, "z[1][2]", "z^2_2", "z^{2}_{2}"),
        (TEXTBOOK_FROM_1, "W[2]", "W^3", "W^{3}"),
    ],
)
def test_what_things_are_called(notation, address, text, latex):
    quantity = parse_address(address)
    assert notation.text(quantity, TWO_TWO_TWO) in (text, text.replace("C_2", "C2"))
    assert notation.latex(quantity, TWO_TWO_TWO) == latex


@pytest.mark.parametrize(
    ("notation", "typed", "address"),
    [
        (NET_OUT, "dE/dw5", "dC/dW[2][1,1]"),
        (NET_OUT, "E", "C"),
        (NET_OUT, r"\frac{\partial E_{total}}{\partial w_5}", "dC/dW[2][1,1]"),
        (NET_OUT, "∂E_o2/∂out_h1", "dC[2]/da[1][1]"),
        (NET_OUT, "dnet_o1/dw5", "dz/dW[2][1,1]"),
        (NET_OUT, "dnet_o1/dout_h2", "dz/da[2][1,2]"),
        (NET_OUT, "w_5^+", "W+[2][1,1]"),
        (NET_OUT, "b1", "b[1]"),
        (NET_OUT, "'net_h1'", "z[1][1]"),
        (NUMBERED, "dCost/dO1", "dC/da[1][2]"),
        (NUMBERED, "new_b3", "b+[2][2]"),
        (NUMBERED, "dz2/dx0", None),
        (TEXTBOOK, "w^2_{12}", "W[2][1,2]"),
        (TEXTBOOK, "w^2_1,2", "W[2][1,2]"),
        (TEXTBOOK, "δ^1_2", "delta[1][2]"),
        (TEXTBOOK, "dz^1_2/dx1", "dz/da[1][2,1]"),
        (TEXTBOOK, "dC/dw^1_21", "dC/dW[1][2,1]"),
        (TEXTBOOK, "C", "C"),
        (TEXTBOOK, "a^0_2", "x[2]"),
        (TEXTBOOK, "dz^1_2/da^0_1", "dz/da[1][2,1]"),
        (NUMBERED, "Cost_O3", "C[2]"),
        (TEXTBOOK_FROM_1, "delta^3_1", "delta[2][1]"),
    ],
)
def test_what_is_typed_is_understood(notation, typed, address):
    if address is None:
        typed, address = "dz0/dx0", "dz/da[1][1,1]"
    assert notation.parse(typed, (2, 2, 2)) == parse_address(address)


NAMELESS = {
    NET_OUT.name: "w9 w0 net_h3 net_h0 net_x1 net_h1+ out_o3 b3 i3 E_o3 E_h1 target_h1 dE/dE dw5/dE_total w5/w6 dE/dq "
    "dE/dw5@ dnet_o2/dw5 dnet_o1/dw^(2)",
    NUMBERED.name: "w8 z4 x2 y2 Cost_O0 hello",
    TEXTBOOK.name: "w^3_11 w^2_13 w^2_31 z^0_1 z^1_3 W^3 W x^1_1 delta_1 new_a^1 a^1+ "
    "new_x dz^2_1/da^1 dz^2/da^1_1 dz^2_1/da^0_1 dz^1_2/dw^1_11 dz^1_1/dW^1 da^1_1/dz^1 dC@1/dz^1_1@2",
    TEXTBOOK_FROM_1.name: "z^1_1 w^1_11",
}


@pytest.mark.parametrize(
    ("notation", "typed"), [(NOTATIONS[of], name) for of, names in NAMELESS.items() for name in ["", *names.split()]]
)
def test_what_names_nothing_is_told_what_names_look_like(notation, typed):
    with pytest.raises(AddressError) as caught:
        notation.parse(typed, (2, 2, 2))
    assert f"{typed!r} is no name in the {notation.name} notation ({notation.summary})" in str(caught.value)


def test_two_digit_indices_are_told_apart():
    network = Network.create([12, 11, 2])
    quantity = Quantity("W", 1, (10, 1))
    assert TEXTBOOK.text(quantity, network) == "w^1_{11,2}"
    assert TEXTBOOK.parse("w^1_{11,2}", network.sizes) == quantity
    assert TEXTBOOK.parse("w^1_{1,12}", network.sizes) == Quantity("W", 1, (0, 11))


def test_one_bias_is_printed_for_a_layer_only_where_all_are_equal_and_not_trained():
    assert has_one_bias(TWO_TWO_TWO, 1)
    assert NET_OUT.text(Quantity("b", 1, (1,)), TWO_TWO_TWO) == "b1"
    trained = replace(TWO_TWO_TWO, train_biases=True)
    assert not has_one_bias(trained, 1)
    assert NET_OUT.text(Quantity("b", 1, (1,)), trained) == "b_h2"
    assert NET_OUT.text(Quantity("b", 2, (1,)), trained) == "b_o2"
    different = TWO_TWO_TWO.with_parameters(np.arange(12.0))
    assert not has_one_bias(different, 1)


def test_weights_and_neurons_are_counted_through_the_layers_neuron_by_neuron():
    names = [NUMBERED.text(Quantity("W", 1, (j, k)), TWO_THREE_ONE) for j in range(3) for k in range(2)]
    assert names == ["w0", "w1", "w2", "w3", "w4", "w5"]
    assert [NUMBERED.text(Quantity("W", 2, (0, k)), TWO_THREE_ONE) for k in range(3)] == ["w6", "w7", "w8"]
    assert NUMBERED.text(Quantity("a", 2, (0,)), TWO_THREE_ONE) == "O3"


def test_with_decay_the_gradient_of_the_update_is_that_of_the_objective():
    decaying = replace(TWO_TWO_TWO, l2=0.1)
    assert TEXTBOOK.text(Quantity("dC/dW", 1, (0, 0)), decaying) == "dJ/dw^1_11"
    assert TEXTBOOK.text(Quantity("dC/db", 1, (0,)), decaying) == "dC/db^1_1"
    assert TEXTBOOK.parse("dJ/dw^1_11", (2, 2, 2)) == Quantity("dC/dW", 1, (0, 0))


def test_a_sample_is_marked():
    quantity = Quantity("z", 1, (0,), 1)
    assert TEXTBOOK.text(quantity, TWO_TWO_TWO) == "z^1_1@2"
    assert TEXTBOOK.parse("z^1_1@2", (2, 2, 2)) == quantity
    assert TEXTBOOK.parse("dC/dz^1_1@2", (2, 2, 2)).sample == 1
    assert TEXTBOOK.parse("C^{(2)}", (2, 2, 2)) == Quantity("C", sample=1)


def test_every_notation_says_what_it_looks_like():
    for name, notation in NOTATIONS.items():
        assert name == notation.name
        assert notation.summary
