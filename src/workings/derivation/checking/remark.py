"""A sentence about one quantity."""

from __future__ import annotations

from dataclasses import dataclass

from workings.network.quantity import Quantity


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
