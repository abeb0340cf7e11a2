"""A network to fill in: small round numbers in every place, so that it can be worked through as it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from workings.errors import InputError
from workings.network.network import Array, Example, Network, Parameters, lookup
from workings.network.notations import NOTATIONS

MOST_PARAMETERS = 1_000_000
"""More make a file that is larger than one that can be read, and nobody fills it in."""

DECIMALS = 2
LEARNING_RATE = 0.5


def draft(
    sizes: Sequence[int],
    *,
    activation: str = "sigmoid",
    output_activation: str | None = None,
    loss: str = "half_squared_error",
    notation: str = "textbook",
    seed: int | None = None,
) -> Network:
    """A network with an example of one sample, all of its numbers rounded to two decimals.

    Parameters
    ----------
    sizes : sequence of int
        Inputs, then neurons of each layer.
    activation, output_activation, loss : str
        As in :meth:`Network.create`.
    notation : str
        What its numbers are to be called.
    seed : int, optional
        The same seed draws the same numbers.

    Raises
    ------
    InputError
        For an unknown name, for sizes that are too small or too large, or a layer whose output could only be 1.
    """
    n_parameters = sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
    if n_parameters > MOST_PARAMETERS:
        raise InputError(
            f"{'-'.join(map(str, sizes))} has {n_parameters:,} weights and biases; a file to fill in can have "
            f"{MOST_PARAMETERS:,} at most"
        )
    lookup(NOTATIONS, notation, "notation")
    network = Network.create(sizes, activation=activation, output_activation=output_activation, loss=loss, seed=seed)
    for number, layer in enumerate(network.layers, start=1):
        if layer.is_constant:
            raise InputError(
                f"layer {number} would have one {layer.activation.name} neuron, which is always 1; it needs two or more"
            )
    generator = np.random.default_rng(seed)
    inputs, targets = _between_0_and_1(generator, sizes[0]), _between_0_and_1(generator, sizes[-1])
    if network.layers[-1].activation.scope == "layer":
        targets = np.eye(sizes[-1])[generator.integers(sizes[-1])]  # the outputs share one whole: one class is right
    if network.loss.targets:
        targets = generator.choice(network.loss.targets, sizes[-1])
    return replace(
        network,
        parameters=Parameters.of(
            [_rounded(W) for W in network.parameters.W],
            [_between_0_and_1(generator, len(b)) for b in network.parameters.b],
        ),
        example=Example(inputs[np.newaxis, :], targets[np.newaxis, :], LEARNING_RATE),
        title="-".join(map(str, sizes)),
        notation=notation,
    )


def _between_0_and_1(generator: np.random.Generator, count: int) -> Array:
    # Such a target is within reach of every activation there is.
    return np.array([int(n) / 10**DECIMALS for n in generator.integers(5, 96, count)])


def _rounded(W: Array) -> Array:
    """Weights to two decimals; none is 0, which would hide its part in every formula."""
    least = 1 / 10**DECIMALS
    return np.where(np.abs(W) < least, np.copysign(least, W), np.round(W, DECIMALS))
