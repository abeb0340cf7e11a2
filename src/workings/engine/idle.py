"""Neurons that no longer learn: dead ones, whose slope is always 0, and saturated ones, whose slope is always tiny."""

from __future__ import annotations

import numpy as np

from workings.engine.descent import forward
from workings.network.activations import Activation
from workings.network.network import Array, Network

ROWS_AT_ONCE = 100

SATURATED = 0.01
"""Share of the largest slope below which learning takes a hundred times as long."""

MOST_NAMED = 8


def idle_neurons(network: Network, X: Array) -> tuple[str, ...]:
    """A sentence for each hidden layer with neurons that no row of the data can teach any more.

    An output at its limit may well be right, so outputs are left out.

    Parameters
    ----------
    X : array of shape (n_samples, n_inputs)
        Gone through only as far as it takes to see each neuron learn.
    """
    hidden = [n for n, layer in enumerate(network.layers[:-1], start=1) if layer.activation.scope == "neuron"]
    steepest = {number: np.zeros(network.layer(number).n_out) for number in hidden}
    largest = {number: _largest_slope(network.layer(number).activation) for number in hidden}
    for start in range(0, len(X), ROWS_AT_ONCE):
        Z, A = forward(network, X[start : start + ROWS_AT_ONCE])
        for number in hidden:
            slopes = np.abs(network.layer(number).activation.derivative(Z[number - 1], A[number]))
            np.maximum(steepest[number], slopes.max(axis=0), out=steepest[number])
        if all(steepest[number].min() >= SATURATED * largest[number] for number in hidden):
            return ()
    said = []
    for number in hidden:
        name = network.layer(number).activation.name
        dead = steepest[number] == 0.0
        saturated = (steepest[number] < SATURATED * largest[number]) & ~dead
        for which, what in (
            (dead, "a slope of 0 for every row, so nothing is learned there any more"),
            (saturated, f"a slope below {SATURATED:g} of {name}'s largest for every row: saturated"),
        ):
            if which.any():
                said.append(f"layer {number}: {_named(which)} {what}")
    return tuple(said)


def _named(which: Array) -> str:
    numbers = [str(j + 1) for j in np.flatnonzero(which)]
    shown = ", ".join(numbers[:MOST_NAMED]) + (", ..." if len(numbers) > MOST_NAMED else "")
    if len(numbers) == len(which):
        return f"all {len(which)} neurons have" if len(which) > 1 else "its one neuron has"
    return f"neuron {shown} has" if len(numbers) == 1 else f"{len(numbers)} of {len(which)} neurons ({shown}) have"


def _largest_slope(activation: Activation) -> float:
    z = np.linspace(-4.0, 4.0, 801)
    return float(np.abs(activation.derivative(z, activation.value(z))).max())
