"""What the epoch does with rows of numbers beside multiplying them: vector by vector, as pointers and offsets."""

from __future__ import annotations

from numba import njit

from workings.engine.compiled.calls import place
from workings.engine.compiled.tile import INLINED
from workings.engine.compiled.turning import turn_of
from workings.engine.compiled.vectors import BYTES, load_of, store

_load, _turn = load_of(), turn_of()


@njit(**INLINED)
def gather(source, rows, work, at, first, last):
    """Rows ``first`` to ``last`` of a batch, which are those of the source, into the workspace."""
    n, lanes = source.shape[1], BYTES // work.itemsize
    for i in range(first, last):
        given, row = place(source, rows[i] * n), place(work, at + i * n)
        for k in range(0, n, lanes):
            store(row, k, n - k, _load(given, k, n - k))


@njit(**INLINED)
def fill(work, at, ld, n_rows, flat, b, n):
    """The same numbers into each of some rows."""
    lanes, given, to = BYTES // work.itemsize, place(flat, b), place(work, at)
    for k in range(0, n, lanes):
        biases = _load(given, k, n - k)
        for i in range(n_rows):
            store(to, i * ld + k, n - k, biases)


@njit(**INLINED)
def add_up(work, at, first, size, n_arrays, ld, n_rows, n):
    """Some rows as the sum of those of several arrays that lie so far apart."""
    lanes, given, to = BYTES // work.itemsize, place(work, first), place(work, at)
    for i in range(0, n_rows * ld, ld):
        for k in range(0, n, lanes):
            total = _load(given, i + k, n - k)
            for each in range(1, n_arrays):
                total = total + _load(given, each * size + i + k, n - k)
            store(to, i + k, n - k, total)


@njit(**INLINED)
def sum_rows(to, at, n, work, delta, ld, n_rows, alpha, is_added):
    """Alpha times the sum of some rows, added to what is there or in its place."""
    lanes, given, sums = BYTES // work.itemsize, place(work, delta), place(to, at)
    for k in range(0, n, lanes):
        total = _load(given, 0, 0)
        for i in range(n_rows):
            total = total + _load(given, i * ld + k, n - k)
        total = alpha * total
        if is_added:
            total = total + _load(sums, k, n - k)
        store(sums, k, n - k, total)


@njit(**INLINED)
def turn_rows(turned, t, ldt, flat, w, n_rows, n):
    """Some rows, one behind the other, as columns of another array."""
    lanes, given, to = BYTES // flat.itemsize, place(flat, w), place(turned, t)
    for i in range(0, n_rows, lanes):
        for j in range(0, n, lanes):
            _turn(given, i * n + j, n, n_rows - i, n - j, to, j * ldt + i, ldt, n - j, n_rows - i)
