"""Time the engine against its peers: ``make bench``.

Each engine runs in a process of its own and only one works at a time. They take turns, round after round; of each
round the ratio of a peer's time to ours counts, and of the ratios the median. Before its time counts, a peer's weights
after a first pass are held against ours.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from cases import CASES

HERE = Path(__file__).parent
CLOSE = {"float64": 1e-9, "float32": 2e-2}
"""How near a peer's weights must be to ours after a pass, of the largest; in float32 rounding grows on the way."""

PAUSE = 0.3
"""Seconds before each turn, so that threads of the one before have stopped looking for work."""


class Process:
    """An engine at work in its own process."""

    def __init__(self, command, folder):
        self.result = folder / "weights.npz"
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE)
        self.first = self._process.stdout.readline()
        if not self.first:
            raise SystemExit(f"{' '.join(map(str, command))} did not start")

    def go(self):
        time.sleep(PAUSE)
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())

    def end(self):
        self._process.stdin.close()
        self._process.wait()


def engine(name, case, python, folder):
    result = folder / f"{name}.npz"
    process = Process([python, "engine.py", name, case.name, result], folder)
    arrays = np.load(result)
    return process, [arrays[f"arr_{i}"] for i in range(len(arrays))]


def c_engine(case, folder):
    program = folder / "tiny"
    subprocess.run(["cc", "-O3", "-march=native", "-o", program, HERE / "engines" / "tiny.c", "-lm"], check=True)
    start = [str(number) for pair in case.weights() for array in pair for number in array.ravel()]
    process = Process([program, str(case.n_updates), str(case.learning_rate), *start], folder)
    numbers = iter(map(float, process.first.split()))
    return process, [np.array([next(numbers) for _ in range(array.size)]).reshape(array.shape)
                     for pair in case.weights() for array in pair]  # fmt: skip


def differ(ours, theirs):
    """The largest difference of a weight, as a share of the largest weight."""
    largest = max(np.abs(array).max() for array in ours)
    return max(np.abs(a - b).max() for a, b in zip(ours, theirs, strict=True)) / largest


def measured(case, peers_python, n_rounds, folder):
    """The ratios of each peer's time to ours, round by round, and our time an update in microseconds."""
    ours, our_weights = engine("workings", case, sys.executable, folder)
    peers, wrong = {}, {}
    for name in case.least:
        if name == "c":
            peers[name], weights = c_engine(case, folder)
        else:
            peers[name], weights = engine(name, case, peers_python, folder)
        off = differ(our_weights, weights)
        if off > CLOSE[case.dtype] and not (name == "sklearn" and case.n_samples == 1):
            wrong[name] = off  # scikit-learn has no sigmoid at the output
    times, ratios = [], {name: [] for name in peers}
    for _ in range(n_rounds):
        times.append(ours.go())
        for name, peer in peers.items():
            ratios[name].append(peer.go() / times[-1])
    for process in (ours, *peers.values()):
        process.end()
    return {
        "case": case.name,
        "microseconds_an_update": statistics.median(times) / case.n_updates * 1e6,
        "ratios": {name: sorted(found) for name, found in ratios.items()},
        "least": case.least,
        "weights_differ": wrong,
    }


def line(found):
    cells = []
    for name, least in found["least"].items():
        ratios = found["ratios"][name]
        median = statistics.median(ratios)
        mark = "" if median >= least else " (short)"
        mark += " WRONG WEIGHTS" if name in found["weights_differ"] else ""
        cells.append(f"{name} {median:,.3g} [{ratios[0]:,.3g}..{ratios[-1]:,.3g}] of {least:,.3g}{mark}")
    return f"{found['case']:18} {found['microseconds_an_update']:>10,.3f} us   " + "   ".join(cells)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peers", default=sys.executable, help="a Python with jax, torch and scikit-learn")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--case", action="append", choices=CASES, help="only this one")
    options.add_argument("-o", "--output", type=Path, help="where to write the figures as JSON")
    asked = options.parse_args()
    results = []
    for name in asked.case or CASES:
        with tempfile.TemporaryDirectory() as folder:
            results.append(measured(CASES[name], asked.peers, asked.rounds, Path(folder)))
        print(line(results[-1]), flush=True)
    machine = {"processor": platform.processor() or platform.machine(), "cores": len(os.sched_getaffinity(0))}
    if asked.output:
        asked.output.write_text(json.dumps({"machine": machine, "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
