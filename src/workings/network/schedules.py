"""Schedules: what becomes of the learning rate on the way; one record each, with its numbers and its formula.

A schedule counts epochs. Where an example is taken whole, every update is an epoch. What counts is how many of n
updates each have gone by before the update, (t - 1)/n: whole ones where the rate jumps, broken ones where it glides.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from workings.algebra.expression import Cases, Condition, Constant, Expr, Number, Reference, call, references
from workings.errors import InputError
from workings.network import settings
from workings.network.elementary import Array

Of = Callable[[str], Expr]
"""What a formula is about, by name: ``eta_0``, ``t``, ``n``, ``cuts``, a setting."""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a schedule that follows the cost has seen of it.

    Attributes
    ----------
    best : float
        The lowest cost that counted as an improvement.
    waited : int
        How many epochs have gone by since.
    cuts : tuple of int
        The updates after which the learning rate was cut.
    """

    best: float = math.inf
    waited: int = 0
    cuts: tuple[int, ...] = ()


NOTHING_YET = Followed()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A rule for the learning rate.

    Attributes
    ----------
    name : str
        What files and options call it.
    value : callable
        ``(gone, cuts, **settings)`` gives what the learning rate of the start is multiplied by, of the epochs gone by
        and of how often it was cut; each one number or an array.
    formula : callable
        The same as Expr, of what an :data:`Of` gives and of the epochs gone by.
    because : str
        One sentence of intuition.
    settings : mapping of str to float
        Its constants; those that are lengths of time count epochs.
    follow : callable, optional
        ``(followed, cost, update, **settings)`` gives what was seen after one more epoch, which ended with that update.
    source : str
        Where the rule is from.
    epoch : int
        How many updates an epoch has.
    """

    name: str
    value: Callable[..., Array]
    formula: Callable[[Of, Expr], Expr | None]
    because: str
    settings: Mapping[str, float] = field(default_factory=dict)
    follow: Callable[..., Followed] | None = None
    source: str = ""
    epoch: int = 1

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers that its formula is about; none where every update has the learning rate that was given."""
        formula = self.expression(Reference)
        found = () if formula is None else references(formula)
        return tuple(dict.fromkeys(str(each.key) for each in found))

    @property
    def reason(self) -> str:
        """The sentence of intuition, with that of the warm-up where there is one."""
        return self.because + (f"; {_WARMUP}" if self.settings.get("warmup") else "")

    @property
    def lacks_length(self) -> bool:
        """Whether it goes over the whole run, and nobody has said yet how long that is."""
        return self.settings.get("over") == 0.0

    def for_run(self, updates: int, epoch: int) -> Schedule:
        """The same for a run of so many updates, so many of them an epoch."""
        length = {"over": max(1, updates) / epoch} if self.lacks_length else {}
        return replace(self, epoch=epoch, settings={**self.settings, **length})

    def rates(self, learning_rate: float, updates: Array, cuts: Sequence[int] = ()) -> Array:
        """The learning rates of some updates, counted from 1, in float64.

        Parameters
        ----------
        learning_rate : float
            That of the start.
        updates : array of int, shape (n_updates,)
        cuts : sequence of int
            The updates after which the rate was cut, in their order.
        """
        gone, own = (updates - 1) / self.epoch, dict(self.settings)
        warmup = own.pop("warmup", 0.0)
        n_cuts = np.searchsorted(cuts, updates) if self.follow else 0
        rising = np.minimum(1.0, updates / (warmup * self.epoch)) if warmup else 1.0
        rates = np.empty(updates.shape)
        rates[...] = learning_rate * self.value(gone, n_cuts, **own) * rising
        return rates

    def rate(self, learning_rate: float, update: int, cuts: Sequence[int] = ()) -> float:
        """The learning rate of one update."""
        return float(self.rates(learning_rate, np.array([update]), cuts)[0])

    def expression(self, of: Of) -> Expr | None:
        """The learning rate of update t; None where it is as it was given."""
        gone: Expr = of("t") - 1
        factor = self.formula(of, gone / of("n") if self.epoch > 1 else gone)
        parts = [] if factor is None else [factor]
        if self.settings.get("warmup"):
            end = of("n") * of("warmup") if self.epoch > 1 else of("warmup")
            parts.append(Cases(((of("t") / end, Condition(of("t"), "<", end)),), Number("1")))
        return math.prod(parts, start=of("eta_0")) if parts else None

    def after_epoch(self, followed: Followed, cost: float, update: int) -> Followed:
        """What has been seen after an epoch of that cost; the same as before where nothing is looked at."""
        if self.follow is None:
            return followed
        own = {name: value for name, value in self.settings.items() if name != "warmup"}
        return self.follow(followed, cost, update, **own)

    def __str__(self) -> str:
        """What :func:`schedule_named` reads back: ``step:every=5.0``, with the settings that were changed."""
        return settings.written(self, SCHEDULES)


_WARMUP = "but at first it rises to that bit by bit, because slopes at random weights hold for short steps only"
"""Goyal and others, Accurate, large minibatch SGD: training ImageNet in 1 hour, 2017."""


