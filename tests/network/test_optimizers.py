"""Optimizers: the rule on arrays and the formulas of one parameter say the same, and are those of the papers."""

from dataclasses import replace

import numpy as np
import pytest

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Reference
from workings.errors import InputError
from workings.network.optimizers import ADAM, MOMENTUM, OPTIMIZERS, SGD, optimizer_named, with_settings

each_optimizer = pytest.mark.parametrize("record", OPTIMIZERS.values(), ids=lambda record: record.name)
RATE = 0.3
GRADIENTS = [np.array([0.1, -0.5, 3.0]), np.array([0.2, 0.4, -1.0]), np.array([-0.1, 0.0, 1e-3])]


def by_rule(record, w, gradients, rate=RATE):
    """The parameters after each update, and what was remembered."""
    state = [np.zeros_like(w) for _ in record.state]
    for update, gradient in enumerate(gradients, start=1):
        w, *state = record.update(w, gradient, *state, *record.factors_at(rate, update))
        yield w, state


def by_formulas(record, w, gradients):
    """The same for one parameter, by its formulas, line by line."""
    numbers = {"parameter": w, "eta": RATE, **record.settings, **{f"{kind}-": 0.0 for kind in record.state}}
    for update, gradient in enumerate(gradients, start=1):
        numbers |= {"gradient": gradient, "t": float(update)}
        for line in record.lines:
            numbers[line.kind] = evaluate(line.formula(Reference), numbers.__getitem__)
        numbers["parameter"] = evaluate(record.formula(Reference), numbers.__getitem__)
        yield numbers
        numbers = {**numbers, **{f"{kind}-": numbers[kind] for kind in record.state}}


@each_optimizer
def test_the_formulas_are_the_rule_update_after_update(record):
    start = np.array([0.4, -2.0, 0.0])
    ruled = list(by_rule(record, start, GRADIENTS))
    for i in range(3):
        worked = by_formulas(record, start[i], [gradient[i] for gradient in GRADIENTS])
        for (w, state), numbers in zip(ruled, worked, strict=True):
            assert w[i] == pytest.approx(numbers["parameter"], rel=1e-13, abs=1e-15)
            for kind, kept in zip(record.state, state, strict=True):
                assert kept[i] == pytest.approx(numbers[kind], rel=1e-13, abs=1e-15)


@each_optimizer
def test_what_is_not_remembered_is_derived(record):
    assert {line.kind for line in record.lines} == {*record.state, *record.derived}
    (_, state), *_ = by_rule(record, np.ones(1), [np.array([0.7])])
    numbers = next(by_formulas(record, 1.0, [0.7]))
    for kind, derive in record.derived.items():
        assert derive(*state, *record.factors_at(RATE, 1))[0] == pytest.approx(numbers[kind], rel=1e-14)


@each_optimizer
def test_steps_against_the_gradient_go_down_a_bowl(record):
    w, state = np.array([1.0, -1.0]), [np.zeros(2) for _ in record.state]
    for update in range(1, 400):
        w, *state = record.update(w, 2 * w, *state, *record.factors_at(0.05, update))
    assert np.all(np.abs(w) < 0.2)


@each_optimizer
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_precision_is_kept(record, dtype):
    for w, state in by_rule(record, np.ones(2, dtype), [np.ones(2, dtype)]):
        assert {array.dtype for array in (w, *state)} == {np.dtype(dtype)}


def test_sgd():
    assert SGD.update(np.array([0.4]), np.array([0.08216704]), 0.5)[0] == pytest.approx([0.35891648])


def test_adams_first_step_is_as_long_as_the_learning_rate():
    for scale in (1e-3, 1.0, 1e3):
        (w, _), *_ = by_rule(ADAM, np.zeros(1), [np.array([scale])])
        assert w == pytest.approx([-RATE], rel=1e-4)


def test_the_two_places_of_epsilon_differ():
    record, other = OPTIMIZERS["adam"], OPTIMIZERS["adam_epsilon_hat"]
    small = [np.array([1e-8])]
    (inside, _), *_ = by_rule(record, np.zeros(1), small)
    (outside, _), *_ = by_rule(other, np.zeros(1), small)
    assert inside == pytest.approx([-RATE / 2])
    assert outside[0] == pytest.approx(-RATE * 1e-8 / (1e-8 + 1e-8 / np.sqrt(0.001)))


PEERS = {
    "momentum": lambda torch, w: torch.optim.SGD(w, RATE, momentum=0.9),
    "nesterov": lambda torch, w: torch.optim.SGD(w, RATE, momentum=0.9, nesterov=True),
    "adam": lambda torch, w: torch.optim.Adam(w, RATE),
    "adamw": lambda torch, w: torch.optim.AdamW(w, RATE),
    "rmsprop": lambda torch, w: torch.optim.RMSprop(w, RATE),
    "adagrad": lambda torch, w: torch.optim.Adagrad(w, RATE),
}


@pytest.mark.parametrize("name", PEERS)
def test_updates_are_those_of_pytorch(name):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed; it is not needed but to compare with")
    w = torch.tensor([0.4, -2.0, 0.0], dtype=torch.float64, requires_grad=True)
    peer, start = PEERS[name](torch, [w]), w.detach().numpy().copy()
    for (ours, _), gradient in zip(by_rule(OPTIMIZERS[name], start, GRADIENTS), GRADIENTS, strict=True):
        w.grad = torch.tensor(gradient)
        peer.step()
        assert w.detach().numpy() == pytest.approx(ours, rel=1e-12, abs=1e-14)


def test_settings_stand_behind_a_colon_and_are_written_back():
    record = optimizer_named("adam:beta1=0.8,epsilon=1e-7")
    assert record.settings == {"beta1": 0.8, "beta2": 0.999, "epsilon": 1e-7}
    assert str(record) == "adam:beta1=0.8,epsilon=1e-07"
    assert optimizer_named(str(record)) == record
    assert optimizer_named("adam") is ADAM and str(ADAM) == "adam"
    assert replace(record, settings=ADAM.settings) == ADAM


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("adm", "there is no optimizer 'adm'. Did you mean 'adam'"),
        ("adam:beta=0.9", "the optimizer adam has no setting 'beta'. Did you mean"),
        ("sgd:momentum=0.9", "the optimizer sgd has no setting 'momentum'. It has none"),
        ("adam:beta1", "'beta1' is no setting; one looks like beta1=0.9"),
        ("sgd:fast", "'fast' is no setting; one looks like momentum=0.9"),
        ("adam:beta1=1", "beta1 of the optimizer adam is '1', but must be a number of at least 0 and below 1"),
        ("adam:epsilon=-1", "epsilon of the optimizer adam is '-1', but must be a number of at least 0, and finite"),
        ("adam:epsilon=nan", "but must be a number of at least 0, and finite"),
        ("adam:epsilon=small", "epsilon of the optimizer adam is 'small', but must be a number"),
    ],
)
def test_what_is_no_optimizer_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        optimizer_named(text)


def test_settings_given_as_numbers():
    assert with_settings(MOMENTUM, {"momentum": 0.5}).settings == {"momentum": 0.5}
    assert with_settings(MOMENTUM, {}) is MOMENTUM
