"""Weights given one by one, under the names of a notation."""

import pytest
from network_texts import refusal

from workings.network.network_file import load_text

HEAD = """
inputs = [0.05, 0.10]
targets = [0.01]
learning_rate = 0.5
loss = "half_squared_error"
notation = "{notation}"
sizes = [2, 2, 1]
{activation}

[values]
{values}
"""
NUMBERED = {"w0": 0.1, "w1": 0.2, "w2": 0.3, "w3": 0.4, "w4": 0.5, "w5": 0.6, "b0": 0.7, "b1": 0.8, "b2": 0.9}
NET_OUT = {"w1": 0.1, "w2": 0.2, "w3": 0.3, "w4": 0.4, "w5": 0.5, "w6": 0.6, "b1": 0.7, "b2": 0.9}
TEXTBOOK = {
    "w^1_11": 0.1,
    "w^1_12": 0.2,
    "w^1_21": 0.3,
    "w^1_22": 0.4,
    "w^2_11": 0.5,
    "w^2_12": 0.6,
    "b^1_1": 0.7,
    "b^1_2": 0.8,
    "b^2_1": 0.9,
}


def text_of(values: dict, notation: str = "numbered", activation: str = 'activation = "sigmoid"') -> str:
    lines = [f'"{name}" = {value}' for name, value in values.items()]
    return HEAD.format(notation=notation, activation=activation, values="\n".join(lines))


def without(name: str, values: dict) -> dict:
    return {other: value for other, value in values.items() if other != name}


@pytest.mark.parametrize(("notation", "values"), [("numbered", NUMBERED), ("textbook", TEXTBOOK)])
def test_every_name_finds_its_place(notation, values):
    network = load_text(text_of(values, notation))
    assert network.W(1).tolist() == [[0.1, 0.2], [0.3, 0.4]]
    assert network.b(1).tolist() == [0.7, 0.8]
    assert network.W(2).tolist() == [[0.5, 0.6]]
    assert network.b(2).tolist() == [0.9]


def test_the_order_of_the_names_means_nothing():
    turned = dict(reversed(NUMBERED.items()))
    assert load_text(text_of(turned)).parameters.flat.tolist() == load_text(text_of(NUMBERED)).parameters.flat.tolist()


def test_one_bias_fills_a_layer():
    assert load_text(text_of(NET_OUT, "net-out")).b(1).tolist() == [0.7, 0.7]
    apart = {**without("b1", NET_OUT), "b_h1": 0.7, "b_h2": 0.8}
    assert load_text(text_of(apart, "net-out")).b(1).tolist() == [0.7, 0.8]


def test_bare_names_need_no_quotes():
    assert load_text(text_of(NUMBERED).replace('"w', "w").replace('" = 0', " = 0").replace('"b', "b")).sizes == (
        2,
        2,
        1,
    )


def test_each_layer_may_have_an_activation_of_its_own():
    network = load_text(text_of(NUMBERED, activation='activations = ["tanh", "sigmoid"]'))
    assert [layer.activation.name for layer in network.layers] == ["tanh", "sigmoid"]


