"""What marking goes by: the document, how its writer works, and what was found so far.

Three questions of each claim: does each side give the next one (links.py)? Are the numbers put in those of the equation
(equation.py, whole.py)? Does the formula in symbols say the same as the numbers (formulas.py)?
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from workings.marking.bind import Bound
from workings.marking.binding.ledger import Ledger
from workings.marking.checking.carrying import Carried, Exact
from workings.marking.checking.comparing import Pair, last_place
from workings.marking.convention import Convention
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.reading.chains import Side
from workings.marking.reading.claims import Claim
from workings.network.quantity import Quantity

MOST_CANDIDATES = 3


@dataclass
class Checker:
    """One document while it is marked.

    Attributes
    ----------
    document : Document
    convention : Convention
    is_given : bool
        Whether the network was given; one that was read off the document accuses only where a slip explains the number.
    counts : dict
        How many links were right, right as rounded, wrong.
    carried : Carried, optional
        What the numbers were before they were rounded, where the writer carries all digits on.
    corrected : dict
        What should have been written where a number was wrong: who mistypes a result may well go on with the right one.
    """

    document: Document
    convention: Convention
    is_given: bool = True
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("right", "rounded", "wrong", "unclear"), 0))
    carried: Carried | None = None
    corrected: dict[Quantity, float] = field(default_factory=dict)
    _mended: Ledger | None = field(default=None, init=False, repr=False)

    def withdraw(self, findings: Iterable[Finding]) -> None:
        """Count what was taken for wrong as unclear."""
        for finding in findings:
            if not finding.symbolic:  # formulas are not counted
                self.counts["wrong"] -= 1
                self.counts["unclear"] += 1

    def unit(self, bound: Bound) -> Decimal:
        """One unit of the last place that matters in a claim."""
        units = [last_place(number.value) for number in bound.claim.put_in_numbers if "." in number.text]
        if bound.claim.result is not None:
            units.append(last_place(bound.claim.result))
        digits = [Decimal(1).scaleb(-self.convention.digits)] if self.convention.digits is not None else []
        return min(units + digits, default=Decimal("1e-9"))

    def mended(self, bound: Bound, ledger: Ledger) -> Ledger:
        """What was written before a claim, with the right numbers in the place of wrong ones."""
        if self._mended is None:
            self._mended = ledger.as_of({})
        self._mended.go_to(bound.before, self.corrected)
        return self._mended

    def is_carried(self, bound: Bound) -> bool:
        """Whether a result is what the exact numbers give that were carried on."""
        result = bound.claim.result
        exact = None if self.carried is None else self.carried.results.get(bound.claim)
        return exact is not None and result is not None and exact.gives(result, self.convention.mode)

    def exact(self, pair: Pair) -> Exact | None:
        """What a number was before it was rounded, where more digits are carried on than are shown."""
        return None if self.carried is None else self.carried.pairs.get(pair)

    def start(self, claim: Claim) -> int:
        """Where the link begins in which numbers are put in; a bare result that has a line of its own is by itself."""
        before, side = claim.put_in
        is_apart = claim.worked is None and "\n" in self.document.text[before.end : side.start]
        return side.start if is_apart else before.start

    def quoted(self, side: Side) -> str:
        """What stands there, on one line and not too long."""
        text = " ".join(self.document.text[side.start : side.end].split())
        return text if len(text) <= 80 else f"{text[:60]} ... {text[-12:]}"

    def name(self, bound: Bound) -> str:
        """The address of a claim's quantity, or its name in the document."""
        q = bound.quantity
        return (bound.claim.subject or "") if q is None else address(q)


def address(q: Quantity) -> str:
    """The address of a quantity; that it is of the first update goes without saying."""
    return str(q.dated(None) if q.update == 1 else q)
