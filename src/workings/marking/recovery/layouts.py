"""The ways in which weights and biases, given one after the other, can belong to the neurons of layers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workings.network.network import Array

MOST_LAYERS = 4
MOST_LAYOUTS = 200


@dataclass(frozen=True, slots=True)
class Layout:
    """The parameters of all layers, in order."""

    weights: tuple[Array, ...]
    biases: tuple[Array, ...]

    def fits(self, n_inputs: int, n_outputs: int) -> bool:
        """Whether each layer takes what the one below gives."""
        sizes = [n_inputs, *(len(W) for W in self.weights)]
        return sizes[-1] == n_outputs and all(W.shape[1] == n for W, n in zip(self.weights, sizes, strict=False))


def layouts(n_inputs: int, n_outputs: int, weights: Sequence[float], biases: Sequence[float]) -> Iterator[Layout]:
    """Layers of every size that takes just these numbers, a neuron's weights together or those from one input.

    Biases are one for each neuron, one for each layer, or none.
    """
    for number, sizes in enumerate(_sizes(n_inputs, n_outputs, len(weights), MOST_LAYERS)):
        if number == MOST_LAYOUTS:
            return
        cut = list(_cut_biases(sizes[1:], biases))
        for b in cut:
            for of_neurons in (True, False) if max(sizes[:-1]) > 1 and max(sizes[1:]) > 1 else (True,):
                yield Layout(tuple(_cut_weights(sizes, weights, of_neurons)), b)


def _sizes(n_inputs: int, n_outputs: int, n_weights: int, most: int) -> Iterator[tuple[int, ...]]:
    """Sizes of layers with so many weights between them, the fewest layers first."""
    if n_inputs * n_outputs == n_weights:
        yield n_inputs, n_outputs
    if most == 1:
        return
    for hidden in range(1, n_weights // max(n_inputs, 1) + 1):
        for rest in _sizes(hidden, n_outputs, n_weights - n_inputs * hidden, most - 1):
            yield n_inputs, *rest


def _cut_biases(sizes: Sequence[int], biases: Sequence[float]) -> Iterator[tuple[Array, ...]]:
    if len(biases) == sum(sizes):
        yield tuple(np.split(np.array(biases, dtype=float), np.cumsum(sizes)[:-1]))
    elif len(biases) == len(sizes):
        yield tuple(np.full(n, bias) for n, bias in zip(sizes, biases, strict=True))
    elif not biases:
        yield tuple(np.zeros(n) for n in sizes)


def _cut_weights(sizes: Sequence[int], weights: Sequence[float], of_neurons: bool) -> Iterator[Array]:
    at = 0
    for n_in, n_out in pairwise(sizes):
        block = np.array(weights[at : at + n_in * n_out], dtype=float)
        yield block.reshape(n_out, n_in) if of_neurons else block.reshape(n_in, n_out).T
        at += n_in * n_out
