"""The score of the rows trained on, beside that of the rows held out: the same measure, the network of that epoch."""

import json

import numpy as np
import pytest

from workings.engine import checkpoint, validation
from workings.engine.run_folder import RunFolder
from workings.engine.scores import accuracy, r_squared
from workings.engine.training import train
from workings.errors import InputError
from workings.network import reference
from workings.network.network import Network
from workings.network.network_file import load

GENERATOR = np.random.default_rng(1)
X, HELD_OUT = GENERATOR.normal(size=(53, 3)), GENERATOR.normal(size=(17, 3))
OPTIONS = {"epochs": 4, "batch_size": 8, "seed": 0, "train_score": True}


def classes(rows):
    return (rows[:, 0] > rows[:, 1]).astype(int)


def a_network(**settings):
    return Network.create([3, 5, 2], activation="tanh", loss="cross_entropy", seed=0, **settings)


def outputs(network, rows):
    return reference.forward(network, rows)[1][-1]


@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_it_is_the_score_by_hand_with_the_network_of_that_epoch(dropout):
    networks = {}

    def take(progress):
        if progress.is_new:
            networks[progress.epoch] = progress.network

    weights = np.linspace(0.0, 2.0, len(X))  # the score counts each row once
    held_out = (HELD_OUT, classes(HELD_OUT))
    options = {**OPTIONS, "sample_weight": weights, "validation": held_out, "on_progress": take}
    run = train(a_network(dropout=dropout), X, classes(X), **options)
    for moment in run.history:
        network = networks[moment.epoch]
        assert moment.train_score == np.mean(outputs(network, X).argmax(axis=1) == classes(X))
        assert moment.score == np.mean(outputs(network, HELD_OUT).argmax(axis=1) == held_out[1])
    assert len({moment.train_score for moment in run.history}) > 1


@pytest.mark.parametrize("optimizer", ["sgd", "lbfgs"])
def test_nothing_has_to_be_held_out_for_it(optimizer):
    Y = np.stack([X[:, 0] + X[:, 1], X[:, 2]], axis=1)
    options = {"epochs": 3, "seed": 0, "train_score": True, "optimizer": optimizer}
    run = train(Network.create([3, 4, 2], activation="tanh", seed=0), X, Y, **options)
    assert run.history[-1].train_score == pytest.approx(r_squared(outputs(run.network, X), Y), rel=1e-12)
    worst = train(a_network(), X, classes(X), **OPTIONS, score=lambda a, y: float(np.abs(a - y).max()))
    expected = np.abs(outputs(worst.network, X) - np.eye(2)[classes(X)]).max()
    assert worst.history[-1].train_score == pytest.approx(expected, rel=1e-12)


def test_training_and_held_out_rows_are_measured_alike():
    Y = np.eye(2)[classes(X)]  # rows, which by themselves would be measured by R²
    run = train(a_network(), X, Y, **OPTIONS, validation=(X, classes(X)))
    assert [moment.train_score for moment in run.history] == [moment.score for moment in run.history]
    assert run.history[-1].score == accuracy(outputs(run.network, X), Y)


def test_rows_are_taken_some_at_a_time_and_all_are_counted(monkeypatch):
    whole = train(a_network(), X, classes(X), **OPTIONS)
    monkeypatch.setattr(validation, "ROWS_AT_ONCE", 10)
    parts = train(a_network(), X, classes(X), **OPTIONS)
    assert [moment.train_score for moment in parts.history] == [moment.train_score for moment in whole.history]


def test_it_changes_nothing_else_and_is_not_there_unasked():
    asked = train(a_network(), X, classes(X), **OPTIONS)
    unasked = train(a_network(), X, classes(X), **{**OPTIONS, "train_score": False})
    assert np.array_equal(asked.network.parameters.flat, unasked.network.parameters.flat)
    assert all(moment.train_score is None for moment in unasked.history)


def test_a_run_that_is_resumed_keeps_it(tmp_path):
    whole = train(a_network(), X, classes(X), **OPTIONS)
    for epochs in (2, 4):
        options = {**OPTIONS, "epochs": epochs, "checkpoint": tmp_path / "run", "resume": True}
        resumed = train(a_network(), X, classes(X), **options)
    assert [moment.train_score for moment in resumed.history] == [moment.train_score for moment in whole.history]
    kept = RunFolder(tmp_path / "run").latest().history
    assert [moment.train_score for moment in kept] == [moment.train_score for moment in whole.history]


def test_a_checkpoint_of_before_there_was_one_can_be_gone_on_with(tmp_path, monkeypatch):
    written = checkpoint._written
    monkeypatch.setattr(checkpoint, "_written", lambda m: {k: v for k, v in written(m).items() if k != "train_score"})
    options = {**OPTIONS, "checkpoint": tmp_path / "run"}
    train(a_network(), X, classes(X), **{**options, "epochs": 1})
    run = train(a_network(), X, classes(X), **options, resume=True)
    assert [moment.train_score is None for moment in run.history] == [True, False, False, False]


@pytest.mark.parametrize("asked", [accuracy, 1, None, "accuracy"], ids=["a function", "1", "None", "a name"])
def test_what_is_no_yes_or_no_is_told(asked):
    with pytest.raises(InputError, match=r"train_score is .*, but must be True or False; score says"):
        train(a_network(), X, classes(X), train_score=asked)


def test_an_example_has_none():
    with pytest.raises(InputError, match="train_score is given without X"):
        train(load("two-two-two"), train_score=True)


def test_the_moments_can_be_kept_whatever_kind_of_number_a_score_is(tmp_path):
    options = {**OPTIONS, "validation": (X, classes(X)), "score": lambda a, y: np.float32(0.5)}
    (*_, last) = train(a_network(), X, classes(X), **options, checkpoint=tmp_path / "run").history
    assert json.dumps([last.score, last.train_score]) == "[0.5, 0.5]"
