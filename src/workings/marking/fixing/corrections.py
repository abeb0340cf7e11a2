"""A document gone through from the front: each wrong number put right, and what follows from it written anew.

Two ledgers are kept, of what was written and of what should have been. An operand that stands for a number which is
now another one is exchanged; the sides after it are predicted again; a step that was wrong itself is reworked.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise, product

from workings.algebra.expression import Expr, Reference, parts
from workings.marking.bind import Bound
from workings.marking.binding.fitting import written
from workings.marking.binding.ledger import GIVEN, UPDATED, Ledger
from workings.marking.checking.comparing import decimals, last_place, literal, numbers_of, rounded, value_of
from workings.marking.findings import Finding
from workings.marking.fixing.predicted import Replacement, predicted, shown
from workings.marking.fixing.retyped import Edit, Typist
from workings.marking.fixing.reworked import Reworker
from workings.marking.mark import Marking
from workings.marking.reading.chains import Side
from workings.marking.reading.claims import TOO_COMMON, Claim, figures
from workings.network.quantity import Quantity

MOST_READINGS = 64
"""Of which numbers the operands of one step may stand for."""


FEWEST_FIGURES = 3
"""Of a number that is recognised outside of any step by its digits alone."""


FEWEST_DECIMALS = 2
"""Of a number that is recognised as a longer one rounded: the 1 of 1 - a is none."""


FIGURES_OF_A_FLOAT = 12
"""Of a number that somebody copied from a machine with all its digits, as which the new one is written too."""


class Unfixable(Exception):
    """A step whose numbers cannot be put right without writing it in another way."""


@dataclass(frozen=True, slots=True)
class Written:
    """A number that was written down, and the one that should have been."""

    quantity: Quantity | None
    old: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class Corrections:
    """What one reading makes of a document.

    Attributes
    ----------
    edits : list of Edit
        In the order of the text.
    stuck : list of Bound
        Claims that should have changed and cannot.
    """

    edits: list[Edit]
    stuck: list[Bound]


def corrections(marking: Marking) -> Corrections:
    """The edits that put right what can be put right in one reading."""
    return _Corrector(marking).run()


class _Corrector:
    def __init__(self, marking: Marking) -> None:
        self.marking = marking
        self.convention = marking.convention
        self.typist = Typist(marking.document)
        self.new = marking.ledger.as_of({}) if marking.ledger is not None else None
        self.seen: list[Written] = []
        self.exchanged: set[tuple[Decimal, Decimal]] = set()
        self.slips = [f for f in marking.findings if f.severity == "slip" and not f.symbolic]

    def run(self) -> Corrections:
        """Go through all claims."""
        found: list[Edit] = []
        stuck: list[Bound] = []
        for bound in self.marking.bound:
            self.keep_untrained(bound)
            try:
                edits, results = self.claim(bound)
            except Unfixable:
                edits, results = [], list(bound.claim.numbers)
                stuck.append(bound)
            found += edits
            self.take_down(bound, results)
        found += self.mentions(min((edit.start for edit in found), default=len(self.marking.document.text)))
        return Corrections(sorted(found, key=lambda edit: edit.start), stuck)

    def mentions(self, first: int) -> Iterator[Edit]:
        """The edits of changed numbers that stand elsewhere, in a table or in words, and can be no others."""
        told: dict[Decimal, set[tuple[bool, Decimal]]] = defaultdict(set)
        for old, new in [*self.exchanged, *((each.old, each.new) for each in self.seen)]:
            told[abs(old)].add(((old < 0) != (new < 0), abs(new)))
        sides = [side for bound in self.marking.bound for side in bound.claim.chain.sides]
        in_chains = {at for side in sides for at in range(side.first, side.last)}
        for at, piece in enumerate(self.marking.document.pieces):
            if piece.token.kind != "number" or piece.token.start < first or at in in_chains:
                continue
            number = self.typist.signed(at)
            if figures(number) < FEWEST_FIGURES or len(told[abs(number)]) != 1:
                continue
            ((turned, new),) = told[abs(number)]
            if (turned, new) != (False, abs(number)):
                yield from self.typist.retype(at, number, -new if (number < 0) != turned else new)

    # --- one claim

    def claim(self, bound: Bound) -> tuple[list[Edit], list[Decimal]]:
        """The edits of a claim, and its numbers after them."""
        claim = bound.claim
        if not claim.numeric:
            return [], []
        slips = self.slips_of(claim)
        before = claim.numeric[0]
        edits = self.step(bound, slips) if claim.worked is before else self.bare(bound, before, slips)
        expression = self.after(before, edits)
        for left, right in pairwise(claim.numeric):
            is_wrong = any((slip.start, slip.end) == (left.start, right.end) for slip in slips)
            if expression == left.expression and not is_wrong:
                expression = right.expression
                continue
            made = self.follow(bound, expression, right)
            edits = edits + made
            expression = self.after(right, made)
        return edits, _literals(expression)

    def slips_of(self, claim: Claim) -> list[Finding]:
        """What was found wrong inside a claim."""
        return [slip for slip in self.slips if claim.start <= slip.start and slip.end <= claim.chain.sides[-1].end]

    def follow(self, bound: Bound, expression: Expr, right: Side) -> list[Edit]:
        """The edits that make a side what the one before it gives, or where that is unknown what its quantity is."""
        replacements = predicted(expression, right.expression, self.convention)
        result = bound.claim.result
        if replacements is None and right is bound.claim.numeric[-1] and result is not None:
            expected = (
                self.new.expected(bound.quantity) if self.new is not None and bound.quantity is not None else math.nan
            )
            if math.isfinite(expected):
                replacements = [Replacement(0, result, shown(Decimal(repr(expected)), result, self.convention))]
        edits = None if replacements is None else self.typist.replaced(right, replacements)
        if edits is None:
            raise Unfixable
        return edits

    def after(self, side: Side, edits: Sequence[Edit]) -> Expr:
        if not edits:
            return side.expression
        found = self.typist.reread(side, edits)
        if found is None:
            raise Unfixable
        return found

    # --- numbers put in

    def step(self, bound: Bound, slips: Iterable[Finding]) -> list[Edit]:
        """The edits of the side in which numbers are put in."""
        before, side = bound.claim.put_in
        edits = self.carried(bound, side)
        is_wrong = any(slip.start == before.start and not self.is_of_link(slip, bound.claim) for slip in slips)
        if not is_wrong or self.new is None or bound.quantity is None:
            return edits
        made = Reworker(self.typist, self.new, self.spelled_so_far(), self.convention.digits).edits(bound, edits)
        if made is None:
            raise Unfixable
        return made

    def is_of_link(self, slip: Finding, claim: Claim) -> bool:
        """Whether a finding is about one side not giving the next one."""
        return any((left.start, right.end) == (slip.start, slip.end) for left, right, _pairs in claim.links)

    def carried(self, bound: Bound, side: Side) -> list[Edit]:
        """The operands exchanged that stand for a number which is now another one."""
        places = self.typist.numbers(side)
        if places is None:
            return []
        numbers = [number.value for number in numbers_of(side.expression)]
        choices = [self.choices(bound, number) for number in numbers]
        if math.prod(map(len, choices)) > MOST_READINGS:
            return []
        readings = [
            [
                Replacement(at, *self.with_sign(places[at], old, new))
                for at, (old, new) in enumerate(chosen)
                if old != new
            ]
            for chosen in product(*choices)
        ]
        made = [(self.typist.replaced(side, reading) or [], reading) for reading in readings]
        edits, reading = min(made, key=lambda each: self.distance(bound, side, each[0]))
        self.exchanged.update((each.old, each.new) for each in reading)
        return edits

    def with_sign(self, at: int, old: Decimal, new: Decimal) -> tuple[Decimal, Decimal]:
        """What stands at a place, and what is to stand there: turned where the number's sign is another one now."""
        own = self.typist.signed(at)
        turned = (old < 0) != (new < 0)
        sign = -1 if (own < 0) != turned else 1
        return own, sign * abs(new)

    def distance(self, bound: Bound, side: Side, edits: list[Edit]) -> float:
        """How far a side is from what its quantity should be."""
        expression = self.after(side, edits)
        value = value_of(expression)
        if value is None or self.new is None or bound.quantity is None or bound.quantity.is_whole:
            return 0.0
        off = abs(float(value) - self.new.expected(bound.quantity))
        return off if math.isfinite(off) else math.inf

    def choices(self, bound: Bound, number: Decimal) -> list[tuple[Decimal, Decimal]]:
        """What a number put in may stand for, as it was and as it is now; itself where that is nothing else."""
        found = list(dict.fromkeys(self.of_equation(bound, number)))
        if found and number in TOO_COMMON:
            found.append((number, number))  # it may be the formula's own
        if not found and number not in TOO_COMMON:
            found = [(each.old, each.new) for each in self.seen if abs(each.old) == number][-1:]
        return found or [(number, number)]

    def of_equation(self, bound: Bound, number: Decimal) -> Iterator[tuple[Decimal, Decimal]]:
        """The numbers of a claim's equation that are written so."""
        if self.new is None:
            return
        old = self.new.as_of(bound.claimed)
        for q in dict.fromkeys(part.key for form in bound.forms for part in parts(form) if isinstance(part, Reference)):
            assert isinstance(q, Quantity)  # forms of equations hold nothing else
            pair = self.old_and_new(q, old, number)
            if pair is not None:
                yield pair

    def old_and_new(self, q: Quantity, old: Ledger, like: Decimal) -> tuple[Decimal, Decimal] | None:
        """A quantity's number as it was written and as it is now, if it is written like this number."""
        assert self.new is not None  # seen to by of_equation
        was, is_now = old.value(q), self.new.value(q)
        if not math.isfinite(was) or not math.isfinite(is_now):
            return None
        was_shown, now_shown = (rounded(Decimal(repr(value)), like, self.convention.mode) for value in (was, is_now))
        is_exact = abs(Decimal(repr(was))) == like
        if abs(was_shown) != like or not (is_exact or decimals(like) >= FEWEST_DECIMALS):
            return None
        if is_exact and figures(like) >= FIGURES_OF_A_FLOAT:
            now_shown = Decimal(repr(is_now))
        return was_shown, self.spelled_so_far().get(q, now_shown) if was != is_now else was_shown

    # --- a bare result

    def bare(self, bound: Bound, side: Side, slips: Iterable[Finding]) -> list[Edit]:
        """The edits of a result without its working."""
        is_wrong = any(slip.start == bound.claim.put_in[0].start for slip in slips)
        old = self.new.as_of(bound.claimed) if self.new is not None else None
        replacements = []
        if bound.quantity is not None and bound.quantity.kind not in GIVEN and self.new is not None and old is not None:
            singles = list(written(bound.claim, bound.quantity, self.new))
            shown_here = _literals(side.expression)
            if len(shown_here) != len(singles):
                return []
            for at, ((q, _result), number) in enumerate(zip(singles, shown_here, strict=True)):
                followed = abs(old.expected(q) - float(number)) <= 1.01 * float(last_place(number))
                expected = self.new.expected(q)
                if math.isfinite(expected) and (is_wrong or (followed and old.expected(q) != expected)):
                    replacements.append(
                        Replacement(at, number, shown(Decimal(repr(expected)), number, self.convention))
                    )
        elif bound.quantity is None and bound.claim.subject is not None:
            for at, number in enumerate(_literals(side.expression)):
                known = [each for each in self.seen if each.old == number and abs(number) not in TOO_COMMON]
                replacements += [Replacement(at, number, each.new) for each in known[-1:]]
        edits = self.typist.replaced(side, [each for each in replacements if each.old != each.new])
        if edits is None:
            raise Unfixable
        return edits

    # --- what is known so far

    def spelled_so_far(self) -> dict[Quantity, Decimal]:
        """The corrected numbers as they are written."""
        return {each.quantity: each.new for each in self.seen if each.quantity is not None}

    def take_down(self, bound: Bound, results: list[Decimal]) -> None:
        """Remember a claim's numbers, as they were and as they are now."""
        claim, q = bound.claim, bound.quantity
        if len(results) != len(claim.numbers):
            return
        if q is None or self.new is None:
            self.seen += [Written(None, old, new) for old, new in zip(claim.numbers, results, strict=True)]
            return
        for (single, old), new in zip(written(claim, q, self.new), results, strict=True):
            self.seen.append(Written(single, old, new))
            if single.kind not in GIVEN:
                self.new.claim(single, float(new))

    def keep_untrained(self, bound: Bound) -> None:
        """What the binder took for unchanged by an update is so here too."""
        if self.new is None:
            return
        for q in bound.claimed:
            if q not in self.new.claimed and q.kind in UPDATED:
                self.new.claim(q, self.new.value(replace(q, kind=q.kind[0])))


def _literals(expression: Expr) -> list[Decimal]:
    """The number that an expression is, or those of a matrix of numbers row by row; none of any other."""
    entries = [entry for row in getattr(expression, "rows", [[expression]]) for entry in row]
    found = [literal(entry) for entry in entries]
    return [] if None in found else [number for number in found if number is not None]
