"""Engines at work, each in a process of its own, and only one at a time: they take turns, round after round."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent

PAUSE = 0.3
"""Seconds before each turn, so that threads of the one before have stopped looking for work."""

CLOSE = {"float64": 1e-9, "float32": 2e-2}
"""How near weights must be to ours after a pass, of the largest; in float32 rounding grows on the way."""


class Process:
    """An engine at work; a ``with`` block ends it."""

    def __init__(self, command, weights=None):
        self._command, self._weights = [*map(str, command)], weights
        self._process = subprocess.Popen(
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self.first = self._answer()

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._process.stdin.close()
        self._process.wait()

    def weights(self):
        """What came of its first pass from the start, as a list of arrays."""
        arrays = np.load(self._weights)
        return [arrays[f"arr_{i}"] for i in range(len(arrays))]

    def go(self):
        """The seconds of one more pass."""
        time.sleep(PAUSE)
        return float(self._asked("go"))

    def peak(self):
        """The most bytes it ever had."""
        return int(self._asked("peak"))

    def _asked(self, what):
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self):
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{' '.join(self._command)[:200]} ... ended without an answer")
        return line


def begun(engine, case, python=sys.executable, folder=None):
    """An engine that has made its first pass; its weights are kept where there is a folder for them."""
    file = None if folder is None else folder / f"{engine}-{case.activation}.npz"
    return Process([python, "-m", "benchmarks.engine", engine, case.told(), *([file] if file else [])], file)


def take_turns(processes, n_rounds):
    """The seconds of each, round by round."""
    seconds = {name: [] for name in processes}
    for _ in range(n_rounds):
        for name, process in processes.items():
            seconds[name].append(process.go())
    return seconds


def ratios(these, those):
    """How many times as long these took as those, round by round."""
    return [this / that for this, that in zip(these, those, strict=True)]


def differ(ours, theirs):
    """The largest difference of a weight, as a share of the largest weight; infinite where it is no number."""
    largest = max(np.abs(array).max() for array in ours)
    share = np.max([np.abs(a - b).max() for a, b in zip(ours, theirs, strict=True)]) / largest
    return float(share) if np.isfinite(share) else float("inf")


def wrong_weights(case, ours, others):
    """The processes whose weights are not ours, by name, and by how much."""
    found = {name: differ(ours.weights(), other.weights()) for name, other in others.items()}
    return {name: share for name, share in found.items() if not share <= CLOSE[case.dtype]}
