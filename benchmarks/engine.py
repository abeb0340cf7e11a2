"""One engine in a process of its own: told ``go`` it makes one pass and answers with its seconds.

``python engine.py ENGINE CASE``; before the first ``go`` it has made a pass from the start and saved the weights that
came of it, so that compilers are warm and what is timed is known to be right.
"""

import importlib
import sys
import time

import numpy as np
from cases import CASES


def main() -> None:
    engine, name, result = sys.argv[1:]
    case = CASES[name]
    begin = importlib.import_module(f"engines.{engine}").begin
    one_pass, weights = begin(case, *case.data(), case.weights())
    one_pass()
    np.savez(result, *[array for pair in weights() for array in pair])
    print("ready", flush=True)
    for line in sys.stdin:
        if line.strip() != "go":
            break
        start = time.perf_counter()
        one_pass()
        print(time.perf_counter() - start, flush=True)


if __name__ == "__main__":
    main()
