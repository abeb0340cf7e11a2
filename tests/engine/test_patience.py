"""Patience: training ends when the validation cost no longer falls, and the best weights are those of the run."""

import numpy as np
import pytest

from workings.engine import choice, method
from workings.engine.training import train
from workings.errors import InputError
from workings.network import reference
from workings.network.network import Network
from workings.network.network_file import load


@pytest.fixture(params=["numpy", "compiled"])
def engine(request, monkeypatch):
    real = choice.descent_for
    monkeypatch.setattr(method, "descent_for", lambda *a, **o: real(*a, **{**o, "engine": request.param}))


def a_network(**changes):
    return Network.create([4, 20, 2], activation="tanh", loss="cross_entropy", seed=0, **changes)


def noisy(n_samples, seed):
    """Data with wrong labels among them: learning them by heart makes others worse."""
    generator = np.random.default_rng(seed)
    X = generator.normal(size=(n_samples, 4))
    return X, ((X[:, 0] > 0) ^ (generator.random(n_samples) < 0.3)).astype(int)


DATA, HELD_OUT = noisy(60, 1), noisy(100, 2)
OPTIONS = {"epochs": 200, "batch_size": 8, "seed": 3, "learning_rate": 0.3, "validation": HELD_OUT, "patience": 6}


def after(updates):
    return lambda progress: progress.update >= updates


def test_it_ends_after_so_many_epochs_and_the_best_weights_are_kept(engine):
    run = train(a_network(), *DATA, **OPTIONS)
    costs = [moment.validation_cost for moment in run.history]
    best = int(np.argmin(costs))
    assert len(costs) == best + 1 + 6 < 200
    assert run.best is run.history[best] and not run.stopped
    assert run.network.parameters.flat == pytest.approx(
        train(a_network(), *DATA, **{**OPTIONS, "patience": None, "epochs": best + 1}).network.parameters.flat
    )
    assert run.remarks[0] == (
        f"the weights are those of epoch {best + 1} of {len(costs)}, where the cost of the validation data was lowest, "
        f"{costs[best]:.6g}: in 6 more it was not lower"
    )


def test_nothing_is_left_out_of_the_data_held_out(engine):
    run = train(a_network(dropout=0.5), *DATA, **OPTIONS)
    assert run.network.has_dropout and run.best is not None
    cost = reference.objective(run.network, HELD_OUT[0], np.eye(2)[HELD_OUT[1]])
    assert run.best.validation_cost == pytest.approx(cost, rel=1e-12)
    outputs = reference.forward(run.network, HELD_OUT[0])[1][-1]
    assert run.best.score == pytest.approx(np.mean(outputs.argmax(axis=1) == HELD_OUT[1]))


def test_the_best_weights_are_taken_however_it_ends():
    short = train(a_network(), *DATA, **{**OPTIONS, "epochs": 12, "patience": 100})
    assert short.best is min(short.history, key=lambda moment: moment.validation_cost)
    assert short.remarks[0].endswith(f"lowest, {short.best.validation_cost:.6g}")
    stopped = train(a_network(), *DATA, **OPTIONS, on_progress=lambda progress: progress.epoch == 5)
    assert stopped.stopped and stopped.best is not None and len(stopped.history) == 5


def test_the_validation_cost_is_recorded_with_and_without_patience():
    network = a_network(l2=0.1)
    run = train(network, *DATA, epochs=2, validation=HELD_OUT)
    X, y = HELD_OUT
    moment = run.history[-1]
    objective = reference.objective(run.network, X, np.eye(2)[y])
    assert moment.validation_objective == pytest.approx(objective, rel=1e-12)
    assert moment.validation_cost == pytest.approx(objective - reference.penalty(run.network), rel=1e-12)
    without = train(network, *DATA, epochs=2).history[-1]
    assert (without.validation_cost, without.validation_objective, without.score) == (None, None, None)


@pytest.mark.parametrize("stops", [(3,), (20, 21, 60), (75,)])
def test_a_resumed_run_keeps_its_best(engine, stops, tmp_path):
    whole = train(a_network(), *DATA, **OPTIONS, schedule="plateau:patience=2")
    kept = {**OPTIONS, "checkpoint": tmp_path / "run", "resume": True, "seconds_between_checkpoints": 0}
    for stop in stops:
        train(a_network(), *DATA, **kept, schedule="plateau:patience=2", on_progress=after(stop))
    for _ in range(2):  # the second time there is nothing left to do
        resumed = train(a_network(), *DATA, **kept, schedule="plateau:patience=2")
        assert np.array_equal(resumed.network.parameters.flat, whole.network.parameters.flat)
        assert resumed.updates == whole.updates and resumed.remarks == whole.remarks
        assert [m.validation_cost for m in resumed.history] == [m.validation_cost for m in whole.history]


def test_more_patience_goes_on_with_a_run_that_had_ended(tmp_path):
    kept = {**OPTIONS, "checkpoint": tmp_path / "run"}
    ended = train(a_network(), *DATA, **kept)
    longer = train(a_network(), *DATA, **{**kept, "patience": 15}, resume=True)
    assert len(longer.history) > len(ended.history)
    assert longer.best.validation_cost <= ended.best.validation_cost


def test_what_patience_cannot_do_is_told(tmp_path):
    network = a_network()
    with pytest.raises(InputError, match="patience is given without validation, the data whose cost"):
        train(network, *DATA, patience=3)
    with pytest.raises(InputError, match="patience is given without X"):
        train(load("two-two-two"), patience=3)
    with pytest.raises(InputError, match="patience is 0, but must be a whole number of at least 1"):
        train(network, *DATA, patience=0, validation=HELD_OUT)
    begun = {**OPTIONS, "epochs": 2, "checkpoint": tmp_path / "run"}
    train(network, *DATA, **{**begun, "patience": None})
    with pytest.raises(InputError, match="was begun without patience, so its best weights so far are not known"):
        train(network, *DATA, **begun, resume=True)
    with pytest.raises(InputError, match="other data: it was begun with rows held out, and now there are none"):
        train(network, *DATA, **{**begun, "patience": None, "validation": None}, resume=True)


def test_a_cost_that_is_no_number_is_never_the_best():
    X, y = HELD_OUT
    network = Network.create([4, 1], loss="half_squared_error", seed=0)
    far = X * 1e200
    run = train(network, DATA[0], DATA[1], epochs=30, patience=4, validation=(far, y), learning_rate=0.01)
    assert run.best is None and len(run.history) == 4


def test_without_patience_a_run_begun_with_it_goes_on_to_its_last_weights(tmp_path):
    kept = {**OPTIONS, "checkpoint": tmp_path / "run"}
    train(a_network(), *DATA, **kept, on_progress=after(30))
    run = train(a_network(), *DATA, **{**kept, "patience": None, "epochs": 12}, resume=True)
    whole = train(a_network(), *DATA, **{**OPTIONS, "patience": None, "epochs": 12})
    assert run.best is None and np.array_equal(run.network.parameters.flat, whole.network.parameters.flat)
