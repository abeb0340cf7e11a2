"""The reasons behind a step, for a reader who wants the differentiation itself: --depth rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workings.algebra.expression import Expr, Reference, references, substitute
from workings.derivation.derive import Step
from workings.derivation.equations import error_in_full, kept, located, ref, simplifies
from workings.derivation.local import differentiated, worked
from workings.derivation.rules import BP4, BP4_DECAY, BP4_SIZES
from workings.network.network import Network
from workings.network.quantity import Quantity
from workings.presentation.blocks import Block, Reason, Sentence, Working
from workings.presentation.lesson import Lesson


def reasons(lesson: Lesson, step: Step) -> Iterator[Block]:
    """The differentiation behind a local slope, or behind the local slope that a step of the chain rule rests on."""
    q = step.quantity
    if q.is_whole:
        return
    if step.rule in (BP4, BP4_DECAY, BP4_SIZES):
        yield from _weight_gradient(lesson, step)
    elif q.kind == "dC/da" and q.layer != lesson.network.depth:
        yield from _slope_below(lesson, step)
    elif q.kind == "delta" and q.layer == lesson.network.depth and q.output is None:
        yield from _cancelled(lesson, q)
    else:
        yield from _differentiation(lesson, q)


def _weight_gradient(lesson: Lesson, step: Step) -> Iterator[Block]:
    """dC/dw = dC/dz dz/dw, and what the penalty adds."""
    q = step.quantity
    delta, slope = replace(q, kind="delta", index=q.index[:1]), replace(q, kind="dz/dW")
    yield Sentence(("By the chain rule it is ", delta, " times ", slope, ":"))
    yield from _differentiation(lesson, slope)
    network, W = lesson.network, replace(q, kind="W")
    if q.sample is None and network.l2:
        decay = Quantity("l2")
        yield Sentence(
            ("The penalty adds the slope of half ", decay, " times ", W, " squared: ", decay, " times ", W, ".")
        )
    if q.sample is None and network.l1:
        strength = Quantity("l1")
        yield Sentence(
            ("The penalty adds the slope of ", strength, " times |", W, "|: ", strength, " times the sign of ", W, ".")
        )


def _slope_below(lesson: Lesson, step: Step) -> Iterator[Block]:
    """dC/da of a hidden neuron: along each path dC/dz dz/da; or the shares of the outputs, told before."""
    q = step.quantity
    found = () if step.formula is None else references(step.formula)
    errors = [key for each in found if isinstance(key := each.key, Quantity) and key.kind == "delta"]
    if not errors:
        yield Sentence(("The cost is the sum of the outputs' shares, so its slope is the sum of their slopes.",))
        return
    first = errors[0]
    slope = Quantity("dz/da", first.layer, (*first.index, *q.index))
    along = "By the chain rule it is " if len(errors) == 1 else "By the chain rule each path gives its own product: "
    others = () if len(errors) == 1 else (" for the first, and so on",)
    yield Sentence((along, first, " times ", slope, *others, ":"))
    yield from _differentiation(lesson, slope, sample=q.sample)


def _cancelled(lesson: Lesson, q: Quantity) -> Iterator[Block]:
    """How delta = dC/da da/dz shrinks to a - y."""
    network = lesson.network
    if not simplifies(network, q.sample) or network.pair is None:
        return

    def in_full(reference: Reference) -> Expr:
        return lesson.source.equation(reference.key).formula or reference  # type: ignore[arg-type]

    product = error_in_full(network, q).formula
    assert product is not None  # an error is no given number
    outputs = range(network.sizes[-1])
    y, a = ([ref(kind, layer, (k,), q.sample) for k in outputs] for kind, layer in (("y", None), ("a", network.depth)))
    lines = [(line, (why,)) for line, why in network.pair.arranged(y, a, q.index[0])]
    yield Sentence(("By the chain rule it is a product that shrinks:",))
    yield Working(product, ((substitute(product, in_full), ("each slope written out",)), *lines))


def _differentiation(lesson: Lesson, q: Quantity, sample: int | None = None) -> Iterator[Block]:
    """A local slope, rule by rule, down to the formula in use."""
    at = q if q.sample is not None else replace(q, sample=sample)  # a weight is the same for all samples
    found = differentiated(lesson.network, at)
    if found is None:
        return
    applications = worked(lesson.network, at)
    variable = found[1].key
    lines = [(each.after, _reason(each.reason, variable)) for each in applications]
    yield Working(applications[0].before, (*lines, *_closings(lesson, q, applications[-1].after)))


def _reason(text: str, variable: object) -> Reason:
    before, mark, after = text.partition("{x}")
    return (before, variable, after) if mark and isinstance(variable, Quantity) else (text,)


def _closings(lesson: Lesson, q: Quantity, derivative: Expr) -> Iterator[tuple[Expr, Reason]]:
    """From the derivative as differentiation leaves it to the formula in use."""
    formula = lesson.source.equation(q).formula
    if formula is None or formula == derivative:
        return
    last = derivative
    if q.kind == "da/dz":  # the formula in use may be one of a, which is known by now
        for last, why in _arranged(lesson.network, q):
            yield last, (why,)
        in_full = substitute(formula, lambda reference: _activation_in_full(lesson, reference))
        if in_full not in (last, formula):
            yield in_full, ("the same, arranged",)
    if last != formula:
        yield formula, ("written with what is known" if q.kind == "da/dz" else "the same, arranged",)


def _arranged(network: Network, q: Quantity) -> Sequence[tuple[Expr, str]]:
    layer, index = located(q)
    record = network.layer(layer).activation
    z = [ref("z", layer, (k,), q.sample) for k in range(network.layer(layer).n_out)]
    lines = record.arranged(z, *index) if record.scope == "layer" else record.arranged(z[index[0]])
    if network.layer(layer).dropout:
        return [(line * kept(layer, index[0], q.sample), why) for line, why in lines]
    return lines


def _activation_in_full(lesson: Lesson, reference: Reference) -> Expr:
    key = reference.key
    if not (isinstance(key, Quantity) and key.kind in ("a", "f")):
        return reference
    return lesson.source.equation(key).formula or reference
