"""Every number satisfies its equation, and every gradient is a slope: over all there is in the registries."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
from law import (
    assert_every_scalar_satisfies_its_equation,
    assert_every_whole_satisfies_its_equation,
    assert_gradients_are_slopes_of_the_objective,
)
from networks import BATCHES, COMBINATIONS, EXTREME, FITTING, NOT_FITTING, SINGLE, SPARSE, small_network

from workings.derivation.gradient_check import gradient_check
from workings.derivation.trace import Trace
from workings.errors import InputError
from workings.network import reference
from workings.network.activations import ACTIVATIONS, SOFTMAX, TANH
from workings.network.clipping import clipping_of
from workings.network.losses import CROSS_ENTROPY, HALF_SQUARED_ERROR
from workings.network.network import Layer, Network, Parameters
from workings.network.optimizers import OPTIMIZERS
from workings.network.quantity import Quantity, parse_address
from workings.network.schedules import SCHEDULES, schedule_named, with_settings

each_pair = pytest.mark.parametrize(("output", "loss"), FITTING, ids=lambda record: record.name)
each_combination = pytest.mark.parametrize(("hidden", "output", "loss"), COMBINATIONS)


def assert_every_quantity_satisfies_its_equation(network):
    trace = Trace(network)
    assert_every_scalar_satisfies_its_equation(trace)
    assert_every_whole_satisfies_its_equation(trace)


@each_combination
def test_every_quantity_of_a_batch_satisfies_its_equation(hidden, output, loss):
    for setting in BATCHES:
        assert_every_quantity_satisfies_its_equation(small_network(hidden, output, loss, setting))


@each_pair
def test_every_quantity_of_a_single_sample_satisfies_its_equation(output, loss):
    for hidden, setting in product((TANH, output), SINGLE):
        assert_every_quantity_satisfies_its_equation(small_network(hidden, output, loss, setting))


@each_pair
def test_so_does_every_quantity_where_weights_pay_for_their_size(output, loss):
    for setting in SPARSE:
        network = small_network(TANH, output, loss, setting)
        network.parameters.W[0][1, 0] = 0.0  # where the slope of |w| is taken as 0
        assert_every_quantity_satisfies_its_equation(network)


@pytest.mark.parametrize("setting", [*BATCHES, SPARSE[0]], ids=str)
def test_so_does_every_quantity_of_samples_with_weights(setting):
    for output, loss in ((SOFTMAX, CROSS_ENTROPY), (TANH, HALF_SQUARED_ERROR)):
        network = small_network(TANH, output, loss, setting)
        example = replace(network.example, sample_weights=np.array([0.5, 3.0]))
        network = replace(network, example=example)
        assert_every_quantity_satisfies_its_equation(network)
        assert_gradients_are_slopes_of_the_objective(network)
        assert gradient_check(network).agrees


def test_weights_that_are_whole_numbers_say_how_often_a_sample_is_there():
    for setting in BATCHES:
        network = small_network(TANH, SOFTMAX, CROSS_ENTROPY, setting)
        example, rows = network.example, [0, 1, 1, 1]
        weighted = Trace(replace(network, example=replace(example, sample_weights=np.array([1.0, 3.0]))))
        repeated = replace(example, inputs=example.inputs[rows], targets=example.targets[rows])
        expected = Trace(replace(network, example=repeated))
        for address in ("C", "J", "dC/dW[1]", "dC/db[2]", "W+[2]"):
            quantity = parse_address(address)
            assert weighted[quantity] == pytest.approx(expected[quantity], rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=lambda record: record.name)
def test_every_quantity_of_every_optimizer_satisfies_its_equation_update_after_update(optimizer):
    for setting, train_biases in product((*BATCHES, *SINGLE), (True, False)):
        network = replace(small_network(TANH, SOFTMAX, CROSS_ENTROPY, setting), train_biases=train_biases)
        network = replace(network, example=replace(network.example, optimizer=optimizer))
        trace = Trace(network)
        for _ in range(3):
            assert_every_scalar_satisfies_its_equation(trace)
            assert_every_whole_satisfies_its_equation(trace)
            trace = trace.after_update()


@pytest.mark.parametrize("setting", [*BATCHES, *SINGLE], ids=str)
@pytest.mark.parametrize("hidden", [TANH, ACTIVATIONS["sigmoid"], ACTIVATIONS["relu"]], ids=lambda record: record.name)
def test_so_does_every_quantity_of_an_update_with_dropout(setting, hidden):
    network = small_network(hidden, SOFTMAX, CROSS_ENTROPY, setting)
    first, last = network.layers
    network = replace(network, layers=(replace(first, dropout=0.5), last), dropout_seed=4)
    assert set(Trace(network)[Quantity("mask", 1, (), 0 if network.example.is_batch else None)]) == {0.0, 1.0}
    assert_gradients_are_slopes_of_the_objective(network)
    assert gradient_check(network).fault is None
    trace = Trace(network)
    for _ in range(3):
        assert_every_scalar_satisfies_its_equation(trace)
        assert_every_whole_satisfies_its_equation(trace)
        trace = trace.after_update()


@pytest.mark.parametrize("bounds", [{"clip_norm": 0.1}, {"clip_norm": 1e3}, {"clip_value": 0.05}], ids=str)
@pytest.mark.parametrize("optimizer", [OPTIMIZERS["sgd"], OPTIMIZERS["adam"]], ids=lambda record: record.name)
def test_so_does_every_quantity_of_a_gradient_that_is_clipped(bounds, optimizer):
    for setting, train_biases in product((*BATCHES, *SPARSE), (True, False)):
        network = replace(small_network(TANH, SOFTMAX, CROSS_ENTROPY, setting), train_biases=train_biases)
        how = {"optimizer": replace(optimizer, clipping=clipping_of(**bounds))}
        how |= {"schedule": schedule_named("inverse_scaling")} if train_biases else {}
        trace = Trace(replace(network, example=replace(network.example, **how)))
        for _ in range(2):
            assert_every_scalar_satisfies_its_equation(trace)
            assert_every_whole_satisfies_its_equation(trace)
            trace = trace.after_update()


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_learning_rate_satisfies_its_equation_update_after_update(name):
    for warmup, epoch, setting in product((0, 4), (1, 3), (BATCHES[0], SINGLE[1])):
        schedule = replace(schedule_named(f"{name}:warmup={warmup}"), epoch=epoch).for_run(12, epoch)
        network = small_network(TANH, SOFTMAX, CROSS_ENTROPY, setting)
        short = {setting: 2 for setting in ("patience", "every") if setting in schedule.settings}
        example = replace(network.example, schedule=with_settings(schedule, short))
        trace = Trace(replace(network, example=replace(example, learning_rate=-0.3)))  # uphill: the cost does not fall
        rates = []
        for _ in range(15):
            assert_every_scalar_satisfies_its_equation(trace)
            rates.append(trace[Quantity("eta")])
            trace = trace.after_update()
        assert len(set(rates)) > 1 or (name, warmup) == ("constant", 0)


@each_pair
def test_near_their_limits_numbers_satisfy_their_equations_as_far_as_a_textbook_form_can(output, loss):
    for hidden in (TANH, output):
        assert_every_quantity_satisfies_its_equation(small_network(hidden, output, loss, EXTREME))


@each_combination
def test_every_gradient_is_the_slope_of_the_reported_objective(hidden, output, loss):
    for setting in (*BATCHES, *SINGLE, *SPARSE):
        network = small_network(hidden, output, loss, setting)
        reported = reference.objective(network, network.example.inputs, network.example.targets)
        assert Trace(network)[Quantity("J")] == pytest.approx(reported, rel=1e-14)
        assert_gradients_are_slopes_of_the_objective(network)


@pytest.mark.parametrize(("output", "loss"), NOT_FITTING, ids=lambda record: record.name)
def test_an_output_where_the_loss_has_no_value_is_refused(output, loss):
    layers = (Layer(2, 2, TANH), Layer(2, 3, output))
    wrong = (
        "(needs outputs between 0 and (1|inf), but|grows beyond all numbers where an output is 0, and|has the targets "
        f"-1 or 1, but) {output.name} reaches"
    )
    with pytest.raises(InputError, match=f"{loss.name} {wrong}"):
        Network(layers, Parameters(np.zeros(15), (2, 2, 3)), loss)


def test_outputs_are_refused_for_a_reason_only():
    probabilities, positive = {"sigmoid", "softmax"}, {"exponential", "softplus"}
    of_both_signs = {"identity", "tanh", "leaky_relu", "elu", "selu", "softsign"}
    fitting = {
        "binary_cross_entropy": probabilities,
        "cross_entropy": probabilities,
        "poisson": probabilities | positive,
        "hinge": of_both_signs,
    }
    assert {(output.name, loss.name) for output, loss in NOT_FITTING} == {
        (output, loss) for loss, outputs in fitting.items() for output in ACTIVATIONS.keys() - outputs
    }


@each_pair
def test_a_deep_network_satisfies_its_equations(output, loss):
    hidden = [ACTIVATIONS[name] for name in ("tanh", "softmax", "softplus")]
    sizes = (2, 3, 2, 3, 3)
    layers = tuple(Layer(i, o, a) for (i, o), a in zip(pairwise(sizes), [*hidden, output], strict=True))
    parameters = Parameters(np.random.default_rng(1).normal(size=38), sizes)
    small = small_network(TANH, output, loss, BATCHES[0])
    assert_every_quantity_satisfies_its_equation(replace(small, layers=layers, parameters=parameters))
