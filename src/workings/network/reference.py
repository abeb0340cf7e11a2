"""The reference pass: forward and backward in plain NumPy, the few lines that everything else is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from workings.network.clipping import Clipping
from workings.network.dropout import dropped
from workings.network.network import Array, Network, Parameters
from workings.network.reductions import REDUCTIONS

Scales = Sequence[Array | None]
"""What dropout multiplies the activations of each layer by, from layer 0 on; empty where there is none."""


@dataclass(frozen=True, eq=False)
class Pass:
    """The numbers of one forward and backward pass; entry 0 of each list is layer 0, the inputs.

    Attributes
    ----------
    Z, A, delta : list of arrays of shape (n_samples, n_out)
        Z[0] and delta[0] are empty: the inputs have neither.
    dC_da : list of arrays of shape (n_samples, n_out)
    gradient : Parameters
        Of the objective, summed or averaged over the batch, with the penalty's share.
    """

    Z: list[Array]
    A: list[Array]
    dC_da: list[Array]
    delta: list[Array]
    gradient: Parameters


def forward(network: Network, X: Array, scales: Scales = ()) -> tuple[list[Array], list[Array]]:
    """All weighted inputs and activations: ``Z = A @ W.T + b``, ``A = f(Z)``, a sample a row.

    ``scales`` are what :func:`~workings.network.dropout.scales_of` gives; without them nothing is left out.
    """
    Z, A = [X[:, :0]], [X]
    for layer, W, b in zip(network.layers, network.parameters.W, network.parameters.b, strict=True):
        Z.append(A[-1] @ W.T + b)  # (n_samples, n_out)
        A.append(dropped(layer.activation.value(Z[-1]), scale_of(scales, len(A))))
    return Z, A


def scale_of(scales: Scales, number: int) -> Array | None:
    """What the activations of a layer are multiplied by; None where it has no dropout."""
    return scales[number] if scales else None


def shares(network: Network, Y: Array, Z: Array, A: Array) -> Array:
    """The share of each output in the loss of each sample, shape (n_samples, n_outputs); Z and A are the outputs'."""
    if network.pair is not None:
        return np.asarray(network.pair.value(Y, Z, A))
    return np.asarray(network.loss.shares(network.layers[-1].activation, Y, Z, A))


def batch_factor(network: Network, weight: float) -> float:
    """One over the sum of the samples' weights, or else their number, for the mean over a batch; 1 for the sum."""
    return 1.0 / REDUCTIONS[network.reduction].divisor(weight)


def cost(network: Network, shares: Array, weights: Array | None) -> float:
    """C of a batch, from what :func:`shares` gives: each sample is counted by its weight, if it has one."""
    if weights is None:
        return batch_factor(network, len(shares)) * float(np.sum(shares))
    return batch_factor(network, float(weights.sum())) * float(np.sum(weights[:, None] * shares))


def penalty(network: Network) -> float:
    """R = l1 * sum of |W| + l2/2 * sum of W^2."""
    squares = 0.5 * network.l2 * float(sum(np.sum(W**2) for W in network.parameters.W))
    if not network.l1:
        return squares
    return network.l1 * float(sum(np.sum(np.abs(W)) for W in network.parameters.W)) + squares


def penalty_slope(network: Network, W: Array) -> Array:
    """dR/dW = l1 * sign(W) + l2 * W; the sign of 0 is 0."""
    slope = network.l2 * W
    return slope + network.l1 * np.sign(W) if network.l1 else slope


def objective(network: Network, X: Array, Y: Array, weights: Array | None = None, scales: Scales = ()) -> float:
    """J = C + R: the cost of the batch and the penalty on the weights."""
    Z, A = forward(network, X, scales)
    return cost(network, shares(network, Y, Z[-1], A[-1]), weights) + penalty(network)


def through_activation(
    network: Network, number: int, Z: Array, A: Array, dC_da: Array, *, scale: Array | None = None
) -> Array:
    """From dC/da to dC/dz: times f'(z), or through the Jacobian where the outputs of a layer depend on each other."""
    activation = network.layer(number).activation
    slope = activation.derivative(Z, A if scale is None else activation.value(Z))
    if activation.scope == "layer":  # which has no dropout
        return np.asarray(np.einsum("nkj,nk->nj", slope, dC_da))
    return dropped(np.asarray(dC_da * slope), scale)


def output_error(network: Network, Z: list[Array], A: list[Array], Y: Array) -> tuple[Array, Array]:
    """dC/da and delta = dC/dz of the outputs, each of shape (n_samples, n_outputs)."""
    L = network.depth
    dC_da = np.asarray(network.loss.slopes(network.layers[-1].activation, Y, Z[L], A[L]))
    if network.pair is not None:
        return dC_da, np.asarray(network.pair.delta(Y, Z[L], A[L]))
    return dC_da, through_activation(network, L, Z[L], A[L], dC_da)


