"""The marks of one document under a scheme."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workings.marking.binding.fitting import written
from workings.marking.checking.comparing import decimals, last_place
from workings.marking.checking.verdicts import Judged
from workings.marking.findings import Finding
from workings.marking.grading.scheme import Item, Scheme
from workings.marking.mark import Marking
from workings.marking.slips import SLIPS
from workings.network.quantity import Quantity

SURE = 0.6
"""The confidence that a finding must have for a mark to rest on it."""

EXACT = 1e-12


@dataclass(frozen=True, slots=True)
class Award:
    """What a document has earned of an item.

    Attributes
    ----------
    item : Item
    marks : float
    missing : tuple of str
        The addresses of numbers that the document does not have.
    review : tuple of str
        Those whose marks were not given because it is not sure that they are wrong; somebody should look.
    """

    item: Item
    marks: float
    missing: tuple[str, ...]
    review: tuple[str, ...]


def award(marking: Marking, scheme: Scheme) -> tuple[Award, ...]:
    """The marks of each item.

    Parameters
    ----------
    marking : Marking
        With a network; without one no quantity has a name.
    scheme : Scheme
    """
    assert marking.ledger is not None  # seen to by who asks
    examiner = _Examiner(marking)
    return tuple(examiner.award(item, item.quantities(marking.ledger)) for item in scheme.items)


class _Examiner:
    """Knows every claim of a document by its quantity."""

    def __init__(self, marking: Marking) -> None:
        assert marking.ledger is not None  # a marking with a network
        self.ledger, self.truth = marking.ledger, marking.ledger.as_of({})
        self.claims: dict[Quantity, list[Judged]] = defaultdict(list)
        for each in marking.judged:
            q = each.bound.quantity
            if q is not None:
                for single, _ in written(each.bound.claim, q, self.ledger):
                    self.claims[single].append(each)

    def award(self, item: Item, quantities: tuple[Quantity, ...]) -> Award:
        """The marks of one item, shared equally among its numbers."""
        if not quantities:
            return Award(item, 0.0, tuple(pattern.text for pattern in item.patterns), ())
        marks: float = 0.0
        missing: list[Quantity] = []
        review: list[Quantity] = []
        for q in quantities:
            found = self.claims.get(q)
            if found is None:
                missing.append(q)
                continue
            results = list(self.results(item, q, found))
            marks += sum(worth for worth, is_earned, _ in results if is_earned)
            if any(worth and not is_earned and is_doubtful for worth, is_earned, is_doubtful in results):
                review.append(q)
        return Award(item, marks / len(quantities), self.addresses(missing), self.addresses(review))

    def addresses(self, quantities: list[Quantity]) -> tuple[str, ...]:
        """Their addresses, with one for a whole vector or matrix where all of it is there."""
        by_whole: dict[Quantity, list[Quantity]] = defaultdict(list)
        for q in quantities:
            by_whole[replace(q, index=(), update=None if q.update == 1 else q.update)].append(q)
        found: list[str] = []
        for whole, singles in by_whole.items():
            is_all = len(singles) > 1 and len(singles) == math.prod(self.ledger.shape(whole))
            found += [str(whole)] if is_all else [str(replace(whole, index=q.index)) for q in singles]
        return tuple(found)

    def results(self, item: Item, q: Quantity, found: list[Judged]) -> Iterator[tuple[float, bool, bool]]:
        """The worth of each mark, whether it is earned, and whether that is in doubt; the last attempt counts."""
        shown = [each for each in found if each.bound.claim.worked is not None or each.bound.claim.symbolic]
        if item.method and shown:
            charged = _of_method(shown[-1])
            is_doubtful = _is_doubtful(shown[-1], charged)
            is_lost = is_doubtful or shown[-1].is_trivial or (bool(charged) and shown[-1].verdict == "wrong")
            yield item.method, not is_lost, is_doubtful
        if item.accuracy:
            yield item.accuracy, self.is_accurate(item, q, found[-1]), _is_doubtful(found[-1], found[-1].slips)

    def is_accurate(self, item: Item, q: Quantity, each: Judged) -> bool:
        """Whether a number is right, or follows from what was written before."""
        number = dict(written(each.bound.claim, each.bound.quantity or q, self.ledger))[q]
        may_follow = item.carried and not each.is_trivial and not _is_doubtful(each, each.slips)
        off = abs(float(number) - self.truth.expected(q))
        if item.tolerance is None and item.digits is None:
            is_right_entry = each.verdict == "wrong" and each.bound.claim.results is not None
            if is_right_entry and off <= 1.01 * float(last_place(number)):
                return True
            is_right = each.verdict in {"right", "rounded"} and not each.is_trivial
            return is_right or (each.verdict == "carried" and may_follow)
        if item.digits is not None and decimals(number) < item.digits and off > EXACT:
            return False
        tolerance = item.tolerance if item.digits is None else 1.01 * 10.0**-item.digits
        assert tolerance is not None  # one of the two is there
        if off <= tolerance:
            return True
        before = self.ledger.as_of(each.bound.claimed)
        return may_follow and abs(float(number) - before.expected(q)) <= tolerance


def _of_method(each: Judged) -> tuple[Finding, ...]:
    """The slips of a claim but for those of its digits, and of what was made of its working later on."""
    claim = each.bound.claim
    if each.verdict != "wrong":
        return each.slips
    is_worked = claim.worked is not None and claim.put_in[0] is not claim.worked
    end = claim.worked.start if claim.worked is not None and is_worked else claim.chain.sides[-1].end
    return tuple(slip for slip in each.slips if SLIPS[slip.kind].rewrites is not None and slip.start < end)


def _is_doubtful(each: Judged, slips: tuple[Finding, ...]) -> bool:
    """Whether a person should look before a mark rests on these slips."""
    return each.verdict == "unclear" or (bool(slips) and all(slip.confidence < SURE for slip in slips))
