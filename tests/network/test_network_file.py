"""Network files as people write them: right, nearly right, and not at all."""

import json
import struct
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from network_texts import ROWS, changed

from workings.errors import InputError
from workings.network import reference
from workings.network.losses import SQUARED_ERROR
from workings.network.model_file import save_model
from workings.network.network import Network
from workings.network.network_file import examples, is_model, load, load_text, remarks
from workings.network.quantity import parse_address

DATA = Path(__file__).parent.parent / "data"

# What is read


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text,
        lambda text: "\ufeff" + text,
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "CRLF", "utf-16 big-endian", "text", "text with mark"],
)
def test_text_is_read_as_windows_and_unix_write_it(encode):
    assert load_text(encode(changed(ROWS, ("2-3-1", "Übung 2")))).title == "Übung 2"


def test_a_large_file_is_read():
    network = Network.create([784, 128, 10], seed=0)
    layers = "".join(
        f'[[layers]]\nactivation = "sigmoid"\nweights = {W.tolist()}\nbiases = {b.tolist()}\n'
        for W, b in zip(network.parameters.W, network.parameters.b, strict=True)
    )
    head = f'inputs = {[0.5] * 784}\ntargets = {[0.0] * 10}\nlearning_rate = 0.1\nloss = "half_squared_error"\n'
    assert np.array_equal(load_text(head + layers).parameters.flat, network.parameters.flat)


# The shipped examples


def test_the_shipped_examples_are_these():
    assert examples() == ("deep-four", "relu-dead", "tanh-softmax", "two-three-one", "two-two-two")


@pytest.mark.parametrize("name", examples())
def test_a_shipped_example_loads_by_name_and_has_nothing_to_remark(name):
    network = load(name)
    assert load(Path(name)).title == network.title != name
    assert remarks(network) == ()


def value_of(network: Network, address: str) -> float | None:
    """A quantity by the reference pass; None for those it does not compute."""
    example, quantity = network.example, parse_address(address)
    done = reference.run(network, example.inputs, example.targets)
    layer, index = quantity.layer or 0, quantity.index
    if quantity.output is not None:
        return None
    match quantity.kind:
        case "x":
            return example.inputs[0][index]
        case "C":
            return reference.objective(network, example.inputs, example.targets)
        case "W" | "b":
            return getattr(network.parameters, quantity.kind)[layer - 1][index]
        case "dC/dW" | "dC/db":
            return getattr(done.gradient, quantity.kind[-1])[layer - 1][index]
        case "W+" | "b+":
            name = quantity.kind[0]
            rate = example.learning_rate if name == "W" or network.train_biases else 0.0
            old, slope = getattr(network.parameters, name), getattr(done.gradient, name)
            return old[layer - 1][index] - rate * slope[layer - 1][index]
        case "z" | "a" | "dC/da" | "delta":
            return {"z": done.Z, "a": done.A, "dC/da": done.dC_da, "delta": done.delta}[quantity.kind][layer][0][index]
    return None


@pytest.mark.parametrize(
    ("name", "loss", "entry"),
    [
        ("two-two-two", None, "values"),
        ("two-three-one", None, "half_squared_error"),
        ("two-three-one", SQUARED_ERROR, "squared_error"),
    ],
)
def test_the_classical_examples_have_their_published_values(name, loss, entry):
    network = load(name)
    network = network if loss is None else replace(network, loss=loss)
    worked = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))[entry]
    compared = {address: value for address in worked if (value := value_of(network, address)) is not None}
    assert len(compared) > 40
    for address, value in compared.items():
        assert value == pytest.approx(float(worked[address]), rel=1e-12, abs=0), address


def test_the_classical_examples_are_as_they_were_printed():
    network = load("two-two-two")
    assert (network.notation, network.train_biases, network.loss.name) == ("net-out", False, "half_squared_error")
    network = load("two-three-one")
    assert (network.notation, network.train_biases, network.loss.name) == ("numbered", True, "half_squared_error")


def test_the_dead_neuron_is_dead_and_the_others_live():
    network = load("relu-dead")
    done = reference.run(network, network.example.inputs, network.example.targets)
    assert (done.A[1][0] > 0).tolist() == [True, False, True]
    assert done.gradient.W[0][1].tolist() == [0.0, 0.0]
    assert done.gradient.b[0][1] == 0.0
    assert (done.gradient.W[1][0] == 0).tolist() == [False, True, False]


