"""Pairs: an output activation and a loss whose error simplifies when the two are taken together.

There delta comes straight from z, exact where a is so near its limit that y - a has lost its digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from workings.algebra.expression import Expr, Group, add
from workings.network.activations import EXPONENTIAL, SIGMOID, SOFTMAX
from workings.network.curves import power, sigmoid
from workings.network.elementary import Array, absolute, exp, largest, log, log1p, maximum, sum_of_others, total
from workings.network.losses import BINARY_CROSS_ENTROPY, CROSS_ENTROPY, POISSON


@dataclass(frozen=True, slots=True)
class Pair:
    """An output activation and a loss whose product dC/da * da/dz simplifies.

    Attributes
    ----------
    activation, loss : str
        The names of the two.
    value : callable
        The outputs' shares ``(y, z, a)``, stable for every z.
    delta : callable
        dC/dz ``(y, z, a)``, stable for every z.
    formula : callable
        delta of output j as Expr of y, a and j, all of them given.
    entry : Entry, optional
        Value and delta entry by entry, where the activation is of a whole layer.
    holds : callable
        Whether the formula holds for these targets, one row of them.
    arranged : callable
        How the formula is reached from the slopes written out: expressions of y, a and j, each with its reason.
    because : str
        Why it simplifies, in one sentence.
    """

    activation: str
    loss: str
    value: Callable[[Array, Array, Array], Array]
    delta: Callable[[Array, Array, Array], Array]
    formula: Callable[[Sequence[Expr], Sequence[Expr], int], Expr]
    holds: Callable[[Array], bool]
    arranged: Callable[[Sequence[Expr], Sequence[Expr], int], Sequence[tuple[Expr, str]]]
    because: str
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """The share and dC/dz of one output of a whole layer, by its own numbers and sums over its row.

    Attributes
    ----------
    share : callable
        Of y, z, the largest z, and the sum of the parts that the neurons bring to the whole.
    delta : callable
        Of y, a, the sum of all y, and the sum of all other a.
    """

    share: Callable[[Array, Array, Array, Array], Array]
    delta: Callable[[Array, Array, Array, Array], Array]


_SOFTMAX_ENTRY = Entry(
    share=lambda y, z, top, whole: -y * ((z - top) - log(whole)),
    # a_j sum(y) - y_j, with 1 - a_j taken as the sum of the other outputs.
    delta=lambda y, a, all_y, other_a: a * (all_y - y) - y * other_a,
)


def _softmax_shares(y: Array, z: Array, a: Array) -> Array:
    top = largest(z)
    return _SOFTMAX_ENTRY.share(y, z, top, total(power(z, top)))


def _softmax_delta(y: Array, z: Array, a: Array) -> Array:
    return _SOFTMAX_ENTRY.delta(y, a, total(y), sum_of_others(a))


def _softmax_arranged(y: Sequence[Expr], a: Sequence[Expr], j: int) -> list[tuple[Expr, str]]:
    paths = tuple(-(y[k] * (1 - a[k])) if k == j else y[k] * a[j] for k in range(len(y)))
    return [
        (add(paths), "each fraction cancels against a factor of the slope"),
        (a[j] * Group(add(tuple(y))) - y[j], "collected"),
        (a[j] - y[j], "the targets add up to 1"),
    ]


PAIRS: dict[tuple[str, str], Pair] = {
    (pair.activation, pair.loss): pair
    for pair in (
        Pair(
            activation=SIGMOID.name,
            loss=BINARY_CROSS_ENTROPY.name,
            # max(z, 0) - y z + ln(1 + e^-|z|) = y softplus(-z) + (1 - y) softplus(z)
            value=lambda y, z, a: y * maximum(-z, 0.0) + (1 - y) * maximum(z, 0.0) + log1p(exp(-absolute(z))),
            delta=lambda y, z, a: (1.0 - y) * a - y * sigmoid(-z),
            formula=lambda y, a, j: a[j] - y[j],
            holds=lambda y: True,
            arranged=lambda y, a, j: [
                ((1 - y[j]) * a[j] - y[j] * (1 - a[j]), "each fraction cancels against a factor of the slope"),
                (a[j] - y[j] * a[j] - y[j] + y[j] * a[j], "multiplied out"),
                (a[j] - y[j], "the products cancel"),
            ],
            because="the slope a(1 - a) of the sigmoid cancels against the loss's denominators, so a sure and wrong "
            "output still learns",
        ),
        Pair(
            activation=SOFTMAX.name,
            loss=CROSS_ENTROPY.name,
            value=_softmax_shares,
            delta=_softmax_delta,
            entry=_SOFTMAX_ENTRY,
            formula=lambda y, a, j: a[j] - y[j],
            holds=lambda y: bool(abs(float(np.sum(y)) - 1.0) <= 1e-12),  # rounding of targets like 0.1 + 0.2 + 0.7
            arranged=_softmax_arranged,
            because="the paths through all outputs add up to the plain difference, because the targets add up to 1",
        ),
        Pair(
            activation=EXPONENTIAL.name,
            loss=POISSON.name,
            value=lambda y, z, a: a - y * z,
            delta=lambda y, z, a: a - y,
            formula=lambda y, a, j: a[j] - y[j],
            holds=lambda y: True,
            arranged=lambda y, a, j: [(a[j] - y[j], "multiplied out, the fraction cancels")],
            because="the slope a of the exponential cancels against the loss's denominator, so an output near 0 learns "
            "as well as any other",
        ),
    )
}
