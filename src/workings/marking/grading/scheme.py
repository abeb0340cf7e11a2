"""A marking scheme: for which numbers there are marks, how many for the working and how many for the result.

A scheme is a TOML file::

    [[items]]
    name = "forward pass"
    quantities = ["z[*]", "a[*]"]   # addresses; a number may be a range, 1-3, or a star
    method = 2                      # for the working, right even where the arithmetic is not
    accuracy = 2                    # for the number
    carried = true                  # a number that follows from an earlier slip is right
    digits = 3                      # or tolerance = 0.001; as it is written where both are left out

The marks of an item are shared equally among its numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workings.errors import AddressError, InputError
from workings.marking.binding.ledger import Ledger
from workings.marking.grading.pattern import Pattern, check_pattern, read_pattern
from workings.network.network import Network
from workings.network.network_fields import boolean, check_keys, number, sequence, string, whole_number
from workings.network.network_file import decoded, parsed
from workings.network.quantity import Quantity

LARGEST = 2**20
"""Bytes."""

MOST_DIGITS = 15
_CLOSE = 0.005  # of a mark: what is told of a total is not


@dataclass(frozen=True, slots=True)
class Item:
    """Some numbers, and the marks there are for them together.

    Attributes
    ----------
    name : str
    patterns : tuple of Pattern
    method, accuracy : float
        Marks for the working, and for the result.
    carried : bool
        Whether a number that follows from an earlier slip earns its accuracy mark.
    tolerance : float, optional
        How far a result may be off; as its own digits have it where left out.
    digits : int, optional
        To how many decimals a result must be given and right, to one unit of the last.
    """

    name: str
    patterns: tuple[Pattern, ...]
    method: float = 0.0
    accuracy: float = 0.0
    carried: bool = True
    tolerance: float | None = None
    digits: int | None = None

    @property
    def marks(self) -> float:
        """All that can be earned."""
        return self.method + self.accuracy

    def quantities(self, ledger: Ledger) -> tuple[Quantity, ...]:
        """Its numbers in a network, each once."""
        return tuple(dict.fromkeys(q for pattern in self.patterns for q in pattern.quantities(ledger)))


@dataclass(frozen=True, slots=True)
class Scheme:
    """The items for which there are marks."""

    items: tuple[Item, ...]

    @property
    def total(self) -> float:
        """What a faultless document earns."""
        return sum(item.marks for item in self.items)


_DEFAULT = {
    "forward pass": ("z[*]", "a[*]"),
    "cost": ("C",),
    "gradients": ("dC/dW[*]", "dC/db[*]"),
    "update": ("W+[*]", "b+[*]"),
}
DEFAULT_NAMES = tuple(_DEFAULT)


def default_scheme(network: Network) -> Scheme:
    """One accuracy mark for each number that any worked step has, in whatever way it is worked out.

    These are the weighted inputs, the activations, the cost, the gradients of what is trained and its new values; the
    errors on the way back are means to these.
    """
    trained = [text for text in sum(_DEFAULT.values(), ()) if "b" not in text or network.train_biases]
    items, ledger = [], Ledger(network)
    for name, texts in _DEFAULT.items():
        bare = Item(name, tuple(read_pattern(text) for text in texts if text in trained))
        items.append(Item(name, bare.patterns, accuracy=len(bare.quantities(ledger))))
    return Scheme(tuple(items))


def load_scheme(path: str | Path, network: Network | None = None) -> Scheme:
    """Read a scheme.

    Parameters
    ----------
    path : str or Path
    network : Network, optional
        Which must have the quantities that are named.

    Raises
    ------
    InputError
        When there is no such file, or when it is no scheme: says where in it, what it got and what it wants.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(data) > LARGEST:
        raise InputError(f"{name} is more than {LARGEST // 2**20} MB; a scheme is a few lines of TOML")
    return scheme_of(parsed(decoded(data, name), name), name, network)


def scheme_of(table: dict[str, Any], name: str, network: Network | None = None) -> Scheme:
    """Make sense of a parsed scheme; ``name`` is what messages call it.

    Raises
    ------
    InputError
        As :func:`load_scheme`.
    """
    check_keys(table, ("title", "total", "items"), ("items",), name)
    rows = sequence(table["items"], "items", f"{name}: items")
    items = tuple(_item(row, f"{name}: items[{i}]", network) for i, row in enumerate(rows, 1))
    names = [item.name for item in items]
    for i, item in enumerate(items, 1):
        if item.name in names[: i - 1]:
            raise InputError(
                f"{name}: items[{i}].name is {item.name!r}, as that of an item before; names tell them apart"
            )
    scheme = Scheme(items)
    if "total" in table and abs(number(table["total"], f"{name}: total") - scheme.total) > _CLOSE:
        raise InputError(f"{name}: total is {table['total']:g}, but the marks of the items add up to {scheme.total:g}")
    return scheme


_KEYS = ("name", "quantities", "method", "accuracy", "carried", "tolerance", "digits")


def _item(row: Any, where: str, network: Network | None) -> Item:
    if not isinstance(row, dict):
        raise InputError(f"{where} must be a table. Items are written [[items]], with two brackets")
    check_keys(row, _KEYS, ("quantities",), where)
    texts = sequence(row["quantities"], "addresses", f"{where}.quantities")
    patterns = tuple(_pattern(text, f"{where}.quantities[{i}]", network) for i, text in enumerate(texts, 1))
    method, accuracy = (_not_negative(row.get(key, 0), f"{where}.{key}") for key in ("method", "accuracy"))
    if not method + accuracy:
        raise InputError(f"{where} has no marks: give method, accuracy or both, as in accuracy = 1")
    if "tolerance" in row and "digits" in row:
        raise InputError(f"{where} has both tolerance and digits; one of them tells how exact a number must be")
    return Item(
        string(row.get("name", ", ".join(map(str, texts))), f"{where}.name"),
        patterns,
        method,
        accuracy,
        boolean(row.get("carried", True), f"{where}.carried"),
        _not_negative(row["tolerance"], f"{where}.tolerance") if "tolerance" in row else None,
        _digits(row["digits"], f"{where}.digits") if "digits" in row else None,
    )


def _pattern(text: Any, where: str, network: Network | None) -> Pattern:
    try:
        pattern = read_pattern(string(text, where))
        if network is not None:
            check_pattern(pattern, network)
    except AddressError as error:
        raise InputError(f"{where}: {error}") from None
    return pattern


def _not_negative(value: Any, where: str) -> float:
    found = number(value, where)
    if found < 0:
        raise InputError(f"{where} is {found:g}, but must not be negative")
    return found


def _digits(value: Any, where: str) -> int:
    digits = whole_number(value, where)
    if not 0 <= digits <= MOST_DIGITS:
        raise InputError(f"{where} is {digits}, but must be from 0 to {MOST_DIGITS}")
    return digits
