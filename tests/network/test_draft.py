"""Drafts: networks to fill in that work as they are."""

from dataclasses import replace

import numpy as np
import pytest

from workings.errors import InputError
from workings.network import reference
from workings.network.activations import ACTIVATIONS
from workings.network.draft import draft
from workings.network.losses import LOSSES
from workings.network.network_dump import dump
from workings.network.network_file import load_text, remarks

PAIRS = [
    (activation.name, loss.name)
    for loss in LOSSES.values()
    for activation in ACTIVATIONS.values()
    if loss.takes(activation)
]


@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_every_draft_can_be_read_and_has_nothing_to_remark(activation, loss):
    for seed in range(5):
        network = load_text(dump(draft([3, 4, 2], output_activation=activation, loss=loss, seed=seed)))
        assert remarks(network) == remarks(replace(network, example=None))  # nothing about its numbers
        done = reference.run(network, network.example.inputs, network.example.targets)
        assert np.isfinite(done.gradient.flat).all()


@pytest.mark.parametrize("sizes", [[1, 1], [2, 3, 1], [50, 40, 30]])
def test_numbers_are_short_and_none_is_zero(sizes):
    network = draft(sizes, seed=1)
    for numbers in (network.parameters.flat, network.example.inputs, network.example.targets):
        assert np.array_equal(numbers, np.round(numbers, 2))
        assert (numbers != 0).all()
        assert (np.abs(numbers) < 2).all()


def test_a_class_is_right_where_the_outputs_share_one_whole():
    network = draft([2, 3], loss="cross_entropy", seed=0)
    assert sorted(network.example.targets[0]) == [0.0, 0.0, 1.0]


def test_the_same_seed_draws_the_same_numbers_and_another_one_others():
    one, same, other = (draft([2, 3, 1], seed=seed) for seed in (1, 1, 2))
    assert one.parameters.flat.tolist() == same.parameters.flat.tolist()
    assert one.example.inputs.tolist() == same.example.inputs.tolist()
    assert one.parameters.flat.tolist() != other.parameters.flat.tolist()


@pytest.mark.parametrize(
    ("sizes", "options", "fragment"),
    [
        ([2], {}, "two or more"),
        ([0, 3], {}, "at least 1"),
        ([10**9, 10**9], {}, "weights and biases; a file to fill in can have"),
        ([2, 1], {"activation": "sigmod"}, "Did you mean 'sigmoid'?"),
        ([2, 1], {"notation": "netout"}, "Did you mean 'net-out'?"),
        ([2, 1], {"loss": "cross_entropy", "output_activation": "identity"}, "softmax goes with this loss"),
        ([2, 1], {"loss": "cross_entropy"}, "layer 1 would have one softmax neuron, which is always 1"),
    ],
)
def test_what_cannot_be_drafted_is_refused(sizes, options, fragment):
    with pytest.raises(InputError) as caught:
        draft(sizes, **options)
    assert fragment in str(caught.value)
