"""One update after another: the numbers of a network change in place, all gradients taken before any of them does.

The lean loop of the engine, written apart from ``network.reference``; the tests hold the two to each other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from workings.errors import DivergenceError, InputError
from workings.network.activations import Activation
from workings.network.dropout import dropped, scales_of
from workings.network.network import Array, Network, Parameters
from workings.network.optimizers import Optimizer
from workings.network.quantity import Quantity
from workings.network.reductions import REDUCTIONS
from workings.network.schedules import CONSTANT, Schedule

NEAR = 1e-3
"""From here to an end of its range an output has lost 3 of its 16 digits."""


def outputs_of(network: Network, X: Array) -> Array:
    """What the network makes of the inputs, shape (n_samples, n_outputs)."""
    return forward(network, X)[1][-1]


def forward(network: Network, X: Array, scales: Sequence[Array | None] = ()) -> tuple[list[Array], list[Array]]:
    """The weighted inputs of layers 1 to L, and the activations of layers 0 to L, a sample a row.

    ``scales`` are those of an update with dropout, as :func:`~workings.network.dropout.scales_of` gives them.
    """
    Z: list[Array] = []
    A = [X]
    for layer, W, b in zip(network.layers, network.parameters.W, network.parameters.b, strict=True):
        z = A[-1] @ W.T  # (n_samples, n_out)
        z += b
        Z.append(z)
        a = layer.activation.value(z)
        A.append(dropped(a, scales[len(A)]) if scales else a)
    return Z, A


def cost_of(network: Network, Y: Array, z: Array, a: Array, s: Array | None = None) -> float:
    """C of a batch, from the weighted inputs and activations of the output layer, and its samples' weights, if any."""
    output, loss, pair = network.layers[-1].activation, network.loss, network.pair
    if pair is not None:
        shares = pair.value(Y, z, a)
    elif _is_clear_of_ends(output, a):
        shares = loss.value(Y, a, Y.shape[1])
    else:
        shares = loss.shares(output, Y, z, a)
    if s is not None:
        shares = s[:, None] * shares
    return float(shares.sum(dtype=np.float64)) / _divisor(network, Y, s)


def _divisor(network: Network, Y: Array, s: Array | None) -> float:
    """What sums over a batch are divided by; 1 where no sample counts, because then the sum is 0."""
    return REDUCTIONS[network.reduction].divisor(len(Y) if s is None else float(s.sum())) or 1.0


def refuse_weightless(network: Network, weights: Array, update: int) -> None:
    """Refuse a batch of which no sample counts: it has no mean."""
    if REDUCTIONS[network.reduction].divisor(float(weights.sum())) == 0.0:
        which = "the sample" if len(weights) == 1 else f"all {len(weights)} samples"
        raise InputError(
            f"{which} of update {update} {'has' if len(weights) == 1 else 'have'} the weight 0, so the mean of their "
            'losses has no value. Leave rows of weight 0 out, or take larger batches, or the reduction "sum"'
        )


def penalty_of(network: Network) -> float:
    """R = l1 * sum of |W| + l2/2 * sum of W^2."""
    weights, R = network.parameters.W, 0.0
    if network.l1:
        R += network.l1 * math.fsum(float(np.abs(W).sum(dtype=np.float64)) for W in weights)
    if network.l2:
        R += 0.5 * network.l2 * math.fsum(float(np.vdot(W, W)) for W in weights)
    return R


def backward(
    network: Network,
    Z: list[Array],
    A: list[Array],
    Y: Array,
    gradient: Parameters,
    *,
    s: Array | None = None,
    scales: Sequence[Array | None] = (),
) -> None:
    """The gradient of the objective, written into ``gradient``; Z and A as :func:`forward` gave them.

    ``s`` are the weights of the samples, if they have any; ``scales`` those of :func:`forward`.
    """
    W = network.parameters.W
    delta = _output_error(network, Y, Z[-1], A[-1])
    if s is not None:
        delta = s[:, None].astype(delta.dtype) * delta
    delta = delta / _divisor(network, Y, s)  # once here, so that every gradient below is the batch's
    for number in reversed(range(network.depth)):
        np.matmul(delta.T, A[number], out=gradient.W[number])  # (n_out, n_in)
        np.add.reduce(delta, axis=0, out=gradient.b[number])
        if network.l2:
            gradient.W[number][...] += network.l2 * W[number]
        if network.l1:
            gradient.W[number][...] += network.l1 * np.sign(W[number])
        if number > 0:
            dC_da, z, a = delta @ W[number], Z[number - 1], A[number]  # (n_samples, n_in)
            scale = scales[number] if scales else None
            if scale is not None:
                a = network.layers[number - 1].activation.value(z)
            delta = dropped(_through(network, number - 1, z, a, dC_da), scale)


def _output_error(network: Network, Y: Array, z: Array, a: Array) -> Array:
    output, loss, pair = network.layers[-1].activation, network.loss, network.pair
    if pair is not None:
        return np.asarray(pair.delta(Y, z, a))
    is_clear = _is_clear_of_ends(output, a)
    slope = loss.derivative(Y, a, Y.shape[1]) if is_clear else loss.slopes(output, Y, z, a)
    return _through(network, network.depth - 1, z, a, slope)


