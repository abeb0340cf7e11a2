"""derive(source, quantity): one number's symbol = formula = numbers = result, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workings.algebra.expression import Expr, references
from workings.derivation.rules import Rule
from workings.derivation.trace import Source, Value
from workings.network.quantity import Quantity


@dataclass(frozen=True, slots=True)
class Step:
    """Why one number is what it is. Holds no strings: ``symbol = formula = numbers = result`` is rendering.

    Attributes
    ----------
    quantity : Quantity
    rule : Rule
    formula : Expr, optional
        None for a given number. Its References are the step's children: derive any of them to go on.
    values : mapping of Quantity to number
        The numbers that go into the formula.
    result : number, or array of them
    """

    quantity: Quantity
    rule: Rule
    formula: Expr | None
    values: Mapping[Quantity, Value]
    result: Value


def derive(source: Source, quantity: Quantity) -> Step:
    """The step that leads to one quantity, made when it is asked for.

    Parameters
    ----------
    source : Source
        A :class:`~workings.derivation.trace.Trace`, or anything with ``equation`` and ``value``.
    quantity : Quantity
        One number, or a whole vector or matrix.

    Raises
    ------
    AddressError
        When the network has no such quantity.
    """
    equation = source.equation(quantity)
    keys = () if equation.formula is None else (reference.key for reference in references(equation.formula))
    values = {key: source.value(key) for key in keys if isinstance(key, Quantity)}
    return Step(quantity, equation.rule, equation.formula, values, source.value(quantity))
