"""A watched training in a new installation begins on NumPy, and compiled code goes on where that was."""

import json
import subprocess
import sys
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from workings.engine import choice, method
from workings.engine.choice import descent_for
from workings.engine.compiled import batchwise, loop, warm
from workings.engine.compiled.descent import CompiledDescent, is_warm
from workings.engine.descent import Descent
from workings.engine.description import described
from workings.engine.takeover import Takeover
from workings.engine.training import train
from workings.network.activations import TANH
from workings.network.clipping import clipping_of
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.optimizers import ADAM, SGD


@pytest.fixture
def cold(monkeypatch):
    """Everything is worth compiling, and nothing is compiled."""
    monkeypatch.setattr(choice, "WORTH_COMPILING", 0.0)
    monkeypatch.setattr(choice, "WORTH_LOADING", 0.0)
    monkeypatch.setattr("workings.engine.compiled.descent.is_warm", lambda *a, **o: False)


class Compiled(Takeover):
    """Another process that would be done as soon as so many strides were made."""

    strides = 3

    def __enter__(self):
        self._left = self.strides
        return self

    @property
    def is_due(self):
        self._left -= 1
        return self._left < 0


@pytest.fixture
def taken_over(cold, monkeypatch):
    made = []
    monkeypatch.setattr(method, "Takeover", Compiled)
    monkeypatch.setattr(method, "descent_for", lambda *a, **o: made.append(descent_for(*a, **o)) or made[-1])
    return made


def some_data():
    X = np.random.default_rng(1).normal(size=(53, 3))
    return X, (X[:, 0] > X[:, 1]).astype(int)


def a_network(**settings):
    return Network.create([3, 5, 2], activation="tanh", loss="cross_entropy", seed=0, **settings)


def watched(progress):
    assert not progress.is_compiling
    assert progress.network.parameters.flat.size


def assert_alike(one, other):
    assert one.updates == other.updates
    assert one.network.parameters.flat == pytest.approx(other.network.parameters.flat, rel=1e-9, abs=1e-12)
    for ours, theirs in zip(one.history, other.history, strict=True):
        assert (ours.epoch, ours.update, ours.score) == (theirs.epoch, theirs.update, theirs.score)
        assert ours.cost == pytest.approx(theirs.cost, rel=1e-9)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_over_data_it_comes_to_the_same_and_says_where_it_changed(taken_over, optimizer):
    X, y = some_data()
    options = {"epochs": 5, "batch_size": 4, "seed": 7, "optimizer": optimizer, "validation": (X, y), "patience": 4}
    options |= {"schedule": "plateau:patience=1", "sample_weight": np.linspace(0.1, 2.0, 53)}
    run = train(a_network(dropout=0.2), X, y, **options, on_progress=watched)
    plain, compiled = taken_over
    assert (type(plain), type(compiled)) == (Descent, CompiledDescent)
    assert 0 < plain.update < compiled.update == run.updates
    assert f"the first {plain.update} updates were made on NumPy" in run.remarks[0]
    taken_over.clear()
    whole = train(a_network(dropout=0.2), X, y, **options)
    assert [type(descent) for descent in taken_over] == [CompiledDescent]
    assert not any("NumPy" in remark for remark in whole.remarks)
    assert_alike(run, whole)


def test_of_an_example_it_comes_to_the_same(taken_over):
    run = train(load("two-two-two"), updates=1000, on_progress=watched)
    assert [type(descent) for descent in taken_over] == [Descent, CompiledDescent]
    assert_alike(run, train(load("two-two-two"), updates=1000))


def test_a_training_that_ends_before_stays_on_numpy(taken_over, monkeypatch):
    monkeypatch.setattr(Compiled, "strides", 1000)
    run = train(load("two-two-two"), updates=10, on_progress=watched)
    assert [type(descent) for descent in taken_over] == [Descent]
    assert run.updates == 10 and not run.remarks


def test_it_waits_where_all_is_to_be_of_one_kind_or_nobody_watches(taken_over, tmp_path):
    X, y = some_data()
    mine = replace(TANH, name="mine")
    own = Network.create([3, 5, 2], activation=mine, loss="cross_entropy", seed=0)
    for network, options in (
        (a_network(), {}),
        (a_network(), {"on_progress": lambda progress: None, "checkpoint": tmp_path / "run"}),
        (own, {"on_progress": lambda progress: None}),
    ):
        taken_over.clear()
        train(network, X, y, epochs=1, **options)
        assert [type(descent) for descent in taken_over] == [CompiledDescent]


def described_as(network, optimizer, batch_size, *, is_weighted=False):
    return described(network, optimizer, (), {}, batch_size=batch_size, is_weighted=is_weighted)


def test_the_other_process_ends_with_the_training():
    with Takeover(described_as(a_network(), SGD, 4), lambda: None) as takeover:
        process = takeover._process
        assert not takeover.is_due
    assert process.poll() is not None


def test_it_ends_with_its_input_however_that_ends():
    told = json.dumps(described_as(a_network(), SGD, 4))
    command = [sys.executable, "-m", "workings.engine.compiled.warm", told]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    assert (ended.returncode, ended.stderr) == (1, b"")


def test_where_no_process_can_be_started_all_is_compiled_in_this_one(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    how = a_network(), ADAM, 0.1, some_data(), 4
    with Takeover({}, partial(descent_for, *how, engine="compiled", threads=1)) as takeover:
        assert takeover.is_due
        assert isinstance(takeover.after(descent_for(*how, engine="numpy", threads=1)), CompiledDescent)


BOUNDED = replace(SGD, clipping=clipping_of(clip_norm=1.0))


@pytest.mark.parametrize(
    ("settings", "optimizer", "batch_size", "is_weighted"),
    [
        ({"sizes": [3, 200, 2], "loss": "cross_entropy", "activation": "relu"}, SGD, 32, False),
        ({"dtype": np.float32}, ADAM, 1, False),
        ({}, SGD, 1, False),
        ({"dtype": np.float32}, SGD, 1, False),
        ({}, SGD, 1, True),
        ({"dropout": 0.1}, SGD, 1, False),
        ({"l1": 0.1}, SGD, 2, False),
        ({}, BOUNDED, 2, False),
    ],
)
def test_what_it_compiles_is_what_the_training_needs(monkeypatch, settings, optimizer, batch_size, is_weighted):
    ready = set()
    for module in (loop, batchwise):
        monkeypatch.setattr(module, "is_ready", ready.__contains__)
        monkeypatch.setattr(module, "set_ready", ready.add)
    monkeypatch.setattr(loop, "_COMPILED", {})
    needed = Network.create(**{"sizes": [3, 5, 2], "seed": 0, **settings}), optimizer, batch_size
    assert not is_warm(*needed, is_weighted=is_weighted)
    warm.warm_for(json.loads(json.dumps(described_as(*needed, is_weighted=is_weighted))))
    assert is_warm(*needed, is_weighted=is_weighted)
