"""How a writer works: to how many decimals, rounded in which way, and with the rounded numbers or more exact ones.

Found from the document's own links before any of them is called wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from workings.algebra.rounding import MODES
from workings.marking.checking.comparing import Pair, decimals, last_place, rounded, spread

FEWEST_MISSES, LARGEST_SHARE = 3, 0.1
"""How many results that the shown numbers do not quite give tell that others were carried on: not one or two slips."""


@dataclass(frozen=True, slots=True)
class Convention:
    """How a writer works.

    Attributes
    ----------
    digits : int, optional
        The decimals of most results.
    mode : str
        A name in ``rounding.MODES``.
    carried : bool
        Whether more digits are carried on than are shown.
    """

    digits: int | None = None
    mode: str = "half-up"
    carried: bool = False

    def sentence(self) -> str:
        """The line at the top of a report."""
        ways = {"half-up": "a 5 goes up", "half-even": "a 5 goes to even", "truncate": "digits are cut off"}
        onward = "more digits carried than shown" if self.carried else "shown numbers carried on"
        if self.digits is None:
            return f"numbers as they are; {onward}"
        return f"{self.digits} decimals, {ways[self.mode]}; {onward}"


def convention_of(pairs: Iterable[Pair]) -> Convention:
    """The convention under which most of a document's links are right to the last digit."""
    votes: Counter[str] = Counter()
    places: Counter[int] = Counter()
    total = 0
    for pair in pairs:
        value = pair.value
        if value is None or not decimals(pair.written) or value == pair.written:
            continue
        places[decimals(pair.written)] += 1
        off = abs(value - pair.written)
        if off > 2 * last_place(pair.written) and off > spread(pair.worked) + last_place(pair.written):
            continue
        total += 1
        votes.update(mode for mode in MODES if rounded(value, pair.written, mode) == pair.written)
    digits = places.most_common(1)[0][0] if places else None
    mode = max(MODES, key=lambda name: votes[name])
    missed = total - votes[mode]
    return Convention(digits, mode, carried=missed >= FEWEST_MISSES and missed > LARGEST_SHARE * total)
