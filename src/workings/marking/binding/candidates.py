"""The quantities that a claim may be about, side by side, and what is said for and against each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from operator import attrgetter, itemgetter

import numpy as np

from workings.marking.binding.custom import derivative, is_cost, of_index, of_letter, old_name, stem_and_tag, told
from workings.marking.binding.kept import Kept
from workings.marking.binding.names import Alike, Known
from workings.marking.binding.quantities import FORWARD, GIVEN, UPDATED
from workings.network.network import Array
from workings.network.quantity import KINDS, OF_A_PARAMETER, Quantity, of_a_parameter

_COPIES = frozenset({"dz/dW", "dz/da", "dC/db"})

_SLACK = 1e-9
"""Sums in another order differ by less."""

_OF_SAME_LAYER = 0.3
"""For the layer of all names that begin in the same way: letters may go on for the next one."""

_OF_SEVERAL = 1.2
"""Against one of several, for a letter without an index: g is no single weight's slope where there are two."""

_LIKELY = 1.0
"""By how much the likeliest candidates may be less likely than the first of them."""

_MOST_KEPT = 100_000
"""Numbers for and against candidates."""


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """What is said for and against some of the candidates before their numbers are looked at.

    Attributes
    ----------
    candidates : Candidates
    places : array of int
        Which of the candidates these are.
    pick : callable
        Their numbers, given those at all positions.
    by_name : array
        What the name of a claim says for each, and against it.
    against : array
        What is taken off for its kind.
    most : array
        What comes of both at most.
    limit : float
        The largest of these.
    """

    candidates: Candidates
    places: Array
    pick: Callable[[Mapping[int, float]], tuple[float, ...]]
    by_name: Array
    against: Array
    most: Array
    limit: float

    def numbers(self, values: Mapping[int, float]) -> Array:
        """Their numbers, given those at all positions; shape (n, numbers of each)."""
        return np.array(self.pick(values)).reshape(len(self.places), -1)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Quantities of one shape in a row.

    Attributes
    ----------
    all : tuple of Quantity
    at : tuple of int
        The positions of their numbers, those of each quantity together, row by row.
    """

    all: tuple[Quantity, ...]
    at: tuple[int, ...]

    @cached_property
    def starting(self) -> dict[int, int]:
        """Which of them has its first number at a position."""
        return {at: i for i, at in enumerate(self.at[:: len(self.at) // len(self.all)])}

    @cached_property
    def _at_place(self) -> dict[Quantity, int]:
        """Where each one stands, by the quantity without its update."""
        return {q.dated(None): at for at, q in enumerate(self.all)}

    @cached_property
    def _sorts(self) -> tuple[list[Quantity], Array]:
        """One quantity of each sort that letters tell apart, a kind or a share of it; and the sort of each quantity."""
        sorts = {(q.kind, q.output is None): q for q in self.all}
        number = {sort: i for i, sort in enumerate(sorts)}
        return list(sorts.values()), np.array([number[q.kind, q.output is None] for q in self.all], dtype=np.intp)

    def of_kind(self, tell: Callable[[Quantity], float]) -> Array:
        """For each quantity what is told of one of its sort."""
        some, sorts = self._sorts
        return np.array([tell(q) for q in some], dtype=float)[sorts]

    @cached_property
    def of_kinds(self) -> Kept[frozenset[str], tuple[Quantity, ...]]:
        """Those of some kinds that are no shares."""
        return Kept(lambda kinds: tuple(q for q in self.all if q.kind in kinds and q.output is None))

    @cached_property
    def _neighbours(self) -> dict[tuple[int | None, tuple[int, ...]], list[int]]:
        """Those of each neuron, or weight."""
        found: dict[tuple[int | None, tuple[int, ...]], list[int]] = {}
        for at, q in enumerate(self.all):
            found.setdefault((q.layer, q.index), []).append(at)
        return found

    @cached_property
    def has_one_index(self) -> Array:
        """Whether each is one of a vector's numbers."""
        return np.array([len(q.index) == 1 for q in self.all])

    @cached_property
    def has_siblings(self) -> Array:
        """Whether each is one of several of its kind in a layer."""
        of_each = Counter((q.kind, q.layer, q.sample, q.output) for q in self.all)
        return np.array([of_each[q.kind, q.layer, q.sample, q.output] > 1 for q in self.all])

    @cached_property
    def layer(self) -> Array:
        """The layer of each; 0 for what is of none."""
        return np.array([q.layer or 0 for q in self.all])

    @cached_property
    def is_whole(self) -> Array:
        """Whether each is a whole vector or matrix."""
        return np.array([q.is_whole for q in self.all])

    # --- what is said for and against each

    @cached_property
    def priors(self) -> Callable[[Known, bool, bool], tuple[Prior, ...]]:
        """What is said for and against each before numbers are looked at, kept for the answers of a class.

        The likeliest come first and by themselves: where one of them fits, the numbers of the others are not asked for.
        Given what is known about the name of a claim, whether it works something out, and whether it would be the
        first of its round.
        """
        return lru_cache(maxsize=max(_MOST_KEPT // len(self.all), 1))(self._priors)

    def _priors(self, known: Known, is_worked_out: bool, is_next: bool) -> tuple[Prior, ...]:
        is_possible = np.ones(len(self.all), dtype=bool)
        if is_worked_out or known.name is None:
            is_possible &= self.of_kind(lambda q: q.kind not in GIVEN) > 0
        if is_next:
            is_possible &= self.of_kind(lambda q: q.kind in FORWARD) > 0  # it begins at the front
        of_copy = 0.5  # copies of another quantity are rarely worth a line
        if is_worked_out:
            of_copy += 1.5  # and nothing to work out
        is_of_whole = known.name is None or bool(stem_and_tag(known.name)[1])
        of_share = 1.0 if is_of_whole else 4.0  # rarely worked out by itself, and never under the name of the whole
        against = self.of_kind(lambda q: of_copy * (q.kind in _COPIES) + of_share * (q.output is not None))
        if known.meant is None and known.name is not None and told(known.name) and not is_of_whole:
            against = against + _OF_SEVERAL * self.has_siblings
        by_name = self.of_name(known)
        most = np.where(is_possible, by_name - against + _SLACK, -np.inf)
        is_likely = is_possible & (most >= most.max() - _LIKELY)
        groups = (is_likely.nonzero()[0], (is_possible & ~is_likely).nonzero()[0])
        return tuple(self._those(places, by_name, against, most) for places in groups if len(places))

    def _those(self, places: Array, by_name: Array, against: Array, most: Array) -> Prior:
        n = len(self.at) // len(self.all)
        pick = itemgetter(*(at for place in places.tolist() for at in self.at[place * n :][:n]))
        return Prior(self, places, pick, by_name[places], against[places], most[places], float(most[places].max()))

    def of_name(self, known: Known) -> Array:
        """What a name says for each quantity, and against it."""
        if known.name is None:
            return self.of_kind(lambda q: 0.5 if q.kind in UPDATED else 0.0)
        if known.meant is not None:
            return self._only(known.meant)
        if (halves := derivative(known.name)) is not None:
            return self._of_derivative(halves, known)
        name, likeness = known.name, self._of_likeness(known.alike)
        letters = self.of_kind(lambda q: of_letter(name, q)) + likeness
        if (old := old_name(name)) is None:
            return letters
        is_new = self.of_kind(lambda q: q.kind in UPDATED) > 0
        return np.where(is_new, self.of_kind(lambda q: 0.6 + of_letter(old, q)) + likeness, letters)

    def _only(self, meant: Iterable[Quantity]) -> Array:
        """For what a name is known to mean, and against all others."""
        score = np.full(len(self.all), -1.0)
        score[[self._at_place[place] for place in meant if place in self._at_place]] = 3.0
        return score

    def _of_derivative(self, halves: tuple[str, str], known: Known) -> Array:
        """Whether a quantity is the derivative of the one by the other."""

        def of_kind(q: Quantity) -> float:
            found = KINDS[q.kind].derivative
            if found is None:
                return -2.0
            score = 0.5
            if known.above is not None:
                score += 0.5 if known.above == found[0] else -1.0
            elif is_cost(halves[0]):
                score += 0.5 if found[0] == "C" else -0.5
            return score if known.below is None else score - 1.5

        score = self.of_kind(of_kind)
        if known.below is None:
            spelling = self.of_kind(lambda q: _of_spelling(halves[1], q))
            return score + spelling + self._of_likeness(known.alike, _by)
        for at in self._by(known.below):
            score[at] += 3.5
        return score

    def _by(self, below: Quantity) -> Iterator[int]:
        """The derivatives by a quantity."""
        for at in self._neighbours.get((below.layer, below.index), ()):
            q = self.all[at]
            found = KINDS[q.kind].derivative
            if found is not None and found[1] == below.kind and below.sample in (None, q.sample):
                yield at

    def _of_likeness(self, alike: Alike, kind: Callable[[Quantity], str] = attrgetter("kind")) -> Array:
        """Whether names like this one mean quantities like each, or like what each is the derivative by."""
        score = np.zeros(len(self.all))
        if alike.kinds:
            sure = 2.5 if alike.are_many and len(alike.kinds) == 1 else 1.5
            kinds = alike.kinds | {f"{each}+" for each in alike.kinds}  # a name may go on for the new value
            kinds |= {of_a_parameter(OF_A_PARAMETER[each][0], "b") for each in alike.kinds & OF_A_PARAMETER.keys()}
            score += self.of_kind(lambda q: sure if kind(q) in kinds else -sure)
        if alike.neurons:
            score[self.has_one_index] -= 0.5
            for neuron in alike.neurons:
                score[self._neighbours.get(neuron, [])] += 1.5
        if alike.layer is not None:
            score += _OF_SAME_LAYER * (self.layer == alike.layer)
        if alike.layers:
            of_layer = np.isin(self.layer, list(alike.layers))
            score[self.is_whole] += np.where(of_layer, 1.0, -0.5)[self.is_whole]
        return score


def _by(q: Quantity) -> str:
    """The kind that a derivative is by; empty where it is none."""
    found = KINDS[q.kind].derivative
    return found[1] if found is not None else ""


def _of_spelling(name: str, q: Quantity) -> float:
    """What letters and index of an unknown name say for the derivative by it."""
    kind = _by(q)
    if not kind:
        return 0.0
    by = replace(q, kind=kind)
    return 0.5 * of_letter(name, by) + of_index(name, by)
