"""Time a sample and peak memory as rows, width, depth or batch grow, for us and the peers.

Each point is a process of its own. From the most memory it ever had is taken what the same engine had after training a
network of two neurons a layer, so that what remains is of the training and its data, not of the libraries.
"""

import sys
from statistics import median

from benchmarks.cases import classifier
from benchmarks.turns import begun

ENGINES = ("workings", "jax", "torch", "sklearn")
TRIVIAL = classifier("trivial", 2, 2, 2, batch=2, updates=2)
N_INPUTS, N_CLASSES, ROWS, WIDTH, HIDDEN, BATCH = 64, 10, 8192, 256, 2, 128
"""Of every point, but for the one of them that its axis changes."""

AXES = {
    "rows": (2048, 8192, 32768, 131072, 524288),
    "width": (32, 128, 512, 2048),
    "depth": (1, 2, 4, 8, 16, 32),
    "batch": (1, 8, 64, 512, 4096),
}
"""Rows of data, neurons of each hidden layer, hidden layers, rows of an update."""


def measured(asked):
    """For each axis, engine and size the seconds a sample, and the bytes beyond those of a trivial training."""
    bases = {}
    for engine in ENGINES:
        with begun(engine, TRIVIAL, python_of(engine, asked)) as process:
            bases[engine] = process.peak()
    for axis, sizes in AXES.items():
        for size in sizes[:2] if asked.short else sizes:
            case = point(axis, size)
            for engine in ENGINES:
                with begun(engine, case, python_of(engine, asked)) as process:
                    seconds = median(process.go() for _ in range(asked.rounds))
                    grown = process.peak() - bases[engine]
                yield {
                    "axis": axis,
                    "size": size,
                    "engine": engine,
                    "seconds_a_sample": seconds / case.n_samples,
                    "bytes": grown,
                    "bytes_of_data": bytes_of_data(case),
                }


def line(found):
    point, seconds = f"{found['axis']:6}{found['size']:>8,}  {found['engine']:9}", found["seconds_a_sample"]
    memory = f"{found['bytes'] / 1e6:>10,.1f} MB, of them data {found['bytes_of_data'] / 1e6:,.1f}"
    return f"{point}{1e6 * seconds:>10,.3f} us a sample{memory}"


def point(axis, size):
    """The case at a size of an axis: one pass over its rows."""
    its = {"rows": ROWS, "width": WIDTH, "depth": HIDDEN, "batch": BATCH} | {axis: size}
    sizes = N_INPUTS, *[its["width"]] * its["depth"], N_CLASSES
    rate = 0.001  # so small that even a deep network stays finite
    return classifier(f"{axis} {size}", *sizes, batch=its["batch"], updates=its["rows"] // its["batch"],
                      learning_rate=rate)  # fmt: skip


def bytes_of_data(case):
    """Of X and Y."""
    return case.n_samples * (case.sizes[0] + case.sizes[-1]) * 4


def python_of(engine, asked):
    return sys.executable if engine == "workings" else asked.peers
