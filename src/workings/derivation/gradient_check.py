"""Backpropagation held against differences of the objective: each gradient claims to be a slope, and can be wrong.

Where the two disagree, what is to blame is looked for in the order in which backpropagation is explained: an
activation or a loss that contradicts itself. Where no difference can tell, nobody is accused.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from workings.derivation.checking.neurons import NeuronCheck, check_neuron
from workings.derivation.checking.obstacles import not_finite, obstacle_to
from workings.derivation.checking.records import first_fault, telling_apart
from workings.derivation.checking.remark import Remark
from workings.derivation.trace import Trace
from workings.network.network import Array, Network, Parameters
from workings.network.own_trial import try_own_records
from workings.network.quantity import Quantity

TOLERANCE = 1e-6
"""Of the norm of an array: how far off one of its gradients may be."""

MOST_WORK = 5e10
"""Multiplications, a few minutes' worth: 100,000 parameters and ten samples take a tenth. Beyond, a sample is taken."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ArrayCheck:
    """How the gradients of one layer's weights or biases compare with differences.

    Attributes
    ----------
    quantity : Quantity
        ``dC/dW`` or ``dC/db`` of a layer.
    size, checked, hidden : int
        How many gradients there are, how many were looked at, and for how many of these no difference can tell.
    norm : float
        Of the array of gradients.
    largest : float
        The largest difference; those that cannot be told are left out.
    """

    quantity: Quantity
    size: int
    checked: int
    hidden: int
    norm: float
    largest: float

    @property
    def relative(self) -> float:
        """The largest difference as a share of the array's norm."""
        return self.largest / self.norm if self.norm else (math.inf if self.largest else 0.0)

    @property
    def agrees(self) -> bool:
        """Whether no gradient that can be checked is off by more than a millionth of the norm."""
        return self.relative <= TOLERANCE


@dataclass(frozen=True, slots=True)
class GradientCheck:
    """What a gradient check found.

    Attributes
    ----------
    arrays : tuple of ArrayCheck
        Weights and biases, layer by layer; empty where the forward pass has no numbers already.
    fault : Remark, optional
        The first quantity that is wrong, and why.
    obstacle : Remark, optional
        The first quantity that keeps differences from telling, and why; nobody's mistake.
    """

    arrays: tuple[ArrayCheck, ...]
    fault: Remark | None
    obstacle: Remark | None

    @property
    def agrees(self) -> bool:
        """Whether nothing is wrong; what cannot be checked is not wrong."""
        return self.fault is None


def gradient_check(network: Network, progress: Progress | None = None) -> GradientCheck:
    """Compare the gradients of backpropagation with central differences of the objective J, for every parameter.

    Parameters
    ----------
    network : Network
        With its example. It is checked in float64, whatever it is kept in.
    progress : callable, optional
        Told after each neuron how many gradients are done, and of how many.

    Raises
    ------
    InputError
        When the network has no example, or a formula of one of its records cannot be evaluated.

    Notes
    -----
    J is evaluated at steps of about 6e-6 to either side of each parameter, and where that leaves a doubt at steps from
    a 64th down to a millionth, extrapolated. Backpropagation agrees when no gradient is off by more than a millionth
    of its array's norm.
    """
    try_own_records(network, formulas=True)
    trace = Trace(_in_float64(network))
    with np.errstate(all="ignore"):
        stop = not_finite(trace)
        if stop is not None:
            remark, is_fault = stop
            return GradientCheck((), remark if is_fault else None, None if is_fault else remark)
        neurons = list(_neurons(trace, progress))
        fault = first_fault(trace) or next(_unexplained(neurons), None)
        return GradientCheck(tuple(_arrays(trace, neurons)), fault, next(_obstacles(trace, neurons), None))


def _neurons(trace: Trace, progress: Progress | None) -> Iterator[NeuronCheck]:
    """Every neuron, from the outputs down."""
    network, gradient = trace.network, trace.numbers.gradient
    share = min(1.0, MOST_WORK / _work(trace))
    generator = np.random.default_rng(0)  # the same sample each time
    done, total = 0, network.parameters.flat.size
    for number in range(network.depth, 0, -1):
        n_parameters = network.layer(number).n_in + 1
        allowed = tuple(TOLERANCE * _norm(arrays[number - 1]) for arrays in (gradient.W, gradient.b))
        for j in range(network.layer(number).n_out):
            n_chosen = math.ceil(share * n_parameters)
            which = np.sort(generator.permutation(n_parameters)[:n_chosen])
            yield check_neuron(trace, number, j, which, (allowed[0], allowed[1]))
            done += n_parameters
            if progress:
                progress(done, total)


def _work(trace: Trace) -> float:
    """How many multiplications the forward passes take that the differences are made of."""
    work = above = 0
    for layer in reversed(trace.network.layers):
        work += layer.n_out * (layer.n_in + 1) * (layer.n_in + above)
        above += layer.n_out * layer.n_in
    return 2.0 * len(trace.example.inputs) * work


def _arrays(trace: Trace, neurons: list[NeuronCheck]) -> Iterator[ArrayCheck]:
    """Weights and biases layer by layer, gathered from the neurons."""
    gradient = trace.numbers.gradient
    for number in range(1, trace.network.depth + 1):
        of_layer = [neuron for neuron in neurons if neuron.layer == number]
        is_weight = np.concatenate([neuron.which < neuron.n_in for neuron in of_layer])
        hidden = np.concatenate([neuron.hidden for neuron in of_layer])
        gap = np.where(hidden, 0.0, np.concatenate([np.abs(neuron.said - neuron.seen) for neuron in of_layer]))
        for kind, array, own in (
            ("dC/dW", gradient.W[number - 1], is_weight),
            ("dC/db", gradient.b[number - 1], ~is_weight),
        ):
            checked, n_hidden, largest = int(own.sum()), int(hidden[own].sum()), float(np.max(gap[own], initial=0.0))
            yield ArrayCheck(Quantity(kind, number), array.size, checked, n_hidden, _norm(array), largest)


def _unexplained(neurons: list[NeuronCheck]) -> Iterator[Remark]:
    """Gradients that are wrong although every record agrees with itself."""
    for neuron in neurons:
        for entry in np.flatnonzero(neuron.wrong):
            parameter = neuron.parameter(int(entry))
            gradient = replace(parameter, kind=f"dC/d{parameter.kind}")
            said, seen = telling_apart(float(neuron.said[entry]), float(neuron.seen[entry]))
            yield Remark(
                gradient,
                f"{gradient}: backpropagation says {said}, differences of the objective say {seen}, though every "
                "activation and loss agrees with itself; please report this",
            )


def _obstacles(trace: Trace, neurons: list[NeuronCheck]) -> Iterator[Remark]:
    for neuron in neurons:
        for entry in np.flatnonzero(neuron.hidden):
            yield obstacle_to(trace, neuron.parameter(int(entry)), float(neuron.step[entry]))


def _norm(array: Array) -> float:
    largest = float(np.abs(array).max(initial=0.0))  # its square may be nothing, or beyond all numbers
    return largest * float(np.linalg.norm(array / largest)) if 0.0 < largest < math.inf else largest


def _in_float64(network: Network) -> Network:
    example = network.example
    if example is not None:
        example = replace(example, inputs=example.inputs.astype(np.float64), targets=example.targets.astype(np.float64))
    parameters = Parameters(network.parameters.flat.astype(np.float64), network.sizes)
    return replace(network, parameters=parameters, example=example)
