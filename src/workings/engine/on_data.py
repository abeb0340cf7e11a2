"""Training on data: every epoch takes each row once, in an order of its own, some at a time."""

from __future__ import annotations

import numpy as np

from workings.engine.descent import Seen
from workings.engine.journey import Journey
from workings.engine.plan import Work
from workings.engine.progress import Moment


def train_on_data(journey: Journey, work: Work) -> None:
    """Make the epochs, and record a moment after each; the last may be cut short."""
    plan, generator, n_samples = work.plan, work.plan.generator, work.n_samples
    assert generator is not None  # of data every epoch has its order
    generator.bit_generator.state = journey.order or {}
    journey.tell()
    while journey.epoch < plan.epochs and not journey.is_over:
        journey.order, order = plan.state(), generator.permutation(n_samples)
        last = min(n_samples, journey.done + (plan.updates - journey.descent.update) * plan.batch_size)
        while journey.done < last and not journey.stopped:
            rows = order[journey.done : min(last, journey.done + journey.stride.updates * plan.batch_size)]
            journey.advance(rows, journey.seen)
            journey.done += len(rows)
            journey.tell()
            if journey.done < n_samples:
                journey.keep(is_last=journey.stopped or journey.done == last)
        _end_epoch(journey, work, is_whole=journey.done == n_samples)
    if plan.updates:
        journey.descent.measure(np.arange(1))  # the last update may have been the one that diverged


def _end_epoch(journey: Journey, work: Work, *, is_whole: bool) -> None:
    """Record what an epoch came to, and keep the run at the end of a whole one."""
    judged = work.judged(journey.descent.network)
    cost, objective = journey.seen.means()
    journey.epoch += 1
    journey.record(Moment(journey.descent.update, journey.epoch, cost, objective, **judged))
    if is_whole:
        journey.follow(judged.get("validation_cost", cost))
        journey.done, journey.seen, journey.order = 0, Seen(), journey.plan.state()
    journey.tell()
    if is_whole:
        journey.keep(is_last=journey.is_over or journey.epoch == journey.plan.epochs)
