"""The network of a document that comes with none: read off its own forward pass.

Numbers tell more than names: a weighted input is a sum of products, each of a weight and a number of the layer below;
an activation is what sigma, tanh or relu makes of a weighted input that was worked out before.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from workings.algebra.assemble import bare
from workings.algebra.expression import Expr, Multiply, Negate, Reference, Subtract
from workings.errors import WorkingsError
from workings.marking.claims import TOO_COMMON, Claim
from workings.marking.comparing import factors, last_place, literal, terms
from workings.marking.custom import derivative, is_cost, stem_and_tag, told
from workings.marking.document import Document
from workings.marking.stated import network_of, stated
from workings.network import reference
from workings.network.activations import ACTIVATIONS
from workings.network.losses import LOSSES
from workings.network.network import Example, Layer, Network, Parameters

_RATE = re.compile(r"eta|lr|learning_?rate|rate", re.I)
_DECAY = re.compile(r"alpha|lambda|l2|decay|reg", re.I)
MOST_OUTPUTS = 20
_TRIED = ("sigmoid", "tanh", "relu")
_LOSSES = ("half_squared_error", "squared_error", "mean_squared_error", "binary_cross_entropy")


@dataclass
class Neuron:
    """A neuron as its weighted input shows it."""

    weights: list[float]
    bias: float
    z: float
    a: float | None = None
    activation: str = "identity"

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


def recover(document: Document, claims: Sequence[Claim]) -> Network | None:
    """The network that the claims of a document work through; None where they show none."""
    facts = dict(_facts(claims))
    inputs = [value for name, value in facts.items() if "x" in told(name)]
    inputs = inputs or _vector(claims, "x")
    if not inputs or _is_batch(claims, facts):
        return None
    for n_outputs in range(1, MOST_OUTPUTS + 1):
        targets = _targets(facts, n_outputs) or _vector(claims, "y")
        if not targets or len(targets) != n_outputs:
            continue
        if (parameters := stated(document, claims, len(inputs), n_outputs)) is not None:
            example = Example(np.array([inputs]), np.array([targets]), _rate(claims, facts))
            return network_of(parameters, example, claims, _decay(facts))
    found = Recovered(inputs)
    for claim in claims:
        if _is_way_back(claim):
            break
        if claim.subject not in found.subjects:
            _take(found, claim, facts)
    if not found.layers:
        return None
    wanted = _targets(facts, len(found.layers[-1]))
    return _network(found, wanted, claims, facts) if wanted else None


def _vector(claims: Sequence[Claim], kind: str) -> list[float]:
    """The numbers of the first vector whose name is one for such a kind."""
    for claim in claims:
        is_vector = claim.is_given and claim.results is not None
        if is_vector and claim.subject is not None and kind in told(claim.subject):
            return [float(number) for number in claim.numbers]
    return []


def _is_batch(claims: Sequence[Claim], facts: dict[str, float]) -> bool:
    """Whether an input is given twice: there are several samples, and they are not taken apart here."""
    return any(
        claim.subject in facts
        and "x" in told(claim.subject)
        and claim.is_given
        and claim.result is not None
        and float(claim.result) != facts[claim.subject]
        for claim in claims
        if claim.subject is not None
    )


def _is_way_back(claim: Claim) -> bool:
    """Whether the forward pass is over: the cost has been worked out, or something is differentiated."""
    if claim.subject is None or claim.worked is None:
        return False
    return is_cost(claim.subject) or derivative(claim.subject) is not None


def _targets(facts: dict[str, float], n: int) -> list[float] | None:
    """The targets: as many names of one letter as there are outputs."""
    by_stem: dict[str, list[float]] = {}
    for name, value in facts.items():
        if "y" in told(name):
            by_stem.setdefault(stem_and_tag(name)[0], []).append(value)
    return next((values for values in by_stem.values() if len(values) == n), None)


def _facts(claims: Sequence[Claim]) -> Iterator[tuple[str, float]]:
    """Names with the number they are given, the first of each."""
    seen = set()
    for claim in claims:
        if claim.subject is None or claim.subject in seen:
            continue
        seen.add(claim.subject)
        if claim.is_given and claim.result is not None:
            yield claim.subject, float(claim.result)


def _take(found: Recovered, claim: Claim, facts: dict[str, float]) -> None:
    """Add what a claim shows: a neuron, or the activation of one."""
    if claim.result is None or claim.worked is None:
        if claim.result is not None and claim.subject is not None:
            _take_activation(found, claim)
        return
    if _take_activation(found, claim):
        return
    for depth in range(len(found.layers) + 1):
        below = found.inputs if depth == 0 else [neuron.output for neuron in found.layers[depth - 1]]
        split = _weighted_sum(claim, below, facts)
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
                    neuron.a, neuron.activation = float(claim.result), name
                    return True
    return False


def _mentions(claim: Claim, z: float) -> bool:
    is_common = Decimal(repr(abs(z))) in TOO_COMMON
    return is_common or any(math.isclose(float(number), abs(z), rel_tol=1e-12) for number in claim.operands)


def _weighted_sum(claim: Claim, below: list[float], facts: dict[str, float]) -> tuple[list[float], float] | None:
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
    weights = []
    for (p, q), source in zip(products, below, strict=True):
        if math.isclose(q, source, rel_tol=1e-9, abs_tol=1e-12):
            weights.append(p)
        elif math.isclose(p, source, rel_tol=1e-9, abs_tol=1e-12):
            weights.append(q)
        elif math.isclose(q, -source, rel_tol=1e-9):
            weights.append(-p)
        else:
            return None
    return weights, bias + _left_out(claim, facts, len(written))


def _left_out(claim: Claim, facts: dict[str, float], n_terms: int) -> float:
    """A bias that stands in the formula but was not put in."""
    for side in claim.symbolic:
        symbols = list(terms(side.expression))
        if len(symbols) == n_terms + 1 and isinstance(symbols[-1], Reference):
            return facts.get(str(symbols[-1].key), 0.0)
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


def _network(
    found: Recovered, targets: list[float], claims: Sequence[Claim], facts: dict[str, float]
) -> Network | None:
    """The network itself, with the loss that gives the cost that was claimed."""
    sizes = [len(found.inputs), *(len(layer) for layer in found.layers)]
    if any(len({neuron.activation for neuron in layer}) > 1 for layer in found.layers):
        return None
    layers = tuple(
        Layer(n_in, len(neurons), ACTIVATIONS[neurons[0].activation])
        for n_in, neurons in zip(sizes, found.layers, strict=False)
    )
    weights = [np.array([neuron.weights for neuron in layer]) for layer in found.layers]
    biases = [np.array([neuron.bias for neuron in layer]) for layer in found.layers]
    example = Example(np.array([found.inputs]), np.array([targets]), _rate(claims, facts))
    l2 = _decay(facts)
    costs = [claim.result for claim in claims if claim.subject and is_cost(claim.subject) and claim.result is not None]
    best: tuple[float, Network] | None = None
    for name in _LOSSES:
        try:
            network = Network(layers, Parameters.of(weights, biases), LOSSES[name], example=example, l2=l2)
            off = _distance(network, costs)
        except (WorkingsError, ValueError, ArithmeticError):
            continue
        if best is None or off < best[0]:
            best = off, network
    return best[1] if best else None


def _distance(network: Network, costs: list[Decimal]) -> float:
    """How far the first cost that was claimed is from that of a loss; half the squared error where none was."""
    assert network.example is not None  # made with one
    Z, A = reference.forward(network, network.example.inputs)
    cost = float(reference.shares(network, network.example.targets, Z[-1], A[-1]).sum())
    return abs(cost - float(costs[0])) if costs else 0.0


def _rate(claims: Sequence[Claim], facts: dict[str, float]) -> float:
    """The learning rate: as it is given, or the first factor of what is subtracted in most updates."""
    for pattern in (_RATE, _DECAY):
        given = [value for name, value in facts.items() if pattern.fullmatch(name)]
        if given:
            return given[0]
    used: Counter[float] = Counter()
    for claim in claims:
        match claim.worked.expression if claim.worked else None:
            case Subtract(_, Multiply((first, *_))) if (number := literal(first)) is not None:
                used[float(number)] += 1
    return used.most_common(1)[0][0] if used else 1.0


def _decay(facts: dict[str, float]) -> float:
    """The strength of weight decay, where it is given beside a learning rate."""
    has_rate = any(_RATE.fullmatch(name) for name in facts)
    given = [value for name, value in facts.items() if _DECAY.fullmatch(name)]
    return given[0] if has_rate and given else 0.0
