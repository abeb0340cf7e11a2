"""Whether a formula in symbols says the same as its numbers, which are right."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from workings.algebra.expression import Expr, Reference
from workings.marking.bind import Binder, Bound
from workings.marking.binding.ledger import Ledger
from workings.marking.binding.operands import substitutions
from workings.marking.check import Checker
from workings.marking.checking.comparing import last_place
from workings.marking.findings import Finding
from workings.marking.reading.chains import Side
from workings.network.quantity import Quantity


def formulas(checker: Checker, bound: Bound, q: Quantity, binder: Binder, ledger: Ledger) -> Iterator[Finding]:
    """Formulas in symbols whose value is another than that of the numbers, which are right.

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
    """
    claim = bound.claim
    if claim.subject is None:
        return  # a formula with which a chain begins is what the numbers are said to be, not how they are got
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


def _number(binder: Binder, expression: Expr, q: Quantity) -> float:
    """The value of a formula of names at the update of a quantity; nan where it is not known, or no single number."""
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
