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

from workings.engine.compiled import arithmetic
from workings.engine.compiled.kept import is_ready, kept, set_ready
from workings.engine.compiled.twins import digest, twin
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


# The loops. These names are filled in: functions of a record, and the type of its numbers. ``code`` is what a loop is
# found by on the disk.
VALUE: Any = None
SLOPE: Any = None
SHARE: Any = None
DELTA: Any = None
PART: Any = None
NUMBER: Any = None


def _forward(code: str) -> Callable[..., Any]:
    def forward(z, a, n_rows, n):
        code  # noqa: B018
        size = n_rows * n
        Z, A = carray(z, size), carray(a, size)
        for i in range(size):
            A[i] = VALUE(Z[i])

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
        for i in range(size):  # over all rows at once, because a row may be too short for a vector
            a_all[i] = PART(z_all[i], a_all[i])
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
        for i in range(size):
            Z[i] = D[i] * SLOPE(Z[i], A[i])

    return backward


def _end(code: str) -> Callable[..., Any]:
    def end(y, z, a, n_rows, n, scale):
        code  # noqa: B018
        size, count, cost = n_rows * n, NUMBER(n), 0.0
        Y, Z, A = carray(y, size), carray(z, size), carray(a, size)
        for i in range(size):
            delta = scale * DELTA(Y[i], Z[i], A[i], count)
            A[i] = SHARE(Y[i], Z[i], A[i], count)  # a of the outputs is not needed any more
            Z[i] = delta
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
            whole = PART(top, top) / largest
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
def forward_loop(activation: Activation, number: Number) -> Any:
    """From z to a: a function of two arrays, the number of rows and their length."""
    if activation.part is not None:
        return Loop(_forward_by_row, {"PART": activation.part}, number, n_arrays=2)
    return Loop(_forward, {"VALUE": activation.value}, number, n_arrays=2)


@cache
def backward_loop(activation: Activation, number: Number) -> Any:
    """From dC/da to dC/dz: z, which becomes dC/dz, a, dC/da, the number of rows and their length."""
    return Loop(_backward, {"SLOPE": activation.derivative}, number, n_arrays=3)


@cache
def end_loop(activation: Activation, loss: Loss, pair: Pair | None, number: Number) -> Any:
    """The cost of some samples and dC/dz: y, z, which becomes dC/dz, a, rows, their length, and what to multiply by."""
    parts: dict[str, Callable[..., Any]]
    if pair is None:
        slope, derivative = loss.slope_of(activation), activation.derivative
        parts = {"SHARE": loss.share_of(activation), "DELTA": lambda y, z, a, n: slope(y, z, a, n) * derivative(z, a)}
        return Loop(_end, parts, number, n_arrays=3, is_end=True)
    if pair.entry is not None and activation.part is not None:
        parts = {"PART": activation.part, "SHARE": pair.entry.share, "DELTA": pair.entry.delta}
        return Loop(_end_by_row, parts, number, n_arrays=3, is_end=True)
    value, delta = pair.value, pair.delta
    parts = {"SHARE": lambda y, z, a, n: value(y, z, a), "DELTA": lambda y, z, a, n: delta(y, z, a)}
    return Loop(_end, parts, number, n_arrays=3, is_end=True)


class NotCompilableError(Exception):
    """A record that calls what compiled code cannot."""


def _reason(error: Exception) -> str:
    """What matters in a long message: what could not be found or typed."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if line.startswith(("No implementation", "Untyped", "Unknown"))), lines[0])


class Loop:
    """A loop that is compiled, or fetched from the disk, when its address is asked for."""

    def __init__(
        self,
        template: Callable[[str], Any],
        parts: dict[str, Callable[..., Any]],
        number: Number,
        *,
        n_arrays: int,
        is_end: bool = False,
    ) -> None:
        self._template, self._parts, self._number = template, parts, number
        self._n_arrays, self._is_end = n_arrays, is_end
        self.code = "-".join([number.__name__, template.__name__, *map(digest, parts.values())])

    @property
    def is_ready(self) -> bool:
        """Whether it need not be compiled any more."""
        return is_ready(self.code)

    @property
    def address(self) -> int:
        """Where its machine code is."""
        return int(self._compiled.address)

    @property
    def _compiled(self) -> Any:
        found = _COMPILED.get(self.code)
        if found is None:
            found = _COMPILED[self.code] = self._compile()
        return found

    def _compile(self) -> Any:
        number = types.float32 if self._number is np.float32 else types.float64
        arrays = [types.CPointer(number)] * self._n_arrays
        signature = (
            types.float64(*arrays, types.intp, types.intp, number)
            if self._is_end
            else types.void(*arrays, types.intp, types.intp)
        )
        loop = self._template(self.code)
        names = {name: twin(part, self._number) for name, part in self._parts.items()}
        scope = {
            "__builtins__": builtins,
            "__name__": __name__,
            "carray": carray,
            "np": np,
            "NUMBER": self._number,
            **names,
        }
        filled = FunctionType(loop.__code__, scope, loop.__name__, None, (CellType(self.code),))
        with kept():
            try:
                compiled = cfunc(signature, cache=True, **arithmetic.OPTIONS)(filled)
            except NumbaError as error:
                raise NotCompilableError(_reason(error)) from error
        set_ready(self.code)
        return compiled


_COMPILED: dict[str, Any] = {}
