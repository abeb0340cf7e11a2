"""The objective of many networks at once is that of each of them."""

from dataclasses import replace

import numpy as np
import pytest
from networks import BATCHES, FITTING, SINGLE, small_network

from workings.derivation.checking import objectives
from workings.derivation.checking.objectives import NeuronObjective
from workings.derivation.trace import Trace
from workings.network import reference
from workings.network.activations import SOFTMAX, TANH
from workings.network.losses import SQUARED_ERROR
from workings.network.network import Parameters


def one_by_one(network, layer, j, which, values):
    """The same by the reference pass, one network at a time."""
    found = []
    for k, value in zip(which, values, strict=True):
        changed = Parameters(network.parameters.flat.copy(), network.sizes)
        if k < network.layer(layer).n_in:
            changed.W[layer - 1][j, k] = value
        else:
            changed.b[layer - 1][j] = value
        other = replace(network, parameters=changed)
        found.append(reference.objective(other, network.example.inputs, network.example.targets))
    return np.array(found)


@pytest.mark.parametrize("setting", [*BATCHES, *SINGLE], ids=str)
@pytest.mark.parametrize(("output", "loss"), FITTING, ids=lambda record: record.name)
def test_each_is_the_objective_of_a_network_with_one_number_changed(output, loss, setting):
    for hidden in (TANH, SOFTMAX):
        network = small_network(hidden, output, loss, setting)
        which, values = np.array([0, 1, 2, 2, 0]), np.array([0.3, -1.0, 0.7, -0.1, 2.0])
        for layer, j in ((1, 0), (1, 1), (2, 0), (2, 2)):
            found = NeuronObjective(Trace(network), layer, j)(which, values)
            assert found == pytest.approx(one_by_one(network, layer, j, which, values), rel=1e-12)


def test_long_lists_are_worked_in_pieces(monkeypatch):
    network = small_network(TANH, TANH, SQUARED_ERROR, BATCHES[0])
    objective = NeuronObjective(Trace(network), 2, 1)
    which, values = np.arange(30) % 3, np.linspace(-1, 1, 30)
    whole = objective(which, values)
    monkeypatch.setattr(objectives, "_MOST_NUMBERS", 40)
    assert objective(which, values) == pytest.approx(whole, rel=1e-14)


def test_the_row_holds_the_weights_and_then_the_bias():
    network = small_network(TANH, TANH, SQUARED_ERROR, BATCHES[0])
    objective = NeuronObjective(Trace(network), 2, 1)
    assert objective.row.tolist() == [*network.W(2)[1], network.b(2)[1]]
    assert objective.inputs[:, -1].tolist() == [1.0, 1.0]
