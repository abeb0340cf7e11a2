"""What the claims of a document are about: of all readings the one that explains most of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from types import MappingProxyType

from workings.marking.assumption import Assumption
from workings.marking.bind import Binder, Bound
from workings.marking.binding.choosing import LEAST_SCORE
from workings.marking.binding.ledger import Ledger
from workings.marking.binding.meant import bound_in_words
from workings.marking.binding.moments import Moments
from workings.marking.binding.names import Names
from workings.marking.checking.naming import misplaced
from workings.marking.checking.placing import other_places
from workings.marking.reading.claims import Claim
from workings.marking.reading.prose import Told
from workings.network.network import Network
from workings.network.quantity import Quantity

_MOST_PLACES = 6
"""That are tried for steps which may be about another quantity than it seems."""


def interpret(
    found: list[Claim], told: list[Told], networks: Sequence[Network], assumed: Assumption, *, is_given: bool
) -> tuple[Binder | None, list[Bound]]:
    """All claims with their quantities, where no step can be about another one that explains the rest better.

    Parameters
    ----------
    found : list of Claim
    told : list of Told
        What the document's words tell.
    networks : sequence of Network
        What it may be about, likeliest first; none where nothing is known.
    assumed : Assumption
        What is taken for granted about how the writer works.
    is_given : bool
        Whether the network was given, and not read off the document.

    Returns
    -------
    binder : Binder, optional
        What is known in the end; None where there is no network.
    bound : list of Bound
        In the order of the text.
    """
    if not networks:
        return None, [Bound(claim, None) for claim in found]
    readings = [
        partial(_bound, found, told, assumed, begin, is_given=is_given)
        for network in networks
        for begin in _readings(network, assumed)
    ]
    # what is found out later is told to this reading alone: in another one the quantities are others
    bind, (binder, bound) = max(
        ((read, read()) for read in readings), key=lambda reading: sum(each.score for each in reading[1][1])
    )
    if binder.guesses:  # what comes later tells more of them
        knowing = partial(bind, names=binder.told())
        again, bound_again = knowing()
        if len(again.guesses) <= len(binder.guesses):
            bind, binder, bound = knowing, again, bound_again
    placed = misplaced(binder, bound)
    if placed:
        binder, bound = bind(placed=placed)
    for claim, q in islice(other_places(binder, bound), _MOST_PLACES):
        tried = {**placed, claim: q}
        other, otherwise = bind(placed=tried)
        if _explained(otherwise, tried) > _explained(bound, tried):
            placed, binder, bound = tried, other, otherwise
    return binder, bound


def _explained(bound: Sequence[Bound], placed: Mapping[Claim, Quantity]) -> float:
    """How well the claims fit their quantities, those aside whose place was not found from their numbers."""
    return sum(each.score for each in bound if each.claim not in placed)


def _bound(
    found: list[Claim],
    told: list[Told],
    assumed: Assumption,
    begin: Callable[[], Ledger],
    *,
    is_given: bool,
    names: Mapping[str, Quantity] = MappingProxyType({}),
    placed: Mapping[Claim, Quantity] = MappingProxyType({}),
) -> tuple[Binder, list[Bound]]:
    """All claims with their quantities in one reading of updates and samples."""
    dated = {claim for each in told for claim in each.claims}
    in_order: list[Claim | Told] = sorted(
        [*(claim for claim in found if claim not in dated), *told], key=lambda each: each.start
    )
    ledger = begin()
    binder, moments = Binder(ledger, is_given, assumed, Names(names)), Moments(ledger.network)
    bound: list[Bound] = []
    for each in in_order:
        if isinstance(each, Told):
            bound += bound_in_words(each, binder, moments)
        else:
            bound.append(_placed(each, placed[each], binder) if each in placed else binder.bind(each))
    return binder, bound


def _placed(claim: Claim, q: Quantity, binder: Binder) -> Bound:
    """A claim whose quantity is known beforehand."""
    bound = binder.known_before(claim, q, LEAST_SCORE)
    binder.meaning.pop(str(claim.subject), None)  # that was another quantity's
    binder.learn(claim, q)
    return bound


def _readings(network: Network, assumed: Assumption) -> Iterator[Callable[[], Ledger]]:
    """The ways to go through samples: all for one update, with their mean taken late or early, or one an update."""
    is_batch = network.example is not None and network.example.is_batch
    if not (is_batch and assumed.online):
        yield partial(Ledger, network)
        if is_batch and network.reduction == "mean":
            yield partial(Ledger, network, of_batch=True)
    if is_batch and assumed.online is not False:
        yield partial(Ledger, network, online=True)
