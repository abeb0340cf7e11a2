"""What a lesson is made of: neutral blocks, which every medium renders in its own way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from workings.algebra.expression import Expr
from workings.derivation.derive import Step
from workings.network.quantity import Quantity

if TYPE_CHECKING:  # differentiation is loaded when --depth rules asks for it
    from workings.algebra.differentiate import RuleApplication


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


@dataclass(frozen=True, slots=True)
class Working:
    """A differentiation, rule by rule.

    Attributes
    ----------
    applications : tuple of RuleApplication
    closings : tuple of (Expr, str)
        The result as it is used, where that differs from the last line, ``a(1 - a)``, and how one gets there.
    """

    applications: tuple[RuleApplication, ...]
    closings: tuple[tuple[Expr, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Values:
    """Given numbers, one group a line."""

    groups: tuple[tuple[str, tuple[Quantity, ...]], ...]


Block = Heading | Sentence | Equation | Working | Values
