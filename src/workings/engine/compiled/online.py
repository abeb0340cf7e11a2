"""Training on one sample at a time where a layer fits one vector: the whole update without a call or an idle step.

What costs time here is waiting, each operation for the one before. So a layer's numbers stay in a register on their
way, the slope is taken along with the activation, and the weights are kept twice, by input and by output, because
turning a vector around would take longer than changing a second copy.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numba import types

from workings.engine.compiled.loop import Loop
from workings.engine.compiled.loops import end_parts
from workings.engine.compiled.vectors import (
    Number,
    choose,
    first_lanes,
    lane,
    lanes_of,
    number_type,
    store,
    times,
    total,
)
from workings.network.network import Array, Network, Parameters
from workings.network.optimizers import Optimizer

MOST_INPUTS = 32
"""Each input waits for the one before; beyond, sums side by side are faster."""

SHORTEST = 16
"""Bytes of the shortest vector that a processor has."""

# Filled in: the functions of the hidden layers, those of the output, and what the numbers are.
VALUE: Any = None
SLOPE: Any = None
OUTPUT: Any = None
SHARE: Any = None
DELTA: Any = None
NUMBER: Any = None
LANES: Any = None
load: Any = None


def is_for(network: Network, optimizer: Optimizer, batch_size: int, *, is_weighted: bool = False) -> bool:
    """Whether a network is small and uniform enough, and takes its samples one by one, all counting the same."""
    n_in, *others = network.sizes
    fits = n_in <= MOST_INPUTS and max(others) <= lanes_of(network.parameters.flat.dtype)
    hidden = {layer.activation for layer in network.layers[:-1]}
    all_by_neuron = all(layer.activation.scope == "neuron" for layer in network.layers)
    is_simple = (
        optimizer.is_plain
        and batch_size == 1
        and not network.has_penalty
        and optimizer.clipping is None
        and not is_weighted
        and not network.has_dropout
    )
    return is_simple and fits and all_by_neuron and len(hidden) <= 1


def loop_of(network: Network) -> Loop:
    """The loop over all samples: takes the arrays of :class:`Online`, and gives how many updates it made."""
    number: Number = network.parameters.flat.dtype.type
    output, hidden = network.layers[-1].activation, network.layers[0].activation
    parts = end_parts(output, network.loss, network.pair)
    parts |= {"VALUE": (hidden.value, 1, 0), "SLOPE": (hidden.derivative, 2, 0)}
    numbers, counts = types.CPointer(number_type(number)), types.CPointer(types.int64)
    arrays = [counts, *[numbers] * 7, counts, numbers, types.CPointer(types.float64)]
    signature = types.intp(*arrays, *[types.intp] * 3, types.boolean)
    return Loop(_online, number, signature, parts, _lanes(network))


def _lanes(network: Network) -> int:
    """Of the shortest vector that every layer fits: the less it holds, the less there is to wait for."""
    dtype = network.parameters.flat.dtype
    fewest = SHORTEST // dtype.itemsize
    return max(fewest, 1 << (max(network.sizes[1:]) - 1).bit_length())


def _online(code: str) -> Callable[..., Any]:
    def online(S, W, R, B, A, F, X, Y, rows, rates, seen, depth, widest, n_rows, trains_biases):
        code  # noqa: B018
        zero, one, cost, n_updates = NUMBER(0), NUMBER(1), seen[1], 0
        n_in, n_out = S[0], S[depth]
        for u in range(n_rows):
            x, rate = rows[u] * n_in, rates[u]
            z = load(B, 0, LANES)
            for k in range(n_in):
                z = z + X[x + k] * load(W, k * LANES, LANES)
            for layer in range(1, depth):
                at, is_neuron = layer * LANES, first_lanes(z, S[layer])
                a = choose(is_neuron, VALUE(z), zero)  # beyond the layer 0, whatever f(0) is
                store(A, at, LANES, a)
                store(F, at, LANES, choose(is_neuron, SLOPE(z, a), zero))
                z = times(a, W, layer * widest * LANES, one, load(B, at, LANES))
            y, a, is_output = load(Y, rows[u] * LANES, LANES), OUTPUT(z), first_lanes(z, n_out)
            loss = total(choose(is_output, SHARE(y, z, a, NUMBER(n_out)), zero))
            if not np.isfinite(loss):
                break
            cost += loss
            delta = choose(is_output, DELTA(y, z, a, NUMBER(n_out)), zero)
            for layer in range(depth - 1, 0, -1):
                at = layer * LANES
                a, below = load(A, at, LANES), times(delta, R, at * LANES, load(F, at, LANES), zero)
                for k in range(LANES):
                    w, r = (layer * widest + k) * LANES, (at + k) * LANES
                    store(W, w, LANES, load(W, w, LANES) - (rate * lane(a, k)) * delta)
                    store(R, r, LANES, load(R, r, LANES) - (rate * lane(delta, k)) * a)
                if trains_biases:
                    store(B, at, LANES, load(B, at, LANES) - rate * delta)
                delta = below
            for k in range(n_in):
                store(W, k * LANES, LANES, load(W, k * LANES, LANES) - (rate * X[x + k]) * delta)
            if trains_biases:
                store(B, 0, LANES, load(B, 0, LANES) - rate * delta)
            n_updates += 1
        seen[0] += n_updates
        seen[1] = cost
        return n_updates

    return online


class Online:
    """A small network's numbers, arranged for the loop: a vector a layer, with 0 in the lanes beyond."""

    def __init__(self, network: Network, data: tuple[Array, ...]) -> None:
        number: Number = network.parameters.flat.dtype.type
        lanes, depth = _lanes(network), network.depth
        widest = max(network.sizes[0], lanes)
        X, Y = data
        targets = np.zeros((len(Y), lanes), number)
        targets[:, : Y.shape[1]] = Y
        self._weights = np.zeros((depth, widest, lanes), number)  # a row for each input
        self._turned = np.zeros((depth, lanes, lanes), number)  # a row for each output; unused for the first layer
        self._biases, *work = (np.zeros((depth, lanes), number) for _ in range(3))
        parameters = self._weights, self._turned, self._biases
        self._arrays = [np.array(network.sizes), *parameters, *work, np.ascontiguousarray(X), targets]
        self._pointers = [array.ctypes.data for array in self._arrays]
        self._depth, self._widest, self._trains_biases = depth, widest, network.train_biases
        self._call = _callable(loop_of(network).address)
        self._like = network.parameters

    def take(self, memory: Sequence[Array]) -> None:
        """Start from these weights and biases."""
        parameters = Parameters(memory[0], self._like.sizes)
        for layer, (W, b) in enumerate(zip(parameters.W, parameters.b, strict=True)):
            n_out, n_in = W.shape
            self._weights[layer, :n_in, :n_out] = W.T
            self._biases[layer, :n_out] = b
            if layer > 0:
                self._turned[layer, :n_out, :n_in] = W

    def give(self) -> Iterator[Array]:
        """The weights and biases as they are now, as one flat vector."""
        parameters = Parameters(np.empty_like(self._like.flat), self._like.sizes)
        for layer, (W, b) in enumerate(zip(parameters.W, parameters.b, strict=True)):
            n_out, n_in = W.shape
            W[...] = self._weights[layer, :n_in, :n_out].T
            b[...] = self._biases[layer, :n_out]
        yield parameters.flat

    def is_finite(self) -> bool:
        """Whether all weights and biases are finite numbers."""
        return bool(np.isfinite(self._weights).all() and np.isfinite(self._biases).all())

    def run(self, rows: Array, _updates: Array, factors: Array, seen: Array) -> int:
        """An update for each of these samples, each with its learning rate, until a cost is not finite.

        Parameters
        ----------
        seen : array of shape (3,)
            Added to: samples, and C times samples; there is no penalty.
        """
        pointers = [*self._pointers, *(array.ctypes.data for array in (rows, factors, seen))]
        return self._call(*pointers, self._depth, self._widest, len(rows), self._trains_biases)


def _callable(address: int) -> Callable[..., int]:
    """The loop as a function for Python; others may run meanwhile."""
    pointers, counts = [ctypes.c_void_p] * 11, [ctypes.c_ssize_t] * 3
    return ctypes.CFUNCTYPE(ctypes.c_ssize_t, *pointers, *counts, ctypes.c_bool)(address)
