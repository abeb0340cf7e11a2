"""Law 2: the engine's gradient is the reference pass's, for every activation, loss, reduction and penalty."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from workings.engine import descent
from workings.network import reference
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network import Network, Parameters

CLOSE_64, CLOSE_32 = 1e-12, 1e-5
SIZES = [3, 4, 5, 3]
MOST = {np.float64: 1e6, np.float32: 1e3}  # of an activation


ENDS = [(output.name, loss.name) for output in ACTIVATIONS.values() for loss in LOSSES.values() if loss.takes(output)]


def a_network(hidden, end, reduction="mean", l2=0.0, *, spread=1.0, dtype=np.float64):
    output, loss = end
    network = Network.create(
        SIZES, activation=hidden, output_activation=output, loss=loss, seed=1, reduction=reduction, l2=l2, dtype=dtype
    )
    flat = spread * network.parameters.flat + np.linspace(-0.5, 0.5, network.parameters.flat.size)
    wide = network.with_parameters(flat.astype(dtype))
    with np.errstate(all="ignore"):
        grown = max(np.abs(a).max() for a in reference.forward(wide, a_batch(network)[0])[1])
    # Powers of powers lose a digit with each of their own.
    return wide if grown <= MOST[dtype] else a_network(hidden, end, reduction, l2, spread=spread / 2, dtype=dtype)


def a_batch(network, n_samples=4):
    """Inputs, and targets that the output can reach: rows that add up to 1, or what else the loss takes."""
    generator = np.random.default_rng(2)
    dtype = network.parameters.flat.dtype
    Y = generator.uniform(0.1, 1.0, (n_samples, SIZES[-1]))
    X, Y = generator.normal(size=(n_samples, SIZES[0])), Y / Y.sum(axis=1, keepdims=True)
    if network.loss.targets:
        Y = generator.choice(network.loss.targets, Y.shape)
    return X.astype(dtype), Y.astype(dtype)


def engine_gradient(network, X, Y):
    gradient = Parameters(np.zeros_like(network.parameters.flat), network.sizes)
    descent.backward(network, *descent.forward(network, X), Y, gradient)
    return gradient.flat


def sums_of_terms(network, X, Y):
    """For every entry of the gradient the sum of |terms| it is made of, cancelled or not, from the reference pass."""
    Z, A = reference.forward(network, X)
    dC_da, delta = reference.output_error(network, Z, A, Y)
    terms = np.abs(dC_da) + 2 * (np.abs(Y) + np.abs(A[-1]))  # what y - a is the difference of
    size = [None] * network.depth + [through(network, network.depth, Z, A, terms) + np.abs(delta)]
    for number in range(network.depth - 1, 0, -1):
        size[number] = through(network, number, Z, A, size[number + 1] @ np.abs(network.W(number + 1)))
    factor = reference.batch_factor(network, len(X))
    weights = [
        factor * size[n].T @ np.abs(A[n - 1]) + network.l2 * np.abs(network.W(n)) for n in range(1, network.depth + 1)
    ]
    return Parameters.of(weights, [factor * size[n].sum(axis=0) for n in range(1, network.depth + 1)]).flat


def through(network, number, Z, A, terms):
    slope = np.abs(network.layer(number).activation.derivative(Z[number], A[number]))
    return np.einsum("nkj,nk->nj", slope, terms) if slope.ndim == 3 else terms * slope


def worst(network, X, Y, gradient, exact):
    """The largest difference, as a share of the terms it is made of."""
    expected = reference.run(exact, X.astype(np.float64), Y.astype(np.float64)).gradient.flat
    terms = sums_of_terms(exact, X.astype(np.float64), Y.astype(np.float64))
    difference = np.abs(gradient - expected)
    assert np.isfinite(gradient).all()
    return float(np.max(difference / np.maximum(terms, np.finfo(np.float64).tiny)))


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("end", ENDS, ids="-".join)
def test_the_engine_equals_the_reference_pass(hidden, end):
    for reduction, l2, spread in product(("mean", "sum"), (0.0, 0.1), (1.0, 20.0)):
        network = a_network(hidden, end, reduction, l2, spread=spread)
        X, Y = a_batch(network)
        assert worst(network, X, Y, engine_gradient(network, X, Y), network) <= CLOSE_64, (reduction, l2, spread)
        z, a = (rows[-1] for rows in descent.forward(network, X))
        objective = descent.cost_of(network, Y, z, a) + descent.penalty_of(network)
        assert objective == pytest.approx(reference.objective(network, X, Y), rel=CLOSE_64)


@pytest.mark.parametrize("hidden", ACTIVATIONS)
@pytest.mark.parametrize("end", ENDS, ids="-".join)
def test_in_float32_it_is_as_close_as_that_allows(hidden, end):
    for reduction, l2, spread in product(("mean", "sum"), (0.0, 0.1), (1.0, 3.0)):
        network = a_network(hidden, end, reduction, l2, spread=spread, dtype=np.float32)
        X, Y = a_batch(network)
        gradient = engine_gradient(network, X, Y)
        assert gradient.dtype == np.float32
        exact = network.with_parameters(network.parameters.flat.astype(np.float64))
        assert worst(network, X, Y, gradient, exact) <= CLOSE_32, (reduction, l2, spread)


def test_weights_pay_for_their_size_in_the_engine_too():
    for l1, l2 in ((0.3, 0.0), (0.3, 0.1)):
        network = replace(a_network("tanh", ("softmax", "cross_entropy"), l2=l2), l1=l1)
        network.parameters.W[0][0, 0] = 0.0
        X, Y = a_batch(network)
        assert engine_gradient(network, X, Y) == pytest.approx(reference.run(network, X, Y).gradient.flat, rel=1e-12)
        z, a = (rows[-1] for rows in descent.forward(network, X))
        objective = descent.cost_of(network, Y, z, a) + descent.penalty_of(network)
        assert objective == pytest.approx(reference.objective(network, X, Y), rel=CLOSE_64)


def test_the_law_can_fail():
    network = a_network("tanh", ("softmax", "cross_entropy"))
    X, Y = a_batch(network)
    gradient = engine_gradient(network, X, Y)
    assert worst(network, X, Y, gradient * (1 + 1e-9), network) > CLOSE_64
