"""Training: updates over a network's own example, or epochs of shuffled mini-batches over data."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from workings.engine.batches import arrays_for, weights_for
from workings.engine.checkpoint import Checkpoint
from workings.engine.choice import descent_for, made_by
from workings.engine.descent import Descent, Seen, outputs_of
from workings.engine.idle import idle_neurons
from workings.engine.progress import Moment, Report, Reporter, Stride
from workings.engine.run_folder import DEFAULT_KEPT, DEFAULT_SECONDS, RunFolder, described
from workings.engine.scores import Score, accuracy, r_squared
from workings.errors import InputError
from workings.network.clipping import Clipping, clipping_of
from workings.network.network import Array, Example, Network
from workings.network.optimizers import SGD, Optimizer, chosen_optimizer

if TYPE_CHECKING:
    from workings.engine.compiled.descent import CompiledDescent

DEFAULT_UPDATES, DEFAULT_EPOCHS = 10_000, 50
DEFAULT_BATCH_SIZE = 32


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
    remarks : tuple of str
        What is worth knowing about the trained network: neurons that no longer learn.
    """

    network: Network
    history: tuple[Moment, ...]
    updates: int
    stopped: bool = False
    remarks: tuple[str, ...] = ()

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
    clip_norm: float | None = None,
    clip_value: float | None = None,
    seed: int | None = None,
    sample_weight: ArrayLike | None = None,
    class_weight: Mapping[int, float] | str | None = None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    score: Score | None = None,
    milestones: Iterable[int] | None = None,
    threads: int | None = None,
    checkpoint: str | Path | None = None,
    resume: bool = False,
    seconds_between_checkpoints: float = DEFAULT_SECONDS,
    checkpoints_kept: int = DEFAULT_KEPT,
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
    clip_norm, clip_value : float, optional
        One of the two: the longest that the whole gradient may be, or the largest that each of its numbers may be. The
        example's when left out.
    seed : int, optional
        Of the order of the data.
    sample_weight : array of shape (n_samples,), optional
        How much each sample counts: one of weight 2 as much as two. The mean of a batch is divided by the sum of them.
    class_weight : mapping of class number to weight, or "balanced", optional
        What the weights of samples are multiplied by; "balanced" has all classes count the same.
    validation : (X, y), optional
        Data held out, to be scored after each epoch.
    score : callable, optional
        Of outputs and targets; else the accuracy of class numbers, or R².
    milestones : iterable of int, optional
        The updates of an example whose moments are recorded, beside first and last: 1, 10, 100, ... when left out.
    threads : int, optional
        As many as pay when left out; another number may change the last digits.
    checkpoint : str or Path, optional
        A folder to keep the run in: its data, and checkpoints from which it can go on.
    resume : bool
        Go on with the run that is in the folder, if there is one, to the same bits as if it had never stopped.
    seconds_between_checkpoints : float
        What a crash may cost.
    checkpoints_kept : int
        How many of the last, beside that of the start.
    on_progress : callable, optional
        Gets a :class:`Progress` at each new moment and every tenth of a second; when it returns True, training ends.

    Raises
    ------
    InputError
        When the arrays or options do not fit the network or each other.
    DivergenceError
        When the objective stops being finite; names the update, the layer and the quantity.
    """
    counts = {"updates": updates, "epochs": epochs, "batch_size": batch_size, "threads": threads}
    _check_options(learning_rate, checkpoints_kept=checkpoints_kept, **counts)
    record = None if optimizer is None else chosen_optimizer(optimizer)
    if checkpoint is None and resume:
        raise InputError("resume is given without checkpoint, the folder of the run to go on with")
    folder = None if checkpoint is None else RunFolder(checkpoint, seconds_between_checkpoints, checkpoints_kept)
    clipping = clipping_of(clip_norm=clip_norm, clip_value=clip_value)
    method = _Method(record, clipping, learning_rate, threads, Reporter(on_progress), folder, resume)
    if X is None:
        _only_with_data(y=y, epochs=epochs, batch_size=batch_size, seed=seed, validation=validation, score=score)
        _only_with_data(sample_weight=sample_weight, class_weight=class_weight)
        return _train_example(network, updates, milestones, method)
    _only_without_data(milestones=milestones)
    data: tuple[Array, ...] = arrays_for(network, X, y)
    weights = None if y is None else weights_for(y, data[1], sample_weight, class_weight)
    data = data if weights is None else (*data, weights)
    plan = _plan(len(data[0]), updates, epochs, batch_size or DEFAULT_BATCH_SIZE, seed)
    return _train_data(network, data, plan, _judge(network, validation, score), method)


@dataclass(frozen=True, slots=True)
class _Method:
    """What is the same for examples and data."""

    optimizer: Optimizer | None
    clipping: Clipping | None
    learning_rate: float | None
    threads: int | None
    report: Reporter
    folder: RunFolder | None
    resume: bool

    def begin(
        self, network: Network, example: Example | None, data: tuple[Array, ...], plan: _Plan
    ) -> tuple[Descent | CompiledDescent, Checkpoint]:
        """The network ready to go down, the way of its example where nothing else was asked for; and where it stands.

        That is the start, or the last checkpoint of the run that is resumed.
        """
        record = self.optimizer or (SGD if example is None else example.optimizer)
        clipping = self.clipping or (None if example is None else example.optimizer.clipping)
        record = record if clipping is None else replace(record, clipping=clipping)
        usual = record.learning_rate if example is None else example.learning_rate
        rate = usual if self.learning_rate is None else self.learning_rate
        by = self.folder.made_by() if self.folder is not None and self.resume else {}
        descent = descent_for(
            network,
            record,
            rate,
            data,
            plan.batch_size,
            n_updates=plan.updates,
            threads=self.threads or by.get("threads"),
            engine=by.get("engine"),
        )
        start = Checkpoint(0, 0, 0, descent.memory, Seen().told(), plan.state(), ())
        if self.folder is None:
            return descent, start
        told = described(
            network, record, data, made_by(descent), learning_rate=rate, batch_size=plan.batch_size, seed=plan.seed
        )
        found = self.folder.begin(told, data, resume=self.resume)
        if found is None:
            self.folder.write(start)
            return descent, start
        if found.update > plan.updates:
            raise InputError(
                f"the run in {self.folder.path} has made {found.update:,} updates already, more than the "
                f"{plan.updates:,} asked for"
            )
        descent.resume(found.update, found.memory)
        return descent, found

    def keep(self, descent: Descent | CompiledDescent, *position: Any, history: list[Moment], is_last: bool) -> None:
        """Write a checkpoint if there is a folder and it is time to; the position is what a checkpoint says of it."""
        if self.folder is not None and (is_last or self.folder.is_due()):
            epoch, done, seen, generator = position
            at = epoch, done, descent.memory, seen.told(), generator, tuple(history)
            self.folder.write(Checkpoint(descent.update, *at))


def _example_of(network: Network) -> Example:
    """The network's example, in its number type."""
    if network.example is None:
        raise InputError("this network came without an example: give X and y to train on")
    inputs, targets = arrays_for(network, network.example.inputs, network.example.targets, "the example's ")
    return replace(network.example, inputs=inputs, targets=targets)


