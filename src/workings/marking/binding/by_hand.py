"""The equations of a network as people work them out by hand: made once, for every document about the network."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache

import numpy as np

from workings.algebra.compiled import Compiled, compiled
from workings.algebra.expression import Expr, Number, Reference, add, parts, references, substitute
from workings.derivation.equations import SCALARS, error_in_full
from workings.derivation.order import samples
from workings.derivation.trace import Trace, dated
from workings.marking.binding.candidates import FORWARD, UPDATED, Candidates
from workings.marking.reading.claims import TOO_COMMON
from workings.network.bounds import shape
from workings.network.network import Network
from workings.network.quantity import KINDS, Quantity

BACKWARD = ("dC/da", "da/dz", "delta", "dC/dW", "dC/db", "dz/dW", "dz/da")

_OWN_STEPS = frozenset({*BACKWARD, "C"})
"""What is written out in the place where it is used, by those who make no step of its own of it."""

_MOST_KEPT = 20_000
"""Equations that are kept for the next document; one that makes thousands of updates must not fill the memory."""

_MOST_WAYS = 8
"""To write one equation that are kept: documents differ in what they make steps of their own."""


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way to write an equation, and what stands in it.

    Attributes
    ----------
    form : Expr
    quantities : tuple of Quantity
        Each once, in the order of the formula.
    places : frozenset of Quantity
        The same without their update.
    numbers : frozenset of Decimal
        Those of the formula itself, without the ones that every formula has.
    """

    form: Expr
    quantities: tuple[Quantity, ...]
    places: frozenset[Quantity]
    numbers: frozenset[Decimal]


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """All ways to write an equation, as long as some quantities have steps of their own and others have none."""

    all: tuple[Way, ...]
    of_own: frozenset[Quantity]
    written_out: frozenset[Quantity]

    def hold(self, claimed: Collection[Quantity]) -> bool:
        """Whether these are the ways where something was written for these quantities."""
        return all(q in claimed for q in self.of_own) and not any(q in claimed for q in self.written_out)


class Equations:
    """The equations of one network.

    Attributes
    ----------
    network : Network
        With an example.
    of_batch : bool
        Whether errors of one sample are slopes of the cost of the whole batch, not of that sample's loss: the mean is
        taken at once and the gradients are sums.
    followers : dict
        Which quantities have one in their equation, of those that were asked for so far.
    """

    def __init__(self, network: Network, of_batch: bool) -> None:
        self.network, self.of_batch, self.trace = network, of_batch, Trace(network)
        self.followers: dict[Quantity, list[Quantity]] = defaultdict(list)
        self._formulas: dict[Quantity, Expr | None] = {}
        self._compiled: dict[Quantity, Compiled | None] = {}
        self._sources: dict[Quantity, tuple[Quantity, ...]] = {}
        self._ways: dict[Quantity, list[Ways]] = {}
        self._given: dict[Quantity, float] = {}
        self._singles: dict[int, Candidates] = {}
        self._wholes: dict[int, Candidates] = {}

    @property
    def n_kept(self) -> int:
        """How many equations were made so far."""
        return len(self._formulas)

    def given(self, q: Quantity) -> float:
        """A number of the file."""
        if (found := self._given.get(q)) is None:
            found = self._given[q] = float(self.trace.value(replace(q, update=None)))
        return found

    def compiled(self, q: Quantity) -> Compiled | None:
        """The equation of a quantity as a function; None for what is given."""
        if q not in self._compiled:
            formula = self.formula(q)
            self._compiled[q] = None if formula is None else compiled(formula)
            for key in self.sources(q):
                self.followers[key].append(q)
        return self._compiled[q]

    def sources(self, q: Quantity) -> tuple[Quantity, ...]:
        """What stands in the equation of a quantity, each once; nothing for what is given."""
        if (found := self._sources.get(q)) is None:
            formula = self.formula(q)
            found = self._sources[q] = () if formula is None else quantities_of(formula)
        return found

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

    def ways(self, q: Quantity, claimed: Collection[Quantity]) -> tuple[Way, ...]:
        """The ways to write its equation: as it is, and with parts written out that a writer may have left out.

        Parameters
        ----------
        q : Quantity
        claimed : collection of Quantity
            What has a step of its own, and so is not written out.
        """
        kept = self._ways.setdefault(q, [])
        found = next((ways for ways in kept if ways.hold(claimed)), None)
        if found is None:
            found = self._ways_anew(q, claimed)
            kept.insert(0, found)
            del kept[_MOST_WAYS:]
        return found.all

    def _ways_anew(self, q: Quantity, claimed: Collection[Quantity]) -> Ways:
        of_own: set[Quantity] = set()
        written_out: set[Quantity] = set()

        def put(part: Reference) -> Expr:
            key = part.key
            if not isinstance(key, Quantity) or key.kind not in _OWN_STEPS:
                return part
            (of_own if key in claimed else written_out).add(key)
            return part if key in claimed else self.formula(key) or part

        formula = self.formula(q)
        if formula is None:
            return Ways((), frozenset(), frozenset())
        forms = [formula]
        for other in self._other_ways(replace(q, update=None)):
            if other is not None and (other := dated(other, q.update or 1)) != formula:
                forms.append(other)
                formula = other if q.kind == "delta" else formula
        seen = {formula}
        for _depth in range(3):
            formula = substitute(formula, put)
            if formula in seen:
                break
            seen.add(formula)
            forms.append(formula)
        return Ways(tuple(map(way_of, forms)), frozenset(of_own), frozenset(written_out))

    def _other_ways(self, q: Quantity) -> Iterator[Expr | None]:
        """Where the equations know a short cut, the chain rule in full; where paths meet, each output's share."""
        if q.kind == "delta" and q.layer == self.network.depth:
            yield error_in_full(self.network, q).formula
        elif q.kind == "dC/da" and q.layer != self.network.depth and q.output is None:
            yield SCALARS[q.kind](self.network, q).formula

    def shape(self, q: Quantity) -> tuple[int, ...]:
        """How many numbers a whole vector or matrix has."""
        return shape(self.network, replace(q, update=None))

    def _all_whole(self, update: int) -> Iterator[Quantity]:
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

    def singles(self, update: int) -> Candidates:
        """Every single number of an update, in the order in which one works them out."""
        if update not in self._singles:
            self._singles[update] = Candidates(tuple(self._all(update)))
        return self._singles[update]

    def wholes(self, update: int) -> Candidates:
        """Every whole vector and matrix of an update."""
        if update not in self._wholes:
            self._wholes[update] = Candidates(tuple(self._all_whole(update)))
        return self._wholes[update]

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


def quantities_of(form: Expr) -> tuple[Quantity, ...]:
    """What stands in a formula, each once, in its order."""
    return tuple(dict.fromkeys(part.key for part in references(form) if isinstance(part.key, Quantity)))


def way_of(form: Expr) -> Way:
    """A formula, and what stands in it."""
    quantities = quantities_of(form)
    numbers = frozenset(part.value for part in parts(form) if isinstance(part, Number))
    return Way(form, quantities, frozenset(replace(q, update=None) for q in quantities), numbers - TOO_COMMON)


@lru_cache(maxsize=4)
def _kept(network: Network, of_batch: bool) -> Equations:
    return Equations(network, of_batch)


def equations_of(network: Network, *, of_batch: bool) -> Equations:
    """The equations of a network; a class of answers to one exercise shares them."""
    found = _kept(network, of_batch)
    return found if found.n_kept <= _MOST_KEPT else Equations(network, of_batch)
