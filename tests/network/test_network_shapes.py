"""Shapes that do not fit and targets that no output can reach are refused with what would do."""

from dataclasses import replace

import numpy as np
import pytest
from network_texts import BATCH, BATCH_INPUTS, BATCH_TARGETS, FIRST_WEIGHTS, ROWS, changed, refusal

from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network_dump import dump
from workings.network.network_file import load, load_text


def test_transposed_weights_are_asked_about():
    wrong = changed(ROWS, (FIRST_WEIGHTS, "[[0.15, 0.5, 0.05], [0.23, 0.8, -0.05]]"))
    assert refusal(wrong) == (
        "net.toml: layers[1].weights has shape (2, 3) but must be (3, 2): one row for each of the 3 neurons of this "
        "layer, one column for each of the 2 inputs. Is it transposed?"
    )


@pytest.mark.parametrize(
    ("text", "old", "new", "fragments"),
    [
        (ROWS, "[[0.9, -0.5, 0.08]]", "[[0.9], [-0.5], [0.08]]", ["layers[2]", "(3, 1)", "(1, 3)", "transposed?"]),
        (
            ROWS,
            "[[0.9, -0.5, 0.08]]",
            "[[0.9, -0.5]]",
            ["layers[2]", "(1, 2)", "(1, 3)", "3 outputs of the layer before"],
        ),
        (ROWS, "[0.5, 0.6, 0.7]", "[0.5, 0.6]", ["layers[1].biases", "(2,)", "(3,)"]),
        (ROWS, "[2.0, 9.0]", "[2.0, 9.0, 1.0]", ["layers[1].weights", "(3, 2)", "(3, 3)", "3 inputs"]),
        (ROWS, "[0.92]", "[0.92, 0.1]", ["targets has 2 numbers but must have 1", "layers[2]"]),
        (BATCH, BATCH_TARGETS, "[[0.1, 1], [0.2, 1], [0.3, 1]]", ["targets has shape (3, 2) but must be (3, 1)"]),
        (BATCH, BATCH_TARGETS, "[[0.1, 0.2, 0.3]]", ["(3, 2)", "(1, 3)", "Is targets transposed?"]),
        (BATCH, BATCH_INPUTS, "[[0.5, -0.5, 1], [-1, 2, 1]]", ["(2, 3)", "(3, 1)", "Is inputs transposed?"]),
        (
            BATCH,
            BATCH_TARGETS,
            "[[0.1], [0.2]]",
            ["inputs has shape (3, 2)", "targets has shape (2, 1)", "each sample"],
        ),
        (BATCH, BATCH_TARGETS, "[0.1]", ["inputs is a list of samples, but targets is a single flat one"]),
        (BATCH, BATCH_INPUTS, "[0.1, 0.2]", ["targets is a list of samples, but inputs is a single flat one"]),
        (ROWS, FIRST_WEIGHTS, "[[0.15, 0.23], [0.5], [0.05, -0.05]]", ["layers[1].weights is ragged", "row 2 has 1"]),
        (BATCH, BATCH_INPUTS, "[[0.5, -1.0], [-0.5], [1.0, 1.0]]", ["inputs is ragged"]),
        (ROWS, FIRST_WEIGHTS, "[0.15, 0.23]", ["layers[1].weights must be a list of rows"]),
        (ROWS, FIRST_WEIGHTS, "[]", ["layers[1] is empty"]),
        (ROWS, "[0.5, 0.6, 0.7]", "[]", ["layers[1] is empty"]),
        (ROWS, FIRST_WEIGHTS, "[[], [], []]", ["layers[1].weights[1] is an empty list"]),
        (ROWS, "[2.0, 9.0]", "[]", ["inputs is an empty list"]),
    ],
)
def test_a_shape_that_does_not_fit_is_told_with_the_one_that_would(text, old, new, fragments):
    sentence = refusal(changed(text, (old, new)))
    for fragment in fragments:
        assert fragment in sentence


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (ROWS, FIRST_WEIGHTS, "[[0,15, 0,23], [0.5, 0.8], [0.05, -0.05]]"),
        (ROWS, FIRST_WEIGHTS, "[[0.15, 0.23], [0,5, 0,8], [0.05, -0.05]]"),
        (ROWS, FIRST_WEIGHTS, "[[0,15, 0,23], [0,5, 0,8], [0,1, -0,1]]"),
        (ROWS, "[0.5, 0.6, 0.7]", "[0,5, 0,6, 0,7]"),
        (ROWS, "[0.92]", "[0,92]"),
        (BATCH, BATCH_TARGETS, "[[0,1], [0,2], [0,3]]"),
    ],
)
def test_decimal_commas_are_asked_about_where_numbers_are_twice_as_many(text, old, new):
    assert refusal(changed(text, (old, new))).endswith("Is that a decimal comma? A decimal number takes a point: 0.5")


