"""The reference pass, beside numbers worked by hand; that it is right for everything there is, the laws say."""

from dataclasses import replace

import numpy as np
import pytest

from workings.network import reference
from workings.network.activations import IDENTITY, RELU, SOFTMAX
from workings.network.losses import CROSS_ENTROPY, SQUARED_ERROR
from workings.network.network import Example, Layer, Network, Parameters
from workings.network.optimizers import ADAM

# 2 inputs, 2 relu neurons, 1 output: small whole numbers
NETWORK = Network(
    (Layer(2, 2, RELU), Layer(2, 1, IDENTITY)),
    Parameters.of([[[1.0, 2.0], [3.0, -4.0]], [[5.0, 6.0]]], [[1.0, 0.0], [-2.0]]),
    SQUARED_ERROR,
)
X = np.array([[1.0, 1.0], [0.0, -1.0]])
Y = np.array([[17.0], [25.0]])
WITH_EXAMPLE = replace(NETWORK, example=Example(X, Y, learning_rate=0.1, is_batch=True))


def test_forward():
    Z, A = reference.forward(NETWORK, X)
    assert Z[1].tolist() == [[4.0, -1.0], [-1.0, 4.0]]
    assert A[1].tolist() == [[4.0, 0.0], [0.0, 4.0]]
    assert A[2].tolist() == [[18.0], [22.0]]
    assert A[0] is X
    assert Z[0].shape == (2, 0)


def test_backward():
    numbers = reference.run(NETWORK, X, Y)
    assert numbers.dC_da[2].tolist() == [[2.0], [-6.0]]
    assert numbers.delta[2].tolist() == [[2.0], [-6.0]]
    assert numbers.dC_da[1].tolist() == [[10.0, 12.0], [-30.0, -36.0]]
    assert numbers.delta[1].tolist() == [[10.0, 0.0], [0.0, -36.0]]
    assert numbers.delta[0].shape == (2, 0)


def test_the_mean_of_the_samples_gradients():
    gradient = reference.run(NETWORK, X, Y).gradient
    assert gradient.W[1].tolist() == [[4.0, -12.0]]
    assert gradient.b[1].tolist() == [-2.0]
    assert gradient.W[0].tolist() == [[5.0, 5.0], [0.0, 18.0]]
    assert gradient.b[0].tolist() == [5.0, -18.0]


def test_the_sum_of_the_samples_gradients():
    network = replace(NETWORK, reduction="sum")
    mean, total = (reference.run(each, X, Y).gradient.flat for each in (NETWORK, network))
    assert total == pytest.approx(2 * mean)
    assert reference.batch_factor(network, 2) == 1.0
    assert reference.objective(network, X, Y) == 10.0
    assert reference.objective(NETWORK, X, Y) == 5.0


def test_decay_adds_to_the_objective_and_to_the_weights_gradients_alone():
    network = replace(NETWORK, l2=0.5)
    assert reference.penalty(network) == 0.25 * (1 + 4 + 9 + 16 + 25 + 36)
    assert reference.objective(network, X, Y) == 5.0 + reference.penalty(network)
    plain, decayed = (reference.run(each, X, Y).gradient for each in (NETWORK, network))
    assert decayed.W[0] == pytest.approx(plain.W[0] + 0.5 * NETWORK.W(1))
    assert decayed.b[0] == pytest.approx(plain.b[0])


def test_an_update_takes_all_gradients_first():
    gradient = reference.run(NETWORK, X, Y).gradient
    (new,) = reference.updated(WITH_EXAMPLE, gradient, (), 1)
    assert new.flat == pytest.approx(NETWORK.parameters.flat - 0.1 * gradient.flat)
    assert NETWORK.W(2).tolist() == [[5.0, 6.0]]


def test_biases_that_are_not_trained_stay():
    gradient = reference.run(NETWORK, X, Y).gradient
    (new,) = reference.updated(replace(WITH_EXAMPLE, train_biases=False), gradient, (), 1)
    assert [b.tolist() for b in new.b] == [[1.0, 0.0], [-2.0]]
    assert new.W[1].tolist() != [[5.0, 6.0]]


def test_a_whole_layers_slopes_go_through_its_jacobian():
    network = Network((Layer(2, 3, SOFTMAX),), Parameters(np.arange(9.0) / 10, (2, 3)), SQUARED_ERROR)
    Z, A = reference.forward(network, X)
    dC_da = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, -1.0]])
    delta = reference.through_activation(network, 1, Z[1], A[1], dC_da)
    a = A[1]
    assert delta[0] == pytest.approx(a[0, 0] * (np.eye(3)[0] - a[0]))
    assert delta[1] == pytest.approx(a[1, 1] * (np.eye(3)[1] - a[1]) - a[1, 2] * (np.eye(3)[2] - a[1]))


def test_a_pair_takes_its_short_way():
    network = Network((Layer(2, 3, SOFTMAX),), Parameters(np.arange(9.0), (2, 3)), CROSS_ENTROPY)
    Y = np.eye(3)[:2]
    numbers = reference.run(network, 100 * X, Y)
    assert numbers.delta[1][0] == pytest.approx([-1.0, 0.0, 1.0])
    assert np.isfinite(reference.objective(network, 100 * X, Y))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_is_kept(dtype):
    for output, loss in ((IDENTITY, SQUARED_ERROR), (SOFTMAX, CROSS_ENTROPY), (SOFTMAX, SQUARED_ERROR)):
        layers = (NETWORK.layers[0], Layer(2, 1, output))
        network = replace(NETWORK, layers=layers, loss=loss).with_parameters(NETWORK.parameters.flat.astype(dtype))
        numbers = reference.run(network, X.astype(dtype), np.ones((2, 1), dtype))
        assert {array.dtype for array in (*numbers.Z[1:], *numbers.A, *numbers.delta[1:])} == {np.dtype(dtype)}
        assert numbers.gradient.flat.dtype == dtype
        network = replace(network, example=replace(WITH_EXAMPLE.example, optimizer=ADAM))
        made = reference.updated(network, numbers.gradient, reference.first_state(network), 1)
        assert [each.flat.dtype for each in made] == [np.dtype(dtype)] * 3
