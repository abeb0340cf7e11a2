"""Differentiation the way it is done on paper: one textbook rule at a time, each with its name and its sentence.

A rule is a record; the first one that applies to the leftmost pending ``d/dx [...]`` is applied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from workings.algebra.expression import (
    E_CONSTANT,
    Add,
    Call,
    Cases,
    Condition,
    Constant,
    Derivative,
    Divide,
    Expr,
    Group,
    Multiply,
    Negate,
    Number,
    Power,
    Reference,
    Relation,
    Subtract,
    add,
    call,
    contains,
    multiply,
    parts,
    rebuild,
)
from workings.algebra.functions import FUNCTIONS, Function
from workings.algebra.tidy import ONE, ZERO, flat, tidied
from workings.errors import ExpressionError


@dataclass(frozen=True, slots=True)
class DifferentiationRule:
    """A rule of differentiation.

    Parameters
    ----------
    code : str
        Its stable name.
    name : str
        What a textbook calls it.
    sentence : str
        What it says, for a learner.
    apply : callable
        Gives what becomes of ``d/dx [operand]``, or None where the rule does not apply.
    reason : str
        What stands beside a line that it leads to, ``{x}`` for the variable; its name when left out.
    """

    code: str
    name: str
    sentence: str
    apply: Callable[[Expr, Reference], Expr | None] = field(repr=False, compare=False)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RuleApplication:
    """One step: the whole expression before and after one rule.

    Attributes
    ----------
    rule : DifferentiationRule
    before, after : Expr
    is_chained : bool
        Whether it was the rule for a function of a function, so that an inner derivative is still to be taken.
    """

    rule: DifferentiationRule
    before: Expr
    after: Expr
    is_chained: bool = False

    @property
    def reason(self) -> str:
        """What stands beside the line; ``{x}`` is the variable."""
        return (self.rule.reason or self.rule.name) + (", times the inner derivative" if self.is_chained else "")


def differentiate(expression: Expr, variable: Reference) -> Expr:
    """The derivative of an expression by a variable, worked out and tidied.

    Parameters
    ----------
    expression : Expr
        A scalar formula.
    variable : Reference
        Any Reference with another key counts as a constant.

    Raises
    ------
    ExpressionError
        For a function without a known derivative, a matrix, and a variable in base and exponent at once; and where
        the derivative would go too deep.
    """
    steps = derivation(expression, variable)
    return steps[-1].after


def derivation(expression: Expr, variable: Reference) -> tuple[RuleApplication, ...]:
    """Differentiate one rule at a time; each step holds the whole expression before and after.

    Parameters
    ----------
    expression : Expr
        A scalar formula.
    variable : Reference
        Any Reference with another key counts as a constant.

    Returns
    -------
    tuple of RuleApplication
        At least one; ``TIDY`` is the last one where something is left to tidy.

    Raises
    ------
    ExpressionError
        As for :func:`differentiate`.
    """
    steps: list[RuleApplication] = []
    whole: Expr = Derivative(expression, variable)
    try:
        while pending := _leftmost(whole):
            rule, worked = _applied(pending)
            is_chained = rule.code in CHAINED and contains(worked, Derivative)
            steps.append(RuleApplication(rule, whole, _replaced(whole, pending, worked), is_chained))
            whole = steps[-1].after
        if (tidy := tidied(whole)) != whole:
            steps.append(RuleApplication(TIDY, whole, tidy))
    except RecursionError:  # a quotient within a quotient makes its derivative three times as deep
        raise ExpressionError("the derivative of this formula goes too deep to be worked out") from None
    return tuple(steps)


def depends(expression: Expr, variable: Reference) -> bool:
    """Whether the variable occurs in the expression."""
    return any(part == variable for part in parts(expression))


def _leftmost(expression: Expr) -> Derivative | None:
    """The first Derivative from the left that holds no other."""
    pending = (part for part in parts(expression) if isinstance(part, Derivative))
    return next((each for each in pending if not contains(each.operand, Derivative)), None)


def _applied(pending: Derivative) -> tuple[DifferentiationRule, Expr]:
    operand = pending.operand
    while isinstance(operand, Group):
        operand = operand.operand
    for rule in RULES.values():
        worked = rule.apply(operand, pending.variable)
        if worked is not None:
            return rule, worked
    raise ExpressionError(f"no rule of differentiation is known for this {_what(operand)}")


def _what(operand: Expr) -> str:
    return f"function {operand.function!r}" if isinstance(operand, Call) else type(operand).__name__


def _replaced(expression: Expr, old: Derivative, new: Expr) -> Expr:
    """Put ``new`` in the place of the leftmost ``old``; a product that lands within a product becomes part of it."""
    done = False

    def change(part: Expr) -> Expr:
        nonlocal done
        if done:
            return part
        if part is old:
            done = True
            return new
        whole = rebuild(part, change)
        if not done:
            return part
        if isinstance(whole, Multiply):
            return Multiply(flat(Multiply, whole.factors))
        return Add(flat(Add, whole.terms)) if isinstance(whole, Add) else whole

    return change(expression)


# --- the rules, in the order in which they are tried


def _constant(u: Expr, x: Reference) -> Expr | None:
    return ZERO if isinstance(u, Number | Constant) else None


def _independent(u: Expr, x: Reference) -> Expr | None:
    return None if depends(u, x) else ZERO


def _variable(u: Expr, x: Reference) -> Expr | None:
    return ONE if u == x else None


def _drops_out(u: Expr, x: Reference) -> Expr | None:
    match u:
        case Add(terms):
            kept = tuple(term for term in terms if depends(term, x))
            return Derivative(add(kept), x) if len(kept) < len(terms) else None
        case Subtract(left, right) if not depends(right, x):
            return Derivative(left, x)
        case Subtract(left, right) if not depends(left, x):
            return Derivative(Negate(right), x)
    return None


def _sum(u: Expr, x: Reference) -> Expr | None:
    return Add(tuple(Derivative(term, x) for term in u.terms)) if isinstance(u, Add) else None


def _difference(u: Expr, x: Reference) -> Expr | None:
    return Subtract(Derivative(u.left, x), Derivative(u.right, x)) if isinstance(u, Subtract) else None


def _negation(u: Expr, x: Reference) -> Expr | None:
    return Negate(Derivative(u.operand, x)) if isinstance(u, Negate) else None


def _constant_factor(u: Expr, x: Reference) -> Expr | None:
    match u:
        case Multiply(factors):
            constant = tuple(factor for factor in factors if not depends(factor, x))
            varying = tuple(factor for factor in factors if depends(factor, x))
            return Multiply((*constant, Derivative(multiply(varying), x))) if constant else None
        case Divide(numerator, denominator) if not depends(denominator, x):
            return Divide(Derivative(numerator, x), denominator)
    return None


def _product(u: Expr, x: Reference) -> Expr | None:
    if not isinstance(u, Multiply):
        return None
    factors = u.factors
    return Add(
        tuple(
            Multiply((*factors[:varied], Derivative(factor, x), *factors[varied + 1 :]))
            for varied, factor in enumerate(factors)
        )
    )


def _reciprocal(u: Expr, x: Reference) -> Expr | None:
    if not isinstance(u, Divide) or depends(u.numerator, x):
        return None
    slope: Expr = Derivative(u.denominator, x)
    top = slope if u.numerator == ONE else Multiply((u.numerator, slope))
    return Negate(Divide(top, Power(u.denominator, Number("2"))))


def _quotient(u: Expr, x: Reference) -> Expr | None:
    if not isinstance(u, Divide):
        return None
    top, bottom = u.numerator, u.denominator
    difference = Subtract(Multiply((Derivative(top, x), bottom)), Multiply((top, Derivative(bottom, x))))
    return Divide(difference, Power(bottom, Number("2")))


def _power(u: Expr, x: Reference) -> Expr | None:
    if not isinstance(u, Power) or depends(u.exponent, x):
        return None
    outer = u.exponent * Power(u.base, Subtract(u.exponent, ONE))
    return _chained(outer, u.base, x)


def _exponential(u: Expr, x: Reference) -> Expr | None:
    return _chained(u, u.exponent, x) if isinstance(u, Power) and u.base == E_CONSTANT else None


def _other_exponential(u: Expr, x: Reference) -> Expr | None:
    if not isinstance(u, Power) or depends(u.base, x):
        return None
    return _chained(Multiply((u, call("ln", u.base))), u.exponent, x)


def _of_function(record: Function) -> DifferentiationRule:
    def apply(u: Expr, x: Reference) -> Expr | None:
        match u:
            case Call(record.name, (argument,)) if record.derivative:
                return _chained(record.derivative(argument), argument, x)
        return None

    return DifferentiationRule(record.name, f"derivative of {record.name}", record.sentence, apply)


def _of_two(name: str, relation: Relation) -> DifferentiationRule:
    """The rule of ``max`` or ``min``: the left argument alone decides where the relation holds."""

    def apply(u: Expr, x: Reference) -> Expr | None:
        if not (isinstance(u, Call) and u.function == name and len(u.arguments) == 2):
            return None
        left, right = u.arguments
        return Cases(((Derivative(left, x), Condition(left, relation, right)),), Derivative(right, x))

    which = "larger" if name == "max" else "smaller"
    return DifferentiationRule(name, f"derivative of the {which}", FUNCTIONS[name].sentence, apply)


def _cases(u: Expr, x: Reference) -> Expr | None:
    if not isinstance(u, Cases):
        return None
    branches = tuple((Derivative(branch, x), condition) for branch, condition in u.branches)
    return Cases(branches, Derivative(u.otherwise, x))


def _chained(outer: Expr, inside: Expr, x: Reference) -> Expr:
    """The outer derivative times the inner one, which goes without saying where the variable itself is inside."""
    return outer if inside == x else outer * Derivative(inside, x)


TIDY = DifferentiationRule(
    "tidy",
    "tidy up",
    "Factors of 1 and terms of 0 go, plain numbers are multiplied and signs collected.",
    lambda u, x: None,
)

_ALL = (
    DifferentiationRule("constant", "constant rule", "A number does not change, so its derivative is 0.", _constant),
    DifferentiationRule(
        "independent",
        "independent",
        "This does not depend on the variable, so its derivative is 0.",
        _independent,
        "there is no {x} in it",
    ),
    DifferentiationRule("variable", "derivative of the variable", "The variable changes as fast as itself.", _variable),
    DifferentiationRule(
        "drops-out",
        "drops out",
        "In a sum, what does not depend on the variable drops out.",
        _drops_out,
        "what has no {x} in it drops out",
    ),
    DifferentiationRule("sum", "sum rule", "A sum is differentiated term by term.", _sum),
    DifferentiationRule("difference", "difference rule", "A difference is differentiated term by term.", _difference),
    DifferentiationRule("negation", "sign rule", "A minus in front stays in front.", _negation),
    DifferentiationRule(
        "constant-factor",
        "constant factor rule",
        "A factor that does not depend on the variable stays.",
        _constant_factor,
        "a factor without {x} stays",
    ),
    DifferentiationRule(
        "product", "product rule", "Each factor is differentiated in turn while the others stay.", _product
    ),
    DifferentiationRule(
        "reciprocal",
        "reciprocal rule",
        "One over something has minus the derivative of that something over its square.",
        _reciprocal,
    ),
    DifferentiationRule(
        "quotient",
        "quotient rule",
        "The slope of the top times the bottom, minus the top times the slope of the bottom, over the bottom squared.",
        _quotient,
    ),
    DifferentiationRule(
        "power",
        "power rule",
        "The exponent comes down as a factor and is lowered by one; the derivative of what is inside multiplies it.",
        _power,
    ),
    DifferentiationRule(
        "exponential",
        "exponential rule",
        "e to a power is its own derivative, times the derivative of the exponent.",
        _exponential,
    ),
    DifferentiationRule(
        "other-exponential",
        "exponential rule for any base",
        "A constant to a power gets its natural logarithm as a factor, times the derivative of the exponent.",
        _other_exponential,
    ),
    *(_of_function(record) for record in FUNCTIONS.values() if record.derivative),
    _of_two("max", ">"),
    _of_two("min", "<"),
    DifferentiationRule("cases", "branch by branch", "Each branch is differentiated where it holds.", _cases),
)

RULES = {rule.code: rule for rule in _ALL}
"""Every rule by its code, in the order in which they are tried."""

CHAINED = frozenset({"power", "exponential", "other-exponential", *(name for name in FUNCTIONS)})
"""The rules for a function of something: the derivative of that something multiplies theirs."""
