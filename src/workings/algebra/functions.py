"""The functions that mathematics calls by name: how each is spelt, and its derivative as a textbook prints it.

One record each; the reader, the writers and differentiation know no function beside these.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workings.algebra.expression import Cases, Condition, Expr, Number, call


@dataclass(frozen=True, slots=True)
class Function:
    """A named function.

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
    aliases : tuple of str
        Other spellings that are read as this function.
    bare : bool
        Whether its argument may follow without brackets, as in ``ln 2``.
    """

    name: str
    latex: str
    derivative: Callable[[Expr], Expr] | None
    sentence: str
    aliases: tuple[str, ...] = ()
    bare: bool = True


def _step(u: Expr, below: Expr) -> Expr:
    return Cases(((Number("1"), Condition(u, ">", Number("0"))),), below)


_ALL = (
    Function("exp", r"\exp", lambda u: call("exp", u), "The exponential function is its own derivative."),
    Function("ln", r"\ln", lambda u: 1 / u, "The slope of the natural logarithm is one over its argument."),
    Function("log", r"\log", lambda u: 1 / u, "The slope of the natural logarithm is one over its argument."),
    Function("tanh", r"\tanh", lambda u: 1 - call("tanh", u) ** 2, "The slope of tanh is 1 minus its square."),
    Function("sqrt", r"\sqrt", lambda u: 1 / (2 * call("sqrt", u)), "The slope of a root is one over twice the root."),
    Function("abs", r"\operatorname{abs}", lambda u: _step(u, -Number("1")), "The slope of |u| is the sign of u."),
    Function("max", r"\max", None, "The larger argument alone decides, so its slope counts."),
    Function(
        "sigma",
        r"\sigma",
        lambda u: call("sigma", u) * (1 - call("sigma", u)),
        "The slope of the sigmoid is the sigmoid times one minus the sigmoid.",
        aliases=("sigmoid", "logistic"),
        bare=False,  # sigma beside a name is as often a variable of its own
    ),
    Function(
        "relu",
        r"\operatorname{relu}",
        lambda u: _step(u, Number("0")),
        "The slope of relu is 1 where its argument is positive and 0 elsewhere.",
        aliases=("ReLU", "ReLu"),
        bare=False,
    ),
)

FUNCTIONS = {record.name: record for record in _ALL}
ALIASES = {alias: record.name for record in _ALL for alias in record.aliases}
