"""Records that do not work are refused before they are put to work, and the field is named."""

from dataclasses import replace

import numpy as np
import pytest

from workings.errors import InputError
from workings.network.activations import ACTIVATIONS, SIGMOID, SOFTMAX
from workings.network.losses import BINARY_CROSS_ENTROPY, LOSSES
from workings.network.optimizers import MOMENTUM, OPTIMIZERS, SGD
from workings.network.record_trial import try_activation, try_loss, try_optimizer


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=lambda record: record.name)
def test_the_built_in_activations_work(record):
    try_activation(record)


@pytest.mark.parametrize("record", LOSSES.values(), ids=lambda record: record.name)
def test_the_built_in_losses_work(record):
    try_loss(record)


@pytest.mark.parametrize("record", OPTIMIZERS.values(), ids=lambda record: record.name)
def test_the_built_in_optimizers_work(record):
    try_optimizer(record)


@pytest.mark.parametrize(
    ("record", "changes", "message"),
    [
        (SIGMOID, {"value": np.sum}, r"sigmoid's value gives the shape \(\) for \(2, 3\), but must give \(2, 3\): one"),
        (SIGMOID, {"value": lambda z: z > 0}, r"sigmoid's value gives \[False\], but must give numbers"),
        (SIGMOID, {"value": lambda z: None}, r"sigmoid's value gives \[None\], but must give numbers"),
        (
            SIGMOID,
            {"value": lambda z: [[1.0], [1.0, 2.0]]},
            r"value gives rows of different lengths, but must give .*2, 3",
        ),
        (SIGMOID, {"value": SOFTMAX.value}, 'changes with the other neurons of the layer; .* scope="layer"'),
        (SIGMOID, {"derivative": lambda z, a: a[0]}, r"derivative gives the shape \(3,\) for \(2, 3\)"),
        (SOFTMAX, {"derivative": SIGMOID.derivative}, r"must give \(2, 3, 3\): the Jacobian of each sample"),
        (SIGMOID, {"formula": lambda z: 1.0}, r"sigmoid's formula.* gives 1.0, but must give an expression"),
        (
            SIGMOID,
            {"derivative_formula": lambda z, a: None},
            "derivative_formula.* gives None, but must give an expression",
        ),
        (
            SIGMOID,
            {"range": (1.0, 0.0)},
            r"sigmoid's range is \(1.0, 0.0\), but must be two numbers, the smaller first",
        ),
        (SIGMOID, {"range": "all"}, "sigmoid's range is 'all', but must be two numbers"),
        (SIGMOID, {"range": (0, "x")}, "must be two numbers"),
        (SIGMOID, {"range": 3}, "must be two numbers"),
        (SIGMOID, {"scope": "all"}, "sigmoid's scope is 'all', but must be 'neuron' or 'layer'"),
    ],
)
def test_an_activation_that_does_not_work(record, changes, message):
    with pytest.raises(InputError, match=message):
        try_activation(replace(record, **changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"value": lambda y, a, n: np.sum(a)}, r"binary_cross_entropy's value gives the shape \(\)"),
        ({"derivative": lambda y, a, n: "x"}, "derivative gives .*, but must give numbers"),
        ({"formula": lambda y, a, n: 0}, "formula.* gives 0, but must give an expression"),
        ({"derivative_formula": lambda y, a, n: n}, "derivative_formula.* gives 3, but must give an expression"),
        ({"domain": (0.0, 0.0)}, "domain is .*, but must be two numbers"),
    ],
)
def test_a_loss_that_does_not_work(changes, message):
    with pytest.raises(InputError, match=message):
        try_loss(replace(BINARY_CROSS_ENTROPY, **changes))


@pytest.mark.parametrize(
    ("record", "changes", "message"),
    [
        (
            SGD,
            {"update": lambda w, g, eta: w - eta * g},
            "sgd's update gives one ndarray, but must give a tuple of 1: the",
        ),
        (SGD, {"update": lambda w, g, eta: None}, "sgd's update gives one NoneType, but must give a tuple of 1"),
        (
            MOMENTUM,
            {"update": lambda w, g, m, eta, mu: (w - eta * g,)},
            "gives a tuple of 1, but must give a tuple of 2: the new parameter, the new m",
        ),
        (
            SGD,
            {"update": lambda w, g, eta: (w.sum(),)},
            r"update gives the shape \(\) for \(3,\), but must give \(3,\)",
        ),
        (SGD, {"formula": lambda of: 0.5}, r"sgd's formula.* gives 0\.5, but must give an expression"),
    ],
)
def test_an_optimizer_that_does_not_work(record, changes, message):
    with pytest.raises(InputError, match=message):
        try_optimizer(replace(record, **changes))


def test_what_a_function_raises_goes_through_with_a_note():
    with pytest.raises(ZeroDivisionError) as caught:
        try_activation(replace(SIGMOID, value=lambda z: 1 // 0))
    assert caught.value.__notes__ == ["sigmoid's value fails for (2, 3), where it must give (2, 3): "]
