"""How many threads are at work: at most as many as the work is cut into, and at this moment those that get on faster.

Threads that share an update of microseconds wait for each other several times in it. That pays on cores that are free
and near each other, and costs dearly where one of them is wanted by somebody else; which of the two it is changes while
a training runs. So it is measured, and now and then measured again. The numbers do not depend on it.
"""

from __future__ import annotations

import os
import time
from itertools import pairwise

from workings.network.network import Network

LEAST_FOR_A_THREAD = 200_000
"""Multiplications of an update below which two threads wait for each other longer than they work."""

SECONDS_A_MULTIPLICATION = 1 / 2e10
"""About, on one core."""

LONG_UPDATE = 2e-3
"""Seconds; of such an update threads have so much to do that waiting for each other does not count."""

CLEARLY = 1.2
"""How much longer the other choice takes where there is no need to try it again soon."""

TRIAL, FIRST_PAUSE, LONGEST_PAUSE = 1e-3, 0.1, 2.0
"""Seconds that a trial of the other number of threads takes, and between two trials: the longer, the clearer it was."""

WAITING = 1e-5
"""Seconds that threads may wait for each other in an update, for all that is known before the first trial."""

LONGER = 5.0
"""How many times as long a trial may take as it is meant to."""

LOOK = 0.05
"""Seconds after which the quicker choice is looked at again: it may not be that any more."""


def multiplications(network: Network, batch_size: int) -> int:
    """Of an update: forward, and back twice, but for the inputs, which need no dC/da."""
    products = [n_in * n_out for n_in, n_out in pairwise(network.sizes)]
    return batch_size * (3 * sum(products) - products[0])


def most_threads(network: Network, batch_size: int) -> int:
    """How many can have enough to do in an update: no more than there are cores."""
    affinity = getattr(os, "sched_getaffinity", None)  # a container may have fewer than the machine
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, min(cores, batch_size, multiplications(network, batch_size) // LEAST_FOR_A_THREAD))


class Pace:
    """Which number of threads to take for the next updates: the most, or one.

    Parameters
    ----------
    n_threads : int
        The most.
    seconds : float
        About what one thread takes for an update.
    """

    def __init__(self, n_threads: int, seconds: float) -> None:
        self._choices = (n_threads, 1) if n_threads > 1 and seconds < LONG_UPDATE else (n_threads,)
        self._guess = seconds + WAITING
        self._seconds: dict[int, float] = {}  # an update, as measured last
        self._pause, self._next_trial = FIRST_PAUSE, 0.0

    def choose(self, n_updates: int) -> tuple[int, int]:
        """How many threads to take, and for how many updates of those that are to be made."""
        if len(self._choices) == 1:
            return self._choices[0], n_updates
        untried = [n_threads for n_threads in self._choices if n_threads not in self._seconds]
        if untried:
            return untried[0], _within(TRIAL, self._guess, n_updates)
        quicker, slower = sorted(self._choices, key=self._seconds.__getitem__)
        if time.perf_counter() < self._next_trial:
            return quicker, _within(LOOK, self._seconds[quicker], n_updates)
        # it may have been slow for a reason that is gone, but must not cost too much if that is still there
        return slower, _within(TRIAL, max(self._seconds[quicker], self._seconds[slower] / LONGER), n_updates)

    def took(self, n_threads: int, n_updates: int, seconds: float) -> None:
        """Learn from how long so many updates took."""
        quickest = min(self._seconds, key=self._seconds.__getitem__, default=n_threads)
        self._seconds[n_threads] = seconds / n_updates
        if n_threads != quickest:  # a trial has ended
            is_clear = self._seconds[n_threads] > CLEARLY * self._seconds[quickest]
            self._pause = min(LONGEST_PAUSE, 2 * self._pause) if is_clear else FIRST_PAUSE
            self._next_trial = time.perf_counter() + self._pause


def _within(seconds: float, seconds_each: float, n_updates: int) -> int:
    """How many updates can be made meanwhile, at least one of those that are left."""
    return max(1, min(n_updates, int(seconds / seconds_each)))
