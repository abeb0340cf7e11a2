"""derive(source, quantity): one number's symbol = formula = numbers = result, as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workings.algebra.expression import Expr, references
from workings.derivation.rules import Rule
from workings.derivation.source import Source, Value
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
    return Step(quantity, equation.rule, equation.formula, Values(source, equation.formula), source.value(quantity))


@dataclass(frozen=True, slots=True)
class Values(Mapping[Quantity, Value]):
    """The numbers of a formula's References, looked up when they are needed: a sum of 784 terms shows five of them."""

    source: Source
    formula: Expr | None

    def __getitem__(self, key: Quantity) -> Value:
        return self.source.value(key)

    def __iter__(self) -> Iterator[Quantity]:
        found = () if self.formula is None else references(self.formula)
        keys = (reference.key for reference in found)
        return iter(dict.fromkeys(key for key in keys if isinstance(key, Quantity)))

    def __len__(self) -> int:
        return sum(1 for _ in self)
