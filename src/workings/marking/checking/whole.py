"""A whole vector or matrix against its equation, entry by entry."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np

from workings.marking.bind import Bound
from workings.marking.binding.ledger import Ledger, entries
from workings.marking.check import MOST_CANDIDATES, Checker
from workings.marking.checking.comparing import last_place, rounded, values_of
from workings.marking.checking.explaining import all_made
from workings.marking.findings import Finding
from workings.marking.slips import SLIPS, Rewrite
from workings.network.quantity import Quantity


def whole_against_equation(checker: Checker, bound: Bound, q: Quantity, ledger: Ledger) -> Finding | None:
    """The same of a whole vector or matrix, entry by entry."""
    claim = bound.claim
    singles = list(entries(q, ledger.shape(q)))
    numbers = claim.numbers
    worked = values_of(claim.worked.expression) if claim.worked is not None else None
    if worked is not None and worked.size == len(singles):
        values = [float(value) for value in worked.ravel()]
    else:
        values = [float(number) for number in numbers]
    expected = [ledger.expected(single) for single in singles]
    units = [2.5 * float(last_place(number)) for number in numbers]
    if all(abs(a - b) <= unit for a, b, unit in zip(values, expected, units, strict=True)):
        return None
    codes = _whole_explanations(checker, singles, values, units, ledger)
    if not codes:
        checker.counts["unclear"] += 1
        return None
    checker.counts["wrong"] += 1
    mode = checker.convention.mode
    shown = [rounded(Decimal(repr(value)), number, mode) for value, number in zip(expected, numbers, strict=True)]
    return Finding(
        codes[0], tuple(codes), checker.start(claim), claim.numeric[-1].end, str(replace(q, update=None)),
        _listed(numbers), _listed(shown), confidence=0.9 if codes[0] != "wrong_quantity" else 0.5,
    )  # fmt: skip


def _whole_explanations(
    checker: Checker, singles: list[Quantity], values: list[float], units: list[float], ledger: Ledger
) -> list[str]:
    """The slips that give every entry its value."""
    best: list[tuple[float, str]] = []
    for slip in SLIPS.values():
        if slip.rewrites is not None and all(
            _is_made_by(slip.rewrites, single, value, unit, ledger)
            for single, value, unit in zip(singles, values, units, strict=True)
        ):
            best.append((slip.cost, slip.code))
    codes = [code for _cost, code in sorted(best)][:MOST_CANDIDATES]
    return codes or ["wrong_quantity"] * checker.is_given


def _is_made_by(rewrites: Rewrite, single: Quantity, value: float, unit: float, ledger: Ledger) -> bool:
    """Whether a slip gives an entry its value."""
    return any(
        bool(np.any(np.abs(numbers - value) <= unit / 2))
        for way in ledger.ways(single)
        for numbers, _rewritten in all_made(rewrites, ledger, single, way)
    )


def _listed(numbers: list[Decimal]) -> str:
    return f"[{', '.join(f'{number:f}' for number in numbers)}]"
