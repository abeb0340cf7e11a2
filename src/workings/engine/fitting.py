"""From a table to a trained model: find out what it holds, hold rows out, train, and judge on the rows held out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from workings.engine.batches import split
from workings.engine.descent import backward, forward, outputs_of
from workings.engine.discovery import find_preparation, find_target
from workings.engine.journey import Run
from workings.engine.model import Model, score_name, score_of, targets_for
from workings.engine.plan import DEFAULT_BATCH_SIZE, DEFAULT_EPOCHS
from workings.engine.preparation import Preparation, Remark, Target, ignore, without_weights
from workings.engine.progress import Report
from workings.engine.scores import accuracy_of_commonest
from workings.engine.tables import Table
from workings.engine.training import train
from workings.errors import InputError, nearest
from workings.network.activations import ACTIVATIONS
from workings.network.clipping import clipping_of
from workings.network.losses import LOSSES, Loss
from workings.network.network import Array, Network, Parameters, lookup
from workings.network.optimizers import Optimizer, optimizer_to_train_with
from workings.network.quantity import Quantity
from workings.network.schedules import schedule_named
from workings.network.searches import Search

FEWEST_UPDATES = 1_000
"""A small table is gone through more often than ``DEFAULT_EPOCHS``, until there were so many updates."""

LEARNING_RATE_FOR_NUMBERS = 0.03
"""Of plain gradient descent, whose steps grow with the error, and the errors of numbers have no end."""
LOSS_FOR_CLASSES, LOSS_FOR_NUMBERS = "cross_entropy", "half_squared_error"

FACTS_IF_GIVEN = ("clip_norm", "clip_value", "class_weight", "weight_column", "patience")
"""Settings that a model keeps among its facts, and that most trainings do without."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose; None is chosen by what the table holds.

    Attributes
    ----------
    target : str, optional
        The column to predict.
    layers : tuple of int
        The neurons of each hidden layer; empty for none.
    activation : str
        Of the hidden layers.
    loss : str, optional
        With one for numbers, a target of whole numbers is a number and not some classes.
    l2, l1 : float
        Adds ``l2/2 * sum of W^2`` and ``l1 * sum of |W|`` to the cost.
    dropout : float
        The share of the activations of each hidden layer that is left out in an update.
    clip_norm, clip_value : float, optional
        The longest that the whole gradient may be, or the largest that each of its numbers may be.
    class_weight : str, optional
        "balanced", or a weight for each class: ``yes=5,no=1``.
    weight_column : str, optional
        The column that says how much each row counts in training; it is no input. The score counts each row once.
    patience : int, optional
        End when the cost of the rows held out has not fallen for so many epochs, and take the best weights.
    validation : float
        The share of rows held out.
    train_score : bool
        Score the rows that are trained on too, after each epoch; that takes its time.
    seed : int
        Of weights and batches; which rows are held out does not depend on it.
    threads : int, optional
        As many as pay when left out.
    checkpoint : str, optional
        A folder to keep the run in.
    resume : bool
        Whether to go on with the run that is there.

    Raises
    ------
    InputError
        For an unknown activation, loss, optimizer or schedule; for a share that is none; for patience where nothing is
        held out.
    """

    target: str | None = None
    layers: tuple[int, ...] = (32,)
    activation: str = "relu"
    loss: str | None = None
    l2: float = 0.0
    l1: float = 0.0
    dropout: float = 0.0
    class_weight: str | None = None
    weight_column: str | None = None
    optimizer: str = "sgd"
    learning_rate: float | None = None
    clip_norm: float | None = None
    clip_value: float | None = None
    schedule: str = "constant"
    patience: int | None = None
    batch_size: int | None = None
    updates: int | None = None
    epochs: int | None = None
    validation: float = 0.2
    train_score: bool = False
    seed: int = 0
    threads: int | None = None
    checkpoint: str | None = None
    resume: bool = False

    def __post_init__(self) -> None:
        # A misspelt name is told before the data is read, not after.
        lookup(ACTIVATIONS, self.activation, "activation")
        optimizer_to_train_with(self.optimizer)
        clipping_of(clip_norm=self.clip_norm, clip_value=self.clip_value)
        schedule_named(self.schedule)
        if not 0 <= self.validation < 1:
            raise InputError(f"validation is {self.validation!r:.40}, but must be a share of at least 0 and below 1")
        if self.patience is not None and not self.validation:
            raise InputError("patience waits for the cost of rows held out to fall, but validation 0 holds out none")
        if self.loss is not None:
            lookup(LOSSES, self.loss, "loss")


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """A table made ready: rows to train on, rows held out, counted from 0 as in the table; and how much rows count."""

    table: Table
    preparation: Preparation
    training: Array
    held_out: Array
    weights: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """A trained model, with its score among its facts, and the run that made it."""

    model: Model
    run: Run


def find_task(table: Table, settings: Settings, remark: Remark = ignore) -> Task:
    """Find out what a table holds, and which of its rows to hold out.

    Raises
    ------
    InputError
        When there is nothing to learn in it.
    """
    weights = None
    if settings.weight_column is not None:
        table, weights = without_weights(table, settings.weight_column, settings.target)
    loss = LOSSES[settings.loss or LOSS_FOR_NUMBERS]
    target = find_target(table, settings.target, as_number=settings.loss is not None and not _is_for_classes(loss))
    rows = target.known(table)
    if len(rows) < len(table):
        n_missing = len(table) - len(rows)
        which = "1 row is" if n_missing == 1 else f"{n_missing} rows are"
        remark(f"{which} left out: there is no target in the column {target.name!r}")
    classes = target.read(table)[rows] if target.classes else None
    if not (target.classes or _is_for_classes(loss)):
        _check_numbers(table, target, rows, loss)
    training, held_out = (rows[part] for part in split(len(rows), settings.validation, classes))
    prepared = find_preparation(table, target, training, remark, centred=bool(loss.can_take(np.array(-np.inf))))
    return Task(table, prepared, training, held_out, weights)


def fit(task: Task, settings: Settings, on_progress: Report | None = None) -> Fitted:
    """Train a new network on a task and judge it on the rows held out.

    Raises
    ------
    InputError
        When a setting does not fit the task.
    DivergenceError
        When the objective stops being finite.
    """
    network, learning_rate = _start(task, settings)
    target = task.preparation.target
    X, Y = task.preparation.inputs(task.table), targets_for(network, target, task.table)
    training, held_out, measure = task.training, task.held_out, score_of(network, target)
    is_search = isinstance(optimizer_to_train_with(settings.optimizer), Search)
    batch_size = min(settings.batch_size or (len(training) if is_search else DEFAULT_BATCH_SIZE), len(training))
    epochs = settings.epochs
    if epochs is None and settings.updates is None:
        epochs = max(DEFAULT_EPOCHS, math.ceil(FEWEST_UPDATES / math.ceil(len(training) / batch_size)))
    run = train(
        network,
        X[training],
        Y[training],
        updates=settings.updates,
        epochs=epochs,
        batch_size=batch_size,
        optimizer=settings.optimizer,
        learning_rate=learning_rate,
        clip_norm=settings.clip_norm,
        clip_value=settings.clip_value,
        schedule=settings.schedule,
        patience=settings.patience,
        seed=settings.seed,
        sample_weight=None if task.weights is None else task.weights[training],
        class_weight=_class_weight(task, settings.class_weight),
        threads=settings.threads,
        checkpoint=settings.checkpoint,
        resume=settings.resume,
        validation=(X[held_out], Y[held_out]) if len(held_out) else None,
        score=measure if len(held_out) or settings.train_score else None,
        train_score=settings.train_score,
        on_progress=on_progress,
    )
    judged, classes = held_out if len(held_out) else training, target.read(task.table) if target.classes else None
    score = measure(outputs_of(run.network, X[judged]), Y[judged])
    commonest = None if classes is None else accuracy_of_commonest(classes[training], classes[judged])
    facts = {
        "data": task.table.name,
        "rows": len(training),
        "rows_held_out": len(held_out),
        "optimizer": settings.optimizer,
        "learning_rate": learning_rate,
        "schedule": settings.schedule,
        **{name: value for name in FACTS_IF_GIVEN if (value := getattr(settings, name)) is not None},
        "batch_size": batch_size,
        "seed": settings.seed,
        "epochs": run.history[-1].epoch if run.history else 0,
        "best_epoch": None if run.best is None else run.best.epoch,
        "updates": run.updates,
        "score": None if math.isnan(score) else score,
        "score_of_commonest_class": commonest,
        "score_name": score_name(target),
    }
    return Fitted(Model(run.network, task.preparation, facts), run)


def striking_weight(network: Network) -> Quantity:
    """The weight of the first layer whose gradient is largest for the network's example: one worth explaining."""
    example = network.example
    if example is None:
        raise InputError("this network came without an example")
    gradient = Parameters(np.zeros_like(network.parameters.flat), network.sizes)
    backward(network, *forward(network, example.inputs), example.targets, gradient)
    j, k = np.unravel_index(np.argmax(np.abs(gradient.W[0])), gradient.W[0].shape)
    return Quantity("dC/dW", 1, (int(j), int(k)))


