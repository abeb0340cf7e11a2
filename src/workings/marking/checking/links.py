"""Whether each side of a claim gives the next one: numbers only, whatever they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from workings.algebra.expression import Number, parts
from workings.marking.bind import Binder, Bound
from workings.marking.check import MOST_CANDIDATES, Checker
from workings.marking.checking.comparing import Pair, last_place, literal, rounded, spread, value_of
from workings.marking.checking.digits import digit_slips
from workings.marking.checking.explaining import cost_of_digits, explanations, tolerance_of_result
from workings.marking.findings import Finding
from workings.marking.reading.chains import Side


def links(checker: Checker, bound: Bound, binder: Binder | None) -> Iterator[Finding]:
    """The links between sides of numbers."""
    for left, right, pairs in bound.claim.links:
        found = None
        for pair in pairs:
            found = found or _link(checker, bound, left, right, pair)
            if found is not None and binder is not None:
                found = _explained(checker, bound, binder, found)
        if found is not None:
            yield found


def _link(checker: Checker, bound: Bound, left: Side, right: Side, pair: Pair | None) -> Finding | None:
    """One number, predicted."""
    if pair is None:
        return _whole(checker, bound, left, right)
    value = pair.value
    if value is None:
        checker.counts["unclear"] += 1
        return None
    if _is_right(checker, pair, value):
        checker.counts["right" if value == pair.written else "rounded"] += 1
        return None
    checker.counts["wrong"] += 1
    exact = checker.exact(pair)
    if exact is not None:
        value = min(exact.values, key=lambda each: abs(each - pair.written))
    slips = digit_slips(value, pair.written, checker.convention.mode)
    if literal(pair.worked) is not None and len(slips) > 1:
        slips = [code for code in slips if code != "rounding"]  # a copy has nothing to round
    is_result = pair.written == bound.claim.result
    expected = rounded(value, pair.written, checker.convention.mode)
    if bound.quantity is not None and is_result:
        checker.corrected[bound.quantity] = float(expected)
    return Finding(
        slips[0], tuple(slips[:MOST_CANDIDATES]), left.start, right.end, checker.name(bound),
        f"{pair.written:f}", f"{expected:f}",
        severity="remark" if slips[0] == "truncation" else "slip",
        detail=f"{checker.quoted(left)} is {expected:f}, not {pair.written:f}.",
    )  # fmt: skip


def _is_right(checker: Checker, pair: Pair, value: Decimal) -> bool:
    """Whether a number is what follows from the side before it, as this writer works."""
    mode = checker.convention.mode
    exact = checker.exact(pair)
    if exact is not None and exact.gives(pair.written, mode):
        return True
    if exact is not None and exact.is_certain:
        return False
    slack = (
        spread(pair.worked, checker.convention.digits) + 2 * last_place(pair.written)
        if checker.convention.carried
        else 0
    )
    return rounded(value, pair.written, mode) == pair.written or abs(value - pair.written) <= slack


def _explained(checker: Checker, bound: Bound, binder: Binder, found: Finding) -> Finding:
    """With the slips first that would give this result: who puts in the right numbers may calculate with others."""
    result, q = bound.claim.result, bound.quantity
    if result is None or q is None or q.is_whole or found.kind in {"rounding", "truncation", "sign"}:
        return found
    ledger = binder.ledger.as_of(bound.claimed)
    slips = explanations(bound, q, ledger, float(result), tolerance_of_result(checker, result))
    slips += [(cost_of_digits(code, result), code) for code in found.candidates]
    codes = tuple(dict.fromkeys(code for _cost, code in sorted(slips)))[:MOST_CANDIDATES]
    return replace(found, kind=codes[0], candidates=codes)


def _whole(checker: Checker, bound: Bound, left: Side, right: Side) -> Finding | None:
    """Two sides that cannot be taken apart: only their values are compared, as far as the digits shown allow."""
    a, b = value_of(left.expression), value_of(right.expression)
    if a is None or b is None:
        checker.counts["unclear"] += 1
        return None
    slack = sum(
        (last_place(part.value) for part in parts(right.expression) if isinstance(part, Number) and "." in part.text),
        Decimal("1e-12"),
    )
    if abs(a - b) <= 2 * slack * max(Decimal(1), abs(a)):
        checker.counts["rounded"] += 1
        return None
    checker.counts["wrong"] += 1
    return Finding(
        "arithmetic", ("arithmetic",), left.start, right.end, checker.name(bound), checker.quoted(right), f"{a:.9g}",
        detail=f"The left side is {a:.9g}, the right one {b:.9g}.", confidence=0.7,
    )  # fmt: skip
