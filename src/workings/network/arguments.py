"""Numbers that are given as arguments: checked, and in the types that files can hold."""

from __future__ import annotations

import math
from numbers import Real
from typing import Any

from workings.errors import InputError


def whole_number(name: str, value: Any, least: int) -> int:
    """A whole number of at least so much, of whatever type it was.

    Raises
    ------
    InputError
        For anything else; ``3.0`` is a whole number, True is none.
    """
    is_number = isinstance(value, Real) and not isinstance(value, bool)
    if not is_number or not least <= value < math.inf or value != int(value):
        raise InputError(f"{name} is {value!r:.40}, but must be a whole number of at least {least}")
    return int(value)


def whole_numbers(least: int, **given: object) -> list[int | None]:
    """The same for several by their names; None where one is left out."""
    return [None if value is None else whole_number(name, value, least) for name, value in given.items()]


def finite_number(name: str, value: object) -> float:
    """A number that is finite, of whatever type it was.

    Raises
    ------
    InputError
        For anything else.
    """
    number = math.nan
    if isinstance(value, Real) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    if not math.isfinite(number):
        raise InputError(f"{name} is {value!r:.40}, but must be a finite number")
    return number
