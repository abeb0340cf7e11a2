"""Hand arithmetic: every named quantity is rounded before it is used again, in decimal arithmetic.

What somebody does who works with pencil, paper and a calculator: the operations within one line keep their digits,
its result is rounded, and the rounded number is carried on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal, DivisionByZero, InvalidOperation
from itertools import product

import numpy as np

from workings.algebra.evaluate import DECIMAL, evaluate
from workings.algebra.expression import Expr, references
from workings.algebra.rounding import Rounding, decimal_of
from workings.derivation.equations import Equation
from workings.derivation.source import Value
from workings.derivation.trace import Trace
from workings.errors import ExpressionError
from workings.network.bounds import shape
from workings.network.network import Network, Parameters
from workings.network.quantity import Quantity, of_a_parameter


@dataclass(frozen=True, eq=False)
class HandTrace:
    """A training step worked by hand: the same equations as the trace's, other numbers.

    Attributes
    ----------
    exact : Trace
        Where the equations and the given numbers come from; given numbers are exact as written.
    rounding : Rounding
        What is done to each result before it is carried on.
    """

    exact: Trace
    rounding: Rounding
    _known: dict[Quantity, Decimal] = field(default_factory=dict)

    @property
    def network(self) -> Network:
        """The network that is worked through."""
        return self.exact.network

    @property
    def update(self) -> int:
        """Which update of the example it is, from 1."""
        return self.exact.update

    def __getitem__(self, quantity: Quantity) -> Value:
        return self.value(quantity)

    def equation(self, key: Quantity) -> Equation:
        """The rule and the formula of a quantity."""
        return self.exact.equation(key)

    def value(self, key: Quantity) -> Value:
        """A Decimal; for a whole vector or matrix an array of them."""
        quantity = self.exact.checked(key)
        if not quantity.is_whole:
            return self._scalar(quantity)
        sizes = shape(self.network, quantity)
        entries = np.empty(sizes, dtype=object)
        for index in np.ndindex(*sizes):
            entries[index] = self._scalar(replace(quantity, index=index))
        return entries

    def after_update(self) -> HandTrace:
        """The update after this one, which starts from the new weights and biases as they were rounded."""
        layers = range(1, self.network.depth + 1)
        weights, biases = ([self.value(Quantity(kind, layer)) for layer in layers] for kind in ("W+", "b+"))
        network = replace(self.network, parameters=Parameters.of(weights, biases))
        arrays = {"W": weights, "b": biases}
        for name, parameter in product(self.exact.example.optimizer.state, "Wb"):
            kind = of_a_parameter(name, parameter)
            arrays[of_a_parameter(f"{name}-", parameter)] = [self.value(Quantity(kind, layer)) for layer in layers]
        carried = {
            Quantity(kind, layer, index): entry
            for kind, of_layers in arrays.items()
            for layer, array in enumerate(of_layers, start=1)
            for index, entry in np.ndenumerate(array)
        }
        after = Trace(network, self.update + 1, followed=self.exact.followed_by(self))
        return HandTrace(after, self.rounding, carried)

    def _scalar(self, wanted: Quantity) -> Decimal:
        # What a number rests on is worked out first, from a list instead of by recursion: deep networks are long.
        pending = [wanted]
        while pending:
            quantity = pending[-1]
            if quantity in self._known:
                pending.pop()
                continue
            formula = self.equation(quantity).formula
            if formula is None:
                self._known[quantity] = decimal_of(self.exact[quantity])
                continue
            missing = [reference.key for reference in references(formula) if reference.key not in self._known]
            if missing:
                pending.extend(missing)  # type: ignore[arg-type]  # a network's references hold quantities
                continue
            self._known[quantity] = self._rounded(quantity, formula)
        return self._known[wanted]

    def _rounded(self, quantity: Quantity, formula: Expr) -> Decimal:
        try:
            exact = evaluate(formula, self._known.__getitem__, DECIMAL)  # type: ignore[arg-type]
            # Decimal gives 0 times a negative number a sign, but only what is rounded to zero may have one.
            return self.rounding(exact if exact else abs(exact))
        except ExpressionError as impossible:
            if not isinstance(impossible.__cause__, DivisionByZero | InvalidOperation):
                raise ExpressionError(f"{quantity} has no value by hand: {impossible}") from impossible
            raise ExpressionError(
                f"{quantity} has no value by hand: with numbers rounded this far its formula divides by 0 or takes the "
                "logarithm of 0. Carry more digits"
            ) from impossible
