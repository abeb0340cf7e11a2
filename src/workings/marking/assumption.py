"""What is taken for granted about how a writer works, instead of being found: ``half``, ``batch``, ``digits=4``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType
from typing import Any

from workings.algebra.rounding import MODES
from workings.errors import InputError, nearest
from workings.network.losses import LOSSES
from workings.network.network import Network
from workings.network.optimizers import OPTIMIZERS
from workings.network.reductions import REDUCTIONS

MOST_DIGITS = 30


@dataclass(frozen=True, slots=True)
class Assumption:
    """How a writer works, as far as somebody said so; what is None is found.

    Attributes
    ----------
    loss, reduction : str, optional
        Names in ``LOSSES`` and ``REDUCTIONS``.
    online : bool, optional
        Whether there is an update after each sample, and not one for all of them.
    trains_biases : bool, optional
    index_base : int, optional
        Whether the numbers in names count from 0 or from 1.
    optimizer : str, optional
        A name in ``OPTIMIZERS``.
    digits : int, optional
        The decimals of most results.
    mode : str, optional
        A name in ``rounding.MODES``.
    carried : bool, optional
        Whether more digits are carried on than are shown.
    """

    loss: str | None = None
    reduction: str | None = None
    online: bool | None = None
    trains_biases: bool | None = None
    index_base: int | None = None
    optimizer: str | None = None
    digits: int | None = None
    mode: str | None = None
    carried: bool | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """The names of what is known."""
        return tuple(field.name for field in fields(self) if getattr(self, field.name) is not None)

    def of_network(self, network: Network) -> Network:
        """The network as it is taken to be; itself where it is so already.

        Raises
        ------
        InputError
            When its output activation leaves the domain of the loss.
        """
        told: dict[str, Any] = {
            "loss": None if self.loss is None else LOSSES[self.loss],
            "reduction": self.reduction,
            "train_biases": self.trains_biases,
        }
        if self.optimizer is not None and network.example is not None:
            example, asked = network.example, OPTIMIZERS[self.optimizer]
            is_so = example.optimizer.name == self.optimizer  # with settings of its own
            told["example"] = example if is_so else replace(example, optimizer=asked)
        others = {name: value for name, value in told.items() if value not in (None, getattr(network, name))}
        return replace(network, **others) if others else network


NOTHING = Assumption()

_SAID: Mapping[str, tuple[str, str | int | bool]] = MappingProxyType({
    "half": ("loss", "half_squared_error"),
    "no-half": ("loss", "squared_error"),
    **{name: ("loss", name) for name in LOSSES},
    **{name: ("reduction", name) for name in REDUCTIONS},
    **{name: ("optimizer", name) for name in OPTIMIZERS},
    "online": ("online", True),
    "batch": ("online", False),
    "biases": ("trains_biases", True),
    "no-biases": ("trains_biases", False),
    "from-0": ("index_base", 0),
    "from-1": ("index_base", 1),
    **{name: ("mode", name) for name in MODES},
    "carried": ("carried", True),
    "shown": ("carried", False),
})  # fmt: skip

WORDS = (*_SAID, "digits=N")
"""All that can be assumed; N is a number of decimals."""


def assumption(words: str | Iterable[str]) -> Assumption:
    """What some words take for granted.

    Parameters
    ----------
    words : str or iterable of str
        Of ``WORDS``; a single text has commas between them.

    Raises
    ------
    InputError
        For an unknown word, with the nearest there is, and for two that contradict each other.
    """
    told: dict[str, tuple[str, str | int | bool]] = {}
    for word in words.split(",") if isinstance(words, str) else words:
        said = word.strip()
        if not said:
            continue
        field, value = _meaning(said)
        before, known = told.setdefault(field, (said, value))
        if known != value:
            raise InputError(f"{before!r} and {said!r} cannot both be assumed: they contradict each other")
    return Assumption(**{field: value for field, (_word, value) in told.items()})  # type: ignore[arg-type]


def _meaning(word: str) -> tuple[str, str | int | bool]:
    """Which field a word is about, and what it says."""
    if word in _SAID:
        return _SAID[word]
    name, equals, number = word.partition("=")
    if name.strip() != "digits" or not equals:
        raise InputError(f"there is no convention {word!r} to assume. {nearest(word, WORDS)}")
    digits = number.strip()
    if not (digits.isascii() and digits.isdigit() and int(digits[:3]) <= MOST_DIGITS):
        raise InputError(f"{word!r} must have a whole number of decimals from 0 to {MOST_DIGITS}, as in 'digits=4'")
    return "digits", int(digits)
