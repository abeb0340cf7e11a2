"""Which slips explain a number: those whose rewritten equation gives it."""

from __future__ import annotations

import math
from decimal import Decimal

from workings.algebra.expression import Expr
from workings.marking.bind import Bound
from workings.marking.binding.ledger import Ledger
from workings.marking.check import Checker
from workings.marking.checking.comparing import last_place
from workings.marking.slips import SLIPS
from workings.network.quantity import Quantity


def explanations(bound: Bound, q: Quantity, ledger: Ledger, value: float, tolerance: float) -> list[tuple[float, str]]:
    """The slips whose rewritten equation has this value, each with how far-fetched it is.

    A kind of slip that could have led to many numbers explains each of them less.
    """
    operands = bound.claim.operands
    found: list[tuple[float, str]] = []
    for slip in SLIPS.values():
        if slip.rewrites is None:
            continue
        best, made = math.inf, 0
        for depth, form in enumerate(bound.forms):
            for rewritten in slip.rewrites(ledger, q, form):
                number = ledger.number(rewritten)
                made += depth == 0
                if abs(number - value) <= tolerance:
                    misfit = _misfit(operands, rewritten, ledger)
                    best = min(best, 0.15 * depth + 1.5 * misfit + 0.5 * abs(number - value) / tolerance)
        if best < math.inf:
            found.append((slip.cost + math.log10(max(made, 1)) + best, slip.code))
    return found


def tolerance_of(checker: Checker, bound: Bound, value: float) -> float:
    """How far a rewritten equation may be from a value that it explains."""
    claim = bound.claim
    exact = 1e-9 * max(1.0, abs(value))
    if claim.worked is not None and claim.operands <= bound.own_numbers:
        return exact
    return max(exact, 0.75 * float(checker.unit(bound) if claim.worked else last_place(claim.result or Decimal(1))))


def cost_of_digits(code: str, number: Decimal) -> float:
    """How far-fetched it is that something happened to the digits of a number: as many numbers as it could make."""
    figures = len(number.as_tuple().digits)
    made = {"digit": 12 * figures, "arithmetic": 10**figures}.get(code, 2)
    return SLIPS[code].cost + math.log10(made)


def _misfit(operands: frozenset[Decimal], form: Expr, ledger: Ledger) -> float:
    """Which share of the numbers put in is not that of a rewritten equation."""
    if not operands:
        return 0.0
    numbers = ledger.numbers(form)
    return 1 - len(operands & numbers) / max(len(operands | numbers), 1)
