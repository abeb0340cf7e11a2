"""The order in which a training step is explained: forward, cost, backward, update; each quantity once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from workings.network.bounds import rank
from workings.network.network import Network
from workings.network.quantity import Quantity, of_a_parameter

NUMBERED_KINDS = ("dC/da", "da/dz", "delta", "dC/dW")
"""The backward steps that are counted; what lies between them (shares, local slopes, dC/db) belongs to them."""


def samples(network: Network) -> tuple[int | None, ...]:
    """The samples of a batch, or None alone where there is no batch."""
    example = network.example
    return tuple(range(len(example.inputs))) if example is not None and example.is_batch else (None,)


def given(network: Network) -> Iterator[Quantity]:
    """Inputs, targets, weights of samples, weights and biases."""
    for sample in samples(network):
        yield from (Quantity("x", None, (k,), sample) for k in range(network.sizes[0]))
        yield from (Quantity("y", None, (k,), sample) for k in range(network.sizes[-1]))
    yield from sample_weights(network)
    for number, layer in enumerate(network.layers, start=1):
        for j in range(layer.n_out):
            yield from (Quantity("W", number, (j, k)) for k in range(layer.n_in))
            yield Quantity("b", number, (j,))


def sample_weights(network: Network) -> Iterator[Quantity]:
    """The weights of the samples of a batch, where they have weights."""
    if network.example is not None and network.example.sample_weights is not None:
        yield from (Quantity("s", sample=sample) for sample in samples(network))


def forward(network: Network, sample: int | None) -> Iterator[Quantity]:
    """Neuron by neuron the weighted input and the activation."""
    for number, layer in enumerate(network.layers, start=1):
        if layer.activation.scope == "layer":  # every output needs all weighted inputs
            yield from (Quantity(kind, number, (j,), sample) for kind in ("z", "a") for j in range(layer.n_out))
        else:
            kinds = ("z", "f", "mask", "a") if layer.dropout else ("z", "a")
            yield from (Quantity(kind, number, (j,), sample) for j in range(layer.n_out) for kind in kinds)


def cost(network: Network, sample: int | None) -> Iterator[Quantity]:
    """Each output's share, and their sum."""
    yield from (Quantity("C", None, (), sample, output) for output in range(network.sizes[-1]))
    yield Quantity("C", sample=sample)


def objective(network: Network) -> Iterator[Quantity]:
    """The cost of a batch; penalty and objective where weights cost something."""
    if samples(network) != (None,):
        yield Quantity("C")
    if network.has_penalty:
        yield from (Quantity("R"), Quantity("J"))


def backward(network: Network, sample: int | None) -> Iterator[Quantity]:
    """From the last layer to the first, neuron by neuron: all that belongs to it, in the order of the chain rule."""
    for number in range(network.depth, 0, -1):
        if network.layer(number).activation.scope == "layer":
            yield from layer_together(network, number, sample)
        else:
            for j in range(network.layer(number).n_out):
                yield from shares("dC/da", network, number, j, sample)
                yield Quantity("dC/da", number, (j,), sample)
                yield Quantity("da/dz", number, (j,), sample)
                yield from error_and_gradients(network, number, j, sample)


def layer_together(network: Network, number: int, sample: int | None) -> Iterator[Quantity]:
    """A layer whose outputs depend on each other: first all slopes, then the errors."""
    neurons = range(network.layer(number).n_out)
    for j in neurons:
        yield from shares("dC/da", network, number, j, sample)
        yield Quantity("dC/da", number, (j,), sample)
    yield from (Quantity("da/dz", number, (j, k), sample) for j in neurons for k in neurons)
    for j in neurons:
        yield from error_and_gradients(network, number, j, sample)


def shares(kind: str, network: Network, number: int, j: int, sample: int | None) -> Iterator[Quantity]:
    """What comes through each output's loss."""
    yield from (Quantity(kind, number, (j,), sample, output) for output in range(network.sizes[-1]))


def error_and_gradients(network: Network, number: int, j: int, sample: int | None) -> Iterator[Quantity]:
    """dC/dz and what follows from it: dC/db, and for each weight dz/dw and dC/dw; then dz/da for the way down."""
    inputs = range(network.layer(number).n_in)
    yield from shares("delta", network, number, j, sample)
    yield Quantity("delta", number, (j,), sample)
    yield Quantity("dC/db", number, (j,), sample)
    for k in inputs:
        yield Quantity("dz/dW", number, (j, k), sample)
        yield Quantity("dC/dW", number, (j, k), sample)
    if sample in (None, 0):  # a weight is the same for all samples
        yield from (Quantity("dz/da", number, (j, k)) for k in inputs)


def batch_gradients(network: Network) -> Iterator[Quantity]:
    """The gradients of a batch, gathered from its samples."""
    if samples(network) == (None,):
        return
    for number in range(network.depth, 0, -1):
        for j in range(network.layer(number).n_out):
            yield Quantity("dC/db", number, (j,))
            yield from (Quantity("dC/dW", number, (j, k)) for k in range(network.layer(number).n_in))


