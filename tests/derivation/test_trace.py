"""The numbers of a training step, looked up."""

from dataclasses import replace

import numpy as np
import pytest

from workings.derivation.trace import Trace, at_update
from workings.errors import AddressError, InputError
from workings.network import reference
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.quantity import Quantity, parse_address


def test_a_network_without_an_example_has_no_numbers():
    with pytest.raises(InputError, match="no example to work through"):
        Trace(Network.create([2, 2]))


def test_numbers_are_floats_and_wholes_are_arrays():
    trace = Trace(load("two-two-two"))
    assert type(trace[parse_address("z[1][1]")]) is float
    assert type(trace[Quantity("C")]) is float
    assert type(trace[Quantity("eta")]) is float
    assert trace[Quantity("l2")] == 0.0
    assert trace[Quantity("z", 1)].shape == (2,)
    assert trace[Quantity("x")].tolist() == [0.05, 0.1]
    assert trace[Quantity("W", 2)].shape == (2, 2)


def test_what_comes_through_one_output_adds_up():
    for name in ("two-two-two", "tanh-softmax", "deep-four"):
        trace = Trace(load(name))
        n_outputs = trace.network.sizes[-1]
        sample = 0 if trace.example.is_batch else None
        for layer in range(1, trace.network.depth + 1):
            for kind in ("dC/da", "delta"):
                shares = [trace[Quantity(kind, layer, (), sample, k)] for k in range(n_outputs)]
                assert sum(shares) == pytest.approx(trace[Quantity(kind, layer, (), sample)], rel=1e-12)


def test_a_zero_has_no_sign():
    network = load("two-two-two")
    example = replace(network.example, targets=np.array([[0.0, 0.0]]))
    trace = Trace(replace(network, example=example))
    share = trace[parse_address("dC[2]/da[2][1]")]
    assert str(share) == "0.0"


def test_float32_numbers_keep_the_digits_they_are_written_with():
    network = load("two-two-two")
    single = network.with_parameters(network.parameters.flat.astype(np.float32))
    assert Trace(single)[parse_address("W[1][1,1]")] == 0.15


def test_a_quantity_that_is_not_there_is_refused():
    with pytest.raises(AddressError, match="layers of this network are numbered 1 to 2"):
        Trace(load("two-two-two"))[parse_address("z[3][1]")]


def test_the_objective_adds_the_penalty():
    trace = Trace(load("deep-four"))
    assert trace[Quantity("R")] > 0
    assert trace[Quantity("J")] == trace[Quantity("C")] + trace[Quantity("R")]


def test_an_update_starts_from_the_numbers_of_the_one_before():
    network = load("two-two-two")
    second, third = (at_update(Trace(network), update) for update in (2, 3))
    assert (second.update, third.update) == (2, 3)
    for layer in (1, 2):
        for kind in ("W", "b"):
            assert np.array_equal(third[Quantity(kind, layer)], second[Quantity(f"{kind}+", layer)])
    assert reference.objective(third.network, network.example.inputs, network.example.targets) < 0.2911


def test_numbers_of_another_update_are_refused():
    trace = Trace(load("two-two-two"))
    assert trace[parse_address("z[1][1]#1")] == trace[parse_address("z[1][1]")]
    with pytest.raises(AddressError, match="these are the numbers of update 1"):
        trace[parse_address("z[1][1]#500")]


def test_one_gradient_is_worked_out_without_those_of_other_layers():
    network = load("deep-four")
    for address in ("dC/dW[2][1,1]", "W+[2][1,1]", "b+[3][2]"):
        trace = Trace(network)
        assert trace[parse_address(address)] == Trace(network).value(parse_address(address))
        assert "numbers" not in vars(trace)
    trace = Trace(network)
    gradient = trace.numbers.gradient
    for layer in range(1, network.depth + 1):
        assert np.array_equal(trace[Quantity("dC/dW", layer)], gradient.W[layer - 1])
        assert np.array_equal(trace[Quantity("dC/db", layer)], gradient.b[layer - 1])


def test_updates_count_from_one():
    with pytest.raises(InputError, match="counted from 1"):
        at_update(Trace(load("two-two-two")), 0)


def test_biases_that_are_not_trained_stay():
    trace = Trace(load("two-two-two"))
    assert trace[Quantity("b+", 1)].tolist() == trace[Quantity("b", 1)].tolist() == [0.35, 0.35]
    assert trace[parse_address("dC/db[1][1]")] != 0.0


def test_the_published_run_of_two_two_two():
    network = load("two-two-two")
    X, Y = network.example.inputs, network.example.targets
    assert reference.objective(network, X, Y) == pytest.approx(0.298371109, abs=5e-10)
    assert reference.objective(at_update(Trace(network), 2).network, X, Y) == pytest.approx(0.291027774, abs=5e-10)
