"""Schedules in training: both engines take the rates that the record says, resumed runs too, and replay shows them."""

from dataclasses import replace

import numpy as np
import pytest

from workings.derivation.trace import Trace, at_update
from workings.engine import choice, method
from workings.engine.choice import descent_for
from workings.engine.compiled.descent import CompiledDescent
from workings.engine.descent import Descent, Seen
from workings.engine.run_folder import RunFolder
from workings.engine.training import train
from workings.errors import DivergenceError, InputError
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.optimizers import OPTIMIZERS, SGD
from workings.network.quantity import Quantity
from workings.network.schedules import SCHEDULES, schedule_named
from workings.replay import RecordedRun

each_schedule = pytest.mark.parametrize("name", SCHEDULES)
SETTINGS = {
    "constant": "warmup=3",
    "step": "every=2,warmup=1.5",
    "exponential": "factor=0.8,warmup=2",
    "cosine": "warmup=1",
    "inverse_scaling": "warmup=2",
    "plateau": "patience=1,threshold=0.2,warmup=1",
}


def short(name):
    return f"{name}:{SETTINGS[name]}"


def a_network(dtype=np.float64):
    return Network.create([3, 5, 2], activation="tanh", loss="cross_entropy", seed=0, l2=0.01, dtype=dtype)


def some_data(n_samples=53):
    X = np.random.default_rng(1).normal(size=(n_samples, 3))
    return X, (X[:, 0] > X[:, 1]).astype(int)


@pytest.fixture(params=["numpy", "compiled"])
def engine(request, monkeypatch):
    real = choice.descent_for
    monkeypatch.setattr(method, "descent_for", lambda *a, **o: real(*a, **{**o, "engine": request.param}))
    return request.param


def after(updates):
    return lambda progress: progress.update >= updates


def test_every_schedule_is_tried():
    assert SETTINGS.keys() == SCHEDULES.keys()


@each_schedule
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
@pytest.mark.parametrize("batch_size", [1, 8])
def test_the_compiled_engine_takes_the_same_rates_as_numpy(name, optimizer, batch_size):
    network, (X, y) = a_network(), some_data()
    network = replace(network, l2=0.0)  # so that single samples take the way of small networks
    data, schedule = (X, np.eye(2)[y]), schedule_named(short(name)).for_run(100, 10)
    how = network, OPTIMIZERS[optimizer], 0.3, data, batch_size
    plain, compiled = Descent(*how, schedule=schedule), CompiledDescent(*how, 1, schedule=schedule)
    plain.cuts = compiled.cuts = (3, 20, 33)
    for _ in range(2):
        for descent in (plain, compiled):
            descent.advance(np.arange(53), Seen())
    assert compiled.memory[0] == pytest.approx(plain.memory[0], rel=1e-11, abs=1e-13)
    without = Descent(*how)
    without.advance(np.tile(np.arange(53), 2), Seen())
    assert np.abs(without.memory[0] - plain.memory[0]).max() > 1e-3


@each_schedule
def test_an_example_is_trained_as_it_is_explained(name):
    network = load("tanh-softmax")
    schedule = schedule_named(short(name)).for_run(30, 1)
    network = replace(network, example=replace(network.example, schedule=schedule))
    run = train(network, updates=20)
    expected = at_update(Trace(network), 21).network
    assert run.network.parameters.flat == pytest.approx(expected.parameters.flat, rel=1e-12, abs=1e-13)
    assert not np.array_equal(train(network, updates=20, schedule="constant").network.parameters.flat, expected)


@each_schedule
def test_a_resumed_run_comes_to_the_same_bits(engine, name, tmp_path):
    X, y = some_data()
    options = {"epochs": 6, "batch_size": 4, "seed": 2, "schedule": short(name), "learning_rate": 0.3}
    options["validation"] = (X[:20], y[:20])
    whole = train(a_network(), X, y, **options)
    kept = {**options, "checkpoint": tmp_path / "run", "resume": True, "seconds_between_checkpoints": 0}
    for stop in (5, 31, 60):
        train(a_network(), X, y, **kept, on_progress=after(stop))
    resumed = train(a_network(), X, y, **kept)
    assert np.array_equal(resumed.network.parameters.flat, whole.network.parameters.flat)
    assert [moment.validation_cost for moment in resumed.history] == [m.validation_cost for m in whole.history]


