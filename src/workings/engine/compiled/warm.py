"""Compile, once and for later runs, what most trainings need: ``python -m workings.engine.compiled.warm``."""

from __future__ import annotations

import numpy as np

from workings.engine.compiled.descent import CompiledDescent
from workings.network.network import Network

COMMON = (
    ("relu", "cross_entropy", "softmax"),
    ("tanh", "half_squared_error", "identity"),
    ("sigmoid", "half_squared_error", "sigmoid"),
    ("sigmoid", "binary_cross_entropy", "sigmoid"),
)
"""Hidden activation, loss and output activation."""


def warm() -> None:
    """Train tiny networks of these kinds for one update each."""
    for hidden, loss, output in COMMON:
        network = Network.create([2, 2, 2], activation=hidden, loss=loss, output_activation=output)
        data = np.zeros((1, 2)), np.array([[1.0, 0.0]])
        CompiledDescent(network, 0.1, data, 1, 1).advance(np.arange(1))


if __name__ == "__main__":
    warm()
