"""Which activations dropout leaves out: the same whenever and wherever they are asked for, and as many as it says."""

from dataclasses import replace

import numpy as np
import pytest

from workings.derivation.trace import Trace
from workings.engine.descent import backward, forward
from workings.errors import AddressError, InputError
from workings.network import reference
from workings.network.activations import ACTIVATIONS
from workings.network.dropout import drawn, dropped, keys, mask, scales_of
from workings.network.network import Example, Network, Parameters
from workings.network.network_dump import dump
from workings.network.network_file import load, load_text
from workings.network.quantity import parse_address


def a_network(rate=0.3, sizes=(3, 50, 40, 2), **settings):
    return Network.create(list(sizes), activation="tanh", dropout=rate, seed=5, **settings)


def test_the_numbers_are_those_of_splitmix64():
    # the first three of seed 0, as implementations of it are compared by
    found = drawn(np.zeros(3, np.uint64), np.arange(3, dtype=np.uint64))
    assert [hex(number) for number in found.tolist()] == [
        "0xe220a8397b1dcdaf",
        "0x6e789e6aa1b965f4",
        "0x6c45d188009454f",
    ]


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_as_many_are_left_out_as_the_rate_says(rate):
    kept = np.concatenate([mask(a_network(rate), 1, 40, update).ravel() for update in range(1, 51)])
    assert np.isin(kept, (0.0, 1.0)).all()
    assert kept.mean() == pytest.approx(1 - rate, abs=4 * np.sqrt(rate * (1 - rate) / len(kept)))
    assert np.corrcoef(kept[:-1], kept[1:])[0, 1] == pytest.approx(0.0, abs=0.02)


def test_a_mask_depends_on_seed_update_layer_place_and_neuron_and_on_nothing_else():
    network = a_network(sizes=(3, 40, 40, 2))
    found = mask(network, 1, 6, 9)
    assert np.array_equal(found, mask(network, 1, 6, 9))
    assert np.array_equal(found[:4], mask(network, 1, 4, 9))  # the last batch of an epoch may be smaller
    others = mask(network, 1, 6, 10), mask(network, 2, 6, 9), mask(replace(network, dropout_seed=6), 1, 6, 9)
    for other in (*others, found[::-1], found[:, ::-1]):
        assert 0.3 < np.mean(other == found) < 0.9
    assert np.array_equal(keys(network, np.arange(1, 20))[8], keys(network, np.array([9]))[0])


def test_what_is_kept_grows_and_layers_without_dropout_stay():
    network = a_network(0.75, dtype=np.float32)
    nothing, first, second, output = scales_of(network, 4, 1)
    assert nothing is None and output is None
    assert first.dtype == np.float32 and set(np.unique(first).tolist()) == {0.0, 4.0} == set(np.unique(second).tolist())
    assert scales_of(a_network(0.0), 4, 1) == ()


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_what_is_left_out_is_0_however_large_it_was(dtype):
    numbers, scale = np.array([np.inf, np.nan, -np.inf, 3.0, -3.0], dtype), np.array([0.0, 0.0, 0.0, 2.0, 2.0], dtype)
    found = dropped(numbers, scale)
    assert found.tolist() == [0.0, 0.0, 0.0, 6.0, -6.0] and found.dtype == dtype
    assert dropped(numbers, np.array([2.0, 2.0, 2.0, 0.0, 2.0], dtype)).tolist()[::2] == [np.inf, -np.inf, -6.0]
    assert dropped(numbers, None) is numbers


def test_engine_reference_and_trace_agree_on_an_infinite_activation_that_is_left_out():
    growing = replace(ACTIVATIONS["exponential"], name="mine", value=np.exp, derivative=lambda z, a: a)
    network = Network.create([2, 6, 1], activation="tanh", loss="half_squared_error", dropout=0.5, seed=0)
    hidden, output = network.layers
    X, Y = np.array([[1.0, 0.5]]), np.array([[0.3]])
    network = replace(network, layers=(replace(hidden, activation=growing), output), example=Example(X, Y, 0.1))
    scales = scales_of(network, 1, 1)
    left_out = scales[1][0] == 0.0
    assert left_out.any() and not left_out.all()
    network.parameters.W[0][left_out] = 1e4
    gradient = Parameters(np.zeros_like(network.parameters.flat), network.sizes)
    with np.errstate(over="ignore"):
        Z, A = forward(network, X, scales)
        backward(network, Z, A, Y, gradient, scales=scales)
        expected = reference.run(network, X, Y, scales=scales)
        assert np.isinf(growing.value(Z[0])[0][left_out]).all()
    for found in (A[1], expected.A[1], expected.delta[1]):
        assert not found[0][left_out].any() and np.isfinite(found).all()
    assert np.allclose(gradient.flat, expected.gradient.flat, rtol=1e-12, atol=0.0) and gradient.flat.any()
    trace = Trace(network)
    assert np.isinf(trace.value(parse_address("f[1]"))[left_out]).all()
    for address in ("a[1]", "da/dz[1]", "delta[1]"):
        assert not trace.value(parse_address(address))[left_out].any()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate": 1.0}, "the dropout of layer 1 is 1.0, but must be a share of at least 0 and below 1"),
        ({"rate": -0.1}, "the dropout of layer 1 is -0.1"),
        ({"rate": float("nan")}, "the dropout of layer 1 is nan"),
        ({"rate": "half"}, "the dropout of layer 1 is 'half'"),
    ],
)
def test_shares_that_are_none(changes, message):
    with pytest.raises(InputError, match=message):
        a_network(**changes)


def test_where_nothing_can_be_left_out():
    network = a_network()
    *hidden, output = network.layers
    with pytest.raises(InputError, match="layer 3 is the output layer, so it has no dropout"):
        replace(network, layers=(*hidden, replace(output, dropout=0.1)))
    with pytest.raises(InputError, match=r"dropout is 0\.5, but there is no hidden layer"):
        Network.create([2, 3], dropout=0.5)
    with pytest.raises(InputError, match="the outputs of softmax share one whole"):
        Network.create([2, 3, 2], activation="softmax", dropout=0.5)
    with pytest.raises(InputError, match="dropout_seed is -1, but must be a whole number"):
        replace(network, dropout_seed=-1)
    with pytest.raises(AddressError, match="layer 2 has no dropout, so there is no such number"):
        Trace(load("two-two-two")).value(parse_address("mask[2][1]"))


def test_network_files_hold_it_by_layers_or_for_all_hidden_ones():
    by_name = load_text("dropout = 0.25\ndropout_seed = 3\n" + "\n".join(NAMED))
    assert [layer.dropout for layer in by_name.layers] == [0.25, 0.0]
    again = load_text(dump(by_name))
    assert [layer.dropout for layer in again.layers] == [0.25, 0.0]
    assert again.dropout_seed == by_name.dropout_seed == 3
    with pytest.raises(InputError, match=r"dropout_seed must be a whole number, but is 0\.5"):
        load_text("dropout_seed = 0.5\n" + "\n".join(NAMED))


NAMED = (
    "inputs = [1.0]",
    "targets = [0.5]",
    "learning_rate = 0.1",
    'loss = "half_squared_error"',
    "sizes = [1, 1, 1]",
    'activation = "tanh"',
    "[values]",
    '"w^1_11" = 0.1',
    '"w^2_11" = 0.2',
    '"b^1_1" = 0.3',
    '"b^2_1" = 0.4',
)
