"""Training: updates over a network's own example, or epochs of shuffled mini-batches over data."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from workings.engine.batches import arrays_for
from workings.engine.choice import descent_for
from workings.engine.descent import Descent, Seen, outputs_of
from workings.engine.scores import Score, accuracy, r_squared
from workings.errors import InputError
from workings.network.network import Array, Example, Network
from workings.network.optimizers import SGD, Optimizer, chosen_optimizer

if TYPE_CHECKING:
    from workings.engine.compiled.descent import CompiledDescent

DEFAULT_UPDATES, DEFAULT_EPOCHS = 10_000, 50
DEFAULT_BATCH_SIZE = 32
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


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Run:
    """A training that has ended.

    Attributes
    ----------
    network : Network
        The trained one.
    history : tuple of Moment
        At the milestones of an example, or after each epoch over data.
    updates : int
        How many were made.
    stopped : bool
        Whether ``on_progress`` ended it before its time.
    """

    network: Network
    history: tuple[Moment, ...]
    updates: int
    stopped: bool = False

    def __repr__(self) -> str:
        cost = f", cost {self.history[-1].cost:.9g}" if self.history else ""
        return f"<Run: {self.updates:,} updates{cost}; {self.network!r}>"


@np.errstate(all="ignore")  # what overflows is told by a DivergenceError
def train(
    network: Network,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    *,
    updates: int | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    optimizer: str | Optimizer | None = None,
    learning_rate: float | None = None,
    seed: int | None = None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    score: Score | None = None,
    milestones: Iterable[int] | None = None,
    threads: int | None = None,
    on_progress: Report | None = None,
) -> Run:
    """Train a network by gradient descent and return the run; the given network stays as it is.

    All gradients of an update are taken before any parameter changes (Rumelhart, Hinton and Williams, 1986).

    Parameters
    ----------
    network : Network
    X : array of shape (n_samples, n_inputs), optional
        One sample a row. The network's own example, over and over, when left out.
    y : array of shape (n_samples,) or (n_samples, n_outputs), optional
        Class numbers from 0 (of a network with one output: its target), or one row of targets a sample.
    updates, epochs : int, optional
        One of the two; else 10,000 updates of an example, 50 epochs over data.
    batch_size : int, optional
        Samples an update, 32 when left out; the last of an epoch may be fewer.
    optimizer : str or Optimizer, optional
        A name, with settings behind a colon (``"momentum:momentum=0.95"``), or a record of your own. The example's
        when left out, sgd for data.
    learning_rate : float, optional
        The example's when left out; for data the optimizer's own, such as 0.1 for sgd and 0.001 for adam.
    seed : int, optional
        Of the order of the data.
    validation : (X, y), optional
        Data held out, to be scored after each epoch.
    score : callable, optional
        Of outputs and targets; else the accuracy of class numbers, or R².
    milestones : iterable of int, optional
        The updates of an example whose moments are recorded, beside first and last: 1, 10, 100, ... when left out.
    threads : int, optional
        As many as pay when left out; another number may change the last digits.
    on_progress : callable, optional
        Gets a :class:`Progress` at each new moment and every tenth of a second; when it returns True, training ends.

    Raises
    ------
    InputError
        When the arrays or options do not fit the network or each other.
    DivergenceError
        When the objective stops being finite; names the update, the layer and the quantity.
    """
    _check_options(updates=updates, epochs=epochs, batch_size=batch_size, learning_rate=learning_rate, threads=threads)
    record = None if optimizer is None else chosen_optimizer(optimizer)
    method = _Method(record, learning_rate, threads, _Reporter(on_progress))
    if X is None:
        _only_with_data(y=y, epochs=epochs, batch_size=batch_size, seed=seed, validation=validation, score=score)
        return _train_example(network, updates, milestones, method)
    _only_without_data(milestones=milestones)
    data = arrays_for(network, X, y)
    plan = _plan(len(data[0]), updates, epochs, batch_size or DEFAULT_BATCH_SIZE, seed)
    return _train_data(network, data, plan, _judge(network, validation, score), method)


@dataclass(frozen=True, slots=True)
class _Method:
    """What is the same for examples and data."""

    optimizer: Optimizer | None
    learning_rate: float | None
    threads: int | None
    report: _Reporter

    def descent(
        self, network: Network, example: Example | None, data: tuple[Array, Array], batch_size: int, *, n_updates: int
    ) -> Descent | CompiledDescent:
        """The network ready to go down, the way of its example where nothing else was asked for."""
        record = self.optimizer or (SGD if example is None else example.optimizer)
        usual = record.learning_rate if example is None else example.learning_rate
        rate = usual if self.learning_rate is None else self.learning_rate
        return descent_for(network, record, rate, data, batch_size, n_updates=n_updates, threads=self.threads)


def _example_of(network: Network) -> Example:
    """The network's example, in its number type."""
    if network.example is None:
        raise InputError("this network came without an example: give X and y to train on")
    inputs, targets = arrays_for(network, network.example.inputs, network.example.targets, "the example's ")
    return replace(network.example, inputs=inputs, targets=targets)


