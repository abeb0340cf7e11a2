"""Which slips explain a number: those whose rewritten equation gives it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from functools import partial

import numpy as np

from workings.algebra.expression import Expr
from workings.marking.bind import Bound
from workings.marking.binding.ledger import Ledger
from workings.marking.binding.ways import Way
from workings.marking.check import Checker
from workings.marking.checking.comparing import last_place
from workings.marking.slips import SLIPS, Exchange, Rewrite, exchanged
from workings.network.network import Array
from workings.network.quantity import Quantity

UNITS = {"half-up": 0.75, "half-even": 0.75, "truncate": 1.25}
"""By which a result may be off: half a unit, or one that is cut off, and what rounded numbers put in add to it."""


_CARRIED_UNITS = 2.0
"""The same of a bare result where more digits are carried on than are shown."""


def explanations(bound: Bound, q: Quantity, ledger: Ledger, value: float, tolerance: float) -> list[tuple[float, str]]:
    """The slips whose rewritten equation has this value, each with how far-fetched it is.

    A kind of slip that could have led to many numbers explains each of them less.
    """
    operands = bound.claim.operands
    found: list[tuple[float, str]] = []
    for slip in SLIPS.values():
        if slip.rewrites is None:
            continue
        best, n_made = math.inf, 1
        for depth, way in enumerate(bound.ways):
            made = list(all_made(slip.rewrites, ledger, q, way))
            if depth == 0:
                n_made = max(1, sum(len(numbers) for numbers, _rewritten in made))
            for numbers, rewritten in made:
                for at in (np.abs(numbers - value) <= tolerance).nonzero()[0].tolist():
                    misfit = _misfit(operands, rewritten(at), ledger)
                    off = abs(float(numbers[at]) - value) / tolerance
                    best = min(best, 0.15 * depth + 1.5 * misfit + 0.5 * off)
        if best < math.inf:
            found.append((slip.cost + math.log10(n_made) + best, slip.code))
    return found


def all_made(rewrites: Rewrite, ledger: Ledger, q: Quantity, way: Way) -> Iterator[tuple[Array, Callable[[int], Expr]]]:
    """The numbers that a slip makes of an equation, and which rewritten equation has each of them."""
    if isinstance(rewrites, Exchange):
        for key in way.quantities:
            others = [other for other in rewrites.others(ledger, key) if other != key]
            if others:
                yield ledger.numbers_with(way.form, key, others), partial(_exchanged_at, way.form, key, others)
    elif rewritten := list(rewrites(ledger, q, way.form)):
        yield np.array([ledger.worked_out(way.made(each)) for each in rewritten]), rewritten.__getitem__


def _exchanged_at(form: Expr, key: Quantity, others: Sequence[Quantity], at: int) -> Expr:
    return exchanged(form, key, others[at])


def tolerance_of(checker: Checker, bound: Bound, value: float) -> float:
    """How far a rewritten equation may be from a value that it explains."""
    claim = bound.claim
    exact = 1e-9 * max(1.0, abs(value))
    if claim.worked is not None and claim.operands <= bound.own_numbers:
        return exact
    if claim.worked is None:
        units = _CARRIED_UNITS if checker.convention.carried else UNITS[checker.convention.mode]
        return max(exact, units * float(last_place(claim.result or Decimal(1))))
    return max(exact, UNITS[checker.convention.mode] * float(checker.unit(bound)))


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
