"""What the numbers of an example are after any number of updates, whatever a document has for them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

from workings.derivation.trace import Trace
from workings.engine.training import train
from workings.errors import WorkingsError
from workings.network.network import Network
from workings.network.quantity import Quantity

MOST_UPDATES = 100_000
"""What nobody waits longer for: some seconds without compiled code."""


@dataclass(frozen=True)
class Moments:
    """A network whose example is gone through over and over.

    Attributes
    ----------
    network : Network
        With an example.
    """

    network: Network

    @cached_property
    def _traces(self) -> dict[int, Trace]:
        return {1: Trace(self.network)}

    def value(self, q: Quantity) -> float:
        """The number of a quantity in its update, counted from 1; nan where it takes too long or has none."""
        update = q.update or 1
        if update - 1 > MOST_UPDATES:
            return math.nan
        try:
            if update not in self._traces:
                self._traces[update] = Trace(train(self.network, updates=update - 1).network)
            return float(self._traces[update].value(replace(q, update=None)))
        except WorkingsError:  # it diverged, or the network has no such number
            return math.nan
