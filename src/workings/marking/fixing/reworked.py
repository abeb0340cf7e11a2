"""A step that was wrong itself, put right with as few changes as will do.

A number exchanged for one of the equation's, a sign turned, two numbers swapped, a matrix turned over; where none of
these gives what belongs there, the equation is written out with the numbers put in.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, permutations

import numpy as np

from workings.algebra.expression import (
    Expr,
    Matrix,
    Multiply,
    Number,
    Reference,
    contains,
    multiply,
    number_of,
    parts,
    rebuild,
    substitute,
)
from workings.algebra.write.latex import write_latex
from workings.algebra.write.text import write_text
from workings.derivation.matrices import whole_equation
from workings.derivation.trace import dated
from workings.marking.bind import Bound
from workings.marking.binding.ledger import GIVEN, Ledger, entries
from workings.marking.checking.comparing import last_place, literal, numbers_of, rounded, value_of, values_of
from workings.marking.fixing.predicted import Replacement
from workings.marking.fixing.retyped import Edit, Typist
from workings.marking.reading.chains import Side
from workings.marking.reading.claims import TOO_COMMON
from workings.network.quantity import Quantity

TRIVIAL = frozenset({Decimal(0), Decimal(1)})
"""Numbers that are never typed into a step: an equation has a reason not to show them."""

MOST_TRIED = 2_000
"""Edits of one step; what takes more is written out."""


@dataclass(frozen=True, eq=False)
class Reworker:
    """Puts a step right.

    Attributes
    ----------
    typist : Typist
    ledger : Ledger
        What should have been written so far.
    spelled : mapping
        The same with the decimals it was written with.
    digits : int, optional
        The decimals of most results.
    """

    typist: Typist
    ledger: Ledger
    spelled: Mapping[Quantity, Decimal]
    digits: int | None

    def edits(self, bound: Bound, carried: list[Edit]) -> list[Edit] | None:
        """The edits that give a step the value it should have; None where there are none.

        Parameters
        ----------
        bound : Bound
            With a quantity, and numbers put in.
        carried : list of Edit
            The operands that were exchanged already.
        """
        assert bound.quantity is not None  # asked of nothing else
        side = bound.claim.put_in[1]
        wanted = self.wanted(bound.quantity)
        if not np.all(np.isfinite(wanted)):
            return None
        tolerance = self.tolerance(bound)
        forms = self.forms(bound)
        for tier in self.tiers(side, forms, carried):
            best = self.nearest(side, tier, wanted, forms)
            if best is not None and best[0] <= tolerance:
                return best[1]
        return self.written_out(side, forms, wanted, tolerance)

    def wanted(self, q: Quantity) -> np.ndarray:
        """The value or the values that belong there."""
        singles = list(entries(q, self.ledger.shape(q))) if q.is_whole else [q]
        return np.array([self.ledger.expected(single) for single in singles])

    def tolerance(self, bound: Bound) -> float:
        """How far from it the numbers put in may come: they are rounded themselves."""
        units = [float(last_place(number)) for number in bound.claim.numbers]
        units += [10.0**-self.digits] if self.digits is not None else []
        return 1.01 * min(units, default=1e-6)

    def forms(self, bound: Bound) -> list[Expr]:
        """The ways to write the equation, with the numbers put in."""
        q = bound.quantity
        assert q is not None  # asked of nothing else
        forms: Sequence[Expr] = tuple(self.ledger.forms(q)) if not q.is_whole else tuple(self.whole_forms(q))
        return [without_ones(substitute(form, self.number)) for form in forms]

    def whole_forms(self, q: Quantity) -> Iterator[Expr]:
        """The equation of a whole vector or matrix, about numbers of its update."""
        formula = whole_equation(self.ledger.network, replace(q, update=None)).formula
        if formula is not None:
            yield dated(formula, q.update or 1)

    def number(self, part: Reference) -> Expr:
        """A number, or a matrix of them, in the place of a quantity."""
        q = part.key
        assert isinstance(q, Quantity)  # forms of equations hold nothing else
        if not q.is_whole or not (shape := self.ledger.shape(q)):
            return number_of(f"{self.decimal(q):f}")
        rows = np.array([number_of(f"{self.decimal(single):f}") for single in entries(q, shape)], dtype=object)
        return Matrix(tuple(map(tuple, rows.reshape(shape[0], -1))))

    def decimal(self, q: Quantity) -> Decimal:
        """A quantity's number as it is written, or worked out."""
        value = self.ledger.value(q)
        spelled = self.spelled.get(q)
        if spelled is not None and float(spelled) == value:
            return spelled
        exact = Decimal(repr(value))
        if q.kind in GIVEN or self.digits is None:
            return exact
        return rounded(exact, Decimal(1).scaleb(-self.digits), "half-up")

    # --- few changes

    def nearest(
        self, side: Side, tier: Iterator[list[Edit] | None], wanted: np.ndarray, forms: Sequence[Expr]
    ) -> tuple[float, list[Edit]] | None:
        """The edits of a tier after which a side comes nearest to what is wanted, without numbers from elsewhere."""
        best: tuple[float, list[Edit]] | None = None
        before = foreign(side.expression, forms)
        for _tried, edits in zip(range(MOST_TRIED), tier, strict=False):
            expression = self.typist.reread(side, edits) if edits is not None else None
            off = distance(expression, wanted) if expression is not None else math.inf
            is_nearer = math.isfinite(off) and (best is None or off < best[0])
            if edits is not None and expression is not None and is_nearer and foreign(expression, forms) <= before:
                best = off, edits
        return best

    def tiers(self, side: Side, forms: list[Expr], carried: list[Edit]) -> Iterator[Iterator[list[Edit] | None]]:
        """Edits to try, the smaller ones first."""
        places = self.typist.numbers(side)
        if places is None:
            return
        kept = {edit.start: edit for edit in carried}
        now = self.typist.reread(side, carried) or side.expression
        numbers = [number.value for number in numbers_of(now)]
        known = {number.value for form in forms for number in numbers_of(form)} - TRIVIAL
        strange = [at for at, number in enumerate(numbers) if number not in known | TRIVIAL]
        missing = sorted(known - set(numbers)) or sorted(known)

        def exchanged(chosen: Mapping[int, Decimal], turned: bool = False) -> list[Edit] | None:
            replacements = []
            for at, number in chosen.items():
                own = self.typist.signed(places[at])
                replacements.append(Replacement(at, own, number if (own < 0) == turned else -number))
            found = self.typist.replaced(side, replacements)
            return None if found is None else list((kept | {edit.start: edit for edit in found}).values())

        for n in range(1, min(len(strange), 3) + 1):
            tried = permutations(missing, n)
            places_of = list(combinations(strange, n))
            yield (
                exchanged(dict(zip(chosen, values, strict=True)), turned)
                for values in tried
                for chosen in places_of
                for turned in (False, True)
            )
        yield (self.with_sign_turned(at, kept) for at in range(side.first, side.last))
        if contains(now, Matrix):
            yield (exchanged(turned) for turned in turned_over(now, numbers))
        else:
            absent = sorted(known - set(numbers))
            yield (self.appended(side, sign, number, kept) for number in absent for sign in "+-")
        yield (exchanged({at: numbers[at]}, turned=True) for at in range(len(numbers)))
        yield (
            exchanged({at: value}, turned)
            for at in range(len(numbers))
            for value in sorted(known)
            for turned in (False, True)
        )
        yield (exchanged({a: numbers[b], b: numbers[a]}) for a, b in combinations(range(len(numbers)), 2))

    def with_sign_turned(self, at: int, kept: Mapping[int, Edit]) -> list[Edit] | None:
        """The edits that turn the sign at a place; None where there is none."""
        token = self.typist.document.pieces[at].token
        if token.kind != "symbol" or token.text not in {"+", "-"} or token.start in kept:
            return None
        return [*kept.values(), *self.typist.turned(at)]

    def appended(self, side: Side, sign: str, number: Decimal, kept: Mapping[int, Edit]) -> list[Edit]:
        """The edits that add one term more at the end."""
        last = self.typist.document.pieces[side.last - 1].token
        typed = kept[last.start].text if last.start in kept else self.typist.written(last)
        text = f"{typed} {'+' if sign == '+' else self.typist.minus} {self.typist.spelled(number, '0')}"
        return list((dict(kept) | {last.start: Edit(last.start, last.end, text)}).values())

    # --- written out

    def written_out(self, side: Side, forms: list[Expr], wanted: np.ndarray, tolerance: float) -> list[Edit] | None:
        """The equation in the place of the whole side: the form that has most numbers in common with it."""
        own = {number.value for number in numbers_of(side.expression)}

        def shared(form: Expr) -> float:
            numbers = {number.value for number in numbers_of(form)}
            return len(own & numbers) / max(len(own | numbers), 1)

        fitting = [form for form in forms if distance(form, wanted) <= tolerance and not contains(form, Reference)]
        for form in sorted(fitting, key=shared, reverse=True):
            return [Edit(side.start, side.end, self.typed(side, form))]
        return None

    def typed(self, side: Side, form: Expr) -> str:
        """A form in the signs that this writer uses."""
        pieces, times = self.typist.document.pieces[side.first : side.last], self.typist.times(side)
        if all(piece.latex for piece in pieces):
            environment = next((piece.token.text for piece in pieces if piece.token.kind == "begin"), "pmatrix")
            written = write_latex(form).replace("{pmatrix}", f"{{{environment}}}")
            return written.replace(r" \cdot ", times).replace(" {} ", " ")
        written = write_text(form, times=times)
        if any(self.typist.written(piece.token) == "**" for piece in pieces):
            written = written.replace("^", "**")
        written = written.replace("-", self.typist.minus)
        return written.replace(".", ",") if self.typist.document.decimal_comma else written


