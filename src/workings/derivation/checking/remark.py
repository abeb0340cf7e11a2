"""A sentence about one quantity, and which quantity that is."""

from __future__ import annotations

from dataclasses import dataclass

from workings.derivation.trace import Trace
from workings.network.quantity import KINDS, Quantity


@dataclass(frozen=True, slots=True)
class Remark:
    """What there is to say about one quantity.

    Attributes
    ----------
    quantity : Quantity
    sentence : str
        Names the quantity and can stand by itself.
    """

    quantity: Quantity
    sentence: str


def quantity_of(trace: Trace, kind: str, layer: int, index: tuple[int, ...], sample: int) -> Quantity:
    """A quantity of one sample, which has numbers of its own only in a batch; of C the share of an output."""
    in_batch = sample if trace.example.is_batch else None
    if not KINDS[kind].layered:
        return Quantity(kind, sample=in_batch, output=index[0])
    return Quantity(kind, layer, index, in_batch)
