"""Every number of a training step has one address, one place in the order, and for counted steps one number."""

from dataclasses import replace

import numpy as np
import pytest
from networks import BATCHES, EXTREME, SINGLE, SPARSE, small_network

from workings.derivation.order import number_of, scalars
from workings.derivation.trace import Trace
from workings.network.activations import IDENTITY, SIGMOID, SOFTMAX, TANH
from workings.network.bounds import shape
from workings.network.clipping import clipping_of
from workings.network.losses import CROSS_ENTROPY, SQUARED_ERROR
from workings.network.network_file import examples, load
from workings.network.notation import has_one_bias
from workings.network.notations import NOTATIONS
from workings.network.optimizers import OPTIMIZERS
from workings.network.quantity import KINDS, OF_A_PARAMETER, format_address, parse_address
from workings.presentation.naming import quantity_named


def weighted(network):
    return replace(network, example=replace(network.example, sample_weights=np.array([1.0, 2.0])))


def with_dropout(network):
    first, last = network.layers
    return replace(network, layers=(replace(first, dropout=0.5), last))


def clipped(network):
    optimizer = replace(OPTIMIZERS["momentum"], clipping=clipping_of(clip_norm=0.1))
    return replace(network, example=replace(network.example, optimizer=optimizer))


NETWORKS = {
    **{name: load(name) for name in examples()},
    **{str(setting): small_network(TANH, IDENTITY, SQUARED_ERROR, setting) for setting in (*BATCHES, *SINGLE, *SPARSE)},
    "with weights of samples": weighted(small_network(TANH, IDENTITY, SQUARED_ERROR, BATCHES[0])),
    "clipped": clipped(small_network(TANH, IDENTITY, SQUARED_ERROR, SINGLE[0])),
    "with dropout": with_dropout(small_network(TANH, IDENTITY, SQUARED_ERROR, BATCHES[0])),
    "softmax twice": small_network(SOFTMAX, SOFTMAX, CROSS_ENTROPY, EXTREME),
    "sigmoid twice": small_network(SIGMOID, SIGMOID, SQUARED_ERROR, BATCHES[0]),
}


def wholes(network):
    """Every vector and matrix that the scalars are entries of, once; what is one number stands for itself."""
    return list(dict.fromkeys(replace(quantity, index=()) for quantity in scalars(network)))


each_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)


@each_network
def test_each_scalar_is_there_once(network):
    found = list(scalars(network))
    assert len(found) == len(set(found)) == len({str(quantity) for quantity in found})


@each_network
def test_every_address_leads_back_to_its_quantity(network):
    for quantity in scalars(network):
        address = format_address(quantity)
        assert parse_address(address) == quantity
        assert parse_address(f" '{address}' ") == quantity


@each_network
def test_addresses_do_without_brackets(network):
    for quantity in scalars(network):
        assert parse_address(format_address(quantity).replace("[", ":").replace("]", "")) == quantity


@each_network
@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=lambda notation: notation.name)
def test_every_name_leads_back_to_its_quantity(network, notation):
    for quantity in scalars(network):
        for name in (notation.text(quantity, network), notation.latex(quantity, network)):
            found = quantity_named(name, network, notation)
            is_one_bias = quantity.kind in ("b", "b+") and has_one_bias(network, quantity.layer)
            assert found == (replace(quantity, index=(0,)) if is_one_bias and found.index == (0,) else quantity), name


@each_network
@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=lambda notation: notation.name)
def test_every_name_of_a_vector_or_matrix_leads_back_to_it(network, notation):
    for quantity in wholes(network):
        for name in (notation.text(quantity, network), notation.latex(quantity, network)):
            assert quantity_named(name, network, notation) == quantity, name


@each_network
@pytest.mark.parametrize("notation", NOTATIONS.values(), ids=lambda notation: notation.name)
def test_no_two_quantities_have_one_name(network, notation):
    numbers = [
        quantity
        for quantity in scalars(network)
        if quantity.kind not in ("b", "b+") or not has_one_bias(network, quantity.layer)
    ]
    named = list(dict.fromkeys([*numbers, *wholes(network)]))
    for write in (notation.text, notation.latex):
        assert len({write(quantity, network) for quantity in named}) == len(named)


@each_network
def test_every_scalar_has_a_number_and_every_formula_only_numbers_there_are(network):
    trace = Trace(network)
    everything = set(scalars(network))
    for quantity in everything:
        assert isinstance(trace[quantity], float)
        formula = trace.equation(quantity).formula
        if formula is None:
            assert quantity.kind in {"x", "y", "s", "W", "b", "mask"}


@each_network
def test_every_kind_of_number_is_there(network):
    kinds = {quantity.kind for quantity in scalars(network)}
    constants = {kind.name for kind in KINDS.values() if not kind.layered and kind.rank == 0} - {"C", "R", "J", "s"}
    optimizer = network.example.optimizer
    besides = {kind for line in optimizer.lines for kind in (line.kind, f"{line.kind}b")}
    besides |= {"G", "g", "gb"} if optimizer.clipping else set()
    besides |= {"R", "J"} if network.has_penalty else set()
    besides |= {"s"} if network.example.sample_weights is not None else set()
    besides |= {"f", "mask"} if network.has_dropout else set()
    always = set(KINDS) - constants - set(OF_A_PARAMETER) - {"R", "J", "s", "p", "f", "mask"}
    assert kinds == always | besides


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=lambda record: record.name)
def test_so_is_every_number_of_an_optimizer(optimizer):
    network = load("two-three-one")
    network = replace(network, example=replace(network.example, optimizer=optimizer))
    found = [quantity for quantity in scalars(network) if quantity.kind in OF_A_PARAMETER]
    assert len(found) == len(set(found)) == len(optimizer.lines) * network.parameters.flat.size
    assert {OF_A_PARAMETER[quantity.kind][0] for quantity in found} == {line.kind for line in optimizer.lines}


@each_network
def test_every_entry_of_every_array_is_there(network):
    indices = {}
    for quantity in scalars(network):
        key = (quantity.kind, quantity.layer, quantity.sample, quantity.output)
        indices.setdefault(key, set()).add(quantity.index)
    for (kind, layer, sample, output), found in indices.items():
        example = next(
            q for q in scalars(network) if (q.kind, q.layer, q.sample, q.output) == (kind, layer, sample, output)
        )
        n = 1
        for size in shape(network, example):
            n *= size
        assert len(found) == n


@each_network
def test_the_counted_steps_are_numbered_in_their_order(network):
    numbers = [number_of(network, quantity) for quantity in scalars(network)]
    counted = [number for number in numbers if number is not None]
    assert counted == list(range(1, len(counted) + 1))
    assert counted
