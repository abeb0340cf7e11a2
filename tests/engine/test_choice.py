"""Which engine a training runs on, and that both come to the same."""

from dataclasses import replace

import numpy as np
import pytest

from workings.engine import choice, method
from workings.engine.compiled.descent import CompiledDescent
from workings.engine.descent import Descent
from workings.engine.training import train
from workings.network.activations import ACTIVATIONS
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.optimizers import SGD


def chosen(network, n_updates, **begun):
    data = np.zeros((64, network.sizes[0])), np.zeros((64, network.sizes[-1]))
    return choice.engine_for(network, SGD, data, 32, n_updates, **begun)


def say_warm(monkeypatch, is_warm):
    monkeypatch.setattr("workings.engine.compiled.descent.is_warm", lambda *a, **o: is_warm)


def test_a_short_training_is_plain_and_a_long_one_compiled(monkeypatch):
    network = Network.create([20, 16, 3], seed=0)
    assert chosen(network, 10) == ("numpy", False)
    say_warm(monkeypatch, False)
    assert chosen(network, 30_000) == ("numpy", False)  # not worth the compiling
    assert chosen(network, 3_000_000) == ("compiled", True)
    say_warm(monkeypatch, True)
    assert chosen(network, 30_000) == chosen(network, 3_000_000) == ("compiled", False)


def test_a_run_goes_on_as_it_was_begun(monkeypatch):
    network = Network.create([20, 16, 3], seed=0)
    for is_warm in (True, False):
        say_warm(monkeypatch, is_warm)
        assert chosen(network, 3_000_000, begun_on="numpy") == ("numpy", False)
        assert chosen(network, 10, begun_on="compiled") == ("compiled", not is_warm)


def test_where_nothing_was_ever_compiled_that_is_seen_without_the_compiler(monkeypatch, tmp_path):
    monkeypatch.setenv("WORKINGS_CACHE", str(tmp_path / "none"))
    monkeypatch.setattr(choice, "_is_warm", None)
    assert chosen(Network.create([20, 16, 3], seed=0), 3_000_000) == ("compiled", True)


def test_who_waits_for_the_compiler_is_told_before(monkeypatch, tmp_path):
    network, told = Network.create([20, 16, 3], seed=0), []
    X, y = np.zeros((64, 20)), np.zeros((64, 3))
    monkeypatch.setattr(choice, "WORTH_COMPILING", 0.0)
    monkeypatch.setattr(choice, "WORTH_LOADING", 0.0)
    for is_warm in (True, False):
        say_warm(monkeypatch, is_warm)
        train(network, X, y, epochs=2, on_progress=told.append, checkpoint=tmp_path / str(is_warm))
        assert [progress.is_compiling for progress in told] == [not is_warm] + [False] * (len(told) - 1)
        assert told[0].update == told[0].epoch == 0 and (told[0].updates, told[0].epochs) == (4, 2)
        assert told[0].network is network or is_warm
        told.clear()


def test_without_the_extra_everything_is_plain(monkeypatch):
    monkeypatch.setattr(choice, "find_spec", lambda name: None if name == "numba" else True)
    network = Network.create([20, 16, 3], seed=0)
    with pytest.warns(UserWarning, match=r"slower, because numba is not installed: pip install 'workings\[train\]'"):
        assert chosen(network, 3_000_000) == ("numpy", False)
    assert chosen(network, 30_000) == ("numpy", False)  # too short to be worth a word


def test_what_cannot_be_compiled_is_plain():
    assert chosen(Network.create([20, 16, 3], activation="softmax", seed=0), 3_000_000) == ("numpy", False)


@pytest.fixture
def always_compiled(monkeypatch):
    monkeypatch.setattr(choice, "WORTH_LOADING", 0.0)
    monkeypatch.setattr(choice, "WORTH_COMPILING", 0.0)
    made = []
    monkeypatch.setattr(method, "descent_for", lambda *a, **o: made.append(choice.descent_for(*a, **o)) or made[-1])
    return made


def test_an_example_trains_alike_on_both(always_compiled):
    compiled = train(load("two-two-two"), updates=1000)
    assert isinstance(always_compiled[0], CompiledDescent)
    assert [moment.update for moment in compiled.history] == [0, 1, 10, 100, 1000]
    assert compiled.history[-1].cost == pytest.approx(0.001114349, abs=5e-10)
    assert compiled.history[-1].outputs[0] == pytest.approx([0.044052885, 0.957302907], abs=5e-10)


@pytest.mark.parametrize("threads", [1, 2])
def test_data_trains_alike_on_both(always_compiled, monkeypatch, threads):
    generator = np.random.default_rng(3)
    X = generator.normal(size=(50, 2))
    y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)
    network = Network.create([2, 6, 3], activation="tanh", loss="cross_entropy", seed=0, l2=0.01)
    options = {"epochs": 7, "batch_size": 8, "seed": 1, "validation": (X, y)}
    compiled = train(network, X, y, threads=threads, **options)
    monkeypatch.setattr(choice, "WORTH_LOADING", np.inf)
    plain = train(network, X, y, **options)
    assert (type(always_compiled[0]), type(always_compiled[1])) == (CompiledDescent, Descent)
    assert compiled.network.parameters.flat == pytest.approx(plain.network.parameters.flat, rel=1e-9, abs=1e-12)
    for one, other in zip(compiled.history, plain.history, strict=True):
        assert (one.epoch, one.update, one.score) == (other.epoch, other.update, other.score)
        assert (one.cost, one.objective) == pytest.approx((other.cost, other.objective), rel=1e-9)


def test_a_record_that_cannot_be_compiled_trains_on_the_plain_engine_and_says_so(always_compiled):
    identity = ACTIVATIONS["identity"]
    odd = replace(identity, value=lambda z: np.asarray(list(np.ravel(z))).reshape(np.shape(z)))
    network = Network.create([2, 3, 1], activation=odd, seed=0)
    with pytest.warns(UserWarning, match="runs on NumPy, slower, because a record cannot be compiled"):
        train(network, np.ones((8, 2)), np.ones(8), epochs=1)
    assert isinstance(always_compiled[0], Descent)
