"""Compile, once and for later runs, what most trainings need: ``python -m workings.engine.compiled.warm``."""

from __future__ import annotations

import numpy as np

from workings.engine.compiled.descent import CompiledDescent
from workings.engine.descent import Seen
from workings.network.network import Network
from workings.network.optimizers import ADAM, SGD

COMMON = (
    ("relu", "cross_entropy", "softmax"),
    ("tanh", "half_squared_error", "identity"),
    ("sigmoid", "half_squared_error", "sigmoid"),
    ("sigmoid", "binary_cross_entropy", "sigmoid"),
)
"""Hidden activation, loss and output activation."""


def warm() -> None:
    """Train tiny networks of these kinds, by batches and one sample at a time."""
    for hidden, loss, output in COMMON:
        network = Network.create([2, 2, 2], activation=hidden, loss=loss, output_activation=output)
        data = np.zeros((2, 2)), np.array([[1.0, 0.0], [0.0, 1.0]])
        for batch_size, optimizer in ((2, SGD), (2, ADAM), (1, SGD)):
            CompiledDescent(network, optimizer, 0.1, data, batch_size, 1).advance(np.arange(2), Seen())


if __name__ == "__main__":
    warm()
