"""Losses: for each one record with its number, its slope, and both as a textbook writes them.

A loss is a sum over the outputs of a sample; the record describes one output's share. Those that simplify together
with an output activation stand in ``pairs.py`` as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from workings.algebra.expression import Cases, Condition, Divide, Expr, Group, Number, call, expr
from workings.network.activations import INFINITY, Activation
from workings.network.curves import one_like
from workings.network.elementary import Array, absolute, log, maximum, minimum, quotient, select


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
    targets : tuple of float
        The only targets there are, the lower one first, where classes are told by numbers of their own; else any in
        the domain.
    kinks : callable
        By the target y, the activations at which the slope jumps; no finite difference is right there.
    symmetric : bool
        Whether the share stays the same when target and activation are both counted from an end of the range:
        ``1 - y`` and ``1 - a``. Then it can be had with all digits where the activation is nearly there.
    from_end : (callable, callable), optional
        Share and slope of target and activation both counted from an end of the range that is a target, where these
        are functions of their own.
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
    targets: tuple[float, ...] = ()
    kinks: Callable[[Array], tuple[Array, ...]] = lambda y: ()
    symmetric: bool = False
    from_end: tuple[Callable[[Array, Array, int], Array], Callable[[Array, Array, int], Array]] | None = None
    source: str = ""

    def takes(self, output: Activation) -> bool:
        """Whether it has a value wherever the output activation can lead, and that can lead to its targets."""
        (low, high), (least, most) = output.range, self.domain
        has_value = least <= low and high <= most and not set(self.poles) & set(output.reaches)
        return has_value and all(low <= target <= high for target in self.targets)

    def can_take(self, targets: Array) -> Array:
        """Which of some targets it can be asked about."""
        if self.targets:
            return np.isin(targets, self.targets)
        low, high = self.domain
        return np.asarray((low <= targets) & (targets <= high))

    @property
    def wanted(self) -> str:
        """The targets it can take, in words."""
        if self.targets:
            return " or ".join(f"{target:g}" for target in self.targets)
        low, high = self.domain
        return f"{low:g} or more" if high == INFINITY else f"from {low:g} to {high:g}"

    @property
    def no_and_yes(self) -> tuple[float, float]:
        """The targets of an output for another class, and for its own."""
        return (self.targets[0], self.targets[-1]) if self.targets else (0.0, 1.0)

    def shares(self, activation: Activation, y: Array, z: Array, a: Array) -> Array:
        """The share of each output, shape (n_samples, n_outputs); with all digits where a is nearly at its limit."""
        return self.share_of(activation)(y, z, a, a.shape[-1])

    def slopes(self, activation: Activation, y: Array, z: Array, a: Array) -> Array:
        """dC/da of each output, shape (n_samples, n_outputs); with all digits where a is nearly at its limit."""
        return self.slope_of(activation)(y, z, a, a.shape[-1])

    def share_of(self, activation: Activation) -> Callable[[Array, Array, Array, int], Array]:
        """The share as a function of y, z, a and the number of outputs, exact at the limits of an activation."""
        value = self.value if self.from_end is None else self.from_end[0]
        return self._exact(activation, self.value, value, value)

    def slope_of(self, activation: Activation) -> Callable[[Array, Array, Array, int], Array]:
        """dC/da as a function of y, z, a and the number of outputs, exact at the limits of an activation."""
        derivative = self.derivative if self.from_end is None else self.from_end[1]
        return self._exact(activation, self.derivative, derivative, lambda y, a, n: -derivative(y, a, n))

    def _exact(
        self,
        activation: Activation,
        plain: Callable[[Array, Array, int], Array],
        upwards: Callable[[Array, Array, int], Array],
        downwards: Callable[[Array, Array, int], Array],
    ) -> Callable[[Array, Array, Array, int], Array]:
        """A function of target and activation, both counted from an end of the range where it is nearer than 0.

        At z = 40 a sigmoid is 4e-18 below 1: 1 - y and 1 - a still say so.
        """
        (low, high), margins = activation.range, activation.margins
        is_symmetric = self.symmetric and self.domain in ((low, high), (-INFINITY, INFINITY))
        ends = {low, high} & set(self.targets if self.from_end else (low, high) if is_symmetric else ())
        if margins is None or not ends:
            return lambda y, z, a, n: plain(y, a, n)
        ends -= {0.0, INFINITY}  # nothing need be counted from there

        def from_zero(y: Array, z: Array, a: Array, n: int) -> tuple[Array, Array]:
            return plain(y, a, n), absolute(a)

        def from_low(y: Array, z: Array, a: Array, n: int) -> tuple[Array, Array]:
            (result, nearest), (above_low, _) = from_zero(y, z, a, n), margins(z, a)
            return select(above_low < nearest, upwards(y - low, above_low, n), result), minimum(nearest, above_low)

        below = from_low if low in ends else from_zero

        def from_high(y: Array, z: Array, a: Array, n: int) -> tuple[Array, Array]:
            (result, nearest), (_, below_high) = below(y, z, a, n), margins(z, a)
            return select(below_high < nearest, downwards(high - y, below_high, n), result), nearest

        counted = from_high if high in ends else below

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

ABSOLUTE_ERROR = Loss(
    name="absolute_error",
    value=lambda y, a, n: absolute(y - a),
    derivative=lambda y, a, n: select(a > y, one_like(a), select(a < y, -one_like(a), 0.0 * a)),
    formula=lambda y, a, n: call("abs", y - a),
    derivative_formula=lambda y, a, n: Cases(
        ((expr(1), Condition(a, ">", y)), (expr(-1), Condition(a, "<", y))), expr(0)
    ),
    domain=(-INFINITY, INFINITY),
    output="identity",
    because="however far off the output is, it is pulled back with the same force, so an outlier counts no more",
    kinks=lambda y: (y,),
    symmetric=True,
    source="Bloomfield and Steiger, Least absolute deviations: theory, applications, and algorithms, 1983",
)

HUBER_DELTA = 1


def _huber(y: Expr, a: Expr) -> Expr:
    off, delta = call("abs", y - a), expr(HUBER_DELTA)
    return Cases(((ONE_HALF * (y - a) ** 2, Condition(off, "<=", delta)),), delta * Group(off - ONE_HALF * delta))


HUBER = Loss(
    name="huber",
    value=lambda y, a, n: select(
        absolute(y - a) <= HUBER_DELTA, 0.5 * (y - a) ** 2, HUBER_DELTA * (absolute(y - a) - 0.5 * HUBER_DELTA)
    ),
    derivative=lambda y, a, n: maximum(minimum(a - y, HUBER_DELTA), -HUBER_DELTA),
    formula=lambda y, a, n: _huber(y, a),
    derivative_formula=lambda y, a, n: Cases(
        (
            (-(y - a), Condition(call("abs", y - a), "<=", expr(HUBER_DELTA))),
            (expr(HUBER_DELTA), Condition(a, ">", y)),
        ),
        expr(-HUBER_DELTA),
    ),
    domain=(-INFINITY, INFINITY),
    output="identity",
    because="near its target an output is pulled back as by the half squared error; from a distance delta = 1 on the "
    "force grows no more, so an outlier does not drag the others along",
    symmetric=True,
    source="Huber, Robust estimation of a location parameter, 1964",
)

POISSON = Loss(
    name="poisson",
    value=lambda y, a, n: a - y * log(a),
    derivative=lambda y, a, n: 1.0 - quotient(y, a),
    formula=lambda y, a, n: a - y * call("ln", a),
    derivative_formula=lambda y, a, n: 1 - y / a,
    domain=(0.0, INFINITY),
    poles=(0.0,),
    output="exponential",
    because="the output is the count to be expected: what counts is how many times as large the target is, so small "
    "counts are met as closely as large ones",
    source="Nelder and Wedderburn, Generalized linear models, 1972",
)

HINGE = Loss(
    name="hinge",
    value=lambda y, a, n: maximum(1.0 - y * a, 0.0),
    derivative=lambda y, a, n: select(1.0 - y * a > 0.0, -y, 0.0 * y),
    formula=lambda y, a, n: call("max", 0, 1 - y * a),
    derivative_formula=lambda y, a, n: Cases(((-y, Condition(y * a, "<", expr(1))),), expr(0)),
    domain=(-INFINITY, INFINITY),
    targets=(-1.0, 1.0),
    output="identity",
    because="an output on the right side of 0, and at least 1 away from it, is let alone; any other is pulled there "
    "with the same force",
    kinks=lambda y: (1.0 / y,),
    # The target counted from an end is 0 at that end and 2 at the other, so 1 - y a is the way from one to the other.
    from_end=(
        lambda y, a, n: maximum((1.0 - y) * (a - y), 0.0),
        lambda y, a, n: select((1.0 - y) * (a - y) > 0.0, 1.0 - y, 0.0 * y),
    ),
    source="Cortes and Vapnik, Support-vector networks, 1995",
)

LOSSES: dict[str, Loss] = {
    record.name: record
    for record in (
        SQUARED_ERROR,
        HALF_SQUARED_ERROR,
        MEAN_SQUARED_ERROR,
        BINARY_CROSS_ENTROPY,
        CROSS_ENTROPY,
        ABSOLUTE_ERROR,
        HUBER,
        POISSON,
        HINGE,
    )
}
