"""One engine in a process of its own: told ``go`` it makes one pass and answers with its seconds.

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
        start = time.perf_counter()
        one_pass()
        print(time.perf_counter() - start, flush=True)


def peak() -> int:
    """The most bytes that were in memory at a time; where the process came from another, what that one had counts."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


if __name__ == "__main__":
    main()
