"""What the names of a document mean so far, and what that says about one more name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from workings.marking.binding.custom import derivative, old_name, stem_and_tag
from workings.network.quantity import Quantity

_TAGGED_BY_NEURON = frozenset({"z", "a", "delta", "dC/da"})


@dataclass(frozen=True, slots=True)
class Alike:
    """What the names mean that look like a name.

    Attributes
    ----------
    kinds : frozenset of str
        Of those that begin as it does.
    are_many : bool
        Whether more than one begins so.
    neurons : frozenset of (int, tuple of int)
        Layer and index of those with the same index.
    layers : frozenset of int
        Layers of whole vectors and matrices with the same index.
    layer : int, optional
        That of all which begin so; None where they are of several, or not many.
    """

    kinds: frozenset[str] = frozenset()
    are_many: bool = False
    neurons: frozenset[tuple[int | None, tuple[int, ...]]] = frozenset()
    layers: frozenset[int] = frozenset()
    layer: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a name.

    Attributes
    ----------
    name : str, optional
        None of a claim without one.
    meant : tuple of Quantity, optional
        All that it can mean; None where it is new.
    above : str, optional
        The kind that the upper half of a derivative's name means; None where that is not known either.
    below : Quantity, optional
        What the lower half means.
    alike : Alike
        What the names mean that look like it, or like its lower half.
    """

    name: str | None
    meant: tuple[Quantity, ...] | None = None
    above: str | None = None
    below: Quantity | None = None
    alike: Alike = Alike()


class Names(dict[str, Quantity]):
    """The quantity of each name, without its update."""

    def __init__(self, meaning: Mapping[str, Quantity] = MappingProxyType({})) -> None:
        self._of_stem: dict[str, dict[str, Quantity]] = defaultdict(dict)
        self._of_tag: dict[str, dict[str, Quantity]] = defaultdict(dict)
        for name, q in meaning.items():
            self[name] = q

    def setdefault(self, name: str, q: Quantity) -> Quantity:
        """What a name means already, or from now on."""
        if name not in self:
            self[name] = q
        return self[name]

    def __setitem__(self, name: str, q: Quantity) -> None:
        super().__setitem__(name, q)
        stem, tag = stem_and_tag(name)
        self._of_stem[stem][name] = q
        if tag:
            self._of_tag[tag][name] = q

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        stem, tag = stem_and_tag(name)
        del self._of_stem[stem][name]
        self._of_tag[tag].pop(name, None)

    def known(self, name: str | None) -> Known:
        """What is known about a name."""
        if name is None:
            return Known(None)
        if (meant := self.get(name)) is not None:
            return Known(name, (meant, *updated(meant)))
        if (halves := derivative(name)) is not None:
            above, below = map(self.get, halves)
            kind = above.kind if above is not None else None
            return Known(name, None, kind, below, self._alike(halves[1]))
        if (old := self.get(old_name(name) or "")) is not None:
            return Known(name, updated(old))
        return Known(name, alike=self._alike(name))

    def is_known(self, name: str | None) -> bool:
        """Whether a name has a meaning, or what it is the derivative by."""
        known = self.known(name)
        return known.meant is not None or known.below is not None

    def _alike(self, name: str) -> Alike:
        stem, tag = stem_and_tag(name)
        same_stem = self._of_stem.get(stem, {}).values()
        of_tag = self._of_tag.get(tag, {})
        same_tag = of_tag.values()
        of_stem = {q.layer for q in same_stem}
        of_neuron = (q for other, q in of_tag.items() if _is_of_neuron(q) and self._go_together(stem, other))
        return Alike(
            frozenset(q.kind for q in same_stem),
            len(same_stem) > 1,
            frozenset((q.layer, q.index) for q in of_neuron),
            frozenset(q.layer for q in same_tag if q.is_whole and q.layer is not None),
            of_stem.pop() if len(of_stem) == 1 and len(same_stem) > 1 else None,
        )

    def _go_together(self, stem: str, other: str) -> bool:
        """Whether names that begin in two ways mean the same neurons where they end alike, as far as is known."""
        ours = self._of_stem.get(stem, {})
        theirs = self._of_stem.get(stem_and_tag(other)[0], {})
        of_tag = {stem_and_tag(name)[1]: q for name, q in theirs.items() if _is_of_neuron(q)}
        both = ((q, of_tag.get(stem_and_tag(name)[1])) for name, q in ours.items() if _is_of_neuron(q))
        found = {(q.layer, q.index) == (same.layer, same.index) for q, same in both if same is not None}
        return found != {False}


def _is_of_neuron(q: Quantity) -> bool:
    return len(q.index) == 1 and q.kind in _TAGGED_BY_NEURON


def updated(q: Quantity) -> tuple[Quantity, ...]:
    """The parameter after the update; nothing where it is no parameter."""
    return (replace(q, kind=f"{q.kind}+"),) if q.kind in {"W", "b"} else ()
