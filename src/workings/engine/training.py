"""Training: updates over a network's own example, or epochs of shuffled mini-batches over data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from workings.engine.batches import data_for
from workings.engine.journey import Run
from workings.engine.method import Method
from workings.engine.on_data import train_on_data
from workings.engine.on_example import train_on_example, work_on_example
from workings.engine.plan import DEFAULT_BATCH_SIZE, Work, plan_for_data
from workings.engine.progress import Report, Reporter
from workings.engine.run_folder import DEFAULT_KEPT, DEFAULT_SECONDS, RunFolder
from workings.engine.scores import Score
from workings.engine.search import begin_search, train_by_search
from workings.engine.validation import measure_for, validation_for
from workings.errors import InputError
from workings.network.arguments import finite_number, whole_numbers
from workings.network.clipping import clipping_of
from workings.network.network import Network
from workings.network.optimizers import Optimizer, optimizer_to_train_with
from workings.network.own_trial import try_own_records
from workings.network.schedules import Schedule, chosen_schedule
from workings.network.searches import Search


@np.errstate(all="ignore")  # what overflows is told by a DivergenceError
def train(
    network: Network,
    X: ArrayLike | None = None,
    y: ArrayLike | None = None,
    *,
    updates: int | None = None,
    epochs: int | None = None,
    batch_size: int | None = None,
    optimizer: str | Optimizer | Search | None = None,
    learning_rate: float | None = None,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    schedule: str | Schedule | None = None,
    patience: int | None = None,
    seed: int | None = None,
    sample_weight: ArrayLike | None = None,
    class_weight: Mapping[int, float] | str | None = None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    score: Score | None = None,
    train_score: bool = False,
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
    optimizer : str, Optimizer or Search, optional
        A name, with settings behind a colon (``"momentum:momentum=0.95"``), or a record of your own. The example's
        when left out, sgd for data. With "lbfgs" SciPy searches: each update, and each epoch, is one step of its, takes
        all samples, and is recorded with the cost that it came to.
    learning_rate : float, optional
        The example's when left out; for data the optimizer's own, such as 0.1 for sgd and 0.001 for adam.
    clip_norm, clip_value : float, optional
        One of the two: the longest that the whole gradient may be, or the largest that each of its numbers may be. The
        example's when left out.
    schedule : str or Schedule, optional
        What becomes of the learning rate: ``"cosine"``, ``"step:every=10,factor=0.5"``, ``"constant:warmup=3"``,
        counted in epochs, of an example in updates. The example's when left out, constant for data.
    patience : int, optional
        End after so many epochs in which the cost of the validation data was not lower than before. With it, the
        network of the run is the one that cost least, however the training ended.
    seed : int, optional
        Of the order of the data.
    sample_weight : array of shape (n_samples,), optional
        How much each sample counts: one of weight 2 as much as two. The mean of a batch is divided by the sum of them.
    class_weight : mapping of class number to weight, or "balanced", optional
        What the weights of samples are multiplied by; "balanced" has all classes count the same.
    validation : (X, y), optional
        Data held out: its cost and its score are recorded after each epoch; each of its samples counts once.
    score : callable, optional
        Of outputs and targets; else the accuracy of class numbers, or R².
    train_score : bool
        Record the score of the training data too, after each epoch. That is a forward pass over all of them, up to a
        third of the epoch's time once more.
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
        Gets a :class:`~workings.engine.progress.Progress` at each new moment and every tenth of a second, with the
        history and the network so far. When it returns True, training ends; with None or False it goes on. With it, a
        training that has to be compiled first, once on this machine, begins on NumPy meanwhile; a remark of the run
        says how many updates were made so, because later runs may differ from it in the last digits. Without it, and
        with ``checkpoint``, training waits for the compiler, and each run comes to the same bits.

    Raises
    ------
    InputError
        When the arrays or options do not fit the network or each other.
    DivergenceError
        When the objective stops being finite; names the update, the layer and the quantity, and has the history.
    """
    updates, epochs, seed = whole_numbers(0, updates=updates, epochs=epochs, seed=seed)
    batch_size, patience, threads = whole_numbers(1, batch_size=batch_size, patience=patience, threads=threads)
    learning_rate = None if learning_rate is None else finite_number("learning_rate", learning_rate)
    _check_options(network, optimizer, updates, epochs, train_score, score=score, on_progress=on_progress)
    if checkpoint is None and resume:
        raise InputError("resume is given without checkpoint, the folder of the run to go on with")
    record = None if optimizer is None else optimizer_to_train_with(optimizer)
    method = Method(
        None if isinstance(record, Search) else record,
        clipping_of(clip_norm=clip_norm, clip_value=clip_value),
        learning_rate,
        None if schedule is None else chosen_schedule(schedule),
        patience,
        threads,
        Reporter(on_progress),
        None if checkpoint is None else RunFolder(checkpoint, seconds_between_checkpoints, checkpoints_kept),
        resume,
    )
    if X is None:
        _only_with_data(y=y, epochs=epochs, batch_size=batch_size, seed=seed, validation=validation, score=score)
        _only_with_data(sample_weight=sample_weight, class_weight=class_weight, patience=patience)
        _only_with_data(train_score=train_score or None)
        work = work_on_example(network, updates, milestones)
    else:
        _only_without_data(milestones=milestones)
        data = data_for(network, X, y, sample_weight, class_weight)
        usual = len(data[0]) if isinstance(record, Search) else DEFAULT_BATCH_SIZE
        plan = plan_for_data(len(data[0]), updates, epochs, batch_size or usual, seed)
        held_out = validation_for(network, validation, score, patience, train_score=train_score)
        measure = measure_for(network, y, score) if held_out is None else held_out.measure
        work = Work(network, None, data, plan, held_out, train_measure=measure if train_score else None)
    return _made(work, method, record)


def _made(work: Work, method: Method, record: Optimizer | Search | None) -> Run:
    """The run, made in the way that the optimizer and the data call for."""
    if isinstance(record, Search):
        journey = begin_search(record, method, work)
        return journey.run(partial(train_by_search, journey, record, work, method.threads), work.data[0])
    journey, make = method.begin(work), train_on_data if work.example is None else train_on_example
    return journey.run(partial(make, journey, work), work.data[0])


def _only_with_data(**options: object) -> None:
    for name, value in options.items():
        if value is not None:
            raise InputError(f"{name} is given without X: an example is taken whole, as often as updates says")


def _only_without_data(**options: object) -> None:
    for name, value in options.items():
        if value is not None:
            raise InputError(f"{name} is given with X: of data every epoch is recorded")


def _check_options(
    network: Network,
    optimizer: object,
    updates: int | None,
    epochs: int | None,
    train_score: object,
    **callables: object,
) -> None:
    if not isinstance(network, Network):
        raise InputError(
            f"network is of type {type(network).__name__}, but must be a Network: load gives that of a file or of a "
            "shipped name, Network.create a new one"
        )
    try_own_records(network, optimizer, formulas=False)
    if updates is not None and epochs is not None:
        raise InputError(f"say how long to train in updates ({updates}) or in epochs ({epochs}), not in both")
    if not isinstance(train_score, bool | np.bool_):
        raise InputError(f"train_score is {train_score!r:.40}, but must be True or False; score says what it is")
    for name, given in callables.items():
        if given is not None and not callable(given):
            raise InputError(f"{name} is {given!r:.40}, but must be a function")
