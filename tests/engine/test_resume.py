"""A run that is resumed comes to the same bits as one that was never stopped."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import warnings
from dataclasses import replace

import numpy as np
import pytest

from workings.engine import choice, method
from workings.engine.run_folder import RunFolder
from workings.engine.training import train
from workings.errors import InputError
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.optimizers import OPTIMIZERS
from workings.replay import RecordedRun


def a_network(**settings):
    return Network.create([3, 5, 2], activation="tanh", loss="cross_entropy", seed=0, l2=0.01, **settings)


def some_data(n_samples=53):
    generator = np.random.default_rng(1)
    X = generator.normal(size=(n_samples, 3))
    return X, (X[:, 0] > X[:, 1]).astype(int)


def after(updates):
    """Stops a training as soon as it has made so many updates."""
    return lambda progress: progress.update >= updates


@pytest.fixture(params=["numpy", "compiled"])
def engine(request, monkeypatch):
    real = choice.descent_for
    monkeypatch.setattr(method, "descent_for", lambda *a, **o: real(*a, **{**o, "engine": request.param}))
    return request.param


def assert_the_same(resumed, whole):
    assert np.array_equal(resumed.network.parameters.flat, whole.network.parameters.flat)
    assert resumed.updates == whole.updates
    for ours, theirs in zip(resumed.history, whole.history, strict=True):
        assert (ours.update, ours.epoch, ours.cost, ours.objective, ours.score) == (
            theirs.update, theirs.epoch, theirs.cost, theirs.objective, theirs.score,
        )  # fmt: skip
        assert np.array_equal(ours.outputs, theirs.outputs)


@pytest.mark.parametrize("stops", [(1,), (5, 6, 7), (13, 14, 39), (40,)])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_data_stopped_anywhere(engine, stops, optimizer, tmp_path):
    X, y = some_data()
    options = {"epochs": 3, "batch_size": 4, "seed": 7, "optimizer": optimizer, "validation": (X, y)}
    whole = train(a_network(), X, y, **options)
    for stop in stops:
        stopped = train(a_network(), X, y, **options, checkpoint=tmp_path / "run", resume=True, on_progress=after(stop))
        assert stop <= stopped.updates <= 42
    assert_the_same(train(a_network(), X, y, **options, checkpoint=tmp_path / "run", resume=True), whole)


@pytest.mark.parametrize("stop", [5, 13, 40])
@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_samples_with_weights_clipping_schedule_and_patience_together(engine, stop, dropout, tmp_path):
    X, y = some_data()
    options = {"epochs": 5, "batch_size": 4, "seed": 7, "validation": (X, y), "patience": 2, "clip_norm": 0.1}
    options |= {"sample_weight": np.linspace(0.1, 2.0, 53), "schedule": "plateau:patience=1", "learning_rate": 2.0}
    network = a_network(dropout=dropout)
    whole = train(network, X, y, **options)
    train(network, X, y, **options, checkpoint=tmp_path / "run", on_progress=after(stop))
    resumed = train(network, X, y, **options, checkpoint=tmp_path / "run", resume=True)
    assert_the_same(resumed, whole)
    assert resumed.best.validation_cost == whole.best.validation_cost == min(m.validation_cost for m in whole.history)


@pytest.mark.parametrize("changed", [{"sample_weight": np.ones(53)}, {"clip_norm": 0.2}, {"clip_value": 0.1}], ids=str)
def test_a_run_is_not_gone_on_with_otherwise_than_begun(changed, tmp_path):
    X, y = some_data()
    options = {"epochs": 2, "seed": 7, "clip_norm": 0.1, "checkpoint": tmp_path / "run"}
    train(a_network(), X, y, **options)
    others = {**options, **changed} if "clip_value" not in changed else {**options, "clip_norm": None, **changed}
    with pytest.raises(InputError, match=r"holds a run with (other data|clip_norm|clip_value).*now"):
        train(a_network(), X, y, **others, resume=True)


def test_nor_with_other_activations_left_out(tmp_path):
    X, y = some_data()
    options = {"epochs": 2, "seed": 7, "checkpoint": tmp_path / "run"}
    network = a_network(dropout=0.3)
    train(network, X, y, **options)
    for other in (a_network(), a_network(dropout=0.4), replace(network, dropout_seed=1)):
        with pytest.raises(InputError, match=r"holds a run with dropout(_seed)? .*, but now it is"):
            train(other, X, y, **options, resume=True)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_an_example_stopped_anywhere(engine, optimizer, tmp_path):
    network = load("tanh-softmax")
    whole = train(network, updates=300, optimizer=optimizer)
    options = {"updates": 300, "optimizer": optimizer, "checkpoint": tmp_path / "run"}
    train(network, **options, on_progress=after(3))
    train(network, **options, resume=True, on_progress=after(150))
    resumed = train(network, **options, resume=True)
    assert np.array_equal(resumed.network.parameters.flat, whole.network.parameters.flat)
    assert {m.update: m.cost for m in whole.history}.items() <= {m.update: m.cost for m in resumed.history}.items()


def test_a_run_can_be_made_longer(engine, tmp_path):
    X, y = some_data()
    options = {"batch_size": 4, "seed": 7, "optimizer": "momentum"}
    whole = train(a_network(), X, y, **options, epochs=5)
    for updates in (3, 17, 42):
        train(a_network(), X, y, **options, updates=updates, checkpoint=tmp_path / "run", resume=True)
    assert_the_same(train(a_network(), X, y, **options, epochs=5, checkpoint=tmp_path / "run", resume=True), whole)


def test_resuming_what_has_ended_changes_nothing(engine, tmp_path):
    X, y = some_data()
    options = {"epochs": 2, "seed": 7, "checkpoint": tmp_path / "run"}
    whole = train(a_network(), X, y, **options)
    assert_the_same(train(a_network(), X, y, **options, resume=True), whole)


def test_a_damaged_checkpoint_is_skipped_for_the_one_before(tmp_path):
    X, y = some_data()
    options = {"epochs": 3, "batch_size": 4, "seed": 7}
    whole = train(a_network(), X, y, **options)
    train(a_network(), X, y, **options, checkpoint=tmp_path / "run", seconds_between_checkpoints=0, checkpoints_kept=4)
    *_, last = RunFolder(tmp_path / "run").checkpoints()
    last.write_bytes(last.read_bytes()[:-1])
    with pytest.warns(UserWarning, match=f"{last.name} is damaged.*the checkpoint before it is taken"):
        resumed = train(a_network(), X, y, **options, checkpoint=tmp_path / "run", resume=True)
    assert_the_same(resumed, whole)


def test_the_first_and_the_last_few_are_kept(tmp_path):
    X, y = some_data()
    options = {"epochs": 3, "batch_size": 4, "seconds_between_checkpoints": 0, "checkpoints_kept": 2}
    train(a_network(), X, y, **options, checkpoint=tmp_path / "run")
    names = [path.name for path in RunFolder(tmp_path / "run").checkpoints()]
    assert names[0] == "checkpoint-000000000000.safetensors"
    assert names[-1] == "checkpoint-000000000042.safetensors" and len(names) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"resume": False}, "holds a run already: resume it, or begin a new one in another folder"),
        ({"batch_size": 5}, "holds a run with batch_size 4, but now it is 5; a run is resumed as it was begun"),
        ({"seed": 1}, "holds a run with seed 0, but now it is 1"),
        ({"learning_rate": 0.5}, r"with learning_rate 0\.1, but now it is 0\.5"),
        ({"optimizer": "adam"}, "with optimizer 'sgd', but now it is 'adam'"),
    ],
)
def test_another_run_is_not_resumed(changes, message, tmp_path):
    X, y = some_data()
    options = {"epochs": 1, "batch_size": 4, "seed": 0, "checkpoint": tmp_path / "run"}
    train(a_network(), X, y, **options)
    with pytest.raises(InputError, match=message):
        train(a_network(), X, y, **{**options, "resume": True, **changes})
    with pytest.raises(InputError, match="other data: it was begun with 53 rows, and now there are 52; a run is"):
        train(a_network(), X[1:], y[1:], **options, resume=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda X, y, held: (_changed(X), y, held),
            "it has the same shape but other numbers: 1 of its 159 inputs",
        ),
        (lambda X, y, held: (_changed(X), y, held), r"row 5, column 2, -?\d\.\d+ before and 7\.5 now"),
        (lambda X, y, held: (X, 1 - y, held), "106 of its 106 targets, the first in row 1, column 1"),
        (lambda X, y, held: (X, y, (-X, y)), "the rows held out are not those that it was begun with"),
        (lambda X, y, held: (X, y, None), "begun with rows held out, and now there are none"),
        (lambda X, y, held: (X[:7], y[:7], None), "begun with 53 rows, and now there are 7"),
    ],
)
def test_what_is_different_about_the_data_is_told_in_words(change, message, tmp_path):
    X, y = some_data()
    options = {"epochs": 1, "seed": 0, "checkpoint": tmp_path / "run"}
    train(a_network(), X, y, **options, validation=(X, y))
    X, y, held_out = change(X, y, (X, y))
    with pytest.raises(InputError, match=message) as caught:
        train(a_network(), X, y, **options, validation=held_out, resume=True)
    assert not re.search("[0-9a-f]{20}", str(caught.value).replace(str(tmp_path), ""))


def _changed(X):
    X = X.copy()
    X[4, 1] = 7.5
    return X


def test_weights_of_samples_and_a_file_that_was_changed_are_told_too(tmp_path):
    X, y = some_data()
    options = {"epochs": 1, "seed": 0, "checkpoint": tmp_path / "run"}
    train(a_network(), X, y, **options)
    with pytest.raises(InputError, match="begun with no weights of samples, and now there are some"):
        train(a_network(), X, y, **options, sample_weight=np.full(53, 2.0), resume=True)
    told, data = tmp_path / "run" / "run.json", tmp_path / "run" / "data.safetensors"
    told.write_text(json.dumps(json.loads(told.read_text()) | {"data": "0" * 64}))
    with pytest.raises(InputError, match=r"its own in data\.safetensors were changed since it was begun"):
        train(a_network(), X, y, **options, resume=True)
    data.write_bytes(b"?")
    with pytest.raises(InputError, match=r"its own cannot be read from data\.safetensors"):
        train(a_network(), X, y, **options, resume=True)


def checkpoint_of_another(folder, options, network=None):
    """The last checkpoint of a run of its own, put among those of the run in the folder."""
    data = some_data() if network is None else ()
    other = folder.with_name("other")
    train(network or a_network(), *data, **options, checkpoint=other)
    *_, last = RunFolder(other).checkpoints()
    copied = folder / last.name
    copied.write_bytes(last.read_bytes())
    return copied


@pytest.mark.parametrize(
    ("options", "network", "message"),
    [
        (
            {"updates": 300},
            "tanh-softmax",
            r"holds a vector of \d+ numbers of type float64, but this one has a v",
        ),
        (
            {"epochs": 9, "optimizer": "adam"},
            None,
            "holds 3 vectors of 32 numbers of type float64, but this one has a ",
        ),
    ],
    ids=["another network", "another optimizer"],
)
def test_a_checkpoint_of_another_run_among_those_of_this_is_told(options, network, message, tmp_path):
    X, y = some_data()
    folder = tmp_path / "run"
    here = {"epochs": 200, "seed": 0}
    whole = train(a_network(), X, y, **here)
    train(a_network(), X, y, **here, checkpoint=folder, on_progress=after(4))
    copied = checkpoint_of_another(folder, options, network and load(network))
    with pytest.raises(InputError, match=message) as caught:
        train(a_network(), X, y, **here, checkpoint=folder, resume=True)
    assert str(caught.value).startswith(f"{copied} is a checkpoint of another run")
    with pytest.raises(InputError, match=message):
        RecordedRun(folder).at(1, lambda trace: RecordedRun(folder).updates)
    copied.unlink()
    assert_the_same(train(a_network(), X, y, **here, checkpoint=folder, resume=True), whole)


def test_a_checkpoint_of_an_example_among_those_of_data_is_told(tmp_path):
    network, folder = load("two-two-two"), tmp_path / "run"
    X = np.full((3, 2), 0.5)
    here = {"epochs": 30, "learning_rate": 0.5, "checkpoint": folder}
    train(network, X, X, **here, on_progress=after(4))
    checkpoint_of_another(folder, {"updates": 20}, network)
    with pytest.raises(InputError, match="it was trained on an example, and this one is on data"):
        train(network, X, X, **here, resume=True)


def test_a_checkpoint_under_another_name_is_skipped(tmp_path):
    X, y = some_data()
    options = {"epochs": 3, "seed": 0, "checkpoint": tmp_path / "run"}
    whole = train(a_network(), X, y, **options)
    *_, last = RunFolder(tmp_path / "run").checkpoints()
    last.with_name("checkpoint-000000000099.safetensors").write_bytes(last.read_bytes())
    with pytest.warns(UserWarning, match=r"99\.safetensors is not what its name says, but of update 6; the checkpoint"):
        assert_the_same(train(a_network(), X, y, **options, resume=True), whole)


def test_a_run_is_not_made_shorter(tmp_path):
    network = load("two-two-two")
    train(network, updates=20, checkpoint=tmp_path / "run")
    with pytest.raises(InputError, match="has made 20 updates already, more than the 10 asked for"):
        train(network, updates=10, checkpoint=tmp_path / "run", resume=True)


def test_folders_that_cannot_hold_a_run(tmp_path):
    (tmp_path / "file").touch()
    network = load("two-two-two")
    with pytest.raises(InputError, match="file cannot hold a run"):
        train(network, updates=1, checkpoint=tmp_path / "file")
    with pytest.raises(InputError, match="resume is given without checkpoint"):
        train(network, updates=1, resume=True)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "run.json").write_text("{")
    with pytest.raises(InputError, match=r"run/run\.json is damaged"):
        train(network, updates=1, checkpoint=tmp_path / "run", resume=True)
    (tmp_path / "run" / "run.json").write_text('{"format": "other"}')
    with pytest.raises(InputError, match="not of a kind that this program reads"):
        train(network, updates=1, checkpoint=tmp_path / "run", resume=True)


def test_a_file_of_somebody_s_own_in_the_folder_is_left_alone(tmp_path):
    network, options = load("two-two-two"), {"checkpoint": tmp_path, "seconds_between_checkpoints": 0}
    train(network, updates=10, **options)
    kept = tmp_path / "checkpoint-best.safetensors"
    kept.write_bytes(b"mine")
    whole = train(network, updates=3000, checkpoints_kept=1, resume=True, **options)
    assert kept.read_bytes() == b"mine"
    assert train(network, updates=3000, resume=True, **options).history[-1].cost == whole.history[-1].cost
    assert RunFolder(tmp_path).latest(0).update == 0


def test_checkpoints_of_a_run_that_nobody_knows_are_not_taken_for_another(tmp_path):
    network = load("two-two-two")
    train(network, updates=10, checkpoint=tmp_path)
    (tmp_path / "run.json").unlink()
    for resume in (False, True):
        with pytest.raises(InputError, match=r"holds checkpoints but no run\.json"):
            train(network, updates=20, checkpoint=tmp_path, resume=resume)
    assert len(RunFolder(tmp_path).checkpoints()) == 2


def test_who_made_a_run_may_be_unreadable(tmp_path):
    network, told = load("two-two-two"), tmp_path / "run.json"
    train(network, updates=10, checkpoint=tmp_path)
    told.write_text(json.dumps(json.loads(told.read_text()) | {"made_by": "me"}))
    with pytest.warns(UserWarning, match="last digits may differ"):
        train(network, updates=20, checkpoint=tmp_path, resume=True)


def test_other_means_are_told(tmp_path, monkeypatch):
    network = load("two-two-two")
    train(network, updates=5, checkpoint=tmp_path / "run")
    monkeypatch.setattr(choice.np, "__version__", "0.1")
    with pytest.warns(UserWarning, match=r"last digits may differ.*numpy .* is now 0\.1"):
        train(network, updates=9, checkpoint=tmp_path / "run", resume=True)


KILLED = """
import sys
import numpy as np
from workings.engine.training import train
from workings.network.network import Network
X = np.random.default_rng(1).normal(size=(4096, 3))
y = (X[:, 0] > 0).astype(int)
# a softmax with this loss is trained on NumPy, so that no start has to wait for the compiler
network = Network.create([3, 8, 2], loss="squared_error", output_activation="softmax", seed=0)
options = {"epochs": int(sys.argv[2]), "batch_size": 4, "seed": 2, "optimizer": "adam"}
if sys.argv[1] != "-":
    options |= {"checkpoint": sys.argv[1], "resume": True, "seconds_between_checkpoints": 0.002}
