"""Networks for the laws: every hidden activation, every output and loss that fit, batches and single samples."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from workings.network import reference
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.losses import LOSSES, SQUARED_ERROR, Loss
from workings.network.network import Example, Layer, Network, Parameters

FITTING = [(output, loss) for output in ACTIVATIONS.values() for loss in LOSSES.values() if loss.takes(output)]
NOT_FITTING = [
    (output, loss) for output in ACTIVATIONS.values() for loss in LOSSES.values() if (output, loss) not in FITTING
]

COMBINATIONS = [
    pytest.param(
        hidden,
        output,
        loss,
        id=f"{hidden.name}-{output.name}-{loss.name}",
        marks=() if (i + j) % 4 == 0 else pytest.mark.long,
    )
    for i, hidden in enumerate(ACTIVATIONS.values())
    for j, (output, loss) in enumerate(FITTING)
]
"""Every hidden activation with every output and loss; a quarter of them, in which each is found, when time is short."""


@dataclass(frozen=True)
class Setting:
    """What a network is put into, beside its activations and its loss."""

    samples: int
    reduction: str
    l2: float
    spread: float = 1.0  # of the weights: large ones drive the activations to their limits
    l1: float = 0.0

    def __str__(self) -> str:
        batch = f"{self.samples} samples, {self.reduction}" if self.samples > 1 else "1 sample"
        sizes = f", l1 {self.l1:g}" if self.l1 else ""
        return f"{batch}, l2 {self.l2:g}, spread {self.spread:g}{sizes}"


BATCHES = (Setting(2, "mean", 0.1), Setting(2, "sum", 0.0))
SINGLE = (Setting(1, "mean", 0.0), Setting(1, "sum", 0.1))
SPARSE = (Setting(2, "mean", 0.0, l1=0.1), Setting(1, "mean", 0.2, l1=0.1))
MOST = 80.0  # of a weighted input: of the 50 digits of 1 + e^-80 fifteen are left
EXTREME = Setting(2, "mean", 0.1, spread=6.0)


def small_network(hidden: Activation, output: Activation, loss: Loss, setting: Setting, seed: int = 0) -> Network:
    """Two inputs, two hidden neurons, three outputs; weighted inputs and outputs on both sides of a kink, none near.

    Of a batch the first targets add up to 1, so that pairs simplify there, and the others do not.
    """
    layers = (Layer(2, 2, hidden), Layer(2, 3, output))
    wide = 1.0 + max((abs(kink) for record in (hidden, output) for kink in record.kinks), default=0.0) / 2.0
    for attempt in range(1000):
        generator = np.random.default_rng([seed, attempt])
        parameters = Parameters(setting.spread * wide * generator.normal(size=15), (2, 2, 3))
        inputs = generator.normal(size=(setting.samples, 2))
        targets = generator.uniform(0.1, 0.9, (setting.samples, 3))
        targets[0] /= targets[0].sum()
        if loss.targets:
            targets = generator.choice(loss.targets, targets.shape)
        example = Example(inputs, targets, learning_rate=0.3, is_batch=setting.samples > 1)
        network = Network(layers, parameters, loss, setting.l2, setting.reduction, example=example, l1=setting.l1)
        largest = max(np.abs(z).max(initial=0.0) for z in reference.forward(network, inputs)[0])
        if largest < MOST and is_clear_of_kinks(network, 0.01) and is_on_both_sides_of_kinks(network):
            return network
    raise AssertionError("no network with weighted inputs on both sides of a kink and none on it")


def random_network(activations: list[Activation], widths: list[int], loss: Loss, seed: int) -> Network:
    """A network of any shape, with weighted inputs of any size up to 20 in each layer, and targets up to the limits."""
    generator = np.random.default_rng(seed)
    n_samples = int(generator.integers(1, 4))
    inputs = a = generator.normal(size=(n_samples, widths[0]))
    layers, weights, biases = [], [], []
    for n_out, activation in zip(widths[1:], activations, strict=True):
        W, b = generator.normal(size=(n_out, a.shape[1])), generator.normal(size=n_out)
        largest = generator.choice([20.0, generator.uniform(0.2, 20.0)])
        factor = largest / np.abs(a @ W.T + b).max()
        layers.append(Layer(a.shape[1], n_out, activation))
        weights.append(factor * W)
        biases.append(factor * b)
        a = activation.value(a @ weights[-1].T + biases[-1])
    low, high = loss.targets or (float(np.clip(end, -2.0, 2.0)) for end in activations[-1].range)
    targets = {
        "anywhere": generator.uniform(low, high, a.shape),
        "at the ends": np.where(generator.random(a.shape) < 0.5, low, high),
        "one of them": np.eye(a.shape[1])[generator.integers(a.shape[1], size=n_samples)],
    }[str(generator.choice(["at the ends"] if loss.targets else ["anywhere", "at the ends", "one of them"]))]
    return Network(
        tuple(layers),
        Parameters.of(weights, biases),
        loss,
        l2=float(generator.choice([0.0, 0.1])),
        reduction="mean" if generator.random() < 0.5 else "sum",
        example=Example(inputs, targets, learning_rate=0.5, is_batch=True),
    )


def with_activations(network: Network, *activations: Activation) -> Network:
    """The same network with other activations, one for each layer."""
    layers = tuple(replace(layer, activation=a) for layer, a in zip(network.layers, activations, strict=True))
    return replace(network, layers=layers)


def of_one_neuron(activation: Activation, z: float, target: float = 0.0, loss: Loss = SQUARED_ERROR) -> Network:
    """One input of 1, one weight, one bias: z = w + b."""
    example = Example(np.array([[1.0]]), np.array([[target]]), 0.5)
    return Network((Layer(1, 1, activation),), Parameters.of([[[z]]], [[0.0]]), loss, example=example)


def is_clear_of_kinks(network: Network, distance: float) -> bool:
    return all(np.all(np.abs(away) > distance) for each in _away_from_kinks(network) for away in each)


def is_on_both_sides_of_kinks(network: Network) -> bool:
    """Whether each layer that has kinks has weighted inputs on both sides of one, and so the outputs of a loss."""
    return all(
        any(np.any(away < 0) and np.any(away > 0) for away in each) for each in _away_from_kinks(network) if each
    )


def _away_from_kinks(network: Network):
    Z, A = reference.forward(network, network.example.inputs)
    for number, layer in enumerate(network.layers, start=1):
        yield [Z[number] - kink for kink in layer.activation.kinks]
    Y = network.example.targets
    yield [A[-1] - kink for kink in network.loss.kinks(Y)]


def described(network: Network) -> str:
    activations = ", ".join(layer.activation.name for layer in network.layers)
    sizes = "-".join(map(str, network.sizes))
    n_samples = 0 if network.example is None else len(network.example.inputs)
    return f"{sizes} ({activations}), {network.loss.name}, {network.reduction} of {n_samples}, l2 {network.l2:g}"
