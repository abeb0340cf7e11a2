"""A trained model: a network, how a table is prepared for it, and how it was trained."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from workings.engine.batches import class_targets
from workings.engine.descent import outputs_of
from workings.engine.preparation import UNKNOWN_CLASS, Preparation, Remark, Target, ignore
from workings.engine.scores import Score, accuracy, chosen, r_squared
from workings.engine.tables import Table
from workings.errors import InputError, nearest
from workings.network.model_file import load_model, save_model
from workings.network.network import Array, Example, Network
from workings.network.optimizers import SGD

ROWS_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What a model makes of a table, a row for each of its rows.

    Attributes
    ----------
    values : tuple of str, or of float
        The class, or the number.
    probabilities : array of shape (n_rows, n_classes), optional
        In the order of ``classes``; None for numbers, and where the outputs cannot be read as probabilities.
    classes : tuple of str
        Empty for numbers.
    score : float, optional
        Accuracy or R² on the ``n_scored`` rows whose target is known; None without such rows, or where R² has no value.
    """

    values: tuple[str, ...] | tuple[float, ...]
    probabilities: Array | None
    classes: tuple[str, ...]
    score: float | None
    n_scored: int


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """A trained network and what belongs to it.

    Attributes
    ----------
    network : Network
    preparation : Preparation, optional
        None where the network was trained on its own example.
    facts : dict
        How it was trained, as JSON can hold it; ``learning_rate`` at least.
    """

    network: Network
    preparation: Preparation | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def score_name(self) -> str:
        """What the model is judged by: accuracy or R²."""
        return score_name(self.prepared.target)

    @property
    def prepared(self) -> Preparation:
        """The preparation; an InputError where there is none."""
        if self.preparation is None:
            raise InputError("this model was trained on its own example, not on a table, so it knows no columns")
        return self.preparation

    @classmethod
    def load(cls, path: str | Path) -> Model:
        """Read a model file.

        Raises
        ------
        InputError
            When it is no model, or damaged.
        """
        network, extra = load_model(path)
        try:
            described = extra.get("preparation")
            preparation = None if described is None else Preparation.from_json(described)
            model = cls(network, preparation, dict(extra["training"]))
            model.usual_learning_rate()
        except (KeyError, TypeError, ValueError, AttributeError):
            raise InputError(f"{path} is a damaged model: what was saved with its network cannot be read") from None
        if preparation is not None and not _fits(preparation, network):
            raise InputError(f"{path} is a damaged model: its columns do not fit its network")
        return model

    def save(self, path: str | Path) -> None:
        """Write a model file, all at once or not at all; an existing one is replaced."""
        described = None if self.preparation is None else self.preparation.to_json()
        save_model(path, self.network, {"preparation": described, "training": self.facts})

    def usual_learning_rate(self) -> float:
        """That of its training; of plain gradient descent, where every step had a length of its own."""
        rate = self.facts["learning_rate"]
        return SGD.learning_rate if rate is None else float(rate)

    def predict(
        self, table: Table, remark: Remark = ignore, on_row: Callable[[int], object] | None = None
    ) -> Prediction:
        """Predict the target of every row of a table, which may have its column or not.

        Raises
        ------
        InputError
            When columns are missing, or hold text where numbers are expected.
        """
        target = self.prepared.target
        outputs = self._outputs(self.prepared.inputs(table, remark), on_row)
        score, n_scored = self._score(table, outputs)
        if not target.classes:
            numbers = outputs[:, 0] * target.scale + target.mean
            return Prediction(tuple(numbers.tolist()), None, (), score, n_scored)
        values = tuple(target.classes[number] for number in chosen(outputs, middle_of(self.network)))
        return Prediction(values, self._probabilities(outputs), target.classes, score, n_scored)

    def example(self, table: Table, row: int, remark: Remark = ignore) -> Network:
        """The network with one row of a table as its example, prepared, to be explained.

        Parameters
        ----------
        row : int
            From 1.

        Raises
        ------
        InputError
            When there is no such row, when columns are missing, or when the row's target is not known.
        """
        preparation = self.prepared
        if not 1 <= row <= len(table):
            rows = "1 row" if len(table) == 1 else f"{len(table)} rows, counted from 1"
            raise InputError(f"there is no row {row}: {table.name} has {rows}")
        target = preparation.target
        if target.name not in table.columns:
            raise InputError(
                f"{table.name} lacks the column {target.name!r}, the target that the cost is measured against"
            )
        only = Table(
            table.name, {name: cells[row - 1 : row] for name, cells in table.columns.items()}, None, table.decimal_comma
        )
        targets = targets_for(self.network, target, only)
        if not np.isfinite(targets).all():
            cell = only.columns[target.name][0]
            known = nearest(cell, target.classes) if target.classes else "A number must stand there"
            raise InputError(f"{table.name}: row {row}, column {target.name!r}: got {cell!r} as the target. {known}")
        dtype, title = self.network.parameters.flat.dtype, f"row {row} of {table.name}"
        inputs = preparation.inputs(only, remark).astype(dtype)
        example = Example(
            inputs,
            targets.astype(dtype),
            self.usual_learning_rate(),
            input_meanings=preparation.meanings(only),
            output_meanings=target.meanings(only, targets.shape[1], self.network.loss.no_and_yes),
        )
        layers = tuple(replace(layer, dropout=0.0) for layer in self.network.layers)  # it was for training only
        return replace(self.network, layers=layers, example=example, title=title)

    def _outputs(self, inputs: Array, on_row: Callable[[int], object] | None) -> Array:
        inputs = inputs.astype(self.network.parameters.flat.dtype)
        parts = []
        for start in range(0, len(inputs), ROWS_AT_ONCE):
            parts.append(outputs_of(self.network, inputs[start : start + ROWS_AT_ONCE]))
            if on_row is not None:
                on_row(start)
        return np.concatenate(parts)

    def _score(self, table: Table, outputs: Array) -> tuple[float | None, int]:
        target = self.prepared.target
        if target.name not in table.columns:
            return None, 0
        rows = target.known(table)
        measure = score_of(self.network, target)
        score = measure(outputs[rows], targets_for(self.network, target, table)[rows])
        return (None if math.isnan(score) else score), len(rows)

    def _probabilities(self, outputs: Array) -> Array | None:
        output = self.network.layers[-1].activation
        if output.range != (0.0, 1.0):
            return None
        if outputs.shape[1] == 1:
            return np.hstack([1.0 - outputs, outputs])
        total = outputs.sum(axis=1, keepdims=True)
        return np.asarray(np.divide(outputs, total, out=np.full_like(outputs, 1.0 / outputs.shape[1]), where=total > 0))


def _fits(preparation: Preparation, network: Network) -> bool:
    n_classes = len(preparation.target.classes)
    n_outputs = {0: (1,), 2: (1, 2)}.get(n_classes, (n_classes,))
    return len(preparation.input_names()) == network.sizes[0] and network.sizes[-1] in n_outputs


def middle_of(network: Network) -> float:
    """Halfway between the targets for no and for yes: above it, a single output says the second of two classes."""
    return sum(network.loss.no_and_yes) / 2.0


def score_of(network: Network, target: Target) -> Score:
    """What predictions of this target are measured with."""
    middle = middle_of(network)
    return (lambda outputs, targets: accuracy(outputs, targets, middle)) if target.classes else r_squared


def score_name(target: Target) -> str:
    """What a prediction of this target is judged by."""
    return "accuracy" if target.classes else "R²"


def targets_for(network: Network, target: Target, table: Table) -> Array:
    """The targets of a table as rows, shape (n_rows, n_outputs); not a number in rows whose target is not known."""
    values = target.read(table)
    if not target.classes:
        return values[:, None]
    rows = class_targets(network, np.maximum(values, 0))
    return np.where((values == UNKNOWN_CLASS)[:, None], math.nan, rows)
