"""What must hold between the parts of a network; each is refused with what it is and what it must be."""

from __future__ import annotations

from itertools import pairwise
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from workings.errors import InputError
from workings.network.activations import Activation
from workings.network.losses import Loss

if TYPE_CHECKING:
    from workings.network.network import Network


def check_layers(network: Network) -> None:
    """Refuse layers that do not fit each other or the parameters."""
    if not network.layers:
        raise InputError("a network must have one layer or more, but layers is empty")
    for number, (below, layer) in enumerate(pairwise(network.layers), start=2):
        if layer.n_in != below.n_out:
            raise InputError(
                f"layer {number} takes {layer.n_in} inputs, but must take {below.n_out}: one from each neuron of the "
                "layer before"
            )
    if tuple(network.parameters.sizes) != network.sizes:
        raise InputError(
            f"the parameters are those of a network of sizes {list(network.parameters.sizes)}, but the layers have "
            f"{list(network.sizes)}"
        )
    if network.parameters.flat.dtype not in (np.float32, np.float64):
        raise InputError(f"the parameters are of type {network.parameters.flat.dtype}, but must be float32 or float64")


def dropout_of_all(rate: float, n_layers: int) -> list[float]:
    """The dropout of each layer where all hidden ones have the same.

    Raises
    ------
    InputError
        When there is no hidden layer that could have it.
    """
    if rate and n_layers == 1:
        raise InputError(f"dropout is {rate!r:.40}, but there is no hidden layer, and no output is ever left out")
    return [rate] * (n_layers - 1) + [0.0]


def check_dropout(network: Network) -> None:
    """Refuse shares that are none, and dropout where nothing can be left out."""
    for number, layer in enumerate(network.layers, start=1):
        rate = layer.dropout
        if isinstance(rate, bool) or not isinstance(rate, Real) or not 0 <= float(rate) < 1:
            raise InputError(
                f"the dropout of layer {number} is {rate!r:.40}, but must be a share of at least 0 and below 1"
            )
        if rate and number == network.depth:
            raise InputError(f"layer {number} is the output layer, so it has no dropout; hidden layers may")
        if rate and layer.activation.scope == "layer":
            raise InputError(
                f"layer {number} has dropout, but the outputs of {layer.activation.name} share one whole: none of them "
                "can be left out"
            )
    seed = network.dropout_seed
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or not 0 <= seed < 2**64:
        raise InputError(f"dropout_seed is {seed!r:.40}, but must be a whole number of at least 0 and below 2^64")


def check_activations(network: Network) -> None:
    """Refuse names in place of records, and an output whose range leaves the domain of the loss."""
    output, loss = network.layers[-1].activation, network.loss
    for record, kind in (*((layer.activation, Activation) for layer in network.layers), (loss, Loss)):
        if not isinstance(record, kind):
            raise InputError(f"{record!r:.40} must be a record of type {kind.__name__}; Network.create takes names too")
    if loss.takes(output):
        return
    (low, high), (least, most) = output.range, loss.domain
    wrong = f"needs outputs between {least:g} and {most:g}, but {output.name} reaches from {low:g} to {high:g}"
    if least <= low and high <= most:
        wrong = f"has the targets {loss.wanted}, but {output.name} reaches from {low:g} to {high:g}"
        for pole in [pole for pole in loss.poles if pole in output.reaches][:1]:
            wrong = f"grows beyond all numbers where an output is {pole:g}, and {output.name} reaches {pole:g}"
    raise InputError(f"{loss.name} {wrong}. {loss.output} goes with this loss")
