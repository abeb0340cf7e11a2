"""The numbers of one training step, computed by the reference pass and looked up by quantity.

A trace is an equation source: it gives each quantity's equation and its value. The two are worked out
independently of each other, and the tests hold them together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

import numpy as np

from workings.derivation.equations import SCALARS, Equation
from workings.derivation.matrices import whole_equation
from workings.errors import InputError
from workings.network import reference
from workings.network.bounds import checked
from workings.network.network import Array, Example, Network
from workings.network.quantity import Quantity

Value = Any
"""A float, a Decimal, or a NumPy array of them."""


class Source(Protocol):
    """What can be derived, rendered and marked: anything that knows the equation and the value of a key."""

    @property
    def network(self) -> Network:
        """What is explained."""

    def equation(self, key: Quantity) -> Equation:
        """The rule and the formula of a key."""

    def value(self, key: Quantity) -> Value:
        """The number of a key."""


@dataclass(frozen=True, eq=False)
class Trace:
    """One training step of a network on its example; everything is computed when it is first asked for.

    Attributes
    ----------
    network : Network
        With an example.
    """

    network: Network

    def __post_init__(self) -> None:
        if self.network.example is None:
            raise InputError(
                "this network has no example to work through: it needs inputs, targets and a learning rate"
            )

    def __getitem__(self, quantity: Quantity) -> Value:
        return self.value(quantity)

    def equation(self, key: Quantity) -> Equation:
        """The rule and the formula of a quantity, a whole vector or matrix included."""
        quantity = checked(self.network, key)
        return (whole_equation if quantity.is_whole else SCALARS[quantity.kind])(self.network, quantity)

    def value(self, key: Quantity) -> Value:
        """A float; for a whole vector or matrix an array."""
        quantity = checked(self.network, key)
        with np.errstate(all="ignore"):  # what is beyond the largest float is shown as inf, and said to be
            array = _NUMBERS[quantity.kind](self, quantity)
        if quantity.index or np.ndim(array) == 0:
            return _number(array[quantity.index] if quantity.index else array)
        return np.asarray(array) + 0.0  # -0.0, as in -(y - a) where both are equal, is 0

    @property
    def example(self) -> Example:
        """The example that is worked through."""
        assert self.network.example is not None  # seen to above
        return self.network.example

    @cached_property
    def numbers(self) -> reference.Pass:
        """All arrays of the forward and backward pass."""
        return reference.run(self.network, self.example.inputs, self.example.targets)

    @cached_property
    def losses(self) -> Array:
        """The share of each output in the loss of each sample, shape (n_samples, n_outputs)."""
        return reference.shares(self.network, self.example.targets, self.numbers.Z[-1], self.numbers.A[-1])

    @cached_property
    def updated(self) -> Any:
        """The parameters after this step."""
        return reference.updated(self.network, self.numbers.gradient, self.example.learning_rate)

    @cached_property
    def _through_output(self) -> dict[int, tuple[list[Array], list[Array]]]:
        return {}

    def through_output(self, output: int) -> tuple[list[Array], list[Array]]:
        """dC/da and delta of all layers as far as they come through one output's loss."""
        if output not in self._through_output:
            network, Z, A = self.network, self.numbers.Z, self.numbers.A
            only = np.zeros_like(self.numbers.dC_da[-1])
            only[:, output] = 1.0
            dC_da = self.numbers.dC_da[-1] * only
            if network.layers[-1].activation.scope == "neuron":
                delta = self.numbers.delta[-1] * only
            else:
                delta = reference.through_activation(network, network.depth, Z[-1], A[-1], dC_da)
            self._through_output[output] = reference.backward(network, Z, A, (dC_da, delta))
        return self._through_output[output]

    def row(self, quantity: Quantity) -> int:
        """The row of the example that a quantity belongs to."""
        return quantity.sample or 0


def at_update(network: Network, update: int) -> Network:
    """The network as it is before its ``update``-th update on its own example, counted from 1.

    Repeats the reference pass; every gradient is taken before any parameter changes.
    """
    if update < 1:
        raise InputError(f"updates are counted from 1, the one from the starting weights; got {update}")
    trace = Trace(network)
    for _ in range(update - 1):
        trace = Trace(replace(network, parameters=trace.updated))
    return trace.network


def _number(value: Any) -> float:
    # float32 numbers keep the digits they are written with: 0.1, not 0.10000000149
    number = float(str(value)) if isinstance(value, np.float32) else float(value)
    return number + 0.0


def _cost(trace: Trace, q: Quantity) -> Any:
    if q.output is not None:
        return trace.losses[trace.row(q), q.output]
    if trace.example.is_batch and q.sample is None:
        return reference.batch_factor(trace.network, len(trace.losses)) * trace.losses.sum()
    return trace.losses[trace.row(q)].sum()


def _passed_back(position: int) -> Callable[[Trace, Quantity], Any]:
    """dC/da (0) or delta (1) of a layer, all of it or what comes through one output."""

    def find(trace: Trace, q: Quantity) -> Any:
        everything = (trace.numbers.dC_da, trace.numbers.delta)
        arrays = everything if q.output is None else trace.through_output(q.output)
        return arrays[position][q.layer or 0][trace.row(q)]

    return find


def _slopes(trace: Trace, q: Quantity) -> Any:
    layer = q.layer or 0
    Z, A = trace.numbers.Z[layer], trace.numbers.A[layer]
    return trace.network.layer(layer).activation.derivative(Z, A)[trace.row(q)]


def _slopes_by_weight(trace: Trace, q: Quantity) -> Any:
    layer = q.layer or 0
    below = trace.numbers.A[layer - 1][trace.row(q)]
    return np.broadcast_to(below, (trace.network.layer(layer).n_out, len(below)))


def _weight_gradient(trace: Trace, q: Quantity) -> Any:
    layer = q.layer or 0
    if q.sample is None:  # of the whole batch, or of the only sample
        return trace.numbers.gradient.W[layer - 1]
    return np.outer(trace.numbers.delta[layer][trace.row(q)], trace.numbers.A[layer - 1][trace.row(q)])


def _bias_gradient(trace: Trace, q: Quantity) -> Any:
    layer = q.layer or 0
    return trace.numbers.gradient.b[layer - 1] if q.sample is None else trace.numbers.delta[layer][trace.row(q)]


_NUMBERS: dict[str, Callable[[Trace, Quantity], Any]] = {
    "x": lambda trace, q: trace.example.inputs[trace.row(q)],
    "y": lambda trace, q: trace.example.targets[trace.row(q)],
    "W": lambda trace, q: trace.network.W(q.layer or 0),
    "b": lambda trace, q: trace.network.b(q.layer or 0),
    "z": lambda trace, q: trace.numbers.Z[q.layer or 0][trace.row(q)],
    "a": lambda trace, q: trace.numbers.A[q.layer or 0][trace.row(q)],
    "C": _cost,
    "R": lambda trace, q: reference.penalty(trace.network),
    "J": lambda trace, q: _cost(trace, Quantity("C")) + reference.penalty(trace.network),
    "dC/da": _passed_back(0),
    "da/dz": _slopes,
    "delta": _passed_back(1),
    "dz/dW": _slopes_by_weight,
    "dz/da": lambda trace, q: trace.network.W(q.layer or 0),
    "dC/dW": _weight_gradient,
    "dC/db": _bias_gradient,
    "W+": lambda trace, q: trace.updated.W[(q.layer or 0) - 1],
    "b+": lambda trace, q: trace.updated.b[(q.layer or 0) - 1],
    "eta": lambda trace, q: trace.example.learning_rate,
    "l2": lambda trace, q: trace.network.l2,
}
