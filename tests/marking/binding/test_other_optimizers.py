"""A document may have another optimizer than its network file: that is told once, and no step is accused of it."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from workings.algebra.expression import number_of, substitute
from workings.algebra.write.text import write_text
from workings.marking.binding.ledger import Ledger
from workings.marking.binding.other_optimizers import with_other_optimizers
from workings.marking.json import as_json
from workings.marking.mark import mark
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network import Example, Layer, Network, Parameters
from workings.network.optimizers import OPTIMIZERS, with_settings

NAMES = {
    "dC/dW": "dE/dw", "dC/db": "dE/db", "W+": "w", "b+": "b", "m": "m_w", "mb": "m_b", "v": "v_w", "vb": "v_b",
    "m_hat": "mhat_w", "m_hatb": "mhat_b", "v_hat": "vhat_w", "v_hatb": "vhat_b", "C": "E", "z": "z", "a": "a",
    "delta": "delta",
}  # fmt: skip


def neuron(optimizer="sgd"):
    example = Example(np.array([[0.7]]), np.array([[0.9]]), 0.05, optimizer=OPTIMIZERS[optimizer])
    layers = (Layer(1, 1, ACTIVATIONS["sigmoid"]),)
    return Network(layers, Parameters.of([[[0.53]]], [[0.12]]), LOSSES["half_squared_error"], example=example)


def worked(network, *, updates=2):
    """The steps of some updates, each with its numbers put in, all digits shown."""
    ledger, lines = Ledger(network), [f"# {network.example.optimizer.name} by hand"]
    for update in range(1, updates + 1):
        for q in ledger.quantities(update):
            if q.kind in NAMES and q.output is None:
                numbers = substitute(ledger.formula(q), lambda part: _number(ledger.value(part.key)))
                result = f"{ledger.value(q):.9f}"
                ledger.claim(q, float(result))
                lines.append(f"{NAMES[q.kind]} = {write_text(numbers)} = {result}")
    return "\n\n".join(lines) + "\n"


def _number(value):
    return number_of(format(Decimal(repr(value)), "f"))


def others(text, network=None):
    return [each.example.optimizer for each in with_other_optimizers(network or neuron(), text)]


@pytest.mark.parametrize("name", ["momentum", "nesterov", "adam", "rmsprop", "adagrad"])
def test_what_is_told_and_done_is_no_slip(name):
    text = worked(neuron(name))
    found = mark(text, neuron())
    assert [finding for finding in found.findings if finding.severity == "slip"] == []
    assert (found.convention.optimizer, found.convention.against) == (name, "sgd")
    assert f"updates by {name}, against sgd of the network file" in found.convention.sentence()
    assert as_json(found)["convention"]["optimizer"] == name


def test_a_slip_is_one_all_the_same():
    right = worked(neuron("adam"))
    step = next(line for line in right.splitlines() if line.startswith("vhat_w"))
    head, _, result = step.rpartition(" = ")
    wrong = right.replace(step, f"{head} = {float(result) * 10:.9f}")
    assert [finding.kind for finding in mark(wrong, neuron()).findings] == ["decimal_shift"]


def test_the_same_without_a_network_file_is_no_contradiction():
    text = "x = 0.7, w = 0.53, b = 0.12, target t = 0.9, learning rate 0.05.\n\n" + worked(neuron("momentum"))
    found = mark(text).convention
    assert (found.optimizer, found.against) == ("momentum", None)


@pytest.mark.parametrize("own", ["sgd", "momentum"])
def test_momentum_may_gather_the_step_or_a_mean(own):
    ways = [each for each in with_other_optimizers(neuron(own), "momentum") if each.example.optimizer.lines]
    assert len(ways) == (3 if own == "sgd" else 2)
    for way in ways:
        found = mark(worked(way), neuron(own))
        assert found.findings == ()
        assert found.convention.optimizer == (None if own == "momentum" else "momentum")


def test_only_what_is_named_is_tried():
    assert others("plain descent") == []
    assert [each.name for each in others("Adam was her name")] == ["adam"]
    assert others("adams") == []
    assert others("adam", neuron("rmsprop")) == []


@pytest.mark.parametrize(
    ("text", "name", "settings"),
    [
        ("momentum 0.8", "momentum", {"momentum": 0.8}),
        ("momentum of 0.85; momentum", "momentum", {"momentum": 0.85}),
        ("Adam with $\\beta_1 = 0.8$ and $\\beta_2=0.99$", "adam", {"beta1": 0.8, "beta2": 0.99}),
        ("Adam, β₁ = 0.7", "adam", {"beta1": 0.7}),
        ("adam: epsilon = 1e-6", "adam", {"epsilon": 1e-6}),
    ],
)
def test_settings_are_those_that_are_told(text, name, settings):
    wanted = with_settings(OPTIMIZERS[name], settings)
    assert dict(others(text)[0].settings) == dict(wanted.settings)


def test_the_optimizer_can_be_assumed():
    text = worked(neuron("momentum")).replace("momentum", "training")
    untold, told, denied = (mark(text, neuron(), assume=assumed) for assumed in ("", "momentum", "sgd"))
    assert untold.findings == () and untold.counts["unclear"] > 0
    assert told.findings == () and told.counts["unclear"] == 0
    assert denied.findings != ()
    own = replace(
        neuron(), example=replace(neuron().example, optimizer=with_settings(OPTIMIZERS["adam"], {"beta1": 0.5}))
    )
    assert mark(text, own, assume="adam").ledger.network is own
