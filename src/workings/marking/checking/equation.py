"""Whether the numbers put in, and the result, are those of the quantity's equation."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

from workings.algebra.expression import Expr, Reference, number_of, substitute
from workings.marking.bind import Bound
from workings.marking.binding.ledger import FORWARD, Ledger
from workings.marking.check import MOST_CANDIDATES, Checker, address
from workings.marking.checking.comparing import decimals, last_place, numbers_of, rounded, spread
from workings.marking.checking.digits import digit_slips, is_edited, is_shifted
from workings.marking.checking.explaining import EXACT, cost_of_digits, explanations, tolerance_of
from workings.marking.checking.whole import whole_against_equation
from workings.marking.findings import Finding
from workings.marking.reading.claims import figures
from workings.network.quantity import Quantity

_SAYS_LITTLE = frozenset({"arithmetic", "wrong_quantity"})
"""What any number may be explained by."""

_SAYS_LITTLE_OF_A_GUESS = _SAYS_LITTLE | {"digit", "decimal_shift"}
"""The same where it was only guessed what a name means."""

_BY_CHANCE, _SURE_FIGURES = frozenset({"transposed_weights", "factor"}), 4
"""What explains a guess with fewer figures by chance."""


def against_equation(checker: Checker, bound: Bound, q: Quantity, ledger: Ledger) -> Finding | None:
    """What is wrong with the numbers put in, or with a bare result."""
    claim = bound.claim
    expected = bound.expected
    if q.is_whole:
        return whole_against_equation(checker, bound, q, ledger)
    if claim.worked is None:
        return _bare_result(checker, bound, q, ledger, expected)
    value = claim.value
    if value is None or math.isnan(expected):
        return None
    is_exact = claim.operands <= bound.own_numbers
    strange = [] if is_exact else _unexplained(checker, claim.operands, _values_of_parts(bound, ledger))
    off = abs(float(value) - expected)
    slack = 2.5 * float(checker.unit(bound))
    tolerance = 1e-9 * max(1.0, abs(expected)) if is_exact else slack
    if checker.convention.carried:
        tolerance += float(spread(claim.worked.expression, checker.convention.digits)) + slack
    if (off <= tolerance or checker.is_carried(bound)) and not strange:
        return None
    is_free = all(_is_rounded_freely(number) for number in strange)
    if off <= tolerance and is_free and not _is_at_another_rate(checker, bound, ledger, float(value), strange):
        return None
    if not strange and any(abs(float(value) - ledger.worked_out(way.function)) <= tolerance for way in bound.ways):
        return None  # two ways to write it need not give the same last digits
    if _is_written_out(checker, bound, ledger, float(value), slack):
        return None
    if checker.corrected and abs(float(value) - checker.mended(bound, ledger).expected(q)) <= tolerance:
        return None
    if _goes_part_of_the_way(bound, ledger, float(value), slack):
        checker.counts["unclear"] += 1
        return None
    return _diagnosed(checker, bound, ledger, float(value), strange)


def _goes_part_of_the_way(bound: Bound, ledger: Ledger, value: float, tolerance: float) -> bool:
    """Whether all that was not worked out again since the update is put in as it was before."""
    claimed = bound.claimed

    def latest(part: Reference) -> Expr:
        key = part.key
        assert isinstance(key, Quantity)  # forms of equations hold nothing else
        before = replace(key, update=(key.update or 1) - 1)
        is_old = key.kind in FORWARD and key not in claimed and before in claimed
        return Reference(before) if is_old else part

    made = [(way.form, substitute(way.form, latest)) for way in bound.ways]
    return any(form != old and abs(value - ledger.number(old)) <= tolerance for form, old in made)


def _is_written_out(checker: Checker, bound: Bound, ledger: Ledger, value: float, tolerance: float) -> bool:
    """Whether the equation is written out in full, though its parts have steps of their own."""
    assert bound.quantity is not None  # only what is bound is held against an equation
    ways = ledger.equations.ways(bound.quantity, frozenset())
    if not any(abs(value - ledger.worked_out(way.function)) <= tolerance for way in ways):
        return False
    known = (ledger.worked_out(part) for way in ways for part in way.parts)
    return not _unexplained(checker, bound.claim.operands, [number for number in known if math.isfinite(number)])


def _is_at_another_rate(checker: Checker, bound: Bound, ledger: Ledger, value: float, strange: list[Decimal]) -> bool:
    """Whether a strange number is another learning rate: that one is never rounded."""
    return any(code == "learning_rate" for _cost, code in _put_in(checker, bound, ledger, value, strange))


def _is_rounded_freely(number: Decimal) -> bool:
    """Whether a number has so few figures that it may be anything rounded."""
    return len(number.as_tuple().digits) < 2


def _values_of_parts(bound: Bound, ledger: Ledger) -> list[float]:
    """The values of all parts of a claim's equation."""
    values = {ledger.worked_out(part) for way in bound.ways for part in way.parts}
    return [value for value in values if math.isfinite(value)]


def _unexplained(checker: Checker, operands: frozenset[Decimal], known: list[float]) -> list[Decimal]:
    """The operands that are no number of the equation, nor any part of it rounded."""
    convention = checker.convention
    units = 1.01 if convention.carried or convention.mode == "truncate" else 0.505
    return [
        number
        for number in operands
        if not any(abs(abs(value) - float(number)) <= units * float(last_place(number)) + 1e-12 for value in known)
    ]


