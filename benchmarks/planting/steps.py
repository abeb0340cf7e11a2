"""Steps of a worked document: expressions with exact values, and how one is worked out by hand."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import NamedTuple

ROUNDINGS = {
    "half-up": decimal.ROUND_HALF_UP,
    "half-even": decimal.ROUND_HALF_EVEN,
    "truncate": decimal.ROUND_DOWN,
}
RENDERINGS = ("plain", "latex", "unicode")


class Quantity(NamedTuple):
    """What a name stands for; j and k count from 1, a quantity of the second pass has a prime behind its kind."""

    kind: str
    layer: int = 0
    j: int = 0
    k: int = 0


class Number(NamedTuple):
    """As it is printed, and what is calculated with."""

    text: str
    value: Decimal


class Apply(NamedTuple):
    """An operation and its operands."""

    op: str
    parts: tuple[Expr, ...]


Expr = Quantity | Number | Apply
Known = Mapping[Quantity, Number]

ONE, TWO, HALF = Number("1", Decimal(1)), Number("2", Decimal(2)), Number("1/2", Decimal("0.5"))
RATE, L2 = Quantity("rate"), Quantity("l2")


def apply(op: str, *parts: Expr) -> Expr:
    """The operation; a sum or a product of one part is the part."""
    return parts[0] if op in "+*" and len(parts) == 1 else Apply(op, parts)


def _sigmoid(z: Decimal) -> Decimal:
    return 1 / (1 + (-z).exp())


OPERATIONS: dict[str, Callable[..., Decimal]] = {
    "+": lambda *terms: sum(terms, Decimal(0)),
    "-": lambda a, b: a - b,
    "*": lambda *factors: prod(factors, start=Decimal(1)),
    "/": lambda a, b: a / b,
    "neg": lambda a: -a,
    "square": lambda a: a * a,
    "sigmoid": _sigmoid,
    "antisigmoid": lambda z: _sigmoid(-z),  # the minus in the exponent forgotten
    "tanh": lambda z: 2 * _sigmoid(2 * z) - 1,
    "relu": lambda z: max(z, Decimal(0)),
    "relu'": lambda z: Decimal(int(z > 0)),
    "ln": lambda a: a.ln(),
}
CALLS = ("sigmoid", "antisigmoid", "tanh", "relu", "relu'", "ln")


def evaluate(expr: Expr, known: Known) -> Decimal:
    """Its value; a decimal.DecimalException where there is none."""
    if isinstance(expr, Quantity):
        return known[expr].value
    if isinstance(expr, Number):
        return expr.value
    return OPERATIONS[expr.op](*(evaluate(part, known) for part in expr.parts))


def substituted(expr: Expr, known: Known) -> Expr:
    """With the numbers put in."""
    if isinstance(expr, Quantity):
        return known[expr]
    return expr if isinstance(expr, Number) else Apply(expr.op, tuple(substituted(part, known) for part in expr.parts))


def leaves(expr: Expr, path: tuple[int, ...] = ()) -> Iterator[tuple[tuple[int, ...], Quantity | Number]]:
    """Its names and numbers, each with the way to it."""
    if isinstance(expr, Apply):
        for i, part in enumerate(expr.parts):
            yield from leaves(part, (*path, i))
    else:
        yield path, expr


def replaced(expr: Expr, path: tuple[int, ...], by: Expr) -> Expr:
    """With something else at the end of the way."""
    if not path:
        return by
    parts = list(expr.parts)
    parts[path[0]] = replaced(parts[path[0]], path[1:], by)
    return Apply(expr.op, tuple(parts))


@dataclass(frozen=True, slots=True)
class Step:
    """A line of working: quantity = formula = numbers = result.

    ``shown`` is what the numbers stand for where that is not the formula, ``computed`` what the result comes from where
    it is neither, ``label`` the name the line begins with; ``term`` and ``result`` misprint what was worked out.
    """

    quantity: Quantity
    formula: Expr
    section: str
    shows: frozenset[str] = frozenset({"symbols", "numbers"})
    reductions: int = 0
    label: Quantity | None = None
    shown: Expr | None = None
    computed: Expr | None = None
    term: tuple[tuple[int, ...], str] | None = None
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Worked:
    """A step with its numbers: its sides with what each of them is, and the value before it was rounded."""

    step: Step
    sides: tuple[tuple[str, Expr], ...]
    result: Number
    exact: Decimal


@dataclass(frozen=True)
class Habits:
    """How a writer works, and how the page looks."""

    rendering: str
    decimals: int
    rounding: str
    carried: bool  # calculated with all digits
    short: bool  # exact values are written as short as they are
    says: bool  # how results are rounded
    scheme: int  # of names
    expanded: bool  # 1/(1 + e^(-z)) for sigmoid(z)
    multiplied: str  # the times sign
    bare: bool  # 2 * -3 without brackets
    folds: bool  # - 3 for + (-3)
    close: bool  # a(1 - a) without a times sign
    square: str
    many_lines: bool  # each side of a long chain on its own line
    joined: bool  # two updates on a line
    prose: bool  # givens told without names

    @property
    def unit(self) -> Decimal:
        """One in the last place."""
        return Decimal(1).scaleb(-self.decimals)

    def rounded(self, exact: Decimal) -> Number:
        """As this writer puts it down."""
        value = exact.quantize(self.unit, ROUNDINGS[self.rounding])
        value = abs(value) if value == 0 else value
        text = f"{value.normalize() if self.short and value == exact else value:f}"
        return Number(text, exact if self.carried else value)


def work_out(step: Step, known: Known, habits: Habits) -> Worked:
    """Put in the numbers and calculate; a decimal.DecimalException where that cannot be done."""
    shown = step.formula if step.shown is None else step.shown
    working = substituted(shown if step.computed is None else step.computed, known)
    terms = []
    for _ in range(step.reductions):
        if not isinstance(working, Apply) or all(isinstance(part, Number) for part in working.parts):
            break
        working = _reduced(working, habits)
        if step.term is not None and not terms:
            working = replaced(working, step.term[0], _typed(step.term[1]))
        terms.append(("terms", working))
    exact = evaluate(working, known)
    result = _result(working, exact, habits) if step.result is None else _typed(step.result)
    sides: list[tuple[str, Expr]] = [("name", step.label or step.quantity)]
    if "symbols" in step.shows:
        sides.append(("symbols", step.formula))
    numbers = substituted(shown, known)
    if "numbers" in step.shows and not (isinstance(numbers, Number) and numbers.text == result.text):
        sides.append(("numbers", numbers))
    return Worked(step, (*sides, *terms, ("result", result)), result, exact)


def _reduced(expr: Expr, habits: Habits) -> Expr:
    """With what stands innermost worked out."""
    if not isinstance(expr, Apply):
        return expr
    if all(isinstance(part, Number) for part in expr.parts):
        return _result(expr, evaluate(expr, {}), habits)
    return Apply(expr.op, tuple(_reduced(part, habits) for part in expr.parts))


def _result(expr: Expr, exact: Decimal, habits: Habits) -> Number:
    is_slope_of_relu = isinstance(expr, Apply) and expr.op == "relu'"  # 0 or 1, and nobody writes 1.0000
    return Number(str(exact), exact) if is_slope_of_relu else habits.rounded(exact)


def _typed(text: str) -> Number:
    return Number(text, Decimal(text))
