"""The numbers of one training step, computed by the reference pass and looked up by quantity.

A trace is an equation source: it gives each quantity's equation and its value. The two are worked out
independently of each other, and the tests hold them together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any, Protocol

import numpy as np

from workings.algebra.expression import Expr, Reference, substitute
from workings.derivation.equations import SCALARS, Equation
from workings.derivation.matrices import whole_equation
from workings.derivation.source import Source, StepT, Value
from workings.errors import AddressError, InputError
from workings.network import reference
from workings.network.bounds import checked
from workings.network.clipping import CLIPPINGS
from workings.network.dropout import dropped, mask, scales_of
from workings.network.network import Array, Example, Network, Parameters
from workings.network.optimizers import OPTIMIZERS
from workings.network.quantity import OF_A_PARAMETER, Quantity
from workings.network.schedules import NOTHING_YET, SCHEDULES, Followed, refuse_without_length

Work = Callable[["Trace"], StepT]
"""How an update is worked through: as it is, or by hand."""


class Course(Protocol):
    """A network on its way from update to update."""

    @property
    def network(self) -> Network:
        """The network before its first update, with an example."""

    def at(self, update: int, work: Work[StepT]) -> StepT:
        """An update, counted from 1, worked through."""


@dataclass(frozen=True, eq=False)
class Repeated:
    """A network whose example is gone through over and over."""

    network: Network

    def at(self, update: int, work: Work[StepT]) -> StepT:
        """An update, counted from 1; those before it are worked through in the same way."""
        return at_update(work(Trace(self.network)), update)


def at_update(first: StepT, update: int) -> StepT:
    """The ``update``-th update, counted from 1, by making those before it; every gradient is taken before any change.

    Parameters
    ----------
    first : TrainingStep
        The first update.
    update : int

    Raises
    ------
    InputError
        When ``update`` is below 1.
    """
    if update < 1:
        raise InputError(f"updates are counted from 1, the one from the starting weights; got {update}")
    step = first
    for _ in range(update - 1):
        step = step.after_update()
    return step


@dataclass(frozen=True, eq=False)
class Trace:
    """One training step of a network on its example; everything is computed when it is first asked for.

    Attributes
    ----------
    network : Network
        With an example.
    update : int
        Which update of the example it is, from 1.
    state : tuple of Parameters
        What the optimizer remembers from the updates before; zeros when left out.
    followed : Followed
        What a schedule that follows the cost has seen before this update.
    """

    network: Network
    update: int = 1
    state: tuple[Parameters, ...] = ()
    followed: Followed = NOTHING_YET

    def __post_init__(self) -> None:
        if self.network.example is None:
            raise InputError(
                "this network has no example to work through: it needs inputs, targets and a learning rate"
            )
        refuse_without_length(self.network.example.schedule, "an example")

    def __getitem__(self, quantity: Quantity) -> Value:
        return self.value(quantity)

    def equation(self, key: Quantity) -> Equation:
        """The rule and the formula of a quantity, a whole vector or matrix included.

        The formula of ``z[1][1]#5`` is about numbers of update 5.
        """
        quantity = self.checked(key)
        equation = (whole_equation if quantity.is_whole else SCALARS[quantity.kind])(self.network, quantity)
        if key.update is None or equation.formula is None:
            return equation
        return replace(equation, formula=dated(equation.formula, key.update))

    def value(self, key: Quantity) -> Value:
        """A float; for a whole vector or matrix an array."""
        quantity = self.checked(key)
        with np.errstate(all="ignore"):  # what is beyond the largest float is shown as inf, and said to be
            array = _NUMBERS[quantity.kind](self, quantity)
        if quantity.index or np.ndim(array) == 0:
            return _number(array[quantity.index] if quantity.index else array)
        return np.asarray(array) + 0.0  # -0.0, as in -(y - a) where both are equal, is 0

    def checked(self, key: Quantity) -> Quantity:
        """The quantity of this update.

        Raises
        ------
        AddressError
            When the network has none such, or it is of another update.
        """
        if key.update not in (None, self.update):
            raise AddressError(f"{key}: these are the numbers of update {self.update}")
        quantity = checked(self.network, key)
        return quantity if quantity.update is None else replace(quantity, update=None)

    def after_update(self) -> Trace:
        """The update after this one, which starts from the new weights and biases."""
        gradient, cuts = self.numbers.gradient, self.followed.cuts
        parameters, *state = reference.updated(self.network, gradient, self.remembered, self.update, cuts)
        network = self.network.with_parameters(parameters.flat)
        return Trace(network, self.update + 1, tuple(state), self.followed_by(self))

    def followed_by(self, source: Source) -> Followed:
        """What its schedule has seen after this update, whose cost the source knows: this trace, or one by hand."""
        schedule = self.example.schedule
        if schedule.follow is None:
            return self.followed
        return schedule.after_epoch(self.followed, float(source.value(Quantity("C"))), self.update)

    @cached_property
    def remembered(self) -> tuple[Parameters, ...]:
        """What the optimizer remembers from the updates before."""
        return self.state or reference.first_state(self.network)

    @property
    def example(self) -> Example:
        """The example that is worked through."""
        assert self.network.example is not None  # seen to above
        return self.network.example

    @cached_property
    def forward(self) -> tuple[list[Array], list[Array]]:
        """Z and A of all layers."""
        return reference.forward(self.network, self.example.inputs, self.scales)

    @cached_property
    def scales(self) -> tuple[Array | None, ...]:
        """What dropout multiplies the activations of each layer by in this update; empty where there is none."""
        return scales_of(self.network, len(self.example.inputs), self.update)

    def undropped(self, number: int) -> Array:
        """The activations of a layer as its neurons give them, before dropout."""
        Z, A = self.forward
        layer = self.network.layer(number)
        return layer.activation.value(Z[number]) if layer.dropout else A[number]

    @cached_property
    def errors(self) -> tuple[list[Array], list[Array]]:
        """dC/da and delta of all layers."""
        Z, A = self.forward
        output = reference.output_error(self.network, Z, A, self.example.targets)
        return reference.backward(self.network, Z, A, output, self.scales)

    @cached_property
    def numbers(self) -> reference.Pass:
        """All arrays of the forward and backward pass."""
        gradient = reference.gradient(self.network, self.forward[1], self.errors[1], self.example.sample_weights)
        return reference.Pass(*self.forward, *self.errors, gradient)

    @cached_property
    def gradient_of(self) -> Callable[[int], tuple[Array, Array]]:
        """dC/dW and dC/db of one layer; those of the others are not worked out for it."""
        find, weights = reference.layer_gradient, self.example.sample_weights
        return cache(lambda number: find(self.network, self.forward[1], self.errors[1], number, weights))

    @cached_property
    def norm(self) -> float:
        """Of the whole gradient."""
        return reference.norm(self.network, self.numbers.gradient)

    @cached_property
    def clipped_of(self) -> Callable[[int], tuple[Array, Array]]:
        """dC/dW and dC/db of one layer as the optimizer takes them."""
        return cache(self._clipped_of)

    def _clipped_of(self, number: int) -> tuple[Array, Array]:
        clipping = self.example.optimizer.clipping
        norm = self.norm if clipping is not None and clipping.of_norm else 0.0
        dC_dW, dC_db = reference.clipped(clipping, self.gradient_of(number), norm)
        return dC_dW, dC_db

    @cached_property
    def updated(self) -> Callable[[int], tuple[tuple[Array, ...], tuple[Array, ...]]]:
        """W and b of one layer after this step, each followed by what the optimizer remembers of it."""
        find, so_far, cuts = reference.updated_layer, (self.remembered, self.update), self.followed.cuts
        return cache(lambda number: find(self.network, number, self.clipped_of(number), *so_far, cuts=cuts))

    @cached_property
    def losses(self) -> Array:
        """The share of each output in the loss of each sample, shape (n_samples, n_outputs)."""
        Z, A = self.forward
        return reference.shares(self.network, self.example.targets, Z[-1], A[-1])

    @cached_property
    def through_output(self) -> Callable[[int], tuple[list[Array], list[Array]]]:
        """dC/da and delta of all layers as far as they come through one output's loss."""
        return cache(self._through_output)

    def _through_output(self, output: int) -> tuple[list[Array], list[Array]]:
        network, (Z, A), (all_dC_da, all_delta) = self.network, self.forward, self.errors
        only = np.zeros_like(all_dC_da[-1])
        only[:, output] = 1.0
        dC_da = all_dC_da[-1] * only
        if network.layers[-1].activation.scope == "neuron":
            delta = all_delta[-1] * only
        else:
            delta = reference.through_activation(network, network.depth, Z[-1], A[-1], dC_da)
        return reference.backward(network, Z, A, (dC_da, delta), self.scales)

    def row(self, quantity: Quantity) -> int:
        """The row of the example that a quantity belongs to."""
        return quantity.sample or 0


