import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from workings.derivation.trace import Trace, at_update
from workings.engine import progress
from workings.engine.descent import Descent
from workings.engine.on_example import powers_of_ten
from workings.engine.scores import accuracy
from workings.engine.training import train
from workings.errors import DivergenceError, InputError
from workings.network import reference
from workings.network.network import Example, Network
from workings.network.network_file import load
from workings.network.optimizers import OPTIMIZERS, SGD

DATA = Path(__file__).parent.parent / "data"
TABLES = [
    ("two-two-two", "training_biases_fixed", {"train_biases": False}),
    ("two-two-two", "training_biases_trained", {"train_biases": True}),
    ("two-three-one", "training_half_squared_error", {}),
]


def worked(name, table):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))[table]


def test_a_run_says_in_a_line_how_far_it_came():
    run = train(load("two-two-two"), updates=10)
    assert repr(run) == f"<Run: 10 updates, cost 0.220918592; {run.network!r}>"


@pytest.mark.parametrize(
    ("name", "table", "changes"), TABLES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_training_repeats_the_worked_tables_to_twelve_digits(name, table, changes):
    expected = worked(name, table)
    network = replace(load(name), **changes)
    run = train(network, updates=max(map(int, expected)), milestones=map(int, expected))
    found = {str(moment.update): moment for moment in run.history}
    for update, row in expected.items():
        assert found[update].outputs[0] == pytest.approx([float(a) for a in row["outputs"]], rel=1e-12)
        if float(row["cost"]) > 1e-12:  # below, y - a has lost its digits
            assert found[update].cost == pytest.approx(float(row["cost"]), rel=1e-12)


def test_the_squared_error_is_trained_on_too():
    from workings.network.losses import SQUARED_ERROR

    expected = worked("two-three-one", "training_squared_error")
    run = train(replace(load("two-three-one"), loss=SQUARED_ERROR), updates=100)
    assert run.history[-1].cost == pytest.approx(float(expected["100"]["cost"]), rel=1e-12)


def test_the_given_network_stays_as_it_was():
    network = load("two-two-two")
    before = network.parameters.flat.copy()
    run = train(network, updates=3)
    assert np.array_equal(network.parameters.flat, before)
    assert not np.array_equal(run.network.parameters.flat, before)
    assert not np.shares_memory(run.network.parameters.flat, network.parameters.flat)


def test_fixed_biases_stay_fixed():
    run = train(load("two-two-two"), updates=10)
    assert [b.tolist() for b in run.network.parameters.b] == [b.tolist() for b in load("two-two-two").parameters.b]


def test_moments_are_the_powers_of_ten_and_the_last():
    run = train(load("two-two-two"), updates=120)
    assert [moment.update for moment in run.history] == [0, 1, 10, 100, 120]
    assert [moment.update for moment in train(load("two-two-two"), updates=0).history] == [0]
    assert [moment.update for moment in train(load("two-two-two"), updates=9, milestones=[4]).history] == [0, 4, 9]
    assert powers_of_ten(0) == () and powers_of_ten(10) == (1, 10)


def a_classifier(**changes):
    return Network.create([2, 6, 3], activation="tanh", loss="cross_entropy", seed=0, **changes)


def some_data(n_samples=50):
    generator = np.random.default_rng(3)
    X = generator.normal(size=(n_samples, 2))
    return X, (X[:, 0] > 0).astype(int) + (X[:, 1] > 0.5)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("l2", [0.0, 0.01])
def test_a_whole_batch_makes_the_reference_pass_s_update(reduction, l2):
    network = a_classifier(reduction=reduction, l2=l2)
    X, y = some_data()
    expected = network
    for _ in range(3):
        gradient = reference.run(expected, X, np.eye(3)[y]).gradient
        expected = expected.with_parameters(SGD.update(expected.parameters.flat, gradient.flat, 0.01)[0])
    run = train(network, X, y, updates=3, batch_size=50, learning_rate=0.01)
    assert run.network.parameters.flat == pytest.approx(expected.parameters.flat, rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=lambda record: record.name)
def test_an_example_is_trained_as_it_is_explained_by_every_optimizer(optimizer):
    network = load("tanh-softmax")
    network = replace(network, l2=0.1, example=replace(network.example, optimizer=optimizer))
    run = train(network, updates=20)
    expected = at_update(Trace(network), 21).network
    assert run.network.parameters.flat == pytest.approx(expected.parameters.flat, rel=1e-12, abs=1e-13)
    asked = train(load("tanh-softmax"), updates=1, optimizer=str(optimizer))
    chosen = train(replace(network, l2=0.0), updates=1)
    assert np.array_equal(asked.network.parameters.flat, chosen.network.parameters.flat)


def test_class_numbers_and_their_rows_train_alike():
    X, y = some_data()
    by_number = train(a_classifier(), X, y, epochs=2, seed=5)
    by_row = train(a_classifier(), X, np.eye(3)[y], epochs=2, seed=5)
    assert np.array_equal(by_number.network.parameters.flat, by_row.network.parameters.flat)


def test_a_flat_y_is_the_target_of_a_single_output():
    network = Network.create([2, 3, 1], activation="tanh", seed=0)
    X, _ = some_data()
    flat = train(network, X, X[:, 0], epochs=1, seed=0)
    rows = train(network, X, X[:, :1], epochs=1, seed=0)
    assert np.array_equal(flat.network.parameters.flat, rows.network.parameters.flat)


def test_the_seed_makes_the_order():
    X, y = some_data()
    runs = [train(a_classifier(), X, y, epochs=2, batch_size=7, seed=seed) for seed in (1, 1, 2)]
    first, same, other = (run.network.parameters.flat for run in runs)
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_an_epoch_takes_every_sample_once_in_an_order_of_its_own(monkeypatch):
    taken, advance = [], Descent.advance
    watched = lambda self, rows, seen: taken.append(rows) or advance(self, rows, seen)  # noqa: E731
    monkeypatch.setattr(Descent, "advance", watched)
    X, y = some_data(50)
    train(a_classifier(), X, y, epochs=2, batch_size=20, seed=1)
    order = np.concatenate(taken)
    first, second = order[:50], order[50:]
    assert sorted(first) == sorted(second) == list(range(50))
    assert first.tolist() != second.tolist() != list(range(50))


def test_epochs_and_updates_count_the_short_last_batch():
    X, y = some_data(50)
    run = train(a_classifier(), X, y, epochs=3, batch_size=20)
    assert run.updates == 9
    assert [(moment.epoch, moment.update) for moment in run.history] == [(1, 3), (2, 6), (3, 9)]
    run = train(a_classifier(), X, y, updates=4, batch_size=20)
    assert [(moment.epoch, moment.update) for moment in run.history] == [(1, 3), (2, 4)]


def test_an_epoch_s_cost_is_the_mean_over_its_samples():
    X, y = some_data(50)
    run = train(a_classifier(l2=0.1), X, y, epochs=1, batch_size=20, learning_rate=0.0)
    network = a_classifier(l2=0.1)
    objective = reference.objective(network, X, np.eye(3)[y])
    assert run.history[0].objective == pytest.approx(objective, rel=1e-12)
    assert run.history[0].cost == pytest.approx(objective - reference.penalty(network), rel=1e-12)


def test_validation_is_scored_after_every_epoch():
    X, y = some_data(200)
    run = train(a_classifier(), X, y, epochs=60, batch_size=10, seed=0, validation=(X, y))
    scores = [moment.score for moment in run.history]
    outputs = reference.forward(run.network, X)[1][-1]
    assert scores[-1] == np.mean(outputs.argmax(axis=1) == y)
    assert scores[-1] > 0.9 > scores[0]
    rows = train(a_classifier(), X, np.eye(3)[y], epochs=1, validation=(X, np.eye(3)[y]))
    assert rows.history[-1].score < 1.0  # R² of the rows


def test_it_learns_in_float32():
    X, y = some_data(200)
    run = train(a_classifier(dtype=np.float32), X, y, epochs=60, batch_size=10, seed=0, validation=(X, y))
    assert run.network.parameters.flat.dtype == np.float32
    assert run.history[-1].score > 0.9


def test_progress_is_told_and_can_stop_the_training():
    seen = []

    def stop_at_ten(progress):
        seen.append(progress)
        return progress.update >= 10

    run = train(load("two-two-two"), updates=1000, on_progress=stop_at_ten)
    assert run.stopped and run.updates == 10
    assert [moment.update for moment in run.history] == [0, 1, 10]
    assert (seen[0].update, seen[0].updates) == (0, 1000)
    X, y = some_data(50)
    run = train(a_classifier(), X, y, epochs=9, on_progress=lambda progress: progress.epoch == 2)
    assert run.stopped and [moment.epoch for moment in run.history] == [1, 2]


@pytest.mark.parametrize("answer", [True, np.True_, np.array([0.5]).min() < 1.0], ids=repr)
def test_a_yes_of_numpy_ends_a_training_too(answer):
    run = train(load("two-two-two"), updates=50, on_progress=lambda progress: progress.update >= 3 and answer)
    assert run.stopped and run.updates < 50


@pytest.mark.parametrize("answer", [None, False, np.False_], ids=repr)
def test_what_says_no_lets_it_go_on(answer):
    assert train(load("two-two-two"), updates=5, on_progress=lambda progress: answer).updates == 5


@pytest.mark.parametrize("answer", [1, 0, "stop", (), np.array([True, False])], ids=repr)
def test_what_says_neither_yes_nor_no_is_told(answer):
    with pytest.raises(InputError, match=r"on_progress returned .*, but must return True, which ends the training"):
        train(load("two-two-two"), updates=5, on_progress=lambda progress: answer)


def test_a_stop_between_milestones_is_recorded(monkeypatch):
    monkeypatch.setattr(progress, "SECONDS_BETWEEN_REPORTS", 0.0)
    run = train(load("two-two-two"), updates=50, milestones=[3], on_progress=lambda progress: progress.update == 7)
    assert run.stopped and run.updates == 7
    assert [moment.update for moment in run.history] == [0, 3, 7]


def test_whoever_watches_sees_the_history_and_can_take_the_network_along():
    X, y = some_data(50)
    taken = []
    watch = lambda progress: taken.append((progress.epoch, progress.network, progress.history))  # noqa: E731
    run = train(a_classifier(), X, y, epochs=3, batch_size=20, seed=0, on_progress=watch)
    assert np.array_equal(taken[-1][1].parameters.flat, run.network.parameters.flat)
    assert taken[-1][2] == run.history
    (_, first, _), *_ = [each for each in taken if each[0] == 1]
    assert np.array_equal(
        first.parameters.flat,
        train(a_classifier(), X, y, epochs=1, batch_size=20, seed=0).network.parameters.flat,
    )  # a copy, which later updates have left alone
    assert not np.array_equal(first.parameters.flat, run.network.parameters.flat)


class TestDivergence:
    def test_it_names_update_layer_and_quantity_and_a_smaller_learning_rate(self):
        network = Network.create([2, 3, 1], activation="relu", seed=0)
        X, _ = some_data()
        with pytest.raises(
            DivergenceError, match=r"at update \d+: \S+\[\d\]\S* \(layer \d\) .* smaller than 5, such as 0.5"
        ):
            train(network, 100 * X, X[:, 0], epochs=50, learning_rate=5.0)

    def test_the_history_before_it_is_not_lost(self):
        with pytest.raises(DivergenceError) as caught:
            train(load("deep-four"), learning_rate=1e200)
        assert [moment.update for moment in caught.value.history] == [0]

    def test_infinite_weights_behind_saturated_neurons_are_seen(self):
        network = load("two-two-two")  # its outputs, and so its cost, stay finite whatever the weights
        flat = network.parameters.flat.copy()
        flat[0] = -math.inf
        with pytest.raises(DivergenceError, match=r"W\[1\]\[1,1\] \(layer 1\) became infinite"):
            train(network.with_parameters(flat), updates=5)

    def test_the_last_update_is_looked_at_too(self):
        network = Network.create([1, 1], seed=0)
        with pytest.raises(DivergenceError, match="at update 1"):
            train(network, [[1e100]], [[1.0]], updates=1, learning_rate=1e200)

    def test_a_start_that_is_not_finite_is_told_as_such(self):
        network = a_classifier()
        flat = network.parameters.flat.copy()
        flat[-1] = math.nan
        with pytest.raises(DivergenceError) as caught:
            train(network.with_parameters(flat), *some_data(), epochs=1)
        assert str(caught.value) == (
            "training diverged before the first update: b[2][3] (layer 2) is no longer a number. Look at the inputs, "
            "the targets and the first weights"
        )

    def test_large_numbers_alone_are_no_divergence(self):
        network = Network.create([1, 1], seed=0)
        example = Example(np.array([[1.0]]), np.array([[0.0]]), 1e-3)
        big = replace(network, example=example).with_parameters(np.array([1e160, 0.0], np.float64))
        with pytest.raises(DivergenceError, match=r"a\[1\]\[1\] \(layer 1\) grew to 1e\+160"):
            train(big, updates=1)
        sane = replace(network, example=example).with_parameters(np.array([1e150, 0.0]))
        assert math.isfinite(train(sane, updates=1).history[-1].cost)


X_OF_50, Y_OF_50 = some_data()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"updates": 1, "epochs": 1}, "not in both"),
        ({"updates": -1}, "at least 0"),
        ({"batch_size": 0}, "at least 1"),
        ({"learning_rate": math.inf}, "finite"),
        ({"optimizer": "sgdd"}, "Did you mean 'sgd'"),
        ({"X": None}, "without X"),
        ({"y": None}, "its targets"),
        ({"X": X_OF_50[:, :1]}, r"X has shape \(50, 1\) but must be \(n_samples, 2\)"),
        ({"X": X_OF_50[:0], "y": Y_OF_50[:0]}, "at least one row"),
        ({"y": Y_OF_50[:49]}, r"y has shape \(49,\) but must be \(50,\)"),
        ({"y": Y_OF_50 + 1}, "y holds 3, but a class number is a whole number from 0 to 2"),
        ({"y": Y_OF_50 + 0.5}, "whole number"),
        ({"y": np.eye(3)[Y_OF_50] * 2}, "the target 2, but a target of cross_entropy is from 0 to 1"),
        ({"X": np.where(X_OF_50 > 2, np.nan, X_OF_50) * np.nan}, r"X\[0, 0\] is nan"),
        ({"X": [["a", "b"]] * 50}, "numbers only"),
        ({"validation": (X_OF_50, Y_OF_50[:3])}, "validation y has shape"),
        ({"milestones": [1]}, "milestones is given with X: of data every epoch is recorded"),
        ({"score": accuracy}, "score is given without validation"),
    ],
)
def test_what_cannot_be_trained_on_is_refused_with_a_sentence(options, message):
    arguments = {"X": X_OF_50, "y": Y_OF_50, **options}
    with pytest.raises(InputError, match=message):
        train(a_classifier(), arguments.pop("X"), arguments.pop("y"), **arguments)