@pytest.mark.parametrize(
    ("loss", "activation", "target", "fragment"),
    [
        ("hinge", "tanh", "0", "targets[1]: a target of hinge is -1 or 1, not 0"),
        ("poisson", "softplus", "-3", "targets[1]: a target of poisson is 0 or more, not -3"),
        ("cross_entropy", "sigmoid", "92", "a target of cross_entropy is from 0 to 1, not 92; scale it to 0.92?"),
    ],
)
def test_targets_that_the_loss_cannot_take_are_told(loss, activation, target, fragment):
    own = load("two-three-one")
    *hidden, output = own.layers
    own = replace(own, layers=(*hidden, replace(output, activation=ACTIVATIONS[activation])), loss=LOSSES[loss])
    own = replace(own, example=replace(own.example, targets=np.array([[float(target)]])))
    assert fragment in refusal(dump(own))


def test_a_batch_with_one_column_a_sample_is_to_blame_itself():
    text = changed(BATCH, (BATCH_INPUTS, "[[0.5, -0.5, 1], [-1, 2, 1]]"), (BATCH_TARGETS, "[[0.1], [0.2]]"))
    assert "inputs has shape (2, 3) but must be (3, 2)" in refusal(text)
    assert refusal(text).endswith("Is it transposed?")
    square = changed(BATCH, (BATCH_TARGETS, "[[0.1, 0.1], [0.2, 0.2], [0.3, 0.3]]"))
    assert "transposed" not in refusal(square)


@pytest.mark.parametrize(
    ("activation", "target", "fragment"),
    [
        ("sigmoid", "92", "targets[1]: a sigmoid cannot reach 92; scale it to 0.92?"),
        ("sigmoid", "1.5", "scale it to 0.15?"),
        ("tanh", "-7", "a tanh cannot reach -7; scale it to -0.7?"),
        ("elu", "-20", "an elu cannot reach -20; scale it to -0.2?"),
        ("sigmoid", "-1", "a sigmoid cannot reach -1; its outputs lie between 0 and 1"),
        ("sigmoid", "1e300", "a sigmoid cannot reach 1e+300; its outputs"),
        ("relu", "-1", "a relu cannot reach -1; its outputs lie between 0 and inf"),
    ],
)
def test_a_target_out_of_reach_is_refused(activation, target, fragment):
    output = ROWS.rindex('"sigmoid"')
    text = ROWS[:output] + ROWS[output:].replace("sigmoid", activation, 1)
    assert fragment in refusal(changed(text, ("0.92", target)))


def test_all_targets_of_a_batch_are_scaled_alike():
    text = changed(BATCH, ('"identity"', '"sigmoid"'), (BATCH_TARGETS, "[[0], [92], [150]]"))
    assert "targets[2][1]: a sigmoid cannot reach 92; scale it to 0.092?" in refusal(text)


@pytest.mark.parametrize("target", ["0", "1", "0.0", "1.0"])
def test_the_ends_of_the_range_are_within_reach(target):
    assert load_text(changed(ROWS, ("0.92", target))).example.targets == float(target)
