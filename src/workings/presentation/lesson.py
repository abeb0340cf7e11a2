"""Lesson: a chosen sequence of steps as neutral blocks, ready for any medium."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from workings.derivation.derive import Step, derive
from workings.derivation.hand import HandTrace
from workings.derivation.order import number_of, scalars
from workings.derivation.trace import Source, Trace, at_update
from workings.network.network import Network
from workings.network.notation import Notation
from workings.network.quantity import Quantity
from workings.presentation.blocks import Block, Equation, Sentence
from workings.presentation.display import Display, is_negative_zero
from workings.presentation.naming import quantity_named
from workings.presentation.request import Request


def source_at(start: Network, update: int, display: Display) -> Source:
    """Equations and numbers of one update of a network's example, worked by hand where results are carried."""
    trace = Trace(at_update(start, update))
    return HandTrace(trace, display.rounding) if display.is_carried else trace


@dataclass(frozen=True, eq=False)
class Lesson:
    """A training step explained.

    ``str(lesson)`` prints it; ``lesson["dC/dW[2][1,1]"]`` is one :class:`~workings.derivation.derive.Step`, asked for
    by address or by its name in the lesson's notation.

    Attributes
    ----------
    source : Source
        Where equations and numbers come from.
    notation : Notation
    display : Display
    request : Request
        What was asked for.
    tell : callable
        Makes the blocks.
    """

    source: Source
    notation: Notation
    display: Display
    request: Request
    tell: Callable[[Lesson], Iterator[Block]]

    @property
    def network(self) -> Network:
        """The network that is explained, as it is before the update."""
        return self.source.network

    def __getitem__(self, name: str) -> Step:
        return self.step(quantity_named(name, self.network, self.notation))

    def __str__(self) -> str:
        from workings.presentation.text import render

        return render(self)

    def step(self, quantity: Quantity) -> Step:
        """The step that leads to a quantity; one of another update is worked out from the network at that time."""
        if quantity.update is None or quantity.update == self.request.update:
            return derive(self.source, quantity)
        return derive(source_at(self.request.start, quantity.update, self.display), quantity)

    def number(self, quantity: Quantity) -> int | None:
        """The number of a counted backward step."""
        return number_of(self.network, quantity)

    def scalar_steps(self) -> Iterator[Step]:
        """The steps of all scalars, each once; of those asked for, where some were asked for."""
        wanted: Iterable[Quantity] = self.request.quantities or scalars(self.network)
        return (self.step(quantity) for quantity in wanted)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What is told, in order."""
        told = tuple(self.tell(self))
        remark = self._remark_on_negative_zero(told)
        return (*told, remark) if remark else told

    def _remark_on_negative_zero(self, told: tuple[Block, ...]) -> Sentence | None:
        steps = (block.step for block in told if isinstance(block, Equation))
        shown = ((step.quantity, value) for step in steps for value in _candidates(step.result))
        example = next((text for q, value in shown if is_negative_zero(text := self.display.text(q, value))), None)
        if example is None:
            return None
        return Sentence(
            (f"{example} is a negative number that is too small to show at this rounding, not zero.",), "remark"
        )


def _candidates(value: Any) -> list[Any]:
    """The numbers of a result that may show as -0: of a large array the negative one nearest to zero says it all."""
    if not isinstance(value, np.ndarray):
        return [value]
    if value.dtype == object:
        return list(value.ravel())
    negative = value[value < 0]
    return [float(negative.max())] if negative.size else []
