"""The links of a step's chain: formula = numbers = (entry by entry =) result, each an expression."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import numpy as np

from workings.algebra.expression import (
    Add,
    Expr,
    Hadamard,
    MatMul,
    Matrix,
    Reference,
    Transpose,
    contains,
    rebuild,
    references,
    substitute,
)
from workings.derivation.derive import Step
from workings.network.quantity import Quantity
from workings.presentation.display import DOTS, LONGEST, Display, kept, part_of
from workings.presentation.entries import matrices, worked_out

MOST_ENTRIES = 16
"""Results with more entries than this are not worked out entry by entry."""


def links(step: Step, display: Display) -> list[Expr]:
    """What stands between the equals signs to the right of the symbol; a link that says nothing new is left out."""
    result = display.number(step.quantity, step.result)
    if step.formula is None:
        return [result]
    formula = shortened(step.formula)
    numbers = substituted(formula, step, display)
    chain = [formula, numbers]
    if isinstance(result, Matrix) and not isinstance(formula, Matrix | Reference):
        chain += _between(step, numbers, result, display)
    chain.append(result)
    return [link for position, link in enumerate(chain) if position == 0 or link != chain[position - 1]]


def substituted(formula: Expr, step: Step, display: Display) -> Expr:
    """A formula with a step's numbers put in."""
    return substitute(formula, lambda reference: _number(reference, step, display))


def shape_in(step: Step, key: Hashable) -> tuple[int, int] | None:
    """Rows and columns of a vector or matrix in a step's formula; None for a number."""
    value = step.values[key] if isinstance(key, Quantity) else None
    if not isinstance(value, np.ndarray):
        return None
    return (len(value), 1) if value.ndim == 1 else (value.shape[0], value.shape[1])


def shortened(formula: Expr) -> Expr:
    """The formula with dots in the middle of long sums and large matrices."""
    if isinstance(formula, Add) and len(formula.terms) > LONGEST:
        formula = Add(tuple(DOTS if i is None else formula.terms[i] for i in kept(len(formula.terms))))
    if isinstance(formula, Matrix):
        rows = formula.rows
        formula = part_of(len(rows), len(rows[0]), lambda j, k: rows[j][k])
    return formula if isinstance(formula, Reference) else rebuild(formula, shortened)


def shown_in(formula: Expr | None) -> Iterator[Quantity]:
    """The quantities in a formula as it is written, with dots in the middle of long sums."""
    found = () if formula is None else references(shortened(formula))
    return (reference.key for reference in found if isinstance(reference.key, Quantity))


def _number(reference: Reference, step: Step, display: Display) -> Expr:
    key = reference.key
    return display.number(key, step.values[key]) if isinstance(key, Quantity) else reference


def _between(step: Step, numbers: Expr, result: Matrix, display: Display) -> list[Expr]:
    """Matrix formulas on their way: transposes carried out, then each entry with its own products and sums."""
    shown = list(matrices(numbers))
    is_elided = any(entry == DOTS for matrix in (*shown, result) for row in matrix.rows for entry in row)
    if is_elided or len(result.rows) * len(result.rows[0]) > MOST_ENTRIES:
        return []
    halfway = _halfway(step, display)
    last = halfway or numbers
    return [_transposes_carried_out(numbers), *([halfway] if halfway else []), worked_out(last)]


def _transposes_carried_out(expression: Expr) -> Expr:
    # A column times a row is written with its transpose; a matrix stands better turned around.
    if isinstance(expression, MatMul) and isinstance(expression.right, Transpose):
        return expression
    if isinstance(expression, Transpose):
        return worked_out(expression)
    return rebuild(expression, _transposes_carried_out)


def _halfway(step: Step, display: Display) -> Expr | None:
    """``W^T delta ⊙ sigma'`` with the product worked out to a vector; None for any other formula."""
    if not (isinstance(step.formula, Hadamard) and contains(step.formula.left, MatMul)):
        return None
    from workings.algebra.evaluate import evaluate

    product = evaluate(step.formula.left, step.values.__getitem__)  # type: ignore[arg-type]  # keys are quantities
    slopes = substitute(step.formula.right, lambda reference: _number(reference, step, display))
    return Hadamard(display.number(step.quantity, product), slopes)
