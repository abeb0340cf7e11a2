"""Which quantity a name means: found from the numbers that stand for it, not from how it is spelt.

A claim is about the quantity whose equation, with the writer's own numbers in it, has the same operands and the same
result. Names decide between equals: the derivative of a bound name by a bound name, the same letter, the same index.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

import numpy as np

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Expr, Reference
from workings.errors import WorkingsError
from workings.marking.binding.choosing import LEAST_SCORE, best
from workings.marking.binding.custom import derivative
from workings.marking.binding.fitting import written
from workings.marking.binding.given import alike, given
from workings.marking.binding.ledger import GIVEN, UPDATED, Claimed, Ledger, entries
from workings.marking.binding.names import Names
from workings.marking.binding.operands import names_in, operands
from workings.marking.binding.ways import Way
from workings.marking.checking.comparing import last_place
from workings.marking.reading.claims import Claim
from workings.network.network import Array
from workings.network.quantity import Quantity

SURE_SCORE = 3.0
"""From which a new name alone, over another number, leaves no doubt what is meant."""

_NEAR = 4
"""Units of the last place within which a result may be that of a quantity."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A claim and the quantity it is about, with what was known before it was made.

    Attributes
    ----------
    claim : Claim
    quantity : Quantity, optional
        None where it is about none of the network.
    score : float
        How well the two fit.
    expected : float
        What follows for the quantity from the writer's earlier numbers.
    ways : tuple of Way
        The ways to write its equation.
    own_numbers : frozenset of Decimal
        The numbers that these would have put in.
    before : Claimed
        What was written before.
    is_sure : bool
        Whether no other quantity can be meant, so that a number is wrong even where no slip explains it.
    """

    claim: Claim
    quantity: Quantity | None
    score: float = 0.0
    expected: float = math.nan
    ways: tuple[Way, ...] = ()
    own_numbers: frozenset[Decimal] = frozenset()
    before: Claimed = field(default_factory=Claimed)
    is_sure: bool = True

    @property
    def claimed(self) -> dict[Quantity, float]:
        """What was written before, by quantity; the latest counts."""
        return self.before.all()

    @property
    def forms(self) -> tuple[Expr, ...]:
        """The same as formulas."""
        return tuple(way.form for way in self.ways)


@dataclass
class Binder:
    """Goes through a document and learns what its names mean.

    Attributes
    ----------
    ledger : Ledger
    trains_all : bool
        Whether every weight is trained; of a network that was read off the document, only those it updates are.
    meaning : Names
    guesses : list of str
        The names of claims for which only the spelling of the name speaks, no number.
    """

    ledger: Ledger
    trains_all: bool = True
    meaning: Names = field(default_factory=Names)
    guesses: list[str] = field(default_factory=list)
    update: int = 1
    has_updated: bool = False

    def bind(self, claim: Claim) -> Bound:
        """The quantity of a claim; the ledger takes its number down."""
        if (repeated := given(claim, self.ledger, self.meaning)) is not None:
            self.meaning[str(claim.subject)] = repeated.dated(None)
            return Bound(claim, repeated, LEAST_SCORE)
        updates = (self.update, self.update + 1) if self.has_updated else (self.update,)
        score, found = best(claim, self.ledger, self.meaning, updates, self.in_symbols(claim))
        if found is None or score < LEAST_SCORE:
            return Bound(claim, None)
        if found.kind in GIVEN and claim.subject not in self.meaning and len(alike(claim, self.ledger)) > 1:
            return Bound(claim, None)  # which of several equal numbers a name means is told by what is done with it
        if (found.update or 1) > self.update and not self.trains_all:
            self.keep_untrained()
        is_worked_out = any(claim.numbers) and len(claim.chain.sides) > 2
        is_sure = score >= SURE_SCORE or is_worked_out or self.meaning.is_known(claim.subject)
        bound = self.known_before(claim, found, score, is_sure=is_sure)
        if claim.subject is not None and not self.meaning.is_known(claim.subject) and not _is_founded(bound):
            self.guesses.append(claim.subject)
        self.learn(claim, found)
        return bound

    def told(self) -> Names:
        """What the names mean, as far as numbers tell."""
        return Names({name: q for name, q in self.meaning.items() if name not in self.guesses})

    def known_before(self, claim: Claim, q: Quantity, score: float, *, is_sure: bool = True) -> Bound:
        """What is known of a quantity before its own claim is taken down."""
        if q.is_whole:
            return Bound(claim, q, score, before=self.ledger.so_far, is_sure=is_sure)
        ways = self.ledger.ways(q)
        numbers = frozenset(number for way in ways for number in self.ledger.numbers_of(way))
        return Bound(claim, q, score, self.ledger.expected(q), ways, numbers, self.ledger.so_far, is_sure)

    def learn(self, claim: Claim, q: Quantity) -> None:
        """Remember what the name means and what number was written."""
        assert q.update is not None  # candidates have one
        if q.update > self.update:
            self.update, self.has_updated = q.update, False
        self.has_updated |= q.kind in UPDATED
        if claim.subject is not None and not (q.kind in UPDATED and claim.subject in self.meaning):
            kind = q.kind[0] if q.kind in UPDATED and _takes_over(claim) else q.kind
            self.meaning[claim.subject] = replace(q, kind=kind, update=None)
        if q.kind not in GIVEN:
            for single, number in written(claim, q, self.ledger):
                self.ledger.claim(single, float(number))
        if q.is_whole:
            return
        for name, meant in [*operands(claim, q, self.ledger, self.meaning), *self.halves(claim, q)]:
            self.meaning.setdefault(name, meant)

    def halves(self, claim: Claim, q: Quantity) -> Iterator[tuple[str, Quantity]]:
        """The weight that the lower half of a gradient's name means; other slopes may all be the same number."""
        pair = derivative(claim.subject or "")
        if pair is not None and q.kind == "dC/dW" and q.sample is None and claim.result != 0:  # where many slopes are 0
            yield pair[1], replace(q, kind="W", update=None)

    def keep_untrained(self) -> None:
        """Take every parameter whose update was not written down for one that stays as it is."""
        for q in self.ledger.quantities(self.update):
            if q.kind in UPDATED and q not in self.ledger.claimed:
                self.ledger.claim(q, self.ledger.value(replace(q, kind=q.kind[0])))

    # --- the values of formulas

    def in_symbols(self, claim: Claim) -> list[Array]:
        """The values of a claim's formulas, as far as all of their names are known."""
        found = []
        for side in claim.symbolic:
            value = self.value(side.expression)
            if value is not None:
                found.append(value)
        return found

    def value(self, expression: Expr, update: int | None = None) -> Array | None:
        """The value of a formula of names; None where a name is not known."""
        look_up = partial(self.value_of_name, update=update or self.update)
        try:
            if isinstance(expression, Reference):
                return np.asarray(look_up(expression.key), dtype=float)
            return np.asarray(evaluate(expression, look_up), dtype=float)
        except (KeyError, WorkingsError, ArithmeticError, ValueError, TypeError):
            return None

    def value_of_name(self, name: object, update: int) -> Any:
        """The number that a name means, or the array of them."""
        meant = self.meaning[str(name)].dated(update)
        if meant.kind in UPDATED and update > 1 and meant not in self.ledger.claimed:
            meant = meant.dated(update - 1)  # what was new is what this round begins with
        if not meant.is_whole:
            return self.ledger.value(meant)
        shape = self.ledger.shape(meant)
        return np.array([self.ledger.value(single) for single in entries(meant, shape)]).reshape(shape)


def _is_founded(bound: Bound) -> bool:
    """Whether a number of a claim, the result or most of those put in, is one of its quantity."""
    result, operands = bound.claim.result, bound.claim.operands
    if result is None:
        return True
    is_near = abs(float(result) - bound.expected) <= _NEAR * float(last_place(result))
    return (is_near and result != 0) or 2 * len(operands & bound.own_numbers) > len(operands)


def _takes_over(claim: Claim) -> bool:
    """Whether a new value goes on under the old name: ``w = w - ...``."""
    return claim.subject in names_in(claim) or "←" in claim.chain.relations
