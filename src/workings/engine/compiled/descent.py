"""A network on its way down in compiled code: the same as ``engine.descent``, many updates at a call."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from threadpoolctl import ThreadpoolController

from workings.engine.compiled.calls import gemm_address
from workings.engine.compiled.epoch import epoch
from workings.engine.compiled.kept import is_ready, set_ready
from workings.engine.compiled.loops import Loop, Number, backward_loop, end_loop, forward_loop
from workings.engine.descent import Descent, Seen
from workings.network.network import Array, Network
from workings.network.optimizers import SGD
from workings.network.reductions import REDUCTIONS


class CompiledDescent:
    """A network on its way down over some data; the given one stays as it was.

    Attributes
    ----------
    update : int
        How many updates have been made.
    """

    def __init__(
        self, network: Network, learning_rate: float, data: tuple[Array, Array], batch_size: int, n_threads: int
    ) -> None:
        self.update = 0
        self._start, self._learning_rate = network, learning_rate
        self._X, self._Y = (np.ascontiguousarray(array) for array in data)
        self._batch_size = min(batch_size, len(self._X))
        self._n_threads = n_threads
        self._number = network.parameters.flat.dtype.type
        self._rate, self._l2 = self._number(learning_rate), self._number(network.l2)
        self._sizes = np.array(network.sizes)
        self._loops = self._addresses()
        self._places, n_work, n_turned = self._plan()
        self._work = np.zeros(n_work, self._number)
        self._turned = np.zeros(n_turned, self._number)
        self._flat = np.zeros_like(network.parameters.flat)
        self._blas = ThreadpoolController()
        self._gemm = gemm_address("sgemm" if self._number is np.float32 else "dgemm")
        self._take(network)

    def advance(self, rows: Array) -> Seen:
        """Make an update for each batch of the samples ``rows``.

        Raises
        ------
        DivergenceError
            When the objective, or a parameter, is no longer a finite number.
        """
        seen, batch_size = np.zeros(3), self._batch_size
        divisor = REDUCTIONS[self._start.reduction].divisor
        divisors = float(divisor(batch_size)), float(divisor(len(rows) % batch_size or batch_size))
        counter, costs, squares = np.zeros(1, np.int64), np.zeros(self._n_threads), np.zeros(self._n_threads)

        def run(thread: int) -> int:
            network = self._sizes, self._places, self._loops, self._gemm, self._flat, self._turned, self._work
            method = batch_size, divisors, self._rate, self._l2, self._start.train_biases
            threads = thread, self._n_threads, counter, costs, squares
            return int(epoch(*network, self._X, self._Y, rows, *method, *threads, seen))

        with self._blas.limit(limits=1), ThreadPoolExecutor(self._n_threads) as others:
            waiting = [others.submit(run, thread) for thread in range(1, self._n_threads)]
            n_updates = run(0)
            for each in waiting:
                each.result()
        if self.update == 0:
            set_ready(_epoch_of(self._start))  # the first call has compiled it
        self.update += n_updates
        not_taken = rows[n_updates * batch_size :]
        if len(not_taken) or not np.isfinite(self._flat).all():
            self.measure(not_taken[:batch_size] if len(not_taken) else rows[:1])
        samples, cost, squared = seen.tolist()
        return Seen(int(samples), cost, cost + 0.5 * self._start.l2 * squared)

    def measure(self, rows: Array) -> tuple[float, float, Array]:
        """Cost, objective and outputs of some samples, taken as one batch, with the parameters as they are now.

        Raises
        ------
        DivergenceError
            When the objective, or a parameter, is no longer a finite number.
        """
        plain = Descent(self.network, SGD, self._learning_rate, (self._X, self._Y), self._batch_size)
        plain.update = self.update
        return plain.measure(rows)

    @property
    def network(self) -> Network:
        """The network as it is now."""
        result = self._start.with_parameters(self._flat.copy())
        for layer, (W, b) in enumerate(zip(result.parameters.W, result.parameters.b, strict=True), start=1):
            W[...] = self._turned_around(layer).T
            b_at = self._places[layer, 1]
            b[...] = self._flat[b_at : b_at + b.size]
        return result

    def _take(self, network: Network) -> None:
        for layer, (W, b) in enumerate(zip(network.parameters.W, network.parameters.b, strict=True), start=1):
            self._turned_around(layer)[...] = W.T
            b_at, t_at = self._places[layer, 1], self._places[layer, 4]
            self._flat[b_at : b_at + b.size] = b
            if layer > 1:
                self._turned[t_at : t_at + W.size] = W.ravel()

    def _turned_around(self, layer: int) -> Array:
        """The weights of a layer, a row for each input."""
        n_in, n_out = self._sizes[layer - 1 : layer + 1]
        w_at = self._places[layer, 0]
        return self._flat[w_at : w_at + n_in * n_out].reshape(n_in, n_out)

    def _plan(self) -> tuple[Array, int, int]:
        """Where everything stands; see :func:`~workings.engine.compiled.epoch.epoch`."""
        sizes, B = self._start.sizes, self._batch_size
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
        return places, work[-1], turned[-1]

    def _addresses(self) -> Any:
        addresses = np.zeros((self._start.depth + 1, 2), np.int64)
        for layer, loops in enumerate(loops_of(self._start), start=1):
            addresses[layer] = [loop.address for loop in loops]
        return addresses


def is_warm(network: Network) -> bool:
    """Whether nothing has to be compiled for a network: an earlier run has left all of it."""
    return is_ready(_epoch_of(network)) and all(loop.is_ready for loops in loops_of(network) for loop in loops)


def _epoch_of(network: Network) -> str:
    return f"epoch-{network.parameters.flat.dtype}"


def loops_of(network: Network) -> list[tuple[Loop, Loop]]:
    """The loops forward and backward of each layer."""
    number: Number = network.parameters.flat.dtype.type
    output = network.layers[-1].activation
    end = forward_loop(output, number), end_loop(output, network.loss, network.pair, number)
    hidden = [layer.activation for layer in network.layers[:-1]]
    return [*((forward_loop(record, number), backward_loop(record, number)) for record in hidden), end]
