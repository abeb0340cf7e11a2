"""Whether a formula in symbols says the same as its numbers, which are right."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from workings.algebra.assemble import bare
from workings.algebra.expression import Add, Expr, Multiply, Reference, references
from workings.marking.bind import Binder, Bound
from workings.marking.binding.custom import derivative, is_cost, old_name
from workings.marking.binding.ledger import GIVEN, UPDATED, Ledger
from workings.marking.binding.operands import substitutions
from workings.marking.check import Checker
from workings.marking.checking.comparing import last_place
from workings.marking.checking.numbering import Numbering, sort_of
from workings.marking.findings import Finding
from workings.marking.reading.chains import Side
from workings.network.quantity import OF_A_PARAMETER, Quantity


def formulas(
    checker: Checker, bound: Bound, q: Quantity, binder: Binder, *, ledger: Ledger, numbering: Numbering
) -> Iterator[Finding]:
    """Formulas in symbols that are other ones than those of the numbers, which are right.

    Parameters
    ----------
    checker : Checker
    bound : Bound
        The claim.
    q : Quantity
        What it is about.
    binder : Binder
        Knows the names.
    ledger : Ledger
        What was written before the claim.
    numbering : Numbering
        How the names are numbered.
    """
    claim = bound.claim
    if claim.subject is None:
        return  # a formula with which a chain begins is what the numbers are said to be, not how they are got
    if (finding := _update_by_another(checker, bound, q)) is not None:
        yield finding
        return
    meant = binder.meaning.get(claim.subject)
    if meant is not None and (meant.layer, meant.index) != (q.layer, q.index):
        return  # what the names of the formula mean is as doubtful
    # after a slip the ways to write an equation need not give the same number
    rights = [bound.expected, *(ledger.worked_out(way.function) for way in bound.ways)] if claim.symbolic else []
    for side in claim.symbolic:
        value = _number(binder, side.expression, q)
        unit = float(last_place(claim.result)) if claim.result is not None else 1e-6
        if not math.isnan(value) and all(_is_off(value, right, unit) for right in rights):
            detail = f"In symbols this is {value:.6g}, in numbers {bound.expected:.6g}."
            yield _typo(checker, bound, q, side, detail)
            return
    for name, number in substitutions(claim):
        value, unit = _number(binder, Reference(name), q), float(last_place(number))
        if (
            not math.isnan(value)
            and _is_off(value, float(number), unit)
            and any(abs(ledger.value(key) - float(number)) <= unit for way in bound.ways for key in way.quantities)
        ):
            yield _typo(checker, bound, q, claim.symbolic[0], f"{number:f} is put in, but {name} is {value:.6g}.")
            return
    if (finding := _name_of_neighbour(checker, bound, q, binder, numbering)) is not None:
        yield finding


def _update_by_another(checker: Checker, bound: Bound, q: Quantity) -> Finding | None:
    """An update of one parameter along the slope by another: names tell it, even where all slopes are the same."""
    claim = bound.claim
    if q.kind not in UPDATED or claim.subject is None:
        return None
    subject = old_name(claim.subject) or claim.subject
    for side in claim.symbolic:
        names = {str(part.key) for part in references(side.expression)}
        slopes = {pair[1] for pair in map(derivative, names) if pair is not None and is_cost(pair[0])}
        before = {name for name in names if sort_of(name) == sort_of(subject)}
        if len(before) != 1 or len(slopes) != 1:
            continue
        (name,), (slope,) = before, slopes
        if sort_of(slope) == sort_of(name) and not name == slope == subject:
            return _typo(checker, bound, q, side, f"The slope by {slope} belongs to {slope}, not to {subject}.")
        if name == slope == subject and _adds_slope(side.expression):
            return _typo(checker, bound, q, side, "The gradient is subtracted: the cost is to fall.")
    return None


def _adds_slope(formula: Expr) -> bool:
    """Whether a formula adds a product of names with a slope among them."""
    match bare(formula):
        case Add((Reference(), Multiply(factors))):
            names = [str(factor.key) for factor in factors if isinstance(factor, Reference)]
            return len(names) == len(factors) and any(derivative(name) is not None for name in names)
    return False


def _name_of_neighbour(
    checker: Checker, bound: Bound, q: Quantity, binder: Binder, numbering: Numbering
) -> Finding | None:
    """A name where that of a neighbour belongs, which shows in no number where both are the same."""
    subject = str(bound.claim.subject)
    place = _named(subject, binder) or q
    if place.is_whole or numbering.belongs(subject, place) is False:
        return None
    ways = [{key.dated(None) for key in way.quantities} for way in binder.ledger.ways(replace(place, update=q.update))]
    for side in bound.claim.symbolic:
        names = {str(part.key) for part in references(side.expression)}
        if not names <= binder.meaning.keys():
            continue
        meant = {binder.meaning[name].dated(None): name for name in names}
        if meant.keys() in ways:
            return None
        for way in ways:
            match [*(meant.keys() - way), *(way - meant.keys())]:
                case [other, right] if other in meant and (other.kind, other.layer) == (right.kind, right.layer):
                    proper = _proper(meant[other], other, right, binder, numbering)
                    if proper is not None:
                        return _typo(checker, bound, q, side, f"What belongs here is {proper}, not {meant[other]}.")
    return None


def _named(subject: str, binder: Binder) -> Quantity | None:
    """The gradient that a name is by the parameter in it."""
    pair = derivative(subject)
    below = binder.meaning.get(pair[1]) if pair is not None and is_cost(pair[0]) else None
    return None if below is None or below.kind not in {"W", "b"} else replace(below, kind=f"dC/d{below.kind}")


def _proper(name: str, meant: Quantity, right: Quantity, binder: Binder, numbering: Numbering) -> str | None:
    """The name of the right quantity, if this one and the name leave no doubt what they mean."""

    def is_sure(name: str, q: Quantity) -> bool:
        belongs = numbering.belongs(name, q)
        return belongs is True or (q.kind in GIVEN and belongs is None)

    alike = (other for other, q in binder.meaning.items() if q == right and sort_of(other) == sort_of(name))
    return next((other for other in alike if is_sure(other, right)), None) if is_sure(name, meant) else None


def _number(binder: Binder, expression: Expr, q: Quantity) -> float:
    """The value of a formula of names at the update of a quantity; nan where it is not known, or no single number.

    What an optimizer works out has one name for many parameters, one after the other.
    """
    meant = (binder.meaning.get(str(part.key)) for part in references(expression))
    if any(each is not None and each.kind in OF_A_PARAMETER for each in meant):
        return math.nan
    found = binder.value(expression, q.update)
    return math.nan if found is None or found.size != 1 else float(found.item())


def _is_off(value: float, right: float, unit: float) -> bool:
    """Whether a value is another than the right one, and not only rounded on the way."""
    return abs(value - right) > max(2.5 * unit, 0.02 * abs(right))


def _typo(checker: Checker, bound: Bound, q: Quantity, side: Side, detail: str) -> Finding:
    claim = bound.claim
    at = claim.chain.sides.index(side)
    after = claim.chain.sides[at + 1] if at + 1 < len(claim.chain.sides) else side
    return Finding(
        "formula_typo", ("formula_typo", "sign"), claim.start, after.end, str(replace(q, update=None)),
        checker.quoted(side), "", symbolic=True, confidence=0.7, detail=detail,
    )  # fmt: skip