def _train_example(network: Network, updates: int | None, milestones: Iterable[int] | None, method: _Method) -> Run:
    example, report = _example_of(network), method.report
    updates = DEFAULT_UPDATES if updates is None else updates
    whole, data = np.arange(len(example.inputs)), (example.inputs, example.targets)
    descent, stride = method.descent(network, example, data, len(whole), n_updates=updates), _Stride()
    wanted = powers_of_ten(updates) if milestones is None else milestones
    marks = sorted({*(mark for mark in wanted if 0 < mark < updates), updates})
    history = [Moment(0, 0, *descent.measure(whole))]
    stopped = report(0, updates, 0, 0, history)
    for mark in marks:
        while descent.update < mark and not stopped:
            stride.take(descent, np.tile(whole, min(stride.updates, mark - descent.update)), Seen())
            if descent.update == mark:
                break
            stopped = report(descent.update, updates, 0, 0, history)
        if history[-1].update != descent.update:
            history.append(Moment(descent.update, 0, *descent.measure(whole)))
            stopped = report(descent.update, updates, 0, 0, history) or stopped
        if stopped:
            break
    return Run(descent.network, tuple(history), descent.update, stopped and descent.update < updates)


def powers_of_ten(largest: int) -> tuple[int, ...]:
    """1, 10, 100, ... up to ``largest``."""
    return tuple(10**n for n in range(len(str(largest))) if 10**n <= largest)


@dataclass(frozen=True, slots=True)
class _Plan:
    updates: int
    epochs: int
    batch_size: int
    generator: np.random.Generator


def _plan(n_samples: int, updates: int | None, epochs: int | None, batch_size: int, seed: int | None) -> _Plan:
    in_an_epoch, generator = math.ceil(n_samples / batch_size), np.random.default_rng(seed)
    if updates is not None:
        return _Plan(updates, math.ceil(updates / in_an_epoch), batch_size, generator)
    epochs = DEFAULT_EPOCHS if epochs is None else epochs
    return _Plan(epochs * in_an_epoch, epochs, batch_size, generator)


def _train_data(network: Network, data: tuple[Array, Array], plan: _Plan, judge: _Judge | None, method: _Method) -> Run:
    report, n_samples, size = method.report, len(data[0]), plan.batch_size
    descent, stride = method.descent(network, None, data, size, n_updates=plan.updates), _Stride()
    history: list[Moment] = []
    stopped = report(0, plan.updates, 0, plan.epochs, history)
    for epoch in range(1, plan.epochs + 1):
        if stopped:
            break
        order, done, seen = plan.generator.permutation(n_samples), 0, Seen()
        last = min(n_samples, (plan.updates - descent.update) * size)  # the last epoch may be cut short
        while done < last and not stopped:
            rows = order[done : min(last, done + stride.updates * size)]
            stride.take(descent, rows, seen)
            done += len(rows)
            stopped = report(descent.update, plan.updates, epoch - 1, plan.epochs, history)
        score = None if judge is None else judge(descent.network)
        history.append(Moment(descent.update, epoch, *seen.means(), score=score))
        stopped = report(descent.update, plan.updates, epoch, plan.epochs, history) or stopped
    if plan.updates:
        descent.measure(np.arange(1))  # the last update may have been the one that diverged
    return Run(descent.network, tuple(history), descent.update, stopped and descent.update < plan.updates)


class _Stride:
    """How many updates to make at a time, so that whoever watches hears of it ten times a second and no more often."""

    def __init__(self) -> None:
        self.updates = 1

    def take(self, descent: Descent | CompiledDescent, rows: Array, seen: Seen) -> None:
        """Make the updates of some rows, and learn from the time it takes."""
        start, before = time.perf_counter(), descent.update
        descent.advance(rows, seen)
        seconds_each = (time.perf_counter() - start) / max(1, descent.update - before)
        self.updates = max(1, min(2 * self.updates, int(SECONDS_BETWEEN_REPORTS / 2 / max(seconds_each, 1e-9))))


_Judge = Callable[[Network], float]


def _judge(network: Network, validation: tuple[ArrayLike, ArrayLike] | None, score: Score | None) -> _Judge | None:
    if validation is None:
        if score is not None:
            raise InputError("score is given without validation, the data that is scored")
        return None
    X, y = validation
    inputs, targets = arrays_for(network, X, y, "validation ")
    has_classes = np.ndim(y) == 1 and network.sizes[-1] > 1
    measure = score or (accuracy if has_classes else r_squared)
    return lambda trained: measure(outputs_of(trained, inputs), targets)


def _only_with_data(**options: object) -> None:
    for name, value in options.items():
        if value is not None:
            raise InputError(f"{name} is given without X: an example is taken whole, as often as updates says")


def _only_without_data(**options: object) -> None:
    for name, value in options.items():
        if value is not None:
            raise InputError(f"{name} is given with X: of data every epoch is recorded")


class _Reporter:
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


def _check_options(learning_rate: float | None, **counts: int | None) -> None:
    updates, epochs = counts["updates"], counts["epochs"]
    if updates is not None and epochs is not None:
        raise InputError(f"say how long to train in updates ({updates}) or in epochs ({epochs}), not in both")
    for name, value in counts.items():
        least = 0 if name in ("updates", "epochs") else 1
        if value is not None and (value != int(value) or value < least):
            raise InputError(f"{name} is {value}, but must be a whole number of at least {least}")
    if learning_rate is not None and not math.isfinite(learning_rate):
        raise InputError(f"learning_rate is {learning_rate}, but must be a finite number")
