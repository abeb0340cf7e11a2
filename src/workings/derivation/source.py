"""What can be derived: any source of equations and values, and any update in whichever arithmetic.

A trace is one, numbers worked out by hand are another, and an update of a recorded run is a third.
"""

from __future__ import annotations

from typing import Any, Protocol, Self, TypeVar

from workings.derivation.equations import Equation
from workings.network.network import Network
from workings.network.quantity import Quantity

Value = Any
"""A float, a Decimal, or a NumPy array of them."""


class Source(Protocol):
    """What can be derived: anything that knows the equation and the value of a key."""

    def equation(self, key: Quantity) -> Equation:
        """The rule and the formula of a key."""

    def value(self, key: Quantity) -> Value:
        """The number of a key."""


class TrainingStep(Source, Protocol):
    """One update of a network on its example, in whichever arithmetic."""

    @property
    def network(self) -> Network:
        """The network as it is before the update."""

    @property
    def update(self) -> int:
        """Which update of the example it is, from 1."""

    def after_update(self) -> Self:
        """The update after this one, which starts from the new weights and biases."""


StepT = TypeVar("StepT", bound=TrainingStep)
