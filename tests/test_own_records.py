"""A record of one's own, given from Python, that does not work ends in one sentence, wherever it is put to work."""

import math
from dataclasses import replace

import numpy as np
import pytest

import workings as wk
from workings.errors import InputError
from workings.network import own_trial
from workings.network.activations import TANH
from workings.network.losses import HALF_SQUARED_ERROR
from workings.network.network import Network
from workings.network.optimizers import ADAM, SGD

MINE, MY_LOSS, MY_STEP = (replace(record, name="mine") for record in (TANH, HALF_SQUARED_ERROR, SGD))
TOO_FEW = {
    "wrong shape": (lambda first, *others: first[:1], "gives the shape"),
    "a scalar": (lambda *given: 0.5, r"gives the shape \(\)"),
    "nothing": (lambda *given: None, r"gives \[None\], but must give numbers"),
    "raises": (lambda *given: 1 // 0, r"fails for \(2, 3\).*, where it must give \(2, 3\): ZeroDivisionError"),
    "too few arguments": (lambda: 0, r"fails for \(2, 3\).*: TypeError: .* positional argument"),
}


def network_of(activation=TANH, loss=HALF_SQUARED_ERROR):
    network = wk.load("two-two-two")
    layers = tuple(replace(layer, activation=activation) for layer in network.layers)
    return replace(network, layers=layers, loss=loss)


def train_on_data(network):
    return wk.train(network, np.ones((4, 2)), np.zeros((4, 2)), epochs=1)


CALLS = {
    "train": lambda network: wk.train(network, updates=3),
    "train on data": train_on_data,
    "explain": wk.explain,
    "gradient_check": wk.gradient_check,
}


@pytest.mark.parametrize("call", CALLS.values(), ids=[*CALLS])
@pytest.mark.parametrize("field", ["value", "derivative"])
@pytest.mark.parametrize(("function", "message"), TOO_FEW.values(), ids=[*TOO_FEW])
def test_an_activation_or_a_loss(call, field, function, message):
    with pytest.raises(InputError, match=f"mine's {field} {message}"):
        call(network_of(activation=replace(MINE, **{field: function})))
    with pytest.raises(InputError, match=f"mine's {field} {message}"):
        call(network_of(loss=replace(MY_LOSS, **{field: function})))


@pytest.mark.parametrize("call", [wk.train, wk.explain], ids=["train", "explain"])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"update": lambda w, g, eta: w - eta * g}, "mine's update gives one ndarray, but must give a tuple of 1"),
        ({"update": lambda w, g, eta: (0.0,)}, r"mine's update gives the shape \(\) for \(3,\)"),
        ({"update": lambda w, g: (w,)}, r"mine's update fails for .*: TypeError"),
        ({"factors": lambda eta, t: eta}, "mine's factors fails.*: TypeError"),
        ({"factors": lambda eta, t: (eta / math.sqrt(t),)}, r"mine's factors fails for \(2,\).*: TypeError: only"),
    ],
)
def test_an_optimizer(call, changes, message):
    with pytest.raises(InputError, match=message):
        call(wk.load("two-two-two"), optimizer=replace(MY_STEP, **changes))
    network = wk.load("two-two-two")
    with pytest.raises(InputError, match=message):
        call(replace(network, example=replace(network.example, optimizer=replace(MY_STEP, **changes))))


def test_training_needs_no_formulas_and_explaining_does():
    network = network_of(activation=replace(MINE, formula=lambda z: None))
    assert wk.train(network, updates=2).updates == 2
    for call in (wk.explain, wk.gradient_check):
        with pytest.raises(InputError, match=r"mine's formula.* gives None, but must give an expression"):
            call(network)


def test_each_is_tried_once_and_those_that_come_with_the_program_never(monkeypatch):
    tried = []
    for name in ("try_activation", "try_loss", "try_optimizer"):
        monkeypatch.setattr(own_trial, name, lambda record, formulas: tried.append((record, formulas)))
    network = network_of(activation=replace(TANH, name="mine"), loss=replace(HALF_SQUARED_ERROR, name="mine"))
    mine = replace(ADAM, name="mine")
    for _ in range(3):
        wk.train(network, updates=1, optimizer=mine)
    assert [record.name for record, _ in tried] == ["mine"] * 3
    for _ in range(2):
        own_trial.try_own_records(network, mine, formulas=True)
        own_trial.try_own_records(network, mine, formulas=False)
    assert [formulas for _, formulas in tried] == [False] * 3 + [True] * 3
    wk.train(wk.load("two-two-two"), updates=1, optimizer="adam:beta1=0.8", clip_norm=1.0)
    wk.train(Network.create([2, 3, 2], loss="cross_entropy", seed=0), np.ones((4, 2)), np.zeros(4, int), epochs=1)
    assert len(tried) == 6
