"""What keeps a difference from telling the truth, kinks, rounding, overflow: it is named, and nobody is accused."""

from dataclasses import replace

import numpy as np
import pytest
from networks import SINGLE, of_one_neuron, small_network, with_activations

from workings.algebra.expression import Cases, Condition, expr
from workings.derivation.gradient_check import gradient_check
from workings.network.activations import IDENTITY, RELU, SIGMOID, SOFTMAX, TANH
from workings.network.losses import CROSS_ENTROPY, LOSSES, SQUARED_ERROR
from workings.network.network_file import load


def test_a_kink_is_named_and_not_held_against_the_activation():
    network = load("two-two-two")
    network.parameters.b[0][0] = -(0.05 * 0.15 + 0.10 * 0.20)
    found = gradient_check(with_activations(network, RELU, SIGMOID))
    assert found.agrees
    assert found.obstacle.sentence == "z[1][1] = 0 sits on the kink of relu"
    assert [array.hidden for array in found.arrays] == [2, 1, 0, 0]
    assert all(array.agrees for array in found.arrays)


@pytest.mark.parametrize("distance", [1e-7, 1e-9, -1e-8])
def test_next_to_a_kink_is_no_better(distance):
    found = gradient_check(of_one_neuron(RELU, distance, target=1.0))
    assert found.agrees
    assert "so near the kink of relu at 0 that every step crosses it" in found.obstacle.sentence


@pytest.mark.parametrize("distance", [1e-2, 1e-4, -1e-4])
def test_a_little_beside_a_kink_finer_steps_can_tell(distance):
    found = gradient_check(of_one_neuron(RELU, distance, target=1.0))
    assert found.agrees
    assert found.obstacle is None
    wrong = replace(RELU, derivative=lambda z, a: 1.001 * (z > 0) + 0.001 * (z <= 0))
    assert not gradient_check(of_one_neuron(wrong, distance, target=1.0)).agrees


def test_a_kink_that_the_record_does_not_name_is_found():
    mine = replace(RELU, name="mine", kinks=())
    found = gradient_check(of_one_neuron(mine, 0.0, target=1.0))
    assert found.agrees
    assert "z[1][1] = 0 sits on a kink of mine or next to one: the slope jumps from 0 to 1" in found.obstacle.sentence
    assert "kinks=" in found.obstacle.sentence


def test_on_a_kink_a_slope_that_neither_side_has_is_wrong():
    mine = replace(RELU, name="mine", derivative=lambda z, a: 1.0 * (z > 0) + 5.0 * (z == 0))
    found = gradient_check(of_one_neuron(mine, 0.0, target=1.0))
    assert found.fault.sentence.startswith("da/dz[1][1]: mine's derivative says 5.000 at z = 0, but")


def test_any_slope_between_the_two_sides_of_a_kink_will_do():
    mine = replace(RELU, name="mine", derivative=lambda z, a: 1.0 * (z > 0) + 0.5 * (z == 0))
    written = replace(mine, derivative_formula=lambda z, a: Cases(((expr(0.5), Condition(z, "=", expr(0))),), expr(1)))
    assert gradient_check(of_one_neuron(written, 0.0, target=1.0)).agrees
    # but a lesson that shows another number than it computes is wrong, on a kink as elsewhere
    assert gradient_check(of_one_neuron(mine, 0.0, target=1.0)).fault.sentence == (
        "da/dz[1][1]: mine's derivative_formula gives 0.000 at z = 0, but its derivative is 0.5000"
    )


KINKED = [("absolute_error", 0.75, 0.75), ("hinge", 1.0, 1.0), ("hinge", -1.0, -1.0)]
each_kink = pytest.mark.parametrize(("name", "target", "kink"), KINKED)


@each_kink
def test_an_output_on_a_kink_of_the_loss_is_no_mistake(name, target, kink):
    found = gradient_check(of_one_neuron(IDENTITY, kink, target, LOSSES[name]))
    assert found.agrees
    assert all(array.agrees for array in found.arrays)
    if name != "absolute_error":  # there the mean of both sides is what is said, 0
        assert found.obstacle.sentence == f"a[1][1] = {kink:g} sits on the kink of {name}"


@each_kink
@pytest.mark.parametrize("distance", [1e-7, -1e-9, 3e-8])
def test_so_near_a_kink_of_the_loss_that_every_step_crosses_it(name, target, kink, distance):
    found = gradient_check(of_one_neuron(IDENTITY, kink + distance, target, LOSSES[name]))
    assert found.fault is None
    assert f"so near the kink of {name} at {kink:g} that every step crosses it" in found.obstacle.sentence


