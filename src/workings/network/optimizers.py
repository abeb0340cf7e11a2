"""Optimizers: how a gradient becomes a new parameter; one record each, with its numbers and its formulas.

What an optimizer remembers from update to update is a quantity like any other: m and v have an address and an equation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from workings.algebra.expression import Expr, call
from workings.errors import InputError
from workings.network import searches, settings
from workings.network.clipping import Clipping
from workings.network.elementary import Array, sqrt
from workings.network.searches import SEARCHES, Search

Of = Callable[[str], Expr]
"""What a formula is about, by name: ``parameter``, ``gradient``, ``eta``, ``t``, a setting, ``m``, or ``m-`` before."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an optimizer's working.

    Attributes
    ----------
    kind : str
        The kind of quantity that it gives: ``m``, ``m_hat``.
    formula : callable
        Of what an :data:`Of` gives.
    because : str
        One sentence of intuition.
    """

    kind: str
    formula: Callable[[Of], Expr]
    because: str


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A rule for the update.

    Attributes
    ----------
    name : str
        What files and options call it.
    update : callable
        ``(parameter, gradient, *state, *factors)`` gives the new parameter and the new state, as a tuple.
    formula : callable
        The new parameter as Expr, of what an :data:`Of` gives.
    because : str
        One sentence of intuition.
    lines : tuple of Line
        What is worked out before the new parameter.
    state : tuple of str
        The kinds that are remembered for the next update; 0 before the first.
    settings : mapping of str to float
        Its constants.
    factors : callable
        ``(learning_rate, update, **settings)`` gives the numbers that all parameters share, in float64; of one update
        or of an array of them.
    derived : mapping of str to callable
        ``(*state, *factors)`` gives the numbers of the lines that are not remembered.
    learning_rate : float
        What to try when nobody says better.
    source : str
        Where the rule is from.
    is_plain : bool
        Whether the new parameter is the old one minus the learning rate times the gradient, and nothing else: then a
        matrix product can make the update by itself.
    clipping : Clipping, optional
        What is done to the gradient first.
    """

    name: str
    update: Callable[..., tuple[Array, ...]]
    formula: Callable[[Of], Expr]
    because: str
    lines: tuple[Line, ...] = ()
    state: tuple[str, ...] = ()
    settings: Mapping[str, float] = field(default_factory=dict)
    factors: Callable[..., tuple[float, ...]] = lambda learning_rate, update: (learning_rate,)
    derived: Mapping[str, Callable[..., Array]] = field(default_factory=dict)
    learning_rate: float = 0.1
    source: str = ""
    is_plain: bool = False
    clipping: Clipping | None = None

    def factors_at(self, learning_rate: float, update: int) -> tuple[float, ...]:
        """The numbers that all parameters share in an update, counted from 1."""
        return tuple(float(each) for each in self.factors(learning_rate, update, **self.settings))

    def factors_over(self, learning_rates: Array, updates: Array) -> Array:
        """The same for many updates, shape (n_updates, n_factors)."""
        each = self.factors(learning_rates, updates, **self.settings)
        return np.stack(np.broadcast_arrays(*each, updates)[:-1], axis=1)

    def __str__(self) -> str:
        """What :func:`optimizer_named` reads back: ``adam:beta1=0.8``, with the settings that were changed."""
        return settings.written(self, OPTIMIZERS)


SGD = Optimizer(
    name="sgd",
    update=lambda w, g, eta: (w - eta * g,),
    formula=lambda of: of("parameter") - of("eta") * of("gradient"),
    because="the gradient points uphill, so a small step against it lowers the cost",
    source="Cauchy, Méthode générale pour la résolution des systèmes d'équations simultanées, 1847",
    is_plain=True,
)


def momentum_update(w: Array, g: Array, m: Array, eta: float, mu: float) -> tuple[Array, Array]:
    """A step along the sum of all gradients, the older the weaker."""
    m = mu * m + g
    return w - eta * m, m


def nesterov_update(w: Array, g: Array, m: Array, eta: float, mu: float) -> tuple[Array, Array]:
    """The same, with the step that momentum is about to make already taken."""
    m = mu * m + g
    return w - eta * (g + mu * m), m


MOMENTUM = Optimizer(
    name="momentum",
    update=momentum_update,
    formula=lambda of: of("parameter") - of("eta") * of("m"),
    because="the step goes along the gathered gradients, not the last one alone",
    lines=(
        Line(
            "m",
            lambda of: of("momentum") * of("m-") + of("gradient"),
            "a rolling ball: what pushed the same way before goes on pushing, what swung to and fro cancels",
        ),
    ),
    state=("m",),
    settings={"momentum": 0.9},
    factors=lambda eta, t, momentum: (eta, momentum),
    learning_rate=0.01,
    source="Polyak, Some methods of speeding up the convergence of iteration methods, 1964",
)

