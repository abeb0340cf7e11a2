"""A law that cannot fail is worthless: with something planted that is a tenth of a per cent off, each must go red."""

from dataclasses import replace

import pytest
from law import (
    assert_every_scalar_satisfies_its_equation,
    assert_every_whole_satisfies_its_equation,
    assert_gradients_are_slopes_of_the_objective,
)
from networks import BATCHES, FITTING, small_network

from workings.derivation import trace
from workings.derivation.trace import Trace
from workings.network import pairs, reference
from workings.network.activations import ACTIVATIONS, SOFTMAX, TANH
from workings.network.losses import LOSSES, MEAN_SQUARED_ERROR
from workings.network.optimizers import OPTIMIZERS
from workings.network.pairs import PAIRS
from workings.network.schedules import SCHEDULES

OFF = 1.001

each_activation = pytest.mark.parametrize("record", ACTIVATIONS.values(), ids=lambda record: record.name)
each_optimizer = pytest.mark.parametrize("record", OPTIMIZERS.values(), ids=lambda record: record.name)
each_loss = pytest.mark.parametrize("record", LOSSES.values(), ids=lambda record: record.name)


def off(function):
    return lambda *arguments: OFF * function(*arguments)


def network_with(record, setting=BATCHES[0]):
    """The record as a hidden activation, or as the loss at the first output that it fits."""
    if record.name in ACTIVATIONS:
        return small_network(record, TANH, MEAN_SQUARED_ERROR, setting)
    return small_network(TANH, ACTIVATIONS[record.output], record, setting)


@each_activation
@pytest.mark.parametrize("field", ["value", "derivative", "formula", "derivative_formula"])
def test_an_activation_slightly_off_breaks_an_equation(record, field):
    planted = Trace(network_with(replace(record, **{field: off(getattr(record, field))})))
    with pytest.raises(AssertionError, match="F2, activation" if field in ("value", "formula") else "B2, slope"):
        assert_every_scalar_satisfies_its_equation(planted)


@each_activation
@pytest.mark.parametrize("field", ["value", "derivative"])
def test_an_activation_slightly_off_is_no_longer_differentiated_right(record, field):
    network = network_with(replace(record, **{field: off(getattr(record, field))}))
    with pytest.raises(AssertionError, match="is not the slope of the objective"):
        assert_gradients_are_slopes_of_the_objective(network)


@each_loss
@pytest.mark.parametrize("field", ["value", "derivative", "formula", "derivative_formula"])
def test_a_loss_slightly_off_breaks_an_equation(record, field):
    planted = Trace(network_with(replace(record, **{field: off(getattr(record, field))})))
    with pytest.raises(AssertionError, match="F3, an output's share" if field in ("value", "formula") else "B1, slope"):
        assert_every_scalar_satisfies_its_equation(planted)


@each_loss
@pytest.mark.parametrize("field", ["value", "derivative"])
def test_a_loss_slightly_off_is_no_longer_differentiated_right(record, field):
    network = network_with(replace(record, **{field: off(getattr(record, field))}))
    with pytest.raises(AssertionError, match="is not the slope of the objective"):
        assert_gradients_are_slopes_of_the_objective(network)


@pytest.mark.parametrize("pair", PAIRS.values(), ids=lambda pair: f"{pair.activation}, {pair.loss}")
@pytest.mark.parametrize("field", ["value", "delta", "formula"])
def test_a_pair_slightly_off_is_found(pair, field, monkeypatch):
    planted = replace(pair, **{field: off(getattr(pair, field))})
    monkeypatch.setitem(pairs.PAIRS, (pair.activation, pair.loss), planted)
    network = small_network(TANH, ACTIVATIONS[pair.activation], LOSSES[pair.loss], BATCHES[0])
    with pytest.raises(AssertionError):
        assert_every_scalar_satisfies_its_equation(Trace(network))
    if field != "formula":
        with pytest.raises(AssertionError):
            assert_gradients_are_slopes_of_the_objective(network)


