"""The functions that mathematics calls by name: how each is spelt, its value and its derivative.

One record each; the reader, the writers, evaluation and differentiation know no function beside these.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal, getcontext, localcontext
from typing import Any

import numpy as np

from workings.algebra.expression import E_CONSTANT, Cases, Condition, Constant, Expr, Number, call, expr

CONSTANTS = {
    "e": "2.71828182845904523536028747135266249775724709369996",
    "pi": "3.14159265358979323846264338327950288419716939937511",
}
"""The numbers with a name, to more digits than any arithmetic here keeps."""


@dataclass(frozen=True, slots=True)
class Function:
    """A named function; its value is known to each arithmetic, or follows from a formula.

    Parameters
    ----------
    name : str
        The one spelling it has in an expression.
    latex : str
        Its LaTeX command.
    derivative : callable or None
        ``f'(u)`` as an expression; None for a function of several arguments.
    sentence : str
        The derivative in words.
    float64, decimal, interval : callable or None
        Its value in an arithmetic of :mod:`workings.algebra.evaluate`.
    formula : callable or None
        ``f(u)`` as an expression, in place of the three.
    aliases : tuple of str
        Other spellings that are read as this function.
    bare : bool
        Whether its argument may follow without brackets, as in ``ln 2``.
    arity : int
        How many arguments it takes.
    """

    name: str
    latex: str
    derivative: Callable[[Expr], Expr] | None
    sentence: str
    float64: Callable[..., Any] | None = None
    decimal: Callable[..., Any] | None = None
    interval: Callable[..., Any] | None = None
    formula: Callable[[Expr], Expr] | None = None
    aliases: tuple[str, ...] = ()
    bare: bool = True
    arity: int = 1


def _step(u: Expr, below: int) -> Expr:
    return Cases(((Number("1"), Condition(u, ">", Number("0"))),), expr(below))


def _decimal_tanh(z: Decimal) -> Decimal:
    if abs(z) < Decimal("1e-15"):
        return z - z**3 / 3  # what is left out is beyond fifty digits, and 1 - e would lose them
    e = (-2 * abs(z)).exp()
    return ((1 - e) / (1 + e)).copy_sign(z)


def _decimal_wave(first: Callable[[Decimal], Decimal], n: int) -> Callable[[Decimal], Decimal]:
    """The series of sine or cosine, whose first term, of power n, is given."""

    def value(u: Decimal) -> Decimal:
        r = u.remainder_near(2 * Decimal(CONSTANTS["pi"]))
        term, total, power = first(r), Decimal(0), n
        while total + term != total:
            total += term
            term = -term * r * r / ((power + 1) * (power + 2))
            power += 2
        return total

    return value


def normal_density(z: Expr) -> Expr:
    """e^(-z^2/2)/sqrt(2 pi), the bell curve."""
    return E_CONSTANT ** -(z**2 / 2) / call("sqrt", 2 * Constant("pi"))


def _decimal_phi(z: Decimal) -> Decimal:
    """The share of the normal distribution below z: near 0 by a series, further out by the fraction of its tail.

    Source: Abramowitz and Stegun, Handbook of mathematical functions, 26.2.11 and 26.2.14, 1964.
    """
    with localcontext(prec=getcontext().prec + 15):
        density = (-z * z / 2).exp() / (2 * Decimal(CONSTANTS["pi"])).sqrt()
        if abs(z) < 3:
            term = total = z
            odd = 1
            while abs(term) > abs(total).scaleb(-getcontext().prec):
                odd += 2
                term = term * z * z / odd
                total += term
            share = Decimal("0.5") + density * total
        else:
            fraction = abs(z)
            for k in range(_FRACTION, 0, -1):
                fraction = abs(z) + k / fraction
            share = density / fraction if z < 0 else 1 - density / fraction
    return +share


_FRACTION = 400
"""Steps after which the fraction has sixty digits from 3 on."""


def _float_phi(z: float) -> np.float64:
    return np.float64(0.5 * math.erfc(-z * math.sqrt(0.5)))


def _bound_of_phi(z: float) -> float:
    return float(_decimal_phi(Decimal(min(max(z, -40.0), 40.0))))  # beyond, it is 0 or 1 for a float


_NOT_NEGATIVE = (0.0, math.inf)

_EXP = Function(
    "exp",
    r"\exp",
    lambda u: call("exp", u),
    "The exponential function is its own derivative.",
    float64=np.exp,
    decimal=Decimal.exp,
    interval=lambda u: u.increasing(np.exp, image=_NOT_NEGATIVE),
)
_LN = Function(
    "ln",
    r"\ln",
    lambda u: 1 / u,
    "The slope of the natural logarithm is one over its argument.",
    float64=np.log,
    decimal=Decimal.ln,
    interval=lambda u: u.increasing(np.log, domain=_NOT_NEGATIVE),
)
_TANH = Function(
    "tanh",
    r"\tanh",
    lambda u: 1 - call("tanh", u) ** 2,
    "The slope of tanh is 1 minus its square.",
    float64=np.tanh,
    decimal=_decimal_tanh,
    interval=lambda u: u.increasing(np.tanh, image=(-1.0, 1.0)),
)
_SQRT = Function(
    "sqrt",
    r"\sqrt",
    lambda u: 1 / (2 * call("sqrt", u)),
    "The slope of a root is one over twice the root.",
    float64=np.sqrt,
    decimal=Decimal.sqrt,
    interval=lambda u: u.increasing(np.sqrt, domain=_NOT_NEGATIVE, image=_NOT_NEGATIVE),
)
_SIN = Function(
    "sin",
    r"\sin",
    lambda u: call("cos", u),
    "The slope of the sine is the cosine.",
    float64=np.sin,
    decimal=_decimal_wave(lambda r: r, 1),
    interval=lambda u: u.wave(np.sin, math.pi / 2),
)
_COS = Function(
    "cos",
    r"\cos",
    lambda u: -call("sin", u),
    "The slope of the cosine is minus the sine.",
    float64=np.cos,
    decimal=_decimal_wave(lambda r: Decimal(1), 0),
    interval=lambda u: u.wave(np.cos, 0.0),
)
_FLOOR = Function(
    "floor",
    r"\operatorname{floor}",
    lambda u: Number("0"),
    "Between its jumps the largest whole number below is flat.",
    float64=np.floor,
    decimal=lambda u: u.to_integral_value(ROUND_FLOOR),
    interval=lambda u: u.increasing(np.floor),
)
_ABS = Function(
    "abs",
    r"\operatorname{abs}",
    lambda u: _step(u, -1),
    "The slope of |u| is the sign of u.",
    float64=np.abs,
    decimal=abs,
    interval=abs,
)
_MAX = Function(
    "max",
    r"\max",
    None,
    "The larger argument alone decides, so its slope counts.",
    float64=np.maximum,
    decimal=max,
    interval=lambda u, v: u.larger(v),
    arity=2,
)
_MIN = replace(
    _MAX,
    name="min",
    latex=r"\min",
    sentence="The smaller argument alone decides, so its slope counts.",
    float64=np.minimum,
    decimal=min,
    interval=lambda u, v: u.smaller(v),
)
_SIGN = Function(
    "sign",
    r"\operatorname{sign}",
    lambda u: Number("0"),
    "The sign of u stays as it is where u moves a little.",
    float64=np.sign,
    decimal=lambda u: Decimal((u > 0) - (u < 0)),
    interval=lambda u: u.increasing(np.sign, image=(-1.0, 1.0)),
)
_SIGMA = Function(
    "sigma",
    r"\sigma",
    lambda u: call("sigma", u) * (1 - call("sigma", u)),
    "The slope of the sigmoid is the sigmoid times one minus the sigmoid.",
    formula=lambda u: 1 / (1 + call("exp", -u)),
    aliases=("sigmoid", "logistic"),
    bare=False,  # sigma beside a name is as often a variable of its own
)
_RELU = Function(
    "relu",
    r"\operatorname{relu}",
    lambda u: _step(u, 0),
    "The slope of relu is 1 where its argument is positive and 0 elsewhere.",
    formula=lambda u: call("max", 0, u),
    aliases=("ReLU", "ReLu"),
    bare=False,
)
_PHI = Function(
    "Phi",
    r"\Phi",
    normal_density,
    "The slope of the share of a normal distribution below u is its density at u, the bell curve.",
    float64=_float_phi,
    decimal=_decimal_phi,
    interval=lambda u: u.increasing(_bound_of_phi, image=(0.0, 1.0)),
    bare=False,
)
_LOG = replace(_LN, name="log", latex=r"\log")

FUNCTIONS = {
    record.name: record
    for record in (_EXP, _LN, _LOG, _TANH, _SQRT, _SIN, _COS, _FLOOR, _ABS, _SIGN, _MAX, _MIN, _SIGMA, _RELU, _PHI)
}
ALIASES = {alias: record.name for record in FUNCTIONS.values() for alias in record.aliases}
