"""The loop of outputs that are shares of a whole, such as softmax, with their loss.

As many samples as a vector has numbers go side by side, each a column of its own: so no sum over the outputs of a
sample has to be made across a vector. A single sample, or one of many outputs, is as many vectors as it takes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from workings.engine.compiled.turning import MOST_COLUMNS
from workings.engine.compiled.vectors import choose, first_lanes, greatest, others, store, total

# Filled in: what an output brings to the whole, the share of the cost and dC/dz of one output, of vectors all of them;
# the type of the numbers, how many make a vector, and what vectors of so many are handled with.
PART: Any = None
SHARE: Any = None
DELTA: Any = None
NUMBER: Any = None
LANES: Any = None
load: Any = None
room: Any = None
turn: Any = None


def end_of_shares(code: str) -> Callable[..., Any]:
    """The template: y, z, which becomes dC/dz, room for as many numbers, rows, their length, what to multiply by."""

    def end(y, z, a, n_rows, n, scale):
        code  # noqa: B018
        cost, one, lowest = 0.0, NUMBER(1), NUMBER(-np.inf)
        nothing = load(z, 0, 0)  # a vector of zeros
        if n_rows == 1 or n > MOST_COLUMNS:
            for first in range(0, n_rows * n, n):
                last, tops, all_y, parts, shares = first + n, nothing + lowest, nothing, nothing, nothing
                for i in range(first, last, LANES):
                    known = choose(first_lanes(nothing, last - i), load(z, i, last - i), nothing + lowest)
                    tops, all_y = choose(known > tops, known, tops), all_y + load(y, i, last - i)
                top, all_y = nothing + greatest(tops), nothing + total(all_y)
                for i in range(first, last, LANES):
                    part = choose(first_lanes(nothing, last - i), PART(load(z, i, last - i), top), nothing)
                    store(a, i, last - i, part)
                    parts = parts + part
                whole, before, after = nothing + total(parts), NUMBER(0), NUMBER(0)
                for i in range(first, last, LANES):
                    share = SHARE(load(y, i, last - i), load(z, i, last - i), top, whole)
                    shares = shares + choose(first_lanes(nothing, last - i), share, nothing)
                    part = load(a, i, last - i)
                    store(z, i, last - i, others(part) + before)
                    before += total(part)
                cost += total(shares)
                unit = one / whole
                for k in range((n - 1) // LANES, -1, -1):
                    i = first + k * LANES
                    part, other_a = load(a, i, last - i), unit * (load(z, i, last - i) + after)
                    store(z, i, last - i, scale * DELTA(load(y, i, last - i), unit * part, all_y, other_a))
                    after += total(part)
            return cost
        Y, Z, P, before = room(one), room(one), room(one), room(one)
        for row in range(0, n_rows, LANES):
            left, at = n_rows - row, row * n
            for j in range(0, n, LANES):
                turn(y, at + j, n, left, n - j, Y, j * LANES, LANES, LANES, LANES)
                turn(z, at + j, n, left, n - j, Z, j * LANES, LANES, LANES, LANES)
            top, all_y, whole, after, shares = load(Z, 0, LANES), nothing, nothing, nothing, nothing
            for j in range(0, n * LANES, LANES):
                z_j = load(Z, j, LANES)
                top, all_y = choose(z_j > top, z_j, top), all_y + load(Y, j, LANES)
            for j in range(0, n * LANES, LANES):
                part = PART(load(Z, j, LANES), top)
                store(P, j, LANES, part)
                store(before, j, LANES, whole)
                whole = whole + part
            unit = one / whole
            for j in range((n - 1) * LANES, -1, -LANES):
                y_j, part = load(Y, j, LANES), load(P, j, LANES)
                shares = shares + SHARE(y_j, load(Z, j, LANES), top, whole)
                other_a = unit * (load(before, j, LANES) + after)
                store(P, j, LANES, scale * DELTA(y_j, unit * part, all_y, other_a))
                after = after + part
            for j in range(0, n, LANES):
                turn(P, j * LANES, LANES, LANES, LANES, z, at + j, n, left, n - j)
            cost += total(shares)
        return cost

    return end
