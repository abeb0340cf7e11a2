"""General rules in symbols, without numbers: what backpropagation's equations become when one thing in them is wrong.

Only what is wrong in every arrangement is accused. How a rule may be written differently (which way W is turned, where
layers begin to count) is the writer's to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workings.algebra.assemble import bare
from workings.algebra.expression import (
    Add,
    Call,
    Expr,
    Hadamard,
    MatMul,
    Multiply,
    Number,
    Power,
    Reference,
    Transpose,
    parts,
)
from workings.algebra.names import parts_of
from workings.marking.binding.custom import derivative, is_cost, told
from workings.marking.document import Document
from workings.marking.findings import Finding
from workings.marking.reading.claims import Claim
from workings.network.activations import ACTIVATIONS

_FUNCTIONS = frozenset({"sigma", *ACTIVATIONS})


def rule_slips(document: Document, claim: Claim) -> Iterator[Finding]:
    """What is wrong with a rule that a claim states in symbols."""
    sides = claim.chain.sides
    if claim.numeric or len(sides) < 2:
        return
    stated = sides[0].expression
    for side in sides[1:]:
        for is_wrong, code, detail in _WRONG:
            if is_wrong(stated, side.expression):
                yield Finding(
                    "formula_typo", ("formula_typo", code), sides[0].start, side.end,
                    document.text[sides[0].start : sides[0].end].strip(),
                    document.text[side.start : side.end].strip(), "",
                    symbolic=True, confidence=0.8, detail=detail,
                )  # fmt: skip
                return


def _lacks_prime(stated: Expr, rule: Expr) -> bool:
    """An error with f(z) as a factor where f'(z) belongs."""
    if "delta" not in told(_base(stated)):
        return False
    found = _factors(rule)
    calls = [factor for factor in found if isinstance(factor, Call) and factor.function in _FUNCTIONS]
    return (
        len(calls) == 1
        and len(found) > 1
        and len(calls[0].arguments) == 1
        and "z" in told(_base(calls[0].arguments[0]))
        and not any(calls[0] in parts(factor) for factor in found if factor is not calls[0])
        and not any("'" in part.function for part in parts(rule) if isinstance(part, Call))
    )


def _adds_to_one(stated: Expr, rule: Expr) -> bool:
    """A slope a(1 + a), or 1 + a^2."""
    if not (isinstance(stated, Call) and stated.function.removesuffix("'") in _FUNCTIONS - {stated.function}):
        return False
    match _factors(rule):
        case [first, Add((Number(text="1"), second))] | [Add((Number(text="1"), second)), first]:
            return first == second
        case [Add((Number(text="1"), Power(_, Number(text="2"))))]:
            return stated.function == "tanh'"
    return False


def _climbs(stated: Expr, rule: Expr) -> bool:
    """An update with the gradient of a cost added."""
    match bare(rule):
        case Add((first, Multiply(factors))):
            slopes = [derivative(str(factor.key)) for factor in factors if isinstance(factor, Reference)]
            rates = [factor for factor in factors if "eta" in told(_base(factor))]
            return (
                _base(first) == _base(stated)
                and len(factors) == len(rates) + 1
                and any(slope is not None and is_cost(slope[0]) and slope[1] == _base(first) for slope in slopes)
            )
    return False


def _takes_own_activation(stated: Expr, rule: Expr) -> bool:
    """A weight's gradient with the activation of its own neuron where that of the layer below belongs."""
    found = [factor.operand if isinstance(factor, Transpose) else factor for factor in _factors(rule)]
    slope = derivative(str(stated.key)) if isinstance(stated, Reference) else None
    if slope is None or not is_cost(slope[0]) or len(found) != 2:
        return False
    weight = _layer(Reference(slope[1]))
    kinds = [told(_base(factor)) for factor in found]
    is_rule = (
        "W" in told(_base(Reference(slope[1]))) and any("delta" in k for k in kinds) and any("a" in k for k in kinds)
    )
    return is_rule and weight.isalpha() and all(_layer(factor) == weight for factor in found)


_WRONG: Sequence[tuple[Callable[[Expr, Expr], bool], str, str]] = (
    (
        _lacks_prime,
        "missing_activation_derivative",
        "The factor is the slope f'(z) of the activation, not f(z).",
    ),
    (_adds_to_one, "sign", "The slope is a(1 - a) of the sigmoid, 1 - a^2 of tanh."),
    (_climbs, "plus_instead_of_minus", "The gradient is subtracted: the cost is to fall."),
    (_takes_own_activation, "wrong_quantity", "The activation is that of the layer below, where the weight begins."),
)


def _factors(rule: Expr) -> list[Expr]:
    """All factors of a product, whichever sign it is written with."""
    match rule := bare(rule):
        case Multiply(factors):
            return [found for factor in factors for found in _factors(factor)]
        case Hadamard(left, right) | MatMul(left, right):
            return [*_factors(left), *_factors(right)]
    return [rule]


def _base(expression: Expr) -> str:
    """The name without its layer; nothing for what is no name."""
    match bare(expression):
        case Reference(key):
            return str(key)
        case Power(Reference(key), exponent) if not isinstance(exponent, Number):
            return str(key)
    return ""


def _layer(expression: Expr) -> str:
    """The letter for a layer above a name; nothing where there is none, or more than a letter."""
    match bare(expression):
        case Power(Reference(), Reference(layer)):
            return str(layer)
        case Reference(key) if (found := parts_of(str(key))) is not None:
            return (found.superscript or found.layer).strip("()")
    return ""
