"""THE backpropagation equations: for each quantity of a network one rule and one formula.

Every number the project explains, and later every number it marks, is held against what stands here. The scalar
equations come first; ``matrices.py`` has those of whole vectors and matrices.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from workings.algebra.expression import Divide, Expr, Number, OnDemand, Reference, add, call
from workings.derivation import rules
from workings.derivation.rules import Rule
from workings.network.clipping import CLIPPINGS
from workings.network.network import Network
from workings.network.optimizers import OPTIMIZERS, SGD, Of, Optimizer
from workings.network.quantity import KINDS, OF_A_PARAMETER, Quantity, of_a_parameter
from workings.network.reductions import REDUCTIONS
from workings.network.schedules import CONSTANT, NUMBERS


@dataclass(frozen=True, slots=True)
class Equation:
    """A quantity's rule and formula; a given number has no formula."""

    rule: Rule
    formula: Expr | None


Maker = Callable[[Network, Quantity], Equation]
GIVEN_BY_OPTIMIZER = (
    *(kind for kind, (name, _) in OF_A_PARAMETER.items() if name.endswith("-")),
    *dict.fromkeys(setting for record in OPTIMIZERS.values() for setting in record.settings),
)
"""What was there before the update: what an optimizer remembers, and its constants."""
SCALARS: dict[str, Maker] = {}


def of_kind(*kinds: str) -> Callable[[Maker], Maker]:
    """Register the equation of some kinds of quantity."""

    def register(maker: Maker) -> Maker:
        SCALARS.update(dict.fromkeys(kinds, maker))
        return maker

    return register


def ref(kind: str, layer: int | None = None, index: tuple[int, ...] = (), sample: int | None = None) -> Reference:
    """A Reference to a quantity; the activations of layer 0 are the inputs."""
    if kind == "a" and layer == 0:
        return Reference(Quantity("x", None, index, sample))
    return Reference(Quantity(kind, layer, index, sample))


def share(kind: str, layer: int | None, j: int | None, output: int, sample: int | None) -> Reference:
    """A Reference to what comes through one output's loss."""
    return Reference(Quantity(kind, layer, () if j is None else (j,), sample, output))


@of_kind("x", "y", "s", "W", "b", "mask", "p", "t", "l1", "l2", *NUMBERS, *CLIPPINGS, *GIVEN_BY_OPTIMIZER)
def given(network: Network, q: Quantity) -> Equation:
    """The numbers of the file."""
    return Equation(rules.GIVEN, None)


@of_kind("z")
def weighted_input(network: Network, q: Quantity) -> Equation:
    """z_j = w_j1 a_1 + w_j2 a_2 + ... + b_j   [F1]."""
    layer, (j,) = located(q)
    n_in = network.layer(layer).n_in
    products = [ref("W", layer, (j, k)) * ref("a", layer - 1, (k,), q.sample) for k in range(n_in)]
    return Equation(rules.F1, add((*products, ref("b", layer, (j,)))))


@of_kind("a", "f")
def activation(network: Network, q: Quantity) -> Equation:
    """a_j = f(z_j)   [F2]; with dropout that is f_j, and a_j = f_j mask_j/(1 - p)   [D1]."""
    layer, (j,) = located(q)
    if q.kind == "a" and network.layer(layer).dropout:
        return Equation(rules.D1, ref("f", layer, (j,), q.sample) * kept(layer, j, q.sample))
    record = network.layer(layer).activation
    rule = replace(rules.F2, source=record.source or rules.F2.source)
    z = [ref("z", layer, (k,), q.sample) for k in range(network.layer(layer).n_out)]
    return Equation(rule, record.formula(z, j) if record.scope == "layer" else record.formula(z[j]))


def kept(layer: int, j: int, sample: int | None) -> Expr:
    """mask_j/(1 - p), what dropout multiplies an activation by."""
    return ref("mask", layer, (j,), sample) / (1 - ref("p", layer))


@of_kind("C")
def cost(network: Network, q: Quantity) -> Equation:
    """C = C_1 + C_2 + ...   [F4]; of a batch the mean or sum of the samples' [F4b]; C_k, or the only one, [F3]."""
    n = network.sizes[-1]
    if q.output is not None or (n == 1 and not is_of_batch(network, q)):
        k = q.output or 0
        y, a = ref("y", None, (k,), q.sample), ref("a", network.depth, (k,), q.sample)
        return Equation(replace(rules.F3, source=network.loss.source), network.loss.formula(y, a, n))
    if is_of_batch(network, q):
        rule = rules.F4_WEIGHTED if has_sample_weights(network) else rules.F4_BATCH
        return Equation(rule, over_samples(network, q))
    return Equation(rules.F4, add(tuple(share("C", None, None, k, q.sample) for k in range(n))))