def _with_warmup(**own: float) -> dict[str, float]:
    return {**own, "warmup": 0.0}


CONSTANT = Schedule(
    name="constant",
    value=lambda gone, cuts: 1.0,
    formula=lambda of, gone: None,
    because="the same step length from the first update to the last",
    settings=_with_warmup(),
)

STEP = Schedule(
    name="step",
    value=lambda gone, cuts, every, factor: factor ** np.floor(gone / every),
    formula=lambda of, gone: of("factor") ** call("floor", gone / of("every")),
    because="long steps first, and each time they have brought what they can, shorter ones",
    settings=_with_warmup(every=10.0, factor=0.5),
    source="Krizhevsky, Sutskever and Hinton, ImageNet classification with deep convolutional neural networks, 2012",
)

EXPONENTIAL = Schedule(
    name="exponential",
    value=lambda gone, cuts, factor: factor**gone,
    formula=lambda of, gone: of("factor") ** gone,
    because="every epoch the steps get shorter by the same share",
    settings=_with_warmup(factor=0.95),
    source="Darken and Moody, Note on learning rate schedules for stochastic optimization, 1990",
)


def _half_wave(gone: Array, cuts: Array, over: float) -> Array:
    """From 1 to 0 along half a wave: (1 + cos x)/2 as a square, which keeps its digits near the end."""
    return np.sin(0.5 * math.pi * np.maximum(0.0, over - gone) / over) ** 2


COSINE = Schedule(
    name="cosine",
    value=_half_wave,
    formula=lambda of, gone: Cases(
        (((1 + call("cos", Constant("pi") * gone / of("over"))) / 2, Condition(gone, "<", of("over"))),), Number("0")
    ),
    because="slowly at first, quickly in the middle and gently into nothing: half a wave over the whole run",
    settings=_with_warmup(over=0.0),
    source="Loshchilov and Hutter, SGDR: stochastic gradient descent with warm restarts, 2017",
)

INVERSE_SCALING = Schedule(
    name="inverse_scaling",
    value=lambda gone, cuts, power: (1.0 + gone) ** -power,
    formula=lambda of, gone: (1 + gone) ** -of("power"),
    because="steps that shrink, but so slowly that their sum has no end: no minimum is too far",
    settings=_with_warmup(power=0.5),
    source="Robbins and Monro, A stochastic approximation method, 1951",
)


def _cut_when_waiting(
    followed: Followed, cost: float, update: int, *, factor: float, patience: float, threshold: float
) -> Followed:
    """Cut the rate after so many epochs in which the cost fell by less than its share ``threshold``."""
    if cost < followed.best - threshold * abs(followed.best) or followed.best == math.inf > cost:
        return Followed(cost, 0, followed.cuts)
    if followed.waited + 1 < patience:
        return replace(followed, waited=followed.waited + 1)
    return Followed(followed.best, 0, (*followed.cuts, update))


PLATEAU = Schedule(
    name="plateau",
    value=lambda gone, cuts, factor, patience, threshold: factor**cuts,
    formula=lambda of, gone: of("factor") ** of("cuts"),
    because="the steps get shorter when the cost has stopped falling",
    settings=_with_warmup(factor=0.5, patience=5.0, threshold=1e-4),
    follow=_cut_when_waiting,
    source="LeCun, Bottou, Orr and Müller, Efficient backprop, 1998",
)

SCHEDULES: dict[str, Schedule] = {
    record.name: record for record in (CONSTANT, STEP, EXPONENTIAL, COSINE, INVERSE_SCALING, PLATEAU)
}

NUMBERS = ("eta_0", "n", "cuts", "factor", "every", "over", "power", "warmup")
"""What the formulas are about, beside t; each is a kind of quantity."""

_LIMITS = {
    "factor": settings.Limit(lambda value: 0.0 < value <= 1.0, "above 0, and at most 1"),
    "every": settings.POSITIVE,
    "patience": settings.Limit(lambda value: 1.0 <= value < math.inf, "of at least 1, and finite"),
    "threshold": settings.SHARE,
}


def schedule_named(text: str) -> Schedule:
    """The schedule of a name, with settings behind a colon: ``cosine``, ``step:every=10,factor=0.5,warmup=3``.

    Raises
    ------
    InputError
        For an unknown name or setting, or a value that it cannot have.
    """
    return settings.named(SCHEDULES, text, "schedule", _LIMITS)


def chosen_schedule(asked: str | Schedule) -> Schedule:
    """A record that is given itself, as a user's own is, or the one that a text names."""
    return settings.chosen(asked, Schedule, schedule_named)


def with_settings(record: Schedule, given: Mapping[str, Any]) -> Schedule:
    """The same schedule with other constants, given as numbers or texts."""
    return settings.with_settings(record, given, "schedule", _LIMITS)


def refuse_without_length(schedule: Schedule, example: str) -> None:
    """Refuse a schedule over the whole run where there is no run, but an example with as many updates as one likes."""
    if schedule.lacks_length:
        raise InputError(
            f"{schedule.name} goes over a whole run, and {example} has no end: say over how many updates, as in "
            f'"{schedule.name}:over=1000"'
        )
