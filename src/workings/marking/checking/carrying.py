"""Whether a writer carries more digits than are shown, and the values that are carried on.

A result that the shown numbers do not quite give, but the exact ones do, was worked out with the exact ones. What
follows from a slip is not known to all its digits; there only the spread of the shown numbers is left to go by.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from workings.marking.bind import Bound
from workings.marking.binding.ledger import GIVEN, Ledger
from workings.marking.checking.comparing import decimals, last_place, rounded
from workings.network.quantity import Quantity

NEAR = 3
"""Units of the last place; what is further off was not rounded differently but went wrong."""


@dataclass
class Carried:
    """The values of a document as they are with all their digits.

    Attributes
    ----------
    ledger : Ledger
        Without anything claimed at first.
    uncertain : set of Quantity
        What was written otherwise, and what follows from it.
    """

    ledger: Ledger
    uncertain: set[Quantity] = field(default_factory=set)

    def values(self, bound: Iterable[Bound]) -> Iterator[tuple[Bound, float]]:
        """Each result, and its exact value where that follows from exact numbers alone."""
        for each in bound:
            q, result = each.quantity, each.claim.result
            if q is None or not each.forms or q.kind in GIVEN or result is None or not decimals(result):
                continue
            value = self.ledger.expected(q)
            if self._is_uncertain(q, {}) or math.isnan(value):
                self.uncertain.add(q)
            else:
                yield each, value
            if not abs(value - float(result)) <= 1.01 * float(last_place(result)):
                self.uncertain.add(q)
                self.ledger.claim(q, float(result))

    def _is_uncertain(self, q: Quantity, known: dict[Quantity, bool]) -> bool:
        if q in self.uncertain:
            return True
        if q not in known:
            known[q] = False
            known[q] = any(self._is_uncertain(source, known) for source in self.ledger.equations.sources(q))
        return known[q]


def exact_values(ledger: Ledger, bound: Iterable[Bound], mode: str) -> dict[Quantity, float]:
    """The exact values of a document whose writer carries them on; empty where the shown numbers are used."""
    found: dict[Quantity, float] = {}
    shown_only = exact_only = 0
    for each, value in Carried(ledger).values(bound):
        result = each.claim.result
        assert each.quantity is not None and result is not None  # seen to by Carried
        found[each.quantity] = value
        if abs(value - float(result)) > NEAR * float(last_place(result)) or math.isnan(each.expected):
            continue
        shown, exact = (rounded(Decimal(repr(v)), result, mode) == result for v in (each.expected, value))
        shown_only += shown and not exact
        exact_only += exact and not shown
    return found if exact_only > shown_only else {}
