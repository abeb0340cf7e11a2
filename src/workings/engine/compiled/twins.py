"""From a record's plain function to a compiled one: its twin, in float32 or float64 throughout.

A twin is the same byte code with its numbers in that type (else ``1.0`` would make float64 of everything) and with the
functions it calls replaced by their twins. Those of ``network.elementary`` stay: ``arithmetic`` gives them a meaning.
"""

from __future__ import annotations

import builtins
import hashlib
from collections.abc import Callable
from types import CellType, CodeType, FunctionType
from typing import Any

from numba import njit

from workings.engine.compiled import vectors
from workings.network import elementary

_ELEMENTARY = frozenset(value for value in vars(elementary).values() if isinstance(value, FunctionType))


def twin(function: Callable[..., Any], number: type) -> Any:
    """The compiled function, for ``np.float32`` or ``np.float64``; compiled when it is first called."""
    return function if function in _ELEMENTARY else njit(**vectors.OPTIONS)(_copied(function, number))


def digest(function: Callable[..., Any]) -> str:
    """What tells a function from an edited one: of its code, and of everything that it calls or mentions."""
    found = hashlib.sha256()
    _feed(found, function)
    return found.hexdigest()[:24]


def _copied(function: Any, number: type) -> FunctionType:
    code: CodeType = function.__code__
    names = {name: _mapped(value, number) for name, value in _mentioned(function).items()}
    cells = tuple(CellType(_mapped(cell.cell_contents, number)) for cell in function.__closure__ or ())
    constants = tuple(_mapped(constant, number) for constant in code.co_consts)
    copy = code.replace(co_consts=constants)
    scope = {"__builtins__": builtins, "__name__": __name__, **names}
    return FunctionType(copy, scope, function.__name__, function.__defaults__, cells)


def _mapped(value: Any, number: type) -> Any:
    """A number in the type asked for, a plain function as its twin; anything else as it is."""
    if isinstance(value, FunctionType):
        return twin(value, number)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number(value)
    return value


def _mentioned(function: Any) -> dict[str, Any]:
    """The global names of a function and what they mean."""
    return {name: function.__globals__[name] for name in function.__code__.co_names if name in function.__globals__}


def _feed(found: Any, value: Any) -> None:
    if isinstance(value, FunctionType):
        if value in _ELEMENTARY:
            found.update(value.__name__.encode())
            return
        cells = (cell.cell_contents for cell in value.__closure__ or ())
        for each in (value.__code__, value.__defaults__, *_mentioned(value).values(), *cells):
            _feed(found, each)
    elif isinstance(value, CodeType):
        found.update(value.co_code)
        for each in (value.co_names, *value.co_consts):  # among them the code of functions inside
            _feed(found, each)
    else:
        found.update(repr(value).encode())
