"""Hand arithmetic: every named quantity rounded and carried on, beside what people worked out with a calculator."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from workings.algebra.evaluate import DECIMAL, evaluate
from workings.algebra.expression import call
from workings.algebra.rounding import Rounding
from workings.derivation.hand import HandTrace
from workings.derivation.order import number_of, scalars
from workings.derivation.trace import Trace, at_update
from workings.errors import ExpressionError
from workings.network.losses import LOSSES
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.notations import NUMBERED
from workings.network.quantity import Quantity, parse_address
from workings.network.schedules import schedule_named

FOUR_DECIMALS = {
    **{"z0": "2.8700", "z1": "8.7000", "z2": "0.1500", "O0": "0.9463", "O1": "0.9998", "O2": "0.5374"},
    **{"z3": "0.5948", "O3": "0.6445", "Cost": "0.0380"},
    **{"dCost/dO3": "-0.2755", "dO3/dz3": "0.2291", "dCost/dz3": "-0.0631"},
    **{"dCost/dw6": "-0.0597", "dCost/dw7": "-0.0631", "dCost/dw8": "-0.0339"},
    **{"dCost/dO0": "-0.0568", "dO0/dz0": "0.0508", "dCost/dz0": "-0.0029"},
    **{"dCost/dw0": "-0.0058", "dCost/dw1": "-0.0261"},
    **{"dCost/dO1": "0.0316", "dO1/dz1": "0.0002", "dCost/dz1": "0.0000"},
    **{"dCost/dw2": "0.0000", "dCost/dw3": "0.0000"},
    **{"dCost/dO2": "-0.0050", "dO2/dz2": "0.2486", "dCost/dz2": "-0.0012"},
    **{"dCost/dw4": "-0.0024", "dCost/dw5": "-0.0108"},
    **{"new_w0": "0.1529", "new_w1": "0.2431", "new_w2": "0.5000", "new_w3": "0.8000", "new_w4": "0.0512"},
    **{"new_w5": "-0.0446", "new_w6": "0.9299", "new_w7": "-0.4685", "new_w8": "0.0970"},
    **{"new_b0": "0.5015", "new_b1": "0.5000", "new_b2": "0.5006", "new_b3": "0.2316"},
}
WITH_SQUARED_ERROR = {
    **{"Cost": "0.0759", "dCost/dO3": "-0.5510", "dCost/dz3": "-0.1262"},
    **{"dCost/dw6": "-0.1194", "dCost/dw7": "-0.1262", "dCost/dw8": "-0.0678"},
    **{"dCost/dz0": "-0.0058", "dCost/dw0": "-0.0116", "dCost/dw1": "-0.0522"},
}


def worked_by_hand(rounding: Rounding, loss: str = "half_squared_error") -> HandTrace:
    return HandTrace(Trace(replace(load("two-three-one"), loss=LOSSES[loss])), rounding)


def named(trace: HandTrace, name: str) -> str:
    return str(trace[NUMBERED.parse(name, trace.network.sizes)])


@pytest.mark.parametrize(("name", "value"), FOUR_DECIMALS.items())
def test_two_three_one_to_four_decimals(name, value):
    assert named(worked_by_hand(Rounding(digits=4)), name) == value


@pytest.mark.parametrize(("name", "value"), WITH_SQUARED_ERROR.items())
def test_two_three_one_with_the_squared_error(name, value):
    assert named(worked_by_hand(Rounding(digits=4), "squared_error"), name) == value


def test_the_backward_part_is_21_numbered_steps_in_the_order_of_the_chain_rule():
    network = load("two-three-one")
    steps = [NUMBERED.text(q, network) for q in scalars(network) if number_of(network, q) is not None]
    assert steps == [
        *("dCost/dO3", "dO3/dz3", "dCost/dz3", "dCost/dw6", "dCost/dw7", "dCost/dw8"),
        *("dCost/dO0", "dO0/dz0", "dCost/dz0", "dCost/dw0", "dCost/dw1"),
        *("dCost/dO1", "dO1/dz1", "dCost/dz1", "dCost/dw2", "dCost/dw3"),
        *("dCost/dO2", "dO2/dz2", "dCost/dz2", "dCost/dw4", "dCost/dw5"),
    ]


@pytest.mark.parametrize(
    ("rounding", "name", "value"),
    [
        (Rounding(digits=4, mode="half-even"), "O0", "0.9463"),
        (Rounding(digits=4, mode="truncate"), "O0", "0.9463"),
        (Rounding(digits=4, mode="truncate"), "O3", "0.6444"),  # 0.64446...
        (Rounding(digits=4, mode="truncate"), "Cost", "0.0379"),
        (Rounding(digits=2), "O1", "1.00"),
        (Rounding(digits=2), "dO1/dz1", "0.00"),
        (Rounding(figures=3), "O0", "0.946"),
        (Rounding(figures=3), "O1", "1.00"),
        (Rounding(figures=3), "z0", "2.87"),
        (Rounding(digits=0), "z1", "9"),
    ],
)
def test_other_roundings(rounding, name, value):
    assert named(worked_by_hand(rounding), name) == value


def tie(mode: str) -> list[str]:
    """z = 2.5 and z = -3.5 rounded to no decimals: halves that lie between two."""
    network = Network.create([1, 2], loss="squared_error")
    network.parameters.W[0][:] = [[2.5], [-3.5]]
    example = replace(load("two-three-one").example, inputs=np.array([[1.0]]), targets=np.array([[0.0, 0.0]]))
    trace = HandTrace(Trace(replace(network, example=example)), Rounding(digits=0, mode=mode))
    return [str(trace[Quantity("z", 1, (j,))]) for j in (0, 1)]


@pytest.mark.parametrize(
    ("mode", "rounded"), [("half-up", ["3", "-4"]), ("half-even", ["2", "-4"]), ("truncate", ["2", "-3"])]
)
def test_what_lies_between_two(mode, rounded):
    assert tie(mode) == rounded


@pytest.mark.parametrize("rounding", [Rounding(4), Rounding(3, mode="truncate"), Rounding(figures=4, mode="half-even")])
@pytest.mark.parametrize("name", ["two-two-two", "two-three-one", "tanh-softmax", "relu-dead", "deep-four"])
def test_every_line_is_its_formula_with_the_carried_numbers_rounded_once(name, rounding):
    trace = HandTrace(Trace(load(name)), rounding)
    for quantity in scalars(trace.network):
        formula = trace.equation(quantity).formula
        if formula is not None:
            assert trace[quantity] == rounding(evaluate(formula, trace.value, DECIMAL)), str(quantity)


def test_what_dropout_leaves_out_is_0_and_only_what_is_rounded_to_zero_has_a_sign():
    network = Network.create([1, 4, 1], loss="half_squared_error", activation="tanh", dropout=0.5, seed=3)
    network.parameters.W[0][:] = [[-0.5], [-0.4], [-0.3], [-0.00001]]
    example = replace(load("two-three-one").example, inputs=np.array([[1.0]]), targets=np.array([[0.5]]))
    trace = HandTrace(Trace(replace(network, example=example)), Rounding(digits=4))
    z, f, masks, a = ([str(each) for each in trace[Quantity(kind, 1)]] for kind in ("z", "f", "mask", "a"))
    assert (z[3], f) == ("-0.0000", ["-0.4621", "-0.3799", "-0.2913", "0.0000"])
    assert {"0.0", "1.0"} == set(masks[:3])
    for kept, before, after in zip(masks, f, a, strict=True):
        assert after == ("0.0000" if kept == "0.0" else str(2 * Decimal(before)))


def test_a_slope_of_0_makes_errors_and_gradients_of_0_without_a_sign():
    trace = HandTrace(Trace(load("relu-dead")), Rounding(digits=4))
    found = [
        str(trace[parse_address(address)]) for address in ("da/dz[1][2]", "dC/da[1][2]", "delta[1][2]", "dC/dW[1][2,1]")
    ]
    assert found == ["0.0000", "-0.6400", "0.0000", "0.0000"]


def test_given_numbers_are_exact_as_they_are_written():
    trace = worked_by_hand(Rounding(digits=1))
    assert [str(trace[parse_address(address)]) for address in ("W[1][1,1]", "x[1]", "y[1]")] == ["0.15", "2.0", "0.92"]


def test_a_whole_vector_holds_the_carried_numbers():
    trace = worked_by_hand(Rounding(digits=4))
    z = trace[Quantity("z", 1)]
    assert [str(entry) for entry in z] == ["2.8700", "8.7000", "0.1500"]
    assert trace[Quantity("W", 2)].shape == (1, 3)
    assert all(isinstance(entry, Decimal) for entry in trace[Quantity("W", 2)].ravel())


@pytest.mark.parametrize("mode", ["half-up", "half-even", "truncate"])
@pytest.mark.parametrize("name", ["two-two-two", "two-three-one", "tanh-softmax"])
def test_the_rounded_weights_are_carried_on_to_the_next_update(name, mode):
    first = HandTrace(Trace(load(name)), Rounding(digits=20, mode=mode))  # more digits than a float holds
    third = at_update(first, 3)
    second = first.after_update()
    for layer in (1, 2):
        for kind in ("W", "b"):
            assert third[Quantity(kind, layer)].tolist() == second[Quantity(f"{kind}+", layer)].tolist()
    assert third.update == 3


def test_what_has_no_value_by_hand_says_why():
    network = load("two-two-two")
    unknown = replace(network.layers[0].activation, formula=lambda z: call("wobble", z))
    layers = tuple(replace(layer, activation=unknown) for layer in network.layers)
    trace = HandTrace(Trace(replace(network, layers=layers)), Rounding(digits=4))
    with pytest.raises(ExpressionError, match=r"a\[1\]\[1\] has no value by hand: unknown function 'wobble'"):
        trace[Quantity("a", 1, (0,))]


def test_a_deep_network_is_worked_without_recursion():
    depth = 400
    network = Network.create([1] * (depth + 1), activation="tanh", loss="squared_error", seed=0)
    example = replace(load("two-three-one").example, inputs=np.array([[1.0]]), targets=np.array([[0.5]]))
    trace = HandTrace(Trace(replace(network, example=example)), Rounding(digits=6))
    assert isinstance(trace[Quantity("W+", 1, (0, 0))], Decimal)


def test_a_learning_rate_on_schedule_is_rounded_and_a_plateau_sees_the_cost_as_it_was_rounded():
    network = load("two-two-two")
    by_hand = {}
    for text in ("exponential:factor=0.9", "plateau:patience=1,threshold=0.1"):
        example = replace(network.example, schedule=schedule_named(text))
        first = HandTrace(Trace(replace(network, example=example)), Rounding(2, None, "half-up"))
        by_hand[text] = [str(at_update(first, update).value(Quantity("eta"))) for update in (1, 2, 3, 4)]
    assert list(by_hand.values()) == [["0.50", "0.45", "0.41", "0.36"], ["0.50", "0.50", "0.25", "0.13"]]
