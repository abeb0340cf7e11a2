"""What a writer's numbers are so far, and what follows from them.

A number that the document has is taken as it was written, right or wrong; every other one is worked out from those by
the network's own equations. So what follows from an earlier slip is not charged again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from workings.algebra.compiled import Compiled, compiled
from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Expr
from workings.derivation.order import samples
from workings.derivation.trace import Trace
from workings.errors import WorkingsError
from workings.marking.binding.candidates import Candidates
from workings.marking.binding.equations import equations_of
from workings.marking.binding.kept import Kept
from workings.marking.binding.quantities import FORWARD, GIVEN, UPDATED, entries
from workings.marking.binding.ways import Way, numbers_in, quantities_of
from workings.marking.reading.claims import TOO_COMMON
from workings.network.network import Array, Network
from workings.network.quantity import Quantity

__all__ = ["FORWARD", "GIVEN", "UPDATED", "Ledger", "entries"]

FURTHEST = 3
"""Updates from what was written; further on everything follows from everything, and nobody works so far by hand."""

_TOO_COMMON = frozenset(map(float, TOO_COMMON))


@dataclass(frozen=True, slots=True)
class Claimed:
    """What was written up to some place of a document.

    Attributes
    ----------
    log : list
        What was written for which quantity, in the order of the text, and perhaps beyond that place.
    n : int
        How much of it was written.
    """

    log: list[tuple[Quantity, float]] = field(default_factory=list)
    n: int = 0

    def all(self) -> dict[Quantity, float]:
        """By quantity; the latest counts."""
        return dict(self.log[: self.n])


class Ledger:
    """The numbers of a document on one network.

    Attributes
    ----------
    network : Network
        With an example.
    equations : Equations
    claimed : dict
        What was written, by quantity with its update; the latest counts.
    written : set of int
        The positions of the same.
    """

    def __init__(self, network: Network, *, of_batch: bool = False) -> None:
        self.network = network
        self.equations = equations_of(network, of_batch=of_batch)
        self.claimed: dict[Quantity, float] = {}
        self._log: list[tuple[Quantity, float]] = []
        self._gone = 0
        self._last = 1
        self._begin()

    def _begin(self) -> None:
        """With what was written, and nothing worked out yet; everything by position."""
        written = {self.equations.at[q]: value for q, value in self.claimed.items()}
        self.written = set(written)
        self._expected = Kept(self._following)
        self._values = Kept(self._expected.__getitem__)
        self._values.update(written)
        self._claimed_of = Kept(self._are_claimed)

    def claim(self, q: Quantity, value: float) -> None:
        """Take down what was written for a quantity."""
        self._log.append((q, value))
        self.claimed[q] = value
        if (q.update or 1) > self._last:
            self._last = q.update or 1
            self._begin()
            return
        at = self.equations.at[q]
        self.written.add(at)
        self._values[at] = value
        for candidates, are_claimed in self._claimed_of.items():
            if (i := candidates.starting.get(at)) is not None:
                are_claimed[i] = True
        self._forget_followers(at)

    def _forget_followers(self, at: int) -> None:
        """Forget what was worked out from a number, up to what has a number of its own."""
        followers, expected, values, written = self.equations.followers, self._expected, self._values, self.written
        waiting = [at]
        while waiting:
            for follower in followers[waiting.pop()]:
                if follower in expected:
                    del expected[follower]
                    if follower not in written:
                        values.pop(follower, None)
                        waiting.append(follower)

    @property
    def so_far(self) -> Claimed:
        """What was written up to here."""
        return Claimed(self._log, len(self._log))

    def go_to(self, place: Claimed, instead: Mapping[Quantity, float] = MappingProxyType({})) -> None:
        """Take what was written up to another place of one document; what both have in common is not worked out again.

        Parameters
        ----------
        place : Claimed
        instead : mapping
            The numbers that are taken for some quantities whatever was written for them.
        """
        if place.n < self._gone:
            self._gone = 0
            self.claimed = {}
            self._begin()
        for q, written in place.log[self._gone : place.n]:
            value = instead.get(q, written)
            if self.claimed.get(q) != value:
                self.claim(q, value)
        self._gone = place.n

    def as_of(self, claimed: dict[Quantity, float]) -> Ledger:
        """The same network with what was written up to some place."""
        earlier = copy(self)
        earlier.claimed = dict(claimed)
        earlier._log, earlier._gone = [], 0
        earlier._begin()
        return earlier

    def value(self, q: Hashable) -> float:
        """What was written for it, or what follows from what was written."""
        assert isinstance(q, Quantity)  # formulas of the network hold nothing else
        return self._values[self.equations.at[q]]

    def expected(self, q: Quantity) -> float:
        """What follows for it from what was written for others; nan where it is many updates from these."""
        return self._expected[self.equations.at[q]]

    def expected_of(self, candidates: Candidates) -> Array:
        """The same of all numbers of some quantities, shape (n, numbers of each)."""
        return candidates.numbers(self._expected)

    def has_claimed(self, candidates: Candidates) -> Array:
        """Whether each of some quantities was written."""
        return self._claimed_of[candidates]

    def _are_claimed(self, candidates: Candidates) -> Array:
        return np.array([at in self.written for at in candidates.starting])

    def _following(self, at: int) -> float:
        q = self.equations.quantities[at]
        if (q.update or 1) > self._last + FURTHEST:
            return math.nan
        function = self.equations.functions[at]
        found = self.given(q) if function is None else self._worked_out(function, self._values)
        self._values.setdefault(at, found)
        return found

    def number(self, formula: Expr) -> float:
        """The value of a formula of quantities; nan where it has none."""
        return self.worked_out(compiled(formula, self.equations.at.__getitem__))

    def worked_out(self, function: Compiled) -> float:
        """The value of a formula that was made a function of the numbers at positions; nan where it has none."""
        return self._worked_out(function, self._values)

    def numbers_with(self, formula: Expr, q: Quantity, others: Sequence[Quantity]) -> Array:
        """The values of a formula with others in the place of a quantity, one by one; nan where it has none."""
        values = np.array([self.value(other) for other in others])

        def number(at: Array) -> Array:
            return np.asarray(evaluate(formula, lambda key: at if key == q else self.value(key)), dtype=float)

        try:
            return np.broadcast_to(number(values), values.shape)
        except (WorkingsError, ArithmeticError, ValueError, TypeError):  # a definition by cases decides for one number
            return np.array([self._worked_out(number, value) for value in values])

    def _worked_out(self, function: Callable[[Any], Any], of: Any) -> float:
        try:
            return float(function(of))
        except (WorkingsError, ArithmeticError, ValueError, TypeError):
            return math.nan

    def numbers(self, form: Expr) -> frozenset[Decimal]:
        """The numbers that a form would have put in, without their signs and those that every formula has."""
        return numbers_in(form) | _put_in(map(self.value, quantities_of(form)))

    def numbers_of(self, way: Way) -> frozenset[Decimal]:
        """The same of a way to write an equation."""
        return way.numbers | _put_in(self._values[at] for at in way.at)

    def sizes_of(self, way: Way) -> Set[float]:
        """The same once more as floats, which are compared faster."""
        sizes = {size for at in way.at if (size := abs(self._values[at])) < math.inf}
        return (sizes - _TOO_COMMON) | way.sizes

    def forms(self, q: Quantity) -> Iterator[Expr]:
        """The ways to write its equation: as it is, and with parts written out that a writer may have left out."""
        return (way.form for way in self.ways(q))

    def ways(self, q: Quantity) -> tuple[Way, ...]:
        """The same, each with what stands in it."""
        return self.equations.ways(q, self.written)

    # --- what the network fixes

    @property
    def trace(self) -> Trace:
        """The network's own numbers."""
        return self.equations.trace

    @property
    def samples(self) -> tuple[int | None, ...]:
        """The samples of the batch; None alone where there is no batch."""
        return samples(self.network)

    def given(self, q: Quantity) -> float:
        """A number of the file."""
        return self.equations.given(q)

    def formula(self, q: Quantity) -> Expr | None:
        """The equation of a quantity, about numbers of its update; None for what is given."""
        return self.equations.formula(q)

    def shape(self, q: Quantity) -> tuple[int, ...]:
        """How many numbers a whole vector or matrix has."""
        return self.equations.shape(q)

    def quantities(self, update: int) -> tuple[Quantity, ...]:
        """Every single number of an update, in the order in which one works them out."""
        return self.equations.singles(update).all


def _put_in(values: Iterable[float]) -> frozenset[Decimal]:
    return frozenset(_size(value) for value in values if math.isfinite(value)) - TOO_COMMON


@lru_cache(maxsize=4096)
def _size(value: float) -> Decimal:
    """A number without its sign, as it is written out in full."""
    return abs(Decimal(repr(value)))
