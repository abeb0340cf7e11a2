"""Pairs: one step gives what the two slopes give one after the other, and also where those have lost their digits."""

import numpy as np
import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Reference
from workings.network.activations import ACTIVATIONS, SIGMOID, SOFTMAX
from workings.network.losses import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, LOSSES
from workings.network.pairs import PAIRS

each_pair = pytest.mark.parametrize("pair", PAIRS.values(), ids=lambda pair: f"{pair.activation}, {pair.loss}")


@each_pair
def test_a_pair_gives_what_loss_and_activation_give_one_after_the_other(pair):
    loss, output = LOSSES[pair.loss], ACTIVATIONS[pair.activation]
    y, z = np.array([[0.2, 0.5, 0.3], [1.0, 0.0, 1.0]]), np.array([[-1.0, 0.5, 2.0], [0.3, 0.1, -0.2]])
    a = output.value(z)
    dC_da, slope = loss.derivative(y, a, 3), output.derivative(z, a)
    chained = np.einsum("nkj,nk->nj", slope, dC_da) if output.scope == "layer" else dC_da * slope
    assert pair.value(y, z, a) == pytest.approx(loss.value(y, a, 3), rel=1e-13)
    assert pair.delta(y, z, a) == pytest.approx(chained, rel=1e-12)


@each_pair
def test_the_short_formula_is_the_plain_difference(pair):
    y, a = [Reference("y1"), Reference("y2")], [Reference("a1"), Reference("a2")]
    numbers = {"y1": 0.25, "y2": 0.75, "a1": 0.5, "a2": 0.5}
    assert evaluate(pair.formula(y, a, 1), numbers.__getitem__) == -0.25


@pytest.mark.parametrize("pair", [pair for pair in PAIRS.values() if ACTIVATIONS[pair.activation].range == (0, 1)])
@pytest.mark.parametrize("size", [40.0, 1000.0])
def test_a_pair_learns_where_the_output_is_sure_and_wrong(pair, size):
    y, z = np.array([[0.0, 1.0]]), np.array([[size, -size]])
    a = ACTIVATIONS[pair.activation].value(z)
    assert pair.delta(y, z, a)[0] == pytest.approx([1.0, -1.0])
    assert np.isfinite(pair.value(y, z, a)).all()
    assert pair.value(y, z, a).sum() == pytest.approx(2 * size)
    right = pair.delta(y[:, ::-1], z, a)[0]
    assert np.all(np.abs(right) <= np.exp(-min(size, 40.0)) * 1.001)


@pytest.mark.parametrize("z", [-1000.0, -40.0])
def test_an_expected_count_near_0_learns_as_well_as_any_other(z):
    pair, at, y = PAIRS["exponential", "poisson"], np.array([[z]]), np.array([[3.0]])
    a = ACTIVATIONS["exponential"].value(at)
    assert pair.delta(y, at, a) == pytest.approx(-3.0)
    assert pair.value(y, at, a) == pytest.approx(-3.0 * z)


def test_softmax_with_cross_entropy_simplifies_only_for_targets_that_add_up_to_1():
    pair = PAIRS[SOFTMAX.name, CROSS_ENTROPY.name]
    assert pair.holds(np.array([0.1, 0.2, 0.7]))
    assert not pair.holds(np.array([1.0, 1.0, 0.0]))
    assert PAIRS[SIGMOID.name, BINARY_CROSS_ENTROPY.name].holds(np.array([1.0, 1.0, 0.3]))
