"""Training by batches: a network's numbers, arranged for the compiled epoch, and the threads that run it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from workings.engine.compiled.calls import gemm_address
from workings.engine.compiled.epoch import epoch
from workings.engine.compiled.kept import is_ready, set_ready
from workings.engine.compiled.loop import Loop, Number
from workings.engine.compiled.loops import backward_loop, end_loop, forward_loop, step_loop
from workings.network.dropout import keys, threshold
from workings.network.network import Array, Network, Parameters
from workings.network.optimizers import Optimizer, bounds_of
from workings.network.reductions import REDUCTIONS


def is_warm(network: Network, optimizer: Optimizer) -> bool:
    """Whether nothing has to be compiled: an earlier run has left the epoch and all loops."""
    steps = [] if is_made_by_product(network, optimizer) else [step_loop(optimizer, network.parameters.flat.dtype.type)]
    loops = [*steps, *(loop for loops in loops_of(network) for loop in loops)]
    return is_ready(_epoch_of(network)) and all(loop.is_ready for loop in loops)


def loops_of(network: Network) -> list[tuple[Loop, Loop]]:
    """The loops forward and backward of each layer."""
    number: Number = network.parameters.flat.dtype.type
    output = network.layers[-1].activation
    end = forward_loop(output, number), end_loop(output, network.loss, network.pair, number)
    hidden = [layer.activation for layer in network.layers[:-1]]
    return [*((forward_loop(record, number), backward_loop(record, number)) for record in hidden), end]


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
        self._network, self._batch_size, self._n_threads = network, batch_size, n_threads
        self._X, self._Y = (np.ascontiguousarray(array) for array in data[:2])
        self._weights = data[2].astype(np.float64) if len(data) > 2 else None
        self._number: Number = network.parameters.flat.dtype.type
        self._sizes = np.array(network.sizes)
        self._loops = np.zeros((network.depth + 1, 2), np.int64)
        for layer, loops in enumerate(loops_of(network), start=1):
            self._loops[layer] = [loop.address for loop in loops]
        self._places, self._undropped, n_work, n_turned = self._plan()
        self._work, self._turned = np.zeros(n_work, self._number), np.zeros(n_turned, self._number)
        self._flat = np.zeros_like(network.parameters.flat)
        is_by_product = is_made_by_product(network, optimizer)
        n_gradient = 0 if is_by_product else self._flat.size
        self._step = 0 if is_by_product else step_loop(optimizer, self._number).address
        self._bounds = tuple(self._number(bounds_of(optimizer).get(name, 0.0)) for name in ("clip_norm", "clip_value"))
        self._gradient = np.zeros(n_gradient, self._number)
        self._state = np.zeros(len(optimizer.state) * self._flat.size, self._number)
        self._blas = ThreadpoolController()
        self._gemm = gemm_address("sgemm" if self._number is np.float32 else "dgemm")

    def take(self, memory: Sequence[Array]) -> None:
        """Start from these parameters, and from what the optimizer remembers of them."""
        for arranged, flat in zip((self._flat, *self._kept()), memory, strict=True):
            for turned, own, W, b in self._layers(arranged, flat):
                turned[...] = W.T
                own[...] = b
        parameters = Parameters(memory[0], self._network.sizes)
        for W, t in zip(parameters.W[1:], self._places[2:, 4], strict=True):
            self._turned[t : t + W.size] = W.ravel()

    def give(self) -> tuple[Array, ...]:
        """The parameters as they are now, and what the optimizer remembers of them, each as one flat vector."""
        memory = []
        for arranged in (self._flat, *self._kept()):
            memory.append(np.empty_like(self._flat))
            for turned, own, W, b in self._layers(arranged, memory[-1]):
                W[...] = turned.T
                b[...] = own
        return tuple(memory)

    def is_finite(self) -> bool:
        """Whether all parameters are finite numbers."""
        return bool(np.isfinite(self._flat).all())

    def _kept(self) -> list[Array]:
        """What the optimizer remembers, arranged like the parameters."""
        return [*self._state.reshape(-1, self._flat.size)]

    def _layers(self, arranged: Array, flat: Array) -> Iterator[tuple[Array, Array, Array, Array]]:
        """Layer by layer the weights turned around and the biases; then both as they stand in a flat vector."""
        parameters = Parameters(flat, self._network.sizes)
        for W, b, (w_at, b_at, *_) in zip(parameters.W, parameters.b, self._places[1:], strict=True):
            n_out, n_in = W.shape
            yield arranged[w_at : w_at + W.size].reshape(n_in, n_out), arranged[b_at : b_at + b.size], W, b

    def run(self, rows: Array, updates: Array, factors: Array, seen: Array) -> int:
        """An update for each batch of these samples, each with its number and factors, until a cost is not finite.

        Parameters
        ----------
        seen : array of shape (3,)
            Added to: samples, and C and R times samples.
        """
        batch_size, n_threads = self._batch_size, self._n_threads
        weights = np.empty(0) if self._weights is None else self._weights[rows]
        shares = self._shares(weights, len(rows))
        counter, costs, weighed = np.zeros(1, np.int64), np.zeros(n_threads), np.zeros((3, n_threads))
        penalty = self._number(self._network.l1), self._number(self._network.l2)
        dropout = self._dropout(updates)

        def share(thread: int) -> int:
            network = self._sizes, self._places, self._loops, self._gemm, self._flat, self._turned, self._work
            optimizer = self._step, self._gradient, self._state, factors
            method = batch_size, weights, shares, *optimizer, penalty, self._bounds, dropout, self._network.train_biases
            threads = thread, n_threads, counter, costs, weighed
            return int(epoch(*network, self._X, self._Y, rows, *method, *threads, seen))

        with self._blas.limit(limits=1):
            if n_threads == 1:
                n_updates = share(0)
            else:
                with ThreadPoolExecutor(n_threads) as others:
                    try:
                        waiting = [others.submit(share, thread) for thread in range(1, n_threads)]
                        n_updates = share(0)
                    except BaseException:  # of a Ctrl-C; the others would wait for this thread for ever
                        counter[0] = np.iinfo(np.int64).max // 2
                        raise
                    for each in waiting:
                        each.result()
        set_ready(_epoch_of(self._network))  # the first call has compiled it
        return n_updates

    def _dropout(self, updates: Array) -> tuple[Array, ...]:
        """Of each layer the threshold and what is kept is multiplied by, where f is; and the keys of the updates."""
        rates = [0.0, *(layer.dropout for layer in self._network.layers)]
        found = np.zeros((len(updates) if any(rates) else 0, len(rates)), np.uint64)
        if any(rates):
            found = keys(self._network, updates)
        scales = np.array([1.0 / (1.0 - rate) for rate in rates], self._number)
        return np.array([threshold(rate) for rate in rates], np.uint64), scales, self._undropped, found

    def _shares(self, weights: Array, n_rows: int) -> Array:
        """Of each batch the sum of its samples' weights, or their number, and what its sums are divided by."""
        starts = np.arange(0, n_rows, self._batch_size)
        summed = np.add.reduceat(weights, starts) if len(weights) else np.diff(starts, append=n_rows).astype(float)
        divisor: Any = REDUCTIONS[self._network.reduction].divisor
        return np.stack(np.broadcast_arrays(summed, np.float64(divisor(summed))), axis=1)

    def _plan(self) -> tuple[Array, Array, int, int]:
        """Where everything stands; see :func:`~workings.engine.compiled.epoch.epoch`."""
        sizes, B = self._network.sizes, self._batch_size
        depth = len(sizes) - 1
        places = np.zeros((depth + 1, 5), np.int64)
        flat = list(accumulate((n for pair in pairwise(sizes) for n in (pair[0] * pair[1], pair[1])), initial=0))
        widest = max(sizes[1:])
        lengths = [B * sizes[0], B * sizes[-1], B * widest]  # inputs, targets, dC/da
        lengths += [B * n for n in sizes[1:] for _ in range(2)]  # z and a of each layer
        work = list(accumulate(lengths, initial=0))
        turned = list(accumulate((n_in * n_out for n_in, n_out in pairwise(sizes[1:])), initial=0))
        places[0] = work[2], 0, work[0], work[1], widest
        for layer in range(1, depth + 1):
            w, b = flat[2 * layer - 2], flat[2 * layer - 1]
            z, a = work[2 * layer + 1], work[2 * layer + 2]
            places[layer] = w, b, a, z, turned[layer - 2] if layer > 1 else 0
        undropped, end = places[:, 2].copy(), work[-1]
        for layer, each in enumerate(self._network.layers, start=1):
            if each.dropout:
                undropped[layer], end = end, end + B * each.n_out
        return places, undropped, end, turned[-1]
