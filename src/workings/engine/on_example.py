"""Training on a network's own example, taken whole, over and over."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from workings.engine.batches import arrays_for
from workings.engine.descent import Seen
from workings.engine.journey import Journey
from workings.engine.plan import DEFAULT_UPDATES, Plan, Work
from workings.engine.progress import Moment
from workings.errors import InputError
from workings.network.arguments import whole_number
from workings.network.network import Network


def work_on_example(network: Network, updates: int | None, milestones: Iterable[int] | None) -> Work:
    """A network and its own example, in its number type."""
    if network.example is None:
        raise InputError("this network came without an example: give X and y to train on")
    inputs, targets = arrays_for(network, network.example.inputs, network.example.targets, "the example's ")
    example = replace(network.example, inputs=inputs, targets=targets)
    weights = () if example.sample_weights is None else (example.sample_weights,)
    plan = Plan(DEFAULT_UPDATES if updates is None else updates, 0, len(inputs))
    wanted = powers_of_ten(plan.updates) if milestones is None else _whole_marks(milestones)
    marks = sorted({*(mark for mark in wanted if 0 < mark < plan.updates), plan.updates})
    return Work(network, example, (inputs, targets, *weights), plan, marks=tuple(marks))


def _whole_marks(milestones: Iterable[int]) -> list[int]:
    if not isinstance(milestones, Iterable):
        raise InputError(f"milestones is {milestones!r:.40}, but must be a list of updates")
    return [whole_number(f"milestones[{i}]", mark, 0) for i, mark in enumerate(milestones)]


def train_on_example(journey: Journey, work: Work) -> None:
    """Make the updates, and record the moments at the marks."""
    whole = np.arange(work.n_samples)
    if not journey.history:
        journey.record(Moment(0, 0, *journey.descent.measure(whole)))
    journey.tell()
    for mark in work.marks:
        while journey.descent.update < mark and not journey.stopped:
            n_updates, seen = min(journey.stride.updates, mark - journey.descent.update), Seen()
            if journey.follows_cost:  # the next learning rate has to wait for this update's cost
                n_updates = 1
            journey.advance(np.tile(whole, n_updates), seen)
            if journey.follows_cost:
                journey.follow(seen.means()[0])
            if journey.descent.update == mark:
                break
            journey.keep(is_last=False)
            journey.tell()
        if journey.history[-1].update < journey.descent.update and (journey.descent.update == mark or journey.stopped):
            journey.record(Moment(journey.descent.update, 0, *journey.descent.measure(whole)))
            journey.tell()
        if journey.stopped:
            break
    journey.keep(is_last=True)


def powers_of_ten(largest: int) -> tuple[int, ...]:
    """1, 10, 100, ... up to ``largest``."""
    return tuple(10**n for n in range(len(str(largest))) if 10**n <= largest)
