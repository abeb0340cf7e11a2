"""Arrays made ready for training: checked, class numbers as rows, a share of them held out."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from workings.errors import InputError
from workings.network.network import Array, Network

SPLIT_SEED = 7
"""Every split is drawn with it, whatever the seed of the training: runs are compared on the same rows.

Over ten such numbers the accuracy on ``digits`` is 0.969 to 0.987, on average 0.978; with this one it is the average.
"""


def arrays_for(network: Network, X: ArrayLike, y: ArrayLike | None, name: str = "") -> tuple[Array, Array]:
    """Inputs and targets in the network's number type, a sample a row; class numbers become rows of 0 and 1.

    Parameters
    ----------
    X : array of shape (n_samples, n_inputs)
    y : array of shape (n_samples,) or (n_samples, n_outputs)
        Class numbers from 0, or targets where the network has one output; else one row of targets a sample.
    name : str
        What messages put before X and y, such as ``validation``.

    Raises
    ------
    InputError
        When they do not fit each other or the network, hold something else than finite numbers, or when a target lies
        outside what the output activation can reach.
    """
    if y is None:
        raise InputError(f"{name}X is given without {name}y, its targets")
    dtype, (n_inputs, *_, n_outputs) = network.parameters.flat.dtype, network.sizes
    inputs = _finite(X, dtype, f"{name}X")
    if inputs.ndim != 2 or inputs.shape[1] != n_inputs or not len(inputs):
        raise InputError(
            f"{name}X has shape {inputs.shape} but must be (n_samples, {n_inputs}): one sample a row, one column for "
            f"each input of the network, at least one row"
        )
    given = np.asarray(y)
    is_row = given.ndim == 1 and n_outputs == 1 and network.layers[-1].activation.scope == "neuron"
    targets = _finite(given, dtype, f"{name}y")
    if given.ndim == 1 and not is_row:
        targets = class_targets(network, given, f"{name}y").astype(dtype)
    elif is_row:
        targets = targets[:, None]
    if targets.shape != (len(inputs), n_outputs):
        raise InputError(
            f"{name}y has shape {given.shape} but must be ({len(inputs)},), a class number for each row of {name}X, or "
            f"({len(inputs)}, {n_outputs}), a row of targets for each"
        )
    _check_reach(network, targets, name)
    return inputs, targets


def class_targets(network: Network, classes: Array, name: str = "y") -> Array:
    """Class numbers from 0 as rows of targets, shape (n_samples, n_outputs); a single output is for class 1 of two."""
    n_outputs = network.sizes[-1]
    no, yes = network.loss.no_and_yes
    return no + (yes - no) * (classes[:, None] if n_outputs == 1 else one_hot(classes, n_outputs, name))


def one_hot(classes: Array, n_classes: int, name: str = "y") -> Array:
    """Class numbers from 0 as rows of 0 with one 1, shape (n_samples, n_classes)."""
    numbers = classes.astype(np.intp)
    if not np.array_equal(numbers, classes) or (len(numbers) and not 0 <= numbers.min() <= numbers.max() < n_classes):
        wrong = classes[(numbers != classes) | (numbers < 0) | (numbers >= n_classes)][0]
        raise InputError(
            f"{name} holds {wrong!s}, but a class number is a whole number from 0 to {n_classes - 1}: the network has "
            f"{n_classes} outputs. Targets that are no classes come as rows, shape (n_samples, {n_classes})"
        )
    rows = np.zeros((len(numbers), n_classes))
    rows[np.arange(len(numbers)), numbers] = 1.0
    return rows


def split(n_samples: int, share: float, classes: Array | None = None) -> tuple[Array, Array]:
    """The rows to train on and the rows held out, both in their order.

    With ``classes``, the share is taken of each class. The rows of a class are cut into as many even stretches as are
    to be held out, and one is drawn from each, so that data in some order (of time, of who wrote it) is held out all
    along it. The draw does not depend on the seed of the training.
    """
    generator = np.random.default_rng(SPLIT_SEED)
    groups = [np.arange(n_samples)] if classes is None else [np.flatnonzero(classes == c) for c in np.unique(classes)]
    held_out = [np.empty(0, np.intp)]
    for rows in groups:
        n_held_out = min(round(share * len(rows)), len(rows) - 1)
        edges = np.linspace(0, len(rows), n_held_out + 1).round().astype(np.intp) if n_held_out > 0 else ()
        held_out.append(np.array([rows[generator.integers(low, high)] for low, high in pairwise(edges)], np.intp))
    chosen = np.sort(np.concatenate(held_out))
    return np.setdiff1d(np.arange(n_samples), chosen), chosen


def _finite(values: ArrayLike, dtype: np.dtype[np.floating], name: str) -> Array:
    try:
        array = np.asarray(values, dtype)
    except (TypeError, ValueError):
        raise InputError(f"{name} must hold numbers only, in rows of one length") from None
    wrong = np.argwhere(~np.isfinite(array))
    if len(wrong):
        place = ", ".join(str(int(i)) for i in wrong[0])
        raise InputError(f"{name}[{place}] is {array[tuple(wrong[0])]}; only finite numbers can be trained on")
    return array


def _check_reach(network: Network, targets: Array, name: str) -> None:
    output, loss = network.layers[-1].activation, network.loss
    strange = targets[~loss.can_take(targets)]
    if len(strange):
        raise InputError(f"{name}y holds the target {strange[0]:g}, but a target of {loss.name} is {loss.wanted}")
    low, high = output.range
    if targets.min() < low or targets.max() > high:
        wrong = targets[(targets < low) | (targets > high)][0]
        raise InputError(
            f"{name}y holds the target {wrong:g}, but the outputs of {output.name} lie between {low:g} and {high:g}. "
            "Scale the targets, or take another output activation"
        )
