"""A checkpoint holds all of a training, and says itself whether it is whole."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from workings.engine.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from workings.engine.progress import Best, Moment
from workings.errors import InputError
from workings.network.schedules import Followed


def a_checkpoint(dtype=np.float64):
    generator = np.random.default_rng(3)
    memory = tuple(generator.normal(size=7).astype(dtype) for _ in range(3))
    outputs = generator.normal(size=(2, 3)).astype(dtype)
    history = (Moment(0, 0, 0.1, 0.2, outputs), Moment(5, 1, 1 / 3, 2 / 3, None, score=0.75))
    at = 5, 1, 32, memory, (64.0, 0.1 + 0.2, 1e-300), generator.bit_generator.state, history
    return Checkpoint(*at, Followed(1 / 3, 2, (3, 5)), Best(history[1], generator.normal(size=7).astype(dtype)))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_written_is_read_bit_for_bit(dtype, tmp_path):
    written = a_checkpoint(dtype)
    write_checkpoint(tmp_path / "c", written)
    read = read_checkpoint(tmp_path / "c")
    assert (read.update, read.epoch, read.done, read.sums) == (5, 1, 32, written.sums)
    assert read.generator == written.generator
    for ours, theirs in zip(read.memory, written.memory, strict=True):
        assert ours.dtype == theirs.dtype and np.array_equal(ours, theirs)
    assert np.array_equal(read.history[0].outputs, written.history[0].outputs)
    assert [moment.objective for moment in read.history] == [0.2, 2 / 3]
    assert [moment.score for moment in read.history] == [None, 0.75]
    assert read.followed == written.followed
    assert read.best.moment is read.history[1] and np.array_equal(read.best.flat, written.best.flat)
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_every_flipped_bit_is_noticed(tmp_path):
    path = tmp_path / "c"
    write_checkpoint(path, a_checkpoint())
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        with pytest.raises(InputError):
            read_checkpoint(path)
    path.write_bytes(data)
    read_checkpoint(path)


@pytest.mark.parametrize("length", [0, 1, 8, 100, -1])
def test_a_file_cut_short_is_damaged(length, tmp_path):
    path = tmp_path / "c"
    write_checkpoint(path, a_checkpoint())
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(InputError, match="is damaged"):
        read_checkpoint(path)


def test_another_file_is_no_checkpoint(tmp_path):
    from safetensors.numpy import save_file

    path = tmp_path / "c"
    save_file({"W1": np.zeros(2)}, path, {"format": "workings.model"})
    with pytest.raises(InputError, match="no checkpoint of workings"):
        read_checkpoint(path)
    save_file({"memory0": np.zeros(2)}, path, {"format": "workings.checkpoint", "version": "2"})
    with pytest.raises(InputError, match="is a checkpoint of version 2; this program reads 1"):
        read_checkpoint(path)
    with pytest.raises(InputError, match="is damaged"):
        read_checkpoint(Path(tmp_path / "nowhere"))


def test_what_is_written_is_plain_json_beside_the_arrays(tmp_path):
    from safetensors import safe_open

    write_checkpoint(tmp_path / "c", a_checkpoint())
    with safe_open(tmp_path / "c", framework="np") as file:
        told = json.loads(file.metadata()["told"])
    assert told["update"] == 5 and told["history"][1]["score"] == 0.75


def test_before_the_first_epoch_nothing_was_followed_and_nothing_is_best(tmp_path):
    write_checkpoint(tmp_path / "c", replace(a_checkpoint(), followed=Followed(), best=None))
    read = read_checkpoint(tmp_path / "c")
    assert (read.followed, read.best) == (Followed(), None)
