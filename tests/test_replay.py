"""An update of a recorded run is shown as it was made: the same numbers, the same rows, the same memory."""

import json
from dataclasses import replace

import numpy as np
import pytest

import workings as wk
from workings.cli.main import run as command
from workings.derivation.order import update as order_of_update
from workings.engine import choice, method
from workings.engine.descent import Descent
from workings.engine.training import train
from workings.errors import InputError
from workings.network.activations import TANH
from workings.network.losses import CROSS_ENTROPY
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.optimizers import SGD
from workings.network.quantity import Quantity
from workings.replay import RecordedRun


@pytest.fixture(params=["numpy", "compiled"])
def engine(request, monkeypatch):
    real = choice.descent_for
    monkeypatch.setattr(method, "descent_for", lambda *a, **o: real(*a, **{**o, "engine": request.param}))


def a_network(dtype=np.float64, **settings):
    return Network.create([3, 5, 2], activation="tanh", loss="cross_entropy", seed=0, l2=0.01, dtype=dtype, **settings)


def some_data(n_samples=53):
    X = np.random.default_rng(1).normal(size=(n_samples, 3))
    return X, (X[:, 0] > X[:, 1]).astype(int)


def as_it_is(trace):
    return trace


FEATURES = {
    "plain": ({}, {}),
    "l1": ({"l1": 0.02}, {}),
    "dropout": ({"dropout": 0.4}, {}),
    "clip_norm": ({}, {"clip_norm": 0.05}),
    "clip_value": ({}, {"clip_value": 0.01}),
    "weights": ({}, {"class_weight": {0: 2.0, 1: 0.5}, "sample_weight": np.linspace(0.1, 2.0, 53)}),
    "schedule": ({}, {"schedule": "exponential:factor=0.5,warmup=2"}),
    "all": (
        {"l1": 0.02, "dropout": 0.4},
        {"clip_norm": 0.05, "sample_weight": np.linspace(0.1, 2.0, 53), "schedule": "step:every=1,factor=0.5"},
    ),
}
"""What a network is made with, and what it is trained with."""


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("feature", FEATURES)
def test_every_update_is_shown_as_it_was_made(engine, optimizer, dtype, feature, tmp_path):
    X, y = some_data()
    settings, asked = FEATURES[feature]
    options = {"batch_size": 8, "seed": 7, "optimizer": optimizer, **asked}
    kept = {"checkpoint": tmp_path / "run", "seconds_between_checkpoints": 0}
    train(a_network(dtype, **settings), X, y, **options, epochs=3, **kept)
    recorded = RecordedRun(tmp_path / "run")
    assert recorded.updates == 21
    for update in (1, 2, 7, 8, 14, 15, 21):
        before = train(a_network(dtype, **settings), X, y, **options, updates=update - 1).network
        after = train(a_network(dtype, **settings), X, y, **options, updates=update).network
        trace = recorded.at(update, as_it_is)
        assert np.array_equal(trace.network.parameters.flat, before.parameters.flat)
        for quantity in order_of_update(trace.network):
            if quantity.kind in ("W+", "b+"):
                made = {"W+": after.W, "b+": after.b}[quantity.kind](quantity.layer)[quantity.index]
                assert trace[quantity] == pytest.approx(made, rel=1e-12 if dtype is np.float64 else 1e-5, abs=1e-7)


def test_the_rows_are_those_that_were_taken(tmp_path, monkeypatch):
    X, y = some_data()
    taken, advance = [], Descent.advance
    watched = lambda self, rows, seen: taken.extend(rows.tolist()) or advance(self, rows, seen)  # noqa: E731
    monkeypatch.setattr(Descent, "advance", watched)
    train(a_network(), X, y, epochs=2, batch_size=8, seed=3, checkpoint=tmp_path / "run")
    epochs = taken[:53], taken[53:]
    batches = [epoch[at : at + 8] for epoch in epochs for at in range(0, 53, 8)]
    recorded = RecordedRun(tmp_path / "run")
    for update, rows in enumerate(batches, start=1):
        trace = recorded.at(update, as_it_is)
        assert np.array_equal(trace.example.inputs, X[rows])
        assert f"{rows[0] + 1}" in trace.network.title


def test_an_example_is_shown_as_if_repeated(tmp_path):
    network = load("two-two-two")
    train(network, updates=60, optimizer="momentum", checkpoint=tmp_path / "run")
    recorded = wk.RecordedRun(tmp_path / "run")
    for update in (1, 45, 60):
        shown = wk.explain(recorded, "w5+", update=update)
        expected = wk.explain(network, "w5+", update=update, optimizer="momentum")
        assert shown["w5+"].result == expected["w5+"].result
    by_hand = wk.explain(recorded, "m[2][1,1]", update=45, digits=4, carry=True)
    assert "= 0." in str(by_hand)