def _bare_result(checker: Checker, bound: Bound, q: Quantity, ledger: Ledger, expected: float) -> Finding | None:
    """What is wrong with a result without its working."""
    result = bound.claim.result
    if result is None or math.isnan(expected):
        return None
    # after rounding, or a slip, the ways to write an equation need not give the same number
    off = min(
        abs(float(result) - right) for right in [expected, *(ledger.worked_out(way.function) for way in bound.ways)]
    )
    unit = float(last_place(result))
    if (
        checker.is_carried(bound)
        or off <= 1.01 * unit
        or (checker.convention.carried and off <= _spread_of(checker, bound, ledger) + 2 * unit)
    ):
        return None
    return _diagnosed(checker, bound, ledger, float(result), [])


def _spread_of(checker: Checker, bound: Bound, ledger: Ledger) -> float:
    """How far a result may be from what the shown numbers give, where more exact ones were carried on."""
    digits = checker.convention.digits or 0

    def number(part: Reference) -> Expr:
        assert isinstance(part.key, Quantity)  # forms of equations hold nothing else
        return number_of(f"{ledger.value(part.key):.{digits}f}")

    return max((float(spread(substitute(form, number))) for form in bound.forms), default=0.0)


def _diagnosed(checker: Checker, bound: Bound, ledger: Ledger, value: float, strange: list[Decimal]) -> Finding | None:
    """The slip that explains a value."""
    claim, q = bound.claim, bound.quantity
    assert q is not None  # only what is bound is held against an equation
    exact, tolerance = EXACT * max(1.0, abs(value)), tolerance_of(checker, bound, value)
    ranked = _put_in(checker, bound, ledger, value, strange)
    if claim.worked is not None:
        ranked += explanations(bound, q, ledger, value, exact)
    if not ranked:
        ranked += explanations(bound, q, ledger, value, tolerance)
        if strange:
            ranked += _mistyped(checker, _values_of_parts(bound, ledger), strange)
    if claim.worked is None and claim.result is not None and math.isfinite(bound.expected):
        slips = digit_slips(Decimal(repr(bound.expected)), claim.result, checker.convention.mode)
        ranked += [(cost_of_digits(code, claim.result), code) for code in slips if code != "truncation"]
    codes = list(dict.fromkeys(code for _cost, code in sorted(ranked, key=lambda found: found[0])))
    says_little = _SAYS_LITTLE
    if not bound.is_sure and claim.subject is not None:
        has_few_figures = claim.result is not None and figures(claim.result) < _SURE_FIGURES
        says_little = _SAYS_LITTLE_OF_A_GUESS | (_BY_CHANCE if has_few_figures else frozenset())
    if says_little.issuperset(codes) and not (checker.is_given and bound.is_sure):
        checker.counts["unclear"] += 1
        return None
    if codes == ["arithmetic"] and claim.worked is None:
        codes.append("digit")  # nobody sees which of the two it was
    codes = codes[:MOST_CANDIDATES] or ["wrong_quantity"]
    right = bound.expected
    _before, side = claim.put_in
    checker.counts["wrong"] += 1
    shown = Decimal(repr(right)) if math.isfinite(right) else Decimal(0)
    like = claim.result if claim.result is not None else Decimal("0.000001")
    return Finding(
        codes[0], tuple(codes), checker.start(claim), claim.numeric[-1].end if side is claim.numeric[-1] else side.end,
        address(q),
        f"{claim.result:f}" if claim.result is not None else checker.quoted(side),
        f"{rounded(shown, like, checker.convention.mode):f}",
        confidence=0.9 if ranked else 0.5,
    )  # fmt: skip


def _put_in(
    checker: Checker, bound: Bound, ledger: Ledger, value: float, strange: list[Decimal]
) -> list[tuple[float, str]]:
    """What a number that was put in stands for, found by putting it in the place of each of the equation."""
    found = []
    worked = bound.claim.worked
    numbers = {} if worked is None else dict.fromkeys(number.value for number in numbers_of(worked.expression))
    for number in numbers:
        far_fetched = 0.0 if number in strange else _KNOWN
        for way in bound.ways:
            for key in way.quantities:
                right = ledger.value(key)
                put = number_of(format(number.copy_sign(Decimal(repr(right))), "f"))
                made = substitute(way.form, lambda part, key=key, put=put: put if part.key == key else part)  # type: ignore[misc]
                if not abs(ledger.worked_out(way.made(made)) - value) <= EXACT * max(1.0, abs(value)):
                    continue
                if key.kind == "eta":
                    found.append((far_fetched, "learning_rate"))
                elif (code := _edit(checker, right, number)) is not None:
                    found.append((cost_of_digits(code, number) + far_fetched, code))
    return found


_KNOWN = 0.5
"""How much more far-fetched it is that a number was edited which stands for another one already."""


def _mistyped(checker: Checker, values: list[float], strange: list[Decimal]) -> list[tuple[float, str]]:
    """What happened to the digits of an operand that is no number of the equation."""
    codes = ((_edit(checker, value, number), number) for number in strange for value in values if value)
    return [(cost_of_digits(code, number), code) for code, number in codes if code is not None]


def _edit(checker: Checker, value: float, number: Decimal) -> str | None:
    """What makes a number of a value, as its writer would have shown it: with all decimals that it has."""
    right = Decimal(repr(abs(value))).normalize()
    own = min(decimals(right), checker.convention.digits or 0)
    places = {own, max(own, decimals(number))}
    all_shown = [rounded(right, Decimal(1).scaleb(-n), checker.convention.mode) for n in places]
    if any(is_shifted(shown, number) for shown in all_shown):
        return "decimal_shift"
    return "digit" if any((shown or not right) and is_edited(shown, number) for shown in all_shown) else None
