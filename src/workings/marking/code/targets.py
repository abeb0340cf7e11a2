"""The vectors and matrices of one update in the order in which one works them out, and how a script lays them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from workings.marking.binding.ledger import Ledger, entries
from workings.network.network import Array
from workings.network.quantity import Quantity

OF_SAMPLES = ("z", "a", "dC/da", "delta")
OF_WEIGHTS = ("W", "dC/dW", "W+")
BACKWARD = ("delta", "dC/dW", "dC/db")
DOWNHILL = ("dC/da", *BACKWARD)
"""What points the other way in a script that adds its steps."""


@dataclass(frozen=True, eq=False)
class Target:
    """What is looked for among the numbers of a script.

    Attributes
    ----------
    quantity : Quantity
        A whole vector or matrix, or a single number; of a batch without its sample.
    singles : tuple of Quantity
        The numbers it consists of, row by row.
    shape : tuple of int
        Of a batch a sample a row.
    """

    quantity: Quantity
    singles: tuple[Quantity, ...]
    shape: tuple[int, ...]

    @property
    def address(self) -> str:
        """Its name in a report."""
        return str(replace(self.quantity, update=None))

    def apart(self) -> Iterator[Target]:
        """Each of its numbers as a target of its own."""
        return (Target(single, (single,), ()) for single in self.singles)


def target(ledger: Ledger, kind: str, layer: int | None) -> Target:
    """All numbers of a kind in a layer, over all samples."""
    whole = Quantity(kind, layer, update=1)
    if kind not in {*OF_SAMPLES, "x", "y"}:
        shape = ledger.shape(whole)
        return Target(whole, tuple(entries(whole, shape)) if shape else (whole,), shape)
    of_each = [replace(whole, sample=sample) for sample in ledger.samples]
    (n,) = ledger.shape(of_each[0])
    return Target(whole, tuple(q for each in of_each for q in entries(each, (n,))), (len(of_each), n))


def targets(ledger: Ledger, *, gathers: bool) -> Iterator[Target]:
    """What a script may have wrong, forward, backward, and after the update.

    One that gathers the gradients of a batch sample by sample has none of a single sample, only sums under way.
    """
    layers = range(1, ledger.network.depth + 1)
    biases = ("b+",) if ledger.network.train_biases else ()
    for layer in layers:
        yield from (target(ledger, kind, layer) for kind in ("z", "a"))
    yield target(ledger, "C", None)
    for layer in reversed(layers):
        yield from (target(ledger, kind, layer) for kind in (BACKWARD[:1] if gathers else BACKWARD))
    if not gathers:
        for layer in layers:
            yield from (target(ledger, kind, layer) for kind in ("W+", *biases))


def layouts(value: Array, shape: tuple[int, ...]) -> Iterator[tuple[Array, bool]]:
    """A script's array in the shape of a target, as it stands and turned around, and whether it is turned.

    A vector may be a row, a column or neither.
    """
    if value.size != int(np.prod(shape)):
        return
    flat, wanted = value.squeeze(), tuple(n for n in shape if n != 1)
    if flat.shape == wanted:
        yield flat.reshape(shape), False
    if len(wanted) == 2 and flat.T.shape == wanted:
        yield flat.T.reshape(shape), True
