"""Which slips explain a number: those whose rewritten equation gives it."""

from __future__ import annotations

import math
from decimal import Decimal

from workings.algebra.expression import Expr
from workings.marking.bind import Bound
from workings.marking.check import Checker
from workings.marking.comparing import last_place
from workings.marking.ledger import Ledger
from workings.marking.slips import SLIPS
from workings.network.quantity import Quantity


def explanations(checker: Checker, bound: Bound, q: Quantity, ledger: Ledger, value: float) -> list[tuple[float, str]]:
    """The slips whose rewritten equation has this value, each with how far-fetched it is."""
    claim = bound.claim
    tolerance = 1e-9 * max(1.0, abs(value))
    if claim.worked is None or not claim.operands <= bound.own_numbers:
        tolerance = max(
            tolerance,
            0.75 * float(checker.unit(bound) if claim.worked is not None else last_place(claim.result or Decimal(1))),
        )
    best: dict[str, float] = {}
    for depth, form in enumerate(bound.forms):
        for slip in SLIPS.values():
            if slip.rewrites is None:
                continue
            for rewritten in slip.rewrites(ledger, q, form):
                number = ledger.number(rewritten)
                if not abs(number - value) <= tolerance:
                    continue
                cost = (
                    slip.cost
                    + 0.15 * depth
                    + 1.5 * _misfit(claim.operands, rewritten, ledger)
                    + 0.5 * abs(number - value) / tolerance
                )
                best[slip.code] = min(cost, best.get(slip.code, math.inf))
    return [(cost, code) for code, cost in best.items()]


def _misfit(operands: frozenset[Decimal], form: Expr, ledger: Ledger) -> float:
    """Which share of the numbers put in is not that of a rewritten equation."""
    if not operands:
        return 0.0
    numbers = ledger.numbers(form)
    return 1 - len(operands & numbers) / max(len(operands | numbers), 1)