def update(network: Network) -> Iterator[Quantity]:
    """The learning rate of a schedule, the norm of a gradient that is clipped by it; then every new weight and bias.

    Each comes after what the optimizer works out for it.
    """
    yield from scheduled(network)
    yield from norm(network)
    of_weights, of_biases = ((*worked_out(network, parameter), f"{parameter}+") for parameter in "Wb")
    for number, layer in enumerate(network.layers, start=1):
        for j, k in product(range(layer.n_out), range(layer.n_in)):
            yield from (Quantity(kind, number, (j, k)) for kind in of_weights)
    for number, layer in enumerate(network.layers, start=1):
        for j in range(layer.n_out):
            yield from (Quantity(kind, number, (j,)) for kind in of_biases)


def norm(network: Network) -> Iterator[Quantity]:
    """The norm of the whole gradient, where it is looked at."""
    clipping = None if network.example is None else network.example.optimizer.clipping
    if clipping is not None and clipping.of_norm:
        yield Quantity("G")


def scheduled(network: Network) -> tuple[Quantity, ...]:
    """The learning rate where it has a schedule and so is worked out; nothing where it is given."""
    has_schedule = network.example is not None and bool(network.example.schedule.numbers)
    return (Quantity("eta"),) if has_schedule else ()


def worked_out(network: Network, parameter: str) -> tuple[str, ...]:
    """The kinds of what the optimizer works out before it changes the weights (``W``) or the biases (``b``)."""
    if network.example is None or (parameter == "b" and not network.train_biases):
        return ()
    optimizer = network.example.optimizer
    kinds = (*(("g",) if optimizer.clipping is not None else ()), *(line.kind for line in optimizer.lines))
    return tuple(of_a_parameter(kind, parameter) for kind in kinds)


def scalars(network: Network) -> Iterator[Quantity]:
    """Every number of a training step once, in the order in which it is explained."""
    yield from given(network)
    for sample in samples(network):
        yield from forward(network, sample)
        yield from cost(network, sample)
    yield from objective(network)
    for sample in samples(network):
        yield from backward(network, sample)
    yield from batch_gradients(network)
    yield from update(network)


def number_of(network: Network, quantity: Quantity) -> int | None:
    """The number of a counted backward step, from 1; None for what is not counted. Does not go through the others."""
    if quantity.kind not in NUMBERED_KINDS or quantity.output is not None or quantity.is_whole:
        return None
    if quantity.kind == "da/dz" and rank(network, quantity) == 2:
        return None  # an entry of a Jacobian
    layer, j, k = quantity.layer or 0, quantity.index[0], quantity.index[-1]
    above = range(layer + 1, network.depth + 1)
    n_samples, of_each = (
        len(samples(network)),
        [_steps_of_layer(network, number) for number in range(network.depth + 1)],
    )
    if quantity.sample is None and samples(network) != (None,):
        before = n_samples * sum(of_each) + sum(
            network.layer(number).n_out * network.layer(number).n_in for number in above
        )
        return before + j * network.layer(layer).n_in + k + 1
    before = (quantity.sample or 0) * sum(of_each) + sum(of_each[number] for number in above)
    return before + _position_in_layer(network, quantity, layer, j, k)


def step_of(network: Network, quantity: Quantity) -> int | None:
    """The number of the counted step that a quantity of the backward pass belongs to; None for all other quantities.

    Shares belong to their sum, dC/db to dC/dz, a slope of z to the gradient that it is a factor of, and an entry of a
    Jacobian to the first error it goes into.
    """
    if quantity.is_whole:
        return None
    kind = {"dC/db": "delta", "dz/dW": "dC/dW", "dz/da": "dC/dW"}.get(quantity.kind, quantity.kind)
    index, sample = quantity.index, quantity.sample
    if kind == "da/dz" and rank(network, quantity) == 2:
        kind, index = "delta", index[1:]
    if quantity.kind == "dz/da" and sample is None:
        sample = samples(network)[0]
    elif kind == "delta" and sample is None and samples(network) != (None,):
        kind, index = "dC/dW", (*index, 0)  # dC/db of the batch comes just before the neuron's weights
    return number_of(network, Quantity(kind, quantity.layer, index, sample))


def last_number(network: Network) -> int:
    """How many counted backward steps there are."""
    first = network.layer(1)
    last = Quantity("dC/dW", 1, (first.n_out - 1, first.n_in - 1))
    return number_of(network, last) or 0


def _steps_of_layer(network: Network, number: int) -> int:
    if number == 0:
        return 0
    layer = network.layer(number)
    return layer.n_out * (layer.n_in + (2 if layer.activation.scope == "layer" else 3))


def _position_in_layer(network: Network, quantity: Quantity, number: int, j: int, k: int) -> int:
    layer = network.layer(number)
    if layer.activation.scope == "neuron":
        places = {"dC/da": 1, "da/dz": 2, "delta": 3, "dC/dW": 4 + k}
        return j * (3 + layer.n_in) + places[quantity.kind]
    if quantity.kind == "dC/da":
        return j + 1
    return layer.n_out + j * (1 + layer.n_in) + {"delta": 1, "dC/dW": 2 + k}[quantity.kind]
