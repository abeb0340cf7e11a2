"""Records as loops over arrays in machine code, kept on disk, each known by its address.

An activation gives two: from z to a, and from dC/da to dC/dz, which takes the place of z. An output activation and a
loss give one: the cost of some samples, and dC/dz in the place of z; it uses the room of a. An optimizer gives one: its
update. The compiled epoch is told their addresses; it is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numba import carray, types

from workings.engine.compiled.loop import Loop, Number, Part, number_type
from workings.engine.compiled.vectors import choose, first_lanes, greatest, others, store, total
from workings.network.activations import Activation
from workings.network.losses import Loss
from workings.network.network import Network
from workings.network.optimizers import Optimizer
from workings.network.pairs import Pair


def is_compilable(network: Network) -> bool:
    """Whether all of it can be a loop: an activation of a whole layer only at the output, with its loss."""
    *hidden, output = (layer.activation.scope for layer in network.layers)
    is_by_entry = network.pair is not None and network.pair.entry is not None
    return "layer" not in hidden and (output == "neuron" or is_by_entry)


# The loops. These names are filled in: functions of a record, of vectors or, where they are about one entry of a row,
# of numbers; the type of the numbers, and how many make a vector. ``code`` is what a loop is found by on the disk.
VALUE: Any = None
SLOPE: Any = None
SHARE: Any = None
DELTA: Any = None
PART: Any = None
ONE_PART: Any = None
NUMBER: Any = None
LANES: Any = None
load: Any = None


def _forward(code: str) -> Callable[..., Any]:
    def forward(z, a, n_rows, n):
        code  # noqa: B018
        size = n_rows * n
        for i in range(0, size, LANES):
            store(a, i, size - i, VALUE(load(z, i, size - i)))

    return forward


def _forward_by_row(code: str) -> Callable[..., Any]:
    def forward(z, a, n_rows, n):
        code  # noqa: B018
        size, zero, lowest = n_rows * n, NUMBER(0), NUMBER(-np.inf)
        if 4 < n <= LANES:  # a row is a vector; a shorter one would be mostly empty
            for i in range(0, size, n):
                z_row = load(z, i, n)
                is_own = first_lanes(z_row, n)
                top = greatest(choose(is_own, z_row, lowest))
                part = choose(is_own, PART(z_row, choose(is_own, top, top)), zero)
                store(a, i, n, part / total(part))
            return
        if LANES < n <= 2 * LANES:
            for i in range(0, size, n):
                k, left = i + LANES, n - LANES
                z_low, z_high = load(z, i, LANES), load(z, k, left)
                is_low, is_high = first_lanes(z_low, LANES), first_lanes(z_high, left)
                known = choose(is_high, z_high, lowest)
                top = greatest(choose(z_low > known, z_low, known))
                low = PART(z_low, choose(is_low, top, top))
                high = choose(is_high, PART(z_high, choose(is_high, top, top)), zero)
                whole = total(low) + total(high)
                store(a, i, LANES, low / whole)
                store(a, k, left, high / whole)
            return
        Z, A = carray(z, (n_rows, n)), carray(a, (n_rows, n))
        for row in range(n_rows):
            z_row, a_row, top = Z[row], A[row], Z[row, 0]
            for j in range(n):
                top = z_row[j] if z_row[j] > top or np.isnan(z_row[j]) else top
            for j in range(n):
                a_row[j] = top
        for i in range(0, size, LANES):  # over all rows at once, because a row may be too short for a vector
            store(a, i, size - i, PART(load(z, i, size - i), load(a, i, size - i)))
        for row in range(n_rows):
            a_row, whole = A[row], NUMBER(0)
            for j in range(n):
                whole += a_row[j]
            for j in range(n):
                a_row[j] /= whole

    return forward


def _backward(code: str) -> Callable[..., Any]:
    def backward(z, a, d, n_rows, n):
        code  # noqa: B018
        size = n_rows * n
        for i in range(0, size, LANES):
            left = size - i
            store(z, i, left, load(d, i, left) * SLOPE(load(z, i, left), load(a, i, left)))

    return backward


def _end(code: str) -> Callable[..., Any]:
    def end(y, z, a, n_rows, n, scale):
        code  # noqa: B018
        size, count, cost = n_rows * n, NUMBER(n), 0.0
        for i in range(0, size, LANES):
            left = size - i
            y_i, z_i, a_i = load(y, i, left), load(z, i, left), load(a, i, left)
            store(z, i, left, scale * DELTA(y_i, z_i, a_i, count))
            store(a, i, left, SHARE(y_i, z_i, a_i, count))  # a of the outputs is not needed any more
        for i in range(size):  # by itself, because a sum that keeps its order cannot go by vectors
            cost += a[i]
        return cost

    return end


def _end_by_row(code: str) -> Callable[..., Any]:
    def end(y, z, a, n_rows, n, scale):
        code  # noqa: B018
        cost, zero, lowest = 0.0, NUMBER(0), NUMBER(-np.inf)
        if 4 < n <= LANES:  # a row is a vector; a shorter one would be mostly empty
            for i in range(0, n_rows * n, n):
                y_i, z_i, a_i = load(y, i, n), load(z, i, n), load(a, i, n)
                is_own = first_lanes(z_i, n)
                most = greatest(choose(is_own, z_i, lowest))
                share = SHARE(y_i, z_i, most, ONE_PART(most, most) / greatest(a_i))
                cost += total(choose(is_own, share, zero))
                store(z, i, n, scale * DELTA(y_i, a_i, total(y_i), others(a_i)))
            return cost
        if LANES < n <= 2 * LANES:
            for i in range(0, n_rows * n, n):
                k, left = i + LANES, n - LANES
                y_low, z_low, a_low = load(y, i, LANES), load(z, i, LANES), load(a, i, LANES)
                y_high, z_high, a_high = load(y, k, left), load(z, k, left), load(a, k, left)
                is_high = first_lanes(z_high, left)
                known = choose(is_high, z_high, lowest)
                most = greatest(choose(z_low > known, z_low, known))
                part = ONE_PART(most, most) / greatest(choose(a_low > a_high, a_low, a_high))
                cost += total(SHARE(y_low, z_low, most, part))
                cost += total(choose(is_high, SHARE(y_high, z_high, most, part), zero))
                all_y = total(y_low) + total(y_high)
                store(z, i, LANES, scale * DELTA(y_low, a_low, all_y, others(a_low) + total(a_high)))
                store(z, k, left, scale * DELTA(y_high, a_high, all_y, others(a_high) + total(a_low)))
            return cost
        Y, Z, A = carray(y, (n_rows, n)), carray(z, (n_rows, n)), carray(a, (n_rows, n))
        for row in range(n_rows):
            y_row, z_row, a_row, top, largest = Y[row], Z[row], A[row], Z[row, 0], A[row, 0]
            all_y, before, after = NUMBER(0), 0.0, 0.0
            for j in range(n):
                if z_row[j] > top or np.isnan(z_row[j]):
                    top, largest = z_row[j], a_row[j]
                all_y += y_row[j]
            whole = ONE_PART(top, top) / largest
            for j in range(n):
                cost += SHARE(y_row[j], z_row[j], top, whole)
            for j in range(n):
                z_row[j] = before
                before += a_row[j]
            for k in range(n):
                j = n - 1 - k
                other_a = NUMBER(z_row[j] + after)
                z_row[j] = scale * DELTA(y_row[j], a_row[j], all_y, other_a)
                after += a_row[j]
        return cost

    return end


@cache
def forward_loop(activation: Activation, number: Number) -> Loop:
    """From z to a: a function of two arrays, the number of rows and their length."""
    if activation.part is not None:
        return Loop(_forward_by_row, number, _signature(number, 2), {"PART": (activation.part, 2, 0)})
    return Loop(_forward, number, _signature(number, 2), {"VALUE": (activation.value, 1, 0)})


@cache
def backward_loop(activation: Activation, number: Number) -> Loop:
    """From dC/da to dC/dz: z, which becomes dC/dz, a, dC/da, the number of rows and their length."""
    return Loop(_backward, number, _signature(number, 3), {"SLOPE": (activation.derivative, 2, 0)})


@cache
def end_loop(activation: Activation, loss: Loss, pair: Pair | None, number: Number) -> Loop:
    """The cost of some samples and dC/dz: y, z, which becomes dC/dz, a, rows, their length, and what to multiply by."""
    signature = types.float64(*_signature(number, 3).args, number_type(number))
    if pair is not None and pair.entry is not None and activation.part is not None:
        parts: dict[str, Part] = {
            "ONE_PART": (activation.part, 0, 2),
            "SHARE": (pair.entry.share, 0, 4),
            "DELTA": (pair.entry.delta, 0, 4),
        }
        return Loop(_end_by_row, number, signature, parts)
    return Loop(_end, number, signature, end_parts(activation, loss, pair))


def step_loop(optimizer: Optimizer, number: Number) -> Loop:
    """An optimizer's update: parameters, which become the new ones, their gradient, and what is remembered of them.

    Then how far apart lie the arrays of what is remembered, the factors, how many parameters there are, and l2.
    """
    n_kept, n_factors = len(optimizer.state), len(optimizer.factors_at(1.0, 1))
    arrays = [types.CPointer(number_type(number))] * 3
    signature = types.void(*arrays, types.intp, arrays[0], types.intp, number_type(number))
    parts: dict[str, Part] = {"UPDATE": (optimizer.update, 2 + n_kept, n_factors)}
    return Loop(_step(n_kept, n_factors), number, signature, parts)


def _step(n_kept: int, n_factors: int) -> Callable[[str], Any]:
    """The template for so many remembered numbers a parameter, and so many factors."""
    kept = [f"s{i}" for i in range(n_kept)]
    loads = [f"load(s, {i} * stride + i, n - i)" for i in range(n_kept)]
    factors = [f"factors[{i}]" for i in range(n_factors)]
    new = "".join(f"{each}, " for each in ["w_i", *kept])
    lines = [
        f"def step_{n_kept}_{n_factors}(code):",
        "    def step(w, g, s, stride, factors, n, l2):",
        "        code",
        "        for i in range(0, n, LANES):",
        "            w_i = load(w, i, n - i)",
        f"            {new}= UPDATE({', '.join(['w_i', 'load(g, i, n - i) + l2 * w_i', *loads, *factors])})",
        "            store(w, i, n - i, w_i)",
        *(f"            store(s, {i} * stride + i, n - i, {each})" for i, each in enumerate(kept)),
        "    return step",
    ]
    scope: dict[str, Any] = {}
    exec(compile("\n".join(lines), __file__, "exec"), scope)  # as many arguments as the optimizer takes
    template: Callable[[str], Any] = scope[f"step_{n_kept}_{n_factors}"]
    return template


def end_parts(activation: Activation, loss: Loss, pair: Pair | None) -> dict[str, Part]:
    """The share of an output and its dC/dz, of y, z, a and the number of outputs."""
    share: Callable[..., Any]
    delta: Callable[..., Any]
    if pair is None:
        slope, derivative = loss.slope_of(activation), activation.derivative
        share, delta = loss.share_of(activation), lambda y, z, a, n: slope(y, z, a, n) * derivative(z, a)
    else:
        value, error = pair.value, pair.delta
        share, delta = lambda y, z, a, n: value(y, z, a), lambda y, z, a, n: error(y, z, a)
    return {"SHARE": (share, 3, 1), "DELTA": (delta, 3, 1)}


def _signature(number: Number, n_arrays: int) -> Any:
    """Of a loop over arrays, the number of rows and their length."""
    return types.void(*[types.CPointer(number_type(number))] * n_arrays, types.intp, types.intp)
