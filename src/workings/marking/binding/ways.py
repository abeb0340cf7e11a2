"""The ways to write an equation: as it is, and with parts written out that a writer may have left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from workings.algebra.compiled import Compiled, Parts, compiled, compiled_parts
from workings.algebra.expression import Expr, Reference, parts, references, substitute
from workings.marking.binding.quantities import BACKWARD
from workings.marking.checking.comparing import numbers_of
from workings.marking.reading.claims import TOO_COMMON
from workings.network.quantity import Quantity

_OWN_STEPS = frozenset({*BACKWARD, "C"})
"""What is written out in the place where it is used, by those who make no step of its own of it."""

_DEEPEST = 3
"""How often what was written out is written out in its turn."""


@dataclass(frozen=True, eq=False)
class Way:
    """One way to write an equation, and what stands in it.

    Attributes
    ----------
    form : Expr
    quantities : tuple of Quantity
        Each once, in the order of the formula.
    at : tuple of int
        The positions of the same.
    places : frozenset of int
        The positions of the same without their update.
    numbers : frozenset of Decimal
        Those of the formula itself, without the ones that every formula has.
    sizes : frozenset of float
        The same once more.
    position : callable
        The position of a quantity.
    """

    form: Expr
    quantities: tuple[Quantity, ...]
    at: tuple[int, ...]
    places: frozenset[int]
    numbers: frozenset[Decimal]
    sizes: frozenset[float]
    position: Callable[[Any], int]

    @cached_property
    def function(self) -> Compiled:
        """The form as a function of the numbers at positions."""
        return compiled(self.form, self.position)

    @cached_property
    def functions(self) -> Parts:
        """The form and its parts as such functions."""
        return compiled_parts(self.form, self.position)

    @cached_property
    def parts(self) -> tuple[Compiled, ...]:
        """Each different part as such a function."""
        return tuple(self.made(part) for part in dict.fromkeys(parts(self.form)))

    def made(self, formula: Expr) -> Compiled:
        """A formula that has parts in common with the form as such a function."""
        return compiled(formula, self.position, self.functions)


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """All ways to write an equation, as long as some quantities have steps of their own and others have none.

    Attributes
    ----------
    all : tuple of Way
    of_own, written_out : frozenset of int
        The positions of these quantities.
    """

    all: tuple[Way, ...]
    of_own: frozenset[int]
    written_out: frozenset[int]

    def hold(self, written: Set[int]) -> bool:
        """Whether these are the ways where something was written for the quantities at these positions."""
        return self.of_own <= written and self.written_out.isdisjoint(written)


def ways_of(
    forms: Sequence[Expr],
    short: Expr,
    formula: Callable[[Quantity], Expr | None],
    at: Callable[[Quantity], int],
    written: Set[int],
) -> Ways:
    """The ways to write an equation.

    Parameters
    ----------
    forms : sequence of Expr
        The equation, and other forms that it has.
    short : Expr
        Which of them has its parts written out, step by step.
    formula : callable
        The equation of a part.
    at : callable
        The position of a quantity.
    written : set of int
        The positions of what has a step of its own, and so is not written out.
    """
    of_own: set[int] = set()
    written_out: set[int] = set()

    def put(part: Reference) -> Expr:
        key = part.key
        if not isinstance(key, Quantity) or key.kind not in _OWN_STEPS:
            return part
        if at(key) in written:
            of_own.add(at(key))
            return part
        written_out.add(at(key))
        return formula(key) or part

    long, seen = [short], {short}
    while len(long) <= _DEEPEST and (longer := substitute(long[-1], put)) not in seen:
        long.append(longer)
        seen.add(longer)
    ways = tuple(_way(form, at) for form in (*forms, *long[1:]))
    return Ways(ways, frozenset(of_own), frozenset(written_out))


def _way(form: Expr, at: Callable[[Quantity], int]) -> Way:
    quantities = quantities_of(form)
    places = frozenset(at(q.dated(None)) for q in quantities)
    numbers = numbers_in(form)
    return Way(form, quantities, tuple(map(at, quantities)), places, numbers, frozenset(map(float, numbers)), at)


def quantities_of(form: Expr) -> tuple[Quantity, ...]:
    """What stands in a formula, each once, in its order."""
    return tuple(dict.fromkeys(part.key for part in references(form) if isinstance(part.key, Quantity)))


def numbers_in(form: Expr) -> frozenset[Decimal]:
    """The numbers of a formula itself, without the ones that every formula has."""
    return frozenset(number.value for number in numbers_of(form)) - TOO_COMMON
