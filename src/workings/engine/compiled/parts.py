"""How the work of an update is cut into parts, which samples, neurons and parameters; and how threads meet."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from workings.engine.compiled.calls import arrive
from workings.engine.compiled.product import MOST_UNPACKED, ROOM
from workings.engine.compiled.tile import INLINED

LAYER = np.dtype(
    [
        ("n", np.int64),  # neurons
        ("by_neuron", np.bool_),  # whether it is cut by neurons: all hidden layers or none, never inputs and outputs
        ("forward", np.int64),  # the addresses of its loops; outputs have only the last
        ("backward", np.int64),
        ("end", np.int64),
        # Where its numbers begin:
        ("W", np.int64),  # in the parameters, as do its biases
        ("b", np.int64),
        ("turned", np.int64),  # W in the copy that is turned around
        ("z", np.int64),  # in the workspace, as does all that follows
        ("f", np.int64),  # f(z), which is a itself where there is no dropout
        ("a", np.int64),
        ("sums", np.int64),  # what the parts contribute to z
        ("ld", np.int64),  # how far a sample is from the next; in a first layer cut by neurons, a part from the next
        # Of the whole network, and so only with the inputs:
        ("y", np.int64),
        ("d", np.int64),  # dC/da of whichever layer it is the turn of
        ("widest", np.int64),  # how far a sample of the widest layer is from the next
        ("room", np.int64),  # for what products pack, of each part behind that of the one before
        ("private", np.int64),  # how far the next thread's own inputs, targets and outputs are
        ("lanes", np.int64),  # how many numbers a vector has
    ]
)
"""What the epoch must know of a layer."""


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
def columns(layers, layer, part, left, n):
    """Where some neurons of a part begin, from ``left`` on, and how far a sample of theirs is from the next.

    By neurons, nobody else reads those of the first layer, so there each part's stand by themselves: a core that reads
    ahead fetches none of another's. Each sample's are filled up to whole vectors, which are quicker.
    """
    if layer == 1 and layers[1].by_neuron:
        return part * layers[1].ld, (n + layers[0].lanes - 1) // layers[0].lanes * layers[0].lanes
    return left, layers[layer].ld


@njit(**INLINED)
def own_parameters(layers, layer, part, n_parts, lanes):
    """What a part has of a layer's parameters: in the first what leads to its neurons, else what leads from them.

    The first neuron that it leads from, and from how many; the same of those that it leads to; where these weights
    begin, which are one block, and the biases; and whether the biases are its own too.
    """
    n_in, n_out = layers[layer - 1].n, layers[layer].n
    leads_to = layer == 1 and layers[1].by_neuron
    first, last = compiled_share(n_in, part, n_parts, lanes if layers[layer - 1].by_neuron else 1)
    left, right = 0, n_out
    if leads_to:
        first, last = 0, n_in
        left, right = compiled_share((n_out + lanes - 1) // lanes * lanes, part, n_parts, lanes)
    w, b = layers[layer].W + first * (right - left) + n_in * left, layers[layer].b + left
    return first, last - first, left, right - left, w, b, leads_to or part == layer % n_parts


@njit(**INLINED)
def is_small(n_multiplications, n_parts):
    """Whether a part of a product takes its operands as they stand."""
    return n_multiplications <= MOST_UNPACKED * n_parts


@njit(**INLINED)
def room_of(layers, part):
    """Where a part packs the operands of its products."""
    return layers[0].room + part * ROOM


@njit(**INLINED)
def meet(counter, goal, n_threads):
    """Wait for all other threads; gives the next goal."""
    if n_threads > 1:
        goal += n_threads
        arrive(counter, goal)
    return goal
