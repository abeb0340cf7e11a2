"""Compile, once and for later runs, what most trainings need: ``python -m workings.engine.compiled.warm``.

With the description of a training, it is what that one needs; then it ends, at the latest, when its input does.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from typing import Any

import numpy as np

from workings.engine.compiled.descent import CompiledDescent
from workings.engine.descent import Seen
from workings.engine.description import network_of, optimizer_of
from workings.network.network import Network
from workings.network.optimizers import ADAM, SGD

COMMON = (
    ("relu", "cross_entropy", "softmax"),
    ("tanh", "half_squared_error", "identity"),
    ("sigmoid", "half_squared_error", "sigmoid"),
    ("sigmoid", "binary_cross_entropy", "sigmoid"),
)
"""Hidden activation, loss and output activation."""

LARGE = 64
"""Neurons of a layer; for more nothing else is compiled."""


def warm() -> None:
    """Train tiny networks of these kinds, by batches and one sample at a time."""
    for hidden, loss, output in COMMON:
        network = Network.create([2, 2, 2], activation=hidden, loss=loss, output_activation=output)
        data = np.zeros((2, 2)), np.array([[1.0, 0.0], [0.0, 1.0]])
        for batch_size, optimizer in ((2, SGD), (2, ADAM), (1, SGD)):
            CompiledDescent(network, optimizer, 0.1, data, batch_size, 1).advance(np.arange(2), Seen())


def warm_for(described: dict[str, Any]) -> None:
    """Train a network of that kind, but small.

    Parameters
    ----------
    described : dict
        As :func:`~workings.engine.description.described` gives it, with ``batch_size`` and ``is_weighted``.
    """
    sizes = [min(n, LARGE) for n in described["sizes"]]
    network, n = network_of(described | {"sizes": sizes}), min(2, described["batch_size"])
    weights = (np.ones(n),) if described["is_weighted"] else ()
    data = (*(np.zeros((n, size), network.parameters.flat.dtype) for size in (sizes[0], sizes[-1])), *weights)
    CompiledDescent(network, optimizer_of(described), 0.1, data, n, 1).advance(np.arange(n), Seen())


def _end_with_input() -> None:
    """End when whoever has started this process is done with it, or has ended in whatever way."""
    while os.read(0, 1024):
        pass
    os._exit(1)


def main(arguments: list[str]) -> None:
    """Compile for the training that is described, or, without any, for most."""
    if not arguments:
        return warm()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is meant for the training
    threading.Thread(target=_end_with_input, daemon=True).start()
    return warm_for(json.loads(arguments[0]))


if __name__ == "__main__":
    main(sys.argv[1:])
