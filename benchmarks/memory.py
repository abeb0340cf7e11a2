"""Peak memory of whole trainings, ``workings.train``, after N and after 20 N updates, against what they must hold.

That is: parameters, what the optimizer remembers, two activations a layer, one batch, and the data that were given.
What a training of two neurons a layer takes, mostly libraries, is taken off. Nothing may grow with the updates.
"""

from dataclasses import replace

from benchmarks.cases import WIDE, classifier
from benchmarks.turns import begun

N, MORE = 10, 20
MOST_GROWTH = 1_000_000
"""Bytes; the system hands memory out in pages, and not twice the same way."""

STATE = {"sgd": 0, "adam": 2}
"""How many numbers each optimizer remembers of a parameter."""

TRIVIAL = classifier("trivial", 2, 2, 2, batch=2, updates=2)


def measured(_asked):
    """For each optimizer the bytes after both counts of updates, and those expected, by what they are for."""
    with begun("workings", TRIVIAL):
        pass  # has the compiled engine ready, which would else be compiled in one of the processes measured
    for optimizer in STATE:
        trivial = replace(TRIVIAL, optimizer=optimizer, n_updates=30_000)  # so many that they are not made by NumPy
        base = peak(trivial)
        case = replace(WIDE, optimizer=optimizer, learning_rate=0.001, n_samples=4 * WIDE.batch_size)
        few, many = (peak(replace(case, n_updates=n)) - base for n in (N, MORE * N))
        yield {
            "case": case.name,
            "optimizer": optimizer,
            "batch_size": case.batch_size,
            "updates": [N, MORE * N],
            "bytes": [few, many],
            "bytes_expected": expected(case),
            "is_met": many - few <= MOST_GROWTH,
        }


def line(found):
    (n, more), (few, many) = found["updates"], found["bytes"]
    parts = ", ".join(f"{what} {size / 1e6:,.1f}" for what, size in found["bytes_expected"].items())
    whole = sum(found["bytes_expected"].values())
    return (
        f"{found['case']} {found['optimizer']}, batch {found['batch_size']:,}: {few / 1e6:,.1f} MB after {n} updates, "
        f"{many / 1e6:,.1f} MB after {more}{'' if found['is_met'] else ' (GROWS)'}; "
        f"{few / whole:.2f} times the {whole / 1e6:,.1f} MB of {parts}"
    )


def expected(case):
    """The bytes of what a training must hold."""
    number, (n_inputs, *layers), n_outputs = int(case.dtype[-2:]) // 8, case.sizes, case.sizes[-1]
    parameters = sum((n_in + 1) * n_out for n_in, n_out in zip(case.sizes, layers, strict=False))
    row = n_inputs + n_outputs
    counts = {
        "parameters": parameters,
        "optimizer state": STATE[case.optimizer] * parameters,
        "two activations a layer": 2 * case.batch_size * sum(layers),
        "one batch": case.batch_size * row,
        "the data": case.n_samples * row,
    }
    return {what: number * count for what, count in counts.items()}


def peak(case):
    """The most bytes of a process that has trained it."""
    with begun("train", case) as process:
        return process.peak()
