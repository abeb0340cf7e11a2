"""Which quantities are meant by what is told in words, and whether their numbers are right."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from workings.marking.bind import Binder, Bound
from workings.marking.binding.choosing import LEAST_SCORE
from workings.marking.binding.custom import is_cost
from workings.marking.binding.moments import Moments
from workings.marking.checking.comparing import last_place
from workings.marking.reading.claims import Claim
from workings.marking.reading.prose import Told
from workings.network.quantity import Quantity

FEWEST_FIGURES = 3
"""Of a wrong number; with fewer any other is a typing error away."""

_OF_A_PASS = frozenset({"z", "a", "C"})


def bound_in_words(told: Told, binder: Binder, moments: Moments) -> Iterator[Bound]:
    """The numbers that are told, each with its quantity: the one it fits, or the only one that may be meant."""
    readings = list(_readings(told, binder))
    if not readings and not told.kinds:
        yield binder.bind(told.claims[0])  # a name for something else: its number tells what it is
        return
    fitting = [
        each for each in readings if all(map(_fits, each, (_numbers(q, binder, moments) for q in each.values())))
    ]
    chosen = fitting[0] if fitting else readings[0] if len(readings) == 1 else {}
    for claim in told.claims:
        q = chosen.get(claim)
        yield Bound(claim, None) if q is None else _bound(claim, q, told, binder, moments)


def _bound(claim: Claim, q: Quantity, told: Told, binder: Binder, moments: Moments) -> Bound:
    """A claim with its quantity; the ledger takes its number down where it is one of the round that is worked out."""
    numbers = _numbers(q, binder, moments)
    if all(map(math.isnan, numbers)):
        return Bound(claim, None)
    if len(claim.numbers[0].as_tuple().digits) < FEWEST_FIGURES and not _fits(claim, numbers):
        return Bound(claim, None)
    is_confirmed = any(known.kind == q.kind for known in binder.ledger.claimed)
    right = next((number for number in numbers if _fits(claim, (number,))), numbers[0])
    if told.moments and q.update != binder.update:
        return Bound(claim, q, LEAST_SCORE, right, is_sure=is_confirmed)
    bound = replace(binder.known_before(claim, q, LEAST_SCORE), expected=right, is_sure=False)
    if q not in binder.ledger.claimed:
        binder.learn(claim, q)
    return bound


def _readings(told: Told, binder: Binder) -> Iterator[dict[Claim, Quantity]]:
    """The ways to understand it: a quantity for each number."""
    next_round = [binder.update + 1] if binder.has_updated else []
    updates = [n + 1 for n in told.moments] or [binder.update, *next_round]
    for update in updates:
        for quantities in _places(told, binder):
            yield {claim: replace(q, update=update) for claim, q in zip(told.claims, quantities, strict=True)}


def _places(told: Told, binder: Binder) -> Iterator[list[Quantity]]:
    """The same without the moment."""
    network = binder.ledger.network
    if not told.kinds:
        name = str(told.claims[0].subject)
        meant = binder.meaning.get(name, Quantity("C") if is_cost(name) else None)
        if meant is not None and meant.kind in _OF_A_PASS and not meant.is_whole:
            yield [replace(meant, update=None)]
        return
    n = len(told.claims)
    for kind in told.kinds:
        if kind == "C":
            if n == 1 and (told.where is None or told.kinds == ("C",)):
                yield [Quantity("C")]
            continue
        if binder.ledger.samples != (None,):
            continue  # of a batch nobody says in words which sample is meant
        for layer in _layers(told, network.depth):
            size = network.sizes[layer]
            if told.neuron is not None and n == 1 and told.neuron <= size:
                yield [Quantity(kind, layer, (told.neuron - 1,))]
            elif told.neuron is None and n == size:
                yield [Quantity(kind, layer, (j,)) for j in range(size)]


def _layers(told: Told, depth: int) -> range:
    """The layers that may be meant; without a word for where, none."""
    if told.where == "output":
        return range(depth, depth + 1)
    if told.where is None:
        return range(0)
    return range(1, depth) if told.layer is None else range(told.layer, min(told.layer + 1, depth))


def _numbers(q: Quantity, binder: Binder, moments: Moments) -> tuple[float, ...]:
    """What may stand there: what follows from the writer's own numbers, and what is true."""
    true = math.nan if binder.ledger.online else moments.value(q)  # nobody knows what is counted there
    is_near = (q.update or 1) <= binder.update + binder.has_updated
    return (binder.ledger.expected(q), true) if is_near else (true,)


def _fits(claim: Claim, numbers: tuple[float, ...]) -> bool:
    """Whether the number of a claim is one of these, to the digits it has."""
    written = claim.result or Decimal(0)
    return any(abs(float(written) - number) <= 1.01 * float(last_place(written)) for number in numbers)
