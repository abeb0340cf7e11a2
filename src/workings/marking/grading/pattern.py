"""An address that means several quantities: ``z[1]`` all of a layer, ``a[*]``, ``W+[2][*,1]``, ``z[1][1-3]@2``.

A number in brackets may be a range or a star, and what is left out at the end means all there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from workings.errors import AddressError
from workings.marking.binding.ledger import GIVEN, Ledger
from workings.network.bounds import checked
from workings.network.network import Network
from workings.network.quantity import KINDS, Quantity, parse_address

_NUMBER = re.compile(r"\*|\d+(?:-\d+)?")
_WHERE = re.compile(r"[\[:@#]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Which quantities are meant.

    Attributes
    ----------
    text : str
        As it was written.
    first : Quantity
        With the first number of each range.
    ranges : tuple of range or None
        Of its numbers, from left to right, counted as in addresses; None for a star.
    """

    text: str
    first: Quantity
    ranges: tuple[range | None, ...]

    def quantities(self, ledger: Ledger) -> Iterator[Quantity]:
        """All single numbers of a network that are meant, in the order in which one works them out."""
        yield from (q for q in ledger.quantities(self.first.update or 1) if self.means(q))

    def means(self, q: Quantity) -> bool:
        """Whether a single number is meant."""
        like = self.first
        if (q.kind, q.output is None) != (like.kind, like.output is None):
            return False
        wants_sample = like.sample is not None or KINDS[q.kind].sampled == "always"
        if q.sample is not None and not wants_sample:
            return False
        asked = [
            *((q.output + 1,) if q.output is not None else ()),
            *((q.layer,) if like.layer is not None else ()),
            *(i + 1 for i in q.index[: len(like.index)]),
            *((1 if q.sample is None else q.sample + 1,) if like.sample is not None else ()),
        ]
        return all(wanted is None or number in wanted for number, wanted in zip(asked, self.ranges, strict=False))


def read_pattern(text: str) -> Pattern:
    """The quantities that a text means, in whatever network.

    Raises
    ------
    AddressError
        When it is no address, or that of something that is given and not worked out.
    """
    found = _WHERE.search(text)
    head, rest = (text[: found.start()], text[found.start() :]) if found else (text, "")
    written = _NUMBER.findall(rest)
    first = parse_address(head + _NUMBER.sub(lambda number: _first(number[0]), rest))
    if first.kind in GIVEN and (first.update or 1) == 1:
        raise AddressError(f"{text!r}: a {KINDS[first.kind].meaning} is given, so there is nothing to mark")
    if first.update is not None and not written[-1].isdigit():
        raise AddressError(f"{text!r}: after # stands one number, that of an update")
    return Pattern(text, first, tuple(_range(text, number) for number in written))


def check_pattern(pattern: Pattern, network: Network) -> None:
    """Refuse a pattern that means nothing in a network.

    Raises
    ------
    AddressError
        Says what there is.
    """
    if next(pattern.quantities(Ledger(network)), None) is not None:
        return
    example, like = network.example, replace(pattern.first, update=None)
    if like.sample is None and example is not None and example.is_batch and KINDS[like.kind].sampled == "always":
        like = replace(like, sample=0)
    checked(network, like)
    raise AddressError(f"{pattern.text!r}: the marker looks for no {KINDS[like.kind].meaning} in a document")


def _first(number: str) -> str:
    return "1" if number == "*" else number.partition("-")[0]


def _range(text: str, number: str) -> range | None:
    if number == "*":
        return None
    low, _, high = number.partition("-")
    if int(high or low) < int(low):
        raise AddressError(f"{text!r}: the range {number} ends before it begins")
    return range(int(low), int(high or low) + 1)