def backward(
    network: Network, Z: list[Array], A: list[Array], output: tuple[Array, Array], scales: Scales = ()
) -> tuple[list[Array], list[Array]]:
    """dC/da and delta of each layer and sample, from the outputs' down to the first layer's."""
    L = network.depth
    dC_da, delta = [np.empty((len(A[0]), 0))] * (L + 1), [np.empty((len(A[0]), 0))] * (L + 1)
    dC_da[L], delta[L] = output
    for number in range(L - 1, 0, -1):
        dC_da[number] = delta[number + 1] @ network.W(number + 1)  # (n_samples, n_out)
        scale = scale_of(scales, number)
        delta[number] = through_activation(network, number, Z[number], A[number], dC_da[number], scale=scale)
    return dC_da, delta


def layer_gradient(
    network: Network, A: list[Array], delta: list[Array], number: int, weights: Array | None = None
) -> tuple[Array, Array]:
    """dJ/dW = factor * delta^T A + dR/dW and dJ/db = factor * sum of delta, of one layer."""
    each, weight = delta[number], float(len(A[0]))
    if weights is not None:
        each, weight = weights[:, None] * each, float(weights.sum())
    factor = batch_factor(network, weight)
    dC_dW = factor * each.T @ A[number - 1] + penalty_slope(network, network.W(number))  # (n_out, n_in)
    return dC_dW, factor * each.sum(axis=0)


def gradient(network: Network, A: list[Array], delta: list[Array], weights: Array | None = None) -> Parameters:
    """The gradients of all layers, packed like the parameters."""
    layers = [layer_gradient(network, A, delta, number, weights) for number in range(1, network.depth + 1)]
    dC_dW, dC_db = zip(*layers, strict=True)
    return Parameters.of(dC_dW, dC_db, network.parameters.flat.dtype)


def run(network: Network, X: Array, Y: Array, weights: Array | None = None, scales: Scales = ()) -> Pass:
    """One forward and one backward pass; all gradients are taken with the parameters as they are."""
    Z, A = forward(network, X, scales)
    dC_da, delta = backward(network, Z, A, output_error(network, Z, A, Y), scales)
    return Pass(Z, A, dC_da, delta, gradient(network, A, delta, weights))


def norm(network: Network, gradient: Parameters) -> float:
    """The root of the sum of all squared gradients; of the weights alone where biases are not trained."""
    arrays = (*gradient.W, *(gradient.b if network.train_biases else ()))
    return float(np.sqrt(sum(float(np.sum(np.square(array, dtype=np.float64))) for array in arrays)))


def clipped(clipping: Clipping | None, arrays: Iterable[Array], norm: float) -> tuple[Array, ...]:
    """Gradients as the optimizer takes them."""
    return tuple(each if clipping is None else clipping.clipped(each, norm, clipping.bound) for each in arrays)


def updated_layer(
    network: Network,
    number: int,
    gradient: tuple[Array, Array],
    state: Sequence[Parameters],
    update: int,
    *,
    cuts: Sequence[int] = (),
) -> tuple[tuple[Array, ...], tuple[Array, ...]]:
    """W and b of one layer after the update, each followed by its new state; biases stay where they are not trained.

    ``gradient`` is that of the layer, clipped where it is to be; ``cuts`` are the updates after which a schedule that
    follows the cost has cut the learning rate.
    """
    assert network.example is not None  # seen to by whoever works one through
    optimizer = network.example.optimizer
    factors = optimizer.factors_at(network.example.rate(update, cuts), update)
    dC_dW, dC_db = gradient
    W, b = network.W(number), network.b(number)
    weights = optimizer.update(W, dC_dW, *(kept.W[number - 1] for kept in state), *factors)
    biases = optimizer.update(b, dC_db, *(kept.b[number - 1] for kept in state), *factors)
    return weights, biases if network.train_biases else (b, *biases[1:])


def updated(
    network: Network, gradient: Parameters, state: Sequence[Parameters], update: int, cuts: Sequence[int] = ()
) -> tuple[Parameters, ...]:
    """The parameters of all layers after the update, and the new state."""
    assert network.example is not None
    clipping = network.example.optimizer.clipping
    length = norm(network, gradient) if clipping is not None and clipping.of_norm else 0.0
    clips = [clipped(clipping, arrays, length) for arrays in (gradient.W, gradient.b)]
    gradients = enumerate(zip(*clips, strict=True), start=1)
    layers = [
        updated_layer(network, number, (of_W, of_b), state, update, cuts=cuts) for number, (of_W, of_b) in gradients
    ]
    dtype = network.parameters.flat.dtype
    return tuple(
        Parameters.of([weights[i] for weights, _ in layers], [biases[i] for _, biases in layers], dtype)
        for i in range(1 + len(state))
    )


def first_state(network: Network) -> tuple[Parameters, ...]:
    """What the optimizer remembers before the first update: zeros."""
    assert network.example is not None
    zeros = Parameters(np.zeros_like(network.parameters.flat), network.sizes)
    return (zeros,) * len(network.example.optimizer.state)
