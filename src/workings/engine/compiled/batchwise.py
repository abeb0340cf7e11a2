"""Training by batches: a network's numbers, arranged for the compiled epoch, and the threads that run it."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from workings.engine.compiled.epoch import compiled_epoch
from workings.engine.compiled.kept import is_ready, set_ready
from workings.engine.compiled.loop import Loop
from workings.engine.compiled.loops import backward_loop, end_loop, forward_loop, step_loop
from workings.engine.compiled.parts import LAYER, share
from workings.engine.compiled.product import ROOM, product_address
from workings.engine.compiled.vectors import Number, lanes_of
from workings.engine.pace import SECONDS_A_MULTIPLICATION, Pace, multiplications
from workings.network.dropout import keys, threshold
from workings.network.network import Array, Network, Parameters
from workings.network.optimizers import Optimizer, bounds_of
from workings.network.reductions import REDUCTIONS

MOST_UNEVEN = 1.35
"""How much larger than its share a part may be before samples, which can be cut evenly, are better."""

LINE = 64
"""Bytes of a line of the cache, which goes from core to core as a whole."""


def is_warm(network: Network, optimizer: Optimizer) -> bool:
    """Whether nothing has to be compiled: an earlier run has left the epoch and all loops."""
    steps = [] if is_made_by_product(network, optimizer) else [step_loop(optimizer, network.parameters.flat.dtype.type)]
    loops = [*steps, *(loop for loops in loops_of(network) for loop in loops.values())]
    return is_ready(_epoch_of(network)) and all(loop.is_ready for loop in loops)


def loops_of(network: Network) -> list[dict[str, Loop]]:
    """The loops of each layer, by the names that the epoch has for them."""
    number: Number = network.parameters.flat.dtype.type
    *hidden, output = (layer.activation for layer in network.layers)
    loops = [{"forward": forward_loop(each, number), "backward": backward_loop(each, number)} for each in hidden]
    return [*loops, {"end": end_loop(output, network.loss, network.pair, number)}]


def is_made_by_product(network: Network, optimizer: Optimizer) -> bool:
    """Whether a matrix product can make the whole update; the sign of a weight is none, nor is what is clipped."""
    return optimizer.is_plain and optimizer.clipping is None and not network.l1


def _epoch_of(network: Network) -> str:
    return f"epoch-{network.parameters.flat.dtype}"


class Batchwise:
    """A network's numbers, arranged for the epoch."""

    def __init__(
        self, network: Network, optimizer: Optimizer, data: tuple[Array, ...], batch_size: int, n_threads: int
    ) -> None:
        self._network, self._batch_size, self._n_parts = network, batch_size, n_threads
        self._pace = Pace(n_threads, multiplications(network, batch_size) * SECONDS_A_MULTIPLICATION)
        self._others = ThreadPoolExecutor(max(1, n_threads - 1))
        self._X, self._Y = (np.ascontiguousarray(array) for array in data[:2])
        self._weights = data[2].astype(np.float64) if len(data) > 2 else None
        self._number: Number = network.parameters.flat.dtype.type
        self._by_neuron = _by_neuron(network, batch_size, n_threads)
        self._layers, n_flat, n_work, n_turned = self._plan()
        self._work, self._turned = _zeros(n_work, self._number), _zeros(n_turned, self._number)
        self._flat = _zeros(n_flat, self._number)
        is_by_product = is_made_by_product(network, optimizer)
        n_gradient = 0 if is_by_product else self._flat.size
        self._step = 0 if is_by_product else step_loop(optimizer, self._number).address
        self._bounds = tuple(self._number(bounds_of(optimizer).get(name, 0.0)) for name in ("clip_norm", "clip_value"))
        rates = [0.0, *(layer.dropout for layer in network.layers)]
        self._thresholds = np.array([threshold(rate) for rate in rates], np.uint64)
        self._scales = self._number(1) / np.array([1.0 - rate for rate in rates], self._number)
        self._gradient = np.zeros(n_gradient, self._number)
        self._state = np.zeros(len(optimizer.state) * self._flat.size, self._number)
        self._epoch, self._multiply = compiled_epoch(self._number.__name__), product_address(self._number.__name__)

    def take(self, memory: Sequence[Array]) -> None:
        """Start from these parameters, and from what the optimizer remembers; what is not given stays as it is."""
        for arranged, flat in zip((self._flat, *self._kept()), memory, strict=False):
            for own, given in self._pieces(arranged, flat):
                own[...] = given
        parameters = Parameters(memory[0], self._network.sizes)
        for layer, W in enumerate(parameters.W[1:], start=2):
            for (first, last), t in self._blocks(layer - 1, self._layers[layer].turned, len(W)):
                self._turned[t : t + (last - first) * len(W)] = W[:, first:last].ravel()

    def give(self) -> Iterator[Array]:
        """The parameters as they are now, then what the optimizer remembers of them, each as one flat vector."""
        for arranged in (self._flat, *self._kept()):
            flat = np.empty(self._network.parameters.flat.size, self._number)
            for own, to in self._pieces(arranged, flat):
                to[...] = own
            yield flat

    def is_finite(self) -> bool:
        """Whether all parameters are finite numbers."""
        return bool(np.isfinite(self._flat).all())

    def _kept(self) -> list[Array]:
        """What the optimizer remembers, arranged like the parameters."""
        return [*self._state.reshape(-1, self._flat.size)]

    def _pieces(self, arranged: Array, flat: Array) -> Iterator[tuple[Array, Array]]:
        """What belongs together, as arranged and as it stands in a flat vector: weights turned around, biases."""
        parameters = Parameters(flat, self._network.sizes)
        for layer, (W, b) in enumerate(zip(parameters.W, parameters.b, strict=True), start=1):
            (n_out, n_in), w_at, b_at = W.shape, self._layers[layer].W, self._layers[layer].b
            blocks = self._blocks(1, w_at, n_in) if layer == 1 else [((0, n_out), w_at)]
            for (first, last), w in blocks:
                n = last - first
                width = _up(n, lanes_of(self._number)) if self._by_neuron[layer] and layer == 1 else n
                yield arranged[w : w + n_in * width].reshape(n_in, width)[:, :n], W[first:last].T
            yield arranged[b_at : b_at + n_out], b

    def _blocks(self, layer: int, at: int, n_others: int) -> Iterator[tuple[tuple[int, int], int]]:
        """The neurons of each part, and where their weights with so many others begin; all, where it has none."""
        n, lanes = self._network.sizes[layer], lanes_of(self._number)
        n_parts = self._n_parts if self._by_neuron[layer] else 1
        for part in range(n_parts):
            first, last = share(n, part, n_parts, lanes)
            yield (first, last), at + first * n_others

    def run(self, rows: Array, updates: Array, factors: Array, seen: Array) -> int:
        """An update for each batch of these samples, each with its number and factors, until a cost is not finite.

        Parameters
        ----------
        seen : array of shape (3,)
            Added to: samples, and C and R times samples.
        """
        n_all, n_made, size = len(factors), 0, self._batch_size
        while n_made < n_all:
            n_threads, n_wanted = self._pace.choose(n_all - n_made)
            n, seconds = self._on_threads(
                n_threads,
                rows[n_made * size : (n_made + n_wanted) * size],
                updates[n_made : n_made + n_wanted],
                factors[n_made : n_made + n_wanted],
                seen,
            )
            n_made += n
            if n < n_wanted:
                break
            self._pace.took(n_threads, n, seconds)
        set_ready(_epoch_of(self._network))  # the first call has compiled it
        return n_made

    def _on_threads(
        self, n_threads: int, rows: Array, updates: Array, factors: Array, seen: Array
    ) -> tuple[int, float]:
        """The same on so many threads, no bit depends on how many; and the seconds since the last of them was there."""
        batch_size, n_parts = self._batch_size, self._n_parts
        weights = np.empty(0) if self._weights is None else self._weights[rows]
        shares = self._shares(weights, len(rows))
        counter, costs, weighed = np.zeros(1, np.int64), np.zeros(n_parts), np.zeros((3, n_parts))
        penalty = self._number(self._network.l1), self._number(self._network.l2)
        dropout = self._thresholds, self._scales, self._keys(updates)

        arrivals = [0.0] * n_threads  # waking a thread takes long, but only once

        def work(thread: int) -> int:
            arrivals[thread] = time.perf_counter()
            numbers = self._multiply, self._flat, self._turned, self._work
            network = self._layers, *numbers
            optimizer = self._step, self._gradient, self._state, factors
            method = batch_size, weights, shares, *optimizer, penalty, self._bounds, dropout, self._network.train_biases
            threads = thread, n_threads, counter, costs, weighed
            return int(self._epoch(*network, self._X, self._Y, rows, *method, *threads, seen))

        others: list[Future[int]] = []
        try:
            others += [self._others.submit(work, thread) for thread in range(1, n_threads)]
            n_updates = work(0)
            end = time.perf_counter()
        except BaseException:  # of a Ctrl-C; the others would wait for this thread for ever
            counter[0] = np.iinfo(np.int64).max // 2
            wait(others)
            raise
        for each in others:
            each.result()
        return n_updates, end - max(arrivals)

    def _keys(self, updates: Array) -> Array:
        """What dropout draws with in each update and layer; none where there is no dropout."""
        return keys(self._network, updates if self._network.has_dropout else updates[:0])

    def _shares(self, weights: Array, n_rows: int) -> Array:
        """Of each batch the sum of its samples' weights, or their number, and what its sums are divided by."""
        starts = np.arange(0, n_rows, self._batch_size)
        summed = np.add.reduceat(weights, starts) if len(weights) else np.diff(starts, append=n_rows).astype(float)
        divisor: Any = REDUCTIONS[self._network.reduction].divisor
        return np.stack(np.broadcast_arrays(summed, np.float64(divisor(summed))), axis=1)

    def _plan(self) -> tuple[Array, int, int, int]:
        """What the epoch must know of each layer, and how many numbers parameters, workspace and turned W take."""
        sizes, B, line = self._network.sizes, self._batch_size, LINE // np.dtype(self._number).itemsize
        depth, is_by_neuron, lanes = len(sizes) - 1, self._by_neuron[1], lanes_of(self._number)
        layers = np.zeros(depth + 1, LAYER).view(np.recarray)
        layers.n, layers.by_neuron = sizes, self._by_neuron
        for layer, loops in enumerate(loops_of(self._network), start=1):
            for name, loop in loops.items():
                layers[layer][name] = loop.address
        widths = [*sizes]
        layers.ld = [_up(n, line) if by_neuron else n for n, by_neuron in zip(sizes, self._by_neuron, strict=True)]
        rooms = [B * n for n in layers.ld]
        if is_by_neuron:
            widths[1] = _up(sizes[1], lanes)  # filled up to whole vectors
            first, last = share(sizes[1], self._n_parts - 1, self._n_parts, lanes)  # the last part has the most
            layers[1].ld, layers[0].lanes = _up(B * _up(last - first, lanes), 2 * line), lanes
            rooms[1] = self._n_parts * layers[1].ld
        counts = (n for n_in, n in zip(sizes, widths[1:], strict=False) for n in (n_in * n, n))
        flat = list(accumulate(counts, initial=0))
        turned = list(accumulate((n_in * n_out for n_in, n_out in pairwise(sizes[1:])), initial=0))
        n_work = 0

        def room(length: int) -> int:
            nonlocal n_work
            begin, n_work = n_work, n_work + _up(length, line)
            return begin

        layers[0].d, layers[0].widest = room(max(rooms[1:])), max(sizes[1:])
        for layer in range(1, depth + 1):
            layers[layer].W, layers[layer].b = flat[2 * layer - 2 : 2 * layer]
            layers[layer].turned = turned[layer - 2] if layer > 1 else 0
            if layer < depth:
                layers[layer].a, layers[layer].z = room(rooms[layer]), room(rooms[layer])
                is_dropped = threshold(self._network.layers[layer - 1].dropout) > 0
                layers[layer].f = room(rooms[layer]) if is_dropped else layers[layer].a
            if layer > 1 and is_by_neuron:
                n_buffers = 2 if depth == 2 else 1
                layers[layer].sums = room(n_buffers * self._n_parts * rooms[layer])
        layers[0].room = room(self._n_parts * ROOM)
        before = n_work
        layers[0].a, layers[0].y = room(B * sizes[0]), room(B * sizes[-1])
        layers[depth].a, layers[depth].z = room(B * sizes[-1]), room(B * sizes[-1])
        if is_by_neuron:
            layers[0].private = n_work - before
            n_work += (self._n_parts - 1) * (n_work - before)
        return layers, flat[-1], n_work, turned[-1]


