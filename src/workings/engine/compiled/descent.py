"""A network on its way down in compiled code: the same as ``engine.descent``, many updates at a call."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workings.engine.compiled import batchwise, online
from workings.engine.compiled.batchwise import Batchwise
from workings.engine.compiled.online import Online
from workings.engine.descent import Descent, Seen, refuse_weightless
from workings.network.network import Array, Network
from workings.network.optimizers import Optimizer
from workings.network.schedules import CONSTANT, Schedule


class CompiledDescent:
    """A network on its way down over some data; the given one stays as it was.

    Attributes
    ----------
    update : int
        How many updates have been made.
    engine : str
        What it is called where it matters which one it is.
    n_threads : int
    cuts : tuple of int
        The updates after which a schedule that follows the cost has cut the learning rate.
    """

    engine = "compiled"

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer,
        learning_rate: float,
        data: tuple[Array, ...],
        batch_size: int,
        n_threads: int,
        *,
        schedule: Schedule = CONSTANT,
    ) -> None:
        self.update, self.n_threads = 0, n_threads
        self._schedule, self.cuts = schedule, ()
        self._start, self._optimizer, self._learning_rate, self._data = network, optimizer, learning_rate, data
        self._batch_size = min(batch_size, len(data[0]))
        self._numbers: Online | Batchwise
        if online.is_for(network, optimizer, self._batch_size, is_weighted=len(data) > 2):
            self._numbers = Online(network, data)
        else:
            self._numbers = Batchwise(network, optimizer, data, self._batch_size, n_threads)
        self._numbers.take((network.parameters.flat,))

    @property
    def memory(self) -> tuple[Array, ...]:
        """Copies of the parameters and of what the optimizer remembers, each as one flat vector."""
        return tuple(self._numbers.give())

    def resume(self, update: int, memory: Sequence[Array]) -> None:
        """Go on after an update, with what there was in memory then."""
        self.update = update
        self._numbers.take(memory)

    def advance(self, rows: Array, seen: Seen) -> None:
        """Make an update for each batch of the samples ``rows``, and add to what was seen.

        Raises
        ------
        DivergenceError
            When the objective, or a parameter, is no longer a finite number.
        """
        n_batches = -(-len(rows) // self._batch_size)
        updates = np.arange(self.update + 1, self.update + n_batches + 1)
        rates = self._schedule.rates(self._learning_rate, updates, self.cuts)
        factors = self._optimizer.factors_over(rates, updates)
        n_updates = self._numbers.run(rows, updates, factors.astype(self._start.parameters.flat.dtype), seen.sums)
        self.update += n_updates
        not_taken = rows[n_updates * self._batch_size :]
        if len(not_taken) or not self._numbers.is_finite():
            next_batch = not_taken[: self._batch_size] if len(not_taken) else rows[:1]
            if len(not_taken) and len(self._data) > 2:
                refuse_weightless(self._start, self._data[2][next_batch], self.update + 1)
            self.measure(next_batch, in_update=bool(len(not_taken)))

    def measure(self, rows: Array, *, in_update: bool = False) -> tuple[float, float, Array]:
        """Cost, objective and outputs of some samples, taken as one batch, with the parameters as they are now.

        ``in_update`` has dropout leave out what the next update leaves out.

        Raises
        ------
        DivergenceError
            When the objective, or a parameter, is no longer a finite number.
        """
        how = self._optimizer, self._learning_rate, self._data, self._batch_size
        plain = Descent(self.network, *how, schedule=self._schedule)
        plain.update, plain.cuts = self.update, self.cuts
        return plain.measure(rows, in_update=in_update)

    @property
    def network(self) -> Network:
        """The network as it is now."""
        return self._start.with_parameters(next(self._numbers.give()))


def is_warm(network: Network, optimizer: Optimizer, batch_size: int, *, is_weighted: bool = False) -> bool:
    """Whether nothing has to be compiled: an earlier run has left all of it."""
    if online.is_for(network, optimizer, batch_size, is_weighted=is_weighted):
        return online.loop_of(network).is_ready
    return batchwise.is_warm(network, optimizer)