@of_kind("R")
def penalty(network: Network, q: Quantity) -> Equation:
    """R = l2/2 (w_1^2 + w_2^2 + ...)   [F5], with l1 (|w_1| + |w_2| + ...) where weights pay for their size [F5s]."""
    ends = np.cumsum([layer.n_in * layer.n_out for layer in network.layers]).tolist()

    def weight(i: int) -> Expr:
        layer = bisect_right(ends, i)
        return _weight_of_layer("W", network, layer + 1, i - (ends[layer - 1] if layer else 0))

    squares = Divide(ref("l2"), Number("2")) * add(OnDemand(ends[-1], lambda i: weight(i) ** 2))
    if not network.l1:
        return Equation(rules.F5, squares)
    sizes = ref("l1") * add(OnDemand(ends[-1], lambda i: call("abs", weight(i))))
    return Equation(rules.F5_SIZES, sizes + squares if network.l2 else sizes)


def _weight_of_layer(kind: str, network: Network, layer: int, i: int) -> Reference:
    """Number i of a layer's weights, or of their gradients, row by row."""
    return ref(kind, layer, divmod(i, network.layer(layer).n_in))


@of_kind("J")
def objective(network: Network, q: Quantity) -> Equation:
    """J = C + R   [F6]; C where there is no penalty."""
    return Equation(rules.F6, ref("C") + ref("R") if network.has_penalty else ref("C"))


@of_kind("dC/da")
def slope_of_cost(network: Network, q: Quantity) -> Equation:
    """The derivative of the loss at an output [B1]; below, the sum over all paths [B3], or one output's share [B4]."""
    layer, (j,) = located(q)
    L, n = network.depth, network.sizes[-1]
    if layer == L:
        rule = replace(rules.B1, because=network.loss.because, source=network.loss.source)
        if q.output not in (None, j):
            return Equation(replace(rule, because="this output's loss does not depend on that activation"), Number("0"))
        y, a = ref("y", None, (j,), q.sample), ref("a", L, (j,), q.sample)
        return Equation(rule, network.loss.derivative_formula(y, a, n))
    if q.output is not None:
        above = [q.output] if _paths_are_outputs(network, layer) else range(network.layer(layer + 1).n_out)
        products = [share("delta", layer + 1, m, q.output, q.sample) * ref("W", layer + 1, (m, j)) for m in above]
        return Equation(rules.B4, add(tuple(products)))
    if _paths_are_outputs(network, layer) and n > 1:
        return Equation(rules.B3, add(tuple(share("dC/da", layer, j, k, q.sample) for k in range(n))))
    above = range(network.layer(layer + 1).n_out)
    products = [ref("delta", layer + 1, (m,), q.sample) * ref("W", layer + 1, (m, j)) for m in above]
    return Equation(rules.B3, add(tuple(products)))


def _paths_are_outputs(network: Network, layer: int) -> bool:
    """Whether each path up from this layer ends in one output's loss: the layer below outputs that do not mix."""
    return layer == network.depth - 1 and network.layers[-1].activation.scope == "neuron"


@of_kind("da/dz")
def slope_of_activation(network: Network, q: Quantity) -> Equation:
    """f'(z_j)   [B2], times mask_j/(1 - p) with dropout; an entry of the Jacobian da_j/dz_k of a whole layer."""
    layer, index = located(q)
    record = network.layer(layer).activation
    rule = replace(rules.B2, because=record.because, source=record.source or rules.B2.source)
    if record.scope == "layer":
        a = [ref("a", layer, (k,), q.sample) for k in range(network.layer(layer).n_out)]
        return Equation(rule, record.derivative_formula(a, *index))
    z, has_dropout = ref("z", layer, index, q.sample), bool(network.layer(layer).dropout)
    slope = record.derivative_formula(z, ref("f" if has_dropout else "a", layer, index, q.sample))
    return Equation(rule, slope * kept(layer, index[0], q.sample) if has_dropout else slope)


@of_kind("delta")
def error(network: Network, q: Quantity) -> Equation:
    """delta_j = dC/da_j da_j/dz_j   [BP1 at an output, BP2 below]."""
    layer, (j,) = located(q)
    if layer == network.depth and q.output is None and simplifies(network, q.sample):
        return _simplified_error(network, q, j)
    return error_in_full(network, q)


