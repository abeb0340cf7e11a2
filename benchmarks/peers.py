"""Our time against that of JAX, scikit-learn, PyTorch and C, for the same updates."""

import subprocess
import tempfile
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from benchmarks.figures import figure, told
from benchmarks.turns import Process, begun, ratios, take_turns, wrong_weights

C_PROGRAM = Path(__file__).parent / "engines" / "tiny.c"


def measured(asked):
    """For each case the ratios of every peer's time to ours; before it counts, its weights are held against ours."""
    for case in asked.cases:
        with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
            folder = Path(name)
            ours = stack.enter_context(begun("workings", case, folder=folder))
            peers = {}
            for peer in case.least:
                begin = begun_c if peer == "c" else begun
                peers[peer] = stack.enter_context(begin(peer, case, asked.peers, folder))
            exact = {peer: process for peer, process in peers.items() if not is_inexact(peer, case)}
            wrong = wrong_weights(case, ours, exact)
            seconds = take_turns({"workings": ours} | peers, asked.rounds)
        figures = {
            peer: figure(ratios(seconds[peer], seconds["workings"]), at_least=least)
            for peer, least in case.least.items()
        }
        an_update = figure([each / case.n_updates for each in seconds["workings"]])
        yield {"case": case.name, "batch_size": case.batch_size, "seconds_an_update": an_update, "figures": figures,
               "wrong_weights": wrong}  # fmt: skip


def line(found):
    cells = [
        f"{peer} {told(each)}" + (" WRONG WEIGHTS" if peer in found["wrong_weights"] else "")
        for peer, each in found["figures"].items()
    ]
    return "   ".join([f"{found['case']:18} {1e6 * found['seconds_an_update']['median']:>10,.3f} us", *cells])


def is_inexact(peer, case):
    """Whether a peer can only be brought to train something as long, not the same."""
    return peer == "sklearn" and case.n_samples == 1  # it has no sigmoid at the output


def begun_c(_peer, case, _python, folder):
    """The program in C, which prints its weights after a first pass; they are kept as the others keep theirs."""
    program, file = folder / "tiny", folder / "c.npz"
    subprocess.run(["cc", "-O3", "-march=native", "-o", program, C_PROGRAM, "-lm"], check=True)
    start = [array for pair in case.weights() for array in pair]
    numbers = [str(number) for array in start for number in array.ravel()]
    process = Process([program, str(case.n_updates), str(case.learning_rate), *numbers], file)
    ends = np.cumsum([array.size for array in start])[:-1]
    came = np.split(np.array(process.first.split(), float), ends)
    np.savez(file, *[flat.reshape(array.shape) for flat, array in zip(came, start, strict=True)])
    return process
