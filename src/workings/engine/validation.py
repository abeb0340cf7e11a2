"""Data that a network is judged by, epoch by epoch: what those held out cost, and how either kind is scored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from workings.engine.batches import arrays_for
from workings.engine.descent import cost_of, forward, outputs_of, penalty_of
from workings.engine.scores import Score, accuracy, r_squared
from workings.errors import InputError
from workings.network.network import Array, Network

ROWS_AT_ONCE = 1_000
"""Of the training data, which may be too many for the activations of all of them to fit into memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """Data held out.

    Attributes
    ----------
    data : (array of shape (n_samples, n_inputs), array of shape (n_samples, n_outputs))
    measure : callable
        Of outputs and targets.
    """

    data: tuple[Array, Array]
    measure: Score

    def of(self, network: Network) -> dict[str, float]:
        """Score, C and J of the data, taken as one batch, by the names that a Moment has for them."""
        inputs, targets = self.data
        Z, A = forward(network, inputs)
        cost = cost_of(network, targets, Z[-1], A[-1])
        score = float(self.measure(A[-1], targets))
        return {"score": score, "validation_cost": cost, "validation_objective": cost + penalty_of(network)}


def validation_for(
    network: Network,
    validation: tuple[ArrayLike, ArrayLike] | None,
    score: Score | None,
    patience: int | None,
    *,
    train_score: bool,
) -> Validation | None:
    """The data held out, checked; None where there is none, and then nothing may count on it."""
    if validation is None:
        if score is not None and not train_score:
            raise InputError("score is given without validation, the data that is scored, and without train_score")
        if patience is not None:
            raise InputError(
                "patience is given without validation, the data whose cost says when training no longer helps"
            )
        return None
    if not (isinstance(validation, Sequence) and len(validation) == 2) or isinstance(validation, str):
        raise InputError(
            f"validation must be two, (X, y), the data held out, but is of type {type(validation).__name__}"
        )
    X, y = validation
    data = arrays_for(network, X, y, "validation ")
    return Validation(data, measure_for(network, y, score))


def measure_for(network: Network, y: ArrayLike | None, score: Score | None) -> Score:
    """The score asked for, else the accuracy of class numbers, or R² of anything else."""
    has_classes = np.ndim(y) == 1 and network.sizes[-1] > 1  # type: ignore[arg-type]  # y was checked with its X
    return score or (accuracy if has_classes else r_squared)


def score_of_rows(network: Network, X: Array, Y: Array, measure: Score) -> float:
    """The score of rows, however many they are."""
    parts = [outputs_of(network, X[start : start + ROWS_AT_ONCE]) for start in range(0, len(X), ROWS_AT_ONCE)]
    return float(measure(np.concatenate(parts), Y))