def _start(task: Task, settings: Settings) -> tuple[Network, float | None]:
    """The network before training, and the learning rate, if there is one."""
    target, n_inputs = task.preparation.target, len(task.preparation.input_names())
    by_default = LOSS_FOR_CLASSES if target.classes else LOSS_FOR_NUMBERS
    loss = lookup(LOSSES, settings.loss or by_default, "loss")
    output = ACTIVATIONS[loss.output]
    if not target.classes and _is_for_classes(loss):
        raise InputError(
            f"{loss.name} is a loss for classes, but the target {target.name!r} is a number. Take {by_default}"
        )
    # One output tells two classes apart where it does not share a whole with others: how much speaks for the second.
    is_single = not target.classes or (len(target.classes) == 2 and output.scope == "neuron" and _is_for_classes(loss))
    sizes = (n_inputs, *settings.layers, 1 if is_single else len(target.classes))
    network = Network.create(
        sizes,
        activation=settings.activation,
        loss=loss.name,
        seed=settings.seed,
        l2=settings.l2,
        l1=settings.l1,
        dropout=settings.dropout,
    )
    return replace(network, title=task.table.name), _learning_rate(settings, is_of_numbers=not target.classes)


def _learning_rate(settings: Settings, *, is_of_numbers: bool) -> float | None:
    """The one asked for, or what is usual; None where the optimizer finds the length of each step itself."""
    optimizer = optimizer_to_train_with(settings.optimizer)
    if settings.learning_rate is not None or not isinstance(optimizer, Optimizer):
        return settings.learning_rate
    return LEARNING_RATE_FOR_NUMBERS if optimizer.is_plain and is_of_numbers else optimizer.learning_rate


