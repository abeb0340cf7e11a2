"""What a running script works out, written down number by number, up to a bound."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

import numpy as np

from workings.marking.code.sites import Site

MOST_RUNS = 64
"""How often one statement is listened to: the layers of a pass, the samples of a small batch, a few rounds."""

LARGEST, MOST_NUMBERS = 20_000, 200_000
"""Numbers of one array, and of all together."""

MOST_PARTS = 32
"""Of a list or a dictionary of arrays."""


class Recorder:
    """Takes each number that a script hands over and writes it down at once, so that none is lost when it is stopped.

    Parameters
    ----------
    sites : sequence of Site
    out : text stream
        One JSON object a line.
    """

    def __init__(self, sites: Sequence[Site], out: TextIO) -> None:
        self._sites, self._out = sites, out
        self._runs: Counter[int] = Counter()
        self._left = MOST_NUMBERS

    def take(self, number: int, value: Any) -> Any:
        """Write a value down, and give it back as it is."""
        if self._runs[number] < MOST_RUNS and self._left > 0:
            self._runs[number] += 1
            for name, array in named(self._sites[number].names, value):
                self._write(number, name, array)
        return value

    def _write(self, number: int, name: str, array: np.ndarray) -> None:
        if array.ndim > 2 or not 0 < array.size <= min(LARGEST, self._left):
            return
        self._left -= array.size
        values = np.asarray(array, dtype=float).ravel().tolist()
        is_single = array.dtype.kind == "f" and array.dtype.itemsize < 8
        record = {"site": number, "name": name, "shape": array.shape, "values": values, "single": is_single}
        self._out.write(json.dumps(record) + "\n")
        self._out.flush()


def named(names: Sequence[str], value: Any) -> Iterator[tuple[str, np.ndarray]]:
    """The arrays that a value holds, each with its name."""
    if len(names) > 1:
        if isinstance(value, list | tuple) and len(value) == len(names):
            for name, part in zip(names, value, strict=True):
                yield from named((name,), part)
        return
    (name,) = names
    if (array := as_array(value)) is not None:
        yield name, array
    elif type(value) in {list, tuple, dict}:
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in list(parts)[:MOST_PARTS]:
            if (array := as_array(part)) is not None:
                yield (key if isinstance(key, str) and key.isidentifier() else f"{name}[{key}]"), array


def as_array(value: Any) -> np.ndarray | None:
    """A number, an array of numbers, or lists of numbers; None for anything else."""
    if isinstance(value, np.ndarray | np.number):
        array = np.array(value)  # a copy: what is changed in place later must not change here
    elif type(value) in {int, float}:
        array = np.array(value)
    elif type(value) in {list, tuple} and value and _is_plain(value):
        try:
            array = np.array(value)
        except (ValueError, OverflowError):
            return None
    else:
        return None
    return array if array.dtype.kind in "iuf" else None


def _is_plain(value: Sequence[Any]) -> bool:
    """Whether lists hold numbers only; lists of arrays are taken apart instead."""
    if len(value) > LARGEST:
        return False
    return all(
        type(part) in {int, float} or (type(part) in {list, tuple} and all(type(each) in {int, float} for each in part))
        for part in value
    )
