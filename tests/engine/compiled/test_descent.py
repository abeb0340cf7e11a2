"""Law 2 for compiled code: its updates are those of the reference pass, for every record, on any number of threads."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from networks import FITTING
from updates import HIDDEN, a_network, assert_updates_are_the_reference_pass_s, some_data

from workings.engine.choice import is_compilable
from workings.engine.compiled.batchwise import Batchwise
from workings.engine.compiled.descent import CompiledDescent
from workings.engine.descent import Descent, Seen
from workings.engine.pace import Pace
from workings.errors import DivergenceError, InputError
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.clipping import clipping_of
from workings.network.losses import LOSSES
from workings.network.network import Network
from workings.network.optimizers import ADAM, MOMENTUM, OPTIMIZERS, SGD

COMPILED_ENDS = [
    (output, loss)
    for output, loss in FITTING
    if is_compilable(Network.create([2, 2], output_activation=output, loss=loss))
]


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda record: record.name)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_hidden_activation(hidden, dtype):
    for reduction, l2 in product(("mean", "sum"), (0.0, 0.1)):
        output, loss = LOSSES["half_squared_error"].output, "half_squared_error"
        assert_updates_are_the_reference_pass_s(a_network(hidden, output, loss, dtype, reduction=reduction, l2=l2))


@pytest.mark.parametrize(("output", "loss"), COMPILED_ENDS, ids=lambda record: record.name)
@pytest.mark.parametrize("dtype", [np.float64, pytest.param(np.float32, marks=pytest.mark.long)])
def test_every_output_with_every_loss(output, loss, dtype):
    for reduction, l2 in (("mean", 0.1), ("sum", 0.0)):
        assert_updates_are_the_reference_pass_s(a_network("tanh", output, loss, dtype, reduction=reduction, l2=l2))


@pytest.mark.parametrize("n_outputs", [2, 5, 8, 9, 16, 17])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_rows_of_softmax_shorter_and_longer_than_a_vector(n_outputs, dtype):
    network = a_network("tanh", "softmax", "cross_entropy", dtype, sizes=(3, 4, n_outputs))
    sure = network.with_parameters((20 * network.parameters.flat).astype(dtype))  # some outputs are nearly 1
    for each in (network, sure):
        assert_updates_are_the_reference_pass_s(each)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=lambda record: record.name)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_every_optimizer(optimizer, dtype):
    for l2 in (0.0, 0.1):
        network = a_network("tanh", None, "half_squared_error", dtype, l2=l2)
        assert_updates_are_the_reference_pass_s(network, optimizer=optimizer)


@pytest.mark.parametrize("n_threads", [1, 3])
def test_optimizers_share_an_update_too_and_leave_untrained_biases(n_threads):
    network = replace(a_network("tanh", None, "half_squared_error"), train_biases=False)
    X, Y = some_data(network)
    compiled, plain = (
        CompiledDescent(network, ADAM, 0.01, (X, Y), 4, n_threads),
        Descent(network, ADAM, 0.01, (X, Y), 4),
    )
    for descent in (compiled, plain):
        descent.advance(np.tile(np.arange(11), 5), Seen())
    assert compiled.network.parameters.flat == pytest.approx(plain.network.parameters.flat, rel=1e-9)


@pytest.mark.parametrize("optimizer", [SGD, MOMENTUM, ADAM], ids=lambda record: record.name)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_weights_that_pay_for_their_size(optimizer, dtype):
    for l1, l2 in ((0.1, 0.0), (0.1, 0.2)):
        network = a_network("tanh", None, "half_squared_error", dtype, l1=l1, l2=l2)
        flat = network.parameters.flat.copy()
        flat[3] = 0.0
        assert_updates_are_the_reference_pass_s(network.with_parameters(flat), optimizer=optimizer)


@pytest.mark.parametrize("bounds", [{"clip_norm": 0.1}, {"clip_norm": 100.0}, {"clip_value": 0.02}], ids=str)
@pytest.mark.parametrize("optimizer", [SGD, ADAM], ids=lambda record: record.name)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_gradients_that_are_clipped(bounds, optimizer, dtype):
    clipped = replace(optimizer, clipping=clipping_of(**bounds))
    for l1, l2, batch_size in ((0.0, 0.0, 1), (0.1, 0.2, 4)):
        network = a_network("tanh", None, "half_squared_error", dtype, l1=l1, l2=l2)
        assert_updates_are_the_reference_pass_s(network, batch_size, optimizer=clipped)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("hidden", ["tanh", "relu"])
def test_activations_that_are_left_out(hidden, dtype):
    for optimizer, batch_size, dropout in ((SGD, 4, 0.4), (ADAM, 1, 0.4), (SGD, 4, 1e-20)):  # the last draws none ever
        network = a_network(hidden, None, "half_squared_error", dtype, dropout=dropout)
        assert_updates_are_the_reference_pass_s(network, batch_size, optimizer=optimizer)


@pytest.mark.parametrize("sizes", [(5, 20, 30, 2), (17, 43, 2), (9, 40, 24, 3), (30, 42, 22, 3)])
def test_threads_leave_out_the_same_ones(sizes):
    network = a_network("tanh", None, "half_squared_error", sizes=sizes, dropout=0.5)
    data, order = some_data(network, 50), np.tile(np.arange(50), 3)
    plain = Descent(network, SGD, 0.05, data, 8)
    plain.advance(order, Seen())
    for n_threads in (1, 3):
        descent = CompiledDescent(network, SGD, 0.05, data, 8, n_threads)
        for rows in (order[:80], order[80:]):
            descent.advance(rows, Seen())
        assert descent.network.parameters.flat == pytest.approx(plain.network.parameters.flat, rel=1e-10, abs=1e-13)
        assert descent.measure(order[:50])[0] == pytest.approx(plain.measure(order[:50])[0])  # nothing left out there


@pytest.mark.parametrize("train_biases", [True, False])
@pytest.mark.parametrize("sizes", [(3, 4, 5, 3), (1, 1), (700, 599, 2)])
def test_threads_agree_on_the_norm(train_biases, sizes):
    network = replace(a_network("tanh", None, "half_squared_error", sizes=sizes, l2=0.01), train_biases=train_biases)
    data, clipped = some_data(network, 50), replace(MOMENTUM, clipping=clipping_of(clip_norm=0.05))
    order = np.random.default_rng(0).permutation(np.tile(np.arange(50), 2))
    plain = Descent(network, clipped, 0.05, data, 20)
    plain.advance(order, Seen())
    results = []
    for n_threads in (1, 3, 3):
        descent = CompiledDescent(network, clipped, 0.05, data, 20, n_threads)
        descent.advance(order, Seen())
        results.append(descent.network.parameters.flat)
        assert np.allclose(results[-1], plain.network.parameters.flat, rtol=1e-10, atol=1e-14)
    assert np.array_equal(results[1], results[2])


@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_samples_with_weights(batch_size, dtype):
    weights = np.array([0.5, 2.0, 0.0, 1.0, 3.0, 1.0, 1.0, 0.25, 1.0, 1.0, 4.0])
    weights[2] = 0.1 if batch_size == 1 else 0.0
    for reduction, (output, loss) in product(("mean", "sum"), COMPILED_ENDS[::4]):
        network = a_network("tanh", output, loss, dtype, reduction=reduction, l2=0.1)
        assert_updates_are_the_reference_pass_s(network, batch_size, weights=weights)


@pytest.mark.parametrize("make", [Descent, lambda *a: CompiledDescent(*a, 2)], ids=["numpy", "compiled"])
def test_a_batch_of_which_no_sample_counts_has_no_mean(make):
    network = a_network("tanh", None, "half_squared_error")
    X, Y = some_data(network)
    weights = np.where(np.arange(11) // 4 == 1, 0.0, 1.0)
    descent = make(network, SGD, 0.05, (X, Y, weights), 4)
    with pytest.raises(InputError, match="all 4 samples of update 2 have the weight 0, so the mean of their losses"):
        descent.advance(np.arange(11), Seen())
    summed = make(replace(network, reduction="sum"), SGD, 0.05, (X, Y, weights), 4)
    summed.advance(np.arange(11), Seen())
    assert summed.update == 3


def test_an_optimizer_slightly_off_is_found():
    update = MOMENTUM.update
    planted = replace(MOMENTUM, update=lambda w, g, m, eta, mu: update(w, 1.001 * g, m, eta, mu))
    network = a_network("tanh", None, "half_squared_error")
    data = some_data(network)
    compiled, plain = CompiledDescent(network, planted, 0.01, data, 4, 1), Descent(network, MOMENTUM, 0.01, data, 4)
    for descent in (compiled, plain):
        descent.advance(np.arange(11), Seen())
    assert compiled.network.parameters.flat != pytest.approx(plain.network.parameters.flat, rel=1e-9)


def test_the_law_can_fail():
    network = a_network("tanh", "softmax", "cross_entropy")
    tanh = ACTIVATIONS["tanh"]
    slope = tanh.derivative
    planted = replace(tanh, derivative=lambda z, a: 1.0001 * slope(z, a))
    *hidden, output = network.layers
    layers = (*(replace(layer, activation=planted) for layer in hidden), output)
    X, Y = some_data(network)
    compiled = CompiledDescent(replace(network, layers=layers), SGD, 0.05, (X, Y), 4, 1)
    plain = Descent(network, SGD, 0.05, (X, Y), 4)
    for descent in (compiled, plain):
        descent.advance(np.arange(4), Seen())
    assert np.abs(compiled.network.parameters.flat - plain.network.parameters.flat).max() > 1e-9


def test_what_no_loop_can_do_is_left_to_the_plain_engine():
    left = {(output.name, loss.name) for output, loss in FITTING} - {(o.name, loss.name) for o, loss in COMPILED_ENDS}
    assert left == {("softmax", loss) for loss in LOSSES} - {("softmax", "cross_entropy"), ("softmax", "hinge")}
    assert not is_compilable(Network.create([2, 3, 2], activation="softmax"))


@pytest.mark.parametrize("n_threads", [2, 3])
@pytest.mark.parametrize("sizes", [(3, 4, 5, 3), (1, 1), (17, 43, 2)])
@pytest.mark.parametrize("l1", [0.0, 0.1])
def test_threads_share_an_update_and_change_nothing(n_threads, sizes, l1):
    network = a_network("tanh", None, "half_squared_error", sizes=sizes, l2=0.1, l1=l1)
    X, Y = some_data(network, 50)
    results = []
    for threads in (1, n_threads, n_threads):
        descent = CompiledDescent(network, SGD, 0.05, (X, Y), 7, threads)
        order = np.random.default_rng(0).permutation(np.tile(np.arange(50), 20))
        descent.advance(order, Seen())
        results.append(descent.network.parameters.flat)
    assert results[1] == pytest.approx(results[0], rel=1e-12)
    assert np.array_equal(results[1], results[2])


@pytest.mark.parametrize("l2", [0.0, 0.1])
@pytest.mark.parametrize("dropout", [0.0, 0.4])
@pytest.mark.parametrize("sizes", [(3, 4, 5, 3), (17, 43, 2), (8, 24, 3, 40, 4), (30, 43, 24, 3), (30, 43, 22, 40, 3)])
def test_how_many_threads_share_the_parts_changes_no_bit(monkeypatch, sizes, dropout, l2):
    network = a_network("tanh", None, "half_squared_error", sizes=sizes, l2=l2, dropout=dropout)
    data, results = some_data(network, 50), []
    for n_threads in (1, 2, 3):
        monkeypatch.setattr(Pace, "choose", lambda pace, n_updates, n_threads=n_threads: (n_threads, n_updates))
        descent, seen = CompiledDescent(network, SGD, 0.05, data, 7, 3), Seen()
        descent.advance(np.tile(np.arange(50), 20), seen)
        results.append((*descent.network.parameters.flat, *seen.sums))
    assert results[0] == results[1] == results[2]


def test_the_networks_here_are_cut_in_both_ways():
    by_neuron = [(17, 43, 2), (30, 43, 24, 3), (30, 43, 22, 40, 3), (700, 599, 2), (700, 600, 500, 2)]
    by_samples = [(3, 4, 5, 3), (8, 24, 3, 40, 4), (5, 20, 30, 2)]
    for sizes in by_neuron + by_samples:
        network = a_network("tanh", None, "half_squared_error", sizes=sizes)
        cut = Batchwise(network, SGD, some_data(network), 7, 3)._by_neuron
        assert [*cut] == [False, *[sizes in by_neuron] * (len(sizes) - 2), False], sizes


def test_wide_layers_are_multiplied_block_by_block_and_say_the_same():
    network = a_network("relu", None, "half_squared_error", sizes=(700, 600, 500, 2))
    X, Y = some_data(network, 128)
    compiled, plain = CompiledDescent(network, SGD, 1e-3, (X, Y), 128, 2), Descent(network, SGD, 1e-3, (X, Y), 128)
    for descent in (compiled, plain):
        descent.advance(np.tile(np.arange(128), 3), Seen())
    assert np.allclose(compiled.network.parameters.flat, plain.network.parameters.flat, rtol=1e-9, atol=1e-12)


def test_biases_that_are_not_trained_stay():
    network = replace(a_network("tanh", None, "half_squared_error"), train_biases=False)
    descent = CompiledDescent(network, SGD, 0.05, some_data(network), 4, 1)
    descent.advance(np.arange(11), Seen())
    for before, after in zip(network.parameters.b, descent.network.parameters.b, strict=True):
        assert np.array_equal(before, after)


def test_the_given_network_and_data_stay_as_they_were():
    network = a_network("tanh", None, "half_squared_error")
    X, Y = some_data(network)
    kept = network.parameters.flat.copy(), X.copy(), Y.copy()
    CompiledDescent(network, SGD, 0.05, (X, Y), 4, 1).advance(np.arange(11), Seen())
    assert all(np.array_equal(a, b) for a, b in zip((network.parameters.flat, X, Y), kept, strict=True))


def test_divergence_is_told_with_the_update_and_the_quantity():
    network = a_network("relu", None, "half_squared_error")
    descent = CompiledDescent(network, SGD, 1e200, some_data(network), 4, 1)
    message = r"diverged at update 1: .*\[.*Try a learning rate smaller"
    with np.errstate(all="ignore"), pytest.raises(DivergenceError, match=message):
        descent.advance(np.arange(11), Seen())
    assert descent.update == 1


def test_infinite_weights_behind_a_saturated_neuron_are_seen():
    network = a_network("sigmoid", "sigmoid", "half_squared_error", sizes=(3, 2))
    X, Y = some_data(network)
    flat = network.parameters.flat.copy()
    flat[0] = np.inf
    descent = CompiledDescent(network.with_parameters(flat), SGD, 0.1, (np.abs(X), Y), 11, 1)
    with np.errstate(all="ignore"), pytest.raises(DivergenceError, match=r"W\[1\]\[1,1\] \(layer 1\) became"):
        descent.advance(np.arange(11), Seen())


def test_a_user_s_own_activation_takes_the_same_path():
    softsign = Activation(
        "my_softsign",
        "s",
        value=lambda z: z / (1 + abs(z)),
        derivative=lambda z, a: 1 / (1 + abs(z)) ** 2,
        formula=lambda z: z / (1 + abs(z)),
        derivative_formula=lambda z, a: 1 / (1 + abs(z)) ** 2,
        range=(-1.0, 1.0),
        because="it dies out slowly",
    )
    for dtype in (np.float64, np.float32):
        assert_updates_are_the_reference_pass_s(a_network(softsign, None, "half_squared_error", dtype))


def test_a_ctrl_c_in_one_thread_does_not_leave_the_others_waiting(monkeypatch):
    network = a_network("tanh", "identity", "half_squared_error")
    compiled = CompiledDescent(network, SGD, 0.01, some_data(network), 4, n_threads=2)
    compiled.advance(np.arange(11), Seen())
    epoch = compiled._numbers._epoch

    def interrupted(*arguments):
        if arguments[-6] == 0:
            raise KeyboardInterrupt
        return epoch(*arguments)

    monkeypatch.setattr(compiled._numbers, "_epoch", interrupted)
    with pytest.raises(KeyboardInterrupt):
        compiled.advance(np.arange(11), Seen())
