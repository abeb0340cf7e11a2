"""Training by a search of SciPy's: the same objective and gradient as everywhere, and nothing ignored that is asked."""

import importlib.util
from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize

from workings.engine import search
from workings.engine.fitting import Settings, find_task, fit
from workings.engine.tables import read_table
from workings.engine.training import train
from workings.errors import DivergenceError, InputError
from workings.network import reference
from workings.network.clipping import clipping_of
from workings.network.network import Network
from workings.network.network_file import load
from workings.network.optimizers import ADAM
from workings.network.searches import LBFGS, SEARCHES

X = np.random.default_rng(5).normal(size=(60, 4))
NUMBERS = (X, np.column_stack([np.sin(X[:, 0]), X[:, 1] * X[:, 2]]))
CLASSES = (X, (X[:, 0] > X[:, 1]).astype(int))


def a_network(loss="half_squared_error", **changes):
    return Network.create([4, 6, 2], activation="tanh", loss=loss, seed=2, l2=0.01, **changes)


def after(updates):
    return lambda progress: progress.update >= updates


@pytest.mark.parametrize("train_biases", [True, False])
def test_it_comes_to_what_scipy_comes_to_with_the_gradient_of_the_reference(train_biases):
    network = replace(a_network(), train_biases=train_biases)
    free = np.concatenate(
        [
            np.repeat([True, train_biases], [W.size, b.size])
            for W, b in zip(network.parameters.W, network.parameters.b, strict=True)
        ]
    )

    def objective(x):
        flat = network.parameters.flat.copy()
        flat[free] = x
        there = network.with_parameters(flat)
        return reference.objective(there, *NUMBERS), reference.run(there, *NUMBERS).gradient.flat[free]

    theirs = minimize(objective, network.parameters.flat[free], jac=True, method="L-BFGS-B", options={"maxiter": 12})
    ours = train(network, *NUMBERS, optimizer="lbfgs", epochs=12)
    assert ours.network.parameters.flat[free] == pytest.approx(theirs.x, rel=1e-7)
    assert ours.history[-1].objective == pytest.approx(theirs.fun, rel=1e-10)
    assert np.array_equal(ours.network.parameters.flat[~free], network.parameters.flat[~free])


def test_over_data_every_step_is_an_epoch_and_costs_less_than_the_one_before():
    run = train(a_network("cross_entropy"), *CLASSES, optimizer="lbfgs", epochs=20, validation=CLASSES)
    objectives = [moment.objective for moment in run.history]
    assert [moment.epoch for moment in run.history] == [moment.update for moment in run.history] == [*range(1, 21)]
    assert objectives == sorted(objectives, reverse=True)
    J = reference.objective(run.network, X, np.eye(2)[CLASSES[1]])
    assert objectives[-1] == pytest.approx(J, rel=1e-12)
    assert run.history[-1].validation_cost == pytest.approx(run.history[-1].cost, rel=1e-12)
    assert run.updates == 20 and not run.remarks and not run.stopped


def test_an_example_is_recorded_at_its_milestones_and_at_the_end():
    run = train(load("two-two-two"), optimizer="lbfgs", milestones=[2, 5, 7000])
    last = run.updates
    assert [moment.update for moment in run.history] == [0, 2, 5, last]
    assert last < 30 and run.history[-1].cost < 1e-11
    assert run.history[-1].outputs == pytest.approx(np.array([[0.01, 0.99]]), abs=1e-5)
    assert run.remarks == (
        f"the search ended after {last} of 10,000 updates: no gradient is larger than its tolerance, 1e-08",
    )


def test_settings_are_heeded():
    network = load("two-two-two")
    rough = train(network, optimizer="lbfgs:tolerance=0.001")
    assert rough.updates < train(network, optimizer=LBFGS).updates
    assert "no gradient is larger than its tolerance, 0.001" in rough.remarks[0]
    long, short = (train(a_network(), *NUMBERS, optimizer=f"lbfgs:memory={n}", epochs=60) for n in (20, 1))
    assert long.history[-1].objective < short.history[-1].objective


def test_where_the_digits_end_it_says_that_no_step_is_lower():
    run = train(a_network(dtype="float32"), *NUMBERS, optimizer="lbfgs", epochs=5_000)
    assert run.network.parameters.flat.dtype == np.float32
    assert run.remarks == (
        f"the search ended after {run.updates:,} of 5,000 updates: no step lowers the objective any more",
    )
    assert run.history[-1].epoch == run.updates < 5_000


def test_a_step_into_the_infinite_is_taken_shorter():
    """The exponential of a large weighted input is beyond all numbers; the first steps reach that far."""
    network = Network.create([1, 1], loss="poisson", seed=0)
    inputs = np.array([[0.0], [1.0], [2000.0]])
    looked_at = []
    real = search.Objective.__call__

    def watched(self, place):
        looked_at.append(real(self, place))
        return looked_at[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search.Objective, "__call__", watched)
        run = train(
            network.with_parameters(np.array([0.0004, 0.0])),
            inputs,
            [[30.0], [30.0], [3e4]],
            optimizer="lbfgs",
            updates=200,
        )
    assert any(not gradient.any() for _, gradient in looked_at)
    outputs = reference.forward(run.network, inputs)[1][-1]
    assert outputs == pytest.approx(np.array([[30.0], [30.5], [3e4]]), rel=0.05)


