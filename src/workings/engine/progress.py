"""What a training tells while it runs: the moments it records, and how far it has come, as often as can be read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from workings.engine.descent import Descent, Seen
from workings.errors import InputError
from workings.network.network import Array, Network

if TYPE_CHECKING:
    from workings.engine.compiled.descent import CompiledDescent
    from workings.engine.journey import Journey
    from workings.engine.plan import Plan

SECONDS_BETWEEN_REPORTS = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """What was seen at one moment of a training.

    Attributes
    ----------
    update : int
        How many updates had been made; 0 is the start.
    epoch : int
        Which epoch it was the end of, from 1; 0 where an example is trained.
    cost, objective : float
        C, and J = C + R. Of an example: with the parameters after ``update`` updates. Of data: the mean over the
        batches of the epoch, each before its own update, so that no batch is computed twice.
    outputs : array of shape (n_samples, n_outputs), optional
        What the network makes of its example.
    score, validation_cost, validation_objective : float, optional
        On the validation data, taken as one batch, with the parameters at the end of the epoch.
    train_score : float, optional
        The same score on the training data, with the same parameters and without dropout, each row once whatever it
        weighs; where it was asked for.

    Notes
    -----
    With the reduction "sum" the two costs of an epoch are on different scales: ``cost`` is the mean over the batches,
    by their size, of each batch's sum, and ``validation_cost`` is the sum over all the validation data.
    """

    update: int
    epoch: int
    cost: float
    objective: float
    outputs: Array | None = None
    score: float | None = None
    validation_cost: float | None = None
    validation_objective: float | None = None
    train_score: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The parameters at the moment at which the validation data cost least.

    Attributes
    ----------
    moment : Moment
    flat : array of shape (n_parameters,)
    """

    moment: Moment
    flat: Array


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a training has come: updates made of updates to make, and what was recorded.

    Attributes
    ----------
    update, updates : int
    epoch, epochs : int
        0 and 0 where an example is trained.
    history : tuple of Moment
        So far.
    is_new : bool
        Whether the last moment was recorded since the last report.
    is_compiling : bool
        Whether training waits for code that is compiled for it, once on this machine, because the run is to be of one
        kind; about ten seconds.
    """

    update: int
    updates: int
    epoch: int
    epochs: int
    history: tuple[Moment, ...]
    is_new: bool
    _network: Callable[[], Network]
    is_compiling: bool = False

    @property
    def moment(self) -> Moment | None:
        """The last moment recorded; None before the first."""
        return self.history[-1] if self.history else None

    @property
    def network(self) -> Network:
        """The network as it is now: a copy, made when it is asked for."""
        return self._network()


Report = Callable[[Progress], object]


class Reporter:
    """Tells ``on_progress`` at once of a new moment, and else not more often than it can be read."""

    def __init__(self, on_progress: Report | None) -> None:
        self._on_progress = on_progress
        self._next = 0.0
        self._told = 0

    @property
    def is_heard(self) -> bool:
        """Whether anybody listens."""
        return self._on_progress is not None

    def compiling(self, network: Network, plan: Plan) -> None:
        """Report that what there is to do has to wait for the compiler."""
        if self._on_progress is not None:
            self._on_progress(Progress(0, plan.updates, 0, plan.epochs, (), False, lambda: network, is_compiling=True))

    def __call__(self, journey: Journey) -> bool:
        """Report if it is time to; True when training is to end."""
        is_new = len(journey.history) > self._told
        if self._on_progress is None or not (is_new or time.monotonic() >= self._next):
            return False
        self._told, self._next = len(journey.history), time.monotonic() + SECONDS_BETWEEN_REPORTS
        plan = journey.plan

        def network() -> Network:
            descent = journey.descent
            return descent.network.with_parameters(descent.memory[0])

        so_far = tuple(journey.history)
        told = Progress(journey.descent.update, plan.updates, journey.epoch, plan.epochs, so_far, is_new, network)
        return _wants_an_end(self._on_progress(told))


def _wants_an_end(answer: object) -> bool:
    """What ``on_progress`` returned, if it can be taken for only one thing."""
    if answer is None or isinstance(answer, bool | np.bool_):
        return bool(answer)
    raise InputError(
        f"on_progress returned {answer!r:.40}, but must return True, which ends the training, or False or None, with "
        "which it goes on"
    )


class Stride:
    """How many updates to make at a time, so that whoever watches hears of it ten times a second and no more often."""

    def __init__(self) -> None:
        self.updates = 1

    def take(self, descent: Descent | CompiledDescent, rows: Array, seen: Seen) -> None:
        """Make the updates of some rows, and learn from the time it takes."""
        start, before = time.perf_counter(), descent.update
        descent.advance(rows, seen)
        seconds_each = (time.perf_counter() - start) / max(1, descent.update - before)
        self.updates = max(1, min(2 * self.updates, int(SECONDS_BETWEEN_REPORTS / 2 / max(seconds_each, 1e-9))))
