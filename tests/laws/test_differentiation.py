"""The differentiation that a lesson shows line by line ends at the slope that backpropagation uses."""

from dataclasses import replace

import pytest
from law import RELATIVE, by_decimals
from networks import BATCHES, FITTING, SINGLE, small_network

from workings.algebra.evaluate import evaluate
from workings.algebra.write.text import write_text
from workings.derivation.local import worked
from workings.derivation.order import scalars
from workings.derivation.trace import Trace
from workings.network.activations import ACTIVATIONS, IDENTITY
from workings.network.quantity import KINDS, Quantity

LOCAL = {"da/dz", "dz/dW", "dz/da"}


def assert_formulas_differentiate_to_the_slopes(trace):
    for quantity in scalars(trace.network):
        lines = worked(trace.network, quantity)
        is_slope_of_loss = quantity.kind == "dC/da" and quantity.layer == trace.network.depth
        assert bool(lines) == (quantity.kind in LOCAL or (is_slope_of_loss and quantity.output is None))
        if not lines:
            continue
        value, expected = trace[quantity], evaluate(lines[-1].after, trace.value)
        if abs(value - expected) > RELATIVE * abs(expected):
            expected, leeway = by_decimals(lines[-1].after, trace)
            assert abs(value - expected) <= RELATIVE * abs(expected) + leeway, (
                f"{quantity}: {write_text(lines[0].before)} is {expected!r} and not {value!r}"
            )


@pytest.mark.parametrize(("output", "loss"), FITTING, ids=lambda record: record.name)
def test_every_loss_and_every_output(output, loss):
    assert_formulas_differentiate_to_the_slopes(Trace(small_network(IDENTITY, output, loss, SINGLE[0])))


@pytest.mark.parametrize("hidden", ACTIVATIONS.values(), ids=lambda record: record.name)
def test_every_activation_below_the_outputs(hidden):
    assert_formulas_differentiate_to_the_slopes(Trace(small_network(hidden, *FITTING[0], BATCHES[0])))


@pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=lambda record: record.name)
def test_a_slope_slightly_off_is_found(record):
    planted = replace(record, derivative=lambda z, a: 1.001 * record.derivative(z, a))
    with pytest.raises(AssertionError, match=r"da/dz\[1\]\[\d(,1)?\]: "):
        assert_formulas_differentiate_to_the_slopes(Trace(small_network(planted, *FITTING[0], SINGLE[0])))


def test_what_is_no_local_slope_is_not_differentiated():
    trace = Trace(small_network(IDENTITY, *FITTING[0], SINGLE[0]))
    assert worked(trace.network, Quantity("delta", 1, (0,))) == ()


def test_whole_vectors_are_not_differentiated():
    for output, loss in FITTING:
        network = small_network(IDENTITY, output, loss, SINGLE[0])
        for kind in KINDS.values():
            if kind.rank and kind.layered:
                assert worked(network, Quantity(kind.name, network.depth)) == ()