def _train_example(network: Network, updates: int | None, milestones: Iterable[int] | None, method: _Method) -> Run:
    example, report = _example_of(network), method.report
    updates = DEFAULT_UPDATES if updates is None else updates
    weights = () if example.sample_weights is None else (example.sample_weights,)
    whole, data = np.arange(len(example.inputs)), (example.inputs, example.targets, *weights)
    descent, start = method.begin(network, example, data, _Plan(updates, 0, len(whole), None, None))
    wanted = powers_of_ten(updates) if milestones is None else milestones
    marks = sorted({*(mark for mark in wanted if 0 < mark < updates), updates})
    history, stride = [*start.history] or [Moment(0, 0, *descent.measure(whole))], Stride()
    stopped = report(descent.update, updates, 0, 0, history)
    for mark in marks:
        while descent.update < mark and not stopped:
            stride.take(descent, np.tile(whole, min(stride.updates, mark - descent.update)), Seen())
            if descent.update == mark:
                break
            method.keep(descent, 0, 0, Seen(), None, history=history, is_last=False)
            stopped = report(descent.update, updates, 0, 0, history)
        if history[-1].update < descent.update and (descent.update == mark or stopped):
            history.append(Moment(descent.update, 0, *descent.measure(whole)))
            stopped = report(descent.update, updates, 0, 0, history) or stopped
        if stopped:
            break
    method.keep(descent, 0, 0, Seen(), None, history=history, is_last=True)
    return _ended(descent, data[0], history, stopped and descent.update < updates)