def dated(formula: Expr, update: int | None) -> Expr:
    """A formula about the numbers of a certain update."""

    def date(part: Reference) -> Expr:
        return Reference(replace(part.key, update=update)) if isinstance(part.key, Quantity) else part

    return substitute(formula, date)


def _number(value: Any) -> float:
    # float32 numbers keep the digits they are written with: 0.1, not 0.10000000149
    number = float(str(value)) if isinstance(value, np.float32) else float(value)
    return number + 0.0


def _cost(trace: Trace, q: Quantity) -> Any:
    if q.output is not None:
        return trace.losses[trace.row(q), q.output]
    if trace.example.is_batch and q.sample is None:
        return reference.cost(trace.network, trace.losses, trace.example.sample_weights)
    return trace.losses[trace.row(q)].sum()


def _sample_weight(trace: Trace, q: Quantity) -> Any:
    assert trace.example.sample_weights is not None  # network.bounds.checked has seen to it
    return trace.example.sample_weights[trace.row(q)]


def _passed_back(position: int) -> Callable[[Trace, Quantity], Any]:
    """dC/da (0) or delta (1) of a layer, all of it or what comes through one output."""

    def find(trace: Trace, q: Quantity) -> Any:
        arrays = trace.errors if q.output is None else trace.through_output(q.output)
        return arrays[position][q.layer or 0][trace.row(q)]

    return find


