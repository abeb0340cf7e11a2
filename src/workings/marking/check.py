"""A document worked through again under its own convention, link by link.

Three questions of each claim: does each side give the next one? Are the numbers put in those of the equation? Does the
formula in symbols say the same as the numbers?
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal

from workings.algebra.expression import Expr, Number, Reference, number_of, parts, substitute
from workings.marking.bind import Binder, Bound
from workings.marking.chains import Side
from workings.marking.comparing import Pair, last_place, rounded, spread, value_of, values_of
from workings.marking.convention import Convention
from workings.marking.digits import digit_slips, is_edited, is_shifted
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.ledger import GIVEN, Ledger, entries
from workings.marking.slips import SLIPS, Rewrite
from workings.network.quantity import Quantity

MOST_CANDIDATES = 3


@dataclass
class Checker:
    """Holds claims against what they should be.

    Attributes
    ----------
    document : Document
    convention : Convention
    is_given : bool
        Whether the network was given; one that was read off the document accuses only where a slip explains the number.
    counts : dict
        How many links were right, right as rounded, wrong.
    corrected : dict
        What should have been written where a number was wrong: who mistypes a result may well go on with the right one.
    """

    document: Document
    convention: Convention
    is_given: bool = True
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("right", "rounded", "wrong", "unclear"), 0))
    corrected: dict[Quantity, float] = field(default_factory=dict)

    def meaning(self, bound: Bound, binder: Binder) -> Iterator[Finding]:
        """What is wrong about a claim as one about its quantity."""
        if bound.quantity is None or bound.quantity.kind in GIVEN:
            return
        found = self.against_equation(bound, bound.quantity, binder.ledger.as_of(bound.claimed))
        if found is not None:
            yield found
        else:
            yield from self.formulas(bound, bound.quantity, binder)

    # --- does each side give the next one?

    def links(self, bound: Bound) -> Iterator[Finding]:
        """The links between sides of numbers."""
        for left, right, pairs in bound.claim.links:
            found = None
            for pair in pairs:
                found = found or self.link(bound, left, right, pair)
            if found is not None:
                yield found

    def link(self, bound: Bound, left: Side, right: Side, pair: Pair | None) -> Finding | None:
        """One number, predicted."""
        if pair is None:
            return self.whole(bound, left, right)
        value = value_of(pair.worked)
        if value is None:
            self.counts["unclear"] += 1
            return None
        slips = digit_slips(value, pair.written, self.convention.mode)
        off = abs(value - pair.written)
        if not slips or (self.convention.carried and off <= spread(pair.worked) + 2 * last_place(pair.written)):
            self.counts["right" if value == pair.written else "rounded"] += 1
            return None
        self.counts["wrong"] += 1
        expected = rounded(value, pair.written, self.convention.mode)
        if bound.quantity is not None and pair.written == bound.claim.result:
            self.corrected[bound.quantity] = float(expected)
        return Finding(
            slips[0], tuple(slips[:MOST_CANDIDATES]), left.start, right.end, self.name(bound),
            f"{pair.written:f}", f"{expected:f}",
            severity="remark" if slips[0] == "truncation" else "slip",
            detail=f"{self.quoted(left)} is {expected:f}, not {pair.written:f}.",
        )  # fmt: skip

    def whole(self, bound: Bound, left: Side, right: Side) -> Finding | None:
        """Two sides that cannot be taken apart: only their values are compared, as far as the digits shown allow."""
        a, b = value_of(left.expression), value_of(right.expression)
        if a is None or b is None:
            self.counts["unclear"] += 1
            return None
        slack = sum(
            (
                last_place(part.value)
                for part in parts(right.expression)
                if isinstance(part, Number) and "." in part.text
            ),
            Decimal("1e-12"),
        )
        if abs(a - b) <= 2 * slack * max(Decimal(1), abs(a)):
            self.counts["rounded"] += 1
            return None
        self.counts["wrong"] += 1
        return Finding(
            "arithmetic", ("arithmetic",), left.start, right.end, self.name(bound), self.quoted(right), f"{a:.9g}",
            detail=f"The left side is {a:.9g}, the right one {b:.9g}.", confidence=0.7,
        )  # fmt: skip

    # --- are the numbers those of the equation?

    def against_equation(self, bound: Bound, q: Quantity, ledger: Ledger) -> Finding | None:
        """What is wrong with the numbers put in, or with a bare result."""
        claim = bound.claim
        expected = bound.expected
        if q.is_whole:
            return self.whole_against_equation(bound, q, ledger)
        if claim.worked is None:
            return self.bare_result(bound, q, ledger, expected)
        value = value_of(claim.worked.expression)
        if value is None or math.isnan(expected):
            return None
        strange = self.unexplained(claim.operands, bound.sub_values)
        off = abs(float(value) - expected)
        is_exact = claim.operands <= bound.own_numbers
        tolerance = 1e-9 * max(1.0, abs(expected)) if is_exact else 2.5 * float(self.unit(bound))
        if self.convention.carried:
            tolerance += float(spread(claim.worked.expression)) + 2.5 * float(self.unit(bound))
        if off <= tolerance and not strange:
            return None
        if off <= tolerance and all(self.is_rounded_freely(number) for number in strange):
            return None
        if any(abs(float(value) - ledger.number(form)) <= tolerance for form in bound.forms) and not strange:
            return None  # two ways to write it need not give the same last digits
        if self.corrected and abs(float(value) - self.mended(bound, ledger).expected(q)) <= tolerance:
            return None
        return self.diagnosed(bound, q, ledger, float(value), strange)

    def mended(self, bound: Bound, ledger: Ledger) -> Ledger:
        """What was written before a claim, with the right numbers in the place of wrong ones."""
        return ledger.as_of(bound.claimed | {q: value for q, value in self.corrected.items() if q in bound.claimed})

    def whole_against_equation(self, bound: Bound, q: Quantity, ledger: Ledger) -> Finding | None:
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
        codes = self.whole_explanations(singles, values, units, ledger)
        if not codes:
            self.counts["unclear"] += 1
            return None
        before, _side = claim.put_in
        self.counts["wrong"] += 1
        mode = self.convention.mode
        shown = [rounded(Decimal(repr(value)), number, mode) for value, number in zip(expected, numbers, strict=True)]
        return Finding(
            codes[0], tuple(codes), before.start, claim.numeric[-1].end, str(replace(q, update=None)),
            _listed(numbers), _listed(shown), confidence=0.9 if codes[0] != "wrong_quantity" else 0.5,
        )  # fmt: skip

    def whole_explanations(
        self, singles: list[Quantity], values: list[float], units: list[float], ledger: Ledger
    ) -> list[str]:
        """The slips that give every entry its value."""
        best: list[tuple[float, str]] = []
        for slip in SLIPS.values():
            if slip.rewrites is not None and all(
                self.is_made_by(slip.rewrites, single, value, unit, ledger)
                for single, value, unit in zip(singles, values, units, strict=True)
            ):
                best.append((slip.cost, slip.code))
        codes = [code for _cost, code in sorted(best)][:MOST_CANDIDATES]
        return codes or ["wrong_quantity"] * self.is_given

    def is_made_by(self, rewrites: Rewrite, single: Quantity, value: float, unit: float, ledger: Ledger) -> bool:
        """Whether a slip gives an entry its value."""
        return any(
            abs(ledger.number(made) - value) <= unit / 2
            for form in ledger.forms(single)
            for made in rewrites(ledger, single, form)
        )

    def unit(self, bound: Bound) -> Decimal:
        """One unit of the last place that matters in a claim."""
        worked = bound.claim.worked
        numbers = parts(worked.expression) if worked is not None else ()
        units = [last_place(n.value) for n in numbers if isinstance(n, Number) and "." in n.text]
        if bound.claim.result is not None:
            units.append(last_place(bound.claim.result))
        digits = [Decimal(1).scaleb(-self.convention.digits)] if self.convention.digits is not None else []
        return min(units + digits, default=Decimal("1e-9"))

    def is_rounded_freely(self, number: Decimal) -> bool:
        """Whether a number has so few figures that it may be anything rounded."""
        return len(number.as_tuple().digits) < 2

    def unexplained(self, operands: frozenset[Decimal], known: tuple[float, ...]) -> list[Decimal]:
        """The operands that are no number of the equation, nor any part of it rounded."""
        return [
            number
            for number in operands
            if not any(
                abs(abs(value) - float(number)) <= 1.01 * float(last_place(number)) * 0.5 + 1e-12 for value in known
            )
        ]

    def bare_result(self, bound: Bound, q: Quantity, ledger: Ledger, expected: float) -> Finding | None:
        """What is wrong with a result without its working."""
        result = bound.claim.result
        if result is None or math.isnan(expected):
            return None
        off = abs(float(result) - expected)
        unit = float(last_place(result))
        if off <= 1.01 * unit or (self.convention.carried and off <= self.spread_of(bound, ledger) + 2 * unit):
            return None
        return self.diagnosed(bound, q, ledger, float(result), [])

    def spread_of(self, bound: Bound, ledger: Ledger) -> float:
        """How far a result may be from what the shown numbers give, where more exact ones were carried on."""
        digits = self.convention.digits or 0

        def number(part: Reference) -> Expr:
            assert isinstance(part.key, Quantity)  # forms of equations hold nothing else
            return number_of(f"{ledger.value(part.key):.{digits}f}")

        return max((float(spread(substitute(form, number))) for form in bound.forms), default=0.0)

    def diagnosed(
        self, bound: Bound, q: Quantity, ledger: Ledger, value: float, strange: list[Decimal]
    ) -> Finding | None:
        """The slip that explains a value."""
        claim = bound.claim
        ranked = self.explanations(bound, q, ledger, value)
        mistyped = self.mistyped(bound, strange)
        if mistyped and (len(strange) == 1 or not ranked):
            ranked = [(SLIPS[code].cost, code) for code in mistyped] + ranked
        if claim.worked is None and claim.result is not None and math.isfinite(bound.expected):
            codes = digit_slips(Decimal(repr(bound.expected)), claim.result, self.convention.mode)
            ranked += [(SLIPS[code].cost, code) for code in codes if code not in {"arithmetic", "rounding"}]
        codes = list(dict.fromkeys(code for _cost, code in sorted(ranked, key=lambda found: found[0])))
        if not codes and not (self.is_given and bound.is_sure):
            self.counts["unclear"] += 1
            return None
        codes = codes[:MOST_CANDIDATES] or (["wrong_quantity"] if bound.forms else ["arithmetic", "digit"])
        right = bound.expected
        before, side = claim.put_in
        self.counts["wrong"] += 1
        shown = Decimal(repr(right)) if math.isfinite(right) else Decimal(0)
        like = claim.result if claim.result is not None else Decimal("0.000001")
        return Finding(
            codes[0], tuple(codes), before.start, claim.numeric[-1].end if side is claim.numeric[-1] else side.end,
            str(replace(q, update=q.update if (q.update or 1) > 1 else None)),
            f"{claim.result:f}" if claim.result is not None else self.quoted(side),
            f"{rounded(shown, like, self.convention.mode):f}",
            confidence=0.9 if ranked else 0.5,
        )  # fmt: skip

    def explanations(self, bound: Bound, q: Quantity, ledger: Ledger, value: float) -> list[tuple[float, str]]:
        """The slips whose rewritten equation has this value, each with how far-fetched it is."""
        claim = bound.claim
        tolerance = 1e-9 * max(1.0, abs(value))
        if claim.worked is None or not claim.operands <= bound.own_numbers:
            tolerance = max(
                tolerance,
                0.75 * float(self.unit(bound) if claim.worked is not None else last_place(claim.result or Decimal(1))),
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
                        + 1.5 * self.misfit(claim.operands, rewritten, ledger)
                        + 0.5 * abs(number - value) / tolerance
                    )
                    best[slip.code] = min(cost, best.get(slip.code, math.inf))
        return [(cost, code) for code, cost in best.items()]

    def misfit(self, operands: frozenset[Decimal], form: Expr, ledger: Ledger) -> float:
        """Which share of the numbers put in is not that of a rewritten equation."""
        if not operands:
            return 0.0
        numbers = ledger.numbers(form)
        return 1 - len(operands & numbers) / max(len(operands | numbers), 1)

    def mistyped(self, bound: Bound, strange: list[Decimal]) -> list[str]:
        """What happened to the digits of an operand that is no number of the equation."""
        codes: list[str] = []
        for number in strange:
            for value in bound.sub_values:
                right = Decimal(repr(abs(value)))
                near = rounded(right, number, self.convention.mode) if right else right
                if is_shifted(right, number):
                    codes.append("decimal_shift")
                elif near and is_edited(near, number):
                    codes.append("digit")
        return list(dict.fromkeys(codes))

    # --- do the symbols say the same?

    def formulas(self, bound: Bound, q: Quantity, binder: Binder) -> Iterator[Finding]:
        """Formulas in symbols whose value is another than that of the numbers, which are right."""
        claim = bound.claim
        if claim.subject is None:
            return  # a formula with which a chain begins is what the numbers are said to be, not how they are got
        for side in claim.symbolic:
            found = binder.value(side.expression, q.update)
            if found is None or found.size != 1 or math.isnan(value := float(found.item())):
                continue
            unit = float(last_place(claim.result)) if claim.result is not None else 1e-6
            if abs(value - bound.expected) <= max(2.5 * unit, 0.02 * abs(bound.expected)):
                continue
            at = claim.chain.sides.index(side)
            after = claim.chain.sides[at + 1] if at + 1 < len(claim.chain.sides) else side
            yield Finding(
                "formula_typo", ("formula_typo", "sign"), claim.start, after.end, str(replace(q, update=None)),
                self.quoted(side), "", symbolic=True, confidence=0.7,
                detail=f"In symbols this is {value:.6g}, in numbers {bound.expected:.6g}.",
            )  # fmt: skip

    # --- words

    def quoted(self, side: Side) -> str:
        """What stands there, on one line and not too long."""
        text = " ".join(self.document.text[side.start : side.end].split())
        return text if len(text) <= 80 else f"{text[:60]} ... {text[-12:]}"

    def name(self, bound: Bound) -> str:
        """The address of a claim's quantity, or its name in the document."""
        return str(bound.quantity) if bound.quantity is not None else (bound.claim.subject or "")


def _listed(numbers: list[Decimal]) -> str:
    return f"[{', '.join(f'{number:f}' for number in numbers)}]"