def _is_clear_of_ends(output: Activation, a: Array) -> bool:
    """Whether the way from every output to the ends of its range can be had by subtraction, as most of the time."""
    low, high = output.range
    return bool(low + NEAR < a.min() and a.max() < high - NEAR)


def _through(network: Network, index: int, z: Array, a: Array, dC_da: Array) -> Array:
    """From dC/da of a layer to its dC/dz."""
    activation = network.layers[index].activation
    slope = activation.derivative(z, a)
    if activation.scope == "layer":
        return np.asarray(np.matmul(dC_da[:, None, :], slope)[:, 0, :])  # row vector times Jacobian, sample by sample
    return np.asarray(dC_da * slope)


class Seen:
    """What updates have seen: the number of samples, and times that number each batch's C and R before the update.

    Of samples with weights, the sum of their weights stands for their number.

    Added to in the order of the updates, however many are made at a time, so that the sums are always the same.
    """

    def __init__(self, sums: Iterable[float] = (0.0, 0.0, 0.0)) -> None:
        self.sums = np.array([*sums])

    def told(self) -> tuple[float, ...]:
        """The sums as numbers of Python."""
        return tuple(self.sums.tolist())

    def means(self) -> tuple[float, float]:
        """C and J, the means over the batches by their size."""
        samples, cost, penalty = self.sums.tolist()
        samples = samples or 1.0  # where no sample counts, the sums are 0 too
        return cost / samples, (cost + penalty) / samples


class Descent:
    """A network on its way down over some data; the given one stays as it was.

    Attributes
    ----------
    network : Network
        Its numbers change in place.
    update : int
        How many updates have been made.
    engine : str
        What it is called where it matters which one it is.
    n_threads : int
        Of its own.
    cuts : tuple of int
        The updates after which a schedule that follows the cost has cut the learning rate.
    trained : array of bool, or True
        Which parameters change.
    """

    engine, n_threads = "numpy", 1

    def __init__(
        self,
        network: Network,
        optimizer: Optimizer,
        learning_rate: float,
        data: tuple[Array, ...],
        batch_size: int,
        *,
        schedule: Schedule = CONSTANT,
    ) -> None:
        self.network = network.with_parameters(network.parameters.flat.copy())
        self.update = 0
        self._optimizer = optimizer
        self._learning_rate, self._schedule = learning_rate, schedule
        self.cuts: tuple[int, ...] = ()
        self._X, self._Y, *weights = data
        self._weights: Array | None = weights[0] if weights else None
        self._batch_size = batch_size
        # np.zeros takes memory only where it is written to: whoever only measures needs none of these
        n, dtype = network.parameters.flat.size, network.parameters.flat.dtype
        self._state = [np.zeros(n, dtype) for _ in optimizer.state]
        self._gradient = Parameters(np.zeros(n, dtype), network.sizes)
        self.trained: Array | bool = True if network.train_biases else _weights_only(network)
        self._pass: tuple[list[Array], list[Array], Array, Array | None] = ([], [], np.empty((0, 0)), None)
        self._scales: tuple[Array | None, ...] = ()

    @property
    def memory(self) -> tuple[Array, ...]:
        """Copies of the parameters and of what the optimizer remembers, each as one flat vector."""
        return self.network.parameters.flat.copy(), *(kept.copy() for kept in self._state)

    def resume(self, update: int, memory: Sequence[Array]) -> None:
        """Go on after an update, with what there was in memory then."""
        self.update = update
        self.network.parameters.flat[:] = memory[0]
        self._state = [kept.copy() for kept in memory[1:]]

    def advance(self, rows: Array, seen: Seen) -> None:
        """Make an update for each batch of the samples ``rows``, and add to what was seen.

        Raises
        ------
        DivergenceError
            When the objective, or a parameter, is no longer a finite number.
        """
        starts = range(0, len(rows), self._batch_size)
        updates = np.arange(self.update + 1, self.update + len(starts) + 1)
        rates = self._schedule.rates(self._learning_rate, updates, self.cuts).tolist()
        for start, rate in zip(starts, rates, strict=True):
            batch = rows[start : start + self._batch_size]
            weight: float = len(batch)
            if self._weights is not None:
                refuse_weightless(self.network, self._weights[batch], self.update + 1)
                weight = float(self._weights[batch].sum())
            cost, objective, _ = self.measure(batch, in_update=True)
            self._step(rate)
            seen.sums += weight, weight * cost, weight * (objective - cost)

    def measure(self, rows: Array, *, in_update: bool = False) -> tuple[float, float, Array]:
        """Cost, objective and outputs of some samples, taken as one batch, with the parameters as they are now.

        ``in_update`` has dropout leave out what the next update leaves out.

        Raises
        ------
        DivergenceError
            When the objective, or a parameter, is no longer a finite number.
        """
        X, Y, s = self._X[rows], self._Y[rows], None if self._weights is None else self._weights[rows]
        self._scales = scales_of(self.network, len(rows), self.update + 1) if in_update else ()
        Z, A = forward(self.network, X, self._scales)
        self._pass = (Z, A, Y, s)
        cost = cost_of(self.network, Y, Z[-1], A[-1], s)
        objective = cost + penalty_of(self.network)
        # These two squares are quick to take; nothing can be infinite unless one of them is. The parameters are looked
        # at as well because a saturated neuron hides infinite weights from the objective.
        flat = self.network.parameters.flat
        if not math.isfinite(float(np.vdot(Z[-1], Z[-1])) + float(np.vdot(flat, flat)) + objective):
            self._examine()
        return cost, objective, A[-1]

    def gradient(self) -> Array:
        """That of the objective for the batch last measured, as one flat vector that the next one overwrites."""
        Z, A, Y, s = self._pass
        backward(self.network, Z, A, Y, self._gradient, s=s, scales=self._scales)
        return self._gradient.flat

    def _step(self, rate: float) -> None:
        """Make the update that follows from the batch last measured, with this learning rate."""
        flat, gradient = self.network.parameters.flat, self.gradient()
        factors = self._optimizer.factors_at(rate, self.update + 1)
        new, *self._state = self._optimizer.update(flat, self._clipped(gradient), *self._state, *factors)
        np.copyto(flat, new, where=self.trained)
        self.update += 1

    def _clipped(self, gradient: Array) -> Array:
        """The gradient as the optimizer takes it."""
        clipping = self._optimizer.clipping
        if clipping is None:
            return gradient
        norm = 0.0
        if clipping.of_norm:
            norm = math.sqrt(float(np.sum(np.square(gradient, dtype=np.float64), where=self.trained)))
        return np.asarray(clipping.clipped(gradient, norm, clipping.bound))

    def _examine(self) -> None:
        """Refuse to go on if anything is infinite or not a number; large squares alone are no reason."""
        Z, A, Y, s = self._pass
        network, cost = self.network, cost_of(self.network, Y, Z[-1], A[-1], s)
        found = first_not_finite(network, self._gradient, Z, A)
        if found is not None:
            quantity, value = found
            what = "is no longer a number" if math.isnan(value) else "became infinite"
        elif not math.isfinite(cost):
            quantity, value = _largest("a", network.depth, A[-1])
            what = f"grew to {value:.3g}, and the cost C with it beyond all numbers"
        elif not math.isfinite(cost + penalty_of(network)):
            quantity, value = max((_largest("W", n, W) for n, W in enumerate(network.parameters.W, 1)), key=_size)
            what = f"grew to {value:.3g}, and the penalty R with it beyond all numbers"
        else:
            return
        if self.update:
            when, rate = f"at update {self.update}", self._learning_rate
            then = self._schedule.rate(rate, self.update, self.cuts)
            scheduled = f" (at that update it was {then:g})" if then != rate else ""
            advice = f"Try a learning rate smaller than {rate:g}, such as {rate / 10:g}{scheduled}"
        else:
            when, advice = "before the first update", "Look at the inputs, the targets and the first weights"
        raise DivergenceError(f"training diverged {when}: {quantity} (layer {quantity.layer}) {what}. {advice}")


