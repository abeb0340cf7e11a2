"""Measure how fast, how large and how soon: ``make bench``, ``make bench-growth``, ``make bench-marking``.

Each part prints a line for each of its findings, and leaves all its figures in ``build/bench-PART.json``, from which
``benchmarks.report`` writes what stands in README.md.
"""

import argparse
import json
import sys
from pathlib import Path

from benchmarks import first_progress, growth, hostile, marking_speed, memory, own, peers, sgemm
from benchmarks.cases import CASES
from benchmarks.machine import machine
from benchmarks.turns import ROOT

PARTS = {
    "peers": peers,
    "own": own,
    "sgemm": sgemm,
    "memory": memory,
    "start": first_progress,
    "growth": growth,
    "marking": marking_speed,
    "hostile": hostile,
}
"""Each module has ``measured(asked)``, which gives a dict for each finding, and ``line(found)``."""


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("parts", nargs="+", choices=PARTS, metavar="PART", help=", ".join(PARTS))
    options.add_argument("--peers", default=sys.executable, help="a Python with jax, torch and scikit-learn")
    options.add_argument("--rounds", type=int, default=7, help="how often everything takes its turn")
    options.add_argument("--case", action="append", choices=CASES, help="only this one, of peers and own")
    options.add_argument("--short", action="store_true", help="a little of growth, marking and hostile, to try it out")
    options.add_argument("--folder", type=Path, default=ROOT / "build", help="where the figures go")
    asked = options.parse_args()
    asked.cases = [CASES[name] for name in asked.case or CASES]
    asked.folder.mkdir(exist_ok=True)
    is_wrong = False
    for name in asked.parts:
        part, results = PARTS[name], []
        print(part.__doc__.partition("\n")[0], flush=True)
        for found in part.measured(asked):
            results.append(found)
            print(f"  {part.line(found)}", flush=True)
        is_wrong |= any(found.get("wrong_weights") for found in results)
        figures = {"machine": machine(asked.peers), "results": results}
        (asked.folder / f"bench-{name}.json").write_text(json.dumps(figures, indent=1) + "\n")
    return 1 if is_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