@pytest.mark.parametrize(
    ("loss", "y", "message"),
    [
        ("hinge", Y_OF_50 % 2, "target 0, but a target of hinge is -1 or 1"),
        ("poisson", -Y_OF_50, "poisson is 0 or more"),
    ],
)
def test_a_target_that_the_loss_cannot_take_is_refused(loss, y, message):
    with pytest.raises(InputError, match=message):
        train(Network.create([2, 1], loss=loss), X_OF_50, y)


def test_class_numbers_become_the_targets_of_the_loss():
    network = Network.create([2, 3], loss="hinge", seed=0)
    run = train(network, X_OF_50, Y_OF_50, epochs=5, seed=0)
    rows = train(network, X_OF_50, 2.0 * np.eye(3)[Y_OF_50] - 1.0, epochs=5, seed=0)
    assert np.array_equal(run.network.parameters.flat, rows.network.parameters.flat)


@pytest.mark.parametrize(
    "option",
    [{"y": Y_OF_50}, {"epochs": 1}, {"batch_size": 1}, {"seed": 0}, {"validation": ([], [])}, {"score": accuracy}],
    ids=lambda option: next(iter(option)),
)
def test_what_says_nothing_about_an_example_is_refused(option):
    with pytest.raises(InputError, match=f"{next(iter(option))} is given without X: an example is taken whole"):
        train(load("two-two-two"), **option)