def _slopes(trace: Trace, q: Quantity) -> Any:
    layer = q.layer or 0
    slope = trace.network.layer(layer).activation.derivative(trace.forward[0][layer], trace.undropped(layer))
    scale = reference.scale_of(trace.scales, layer)
    return dropped(slope, scale)[trace.row(q)]


def _mask(trace: Trace, q: Quantity) -> Any:
    return mask(trace.network, q.layer or 0, len(trace.example.inputs), trace.update)[trace.row(q)]


def _slopes_by_weight(trace: Trace, q: Quantity) -> Any:
    layer = q.layer or 0
    below = trace.forward[1][layer - 1][trace.row(q)]
    return np.broadcast_to(below, (trace.network.layer(layer).n_out, len(below)))


def _weight_gradient(trace: Trace, q: Quantity) -> Any:
    layer = q.layer or 0
    if q.sample is None:  # of the whole batch, or of the only sample
        return trace.gradient_of(layer)[0]
    return np.outer(trace.errors[1][layer][trace.row(q)], trace.forward[1][layer - 1][trace.row(q)])


def _bias_gradient(trace: Trace, q: Quantity) -> Any:
    layer = q.layer or 0
    return trace.gradient_of(layer)[1] if q.sample is None else trace.errors[1][layer][trace.row(q)]


def _of_optimizer(trace: Trace, q: Quantity) -> Any:
    """What the optimizer works out, or remembered, of a layer's weights or biases."""
    (name, parameter), optimizer, layer = OF_A_PARAMETER[q.kind], trace.example.optimizer, q.layer or 0
    if name.endswith("-"):
        kept = trace.remembered[optimizer.state.index(name.rstrip("-"))]
        return (kept.W if parameter == "W" else kept.b)[layer - 1]
    _, *state = trace.updated(layer)["Wb".index(parameter)]
    if name in optimizer.state:
        return state[optimizer.state.index(name)]
    factors = optimizer.factors_at(_learning_rate(trace), trace.update)
    return optimizer.derived[name](*state, *factors)


def _clipped(trace: Trace, q: Quantity) -> Any:
    return trace.clipped_of(q.layer or 0)["Wb".index(OF_A_PARAMETER[q.kind][1])]


def _bound(trace: Trace, q: Quantity) -> Any:
    clipping = trace.example.optimizer.clipping
    assert clipping is not None  # network.bounds.checked has seen to it
    return clipping.bound


def _learning_rate(trace: Trace) -> float:
    return trace.example.rate(trace.update, trace.followed.cuts)


def _of_schedule(name: str) -> Callable[[Trace, Quantity], float]:
    return lambda trace, q: trace.example.schedule.settings[name]


def _constant(name: str) -> Callable[[Trace, Quantity], float]:
    return lambda trace, q: trace.example.optimizer.settings[name]


_NUMBERS: dict[str, Callable[[Trace, Quantity], Any]] = {
    "x": lambda trace, q: trace.example.inputs[trace.row(q)],
    "y": lambda trace, q: trace.example.targets[trace.row(q)],
    "s": _sample_weight,
    "W": lambda trace, q: trace.network.W(q.layer or 0),
    "b": lambda trace, q: trace.network.b(q.layer or 0),
    "z": lambda trace, q: trace.forward[0][q.layer or 0][trace.row(q)],
    "a": lambda trace, q: trace.forward[1][q.layer or 0][trace.row(q)],
    "f": lambda trace, q: trace.undropped(q.layer or 0)[trace.row(q)],
    "mask": _mask,
    "p": lambda trace, q: trace.network.layer(q.layer or 0).dropout,
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
    "W+": lambda trace, q: trace.updated(q.layer or 0)[0][0],
    "b+": lambda trace, q: trace.updated(q.layer or 0)[1][0],
    **dict.fromkeys(OF_A_PARAMETER, _of_optimizer),
    **{name: _constant(name) for record in OPTIMIZERS.values() for name in record.settings},
    "G": lambda trace, q: trace.norm,
    **dict.fromkeys(("g", "gb"), _clipped),
    **dict.fromkeys(CLIPPINGS, _bound),
    "t": lambda trace, q: trace.update,
    "eta": lambda trace, q: _learning_rate(trace),
    **{name: _of_schedule(name) for record in SCHEDULES.values() for name in record.settings},
    "eta_0": lambda trace, q: trace.example.learning_rate,
    "n": lambda trace, q: trace.example.schedule.epoch,
    "cuts": lambda trace, q: sum(update < trace.update for update in trace.followed.cuts),
    "l1": lambda trace, q: trace.network.l1,
    "l2": lambda trace, q: trace.network.l2,
}
