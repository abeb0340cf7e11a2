"""Lesson: a chosen sequence of steps as neutral blocks, ready for any medium."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from workings.derivation.derive import Step, derive
from workings.derivation.order import number_of, samples, scalars, step_of
from workings.derivation.source import TrainingStep
from workings.derivation.trace import Course, Trace
from workings.network.network import Network
from workings.network.notation import Notation
from workings.network.quantity import Quantity
from workings.presentation.blocks import Block, Equation, Sentence
from workings.presentation.display import Display, is_negative_zero
from workings.presentation.naming import quantity_named
from workings.presentation.request import Request
from workings.presentation.stages import shown_in


def worked_through(course: Course, update: int, display: Display) -> TrainingStep:
    """An update, by hand where results are carried."""

    def work(trace: Trace) -> TrainingStep:
        if not display.is_carried:
            return trace
        from workings.derivation.hand import HandTrace

        return HandTrace(trace, display.rounding)

    return course.at(update, work)


@dataclass(frozen=True, eq=False, repr=False)
class Lesson:
    """A training step explained.

    ``str(lesson)`` prints it; ``lesson["dC/dW[2][1,1]"]`` is one :class:`~workings.derivation.derive.Step`, asked for
    by address or by its name in the lesson's notation.

    Attributes
    ----------
    source : TrainingStep
        Where equations and numbers come from.
    notation : Notation
    display : Display
    request : Request
        What was asked for.
    tell : callable
        Makes the blocks.
    """

    source: TrainingStep
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

    def __repr__(self) -> str:
        return (
            f"<Lesson: {self.network.title or self.network.loss.name}, update {self.source.update}; print() shows it>"
        )

    def _repr_markdown_(self) -> str:
        """What a notebook shows."""
        from workings.presentation.markdown import render

        return render(self)

    def __str__(self) -> str:
        from workings.presentation.text import render

        return render(self)

    def step(self, quantity: Quantity) -> Step:
        """The step that leads to a quantity; one of another update is worked out from the network at that time."""
        return derive(self._update(quantity.update or self.source.update), quantity)

    @cached_property
    def _update(self) -> Callable[[int], TrainingStep]:
        @cache
        def find(update: int) -> TrainingStep:
            if update == self.source.update:
                return self.source
            return worked_through(self.request.course, update, self.display)

        return find

    def number(self, quantity: Quantity) -> int | None:
        """The number of a counted backward step."""
        return number_of(self.network, quantity)

    @cached_property
    def label(self) -> Callable[[Quantity], str]:
        """The symbol of a quantity in plain text."""
        return cache(lambda quantity: self.notation.text(quantity, self.network))

    def samples(self) -> list[int | None]:
        """The samples of a batch that are asked for, or None alone where there is no batch."""
        return [sample for sample in samples(self.network) if self.request.wants_sample(sample)]

    def is_past(self, quantity: Quantity) -> bool:
        """Whether a quantity belongs to a backward step after the last one that is asked for."""
        upto = self.request.upto
        return upto is not None and (step_of(self.network, quantity) or 0) > upto

    def wanted(self) -> Iterator[Quantity]:
        """The scalars that were asked for; all of them where nothing was left out."""
        for quantity in scalars(self.network):
            if self.request.wants_quantity(quantity) and not self.is_past(quantity):
                yield quantity

    def scalar_steps(self) -> Iterator[Step]:
        """The steps of all scalars that were asked for, each once."""
        return (self.step(quantity) for quantity in self.request.quantities or self.wanted())

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What is told, in order."""
        told = tuple(self.tell(self))
        return (*told, *self._remarks(told))

    def _remarks(self, told: tuple[Block, ...]) -> Iterator[Sentence]:
        """A sentence on what may puzzle: -0.0000, and what is beyond all floats."""
        steps = [block.step for block in told if isinstance(block, Equation)]
        shown = [self.display.text(step.quantity, value) for step in steps for value in _candidates(step.result)]
        tiny = next(filter(is_negative_zero, shown), None)
        if tiny is not None:
            small, carried = "a negative number that is too small to show at this rounding", "and is carried on as zero"
            yield Sentence((f"{tiny} is {small}, {carried if self.display.is_carried else 'not zero'}.",), "remark")
        beyond = next((step for step in steps if not self.display.is_carried and is_beyond_digits(step)), None)
        if beyond is not None:
            text = " cannot be worked out again from the numbers in its line: an activation is so near the end of its "
            yield Sentence(
                (beyond.quantity, text, "range that they do not tell it apart. The result was found another way."),
                "remark",
            )
        if not {"inf", "-inf", "nan"}.isdisjoint(shown):
            text = "inf is a number beyond the largest float64, about 1.8e308; nan is what such numbers leave behind."
            yield Sentence((text,), "remark")


def is_beyond_digits(step: Step) -> bool:
    """Whether a formula gives something else when it is worked out from its numbers: a sigmoid of 40 is 1 by them."""
    if step.formula is None or np.ndim(step.result) or not math.isfinite(step.result):
        return False
    values = [step.values[q] for q in shown_in(step.formula) if q.kind == "a"]
    if not any(np.ndim(value) == 0 and _is_at_an_end(value) for value in values):
        return False
    from workings.algebra.evaluate import evaluate

    again = float(evaluate(step.formula, step.values.__getitem__))  # type: ignore[arg-type]
    return not math.isclose(again, step.result, rel_tol=1e-6, abs_tol=1e-300)


def _is_at_an_end(a: float) -> bool:
    return min(abs(a), abs(1 - abs(a))) < 1e-7


def _candidates(value: Any) -> list[Any]:
    """The numbers of a result that may need a remark; of a large array those that say it for all the others."""
    if not isinstance(value, np.ndarray):
        return [value]
    if value.dtype == object:
        return list(value.ravel())
    negative, strange = value[value < 0], value[~np.isfinite(value)]
    return [*([float(negative.max())] if negative.size else []), *map(float, strange[:1])]
