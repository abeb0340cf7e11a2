"""The objective of many networks at once that differ from one in a single weight or bias of one neuron.

The forward pass again, restarted at that neuron's layer: what makes it possible to check every parameter of a network
of 100,000 by differences in seconds. Nothing here knows of a derivative.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from workings.derivation.trace import Trace
from workings.network import reference
from workings.network.dropout import dropped
from workings.network.network import Array

_MOST_NUMBERS = 2_000_000  # in one array: 16 MB


@dataclass(frozen=True, eq=False)
class NeuronObjective:
    """J as a function of each parameter of one neuron by itself.

    Attributes
    ----------
    trace : Trace
        The network with its example, and the numbers below the neuron, which do not change.
    layer, j : int
        The neuron.
    """

    trace: Trace
    layer: int
    j: int

    @cached_property
    def row(self) -> Array:
        """The parameters of the neuron: its weights, then its bias."""
        return np.append(self.trace.network.W(self.layer)[self.j], self.trace.network.b(self.layer)[self.j])

    @cached_property
    def inputs(self) -> Array:
        """What each parameter is multiplied by, shape (n_samples, n_in + 1): the activations below, and 1."""
        below = self.trace.numbers.A[self.layer - 1]
        return np.column_stack([below, np.ones(len(below))])

    def __call__(self, which: Array, values: Array) -> Array:
        """J with parameter ``which[i]`` of the row set to ``values[i]``, all others as they are, for each i."""
        step = max(1, _MOST_NUMBERS // (len(self.inputs) * max(self.trace.network.sizes)))
        pieces = [slice(start, start + step) for start in range(0, len(which), step)]
        return np.concatenate([self._of(which[piece], values[piece]) for piece in pieces])

    def _of(self, which: Array, values: Array) -> Array:
        network, n = self.trace.network, len(which)
        rows = np.tile(self.row, (n, 1))
        rows[np.arange(n), which] = values
        Z = np.tile(self.trace.numbers.Z[self.layer], (n, 1, 1))  # (n, n_samples, n_out)
        Z[:, :, self.j] = rows @ self.inputs.T
        z = Z.reshape(-1, Z.shape[2])
        a = self._activations(self.layer, z)
        for number in range(self.layer + 1, network.depth + 1):
            z = a @ network.W(number).T + network.b(number)
            a = self._activations(number, z)
        targets = np.tile(self.trace.example.targets, (n, 1))
        shares = reference.shares(network, targets, z, a).reshape(n, len(self.inputs), -1)
        weights = self.trace.example.sample_weights
        if weights is not None:
            shares = weights[:, None] * shares
        weight = float(len(self.inputs)) if weights is None else float(weights.sum())
        cost = reference.batch_factor(network, weight) * shares.reshape(n, -1).sum(axis=1)
        is_weight = which < len(self.row) - 1
        grown = 0.5 * network.l2 * (values**2 - self.row[which] ** 2)
        if network.l1:
            grown += network.l1 * (np.abs(values) - np.abs(self.row[which]))
        return np.asarray(cost + reference.penalty(network) + np.where(is_weight, grown, 0.0))

    def _activations(self, number: int, z: Array) -> Array:
        """Of many networks, a sample a row; dropout leaves out the same ones in each."""
        a, scale = self.trace.network.layer(number).activation.value(z), reference.scale_of(self.trace.scales, number)
        return a if scale is None else dropped(a, np.tile(scale, (len(a) // len(scale), 1)))