def powers_of_ten(largest: int) -> tuple[int, ...]:
    """1, 10, 100, ... up to ``largest``."""
    return tuple(10**n for n in range(len(str(largest))) if 10**n <= largest)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How much is to be done, and in which order; nothing is shuffled where there is no generator."""

    updates: int
    epochs: int
    batch_size: int
    seed: int | None
    generator: np.random.Generator | None

    def state(self) -> dict[str, Any] | None:
        """The random state, as JSON can hold it."""
        return None if self.generator is None else dict(self.generator.bit_generator.state)


def _plan(n_samples: int, updates: int | None, epochs: int | None, batch_size: int, seed: int | None) -> _Plan:
    in_an_epoch, generator = math.ceil(n_samples / batch_size), np.random.default_rng(seed)
    if updates is not None:
        return _Plan(updates, math.ceil(updates / in_an_epoch), batch_size, seed, generator)
    epochs = DEFAULT_EPOCHS if epochs is None else epochs
    return _Plan(epochs * in_an_epoch, epochs, batch_size, seed, generator)


def _train_data(network: Network, data: tuple[Array, ...], plan: _Plan, judge: _Judge | None, method: _Method) -> Run:
    report, n_samples, size, generator = method.report, len(data[0]), plan.batch_size, plan.generator
    assert generator is not None  # of data every epoch has its order
    descent, start = method.begin(network, None, data, plan)
    generator.bit_generator.state = start.generator or {}
    history, stride, done, seen = [*start.history], Stride(), start.done, Seen(start.sums)
    stopped = report(descent.update, plan.updates, start.epoch, plan.epochs, history)
    for epoch in range(start.epoch + 1, plan.epochs + 1):
        if stopped:
            break
        before, order = plan.state(), generator.permutation(n_samples)
        last = min(n_samples, done + (plan.updates - descent.update) * size)  # the last epoch may be cut short
        while done < last and not stopped:
            rows = order[done : min(last, done + stride.updates * size)]
            stride.take(descent, rows, seen)
            done += len(rows)
            stopped = report(descent.update, plan.updates, epoch - 1, plan.epochs, history)
            if done < n_samples:
                is_last = stopped or done == last
                method.keep(descent, epoch - 1, done, seen, before, history=history, is_last=is_last)
        score = None if judge is None else judge(descent.network)
        history.append(Moment(descent.update, epoch, *seen.means(), score=score))
        stopped = report(descent.update, plan.updates, epoch, plan.epochs, history) or stopped
        if done == n_samples:
            done, seen, is_last = 0, Seen(), stopped or epoch == plan.epochs
            method.keep(descent, epoch, done, seen, plan.state(), history=history, is_last=is_last)
    if plan.updates:
        descent.measure(np.arange(1))  # the last update may have been the one that diverged
    return _ended(descent, data[0], history, stopped and descent.update < plan.updates)


def _ended(descent: Descent | CompiledDescent, X: Array, history: list[Moment], stopped: bool) -> Run:
    network = descent.network
    return Run(network, tuple(history), descent.update, stopped, idle_neurons(network, X))


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
