"""Activation functions: for each one record with its number, its slope, and both as a textbook writes them.

The numbers are stable where the textbook form is not: at z = 40 ``1 - a`` is 0 in float64, the truth is 4e-18.
Adding an activation is one record and one row in ``ACTIVATIONS``; nothing else in the project knows a name.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from workings.algebra.expression import E_CONSTANT, Cases, Condition, Expr, add, call, expr
from workings.algebra.functions import normal_density
from workings.network.curves import (
    gelu,
    gelu_derivative,
    one_like,
    power,
    sigmoid,
    sigmoid_derivative,
    softmax,
    softmax_jacobian,
    tanh_derivative,
)
from workings.network.elementary import (
    Array,
    absolute,
    exp,
    expm1,
    log1p,
    maximum,
    minimum,
    select,
    sum_of_others,
    tanh,
)

INFINITY = math.inf


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation function.

    Attributes
    ----------
    name : str
        What files and options call it.
    symbol : str
        What formulas call it: ``sigma``, ``tanh``.
    value : callable
        ``f(z)``. With ``scope="layer"`` it maps rows of z, shape (n_samples, n), to rows of a.
    derivative : callable
        ``f'(z, a)``, stable for every z. With ``scope="layer"`` the Jacobian da_j/dz_k, shape (n_samples, n, n).
    formula : callable
        The value as an Expr of z. With ``scope="layer"``: of all z of the layer and the neuron's index j.
    derivative_formula : callable
        The slope as an Expr of z and a. With ``scope="layer"``: of all a, and the indices j and k of da_j/dz_k.
    range : (float, float)
        The closed range of the outputs; what a target can be.
    because : str
        One sentence of intuition about the slope.
    scope : {"neuron", "layer"}
        Whether an output depends on its own z alone.
    kinks : tuple of float
        The z at which the slope jumps; no finite difference is right there.
    margins : callable, optional
        ``(z, a)`` gives ``a - low`` and ``high - a``, the way to either end of the range, with all their digits: at
        z = 40 a sigmoid is 4e-18 below 1, which ``1 - a`` cannot tell. Only the way to an end other than 0 matters.
    source : str
        Where the formula is from.
    reaches : tuple of float
        The ends of the range that some z really takes it to, not only as near as one likes.
    part : callable, optional
        With ``scope="layer"``, where outputs are shares of a whole: the part ``(z, largest z)`` that a neuron brings.
    arranged : callable
        How the textbook's slope is reached from what differentiation leaves: expressions of z, each with its reason.
        With ``scope="layer"``: of all z, and the indices j and k.
    """

    name: str
    symbol: str
    value: Callable[[Array], Array]
    derivative: Callable[[Array, Array], Array]
    formula: Callable[..., Expr]
    derivative_formula: Callable[..., Expr]
    range: tuple[float, float]
    because: str
    scope: Literal["neuron", "layer"] = "neuron"
    kinks: tuple[float, ...] = ()
    margins: Callable[[Array, Array], tuple[Array, Array]] | None = None
    source: str = ""
    reaches: tuple[float, ...] = ()
    part: Callable[[Array, Array], Array] | None = None
    arranged: Callable[..., Sequence[tuple[Expr, str]]] = lambda *z: ()


def _softmax_formula(z: Sequence[Expr], j: int) -> Expr:
    return E_CONSTANT ** z[j] / add(tuple(E_CONSTANT**each for each in z))


def _softmax_derivative_formula(a: Sequence[Expr], j: int, k: int) -> Expr:
    return a[j] * (1 - a[j]) if j == k else -(a[j] * a[k])


def _sigmoid_arranged(z: Expr) -> list[tuple[Expr, str]]:
    e = E_CONSTANT**-z
    a = 1 / (1 + e)
    return [
        (a * (e / (1 + e)), "one of the two factors below the line for each"),
        (a * ((1 + e - 1) / (1 + e)), "1 is added and taken away"),
        (a * ((1 + e) / (1 + e) - a), "the quotient is taken apart"),
    ]


def _softmax_arranged(z: Sequence[Expr], j: int, k: int) -> list[tuple[Expr, str]]:
    powers = [E_CONSTANT**each for each in z]
    total = add(tuple(powers))
    if j != k:
        return []
    return [
        (powers[j] * (total - powers[j]) / total**2, "the power is a common factor"),
        (powers[j] / total * ((total - powers[j]) / total), "one of the two factors below the line for each"),
    ]


def _softplus_arranged(z: Expr) -> list[tuple[Expr, str]]:
    return [(1 / (1 + E_CONSTANT**-z), "above and below the line divided by the power")]


def _piecewise(z: Expr, above_zero: Expr | int | float, otherwise: Expr | int | float) -> Expr:
    return Cases(((expr(above_zero), Condition(z, ">", expr(0))),), expr(otherwise))