@each_schedule
@pytest.mark.parametrize("validation", [True, False])
def test_every_update_is_shown_with_the_rate_that_it_took(engine, name, validation, tmp_path):
    X, y = some_data()
    options = {"batch_size": 8, "seed": 7, "epochs": 5, "learning_rate": 0.4, "schedule": short(name)}
    options["validation"] = (X[:9], y[:9]) if validation else None
    kept = {"checkpoint": tmp_path / "run", "seconds_between_checkpoints": 0}
    train(a_network(), X, y, **options, **kept)
    recorded, rates = RecordedRun(tmp_path / "run"), []
    for update in (1, 2, 7, 8, 15, 22, 29, 35):
        trace = recorded.at(update, lambda trace: trace)
        rates.append(trace[Quantity("eta")])
        before = train(a_network(), X, y, **options, on_progress=after(update - 1)) if update == 1 else None
        assert before is None or before.updates == 0
        made = trace.after_update().network.parameters.flat
        if update < 35:
            following = recorded.at(update + 1, lambda trace: trace).network.parameters.flat
            assert made == pytest.approx(following, rel=1e-12, abs=1e-13)
    assert len(set(rates)) > 2


def test_a_plateau_cuts_by_the_validation_cost_and_else_by_the_training_cost(tmp_path):
    X, y = some_data()
    options = {"epochs": 8, "batch_size": 8, "seed": 0, "schedule": "plateau:patience=2", "learning_rate": 1e-9}
    for validation in (None, (X[:9], y[:9])):
        folder = tmp_path / str(validation is None)
        train(a_network(), X, y, **options, validation=validation, checkpoint=folder)
        recorded = RecordedRun(folder)
        assert recorded._checkpoint(None).followed.cuts == ((21, 35, 49) if validation else recorded_cuts(recorded))
        rates = [recorded.at(update, lambda trace: trace)[Quantity("eta")] for update in (21, 22, 36, 56)]
        assert rates[0] == 1e-9 and rates[-1] < 1e-9


def recorded_cuts(recorded):
    """What the history of a run without validation asks for, worked out once more."""
    best, waited, cuts = np.inf, 0, []
    for moment in recorded._checkpoint(None).history:
        waited += 1
        if moment.cost < best * (1 - 1e-4):
            best, waited = moment.cost, 0
        elif waited == 2:
            cuts.append(moment.update)
            waited = 0
    return tuple(cuts)


def test_a_plateau_of_an_example_counts_updates(tmp_path):
    options = {"updates": 20, "schedule": "plateau:patience=3,threshold=0.5", "checkpoint": tmp_path / "run"}
    train(load("two-two-two"), **options)
    assert RecordedRun(tmp_path / "run")._checkpoint(None).followed.cuts == (4, 7, 10, 13, 16, 19)


def test_another_length_or_schedule_is_another_run(tmp_path):
    X, y = some_data()
    options = {"batch_size": 8, "schedule": "cosine", "checkpoint": tmp_path / "run", "seed": 0}
    train(a_network(), X, y, **options, epochs=2)
    with pytest.raises(InputError, match=r"holds a run with schedule 'cosine:over=2.0', but now it is 'cosine:over=3"):
        train(a_network(), X, y, **options, epochs=3, resume=True)
    options["schedule"] = "cosine:over=2"
    assert train(a_network(), X, y, **options, epochs=3, resume=True).history[-1].epoch == 3
    with pytest.raises(InputError, match="Did you mean 'cosine'"):
        train(a_network(), X, y, schedule="cosin")


class TestDivergence:
    def diverging(self, **options):
        network = Network.create([2, 3, 1], activation="relu", seed=0)
        X = np.random.default_rng(3).normal(size=(50, 2))
        return train(network, 100 * X, X[:, 0], epochs=50, learning_rate=5.0, seed=0, **options)

    @pytest.mark.usefixtures("engine")
    @pytest.mark.parametrize("schedule", ["constant:warmup=20", "step:every=1", "plateau"])
    def test_it_is_noticed_and_says_what_the_rate_was(self, schedule):
        with pytest.raises(DivergenceError, match=r"at update \d+: .* smaller than 5, such as 0.5") as caught:
            self.diverging(schedule=schedule)
        assert ("at that update it was" in str(caught.value)) == (schedule != "plateau")

    def test_nothing_from_before_is_lost(self, tmp_path):
        X, y = some_data()
        network = replace(a_network(), l2=0.0)
        options = {"batch_size": 8, "seed": 0, "seconds_between_checkpoints": 0, "checkpoint": tmp_path / "run"}
        # a rate that grows without end: the way there is fine for a while
        growing = replace(SCHEDULES["exponential"], settings={"factor": 1e9, "warmup": 0.0})
        with pytest.raises(DivergenceError, match=r"run holds the run up to update \d+") as caught:
            train(network, X, y, epochs=80, learning_rate=1e-3, schedule=growing, **options)
        assert [moment.epoch for moment in caught.value.history][:2] == [1, 2]
        last = RunFolder(tmp_path / "run").latest()
        assert np.isfinite(last.memory[0]).all() and last.update > 0


def test_a_descent_can_be_made_with_a_schedule():
    X, y = some_data()
    how = a_network(), SGD, 0.1, (X, np.eye(2)[y]), 8
    schedule = schedule_named("step:every=1")
    descent = descent_for(*how, engine="numpy", threads=None, schedule=replace(schedule, epoch=7))
    descent.advance(np.arange(53), Seen())
    assert descent.update == 7
