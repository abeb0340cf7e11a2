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
from typing import Any

import numpy as np

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Expr, Reference, children, parts, references
from workings.errors import WorkingsError
from workings.marking.claims import Claim, figures
from workings.marking.comparing import last_place, literal
from workings.marking.custom import derivative, is_cost, of_index, of_letter, old_name, stem_and_tag
from workings.marking.ledger import FORWARD, GIVEN, UPDATED, Ledger, entries
from workings.network.network import Array
from workings.network.quantity import KINDS, Quantity

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
    sub_values : tuple of float
        The values of all their parts.
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
    sub_values: tuple[float, ...] = ()
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
        numbers = frozenset(number for form in forms for number in self.ledger.numbers(form))
        values = {self.ledger.number(part) for form in forms for part in parts(form)}
        values = {value for value in values if math.isfinite(value)}
        before = dict(self.ledger.claimed)
        return Bound(claim, q, score, self.ledger.expected(q), forms, numbers, tuple(values), before)

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
        alike: list[tuple[float, Quantity]] = []
        for q in self.everything(claim, 1):
            if q.kind not in GIVEN:
                continue
            pairs = [(float(number), self.ledger.given(single)) for single, number in written(claim, q, self.ledger)]
            if all(abs(number - value) <= 1e-12 * abs(value) for number, value in pairs):
                alike.append((of_letter(claim.subject or "", q), q))
        best = max((score for score, _q in alike), default=0.0)
        return [q for score, q in alike if score == best]

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

    def everything(self, claim: Claim, update: int) -> Iterator[Quantity]:
        """All quantities of the shape that a claim's result has."""
        if claim.result is not None:
            yield from self.ledger.quantities(update)
        elif claim.results is not None:
            for q in self.ledger.whole_quantities(update):
                if has_shape(claim, self.ledger.shape(q)):
                    yield q

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

    def candidates(self, claim: Claim) -> Iterator[Quantity]:
        """The quantities it may be about."""
        updates = [self.update, self.update + 1] if self.has_updated else [self.update]
        for update in updates:
            for q in self.everything(claim, update):
                if q.kind in GIVEN and (claim.worked is not None or claim.subject is None):
                    continue
                if update > self.update and q.kind not in FORWARD:
                    continue  # the next round begins at the front
                yield q

    # --- how well a quantity fits

    def best(self, claim: Claim) -> tuple[float, Quantity | None]:
        """The quantity that fits a claim best, and how well; operands, which take longest, decide last."""
        in_symbols = self.in_symbols(claim)
        ranked = sorted(
            ((self.score(claim, q, in_symbols), q) for q in self.candidates(claim)), key=lambda each: -each[0]
        )
        has_operands = claim.worked is not None and claim.result is not None
        best: tuple[float, Quantity | None] = (0.0, None)
        for score, q in ranked:
            if score + MOST_FOR_OPERANDS * has_operands <= best[0]:
                break
            whole = score + (self.of_operands(claim, q) if has_operands else 0.0)
            if whole > best[0]:
                best = whole, q
        return best

    def score(self, claim: Claim, q: Quantity, in_symbols: list[Array]) -> float:
        """How well a claim fits a quantity by its result, its formulas and its name."""
        singles = list(written(claim, q, self.ledger))
        expected = [self.ledger.expected(single) for single, _number in singles]
        if any(map(math.isnan, expected)):
            return 0.0
        fits = [_of_value(number, value) for (_q, number), value in zip(singles, expected, strict=True)]
        score = sum(fits) / len(fits)
        score += self.of_symbols(claim, q, any(_agree(value, expected) for value in in_symbols))
        score += self.of_name(claim, q)
        if singles[0][0] in self.ledger.claimed:
            score -= 1.5
        if q.kind in {"dz/dW", "dz/da", "dC/db"}:
            score -= 0.5  # a copy of another quantity, rarely worth a line
            score -= 1.5 * (claim.worked is not None)  # and nothing to work out
        if q.output is not None:  # a share is rarely worked out by itself, and never under the name of the whole
            score -= 1.0 if claim.subject is None or stem_and_tag(claim.subject)[1] else 4.0
        return score

    def of_symbols(self, claim: Claim, q: Quantity, agrees: bool) -> float:
        """How well the names of a claim's formulas are those of the equation; of whole ones only the value tells."""
        names = {str(part.key) for side in claim.symbolic for part in references(side.expression)}
        meant = {self.meaning[name] for name in names if name in self.meaning}
        if q.is_whole or not meant or not (forms := list(self.ledger.forms(q))):
            return 2.5 * agrees
        best = 0.0
        for form in forms:
            wanted = {replace(part.key, update=None) for part in references(form) if isinstance(part.key, Quantity)}
            best = max(best, len(meant & wanted) / max(len(meant | wanted), len(names)))
        return agrees + 2.0 * best

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
        for depth, form in enumerate(self.ledger.forms(q)):
            wanted = self.ledger.numbers(form)
            if wanted or claim.operands:
                shared = len(wanted & claim.operands)
                best = max(best, MOST_FOR_OPERANDS * shared / len(wanted | claim.operands) - 0.1 * depth)
        return best

    def of_name(self, claim: Claim, q: Quantity) -> float:
        """What the name says for this quantity, and against it."""
        name = claim.subject
        if name is None:
            return 0.5 if q.kind in UPDATED else 0.0
        place = replace(q, update=None)
        if (known := self.meaning.get(name)) is not None:
            if known == place or _updated(known) == place:
                return 3.0
            return -1.0
        if (pair := derivative(name)) is not None:
            return self.of_derivative(pair, place)
        if (old := old_name(name)) is not None and old not in self.meaning and q.kind in UPDATED:
            return 0.6 + of_letter(old, q) + self.of_likeness(name, place)
        if old is not None and old in self.meaning:
            return 3.0 if _updated(self.meaning[old]) == place else -1.0
        return of_letter(name, q) + self.of_likeness(name, place)

    def of_derivative(self, pair: tuple[str, str], q: Quantity) -> float:
        """Whether a quantity is the derivative of the one by the other."""
        found = KINDS[q.kind].derivative
        if found is None:
            return -2.0
        above, below = (self.meaning.get(half) for half in pair)
        score = 0.5
        if above is not None:
            score += 0.5 if above.kind == found[0] else -1.0
        elif is_cost(pair[0]):
            score += 0.5 if found[0] == "C" else -0.5
        if below is None:
            by = replace(q, kind=found[1])
            score += self.of_likeness(pair[1], by) + 0.5 * of_letter(pair[1], by) + of_index(pair[1], by)
        else:
            same = below.kind == found[1] and below.layer == q.layer and below.index == q.index
            score += 2.0 if same and below.sample in (None, q.sample) else -1.5
        return score

    def of_likeness(self, name: str, q: Quantity) -> float:
        """Whether names like this one mean quantities like this one."""
        stem, tag = stem_and_tag(name)
        same_stem = [meant for other, meant in self.meaning.items() if stem_and_tag(other)[0] == stem]
        same_tag = [meant for other, meant in self.meaning.items() if tag and stem_and_tag(other)[1] == tag]
        score = 0.0
        if same_stem:
            sure = 2.5 if len(same_stem) > 1 and len({meant.kind for meant in same_stem}) == 1 else 1.5
            score += sure if any(meant.kind == q.kind for meant in same_stem) else -sure
        alike = [m for m in same_tag if len(m.index) == 1 and m.kind in {"z", "a", "delta", "dC/da"}]
        if alike and len(q.index) == 1:
            score += 1.0 if any((m.layer, m.index) == (q.layer, q.index) for m in alike) else -0.5
        whole = [m for m in same_tag if m.is_whole and m.layer is not None]
        if whole and q.is_whole:
            score += 1.0 if any(m.layer == q.layer for m in whole) else -0.5
        return score

    # --- the names inside its formulas

    def operands(self, claim: Claim, q: Quantity) -> Iterator[tuple[str, Quantity]]:
        """Which quantities the names in a claim's formula mean, as far as their numbers tell."""
        form = self.ledger.formula(q)
        if form is None:
            return
        written = dict(substitutions(claim))
        by_value: dict[float, list[Quantity]] = defaultdict(list)
        for candidate in self.ledger.forms(q):
            for part in parts(candidate):
                if isinstance(part, Reference) and isinstance(part.key, Quantity):
                    meant = replace(part.key, update=None)
                    value = self.ledger.value(part.key)
                    if meant not in by_value[value]:
                        by_value[value].append(meant)
        taken: set[Quantity] = set()
        for name, number in written.items():
            free = [meant for meant in by_value.get(float(number), ()) if meant not in taken]
            if name in self.meaning or not free:
                continue
            best = max(free, key=lambda meant: of_letter(name, meant))
            taken.add(best)
            yield name, best


