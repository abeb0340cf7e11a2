"""The equations of one network, each made once for all documents about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set
from functools import lru_cache

import numpy as np

from workings.algebra.compiled import Compiled, compiled
from workings.algebra.expression import Expr
from workings.derivation.trace import Trace
from workings.marking.binding.by_hand import ByHand
from workings.marking.binding.candidates import Candidates
from workings.marking.binding.kept import Kept
from workings.marking.binding.quantities import GIVEN, entries, singles, wholes
from workings.marking.binding.ways import Way, Ways, quantities_of, ways_of
from workings.network.bounds import shape
from workings.network.network import Array, Network
from workings.network.quantity import Quantity

_MOST_KEPT = 20_000
"""Equations that are kept for the next document; one that makes thousands of updates must not fill the memory."""

_MOST_WAYS = 8
"""To write one equation that are kept: documents differ in what they make steps of their own."""


class Equations:
    """What depends on the network alone, made when it is asked for and kept.

    Attributes
    ----------
    trace : Trace
        The network's own numbers.
    quantities : list of Quantity
        Those asked for so far. Their positions in it stand for them where every look-up counts.
    at : mapping
        The position of each.
    followers : list of list of int
        For each position those of the functions with its number in them.
    made_from : mapping
        For each position those of what stands in the equation.
    functions : mapping
        For each position the equation as a function of numbers at positions; None for what is given.
    in_file : mapping
        For candidates of the first update those of them that the file has, and their numbers, one row each.
    """

    def __init__(self, network: Network, of_batch: bool) -> None:
        self.trace = Trace(network)
        self.quantities: list[Quantity] = []
        self.at = Kept(self._appended)
        self.followers: list[list[int]] = []
        self.functions = Kept(self._function)
        self._network = network
        self._by_hand = ByHand(network, of_batch)
        self._formulas = Kept(self._by_hand.formula)
        self.made_from = Kept(self._found_in_formula)
        self._given = Kept(self._number)
        self.in_file = Kept(self._numbers)
        self._ways: dict[int, list[Ways]] = defaultdict(list)
        self._singles = Kept(self._singles_of)
        self._wholes = Kept(self._wholes_of)

    @property
    def n_kept(self) -> int:
        """How many equations were made so far."""
        return len(self._formulas)

    def _appended(self, q: Quantity) -> int:
        self.quantities.append(q)
        self.followers.append([])
        return len(self.quantities) - 1

    def _function(self, at: int) -> Compiled | None:
        q = self.quantities[at]
        for source in self.made_from[at]:
            self.followers[source].append(at)
        formula = self.formula(q)
        return None if formula is None else compiled(formula, self.at.__getitem__)

    def formula(self, q: Quantity) -> Expr | None:
        """The equation of a quantity, about numbers of its update; None for what is given."""
        return self._formulas[q]

    def sources(self, q: Quantity) -> tuple[Quantity, ...]:
        """What stands in the equation of a quantity, each once; nothing for what is given."""
        return tuple(self.quantities[at] for at in self.made_from[self.at[q]])

    def _found_in_formula(self, at: int) -> tuple[int, ...]:
        formula = self.formula(self.quantities[at])
        return () if formula is None else tuple(self.at[q] for q in quantities_of(formula))

    def given(self, q: Quantity) -> float:
        """A number of the file."""
        return self._given[q]

    def _number(self, q: Quantity) -> float:
        return float(self.trace.value(q.dated(None)))

    def _numbers(self, candidates: Candidates) -> tuple[list[Quantity], Array]:
        of_each = len(candidates.at) // len(candidates.all)
        found = [at for at, q in enumerate(candidates.all) if q.kind in GIVEN]
        numbers = [self.given(self.quantities[at]) for i in found for at in candidates.at[i * of_each :][:of_each]]
        return [candidates.all[i] for i in found], np.array(numbers).reshape(len(found), of_each)

    def ways(self, q: Quantity, written: Set[int]) -> tuple[Way, ...]:
        """The ways to write its equation: as it is, and with parts written out that a writer may have left out.

        Parameters
        ----------
        q : Quantity
        written : set of int
            The positions of what has a step of its own, and so is not written out.
        """
        kept = self._ways[self.at[q]]
        for ways in kept:
            if ways.hold(written):
                return ways.all
        ways = self._ways_anew(q, written)
        kept.insert(0, ways)
        del kept[_MOST_WAYS:]
        return ways.all

    def _ways_anew(self, q: Quantity, written: Set[int]) -> Ways:
        if (formula := self.formula(q)) is None:
            return Ways((), frozenset(), frozenset())
        other = self._by_hand.other_form(q)
        forms = [formula] if other is None or other == formula else [formula, other]
        short = forms[-1] if q.kind == "delta" else formula
        return ways_of(forms, short, self.formula, self.at.__getitem__, written)

    def shape(self, q: Quantity) -> tuple[int, ...]:
        """How many numbers a whole vector or matrix has."""
        return shape(self._network, q)

    def singles(self, update: int) -> Candidates:
        """Every single number of an update, in the order in which one works them out."""
        return self._singles[update]

    def candidates(self, update: int, shape: tuple[int, int] | None) -> Candidates | None:
        """What a matrix of this shape may be, or a single number; None where the network has nothing of the kind."""
        return self._singles[update] if shape is None else self._wholes[update].get(shape)

    def _singles_of(self, update: int) -> Candidates:
        found = tuple(singles(self._network, update))
        return Candidates(found, tuple(self.at[q] for q in found))

    def _wholes_of(self, update: int) -> dict[tuple[int, ...], Candidates]:
        """The whole vectors, as columns, and matrices by their shape."""
        groups: dict[tuple[int, ...], list[Quantity]] = defaultdict(list)
        for q in wholes(self._network, update):
            n, *columns = self.shape(q)
            groups[n, *(columns or [1])].append(q)
        return {
            shape: Candidates(
                tuple(group), tuple(self.at[single] for q in group for single in entries(q, self.shape(q)))
            )
            for shape, group in groups.items()
        }


@lru_cache(maxsize=4)
def _kept(network: Network, of_batch: bool) -> Equations:
    return Equations(network, of_batch)


def equations_of(network: Network, *, of_batch: bool) -> Equations:
    """The equations of a network; a class of answers to one exercise shares them."""
    found = _kept(network, of_batch)
    return found if found.n_kept <= _MOST_KEPT else Equations(network, of_batch)