run = train(network, X, y, **options)
print(run.updates, run.network.parameters.flat.tobytes().hex(), [moment.cost for moment in run.history])
"""


def assert_kills_cost_nothing(tmp_path, n_kills, epochs):
    """Killed at random moments and started again, it comes to what it would have come to; every file can be read."""
    command = [sys.executable, "-W", "error", "-c", KILLED]
    whole = subprocess.run([*command, "-", str(epochs)], capture_output=True, text=True, check=True).stdout
    resumed = [*command, str(tmp_path / "run"), str(epochs)]
    reached, moments, seconds_to_start = [], random.Random(4), 0.0
    for kill in range(n_kills):
        begun = time.monotonic()
        process = subprocess.Popen(resumed, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if kill == 0:
            while not list((tmp_path / "run").glob("*")) and process.poll() is None:
                time.sleep(0.01)
            seconds_to_start = time.monotonic() - begun  # on a busy machine much longer
        else:
            time.sleep(moments.uniform(0.1, seconds_to_start + 1.0))
        os.kill(process.pid, signal.SIGKILL)
        _, said = process.communicate()
        assert not said, said.decode()
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            latest = RunFolder(tmp_path / "run").latest() if (tmp_path / "run").exists() else None
        reached.append(0 if latest is None else latest.update)
    assert reached == sorted(reached)
    assert subprocess.run(resumed, capture_output=True, text=True, check=True).stdout == whole
    return reached


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_a_few_kills_cost_nothing(tmp_path):
    assert_kills_cost_nothing(tmp_path, 4, epochs=20)


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
def test_a_hundred_kills_cost_nothing(tmp_path):
    reached = assert_kills_cost_nothing(tmp_path, 100, epochs=400)
    assert len(set(reached)) > 50  # it was on its way most of the time
