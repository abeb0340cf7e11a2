"""Single values of a parsed network file, checked: each comes back as what it must be, or is refused in a sentence.

``where`` is the beginning of that sentence, the file and the key: ``net.toml: layers[1].weights``; places count from 1.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np

from workings.errors import InputError, nearest
from workings.network.network import Array, lookup

Record = TypeVar("Record")


def check_keys(table: Mapping[str, Any], known: Collection[str], required: Iterable[str], where: str) -> None:
    """Refuse keys that mean nothing and keys that are missing; a misspelt key is told before the missing one."""
    for key in table:
        if key not in known:
            raise InputError(f"{where} has a key {shortened(key)!r} that means nothing here. {nearest(key, known)}")
    missing = [key for key in required if key not in table]
    if missing:
        raise InputError(f"{where}: {listed(missing)} {'is' if len(missing) == 1 else 'are'} missing")


def number(value: Any, where: str) -> float:
    """A finite number; a boolean is none, although Python thinks so."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{where} must be a number, but is {described(value)}{_number_meant(value)}")
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        beyond = "" if math.isnan(result) else " or beyond the largest number there is, 1.8e308"
        raise InputError(f"{where} is {result}{beyond}, but must be finite")
    return result


def whole_number(value: Any, where: str) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        got = repr(value) if isinstance(value, float) else described(value)
        raise InputError(f"{where} must be a whole number, but is {got}")
    return value


def boolean(value: Any, where: str) -> bool:
    """``true`` or ``false``."""
    if not isinstance(value, bool):
        raise InputError(f"{where} must be true or false, but is {described(value)}")
    return value


def string(value: Any, where: str) -> str:
    """A text."""
    if not isinstance(value, str):
        raise InputError(f"{where} must be a text in quotes, but is {described(value)}")
    return value


def named(registry: Mapping[str, Record], value: Any, what: str, where: str) -> Record:
    """The record that a name stands for."""
    name = string(value, where)
    try:
        return lookup(dict(registry), name, what)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def sequence(value: Any, of: str, where: str) -> list[Any]:
    """A list that is not empty; ``of`` says what of: ``numbers``."""
    if not isinstance(value, list):
        raise InputError(f"{where} must be a list of {of}, but is {described(value)}")
    if not value:
        raise InputError(f"{where} is an empty list; it must hold at least one of its {of}")
    return value


def vector(value: Any, where: str) -> Array:
    """A list of numbers, as an array of shape (n,)."""
    return np.array([number(item, f"{where}[{i}]") for i, item in enumerate(sequence(value, "numbers", where), 1)])


def matrix(value: Any, where: str) -> Array:
    """A list of equally long rows, as an array of shape (n_rows, n_columns)."""
    items = sequence(value, "rows", where)
    if not any(isinstance(item, list) for item in items):
        number(items[0], f"{where}[1]")
        raise InputError(f"{where} must be a list of rows, but is one flat list of numbers. One row is written [[...]]")
    rows = [vector(item, f"{where}[{i}]") for i, item in enumerate(items, 1)]
    for i, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise InputError(
                f"{where} is ragged: row 1 has {counted(len(rows[0]), 'number')}, but row {i} has {len(row)}"
                + (comma_meant(row, len(rows[0])) or comma_meant(rows[0], len(row)))
            )
    return np.array(rows)


def samples(value: Any, where: str) -> tuple[Array, bool]:
    """One sample a row, and whether it was written as a mini-batch: a list of lists, even of a single one."""
    if any(isinstance(item, list) for item in sequence(value, "numbers", where)):
        return matrix(value, where), True
    return vector(value, where)[np.newaxis, :], False


def comma_meant(row: Array, wanted: int) -> str:
    """A question about twice as many numbers as wanted, all of them whole: 0,5 is two numbers."""
    is_doubled = row.shape[-1] == 2 * wanted and bool(np.all(row == np.round(row)))
    return ". Is that a decimal comma? A decimal number takes a point: 0.5" if is_doubled else ""


def described(value: Any) -> str:
    """What a value of the wrong type is, in words."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text {shortened(value)!r}"
        case int() | float():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "a table"
    return "a date or a time"


def shortened(text: str, length: int = 40) -> str:
    """The beginning of a long text."""
    return text if len(text) <= length else f"{text[: length - 3]}..."


def counted(count: int, noun: str) -> str:
    """``1 number``, ``2 numbers``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _number_meant(value: Any) -> str:
    """A hint for a number in quotes, or with a decimal comma in them."""
    if not isinstance(value, str) or len(value) > 40:
        return ""
    try:
        meant = float(value.replace(",", "."))
    except ValueError:
        return ""
    return f". Write {meant!r}, without quotes"