def test_the_other_examples_show_what_they_are_for():
    softmax = load("tanh-softmax")
    assert [layer.activation.name for layer in softmax.layers] == ["tanh", "softmax"]
    assert (softmax.loss.name, softmax.sizes[-1], softmax.example.is_batch) == ("cross_entropy", 3, True)
    assert load("deep-four").depth == 4
    assert load("deep-four").sizes[-1] == 4


# Remarks


@pytest.mark.parametrize(
    ("rate", "fragment"),
    [("1.5", "above 1"), ("0", "changes nothing"), ("-0.5", "negative"), ("1", None), ("0.001", None)],
)
def test_a_learning_rate_outside_0_and_1_is_worth_a_remark(rate, fragment):
    said = remarks(load_text(changed(ROWS, ("rate = 0.5", f"rate = {rate}"))))
    assert [fragment in sentence for sentence in said] == ([True] if fragment else [])


def test_shares_that_do_not_add_up_to_one_are_worth_a_remark():
    network = load("tanh-softmax")
    off = replace(network.example, targets=np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.4]]))
    (said,) = remarks(replace(network, example=off))
    assert said.startswith("targets[2] add up to 0.9")


def test_a_network_without_an_example_has_nothing_to_remark():
    assert remarks(Network.create([2, 1])) == ()


def test_outputs_that_do_not_share_a_whole_get_a_remark_where_the_loss_counts_on_it():
    create = partial(Network.create, [2, 3], loss="cross_entropy")
    assert remarks(create()) == ()
    (said,) = remarks(create(output_activation="sigmoid"))
    assert said.startswith("cross_entropy counts on outputs that share one whole, as those of softmax do.")
    assert said.endswith("; binary_cross_entropy goes with sigmoid")


def test_a_single_softmax_neuron_gets_a_remark():
    (said,) = remarks(Network.create([2, 1], output_activation="softmax"))
    assert "layer 1 has one softmax neuron, which is always 1" in said


# Paths


def refused_path(path: str | Path) -> str:
    with pytest.raises(InputError) as caught:
        load(path)
    return str(caught.value)


def test_a_misspelt_name_brings_the_nearest_shipped_one():
    assert refused_path("two-two-tow").endswith("Did you mean 'two-two-two'?")


def test_a_misspelt_path_brings_the_nearest_file_beside_it(tmp_path):
    (tmp_path / "exercise.toml").write_text(ROWS, encoding="utf-8")
    assert refused_path(tmp_path / "exercsie.toml").endswith("Did you mean 'exercise.toml'?")
    assert "there is no folder" in refused_path(tmp_path / "nowhere" / "net.toml")


def test_a_folder_is_told_with_the_files_in_it(tmp_path):
    (tmp_path / "exercise.toml").write_text(ROWS, encoding="utf-8")
    sentence = refused_path(tmp_path)
    assert "is a folder" in sentence
    assert sentence.endswith("It holds exercise.toml")


def test_a_file_that_may_not_be_read(monkeypatch, tmp_path):
    def refuse(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "net.toml"
    path.write_text(ROWS, encoding="utf-8")
    monkeypatch.setattr(Path, "open", refuse)
    assert refused_path(path).endswith("cannot be read: permission denied")
    assert not is_model(path)


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "", "."])
def test_impossible_paths(path):
    assert "\n" not in refused_path(path)


def test_a_hundred_megabytes_are_refused_unread(tmp_path):
    path = tmp_path / "huge.toml"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    assert "is 100 MB" in refused_path(path)


def test_messages_name_the_file_as_it_was_given(tmp_path, monkeypatch):
    (tmp_path / "net.toml").write_text(changed(ROWS, ("rate = 0.5", "rate = nan")), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert refused_path("net.toml").startswith("net.toml: learning_rate")


def test_a_trained_model_loads_as_its_network(tmp_path):
    network = Network.create([2, 3, 1], seed=0)
    save_model(tmp_path / "m.model", network)
    assert np.array_equal(load(tmp_path / "m.model").parameters.flat, network.parameters.flat)


def test_a_model_is_known_by_its_content(tmp_path):
    path = tmp_path / "named.toml"
    for data, expected in [
        (struct.pack("<Q", 2) + b"{}", True),
        (struct.pack("<Q", 10**6) + b'{"__metadata__"', True),
        (struct.pack("<Q", 2), False),
        (ROWS.encode(), False),
        (b"", False),
        (b"\0" * 100, False),
        (b"12345678{", False),
    ]:
        path.write_bytes(data)
        assert is_model(path) is expected
    assert not is_model(tmp_path)
    assert not is_model(tmp_path / "nothing")
    assert not is_model("a\0b")
    assert not is_model("two-two-two")