def error_in_full(network: Network, q: Quantity) -> Equation:
    """The error as the chain rule gives it, also where a shorter formula holds   [BP1, BP2]."""
    layer, (j,) = located(q)
    rule = rules.BP1 if layer == network.depth else rules.BP2
    if network.layer(layer).activation.scope == "neuron":
        return Equation(rule, slope(layer, j, q) * ref("da/dz", layer, (j,), q.sample))
    paths = range(network.layer(layer).n_out)
    return Equation(rule, add(tuple(slope(layer, k, q) * ref("da/dz", layer, (k, j), q.sample) for k in paths)))


def slope(layer: int, j: int, q: Quantity) -> Reference:
    """A Reference to dC/da_j, or to the share of it that q is about."""
    return Reference(Quantity("dC/da", layer, (j,), q.sample, q.output))


def simplifies(network: Network, sample: int | None) -> bool:
    """Whether output activation and loss are a pair whose formula holds for the targets at hand."""
    return (
        network.pair is not None
        and network.example is not None
        and network.pair.holds(np.asarray(network.example.targets[sample or 0]))
    )


def _simplified_error(network: Network, q: Quantity, j: int) -> Equation:
    assert network.pair is not None  # only asked after simplifies
    outputs = range(network.sizes[-1])
    y = [ref("y", None, (k,), q.sample) for k in outputs]
    a = [ref("a", network.depth, (k,), q.sample) for k in outputs]
    return Equation(replace(rules.BP1_PAIR, because=network.pair.because), network.pair.formula(y, a, j))


@of_kind("dz/dW")
def slope_by_weight(network: Network, q: Quantity) -> Equation:
    """dz_j/dw_jk = a_k   [L1]."""
    layer, (_, k) = located(q)
    return Equation(rules.L1, ref("a", layer - 1, (k,), q.sample))


@of_kind("dz/da")
def slope_by_activation(network: Network, q: Quantity) -> Equation:
    """dz_j/da_k = w_jk   [L2]."""
    return Equation(rules.L2, ref("W", q.layer, q.index))


@of_kind("dC/dW")
def weight_gradient(network: Network, q: Quantity) -> Equation:
    """dC/dw_jk = delta_j a_k   [BP4], with dR/dw_jk where weights cost something; of a batch [M1]."""
    layer, (j, k) = located(q)
    if is_of_batch(network, q):
        return with_penalty(network, q, of_batch(network, q))
    product = ref("delta", layer, (j,), q.sample) * ref("a", layer - 1, (k,), q.sample)
    return with_penalty(network, q, Equation(rules.BP4, product))


@of_kind("dC/db")
def bias_gradient(network: Network, q: Quantity) -> Equation:
    """dC/db_j = delta_j   [BP3]; of a batch [M1]."""
    if is_of_batch(network, q):
        return of_batch(network, q)
    return Equation(rules.BP3, ref("delta", q.layer, q.index, q.sample))


@of_kind("eta")
def learning_rate(network: Network, q: Quantity) -> Equation:
    """The learning rate of the start times what its schedule makes of it   [LR]; as it was given where it stays."""
    schedule = CONSTANT if network.example is None else network.example.schedule
    formula = schedule.expression(ref)
    if formula is None:
        return Equation(rules.GIVEN, None)
    return Equation(replace(rules.LR, because=schedule.reason, source=schedule.source), formula)


@of_kind("W+", "b+")
def update(network: Network, q: Quantity) -> Equation:
    """W+ = W - eta dC/dW, all gradients taken first   [U1]; a bias that is not trained stays [U0]."""
    parameter = q.kind[0]
    if parameter == "b" and not network.train_biases:
        return Equation(rules.U0, ref("b", q.layer, q.index))
    optimizer = optimizer_of(network)
    statement = rules.U1.statement if optimizer.is_plain else ""
    rule = replace(rules.U1, because=optimizer.because, source=optimizer.source, statement=statement)
    return Equation(rule, optimizer.formula(of_parameter(parameter, q, is_clipped=optimizer.clipping is not None)))


@of_kind(*(kind for kind, (name, _) in OF_A_PARAMETER.items() if not name.endswith("-")))
def worked_out_by_optimizer(network: Network, q: Quantity) -> Equation:
    """M = beta1 m- + (1 - beta1) dC/dW and the like: what an optimizer works out before the update   [OP]."""
    name, parameter = OF_A_PARAMETER[q.kind]
    optimizer = optimizer_of(network)
    line = next(line for line in optimizer.lines if line.kind == name)  # network.bounds.checked has seen to it
    rule = replace(rules.OP, name=KINDS[q.kind].meaning, because=line.because, source=optimizer.source)
    return Equation(rule, line.formula(of_parameter(parameter, q, is_clipped=optimizer.clipping is not None)))


