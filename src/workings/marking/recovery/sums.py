"""Weights and biases seen in the sums themselves: products with the numbers of the layer below, and what is left.

Numbers tell more than names: a weighted input is a sum of products, each of a weight and a number of the layer below;
an activation is what sigma, tanh or relu makes of a weighted input that was worked out before.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from workings.algebra.assemble import bare
from workings.algebra.expression import Expr, Negate, Reference
from workings.marking.checking.comparing import factors, last_place, literal, terms
from workings.marking.reading.claims import TOO_COMMON, Claim
from workings.marking.recovery.layouts import Layout
from workings.network.activations import ACTIVATIONS

_TRIED = ("sigmoid", "tanh", "relu")


@dataclass
class Neuron:
    """A neuron as its weighted input shows it."""

    weights: list[float]
    bias: float
    z: float
    a: float | None = None

    @property
    def output(self) -> float:
        """What the layer above sees of it."""
        return self.z if self.a is None else self.a


@dataclass
class Recovered:
    """What was found so far."""

    inputs: list[float] = field(default_factory=list)
    layers: list[list[Neuron]] = field(default_factory=list)
    subjects: set[str | None] = field(default_factory=set)


def in_sums(forward: Sequence[Claim], inputs: Sequence[float], named: Mapping[str, float]) -> Layout | None:
    """The layers whose weighted inputs a document works out; None where it works out none."""
    found = Recovered(list(inputs))
    for claim in forward:
        if claim.subject is None or claim.subject not in found.subjects:
            _take(found, claim, named)
    if not found.layers or any(len(n.weights) != len(layer[0].weights) for layer in found.layers for n in layer):
        return None
    return Layout(
        tuple(np.array([neuron.weights for neuron in layer]) for layer in found.layers),
        tuple(np.array([neuron.bias for neuron in layer]) for layer in found.layers),
    )


def _take(found: Recovered, claim: Claim, named: Mapping[str, float]) -> None:
    """Add what a claim shows: a neuron, or the activation of one."""
    if claim.result is None or claim.worked is None:
        if claim.result is not None and claim.subject is not None:
            _take_activation(found, claim)
        return
    if _take_activation(found, claim):
        return
    for depth in range(len(found.layers) + 1):
        below = found.inputs if depth == 0 else [neuron.output for neuron in found.layers[depth - 1]]
        split = _weighted_sum(claim, below, named)
        if split is None:
            continue
        if depth + 1 < len(found.layers):
            return  # the layer above has begun: this is no neuron of this one
        found.subjects.add(claim.subject)
        while len(found.layers) <= depth:
            found.layers.append([])
        found.layers[depth].append(Neuron(*split, float(claim.result)))
        return


def _take_activation(found: Recovered, claim: Claim) -> bool:
    """Whether a claim is the activation of a neuron without one."""
    assert claim.result is not None  # asked of numbers only
    unit = min(float(last_place(claim.result)), 0.01)  # a bare 0 is relu's, not anything below 1
    for layer in found.layers:
        for neuron in layer:
            if neuron.a is not None or (claim.worked is not None and not _mentions(claim, neuron.z)):
                continue
            for name in _TRIED:
                value = float(ACTIVATIONS[name].value(np.float64(neuron.z)))
                if abs(value - float(claim.result)) <= 1.01 * unit and (
                    value != neuron.z or claim.worked is not None  # the same number again is no activation
                ):
                    neuron.a = float(claim.result)
                    return True
    return False


def _mentions(claim: Claim, z: float) -> bool:
    is_common = Decimal(repr(abs(z))) in TOO_COMMON
    return is_common or any(math.isclose(float(number), abs(z), rel_tol=1e-12) for number in claim.operands)


def _weighted_sum(claim: Claim, below: list[float], named: Mapping[str, float]) -> tuple[list[float], float] | None:
    """The weights and the bias, if a claim is a sum of products with each number of the layer below, in its order."""
    assert claim.worked is not None  # seen to by _take
    written = list(terms(claim.worked.expression))
    products, bias = [], 0.0
    for term in written:
        numbers = _numbers(term)
        if numbers is None or len(numbers) > 2:
            return None
        if len(numbers) == 1:
            bias += numbers[0]
        else:
            products.append(numbers)
    if len(products) != len(below):
        return None
    weights = _in_order(products, below)
    if weights is None:
        return None
    return weights, bias + _left_out(claim, named, len(written))


def _in_order(products: list[list[float]], below: list[float]) -> list[float] | None:
    """The weight of each number below, which may stand on either side and in any order."""
    left = list(products)
    weights = []
    for source in below:
        found = next(((product, weight) for product in left for weight in _weight_of(product, source)), None)
        if found is None:
            return None
        left.remove(found[0])
        weights.append(found[1])
    return weights


def _weight_of(product: list[float], source: float) -> list[float]:
    p, q = product
    ways = ((p, q, source), (q, p, source), (-p, q, -source), (-q, p, -source))
    return [weight for weight, number, value in ways if math.isclose(number, value, rel_tol=1e-9, abs_tol=1e-12)]


def _left_out(claim: Claim, named: Mapping[str, float], n_terms: int) -> float:
    """A bias that stands in the formula but was not put in."""
    for side in claim.symbolic:
        symbols = list(terms(side.expression))
        if len(symbols) == n_terms + 1 and isinstance(symbols[-1], Reference):
            return named.get(str(symbols[-1].key), 0.0)
    return 0.0


def _numbers(term: Expr) -> list[float] | None:
    """The numbers of a product, the sign with the first."""
    sign = 1.0
    while isinstance(term, Negate):
        sign, term = -sign, term.operand
    found = [literal(factor) for factor in factors(bare(term))]
    if any(number is None for number in found):
        return None
    numbers = [float(number) for number in found if number is not None]
    return [sign * numbers[0], *numbers[1:]]
