"""Starting weights: of the right shape and spread, and the same from the same seed."""

import numpy as np
import pytest

from workings.network.initializers import INITIALIZERS

each_initializer = pytest.mark.parametrize("record", INITIALIZERS.values(), ids=lambda record: record.name)


@each_initializer
def test_a_row_for_each_neuron_and_a_column_for_each_input(record):
    assert record.draw(np.random.default_rng(0), 3, 5).shape == (5, 3)


@each_initializer
def test_the_same_seed_draws_the_same_weights(record):
    first, second = (record.draw(np.random.default_rng(4), 3, 5) for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize(("name", "limit"), [("glorot", 6 / 500), ("he", 6 / 300), ("lecun", 3 / 300), ("zeros", 0.0)])
def test_the_spread(name, limit):
    W = INITIALIZERS[name].draw(np.random.default_rng(0), 300, 200)
    assert np.abs(W).max() == pytest.approx(np.sqrt(limit), rel=1e-3, abs=0.0)
    assert np.mean(W**2) == pytest.approx(limit / 3, rel=0.02)
    assert np.mean(W) == pytest.approx(0.0, abs=1e-3)


def test_zeros_makes_all_neurons_alike():
    assert not INITIALIZERS["zeros"].draw(np.random.default_rng(0), 3, 5).any()
