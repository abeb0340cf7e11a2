"""Other quantities that steps may be about than those whose numbers they have.

A step gone wrong may have the very number of another quantity, and be taken for it. That shows in the rest of the
document, which follows from the number under its own name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from workings.marking.bind import Binder, Bound
from workings.marking.checking.naming import is_step, place_of
from workings.marking.checking.numbering import sort_of
from workings.marking.reading.claims import Claim
from workings.network.quantity import Quantity


def other_places(binder: Binder, bound: Sequence[Bound]) -> Iterator[tuple[Claim, Quantity]]:
    """Steps, each with a quantity that no step is about and that it may be about.

    Either all other names of its sort are for another kind of quantity, or a second name has the same place.

    Parameters
    ----------
    binder : Binder
    bound : sequence of Bound
        What each claim was taken for.
    """
    steps = [each for each in bound if is_step(each)]
    names: dict[Quantity, set[str]] = defaultdict(set)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for each in steps:
        names[place_of(each)].add(str(each.claim.subject))
        kinds[sort_of(str(each.claim.subject))][place_of(each).kind] += 1
    for each in steps:
        place = place_of(each)
        others = kinds[sort_of(str(each.claim.subject))] - Counter([place.kind])
        if len(others) == 1 and place.kind not in others:
            wanted = next(iter(others))
        elif len(names[place]) > 1:
            wanted = place.kind
        else:
            continue
        free = [
            other
            for other in binder.ledger.quantities(place.update or 1)
            if other not in names
            and (other.kind, other.layer, other.sample, other.output) == (wanted, place.layer, place.sample, None)
        ]
        yield from ((each.claim, other) for other in sorted(free, key=lambda other: other.index != place.index))
