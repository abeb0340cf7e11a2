"""What a writer's numbers are so far, and what follows from them.

A number that the document has is taken as it was written, right or wrong; every other one is worked out from those by
the network's own equations. So what follows from an earlier slip is not charged again.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from copy import copy
from decimal import Decimal
from typing import Any

import numpy as np

from workings.algebra.compiled import compiled
from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Expr
from workings.derivation.trace import Trace
from workings.errors import WorkingsError
from workings.marking.binding.by_hand import Way, entries, equations_of, way_of
from workings.marking.binding.candidates import FORWARD, GIVEN, UPDATED
from workings.marking.reading.claims import TOO_COMMON
from workings.network.network import Array, Network
from workings.network.quantity import Quantity

__all__ = ["FORWARD", "GIVEN", "UPDATED", "Ledger", "entries"]

FURTHEST = 3
"""Updates from what was written; further on everything follows from everything, and nobody works so far by hand."""


class Ledger:
    """The numbers of a document on one network.

    Attributes
    ----------
    network : Network
        With an example.
    equations : Equations
    claimed : dict
        What was written, by quantity with its update; the latest counts.
    """

    def __init__(self, network: Network, *, of_batch: bool = False) -> None:
        self.network = network
        self.equations = equations_of(network, of_batch=of_batch)
        self.claimed: dict[Quantity, float] = {}
        self._last = 1
        self._forget_all()

    def _forget_all(self) -> None:
        self._known: dict[Quantity, float] = {}
        self._rows: dict[int, Array] = {}
        self._stale: dict[int | None, set[Quantity]] = defaultdict(set)

    def claim(self, q: Quantity, value: float) -> None:
        """Take down what was written for a quantity."""
        self.claimed[q] = value
        if (q.update or 1) > self._last:
            self._last = q.update or 1
            self._forget_all()
        else:
            self._forget_followers(q)

    def _forget_followers(self, q: Quantity) -> None:
        """Forget what was worked out from a quantity, up to what has a number of its own."""
        waiting = [q]
        while waiting:
            for follower in self.equations.followers.get(waiting.pop(), ()):
                if self._known.pop(follower, None) is not None:
                    self._stale[follower.update].add(follower)
                    if follower not in self.claimed:
                        waiting.append(follower)

    def go_to(self, claimed: dict[Quantity, float]) -> None:
        """Take what was written up to another place; what both have in common is not worked out again."""
        for q in self.claimed.keys() - claimed.keys():
            del self.claimed[q]
            self._forget_followers(q)
        for q, value in claimed.items():
            if self.claimed.get(q) != value:
                self.claim(q, value)

    def as_of(self, claimed: dict[Quantity, float]) -> Ledger:
        """The same network with what was written up to some place."""
        earlier = copy(self)
        earlier.claimed = dict(claimed)
        earlier._forget_all()
        return earlier

    def value(self, q: Hashable) -> float:
        """What was written for it, or what follows from what was written."""
        assert isinstance(q, Quantity)  # formulas of the network hold nothing else
        found = self.claimed.get(q)
        return self.expected(q) if found is None else found

    def expected(self, q: Quantity) -> float:
        """What follows for it from what was written for others; nan where it is many updates from these."""
        if (known := self._known.get(q)) is not None:
            return known
        if (q.update or 1) > self._last + FURTHEST:
            return math.nan
        equation = self.equations.compiled(q)
        found = self.given(q) if equation is None else self._worked_out(equation, self.value)
        self._known[q] = found
        return found

    def expected_in(self, update: int) -> Array:
        """The same of every single number of an update, in the order of ``quantities``."""
        singles = self.equations.singles(update)
        row = self._rows.get(update)
        if row is None:
            row = self._rows[update] = np.array([self.expected(q) for q in singles.all])
        elif stale := self._stale.pop(update, None):
            for q in stale:
                if (at := singles.at.get(q)) is not None:
                    row[at] = self.expected(q)
        return row

    def number(self, formula: Expr) -> float:
        """The value of a formula of quantities; nan where it has none."""
        return self._worked_out(compiled(formula), self.value)

    def numbers_with(self, formula: Expr, q: Quantity, others: Sequence[Quantity]) -> Array:
        """The values of a formula with others in the place of a quantity, one by one; nan where it has none."""
        values = np.array([self.value(other) for other in others])

        def number(at: Array) -> Array:
            return np.asarray(evaluate(formula, lambda key: at if key == q else self.value(key)), dtype=float)

        try:
            return np.broadcast_to(number(values), values.shape)
        except (WorkingsError, ArithmeticError, ValueError, TypeError):  # a definition by cases decides for one number
            return np.array([self._worked_out(number, value) for value in values])

    def _worked_out(self, equation: Callable[[Any], Any], of: Any) -> float:
        try:
            return float(equation(of))
        except (WorkingsError, ArithmeticError, ValueError, TypeError):
            return math.nan

    def numbers(self, form: Expr) -> frozenset[Decimal]:
        """The numbers that a form would have put in, without their signs and those that every formula has."""
        return self.numbers_of(way_of(form))

    def numbers_of(self, way: Way) -> frozenset[Decimal]:
        """The same of a way to write an equation."""
        values = map(self.value, way.quantities)
        found = {abs(Decimal(repr(value))) for value in values if math.isfinite(value)}
        return (way.numbers | found) - TOO_COMMON

    def forms(self, q: Quantity) -> Iterator[Expr]:
        """The ways to write its equation: as it is, and with parts written out that a writer may have left out."""
        return (way.form for way in self.ways(q))

    def ways(self, q: Quantity) -> tuple[Way, ...]:
        """The same, each with what stands in it."""
        return self.equations.ways(q, self.claimed)

    # --- what the network fixes

    @property
    def trace(self) -> Trace:
        """The network's own numbers."""
        return self.equations.trace

    @property
    def samples(self) -> tuple[int | None, ...]:
        """The samples of the batch; None alone where there is no batch."""
        return self.equations.samples

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
