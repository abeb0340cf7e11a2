"""What a lesson is made of: neutral blocks, which every medium renders in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workings.algebra.expression import Expr
from workings.derivation.derive import Step
from workings.network.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part; level 1 is the lesson's own."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """Running text, with quantities in it where a symbol is to stand."""

    parts: tuple[str | Quantity, ...]
    role: Literal["text", "rule", "remark"] = "text"


@dataclass(frozen=True, slots=True)
class Equation:
    """A step as ``symbol = formula = numbers = result``.

    Attributes
    ----------
    step : Step
    number : int, optional
        Its number among the counted backward steps.
    also : tuple of Quantity
        What has the same value and needs no step of its own: dC/dz is also dC/db.
    """

    step: Step
    number: int | None = None
    also: tuple[Quantity, ...] = ()


Reason = tuple[str | Quantity, ...]
"""Why one line follows from the one before, with quantities in it where a symbol is to stand."""


@dataclass(frozen=True, slots=True)
class Working:
    """A formula rewritten line by line, as in a differentiation.

    Attributes
    ----------
    start : Expr
    lines : tuple of (Expr, Reason)
        What it is rewritten as, and why.
    """

    start: Expr
    lines: tuple[tuple[Expr, Reason], ...]


@dataclass(frozen=True, slots=True)
class Values:
    """Given numbers, one group a line."""

    groups: tuple[tuple[str, tuple[Quantity, ...]], ...]


Block = Heading | Sentence | Equation | Working | Values
