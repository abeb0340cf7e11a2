"""Compiled code is kept between runs: the next process finds it, and an edit is not served the old one."""

import subprocess
import sys

import pytest

from workings.engine.compiled import kept, warm

TRAINED = """
import numpy as np, time
from workings.engine.compiled import kept
from workings.engine.compiled.descent import CompiledDescent, is_warm
from workings.engine.descent import Seen
from workings.network.network import Network
from workings.network.optimizers import SGD
network = Network.create([2, 2], output_activation="sigmoid", loss="squared_error")
print(is_warm(network, SGD, 2), is_warm(network, SGD, 1))
for size in (2, 1):
    CompiledDescent(network, SGD, 0.1, (np.zeros((2, 2)), np.zeros((2, 2))), size, 1).advance(np.arange(2), Seen())
print(is_warm(network, SGD, 2), is_warm(network, SGD, 1), kept.folder().exists())
"""


@pytest.mark.long
def test_what_one_process_compiles_the_next_one_finds(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKINGS_CACHE", str(tmp_path))
    told = [subprocess.run([sys.executable, "-c", TRAINED], capture_output=True, text=True, check=True) for _ in "12"]
    assert [process.stdout.split() for process in told] == [
        ["False", "False", "True", "True", "True"],
        ["True", "True", "True", "True", "True"],
    ]


@pytest.mark.long
def test_a_folder_that_cannot_be_written_keeps_nobody_from_training(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("WORKINGS_CACHE", str(tmp_path / "file"))
    told = subprocess.run([sys.executable, "-c", TRAINED], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["False"] * 5


def test_other_sources_have_another_folder(monkeypatch):
    kept.folder.cache_clear()
    before = kept.folder()
    kept.folder.cache_clear()
    monkeypatch.setattr(kept.numba, "__version__", "0.0")
    assert kept.folder() != before
    kept.folder.cache_clear()


def test_warming_compiles_for_common_networks_and_keeps_each_piece_by_itself():
    """Where two pieces shared an index, two processes could give both the same number in it."""
    warm.warm()
    assert kept.is_ready("epoch-float64")
    pieces = [path.parent for path in kept.folder().rglob("*.nbc")]
    assert len(pieces) > 5
    assert len(pieces) == len(set(pieces))