def written(claim: Claim, q: Quantity, ledger: Ledger) -> Iterator[tuple[Quantity, Decimal]]:
    """Each single number of a claim's result with its quantity."""
    if claim.result is not None:
        yield q, claim.result
    elif claim.results is not None:
        yield from zip(entries(q, ledger.shape(q)), claim.numbers, strict=True)


def has_shape(claim: Claim, shape: tuple[int, ...]) -> bool:
    """Whether a claim's matrix, or its column, has this shape."""
    assert claim.results is not None  # asked of matrices only
    rows, columns = len(claim.results), len(claim.results[0])
    return (rows, columns) == (shape if len(shape) == 2 else (*shape, 1))


def _agree(value: Array, expected: list[float]) -> bool:
    flat = value.ravel()
    return len(flat) == len(expected) and all(
        abs(a - b) <= 0.01 * abs(b) + 1e-12 for a, b in zip(flat, expected, strict=True)
    )


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


def _of_value(written: Decimal, expected: float) -> float:
    """How much a result says: the more figures agree, the more."""
    unit = float(last_place(written))
    off = abs(float(written) - expected) / unit
    nearness = 1.0 if off <= 0.6 else 0.8 if off <= 1.6 else 0.4 if off <= 4 else 0.0
    return nearness * min(figures(written), 6) * 0.6


def _takes_over(claim: Claim) -> bool:
    """Whether a new value goes on under the old name: ``w = w - ...``."""
    names = {str(part.key) for side in claim.symbolic for part in references(side.expression)}
    return claim.subject in names or "←" in claim.chain.relations


def _updated(q: Quantity) -> Quantity | None:
    """The parameter after the update."""
    return replace(q, kind=f"{q.kind}+") if q.kind in {"W", "b"} else None
