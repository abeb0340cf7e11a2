"""What the tests of compiled training share: networks, data, and the comparison of their updates with the reference."""

import numpy as np
import pytest

from workings.engine.compiled.descent import CompiledDescent
from workings.engine.descent import Seen
from workings.network import reference
from workings.network.activations import ACTIVATIONS
from workings.network.dropout import scales_of
from workings.network.network import Network
from workings.network.optimizers import SGD

CLOSE = {np.float64: 1e-12, np.float32: 1e-5}
HIDDEN = [record for record in ACTIVATIONS.values() if record.scope == "neuron"]


def a_network(hidden, output, loss, dtype=np.float64, sizes=(3, 4, 5, 3), **settings):
    network = Network.create(
        list(sizes), activation=hidden, output_activation=output, loss=loss, seed=1, dtype=dtype, **settings
    )
    flat = network.parameters.flat + np.linspace(-0.5, 0.5, network.parameters.flat.size)
    return network.with_parameters(flat.astype(dtype))


def some_data(network, n_samples=11):
    generator, dtype = np.random.default_rng(2), network.parameters.flat.dtype
    Y = generator.uniform(0.1, 1.0, (n_samples, network.sizes[-1]))
    X, Y = generator.normal(size=(n_samples, network.sizes[0])), Y / Y.sum(axis=1, keepdims=True)
    if network.loss.targets:
        Y = generator.choice(network.loss.targets, Y.shape)
    return X.astype(dtype), Y.astype(dtype)


def assert_updates_are_the_reference_pass_s(network, batch_size=4, rate=0.05, optimizer=SGD, weights=None):
    """Batch by batch, so that no difference grows on the way."""
    X, Y = some_data(network)
    dtype = network.parameters.flat.dtype.type
    data = (X, Y) if weights is None else (X, Y, weights)
    compiled = CompiledDescent(network, optimizer, rate, data, batch_size, n_threads=1)
    state = [np.zeros(network.parameters.flat.size) for _ in optimizer.state]
    for update, start in enumerate(range(0, len(X), batch_size), start=1):
        before = compiled.network
        rows = np.arange(len(X))[start : start + batch_size]
        seen = Seen()
        compiled.advance(rows, seen)
        exact = before.with_parameters(before.parameters.flat.astype(np.float64))
        own = [array[rows].astype(np.float64) for array in data]
        given = {"weights": own[2] if weights is not None else None, "scales": scales_of(exact, len(rows), update)}
        packed = reference.run(exact, *own[:2], **given).gradient
        (gradient,) = reference.clipped(optimizer.clipping, (packed.flat,), reference.norm(exact, packed))
        factors = optimizer.factors_at(float(dtype(rate)), update)
        expected, *state = optimizer.update(exact.parameters.flat, gradient, *state, *factors)
        size = np.abs(exact.parameters.flat).max() + np.abs(expected - exact.parameters.flat).max()
        assert np.abs(compiled.network.parameters.flat - expected).max() <= CLOSE[dtype] * size
        objective = reference.objective(exact, *own[:2], **given)
        assert seen.means()[1] == pytest.approx(objective, rel=10 * CLOSE[dtype])
        assert seen.sums[0] == pytest.approx(len(rows) if weights is None else weights[rows].sum())
