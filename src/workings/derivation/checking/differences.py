"""Slopes by differences, and how far to trust them: a large step misses the curve, a small one is all rounding."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from workings.network.network import Array

EPSILON = float(np.finfo(np.float64).eps)
SMALL_STEP = EPSILON ** (1 / 3)
"""Where a central difference misses about as much as it rounds, for a function whose numbers are near 1."""

_LEVELS = 15
FIRST_STEP = 2.0**-6
LAST_STEP = FIRST_STEP * 2.0 ** (1 - _LEVELS)
"""The largest and the smallest step of :func:`slopes`, a 64th and a millionth."""


def central_difference(f: Callable[[Array], Array], x: Array, h: Array) -> Array:
    """(f(x + h) - f(x - h)) / 2h, by the step that was really taken after rounding."""
    return np.asarray((f(x + h) - f(x - h)) / ((x + h) - (x - h)))


def rounding_of(size: Array, h: Array) -> Array:
    """What rounding may do to a difference of numbers of this size, over the step h."""
    return 4.0 * EPSILON * np.maximum(size, 1.0) / h  # a small number may have come from numbers around 1: ln(1 - a)


def slopes(f: Callable[[Array], Array], x: Array, scale: Array) -> tuple[Array, Array]:
    """f'(x) entry by entry, and how far off each may be.

    Parameters
    ----------
    f : callable
        Entry by entry; it may give several numbers for each entry of x, along a further axis as NumPy broadcasts.
    x : array
    scale : array
        How far around each x to look: the first step is a 64th of it, the last a millionth.

    Notes
    -----
    Central differences of shrinking steps, extrapolated to step 0; of all numbers that come out the one whose
    neighbours contradict it least (Ridders, Accurate computation of F'(x) and F'(x)F''(x), 1982). Where the function
    bends so abruptly that this agreement is an accident, a plain difference contradicts it, and counts. Steps much
    wider than the way to a kink agree on the mean of its two slopes, and nothing here can tell.
    """
    best = plain = 0.0 * f(x)
    best_error = plain_error = np.full(np.shape(best), np.inf)
    coarser: list[Array] = []
    for level in range(_LEVELS):
        h = scale * FIRST_STEP * 2.0**-level
        ahead, behind = f(x + h), f(x - h)
        row = [(ahead - behind) / ((x + h) - (x - h))]
        rounding = rounding_of(np.maximum(np.abs(ahead), np.abs(behind)), h)
        if coarser:
            plain, plain_error = _better(plain, plain_error, row[0], np.abs(row[0] - coarser[0]) + rounding)
        for order, entry in enumerate(coarser, start=1):
            row.append(row[-1] + (row[-1] - entry) / (4.0**order - 1.0))
            error = np.maximum(np.abs(row[-1] - row[-2]), np.abs(row[-1] - entry)) + rounding
            best, best_error = _better(best, best_error, row[-1], error)
        coarser = row
    is_accident = np.abs(best - plain) > best_error + plain_error
    return np.where(is_accident, plain, best), np.where(is_accident, plain_error, best_error)


def _better(value: Array, error: Array, other: Array, other_error: Array) -> tuple[Array, Array]:
    """Entry by entry the one of smaller error."""
    is_better = other_error < error
    return np.where(is_better, other, value), np.where(is_better, other_error, error)


def sides(f: Callable[[Array], Array], x: Array) -> tuple[Array, Array]:
    """The slopes to the left and to the right of each x."""
    h = LAST_STEP * np.maximum(1.0, np.abs(x))
    here = f(x)
    return (here - f(x - h)) / h, (f(x + h) - here) / h


def is_kink(f: Callable[[Array], Array], x: Array, room: float | Array = np.inf) -> Array:
    """Whether the slope jumps at each x: the gap between left and right does not shrink with the step.

    ``room`` is how far around each x there are values; where that is too little to look at, nothing is found.
    """
    h = LAST_STEP * np.maximum(1.0, np.abs(x))
    here, ahead, behind = f(x), f(x + h), f(x - h)
    gap = np.abs(ahead - 2.0 * here + behind) / h
    wider = 256.0 * h
    gap_of_wider = np.abs(f(x + wider) - 2.0 * here + f(x - wider)) / wider
    slope = np.maximum(np.abs(ahead - here), np.abs(here - behind)) / h
    rounding = rounding_of(np.maximum(np.abs(ahead), np.abs(behind)), h)
    return np.asarray((gap > 0.5 * gap_of_wider) & (gap > 1e-6 * slope + 2.0 * rounding) & (wider < room))
