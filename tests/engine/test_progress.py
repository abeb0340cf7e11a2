"""What a moment of a training tells."""

from dataclasses import replace

import numpy as np
import pytest

from workings.engine.training import train
from workings.network import reference
from workings.network.network import Network

TINY = 1e-300
"""A learning rate at which the parameters stay as they are."""


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_cost_of_an_epoch_is_the_mean_of_its_batches_and_the_validation_data_is_one_batch(reduction):
    generator = np.random.default_rng(0)
    X, Y = generator.normal(size=(50, 3)), generator.normal(size=(50, 2))
    network = replace(Network.create([3, 4, 2], loss="squared_error", seed=0), reduction=reduction)
    run = train(network, X, Y, epochs=1, batch_size=20, learning_rate=TINY, validation=(X, Y))
    (moment,) = run.history
    Z, A = reference.forward(network, X)
    total = float(reference.shares(network, Y, Z[-1], A[-1]).sum())
    assert moment.validation_cost == pytest.approx(total if reduction == "sum" else total / 50)
    if reduction == "mean":
        assert moment.cost == pytest.approx(total / 50)
    else:
        assert 10 * total / 50 < moment.cost < 20 * total / 50  # of batches of 20, 20 and 10