IDENTITY = Activation(
    name="identity",
    symbol="id",
    value=lambda z: z * 1.0,
    derivative=lambda z, a: one_like(z),
    formula=lambda z: z,
    derivative_formula=lambda z, a: expr(1),
    range=(-INFINITY, INFINITY),
    because="the output moves exactly as the weighted input does",
    source="Widrow and Hoff, Adaptive switching circuits, 1960",
)

SIGMOID = Activation(
    name="sigmoid",
    symbol="sigma",
    value=sigmoid,
    derivative=sigmoid_derivative,
    formula=lambda z: 1 / (1 + E_CONSTANT**-z),
    derivative_formula=lambda z, a: a * (1 - a),
    range=(0.0, 1.0),
    because="the slope is largest, 1/4, in the middle, and dies out where the neuron is sure of itself",
    margins=lambda z, a: (a, sigmoid(-z)),
    source="Rumelhart, Hinton and Williams, Learning representations by back-propagating errors, 1986",
    arranged=_sigmoid_arranged,
)

TANH = Activation(
    name="tanh",
    symbol="tanh",
    value=tanh,
    derivative=tanh_derivative,
    formula=lambda z: call("tanh", z),
    derivative_formula=lambda z, a: 1 - a**2,
    range=(-1.0, 1.0),
    because="the slope is largest, 1, at 0 and dies out on both sides",
    margins=lambda z, a: (2.0 * sigmoid(2.0 * z), 2.0 * sigmoid(-2.0 * z)),
    source="LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998",
)

RELU = Activation(
    name="relu",
    symbol="relu",
    value=lambda z: maximum(z, 0.0),
    derivative=lambda z, a: select(z > 0, one_like(z), 0.0 * z),
    formula=lambda z: _piecewise(z, z, 0),
    derivative_formula=lambda z, a: _piecewise(z, 1, 0),
    range=(0.0, INFINITY),
    because="it passes everything on above 0 and nothing below: a neuron below 0 does not learn",
    kinks=(0.0,),
    reaches=(0.0,),
    source="Nair and Hinton, Rectified linear units improve restricted Boltzmann machines, 2010",
)

LEAK = 0.01

LEAKY_RELU = Activation(
    name="leaky_relu",
    symbol="leaky",
    value=lambda z: select(z > 0, z, LEAK * z),
    derivative=lambda z, a: select(z > 0, one_like(z), LEAK * one_like(z)),
    formula=lambda z: _piecewise(z, z, LEAK * z),
    derivative_formula=lambda z, a: _piecewise(z, 1, LEAK),
    range=(-INFINITY, INFINITY),
    because="below 0 a hundredth still gets through, so the neuron can recover",
    kinks=(0.0,),
    source="Maas, Hannun and Ng, Rectifier nonlinearities improve neural network acoustic models, 2013",
)

ELU = Activation(
    name="elu",
    symbol="elu",
    value=lambda z: select(z > 0, z, expm1(minimum(z, 0.0))),
    derivative=lambda z, a: select(z > 0, one_like(z), exp(minimum(z, 0.0))),
    formula=lambda z: _piecewise(z, z, E_CONSTANT**z - 1),
    derivative_formula=lambda z, a: _piecewise(z, 1, E_CONSTANT**z),
    range=(-1.0, INFINITY),
    because="above 0 everything gets through; far below 0 the output settles at -1 and the slope dies out",
    margins=lambda z, a: (select(z > 0, 1.0 + z, exp(minimum(z, 0.0))), INFINITY * one_like(z)),
    source="Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by exponential linear units "
    "(ELUs), 2016",
)

GELU = Activation(
    name="gelu",
    symbol="gelu",
    value=gelu,
    derivative=gelu_derivative,
    formula=lambda z: z * call("Phi", z),
    derivative_formula=lambda z, a: call("Phi", z) + z * normal_density(z),
    range=(-0.16997120747990366, INFINITY),
    because="the input is weighted by how far it stands out: by the share of a normal distribution that lies below it",
    source="Hendrycks and Gimpel, Gaussian error linear units, 2016",
)

EXPONENTIAL = Activation(
    name="exponential",
    symbol="exp",
    value=exp,
    derivative=lambda z, a: exp(z),
    formula=lambda z: E_CONSTANT**z,
    derivative_formula=lambda z, a: a,
    range=(0.0, INFINITY),
    because="the output grows as fast as it is large: adding to z multiplies the output",
    source="Nelder and Wedderburn, Generalized linear models, 1972",
)

SOFTPLUS = Activation(
    name="softplus",
    symbol="softplus",
    value=lambda z: maximum(z, 0.0) + log1p(exp(-absolute(z))),
    derivative=lambda z, a: sigmoid(z),
    formula=lambda z: call("ln", 1 + E_CONSTANT**z),
    derivative_formula=lambda z, a: 1 / (1 + E_CONSTANT**-z),
    range=(0.0, INFINITY),
    because="it is a rounded relu, and its slope is the sigmoid",
    source="Dugas, Bengio, Bélisle, Nadeau and Garcia, Incorporating second-order functional knowledge for better "
    "option pricing, 2001",
    arranged=_softplus_arranged,
)