def test_samples_count_by_their_weights():
    weights = np.arange(60) % 3
    weighted = train(a_network(), *NUMBERS, optimizer="lbfgs", epochs=10, sample_weight=weights)
    repeated = train(a_network(), *(np.repeat(each, weights, axis=0) for each in NUMBERS), optimizer="lbfgs", epochs=10)
    assert weighted.network.parameters.flat == pytest.approx(repeated.network.parameters.flat, rel=1e-6)
    with pytest.raises(InputError, match="sample_weight are all 0"):
        train(a_network(), *NUMBERS, optimizer="lbfgs", sample_weight=np.zeros(60))


def test_it_can_be_ended_and_is_told_of():
    told = []
    run = train(
        a_network(), *NUMBERS, optimizer="lbfgs", epochs=50, on_progress=lambda p: told.append(p) or p.update >= 4
    )
    assert run.stopped and run.updates == len(run.history) == 4 and not run.remarks
    assert [progress.update for progress in told] == [0, 1, 2, 3, 4] and told[0].epochs == 50
    run = train(load("two-two-two"), optimizer="lbfgs", on_progress=lambda p: p.update >= 1)
    assert run.stopped and [moment.update for moment in run.history] == [0, 1]
    for nothing in ({"updates": 0}, {"on_progress": after(0)}):
        run = train(load("two-two-two"), optimizer="lbfgs", **nothing)
        assert run.updates == 0 and np.array_equal(run.network.parameters.flat, load("two-two-two").parameters.flat)


def test_with_patience_the_best_weights_are_kept():
    wrong = CLASSES[1] ^ (np.random.default_rng(0).random(60) < 0.3)
    run = train(
        a_network("cross_entropy"),
        X[:40],
        wrong[:40],
        optimizer="lbfgs",
        epochs=300,
        patience=4,
        validation=(X[40:], wrong[40:]),
    )
    costs = [moment.validation_cost for moment in run.history]
    assert run.best is run.history[int(np.argmin(costs))] and len(costs) == run.best.epoch + 4
    cost = reference.objective(replace(run.network, l2=0.0), X[40:], np.eye(2)[wrong[40:]])
    assert cost == pytest.approx(run.best.validation_cost, rel=1e-12)


def test_threads_change_nothing_but_the_last_digits():
    one, two = (train(a_network(), *NUMBERS, optimizer="lbfgs", epochs=5, threads=n) for n in (1, 2))
    assert one.network.parameters.flat == pytest.approx(two.network.parameters.flat, rel=1e-7)


def test_where_it_begins_in_the_infinite_there_is_no_search():
    network = a_network()
    with pytest.raises(DivergenceError, match="training diverged before the first update"):
        train(network.with_parameters(network.parameters.flat + np.inf), *NUMBERS, optimizer="lbfgs")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("learning_rate", {"learning_rate": 0.1}),
        ("schedule", {"schedule": "cosine"}),
        ("batch_size", {"batch_size": 10}),
        ("clipping", {"clip_norm": 1.0}),
        ("checkpoint", {"checkpoint": "run"}),
    ],
)
def test_what_has_no_meaning_in_a_search_is_refused(name, options, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        InputError, match=f"^{name} does not go with the optimizer lbfgs: {search.NOT_IN_A_SEARCH[name]}"
    ):
        train(a_network(), *NUMBERS, optimizer="lbfgs", **options)
    assert not any(tmp_path.iterdir())


def test_so_is_what_the_network_or_its_example_brings():
    with pytest.raises(InputError, match=r"^dropout does not go with the optimizer lbfgs"):
        train(a_network(dropout=0.5), *NUMBERS, optimizer="lbfgs")
    network = load("two-two-two")
    clipped = replace(network.example, optimizer=replace(ADAM, clipping=clipping_of(clip_norm=1.0)))
    with pytest.raises(InputError, match=r"^clipping does not go"):
        train(replace(network, example=clipped), optimizer="lbfgs")


def test_without_scipy_a_sentence_says_how_to_have_it(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(search, "find_spec", lambda name: None if name == "scipy" else real(name))
    with pytest.raises(
        InputError,
        match=r"^the optimizer lbfgs is SciPy's, which is not installed: pip install 'workings\[train\]'$",
    ):
        train(load("two-two-two"), optimizer="lbfgs")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("lbfg", "there is no optimizer 'lbfg'. Did you mean 'lbfgs'"),
        (
            "lbfgs:memory=2.5",
            "memory of the optimizer lbfgs is '2.5', but must be a number that is whole and from 1 to 1000",
        ),
        ("lbfgs:memory=1e9", "memory of the optimizer lbfgs is '1e9', but must be"),
        ("lbfgs:memory=0", "memory of the optimizer lbfgs is '0', but must be"),
        ("lbfgs:tolerance=0", "tolerance of the optimizer lbfgs is '0', but must be a number above 0"),
        ("lbfgs:momentum=0.9", "the optimizer lbfgs has no setting 'momentum'"),
    ],
)
def test_its_name_and_settings_are_read_like_those_of_others(text, told):
    with pytest.raises(InputError, match=told):
        train(load("two-two-two"), optimizer=text)


def test_tables_are_trained_on_with_it():
    task = find_task(read_table("iris"), Settings(optimizer="lbfgs"))
    fitted = fit(task, Settings(optimizer="lbfgs", epochs=25))
    assert fitted.run.updates == 25 and fitted.model.facts["score"] > 0.9
    assert fitted.model.facts["learning_rate"] is None and fitted.model.facts["batch_size"] == 120
    with pytest.raises(InputError, match=r"^learning_rate does not go"):
        fit(task, Settings(optimizer="lbfgs", learning_rate=0.1))


def test_every_search_says_where_it_is_from():
    assert all(record.source and name == record.name for name, record in SEARCHES.items())
