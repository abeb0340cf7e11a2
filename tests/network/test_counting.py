"""Weights and neurons counted through all layers, there and back."""

import pytest

from workings.network.counting import neuron_of_number, number_of_neuron, number_of_weight, weight_of_number

EACH = pytest.mark.parametrize("sizes", [(2, 2, 2), (1, 1), (3, 1, 4, 2), (12, 11, 2)])


@EACH
def test_every_weight_has_the_next_number(sizes):
    places = [
        (layer, (j, k)) for layer in range(1, len(sizes)) for j in range(sizes[layer]) for k in range(sizes[layer - 1])
    ]
    assert [number_of_weight(*place, sizes) for place in places] == list(range(len(places)))
    assert [weight_of_number(number, sizes) for number in range(len(places))] == places
    assert weight_of_number(len(places), sizes) is None is weight_of_number(-1, sizes)


@EACH
def test_every_neuron_has_the_next_number(sizes):
    places = [(layer, j) for layer in range(1, len(sizes)) for j in range(sizes[layer])]
    assert [number_of_neuron(*place, sizes) for place in places] == list(range(len(places)))
    assert [neuron_of_number(number, sizes) for number in range(len(places))] == places
