"""What became of each claim: right, right as rounded, carried on from an earlier slip, wrong, or unclear.

A number is carried where it is not that of the network, but follows from what the writer had before, and one of those
numbers was wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from workings.marking.bind import Bound
from workings.marking.binding.fitting import written
from workings.marking.binding.ledger import GIVEN, Ledger
from workings.marking.checking.comparing import Pair, decimals, last_place
from workings.marking.findings import Finding
from workings.marking.mark import Marking
from workings.marking.reading.chains import Side
from workings.marking.reading.claims import Claim, figures

Verdict = Literal["right", "rounded", "carried", "wrong", "unclear"]

FEWEST_FIGURES = 3
"""Of a number that tells by itself where it was taken from."""

FEWEST_DECIMALS = 2
"""To which a bare 0 counts where a document has no decimals that say more."""

UNITS, SHARE = 2.5, 0.02
"""How far rounding that adds up takes a number: units of its last place, or a share of it. A slip is larger."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim and its verdict.

    Attributes
    ----------
    bound : Bound
    verdict : {"right", "rounded", "carried", "wrong", "unclear"}
    slip : Finding, optional
        Of what is wrong, the finding; of what is carried, that of the slip it follows from.
    is_trivial : bool
        Whether wrong zeros before it have left nothing to work out.
    """

    bound: Bound
    verdict: Verdict
    slip: Finding | None = None
    is_trivial: bool = False

    @property
    def end(self) -> int:
        """Where the claim ends in the document."""
        return self.bound.claim.chain.sides[-1].end


def judged(marking: Marking) -> tuple[Judged, ...]:
    """The verdicts of all claims in which something is worked out, in the order of the text."""
    judge = _Judge(marking)
    return tuple(found for bound in marking.bound if (found := judge(bound)) is not None)


def carried(all_judged: tuple[Judged, ...]) -> Iterator[tuple[int, int, Finding]]:
    """What follows from an earlier slip: from which character to which, and the slip."""
    for each in all_judged:
        claim, slip = each.bound.claim, each.slip
        if slip is None:
            continue
        if each.verdict == "carried":
            start = claim.start if claim.worked is None else claim.worked.start
            yield start, each.end, slip
        else:
            yield from ((left.start, right.end, slip) for left, right, _ in _after(claim, slip))


def with_carried(counts: dict[str, int], all_judged: tuple[Judged, ...]) -> dict[str, int]:
    """The counts of links with those that are right only given an earlier slip told apart."""
    told: Counter[str] = Counter(counts)
    for each in all_judged:
        if each.slip is None:
            continue
        claim = each.bound.claim
        links = claim.links if each.verdict == "carried" else list(_after(claim, each.slip))
        for pair in (pair for *_, pairs in links for pair in pairs):
            verdict = "rounded" if pair is None or pair.value != pair.written else "right"
            if told[verdict]:
                told[verdict] -= 1
                told["carried"] += 1
        told["carried"] += each.verdict == "carried" and not claim.links
    return {verdict: told[verdict] for verdict in ("right", "rounded", "carried", "wrong", "unclear")}


def _after(claim: Claim, slip: Finding) -> Iterator[tuple[Side, Side, list[Pair | None]]]:
    """The links of a claim that come after the wrong one."""
    return (link for link in claim.links if link[0].end >= slip.end)


@dataclass
class _Judge:
    """Goes through the claims in their order and keeps in mind which numbers are wrong, and through which slip.

    Attributes
    ----------
    marking : Marking
    writers : dict of int to (float, Judged)
        What was written so far for the quantity at each position, and its verdict.
    by_number : dict of Decimal to Judged
        The verdict of each number, without its sign.
    """

    marking: Marking
    writers: dict[int, tuple[float, Judged]] = field(default_factory=dict)
    by_number: dict[Decimal, Judged] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.slips = [f for f in self.marking.findings if f.severity == "slip" and not f.symbolic]
        self.ledger = self.marking.ledger
        self.truth = None if self.ledger is None else self.ledger.as_of({})

    def __call__(self, bound: Bound) -> Judged | None:
        """The verdict of the next claim; None where a number is only given."""
        claim, q = bound.claim, bound.quantity
        if not claim.numbers or (q.kind in GIVEN if q is not None else not claim.links):
            return None
        found = self.verdict(bound)
        for number in claim.numbers:
            self.by_number[abs(number)] = found
        if q is not None and self.ledger is not None:
            for single, number in written(claim, q, self.ledger):
                self.writers[self.ledger.equations.at[single]] = float(number), found
        return found

    def verdict(self, bound: Bound) -> Judged:
        """The verdict of a claim that has a result."""
        claim = bound.claim
        sources = list(self.sources(bound))
        is_trivial = self.is_trivial(claim, sources)
        own = [slip for slip in self.slips if claim.start <= slip.start < claim.chain.sides[-1].end]
        if own:
            return Judged(bound, "wrong", own[0], is_trivial)
        if bound.quantity is None or not self.is_near(bound, self.truth):
            if self.is_unclear(bound):
                return Judged(bound, "unclear", None, is_trivial)
            if slips := [source.slip for _, source in sources if source.slip is not None]:
                return Judged(bound, "carried", max(slips, key=lambda slip: slip.start), is_trivial)
            rests_on_doubt = any(source.verdict == "unclear" for _, source in sources)
            if rests_on_doubt and not self.is_near(bound, self.truth, UNITS, SHARE):
                return Judged(bound, "unclear", None, is_trivial)
        return Judged(bound, "right" if self.is_exact(bound) else "rounded", None, is_trivial)

    # --- is it the right number?

    def is_near(self, bound: Bound, ledger: Ledger | None, units: float = 1.01, share: float = 0.0) -> bool:
        """Whether all numbers of a claim are those that follow for its quantity."""
        q, claim = bound.quantity, bound.claim
        if q is None or ledger is None:
            return False
        return all(
            abs(float(number) - (expected := ledger.expected(single)))
            <= max(units * self.unit(number), share * abs(expected))
            for single, number in written(claim, q, ledger)
        )

    def unit(self, number: Decimal) -> float:
        """One unit of the last place of a number; a bare 0 is not anything below a half, but a number like the rest."""
        if number:
            return float(last_place(number))
        return 10.0 ** -max(decimals(number), self.marking.convention.digits or FEWEST_DECIMALS)

    def is_unclear(self, bound: Bound) -> bool:
        """Whether nothing was found wrong only because nothing could be worked out."""
        if bound.quantity is not None and self.ledger is not None:
            return not self.is_near(bound, self.ledger.as_of(bound.claimed), UNITS, SHARE)
        pairs = [pair for *_, found in bound.claim.links for pair in found]
        return bool(pairs) and all(pair is not None and pair.value is None for pair in pairs)

    def is_exact(self, bound: Bound) -> bool:
        """Whether nothing was rounded."""
        pairs = [pair for *_, found in bound.claim.links for pair in found]
        if pairs:
            return all(pair is not None and pair.value == pair.written for pair in pairs)
        return self.is_near(bound, self.truth, 0.0, share=1e-12)

    # --- where do its numbers come from?

    def sources(self, bound: Bound) -> Iterator[tuple[float, Judged]]:
        """The earlier numbers from which a claim follows: those put in, and those that its quantity is made of."""
        for number in bound.claim.operands:
            if figures(number) >= FEWEST_FIGURES and number in self.by_number:
                yield float(number), self.by_number[number]
        if bound.quantity is not None and self.ledger is not None:
            places = [self.ledger.equations.at[q] for q, _ in written(bound.claim, bound.quantity, self.ledger)]
            yield from self.made_of(places, self.ledger)

    def made_of(self, places: Sequence[int], ledger: Ledger) -> Iterator[tuple[float, Judged]]:
        """The latest written numbers in the equations of some quantities, or in those of their parts."""
        made_from, seen = ledger.equations.made_from, set()
        waiting = [part for at in reversed(places) for part in reversed(made_from[at])]
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if at in self.writers:
                yield self.writers[at]
            else:
                waiting.extend(reversed(made_from[at]))

    def is_trivial(self, claim: Claim, sources: list[tuple[float, Judged]]) -> bool:
        """Whether a wrong zero leaves nothing to work out: the result is 0 as well, or nothing else was put in."""
        is_wrong_zero = [value == 0 and source.verdict in {"wrong", "carried", "unclear"} for value, source in sources]
        return any(is_wrong_zero) and (all(is_wrong_zero) or not any(claim.numbers))