@of_kind("G")
def norm_of_gradient(network: Network, q: Quantity) -> Equation:
    """G = sqrt(dC/dw_1^2 + dC/dw_2^2 + ... + dC/db_1^2 + ...), of all that is trained   [G1]."""
    counts = [(layer.n_in * layer.n_out, layer.n_out * network.train_biases) for layer in network.layers]
    ends = np.cumsum([sum(count) for count in counts]).tolist()

    def square(i: int) -> Expr:
        layer = bisect_right(ends, i)
        place, n_weights = i - (ends[layer - 1] if layer else 0), counts[layer][0]
        if place < n_weights:
            return _weight_of_layer("dC/dW", network, layer + 1, place) ** 2
        return ref("dC/db", layer + 1, (place - n_weights,)) ** 2

    return Equation(rules.G1, call("sqrt", add(OnDemand(ends[-1], square))))


@of_kind("g", "gb")
def clipped_gradient(network: Network, q: Quantity) -> Equation:
    """What the optimizer takes for the gradient, of a weight or a bias   [G2]."""
    clipping = optimizer_of(network).clipping
    assert clipping is not None  # network.bounds.checked has seen to it
    gradient = ref(f"dC/d{OF_A_PARAMETER[q.kind][1]}", q.layer, q.index)
    rule = replace(rules.G2, because=clipping.because, source=clipping.source)
    return Equation(rule, clipping.formula(gradient, ref("G"), ref(clipping.name)))


def optimizer_of(network: Network) -> Optimizer:
    """What makes the update of the network's example."""
    return SGD if network.example is None else network.example.optimizer


def of_parameter(parameter: str, q: Quantity, *, is_clipped: bool) -> Of:
    """What an optimizer's formula is about, for one weight or bias or for all of a layer."""

    def of(name: str) -> Expr:
        if name == "parameter":
            return ref(parameter, q.layer, q.index)
        if name == "gradient":
            kind = of_a_parameter("g", parameter) if is_clipped else f"dC/d{parameter}"
            return ref(kind, q.layer, q.index)
        if (name, parameter) in OF_A_PARAMETER.values():
            return ref(of_a_parameter(name, parameter), q.layer, q.index)
        return ref(name)

    return of


def located(q: Quantity) -> tuple[int, tuple[int, ...]]:
    """Layer and indices of a quantity that has both."""
    assert q.layer is not None  # network.bounds.checked has seen to it
    return q.layer, q.index


def is_of_batch(network: Network, q: Quantity) -> bool:
    """Whether the quantity gathers the samples of a batch."""
    return network.example is not None and network.example.is_batch and q.sample is None


def has_sample_weights(network: Network) -> bool:
    """Whether the samples of the batch have weights."""
    return network.example is not None and network.example.sample_weights is not None


def of_batch(network: Network, q: Quantity) -> Equation:
    """A gradient gathered from the samples   [M1], each by its weight where they have weights   [M1w]."""
    return Equation(rules.M1_WEIGHTED if has_sample_weights(network) else rules.M1, over_samples(network, q))


def over_samples(network: Network, q: Quantity) -> Expr:
    """The mean or the sum of the samples' own, each times its weight where they have weights."""
    assert network.example is not None  # only asked of a batch
    samples = range(len(network.example.inputs))
    own, weight = [Reference(replace(q, sample=sample)) for sample in samples], [ref("s", None, (), i) for i in samples]
    reduction = REDUCTIONS[network.reduction]
    if not has_sample_weights(network):
        return reduction.formula(add(tuple(own)), Number(str(len(own))))
    return reduction.formula(add(tuple(s * each for s, each in zip(weight, own, strict=True))), add(tuple(weight)))


def with_penalty(network: Network, q: Quantity, gradient: Equation) -> Equation:
    """The gradient of J, l1 sign(w) + l2 w more than that of C; one sample's own is that of C alone."""
    if not network.has_penalty or q.sample is not None or gradient.formula is None:
        return gradient
    W, is_single = ref("W", q.layer, q.index), gradient.rule is rules.BP4
    decayed = gradient.formula + ref("l2") * W
    if not network.l1:
        return Equation(rules.BP4_DECAY if is_single else rules.M1_DECAY, decayed)
    formula = (decayed if network.l2 else gradient.formula) + ref("l1") * call("sign", W)
    return Equation(rules.BP4_SIZES if is_single else rules.M1_SIZES, formula)
