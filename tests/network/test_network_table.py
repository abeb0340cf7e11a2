"""What the keys of a network file may hold, and what is said of one that holds something else."""

from dataclasses import replace

import numpy as np
import pytest
from network_texts import BATCH, ROWS, changed, refusal

from workings.network.activations import TANH
from workings.network.losses import SQUARED_ERROR
from workings.network.network_file import load, load_text
from workings.network.schedules import SCHEDULES


def test_every_field_is_read():
    text = changed(
        ROWS, ("loss =", 'train_biases = false\nreduction = "sum"\nl2 = 0.25\nnotation = "numbered"\nloss =')
    )
    network = load_text(text)
    assert network.sizes == (2, 3, 1)
    assert [layer.activation.name for layer in network.layers] == ["sigmoid", "sigmoid"]
    assert network.W(1).tolist() == [[0.15, 0.23], [0.5, 0.8], [0.05, -0.05]]
    assert network.b(1).tolist() == [0.5, 0.6, 0.7]
    assert network.W(2).tolist() == [[0.9, -0.5, 0.08]]
    assert network.b(2).tolist() == [0.2]
    assert (network.loss.name, network.l2, network.reduction) == ("half_squared_error", 0.25, "sum")
    assert (network.train_biases, network.title, network.notation) == (False, "2-3-1", "numbered")
    assert network.example.inputs.tolist() == [[2.0, 9.0]]
    assert network.example.targets.tolist() == [[0.92]]
    assert network.example.learning_rate == 0.5
    assert not network.example.is_batch


