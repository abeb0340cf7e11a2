"""Neurons that no longer learn are named, and no others."""

from dataclasses import replace

import numpy as np
import pytest

import workings as wk
from workings.cli.main import run as command
from workings.engine.idle import idle_neurons
from workings.network.activations import ACTIVATIONS
from workings.network.network import Network


def a_network(activation, biases):
    """Each hidden neuron's z is the input, moved by its bias."""
    network = Network.create([1, len(biases), 1], activation=activation)
    flat = network.parameters.flat.copy()
    flat[: len(biases)], flat[len(biases) : 2 * len(biases)] = 1.0, biases
    return network.with_parameters(flat)


X = np.linspace(-1.0, 1.0, 21)[:, None]


def test_dead_neurons_are_named():
    assert idle_neurons(a_network("relu", [0.0, -5.0, 2.0]), X) == (
        "layer 1: neuron 2 has a slope of 0 for every row, so nothing is learned there any more",
    )
    (said,) = idle_neurons(a_network("relu", [-5.0, -5.0]), X)
    assert said.startswith("layer 1: all 2 neurons have a slope of 0")
    (said,) = idle_neurons(a_network("relu", [-5.0] * 20 + [0.0]), X)
    assert said.startswith("layer 1: 20 of 21 neurons (1, 2, 3, 4, 5, 6, 7, 8, ...) have a slope of 0")


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "softsign"])
def test_saturated_neurons_are_named(activation):
    (said,) = idle_neurons(a_network(activation, [0.0, 30.0, -30.0]), X)
    assert said == (
        f"layer 1: 2 of 3 neurons (2, 3) have a slope below 0.01 of {activation}'s largest for every row: saturated"
    )


@pytest.mark.parametrize("activation", [a for a in ACTIVATIONS.values() if a.scope == "neuron"], ids=lambda a: a.name)
def test_neurons_that_learn_are_left_alone(activation):
    assert idle_neurons(a_network(activation, [-0.5, 0.0, 0.5]), X) == ()


def test_one_row_that_still_teaches_is_enough():
    assert idle_neurons(a_network("relu", [-0.95]), X) == ()
    assert idle_neurons(a_network("tanh", [30.0]), np.vstack([X, [[-30.0]]])) == ()


def test_every_row_counts():
    assert idle_neurons(a_network("relu", [-0.95]), np.vstack([-np.ones((9_999, 1)), X])) == ()
    assert idle_neurons(a_network("relu", [-5.0]), np.tile(X, (1000, 1))) != ()


def test_outputs_at_their_limit_are_nothing_to_remark():
    network = Network.create([1, 1], output_activation="sigmoid", loss="binary_cross_entropy")
    assert idle_neurons(network.with_parameters(np.array([0.0, 40.0])), X) == ()


def test_a_run_and_the_command_say_so(capsys):
    network = wk.load("relu-dead")
    flat = network.parameters.flat.copy()
    run = wk.train(network.with_parameters(flat), updates=3)
    assert run.remarks == idle_neurons(run.network, network.example.inputs)
    assert command(["train", "relu-dead", "--updates", "3"]) == 0
    err = capsys.readouterr().err
    assert [line.removeprefix("note: ") for line in err.splitlines()][-len(run.remarks) :] == [*run.remarks]
    assert run.remarks


def test_nothing_is_remarked_where_nothing_is_wrong():
    assert wk.train(wk.load("two-two-two"), updates=10).remarks == ()
    assert replace(wk.train(wk.load("two-two-two"), updates=0)).remarks == ()
