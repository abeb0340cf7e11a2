"""Records as loops over arrays in machine code, kept on disk, each known by its address.

A hidden activation gives two: from z to a, and from dC/da to dC/dz, which takes the place of z. An output activation
and a loss give one: the cost of some samples, and dC/dz in the place of z. An optimizer gives one: its update. The
compiled epoch is told their addresses; it is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from numba import types

from workings.engine.compiled.loop import Loop, Part
from workings.engine.compiled.shares import end_of_shares
from workings.engine.compiled.vectors import Number, choose, first_lanes, number_type, store, total
from workings.network.activations import Activation
from workings.network.losses import Loss
from workings.network.optimizers import Optimizer
from workings.network.pairs import Pair

# The loops. These names are filled in: functions of a record, of vectors or, where they are about one entry of a row,
# of numbers; the type of the numbers, and how many make a vector. ``code`` is what a loop is found by on the disk.
VALUE: Any = None
SLOPE: Any = None
OUTPUT: Any = None
SHARE: Any = None
DELTA: Any = None
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
        size, count, cost, nothing = n_rows * n, NUMBER(n), 0.0, load(z, 0, 0)
        for i in range(0, size, LANES):
            left = size - i
            y_i, z_i = load(y, i, left), load(z, i, left)
            a_i = OUTPUT(z_i)
            cost += total(choose(first_lanes(nothing, left), SHARE(y_i, z_i, a_i, count), nothing))
            store(z, i, left, scale * DELTA(y_i, z_i, a_i, count))
        return cost

    return end


@cache
def forward_loop(activation: Activation, number: Number) -> Loop:
    """From z to a: a function of two arrays, the number of rows and their length."""
    return Loop(_forward, number, _signature(number, 2), {"VALUE": (activation.value, 1, 0)})


@cache
def backward_loop(activation: Activation, number: Number) -> Loop:
    """From dC/da to dC/dz: z, which becomes dC/dz, a, dC/da, the number of rows and their length."""
    return Loop(_backward, number, _signature(number, 3), {"SLOPE": (activation.derivative, 2, 0)})


@cache
def end_loop(activation: Activation, loss: Loss, pair: Pair | None, number: Number) -> Loop:
    """The cost of some samples and dC/dz: y, z, which becomes dC/dz, as much room, rows, their length, and a factor."""
    signature = types.float64(*_signature(number, 3).args, number_type(number))
    if pair is not None and pair.entry is not None and activation.part is not None:
        parts: dict[str, Part] = {
            "PART": (activation.part, 2, 0),
            "SHARE": (pair.entry.share, 4, 0),
            "DELTA": (pair.entry.delta, 4, 0),
        }
        return Loop(end_of_shares, number, signature, parts)
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
    scope: dict[str, Any] = {"store": store}
    exec(compile("\n".join(lines), __file__, "exec"), scope)  # as many arguments as the optimizer takes
    template: Callable[[str], Any] = scope[f"step_{n_kept}_{n_factors}"]
    return template


def end_parts(activation: Activation, loss: Loss, pair: Pair | None) -> dict[str, Part]:
    """What an output is, of z; its share of the cost and its dC/dz, of y, z, a and the number of outputs."""
    share: Callable[..., Any]
    delta: Callable[..., Any]
    if pair is None:
        slope, derivative = loss.slope_of(activation), activation.derivative
        share, delta = loss.share_of(activation), lambda y, z, a, n: slope(y, z, a, n) * derivative(z, a)
    else:
        value, error = pair.value, pair.delta
        share, delta = lambda y, z, a, n: value(y, z, a), lambda y, z, a, n: error(y, z, a)
    return {"OUTPUT": (activation.value, 1, 0), "SHARE": (share, 3, 1), "DELTA": (delta, 3, 1)}


def _signature(number: Number, n_arrays: int) -> Any:
    """Of a loop over arrays, the number of rows and their length."""
    return types.void(*[types.CPointer(number_type(number))] * n_arrays, types.intp, types.intp)
