"""The gradient check: that it passes what is right and names what is wrong.

What it says where no difference can tell stands in ``checking/test_obstacles.py``.
"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from networks import BATCHES, FITTING, SINGLE, of_one_neuron, random_network, small_network, with_activations

from workings.algebra.expression import E_CONSTANT, call
from workings.derivation import gradient_check as module
from workings.derivation.gradient_check import gradient_check
from workings.errors import InputError
from workings.network import reference
from workings.network.activations import ACTIVATIONS, SIGMOID, SOFTMAX, TANH
from workings.network.losses import CROSS_ENTROPY, HALF_SQUARED_ERROR, LOSSES, SQUARED_ERROR
from workings.network.network import Example, Network
from workings.network.network_file import examples, load
from workings.network.pairs import PAIRS

TWO = load("two-two-two")


# What is right passes


@pytest.mark.parametrize("name", examples())
def test_the_shipped_examples_pass(name):
    found = gradient_check(load(name))
    assert found.agrees
    assert found.obstacle is None
    assert all(array.agrees and array.relative < 1e-8 and array.hidden == 0 for array in found.arrays)


def test_there_is_a_row_for_the_weights_and_one_for_the_biases_of_each_layer():
    found = gradient_check(load("two-three-one"))
    assert [str(array.quantity) for array in found.arrays] == ["dC/dW[1]", "dC/db[1]", "dC/dW[2]", "dC/db[2]"]
    assert [(array.size, array.checked) for array in found.arrays] == [(6, 6), (3, 3), (3, 3), (1, 1)]
    assert found.arrays[3].norm == pytest.approx(0.0631, abs=5e-5)


@pytest.mark.parametrize(("output", "loss"), FITTING, ids=lambda record: record.name)
@pytest.mark.parametrize("setting", [*BATCHES, *SINGLE], ids=str)
def test_every_activation_and_every_loss_passes(output, loss, setting):
    found = gradient_check(small_network(output, output, loss, setting))
    assert (found.fault, found.obstacle) == (None, None)
    assert all(array.agrees for array in found.arrays)


@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 5), min_size=2, max_size=5), st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_right_is_ever_accused(seed, widths, data):
    """However near to their limits the activations are."""
    output, loss = data.draw(st.sampled_from(FITTING))
    hidden = [data.draw(st.sampled_from(list(ACTIVATIONS.values()))) for _ in widths[2:]]
    found = gradient_check(random_network([*hidden, output], widths, loss, seed))
    assert found.fault is None, found.fault.sentence


@pytest.mark.long
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(1, 8), min_size=2, max_size=6), st.data())
@settings(deadline=None, max_examples=1500, suppress_health_check=[HealthCheck.too_slow])
def test_nobody_right_is_ever_accused_for_long(seed, widths, data):
    output, loss = data.draw(st.sampled_from(FITTING))
    hidden = [data.draw(st.sampled_from(list(ACTIVATIONS.values()))) for _ in widths[2:]]
    found = gradient_check(random_network([*hidden, output], widths, loss, seed))
    assert found.fault is None, found.fault.sentence


def test_a_kink_well_within_every_step_but_the_last_is_no_mistake():
    """Wide steps agree on the mean of the slopes to either side: found by the long test, with a z of -8e-6."""
    activations = [ACTIVATIONS[name] for name in ("softplus", "sigmoid", "leaky_relu", "softplus", "sigmoid")]
    found = gradient_check(random_network(activations, [3, 3, 4, 4, 7, 7], SQUARED_ERROR, 3356))
    assert found.fault is None


def test_extrapolations_that_agree_by_accident_are_no_mistake():
    """A bend that is no kink, of an elu, keeps wide steps from being a polynomial: found by random networks."""
    activations = [ACTIVATIONS[name] for name in ("tanh", "elu", "leaky_relu", "relu", "softmax")]
    found = gradient_check(random_network(activations, [1, 2, 7, 7, 5, 3], LOSSES["mean_squared_error"], 12538))
    assert found.fault is None


def test_weights_that_pay_for_their_size_pass_wherever_they_are():
    for weight in (0.3, -0.3, 0.0, 1e-7, 1e-300):
        network = replace(of_one_neuron(TANH, weight, target=0.5), l1=0.7)
        found = gradient_check(network)
        assert found.fault is None
        assert found.arrays[0].hidden == (0 < weight < 1e-6)
    assert (
        found.obstacle.sentence
        == "W[1][1,1] = 1e-300 is so near 0, the kink of |w| in the penalty, that every step crosses it"
    )


def test_steps_across_a_place_where_only_the_slope_of_the_slope_jumps_are_no_mistake():
    """Of a softsign whose z is -3e-7: differences come near its slope by the step, not by its square."""
    activations = [ACTIVATIONS[name] for name in ("exponential", "softsign")]
    found = gradient_check(random_network(activations, [4, 4, 3], LOSSES["hinge"], 1743225008))
    assert found.fault is None


def test_biases_that_are_not_trained_are_checked_too():
    assert not TWO.train_biases
    assert [array.checked for array in gradient_check(TWO).arrays] == [4, 2, 4, 2]


def test_a_float32_network_is_checked_in_float64():
    single = TWO.with_parameters(TWO.parameters.flat.astype(np.float32))
    found = gradient_check(single)
    assert found.agrees
    assert all(array.relative < 1e-8 for array in found.arrays)


def test_large_inputs_do_not_upset_the_steps():
    example = replace(TWO.example, inputs=np.array([[250.0, -180.0]]))
    found = gradient_check(with_activations(replace(TWO, example=example), TANH, SIGMOID))
    assert found.fault is None


def test_a_minimum_passes_though_its_gradients_are_all_but_zero():
    network = of_one_neuron(SIGMOID, 0.3, target=float(SIGMOID.value(np.float64(0.3))))
    found = gradient_check(network)
    assert found.fault is None


def test_a_network_without_an_example_is_refused():
    with pytest.raises(InputError, match="no example"):
        gradient_check(Network.create([2, 2]))


# What is wrong is named, the first of it, and why


def off(function, factor=1.001):
    return lambda *arguments: factor * function(*arguments)


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=lambda record: record.name)
@pytest.mark.parametrize("field", ["derivative", "derivative_formula", "formula"])
def test_a_tenth_of_a_per_cent_in_an_activation_is_named(record, field):
    planted = replace(record, name="my_own", **{field: off(getattr(record, field))})
    found = gradient_check(small_network(planted, TANH, SQUARED_ERROR, BATCHES[0]))
    assert not found.agrees
    kind = "a" if field == "formula" else "da/dz"
    assert found.fault.quantity.kind == kind
    assert found.fault.sentence.startswith(f"{kind}[1][")
    assert "my_own's " + field in found.fault.sentence
    gradient_is_wrong = not all(array.agrees for array in found.arrays)
    assert gradient_is_wrong == (field == "derivative")


@pytest.mark.parametrize("record", LOSSES.values(), ids=lambda record: record.name)
@pytest.mark.parametrize("field", ["derivative", "derivative_formula", "formula"])
def test_a_tenth_of_a_per_cent_in_a_loss_is_named(record, field):
    planted = replace(record, name="my_own", **{field: off(getattr(record, field))})
    found = gradient_check(small_network(TANH, ACTIVATIONS[record.output], planted, BATCHES[0]))
    assert found.fault.quantity.kind == ("C" if field == "formula" else "dC/da")
    assert found.fault.sentence.startswith("C[1]@1: " if field == "formula" else "dC/da[2][1]@1: ")
    assert "my_own's " + field in found.fault.sentence


def test_the_sentence_shows_both_numbers_with_enough_figures():
    planted = replace(SIGMOID, name="my_sigmoid", derivative=off(SIGMOID.derivative))
    assert gradient_check(with_activations(TWO, planted, SIGMOID)).fault.sentence == (
        "da/dz[1][1]: my_sigmoid's derivative says 0.2415 at z = 0.3775, but the slope of its value there is 0.2413: "
        "1.001 times as much"
    )


def test_what_all_neurons_have_in_common_is_said():
    planted = replace(HALF_SQUARED_ERROR, name="mine", derivative=lambda y, a, n: y - a)
    assert gradient_check(replace(TWO, loss=planted)).fault.sentence.endswith("0.7414: its sign is turned round")
    doubled = replace(HALF_SQUARED_ERROR, name="mine", derivative=lambda y, a, n: 2 * (a - y))
    assert gradient_check(replace(TWO, loss=doubled)).fault.sentence.endswith("0.7414: 2 times as much")


def test_the_walk_goes_backwards():
    planted = replace(SIGMOID, name="mine", derivative=off(SIGMOID.derivative))
    assert str(gradient_check(with_activations(TWO, planted, planted)).fault.quantity) == "da/dz[2][1]"
    both = replace(
        with_activations(TWO, planted, planted), loss=replace(HALF_SQUARED_ERROR, derivative=lambda y, a, n: y - a)
    )
    assert str(gradient_check(both).fault.quantity) == "dC/da[2][1]"


def test_the_first_neuron_that_is_wrong_is_named():
    planted = replace(SIGMOID, name="mine", derivative=lambda z, a: SIGMOID.derivative(z, a) + 1e-3 * (z > 0.38))
    found = gradient_check(with_activations(TWO, planted, SIGMOID))
    assert str(found.fault.quantity) == "da/dz[1][2]"
    assert "times as much" not in found.fault.sentence


def test_in_a_batch_the_sample_is_named():
    network = small_network(TANH, TANH, SQUARED_ERROR, BATCHES[0])
    second = reference.forward(network, network.example.inputs)[0][1][1]
    planted = replace(
        TANH, name="mine", derivative=lambda z, a: TANH.derivative(z, a) + 1e-3 * (np.abs(z - second[1]) < 1e-9)
    )
    found = gradient_check(with_activations(network, planted, TANH))
    assert str(found.fault.quantity) == "da/dz[1][2]@2"


def test_an_entry_of_a_jacobian_is_named():
    def lopsided(z, a):
        jacobian = SOFTMAX.derivative(z, a).copy()
        jacobian[..., 0, 1] *= 1.001
        return jacobian

    planted = replace(SOFTMAX, name="mine", derivative=lopsided)
    found = gradient_check(replace(with_activations(TWO, SIGMOID, planted), loss=CROSS_ENTROPY))
    assert found.fault.sentence.startswith(
        "da/dz[2][1,2]: mine's derivative says -0.2494 at z = 1.22492, but the slope"
    )


def test_a_formula_of_a_whole_layer_is_named():
    planted = replace(SOFTMAX, name="mine", derivative_formula=lambda a, j, k: a[j] * (1 - a[k]))
    found = gradient_check(replace(with_activations(TWO, SIGMOID, planted), loss=CROSS_ENTROPY))
    assert found.fault.sentence.startswith("da/dz[2][1,2]: mine's derivative_formula gives")


def test_a_formula_with_an_unknown_function_is_an_input_error():
    planted = replace(SIGMOID, name="mine", formula=lambda z: call("foo", z))
    with pytest.raises(InputError, match="a formula of mine cannot be evaluated: unknown function 'foo'"):
        gradient_check(with_activations(TWO, planted, SIGMOID))


def test_a_wrong_gradient_that_no_record_explains_is_named_itself(monkeypatch):
    pair = PAIRS["sigmoid", "binary_cross_entropy"]
    monkeypatch.setitem(PAIRS, ("sigmoid", "binary_cross_entropy"), replace(pair, delta=off(pair.delta)))
    found = gradient_check(replace(TWO, loss=LOSSES["binary_cross_entropy"]))
    assert str(found.fault.quantity) == "dC/dW[2][1,1]"
    assert "though every activation and loss agrees with itself" in found.fault.sentence


def test_not_a_number_is_named_where_it_first_appears():
    planted = replace(SIGMOID, name="mine", value=lambda z: np.log(z - 1.0))
    found = gradient_check(with_activations(TWO, planted, SIGMOID))
    assert found.fault.sentence == "a[1][1]: mine's value at z = 0.3775 is not a number"
    assert found.arrays == ()
    loss = replace(HALF_SQUARED_ERROR, name="mine", value=lambda y, a, n: np.sqrt(y - a), symmetric=False)
    assert gradient_check(replace(TWO, loss=loss)).fault.sentence == (
        "C[1]: mine's value at y = 0.01, a = 0.751365 is not a number"
    )


def test_a_derivative_that_is_not_a_number_is_named():
    planted = replace(SIGMOID, name="mine", derivative=lambda z, a: np.log(z - 1.0))
    found = gradient_check(with_activations(TWO, planted, SIGMOID))
    assert found.fault.sentence.startswith("da/dz[1][1]: mine's derivative says nan at z = 0.3775")
    assert not all(array.agrees for array in found.arrays)


# Large networks


def test_progress_is_told_after_each_neuron():
    told = []
    gradient_check(TWO, lambda done, total: told.append((done, total)))
    assert told == [(3, 12), (6, 12), (9, 12), (12, 12)]


def test_what_would_take_hours_is_sampled(monkeypatch):
    network = small_network(TANH, TANH, SQUARED_ERROR, SINGLE[0])
    wide = Network.create([30, 40, 3], activation="tanh", loss="squared_error", seed=0)
    network = replace(wide, example=replace(network.example, inputs=np.ones((1, 30))))
    monkeypatch.setattr(module, "MOST_WORK", module._work(module.Trace(network)) / 4)
    found = gradient_check(network)
    checked, size = (sum(getattr(array, field) for array in found.arrays) for field in ("checked", "size"))
    assert size == 1363
    assert checked == 40 * 8 + 3 * 11
    assert found.agrees
    assert found == gradient_check(network)  # the same sample each time


def test_a_formula_of_a_tall_softmax_is_looked_at_in_part():
    n = 40
    example = Example(np.ones((1, 2)), np.eye(n)[:1], 0.1)
    network = replace(Network.create([2, n], loss="cross_entropy", seed=0), example=example)
    assert gradient_check(network).agrees
    swapped = replace(SOFTMAX, name="mine", formula=lambda z, j: E_CONSTANT ** z[j])
    layers = (replace(network.layers[0], activation=swapped),)
    assert str(gradient_check(replace(network, layers=layers)).fault.quantity) == "a[1][1]"
