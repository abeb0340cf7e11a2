"""Law 2 where a layer is one vector and samples come one by one; and when that way is taken."""

from dataclasses import replace

import numpy as np
import pytest
from networks import FITTING
from updates import HIDDEN, a_network, assert_updates_are_the_reference_pass_s, some_data

from workings.engine.compiled import online
from workings.engine.compiled.descent import CompiledDescent
from workings.engine.descent import Seen
from workings.errors import DivergenceError
from workings.network.activations import ACTIVATIONS
from workings.network.network import Network
from workings.network.optimizers import SGD

ENDS = [(output, loss) for output, loss in FITTING if output.scope == "neuron"]


def assert_online_updates_are_the_reference_pass_s(network):
    assert online.is_for(network, SGD, 1)
    assert_updates_are_the_reference_pass_s(network, batch_size=1)


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda record: record.name)
def test_every_hidden_activation(hidden):
    network = a_network(hidden, "identity", "half_squared_error", sizes=(3, 4, 2, 3))
    assert_online_updates_are_the_reference_pass_s(network)


@pytest.mark.long
@pytest.mark.parametrize(("output", "loss"), ENDS, ids=lambda record: record.name)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_output_with_every_loss(output, loss, dtype):
    assert_online_updates_are_the_reference_pass_s(a_network("tanh", output, loss, dtype, sizes=(3, 4, 3)))


@pytest.mark.parametrize("sizes", [(1, 1), (2, 4), (32, 3, 2), (1, 4, 1, 4, 2)])
def test_every_shape_that_fits(sizes):
    for reduction in ("mean", "sum"):
        network = a_network("tanh", "identity", "half_squared_error", sizes=sizes, reduction=reduction)
        assert_online_updates_are_the_reference_pass_s(network)
        assert_online_updates_are_the_reference_pass_s(a_network(
            "sigmoid", "sigmoid", "half_squared_error", np.float32, sizes=(2, 8, 8), reduction=reduction
        ))  # fmt: skip


def test_a_record_without_a_value_at_0_is_asked_for_neurons_only():
    """The lanes beyond a layer hold 0, where this one's slope, and its value, are not numbers."""
    odd = replace(
        ACTIVATIONS["identity"],
        name="odd",
        value=lambda z: z * abs(z) / abs(z),
        derivative=lambda z, a: abs(z) / abs(z),
    )
    network = a_network(odd, "identity", "half_squared_error", sizes=(3, 2, 3, 2, 3))
    assert_online_updates_are_the_reference_pass_s(network)


def test_what_does_not_fit_goes_by_batches():
    fits = {"sizes": (3, 4, 3), "hidden": "tanh", "output": "identity", "loss": "half_squared_error"}
    for changes, batch_size in (
        ({}, 2),
        ({"sizes": (3, 9, 3)}, 1),
        ({"sizes": (33, 4, 3)}, 1),
        ({"l2": 0.1}, 1),
        ({"output": "softmax", "loss": "cross_entropy"}, 1),
    ):
        assert not online.is_for(a_network(**{**fits, **changes}), SGD, batch_size)
    mixed = a_network(**{**fits, "sizes": (3, 4, 4, 3)})
    other = a_network(**{**fits, "sizes": (3, 4, 4, 3), "hidden": "relu"}).layers[0]
    assert not online.is_for(replace(mixed, layers=(other, *mixed.layers[1:])), SGD, 1)


def test_biases_that_are_not_trained_stay():
    network = replace(a_network("tanh", "identity", "half_squared_error", sizes=(3, 4, 3)), train_biases=False)
    descent = CompiledDescent(network, SGD, 0.05, some_data(network), 1, 1)
    descent.advance(np.arange(11), Seen())
    for before, after in zip(network.parameters.b, descent.network.parameters.b, strict=True):
        assert np.array_equal(before, after)
    assert not np.array_equal(network.parameters.W[0], descent.network.parameters.W[0])


def test_it_stops_before_the_update_that_would_follow_from_an_infinite_cost():
    network = Network.create([3, 4, 3], activation="tanh", loss="half_squared_error", seed=0)
    X, Y = some_data(network)
    Y[4] = 1e200
    descent = CompiledDescent(network, SGD, 0.01, (X, Y), 1, 1)
    message = r"diverged at update 4: a\[2\]\[.*beyond all numbers"
    with np.errstate(over="ignore"), pytest.raises(DivergenceError, match=message):
        descent.advance(np.arange(11), Seen())
    expected = CompiledDescent(network, SGD, 0.01, (X, Y), 1, 1)
    expected.advance(np.arange(4), Seen())
    assert np.array_equal(descent.network.parameters.flat, expected.network.parameters.flat)