def test_a_network_without_an_example_needs_data():
    with pytest.raises(InputError, match="without an example"):
        train(a_classifier())


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_weights_that_are_whole_numbers_are_repeated_rows(reduction):
    network = Network.create([2, 3, 2], loss="cross_entropy", seed=0, reduction=reduction)
    X, y = np.random.default_rng(0).normal(size=(6, 2)), np.array([0, 1, 0, 0, 1, 0])
    weights = np.array([1, 3, 0, 2, 1, 1])
    options = {"updates": 4, "learning_rate": 0.05, "batch_size": 8, "seed": 0}
    weighted = train(network, X, y, sample_weight=weights, **options)
    repeated = train(network, np.repeat(X, weights, axis=0), np.repeat(y, weights), **options)
    assert weighted.network.parameters.flat == pytest.approx(repeated.network.parameters.flat, rel=1e-12)
    assert weighted.history[-1].cost == pytest.approx(repeated.history[-1].cost)


def test_classes_have_weights_however_they_are_told():
    network = Network.create([2, 3, 2], loss="cross_entropy", seed=0)
    X, y = np.random.default_rng(0).normal(size=(6, 2)), np.array([0, 1, 0, 0, 1, 0])
    options = {"updates": 4, "batch_size": 3, "seed": 0}
    expected = train(network, X, y, sample_weight=np.where(y, 1.5, 0.75), **options).network.parameters.flat
    for targets, class_weight, sample_weight in (
        (y, "balanced", None),
        (np.eye(2)[y], "balanced", None),
        (y, {0: 0.75, 1: 1.5}, None),
        (y, {1: 3}, np.where(y, 0.5, 0.75)),
    ):
        run = train(network, X, targets, class_weight=class_weight, sample_weight=sample_weight, **options)
        assert np.array_equal(run.network.parameters.flat, expected)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sample_weight": [1, 2]}, r"sample_weight has shape \(2,\) but must be \(6,\)"),
        (
            {"sample_weight": [1, 2, 3, -1, 2, 3]},
            r"sample_weight\[3\] is -1, but the weight of a sample must be 0 or more",
        ),
        ({"sample_weight": [1, 2, 3, np.nan, 2, 3]}, r"sample_weight\[3\] is nan"),
        ({"sample_weight": np.zeros(6)}, "sample_weight are all 0, so no sample counts"),
        ({"class_weight": "even"}, "class_weight is 'even', but must be \"balanced\" or a weight for each class"),
        ({"class_weight": 3}, 'class_weight must be "balanced" or a mapping'),
        ({"class_weight": {2: 1.0}}, "class_weight names the class 2, but y holds only 0, 1"),
        ({"class_weight": {1: -1.0}}, "the weight of class 1 is -1.0, but must be 0 or more"),
        ({"class_weight": {0: 0, 1: 0}}, "the weights of samples times those of classes are all 0"),
        ({"class_weight": "balanced", "y": np.full((6, 2), 0.5)}, "but y holds no classes"),
        ({"sample_weight": np.ones(6), "X": None, "y": None}, "sample_weight is given without X"),
    ],
)
def test_weights_that_are_none(given, message):
    network = Network.create([2, 3, 2], loss="cross_entropy", seed=0)
    options = {"X": np.ones((6, 2)), "y": np.array([0, 1, 0, 0, 1, 0]), **given}
    with pytest.raises(InputError, match=message):
        train(network, updates=1, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"batch_size": math.nan}, "batch_size is nan, but must be a whole number of at least 1"),
        ({"batch_size": "3"}, "batch_size is '3', but must be"),
        ({"epochs": [5]}, r"epochs is \[5\], but must be a whole number of at least 0"),
        ({"threads": True}, "threads is True, but must be"),
        ({"learning_rate": "0.1"}, "learning_rate is '0.1', but must be a finite number"),
        ({"learning_rate": 10**400}, "but must be a finite number"),
        ({"seed": -1}, "seed is -1, but must be a whole number of at least 0"),
        ({"seed": "a"}, "seed is 'a', but must be"),
        ({"validation": 0.2}, r"validation must be two, \(X, y\), the data held out, but is of type float"),
        ({"validation": ([[1.0]],)}, "validation must be two"),
        ({"score": 3, "validation": ([[1.0]], [1.0])}, "score is 3, but must be a function"),
        ({"on_progress": 3}, "on_progress is 3, but must be a function"),
        ({"checkpoint": 3}, "a run is kept in a folder, named as a text or a Path, not in 3"),
        ({"checkpoint": "run", "seconds_between_checkpoints": math.nan}, "seconds_between_checkpoints is nan"),
        ({"checkpoint": "run", "checkpoints_kept": None}, "checkpoints_kept is None, but must be"),
    ],
)
def test_options_of_another_kind_are_told_in_a_sentence(options, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=message):
        train(Network.create([1, 1], seed=0), [[1.0]], [1.0], **{"epochs": 1, **options})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("milestones", "message"),
    [(3, "milestones is 3, but must be a list of updates"), ([2, 1.5], r"milestones\[1\] is 1.5, but must be a whole")],
)
def test_milestones_of_another_kind_are_told_in_a_sentence(milestones, message):
    with pytest.raises(InputError, match=message):
        train(load("two-two-two"), updates=5, milestones=milestones)


@pytest.mark.parametrize("network", ["two-two-two", None])
def test_a_name_is_no_network(network):
    with pytest.raises(InputError, match="but must be a Network: load gives that of a file"):
        train(network)


def test_numbers_of_numpy_and_whole_ones_with_a_point_are_taken(tmp_path):
    network = Network.create(
        [1, 2, 1], seed=np.int64(0), l2=np.float32(0.5), l1=np.float32(0.25), dropout=np.float32(0.5)
    )
    X, options = [[1.0], [2.0], [3.0]], {"checkpoint": tmp_path, "epochs": 2.0}
    kinds = {"batch_size": np.int64(2), "seed": np.int64(3), "learning_rate": np.float32(0.25)}
    run = train(network, X, X, **options, **kinds)
    again = train(network, X, X, **options, batch_size=2, seed=3, learning_rate=0.25, resume=True)
    assert run.updates == 4 and np.array_equal(again.network.parameters.flat, run.network.parameters.flat)
