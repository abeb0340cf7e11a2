"""Network, Layer, Parameters: what is trained and explained, as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.errors import InputError, nearest
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.initializers import INITIALIZERS
from workings.network.losses import LOSSES, PAIRS, Loss, Pair

Array = NDArray[Any]
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Layer:
    """A fully connected layer: how many inputs and neurons it has, and what it does to z."""

    n_in: int
    n_out: int
    activation: Activation


@dataclass(frozen=True, eq=False)
class Parameters:
    """All weights and biases in one flat vector; ``W`` and ``b`` are views into it, the first layer first.

    Attributes
    ----------
    flat : array of shape (n_parameters,)
        W of layer 1 row by row, b of layer 1, W of layer 2, ...
    sizes : tuple of int
        Inputs, then neurons of each layer.
    """

    flat: Array
    sizes: tuple[int, ...]

    @cached_property
    def _views(self) -> tuple[tuple[Array, Array], ...]:
        views, start = [], 0
        for n_in, n_out in pairwise(self.sizes):
            middle, end = start + n_out * n_in, start + n_out * n_in + n_out
            views.append((self.flat[start:middle].reshape(n_out, n_in), self.flat[middle:end]))
            start = end
        return tuple(views)

    @cached_property
    def W(self) -> tuple[Array, ...]:
        """The weights of each layer, shape (n_out, n_in): ``W[j, k]`` leads to j from k."""
        return tuple(W for W, _ in self._views)

    @cached_property
    def b(self) -> tuple[Array, ...]:
        """The biases of each layer, shape (n_out,)."""
        return tuple(b for _, b in self._views)

    @classmethod
    def of(cls, weights: Sequence[ArrayLike], biases: Sequence[ArrayLike], dtype: Any = np.float64) -> Parameters:
        """Pack the weights and biases of all layers."""
        arrays = [(np.asarray(W, dtype), np.asarray(b, dtype)) for W, b in zip(weights, biases, strict=True)]
        sizes = (arrays[0][0].shape[1], *(len(b) for _, b in arrays))
        return cls(np.concatenate([part.ravel() for pair in arrays for part in pair]), sizes)


@dataclass(frozen=True, eq=False)
class Example:
    """The numbers a network is worked through with.

    Attributes
    ----------
    inputs : array of shape (n_samples, n_inputs)
    targets : array of shape (n_samples, n_outputs)
    learning_rate : float
    is_batch : bool
        Whether the samples have numbers of their own in addresses (``z[1][1]@2``).
    input_names, output_names : tuple of str
        What the inputs and outputs stand for, where that is known; empty or one for each.
    """

    inputs: Array
    targets: Array
    learning_rate: float
    is_batch: bool = False
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Network:
    """A feed-forward network with its numbers.

    Attributes
    ----------
    layers : tuple of Layer
    parameters : Parameters
    loss : Loss
    l2 : float
        Adds ``l2/2 * sum of W^2`` to the cost, so ``l2 * W`` to each weight's gradient.
    reduction : str
        How the samples' losses make the cost of a batch: a name in ``REDUCTIONS``.
    train_biases : bool
    example : Example, optional
        The worked example that came with it.
    title, notation : str
        What its file says about presentation.
    """

    layers: tuple[Layer, ...]
    parameters: Parameters
    loss: Loss
    l2: float = 0.0
    reduction: str = "mean"
    train_biases: bool = True
    example: Example | None = None
    title: str = ""
    notation: str = "textbook"

    def __post_init__(self) -> None:
        _check_activations(self)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then neurons of each layer."""
        return (self.layers[0].n_in, *(layer.n_out for layer in self.layers))

    @property
    def depth(self) -> int:
        """L, the number of layers that have weights; also the number of the output layer."""
        return len(self.layers)

    @cached_property
    def pair(self) -> Pair | None:
        """The simplification of output activation and loss, where there is one."""
        activation, loss = self.layers[-1].activation, self.loss
        is_built_in = ACTIVATIONS.get(activation.name) == activation and LOSSES.get(loss.name) == loss
        return PAIRS.get((activation.name, loss.name)) if is_built_in else None  # a user's own sigmoid may differ

    def layer(self, number: int) -> Layer:
        """Layer ``number``, counted from 1."""
        return self.layers[number - 1]

    def W(self, number: int) -> Array:
        """The weights of layer ``number``, shape (n_out, n_in)."""
        return self.parameters.W[number - 1]

    def b(self, number: int) -> Array:
        """The biases of layer ``number``, shape (n_out,)."""
        return self.parameters.b[number - 1]

    def with_parameters(self, flat: Array) -> Network:
        """The same network with other numbers, shape (n_parameters,)."""
        return replace(self, parameters=Parameters(flat, self.sizes))

    @classmethod
    def create(
        cls,
        sizes: Sequence[int],
        *,
        activation: str = "sigmoid",
        output_activation: str | None = None,
        loss: str = "half_squared_error",
        initializer: str | None = None,
        seed: int | None = None,
        dtype: Any = np.float64,
        l2: float = 0.0,
        reduction: str = "mean",
    ) -> Network:
        """A network with weights drawn at random and biases 0.

        Parameters
        ----------
        sizes : sequence of int
            Inputs, then neurons of each layer: ``[784, 128, 10]``.
        activation : str
            Of the hidden layers.
        output_activation : str, optional
            What goes with the loss when left out: softmax with cross-entropy, identity with the squared errors.
        loss, initializer : str
            Names in the registries; the initializer is glorot unless given.
        seed : int, optional
            The same seed draws the same weights.
        dtype : float32 or float64

        Raises
        ------
        InputError
            For an unknown name, a size below 1, or an output activation that leaves the domain of the loss.
        """
        if len(sizes) < 2 or any(int(size) != size or size < 1 for size in sizes):
            raise InputError(f"sizes must be two or more whole numbers of at least 1, inputs first; got {list(sizes)}")
        record = lookup(LOSSES, loss, "loss")
        hidden = lookup(ACTIVATIONS, activation, "activation")
        last = lookup(ACTIVATIONS, output_activation or record.output, "activation")
        draw = lookup(INITIALIZERS, initializer or "glorot", "initializer").draw
        pairs = list(pairwise(sizes))
        layers = tuple(Layer(i, o, last if n == len(pairs) else hidden) for n, (i, o) in enumerate(pairs, start=1))
        generator = np.random.default_rng(seed)
        weights = [draw(generator, n_in, n_out) for n_in, n_out in pairs]
        parameters = Parameters.of(weights, [np.zeros(n_out) for _, n_out in pairs], dtype)
        return cls(layers, parameters, record, l2=l2, reduction=reduction)


def lookup(registry: dict[str, Record], name: str, what: str) -> Record:
    """The record of a name, or an InputError with the nearest right spelling."""
    if name not in registry:
        raise InputError(f"there is no {what} {name!r}. {nearest(str(name), registry)}")
    return registry[name]


def _check_activations(network: Network) -> None:
    """Refuse an output whose range leaves the domain of the loss."""
    output, loss = network.layers[-1].activation, network.loss
    (low, high), (least, most) = output.range, loss.domain
    if low < least or high > most:
        raise InputError(
            f"{loss.name} needs outputs between {least:g} and {most:g}, but {output.name} reaches from {low:g} to "
            f"{high:g}. {loss.output} goes with this loss"
        )
