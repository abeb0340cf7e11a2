"""Records as loops over arrays in machine code, kept on disk, each known by its address.

An activation gives two: from z to a, and from dC/da to dC/dz, which takes the place of z. An output activation and a
loss give one: the cost of some samples, and dC/dz in the place of z; it uses the room of a. The compiled epoch is
told their addresses; it is the same for all.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable
from functools import cache
from types import CellType, FunctionType
from typing import Any

import numpy as np
from numba import carray, cfunc, types
from numba.core.errors import NumbaError

from workings.engine.compiled import arithmetic  # noqa: F401 - teaches Numba the functions of records
from workings.engine.compiled.kept import is_ready, kept, set_ready
from workings.engine.compiled.twins import digest, twin
from workings.engine.compiled.vectors import OPTIONS, lane_by_lane, lanes_of, load, store
from workings.network.activations import Activation
from workings.network.losses import Loss, Pair
from workings.network.network import Network

Number = Any
"""``np.float32`` or ``np.float64``."""


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


def _forward(code: str) -> Callable[..., Any]:
    def forward(z, a, n_rows, n):
        code  # noqa: B018
        size = n_rows * n
        Z, A = carray(z, size), carray(a, size)
        for i in range(0, size, LANES):
            store(A, i, size - i, VALUE(load(Z, i, size - i)))

    return forward


def _forward_by_row(code: str) -> Callable[..., Any]:
    def forward(z, a, n_rows, n):
        code  # noqa: B018
        size = n_rows * n
        Z, A, z_all, a_all = carray(z, (n_rows, n)), carray(a, (n_rows, n)), carray(z, size), carray(a, size)
        for row in range(n_rows):
            z_row, a_row, top = Z[row], A[row], Z[row, 0]
            for j in range(n):
                top = z_row[j] if z_row[j] > top or np.isnan(z_row[j]) else top
            for j in range(n):
                a_row[j] = top
        for i in range(0, size, LANES):  # over all rows at once, because a row may be too short for a vector
            store(a_all, i, size - i, PART(load(z_all, i, size - i), load(a_all, i, size - i)))
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
        Z, A, D = carray(z, size), carray(a, size), carray(d, size)
        for i in range(0, size, LANES):
            left = size - i
            store(Z, i, left, load(D, i, left) * SLOPE(load(Z, i, left), load(A, i, left)))

    return backward


def _end(code: str) -> Callable[..., Any]:
    def end(y, z, a, n_rows, n, scale):
        code  # noqa: B018
        size, count, cost = n_rows * n, NUMBER(n), 0.0
        Y, Z, A = carray(y, size), carray(z, size), carray(a, size)
        for i in range(0, size, LANES):
            left = size - i
            y_i, z_i, a_i = load(Y, i, left), load(Z, i, left), load(A, i, left)
            store(Z, i, left, scale * DELTA(y_i, z_i, a_i, count))
            store(A, i, left, SHARE(y_i, z_i, a_i, count))  # a of the outputs is not needed any more
        for i in range(size):  # by itself, because a sum that keeps its order cannot go by vectors
            cost += A[i]
        return cost

    return end


def _end_by_row(code: str) -> Callable[..., Any]:
    def end(y, z, a, n_rows, n, scale):
        code  # noqa: B018
        cost = 0.0
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
        return Loop(_forward_by_row, number, 2, {"PART": (activation.part, 2, 0)})
    return Loop(_forward, number, 2, {"VALUE": (activation.value, 1, 0)})


@cache
def backward_loop(activation: Activation, number: Number) -> Loop:
    """From dC/da to dC/dz: z, which becomes dC/dz, a, dC/da, the number of rows and their length."""
    return Loop(_backward, number, 3, {"SLOPE": (activation.derivative, 2, 0)})


@cache
def end_loop(activation: Activation, loss: Loss, pair: Pair | None, number: Number) -> Loop:
    """The cost of some samples and dC/dz: y, z, which becomes dC/dz, a, rows, their length, and what to multiply by."""
    if pair is not None and pair.entry is not None and activation.part is not None:
        parts: dict[str, Part] = {
            "ONE_PART": (activation.part, 0, 2),
            "SHARE": (pair.entry.share, 0, 4),
            "DELTA": (pair.entry.delta, 0, 4),
        }
        return Loop(_end_by_row, number, 3, parts, is_end=True)
    share: Callable[..., Any]
    delta: Callable[..., Any]
    if pair is None:
        slope, derivative = loss.slope_of(activation), activation.derivative
        share, delta = loss.share_of(activation), lambda y, z, a, n: slope(y, z, a, n) * derivative(z, a)
    else:
        value, error = pair.value, pair.delta
        share, delta = lambda y, z, a, n: value(y, z, a), lambda y, z, a, n: error(y, z, a)
    return Loop(_end, number, 3, {"SHARE": (share, 3, 1), "DELTA": (delta, 3, 1)}, is_end=True)


class NotCompilableError(Exception):
    """A record that calls what compiled code cannot."""


Part = tuple[Callable[..., Any], int, int]
"""A function to fill in, and how many vectors and then numbers it takes."""


class Loop:
    """A loop that is compiled, or fetched from the disk, when its address is asked for.

    Parameters
    ----------
    template : callable
        Gives the loop.
    number : type
    n_arrays : int
        How many arrays it begins with.
    parts : dict
    is_end : bool
        Whether it takes what to multiply by, and gives the cost.
    """

    def __init__(
        self,
        template: Callable[[str], Any],
        number: Number,
        n_arrays: int,
        parts: dict[str, Part],
        *,
        is_end: bool = False,
    ) -> None:
        self._template, self._number, self._n_arrays, self._is_end = template, number, n_arrays, is_end
        self._parts = parts
        self.code = "-".join([number.__name__, template.__name__, *(digest(part) for part, *_ in parts.values())])

    @property
    def is_ready(self) -> bool:
        """Whether it need not be compiled any more."""
        return is_ready(self.code)

    @property
    def address(self) -> int:
        """Where its machine code is."""
        if self.code not in _COMPILED:
            try:
                _COMPILED[self.code] = self._compiled(self._twin)
            except NumbaError:  # a record with an if, or a function of the standard library, knows only numbers
                try:
                    _COMPILED[self.code] = self._compiled(self._lane_by_lane)
                except NumbaError as error:
                    raise NotCompilableError(_reason(error)) from error
            set_ready(self.code)
        return int(_COMPILED[self.code].address)

    def _twin(self, part: Part) -> Any:
        return twin(part[0], self._number)

    def _lane_by_lane(self, part: Part) -> Any:
        _, n_vectors, n_numbers = part
        of_numbers = self._twin(part)
        return lane_by_lane(of_numbers, n_vectors, n_numbers, lanes_of(self._number)) if n_vectors else of_numbers

    def _compiled(self, fill: Callable[[Part], Any]) -> Any:
        number = types.float32 if self._number is np.float32 else types.float64
        arguments = [*[types.CPointer(number)] * self._n_arrays, types.intp, types.intp]
        signature = types.float64(*arguments, number) if self._is_end else types.void(*arguments)
        loop = self._template(self.code)
        tools = {"carray": carray, "np": np, "load": load, "store": store}
        numbers = {"NUMBER": self._number, "LANES": lanes_of(self._number)}
        filled_in = {name: fill(part) for name, part in self._parts.items()}
        scope = {"__builtins__": builtins, "__name__": __name__, **tools, **numbers, **filled_in}
        filled = FunctionType(loop.__code__, scope, loop.__name__, None, (CellType(self.code),))
        with kept():
            return cfunc(signature, cache=True, **OPTIONS)(filled)


_COMPILED: dict[str, Any] = {}


def _reason(error: Exception) -> str:
    """What matters in a long message: what could not be found or typed."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if line.startswith(("No implementation", "Untyped", "Unknown"))), lines[0])
