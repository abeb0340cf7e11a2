"""What keeps a difference from telling the truth without being anybody's mistake: kinks, rounding, overflow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from workings.derivation.checking.differences import is_kink, sides
from workings.derivation.checking.remark import Remark, quantity_of
from workings.derivation.trace import Trace
from workings.network import reference
from workings.network.dropout import dropped
from workings.network.network import Array, Parameters
from workings.network.quantity import Quantity

_TOO_FLAT = 1e-6
"""A slope of an activation so small takes more digits from a difference than it has to spare."""


def is_across_kink(trace: Trace, parameter: Quantity, step: float) -> bool:
    """Whether a step in a weight or a bias takes a weighted input or an output across a kink or a bend, or off one."""
    ends = _ends(trace, parameter, step)
    return next(_kinks_crossed(trace, parameter, step, ends), None) is not None or _is_across_bend(trace, ends)


def obstacle_to(trace: Trace, parameter: Quantity, step: float) -> Remark:
    """Why differences cannot tell the slope of the objective by a weight or a bias: a kink, or else rounding."""
    crossed = next(_kinks_crossed(trace, parameter, step, _ends(trace, parameter, step)), None)
    return crossed or next(_flat_slopes(trace, parameter), None) or _lost_in_rounding(trace, parameter)


def not_finite(trace: Trace) -> tuple[Remark, bool] | None:
    """The first number of the forward pass that is none, and whether a record is to blame: overflow is no mistake."""
    network, numbers = trace.network, trace.numbers
    for number in range(1, network.depth + 1):
        name, answer = network.layer(number).activation.name, _answer(trace, number)
        for kind, rows in (("z", numbers.Z[number]), (answer, trace.undropped(number))):
            for sample, j in np.argwhere(~np.isfinite(rows))[:1].tolist():
                quantity = quantity_of(trace, kind, number, (j,), sample)
                z = float(numbers.Z[number][sample, j])
                return _no_number(quantity, float(rows[sample, j]), f"{name}'s value at z = {z:.6g}")
    for sample, j in np.argwhere(~np.isfinite(trace.losses))[:1].tolist():
        quantity = quantity_of(trace, "C", network.depth, (j,), sample)
        y, a = float(trace.example.targets[sample, j]), float(numbers.A[-1][sample, j])
        return _no_number(
            quantity, float(trace.losses[sample, j]), f"{network.loss.name}'s value at y = {y:.6g}, a = {a:.6g}"
        )
    return None


def _answer(trace: Trace, number: int) -> str:
    """The kind of what a layer's activation gives."""
    return "f" if trace.network.layer(number).dropout else "a"


def _no_number(quantity: Quantity, value: float, record: str) -> tuple[Remark, bool]:
    if np.isnan(value):
        return Remark(quantity, f"{quantity}: {record} is not a number"), True
    return Remark(
        quantity, f"{quantity} is too large for a float64; from there on there are no numbers to compare"
    ), False


Moved = tuple[list[Array], list[Array]]
"""All z and a with one weight or bias changed."""


def _ends(trace: Trace, parameter: Quantity, step: float) -> tuple[Moved, Moved]:
    """One step ahead and one behind."""
    return _forward(trace, parameter, step), _forward(trace, parameter, -step)


def _kinks_crossed(trace: Trace, parameter: Quantity, step: float, ends: tuple[Moved, Moved]) -> Iterator[Remark]:
    if trace.network.l1 and parameter.kind == "W" and 0.0 < abs(trace[parameter]) <= step:
        yield Remark(
            parameter,
            f"{parameter} = {trace[parameter]:.3g} is so near 0, the kink of |w| in the penalty, "
            "that every step crosses it",
        )
    (ahead, outputs_ahead), (behind, outputs_behind) = ends
    for number in range(1, trace.network.depth + 1):
        record, z = trace.network.layer(number).activation, trace.numbers.Z[number]
        if record.scope == "layer":
            continue  # no whole-layer activation says where it has kinks
        crossed = is_kink(record.value, z) | _is_between(record.kinks, ahead[number], behind[number])
        for sample, j in np.argwhere(crossed & (ahead[number] != behind[number])).tolist():
            quantity = quantity_of(trace, "z", number, (j,), sample)
            found = _on_kink(record.name, record.kinks, record.value, float(z[sample, j]), "kinks=(0.0,)")
            yield Remark(quantity, f"{quantity} = {found}")
    yield from _kinks_of_loss_crossed(trace, outputs_ahead[-1], outputs_behind[-1])


