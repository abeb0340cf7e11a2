import json
from dataclasses import replace

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from workings.errors import InputError
from workings.network.activations import SIGMOID
from workings.network.clipping import clipping_of
from workings.network.losses import HALF_SQUARED_ERROR
from workings.network.model_file import load_model, save_model
from workings.network.network import Example, Network
from workings.network.network_file import is_model
from workings.network.optimizers import SGD
from workings.network.schedules import schedule_named

CLIPPED = replace(SGD, clipping=clipping_of(clip_norm=0.5))


def a_network(**changes):
    network = Network.create(
        [3, 4, 2], activation="tanh", loss="cross_entropy", seed=0, l2=0.25, reduction="sum", l1=0.5
    )
    return replace(network, **changes)


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "a.safetensors"
    save_model(path, a_network(), {"facts": [1, "ü"]})
    return path


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_number_and_field_comes_back(tmp_path, dtype):
    example = Example(
        np.array([[0.1, 0.2, 0.3]], dtype),
        np.array([[0.0, 1.0]], dtype),
        0.1,
        is_batch=True,
        optimizer=CLIPPED,
        schedule=schedule_named("cosine:over=100"),
        sample_weights=np.array([2.0]),
    )
    network = a_network(example=example, train_biases=False, title="Täst", notation="net-out")
    first, last = network.layers
    network = replace(network, layers=(replace(first, dropout=0.25), last), dropout_seed=2**63)
    network = network.with_parameters(network.parameters.flat.astype(dtype))
    save_model(tmp_path / "m", network, {"a": 0.1})
    loaded, extra = load_model(tmp_path / "m")
    assert extra == {"a": 0.1}
    assert loaded.parameters.flat.dtype == dtype
    assert np.array_equal(loaded.parameters.flat, network.parameters.flat)
    assert np.array_equal(loaded.example.inputs, example.inputs)
    assert np.array_equal(loaded.example.targets, example.targets)
    assert np.array_equal(loaded.example.sample_weights, [2.0])
    assert loaded.example.optimizer == CLIPPED
    assert (loaded.example.learning_rate, loaded.example.is_batch) == (0.1, True)
    assert loaded.example.schedule == example.schedule
    for field in ("layers", "loss", "l2", "l1", "dropout_seed", "reduction", "train_biases", "title", "notation"):
        assert getattr(loaded, field) == getattr(network, field)


def test_a_network_without_example_comes_back_without(path):
    assert load_model(path)[0].example is None


def test_the_weights_can_be_read_by_any_safetensors_program(path):
    with safe_open(path, framework="np") as file:
        assert np.array_equal(file.get_tensor("W1"), a_network().W(1))
        assert file.metadata()["format"] == "workings.model"


def test_it_is_known_as_a_model(path):
    assert is_model(path)


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(path):
    save_model(path, a_network(title="second"))
    assert load_model(path)[0].title == "second"
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_failed_write_leaves_the_old_file(path, monkeypatch):
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(InputError, match="cannot be written: No space left on device"):
        save_model(path, a_network(title="second"))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        save_model(tmp_path / "no" / "m", a_network())


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.9, 0.999])
def test_a_file_cut_short_is_refused(path, share):
    data = path.read_bytes()
    path.write_bytes(data[: int(share * len(data))])
    with pytest.raises(InputError, match="damaged or cut short"):
        load_model(path)


@pytest.mark.parametrize("content", [b"hello", b"\xff" * 4096, b"\x00" * 100, b"a,b\n1,2\n"])
def test_what_is_no_model_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(InputError, match="no trained model"):
        load_model(path)


def test_somebody_else_s_safetensors_are_refused(path):
    save_file({"W1": np.zeros((2, 2))}, path)
    with pytest.raises(InputError, match="no model of workings"):
        load_model(path)


def test_a_later_version_is_told_from_damage(path):
    tampered(path, version="2")
    with pytest.raises(InputError, match="version 2, but this program reads version 1"):
        load_model(path)


def test_a_misspelt_name_is_helped(path):
    with pytest.raises(InputError, match=r"Did you mean 'a.safetensors'\?"):
        load_model(path.with_name("b.safetensors"))
    with pytest.raises(InputError, match="is a folder"):
        load_model(path.parent)


def tampered(path, network=None, tensors=None, **metadata):
    """The model at ``path`` with parts of it exchanged."""
    with safe_open(path, framework="np") as file:
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        known = file.metadata()
    described = json.loads(known["network"]) | (network or {})
    save_file(arrays | (tensors or {}), path, {**known, "network": json.dumps(described), **metadata})


@pytest.mark.parametrize(
    "changes",
    [
        {"network": {"activations": ["tanh"]}},
        {"network": {"activations": ["tanh", "softmax", "softmax"]}},
        {"network": {"reduction": "median"}},
        {"network": {"l2": "much"}},
        {"network": {"example": {"learning_rate": 1, "is_batch": False}}},
        {"tensors": {"W1": np.zeros((3, 3))}},
        {"tensors": {"b2": np.zeros(3)}},
        {"tensors": {"b2": np.zeros(2, np.float32)}},
        {"tensors": {"W1": np.zeros((4, 3), np.int64)}},
        {"extra": "[1]"},
        {"extra": "{"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_parts_that_do_not_fit_together_are_refused(path, changes):
    tampered(path, **changes)
    with pytest.raises(InputError, match=r"a.safetensors"):
        load_model(path)


def test_unknown_names_and_numbers_that_are_not_finite_are_refused(path):
    tampered(path, network={"loss": "cros_entropy"})
    with pytest.raises(InputError, match=r"a.safetensors: there is no loss 'cros_entropy'. Did you mean"):
        load_model(path)
    tampered(path, network={"loss": "cross_entropy"}, tensors={"b2": np.array([0.0, np.nan])})
    with pytest.raises(InputError, match="not finite"):
        load_model(path)


def test_records_of_one_s_own_cannot_be_kept(tmp_path):
    mine = replace(SIGMOID, derivative=lambda z, a: a)
    layers = tuple(replace(layer, activation=mine) for layer in a_network().layers)
    with pytest.raises(InputError, match="activation 'sigmoid' is your own"):
        save_model(tmp_path / "m", a_network(layers=layers, loss=HALF_SQUARED_ERROR))
    own_loss = replace(HALF_SQUARED_ERROR, name="mine")
    with pytest.raises(InputError, match="loss 'mine' is your own"):
        save_model(tmp_path / "m", a_network(loss=own_loss))
