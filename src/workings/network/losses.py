"""Losses: for each one record with its number, its slope, and both as a textbook writes them.

A loss is a sum over the outputs of a sample; the record describes one output's share. Those that simplify together
with an output activation stand in ``pairs.py`` as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workings.algebra.expression import Divide, Expr, Number, call
from workings.network.activations import INFINITY, Activation
from workings.network.elementary import Array, absolute, log, minimum, quotient, select


@dataclass(frozen=True, slots=True)
class Loss:
    """A loss function, by the share of one output.

    Attributes
    ----------
    name : str
        What files and options call it.
    value : callable
        ``share(y, a, n)`` of an output with target y and activation a, among n outputs.
    derivative : callable
        ``d share / da (y, a, n)``.
    formula, derivative_formula : callable
        The same as Expr of y, a and n.
    domain : (float, float)
        The closed range in which the outputs must lie for the loss to have a value.
    output : str
        The output activation that goes with it when nobody asks for another.
    poles : tuple of float
        The activations at which it grows beyond all numbers.
    symmetric : bool
        Whether the share stays the same when target and activation are both counted from an end of the range:
        ``1 - y`` and ``1 - a``. Then it can be had with all digits where the activation is nearly there.
    because : str
        One sentence of intuition about the slope.
    source : str
        Where the formula is from.
    """

    name: str
    value: Callable[[Array, Array, int], Array]
    derivative: Callable[[Array, Array, int], Array]
    formula: Callable[[Expr, Expr, int], Expr]
    derivative_formula: Callable[[Expr, Expr, int], Expr]
    domain: tuple[float, float]
    output: str
    because: str
    poles: tuple[float, ...] = ()
    symmetric: bool = False
    source: str = ""

    def takes(self, output: Activation) -> bool:
        """Whether it has a value wherever the output activation can lead."""
        (low, high), (least, most) = output.range, self.domain
        return least <= low and high <= most and not set(self.poles) & set(output.reaches)

    def shares(self, activation: Activation, y: Array, z: Array, a: Array) -> Array:
        """The share of each output, shape (n_samples, n_outputs); with all digits where a is nearly at its limit."""
        return self.share_of(activation)(y, z, a, a.shape[-1])

    def slopes(self, activation: Activation, y: Array, z: Array, a: Array) -> Array:
        """dC/da of each output, shape (n_samples, n_outputs); with all digits where a is nearly at its limit."""
        return self.slope_of(activation)(y, z, a, a.shape[-1])

    def share_of(self, activation: Activation) -> Callable[[Array, Array, Array, int], Array]:
        """The share as a function of y, z, a and the number of outputs, exact at the limits of an activation."""
        return self._exact(activation, self.value, self.value)

    def slope_of(self, activation: Activation) -> Callable[[Array, Array, Array, int], Array]:
        """dC/da as a function of y, z, a and the number of outputs, exact at the limits of an activation."""
        derivative = self.derivative
        return self._exact(activation, derivative, lambda y, a, n: -derivative(y, a, n))

    def _exact(
        self,
        activation: Activation,
        upwards: Callable[[Array, Array, int], Array],
        downwards: Callable[[Array, Array, int], Array],
    ) -> Callable[[Array, Array, Array, int], Array]:
        """A function of target and activation, both counted from an end of the range where it is nearer than 0.

        At z = 40 a sigmoid is 4e-18 below 1: 1 - y and 1 - a still say so.
        """
        (low, high), margins = activation.range, activation.margins
        if margins is None or not (self.symmetric and self.domain in ((low, high), (-INFINITY, INFINITY))):
            return lambda y, z, a, n: upwards(y, a, n)
        elsewhere = (0.0, INFINITY)  # ends that nothing need be counted from

        def from_zero(y: Array, z: Array, a: Array, n: int) -> tuple[Array, Array]:
            return upwards(y, a, n), absolute(a)

        def from_low(y: Array, z: Array, a: Array, n: int) -> tuple[Array, Array]:
            (result, nearest), (above_low, _) = from_zero(y, z, a, n), margins(z, a)
            return select(above_low < nearest, upwards(y - low, above_low, n), result), minimum(nearest, above_low)

        below = from_zero if low in elsewhere else from_low

        def from_high(y: Array, z: Array, a: Array, n: int) -> tuple[Array, Array]:
            (result, nearest), (_, below_high) = below(y, z, a, n), margins(z, a)
            return select(below_high < nearest, downwards(high - y, below_high, n), result), nearest

        counted = below if high in elsewhere else from_high

        def exact(y: Array, z: Array, a: Array, n: int) -> Array:
            result, _ = counted(y, z, a, n)
            return result

        return exact


ONE_HALF = Divide(Number("1"), Number("2"))

SQUARED_ERROR = Loss(
    name="squared_error",
    value=lambda y, a, n: (y - a) ** 2,
    derivative=lambda y, a, n: -2.0 * (y - a),
    formula=lambda y, a, n: (y - a) ** 2,
    derivative_formula=lambda y, a, n: -(2 * (y - a)),
    domain=(-INFINITY, INFINITY),
    output="identity",
    because="the further off, the steeper: twice the distance between output and target",
    symmetric=True,
    source="Widrow and Hoff, Adaptive switching circuits, 1960",
)

HALF_SQUARED_ERROR = Loss(
    name="half_squared_error",
    value=lambda y, a, n: 0.5 * (y - a) ** 2,
    derivative=lambda y, a, n: a - y,
    formula=lambda y, a, n: ONE_HALF * (y - a) ** 2,
    derivative_formula=lambda y, a, n: -(y - a),
    domain=(-INFINITY, INFINITY),
    output="identity",
    because="the one half is there to meet the 2 of the square: what is left is the difference itself",
    symmetric=True,
    source="Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986",
)

MEAN_SQUARED_ERROR = Loss(
    name="mean_squared_error",
    value=lambda y, a, n: (y - a) ** 2 / n,
    derivative=lambda y, a, n: -2.0 * (y - a) / n,
    formula=lambda y, a, n: Divide(Number("1"), Number(str(n))) * (y - a) ** 2,
    derivative_formula=lambda y, a, n: -(Divide(Number("2"), Number(str(n))) * (y - a)),
    domain=(-INFINITY, INFINITY),
    output="identity",
    because="as the squared error, shared out over the outputs",
    symmetric=True,
    source="Widrow and Hoff, Adaptive switching circuits, 1960",
)

BINARY_CROSS_ENTROPY = Loss(
    name="binary_cross_entropy",
    value=lambda y, a, n: -y * log(a) - (1.0 - y) * log(1.0 - a),
    derivative=lambda y, a, n: quotient(1.0 - y, 1.0 - a) - quotient(y, a),
    formula=lambda y, a, n: -(y * call("ln", a) + (1 - y) * call("ln", 1 - a)),
    derivative_formula=lambda y, a, n: (1 - y) / (1 - a) - y / a,
    domain=(0.0, 1.0),
    poles=(0.0, 1.0),
    output="sigmoid",
    because="being sure and wrong costs without limit, so the slope grows without limit too",
    symmetric=True,
    source="Solla, Levin and Fleisher, Accelerated learning in layered neural networks, 1988",
)

CROSS_ENTROPY = Loss(
    name="cross_entropy",
    value=lambda y, a, n: -y * log(a),
    derivative=lambda y, a, n: -quotient(y, a),
    formula=lambda y, a, n: -(y * call("ln", a)),
    derivative_formula=lambda y, a, n: -(y / a),
    domain=(0.0, 1.0),
    poles=(0.0,),
    output="softmax",
    because="an output is charged as far as its target asks for it, the more the less it answered",
    source="Bridle, Probabilistic interpretation of feedforward classification network outputs, with relationships to "
    "statistical pattern recognition, 1990",
)

LOSSES: dict[str, Loss] = {
    record.name: record
    for record in (
        SQUARED_ERROR,
        HALF_SQUARED_ERROR,
        MEAN_SQUARED_ERROR,
        BINARY_CROSS_ENTROPY,
        CROSS_ENTROPY,
    )
}
