"""How a writer numbers names: from the number in a name, which place in the network it belongs to.

``h3`` may be the third neuron of its layer or the third of all, from 0 or from 1; ``w12`` the twelfth weight or that to
neuron 1 from neuron 2. The way is told by the names whose place is known from their numbers.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from workings.network.quantity import Quantity

_NUMBER = re.compile(r"\d+(?![\d)])(?!.*\d(?![\d)]))")
"""The last one of a name but for that of its layer: the 3 of ``a3^{(1)}``."""


@dataclass
class Numbering:
    """How the names of a document are numbered.

    Attributes
    ----------
    sizes : sequence of int
        Of the layers of the network, the inputs first.
    base : int, optional
        Whether numbers count from 0 or from 1; told by the names where left out.
    fitting : dict
        For each sort of name, how many names each way of numbering puts in their place.
    overall : dict
        The same of all names of neurons, and of all names of weights.
    of_base : dict
        How many names are in their place when counted from 0, and from 1.
    """

    sizes: Sequence[int]
    base: int | None = None
    fitting: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    overall: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    of_base: Counter[int] = field(default_factory=Counter)

    def learn(self, names: Iterable[tuple[str, Quantity]]) -> None:
        """Look at names and their places."""
        for name, place in names:
            number = number_in(name)
            numbers = self._numbers(place)
            fitting = [way for way, (_base, wanted) in enumerate(numbers) if wanted == number]
            self.of_base.update({numbers[way][0] for way in fitting})
            self.fitting[sort_of(name)].update(fitting)
            self.overall[len(place.index)].update(fitting)

    @property
    def base_found(self) -> int | None:
        """Whether the names count from 0 or from 1; None where they do not tell."""
        from_0, from_1 = self.of_base[0], self.of_base[1]
        return None if from_0 == from_1 else int(from_1 > from_0)

    def belongs(self, name: str, place: Quantity) -> bool | None:
        """Whether a name has the number of a place; None where nothing tells."""
        number, wanted = number_in(name), self._wanted(name, place)
        return None if number is None or wanted is None else number == wanted

    def renamed(self, name: str, place: Quantity) -> str:
        """The name with the number of another place."""
        return _NUMBER.sub(self._wanted(name, place) or "", name)

    def _wanted(self, name: str, place: Quantity) -> str | None:
        """The number that a place has in names of this sort."""
        fitting, overall = self.fitting[sort_of(name)], self.overall[len(place.index)]
        ways = enumerate(self._numbers(place))
        ranked = [(fitting[way], overall[way], -way, number) for way, (_base, number) in ways]
        return max(ranked)[-1] if overall and ranked else None

    def _numbers(self, place: Quantity) -> tuple[tuple[int, str], ...]:
        """From where each way of numbering counts, and the number of a place in it."""
        if not place.index or place.layer is None:
            return ()
        is_neuron, layer = len(place.index) == 1, place.layer
        at = place.index[-1] if is_neuron else place.index[0] * self.sizes[layer - 1] + place.index[1]
        through = at + sum(self.sizes[i] * (1 if is_neuron else self.sizes[i - 1]) for i in range(1, layer))
        ways = [(1, str(at + 1)), (1, str(through + 1)), (0, str(at)), (0, str(through))]
        if not is_neuron:
            j, k = place.index
            ways = [(1, f"{j + 1}{k + 1}"), (1, f"{k + 1}{j + 1}"), (0, f"{j}{k}"), (0, f"{k}{j}"), *ways]
        return tuple(way for way in ways if self.base in (None, way[0]))


def number_in(name: str) -> str | None:
    """The number of a name in its layer or in the network; None where it has none."""
    found = _NUMBER.search(name)
    return found[0] if found else None


def sort_of(name: str) -> str:
    """A name without its number: the same for names that differ in nothing else."""
    return _NUMBER.sub("#", name)
