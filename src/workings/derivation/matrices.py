"""The same equations for whole vectors and matrices; what has none of its own is written out entry by entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workings.algebra.expression import Call, Cases, Expr, Hadamard, MatMul, Matrix, OnDemand, Transpose, contains
from workings.derivation import rules
from workings.derivation.equations import (
    SCALARS,
    Equation,
    Maker,
    clipped_gradient,
    is_of_batch,
    of_batch,
    optimizer_of,
    ref,
    simplifies,
    update,
    with_penalty,
)
from workings.network.bounds import shape
from workings.network.network import Network
from workings.network.quantity import Quantity


def whole_equation(network: Network, q: Quantity) -> Equation:
    """The equation of a whole vector or matrix."""
    special = MATRICES.get(q.kind) if q.output is None else None
    found = special(network, q) if special else None
    return found or entry_by_entry(network, q)


def entry_by_entry(network: Network, q: Quantity) -> Equation:
    """A matrix whose entries are the scalar formulas."""
    sizes = shape(network, q)
    rule = SCALARS[q.kind](network, replace(q, index=(0,) * len(sizes))).rule
    if rule is rules.GIVEN:
        return Equation(rule, None)

    def row(j: int) -> Sequence[Expr]:
        if len(sizes) == 1:
            return (_entry(network, replace(q, index=(j,))),)
        return OnDemand(sizes[1], lambda k: _entry(network, replace(q, index=(j, k))))

    return Equation(rule, Matrix(OnDemand(sizes[0], row)))


def _entry(network: Network, q: Quantity) -> Expr:
    formula = SCALARS[q.kind](network, q).formula
    assert formula is not None  # only a given number has no formula
    return formula


def weighted_inputs(network: Network, q: Quantity) -> Equation:
    """z^l = W^l a^(l-1) + b^l   [F1]."""
    below = ref("a", _layer(q) - 1, (), q.sample)
    return Equation(rules.F1, MatMul(ref("W", q.layer), below) + ref("b", q.layer))


def activations(network: Network, q: Quantity) -> Equation:
    """a^l = sigma(z^l)   [F2]; with dropout that is f^l, and the neurons that are kept are written out."""
    record = network.layer(_layer(q)).activation
    is_dropped = q.kind == "a" and network.layer(_layer(q)).dropout
    if record.scope == "layer" or is_dropped:  # an output depends on all weighted inputs, so each is written out
        return entry_by_entry(network, q)
    rule = replace(rules.F2, source=record.source or rules.F2.source)
    return Equation(rule, Call(record.symbol, (ref("z", q.layer, (), q.sample),)))


def slopes_of_cost(network: Network, q: Quantity) -> Equation:
    """grad_a C   [B1] at the outputs; below, (W^(l+1))^T delta^(l+1)   [B3]."""
    if q.layer == network.depth:
        y, a = ref("y", None, (), q.sample), ref("a", q.layer, (), q.sample)
        rule = replace(rules.B1, because=network.loss.because, source=network.loss.source)
        formula = network.loss.derivative_formula(y, a, network.sizes[-1])
        # Which case holds, each entry knows for itself.
        return entry_by_entry(network, q) if contains(formula, Cases) else Equation(rule, formula)
    return Equation(rules.B3, _sent_back(q))


def errors(network: Network, q: Quantity) -> Equation:
    """delta^L = grad_a C ⊙ sigma'(z^L)   [BP1]; delta^l = (W^(l+1))^T delta^(l+1) ⊙ sigma'(z^l)   [BP2]."""
    slopes = ref("da/dz", q.layer, (), q.sample)
    is_output = q.layer == network.depth
    if is_output and simplifies(network, q.sample):
        assert network.pair is not None  # so it says
        y, a = ref("y", None, (), q.sample), ref("a", q.layer, (), q.sample)
        return Equation(replace(rules.BP1_PAIR, because=network.pair.because), network.pair.formula([y], [a], 0))
    rule = rules.BP1 if is_output else rules.BP2
    coming_back: Expr = ref("dC/da", q.layer, (), q.sample) if is_output else _sent_back(q)
    if network.layer(_layer(q)).activation.scope == "layer":
        return Equation(rule, MatMul(Transpose(slopes), coming_back))
    return Equation(rule, Hadamard(coming_back, slopes))


def weight_gradients(network: Network, q: Quantity) -> Equation:
    """dC/dW^l = delta^l (a^(l-1))^T   [BP4]; of a batch [M1]."""
    if is_of_batch(network, q):
        return with_penalty(network, q, of_batch(network, q))
    product = MatMul(ref("delta", q.layer, (), q.sample), Transpose(ref("a", _layer(q) - 1, (), q.sample)))
    return with_penalty(network, q, Equation(rules.BP4, product))


def bias_gradients(network: Network, q: Quantity) -> Equation:
    """dC/db^l = delta^l   [BP3]; of a batch [M1]."""
    return SCALARS["dC/db"](network, q)


def slopes_by_activation(network: Network, q: Quantity) -> Equation:
    """The matrix of dz^l_j/da^(l-1)_k is W^l   [L2]."""
    return Equation(rules.L2, ref("W", q.layer))


def updates(network: Network, q: Quantity) -> Equation:
    """W+ = W - eta dC/dW   [U1]; what does more than add and scale is written out entry by entry."""
    return update(network, q) if optimizer_of(network).is_plain else entry_by_entry(network, q)


def clipped_gradients(network: Network, q: Quantity) -> Equation:
    """c/max(c, G) dC/dW   [G2]; what is clipped by value is written out entry by entry."""
    clipping = optimizer_of(network).clipping
    return clipped_gradient(network, q) if clipping is not None and clipping.of_norm else entry_by_entry(network, q)


def _sent_back(q: Quantity) -> Expr:
    above = _layer(q) + 1
    return MatMul(Transpose(ref("W", above)), ref("delta", above, (), q.sample))


def _layer(q: Quantity) -> int:
    assert q.layer is not None  # network.bounds.checked has seen to it
    return q.layer


MATRICES: dict[str, Maker] = {
    "z": weighted_inputs,
    "a": activations,
    "f": activations,
    "dC/da": slopes_of_cost,
    "delta": errors,
    "dz/da": slopes_by_activation,
    "dC/dW": weight_gradients,
    "dC/db": bias_gradients,
    "g": clipped_gradients,
    "gb": clipped_gradients,
    "W+": updates,
    "b+": updates,
}
