"""The compiled engine, as ``workings.train`` uses it for long trainings."""

from benchmarks.own_softsign import OWN_SOFTSIGN
from workings.engine.choice import descent_for
from workings.engine.descent import Seen
from workings.network.network import Network, Parameters
from workings.network.optimizers import optimizer_named

OWN = {OWN_SOFTSIGN.name: OWN_SOFTSIGN}


def begin(case, X, Y, weights):
    network = network_of(case, weights)
    descent = descent_for(
        network,
        optimizer_named(case.optimizer),
        case.learning_rate,
        (X, Y),
        case.batch_size,
        threads=None,
        engine="compiled",
    )
    rows = case.rows()

    def one_pass():
        descent.advance(rows, Seen())

    def now():
        return zip(descent.network.parameters.W, descent.network.parameters.b, strict=True)

    return one_pass, now


def network_of(case, weights):
    """The case's network, with an activation of one's own where it names one."""
    activation = OWN.get(case.activation, case.activation)
    network = Network.create(
        case.sizes, activation=activation, output_activation=case.output, loss=case.loss, dtype=case.dtype
    )
    return network.with_parameters(Parameters.of(*zip(*weights, strict=True), case.dtype).flat)
