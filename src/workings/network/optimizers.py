"""Optimizers: how a gradient becomes a new parameter; one record each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workings.algebra.expression import Expr
from workings.network.elementary import Array


@dataclass(frozen=True, slots=True)
class Optimizer:
    """A rule for the update.

    Attributes
    ----------
    name : str
        What files and options call it.
    update : callable
        ``(parameters, gradient, learning_rate)`` gives the new parameters.
    formula : callable
        The same as Expr, of one parameter, its gradient and the learning rate.
    because : str
        One sentence of intuition.
    source : str
        Where the rule is from.
    is_plain : bool
        Whether the new parameter is the old one minus the learning rate times the gradient, and nothing else: then a
        matrix product can make the update by itself.
    """

    name: str
    update: Callable[[Array, Array, float], Array]
    formula: Callable[[Expr, Expr, Expr], Expr]
    because: str
    source: str = ""
    is_plain: bool = False


SGD = Optimizer(
    name="sgd",
    update=lambda parameters, gradient, learning_rate: parameters - learning_rate * gradient,
    formula=lambda parameter, gradient, learning_rate: parameter - learning_rate * gradient,
    because="the gradient points uphill, so a small step against it lowers the cost",
    source="Robbins and Monro, A stochastic approximation method, 1951",
    is_plain=True,
)

OPTIMIZERS: dict[str, Optimizer] = {record.name: record for record in (SGD,)}
