"""Bare results that are one off in the last place.

Nobody shows how such a number was got, and who rounds on the way, or goes on with more digits, gets another last digit.
So one is wrong only where no way of working it out gives it, and where the writer's other numbers are right to the last
digit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import prod

from workings.algebra.expression import Expr, Reference
from workings.algebra.rounding import MODES
from workings.marking.bind import Bound
from workings.marking.binding.ledger import Ledger
from workings.marking.check import Checker
from workings.marking.checking.carrying import without_noise
from workings.marking.checking.comparing import factors, last_place, rounded, terms
from workings.marking.findings import Finding

_FEWEST_RIGHT = 4
"""Rounded numbers that are right to the last digit; where several are wrong, bare ones for each of them."""


@dataclass
class LastDigits:
    """The bare results of a document.

    Attributes
    ----------
    n_right : int
        How many of those that were worked out are right to the last digit.
    wrong : list of Finding
        Those that no way of working them out gives.
    """

    n_right: int = 0
    wrong: list[Finding] = field(default_factory=list)

    def look_at(self, checker: Checker, bound: Bound, ledger: Ledger) -> None:
        """Count a claim, if it is a bare result.

        Parameters
        ----------
        checker : Checker
        bound : Bound
            With nothing wrong but, perhaps, the last digit.
        ledger : Ledger
            What was written before the claim.
        """
        claim, q = bound.claim, bound.quantity
        if claim.worked is not None or claim.result is None or q is None or q in bound.claimed:
            return
        if not bound.forms or isinstance(bound.forms[0], Reference):
            return  # a copy
        values = list(_values(checker, bound, ledger))
        if not values:
            return
        if any(_gives(value, claim.result) for value in values):
            self.n_right += 1
            return
        true = ledger.as_of({}).expected(q)
        if not math.isfinite(true) or _gives(without_noise(true), claim.result):
            return
        before, _side = claim.put_in
        expected = rounded(values[0], claim.result, checker.convention.mode)
        if abs(expected - claim.result) > last_place(claim.result):
            return
        checker.corrected[q] = float(expected)
        self.wrong.append(
            Finding(
                "rounding", ("rounding", "digit", "arithmetic"), before.start, claim.numeric[-1].end,
                str(replace(q, update=q.update if (q.update or 1) > 1 else None)),
                f"{claim.result:f}", f"{expected:f}", confidence=0.7,
            )
        )  # fmt: skip

    def findings(self, checker: Checker) -> list[Finding]:
        """Those that are wrong, where the others tell that the writer's last digits can be relied on."""
        is_exact = self.n_right + checker.counts["rounded"] >= _FEWEST_RIGHT
        is_odd = len(self.wrong) == 1 or self.n_right >= _FEWEST_RIGHT * len(self.wrong)
        return self.wrong if is_exact and is_odd else []


def _gives(value: Decimal, number: Decimal) -> bool:
    return any(rounded(value, number, mode) == number for mode in MODES)


def _values(checker: Checker, bound: Bound, ledger: Ledger) -> Iterator[Decimal]:
    """What a result may have been before it was rounded; nothing where that cannot be told."""
    if checker.convention.carried:
        exact = None if checker.carried is None else checker.carried.results.get(bound.claim)
        if exact is not None and exact.is_certain:
            yield from exact.values
        return
    for form in bound.forms:
        found = [ledger.number(form), *(_rounded_on_the_way(form, ledger, checker))]
        yield from (without_noise(value) for value in found if math.isfinite(value))


def _rounded_on_the_way(form: Expr, ledger: Ledger, checker: Checker) -> Iterator[float]:
    """The value of a sum whose terms were rounded, and of a product whose factors were."""
    for taken_apart, put_together in ((terms, sum), (factors, prod)):
        parts = [ledger.number(part) for part in taken_apart(form)]
        if len(parts) > 1 and all(map(math.isfinite, parts)):
            yield float(put_together(_shown(part, checker) for part in parts))


def _shown(value: float, checker: Checker) -> Decimal:
    like = Decimal(1).scaleb(-(checker.convention.digits or 0))
    return rounded(without_noise(value), like, checker.convention.mode)
