"""Network, Layer, Parameters: what is trained and explained, as plain data."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from numbers import Real
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workings.errors import InputError, nearest
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.arguments import whole_numbers
from workings.network.initializers import INITIALIZERS, Initializer
from workings.network.losses import LOSSES, Loss
from workings.network.network_parts import check_activations, check_dropout, check_layers, dropout_of_all
from workings.network.optimizers import SGD, Optimizer
from workings.network.pairs import PAIRS, Pair
from workings.network.reductions import REDUCTIONS
from workings.network.schedules import CONSTANT, Schedule

Array = NDArray[Any]
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Layer:
    """A fully connected layer: how many inputs and neurons it has, what it does to z, and its dropout.

    Dropout is the share of its activations that is left out in each update; the others grow by as much.
    """

    n_in: int
    n_out: int
    activation: Activation
    dropout: float = 0.0

    @property
    def is_constant(self) -> bool:
        """Whether a single neuron shares a whole with nobody: its output is always that whole."""
        return self.activation.scope == "layer" and self.n_out == 1


@dataclass(frozen=True, eq=False)
class Parameters:
    """All weights and biases in one flat vector; ``W`` and ``b`` are views into it, the first layer first.

    Attributes
    ----------
    flat : array of shape (n_parameters,)
        W of layer 1 row by row, b of layer 1, W of layer 2, ...
    sizes : tuple of int
        Inputs, then neurons of each layer.

    Raises
    ------
    InputError
        When the vector is not as long as the sizes ask for.
    """

    flat: Array
    sizes: tuple[int, ...]

    def __post_init__(self) -> None:
        wanted = (sum((n_in + 1) * n_out for n_in, n_out in pairwise(self.sizes)),)
        if self.flat.shape != wanted:
            raise InputError(
                f"the parameters have shape {self.flat.shape} but must have {wanted}: one row of all weights and "
                f"biases of a network of sizes {list(self.sizes)}"
            )

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
        """Pack the weights and biases of all layers.

        Parameters
        ----------
        weights : sequence of arrays of shape (n_out, n_in)
            The first layer first.
        biases : sequence of arrays of shape (n_out,)
        dtype : float32 or float64

        Raises
        ------
        InputError
            When they do not fit each other.
        """
        if len(weights) != len(biases) or not len(weights):
            raise InputError(
                f"weights has {len(weights)} arrays and biases has {len(biases)}, but both must have one for each "
                "layer, at least one"
            )
        arrays = [(np.asarray(W, dtype), np.asarray(b, dtype)) for W, b in zip(weights, biases, strict=True)]
        sizes = list(arrays[0][0].shape[1:])
        for number, (W, b) in enumerate(arrays, start=1):
            if W.ndim != 2 or W.shape[1] != sizes[-1] or b.shape != W.shape[:1]:
                n_in = sizes[-1] if len(sizes) == number else "n_in"
                raise InputError(
                    f"layer {number} has weights of shape {W.shape} and biases of shape {b.shape}, but they must have "
                    f"(n_out, {n_in}) and (n_out,): a row of weights and a bias for each neuron"
                )
            sizes.append(len(b))
        return cls(np.concatenate([part.ravel() for pair in arrays for part in pair]), tuple(sizes))


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
    input_meanings, output_meanings : tuple of str
        What the inputs and outputs stand for, where that is known; empty or one for each.
    optimizer : Optimizer
        What makes the update.
    schedule : Schedule
        What becomes of the learning rate from update to update.
    sample_weights : array of shape (n_samples,), optional
        How much each sample of a batch counts: one of weight 2 as much as two of weight 1.
    """

    inputs: Array
    targets: Array
    learning_rate: float
    is_batch: bool = False
    input_meanings: tuple[str, ...] = ()
    output_meanings: tuple[str, ...] = ()
    optimizer: Optimizer = SGD
    schedule: Schedule = CONSTANT
    sample_weights: Array | None = None

    def rate(self, update: int, cuts: Sequence[int] = ()) -> float:
        """The learning rate of an update, counted from 1; ``cuts`` as in :meth:`Schedule.rates`."""
        return self.schedule.rate(self.learning_rate, update, cuts)

    def meaning(self, kind: str, index: int) -> str:
        """What input (``x``) or target (``y``) number ``index`` stands for, from 0; empty where that is not known."""
        meanings = {"x": self.input_meanings, "y": self.output_meanings}.get(kind, ())
        return meanings[index] if meanings else ""


