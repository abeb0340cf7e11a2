"""Which quantity a name means: found from the numbers that stand for it, not from how it is spelt.

A claim is about the quantity whose equation, with the writer's own numbers in it, has the same operands and the same
result. Names decide between equals: the derivative of a bound name by a bound name, the same letter, the same index.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from heapq import merge
from typing import Any

import numpy as np

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Expr, Reference, children, references
from workings.errors import WorkingsError
from workings.marking.binding.custom import derivative, of_letter
from workings.marking.binding.fitting import MOST_FOR_SYMBOLS, fits, shape_of, written
from workings.marking.binding.ledger import GIVEN, UPDATED, Ledger, entries
from workings.marking.checking.comparing import literal
from workings.marking.reading.claims import Claim
from workings.network.network import Array
from workings.network.quantity import Quantity

LEAST_SCORE = 2.0
"""What a claim must reach to be taken for a quantity: a result of three figures alone does not."""

MOST_FOR_OPERANDS = 3.0


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
    forms : tuple of Expr
        The ways to write its equation.
    own_numbers : frozenset of Decimal
        The numbers that these would have put in.
    claimed : dict
        What was written before.
    is_sure : bool
        Whether no other quantity can be meant, so that a number is wrong even where no slip explains it.
    """

    claim: Claim
    quantity: Quantity | None
    score: float = 0.0
    expected: float = math.nan
    forms: tuple[Expr, ...] = ()
    own_numbers: frozenset[Decimal] = frozenset()
    claimed: dict[Quantity, float] = field(default_factory=dict)
    is_sure: bool = True


