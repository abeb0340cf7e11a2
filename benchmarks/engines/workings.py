"""The compiled engine, as ``workings.train`` uses it for long trainings."""

import numpy as np

from workings.engine.choice import descent_for
from workings.engine.descent import Seen
from workings.network.network import Network, Parameters
from workings.network.optimizers import optimizer_named


def begin(case, X, Y, weights):
    network = Network.create(
        case.sizes, activation=case.activation, output_activation=case.output, loss=case.loss, dtype=case.dtype
    )
    network = network.with_parameters(Parameters.of(*zip(*weights, strict=True), case.dtype).flat)
    descent = descent_for(
        network,
        optimizer_named(case.optimizer),
        case.learning_rate,
        (X, Y),
        case.batch_size,
        n_updates=case.n_updates,
        threads=None,
        engine="compiled",
    )
    rows = np.arange(case.batch_size * case.n_updates) % case.n_samples

    def one_pass():
        descent.advance(rows, Seen())

    def now():
        return zip(descent.network.parameters.W, descent.network.parameters.b, strict=True)

    return one_pass, now