NESTEROV = replace(
    MOMENTUM,
    name="nesterov",
    update=nesterov_update,
    formula=lambda of: of("parameter") - of("eta") * (of("gradient") + of("momentum") * of("m")),
    because="momentum looks one step ahead, so it brakes before it has gone too far",
    source="Sutskever, Martens, Dahl and Hinton, On the importance of initialization and momentum in deep learning, "
    "2013",
)


def moments(g: Array, m: Array, v: Array, beta1: float, beta2: float) -> tuple[Array, Array]:
    """The running means of the gradient and of its square."""
    return beta1 * m + (1.0 - beta1) * g, beta2 * v + (1.0 - beta2) * (g * g)


def adam_update(
    w: Array, g: Array, m: Array, v: Array, eta: float, beta1: float, beta2: float, m_scale: float, v_scale: float,
    epsilon: float,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """A step along the mean gradient over the root of its mean square."""
    m, v = moments(g, m, v, beta1, beta2)
    return w - eta * (m_scale * m) / (sqrt(v_scale * v) + epsilon), m, v


def epsilon_hat_update(
    w: Array, g: Array, m: Array, v: Array, rate: float, beta1: float, beta2: float, epsilon: float
) -> tuple[Array, Array, Array]:
    """The same, with epsilon beside the root that is not corrected; ``rate`` holds both corrections."""
    m, v = moments(g, m, v, beta1, beta2)
    return w - rate * m / (sqrt(v) + epsilon), m, v


def adamw_update(
    w: Array, g: Array, m: Array, v: Array, eta: float, beta1: float, beta2: float, m_scale: float, v_scale: float,
    epsilon: float, weight_decay: float,
) -> tuple[Array, Array, Array]:  # fmt: skip
    """The same as Adam, and every parameter shrinks by a share of itself."""
    stepped, m, v = adam_update(w, g, m, v, eta, beta1, beta2, m_scale, v_scale, epsilon)
    return stepped - eta * weight_decay * w, m, v


def _adam_factors(eta: float, t: int, beta1: float, beta2: float, epsilon: float, **others: float) -> tuple[float, ...]:
    return eta, beta1, beta2, 1.0 / (1.0 - beta1**t), 1.0 / (1.0 - beta2**t), epsilon, *others.values()


def _epsilon_hat_factors(eta: float, t: int, beta1: float, beta2: float, epsilon: float) -> tuple[float, ...]:
    return eta * sqrt(1.0 - beta2**t) / (1.0 - beta1**t), beta1, beta2, epsilon


_FIRST_MOMENT = Line(
    "m",
    lambda of: of("beta1") * of("m-") + (1 - of("beta1")) * of("gradient"),
    "a running mean of the gradient: which way it has pointed of late",
)
_SECOND_MOMENT = Line(
    "v",
    lambda of: of("beta2") * of("v-") + (1 - of("beta2")) * of("gradient") ** 2,
    "a running mean of its square: how large it has been of late",
)
_FIRST_CORRECTED = Line(
    "m_hat",
    lambda of: of("m") / (1 - of("beta1") ** of("t")),
    "the mean started at 0; this takes out what is still missing",
)
_SECOND_CORRECTED = Line(
    "v_hat",
    lambda of: of("v") / (1 - of("beta2") ** of("t")),
    "the mean square started at 0 too",
)
_ADAM_STEP = "a small parameter step where gradients are large or unsure, a bold one where they are small and agree"
_KINGMA_BA = "Kingma and Ba, Adam: a method for stochastic optimization, 2015"


def _adam_direction(of: Of) -> Expr:
    return of("m_hat") / (call("sqrt", of("v_hat")) + of("epsilon"))


ADAM = Optimizer(
    name="adam",
    update=adam_update,
    formula=lambda of: of("parameter") - of("eta") * _adam_direction(of),
    because=_ADAM_STEP,
    lines=(_FIRST_MOMENT, _SECOND_MOMENT, _FIRST_CORRECTED, _SECOND_CORRECTED),
    state=("m", "v"),
    settings={"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    factors=_adam_factors,
    derived={
        "m_hat": lambda m, v, eta, beta1, beta2, m_scale, v_scale, *others: m_scale * m,
        "v_hat": lambda m, v, eta, beta1, beta2, m_scale, v_scale, *others: v_scale * v,
    },
    learning_rate=0.001,
    source=f"{_KINGMA_BA}, algorithm 1",
)

ADAM_EPSILON_HAT = replace(
    ADAM,
    name="adam_epsilon_hat",
    update=epsilon_hat_update,
    formula=lambda of: (
        of("parameter")
        - of("eta")
        * (call("sqrt", 1 - of("beta2") ** of("t")) / (1 - of("beta1") ** of("t")))
        * (of("m") / (call("sqrt", of("v")) + of("epsilon")))
    ),
    lines=(_FIRST_MOMENT, _SECOND_MOMENT),
    factors=_epsilon_hat_factors,
    derived={},
    source=f"{_KINGMA_BA}, the faster order at the end of section 2",
)

ADAMW = replace(
    ADAM,
    name="adamw",
    update=adamw_update,
    formula=lambda of: (
        of("parameter")
        - of("eta") * _adam_direction(of)
        - of("eta") * of("weight_decay") * of("parameter")
    ),
    because=f"{_ADAM_STEP}; and each parameter shrinks by a share of itself, whatever its gradient",
    settings={**ADAM.settings, "weight_decay": 0.01},
    source="Loshchilov and Hutter, Decoupled weight decay regularization, 2019",
)  # fmt: skip


def rmsprop_update(w: Array, g: Array, v: Array, eta: float, rho: float, epsilon: float) -> tuple[Array, Array]:
    """A step along the gradient over the root of its mean square."""
    v = rho * v + (1.0 - rho) * (g * g)
    return w - eta * g / (sqrt(v) + epsilon), v


def adagrad_update(w: Array, g: Array, v: Array, eta: float, epsilon: float) -> tuple[Array, Array]:
    """A step along the gradient over the root of the sum of all its squares."""
    v = v + g * g
    return w - eta * g / (sqrt(v) + epsilon), v


def _over_root(of: Of) -> Expr:
    return of("parameter") - of("eta") * (of("gradient") / (call("sqrt", of("v")) + of("epsilon")))


RMSPROP = Optimizer(
    name="rmsprop",
    update=rmsprop_update,
    formula=_over_root,
    because="every parameter gets a step of its own size, whatever the size of its gradient",
    lines=(
        Line(
            "v",
            lambda of: of("rho") * of("v-") + (1 - of("rho")) * of("gradient") ** 2,
            "a running mean of the squared gradient: how large it has been of late",
        ),
    ),
    state=("v",),
    settings={"rho": 0.99, "epsilon": 1e-8},
    factors=lambda eta, t, rho, epsilon: (eta, rho, epsilon),
    learning_rate=0.001,
    source="Tieleman and Hinton, Neural Networks for Machine Learning, lecture 6.5, 2012",
)

ADAGRAD = Optimizer(
    name="adagrad",
    update=adagrad_update,
    formula=_over_root,
    because="what has moved much moves less and less, what was seldom asked still moves",
    lines=(Line("v", lambda of: of("v-") + of("gradient") ** 2, "the squares of all gradients so far"),),
    state=("v",),
    settings={"epsilon": 1e-10},
    factors=lambda eta, t, epsilon: (eta, epsilon),
    learning_rate=0.01,
    source="Duchi, Hazan and Singer, Adaptive subgradient methods for online learning and stochastic optimization, "
    "2011",
)

OPTIMIZERS: dict[str, Optimizer] = {
    record.name: record
    for record in (SGD, MOMENTUM, NESTEROV, ADAM, ADAM_EPSILON_HAT, ADAMW, RMSPROP, ADAGRAD)
}  # fmt: skip


def optimizer_named(text: str) -> Optimizer:
    """The optimizer of a name, with settings behind a colon: ``adam``, ``momentum:momentum=0.95``.

    Raises
    ------
    InputError
        For an unknown name or setting, or a value that is no finite number of 0 or more.
    """
    name = text.partition(":")[0]
    if name in SEARCHES:
        raise InputError(
            f"{name} finds the length of each step by trying, so none of its updates has a formula to be shown; "
            f"it can only be trained with. One with a formula is {', '.join(OPTIMIZERS)}"
        )
    return settings.named(OPTIMIZERS, text, "optimizer", LIMITS)


def optimizer_to_train_with(asked: str | Optimizer | Search) -> Optimizer | Search:
    """A record that is given itself, or the one that a text names, be it one that has no formula.

    Raises
    ------
    InputError
        For an unknown name or setting, or a value that is outside of its limits.
    """
    if isinstance(asked, Search):
        return asked
    if isinstance(asked, str):
        known: dict[str, Optimizer | Search] = {**OPTIMIZERS, **SEARCHES}
        return settings.named(known, asked, "optimizer", LIMITS | searches.LIMITS)
    return chosen_optimizer(asked)


def bounds_of(optimizer: Optimizer) -> dict[str, float]:
    """The bound of its clipping by its name, as files keep it; empty where nothing is clipped."""
    return {} if optimizer.clipping is None else {optimizer.clipping.name: optimizer.clipping.bound}


def chosen_optimizer(asked: str | Optimizer) -> Optimizer:
    """A record that is given itself, as a user's own is, or the one that a text names."""
    return settings.chosen(asked, Optimizer, optimizer_named)


def with_settings(record: Optimizer, given: Mapping[str, Any]) -> Optimizer:
    """The same optimizer with other constants, given as numbers or texts."""
    return settings.with_settings(record, given, "optimizer", LIMITS)


LIMITS = dict.fromkeys(("momentum", "beta1", "beta2", "rho"), settings.SHARE)
"""Settings that say how much of what was is kept."""
