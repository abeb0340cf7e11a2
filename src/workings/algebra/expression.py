"""The expression tree: an equation as data, in the order and with the brackets in which it was written.

One small frozen class for each thing a formula is made of. Nothing here knows what a name means: a Reference
holds any hashable key, a quantity of a network as well as a name in somebody's text.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, islice
from numbers import Integral
from operator import attrgetter, is_
from typing import Any, Literal, overload

from workings.errors import ExpressionError


class Expr:
    """Any expression. Python's operators build larger ones, so formulas in code look like formulas."""

    __slots__: tuple[str, ...] = ()

    def __add__(self, other: Operand) -> Expr:
        return Add((*_terms(self), expr(other)))

    def __radd__(self, other: Operand) -> Expr:
        return Add((expr(other), self))

    def __sub__(self, other: Operand) -> Expr:
        return Subtract(self, expr(other))

    def __rsub__(self, other: Operand) -> Expr:
        return Subtract(expr(other), self)

    def __mul__(self, other: Operand) -> Expr:
        return Multiply((*_factors(self), expr(other)))

    def __rmul__(self, other: Operand) -> Expr:
        return Multiply((expr(other), self))

    def __truediv__(self, other: Operand) -> Expr:
        return Divide(self, expr(other))

    def __rtruediv__(self, other: Operand) -> Expr:
        return Divide(expr(other), self)

    def __pow__(self, other: Operand) -> Expr:
        return Power(self, expr(other))

    def __rpow__(self, other: Operand) -> Expr:
        return Power(expr(other), self)

    def __neg__(self) -> Expr:
        return Negate(self)

    def __abs__(self) -> Expr:
        return call("abs", self)

    def __matmul__(self, other: Expr) -> Expr:
        return MatMul(self, other)


Operand = Expr | int | float
"""What may stand beside an expression in a formula written in Python."""


@dataclass(frozen=True, slots=True)
class Number(Expr):
    """A number without a sign, as it was written: ``0.50`` stays ``0.50``."""

    text: str

    @property
    def value(self) -> Decimal:
        """The number itself, exact."""
        return Decimal(self.text)


@dataclass(frozen=True, slots=True)
class Constant(Expr):
    """A number with a name: ``e`` or ``pi``."""

    name: str


@dataclass(frozen=True, slots=True)
class Reference(Expr):
    """Something with a value of its own, named by any hashable key."""

    key: Hashable


@dataclass(frozen=True, slots=True)
class Add(Expr):
    """A sum ``t1 + t2 + ... + tn`` of two terms or more."""

    terms: Sequence[Expr]


@dataclass(frozen=True, slots=True)
class Subtract(Expr):
    """A difference ``left - right``."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Multiply(Expr):
    """A product ``f1 * f2 * ... * fn`` of two factors or more."""

    factors: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Divide(Expr):
    """A quotient ``numerator / denominator``."""

    numerator: Expr
    denominator: Expr


@dataclass(frozen=True, slots=True)
class Power(Expr):
    """A power ``base ^ exponent``."""

    base: Expr
    exponent: Expr


@dataclass(frozen=True, slots=True)
class Negate(Expr):
    """``-operand``."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Group(Expr):
    """Brackets that somebody wrote although precedence does not ask for them."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Call(Expr):
    """A function of its arguments: ``exp(x)``, ``sigma(z)``, ``sigma'(z)``."""

    function: str
    arguments: tuple[Expr, ...]


Relation = Literal["<", "<=", ">", ">=", "="]


@dataclass(frozen=True, slots=True)
class Condition:
    """``left < right`` and its kin: when a branch of :class:`Cases` holds."""

    left: Expr
    relation: Relation
    right: Expr


@dataclass(frozen=True, slots=True)
class Cases(Expr):
    """A definition by cases: the first branch whose condition holds, or ``otherwise``."""

    branches: tuple[tuple[Expr, Condition], ...]
    otherwise: Expr


@dataclass(frozen=True, slots=True)
class Matrix(Expr):
    """A matrix written out, row by row; one column makes it a vector."""

    rows: Sequence[Sequence[Expr]]