def _class_weight(task: Task, asked: str | None) -> dict[int, float] | str | None:
    """What ``yes=5,no=1`` says of the classes' numbers; "balanced" as it is."""
    classes = task.preparation.target.classes
    if asked is None:
        return None
    if not classes:
        raise InputError(f"class weights are for classes, but the target {task.preparation.target.name!r} is a number")
    if asked == "balanced":
        return asked
    weights = {}
    for part in asked.split(","):
        name, equals, value = (text.strip() for text in part.rpartition("="))
        if not equals:
            raise InputError(
                f'{part!r:.40} is no class with its weight: class weights are "balanced", or '
                f"{classes[0]}=2,{classes[1]}=1"
            )
        if name not in classes:
            raise InputError(f"there is no class {name!r:.40} to give a weight. {nearest(name, classes)}")
        try:
            weight = float(value)
        except ValueError:
            weight = math.nan
        if not 0 <= weight < math.inf:
            raise InputError(f"the weight of class {name} is {value!r:.40}, but must be a number of 0 or more")
        weights[classes.index(name)] = weight
    return weights


def _is_for_classes(loss: Loss) -> bool:
    """Whether a loss has targets for no and yes, or goes with probabilities; outputs for numbers have no end."""
    return bool(loss.targets) or math.isfinite(ACTIVATIONS[loss.output].range[1])


def _check_numbers(table: Table, target: Target, rows: Array, loss: Loss) -> None:
    """Refuse a target that the loss cannot take, with the row that it stands in."""
    wrong = rows[~loss.can_take(target.read(table)[rows])]
    if len(wrong):
        cell = table.columns[target.name][wrong[0]]
        raise InputError(
            f"{table.name}: row {wrong[0] + 1}, column {target.name!r}: got {cell!r}, but a target of {loss.name} is "
            f"{loss.wanted}"
        )
