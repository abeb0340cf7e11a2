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
        ``(n_samples)`` gives what the sum over the samples is divided by.
    formula : callable
        The batch's as Expr, of that sum and the number of samples.
    gathered : str
        What happens to the losses, as in "they are averaged".
    """

    name: str
    divisor: Callable[[int], int]
    formula: Callable[[Expr, int], Expr]
    gathered: str


MEAN = Reduction(
    name="mean",
    divisor=lambda n_samples: n_samples,
    formula=lambda total, n_samples: Multiply((Divide(Number("1"), Number(str(n_samples))), total)),
    gathered="averaged",
)

SUM = Reduction(
    name="sum",
    divisor=lambda n_samples: 1,
    formula=lambda total, n_samples: total,
    gathered="added up",
)

REDUCTIONS: dict[str, Reduction] = {record.name: record for record in (MEAN, SUM)}