def first_not_finite(
    network: Network, gradient: Parameters, Z: list[Array], A: list[Array]
) -> tuple[Quantity, float] | None:
    """The number that stopped being finite first, in the order of computation, or None.

    That order is the gradients of the last update, the parameters it made, and the forward pass with them.
    """
    layers = range(1, network.depth + 1)
    gradients, parameters = (("dC/db", gradient.b), ("dC/dW", gradient.W)), network.parameters
    stages = [
        *((kind, n, arrays[n - 1]) for n in reversed(layers) for kind, arrays in gradients),
        *((kind, n, arrays[n - 1]) for n in layers for kind, arrays in (("W", parameters.W), ("b", parameters.b))),
        *((kind, n, arrays[n - 1]) for n in layers for kind, arrays in (("z", Z), ("a", A[1:]))),
    ]
    for kind, layer, array in stages:
        places = np.argwhere(~np.isfinite(array))
        if len(places):
            return _numbered(kind, layer, array, places[0])
    return None


def _largest(kind: str, layer: int, array: Array) -> tuple[Quantity, float]:
    """The entry of largest magnitude."""
    return _numbered(kind, layer, array, np.unravel_index(np.argmax(np.abs(array)), array.shape))


def _size(found: tuple[Quantity, float]) -> float:
    return abs(found[1])


def _numbered(kind: str, layer: int, array: Array, place: Iterable[Any]) -> tuple[Quantity, float]:
    """A number of an array and which quantity it is; which sample does not matter."""
    index = tuple(int(i) for i in place)
    return Quantity(kind, layer, index[1:] if kind in ("z", "a") else index), float(array[index])


def _weights_only(network: Network) -> Array:
    mask = Parameters(np.ones(network.parameters.flat.shape, bool), network.sizes)
    for b in mask.b:
        b[:] = False
    return mask.flat
