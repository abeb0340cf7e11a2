"""Clipping: what keeps one large gradient from throwing the parameters far away; one record each.

The norm of the whole gradient and each clipped gradient are quantities; the optimizer takes the clipped ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from numbers import Real
from typing import Any

from workings.algebra.expression import Expr, call
from workings.errors import InputError
from workings.network.elementary import Array, maximum, minimum

PASCANU = "Pascanu, Mikolov and Bengio, On the difficulty of training recurrent neural networks, 2013"


@dataclass(frozen=True, slots=True)
class Clipping:
    """A bound on the gradient.

    Attributes
    ----------
    name : str
        What files and options call the bound; also the kind of quantity that it is.
    clipped : callable
        ``(gradient, norm, bound)`` gives the gradient that the optimizer takes.
    formula : callable
        The same as Expr.
    because : str
        One sentence of intuition.
    source : str
        Where it is from.
    of_norm : bool
        Whether it looks at the norm of the whole gradient.
    bound : float
    """

    name: str
    clipped: Callable[[Array, float, float], Array]
    formula: Callable[[Expr, Expr, Expr], Expr]
    because: str
    source: str
    of_norm: bool = False
    bound: float = math.inf


BY_NORM = Clipping(
    name="clip_norm",
    clipped=lambda gradient, norm, bound: bound / max(bound, norm) * gradient,
    formula=lambda gradient, norm, bound: bound / call("max", bound, norm) * gradient,
    because="where the whole gradient is too long it is shortened, and keeps its direction",
    source=PASCANU,
    of_norm=True,
)

BY_VALUE = Clipping(
    name="clip_value",
    clipped=lambda gradient, norm, bound: maximum(-bound, minimum(bound, gradient)),
    formula=lambda gradient, norm, bound: call("max", -bound, call("min", bound, gradient)),
    because="no single gradient counts for more than the bound, in either direction",
    source="Mikolov, Statistical language models based on neural networks, 2012",
)

CLIPPINGS: dict[str, Clipping] = {record.name: record for record in (BY_NORM, BY_VALUE)}


def clipping_of(**bounds: Any) -> Clipping | None:
    """The clipping of which the bound is given, by its name; None where none is.

    Raises
    ------
    InputError
        When there are two, or the bound is no finite number above 0.
    """
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    if not given:
        return None
    if len(given) > 1:
        raise InputError(f"{' and '.join(given)} are both given: a gradient is clipped in one way or the other")
    ((name, bound),) = given.items()
    if isinstance(bound, bool) or not isinstance(bound, Real) or not 0 < float(bound) < math.inf:
        raise InputError(
            f"{name} is {bound!r:.40}, but must be a number above 0, and finite: gradients beyond are clipped"
        )
    return replace(CLIPPINGS[name], bound=float(bound))
