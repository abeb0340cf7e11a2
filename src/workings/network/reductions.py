"""Reductions: how the losses of a batch's samples make its cost; one record each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workings.algebra.expression import Divide, Expr, Multiply, Number


@dataclass(frozen=True, slots=True)
class Reduction:
    """What the samples' own losses, and their gradients, become for the batch.

    Attributes
    ----------
    name : str
        What files and options call it.
    divisor : callable
        What the sum over the samples is divided by, of the sum of their weights: their number, where none has a weight.
    formula : callable
        The batch's as Expr, of these two sums.
    gathered : str
        What happens to the losses, as in "they are averaged".
    """

    name: str
    divisor: Callable[[float], float]
    formula: Callable[[Expr, Expr], Expr]
    gathered: str


MEAN = Reduction(
    name="mean",
    divisor=lambda weight: weight,
    formula=lambda total, weight: Multiply((Divide(Number("1"), weight), total)),
    gathered="averaged",
)

SUM = Reduction(
    name="sum",
    divisor=lambda weight: 1,
    formula=lambda total, weight: total,
    gathered="added up",
)

REDUCTIONS: dict[str, Reduction] = {record.name: record for record in (MEAN, SUM)}