@each_kink
@pytest.mark.parametrize("distance", [0.3, 1e-2, 1e-3, -1e-2, -1e-3])
def test_a_little_beside_a_kink_of_the_loss_nobody_wrong_escapes(name, target, kink, distance):
    loss = LOSSES[name]
    found = gradient_check(of_one_neuron(IDENTITY, kink + distance, target, loss))
    assert (found.fault, found.obstacle) == (None, None)
    wrong = replace(loss, name="mine", derivative=lambda y, a, n: 1.001 * loss.derivative(y, a, n) + 0.003)
    found = gradient_check(of_one_neuron(IDENTITY, kink + distance, target, wrong))
    assert found.fault.sentence.startswith("dC/da[1][1]: mine's derivative says")
    assert not all(array.agrees for array in found.arrays)


@pytest.mark.parametrize("off_by", [1.0, -1.0, 1.0 + 1e-7, 1.0 - 1e-5, -1.0 + 1e-6, -1.001])
def test_where_only_the_slope_bends_differences_can_tell(off_by):
    huber = LOSSES["huber"]
    found = gradient_check(of_one_neuron(IDENTITY, 0.25 + off_by, 0.25, huber))
    assert (found.fault, found.obstacle) == (None, None)
    wrong = replace(huber, name="mine", derivative=lambda y, a, n: 1.001 * huber.derivative(y, a, n))
    assert not gradient_check(of_one_neuron(IDENTITY, 0.25 + off_by, 0.25, wrong)).agrees


def test_a_kink_that_a_loss_does_not_name_is_found():
    mine = replace(LOSSES["hinge"], name="mine", kinks=lambda y: ())
    found = gradient_check(of_one_neuron(IDENTITY, 1.0, 1.0, mine))
    assert found.agrees
    assert "a[1][1] = 1 sits on a kink of mine or next to one: the slope jumps from -1 to 0" in found.obstacle.sentence
    assert "kinks=lambda y: (y,)" in found.obstacle.sentence


def test_on_a_kink_of_a_loss_a_slope_that_neither_side_has_is_wrong():
    loss = LOSSES["absolute_error"]
    mine = replace(loss, name="mine", derivative=lambda y, a, n: loss.derivative(y, a, n) + 5.0 * (a == y))
    found = gradient_check(of_one_neuron(IDENTITY, 0.75, 0.75, mine))
    assert found.fault.sentence.startswith("dC/da[1][1]: mine's derivative says 5.000 at y = 0.75, a = 0.75, but")


@pytest.mark.parametrize("z", [25.0, 40.0, 700.0])
def test_saturation_is_named(z):
    found = gradient_check(of_one_neuron(SIGMOID, z, target=0.5))
    assert found.agrees
    assert found.obstacle.sentence.startswith("a[1][1] = ")
    assert found.obstacle.sentence.endswith("cannot be seen by differences")


def test_a_saturated_number_is_one_to_16_digits():
    found = gradient_check(of_one_neuron(SIGMOID, 40.0, target=0.5))
    assert found.obstacle.sentence == ("a[1][1] = 1 to 16 digits; da/dz[1][1] = 4.2e-18 cannot be seen by differences")
    assert [array.hidden for array in found.arrays] == [1, 1]


def test_a_saturated_softmax_is_named_by_an_entry_of_its_jacobian():
    network = small_network(TANH, SOFTMAX, SQUARED_ERROR, SINGLE[0])
    network.parameters.b[1][:] = [0.0, 50.0, -20.0]
    found = gradient_check(network)
    assert found.agrees
    assert "da/dz[2][1,1]" in found.obstacle.sentence


def test_a_gradient_lost_in_a_large_objective_is_named():
    network = small_network(IDENTITY, IDENTITY, SQUARED_ERROR, SINGLE[0])
    network.parameters.W[1][:] *= 1e-9
    targets = network.parameters.b[1][None, :] + np.array([[1e4, 0.0, 0.0]])
    network = replace(network, example=replace(network.example, targets=targets))
    found = gradient_check(network)
    assert found.agrees
    assert "is lost in the rounding of an objective of 1e+08" in found.obstacle.sentence


def test_overflow_is_nobodys_mistake():
    found = gradient_check(of_one_neuron(IDENTITY, 1e200, target=0.0))
    assert found.agrees
    assert found.arrays == ()
    assert found.obstacle.sentence.startswith("C[1] is too large for a float64")
    growing = replace(IDENTITY, name="mine", value=np.exp)
    assert gradient_check(of_one_neuron(growing, 1000.0)).obstacle.sentence.startswith("a[1][1] is too large")


def test_a_target_reached_exactly_at_the_limit_of_a_loss_is_left_alone():
    found = gradient_check(of_one_neuron(SIGMOID, 40.0, target=1.0, loss=CROSS_ENTROPY))
    assert found.agrees
