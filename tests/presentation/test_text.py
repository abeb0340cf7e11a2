"""The lesson as text: narrow enough for a terminal, complete, and with the matrices of the textbook."""

from dataclasses import replace

import pytest

from workings.network.network_file import examples, load
from workings.network.notations import NOTATIONS
from workings.presentation.explain import explain
from workings.presentation.text import render


@pytest.mark.parametrize("name", examples())
@pytest.mark.parametrize("form", ["scalar", "matrix"])
@pytest.mark.parametrize("notation", NOTATIONS)
def test_lines_fit_a_terminal_of_80_columns(name: str, form: str, notation: str) -> None:
    text = render(explain(load(name), form=form, notation=notation))
    assert [line for line in text.splitlines() if len(line) > 80 and " " in line.strip()] == []
    assert not any(line.endswith(" ") for line in text.splitlines())


def test_str_is_the_text() -> None:
    lesson = explain(load("two-two-two"), "w5")
    assert str(lesson) == render(lesson) == "      w5 = 0.4\n"


def test_matrices_of_two_two_two() -> None:
    text = str(explain(load("two-two-two"), form="matrix"))
    assert "delta^2 = dC/da^2 ⊙ sigma'(z^2)" in text
    assert "= (0.138498562, -0.038098237)" in text
    assert "dC/da^1 = (W^2)^T delta^2\n                  2x2     2x1\n" in text
    assert "= (0.036350306, 0.041370323)" in text
    assert "delta^1 = (W^2)^T delta^2 ⊙ sigma'(z^1)" in text
    assert "= [0.036350306] ⊙ [0.241300709]\n                [0.041370323]   [0.240613417]" in text
    assert "= (0.008771355, 0.009954255)" in text


def test_every_rule_is_introduced_once_with_a_reason_and_a_source() -> None:
    lines = str(explain(load("two-two-two"))).split("\n\n")
    introduced = [line for line in lines if "[BP2]" in line]
    assert len(introduced) == 1
    assert "Nielsen" in introduced[0]


def test_all_gradients_first_is_said_before_the_backward_pass_and_at_the_update() -> None:
    text = " ".join(str(explain(load("two-two-two"))).split())
    assert text.index("All gradients are taken with the weights as they are") < text.index("(1)")
    assert text.index("Only now, with every gradient known, do the parameters change.") < text.index("w1+ = w1 - eta")


def test_dc_dz_is_also_dc_db() -> None:
    assert "which is also dCost/db3" in str(explain(load("two-three-one")))


def test_only_upto_layer_and_sample_leave_the_rest_out() -> None:
    forward = str(explain(load("two-two-two"), only="forward"))
    assert "net_o2" in forward
    assert "dE_total" not in forward
    some = str(explain(load("two-two-two"), upto=3))
    assert "(3)" in some
    assert "(4)" not in some
    assert "w5+" not in some
    layer = str(explain(load("deep-four"), layer=2))
    assert "z^2_1 =" in layer
    assert "z^1_1 =" not in layer
    assert "z^3_1 =" not in layer
    second = str(explain(load("tanh-softmax"), sample=2))
    assert "z^1_1@2" in second
    assert "z^1_1@1" not in second


def test_a_negative_number_that_rounds_to_zero_is_shown_and_explained_once() -> None:
    text = str(explain(load("two-three-one"), digits=1))
    assert "= -0.0\n" in text
    assert text.count("too small to show at this rounding") == 1
    assert "too small" not in str(explain(load("two-three-one"), digits=12))


def test_long_sums_and_large_matrices_are_elided() -> None:
    from workings.network.network import Example, Network

    network = Network.create([784, 30, 10], seed=1, loss="cross_entropy")
    import numpy as np

    inputs, targets = np.linspace(0, 1, 784)[None, :], np.eye(10)[:1]
    network = replace(network, example=Example(inputs, targets, 0.1))
    text = str(explain(network, "z[1][1]"))
    assert "+ ... +" in text
    assert len(text.splitlines()) < 20
    assert "..." in str(explain(network, "z[1]"))


def test_the_rules_behind_the_slopes() -> None:
    text = str(explain(load("two-two-two"), "dE/dout_o1", "dout_o1/dnet_o1", "dE/dw5", depth="rules"))
    for reason in ("drops out", "a factor without", "power rule", "derivative of the variable", "exponential rule"):
        assert reason in text
    assert "= 1/(1 + e^-net_o1)*(1 - 1/(1 + e^-net_o1))" in text
    assert "= out_o1*(1 - out_o1)   [" in text
    assert "d/dw5 [w5*out_h1 + w6*out_h2 + b2]" in text


def test_a_batch_is_a_mean_of_samples() -> None:
    text = str(explain(load("tanh-softmax"), "C", "dC/dW[2][1,1]", "dC/dW[2][1,1]@2"))
    assert "C = 1/2*(C@1 + C@2)" in text
    assert "dC/dw^2_11 = 1/2 * (dC/dw^2_11@1 + dC/dw^2_11@2)" in text
    assert "dC/dw^2_11@2 = delta^2_1@2*a^1_1@2" in text


def test_numbers_asked_for_say_once_what_the_inputs_in_their_lines_stand_for() -> None:
    network = load("two-two-two")
    assert network.example is not None
    named = replace(network.example, input_meanings=("age, (30 - 29)/20", "height"), output_meanings=("yes", "no"))
    text = str(explain(replace(network, example=named), "dE/dw1", "net_h1", "dE/dout_o1"))
    assert text.count("i1 is age") == 1
    assert "Here i1 is age, (30 - 29)/20." in text
    assert "Here i2 is height." in text
    assert "Here target_o1 is yes." in text


def test_a_row_of_data_says_what_its_inputs_stand_for() -> None:
    network = load("two-two-two")
    assert network.example is not None
    named = replace(network.example, input_meanings=("age", "height"), output_meanings=("yes", "no"))
    text = str(explain(replace(network, example=named)))
    assert "The inputs, as the model takes them: i1 age; i2 height." in text
    assert "The targets, as the model takes them: target_o1 yes; target_o2 no." in text