def with_optimizer(optimizer):
    network = network_with(TANH)
    return replace(network, example=replace(network.example, optimizer=optimizer))


@each_optimizer
def test_an_optimizer_slightly_off_is_found(record):
    for field, planted in (
        ("update", lambda *arguments: (OFF * record.update(*arguments)[0], *record.update(*arguments)[1:])),
        ("formula", off(record.formula)),
    ):
        with pytest.raises(AssertionError, match="U1, update"):
            assert_every_scalar_satisfies_its_equation(Trace(with_optimizer(replace(record, **{field: planted}))))


@each_optimizer
def test_what_an_optimizer_works_out_slightly_off_is_found(record):
    for i, line in enumerate(record.lines):
        lines = (*record.lines[:i], replace(line, formula=off(line.formula)), *record.lines[i + 1 :])
        with pytest.raises(AssertionError, match=f"^{line.kind}.* does not satisfy its equation OP"):
            assert_every_scalar_satisfies_its_equation(Trace(with_optimizer(replace(record, lines=lines))))


@pytest.mark.parametrize("record", SCHEDULES.values(), ids=lambda record: record.name)
def test_a_schedule_slightly_off_is_found(record):
    example = replace(network_with(TANH).example, schedule=record.for_run(20, 2))
    wrong = {"value": lambda *given, **settings: OFF * record.value(*given, **settings), "formula": off(record.formula)}
    for field in wrong if example.schedule.numbers else ():
        planted = replace(example.schedule, **{field: wrong[field]})
        network = replace(network_with(TANH), example=replace(example, schedule=planted))
        with pytest.raises(AssertionError, match="eta does not satisfy its equation LR"):
            assert_every_scalar_satisfies_its_equation(Trace(network, update=5))


@pytest.mark.parametrize("name", ["batch_factor", "penalty"])
def test_a_reference_slightly_off_is_found(name, monkeypatch):
    monkeypatch.setattr(reference, name, off(getattr(reference, name)))
    with pytest.raises(AssertionError, match="does not satisfy its equation"):
        assert_every_scalar_satisfies_its_equation(Trace(network_with(TANH)))


@pytest.mark.parametrize("kind", sorted({"z", "a", "dC/da", "delta", "dC/dW", "dC/db", "W+", "b+", "da/dz", "dz/da"}))
def test_a_whole_slightly_off_is_found(kind, monkeypatch):
    monkeypatch.setitem(trace._NUMBERS, kind, off(trace._NUMBERS[kind]))
    with pytest.raises(AssertionError, match=r"\[\d\](@\d)? does not satisfy its equation"):
        assert_every_whole_satisfies_its_equation(Trace(network_with(TANH)))


def test_a_jacobian_with_its_entries_transposed_would_be_found():
    # softmax's own is symmetric, so that one is planted that is not
    def lopsided(z, a):
        jacobian = SOFTMAX.derivative(z, a).copy()
        jacobian[:, 0, 1] *= OFF
        return jacobian

    planted = replace(SOFTMAX, derivative=lopsided)
    with pytest.raises(AssertionError, match=r"da/dz\[1\]\[1,2\]"):
        assert_every_scalar_satisfies_its_equation(Trace(network_with(planted)))


def test_the_message_says_what_to_look_at():
    planted = replace(TANH, derivative=off(TANH.derivative))
    with pytest.raises(AssertionError) as caught:
        assert_every_scalar_satisfies_its_equation(Trace(network_with(planted)))
    message = str(caught.value)
    for part in (
        "da/dz[1][1]@1",
        "B2, slope of the activation",
        "1 - a[1][1]@1^2",
        "equation says",
        "reference says",
        "2-2-3 (tanh, tanh), mean_squared_error, mean of 2, l2 0.1",
    ):
        assert part in message


def test_every_pair_that_fits_is_looked_at():
    squared, absolute, entropies, poisson, hinge = 3, 2, 2 * 2, 4, 6
    assert len(FITTING) == (squared + absolute) * len(ACTIVATIONS) + entropies + poisson + hinge
