"""How good a network is on data: the share of right classes, or the share of the variance it explains."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from workings.network.network import Array

Score = Callable[[Array, Array], float]
"""``(outputs, targets)``, both of shape (n_samples, n_outputs), gives one number; more is better."""


def chosen(outputs: Array, middle: float = 0.5) -> Array:
    """The class each row stands for: the largest output, or whether a single one is above the middle."""
    if outputs.shape[1] == 1:
        return np.asarray(outputs[:, 0] > middle).astype(np.intp)
    return np.asarray(outputs.argmax(axis=1))


def accuracy(outputs: Array, targets: Array, middle: float = 0.5) -> float:
    """The share of rows whose class is right; not a number without rows."""
    return float(np.mean(chosen(outputs, middle) == chosen(targets, middle))) if len(outputs) else math.nan


def accuracy_of_commonest(training: Array, judged: Array) -> float:
    """The accuracy of always choosing the commonest class of the training rows; both are class numbers from 0."""
    return float(np.mean(judged == np.bincount(training).argmax()))


def r_squared(outputs: Array, targets: Array) -> float:
    """R² = 1 - residual sum of squares / total sum of squares, all outputs together; 0 is what the mean achieves.

    Not a number where the targets do not vary.
    """
    residual, total = np.sum((targets - outputs) ** 2), np.sum((targets - np.mean(targets, axis=0)) ** 2)
    return float(1.0 - residual / total) if len(outputs) and total > 0 else math.nan
