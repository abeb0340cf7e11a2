"""What a reader asked for: which numbers, in which form, how deep."""

from __future__ import annotations

from dataclasses import dataclass

from workings.derivation.trace import Course
from workings.network.quantity import OF_A_PARAMETER, Quantity

PARTS = {
    "forward": ("z", "f", "mask", "a", "C", "R", "J"),
    "backward": ("dC/da", "da/dz", "delta", "dC/db", "dz/dW", "dC/dW", "dz/da"),
    "update": ("eta", "G", *OF_A_PARAMETER, "W+", "b+"),
}
"""The parts of a lesson, and the kinds of quantity that belong to each."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a lesson is to show.

    Attributes
    ----------
    course : Course
        The network on its way from update to update.
    update : int
        Which update of it is explained, from 1.
    form, depth : str
    only : str, optional
        One of ``PARTS``.
    upto : int, optional
        The last numbered backward step.
    layer : int, optional
        Only this layer, from 1.
    sample : int, optional
        Only this sample, from 0.
    quantities : tuple of Quantity
        The numbers asked for; empty for the whole step.
    """

    course: Course
    update: int = 1
    form: str = "scalar"
    depth: str = "steps"
    only: str | None = None
    upto: int | None = None
    layer: int | None = None
    sample: int | None = None
    quantities: tuple[Quantity, ...] = ()

    def wants(self, part: str) -> bool:
        """Whether a part of the lesson is asked for."""
        return self.only in (None, part)

    def wants_sample(self, sample: int | None) -> bool:
        """Whether a sample is asked for; what belongs to the whole batch is left out when one sample is."""
        return self.sample is None or self.sample == sample

    def wants_quantity(self, quantity: Quantity) -> bool:
        """Whether a number is asked for, by its part, its layer and its sample."""
        is_of_sample = self.sample is None or quantity.sample in (None, self.sample)
        is_of_layer = self.layer is None or quantity.layer in (None, self.layer)
        is_of_part = self.only is None or quantity.kind in PARTS[self.only]
        is_before_end = self.upto is None or quantity.kind not in PARTS["update"]
        return is_of_sample and is_of_layer and is_of_part and is_before_end

    def wants_layer(self, quantity: Quantity) -> bool:
        """Whether a quantity's layer is asked for."""
        return self.layer is None or quantity.layer == self.layer
