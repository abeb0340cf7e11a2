"""What is different between the data that a run was begun with and those it is to go on with, in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from workings.network.network import Array

ARRAYS = "X", "Y", "s"
"""What its data are called in its file; the weights of samples are there only where they have weights."""

CALLED = "inputs", "targets", "weights of samples"


def change_of_data(path: Path, now: tuple[Array, ...]) -> str:
    """The first difference, from the large to the small: rows, columns, weights, numbers.

    Parameters
    ----------
    path : Path
        The file of the data that it was begun with.
    now : tuple of arrays
        Inputs, targets and, where the samples have any, their weights.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        found = load_file(path)
        before = (found["X"], found["Y"], *([found["s"]] if "s" in found else []))
    except (OSError, SafetensorError, KeyError):
        return f"its own cannot be read from {path.name}, but they are not those of now"
    for old, new, called in zip(before, now, CALLED, strict=False):
        if len(old) != len(new):
            return f"it was begun with {_counted(len(old), 'row')}, and now there are {len(new):,}"
        if old.shape != new.shape:
            return (
                f"it was begun with {_counted(old.shape[1], 'column')} of {called}, and now there are {new.shape[1]:,}"
            )
    if len(before) != len(now):
        had, has = ("weights", "none") if len(before) > len(now) else ("no weights", "some")
        return f"it was begun with {had} of samples, and now there are {has}"
    for old, new, called in zip(before, now, CALLED, strict=False):
        where = np.argwhere(old != new)
        if len(where):
            row, *column = (int(i) + 1 for i in where[0])
            place = f"row {row}" + (f", column {column[0]}" if column else "")
            old_number, new_number = old[tuple(where[0])], new[tuple(where[0])]
            return (
                f"it has the same shape but other numbers: {len(where):,} of its {old.size:,} {called}, the first in "
                f"{place}, {old_number} before and {new_number} now"
            )
    return f"its own in {path.name} were changed since it was begun"


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"