@dataclass(frozen=True, eq=False, repr=False)
class Network:
    """A feed-forward network with its numbers.

    Attributes
    ----------
    layers : tuple of Layer
    parameters : Parameters
    loss : Loss
    l2 : float
        Adds ``l2/2 * sum of W^2`` to the cost, so ``l2 * W`` to each weight's gradient.
    l1 : float
        Adds ``l1 * sum of |W|``, so ``l1 * sign(W)`` to each weight's gradient, and nothing where it is 0.
    dropout_seed : int
        What decides, with the update, which activations dropout leaves out.
    reduction : str
        How the samples' losses make the cost of a batch: a name in ``REDUCTIONS``.
    train_biases : bool
    example : Example, optional
        The worked example that came with it.
    title, notation : str
        What its file says about presentation.

    Raises
    ------
    InputError
        When the parts do not fit each other: layers and parameters, output activation and loss; or when l1 or l2
        is negative or the reduction unknown.
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
    l1: float = 0.0
    dropout_seed: int = 0

    def __post_init__(self) -> None:
        check_layers(self)
        check_activations(self)
        check_dropout(self)
        lookup(REDUCTIONS, self.reduction, "reduction")
        for name, strength in (("l1", self.l1), ("l2", self.l2)):
            if not (isinstance(strength, Real) and 0 <= strength < math.inf):
                raise InputError(
                    f"{name} is {strength!r}, but must be 0 or more, and finite: it is a penalty on large weights"
                )

    def __repr__(self) -> str:
        kinds = ", ".join(layer.activation.name for layer in self.layers)
        title = f"{self.title!r}, " if self.title else ""
        return f"<Network: {title}{'-'.join(map(str, self.sizes))}, {kinds}; {self.loss.name}>"

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Inputs, then neurons of each layer."""
        return (self.layers[0].n_in, *(layer.n_out for layer in self.layers))

    @property
    def has_penalty(self) -> bool:
        """Whether weights cost something, so that the objective is more than the cost."""
        return bool(self.l1 or self.l2)

    @property
    def has_dropout(self) -> bool:
        """Whether some layer leaves out activations in each update."""
        return any(layer.dropout for layer in self.layers)

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
        activation: str | Activation = "sigmoid",
        output_activation: str | Activation | None = None,
        loss: str | Loss = "half_squared_error",
        initializer: str | Initializer | None = None,
        seed: int | None = None,
        dtype: Any = np.float64,
        l2: float = 0.0,
        l1: float = 0.0,
        dropout: float = 0.0,
        reduction: str = "mean",
    ) -> Network:
        """A network with weights drawn at random and biases 0.

        Parameters
        ----------
        sizes : sequence of int
            Inputs, then neurons of each layer: ``[784, 128, 10]``.
        activation : str or Activation
            Of the hidden layers; here and below, a name in the registry or a record of your own.
        output_activation : str or Activation, optional
            What goes with the loss when left out: softmax with cross-entropy, identity with the squared errors.
        loss : str or Loss
        initializer : str or Initializer, optional
            How the weights are drawn; glorot when left out.
        seed : int, optional
            The same seed draws the same weights.
        dtype : float32 or float64
            Of all numbers of the network.
        l2 : float
            The strength of the weight decay: adds ``l2/2 * sum of W^2`` to the cost.
        l1 : float
            Adds ``l1 * sum of |W|`` to the cost, which takes weights that are not needed to 0.
        dropout : float
            The share of the activations of each hidden layer that is left out in an update, drawn by the seed.
        reduction : {"mean", "sum"}
            How the samples' losses make the cost of a batch.

        Raises
        ------
        InputError
            For an unknown name, sizes or a seed that are none, a negative l1 or l2, a dropout that no layer can have,
            or an output activation that leaves the domain of the loss.
        """
        if not isinstance(sizes, Sequence | np.ndarray) or len(sizes) < 2 or not all(map(_is_size, sizes)):
            raise InputError(f"sizes must be two or more whole numbers of at least 1, inputs first; got {sizes!r:.60}")
        (seed,) = whole_numbers(0, seed=seed)
        if 8 * sum((n_in + 1) * n_out for n_in, n_out in pairwise(map(int, sizes))) > sys.maxsize:
            raise InputError(f"sizes are {sizes!r:.60}: no memory holds so many weights")
        record = chosen(LOSSES, loss, "loss")
        hidden = chosen(ACTIVATIONS, activation, "activation")
        last = chosen(ACTIVATIONS, output_activation or record.output, "output activation")
        draw = chosen(INITIALIZERS, initializer or "glorot", "initializer").draw
        pairs = list(pairwise(map(int, sizes)))
        activations, rates = [hidden] * (len(pairs) - 1) + [last], dropout_of_all(dropout, len(pairs))
        parts = zip(pairs, activations, rates, strict=True)
        layers = tuple(Layer(*pair, activation, rate) for pair, activation, rate in parts)
        generator = np.random.default_rng(seed)
        weights = [draw(generator, n_in, n_out) for n_in, n_out in pairs]
        parameters = Parameters.of(weights, [np.zeros(n_out) for _, n_out in pairs], dtype)
        return cls(layers, parameters, record, l2=l2, l1=l1, reduction=reduction, dropout_seed=(seed or 0) % 2**64)


def _is_size(size: object) -> bool:
    return isinstance(size, int | np.integer) and not isinstance(size, bool) and bool(size >= 1)


def lookup(registry: dict[str, Record], name: str, what: str) -> Record:
    """The record of a name, or an InputError with the nearest right spelling."""
    if not isinstance(name, str) or name not in registry:
        raise InputError(f"there is no {what} {name!r:.40}. {nearest(str(name), registry)}")
    return registry[name]


def chosen(registry: dict[str, Record], asked: str | Record, what: str) -> Record:
    """A record that is given itself, as a user's own is, or the record of a name."""
    if isinstance(asked, str):
        return lookup(registry, asked, what)
    kind = type(next(iter(registry.values())))
    if not isinstance(asked, kind):
        got, wanted = type(asked).__name__, kind.__name__
        raise InputError(f"{what} must be a name or a record of type {wanted}, but is of type {got}")
    return asked
