"""What a writer's numbers are so far, and what follows from them.

A number that the document has is taken as it was written, right or wrong; every other one is worked out from those by
the network's own equations. So what follows from an earlier slip is not charged again.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator
from copy import copy
from dataclasses import replace
from decimal import Decimal
from functools import cached_property

import numpy as np

from workings.algebra.evaluate import evaluate
from workings.algebra.expression import Expr, Number, Reference, add, parts, references, substitute
from workings.derivation.equations import SCALARS, error_in_full
from workings.derivation.order import samples
from workings.derivation.trace import Trace, dated
from workings.errors import WorkingsError
from workings.marking.claims import TOO_COMMON
from workings.network.bounds import shape
from workings.network.network import Network
from workings.network.quantity import KINDS, Quantity

FORWARD = ("z", "a", "C")
BACKWARD = ("dC/da", "da/dz", "delta", "dC/dW", "dC/db", "dz/dW", "dz/da")
UPDATED = ("W+", "b+")
GIVEN = ("x", "y", "W", "b", "eta", "l2")

FURTHEST = 3
"""Updates from what was written; further on everything follows from everything, and nobody works so far by hand."""


class Ledger:
    """The numbers of a document on one network.

    Attributes
    ----------
    network : Network
        With an example.
    claimed : dict
        What was written, by quantity with its update; the latest counts.
    of_batch : bool
        Whether this writer's errors of one sample are slopes of the cost of the whole batch, not of that sample's loss:
        the mean is taken at once and the gradients are sums.
    """

    def __init__(self, network: Network, *, of_batch: bool = False) -> None:
        self.network, self.of_batch, self.trace = network, of_batch, Trace(network)
        self.claimed: dict[Quantity, float] = {}
        self._known: dict[Quantity, float] = {}
        self._last = 1
        self._formulas: dict[Quantity, Expr | None] = {}
        self._quantities: dict[int, list[Quantity]] = {}

    def claim(self, q: Quantity, value: float) -> None:
        """Take down what was written for a quantity."""
        self.claimed[q] = value
        self._known.clear()
        self._last = max(self._last, q.update or 1)

    def as_of(self, claimed: dict[Quantity, float]) -> Ledger:
        """The same network with what was written up to some place."""
        earlier = copy(self)  # what the network fixes is shared
        earlier.claimed, earlier._known = dict(claimed), {}
        return earlier

    def value(self, q: Quantity) -> float:
        """What was written for it, or what follows from what was written."""
        found = self.claimed.get(q)
        return self.expected(q) if found is None else found

    def expected(self, q: Quantity) -> float:
        """What follows for it from what was written for others; nan where it is many updates from these."""
        if (q.update or 1) > self._last + FURTHEST:
            return math.nan
        if (known := self._known.get(q)) is not None:
            return known
        formula = self.formula(q)
        found = self.given(q) if formula is None else self.number(formula)
        self._known[q] = found
        return found

    def number(self, formula: Expr) -> float:
        """The value of a formula of quantities; nan where it has none."""
        try:
            return float(evaluate(formula, self._look_up))
        except (WorkingsError, ArithmeticError, ValueError, TypeError):
            return float("nan")

    def numbers(self, form: Expr) -> frozenset[Decimal]:
        """The numbers that a form would have put in, without their signs and those that every formula has."""
        found = set()
        for part in parts(form):
            if isinstance(part, Number):
                found.add(part.value)
            elif isinstance(part, Reference) and isinstance(part.key, Quantity):
                value = self.value(part.key)
                if math.isfinite(value):
                    found.add(abs(Decimal(repr(value))))
        return frozenset(found - TOO_COMMON)

    def given(self, q: Quantity) -> float:
        """A number of the file."""
        return float(self.trace.value(replace(q, update=None)))

    def formula(self, q: Quantity) -> Expr | None:
        """The equation of a quantity, about numbers of its update; None for what is given."""
        if q not in self._formulas:
            self._formulas[q] = self._made(q)
        return self._formulas[q]

    def _made(self, q: Quantity) -> Expr | None:
        u = q.update or 1
        if q.kind in {"W", "b"} and u > 1:
            return Reference(Quantity(f"{q.kind}+", q.layer, q.index, update=u - 1))
        if (
            q.kind == "da/dz"
            and len(q.index) == 1
            and self.network.layers[(q.layer or 1) - 1].activation.scope == "layer"
        ):
            return None  # such a slope has two indices
        formula = self._by_neurons(q) or SCALARS[q.kind](self.network, replace(q, update=None)).formula
        if formula is not None and self.of_batch:
            formula = self._of_batch(formula, q)
        return None if formula is None else dated(formula, u)

    def _by_neurons(self, q: Quantity) -> Expr | None:
        """Slopes that come through the neurons above, and an output's share of its own error, which is all of it.

        By hand nobody keeps the outputs' losses apart up to the end, and who does has the same numbers.
        """
        if q.kind not in {"dC/da", "delta"} or self.network.layers[-1].activation.scope != "neuron":
            return None
        if q.layer == self.network.depth and q.output is not None and q.index == (q.output,):
            return Reference(replace(q, output=None, update=None))
        if q.kind == "delta" or q.layer == self.network.depth or q.output is not None:
            return None
        assert q.layer is not None  # errors are those of a layer
        layer, (j,) = q.layer + 1, q.index
        above = range(self.network.sizes[layer])
        return add(
            tuple(
                Reference(Quantity("delta", layer, (k,), q.sample)) * Reference(Quantity("W", layer, (k, j)))
                for k in above
            )
        )

    def _of_batch(self, formula: Expr, q: Quantity) -> Expr:
        """The same where the mean over the samples is taken at the outputs already."""
        n = len(self.trace.example.inputs)
        is_summed = q.sample is None and q.kind in {"dC/dW", "dC/db"}
        begins = q.sample is not None and q.layer == self.network.depth and q.kind in {"dC/da", "delta"}
        if is_summed:
            return add(tuple(Reference(replace(q, sample=i, update=None)) for i in range(n)))
        if begins and (q.kind == "dC/da" or not any(_is_slope(part) for part in references(formula))):
            return formula / n
        return formula

    def forms(self, q: Quantity) -> Iterator[Expr]:
        """The ways to write its equation: as it is, and with parts written out that a writer may have left out."""
        formula = self.formula(q)
        if formula is None:
            return
        yield formula
        for other in self._other_ways(replace(q, update=None)):
            if other is not None and (other := dated(other, q.update or 1)) != formula:
                yield other
                formula = other if q.kind == "delta" else formula
        seen = {formula}
        for _depth in range(3):
            formula = substitute(formula, self._written_out)
            if formula in seen:
                return
            seen.add(formula)
            yield formula

    def _other_ways(self, q: Quantity) -> Iterator[Expr | None]:
        """Where the equations know a short cut, the chain rule in full; where paths meet, each output's share."""
        if q.kind == "delta" and q.layer == self.network.depth:
            yield error_in_full(self.network, q).formula
        elif q.kind == "dC/da" and q.layer != self.network.depth and q.output is None:
            yield SCALARS[q.kind](self.network, q).formula

    def _written_out(self, part: Reference) -> Expr:
        """The equation in the place of what is no step of its own in the document."""
        q = part.key
        if isinstance(q, Quantity) and q.kind in {*BACKWARD, "C"} and q not in self.claimed:
            return self.formula(q) or part
        return part

    def _look_up(self, key: Hashable) -> float:
        assert isinstance(key, Quantity)  # formulas of the network hold nothing else
        return self.value(key)

    def shape(self, q: Quantity) -> tuple[int, ...]:
        """How many numbers a whole vector or matrix has."""
        return shape(self.network, replace(q, update=None))

    def whole_quantities(self, update: int) -> Iterator[Quantity]:
        """Every whole vector and matrix of an update."""
        for sample in self.samples:
            yield from (Quantity(kind, sample=sample, update=update) for kind in ("x", "y"))
            for layer in range(1, self.network.depth + 1):
                kinds = ("z", "a", "dC/da", "da/dz", "delta")
                yield from (Quantity(kind, layer, sample=sample, update=update) for kind in kinds)
        for layer in range(1, self.network.depth + 1):
            of_batch = ("W", "b", "dC/dW", "dC/db", *UPDATED)
            yield from (Quantity(kind, layer, update=update) for kind in of_batch)

    @cached_property
    def samples(self) -> tuple[int | None, ...]:
        """The samples of the batch; None alone where there is no batch."""
        return samples(self.network)

    def quantities(self, update: int) -> list[Quantity]:
        """Every single number of an update, in the order in which one works them out."""
        if update not in self._quantities:
            self._quantities[update] = list(self._all(update))
        return self._quantities[update]

    def _all(self, update: int) -> Iterator[Quantity]:
        sizes = self.network.sizes
        for sample in self.samples:
            for kind, n in (("x", sizes[0]), ("y", sizes[-1])):
                yield from (Quantity(kind, None, (i,), sample, update=update) for i in range(n))
        for layer in range(1, self.network.depth + 1):
            for kind in ("W", "b", *FORWARD[:2], *BACKWARD, *UPDATED):
                sampled = KINDS[kind].sampled
                of_samples = self.samples if sampled != "never" else (None,)
                if sampled == "optional" and self.samples != (None,):
                    of_samples = (None, *of_samples)
                for sample in of_samples:
                    whole = Quantity(kind, layer, sample=sample, update=update)
                    yield from entries(whole, self.shape(whole))
        batch = () if self.samples == (None,) else self.samples
        for sample in (None, *batch):
            yield Quantity("C", sample=sample, update=update)
            if sizes[-1] > 1 and (sample is not None or not batch):
                yield from (Quantity("C", sample=sample, output=k, update=update) for k in range(sizes[-1]))
        yield Quantity("eta", update=update)
        if self.network.l2:
            yield Quantity("l2", update=update)


def entries(q: Quantity, shape: tuple[int, ...]) -> Iterator[Quantity]:
    """The single numbers of a whole vector or matrix, row by row."""
    return (replace(q, index=index) for index in np.ndindex(shape))


def _is_slope(part: Reference) -> bool:
    return isinstance(part.key, Quantity) and part.key.kind == "dC/da"