@pytest.mark.parametrize(
    ("values", "notation", "fragment"),
    [
        (without("w3", NUMBERED), "numbered", "values: w3 is missing"),
        (without("w3", without("b2", NUMBERED)), "numbered", "values: w3 and b2 are missing"),
        (without("b1", NET_OUT), "net-out", "values: b1 is missing"),
        ({**without("b1", NET_OUT), "b_h1": 1}, "net-out", "values: b_h2 is missing"),
        ({}, "numbered", "w0, w1, w2, w3, w4 and 4 more are missing"),
        ({**NUMBERED, "w_0": 1}, "numbered", "values: w0 and w_0 are the same weight"),
        ({**NET_OUT, "b_h1": 1}, "net-out", "values: b1 and b_h1 are the same bias"),
        ({**NUMBERED, "w6": 1}, "numbered", "values: 'w6' names no weight and no bias of a network of sizes [2, 2, 1]"),
        ({**NET_OUT, "b3": 1}, "net-out", "'b3' names no weight and no bias"),
        ({**NET_OUT, "b0": 1}, "net-out", "'b0' names no weight and no bias"),
        ({**NUMBERED, "bias0": 1}, "numbered", "'bias0' names no weight and no bias"),
        ({**TEXTBOOK, "u^1_11": 1}, "textbook", "Did you mean 'w^1_11'?"),
        ({**NUMBERED, "x0": 1}, "numbered", "x0 means x[1] (input); here stand single weights and biases"),
        ({**NUMBERED, "new_w0": 1}, "numbered", "new_w0 means W+[1][1,1]"),
        ({**TEXTBOOK, "W^1": 1}, "textbook", "W^1 means W[1]"),
        ({**NUMBERED, "w0": '"0.5"'}, "numbered", "values.w0 must be a number, but is the text '0.5'"),
        ({**NUMBERED, "w0": "nan"}, "numbered", "values.w0 is nan"),
        ({**NUMBERED, "w0": "true"}, "numbered", "values.w0 must be a number, but is true"),
        (NUMBERED, "net-out", "'w0' names no weight and no bias"),
        (NUMBERED, "textbook", 'All these names are of the numbered notation. Write notation = "numbered" at the top'),
        ({**NUMBERED, "w6": 1}, "textbook", "Known: w^1_11"),
    ],
)
def test_a_name_that_does_not_do_is_told(values, notation, fragment):
    assert fragment in refusal(text_of(values, notation))


@pytest.mark.parametrize(
    ("old", "new", "fragment"),
    [
        ("sizes = [2, 2, 1]", "", "sizes is missing"),
        ("[2, 2, 1]", "[2]", "sizes must count the inputs"),
        ("[2, 2, 1]", "[2, 0, 1]", "sizes[2] must be a whole number of at least 1, but is 0"),
        ("[2, 2, 1]", "[2, 2.5, 1]", "sizes[2] must be a whole number of at least 1, but is 2.5"),
        ("[2, 2, 1]", "[2, true, 1]", "sizes[2] must be a whole number"),
        ("[2, 2, 1]", "'2-2-1'", "sizes must be a list of whole numbers"),
        (
            "[2, 2, 1]",
            "[2, 10000000000, 1]",
            "names 9 numbers, but sizes = [2, 10000000000, 1] has 30000000000 weights",
        ),
        ('activation = "sigmoid"', "", "beside [values] stands either activation"),
        ('activation = "sigmoid"', 'activation = "tanh"\nactivations = ["tanh", "tanh"]', "either activation"),
        ('activation = "sigmoid"', 'activations = ["tanh"]', "activations has 1 name, but sizes counts 2 layers"),
        (
            'activation = "sigmoid"',
            'activations = ["tanh", "sigmod"]',
            "activations[2]: there is no activation 'sigmod'",
        ),
        ('activation = "sigmoid"', 'activation = "sigmod"', "Did you mean 'sigmoid'?"),
        ("inputs = [0.05, 0.10]", "inputs = [0.05]", "inputs has 1 number but must have 2"),
        ("targets = [0.01]", "targets = [0.01, 1]", "targets has 2 numbers but must have 1"),
        ("[values]", "[values]\n[[layers]]\nweights = []\n[valuez]", "Did you mean 'values'?"),
        ("loss =", "layers = []\nloss =", "both layers and values"),
    ],
)
def test_what_goes_with_the_names_is_checked(old, new, fragment):
    text = text_of(NUMBERED)
    assert old in text
    assert fragment in refusal(text.replace(old, new, 1))


def test_values_that_are_no_table():
    text = text_of({}).replace("[values]", "values = 1")
    assert "values must be a table under the heading [values], but is a number" in refusal(text)