@dataclass
class Binder:
    """Goes through a document and learns what its names mean.

    Attributes
    ----------
    ledger : Ledger
    trains_all : bool
        Whether every weight is trained; of a network that was read off the document, only those it updates are.
    meaning : dict
        The quantity of each name, without its update.
    """

    ledger: Ledger
    trains_all: bool = True
    meaning: dict[str, Quantity] = field(default_factory=dict)
    update: int = 1
    has_updated: bool = False

    def bind(self, claim: Claim) -> Bound:
        """The quantity of a claim; the ledger takes its number down."""
        if (given := self.given(claim)) is not None:
            self.meaning[str(claim.subject)] = replace(given, update=None)
            return Bound(claim, given, LEAST_SCORE)
        score, found = self.best(claim)
        if found is None or score < LEAST_SCORE:
            return Bound(claim, None)
        if found.kind in GIVEN and claim.subject not in self.meaning and len(self.alike(claim)) > 1:
            return Bound(claim, None)  # which of several equal numbers a name means is told by what is done with it
        if (found.update or 1) > self.update and not self.trains_all:
            self.keep_untrained()
        bound = self.known_before(claim, found, score)
        self.learn(claim, found)
        return bound

    def known_before(self, claim: Claim, q: Quantity, score: float) -> Bound:
        """What is known of a quantity before its own claim is taken down."""
        if q.is_whole:
            return Bound(claim, q, score, claimed=dict(self.ledger.claimed))
        forms = tuple(self.ledger.forms(q))
        numbers = frozenset(number for way in self.ledger.ways(q) for number in self.ledger.numbers_of(way))
        before = dict(self.ledger.claimed)
        return Bound(claim, q, score, self.ledger.expected(q), forms, numbers, before)

    def given(self, claim: Claim) -> Quantity | None:
        """The number of the file that a claim repeats, if its value, its letter and its place leave no doubt."""
        if claim.subject is None or not claim.is_given or claim.subject in self.meaning:
            return None
        found = self.alike(claim)
        if not found or not (found[0].is_whole or of_letter(claim.subject, found[0]) > 0):
            return None
        return found[0] if len(found) == 1 else self.next_of(found)

    def alike(self, claim: Claim) -> list[Quantity]:
        """The numbers of the file with the value of a claim whose letter suits best."""
        found = self.ledger.equations.candidates(1, shape_of(claim))
        alike = [] if found is None else [q for q in found.all if q.kind in GIVEN and self.repeats(claim, q)]
        scores = [of_letter(claim.subject or "", q) for q in alike]
        return [q for score, q in zip(scores, alike, strict=True) if score == max(scores)]

    def next_of(self, alike: list[Quantity]) -> Quantity | None:
        """Of equal numbers the one whose turn it is, where names are given in the order of the network."""
        named = {replace(q, update=None) for q in self.meaning.values()}
        free = [q for q in alike if not q.is_whole and replace(q, update=None) not in named]
        if len(free) < 2:
            return free[0] if free else None
        in_order = self.ledger.quantities(1)
        for q in free:
            same = [replace(other, update=None) for other in in_order if other.kind == q.kind]
            last = max((same.index(other) for other in named if other in same), default=-1)
            if same.index(replace(q, update=None)) == last + 1:
                return q
        return None

    def repeats(self, claim: Claim, q: Quantity) -> bool:
        """Whether a claim's numbers are those of the file."""
        pairs = [(float(number), self.ledger.given(single)) for single, number in written(claim, q, self.ledger)]
        return all(abs(number - value) <= 1e-12 * abs(value) for number, value in pairs)

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
        for name, meant in [*self.operands(claim, q), *self.halves(claim, q)]:
            self.meaning.setdefault(name, meant)

    def halves(self, claim: Claim, q: Quantity) -> Iterator[tuple[str, Quantity]]:
        """The weight that the lower half of a gradient's name means; other slopes may all be the same number."""
        pair = derivative(claim.subject or "")
        if pair is not None and q.kind == "dC/dW" and q.sample is None:
            yield pair[1], replace(q, kind="W", update=None)

    def keep_untrained(self) -> None:
        """Take every parameter whose update was not written down for one that stays as it is."""
        for q in self.ledger.quantities(self.update):
            if q.kind in UPDATED and q not in self.ledger.claimed:
                self.ledger.claim(q, self.ledger.value(replace(q, kind=q.kind[0])))

    # --- how well a quantity fits

    def best(self, claim: Claim) -> tuple[float, Quantity | None]:
        """The quantity that fits a claim best, and how well; None where none fits well enough.

        Names in formulas and operands, which take longest, are looked at only where they can still decide.
        """
        if not claim.numbers:
            return 0.0, None
        in_symbols, names = self.in_symbols(claim), _names(claim)
        position = self.ledger.equations.at
        meant = frozenset(position[self.meaning[name]] for name in names if name in self.meaning)
        has_operands = claim.worked is not None and claim.result is not None
        for_operands = MOST_FOR_OPERANDS * has_operands
        rounds = {
            update: fit
            for update in ((self.update, self.update + 1) if self.has_updated else (self.update,))
            if (fit := fits(claim, self.ledger, update, self.meaning, in_symbols, is_next=update > self.update))
        }
        within_reach = (fit.within_reach(bool(meant), LEAST_SCORE - for_operands) for fit in rounds.values())
        best: tuple[tuple[float, float, int, int], Quantity | None] = (0.0, math.inf, 0, 0), None
        for most, n, at in merge(*within_reach, reverse=True):
            if most + for_operands < best[0][0]:
                break
            fit = rounds[-n]
            q = fit.candidates.all[-at]
            score = fit.score(-at, self.of_symbols(q, meant, len(names), bool(fit.agrees[-at])))
            whole = score + (self.of_operands(claim, q) if has_operands else 0.0)
            best = max(best, ((whole, score, n, at), q), key=lambda each: each[0])
        return best[0][0], best[1]

    def of_symbols(self, q: Quantity, meant: frozenset[int], n_names: int, agrees: bool) -> float:
        """How well the names of a claim's formulas are those of the equation; of whole ones only the value tells."""
        if q.is_whole or not meant or not (ways := self.ledger.ways(q)):
            return 2.5 * agrees
        shares = (len(meant & way.places) / max(len(meant | way.places), n_names) for way in ways)
        return agrees + MOST_FOR_SYMBOLS * max(shares)

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

        def look_up(key: object) -> Any:
            meant = replace(self.meaning[str(key)], update=update or self.update)
            if meant.kind in UPDATED and meant not in self.ledger.claimed and (meant.update or 1) > 1:
                meant = replace(meant, update=(meant.update or 1) - 1)  # what was new is what this round begins with
            if not meant.is_whole:
                return self.ledger.value(meant)
            shape = self.ledger.shape(meant)
            return np.array([self.ledger.value(single) for single in entries(meant, shape)]).reshape(shape)

        try:
            return np.asarray(evaluate(expression, look_up), dtype=float)
        except (KeyError, WorkingsError, ArithmeticError, ValueError, TypeError):
            return None

    def of_operands(self, claim: Claim, q: Quantity) -> float:
        """How many of the numbers put in are those of the equation."""
        best = 0.0
        for depth, way in enumerate(self.ledger.ways(q)):
            wanted = self.ledger.numbers_of(way)
            if wanted or claim.operands:
                shared = len(wanted & claim.operands)
                best = max(best, MOST_FOR_OPERANDS * shared / len(wanted | claim.operands) - 0.1 * depth)
        return best

    # --- the names inside its formulas

    def operands(self, claim: Claim, q: Quantity) -> Iterator[tuple[str, Quantity]]:
        """Which quantities the names in a claim's formula mean, as far as their numbers tell."""
        form = self.ledger.formula(q)
        if form is None:
            return
        written = dict(substitutions(claim))
        by_value: dict[float, list[Quantity]] = defaultdict(list)
        for key in dict.fromkeys(key for way in self.ledger.ways(q) for key in way.quantities):
            meant = replace(key, update=None)
            if meant not in (alike := by_value[self.ledger.value(key)]):
                alike.append(meant)
        taken: set[Quantity] = set()
        for name, number in written.items():
            free = [meant for meant in by_value.get(float(number), ()) if meant not in taken]
            if name in self.meaning or not free:
                continue
            best = max(free, key=lambda meant: of_letter(name, meant))
            taken.add(best)
            yield name, best


def substitutions(claim: Claim) -> Iterator[tuple[str, Decimal]]:
    """The number that stands for each name, where a formula and the numbers put in have the same shape."""
    if claim.worked is None:
        return
    for side in claim.symbolic:
        yield from _aligned(side.expression, claim.worked.expression)


def _aligned(symbolic: Expr, numeric: Expr) -> Iterator[tuple[str, Decimal]]:
    if isinstance(symbolic, Reference):
        if (number := literal(numeric)) is not None:
            yield str(symbolic.key), number
        return
    left, right = list(children(symbolic)), list(children(numeric))
    if type(symbolic) is type(numeric) and len(left) == len(right):
        for a, b in zip(left, right, strict=True):
            yield from _aligned(a, b)


def _names(claim: Claim) -> set[str]:
    """The names in a claim's formulas."""
    return {str(part.key) for side in claim.symbolic for part in references(side.expression)}


def _takes_over(claim: Claim) -> bool:
    """Whether a new value goes on under the old name: ``w = w - ...``."""
    return claim.subject in _names(claim) or "←" in claim.chain.relations