def test_a_number_of_another_update_is_found_too(tmp_path):
    X, y = some_data()
    train(a_network(), X, y, epochs=2, batch_size=8, checkpoint=tmp_path / "run")
    lesson = wk.explain(RecordedRun(tmp_path / "run"), "W+[2][1,3]", update=9)
    assert lesson["W+[2][1,3]#8"].result == lesson["W[2][1,3]"].result
    assert RecordedRun(tmp_path / "run").at(9, as_it_is)[Quantity("t")] == 9


def test_the_command_takes_a_folder(tmp_path, capsys):
    X, y = some_data()
    train(a_network(), X, y, epochs=1, batch_size=8, seed=0, optimizer="adam", checkpoint=tmp_path / "run")
    assert command(["explain", str(tmp_path / "run"), "--update", "3", "--sample", "5", "W+[2][1,3]", "z[1][2]"]) == 0
    out, err = capsys.readouterr()
    assert "w^2_13+ = w^2_13 - eta*(mhat^2_13" in out and "z^1_2@5 = " in out and err == ""
    assert command(["explain", str(tmp_path / "run"), "--update", "8", "C"]) == 2
    assert "update 8: " in (told := capsys.readouterr().err) and "has made 7, counted from 1" in told
    assert command(["explain", str(tmp_path / "run"), "--data", "iris"]) == 2
    assert "is a run, which holds its data" in capsys.readouterr().err
    for what, *options in (("optimizer", "--optimizer", "sgd"), ("clipping", "--clip-value", "0.1")):
        assert command(["explain", str(tmp_path / "run"), *options]) == 2
        assert f"by one {what} and cannot be shown as made by another" in capsys.readouterr().err


@pytest.mark.parametrize("of", ["activation", "loss", "optimizer"])
def test_a_record_of_one_s_own_is_not_shown_as_the_built_in_one_of_its_name(of, tmp_path):
    X, y = some_data()
    network, options = a_network(), {"epochs": 1, "seed": 0, "checkpoint": tmp_path / "run"}
    if of == "activation":
        own = replace(TANH, value=lambda z: np.tanh(z / 2), derivative=lambda z, a: (1 - a**2) / 2)
        network = replace(network, layers=(replace(network.layers[0], activation=own), network.layers[1]))
    elif of == "loss":
        own = replace(CROSS_ENTROPY, value=lambda y, a, n: -2 * y * np.log(a), derivative=lambda y, a, n: -2 * y / a)
        network = replace(network, loss=own)
    else:
        options["optimizer"] = replace(SGD, is_plain=False, update=lambda w, g, eta: (w - 2 * eta * g,))
    train(network, X, y, **options)
    with pytest.raises(InputError, match=rf"the {of} '.*' is not the built-in one; .* cannot be shown from its folder"):
        RecordedRun(tmp_path / "run")
    with pytest.raises(InputError, match="holds a run with own"):
        train(a_network(), X, y, epochs=1, seed=0, checkpoint=tmp_path / "run", resume=True)


def test_rows_that_have_changed_on_the_disk_are_not_shown(tmp_path):
    X, y = some_data()
    train(a_network(), X, y, epochs=1, checkpoint=tmp_path / "run")
    held = tmp_path / "run" / "data.safetensors"
    whole = bytearray(held.read_bytes())
    whole[-3] ^= 1
    held.write_bytes(whole)
    with pytest.raises(InputError, match=r"damaged run: data\.safetensors does not hold the rows"):
        RecordedRun(tmp_path / "run")


def test_folders_that_hold_no_run(tmp_path):
    with pytest.raises(InputError, match="holds no run: workings train --checkpoint"):
        RecordedRun(tmp_path)
    train(load("two-two-two"), updates=2, checkpoint=tmp_path / "run")
    told = tmp_path / "run" / "run.json"
    whole = told.read_text()
    renamed = [whole.replace(f'"{name}"', '"other"') for name in ("sizes", "made_by", "shown_as", "dtype", "l2")]
    renamed.append(whole.replace('"batch_size": 1', '"batch_size": 0'))
    for broken in ("{", "[]", "{}", '{"optimizer": 3}', whole.replace('"sgd"', '"mine"'), *renamed):
        told.write_text(broken)
        with pytest.raises(InputError, match=r"holds a damaged run|there is no optimizer 'mine'"):
            RecordedRun(tmp_path / "run")
    told.write_text(whole)
    assert json.loads(whole)["made_by"]["engine"] == "numpy"
    for path in (tmp_path / "run").glob("checkpoint-*"):
        path.unlink()
    with pytest.raises(InputError, match="holds no checkpoint that can be read"):
        RecordedRun(tmp_path / "run").at(1, as_it_is)
    (tmp_path / "run" / "data.safetensors").write_bytes(b"")
    with pytest.raises(InputError, match="holds a damaged run"):
        RecordedRun(tmp_path / "run")
