"""Every quantity of an update that a claim may be about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from workings.derivation.order import samples
from workings.network.bounds import shape
from workings.network.network import Network
from workings.network.quantity import KINDS, Quantity, of_a_parameter

FORWARD = ("z", "a", "C")
BACKWARD = ("dC/da", "da/dz", "delta", "dC/dW", "dC/db", "dz/dW", "dz/da")
UPDATED = ("W+", "b+")
GIVEN = ("x", "y", "W", "b", "eta", "l2")


def singles(network: Network, update: int) -> Iterator[Quantity]:
    """Every single number, in the order in which one works them out."""
    sizes, all_samples = network.sizes, samples(network)
    is_batch = all_samples != (None,)
    for sample in all_samples:
        for kind, n in (("x", sizes[0]), ("y", sizes[-1])):
            yield from (Quantity(kind, None, (i,), sample, update=update) for i in range(n))
    for layer in range(1, network.depth + 1):
        for kind in ("W", "b", *FORWARD[:2], *BACKWARD, *_of_optimizer(network), *UPDATED):
            sampled = KINDS[kind].sampled
            of_samples = all_samples if sampled != "never" else (None,)
            if sampled == "optional" and is_batch:
                of_samples = (None, *of_samples)
            for sample in of_samples:
                whole = Quantity(kind, layer, sample=sample, update=update)
                yield from entries(whole, shape(network, whole))
    for sample in (None, *(all_samples if is_batch else ())):
        yield Quantity("C", sample=sample, update=update)
        if sizes[-1] > 1 and (sample is not None or not is_batch):
            yield from (Quantity("C", sample=sample, output=k, update=update) for k in range(sizes[-1]))
    yield Quantity("eta", update=update)
    if network.l2:
        yield Quantity("l2", update=update)


def _of_optimizer(network: Network) -> Iterator[str]:
    """What the optimizer works out for each weight, and for each bias."""
    lines = () if network.example is None else network.example.optimizer.lines
    for parameter in ("W", "b") if network.train_biases else ("W",):
        yield from (of_a_parameter(line.kind, parameter) for line in lines)


def wholes(network: Network, update: int) -> Iterator[Quantity]:
    """Every whole vector and matrix."""
    layers = range(1, network.depth + 1)
    for sample in samples(network):
        yield from (Quantity(kind, sample=sample, update=update) for kind in ("x", "y"))
        for layer in layers:
            kinds = ("z", "a", "dC/da", "da/dz", "delta")
            yield from (Quantity(kind, layer, sample=sample, update=update) for kind in kinds)
    for layer in layers:
        of_batch = ("W", "b", "dC/dW", "dC/db", *UPDATED)
        yield from (Quantity(kind, layer, update=update) for kind in of_batch)


def entries(q: Quantity, shape: tuple[int, ...]) -> Iterator[Quantity]:
    """The single numbers of a whole vector or matrix, row by row."""
    return (replace(q, index=index) for index in np.ndindex(shape))