SELU_SCALE, SELU_LIMIT = 1.0507009873554805, 1.7580993408473768
"""Lambda, and lambda times alpha, of the paper: an output far below 0 settles at the negative of the second."""

SELU = Activation(
    name="selu",
    symbol="selu",
    value=lambda z: select(z > 0, SELU_SCALE * z, SELU_LIMIT * expm1(minimum(z, 0.0))),
    derivative=lambda z, a: select(z > 0, SELU_SCALE * one_like(z), SELU_LIMIT * exp(minimum(z, 0.0))),
    formula=lambda z: _piecewise(z, SELU_SCALE * z, SELU_LIMIT * (E_CONSTANT**z - 1)),
    derivative_formula=lambda z, a: _piecewise(z, SELU_SCALE, SELU_LIMIT * E_CONSTANT**z),
    range=(-SELU_LIMIT, INFINITY),
    because="scaled so that from layer to layer the activations keep a mean near 0 and a variance near 1",
    kinks=(0.0,),
    margins=lambda z, a: (
        select(z > 0, SELU_LIMIT + SELU_SCALE * z, SELU_LIMIT * exp(minimum(z, 0.0))),
        INFINITY * one_like(z),
    ),
    source="Klambauer, Unterthiner, Mayr and Hochreiter, Self-normalizing neural networks, 2017",
)

SILU = Activation(
    name="silu",
    symbol="silu",
    value=lambda z: z * sigmoid(z),
    derivative=lambda z, a: sigmoid(z) + z * sigmoid_derivative(z, a),
    formula=lambda z: z / (1 + E_CONSTANT**-z),
    derivative_formula=lambda z, a: 1 / (1 + E_CONSTANT**-z) + a * (1 - 1 / (1 + E_CONSTANT**-z)),
    range=(-0.27846454276107385, INFINITY),
    because="the input opens its own gate: a relu with a soft corner, and a little below 0 it even dips",
    source="Elfwing, Uchibe and Doya, Sigmoid-weighted linear units for neural network function approximation in "
    "reinforcement learning, 2018",
)

SOFTSIGN = Activation(
    name="softsign",
    symbol="softsign",
    value=lambda z: z / (1.0 + absolute(z)),
    derivative=lambda z, a: (1.0 / (1.0 + absolute(z))) ** 2,
    formula=lambda z: z / (1 + call("abs", z)),
    derivative_formula=lambda z, a: 1 / (1 + call("abs", z)) ** 2,
    range=(-1.0, 1.0),
    because="it nears -1 and 1 slowly, so its slope dies out slowly too",
    margins=lambda z, a: (
        select(z < 0, 1.0 / (1.0 + absolute(z)), 1.0 + a),
        select(z > 0, 1.0 / (1.0 + absolute(z)), 1.0 - a),
    ),
    source="Glorot and Bengio, Understanding the difficulty of training deep feedforward neural networks, 2010",
)

HARD_SIGMOID = Activation(
    name="hard_sigmoid",
    symbol="hard",
    value=lambda z: maximum(minimum(z / 6.0 + 0.5, 1.0), 0.0),
    derivative=lambda z, a: select(absolute(z) < 3.0, one_like(z) / 6.0, 0.0 * z),
    formula=lambda z: Cases(
        ((expr(1), Condition(z, ">=", expr(3))), (z / 6 + expr(1) / 2, Condition(z, ">", expr(-3)))), expr(0)
    ),
    derivative_formula=lambda z, a: Cases(
        ((expr(0), Condition(z, ">=", expr(3))), (expr(1) / 6, Condition(z, ">", expr(-3)))), expr(0)
    ),
    range=(0.0, 1.0),
    because="a sigmoid of three straight lines: beyond 3 on either side a neuron does not learn",
    kinks=(-3.0, 3.0),
    reaches=(0.0, 1.0),
    source="Courbariaux, Bengio and David, BinaryConnect: training deep neural networks with binary weights during "
    "propagations, 2015",
)

SOFTMAX = Activation(
    name="softmax",
    symbol="softmax",
    value=softmax,
    derivative=softmax_jacobian,
    formula=_softmax_formula,
    derivative_formula=_softmax_derivative_formula,
    range=(0.0, 1.0),
    because="the outputs share one whole: what one gains the others lose",
    scope="layer",
    part=power,
    margins=lambda z, a: (a, sum_of_others(a)),
    source="Bridle, Probabilistic interpretation of feedforward classification network outputs, with relationships to "
    "statistical pattern recognition, 1990",
    arranged=_softmax_arranged,
)

ACTIVATIONS: dict[str, Activation] = {
    record.name: record
    for record in (
        IDENTITY,
        SIGMOID,
        TANH,
        RELU,
        LEAKY_RELU,
        ELU,
        SELU,
        SILU,
        GELU,
        EXPONENTIAL,
        SOFTPLUS,
        SOFTSIGN,
        HARD_SIGMOID,
        SOFTMAX,
    )
}