def _up(n: int, unit: int) -> int:
    """The next whole number of units."""
    return -(-n // unit) * unit


def _zeros(n: int, number: Number) -> Array:
    """So many zeros, from the beginning of a line of the cache on."""
    room = np.zeros(n + LINE // np.dtype(number).itemsize, number)
    skipped = -room.ctypes.data % LINE // room.itemsize
    return room[skipped : skipped + n]


def _by_neuron(network: Network, batch_size: int, n_parts: int) -> Array:
    """Which layers are cut by neurons, a whole number of vectors each: all hidden ones, where that lets less travel.

    By neurons contributions to the next layer travel, and the errors of hidden layers but the first; by samples all
    errors and weights. Parts must not be too uneven, nor their contributions take more room than the parameters.
    """
    sizes, lanes = network.sizes, lanes_of(network.parameters.flat.dtype)
    by_neuron, hidden = np.zeros(network.depth + 1, np.bool_), sizes[1:-1]
    busiest = [lanes * math.ceil(math.ceil(n / lanes) / n_parts) for n in hidden]
    is_even = all(most * n_parts <= MOST_UNEVEN * n for most, n in zip(busiest, hidden, strict=True))
    travels = batch_size * (2 * sum(hidden[1:]) + sizes[-1])
    if n_parts > 1 and hidden and is_even:
        fits = n_parts * batch_size * sum(sizes[2:]) <= network.parameters.flat.size
        by_neuron[1:-1] = fits and travels < batch_size * sum(sizes[1:]) + network.parameters.flat.size
    return by_neuron
