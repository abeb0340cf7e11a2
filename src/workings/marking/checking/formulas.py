"""Whether a formula in symbols says the same as its numbers, which are right."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from workings.marking.bind import Binder, Bound
from workings.marking.binding.ledger import Ledger
from workings.marking.check import Checker
from workings.marking.checking.comparing import last_place
from workings.marking.findings import Finding
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
    # after a slip the ways to write an equation need not give the same number
    rights = [bound.expected, *(ledger.number(form) for form in bound.forms)] if claim.symbolic else []
    for side in claim.symbolic:
        found = binder.value(side.expression, q.update)
        if found is None or found.size != 1 or math.isnan(value := float(found.item())):
            continue
        unit = float(last_place(claim.result)) if claim.result is not None else 1e-6
        if any(abs(value - right) <= max(2.5 * unit, 0.02 * abs(right)) for right in rights):
            continue
        at = claim.chain.sides.index(side)
        after = claim.chain.sides[at + 1] if at + 1 < len(claim.chain.sides) else side
        yield Finding(
            "formula_typo", ("formula_typo", "sign"), claim.start, after.end, str(replace(q, update=None)),
            checker.quoted(side), "", symbolic=True, confidence=0.7,
            detail=f"In symbols this is {value:.6g}, in numbers {bound.expected:.6g}.",
        )  # fmt: skip
