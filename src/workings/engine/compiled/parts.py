"""How the work of an update is cut into parts, which samples, neurons and parameters; and how threads meet."""

from __future__ import annotations

from typing import Any

from numba import njit

from workings.engine.compiled.calls import arrive
from workings.engine.compiled.tile import INLINED

MOST_FOR_TILES = 8_000_000
"""Multiplications of a product that still fits the cache; from there on BLAS, which arranges its operands first."""


def share(n: Any, part: Any, n_parts: Any, unit: Any) -> Any:
    """Where the share of a part begins and ends, in whole units."""
    n_units = (n + unit - 1) // unit
    return min(n, n_units * part // n_parts * unit), min(n, n_units * (part + 1) // n_parts * unit)


compiled_share = njit(**INLINED)(share)


@njit(**INLINED)
def rectangle(is_by_neuron, n_rows, n, part, n_parts, lanes):
    """What a part has of a layer: first and last sample, first and last neuron."""
    if is_by_neuron:
        first, last = compiled_share(n, part, n_parts, lanes)
        return 0, n_rows, first, last
    first, last = compiled_share(n_rows, part, n_parts, 1)
    return first, last, 0, n


@njit(**INLINED)
def columns(places, by_neuron, layer, part, left, n):
    """Where some neurons of a part begin, from ``left`` on, and how far a sample of theirs is from the next.

    By neurons, nobody else reads those of the first layer, so there each part's stand by themselves: a core that reads
    ahead fetches none of another's. Each sample's are filled up to whole vectors, which are quicker.
    """
    if layer == 1 and by_neuron[1]:
        return part * places[1, 5], (n + places[0, 6] - 1) // places[0, 6] * places[0, 6]
    return left, places[layer, 5]


@njit(**INLINED)
def own_parameters(sizes, places, by_neuron, layer, part, n_parts, lanes):
    """What a part has of a layer's parameters: in the first what leads to its neurons, else what leads from them.

    The first neuron that it leads from, and from how many; the same of those that it leads to; where these weights
    begin, which are one block, and the biases; and whether the biases are its own too.
    """
    n_in, n_out = sizes[layer - 1], sizes[layer]
    leads_to = layer == 1 and by_neuron[1]
    first, last = compiled_share(n_in, part, n_parts, lanes if by_neuron[layer - 1] else 1)
    left, right = 0, n_out
    if leads_to:
        first, last = 0, n_in
        left, right = compiled_share((n_out + lanes - 1) // lanes * lanes, part, n_parts, lanes)
    w, b = places[layer, 0] + first * (right - left) + n_in * left, places[layer, 1] + left
    return first, last - first, left, right - left, w, b, leads_to or part == layer % n_parts


@njit(**INLINED)
def is_small(n_multiplications, n_parts):
    """Whether a part of a product is one for tiles."""
    return n_multiplications <= MOST_FOR_TILES * n_parts


@njit(**INLINED)
def meet(counter, goal, n_threads):
    """Wait for all other threads; gives the next goal."""
    if n_threads > 1:
        goal += n_threads
        arrive(counter, goal)
    return goal
