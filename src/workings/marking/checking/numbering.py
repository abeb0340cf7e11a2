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
    fitting : dict
        For each sort of name, how many names each way of numbering puts in their place.
    overall : dict
        The same of all names of neurons, and of all names of weights.
    """

    sizes: Sequence[int]
    fitting: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    overall: dict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))

    def learn(self, names: Iterable[tuple[str, Quantity]]) -> None:
        """Look at names and their places."""
        for name, place in names:
            number = number_in(name)
            fitting = [way for way, wanted in enumerate(self._numbers(place)) if wanted == number]
            self.fitting[sort_of(name)].update(fitting)
            self.overall[len(place.index)].update(fitting)

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
        ranked = [(fitting[way], overall[way], -way, number) for way, number in enumerate(self._numbers(place))]
        return max(ranked)[-1] if overall and ranked else None

    def _numbers(self, place: Quantity) -> tuple[str, ...]:
        """The number of a place in each way of numbering."""
        if not place.index or place.layer is None:
            return ()
        is_neuron, layer = len(place.index) == 1, place.layer
        at = place.index[-1] if is_neuron else place.index[0] * self.sizes[layer - 1] + place.index[1]
        through = at + sum(self.sizes[i] * (1 if is_neuron else self.sizes[i - 1]) for i in range(1, layer))
        counted = (str(at + 1), str(through + 1), str(at), str(through))
        if is_neuron:
            return counted
        j, k = place.index
        return (f"{j + 1}{k + 1}", f"{k + 1}{j + 1}", f"{j}{k}", f"{k}{j}", *counted)


def number_in(name: str) -> str | None:
    """The number of a name in its layer or in the network; None where it has none."""
    found = _NUMBER.search(name)
    return found[0] if found else None


def sort_of(name: str) -> str:
    """A name without its number: the same for names that differ in nothing else."""
    return _NUMBER.sub("#", name)