def _is_across_bend(trace: Trace, ends: tuple[Moved, Moved]) -> bool:
    """Whether a step passes a place where the slope of a slope jumps."""
    (ahead, outputs_ahead), (behind, outputs_behind) = ends
    steps = zip(trace.network.layers, ahead[1:], behind[1:], strict=True)
    crossed = [_is_between(layer.activation.bends, z, other) & (z != other) for layer, z, other in steps]
    a, other = outputs_ahead[-1], outputs_behind[-1]
    crossed.append(_is_between(trace.network.loss.bends(trace.example.targets), a, other) & (a != other))
    return any(bool(each.any()) for each in crossed)


def _kinks_of_loss_crossed(trace: Trace, ahead: Array, behind: Array) -> Iterator[Remark]:
    """The outputs that lie to either side of a kink of the loss, one step ahead and one behind."""
    loss, Y, a = trace.network.loss, trace.example.targets, trace.numbers.A[-1]
    n, (low, high) = a.shape[1], loss.domain

    def of_output(y: Array) -> Callable[[Array], Array]:
        return lambda outputs: loss.value(y, outputs, n)

    crossed = is_kink(of_output(Y), a, np.minimum(a - low, high - a))
    crossed |= _is_between(loss.kinks(Y), ahead, behind)
    for sample, j in np.argwhere(crossed & (ahead != behind)).tolist():
        quantity = quantity_of(trace, "a", trace.network.depth, (j,), sample)
        y = Y[sample, j]
        kinks = [float(kink) for kink in loss.kinks(y)]
        found = _on_kink(loss.name, kinks, of_output(y), float(a[sample, j]), "kinks=lambda y: (y,)")
        yield Remark(quantity, f"{quantity} = {found}")


def _is_between(kinks: Sequence[float | Array], ahead: Array, behind: Array) -> Array:
    """Whether a step passes a kink, or comes to lie on one."""
    passed = [(ahead - kink) * (behind - kink) <= 0.0 for kink in kinks]
    return np.asarray(np.any([np.zeros(ahead.shape, bool), *passed], axis=0))


def _on_kink(name: str, kinks: Sequence[float], value: Callable[[Array], Array], x: float, field: str) -> str:
    if x in kinks:
        return f"{x:g} sits on the kink of {name}"
    if kinks:
        nearest = min(kinks, key=lambda kink: abs(kink - x))
        return f"{x:.3g} is so near the kink of {name} at {nearest:g} that every step crosses it"
    left, right = (float(slope) for slope in sides(value, np.array(x)))
    return (
        f"{x:.3g} sits on a kink of {name} or next to one: the slope jumps from {left:.4g} to {right:.4g} there. A "
        f"record names its kinks, as in {field}"
    )


def _forward(trace: Trace, parameter: Quantity, by: float) -> Moved:
    network, layer = trace.network, (parameter.layer or 0) - 1
    changed = Parameters(network.parameters.flat.copy(), network.sizes)
    (changed.W if parameter.kind == "W" else changed.b)[layer][parameter.index] += by
    return reference.forward(replace(network, parameters=changed), trace.example.inputs, trace.scales)


def _flat_slopes(trace: Trace, parameter: Quantity) -> Iterator[Remark]:
    """The slopes between a parameter and the objective that are too small to see, in the order of the backward pass."""
    for sample in range(len(trace.example.inputs)):
        for number in range(trace.network.depth, (parameter.layer or 0) - 1, -1):
            record = trace.network.layer(number).activation
            z, a = trace.numbers.Z[number][sample], trace.undropped(number)[sample]
            scale = reference.scale_of(trace.scales, number)
            slope = record.derivative(z[None, :], a[None, :])[0]
            own = np.diagonal(slope) if record.scope == "layer" else slope
            own = dropped(own, None if scale is None else scale[sample])
            for j in np.flatnonzero((np.abs(own) < _TOO_FLAT) & (own != 0.0)).tolist():
                index = (j, j) if record.scope == "layer" else (j,)
                by_z, of = (
                    quantity_of(trace, kind, number, at, sample)
                    for kind, at in (("da/dz", index), (_answer(trace, number), (j,)))
                )
                shown = f"{a[j]:g} to 16 digits" if a[j] in record.range else f"{a[j]:.10g}"
                yield Remark(by_z, f"{of} = {shown}; {by_z} = {own[j]:.2g} cannot be seen by differences")


def _lost_in_rounding(trace: Trace, parameter: Quantity) -> Remark:
    gradient = replace(parameter, kind=f"dC/d{parameter.kind}")
    J = float(trace[Quantity("J")])
    return Remark(
        gradient,
        f"{gradient} = {trace[gradient]:.3g} is lost in the rounding of an objective of {J:.3g}: no difference shows "
        "it",
    )
