"""The gradients of backpropagation beside those of the ``autograd`` package, over random networks."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from networks import COMBINATIONS, FITTING, described, is_clear_of_kinks, random_network
from oracle import DIFFERENCES, gradients

from workings.network import reference
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network import Network, Parameters

OF_THE_NORM = 1e-10


@st.composite
def networks(draw) -> Network:
    depth = draw(st.integers(1, 5))
    widths = draw(st.lists(st.integers(1, 8), min_size=depth + 1, max_size=depth + 1))
    output, loss = draw(st.sampled_from(FITTING))
    hidden = [draw(st.sampled_from(list(ACTIVATIONS.values()))) for _ in range(depth - 1)]
    # the one output of such a layer is always 1, and ln(1 - 1) is nothing to differentiate
    assume(not (output.scope == "layer" and widths[-1] == 1 and loss.symmetric and np.isfinite(loss.domain).all()))
    network = random_network([*hidden, output], widths, loss, draw(st.integers(0, 2**32 - 1)))
    assume(is_clear_of_kinks(network, 1e-6))
    return network


def assert_gradients_are_autograds(network: Network) -> None:
    X, Y = network.example.inputs, network.example.targets
    Z, A = reference.forward(network, X)
    assert max(np.abs(z).max() for z in Z[1:]) <= 20.0 * (1 + 1e-12)
    numbers = reference.run(network, X, Y)
    uncancelled = sizes_of_errors(network, Z, A, numbers)
    for number, (of_weights, of_biases) in enumerate(gradients(network, X, Y), start=1):
        delta, a = uncancelled[number], np.abs(A[number - 1])
        for kind, theirs, terms in (("W", of_weights, delta.T @ a), ("b", of_biases, delta.sum(axis=0))):
            ours = getattr(numbers.gradient, kind)[number - 1]
            # paths and samples that cancel leave no more digits than their sum has: seen once in ten thousand networks
            # (hypot, because the squares of gradients from far out in the tails of gelu are nothing)
            allowed = OF_THE_NORM * math.hypot(*theirs.flat) + 8 * np.finfo(float).eps * terms.max()
            assert np.abs(ours - theirs).max() <= allowed, (
                f"dC/d{kind}[{number}] of {described(network)}:\n  backpropagation says {ours.tolist()}\n"
                f"  autograd says        {theirs.tolist()}"
            )


def sizes_of_errors(network: Network, Z, A, numbers):
    """Layer by layer what delta would be if nothing cancelled on the way back."""

    def through(number, paths):
        slope = np.abs(network.layer(number).activation.derivative(Z[number], A[number]))
        return np.einsum("nj,njk->nk", paths, slope) if slope.ndim == 3 else paths * slope

    L = network.depth
    slope, terms = np.abs(numbers.dC_da[L]), DIFFERENCES.get(network.loss.name, lambda y, a: 0.0)
    slope = slope + terms(network.example.targets, A[L])
    sizes = {L: through(L, slope) if network.pair is None else np.abs(numbers.delta[L])}
    for number in range(L - 1, 0, -1):
        sizes[number] = through(number, sizes[number + 1] @ np.abs(network.W(number + 1)))
    return sizes


without_deadline = settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much])


@given(networks())
@settings(without_deadline, max_examples=400)
def test_gradients_are_those_of_autograd(network):
    assert_gradients_are_autograds(network)


@pytest.mark.long
@given(networks())
@settings(without_deadline, max_examples=6_000)
def test_gradients_are_those_of_autograd_for_long(network):
    assert_gradients_are_autograds(network)


def test_gradients_that_are_nearly_nothing_are_compared_too():
    network = random_network([ACTIVATIONS["gelu"]] * 3 + [ACTIVATIONS["sigmoid"]], [2, 1, 1, 1, 1], FITTING[0][1], 5)
    weights = Parameters.of([[[-9.0, -9.0]], [[1e30]], [[1e30]], [[1.0]]], [[-1.0], [-19.0], [-19.0], [0.0]])
    example = replace(network.example, inputs=np.ones((1, 2)), targets=np.ones((1, 1)))
    network = replace(network, parameters=weights, example=example, l2=0.0)
    assert 0.0 < np.abs(reference.run(network, example.inputs, example.targets).gradient.W[0]).max() < 1e-155
    assert_gradients_are_autograds(network)


@pytest.mark.parametrize(("hidden", "output", "loss"), COMBINATIONS)
def test_every_activation_and_every_pair_meets_autograd(hidden, output, loss):
    for seed in range(3):
        network = random_network([hidden, hidden, output], [3, 4, 2, 3], loss, seed)
        if is_clear_of_kinks(network, 1e-6):
            assert_gradients_are_autograds(network)


@pytest.mark.parametrize(("output", "loss"), FITTING, ids=lambda record: record.name)
def test_an_output_at_its_limit_keeps_the_digits_of_its_error(output, loss):
    """Where y - a, taken literally, has lost them: a target of 1 and an output of 1 - 2e-9."""
    generator = np.random.default_rng(3)
    z = np.array([[20.0, -20.0, 3.0], [-19.0, 18.0, -20.0]])
    low, high = (float(np.clip(end, -1.0, 1.0)) for end in output.range)
    targets = np.where(z > 0, high, low) if output.scope == "neuron" else np.array([[1.0, 0, 0], [0, 1.0, 0]])
    for Y in (targets, targets[::-1]):
        network = random_network([output], [3, 3], loss, 0)
        parameters = Parameters.of([np.eye(3)], [np.zeros(3)])
        example = replace(network.example, inputs=z * generator.uniform(0.95, 1.0, z.shape), targets=Y)
        assert_gradients_are_autograds(replace(network, parameters=parameters, example=example, l2=0.0))


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "elu", "softmax"])
def test_without_the_way_to_its_limits_an_output_there_would_lose_them(name):
    output = replace(ACTIVATIONS[name], margins=None)
    network = random_network([output], [3, 3], LOSSES["squared_error"], 0)
    inputs = np.array([[19.0, -19.0, -18.0]])
    example = replace(network.example, inputs=inputs, targets=np.round(output.value(inputs)))
    with pytest.raises(AssertionError, match=r"dC/d[Wb]\[1\] of 3-3"):
        assert_gradients_are_autograds(
            replace(network, parameters=Parameters.of([np.eye(3)], [np.zeros(3)]), example=example, l2=0.0)
        )


def test_a_gradient_slightly_off_is_found():
    sigmoid = ACTIVATIONS["sigmoid"]
    planted = replace(sigmoid, derivative=lambda z, a: sigmoid.derivative(z, a) * (1 + 1e-8))
    network = random_network([planted, sigmoid], [2, 3, 2], FITTING[0][1], 5)
    with pytest.raises(AssertionError, match=r"dC/dW\[1\] of 2-3-2"):
        assert_gradients_are_autograds(network)
