"""One engine in a process of its own: told ``go`` it makes passes for a moment and answers with the seconds of one.

``python -m benchmarks.engine ENGINE CASE [FILE]``; before the first ``go`` it has made a pass from the start and saved
the weights that came of it in the file, so that compilers are warm and what is timed is known to be right. Told
``peak``, it answers with the most bytes of memory that the process ever had.
"""

import importlib
import resource
import sys
import time

import numpy as np

from benchmarks.cases import told_case

MOMENT = 0.2
"""Seconds; the program in C takes its time likewise."""


def main() -> None:
    name, told, *file = sys.argv[1:]
    case = told_case(told)
    begin = importlib.import_module(f"benchmarks.engines.{name}").begin
    one_pass, weights = begin(case, *case.data(), case.weights())
    one_pass()
    if file:
        np.savez(file[0], *[array for pair in weights() for array in pair])
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() == "peak":
            print(peak(), flush=True)
            continue
        print(seconds_of(one_pass), flush=True)


def seconds_of(one_pass) -> float:
    """The mean over as many passes as take a moment: of half a millisecond alone, waking up would be a third."""
    start, n_passes, seconds = time.perf_counter(), 0, 0.0
    while seconds < MOMENT:
        one_pass()
        n_passes += 1
        seconds = time.perf_counter() - start
    return seconds / n_passes


def peak() -> int:
    """The most bytes that were in memory at a time; where the process came from another, what that one had counts."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    main()