def test_what_is_left_out_has_the_documented_value(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(changed(ROWS, ('title = "2-3-1"', "")), encoding="utf-8")
    network = load(path)
    assert (network.train_biases, network.reduction, network.l2) == (True, "mean", 0.0)
    assert (network.notation, network.title) == ("textbook", "mine.toml")


@pytest.mark.parametrize("written", ['"step:every=3,warmup=2"', '{ name = "step", every = 3, warmup = 2 }'])
def test_the_learning_rate_may_have_a_schedule(written):
    network = load_text(changed(ROWS, ("loss =", f"schedule = {written}\nloss =")))
    assert str(network.example.schedule) == "step:every=3.0,warmup=2.0"
    assert load_text(ROWS).example.schedule is SCHEDULES["constant"]


def test_whole_numbers_are_numbers():
    network = load_text(changed(ROWS, ("[2.0, 9.0]", "[2, 9]"), ("0.92", "1"), ("rate = 0.5", "rate = 1")))
    assert network.example.inputs.dtype == np.float64
    assert network.example.learning_rate == 1.0


def test_a_list_of_lists_is_a_batch_even_with_a_single_row():
    batch = load_text(BATCH)
    assert batch.example.is_batch
    assert batch.example.inputs.shape == (3, 2)
    single = load_text(changed(ROWS, ("[2.0, 9.0]", "[[2.0, 9.0]]"), ("[0.92]", "[[0.92]]")))
    assert single.example.is_batch
    assert single.example.targets.tolist() == [[0.92]]


def test_one_file_may_bring_records_of_its_own():
    own = replace(TANH, name="mine"), replace(SQUARED_ERROR, name="own_loss")
    text = changed(ROWS, ('"sigmoid"', '"mine"'), ("half_squared_error", "own_loss"))
    network = load_text(text, activations={"mine": own[0]}, losses={"own_loss": own[1]})
    assert (network.layers[0].activation, network.loss) == own
    assert "'mine'" in refusal(text)


@pytest.mark.parametrize(
    ("old", "new", "fragments"),
    [
        ("loss =", 'schedule = "stp"\nloss =', ["schedule: there is no schedule 'stp'. Did you mean 'step'"]),
        ("loss =", "schedule = 3\nloss =", ["schedule must be a text in quotes"]),
        ("loss =", 'schedule = "cosine"\nloss =', ["schedule: cosine goes over a whole run", '"cosine:over=1000"']),
        ("0.8", "true", ["layers[1].weights[2][2] must be a number", "true"]),
        ("0.8", "'0.8'", ["layers[1].weights[2][2]", "Write 0.8, without quotes"]),
        ("rate = 0.5", "rate = '0,5'", ["learning_rate", "Write 0.5, without quotes"]),
        ("rate = 0.5", "rate = 'fast'", ["learning_rate must be a number, but is the text 'fast'"]),
        ("rate = 0.5", "rate = nan", ["learning_rate is nan"]),
        ("rate = 0.5", "rate = -inf", ["learning_rate is -inf"]),
        ("rate = 0.5", "rate = 1e999", ["learning_rate is inf", "1.8e308"]),
        ("rate = 0.5", f"rate = {'9' * 400}", ["learning_rate is inf"]),
        ("rate = 0.5", "rate = 2024-01-01", ["learning_rate must be a number, but is a date"]),
        ("rate = 0.5", "rate = [0.5]", ["learning_rate must be a number, but is a list"]),
        ("rate = 0.5", "rate = {a = 1}", ["learning_rate must be a number, but is a table"]),
        ("0.92", "nan", ["targets[1] is nan"]),
        ("loss =", "l2 = -1\nloss =", ["l2 is -1.0, but must be 0 or more"]),
        ("loss =", "l1 = -1\nloss =", ["l1 is -1.0, but must be 0 or more"]),
        ("loss =", "l2 = inf\nloss =", ["l2 is inf"]),
        ("loss =", "train_biases = 1\nloss =", ["train_biases must be true or false, but is a number"]),
        ('"2-3-1"', "5", ["title must be a text in quotes"]),
        ("loss =", 'reduction = "sun"\nloss =', ["reduction", "Did you mean 'sum'?"]),
        ("loss =", 'notation = "netout"\nloss =', ["notation", "Did you mean 'net-out'?"]),
        ("half_squared_error", "half-squared-error", ["loss", "Did you mean 'half_squared_error'?"]),
        ('"sigmoid"', '"sigmod"', ["layers[1].activation", "Did you mean 'sigmoid'?"]),
        ('"sigmoid"', "1", ["layers[1].activation must be a text"]),
        ("learning_rate", "learning-rate", ["Did you mean 'learning_rate'?"]),
        ("weights", "weigths", ["layers[1] has a key 'weigths'", "Did you mean 'weights'?"]),
        ("biases = [0.5, 0.6, 0.7]", "", ["layers[1]: biases is missing"]),
        ("inputs = [2.0, 9.0]\ntargets = [0.92]", "", ["inputs and targets are missing"]),
        ("loss =", "sizes = [2, 3, 1]\nloss =", ["sizes at the top goes with [values]"]),
        ("[0.5, 0.6, 0.7]", "[[0.5, 0.6, 0.7]]", ["layers[1].biases[1] must be a number, but is a list"]),
        ("[2.0, 9.0]", "[2.0, [9.0]]", ["inputs[1] must be a list of numbers, but is a number"]),
        ("[2.0, 9.0]", "2.0", ["inputs must be a list of numbers"]),
    ],
)
def test_a_wrong_value_is_told_by_its_place(old, new, fragments):
    sentence = refusal(changed(ROWS, (old, new)))
    for fragment in fragments:
        assert fragment in sentence


@pytest.mark.parametrize(
    ("layers", "fragment"),
    [
        ("", "layers is missing"),
        ("layers = []", "layers is an empty list"),
        ("layers = [1]", "layers[1] must be a table under the heading [[layers]]"),
        ("layers = 'two'", "layers must be a list of layers, but is the text 'two'"),
        ("[layers]\nweights = [[1, 2]]", "write [[layers]], with two brackets"),
    ],
)
def test_layers_that_are_no_layers(layers, fragment):
    assert fragment in refusal(ROWS.partition("[[layers]]")[0] + layers)


def test_an_output_outside_the_domain_of_the_loss_is_refused_with_the_file():
    sentence = refusal(changed(BATCH, ("half_squared_error", "binary_cross_entropy")))
    assert "binary_cross_entropy needs outputs between 0 and 1, but identity" in sentence
