"""From a table to a model, its predictions, and one of its rows to be explained."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from workings.engine.descent import outputs_of
from workings.engine.fitting import Settings, find_task, fit, striking_weight
from workings.engine.model import Model
from workings.engine.tables import Table, read_table
from workings.errors import InputError
from workings.network import reference
from workings.network.losses import LOSSES
from workings.network.network_file import load

QUICK = Settings(epochs=3)


def a_table(n_rows=120, **changes):
    """Two numbers and a colour; the kind follows from them, the size too."""
    generator = np.random.default_rng(4)
    a, b = generator.normal(size=n_rows).tolist(), generator.normal(size=n_rows).tolist()
    colour = generator.choice(["red", "blue", ""], n_rows).tolist()
    kind = ["dog" if u + (c == "red") > 0 else "cat" for u, c in zip(a, colour, strict=True)]
    size = [3 * u - v + 10 for u, v in zip(a, b, strict=True)]
    columns = {"a": a, "b": b, "colour": colour, "size": size, "kind": kind}
    return Table("pets", {name: tuple(map(str, cells)) for name, cells in (columns | changes).items()})


def fitted(table, settings):
    return fit(find_task(table, settings), settings)


def test_classes_are_learnt():
    result = fitted(a_table(), Settings())
    assert result.model.score_name == "accuracy"
    assert result.model.facts["score"] > 0.9
    assert result.model.network.layers[-1].activation.name == "softmax"
    assert result.model.facts["updates"] >= 1_000


def test_numbers_are_learnt():
    result = fitted(a_table(), Settings(target="size"))
    assert result.model.score_name == "R²"
    assert result.model.facts["score"] > 0.95


@pytest.mark.parametrize("loss", [loss.name for loss in LOSSES.values() if not (loss.targets or 1.0 in loss.domain)])
def test_whole_numbers_are_a_number_where_the_loss_is_one_for_numbers(loss):
    table = a_table(size=[i % 5 + 1 for i in range(120)])
    assert find_task(table, Settings(target="size")).preparation.target.classes == ("1", "2", "3", "4", "5")
    assert not find_task(table, Settings(target="size", loss=loss)).preparation.target.classes
    assert find_task(table, Settings(target="size", loss="cross_entropy")).preparation.target.is_numbered
    assert fitted(table, replace(QUICK, target="size", loss=loss)).model.score_name == "R²"


@pytest.mark.parametrize("target", ["kind", "colour"])
def test_a_hinge_tells_classes_by_minus_1_and_1(target):
    table = a_table() if target == "kind" else a_table(colour=["red", "blue", "green"] * 40)
    result = fitted(table, Settings(target=target, loss="hinge"))
    classes = sorted(set(table.columns[target]))
    network = result.model.network
    assert network.sizes[-1] == (1 if len(classes) == 2 else 3)
    example = result.model.example(table, 1).example
    expected = [1.0 if name == table.columns[target][0] else -1.0 for name in classes]
    assert example.targets.tolist() == [expected[1:] if len(classes) == 2 else expected]
    assert example.output_meanings == (("kind, 1 for dog and -1 for cat",) if len(classes) == 2 else tuple(classes))
    predicted = result.model.predict(table)
    assert predicted.probabilities is None  # how far an output is from 0 is none
    if target == "kind":
        assert result.model.facts["score"] > 0.9
        assert predicted.score > 0.9
        outputs = outputs_of(network, result.model.prepared.inputs(table))[:, 0]
        assert predicted.values == tuple(classes[int(output > 0)] for output in outputs)


def test_counts_stay_0_or_more_and_multiples_of_their_mean():
    table = a_table(size=[int(math.exp(i % 7 / 2)) for i in range(120)], a=[i % 7 for i in range(120)])
    result = fitted(table, Settings(target="size", loss="poisson"))
    target = result.model.prepared.target
    assert (target.mean, result.model.network.layers[-1].activation.name) == (0.0, "exponential")
    assert result.model.facts["score"] > 0.95
    assert min(result.model.predict(table).values) > 0.0
    (meaning,) = result.model.example(table, 5).example.output_meanings
    assert meaning == f"size, 7/{target.scale:.6g}"


def test_a_target_that_the_loss_cannot_take_is_told_with_its_row():
    table = a_table(size=[3, 4, -2, *range(117)])
    message = "pets: row 3, column 'size': got '-2', but a target of poisson is 0 or more"
    with pytest.raises(InputError, match=message):
        find_task(table, Settings(target="size", loss="poisson"))


def test_settings_reach_the_network_and_the_training():
    settings = Settings(
        layers=(5, 4),
        activation="tanh",
        loss="squared_error",
        learning_rate=0.01,
        batch_size=10,
        updates=7,
        validation=0.5,
    )
    result = fitted(a_table(), settings)
    network, facts = result.model.network, result.model.facts
    assert network.sizes[1:] == (5, 4, 2)
    assert [layer.activation.name for layer in network.layers] == ["tanh", "tanh", "identity"]
    assert (facts["learning_rate"], facts["batch_size"], facts["updates"]) == (0.01, 10, 7)
    assert (facts["rows"], facts["rows_held_out"]) == (60, 60)
    assert fitted(a_table(), Settings(layers=(), epochs=1)).model.network.depth == 1


def test_a_model_keeps_what_else_its_training_was_given(tmp_path):
    given = {"clip_norm": 0.5, "class_weight": "dog=2,cat=1", "weight_column": "a", "patience": 2}
    table = a_table(a=[1 + i % 3 for i in range(120)])
    fitted(table, replace(QUICK, **given)).model.save(tmp_path / "m")
    facts = Model.load(tmp_path / "m").facts
    assert {name: facts[name] for name in given} == given and "clip_value" not in facts
    assert fitted(table, replace(QUICK, clip_value=0.1)).model.facts["clip_value"] == 0.1
    assert facts.keys() - fitted(table, QUICK).model.facts.keys() == given.keys()


def test_two_classes_and_a_loss_for_each_output_make_one_output():
    model = fitted(a_table(), Settings(loss="binary_cross_entropy")).model
    assert model.network.sizes[-1] == 1
    prediction = model.predict(a_table())
    assert prediction.score > 0.9
    assert prediction.probabilities.shape == (120, 2)
    assert prediction.probabilities.sum(axis=1) == pytest.approx(1.0)
    second = [value == "dog" for value in prediction.values]
    assert second == (prediction.probabilities[:, 1] > 0.5).tolist()


def test_the_seed_repeats_a_model_and_does_not_move_the_rows_held_out():
    table = a_table()
    first, same, other = (fitted(table, replace(QUICK, seed=seed)).model.network.parameters.flat for seed in (1, 1, 2))
    assert np.array_equal(first, same) and not np.array_equal(first, other)
    rows = [find_task(table, replace(QUICK, seed=seed)).held_out.tolist() for seed in (1, 2)]
    assert rows[0] == rows[1]


def test_rows_without_a_target_are_left_out_and_keep_their_numbers():
    table = a_table(kind=("", "?", *a_table().columns["kind"][2:]))
    told = []
    task = find_task(table, QUICK, told.append)
    assert told[0] == "2 rows are left out: there is no target in the column 'kind'"
    assert sorted([*task.training, *task.held_out]) == list(range(2, 120))


def test_the_commonest_class_of_the_training_rows_is_judged_on_the_rows_held_out():
    table = a_table(kind=["cat"] * 70 + ["dog"] * 30 + ["owl"] * 20)
    facts = fitted(table, QUICK).model.facts
    assert (facts["rows_held_out"], facts["score_of_commonest_class"]) == (24, pytest.approx(14 / 24))
    assert fitted(table, replace(QUICK, validation=0.0)).model.facts["score_of_commonest_class"] == pytest.approx(
        7 / 12
    )
    assert fitted(table, replace(QUICK, target="size")).model.facts["score_of_commonest_class"] is None


def test_without_held_out_rows_the_training_rows_are_judged():
    facts = fitted(a_table(), replace(QUICK, validation=0.0)).model.facts
    assert (facts["rows"], facts["rows_held_out"]) == (120, 0)
    assert 0.0 <= facts["score"] <= 1.0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"loss": "cross_entropy", "target": "size"}, "is a loss for classes, but the target 'size' is a number"),
        ({"loss": "cros_entropy"}, "Did you mean 'cross_entropy'"),
        ({"activation": "rlu"}, "Did you mean 'relu'"),
        ({"optimizer": "sgdd"}, "Did you mean 'sgd'"),
        ({"target": "kin"}, "Did you mean 'kind'"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        fitted(a_table(), Settings(**settings))


@pytest.mark.parametrize("seed", [0, 11])
def test_digits_are_told_apart(seed):
    settings = Settings(layers=(100,), epochs=50, seed=seed)
    assert fitted(read_table("digits"), settings).model.facts["score"] >= 0.96


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    path = tmp_path_factory.mktemp("models") / "pets.model.safetensors"
    fitted(a_table(), Settings(learning_rate=0.05)).model.save(path)
    return Model.load(path)


class TestModel:
    def test_a_saved_model_predicts_the_same(self, tmp_path):
        before = fitted(a_table(), QUICK).model
        before.save(tmp_path / "m")
        after = Model.load(tmp_path / "m")
        assert after.facts == before.facts and after.preparation == before.preparation
        assert after.predict(a_table()).values == before.predict(a_table()).values

    def test_a_table_without_target_is_predicted_without_score(self, model):
        table = a_table()
        inputs = Table("new", {name: table.columns[name] for name in ("size", "colour", "b", "a")})
        prediction = model.predict(inputs)
        assert prediction.values == model.predict(table).values
        assert (prediction.score, prediction.n_scored) == (None, 0)

    def test_only_known_targets_are_scored(self, model):
        kinds = list(a_table().columns["kind"])
        kinds[:3] = ["", "horse", "?"]
        assert model.predict(a_table(kind=kinds)).n_scored == 117

    def test_numbers_come_back_in_their_own_scale(self):
        table = a_table()
        model = fitted(table, Settings(target="size")).model
        prediction = model.predict(table)
        size = np.array(table.columns["size"], float)
        assert 1 - np.sum((size - prediction.values) ** 2) / np.sum((size - size.mean()) ** 2) == pytest.approx(
            prediction.score
        )
        assert prediction.score > 0.95

    def test_a_constant_target_has_no_r_squared(self):
        model = fitted(a_table(), replace(QUICK, target="size")).model
        prediction = model.predict(a_table(size=["3.5"] * 120))
        assert (prediction.score, prediction.n_scored) == (None, 120)

    def test_outputs_that_are_no_probabilities_are_not_told_as_such(self):
        assert fitted(a_table(), replace(QUICK, loss="squared_error")).model.predict(a_table()).probabilities is None

    def test_an_example_is_one_row_ready_to_be_explained(self, model):
        table = a_table()
        network = model.example(table, 17)
        example = network.example
        assert np.array_equal(example.inputs, model.preparation.inputs(table)[16:17])
        assert example.targets.tolist() == [[0.0, 1.0] if table.columns["kind"][16] == "dog" else [1.0, 0.0]]
        assert (example.learning_rate, example.is_batch) == (0.05, False)
        assert network.parameters is model.network.parameters

    def test_an_example_of_a_number_is_scaled(self):
        table = a_table()
        model = fitted(table, replace(QUICK, target="size")).model
        target = model.preparation.target
        expected = (float(table.columns["size"][4]) - target.mean) / target.scale
        assert model.example(table, 5).example.targets.tolist() == [[pytest.approx(expected)]]

    @pytest.mark.parametrize(
        ("change", "row", "message"),
        [
            ({}, 121, "there is no row 121: pets has 120 rows, counted from 1"),
            ({}, 0, "there is no row 0"),
            ({"kind": ["cats"] * 120}, 3, "pets: row 3, column 'kind': got 'cats' as the target. Did you mean 'cat'"),
            ({"a": ["x"] * 120}, 3, "got 'x', but the model was trained on numbers there"),
        ],
    )
    def test_a_row_that_cannot_be_explained_is_told(self, model, change, row, message):
        with pytest.raises(InputError, match=message):
            model.example(a_table(**change), row)

    def test_a_table_without_target_cannot_be_explained(self, model):
        table = a_table()
        with pytest.raises(InputError, match="lacks the column 'kind', the target"):
            model.example(Table("new", {name: table.columns[name] for name in ("a", "b", "colour")}), 1)

    def test_a_model_of_an_example_knows_no_columns(self):
        with pytest.raises(InputError, match="trained on its own example"):
            Model(load("two-two-two")).predict(a_table())

    @pytest.mark.parametrize(
        "extra",
        [
            {},
            {"training": {}},
            {"training": {"learning_rate": "x"}},
            {"training": {"learning_rate": 1}, "preparation": {}},
        ],
    )
    def test_what_was_saved_by_others_is_refused(self, tmp_path, extra):
        from workings.network.model_file import save_model

        save_model(tmp_path / "m", load("two-two-two"), extra)
        with pytest.raises(InputError, match="damaged model"):
            Model.load(tmp_path / "m")

    def test_columns_that_do_not_fit_the_network_are_refused(self, tmp_path, model):
        replace(model, network=load("two-two-two")).save(tmp_path / "m")
        with pytest.raises(InputError, match="its columns do not fit its network"):
            Model.load(tmp_path / "m")

    def test_facts_are_plain_data(self, model):
        assert json.loads(json.dumps(model.facts)) == model.facts
        assert math.isfinite(model.facts["score"])


def test_the_striking_weight_has_the_largest_gradient(model):
    network = model.example(a_table(), 3)
    gradient = reference.run(network, network.example.inputs, network.example.targets).gradient.W[0]
    quantity = striking_weight(network)
    assert (quantity.kind, quantity.layer) == ("dC/dW", 1)
    assert abs(gradient[quantity.index]) == np.abs(gradient).max() > 0


def a_weighted_table(**changes):
    columns = {"a": list("12345678"), "w": list("12120112"), "y": ["no", "yes"] * 4} | changes
    return Table("t", columns)


@pytest.mark.parametrize("loss", [None, "squared_error", "binary_cross_entropy", "hinge"])
def test_classes_have_weights_whatever_their_targets_are(loss):
    asked = Settings(validation=0.0, epochs=3, loss=loss)
    task = find_task(a_weighted_table(y=["no", "yes", "no", "no"] * 2), asked)

    def fitted(class_weight):
        return fit(task, replace(asked, class_weight=class_weight)).run.network.parameters.flat

    assert fitted("yes=2,no=2") == pytest.approx(fitted(None), rel=1e-5)
    assert fitted("yes=3,no=1") == pytest.approx(fitted("balanced"), rel=1e-5)
    assert not np.allclose(fitted("yes=3,no=1"), fitted(None), rtol=1e-3)


def test_a_column_of_weights_is_no_input_and_says_how_much_rows_count():
    task = find_task(a_weighted_table(), Settings(weight_column="w", validation=0.0))
    assert task.preparation.input_names() == ("a",)
    assert task.weights.tolist() == [1, 2, 1, 2, 0, 1, 1, 2]
    weighted = fit(task, Settings(weight_column="w", validation=0.0, epochs=2, class_weight="yes=2,no=1"))
    plain = fit(task, Settings(weight_column="w", validation=0.0, epochs=2))
    assert not np.array_equal(weighted.run.network.parameters.flat, plain.run.network.parameters.flat)


@pytest.mark.parametrize(
    ("changes", "settings", "message"),
    [
        ({}, {"weight_column": "v"}, "t has no column 'v' of weights. Did you mean|t has no column 'v' of weights"),
        ({}, {"weight_column": "y", "target": "y"}, "the column 'y' is the target"),
        (
            {"w": ["-1"] + ["1"] * 7},
            {"weight_column": "w"},
            "row 1, column 'w': got '-1', but the weight of a row must",
        ),
        ({"w": ["1"] * 7 + [""]}, {"weight_column": "w"}, "row 8, column 'w': got ''"),
        ({}, {"class_weight": "yes"}, "'yes' is no class with its weight"),
        ({}, {"class_weight": "yea=1"}, "there is no class 'yea' to give a weight. Did you mean 'yes'"),
        ({}, {"class_weight": "yes=much"}, "the weight of class yes is 'much', but must be a number of 0 or more"),
        ({"y": [f"{n}.5" for n in range(8)]}, {"class_weight": "balanced"}, "class weights are for classes, but the"),
    ],
)
def test_weights_of_a_table_that_are_none(changes, settings, message):
    asked = Settings(**settings, epochs=1)
    with pytest.raises(InputError, match=message):
        fit(find_task(a_weighted_table(**changes), asked), asked)


@pytest.mark.parametrize("share", [math.nan, 1.0, -0.1])
def test_a_share_that_is_none_is_told(share):
    with pytest.raises(InputError, match=f"validation is {share}, but must be a share of at least 0 and below 1"):
        Settings(validation=share)
