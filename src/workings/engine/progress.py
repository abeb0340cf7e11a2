"""What a training tells while it runs: the moments it records, and how far it has come, as often as can be read."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workings.engine.descent import Descent, Seen
from workings.network.network import Array

if TYPE_CHECKING:
    from workings.engine.compiled.descent import CompiledDescent

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
    score : float, optional
        On the validation data, at the end of the epoch.
    """

    update: int
    epoch: int
    cost: float
    objective: float
    outputs: Array | None = None
    score: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """How far a training has come: updates made of updates to make, and the last moment recorded.

    Attributes
    ----------
    update, updates : int
    epoch, epochs : int
        0 and 0 where an example is trained.
    moment : Moment, optional
        None before the first.
    is_new : bool
        Whether ``moment`` was recorded since the last report.
    """

    update: int
    updates: int
    epoch: int
    epochs: int
    moment: Moment | None
    is_new: bool


Report = Callable[[Progress], object]


class Reporter:
    """Tells ``on_progress`` at once of a new moment, and else not more often than it can be read."""

    def __init__(self, on_progress: Report | None) -> None:
        self._on_progress = on_progress
        self._next = 0.0
        self._told = 0

    def __call__(self, update: int, updates: int, epoch: int, epochs: int, history: list[Moment]) -> bool:
        """Report if it is time to; True when training is to end."""
        is_new = len(history) > self._told
        if self._on_progress is None or not (is_new or time.monotonic() >= self._next):
            return False
        self._told, self._next = len(history), time.monotonic() + SECONDS_BETWEEN_REPORTS
        moment = history[-1] if history else None
        return self._on_progress(Progress(update, updates, epoch, epochs, moment, is_new)) is True


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
