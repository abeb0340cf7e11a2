"""Numbers that run through all layers: which weight is w7 and which neuron h3, both ways; everything counts from 0."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

Sizes = Sequence[int]
"""Inputs, then neurons of each layer."""


def number_of_weight(layer: int, index: tuple[int, int], sizes: Sizes) -> int:
    """The number of a weight, counted layer by layer, neuron by neuron."""
    j, k = index
    return _weights_before(sizes)[layer - 1] + j * sizes[layer - 1] + k


def weight_of_number(number: int, sizes: Sizes) -> tuple[int, tuple[int, int]] | None:
    """Layer and indices of a weight; None where there are not so many."""
    before = _weights_before(sizes)
    layer = next((layer for layer in range(1, len(sizes)) if before[layer - 1] <= number < before[layer]), None)
    return None if layer is None else (layer, divmod(number - before[layer - 1], sizes[layer - 1]))


def number_of_neuron(layer: int, j: int, sizes: Sizes) -> int:
    """The number of a neuron, counted layer by layer."""
    return sum(sizes[1:layer]) + j


def neuron_of_number(number: int, sizes: Sizes) -> tuple[int, int]:
    """Layer and index of a neuron; the index may turn out too large or negative."""
    for layer, size in enumerate(sizes[1:], start=1):
        if number < size:
            return layer, number
        number -= size
    return len(sizes) - 1, number + sizes[-1]


def _weights_before(sizes: Sizes) -> list[int]:
    """How many weights there are before those of each layer."""
    return list(accumulate((a * b for a, b in pairwise(sizes)), initial=0))
