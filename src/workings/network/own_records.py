"""Which records of a network and its optimizer are a user's own: files hold names, and cannot say what is in those."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.optimizers import OPTIMIZERS, Optimizer

if TYPE_CHECKING:
    from workings.network.network import Network


def own_records(network: Network, optimizer: Optimizer) -> Iterator[str]:
    """Each record that is not the built-in one of its name, as ``the activation 'mine'``."""
    for layer in network.layers:
        if ACTIVATIONS.get(layer.activation.name) != layer.activation:
            yield f"the activation {layer.activation.name!r}"
    if LOSSES.get(network.loss.name) != network.loss:
        yield f"the loss {network.loss.name!r}"
    usual = OPTIMIZERS.get(optimizer.name)
    written = replace(usual or optimizer, settings=optimizer.settings, clipping=optimizer.clipping)
    # Files hold these two and the learning rate beside the name.
    if usual is None or written != replace(optimizer, learning_rate=usual.learning_rate):
        yield f"the optimizer {optimizer.name!r}"
