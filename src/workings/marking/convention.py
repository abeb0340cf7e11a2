"""How a writer works: which cost, when updates are made, to how many decimals, rounded in which way, and so on.

Found from the document before anything in it is called wrong, but for what is assumed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from workings.algebra.rounding import MODES
from workings.marking.assumption import NOTHING, Assumption
from workings.marking.bind import Binder, Bound
from workings.marking.binding.ledger import UPDATED
from workings.marking.checking.comparing import Pair, decimals, last_place, rounded, spread
from workings.marking.checking.naming import numbering_of
from workings.network.network import Network
from workings.network.reductions import REDUCTIONS

FEWEST_MISSES, LARGEST_SHARE = 3, 0.1
"""How many results that the shown numbers do not quite give tell that others were carried on: not one or two slips."""

_OF_COST = frozenset({"C", "dC/da", "delta", "dC/dW", "dC/db"})
"""What another cost would make another number."""

_ROUNDED = {"half-up": "a 5 goes up", "half-even": "a 5 goes to even", "truncate": "digits are cut off"}


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
    loss, reduction : str, optional
        What the cost is, where no network file says it.
    optimizer : str, optional
        What makes the updates, where no network file says it.
    against : str, optional
        The optimizer of the network file, where the document contradicts it.
    online : bool, optional
        Of several samples, whether there is an update after each.
    trains_biases : bool, optional
        Where no network file says it.
    index_base : int, optional
        Whether the numbers in names count from 0 or from 1.
    assumed : Assumption
        What of this was not found.
    """

    digits: int | None = None
    mode: str = "half-up"
    carried: bool = False
    loss: str | None = None
    reduction: str | None = None
    optimizer: str | None = None
    against: str | None = None
    online: bool | None = None
    trains_biases: bool | None = None
    index_base: int | None = None
    assumed: Assumption = NOTHING

    def under(self, assumed: Assumption) -> Convention:
        """The same with what is assumed in the place of what was found."""
        told = {name: getattr(assumed, name) for name in assumed.said}
        return replace(self, assumed=assumed, **told)

    def sentence(self) -> str:
        """The line at the top of a report."""
        return "; ".join((*self._of_network(), *self._of_digits()))

    def _of_network(self) -> Iterator[str]:
        """Which cost, which updates and which names."""
        cost = [self._told("loss", (self.loss or "").replace("_", " "))]
        if self.reduction is not None:
            cost.append(self._told("reduction", f"{REDUCTIONS[self.reduction].gathered} over the samples"))
        if any(cost):
            yield ", ".join(filter(None, cost))
        if self.optimizer is not None:
            against = f", against {self.against} of the network file" if self.against is not None else ""
            yield self._told("optimizer", f"updates by {self.optimizer}{against}")
        if self.online is not None:
            yield self._told("online", "an update after each sample" if self.online else "one update for all samples")
        if self.trains_biases is not None:
            yield self._told("trains_biases", "biases trained" if self.trains_biases else "biases not trained")
        if self.index_base == 0 or self.assumed.index_base is not None:  # that one counts from 1 goes without saying
            yield self._told("index_base", f"names counted from {self.index_base}")

    def _of_digits(self) -> Iterator[str]:
        """How numbers are shown and carried on."""
        onward = "more digits carried than shown" if self.carried else "shown numbers carried on"
        shown = ["numbers as they are" if self.digits is None else self._told("digits", f"{self.digits} decimals")]
        if self.digits is not None or self.assumed.mode is not None:
            shown.append(self._told("mode", _ROUNDED[self.mode]))
        yield ", ".join(shown)
        yield self._told("carried", onward)

    def _told(self, name: str, words: str) -> str:
        """The words for one of these, and whether it is assumed."""
        return f"{words} (assumed)" if name in self.assumed.said else words


def with_network(
    found: Convention, binder: Binder, bound: Sequence[Bound], network: Network, *, is_given: bool
) -> Convention:
    """A convention with what the numbers of a network tell.

    Parameters
    ----------
    found : Convention
    binder : Binder
    bound : sequence of Bound
    network : Network
    is_given : bool
        Whether its file says what it is; else it was read off the document.
    """
    kinds = {each.quantity.kind for each in bound if each.quantity is not None}
    has_updates, has_cost = not kinds.isdisjoint(UPDATED), not kinds.isdisjoint(_OF_COST)
    is_of_many = binder.ledger.online or binder.ledger.samples != (None,)
    if not is_given and has_cost:
        found = replace(found, loss=network.loss.name, reduction=network.reduction if is_of_many else None)
    if not is_given and has_updates:
        found = replace(found, trains_biases="b+" in kinds)
    used, stated = (each.example.optimizer for each in (binder.ledger.network, network) if each.example is not None)
    if used.name != stated.name:
        found = replace(found, optimizer=used.name, against=stated.name if is_given else None)
    online = binder.ledger.online if is_of_many and has_updates else None
    return replace(found, online=online, index_base=numbering_of(binder, bound).base_found).under(found.assumed)


def convention_of(pairs: Iterable[Pair], assumed: Assumption = NOTHING) -> Convention:
    """The convention under which most of a document's links are right to the last digit."""
    modes = MODES if assumed.mode is None else (assumed.mode,)
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
        votes.update(mode for mode in modes if rounded(value, pair.written, mode) == pair.written)
    digits = places.most_common(1)[0][0] if places else None
    mode = max(modes, key=lambda name: votes[name])
    missed = total - votes[mode]
    found = Convention(digits, mode, carried=missed >= FEWEST_MISSES and missed > LARGEST_SHARE * total)
    return found.under(assumed)
