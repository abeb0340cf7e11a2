"""A training keeps nothing from update to update: twenty times as many take no more memory."""

import gc
import tracemalloc

import numpy as np
import pytest

from workings.engine.compiled.descent import CompiledDescent
from workings.engine.descent import Descent, Seen
from workings.network.network import Network
from workings.network.optimizers import ADAM

NETWORK = Network.create([400, 100, 3], activation="tanh", loss="cross_entropy", seed=0)
GRADIENT = NETWORK.parameters.flat.nbytes
BATCH, BATCHES = 10, 3


def compiled(data):
    return CompiledDescent(NETWORK, ADAM, 0.001, data, BATCH, 1)


def plain(data):
    return Descent(NETWORK, ADAM, 0.001, data, BATCH)


@pytest.mark.parametrize("begin", [plain, compiled], ids=["numpy", "compiled"])
def test_more_updates_take_no_more_memory(begin):
    descent, seen = begin(example()), Seen()
    peaks = [peak_of(descent, seen, passes) for passes in (1, 1, 20)]  # the first also loads what is needed once
    assert peaks[2] - peaks[1] < 0.5 * GRADIENT, peaks  # Python itself may take a few ten thousand bytes


def test_a_copy_kept_of_every_update_would_be_seen():
    descent, seen, hoard = plain(example()), Seen(), []
    advance = descent.advance
    descent.advance = lambda rows, seen: (advance(rows, seen), hoard.append(descent.memory[0]))
    peaks = [peak_of(descent, seen, passes) for passes in (1, 1, 20)]
    assert peaks[2] - peaks[1] > GRADIENT


def example():
    generator = np.random.default_rng(0)
    return generator.standard_normal((BATCH * BATCHES, 400)), np.eye(3)[generator.integers(0, 3, BATCH * BATCHES)]


def peak_of(descent, seen, passes):
    """The most bytes that so many passes over the data have at a time, beyond what there was before."""
    gc.collect()
    gc.disable()  # when it runs, and what it takes itself, is no matter of the updates
    tracemalloc.start()
    try:
        for _ in range(passes):
            descent.advance(np.arange(BATCH * BATCHES), seen)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.enable()
