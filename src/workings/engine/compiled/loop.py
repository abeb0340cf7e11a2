"""A loop in machine code: a template with a record's functions filled in, kept on disk, known by its address."""

from __future__ import annotations

from collections.abc import Callable
from types import CellType, FunctionType
from typing import Any

from numba import cfunc
from numba.core.errors import NumbaError

from workings.engine.compiled import arithmetic  # noqa: F401 - teaches Numba the functions of records
from workings.engine.compiled.kept import is_ready, kept, set_ready
from workings.engine.compiled.turning import room_of, turn_of
from workings.engine.compiled.twins import digest, twin
from workings.engine.compiled.vectors import OPTIONS, Number, lane_by_lane, lanes_of, load_of


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
    signature : Numba signature
    parts : dict
        By the names that the template has for them.
    lanes : int, optional
        Of its vectors; as many as a register holds when left out.
    """

    def __init__(
        self,
        template: Callable[[str], Any],
        number: Number,
        signature: Any,
        parts: dict[str, Part],
        lanes: int | None = None,
    ) -> None:
        self._template, self._number, self._signature, self._parts = template, number, signature, parts
        self._lanes = lanes or lanes_of(number)
        called = number.__name__, f"{template.__name__}_{self._lanes}"
        self.code = "-".join([*called, *(digest(part) for part, *_ in parts.values())])

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
        return lane_by_lane(of_numbers, n_vectors, n_numbers, self._lanes) if n_vectors else of_numbers

    def _compiled(self, fill: Callable[[Part], Any]) -> Any:
        loop = self._template(self.code)
        by_lanes = {name: of(self._lanes) for name, of in _OF_SO_MANY_LANES.items()}
        numbers = {"NUMBER": self._number, "LANES": self._lanes}
        filled_in = {name: fill(part) for name, part in self._parts.items()}
        scope = {**self._template.__globals__, "__name__": __name__, **numbers, **by_lanes, **filled_in}
        filled = FunctionType(loop.__code__, scope, loop.__name__, None, (CellType(self.code),))
        with kept(self.code):
            return cfunc(self._signature, cache=True, **OPTIONS)(filled)


_OF_SO_MANY_LANES = {"load": load_of, "room": room_of, "turn": turn_of}
_COMPILED: dict[str, Any] = {}


def _reason(error: Exception) -> str:
    """What matters in a long message: what could not be found or typed."""
    lines = [line.strip() for line in str(error).splitlines()]
    return next((line for line in lines if line.startswith(("No implementation", "Untyped", "Unknown"))), lines[0])