@dataclass(frozen=True, slots=True)
class MatMul(Expr):
    """The product of two matrices, or of a matrix and a vector."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Hadamard(Expr):
    """The product entry by entry, ``left ⊙ right``."""

    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Transpose(Expr):
    """A matrix with rows and columns exchanged."""

    operand: Expr


@dataclass(frozen=True, slots=True)
class Derivative(Expr):
    """``d operand / d variable``, not yet worked out."""

    operand: Expr
    variable: Reference


def expr(operand: Operand) -> Expr:
    """Turn a number, Python's or NumPy's, into an expression; an expression stays what it is.

    Raises
    ------
    ExpressionError
        For infinity and nan, which no formula can hold.
    """
    if isinstance(operand, Expr):
        return operand
    number = Decimal(repr(int(operand) if isinstance(operand, Integral) else float(operand)))
    if not number.is_finite():
        raise ExpressionError(f"a formula cannot hold {number}: every number in it must be finite")
    return number_of(format(number, "f"))


def number_of(text: str) -> Expr:
    """A written number as an expression: its sign is an operation."""
    return Negate(Number(text[1:])) if text.startswith("-") else Number(text)


def call(function: str, *arguments: Operand) -> Expr:
    """``function(arguments)`` as an expression."""
    return Call(function, tuple(expr(argument) for argument in arguments))


@dataclass(frozen=True, slots=True, eq=False)
class OnDemand(Sequence[Any]):
    """The parts of a very long sum or matrix, each made when it is looked at; equal to the tuple of them all.

    The sum of a hundred thousand squares is written with four of them.
    """

    length: int
    make: Callable[[int], Any]

    def __len__(self) -> int:
        return self.length

    @overload
    def __getitem__(self, place: int) -> Any: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Any, ...]: ...
    def __getitem__(self, place: int | slice) -> Any:
        found = range(self.length)[place]
        return self.make(found) if isinstance(found, int) else tuple(map(self.make, found))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, tuple | OnDemand) and len(self) == len(other) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


def add(terms: Sequence[Expr]) -> Expr:
    """The sum of one term or more; a single term stays as it is."""
    return terms[0] if len(terms) == 1 else Add(terms)


def multiply(factors: tuple[Expr, ...]) -> Expr:
    """The product of one factor or more; a single factor stays as it is."""
    return factors[0] if len(factors) == 1 else Multiply(factors)


E_CONSTANT = Constant("e")

DEEPEST_TREE = 200
"""How many operations may stand inside each other in what is read: comparing, evaluating and rewriting a tree are plain
recursions, of up to four calls a level, and Python allows a thousand."""


_LEAVES = (Number, Constant, Reference)

_FIELDS: dict[type[Expr], Callable[[Any], Sequence[Expr]]] = {
    **dict.fromkeys(_LEAVES, lambda _leaf: ()),
    **dict.fromkeys((Negate, Group, Transpose), lambda operation: (operation.operand,)),
    **dict.fromkeys((Subtract, MatMul, Hadamard), attrgetter("left", "right")),
    Divide: attrgetter("numerator", "denominator"),
    Power: attrgetter("base", "exponent"),
    Derivative: attrgetter("operand", "variable"),
    Add: attrgetter("terms"),
    Multiply: attrgetter("factors"),
    Call: attrgetter("arguments"),
    Matrix: lambda matrix: tuple(chain.from_iterable(matrix.rows)),
    Cases: lambda cases: (
        *(part for branch, when in cases.branches for part in (branch, when.left, when.right)),
        cases.otherwise,
    ),
}  # fmt: skip


def children(expression: Expr) -> Sequence[Expr]:
    """The direct parts of an expression, from left to right."""
    return _FIELDS[type(expression)](expression)


def with_children(expression: Expr, parts: Sequence[Expr]) -> Expr:
    """The same operation on other parts, as many as :func:`children` gives, in their order."""
    match expression:
        case Number() | Constant() | Reference():
            return expression
        case Add():
            return Add(tuple(parts))
        case Multiply():
            return Multiply(tuple(parts))
        case Call(function):
            return Call(function, tuple(parts))
        case Matrix(rows):
            following = iter(parts)
            return Matrix(tuple(tuple(islice(following, len(row))) for row in rows))
        case Cases(branches):
            *changed, otherwise = parts
            triples = zip(branches, changed[0::3], changed[1::3], changed[2::3], strict=True)
            return Cases(
                tuple((branch, Condition(left, when.relation, right)) for (_, when), branch, left, right in triples),
                otherwise,
            )
    return type(expression)(*parts)


def parts(expression: Expr) -> Iterator[Expr]:
    """The expression and everything inside it, from left to right."""
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        yield part
        waiting.extend(reversed(children(part)))


def references(expression: Expr) -> Iterator[Reference]:
    """Every Reference of an expression, from left to right, repeated where it is repeated."""
    return (part for part in parts(expression) if isinstance(part, Reference))


def contains(expression: Expr, *kinds: type[Expr]) -> bool:
    """Whether an operation of one of these kinds stands somewhere in the expression."""
    return any(isinstance(part, kinds) for part in parts(expression))


def depth(expression: Expr) -> int:
    """How many operations stand inside each other."""
    deep, level = 0, [expression]
    while level := [child for part in level for child in children(part)]:
        deep += 1
    return deep


def rebuild(expression: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The same expression with ``change`` made to each direct part; itself where that changes none."""
    direct = children(expression)
    changed = [change(part) for part in direct]
    return expression if all(map(is_, direct, changed)) else with_children(expression, changed)


def substitute(expression: Expr, replacement: Callable[[Reference], Expr]) -> Expr:
    """Put ``replacement(reference)`` in the place of every Reference."""

    def put(part: Expr) -> Expr:
        return replacement(part) if isinstance(part, Reference) else rebuild(part, put)

    return put(expression)


def _terms(expression: Expr) -> Sequence[Expr]:
    return expression.terms if isinstance(expression, Add) else (expression,)


def _factors(expression: Expr) -> tuple[Expr, ...]:
    return expression.factors if isinstance(expression, Multiply) else (expression,)
