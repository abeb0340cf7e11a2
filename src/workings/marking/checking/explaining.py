"""Which slips explain a number: those whose rewritten equation gives it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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

EXACT = 1e-9
"""The share by which a value may be off that is met exactly: floats may be summed in another order."""

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
        best, n_made, n_near = math.inf, 1, 1
        for depth, way in enumerate(bound.ways):
            made = list(all_made(slip.rewrites, ledger, q, way))
            if depth == 0:
                n_made = max(1, sum(len(each.numbers) for each in made))
                n_near = max(1, sum(int(each.is_near.sum()) for each in made))
            for each in made:
                for at in (np.abs(each.numbers - value) <= tolerance).nonzero()[0].tolist():
                    misfit = _misfit(operands, each.rewritten(at), ledger)
                    off = abs(float(each.numbers[at]) - value) / tolerance
                    chance = math.log10(n_near if each.is_near[at] else n_made)
                    best = min(best, 0.15 * depth + 1.5 * misfit + 0.5 * off + chance)
        if best < math.inf:
            found.append((slip.cost + best, slip.code))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """What a slip makes of an equation.

    Attributes
    ----------
    numbers : array
    rewritten : callable
        Which rewritten equation has each of them.
    is_near : array of bool
        Whether each comes of what is likelier than the others: the neighbour of what belongs there.
    """

    numbers: Array
    rewritten: Callable[[int], Expr]
    is_near: Array


def all_made(rewrites: Rewrite, ledger: Ledger, q: Quantity, way: Way) -> Iterator[Made]:
    """The numbers that a slip makes of an equation."""
    if isinstance(rewrites, Exchange):
        for key in way.quantities:
            others = [other for other in rewrites.others(ledger, key) if other != key]
            if others:
                is_near = np.array([(other.kind, other.layer) == (key.kind, key.layer) for other in others])
                numbers = ledger.numbers_with(way.form, key, others)
                yield Made(numbers, partial(_exchanged_at, way.form, key, others), is_near)
    elif rewritten := list(rewrites(ledger, q, way.form)):
        numbers = np.array([ledger.worked_out(way.made(each)) for each in rewritten])
        yield Made(numbers, rewritten.__getitem__, np.ones(len(numbers), dtype=bool))


def _exchanged_at(form: Expr, key: Quantity, others: Sequence[Quantity], at: int) -> Expr:
    return exchanged(form, key, others[at])


def tolerance_of(checker: Checker, bound: Bound, value: float) -> float:
    """How far a rewritten equation may be from a value that it explains."""
    claim = bound.claim
    exact = EXACT * max(1.0, abs(value))
    if claim.worked is not None and claim.operands <= bound.own_numbers:
        return exact
    if claim.worked is None:
        return max(exact, tolerance_of_result(checker, claim.result or Decimal(1)))
    return max(exact, UNITS[checker.convention.mode] * float(checker.unit(bound)))


def tolerance_of_result(checker: Checker, result: Decimal) -> float:
    """How far a rewritten equation may be from a result that was rounded."""
    units = _CARRIED_UNITS if checker.convention.carried else UNITS[checker.convention.mode]
    return units * float(last_place(result))


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