def without_ones(form: Expr) -> Expr:
    """The form without factors of one: slopes that nobody writes down."""
    form = rebuild(form, without_ones)
    if not isinstance(form, Multiply):
        return form
    kept = tuple(factor for factor in form.factors if literal(factor) != 1)
    return multiply(kept or form.factors[:1])


def turned_over(expression: Expr, numbers: Sequence[Decimal]) -> Iterator[dict[int, Decimal]]:
    """The numbers of each square matrix of an expression in the places they have in its transpose."""
    first = 0
    for part in parts(expression):
        if isinstance(part, Number):
            first += 1
        if isinstance(part, Matrix) and len(part.rows) == len(part.rows[0]) > 1:
            n = len(part.rows)
            places = np.arange(first, first + n * n).reshape(n, n)
            if all(literal(entry) is not None for row in part.rows for entry in row):
                yield {a: numbers[b] for a, b in zip(places.ravel().tolist(), places.T.ravel().tolist(), strict=True)}


def foreign(expression: Expr, forms: Sequence[Expr]) -> int:
    """How many numbers of an expression the nearest form of an equation does not have, or not so often."""
    own = _numbers(expression)
    return min(((own - _numbers(form)).total() for form in forms), default=0)


def _numbers(expression: Expr) -> Counter[Decimal]:
    return Counter(
        part.value for part in parts(expression) if isinstance(part, Number) and part.value not in TOO_COMMON
    )


def distance(expression: Expr, wanted: np.ndarray) -> float:
    """How far the value of an expression is from what is wanted; infinite where it is of another shape."""
    if wanted.size == 1 and (value := value_of(expression)) is not None:
        return abs(float(value) - float(wanted[0]))
    values = values_of(expression)
    if values is None or values.size != wanted.size:
        return math.inf
    return float(np.max(np.abs(values.ravel().astype(float) - wanted)))
