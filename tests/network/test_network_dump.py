"""What is written is read as the same network, and explains itself."""

import tomllib
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workings.errors import InputError
from workings.network.activations import ACTIVATIONS, Activation
from workings.network.clipping import clipping_of
from workings.network.draft import draft
from workings.network.losses import LOSSES, Loss
from workings.network.network import Array, Example, Layer, Network, Parameters
from workings.network.network_dump import dump
from workings.network.network_file import examples, load, load_text
from workings.network.notations import NOTATIONS
from workings.network.optimizers import SGD, Optimizer

FINITE = st.floats(allow_nan=False, allow_infinity=False)
SIZE = st.integers(1, 4)


def arrays(n_rows: int, n_columns: int, low: float = -np.inf, high: float = np.inf) -> st.SearchStrategy[np.ndarray]:
    number = st.floats(
        None if np.isinf(low) else low, None if np.isinf(high) else high, allow_nan=False, allow_infinity=False
    )
    row = st.lists(number, min_size=n_columns, max_size=n_columns)
    return st.lists(row, min_size=n_rows, max_size=n_rows).map(np.array)


def clipped(name: str) -> Optimizer:
    return replace(SGD, clipping=clipping_of(**{name: 0.25}))


def targets(n_rows: int, n_columns: int, output: Activation, loss: Loss) -> st.SearchStrategy[Array]:
    if not loss.targets:
        return arrays(n_rows, n_columns, *output.range)
    row = st.lists(st.sampled_from(loss.targets), min_size=n_columns, max_size=n_columns)
    return st.lists(row, min_size=n_rows, max_size=n_rows).map(np.array)


@st.composite
def networks(draw: st.DrawFn) -> Network:
    sizes = draw(st.lists(SIZE, min_size=2, max_size=5))
    loss = draw(st.sampled_from(list(LOSSES.values())))
    fitting = [activation for activation in ACTIVATIONS.values() if loss.takes(activation)]
    hidden = [draw(st.sampled_from(list(ACTIVATIONS.values()))) for _ in sizes[2:]]
    activations = [*hidden, draw(st.sampled_from(fitting))]
    shapes = list(pairwise(sizes))
    weights = [draw(arrays(n_out, n_in)) for n_in, n_out in shapes]
    biases = [draw(arrays(1, n_out))[0] for _, n_out in shapes]
    is_batch = draw(st.booleans())
    n_samples = draw(st.integers(1, 3)) if is_batch else 1
    example = Example(
        draw(arrays(n_samples, sizes[0])),
        draw(targets(n_samples, sizes[-1], activations[-1], loss)),
        draw(FINITE),
        is_batch,
        optimizer=draw(st.just(SGD) | st.sampled_from(["clip_norm", "clip_value"]).map(clipped)),
        sample_weights=draw(st.none() | arrays(1, n_samples, 0.5, 9.0).map(np.ravel)) if is_batch else None,
    )
    return Network(
        tuple(Layer(*shape, activation) for shape, activation in zip(shapes, activations, strict=True)),
        Parameters.of(weights, biases),
        loss,
        l2=draw(st.floats(0, allow_infinity=False)),
        l1=draw(st.just(0.0) | st.floats(0, allow_infinity=False)),
        reduction=draw(st.sampled_from(["mean", "sum"])),
        train_biases=draw(st.booleans()),
        example=example,
        title=draw(st.text()),
        notation=draw(st.sampled_from(list(NOTATIONS))),
    )


def differences(one: object, other: object, place: str = "network") -> list[str]:
    """The fields in which two networks differ, bit for bit."""
    if isinstance(one, Network | Example | Parameters):
        pairs = [(getattr(one, field.name), getattr(other, field.name), field.name) for field in fields(one)]
        return [difference for a, b, name in pairs for difference in differences(a, b, f"{place}.{name}")]
    if isinstance(one, np.ndarray):
        assert isinstance(other, np.ndarray)
        same = one.shape == other.shape and one.dtype == other.dtype and one.tobytes() == other.tobytes()
        return [] if same else [place]
    return [] if one == other and type(one) is type(other) else [place]


@given(networks())
@settings(max_examples=100, deadline=None)
def test_what_is_written_is_read_as_the_same_network(network):
    assert differences(network, load_text(dump(network))) == []


@pytest.mark.parametrize("name", examples())
def test_the_shipped_examples_are_written_and_read_again(name):
    assert differences(load(name), load_text(dump(load(name)))) == []


def test_a_difference_is_seen():
    network = load("two-two-two")
    nearly = network.with_parameters(np.nextafter(network.parameters.flat, 1.0))
    assert differences(network, nearly) == ["network.parameters.flat"]


def test_every_field_is_written_and_explained():
    text = dump(load("deep-four"))
    for key in tomllib.loads(text):
        line = next(i for i, line in enumerate(text.splitlines()) if line.lstrip("[").startswith(key))
        before = text.splitlines()[line - 3 : line] if line > 2 else text.splitlines()[:line]
        assert any(comment.startswith("#") for comment in before), key
    for registry in (ACTIVATIONS, LOSSES, NOTATIONS):
        assert ", ".join(registry) in text


def test_an_output_that_was_chosen_for_the_loss_says_so():
    chosen = Network.create([2, 3, 1], seed=0)
    example = Example(np.zeros((1, 2)), np.zeros((1, 1)), 0.5)
    lines = [line for line in dump(replace(chosen, example=example)).splitlines() if line.startswith("activation")]
    assert lines[0] == 'activation = "sigmoid"'
    assert lines[1] == 'activation = "identity"  # of the outputs: what goes with half_squared_error'


def test_numbers_are_written_as_short_as_they_can_be_and_named_in_the_notation():
    text = dump(load("two-two-two"))
    assert "  [0.15, 0.2],  # w1 w2\n" in text
    assert "biases = [0.6, 0.6]  # b2\n" in text


def test_long_rows_go_without_names():
    text = dump(draft([12, 2], seed=0))
    assert "w^1_" not in text
    assert "b^1_1 b^1_2" in text


def test_single_precision_is_written_in_full():
    network = Network.create([2, 1], seed=0, dtype=np.float32)
    example = Example(np.array([[0.1, 0.2]], np.float32), np.array([[0.3]], np.float32), 0.5)
    read = load_text(dump(Network(network.layers, network.parameters, network.loss, example=example)))
    assert read.parameters.flat.astype(np.float32).tobytes() == network.parameters.flat.tobytes()


def test_a_network_without_an_example_is_no_network_file():
    with pytest.raises(InputError, match="has no example"):
        dump(Network.create([2, 1]))
